/* What programs were compiled with: the layout of every public struct on LP64 machines, the numbers behind the public
 * names, initialisers that hold nothing but the size. interface.inc has a line for each, made from the headers as
 * pycparser reads them; here a C compiler says the same of them. That none of it changes from version to version is
 * what interface.py looks after. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <interp/interp.h>

#if defined(__LP64__)
#define STRUCT(type, bytes) _Static_assert(sizeof(type) == (bytes), "sizeof " #type);
#define FIELD(type, field, offset, bytes) \
    _Static_assert(offsetof(type, field) == (offset) && sizeof(((type *)0)->field) == (bytes), #type "." #field);
#else
#define STRUCT(type, bytes)
#define FIELD(type, field, offset, bytes)
#endif
#define INIT(type, initialiser) static const type begun_##type = initialiser;
#define VALUE(name, number) _Static_assert((name) == (number), #name);
#include "interface.inc"

#undef STRUCT
#undef FIELD
#undef INIT
#undef VALUE
#define STRUCT(type, bytes)
#define FIELD(type, field, offset, bytes)
#define INIT(type, initialiser) {#type, &begun_##type, sizeof begun_##type},
#define VALUE(name, number)
static const struct {
    const char *name;
    const void *begun;
    size_t bytes;
} structs[] = {
#include "interface.inc"
};
enum { STRUCTS = sizeof structs / sizeof *structs };

/* Zero is the default of every field. */
static void an_initialiser_is_the_size_and_nothing_else(void **state)
{
    (void)state;
    assert_true(STRUCTS > 30);
    for (size_t i = 0; i < STRUCTS; i++) {
        const unsigned char *begun = structs[i].begun;
        size_t size;
        memcpy(&size, begun, sizeof size);
        assert_int_equal(size, structs[i].bytes);
        for (size_t at = sizeof size; at < size; at++)
            if (begun[at] != 0) fail_msg("%s: byte %zu of its initialiser is not zero", structs[i].name, at);
    }
}

static int32_t status_at(int32_t i, itp_entry *entry)
{
    *entry = (itp_entry)ITP_ENTRY_INIT;
    return itp_kind_at("status", i, entry);
}

static void every_status_has_a_sentence_of_its_own(void **state)
{
    itp_entry one, other;
    int32_t count = 0;
    (void)state;
    for (; !status_at(count, &one); count++) {
        assert_true(strlen(itp_status_string(one.id)) > 0);
        for (int32_t j = 0; j < count && !status_at(j, &other); j++)
            assert_string_not_equal(itp_status_string(one.id), itp_status_string(other.id));
    }
    assert_true(count >= 20);
}

static void an_unknown_status_has_one_too(void **state)
{
    (void)state;
    assert_non_null(itp_status_string(-9999));
    assert_non_null(itp_status_string(9999));
}

static void the_library_is_of_the_headers_version(void **state)
{
    (void)state;
    assert_int_equal(itp_version(), ITP_VERSION_MAJOR * 1000000 + ITP_VERSION_MINOR * 1000 + ITP_VERSION_PATCH);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_initialiser_is_the_size_and_nothing_else),
        cmocka_unit_test(every_status_has_a_sentence_of_its_own),
        cmocka_unit_test(an_unknown_status_has_one_too),
        cmocka_unit_test(the_library_is_of_the_headers_version),
    };
    return cmocka_run_group_tests_name("interface", tests, NULL, NULL);
}

#define _POSIX_C_SOURCE 200809L

#include "shard_file.h"

#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <unistd.h>

#define MAGIC UINT64_C(0x3130445241485349) /* "ISHARD01" on a little-endian machine */

static_assert(sizeof(shard_header) == 64, "the header's layout is the file's");

static int name_file(shard_name *name, char *temporary)
{
    int length = snprintf(name->path, SHARD_PATH, "%s/shard-%06" PRIu64 ".f32", name->folder, name->index);
    if (length < 0 || length >= SHARD_PATH) {
        errno = ENAMETOOLONG;
        return -1;
    }
    if (temporary) {
        snprintf(temporary, SHARD_PATH + 8, "%s.part", name->path);
    }
    return 0;
}

/* A process that is killed leaves the renamed file whole by itself; a machine that loses power does only with fsync. */
static int write_all(const char *path, const shard_header *header, const float *x, size_t count)
{
    FILE *file = fopen(path, "wb");
    if (!file) {
        return -1;
    }
    int good = fwrite(header, sizeof *header, 1, file) == 1 && fwrite(x, sizeof *x, count, file) == count &&
               fflush(file) == 0 && fsync(fileno(file)) == 0;
    int error = errno;
    if (fclose(file) == 0 && good) {
        return 0;
    }
    errno = good ? errno : error;
    return -1;
}

int shard_write(shard_name *name, const shard_header *header, const float *x, size_t count)
{
    char temporary[SHARD_PATH + 8];
    shard_header stamped = *header;
    stamped.magic = MAGIC;
    if (name_file(name, temporary)) {
        return -1;
    }
    if (write_all(temporary, &stamped, x, count) == 0 && rename(temporary, name->path) == 0) {
        return 0;
    }
    int error = errno;
    unlink(temporary);
    errno = error;
    return -1;
}

static int judge(const shard_header *wanted, const shard_header *found)
{
    if (found->magic != MAGIC) {
        return SHARD_DAMAGED;
    }
    if (found->job != wanted->job) {
        return SHARD_FOREIGN;
    }
    return found->first == wanted->first && found->count == wanted->count ? SHARD_READ : SHARD_ABSENT;
}

static int read_all(FILE *file, shard_header *header, float *x, size_t count)
{
    shard_header found;
    if (fread(&found, sizeof found, 1, file) != 1) {
        return ferror(file) ? SHARD_FAILED : SHARD_DAMAGED;
    }
    int verdict = judge(header, &found);
    if (verdict != SHARD_READ) {
        return verdict;
    }
    header->digest = found.digest;
    if (fread(x, sizeof *x, count, file) != count) {
        return ferror(file) ? SHARD_FAILED : SHARD_DAMAGED;
    }
    return fgetc(file) == EOF ? SHARD_READ : SHARD_DAMAGED;
}

int shard_read(shard_name *name, shard_header *header, float *x, size_t count)
{
    FILE *file = name_file(name, NULL) ? NULL : fopen(name->path, "rb");
    if (!file) {
        return errno == ENOENT ? SHARD_ABSENT : SHARD_FAILED;
    }
    int verdict = read_all(file, header, x, count);
    int error = errno;
    fclose(file);
    errno = error;
    return verdict;
}

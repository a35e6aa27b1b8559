#include "form/form.h"

/* Terms beyond `count` are never read, and not worth setting. */
itp_form itp_form_zero(void)
{
    itp_form zero;
    zero.count = zero.full = 0;
    return zero;
}

itp_form itp_form_column(int32_t column, int32_t index, double coef)
{
    itp_form form;
    form.full = 0;
    form.count = coef != 0;
    form.term[0].column = column;
    form.term[0].index = index;
    form.term[0].coef = coef;
    return form;
}

static itp_form_term *term_of(itp_form *form, int32_t column, int32_t index)
{
    for (int32_t i = 0; i < form->count; i++) {
        if (form->term[i].column == column && form->term[i].index == index) {
            return &form->term[i];
        }
    }
    if (form->count == ITP_FORM_TERMS) {
        form->full = 1;
        return &form->term[0];
    }
    itp_form_term fresh = {column, index, 0};
    form->term[form->count] = fresh;
    return &form->term[form->count++];
}

static void drop_zeros(itp_form *form)
{
    int32_t kept = 0;
    for (int32_t i = 0; i < form->count; i++) {
        if (form->term[i].coef != 0) {
            form->term[kept++] = form->term[i];
        }
    }
    form->count = kept;
}

void itp_form_increase(itp_form *sum, double c, const itp_form *b)
{
    int zeros = 0;
    sum->full |= b->full;
    for (int32_t i = 0; c != 0 && i < b->count; i++) {
        itp_form_term *term = term_of(sum, b->term[i].column, b->term[i].index);
        term->coef += c * b->term[i].coef;
        zeros |= term->coef == 0;
    }
    if (zeros) {
        drop_zeros(sum);
    }
}

void itp_form_increase_by(itp_form *sum, double c, int32_t column, int32_t index)
{
    if (c != 0) {
        itp_form_term *term = term_of(sum, column, index);
        term->coef += c;
        if (term->coef == 0) {
            drop_zeros(sum);
        }
    }
}

void itp_form_scale(itp_form *form, double c)
{
    form->count = c != 0 ? form->count : 0;
    for (int32_t i = 0; i < form->count; i++) {
        form->term[i].coef *= c;
    }
    drop_zeros(form);
}

void itp_form_combine(itp_form *form, double c, double d, const itp_form *b)
{
    itp_form_scale(form, c);
    itp_form_increase(form, d, b);
}

int itp_form_equal(const itp_form *a, const itp_form *b)
{
    int equal = a->count == b->count;
    for (int32_t i = 0; i < a->count && equal; i++) {
        const itp_form_term *p = &a->term[i], *q = &b->term[i];
        equal = p->coef == q->coef && p->index == q->index && p->column == q->column;
    }
    return equal;
}

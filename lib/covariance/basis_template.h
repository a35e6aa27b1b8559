/* The loops of basis.h in portable C: a template, included once per element type after defining ELEMENT and NAME(f). */
static void NAME(advance_block)(const itp_advance *op, size_t sample, size_t first, size_t length)
{
    double sum[BLOCK];
    size_t at = sample * op->width + first;
    ELEMENT *next = (ELEMENT *)op->next + at;
    memcpy(sum, op->constant + first, length * sizeof *sum);
    for (int32_t c = 0; c < op->columns; c++) {
        const ELEMENT *restrict x = (const ELEMENT *)op->column[c] + at;
        const double *restrict coef = op->coef + (size_t)c * op->width + first;
        for (size_t e = 0; e < length; e++) sum[e] += coef[e] * (double)x[e];
    }
    for (size_t e = 0; e < length; e++) next[e] = (ELEMENT)sum[e];
}

static void NAME(advance)(const itp_advance *op)
{
    for (size_t s = 0; s < op->count; s++) {
        for (size_t first = 0; first < op->width; first += BLOCK) {
            NAME(advance_block)(op, op->from + s, first, op->width - first < BLOCK ? op->width - first : BLOCK);
        }
    }
}

static void NAME(project)(const itp_turn *op)
{
    for (size_t i = 0; i < op->count * op->rank; i++) {
        const ELEMENT *x = (const ELEMENT *)op->x + i / op->rank * op->dim;
        const ELEMENT *vector = (const ELEMENT *)op->basis + i % op->rank * op->dim;
        double sum = 0;
        for (size_t e = 0; e < op->dim; e++) sum += (double)x[e] * (double)vector[e];
        ((ELEMENT *)op->c)[i] = (ELEMENT)sum;
    }
}

static void NAME(expand_block)(const itp_turn *op, const ELEMENT *c, ELEMENT *x, size_t first, size_t length,
                               int32_t add)
{
    double sum[BLOCK];
    for (size_t e = 0; e < length; e++) sum[e] = add ? (double)x[e] : 0;
    for (size_t j = 0; j < op->rank; j++) {
        const ELEMENT *vector = (const ELEMENT *)op->basis + j * op->dim + first;
        for (size_t e = 0; e < length; e++) sum[e] += (double)c[j] * (double)vector[e];
    }
    for (size_t e = 0; e < length; e++) x[e] = (ELEMENT)sum[e];
}

static void NAME(expand)(const itp_turn *op, int32_t add)
{
    for (size_t s = 0; s < op->count; s++) {
        const ELEMENT *c = (const ELEMENT *)op->c + s * op->rank;
        ELEMENT *x = (ELEMENT *)op->x + s * op->dim;
        for (size_t first = 0; first < op->dim; first += BLOCK) {
            NAME(expand_block)(op, c, x + first, first, op->dim - first < BLOCK ? op->dim - first : BLOCK, add);
        }
    }
}

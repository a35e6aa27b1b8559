/* ADD_COLUMNS in portable C: a template as combine_template.h is. One loop for each number of columns: a loop over
 * columns around the one over elements would load and store the sum once per column. */
static inline void NAME(add)(const ELEMENT *const *x, const double *c, int count, int fresh, SUM *restrict sum)
{
    for (int i = 0; i < ITP_COMBINE_BLOCK; i++) {
        SUM s = c[0] * (SUM)x[0][i];
        if (!fresh) s = sum[i] + s;
        if (count > 1) s += c[1] * (SUM)x[1][i];
        if (count > 2) s += c[2] * (SUM)x[2][i];
        if (count > 3) s += c[3] * (SUM)x[3][i];
        if (count > 4) s += c[4] * (SUM)x[4][i];
        sum[i] = s;
    }
}

static void ADD_COLUMNS(const ELEMENT *const *x, const double *c, int count, int fresh, SUM *sum)
{
    switch (2 * count + fresh) {
    case 2: NAME(add)(x, c, 1, 0, sum); break;
    case 3: NAME(add)(x, c, 1, 1, sum); break;
    case 4: NAME(add)(x, c, 2, 0, sum); break;
    case 5: NAME(add)(x, c, 2, 1, sum); break;
    case 6: NAME(add)(x, c, 3, 0, sum); break;
    case 7: NAME(add)(x, c, 3, 1, sum); break;
    case 8: NAME(add)(x, c, 4, 0, sum); break;
    case 9: NAME(add)(x, c, 4, 1, sum); break;
    case 10: NAME(add)(x, c, 5, 0, sum); break;
    default: NAME(add)(x, c, 5, 1, sum); break;
    }
}

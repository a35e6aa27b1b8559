#include "covariance/eigen.h"

#include <math.h>
#include <string.h>

enum { SWEEPS_MOST = 60 };

/* Turns rows p and q of m by an angle. */
static void turn_rows(double *m, size_t n, size_t p, size_t q, double c, double s)
{
    double *x = m + p * n, *y = m + q * n;
    for (size_t i = 0; i < n; i++) {
        double a = x[i], b = y[i];
        x[i] = c * a - s * b;
        y[i] = s * a + c * b;
    }
}

static void turn_columns(double *m, size_t n, size_t p, size_t q, double c, double s)
{
    for (size_t i = 0; i < n; i++) {
        double a = m[i * n + p], b = m[i * n + q];
        m[i * n + p] = c * a - s * b;
        m[i * n + q] = s * a + c * b;
    }
}

/* One rotation, which makes a[p][q] zero; the smaller of the two angles (Golub and Van Loan, section 8.5). */
static void rotate(double *a, double *v, size_t n, size_t p, size_t q)
{
    double theta = (a[q * n + q] - a[p * n + p]) / (2 * a[p * n + q]);
    double t = copysign(1, theta) / (fabs(theta) + hypot(theta, 1));
    double c = 1 / hypot(t, 1), s = t * c;
    turn_columns(a, n, p, q, c, s);
    turn_rows(a, n, p, q, c, s);
    a[p * n + q] = a[q * n + p] = 0;
    turn_rows(v, n, p, q, c, s);
}

/* Returns how many rotations there were: none left, the matrix is diagonal. */
static size_t sweep(double *a, double *v, size_t n)
{
    size_t rotations = 0;
    for (size_t p = 0; p < n; p++) {
        for (size_t q = p + 1; q < n; q++) {
            double off = fabs(a[p * n + q]);
            if (off > 1e-17 * (fabs(a[p * n + p]) + fabs(a[q * n + q])) && off > 1e-300) {
                rotate(a, v, n, p, q);
                rotations++;
            }
        }
    }
    return rotations;
}

/* Moves the largest remaining eigenvalue to place i, by exchanging. */
static void select_largest(double *a, double *v, size_t n, size_t i)
{
    size_t best = i;
    for (size_t j = i + 1; j < n; j++) best = a[j * n + j] > a[best * n + best] ? j : best;
    for (size_t e = 0; e < n && best != i; e++) {
        double swap = v[i * n + e];
        v[i * n + e] = v[best * n + e];
        v[best * n + e] = swap;
    }
    double value = a[best * n + best];
    a[best * n + best] = a[i * n + i];
    a[i * n + i] = value;
}

int itp_eigen_jacobi(const itp_memory *memory, size_t n, double *a, size_t rank, double *values, double *vectors)
{
    int left = SWEEPS_MOST;
    if (n > ITP_JACOBI_MOST) {
        return ITP_E_UNSUPPORTED;
    }
    double *v = itp_memory_array(memory, n * n, sizeof *v);
    if (!v) {
        return ITP_E_MEMORY;
    }
    for (size_t i = 0; i < n; i++) v[i * n + i] = 1;
    while (left && sweep(a, v, n)) left--;
    for (size_t i = 0; i < rank; i++) {
        select_largest(a, v, n, i);
        values[i] = a[i * n + i];
    }
    memcpy(vectors, v, rank * n * sizeof *v);
    itp_memory_free(memory, v, n * n * sizeof *v);
    return left ? ITP_OK : ITP_E_NONFINITE;
}

#if defined(ITP_HAVE_LAPACK)

/* Fortran; the last three are the hidden lengths of the strings. */
void dsyevr_(const char *job, const char *range, const char *part, const int *n, double *a, const int *lda,
             const double *vl, const double *vu, const int *il, const int *iu, const double *tolerance, int *found,
             double *values, double *vectors, const int *ldz, int *support, double *work, const int *work_size,
             int *integers, const int *integer_size, int *info, size_t l1, size_t l2, size_t l3);

typedef struct workspace {
    double *values, *work;
    int *support, *integers;
    int work_size, integer_size;
} workspace;

/* The eigenvalues n - rank + 1 .. n, increasing; the vectors in rows, as C sees them. */
static int decompose(int n, double *a, int rank, double *vectors, workspace *w)
{
    int first = n - rank + 1, found = 0, info = 0;
    double unused = 0, tolerance = 0;
    dsyevr_("V", "I", "U", &n, a, &n, &unused, &unused, &first, &n, &tolerance, &found, w->values, vectors, &n,
            w->support, w->work, &w->work_size, w->integers, &w->integer_size, &info, 1, 1, 1);
    return info || found != rank ? ITP_E_NONFINITE : ITP_OK;
}

static void reverse(size_t n, size_t rank, const double *from, double *values, double *vectors)
{
    for (size_t i = 0; i < rank; i++) values[i] = from[rank - 1 - i];
    for (size_t i = 0; i < rank / 2; i++) {
        double *a = vectors + i * n, *b = vectors + (rank - 1 - i) * n;
        for (size_t e = 0; e < n; e++) {
            double swap = a[e];
            a[e] = b[e];
            b[e] = swap;
        }
    }
}

static int eigen_lapack(const itp_memory *memory, size_t n, double *a, size_t rank, double *values, double *vectors)
{
    if (n > 46340) { /* n * n must be an int */
        return ITP_E_OVERFLOW;
    }
    size_t doubles = n + 33 * n, integers = 2 * n + 10 * n, bytes = doubles * sizeof(double) + integers * sizeof(int);
    double *memory_of = itp_memory_array(memory, 1, bytes);
    if (!memory_of) {
        return ITP_E_MEMORY;
    }
    int *whole = (int *)(void *)(memory_of + doubles);
    workspace w = {memory_of, memory_of + n, whole, whole + 2 * n, (int)(33 * n), (int)(10 * n)};
    int status = decompose((int)n, a, (int)rank, vectors, &w);
    reverse(n, rank, w.values, values, vectors);
    itp_memory_free(memory, memory_of, bytes);
    return status;
}

int itp_eigen(const itp_memory *memory, size_t n, double *a, size_t rank, double *values, double *vectors)
{
    return eigen_lapack(memory, n, a, rank, values, vectors);
}

#else

int itp_eigen(const itp_memory *memory, size_t n, double *a, size_t rank, double *values, double *vectors)
{
    return itp_eigen_jacobi(memory, n, a, rank, values, vectors);
}

#endif

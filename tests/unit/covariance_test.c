/* Covariances. What they are made of comes back; estimates from samples find the covariance that the samples were
 * drawn with, to the error of their number; eigenvectors are those of a matrix that was put together from known ones;
 * the rows, run by hand, are the sampler. And what is refused. */
#include <interp/interp.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "../common/begin.h"
#include "../common/capture.h"
#include "../common/check.h"
#include "../common/ledger.h"
#include "../common/network.h"
#include "../common/plan.h"
#include "covariance/eigen.h"

enum { DIM = 6, BATCH = 5, TOTAL = DIM * BATCH, SAMPLES = 4000 };

static const double variances[DIM] = {4, 2, 1, .5, .25, .01};
static const double mean[DIM] = {1, -1, .5, 0, 2, -3};

static itp_covariance_desc diagonal_desc(void)
{
    itp_covariance_desc desc = ITP_COVARIANCE_DESC_INIT;
    desc.dim = DIM;
    desc.variances = variances;
    desc.mean = mean;
    return desc;
}

/* Rotations in the planes (0, 1), (1, 2), ...: orthonormal rows. */
static const double *some_basis(void)
{
    static double basis[DIM][DIM];
    memset(basis, 0, sizeof basis);
    for (int i = 0; i < DIM; i++) basis[i][i] = 1;
    for (int i = 0; i + 1 < DIM; i++) {
        for (int e = 0; e < DIM; e++) {
            double a = basis[i][e], b = basis[i + 1][e];
            basis[i][e] = .8 * a - .6 * b;
            basis[i + 1][e] = .6 * a + .8 * b;
        }
    }
    return basis[0];
}

static itp_covariance_desc basis_desc(size_t rank)
{
    itp_covariance_desc desc = diagonal_desc();
    desc.kind = ITP_COVARIANCE_BASIS;
    desc.basis = some_basis();
    desc.rank = rank;
    desc.rest = rank < DIM ? .3 : 0;
    return desc;
}

static itp_covariance *make(const itp_covariance_desc *desc)
{
    itp_covariance *out = NULL;
    check_status("covariance", itp_covariance_new(desc, &out), ITP_OK);
    return out;
}

static itp_covariance_info info_of(const itp_covariance *c)
{
    itp_covariance_info info = ITP_COVARIANCE_INFO_INIT;
    check_status("info", itp_covariance_get_info(c, &info), ITP_OK);
    return info;
}

static itp_covariance_plan *plan_for(const itp_covariance *c, const char *solver, int32_t bands)
{
    itp_covariance_plan_desc desc = ITP_COVARIANCE_PLAN_DESC_INIT;
    wanted want = WANTED;
    itp_covariance_plan *plan = NULL;
    want.solver = SOLVER(solver);
    want.plan.evaluations = 6;
    desc.covariance = c;
    desc.plan = description_of(&want);
    desc.bands = bands ? bands : -1; /* all */
    check_status("plan", itp_covariance_plan_new(&desc, &plan), ITP_OK);
    return plan;
}

static itp_batch batch_for(int32_t type)
{
    itp_batch batch = batch_of(DIM, BATCH, type);
    batch.seed = 8;
    return batch;
}

/* ---- descriptions ---- */

static void a_covariance_is_what_was_given(void **state)
{
    (void)state;
    itp_covariance_desc desc = basis_desc(3);
    itp_covariance *c = make(&desc);
    itp_covariance_info info = info_of(c);
    assert_int_equal(info.rank, 3);
    check_same("rest", info.rest, .3);
    for (int i = 0; i < DIM; i++) check_same("mean", info.mean[i], mean[i]);
    for (int i = 0; i < 3; i++) check_same("variance", info.variances[i], variances[i]);
    for (int i = 0; i < 3 * DIM; i++) check_same("basis", info.basis[i], desc.basis[i]);
    itp_covariance_free(c);
    desc = diagonal_desc();
    desc.mean = NULL;
    desc.floor = .1;
    c = make(&desc);
    info = info_of(c);
    assert_null(info.mean);
    assert_null(info.basis);
    assert_int_equal(info.rank, DIM);
    check_same("floor", info.variances[DIM - 1], .1 * 4);
    check_same("floor", info.variances[DIM - 2], .1 * 4);
    check_same("no floor", info.variances[DIM - 3], .5);
    itp_covariance_free(c);
}

static void refuses(itp_covariance_desc desc, int want, const char *word)
{
    capture heard;
    itp_env log = capture_env(&heard);
    itp_covariance *c = (itp_covariance *)&desc;
    desc.env = &log;
    check_status(word, itp_covariance_new(&desc, &c), want);
    assert_null(c);
    check_true(word, capture_has(&heard, word));
}

static void bad_descriptions(void **state)
{
    (void)state;
    static const double negative[DIM] = {1, 1, 1, 1, 1, -1}, zero[DIM] = {0}, endless[DIM] = {INFINITY};
    itp_covariance_desc desc = diagonal_desc();
    desc.kind = 7;
    refuses(desc, ITP_E_UNSUPPORTED, "kind");
    desc = diagonal_desc();
    desc.variances = negative;
    refuses(desc, ITP_E_RANGE, "variances");
    desc.variances = zero;
    refuses(desc, ITP_E_RANGE, "variances");
    desc.variances = NULL;
    refuses(desc, ITP_E_ARGUMENT, "variances");
    desc = diagonal_desc();
    desc.mean = endless;
    refuses(desc, ITP_E_RANGE, "mean");
    desc = diagonal_desc();
    desc.floor = 2;
    refuses(desc, ITP_E_RANGE, "floor");
    desc = basis_desc(7);
    refuses(desc, ITP_E_RANGE, "rank");
    desc = basis_desc(2);
    desc.rest = NAN;
    refuses(desc, ITP_E_RANGE, "rest");
    desc = basis_desc(2);
    desc.basis = variances;
    desc.rank = 1;
    refuses(desc, ITP_E_RANGE, "basis");
    desc.basis = NULL;
    refuses(desc, ITP_E_ARGUMENT, "basis");
    desc = diagonal_desc();
    desc.dim = SIZE_MAX / 8;
    desc.kind = ITP_COVARIANCE_BASIS;
    desc.basis = variances;
    desc.rank = desc.dim;
    refuses(desc, ITP_E_OVERFLOW, "dim");
    check_status("NULL", itp_covariance_new(NULL, NULL), ITP_E_ARGUMENT);
    itp_covariance_free(NULL);
}

/* ---- estimates ---- */

/* x = mean + basis' diag(sd) z */
static const double *some_samples(void)
{
    static double x[SAMPLES][DIM];
    const double *basis = some_basis();
    for (size_t s = 0; s < SAMPLES; s++) {
        double z[DIM];
        check_status("normals", itp_normals(5, s, 0, 0, ITP_FLOAT64, z, DIM), ITP_OK);
        for (int e = 0; e < DIM; e++) {
            x[s][e] = mean[e];
            for (int j = 0; j < DIM; j++) x[s][e] += basis[j * DIM + e] * sqrt(variances[j]) * z[j];
        }
    }
    return x[0];
}

enum { NONE = -1 }; /* of shrinkage, power */

static itp_covariance_estimation estimation(size_t count, double shrinkage)
{
    itp_covariance_estimation out = ITP_COVARIANCE_ESTIMATION_INIT;
    out.samples = some_samples();
    out.type = ITP_FLOAT64;
    out.dim = DIM;
    out.count = count;
    out.shrinkage = shrinkage;
    return out;
}

static itp_covariance *estimated(const itp_covariance_estimation *from)
{
    itp_covariance *out = NULL;
    check_status("estimate", itp_covariance_estimate(from, &out), ITP_OK);
    return out;
}

static void estimates_find_the_covariance(void **state)
{
    (void)state;
    itp_covariance_estimation from = estimation(SAMPLES, NONE);
    itp_covariance *c = estimated(&from);
    itp_covariance_info info = info_of(c);
    for (int j = 0; j < DIM; j++) {
        double product = 0;
        for (int e = 0; e < DIM; e++) product += info.basis[j * DIM + e] * some_basis()[j * DIM + e];
        check_near("variance", info.variances[j] / variances[j], 1, .1);
        check_near("mean", info.mean[j], mean[j], .1);
        check_near("direction", fabs(product), 1, .01);
    }
    itp_covariance_free(c);
    from.kind = ITP_COVARIANCE_DIAGONAL;
    c = estimated(&from);
    info = info_of(c);
    for (int e = 0; e < DIM; e++) {
        double want = 0;
        for (int j = 0; j < DIM; j++) want += some_basis()[j * DIM + e] * some_basis()[j * DIM + e] * variances[j];
        check_near("diagonal", info.variances[e] / want, 1, .1);
    }
    itp_covariance_free(c);
}

/* The rest has what the rank leaves; nothing of the trace is lost, whatever the shrinkage. */
static void ranks_and_shrinkage_keep_the_trace(void **state)
{
    (void)state;
    itp_covariance_estimation from = estimation(50, NONE);
    itp_covariance *c = estimated(&from);
    itp_covariance_info whole = info_of(c);
    double trace = 0;
    for (int j = 0; j < DIM; j++) trace += whole.variances[j];
    for (int i = 0; i < 8; i++) {
        from.rank = i % 2 ? 2 : 0;
        from.shrinkage = i / 2 == 3 ? 0 : i / 2 == 0 ? NONE : .5 * (i / 2);
        itp_covariance *other = estimated(&from);
        itp_covariance_info info = info_of(other);
        double sum = (double)(DIM - info.rank) * info.rest;
        for (size_t j = 0; j < info.rank; j++) {
            sum += info.variances[j];
            check_near("shrunk", info.variances[j],
                       (1 - info.shrinkage) * whole.variances[j] + info.shrinkage * trace / DIM, 1e-12);
        }
        check_near("trace", sum, trace, 1e-12);
        check_true("share", info.shrinkage >= 0 && info.shrinkage <= 1);
        itp_covariance_free(other);
    }
    itp_covariance_free(c);
}

/* Ledoit and Wolf's share vanishes as samples become many, and is 1 when there is nothing but chance. */
static void shrinkage_follows_the_number_of_samples(void **state)
{
    (void)state;
    double last = 1;
    static const size_t counts[] = {4, 40, 400, 4000};
    for (int i = 0; i < COUNT(counts); i++) {
        itp_covariance_estimation from = estimation(counts[i], 0);
        itp_covariance *c = estimated(&from);
        double share = info_of(c).shrinkage;
        check_true("falls", share < last && share > 0);
        last = share;
        itp_covariance_free(c);
    }
    check_true("vanishes", last < .01);
}

static void float32_estimates_agree(void **state)
{
    (void)state;
    static float x[SAMPLES * DIM];
    const double *wide = some_samples();
    for (int i = 0; i < SAMPLES * DIM; i++) x[i] = (float)wide[i];
    itp_covariance_estimation from = estimation(SAMPLES, 0);
    itp_covariance *a = estimated(&from);
    from.samples = x;
    from.type = ITP_FLOAT32;
    itp_covariance *b = estimated(&from);
    for (int j = 0; j < DIM; j++) check_near("variance", info_of(b).variances[j], info_of(a).variances[j], 1e-6);
    itp_covariance_free(a);
    itp_covariance_free(b);
}

static void bad_estimations(void **state)
{
    (void)state;
    itp_covariance *c;
    double bad[2 * DIM] = {0};
    itp_covariance_estimation from = estimation(1, NONE);
    check_status("one", itp_covariance_estimate(&from, &c), ITP_E_RANGE);
    from = estimation(4, 1.5);
    check_status("shrinkage", itp_covariance_estimate(&from, &c), ITP_E_RANGE);
    from = estimation(4, NONE);
    from.rank = DIM + 1;
    check_status("rank", itp_covariance_estimate(&from, &c), ITP_E_RANGE);
    from = estimation(2, NONE);
    from.samples = bad;
    check_status("all the same", itp_covariance_estimate(&from, &c), ITP_E_RANGE);
    bad[3] = NAN;
    check_status("NaN", itp_covariance_estimate(&from, &c), ITP_E_NONFINITE);
    from.samples = NULL;
    check_status("NULL", itp_covariance_estimate(&from, &c), ITP_E_ARGUMENT);
    from = estimation(4, NONE);
    from.kind = 9;
    check_status("kind", itp_covariance_estimate(&from, &c), ITP_E_UNSUPPORTED);
    assert_null(c);
}

/* Both methods find the eigenvalues of the matrix with a known decomposition, and orthonormal vectors for them. */
static void eigenvectors(void **state)
{
    enum { N = 20 };
    double a[N * N], b[N * N], values[N], vectors[N * N];
    itp_memory memory;
    (void)state;
    check_status("memory", itp_memory_from(NULL, &memory), ITP_OK);
    for (int way = 0; way < 2; way++) {
        for (int i = 0; i < N * N; i++) a[i] = b[i] = 1.0 / (1 + abs(i / N - i % N)) + (i / N == i % N) * (i % 3);
        int status =
            way ? itp_eigen_jacobi(&memory, N, b, 7, values, vectors) : itp_eigen(&memory, N, b, 7, values, vectors);
        check_status("eigen", status, ITP_OK);
        for (int j = 0; j < 7 * N; j++) {
            double turned = 0;
            for (int e = 0; e < N; e++) turned += a[j % N * N + e] * vectors[j / N * N + e];
            check_near("a v = value v", turned, values[j / N] * vectors[j], 1e-12);
        }
        for (int j = 0; j + 1 < 7; j++) check_true("decreasing", values[j] >= values[j + 1]);
    }
    check_status("too large", itp_eigen_jacobi(&memory, ITP_JACOBI_MOST + 1, NULL, 1, NULL, NULL), ITP_E_UNSUPPORTED);
}

/* ---- plans ---- */

static itp_covariance_band band_of(const itp_covariance_plan *plan, int32_t i)
{
    itp_covariance_band band = ITP_COVARIANCE_BAND_INIT;
    check_status("band", itp_covariance_plan_get_band(plan, i, &band), ITP_OK);
    return band;
}

static int32_t bands_in(const itp_covariance_plan *plan)
{
    itp_covariance_plan_info info = ITP_COVARIANCE_PLAN_INFO_INIT;
    check_status("info", itp_covariance_plan_get_info(plan, &info), ITP_OK);
    return info.bands;
}

static void bands_group_by_variance(void **state)
{
    (void)state;
    itp_covariance_desc desc = basis_desc(5);
    itp_covariance *c = make(&desc);
    itp_covariance_plan *plan = plan_for(c, "euler", 0);
    assert_int_equal(bands_in(plan), 6);
    for (int i = 0; i < 5; i++) check_near("s", band_of(plan, i).s, sqrt(variances[i]), 1e-14);
    check_near("rest", band_of(plan, 5).s, sqrt(.3), 1e-14);
    itp_covariance_plan_free(plan);
    plan = plan_for(c, "euler", 2); /* from .25 to 4: the border is at 1 */
    assert_int_equal(bands_in(plan), 3);
    const int32_t *members = band_of(plan, 0).members;
    assert_true(members[0] == 1 && members[1] == 1 && members[3] == 0 && members[4] == 0);
    itp_covariance_band band = ITP_COVARIANCE_BAND_INIT;
    check_status("no band", itp_covariance_plan_get_band(plan, 3, &band), ITP_E_RANGE);
    itp_covariance_plan_free(plan);
    itp_covariance_free(c);
}

static int refuse_plan(itp_covariance_plan_desc desc, const char *word)
{
    capture heard;
    itp_env log = capture_env(&heard);
    itp_covariance_plan *plan;
    wanted want = WANTED;
    if (desc.plan) want = *(const wanted *)(const void *)desc.plan; /* its first member */
    want.plan.env = &log;
    desc.plan = description_of(&want);
    int status = itp_covariance_plan_new(&desc, &plan);
    assert_null(plan);
    check_true(word, capture_has(&heard, word));
    return status;
}

static void bad_plans(void **state)
{
    (void)state;
    itp_covariance_desc given = diagonal_desc();
    itp_covariance *c = make(&given);
    itp_covariance_plan_desc desc = ITP_COVARIANCE_PLAN_DESC_INIT;
    wanted want = WANTED;
    check_status("NULL", refuse_plan(desc, "covariance"), ITP_E_ARGUMENT);
    desc.covariance = c;
    desc.clock = 9;
    check_status("clock", refuse_plan(desc, "clock"), ITP_E_UNSUPPORTED);
    desc.clock = 0;
    desc.bands = 4097;
    check_status("bands", refuse_plan(desc, "bands"), ITP_E_RANGE);
    desc.bands = 16;
    desc.power = 2.5;
    check_status("power", refuse_plan(desc, "power"), ITP_E_RANGE);
    desc.power = 0;
    desc.plan = description_of(&want);
    want.diffusion.k = 1;
    check_status("k", refuse_plan(desc, "no k"), ITP_E_UNSUPPORTED);
    want.diffusion.k = 0;
    want.plan.evaluations = -1;
    check_status("evaluations", refuse_plan(desc, "evaluations"), ITP_E_BUDGET);
    want.plan.evaluations = 8;
    want.solver = SOLVER("euler-ancestral");
    check_status("noise", refuse_plan(desc, "noise"), ITP_E_UNSUPPORTED);
    want.solver = SOLVER("midpoint");
    desc.clock = ITP_CLOCK_ANGLE;
    check_status("stages", refuse_plan(desc, "stages"), ITP_E_UNSUPPORTED);
    itp_covariance_free(c);
}

/* No power is the plain lazy schedule, whatever the covariance. */
static void powers(void **state)
{
    (void)state;
    itp_covariance_plan_desc desc = ITP_COVARIANCE_PLAN_DESC_INIT;
    itp_covariance_plan *plan;
    itp_covariance_desc given = basis_desc(3);
    itp_covariance *c = make(&given);
    desc.covariance = c;
    for (int i = 0; i < 3; i++) {
        desc.power = i ? .5 * i : NONE;
        check_status("plan", itp_covariance_plan_new(&desc, &plan), ITP_OK);
        for (int b = 0; b < 3; b++) check_near("s", band_of(plan, b).s, pow(variances[b], .25 * i), 1e-14);
        itp_covariance_plan_free(plan);
    }
    itp_covariance_free(c);
}

/* ---- samplers ---- */

static void run(const itp_covariance_plan *plan, const itp_batch *batch, void *x)
{
    network net = network_linear(mixture_two_modes());
    check_status("sample", sample_covariance(plan, batch, x, network_run, &net), ITP_OK);
}

static const char *const solvers[] = {"euler", "ab3", "rk4"};

static itp_covariance *some_covariance(int i)
{
    itp_covariance_desc desc = i % 3 == 0 ? diagonal_desc() : basis_desc(i % 3 == 1 ? DIM : 2);
    return make(&desc);
}

/* Portable: the same bits however a batch is split. OpenBLAS and float32: close. */
static void splits_kernels_and_types(void **state)
{
    (void)state;
    for (int i = 0; i < 9; i++) {
        double x[TOTAL], y[TOTAL], z[TOTAL];
        float f[TOTAL];
        itp_covariance *c = some_covariance(i);
        itp_covariance_plan *plan = plan_for(c, solvers[i / 3], 4);
        itp_batch batch = batch_for(ITP_FLOAT64);
        run(plan, &batch, z);
        batch.kernel = ITP_KERNEL_PORTABLE;
        run(plan, &batch, x);
        batch.count = 2;
        run(plan, &batch, y);
        batch.first = 2;
        batch.count = 3;
        run(plan, &batch, y + 2 * DIM);
        batch = batch_for(ITP_FLOAT32);
        run(plan, &batch, f);
        for (int e = 0; e < TOTAL; e++) {
            check_same("split", y[e], x[e]);
            check_near("kernel", z[e], x[e], 1e-12);
            check_near("type", (double)f[e], x[e], 1e-4);
        }
        itp_covariance_plan_free(plan);
        itp_covariance_free(c);
    }
}

/* From bands to samples by hand, for a diagonal covariance: what a program with kernels of its own does. */
static void the_rows_are_the_sampler(void **state)
{
    double x[TOTAL], states[7][DIM], outputs[7][DIM];
    (void)state;
    itp_covariance *c = some_covariance(0);
    itp_covariance_plan *plan = plan_for(c, "ab2", 3);
    itp_batch batch = batch_for(ITP_FLOAT64);
    network net = network_linear(mixture_two_modes());
    run(plan, &batch, x);
    check_status("normals", itp_normals(8, 0, 0, 0, ITP_FLOAT64, states[0], DIM), ITP_OK);
    for (int32_t i = 0; i < 6; i++) {
        for (int e = 0; e < DIM; e++) {
            itp_covariance_band band = band_of(plan, band_of(plan, 0).members[e]);
            itp_plan_row row = ITP_PLAN_ROW_INIT;
            check_status("row", itp_plan_get_row(band.plan, i, &row), ITP_OK);
            outputs[i][e] = network_value(&net, row.time, states[i][e]);
            double next = band.mean_terms[i] * mean[e];
            for (int j = 0; j < row.term_count; j++) {
                const itp_term *term = &row.terms[j];
                next +=
                    term->coef * (term->column == ITP_COLUMN_STATE ? states[term->index][e] : outputs[term->index][e]);
            }
            if (row.keep) outputs[i][e] = row.keep_state * states[i][e] + row.keep_output * outputs[i][e];
            states[i + 1][e] = next;
        }
    }
    for (int e = 0; e < DIM; e++) check_near("by hand", states[6][e], x[e], 1e-12);
    itp_covariance_plan_free(plan);
    itp_covariance_free(c);
}

static int ITP_CALL half(void *user, const itp_request *request)
{
    network *net = user;
    int status = network_run(net, request);
    double *out = request->out, *out2 = request->out2;
    for (size_t i = 0; out2 && i < request->count * request->dim; i++) out2[i] = .5 * out[i];
    return status;
}

static int ITP_CALL guided(void *user, const itp_request *request)
{
    int status = network_run(user, request);
    double *out = request->out;
    for (size_t i = 0; i < request->count * request->dim; i++) out[i] = .5 * out[i] + 3 * (out[i] - .5 * out[i]);
    return status;
}

static void guidance_combines_two_outputs(void **state)
{
    (void)state;
    for (int i = 0; i < 3; i++) {
        double x[TOTAL], y[TOTAL];
        itp_covariance *c = some_covariance(i);
        itp_covariance_plan *plan = plan_for(c, "ab2", 4);
        itp_batch batch = batch_for(ITP_FLOAT64);
        network net = network_linear(mixture_two_modes());
        check_status("one", sample_covariance(plan, &batch, x, guided, &net), ITP_OK);
        batch.guidance = 3;
        check_status("two", sample_covariance(plan, &batch, y, half, &net), ITP_OK);
        for (int e = 0; e < TOTAL; e++) check_near("guidance", y[e], x[e], 1e-12);
        itp_covariance_plan_free(plan);
        itp_covariance_free(c);
    }
}

static void starts_and_seeds(void **state)
{
    (void)state;
    static const uint64_t seeds[BATCH] = {3, 3, 1, 3, 9};
    for (int i = 0; i < 3; i++) {
        double x[TOTAL], y[TOTAL];
        itp_covariance *c = some_covariance(i);
        itp_covariance_plan *plan = plan_for(c, "ab3", 4);
        itp_batch batch = batch_for(ITP_FLOAT64);
        batch.kernel = ITP_KERNEL_PORTABLE;
        batch.seed = 0;
        batch.seeds = seeds;
        run(plan, &batch, x);
        for (int s = 0; s < BATCH; s++) {
            check_status("normals", itp_normals(seeds[s], 0, 0, 0, ITP_FLOAT64, y + s * DIM, DIM), ITP_OK);
        }
        batch.x = ITP_X_GIVEN;
        run(plan, &batch, y);
        for (int e = 0; e < TOTAL; e++) check_same("given", y[e], x[e]);
        for (int e = 0; e < DIM; e++) check_same("one seed", x[DIM + e], x[e]);
        itp_covariance_plan_free(plan);
        itp_covariance_free(c);
    }
}

static void out_of_order(void **state)
{
    double x[TOTAL];
    (void)state;
    itp_covariance *c = some_covariance(2);
    itp_covariance_plan *plan = plan_for(c, "ab2", 4);
    itp_batch batch = batch_for(ITP_FLOAT64);
    itp_sampler *sampler;
    itp_request request = ITP_REQUEST_INIT, again = ITP_REQUEST_INIT;
    network net = network_linear(mixture_two_modes());
    batch.check_finite = 1;
    check_status("new", sampler_for_covariance(plan, &batch, &sampler), ITP_OK);
    check_status("next", itp_sampler_next(sampler, &request), ITP_E_STATE);
    check_status("submit", itp_sampler_submit(sampler), ITP_E_STATE);
    check_status("NULL", begin_as(sampler, &batch, NULL), ITP_E_ARGUMENT);
    check_status("begin", begin_as(sampler, &batch, x), ITP_OK);
    for (int32_t i = 0; i < 6; i++) {
        check_status("next", itp_sampler_next(sampler, &request), ITP_EVALUATE);
        check_status("next", itp_sampler_next(sampler, &again), ITP_EVALUATE);
        assert_memory_equal(&request, &again, sizeof request);
        assert_int_equal(request.row, i);
        check_status("unwritten", itp_sampler_submit(sampler), ITP_E_NONFINITE);
        network_run(&net, &request);
        check_status("next", itp_sampler_next(sampler, &again), ITP_EVALUATE);
        double *out = request.out, value = out[3];
        out[3] = NAN;
        check_status("NaN", itp_sampler_submit(sampler), ITP_E_NONFINITE);
        out[3] = value;
        check_status("submit", itp_sampler_submit(sampler), ITP_OK);
        check_status("submit", itp_sampler_submit(sampler), ITP_E_STATE);
    }
    check_status("over", itp_sampler_next(sampler, &request), ITP_OK);
    itp_sampler_free(sampler);
    itp_covariance_plan_free(plan);
    itp_covariance_free(c);
}

static int ITP_CALL stops(void *user, const itp_request *request)
{
    (void)request;
    return *(int *)user;
}

static void bad_batches(void **state)
{
    double x[TOTAL];
    int answer = 5;
    (void)state;
    itp_covariance *c = some_covariance(1);
    itp_covariance_plan *plan = plan_for(c, "euler", 4);
    itp_batch batch = batch_for(ITP_FLOAT64);
    itp_sampler *sampler;
    batch.dim = DIM - 1;
    check_status("dim", sampler_for_covariance(plan, &batch, &sampler), ITP_E_RANGE);
    batch = batch_for(ITP_FLOAT64);
    batch.seed = 3;
    check_status("start", itp_sampler_new_covariance(plan, &batch, &sampler), ITP_E_ARGUMENT);
    batch = batch_for(7);
    check_status("type", sampler_for_covariance(plan, &batch, &sampler), ITP_E_UNSUPPORTED);
    batch = batch_for(ITP_FLOAT64);
    batch.kernel = 77;
    check_status("kernel", sampler_for_covariance(plan, &batch, &sampler), ITP_E_UNSUPPORTED);
    batch = batch_for(ITP_FLOAT64);
    batch.count = SIZE_MAX / 16;
    check_status("count", sampler_for_covariance(plan, &batch, &sampler), ITP_E_OVERFLOW);
    batch = batch_for(ITP_FLOAT64);
    check_status("stop", sample_covariance(plan, &batch, x, stops, &answer), 5);
    answer = -2;
    check_status("stop", sample_covariance(plan, &batch, x, stops, &answer), ITP_E_CALLBACK);
    check_status("network", sample_covariance(plan, &batch, x, NULL, NULL), ITP_E_ARGUMENT);
    itp_covariance_plan_free(plan);
    itp_covariance_free(c);
}

/* ---- memory ---- */

static int whole_life(const itp_env *allocator, int low, ledger *books, int *at_start)
{
    float x[TOTAL];
    itp_covariance_estimation from = estimation(30, 0);
    itp_covariance_plan_desc desc = ITP_COVARIANCE_PLAN_DESC_INIT;
    wanted want = WANTED;
    itp_batch batch = batch_for(ITP_FLOAT32);
    itp_covariance *c = NULL;
    itp_covariance_plan *plan = NULL;
    itp_sampler *sampler = NULL;
    itp_request request = ITP_REQUEST_INIT;
    network net = network_linear(mixture_two_modes());
    from.env = want.plan.env = batch.env = allocator;
    from.rank = low ? 2 : 0;
    want.solver = SOLVER("ab3");
    desc.plan = description_of(&want);
    int rc = itp_covariance_estimate(&from, &c);
    desc.covariance = c;
    rc = rc ? rc : itp_covariance_plan_new(&desc, &plan);
    rc = rc ? rc : sampler_for_covariance(plan, &batch, &sampler);
    *at_start = books->calls;
    rc = rc ? rc : begin_as(sampler, &batch, x);
    while (!rc && (rc = itp_sampler_next(sampler, &request)) == ITP_EVALUATE) {
        network_run(&net, &request);
        rc = itp_sampler_submit(sampler);
    }
    itp_sampler_free(sampler);
    itp_covariance_plan_free(plan);
    itp_covariance_free(c);
    return rc;
}

static void every_allocation_may_fail(void **state)
{
    (void)state;
    for (int low = 0; low < 2; low++) {
        ledger books;
        int at_start, failed = 0;
        itp_env allocator = ledger_env(&books);
        check_status("whole", whole_life(&allocator, low, &books, &at_start), ITP_OK);
        int calls = books.calls;
        assert_int_equal(calls, at_start); /* none while the run is on */
        for (int k = 1; k <= calls; k++) {
            ledger_clear(&books);
            books.fail_at = k;
            failed += whole_life(&allocator, low, &books, &at_start) == ITP_E_MEMORY;
            assert_int_equal(books.live, 0);
            assert_int_equal(books.defects, 0);
        }
        assert_int_equal(failed, calls);
    }
}

static void sizes(void **state)
{
    (void)state;
    itp_covariance_desc desc = diagonal_desc();
    itp_covariance *c;
    desc.size = 0;
    check_status("size", itp_covariance_new(&desc, &c), ITP_E_SIZE);
}

/* Samples in another unit, a power of two away, have the same covariance in that unit, the shrinkage too (fourth
 * powers: 1e-320 at 1e-80), as long as variances are numbers. Beyond it is said, and nothing is infinite. */
static void any_unit_or_a_sentence(void **state)
{
    enum { SIZE = 5, SAMPLES = 40 };
    static const int exponents[] = {-1020, -600, -505, -400, -250, -120, 120, 250, 400, 520, 600, 1020};
    static const int32_t kinds[] = {ITP_COVARIANCE_DIAGONAL, ITP_COVARIANCE_BASIS};
    double plain[SAMPLES * SIZE], moved[SAMPLES * SIZE];
    (void)state;
    itp_normals(3, 1, 0, 0, ITP_FLOAT64, plain, SAMPLES * SIZE);
    for (int i = 0; i < COUNT(exponents) * COUNT(kinds); i++) {
        int exponent = exponents[i / COUNT(kinds)], sayable = abs(exponent) < 500;
        capture heard;
        itp_env log = capture_env(&heard);
        itp_covariance_estimation of = ITP_COVARIANCE_ESTIMATION_INIT;
        itp_covariance_info want = ITP_COVARIANCE_INFO_INIT, got = ITP_COVARIANCE_INFO_INIT;
        itp_covariance *a = NULL, *b = NULL;
        for (int j = 0; j < SAMPLES * SIZE; j++) moved[j] = ldexp(plain[j], exponent);
        of.samples = plain;
        of.dim = SIZE;
        of.count = SAMPLES;
        of.type = ITP_FLOAT64;
        of.kind = kinds[i % COUNT(kinds)];
        of.rank = of.kind == ITP_COVARIANCE_BASIS ? 3 : 0;
        of.env = &log;
        check_status("plain", itp_covariance_estimate(&of, &a), ITP_OK);
        of.samples = moved;
        check_status("moved", itp_covariance_estimate(&of, &b), sayable ? ITP_OK : ITP_E_RANGE);
        check_true("said", sayable || capture_has(&heard, "variances"));
        itp_covariance_get_info(a, &want);
        if (sayable) {
            itp_covariance_get_info(b, &got);
            for (size_t j = 0; j < got.rank; j++)
                check_near("variance", got.variances[j] / ldexp(want.variances[j], 2 * exponent), 1, 1e-13);
            check_near("shrinkage", got.shrinkage, want.shrinkage, 1e-13);
            check_near("rest", ldexp(got.rest, -2 * exponent), want.rest, 1e-13);
        }
        itp_covariance_free(a);
        itp_covariance_free(b);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_covariance_is_what_was_given),
        cmocka_unit_test(bad_descriptions),
        cmocka_unit_test(estimates_find_the_covariance),
        cmocka_unit_test(ranks_and_shrinkage_keep_the_trace),
        cmocka_unit_test(shrinkage_follows_the_number_of_samples),
        cmocka_unit_test(float32_estimates_agree),
        cmocka_unit_test(bad_estimations),
        cmocka_unit_test(eigenvectors),
        cmocka_unit_test(bands_group_by_variance),
        cmocka_unit_test(bad_plans),
        cmocka_unit_test(powers),
        cmocka_unit_test(splits_kernels_and_types),
        cmocka_unit_test(the_rows_are_the_sampler),
        cmocka_unit_test(guidance_combines_two_outputs),
        cmocka_unit_test(starts_and_seeds),
        cmocka_unit_test(out_of_order),
        cmocka_unit_test(bad_batches),
        cmocka_unit_test(every_allocation_may_fail),
        cmocka_unit_test(sizes),
        cmocka_unit_test(any_unit_or_a_sentence),
    };
    return cmocka_run_group_tests_name("covariance", tests, NULL, NULL);
}

/* Fit: a plan, the user's network and a few dozen seeds give a plan of as many evaluations that is nearer to the
 * converged end point on seeds it has not seen. No gradients are needed and no training: the numbers of a plan are
 * few, and the library moves them, coefficients and nodes together, by damped Gauss-Newton steps with finite
 * differences through the network. The result is an ordinary plan: the same samplers, kernels and files.
 *
 * Row i of a fitted plan takes the columns
 *     outputs = 0 (all):  Y_0, F_0, ..., F_i
 *     outputs = m:        Y_i, F_{i-m+1}, ..., F_i
 * with F as the network returned it; nothing is kept. A plan (or start) that reads more outputs than that takes part as
 * its nearest one of this form; what is said below of plans, `before` included, is then said of that one. The positions
 * of the nodes move between their neighbours; the first may leave the start a little: the state is the start's, but the
 * network is asked about a later time.
 *
 * What is minimised, over the seeds that are fitted on, is the mean square of features(end point) -
 * features(converged end point); without a feature callback these are the samples themselves. Every step is tried
 * with several dampings (the ridge toward the plan it starts from, in the metric of how far the states move), and the
 * one that is best on the seeds fitted on and the held-out ones, which count alike, is taken. The plan returned is
 * the best of these on the held-out seeds: never worse there than the plan that came in and than those in `starts`.
 * In all of this an error counts as error sqrt(1 + gain^2 G), where G is the sum over all terms of (size of the
 * term's part of the next state / size of that state)^2: differences of nearly equal outputs, magnified, fit most
 * samples well and throw rare ones far off.
 *
 * Which minimum the steps end in depends on where they start: at `plan`, at each plan in `starts`, and at the greedy
 * version of each: row after row, the least-squares regression of a fine run's state at the next node on the row's
 * columns, at the states to which the rows before it have led. Its ridge (toward the row that was there, in the
 * metric of the columns' sizes) is the one, of eight per row, that is best on the held-out seeds, gain counted. The
 * nodes stay, but where they meet, as Heun's do, they are made even (with fixed_nodes there is no greedy version
 * then). Plans on the same nodes share one greedy version. A plan of fewer evaluations grows: a node half-way between
 * two of its nodes, or the last one and the end, whose output nothing takes at first, so that the end stays what it
 * was; each place for it is a start, without a greedy version (where more nodes are missing, the others halve the
 * widest gaps). So what has been fitted for a smaller budget serves the next one. Or it may end at an earlier u_end:
 * its end becomes a node, and the row from there keeps the data prediction. Where samples end at one of many places,
 * the error at the end is nothing or all; where they have just been decided it is small and smooth: fit one evaluation
 * fewer to an end there, and start from that. For greedy rows, and for the race, the first 64 seeds fitted on and the
 * first 32 held out are used, where there are as many. The race: each start makes `race` steps, the worse half leaves
 * (by both errors, gain counted), and so on until `finalists` are left, each of which makes up to `iterations` steps
 * with all seeds. Steps of the race count among these only where it was held with all seeds. With one start there is no
 * race.
 *
 * Memory, in elements of `type`, with B = batch, N = rows, P = numbers fitted (all outputs: N (N + 3)/2 + N), f =
 * features or dim, n = count, S = starts, greedy versions and every place for a node included: n (f + dim) +
 * B ((4N + 3) dim + (P + 3) f), where n dim is needed only while the reference is made (none with ends_out); while
 * greedy rows are made, N dim for each of the at most 96 seeds; and about 2 P^2 + 4 N^2 + 260 P + S P doubles.
 * Evaluations: those of the reference (none with `ends`); then in each iteration, per seed fitted on, about
 * N (N + 1) (N + 5)/6 for the derivatives, and, per seed, 4 to 7 runs of N. Greedy rows of a start: per seed used, a
 * quarter as many as the reference, at least 32 (64 when the caller gave it or the ends) and up to N more, then
 * N (N + 1)/2. The race: a run of N per start and seed; then, for `race` 2, about 4 S iterations in all, on the seeds
 * used.
 */
#ifndef INTERP_FIT_H
#define INTERP_FIT_H

#include <interp/sample.h>

#ifdef __cplusplus
extern "C" {
#endif

/* What a fit has done so far, and in the end. Errors are root mean squares, to the converged end point. */
typedef struct itp_fit_report {
    size_t size;
    double before, before_held_out; /* of the plan that came in, on the seeds fitted on and on those held out */
    double after, after_held_out;   /* of the best plan so far */
    double ridge;                   /* the damping of the last step taken; 0: none was */
    double reference_error;         /* the reference against one half as fine; 0 for the caller's reference */
    uint64_t evaluations;           /* of the network, counted by samples (twice where guidance asks for two outputs) */
    uint64_t reference_evaluations; /* the share of the reference */
    int32_t iterations;             /* done with all seeds, by the finalist at work or, in the end, by the last one */
    int32_t parameters;             /* how many numbers are fitted */
    int32_t reference_rows;         /* evaluations per sample of the reference */
    int32_t start;                  /* which plan the best one comes from: 0: the one that came in; i: starts[i - 1] */
    int32_t greedy;                 /* 1: from its greedy version */
    int32_t starts;                 /* how many took part in the race, greedy versions included */
    uint64_t race_evaluations;      /* the share of greedy rows and of the race */
} itp_fit_report;
#define ITP_FIT_REPORT_INIT \
    { sizeof(itp_fit_report), 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 }

/* The user's map of samples x [count][dim] to features [count][features], both of the fit's type; `first` is the index
 * of the first sample, as in a request. The fit minimises the distance there. Returns as a network does. */
typedef int(ITP_CALL *itp_feature_fn)(void *user, const void *x, size_t count, uint64_t first, void *features);

/* After the reference, after every step of the race (iterations: 0), and after every iteration. > 0 ends the fit with
 * the best plan so far and status 0; < 0 ends it with ITP_E_CALLBACK. To cancel without a plan return > 0 from the
 * network: it is returned verbatim. */
typedef int(ITP_CALL *itp_fit_progress_fn)(void *user, const itp_fit_report *report);

typedef struct itp_fit_desc {
    size_t size;
    const itp_allocator *allocator; /* NULL: malloc; also of the plan made */
    const itp_log *log;             /* NULL: silent; used during the call only */
    const itp_model_desc *model;    /* of the network, as when the plan was made; NULL: velocity, linear, given t */
    const itp_plan *reference;      /* a fine plan from the same start; NULL: the library makes one */
    size_t dim;                     /* elements per sample */
    size_t count;                   /* seeds in all; 64 or more is sensible */
    size_t held_out;                /* the last of them are for choosing only; 0: a quarter */
    size_t batch;                   /* samples per call of the network at most; 0: 64 */
    uint64_t seed, first;           /* as in itp_batch: sample i draws from (seed, first + i), */
    const uint64_t *seeds;          /* or from (seeds[i], 0). Requests carry first + i in both cases */
    int32_t type;                   /* ITP_FLOAT32 | ITP_FLOAT64 */
    int32_t outputs;                /* how many of the last outputs a row takes; 0: all */
    int32_t fixed_nodes;            /* 1: the nodes stay where they are */
    int32_t iterations;             /* at most; 0: 10 */
    double ridge;                   /* 0: chosen; > 0: the damping of every step */
    double tolerance;               /* two refinements of the reference must agree to this, relative to the root mean
                                       square of the samples; 0: 0.002 */
    int32_t reference_rows;         /* evaluations of the finest reference that may be tried; 0: 1024 */
    int32_t reference_solver;       /* ITP_SOLVER_*; 0: ab3. Nodes at u = sin^2 in even steps */
    double guidance, guidance_low, guidance_high; /* as in itp_batch: fitted with what it will be run with */
    itp_feature_fn feature;                       /* NULL: the samples themselves */
    size_t features;                              /* per sample; with `feature` only */
    void *feature_user;
    itp_fit_progress_fn progress; /* NULL: none */
    void *progress_user;
    const char *name;       /* of the network, for the plan's origin (plan.h); NULL: "" */
    itp_fit_report *report; /* NULL: none. Filled as far as the fit came, also when it fails */
    double gain;            /* how much large coefficients count against a plan, see above; 0: 0.2; < 0: not at all */
    const itp_plan *const *starts; /* [start_count] more plans to start from, see above; of the same model and start, of
                                      as many rows and the same end, or of fewer rows */
    size_t start_count;
    int32_t greedy;    /* 0: greedy versions take part; < 0: they do not, and no state of a reference is needed */
    int32_t race;      /* steps of each start in a round; 0: 2; < 0: none, the start of least error goes on */
    const void *ends;  /* [count][dim] of `type`: the end points to come near to; NULL: those of the reference */
    void *ends_out;    /* [count][dim] of `type`: gets the end points, for further fits; NULL: nowhere */
    int32_t finalists; /* how many starts are left at the end of the race; 0: 1 */
    int32_t reserved;
} itp_fit_desc;
#define ITP_FIT_DESC_INIT \
    { \
        sizeof(itp_fit_desc), 0, 0, 0, 0, 0, 64, 0, 0, 0, 0, 0, ITP_FLOAT32, 0, 0, 0, 0.0, 0.0, 0, 0, 1.0, 0.0, 1.0, \
            0, 0, 0, 0, 0, 0, 0, 0.0, 0, 0, 0, 0, 0, 0, 0, 0 \
    }
ITP_API int itp_fit_desc_init(void *desc, size_t size);

/* Fits `plan`, which stays as it is; *better is the new one, NULL on failure. The plan must be without noise, start
 * from noise, and be one of `model`'s. ITP_E_UNSUPPORTED: it is not; ITP_E_TOLERANCE: no two refinements of the
 * reference agree (allow more evaluations, or give a reference); ITP_E_NONFINITE: the network returned NaN or infinity
 * on the plan that came in; ITP_E_SINGULAR: a time of the network has no limit at a node, or the data prediction none
 * where a start ends early. */
ITP_API int itp_plan_fit(const itp_plan *plan, const itp_fit_desc *desc, itp_network_fn network, void *user,
                         itp_plan **better);

#ifdef __cplusplus
}
#endif
#endif

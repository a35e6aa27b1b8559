/* The diffusion: how much noise the process that is followed has on its way.
 *
 * dX = (b + eps s) dt + sqrt(2 eps) dW with the score s: every eps >= 0 keeps the marginals, so that it is chosen when
 * sampling and needs no training. eps* = alpha W/beta is the statistically optimal one (2602.03789). Kind K gives eps
 * as k eps*, k constant or a function of the position u, which no conversion of schedules changes. All others name eps
 * as a function of the time t of `schedule` and are converted from there (eps~ = c^2 tau' eps); the forms are SiT's
 * (2401.08740, appendix; its "SBDM" is K). n is `norm`.
 */
#ifndef INTERP_DIFFUSION_H
#define INTERP_DIFFUSION_H

#include <interp/schedule.h>

#ifdef __cplusplus
extern "C" {
#endif

enum {
    ITP_DIFFUSION_DEFAULT = 0,    /* K */
    ITP_DIFFUSION_K = 1,          /* "k": k eps*, k constant or k_fn */
    ITP_DIFFUSION_CONSTANT = 2,   /* "constant": n */
    ITP_DIFFUSION_SIGMA = 3,      /* "sigma": n alpha */
    ITP_DIFFUSION_LINEAR = 4,     /* "linear": n (1 - t) */
    ITP_DIFFUSION_DECREASING = 5, /* "decreasing": (n cos(pi t) + 1)^2/4 */
    ITP_DIFFUSION_SINE = 6,       /* "sine": n sin(pi t)^2 (SiT's "increasing-decreasing") */
    ITP_DIFFUSION_USER = 0x1000   /* "user": fn */
};

/* k as a function of the position u; must be finite and >= 0. Called while a plan is made, on the caller's thread. */
typedef double(ITP_CALL *itp_k_fn)(void *user, double u);
/* eps as a function of the time t of the diffusion's schedule; must be finite and >= 0. Called while a plan is made, on
 * the caller's thread. */
typedef double(ITP_CALL *itp_diffusion_fn)(void *user, double t);

/* A diffusion. Zero is the default of every field: none, the flow (ODE). Read while a plan is made. */
typedef struct itp_diffusion {
    size_t size;
    int32_t kind; /* ITP_DIFFUSION_* */
    int32_t reserved;
    double k;                     /* K: >= 0; 0: the flow (ODE), 1: the statistically optimal SDE */
    itp_k_fn k_fn;                /* K: used instead of k where not NULL */
    double norm;                  /* all but K and USER: n, finite and > 0; 0: 1 */
    const itp_schedule *schedule; /* all but K: whose t it is; NULL: the network's */
    itp_diffusion_fn fn;          /* USER */
    void *user;                   /* of k_fn or fn */
} itp_diffusion;
#define ITP_DIFFUSION_INIT ITP_INIT(itp_diffusion)

#ifdef __cplusplus
}
#endif
#endif

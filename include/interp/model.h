/* What a network is: the schedule of its input, what it returns, and how it wants the time named. */
#ifndef INTERP_MODEL_H
#define INTERP_MODEL_H

#include <interp/schedule.h>

#ifdef __cplusplus
extern "C" {
#endif

/* What the network returns, F, given x = alpha Z + beta X. Every one is `data = a x + b F` with two scalars of t.
 * "velocity" is dx/dt, E[alpha' Z + beta' X | x]; what some papers call v-prediction is "salimans-v". */
enum {
    ITP_PREDICT_VELOCITY = 1,   /* "velocity": b = E[alpha' Z + beta' X | x], derivatives by the schedule's t */
    ITP_PREDICT_DATA = 2,       /* "data": E[X | x] */
    ITP_PREDICT_NOISE = 3,      /* "noise": E[Z | x] */
    ITP_PREDICT_SCORE = 4,      /* "score": grad log p_t(x) = -E[Z | x]/alpha */
    ITP_PREDICT_SALIMANS_V = 5, /* "salimans-v": E[(beta Z - alpha X) | x]/sqrt(alpha^2 + beta^2) (2202.00512) */
    ITP_PREDICT_EDM = 6,        /* "edm": F of data = c_skip x_ve + c_out F (2206.00364, table 1), with sigma_data */
    ITP_PREDICT_NEGATIVE_VELOCITY = 7, /* "negative-velocity": noise - data where the schedule is linear (SD3, FLUX) */
    ITP_PREDICT_AFFINE = 0x1000        /* "affine": the user's a(t), b(t) */
};

/* The number the network is given as its time. */
enum {
    ITP_TIME_T = 1,         /* "t": the schedule's t */
    ITP_TIME_REVERSED = 2,  /* "1-t" */
    ITP_TIME_THOUSAND = 3,  /* "1000(1-t)" (SD3, FLUX, DDPM-like) */
    ITP_TIME_INDEX = 4,     /* "index": position in the table that made the schedule, with a fraction */
    ITP_TIME_LOG_SIGMA = 5, /* "log-sigma/4": log(alpha/beta)/4 (EDM's c_noise) */
    ITP_TIME_SIGMA = 6,     /* "sigma": alpha/beta (score networks of VE schedules). What flow networks call so, 1 - u,
                               is "1-t" of the linear schedule */
    ITP_TIME_USER = 0x1000  /* "user" */
};

/* 0: done; > 0: the call that asked returns that number; < 0: ITP_E_CALLBACK. Called while something is made. */
typedef int(ITP_CALL *itp_affine_fn)(void *user, const itp_schedule_point *at, double *a, double *b);
typedef int(ITP_CALL *itp_time_fn)(void *user, const itp_schedule_point *at, double *time);

/* A network. Zero is the default of every field: a velocity network trained on the linear schedule, given t. The struct
 * is read while an object is made from it; the schedule is kept as long as the object needs it. */
typedef struct itp_model {
    size_t size;
    const itp_schedule *schedule; /* of the network's INPUT; NULL: linear. EDM networks see c_in x: ITP_SCHEDULE_EDM */
    int32_t prediction;           /* ITP_PREDICT_*; 0: velocity */
    int32_t time;                 /* ITP_TIME_*; 0: t */
    double sigma_data;            /* ITP_PREDICT_EDM: > 0; 0: 0.5 */
    itp_affine_fn affine;         /* ITP_PREDICT_AFFINE: data = a x + b F */
    itp_time_fn time_fn;          /* ITP_TIME_USER */
    void *user;                   /* of both; they are called only while an object is made */
} itp_model;
#define ITP_MODEL_INIT ITP_INIT(itp_model)

/* The two scalars of G = a x + b F, where F is what `model` returns at the time t of its schedule and G the prediction
 * `to` (ITP_PREDICT_* except AFFINE) in the same schedule. ITP_E_SINGULAR where one of them has no finite limit: where
 * alpha = 0, from data (or affine) to anything else, and to the score; where beta = 0, from noise or score to anything
 * but these two; from and to a velocity that is itself infinite there (sqrt at both ends, sphere and vp-sde at t = 1),
 * but from it to the data at t = 1. ITP_E_RANGE: t outside [0, 1]; ITP_E_UNSUPPORTED: an unknown prediction;
 * ITP_E_ARGUMENT: a or b is NULL; the model's size, and its callbacks', as of itp_model_time. model NULL: the default
 * one. Any thread. */
ITP_API int itp_prediction_scalars(const itp_model *model, double t, int32_t to, double *a, double *b);

/* The same on arrays: out[i] = a x[i] + b f[i], i < count, of `type` (ITP_FLOAT32 | ITP_FLOAT64), rounded once. out may
 * be x or f; no other overlap. Errors as itp_prediction_scalars; ITP_E_ARGUMENT: an array is NULL and count is not 0;
 * ITP_E_UNSUPPORTED: type. out is then as it was. Any thread. */
ITP_API int itp_prediction_convert(const itp_model *model, double t, int32_t to, int32_t type, const void *x,
                                   const void *f, void *out, size_t count);

/* The number that the network is given at the time t of its schedule, t in [0, 1], else ITP_E_RANGE. model NULL: the
 * default one. ITP_E_UNSUPPORTED: an unknown time, or "index" without a table; ITP_E_SINGULAR: it has no finite limit
 * there (sigma at u = 0); ITP_E_ARGUMENT: `time` is NULL; ITP_E_SIZE, ITP_E_NEWER, ITP_E_OLDER: the model's size;
 * ITP_E_CALLBACK, and > 0: of time_fn. Any thread. */
ITP_API int itp_model_time(const itp_model *model, double t, double *time);

#ifdef __cplusplus
}
#endif
#endif

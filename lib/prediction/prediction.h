/* What a network is, resolved: everything a plan needs to know about it at one time. */
#ifndef ITP_PREDICTION_PREDICTION_H
#define ITP_PREDICTION_PREDICTION_H

#include <interp/model.h>

#include "base/kind.h"
#include "base/log.h"
#include "base/sized.h"
#include "schedule/schedule.h"

/* x times y + f times F; not finite where there is no limit. */
typedef struct itp_affine {
    double x, f;
} itp_affine;

typedef struct itp_network itp_network;
typedef struct itp_prediction_row itp_prediction_row;

/* The number that the network is given. */
typedef int (*itp_model_time_fn)(const itp_network *model, const itp_at *at, double *time);

/* Data, noise, and the linear schedule's velocity data - noise, from the network's input x and output F. */
typedef struct itp_views {
    itp_affine data, noise, velocity;
} itp_views;

struct itp_prediction_row {
    itp_named named;
    /* Not finite where there is no limit. ITP_E_CALLBACK. */
    int (*views)(const itp_network *model, const itp_at *at, itp_views *out);
    /* The prediction from what another one says; NULL: by inverting its own view of the velocity. */
    itp_affine (*write)(const itp_at *at, const itp_views *views);
};

struct itp_network {
    itp_model of; /* as the caller wrote it, and what its zeros stand for: */
    const itp_prediction_row *row;
    itp_model_time_fn time_at;
    const itp_schedule *schedule;
    double sigma_data;
};

/* What predictions and times read of a model beside its schedule. */
enum { ITP_READS_SIGMA_DATA = 1, ITP_READS_AFFINE = 2, ITP_READS_TIME_FN = 4 };
extern const itp_kind itp_kind_prediction, itp_kind_time;

/* The model's times at (u, w): t of its schedule. */
int itp_model_at(const itp_network *model, double u, double w, itp_at *out);

/* Data, noise, and the linear schedule's velocity data - noise, from the network's input x and output F. */
int itp_model_data(const itp_network *model, const itp_at *at, itp_affine *out);
int itp_model_noise(const itp_network *model, const itp_at *at, itp_affine *out);
int itp_model_velocity(const itp_network *model, const itp_at *at, itp_affine *out);

int itp_model_time_at(const itp_network *model, const itp_at *at, double *time);

/* The public view of a point, for the user's callbacks. */
typedef struct itp_roomy_point {
    itp_schedule_point known;
    unsigned char after[ITP_CALLBACK_ROOM - sizeof(itp_schedule_point)];
} itp_roomy_point;
itp_roomy_point itp_point_of(const itp_at *at);

#endif

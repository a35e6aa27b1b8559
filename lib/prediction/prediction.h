/* What a network is, resolved: everything a plan needs to know about it at one time. */
#ifndef ITP_PREDICTION_PREDICTION_H
#define ITP_PREDICTION_PREDICTION_H

#include <interp/prediction.h>

#include "base/log.h"
#include "base/sized.h"
#include "schedule/schedule.h"

/* x times y + f times F; not finite where there is no limit. */
typedef struct itp_affine {
    double x, f;
} itp_affine;

typedef struct itp_network {
    const itp_schedule *schedule;
    int32_t prediction, time;
    double sigma_data;
    itp_affine_fn affine;
    itp_time_fn time_fn;
    void *user;
} itp_network;

/* `desc` NULL: a velocity network on the linear schedule. Checks ids and callbacks. */
int itp_model_from(const itp_model_desc *desc, const itp_log *log, itp_network *out);

/* The model's times at (u, w): t of its schedule. */
int itp_model_at(const itp_network *model, double u, double w, itp_at *out);

/* Data, noise, and the linear schedule's velocity data - noise, from the network's input x and output F. */
int itp_model_data(const itp_network *model, const itp_at *at, itp_affine *out);
int itp_model_noise(const itp_network *model, const itp_at *at, itp_affine *out);
int itp_model_velocity(const itp_network *model, const itp_at *at, itp_affine *out);

/* The number that the network is given. */
int itp_model_time_at(const itp_network *model, const itp_at *at, double *time);

/* The public view of a point, for the user's callbacks. */
typedef struct itp_roomy_point {
    itp_schedule_point known;
    unsigned char after[ITP_CALLBACK_ROOM - sizeof(itp_schedule_point)];
} itp_roomy_point;
itp_roomy_point itp_point_of(const itp_at *at);

#endif

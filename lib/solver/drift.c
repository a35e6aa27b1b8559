#include "solver/drift.h"

#include <math.h>

/* At a point mass, where C = 0, the family knows the limit: g times the data prediction z + v (w = 1 there), the state
 * itself being 0. */
int itp_station_drift(itp_station *station, const itp_schedule *sampling, itp_k_at k, itp_affine *out)
{
    const itp_at *at = &station->sampling;
    int status = itp_station_sampling(station, sampling);
    if (status) {
        return status;
    }
    double scale = at->alpha + at->beta;
    if (scale == 0) {
        const itp_family *family = sampling->family;
        out->x = out->f = family->start ? family->start(sampling, k.k) : NAN;
    } else {
        out->x = at->dalpha + at->dbeta - (k.k_u > 0 ? k.k_u * at->W / scale : 0);
        out->f = (1 + k.k) * at->W / scale;
    }
    return isfinite(out->x) && isfinite(out->f) ? ITP_OK : ITP_E_SINGULAR;
}

int itp_drift_scalars(const itp_schedule *sampling, const itp_network *model, const itp_node *at, itp_k_at k,
                      itp_drift_at *out)
{
    itp_affine factors = {0, 0};
    itp_station here;
    itp_station_begin(&here, at);
    int status = itp_station_drift(&here, sampling, k, &factors);
    status = status ? status : itp_station_network(&here, model);
    if (status) {
        return status;
    }
    double scale = here.sampling.alpha + here.sampling.beta;
    out->time = here.time;
    out->data = itp_station_data(&here);
    out->to_network = here.network_scale / scale;
    out->state = factors.x / scale + factors.f * here.views.velocity.x * out->to_network;
    out->output = factors.f * here.views.velocity.f;
    return scale > 0 ? ITP_OK : ITP_E_SINGULAR;
}

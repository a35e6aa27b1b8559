/* Conversion between two schedules through the linear one: with u the position, scale = alpha + beta and
 * du/dt = W/scale^2, every quantity is regular wherever both schedules are (2602.03789). */
#include <math.h>

#include "base/float_env.h"
#include "base/sized.h"
#include "schedule/schedule.h"

static itp_conversion between(const itp_at *from, const itp_at *to)
{
    double scale = from->alpha + from->beta, target = to->alpha + to->beta;
    itp_conversion out = ITP_CONVERSION_INIT;
    out.c = target / scale;
    out.dtau = to->du * (scale * scale) * from->inv_W;
    out.dc = (to->dalpha + to->dbeta) / scale - out.c * to->du * scale * (from->dalpha_W + from->dbeta_W);
    out.eps = to->W * from->inv_W;
    return out;
}

static const itp_conversion IDENTITY = {sizeof IDENTITY, 0, 1, 1, 0, 1};

/* c' = C'/m - c m' tau'/m, and m' tau' = (m'/W) m^2 u': with a linear source m' = 0, whatever u' is. */
static int convert(const itp_schedule *from, const itp_schedule *to, double t, itp_conversion *out)
{
    itp_at source, target;
    double tau;
    int status = itp_schedule_at(to, t, &target);
    status = status ? status : itp_schedule_locate(from, target.u, target.w, &tau);
    status = status ? status : itp_schedule_at(from, tau, &source);
    if (status) {
        return status;
    }
    *out = from == to ? IDENTITY : between(&source, &target);
    out->tau = tau;
    if (from != to && source.dalpha_W + source.dbeta_W == 0) {
        out->dc = (target.dalpha + target.dbeta) / (source.alpha + source.beta);
    }
    return ITP_OK;
}

static ITP_APART int schedule_convert(const itp_schedule *from, const itp_schedule *to, double t, itp_conversion *out)
{
    itp_conversion conversion;
    if (!from || !to || !out) {
        return ITP_E_ARGUMENT;
    }
    if (!(t >= 0 && t <= 1)) {
        return ITP_E_RANGE;
    }
    int status = convert(from, to, t, &conversion);
    return status ? status : itp_struct_write(out, &conversion, sizeof conversion);
}

int itp_schedule_convert(const itp_schedule *from, const itp_schedule *to, double t, itp_conversion *out)
{
    itp_float_env env;
    itp_float_env_enter(&env);
    return itp_float_env_leave(&env, schedule_convert(from, to, t, out));
}

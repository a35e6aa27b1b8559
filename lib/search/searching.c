#include "search/searching.h"

#include <math.h>

#include "base/sized.h"

double itp_candidate_error(const itp_candidate *of)
{
    double mean = of->seeds ? of->sum / of->seeds : INFINITY;
    return isfinite(mean) ? sqrt(mean) : INFINITY;
}

uint64_t itp_search_weight(const itp_search *search)
{
    return itp_fitting_guided(&search->fit) ? 2 : 1;
}

int itp_search_tell(itp_search *search)
{
    const itp_search_desc *d = &search->desc;
    struct {
        itp_search_report known;
        unsigned char after[ITP_CALLBACK_ROOM - sizeof(itp_search_report)];
    } report = {.known = search->report};
    if (!d->progress) {
        return 0;
    }
    itp_float_env_leave(search->fit.env, 0);
    int answer = d->progress(d->progress_user, &report.known);
    itp_float_env_enter(search->fit.env);
    if (answer < 0) {
        (void)itp_stopped(&search->log, "progress", answer, -1);
        return ITP_E_CALLBACK;
    }
    return answer > 0;
}

#include "search/entries.h"

#include <math.h>

/* Of a root mean square, from the sums of n mean squares and of their squares. */
static double error_of(double sum, int32_t n)
{
    double mean = n ? sum / n : INFINITY;
    return isfinite(mean) ? sqrt(mean) : INFINITY;
}

static double standard_error_of(double sum, double squares, int32_t n)
{
    double error = error_of(sum, n), mean = n ? sum / n : 0;
    if (n < 2 || !isfinite(error) || !isfinite(squares) || !(error > 0)) {
        return 0;
    }
    double variance = (squares / n - mean * mean) * n / (n - 1);
    return variance > 0 ? sqrt(variance / n) / (2 * error) : 0;
}

itp_search_entry itp_entry_of(const itp_search *search, const itp_candidate *of)
{
    itp_search_entry entry = ITP_SEARCH_ENTRY_INIT;
    int tested = of->tested > 0;
    int32_t n = tested ? of->tested : of->seeds;
    double sum = tested ? of->test_sum : of->sum, squares = tested ? of->test_squares : of->squares;
    entry.text = (const char *)search->texts.data + of->text;
    entry.error = error_of(sum, n);
    entry.standard_error = standard_error_of(sum, squares, n);
    entry.chosen = error_of(of->sum, of->seeds);
    entry.rehearsed = of->rehearsed;
    entry.seeds = (uint64_t)n;
    entry.tested = tested;
    entry.round = of->round;
    entry.evaluations = of->rows;
    entry.names = of->names;
    entry.status = of->status;
    return entry;
}

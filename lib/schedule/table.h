/* Tables: samples of (alpha, beta) at evenly spaced t, monotone cubics in log r between them. */
#ifndef ITP_SCHEDULE_TABLE_H
#define ITP_SCHEDULE_TABLE_H

#include "base/log.h"
#include "schedule/schedule.h"

/* Builds schedule->table from the descriptor, or says why not. */
int itp_table_new(itp_schedule *schedule, const itp_schedule_desc *desc, const itp_report *log);

/* Where in a table the time t stands, counted in samples from t = 0; whole where t is a sample's own time, rounded. */
double itp_table_position(const itp_schedule *schedule, double t);

void itp_table_free(itp_schedule *schedule);

#endif

/* Tables: samples of (alpha, beta) at evenly spaced t, monotone cubics in log r between them. */
#ifndef ITP_SCHEDULE_TABLE_H
#define ITP_SCHEDULE_TABLE_H

#include "base/log.h"
#include "schedule/schedule.h"

/* Builds schedule->table from the schedule's description, whose lists then are its own, or says why not. */
int itp_table_new(itp_schedule *schedule, const itp_report *log);

/* What DDPM's betas begin and end with where nothing else is said. */
#define ITP_BETA_START 1e-4
#define ITP_BETA_END .02

/* The same from the betas that are described. */
int itp_ddpm_new(itp_schedule *schedule, const itp_report *log);

/* Where in a table the time t stands, counted in samples from t = 0; whole where t is a sample's own time, rounded. */
double itp_table_position(const itp_schedule *schedule, double t);

void itp_table_free(itp_schedule *schedule);

#endif

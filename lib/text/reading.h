/* Text read into structs, by the tables of their kinds: name(key=value, ...). */
#ifndef ITP_TEXT_READING_H
#define ITP_TEXT_READING_H

#include "base/kind.h"
#include "base/log.h"
#include "base/memory.h"
#include "schedule/schedule.h"

/* What was made for a text on the way: lists of numbers, schedules. */
enum { ITP_READING_PARTS = 16 };

typedef struct itp_reading {
    const char *text, *at; /* the whole, and what comes next */
    const itp_report *log;
    const itp_memory *memory;
    const itp_env *env;    /* the same two, for schedules */
    const itp_kind *whole; /* the one whose items are read; NULL: none */
    /* Names whose owners mean another row where the network is a flow. */
    int32_t name_count;
    struct {
        const itp_kind *kind;
        const itp_named *row;
        const char *text;
        int32_t length, others; /* 1: not our own spelling */
    } names[ITP_READING_PARTS];
    int32_t part_count;
    struct {
        void *list;
        size_t bytes;
        itp_schedule *schedule;
    } parts[ITP_READING_PARTS];
} itp_reading;

/* "name" or "name(key=value, value, ...)" into the kind's struct, whose other fields stay as they are. Values without a
 * key are taken for the fields in their order. */
int itp_read_named(itp_reading *from, const itp_kind *kind, void *into);

/* "key=value key=value ..." up to the end of the text; the fields of the one row that the kind has. *given gets a bit
 * for each field. */
int itp_read_items(itp_reading *from, const itp_kind *kind, void *into, uint64_t *given);

/* ITP_E_ARGUMENT: something follows. */
int itp_read_end(itp_reading *from);

/* Frees the lists and drops the schedules. */
void itp_reading_free(itp_reading *from);

#endif

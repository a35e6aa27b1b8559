/* One file for each shard, there whole or not at all: written under another name, then renamed.
 *
 * 64 bytes of header, then the samples, float32 [count][2], in the byte order of the machine. */
#ifndef SHARDS_SHARD_FILE_H
#define SHARDS_SHARD_FILE_H

#include <stddef.h>
#include <stdint.h>

typedef struct shard_header {
    uint64_t magic;
    uint64_t job;          /* hash of everything that the samples depend on */
    uint64_t first, count; /* samples */
    uint64_t digest;       /* of the samples: tally.h */
    uint64_t reserved[3];
} shard_header;

enum {
    SHARD_READ,
    SHARD_ABSENT,  /* or of an earlier run with fewer samples, where it was the last one */
    SHARD_DAMAGED, /* not a whole shard */
    SHARD_FOREIGN, /* of another job */
    SHARD_FAILED   /* errno says why */
};

/* Both leave the name of the file in `path`, for messages. */
enum { SHARD_PATH = 1024 };
typedef struct shard_name {
    const char *folder;
    uint64_t index;
    char path[SHARD_PATH];
} shard_name;

/* 0, or -1 and errno. The file appears only when all of it is on the disk. */
int shard_write(shard_name *name, const shard_header *header, const float *x, size_t count);

/* SHARD_READ: x holds the samples, header->digest what they should sum to, which the caller compares. `header` says
 * before the call which job, first and count are wanted; x has room for `count` floats. */
int shard_read(shard_name *name, shard_header *header, float *x, size_t count);

#endif

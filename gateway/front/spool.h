#ifndef GATEWAY_FRONT_SPOOL_H
#define GATEWAY_FRONT_SPOOL_H

#include "validators/base/err.h"
#include "validators/base/str.h"

/*
 * One body on its way in: written to a memfd while it is hashed and, when it was sent with gzip,
 * inflated. What is limited and hashed is the decoded file. All spools draw on one budget, each
 * through its sender's share of it, so that no number of bodies can take the machine's memory and
 * no sender the room of the others.
 */
enum { SPOOL_DIGEST_SIZE = 32, SPOOL_RATIO_MAX = 20, SPOOL_RATIO_FLOOR = 1024 * 1024 };

struct spool_budget {
    int64_t              size_max;
    int64_t              used;
    struct spool_budget *whole; /* what this is a share of; NULL: of nothing */
};

enum spool_result {
    SPOOL_OK,
    SPOOL_TOO_LARGE, /* longer than one file may be, or inflates more than SPOOL_RATIO_MAX-fold */
    SPOOL_NO_ROOM,   /* the budget is used up: try again later */
    SPOOL_NO_SHARE,  /* the sender's share of it is */
    SPOOL_BAD_GZIP,  /* damaged, cut off, or bytes behind its end */
    SPOOL_FAILED,    /* the system refused: *fault */
};

struct spool {
    struct spool_budget *budget;
    struct hashing      *hashing;   /* private */
    struct inflating    *inflating; /* private; NULL: the body is the file */
    int                  fd;        /* -1: none */
    size_t               size;      /* of the decoded file so far */
    size_t               size_max;
    size_t               received;                  /* bytes as they came */
    unsigned char        sha256[SPOOL_DIGEST_SIZE]; /* of the decoded file, after spool_finish */
};

/* Begin; what it holds is given back with arena or by spool_drop, whichever comes first. */
MUST_USE enum spool_result spool_open(struct spool *spool, struct arena *arena,
                                      struct spool_budget *budget, size_t size_max, bool gzip,
                                      struct fault *fault);

MUST_USE enum spool_result spool_take(struct spool *spool, struct str bytes, struct fault *fault);

/* The body has ended: complete the digest and seal the memfd. */
MUST_USE enum spool_result spool_finish(struct spool *spool, struct fault *fault);

/* Give the memfd and its part of the budget back; again: nothing. */
void spool_drop(struct spool *spool);

#endif

#ifndef GATEWAY_INTAKE_ADMISSION_H
#define GATEWAY_INTAKE_ADMISSION_H

#include "gateway/intake/queue.h"

/*
 * The first commit of a submission: its arrival, its bytes, the claims of its key and digest, and
 * the lease of the worker that has it. Everything that was admitted and not concluded is the queue
 * (queue.h). One transaction for a whole batch.
 *
 * Identity: one Idempotency-Key of a subject stands for one body; one body of a subject stands for
 * its newest submission, and only a rejected one can be followed by a new one (design.md 2.3).
 */
struct arrival {
    struct uuid   id;
    int64_t       subject;
    int64_t       credential;  /* of a program; 0: a person filed */
    struct uuid   appointment; /* of that person; nil: a program filed */
    struct str    key; /* 1 .. ADMISSION_KEY_MAX bytes of UTF-8 without NUL, else ERR_USAGE */
    unsigned char sha256[32];
    struct str    bytes;
    instant       first_byte; /* by the machine's clock: the offset of TEST is added here */
    instant       last_byte;  /* one before first_byte (a clock set back) counts as first_byte */
    bool          strict;
    struct str    objection; /* codes of rules that the sender objects to; empty: none */
    struct str    objection_reason;
};

enum { ADMISSION_BATCH_MAX = 64, ADMISSION_KEY_MAX = 255 };

enum admission {
    ADMISSION_NEW = 1,
    ADMISSION_AGAIN,      /* this very id is here already: handed over a second time */
    ADMISSION_REPEAT_KEY, /* same key, same body: id is the original's */
    ADMISSION_REPEAT_BODY,
    ADMISSION_KEY_REUSED, /* same key, other body: nothing is stored; id is the arrival's */
    ADMISSION_EXPIRED,    /* its credential, or its appointment, is over since: nothing is stored */
    ADMISSION_REVOKED,    /* or was revoked, or ended, since */
};

struct admitted {
    enum admission admission;
    struct uuid    id;      /* that answers for it */
    bool           final;   /* AGAIN, REPEAT: decided or parked already */
    instant        arrived; /* data wpływu of that submission; KEY_REUSED: 0 */
};

struct admission_batch {
    const struct arrival *arrivals;
    size_t                count; /* at most ADMISSION_BATCH_MAX, else ERR_USAGE */
    struct lease          lease; /* of the new ones */
};

/*
 * Admit the batch in one transaction and commit; *out: one for each arrival. The same key or body
 * twice within the batch is handled as if one came after the other. Documents are stored by zstd
 * level 1 unless that makes them longer.
 * After ERR_STORE_UNCERTAIN the caller reopens and calls again with the same ids: AGAIN tells it.
 * A lost race with another worker is tried again here, a few times, before ERR_STORE_CONFLICT.
 */
MUST_USE enum err admission_run(struct store *store, struct arena *arena,
                                const struct admission_batch *batch, struct admitted *out,
                                struct fault *fault);

#endif

#ifndef GATEWAY_SUBMISSION_BATCH_H
#define GATEWAY_SUBMISSION_BATCH_H

#include "gateway/fingerprint/fingerprint.h"
#include "gateway/intake/admission.h"
#include "gateway/intake/conclusion.h"
#include "gateway/wire/filing.h"
#include "gateway/wire/link.h"
#include "validators/check/checked.h"

/*
 * What goes through the stages together (stage.h): documents of the front, or rows of the queue. A
 * submission is grouped by the stage that fills each group; a filled group is read-only. Everything
 * lives in the batch's arena, which has a ceiling, and ends with it.
 */
enum { BATCH_DOCUMENTS_MAX = 64 };

/* The ceiling of one batch: its documents, what was read from them, their receipts. */
#define BATCH_MEMORY ((size_t)1 << 30U)

/* Where a submission's way through this batch has ended; nothing more is done for it here. */
enum leaving {
    LEAVING_NOT = 0,  /* it goes on */
    LEAVING_ANSWERED, /* a repeat, a reused key, or it was concluded by somebody else */
    LEAVING_QUEUED,   /* it stays in the queue, nothing is counted */
    LEAVING_TRIED,    /* this attempt has failed: counted, or it is parked already */
    LEAVING_CONCLUDED,
};

struct submission {
    /* Where it comes from. */
    bool          is_filing; /* of the front; otherwise a row of the queue */
    unsigned      front;     /* whose filing it is */
    struct filing filing;
    int           document; /* a sealed blob; -1: none yet */
    struct str    bytes;
    enum leaving  leaving;
    bool          delivery; /* nothing is decided now: a receipt of delivery */
    bool          parked;   /* the delivery is the end of it */
    bool          refused;  /* so it is, because its sender wanted no set to be inconsistent */
    struct str    reason;   /* of the delivery, in Polish */

    /* admit */
    struct admitted admitted;
    struct queued   queued;

    /* check */
    const struct checked *checked;

    /* decide */
    struct registry_answer    *units;
    struct decision_unit      *standings;
    struct str                 switched_off; /* codes of rules that are off for its arrival */
    int64_t                    switches;     /* as of this switch */
    const struct decided_file *decided;
    const int64_t *lock_keys;      /* every JST whose reports may change; the first is the one */
    size_t         lock_key_count; /* of the package, others are of decisions before */
    unsigned char  registry_sha256[FINGERPRINT_SIZE];
    struct figures figures;                            /* that its reports are held against */
    unsigned char  reference_sha256[FINGERPRINT_SIZE]; /* zeros: nothing was in force for them */
    instant        decided_at;
};

struct batch {
    struct arena      *arena;
    struct submission *items;
    size_t             count;
    size_t             bytes;
};

/* What a batch may hold; a document longer than bytes_max goes alone. */
struct batch_limits {
    size_t documents_max; /* at most BATCH_DOCUMENTS_MAX */
    size_t bytes_max;
};

/* An empty batch with an arena of its own. ERR_MEMORY. */
MUST_USE enum err batch_create(struct batch *out, struct fault *fault);

/* Close the documents and end the arena. */
void batch_destroy(struct batch *batch);

/* Whether one more document of this size may go with those that are in. */
bool batch_has_room(const struct batch *batch, const struct batch_limits *limits, size_t size);

/* A zeroed place at the end, with .document = -1. There is room for BATCH_DOCUMENTS_MAX. */
struct submission *batch_add(struct batch *batch, size_t size);

#endif

#ifndef GATEWAY_WIRE_FILING_H
#define GATEWAY_WIRE_FILING_H

#include "gateway/wire/wire.h"
#include "validators/base/moment.h"
#include "validators/base/uuid.h"

/*
 * front <-> worker: a document on its way (WIRE_FILING, with the document as a sealed blob) and
 * what has become of it (WIRE_NEWS). A filing is answered by FILING_ADMITTED or one of the
 * refusals, then by FILING_DECIDED; the other purposes by one FILING_RESULT or FILING_FAILED.
 */
enum {
    FILING_KEY_MAX = 255,
    FILING_DIGEST_SIZE = 32,
    FILING_OBJECTION_MAX = 160,
    FILING_OBJECTION_REASON_MAX = 2000, /* bytes */
};

enum filing_purpose {
    FILING_SUBMIT = 1,
    FILING_VALIDATE,       /* nothing is stored */
    FILING_VERIFY_RECEIPT, /* the document is a receipt */
    FILING_WITHDRAW,       /* take back what was filed; the document is "{}" */
    FILING_REASON,         /* why a report was corrected; the document is JSON */
    FILING_EXPLAIN,        /* an answer to one query; the document is JSON */
    FILING_EXPLAIN_ALL,    /* answers to many; the document is CSV */
    FILING_OBJECT,         /* to what a rule between reports has found; the document is JSON */
};

/* Which state of an entry a change is of: If-Match. */
enum {
    FILING_REVISION_MAX = 8388607,
    FILING_REVISION_OTHER, /* a tag that we have given to nothing */
    FILING_REVISION_NONE,  /* not said */
};

struct filing {
    uint64_t            handle; /* front's own; comes back unchanged */
    enum filing_purpose purpose;
    struct uuid         id;          /* of the submission; the same when it is handed over again */
    struct uuid         request;     /* X-Request-Id, for the log */
    int64_t             subject;     /* unit that the sender acts for; 0 for nobody */
    int64_t             credential;  /* of a program; 0 for a person and for nobody */
    struct uuid         appointment; /* in which a person files; nil for all others */
    struct str          key;         /* Idempotency-Key; SUBMIT only */
    unsigned char       sha256[FILING_DIGEST_SIZE];
    uint64_t            size;
    instant             first_byte; /* by the machine's clock, without the offset of TEST */
    instant             last_byte;
    bool                strict;    /* ?strict=true */
    struct str          objection; /* SUBMIT: codes of rules, ',' between them; empty: none */
    struct str          objection_reason;
    struct uuid         about;   /* all that change what was filed: the submission, or */
    uint64_t            set;     /* EXPLAIN, EXPLAIN_ALL, OBJECT: of a set; 0: of a submission */
    uint32_t            report;  /* REASON, EXPLAIN: ordinal in its package, from 1 */
    uint64_t            finding; /* EXPLAIN: its number in the newest decision; of a set: its own */
    uint32_t            revision; /* REASON, EXPLAIN */
    bool                partial;  /* EXPLAIN_ALL: what is good is kept although some is not */
};

enum filing_news_kind {
    FILING_ADMITTED = 1, /* committed: data wpływu is certain */
    FILING_REPEAT,       /* the same key and body, or the same body from the same sender, were here:
                            id is the original's */
    FILING_KEY_REUSED,   /* the key was used with another body: refused, nothing is stored */
    FILING_DECIDED,      /* id has a decision and its receipts are committed (also handle 0: of any
                            submission whose state has changed, to wake those who wait) */
    FILING_RESULT,       /* the answer is in the blob: JSON, status is HTTP's */
    FILING_BUSY,         /* cannot be taken now: 503, try again; nothing is stored */
    FILING_EXPIRED,      /* credential or appointment is over since the front knew it: nothing is
                            stored */
    FILING_REVOKED,      /* or was revoked since */
    FILING_FAILED,       /* our fault: 500; whether something is stored is not known */
};

struct filing_news {
    uint64_t              handle;
    enum filing_news_kind kind;
    struct uuid           id;
    bool                  decided;  /* REPEAT: the original is decided or parked, no need to wait */
    bool                  by_key;   /* REPEAT: told by the same key, not by the same body alone */
    int                   status;   /* RESULT only */
    uint32_t              revision; /* RESULT: the ETag of the entry; 0: none */
};

void          filing_encode(struct buf *out, const struct filing *filing);
MUST_USE bool filing_decode(struct arena *arena, struct str body, struct filing *out);
void          filing_news_encode(struct buf *out, const struct filing_news *news);
MUST_USE bool filing_news_decode(struct str body, struct filing_news *out);

#endif

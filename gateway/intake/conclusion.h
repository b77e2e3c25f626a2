#ifndef GATEWAY_INTAKE_CONCLUSION_H
#define GATEWAY_INTAKE_CONCLUSION_H

#include "gateway/intake/filed.h"
#include "gateway/intake/queue.h"
#include "gateway/registry/registry.h"
#include "validators/decision/decision.h"

/*
 * The second commit of a submission: its decision, reports, lines, findings, signatures, the row of
 * the log, receipts, what is in force, the outbox. One transaction for a whole batch; the steps are
 * called in this order by the stage that concludes:
 *
 *     conclusion_begin, conclusion_lock     the JST of the batch; what is not obtained stays queued
 *     conclusion_context                    what the decision must know of earlier reports
 *     conclusion_write                      COPY of all that needs no log index
 *     conclusion_head                       the single head of the log is locked, last of all locks
 *     conclusion_finish_settle                     reports, decisions, what is in force
 *     conclusion_finish                     log rows, receipts, states
 *     store_commit
 *
 * unique(submission, n) makes double work harmless: it is told as ERR_STORE_CONFLICT, the caller
 * looks at the row again and finds it concluded. What is in force: in_force.h, redecision.h.
 */

struct concluded_receipt {
    struct str  number;
    const char *kind; /* "unit", "summary", "delivery" */
    int64_t     unit; /* 0: unknown or the sender's */
    struct str  regon;
    struct str  bytes;
    size_t      report_from; /* the reports that it states: a run of those of the package */
    size_t      report_count;
};

/* One submission on its way through the second commit. */
struct concluding {
    const struct queued       *queued;
    struct str                 bytes;     /* the document */
    const struct decided_file *decided;   /* NULL: delivery only */
    const struct catalogue    *catalogue; /* that it was decided with; NULL for a delivery */
    struct str                 engine;    /* "brama 0.2.0" */
    enum environment           environment;
    struct str                 receiver;     /* as receipts name it */
    struct str                 switched_off; /* codes of rules that were off when it was decided */
    int64_t                    switches;     /* the newest switch of a rule that was known then */
    const struct registry_answer *units;     /* one for each package unit; set before locking */
    size_t                        unit_count;
    int                           n;       /* number of this decision: queued->n + 1 */
    bool                          parked;  /* delivery after the last attempt */
    bool                          refused; /* delivery that its sender's own wish has ended */
    struct str                    reason;  /* delivery: why nothing is decided */
    unsigned char                 definitions_sha256[32];
    unsigned char                 trust_sha256[32];
    unsigned char                 registry_sha256[32];
    unsigned char                 calendar_sha256[32];
    unsigned char                 reference_sha256[32]; /* zeros: no figures were in force */
    instant                       decided_at;           /* offset included */
    struct before       *before;    /* filled by conclusion_context: one for each report, and */
    struct filed        *filed;     /* one for each report */
    uint64_t             log_index; /* filled by conclusion_head, as the next two */
    unsigned char        log_leaf[32];
    unsigned char        log_chain[32];
    struct filed_outages outages;             /* set by the stage before conclusion_write */
    const struct concluded_receipt *receipts; /* set by the stage before conclusion_finish */
    size_t                          receipt_count;
};

/* None in a delivery. */
size_t conclusion_report_count(const struct concluding *item);

/* Whether figures from outside were in force for it: its decision names them. */
bool conclusion_has_reference(const struct concluding *item);

/* Findings of the package and of all its reports; *cut: those beyond the limits, counted only. */
size_t conclusion_finding_count(const struct concluding *item, size_t *cut);

/* Room for what is known of each report (before, filed), and what the file itself tells of it. */
MUST_USE enum err conclusion_context_file(struct arena *arena, struct concluding *item,
                                          struct fault *fault);

/* BEGIN, and the time now with TEST's offset. */
MUST_USE enum err conclusion_begin(struct store *store, struct arena *arena, instant *now,
                                   struct fault *fault);

/* Try the advisory locks of all keys in one statement; obtained[i] belongs to keys[i]. */
MUST_USE enum err conclusion_lock(struct store *store, struct arena *arena, const int64_t *keys,
                                  size_t count, bool *obtained, struct fault *fault);

/* What is in force for every report of every item; one round trip. Also tells (done[i]) which
 * submissions have been concluded by somebody else meanwhile: leave them out. */
MUST_USE enum err conclusion_context(struct store *store, struct arena *arena,
                                     struct concluding *items, size_t count, bool *done,
                                     struct fault *fault);

MUST_USE enum err conclusion_write(struct store *store, struct arena *arena,
                                   const struct concluding *items, size_t count,
                                   struct fault *fault);

/* Lock the head, give every item its index and leaf. Serial numbers of receipts are
 * log index * 8192 + ordinal in the decision. */
MUST_USE enum err conclusion_head(struct store *store, struct arena *arena,
                                  struct concluding *items, size_t count, struct fault *fault);

/* The reports and decisions are in the store, and what is in force is so there. */
MUST_USE enum err conclusion_finish_settle(struct store *store, struct arena *arena,
                                           struct concluding *items, size_t count,
                                           struct fault *fault);

MUST_USE enum err conclusion_finish(struct store *store, struct arena *arena,
                                    struct concluding *items, size_t count, struct fault *fault);

/* Store definitions or trust once, so that what a decision names can be found. Commits. */
MUST_USE enum err conclusion_material(struct store *store, struct arena *arena, const char *kind,
                                      const unsigned char sha256[32], struct str bytes,
                                      struct fault *fault);

#endif

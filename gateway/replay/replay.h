#ifndef GATEWAY_REPLAY_REPLAY_H
#define GATEWAY_REPLAY_REPLAY_H

#include "gateway/replay/replay_target.h"

/*
 * A decision made once more from what it was made of (design.md 2.12): the stored document, the
 * definitions and the trust by their digests, the registry's answers and the reports in force as
 * they were recorded with it. What comes out is compared with what is stored: the facts of every
 * receipt byte for byte (all but the seal), the leaf of the log, the rows of the decision, its
 * reports, findings, signatures and lines. Reads alone, in one snapshot; the document is read in
 * the sandboxed child of checker.h, under the same terms as at first.
 */
enum replay_state { REPLAY_SAME = 0, REPLAY_DIFFERS, REPLAY_MISSING };

enum { REPLAY_REMARKS_MAX = 100 };

/* One input or result, in the operator's words. Texts are clipped. */
struct replay_remark {
    enum replay_state state; /* never SAME: what is the same is not remarked */
    struct str        what;  /* "UPO 990000022-...: element DataWplywu" */
    struct str        recorded;
    struct str        again;
};

struct replay {
    enum replay_state     state; /* the worst of the remarks */
    struct str            kind;  /* "decision", "delivery" */
    struct str            engine;
    bool                  engine_differs; /* decided by another version of the program */
    unsigned char         definitions_sha256[32];
    struct replay_remark *remarks;
    size_t                remark_count;
    size_t                more;          /* remarks beyond the limit, counted only */
    size_t                receipt_count; /* as stored */
    size_t                same_count;    /* of them, the same in every byte but the seal */
};

/*
 * engine: "brama 0.2.0", of this program. Within a transaction of the caller, who must have one
 * thread (checker.h). A difference is a result; failures are those of the store, and ERR_MEMORY.
 */
MUST_USE enum err replay_run(struct store *store, struct arena *arena,
                             const struct replay_target *target, struct str engine,
                             struct replay *out, struct fault *fault);

#endif

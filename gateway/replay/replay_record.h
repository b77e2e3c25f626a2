#ifndef GATEWAY_REPLAY_REPLAY_RECORD_H
#define GATEWAY_REPLAY_REPLAY_RECORD_H

#include "gateway/intake/context.h"
#include "gateway/replay/replay.h"

/* What is stored of a decision and of what it was made of; texts without data are missing. */
struct replay_receipt {
    struct str number;
    struct str bytes;
    bool       intact; /* its digest is that of its bytes */
};

struct replay_record {
    struct queued          queued; /* as the stages had it, but for the sender's name */
    struct str             kind;
    struct str             reason;
    instant                decided_at;
    struct str             definitions_sha256, trust_sha256, registry_sha256, calendar_sha256;
    struct str             reference_sha256; /* empty: held against no figures */
    struct str             engine;
    int64_t                log_index;
    struct str             encoding;
    struct str             packed; /* the document */
    struct str             context;
    struct str             leaf;
    struct str             definitions;
    struct str             trust;
    int64_t               *reports; /* their numbers, by ordinal */
    size_t                 report_count;
    struct replay_receipt *receipts;
    size_t                 receipt_count;
};

/* ERR_USAGE when there is no such decision. */
MUST_USE enum err replay_record_read(struct store *store, struct arena *arena,
                                     const struct replay_target *target, struct replay_record *out,
                                     struct fault *fault);

#endif

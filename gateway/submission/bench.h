#ifndef GATEWAY_SUBMISSION_BENCH_H
#define GATEWAY_SUBMISSION_BENCH_H

#include "gateway/config/config.h"
#include "gateway/definitions/definitions.h"
#include "gateway/fingerprint/fingerprint.h"
#include "gateway/intake/queue.h"
#include "gateway/release/rule_switch.h"
#include "gateway/setbook/rework.h"
#include "gateway/submission/facts.h"
#include "gateway/submission/neighbours.h"

/*
 * What submissions are worked on with: definitions, trust, the store, the neighbours. Made once;
 * only the connection and the mode change. No file is opened after bench_open.
 */
struct bench {
    const struct config *config;
    struct definitions   definitions;
    enum environment     environment;
    struct facts_frame   frame;
    struct str           engine; /* "brama 0.2.0" */
    unsigned char        trust_sha256[FINGERPRINT_SIZE];
    struct str           trust;    /* PEM */
    struct rule_switches switches; /* rules that are off; renewed by renewal.h */
    bool                 stale;    /* somebody has switched a rule since they were read */
    struct lease         lease;
    uint64_t             seed; /* of what hashes; drawn once */
    struct store        *store;
    struct neighbours    neighbours;
    bool   receive_only;         /* too much waits: admit and receipt delivery, decide later */
    bool   hurry;                /* something was left in the queue that can be done now */
    size_t alone;                /* so many rows of the queue are to be taken one at a time */
    struct rework_asking sets;   /* what other definitions have judged: asked for by set_turn.h */
    bool                 reborn; /* what bears our name was left by a death: see queue_wish */
};

/*
 * Load definitions and trust (in arena), name the lease "node/slot". The store and the neighbours
 * are set by the caller. Fails as definitions_load and file_read do.
 */
MUST_USE enum err bench_open(struct arena *arena, const struct config *config, unsigned slot,
                             struct bench *out, struct fault *fault);

/* What documents must be read with, so that their decisions name what was read with. */
struct job_material bench_material(const struct bench *bench);

/* What sets are judged with. */
struct setbook_tools bench_setbook(const struct bench *bench);

/* Store the definitions and the trust that decisions will name; what other definitions have judged
 * is to be looked for from now on. Commits. */
MUST_USE enum err bench_file_material(struct bench *bench, struct fault *fault);

#endif

#ifndef GATEWAY_READER_EDITION_H
#define GATEWAY_READER_EDITION_H

#include "gateway/release/release.h"
#include "validators/catalogue/catalogue.h"

/*
 * The definitions that the reader answers by: those of the release in force, else those that it
 * started with. A release is read and compiled once, by the first question that meets it, and kept
 * until another one is in force. What cannot be read or does not compile leaves those of before, as
 * at a worker (submission/renewal.h), and is told once. Without a database those hold that were
 * known last.
 */
#define EDITION_PAUSE (INT64_C(5) * 1000 * 1000) /* microseconds */

struct edition {
    const struct catalogue *catalogue;
    const struct str       *examples; /* one for each form of the catalogue (examples.h) */
    struct release          release;  /* that they are of; 0: of none */
    const struct catalogue *first;    /* of the start, as the next */
    const struct str       *first_examples;
    struct arena           *arena;   /* of the release; NULL: there is none */
    int64_t                 refused; /* release that does not compile; 0: none */
    instant                 look_at; /* not before, after a failure of the database */
};

/* With the definitions of the start, which outlive it. ERR_MEMORY, ERR_CATALOGUE. */
MUST_USE enum err edition_create(struct arena *arena, const struct catalogue *catalogue,
                                 struct edition **out, struct fault *fault);
void              edition_close(struct edition *edition);

/*
 * Look which release is in force, outside of any transaction. What was borrowed of the edition
 * before is gone when it is another one. Cannot fail: what goes wrong is logged, and nobody looks
 * again for EDITION_PAUSE, so that a question costs no more than one failure in that time. store
 * may be NULL; now: of the steady clock.
 */
void edition_renew(struct edition *edition, struct store *store, instant now);

#endif

#ifndef TESTS_PROOF_FILER_H
#define TESTS_PROOF_FILER_H

#include "tests/support/station.h"

/*
 * One sender in a process of its own, who files documents until told to stop: good ones, altered
 * ones, ones of two units, junk; sometimes the same twice at once, sometimes one from before under
 * a new key. Like a good program it sends the same key again until it has an answer. What was
 * acknowledged is written down in a file of its own (filer_note), so that the audit can look for
 * it.
 */
enum { FILERS = 8, FILER_UNITS = 4, FILER_KEY_MAX = 40 };

/* Shared by all processes of a proof. */
struct filer_board {
    _Atomic uint32_t stop;         /* told to stop */
    _Atomic uint32_t acknowledged; /* answers 200, 201, 202 in all */
    _Atomic uint32_t decided;      /* submissions seen decided or parked, with their receipt */
    _Atomic uint32_t repeats;      /* duplicates in flight and re-sent ones, answered alike */
    _Atomic uint32_t unanswered;   /* requests without an answer, or answered 5xx: sent again */
    _Atomic uint32_t faults;       /* answers that must never be; each is told on stderr */
};

/* One acknowledged submission, or one receipt that was read; fixed size, so that a file of them can
 * be read back whatever happened. */
struct filer_note {
    char          key[FILER_KEY_MAX];
    char          id[40];
    unsigned char sha256[32];         /* of the document */
    unsigned char receipt_sha256[32]; /* zeros: not read yet */
    char          receipt_path[120];
};

struct filer {
    unsigned              number; /* 0 .. FILERS - 1 */
    uint64_t              seed;
    const char           *token; /* "Authorization: Bearer ..." */
    const struct station *station;
    struct filer_board   *board;
    const char           *notes; /* file */
};

/* Be this filer until board->stop; then finish what is at hand and return. */
void filer_run(const struct filer *filer);

/* Files the same documents from before once more with their keys: every answer must be the one of
 * before. The number of answers that were not. */
size_t filer_replay(const struct filer *filer);

#endif

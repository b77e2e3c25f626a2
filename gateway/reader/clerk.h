#ifndef GATEWAY_READER_CLERK_H
#define GATEWAY_READER_CLERK_H

#include "gateway/reader/asked.h"
#include "gateway/reader/resource.h"

/*
 * Answers one question at a time from the store, and keeps the connection: it is made when it is
 * first needed, made anew after it was lost, with growing pauses between attempts. Every question
 * gets an answer; what goes wrong here is logged and becomes 500 or 503. Reads in READ ONLY
 * transactions as the asker's credential allows; a connection that was lost in the middle is tried
 * once more, since reading twice harms nobody. Knows no sockets to other roles.
 */
enum { CLERK_REMEMBERED = 256, CLERK_TOGETHER_MAX = 32 };

struct clerk {
    struct reader_tools  tools;
    struct store_address address;
    struct arena        *arena;       /* of the store; NULL: never connected */
    instant              retry_at;    /* not before */
    instant              pause;       /* before the next attempt */
    int64_t              unmarked;    /* credential whose use is to be marked; 0: none */
    bool                 has_session; /* whose use is to be marked */
    unsigned char        session[QUESTION_DIGEST_SIZE];
    struct {
        int64_t credential;
        instant marked;
    } used[CLERK_REMEMBERED];
};

/* tools without a store; what they point at outlives the clerk. */
struct clerk clerk_create(const struct reader_tools *tools);
void         clerk_close(struct clerk *clerk);

/* Try to connect unless the pause is not over; now: any steady clock in microseconds. */
void clerk_connect(struct clerk *clerk, instant now);

/* *out and all in it live in arena. */
void clerk_answer(struct clerk *clerk, struct arena *arena, const struct question *question,
                  instant now, struct reply *out);

/*
 * The same for QUESTION_FILEDs that have come together, at most CLERK_TOGETHER_MAX: one
 * transaction, which a burst of filings otherwise spends most of the reader's time on. Each asker
 * sees what its own unit has filed. False: this could not be done, also when the credential of one
 * of them has ended; nothing is logged; ask one by one.
 */
MUST_USE bool clerk_answer_together(struct clerk *clerk, struct arena *arena,
                                    const struct question *questions, size_t count, instant now,
                                    struct reply *replies);

/* What can be done after the answer has gone: marks credentials as used, once a minute each. */
void clerk_tidy(struct clerk *clerk, instant now);

#endif

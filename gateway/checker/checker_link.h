#ifndef GATEWAY_CHECKER_CHECKER_LINK_H
#define GATEWAY_CHECKER_CHECKER_LINK_H

#include "gateway/wire/job.h"

/*
 * The worker's side of its checker: give it a document, take what it has read. Documents are read
 * one after another in the order given, so that a worker may send the next ones before it takes the
 * first answer: at most CHECKER_LINK_AHEAD_MAX unanswered ones.
 *
 * The worker makes the memfd of the result and copies it after sealing it: no memory is shared with
 * a checker once it is looked at. Not a byte of the result is believed here; it is for
 * checked_decode or reading_decode.
 *
 * A checker that is gone or late is not asked again: the worker tells the supervisor
 * (role_renew_checker) when it was late, waits for another end of another checker, and gives that
 * one every document without an answer.
 */
enum {
    CHECKER_LINK_AHEAD_MAX = 8,
    CHECKER_LINK_RESULT_MAX = 64 * 1024 * 1024, /* bytes of one result */
};

/* What has become of a document. */
enum checker_link_end {
    CHECKER_LINK_NONE = 0,  /* nothing yet */
    CHECKER_LINK_DONE,      /* bytes has the result */
    CHECKER_LINK_FAILED,    /* the checker said why it could not; it ends by itself */
    CHECKER_LINK_GONE,      /* the checker ended: this document may have killed it */
    CHECKER_LINK_LATE,      /* no answer in time: have the checker replaced */
    CHECKER_LINK_MALFORMED, /* an answer that nobody asked for, or no result: replace it too */
    CHECKER_LINK_END_COUNT
};

struct checker_link_answer {
    enum checker_link_end end;
    struct str            bytes; /* DONE: the copied result, in arena */
    enum err              cause; /* FAILED: ERR_MEMORY, ERR_PARSER ... */
    struct str            text;  /* not DONE: for the operator; may be empty */
};

/*
 * Give a document to the checker at the other end of link (blocking socket). document is a sealed
 * blob of job->size bytes and stays the caller's. *result is a new memfd; hand it to
 * checker_link_receive, which closes it; close it yourself when you never do. ERR_PEER: the checker
 * is gone; ERR_SYSTEM. *result is -1 on failure.
 */
MUST_USE enum err checker_link_send(int link, const struct job *job, int document, int *result,
                                    struct fault *fault);

/*
 * Wait at most timeout_ms (0: take what is there now, else LATE) for the answer to the oldest
 * document without one, whose handle and result memfd these are. The memfd is closed whatever
 * becomes of it. Everything that a checker may do is an answer; ERR_MEMORY and ERR_SYSTEM are ours.
 */
MUST_USE enum err checker_link_receive(struct arena *arena, int link, uint64_t handle, int result,
                                       int timeout_ms, struct checker_link_answer *out,
                                       struct fault *fault);

/*
 * Why a file could not be checked, for the person who sent it: a Polish clause without capital and
 * full stop, to stand behind a colon; "" for CHECKER_LINK_DONE.
 */
const char *checker_link_end_text(enum checker_link_end end);

#endif

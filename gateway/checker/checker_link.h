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
 * What ends a checker before it has begun a document was not that document.
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
    bool                  begun; /* the checker has begun to read it, with this material: */
    struct job_material   material;
    struct str            bytes; /* DONE: the copied result, in arena */
    enum err              cause; /* FAILED: ERR_MEMORY, ERR_PARSER ... */
    struct str            text;  /* not DONE: for the operator; may be empty */
};

/* A document that was given to a checker. */
struct checker_link_question {
    uint64_t handle;
    int      result; /* memfd; the asker's to close */
};

/*
 * Give a document to the checker at the other end of link (blocking socket). document is a sealed
 * blob of job->size bytes and stays the caller's. *result is a new memfd; close it when there is an
 * answer or none is waited for. ERR_PEER: the checker is gone; ERR_SYSTEM. *result is -1 on
 * failure.
 */
MUST_USE enum err checker_link_send(int link, const struct job *job, int document, int *result,
                                    struct fault *fault);

/*
 * Take one message about the oldest document without an answer; call it when link can be read, with
 * the same answer (zeroed at first) until its end is set: the first message says that the document
 * is begun, the second ends it. Everything that a checker may do is an answer; ERR_MEMORY and
 * ERR_SYSTEM are ours. That it was late is for the caller to say.
 */
MUST_USE enum err checker_link_take(struct arena *arena, int link,
                                    const struct checker_link_question *question,
                                    struct checker_link_answer *answer, struct fault *fault);

/*
 * Why a file could not be checked, for the person who sent it: a Polish clause without capital and
 * full stop, to stand behind a colon; "" for CHECKER_LINK_DONE.
 */
const char *checker_link_end_text(enum checker_link_end end);

#endif

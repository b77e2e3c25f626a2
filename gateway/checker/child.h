#ifndef GATEWAY_CHECKER_CHILD_H
#define GATEWAY_CHECKER_CHILD_H

#include "gateway/checker/checker.h"

/*
 * The inside of a checker process, and the form of its answer: one byte CHILD_RESULT followed by
 * the encoded result, or CHILD_FAULT followed by a text. Any other exit status than 0 means that
 * there is no answer.
 */
enum { CHILD_RESULT = 'R', CHILD_FAULT = 'F', CHILD_BROKEN = 70 };

/* What one child works on, and the two memfds that it may write to. */
struct child {
    const struct check_request  *file;
    const struct checker_limits *limits;
    checker_work                *work;
    pid_t                        parent; /* the child ends with it */
    int                          answer_fd;
    int                          complaint_fd;
};

/* Live and die as the checker of this file. Call it right after fork, in the child. */
_Noreturn void child_run(const struct child *child);

/* Check and encode: what a checker does unless a test says otherwise. */
MUST_USE enum err child_check(struct arena *arena, const struct check_request *request,
                              struct buf *out, struct fault *fault);

#endif

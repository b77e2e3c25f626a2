#ifndef GATEWAY_CHECKER_CHECKER_H
#define GATEWAY_CHECKER_CHECKER_H

#include "validators/check/check.h"

/*
 * Untrusted files are read in processes of their own (design.md 2.13): one forked child per file,
 * which inherits the compiled catalogue, schemas and trust, closes every descriptor but two memfds
 * (the answer, and what it says on stderr), enters the sandbox, checks, writes the answer, ends.
 * The parent bounds its time, and reads the answer only after the child is gone; it trusts no byte
 * of it (checked_decode). Whatever goes wrong with one file concerns that file alone.
 *
 * The calling process must have one thread, and must have called guard_initialise and
 * signature_warm_up before, so that nothing is opened in the sandbox.
 */
enum { CHECKER_PARALLEL_MAX = 64 };

/* How the check of one file ended. Nothing but CHECKER_DONE has a result. */
enum checker_end {
    CHECKER_NOT_RUN = 0,
    CHECKER_DONE,
    CHECKER_CRASHED,   /* a signal, a failed ENSURE, an odd exit status */
    CHECKER_FORBIDDEN, /* it tried what the sandbox denies */
    CHECKER_DEADLINE,  /* wall clock or processor time */
    CHECKER_MEMORY,
    CHECKER_MALFORMED, /* its answer makes no sense or is too long */
    CHECKER_FAILED,    /* it said that it could not work, or could not be started */
    CHECKER_END_COUNT
};

struct checker_limits {
    int64_t  deadline_ms; /* wall clock, per file */
    unsigned cpu_seconds; /* per file */
    size_t   memory_max;  /* bytes, per file, beyond what the parent has */
    size_t   answer_max;  /* bytes of an encoded result */
    size_t   parallel;    /* children at a time: 1 .. CHECKER_PARALLEL_MAX */
};

/*
 * 20 s, 15 s of processor time, 256 MiB, 64 MiB: ten times and more of what the worst file within
 * prescan's limits may take. parallel is 1: the caller knows its machine.
 */
extern const struct checker_limits checker_limits_default;

struct checker_answer {
    enum checker_end end;
    struct checked   checked; /* CHECKER_DONE only, and not of a raw request */
    struct str       bytes;   /* the same of a raw request: what work wrote, trusted in nothing */
    struct fault     fault;   /* all others: ERR_CHECKER, for the operator */
};

/* What a child does: check one file and write the encoded result. Tests put their own here. */
typedef enum err checker_work(struct arena *arena, const struct check_request *request,
                              struct buf *out, struct fault *fault);

struct checker_request {
    const struct check_request *files;
    size_t                      file_count;
    struct checker_limits       limits;
    checker_work               *work; /* NULL: check_run and checked_encode */
    bool                        raw;  /* work writes something else: its bytes are the answer */
};

/*
 * Check all files, several at a time; answers[i] belongs to files[i]. Results live in arena. Fails
 * (ERR_SYSTEM) only when no process can be watched at all; a file that could not be checked has its
 * reason in its answer. Flush stdio before.
 */
MUST_USE enum err checker_run(struct arena *arena, const struct checker_request *request,
                              struct checker_answer *answers, struct fault *fault);

/* The same in this process, without sandbox and limits of time: for tests. */
void checker_run_here(struct arena *arena, const struct checker_request *request,
                      struct checker_answer *answers);

/*
 * Why a file could not be checked, for the person who sent it: a Polish clause without capital and
 * full stop, to stand behind a colon; "" for CHECKER_DONE.
 */
const char *checker_end_text(enum checker_end end);

#endif

#include "gateway/checker/child.h"

#include "gateway/sandbox/sandbox.h"
#include "validators/check/checked.h"

#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <unistd.h>

enum { ANSWER_FD = 3, ABOVE_ALL = 10 };

enum err
child_check(struct arena *arena, const struct check_request *request, struct buf *out,
            struct fault *fault)
{
    struct checked checked = {0};

    TRY(check_run(arena, request, &checked, fault));
    return checked_encode(&checked, out, fault);
}

/* Leave open only fd 2 (complaints) and ANSWER_FD, whatever numbers were given. */
static bool
keep_two_descriptors(const struct child *child)
{
    int answer = fcntl(child->answer_fd, F_DUPFD, ABOVE_ALL);
    int complaint = fcntl(child->complaint_fd, F_DUPFD, ABOVE_ALL);

    if (answer < 0 || complaint < 0 || dup2(complaint, STDERR_FILENO) < 0
        || dup2(answer, ANSWER_FD) < 0 || close_range(ANSWER_FD + 1, UINT_MAX, 0) != 0) {
        return false;
    }
    (void)close(STDIN_FILENO); /* either may be closed already */
    (void)close(STDOUT_FILENO);
    return true;
}

/* Signals that tell the parent why the child ended must not be ignored or handled. */
static void
restore_signals(void)
{
    const int signals[] = {SIGXCPU, SIGXFSZ, SIGSYS, SIGABRT, SIGSEGV, SIGBUS, SIGPIPE};

    for (size_t i = 0; i < ARRAY_COUNT(signals); i++) {
        (void)signal(signals[i], SIG_DFL); /* these numbers are valid */
    }
}

static bool
write_all(struct str bytes)
{
    while (bytes.size > 0) {
        ssize_t written = write(ANSWER_FD, bytes.data, bytes.size);
        if (written <= 0) {
            return false;
        }
        bytes = (struct str){bytes.data + written, bytes.size - (size_t)written};
    }
    return true;
}

static _Noreturn void
answer(char kind, struct str bytes)
{
    bool written = write_all((struct str){&kind, 1}) && write_all(bytes);

    _exit(written ? 0 : CHILD_BROKEN);
}

/* The kind of failure goes first, so that a lack of memory can be told from a broken library. */
static _Noreturn void
answer_fault(const struct fault *fault)
{
    struct arena *arena = arena_create(2 * sizeof *fault);
    struct str    text = str_format(arena, "%s %s", err_name(fault->code), fault->text);

    answer(CHILD_FAULT, text.data == NULL ? STR("MEMORY") : text);
}

_Noreturn void
child_run(const struct child *child)
{
    const struct sandbox_limits limits = {.memory_max = child->limits->memory_max,
                                          .cpu_seconds = child->limits->cpu_seconds,
                                          .written_max = child->limits->answer_max};
    struct fault                fault = {0};

    if (!sandbox_end_with(child->parent) || !keep_two_descriptors(child)) {
        _exit(CHILD_BROKEN);
    }
    restore_signals();
    if (sandbox_enter(&limits, &fault) != ERR_OK) {
        answer_fault(&fault);
    }
    struct arena *arena = arena_create(child->limits->memory_max);
    struct buf    out = buf_create(arena, child->limits->answer_max - 1);
    if (child->work(arena, child->file, &out, &fault) != ERR_OK) {
        answer_fault(&fault);
    }
    if (!buf_ok(&out)) {
        (void)FAIL(&fault, ERR_MEMORY, "the result does not fit");
        answer_fault(&fault);
    }
    answer(CHILD_RESULT, buf_str(&out));
}

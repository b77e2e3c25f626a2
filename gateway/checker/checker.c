#include "gateway/checker/checker.h"

#include "gateway/checker/child.h"
#include "gateway/ticks/ticks.h"
#include "validators/check/checked.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/pidfd.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { COMPLAINT_MAX = 200, NO_SLOT = -1 };

const struct checker_limits checker_limits_default = {
    .deadline_ms = 20000,
    .cpu_seconds = 15,
    .memory_max = (size_t)256 * 1024 * 1024,
    .answer_max = (size_t)64 * 1024 * 1024,
    .parallel = 1,
};

/* A child at work. */
struct slot {
    pid_t   pid; /* 0: the slot is empty */
    int     pidfd;
    int     answer_fd;
    int     complaint_fd;
    int64_t deadline; /* of the monotonic clock, ms */
    bool    overdue;  /* killed by us */
    size_t  file;     /* index into the request's files */
};

/* All files on their way. */
struct run {
    struct arena                 *arena;
    const struct checker_request *request;
    struct checker_answer        *answers;
    struct slot                   slots[CHECKER_PARALLEL_MAX];
    size_t                        running;
};

const char *
checker_end_text(enum checker_end end)
{
    static const char *const texts[CHECKER_END_COUNT] = {
        [CHECKER_NOT_RUN] = "sprawdzanie nie zostało rozpoczęte",
        [CHECKER_DONE] = "",
        [CHECKER_CRASHED] = "program sprawdzający przerwał pracę; to usterka po stronie bramy",
        [CHECKER_FORBIDDEN] = "program sprawdzający sięgnął po zasoby, do których nie ma prawa, "
                              "i został zatrzymany",
        [CHECKER_DEADLINE] = "sprawdzanie trwało zbyt długo i zostało przerwane",
        [CHECKER_MEMORY] = "plik wymaga więcej pamięci, niż brama przeznacza na jeden plik",
        [CHECKER_MALFORMED] = "wyniku sprawdzania nie da się odczytać; to usterka po stronie bramy",
        [CHECKER_FAILED] = "program sprawdzający nie mógł wykonać pracy; to usterka po stronie "
                           "bramy",
    };

    ENSURE(end >= 0 && end < CHECKER_END_COUNT);
    return texts[end];
}

static void
close_if_open(int fd)
{
    if (fd >= 0) {
        (void)close(fd); /* a memfd or a pidfd: nothing is written at close */
    }
}

static void
slot_release(struct slot *slot)
{
    close_if_open(slot->pidfd);
    close_if_open(slot->answer_fd);
    close_if_open(slot->complaint_fd);
    *slot = (struct slot){.pidfd = NO_SLOT, .answer_fd = NO_SLOT, .complaint_fd = NO_SLOT};
}

static _Noreturn void
become_child(const struct run *run, const struct slot *slot, pid_t parent)
{
    const struct checker_request *request = run->request;
    const struct child            child = {
                   .file = &request->files[slot->file],
                   .limits = &request->limits,
                   .work = request->work == NULL ? child_check : request->work,
                   .parent = parent,
                   .answer_fd = slot->answer_fd,
                   .complaint_fd = slot->complaint_fd,
    };

    child_run(&child);
}

/* Start the check of a file; what fails here is that file's answer. */
static void
slot_start(struct run *run, struct slot *slot, size_t file)
{
    struct checker_answer *answer = &run->answers[file];
    pid_t                  parent = getpid();

    slot->file = file;
    slot->answer_fd = memfd_create("brama-answer", MFD_CLOEXEC | MFD_ALLOW_SEALING);
    slot->complaint_fd = memfd_create("brama-complaint", MFD_CLOEXEC | MFD_ALLOW_SEALING);
    slot->deadline = ticks_ms() + run->request->limits.deadline_ms;
    slot->pid = slot->answer_fd < 0 || slot->complaint_fd < 0 ? -1 : fork();
    if (slot->pid == 0) {
        become_child(run, slot, parent);
    }
    slot->pidfd = slot->pid < 0 ? -1 : pidfd_open(slot->pid, 0);
    if (slot->pidfd < 0) {
        answer->end = CHECKER_FAILED;
        (void)FAIL(&answer->fault, ERR_CHECKER, "no checker process: %s", strerrordesc_np(errno));
        if (slot->pid > 0) {
            (void)kill(slot->pid, SIGKILL); /* our own child, not yet waited for */
            (void)waitpid(slot->pid, NULL, 0);
        }
        slot_release(slot);
        return;
    }
    run->running++;
}

static enum checker_end
end_of_signal(int signal, bool overdue)
{
    switch (signal) {
    case SIGKILL:
        return overdue ? CHECKER_DEADLINE : CHECKER_MEMORY; /* else the kernel's OOM killer */
    case SIGXCPU:
        return CHECKER_DEADLINE;
    case SIGXFSZ:
        return CHECKER_MALFORMED;
    case SIGSYS:
        return CHECKER_FORBIDDEN;
    default:
        return CHECKER_CRASHED;
    }
}

/* What a memfd holds, copied; nobody can write to it any more. Empty when it is longer than max. */
static struct str
copy_of(struct arena *arena, int fd, size_t size_max)
{
    const int   seals = F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE;
    struct stat status = {0};

    if (fcntl(fd, F_ADD_SEALS, seals) != 0 || fstat(fd, &status) != 0 || status.st_size <= 0
        || (size_t)status.st_size > size_max) {
        return (struct str){0};
    }
    size_t size = (size_t)status.st_size;
    size_t done = 0;
    char  *bytes = ARENA_NEW(arena, char, size);
    while (bytes != NULL && done < size) {
        ssize_t got = pread(fd, bytes + done, size - done, (off_t)done);
        if (got <= 0) {
            return (struct str){0};
        }
        done += (size_t)got;
    }
    return (struct str){bytes, bytes == NULL ? 0 : size};
}

/* The first line of what the child said on stderr, for the operator. */
static struct str
complaint_of(struct arena *arena, const struct slot *slot)
{
    struct str text = copy_of(arena, slot->complaint_fd, (size_t)COMPLAINT_MAX * COMPLAINT_MAX);
    struct str line = {0};

    if (text.size == 0 || !str_cut(&text, '\n', &line)) {
        return (struct str){0};
    }
    return str_slice(line, 0, COMPLAINT_MAX);
}

static void
fail_answer(struct checker_answer *answer, enum checker_end end, const char *what,
            struct str detail)
{
    answer->end = end;
    (void)FAIL(&answer->fault, ERR_CHECKER, "%s%s%.*s", what, detail.size > 0 ? ": " : "",
               STR_ARG(str_slice(detail, 0, COMPLAINT_MAX)));
}

/* Understand the bytes of an answer. */
static void
read_answer(struct run *run, size_t file, struct str bytes)
{
    struct checker_answer      *answer = &run->answers[file];
    const struct check_request *request = &run->request->files[file];
    struct str                  rest = str_slice(bytes, 1, bytes.size);

    if (bytes.size > 0 && bytes.data[0] == CHILD_FAULT) {
        bool memory = str_starts_with(rest, str_of(err_name(ERR_MEMORY)));
        fail_answer(answer, memory ? CHECKER_MEMORY : CHECKER_FAILED, "the checker says", rest);
        return;
    }
    if (bytes.size == 0 || bytes.data[0] != CHILD_RESULT) {
        fail_answer(answer, CHECKER_MALFORMED, "no answer, too long or of no known kind",
                    (struct str){0});
        return;
    }
    if (run->request->raw) {
        answer->bytes = rest;
        answer->end = CHECKER_DONE;
        return;
    }
    struct fault fault = {0};
    enum err     got = checked_decode(run->arena, rest, request->bytes.size, request->catalogue,
                                      &answer->checked, &fault);
    if (got != ERR_OK) {
        fail_answer(answer, got == ERR_MEMORY ? CHECKER_MEMORY : CHECKER_MALFORMED,
                    "the answer cannot be read", str_of(fault.text));
        return;
    }
    answer->end = CHECKER_DONE;
}

/* The child is gone: find out how, take its answer, empty the slot. */
static void
slot_finish(struct run *run, struct slot *slot)
{
    struct checker_answer *answer = &run->answers[slot->file];
    int                    status = 0;

    ENSURE(waitpid(slot->pid, &status, 0) == slot->pid);
    if (WIFSIGNALED(status)) {
        char what[COMPLAINT_MAX];
        (void)snprintf(what, sizeof what, "the checker was ended by signal %s",
                       sigabbrev_np(WTERMSIG(status)));
        fail_answer(answer, end_of_signal(WTERMSIG(status), slot->overdue), what,
                    complaint_of(run->arena, slot));
    } else if (WEXITSTATUS(status) != 0) {
        fail_answer(answer, CHECKER_CRASHED, "the checker ended with a status of its own",
                    complaint_of(run->arena, slot));
    } else {
        read_answer(run, slot->file,
                    copy_of(run->arena, slot->answer_fd, run->request->limits.answer_max));
    }
    slot_release(slot);
    run->running--;
}

/* Kill who is overdue; milliseconds until the next deadline, -1 for none. */
static int
enforce_deadlines(struct run *run)
{
    int64_t now = ticks_ms();
    int64_t next = -1;

    for (size_t i = 0; i < run->request->limits.parallel; i++) {
        struct slot *slot = &run->slots[i];
        if (slot->pid == 0 || slot->overdue) {
            continue;
        }
        if (slot->deadline <= now) {
            slot->overdue = true;
            (void)pidfd_send_signal(slot->pidfd, SIGKILL, NULL, 0); /* it may have just ended */
        } else if (next < 0 || slot->deadline - now < next) {
            next = slot->deadline - now;
        }
    }
    return next > INT32_MAX ? INT32_MAX : (int)next;
}

/* Wait until a child ends or a deadline comes; take what has ended. */
static enum err
wait_for_some(struct run *run, struct fault *fault)
{
    struct pollfd watched[CHECKER_PARALLEL_MAX];
    size_t        parallel = run->request->limits.parallel;

    if (run->running == 0) {
        return ERR_OK; /* not one of them could be started */
    }
    for (size_t i = 0; i < parallel; i++) {
        watched[i] = (struct pollfd){.fd = run->slots[i].pidfd, .events = POLLIN};
    }
    int timeout = enforce_deadlines(run);
    if (poll(watched, parallel, timeout) < 0 && errno != EINTR) {
        return FAIL(fault, ERR_SYSTEM, "poll: %s", strerrordesc_np(errno));
    }
    for (size_t i = 0; i < parallel; i++) {
        if (watched[i].fd >= 0 && watched[i].revents != 0) {
            slot_finish(run, &run->slots[i]);
        }
    }
    return ERR_OK;
}

/* Give empty slots the next files; the first file that is not yet given. */
static size_t
start_more(struct run *run, size_t next)
{
    for (size_t i = 0; i < run->request->limits.parallel; i++) {
        if (run->slots[i].pid == 0 && next < run->request->file_count) {
            slot_start(run, &run->slots[i], next);
            next++;
        }
    }
    return next;
}

enum err
checker_run(struct arena *arena, const struct checker_request *request,
            struct checker_answer *answers, struct fault *fault)
{
    struct run run = {.arena = arena, .request = request, .answers = answers};
    size_t     next = 0;

    ENSURE(request->limits.parallel >= 1 && request->limits.parallel <= CHECKER_PARALLEL_MAX);
    ENSURE(request->limits.answer_max >= 2);
    for (size_t i = 0; i < ARRAY_COUNT(run.slots); i++) {
        run.slots[i] =
            (struct slot){.pidfd = NO_SLOT, .answer_fd = NO_SLOT, .complaint_fd = NO_SLOT};
    }
    while (next < request->file_count || run.running > 0) {
        next = start_more(&run, next);
        TRY(wait_for_some(&run, fault));
    }
    return ERR_OK;
}

void
checker_run_here(struct arena *arena, const struct checker_request *request,
                 struct checker_answer *answers)
{
    struct run run = {.arena = arena, .request = request, .answers = answers};

    for (size_t i = 0; i < request->file_count; i++) {
        struct buf    out = buf_create(arena, request->limits.answer_max);
        struct fault  fault = {0};
        checker_work *work = request->work == NULL ? child_check : request->work;

        buf_byte(&out, CHILD_RESULT);
        if (work(arena, &request->files[i], &out, &fault) != ERR_OK || !buf_ok(&out)) {
            fail_answer(&answers[i],
                        fault.code == ERR_MEMORY || !buf_ok(&out) ? CHECKER_MEMORY : CHECKER_FAILED,
                        "the check failed", str_of(fault.text));
        } else {
            read_answer(&run, i, buf_str(&out));
        }
    }
}

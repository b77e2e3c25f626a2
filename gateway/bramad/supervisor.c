#include "gateway/bramad/supervisor.h"

#include "gateway/bramad/vigil.h"
#include "gateway/log/log.h"
#include "gateway/metrics/metrics.h"
#include "gateway/ticks/ticks.h"
#include "gateway/wire/wire.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

enum {
    WATCHED_MAX = 1 + 2 * CREW_MAX, /* signals; end and control socket of each member */
};

#define MESSAGE_MEMORY ((size_t)2 * WIRE_BODY_MAX)

enum phase { PHASE_WORK, PHASE_STOP_FIRST, PHASE_STOP_ALL };

struct supervisor {
    const struct supervisor_request *request;
    struct crew                      crew;
    int                              signals;
    enum phase                       phase;
    bool                             was_ready;
};

static enum err
hear_signals(int *out, struct fault *fault)
{
    sigset_t set;

    if (sigemptyset(&set) != 0 || sigaddset(&set, SIGTERM) != 0 || sigaddset(&set, SIGINT) != 0
        || sigaddset(&set, SIGHUP) != 0 || pthread_sigmask(SIG_BLOCK, &set, NULL) != 0
        || signal(SIGCHLD, SIG_DFL) == SIG_ERR || signal(SIGPIPE, SIG_IGN) == SIG_ERR) {
        return FAIL(fault, ERR_SYSTEM, "signals: %s", strerrordesc_np(errno));
    }
    int made = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
    if (made < 0) {
        return FAIL(fault, ERR_SYSTEM, "signalfd: %s", strerrordesc_np(errno));
    }
    *out = made;
    return ERR_OK;
}

static void
stop_members(struct supervisor *supervisor, bool first_only, int64_t now)
{
    struct crew *crew = &supervisor->crew;

    for (size_t i = 0; i < crew->count; i++) {
        if (!first_only || crew->members[i].entry->stops_first) {
            crew_stop(crew, &crew->members[i], now);
        }
    }
}

static void
begin_to_stop(struct supervisor *supervisor, int64_t now)
{
    struct crew *crew = &supervisor->crew;

    if (supervisor->phase != PHASE_WORK) { /* whoever asks twice does not want to wait */
        for (size_t i = 0; i < crew->count; i++) {
            crew_kill(&crew->members[i]);
        }
        return;
    }
    log_begin(LOG_INFO, "bramad.stopping");
    log_end();
    supervisor->phase = PHASE_STOP_FIRST;
    crew->stopping = true;
    stop_members(supervisor, true, now);
}

static void
mark_for_recycling(struct supervisor *supervisor)
{
    const struct supervisor_request *request = supervisor->request;
    struct crew                     *crew = &supervisor->crew;
    struct fault                     fault = {0};

    if (request->before_recycling != NULL
        && request->before_recycling(request->object, &fault) != ERR_OK) {
        log_failure("bramad.reload_refused", &fault);
        return;
    }
    log_begin(LOG_INFO, "bramad.recycling");
    log_end();
    for (size_t i = 0; i < crew->count; i++) {
        crew->members[i].recycle = true;
    }
}

static void
take_signals(struct supervisor *supervisor, int64_t now)
{
    struct signalfd_siginfo info;

    while (read(supervisor->signals, &info, sizeof info) == (ssize_t)sizeof info) {
        if (info.ssi_signo == SIGHUP) {
            mark_for_recycling(supervisor);
        } else {
            begin_to_stop(supervisor, now);
        }
    }
}

/* A process that says what it must not say is not ours any more. */
static void
refuse(struct member *member, const struct fault *fault)
{
    log_failure("role.refused", fault);
    crew_kill(member);
    (void)close(member->process.control); /* else its words would be heard until its end */
    member->process.control = -1;
}

static enum err
obey(struct supervisor *supervisor, struct member *member, const struct wire_message *message,
     struct fault *fault)
{
    vigil_heard(member);
    if (message->kind == WIRE_ALIVE) {
        return ERR_OK;
    }
    if (message->kind == WIRE_READY && crew_ready(&supervisor->crew, member)) {
        return ERR_OK;
    }
    if (message->kind == WIRE_RENEW && member->entry->role == ROLE_WORKER) {
        crew_renew_checker(&supervisor->crew, member);
        return ERR_OK;
    }
    return FAIL(fault, ERR_WIRE, "role %s %u sent a message of kind %d",
                role_kind_name(member->entry->role), member->slot, (int)message->kind);
}

static enum err
take_word(struct supervisor *supervisor, struct member *member, struct arena *arena,
          struct fault *fault)
{
    struct wire_message message = {
        .fds = {-1, -1}
    };
    enum wire_got got = WIRE_GOT_NOTHING;

    TRY(wire_receive(arena, member->process.control, &message, &got, fault));
    if (got == WIRE_GOT_END) {
        return FAIL(fault, ERR_PEER, "role %s %u closed its control socket",
                    role_kind_name(member->entry->role), member->slot);
    }
    if (got == WIRE_GOT_NOTHING) {
        return ERR_OK;
    }
    enum err obeyed = obey(supervisor, member, &message, fault);
    wire_dispose(&message);
    return obeyed;
}

static void
hear(struct supervisor *supervisor, struct member *member)
{
    struct arena *arena = arena_create(MESSAGE_MEMORY);
    struct fault  fault = {0};

    if (take_word(supervisor, member, arena, &fault) != ERR_OK) {
        if (fault.code == ERR_PEER) { /* it is ending; if not, it shall */
            crew_kill(member);
            (void)close(member->process.control);
            member->process.control = -1;
        } else {
            refuse(member, &fault);
        }
    }
    arena_destroy(arena);
}

static void
tell_when_ready(struct supervisor *supervisor)
{
    if (!supervisor->was_ready && crew_all_ready(&supervisor->crew)) {
        supervisor->was_ready = true;
        supervisor->request->when_ready(supervisor->request->object);
    }
}

static void
recycle(struct crew *crew, struct member *member, int64_t now)
{
    member->recycle = false;
    member->ready = false; /* so that nobody else is told until it is back */
    member->away_since = now;
    crew_stop(crew, member, now);
}

/* Two that must have loaded the same are replaced together. */
static void
recycle_with_its_pair(struct crew *crew, struct member *member, int64_t now)
{
    const struct link mine = {.peer = member->entry->role, .slot = member->slot};

    recycle(crew, member, now);
    for (size_t i = 0; i < crew->count; i++) {
        struct member    *other = &crew->members[i];
        const struct link its = {.peer = other->entry->role, .slot = other->slot};
        if (role_table_paired(crew->supplies->table, mine, its)) {
            recycle(crew, other, now);
        }
    }
}

/* One at a time: the next is told to stop when the one before has come back. */
static void
recycle_next(struct supervisor *supervisor, int64_t now)
{
    struct crew *crew = &supervisor->crew;

    if (supervisor->phase != PHASE_WORK || !crew_all_ready(crew)) {
        return;
    }
    for (size_t i = 0; i < crew->count; i++) {
        if (crew->members[i].recycle) {
            recycle_with_its_pair(crew, &crew->members[i], now);
            return;
        }
    }
}

/* Who answers, for whoever asks the front. */
static void
publish(const struct crew *crew, int64_t now)
{
    static const enum metric gauges[ROLE_KIND_COUNT] = {
        [ROLE_FRONT] = METRIC_ANSWERING_FRONT,     [ROLE_WORKER] = METRIC_ANSWERING_WORKER,
        [ROLE_CHECKER] = METRIC_ANSWERING_CHECKER, [ROLE_SIGNER] = METRIC_ANSWERING_SIGNER,
        [ROLE_READER] = METRIC_ANSWERING_READER,   [ROLE_DESK] = METRIC_ANSWERING_DESK,
        [ROLE_COURIER] = METRIC_ANSWERING_COURIER};

    for (enum role_kind role = ROLE_FRONT; role < ROLE_KIND_COUNT; role++) {
        metrics_set(gauges[role], (int64_t)vigil_answering(crew, role));
    }
    metrics_set(METRIC_CHECKERS_ABSENT, (int64_t)crew_absent(crew, ROLE_CHECKER, now));
}

/* Whatever follows from what has happened, without waiting. */
static void
settle(struct supervisor *supervisor, int64_t now)
{
    crew_enforce(&supervisor->crew, now);
    vigil_look(&supervisor->crew, now);
    crew_start_due(&supervisor->crew, now);
    publish(&supervisor->crew, now);
    tell_when_ready(supervisor);
    recycle_next(supervisor, now);
    if (supervisor->phase == PHASE_STOP_FIRST && crew_alive(&supervisor->crew, true) == 0) {
        supervisor->phase = PHASE_STOP_ALL;
        stop_members(supervisor, false, now);
    }
}

static nfds_t
watch_all(const struct supervisor *supervisor, struct pollfd *watched)
{
    const struct crew *crew = &supervisor->crew;
    nfds_t             count = 0;

    watched[count++] = (struct pollfd){.fd = supervisor->signals, .events = POLLIN};
    for (size_t i = 0; i < crew->count; i++) {
        const struct process *process = &crew->members[i].process;
        watched[count++] = (struct pollfd){.fd = process->control, .events = POLLIN};
        watched[count++] = (struct pollfd){.fd = process->pidfd, .events = POLLIN};
    }
    return count;
}

/* Words first: what a process said before it ended still counts. */
static void
take_events(struct supervisor *supervisor, const struct pollfd *watched, int64_t now)
{
    struct crew *crew = &supervisor->crew;

    for (size_t i = 0; i < crew->count; i++) {
        struct member       *member = &crew->members[i];
        const struct pollfd *control = &watched[1 + 2 * i];
        const struct pollfd *end = &watched[2 + 2 * i];
        if (control->fd >= 0 && control->revents != 0) {
            hear(supervisor, member);
        }
        if (end->fd >= 0 && end->revents != 0) {
            crew_ended(crew, member, now);
        }
    }
    if (watched[0].revents != 0) {
        take_signals(supervisor, now);
    }
}

static enum err
loop(struct supervisor *supervisor, struct fault *fault)
{
    struct pollfd watched[WATCHED_MAX];

    settle(supervisor, ticks_ms());
    while (supervisor->phase == PHASE_WORK || crew_alive(&supervisor->crew, false) > 0) {
        nfds_t count = watch_all(supervisor, watched);
        if (poll(watched, count, crew_wait_ms(&supervisor->crew, ticks_ms())) < 0) {
            if (errno != EINTR) {
                return FAIL(fault, ERR_SYSTEM, "poll: %s", strerrordesc_np(errno));
            }
            continue;
        }
        take_events(supervisor, watched, ticks_ms());
        settle(supervisor, ticks_ms());
    }
    return ERR_OK;
}

enum err
supervisor_run(const struct supervisor_request *request, struct fault *fault)
{
    struct supervisor supervisor = {.request = request};

    TRY(crew_create(&request->supplies, &supervisor.crew, fault));
    TRY(hear_signals(&supervisor.signals, fault));
    enum err got = loop(&supervisor, fault);
    (void)close(supervisor.signals);
    return got;
}

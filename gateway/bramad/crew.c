#include "gateway/bramad/crew.h"

#include "gateway/bramad/vigil.h"
#include "gateway/log/log.h"
#include "gateway/metrics/metrics.h"
#include "gateway/wire/wire.h"

#include <limits.h>
#include <unistd.h>

const struct crew_times crew_times_default = {.pause_first_ms = 100,
                                              .pause_max_ms = 1000,
                                              .calm_ms = 10000,
                                              .stop_ms = 10000,
                                              .absent_ms = 10000};

enum { LINK_BODY_MAX = 1024, LINK_MEMORY = 16 * LINK_BODY_MAX };

static bool
is_running(const struct member *member)
{
    return member->process.pid > 0;
}

static void
log_member(enum log_level level, const char *event, const struct member *member)
{
    log_begin(level, event);
    log_text("of", str_of(role_kind_name(member->entry->role)));
    log_number("of_slot", member->slot);
    log_number("of_pid", member->process.pid);
}

static struct link
address_of(const struct member *member)
{
    return (struct link){.peer = member->entry->role, .slot = member->slot};
}

enum err
crew_create(const struct crew_supplies *supplies, struct crew *out, struct fault *fault)
{
    struct crew crew = {.supplies = supplies};

    for (size_t i = 0; i < supplies->table->entry_count; i++) {
        const struct role_entry *entry = &supplies->table->entries[i];
        int64_t                  wanted = entry->processes(supplies->config);
        if (wanted < 1 || wanted > LINK_SLOTS_MAX || crew.count + (size_t)wanted > CREW_MAX) {
            return FAIL(fault, ERR_CONFIG, "%lld processes of role %s", (long long)wanted,
                        role_kind_name(entry->role));
        }
        for (unsigned slot = 0; slot < (unsigned)wanted; slot++) {
            crew.members[crew.count++] = (struct member){
                .entry = entry, .slot = slot, .process = {.pidfd = -1, .control = -1}
            };
        }
    }
    *out = crew;
    return ERR_OK;
}

/* A member that does not take our messages is of no use; its end starts it anew. */
static void
hand_over(struct member *to, const struct member *peer, int end)
{
    struct arena     *arena = arena_create(LINK_MEMORY);
    struct buf        body = buf_create(arena, LINK_BODY_MAX);
    const struct link link = address_of(peer);
    struct fault      fault = {0};

    link_encode(&body, &link);
    ENSURE(buf_ok(&body));
    const struct wire_message message = {
        .kind = WIRE_LINK, .body = buf_str(&body), .fds = {end, -1}
    };
    if (wire_send(to->process.control, &message, &fault) != ERR_OK) {
        log_failure("role.deaf", &fault);
        crew_kill(to);
    }
    arena_destroy(arena);
}

static void
join(struct member *one, struct member *other)
{
    int          ends[2] = {-1, -1};
    struct fault fault = {0};

    if (wire_pair(ends, &fault) != ERR_OK) {
        log_failure("link.failed", &fault);
        crew_kill(one); /* it would wait for this link for ever */
        return;
    }
    hand_over(one, other, ends[0]);
    hand_over(other, one, ends[1]);
    (void)close(ends[0]); /* they live on in the two processes alone */
    (void)close(ends[1]);
}

static void
join_with_all(struct crew *crew, struct member *newcomer)
{
    for (size_t i = 0; i < crew->count; i++) {
        struct member *other = &crew->members[i];
        if (other != newcomer && is_running(other) && other->joined
            && role_table_linked(crew->supplies->table, address_of(newcomer), address_of(other))) {
            join(newcomer, other);
        }
    }
}

/* Twice as long each time, from the second failure on. */
static int64_t
pause_after(const struct crew_times *times, unsigned failures)
{
    int64_t pause = failures < 2 ? 0 : times->pause_first_ms;

    for (unsigned i = 2; i < failures && pause < times->pause_max_ms; i++) {
        pause *= 2;
    }
    return pause < times->pause_max_ms ? pause : times->pause_max_ms;
}

static void
count_failure(struct crew *crew, struct member *member, int64_t now)
{
    if (now - member->started >= crew->supplies->times.calm_ms) {
        member->failures = 0;
    }
    member->failures++;
    member->due = now + pause_after(&crew->supplies->times, member->failures);
}

/* An inherited descriptor, or none. */
static int
given(const struct member *member, enum role_inherits what, int fd)
{
    return (member->entry->inherits & (unsigned)what) != 0 ? fd : -1;
}

static struct process_start
start_of(const struct crew_supplies *supplies, const struct member *member)
{
    struct process_start start = {.program = supplies->program,
                                  .role = member->entry->role,
                                  .slot = member->slot,
                                  .user = supplies->users[member->entry->role]};

    start.fds[0] = -1; /* the control socket, which process_start makes */
    start.fds[BIRTH_CONFIG - BIRTH_CONTROL] = supplies->config_fd;
    start.fds[BIRTH_METRICS - BIRTH_CONTROL] =
        given(member, ROLE_INHERITS_METRICS, supplies->metrics);
    start.fds[BIRTH_LISTEN - BIRTH_CONTROL] = given(member, ROLE_INHERITS_LISTEN, supplies->listen);
    start.fds[BIRTH_HEALTH - BIRTH_CONTROL] = given(member, ROLE_INHERITS_HEALTH, supplies->health);
    start.fds[BIRTH_KEY - BIRTH_CONTROL] =
        (member->entry->inherits & ROLE_INHERITS_WEBHOOK_KEY) != 0
            ? supplies->webhook_key
            : given(member, ROLE_INHERITS_KEY, supplies->key);
    start.fds[BIRTH_FAILPOINTS - BIRTH_CONTROL] = supplies->failpoints;
    return start;
}

static void
start(struct crew *crew, struct member *member, int64_t now)
{
    const struct process_start what = start_of(crew->supplies, member);
    struct fault               fault = {0};

    member->ready = false;
    member->joined = false;
    member->asked = false;
    member->kill_from = 0;
    member->started = now;
    vigil_begin(member, now);
    if (process_start(&what, &member->process, &fault) != ERR_OK) {
        log_failure("role.not_started", &fault);
        count_failure(crew, member, now);
    }
}

void
crew_start_due(struct crew *crew, int64_t now)
{
    for (size_t i = 0; i < crew->count && !crew->stopping; i++) {
        struct member *member = &crew->members[i];
        if (!is_running(member) && member->due <= now) {
            start(crew, member, now);
        }
    }
}

bool
crew_ready(struct crew *crew, struct member *member)
{
    if (member->joined) {
        return false;
    }
    member->ready = true;
    member->joined = true;
    member->was_ready = true;
    join_with_all(crew, member);
    return true;
}

void
crew_kill(struct member *member)
{
    process_kill(&member->process);
}

void
crew_stop(struct crew *crew, struct member *member, int64_t now)
{
    const struct wire_message message = {
        .kind = WIRE_STOP, .fds = {-1, -1}
    };

    if (!is_running(member) || member->kill_from != 0) {
        return;
    }
    member->asked = true;
    member->kill_from = now + crew->supplies->times.stop_ms;
    if (wire_send(member->process.control, &message, NULL) != ERR_OK) {
        crew_kill(member); /* it is gone, or it does not listen */
    }
}

void
crew_enforce(struct crew *crew, int64_t now)
{
    for (size_t i = 0; i < crew->count; i++) {
        struct member *member = &crew->members[i];
        if (is_running(member) && member->kill_from != 0 && member->kill_from <= now) {
            log_member(LOG_WARNING, "role.killed", member);
            log_end();
            crew_kill(member);
            member->kill_from = INT64_MAX;
        }
    }
}

static void
log_end_of(const struct member *member, pid_t pid, struct process_end end, bool planned)
{
    log_begin(planned ? LOG_INFO : LOG_WARNING, "role.ended");
    log_text("of", str_of(role_kind_name(member->entry->role)));
    log_number("of_slot", member->slot);
    log_number("of_pid", pid);
    log_number(end.signal != 0 ? "signal" : "status", end.signal != 0 ? end.signal : end.status);
    log_end();
}

void
crew_ended(struct crew *crew, struct member *member, int64_t now)
{
    pid_t              pid = member->process.pid;
    struct process_end end = process_reap(&member->process);
    bool worn_out = member->entry->wears_out && member->ready && end.signal == 0 && end.status == 0;
    bool planned = member->asked || worn_out || crew->stopping;

    log_end_of(member, pid, end, planned);
    member->away_since = member->ready ? now : member->away_since;
    member->ready = false;
    if (member->entry->role == ROLE_CHECKER && !crew->stopping) {
        metrics_add(METRIC_CHECKERS_REPLACED, 1);
    }
    if (planned) {
        member->due = now;
        return;
    }
    metrics_add(METRIC_ROLES_RESTARTED, 1);
    count_failure(crew, member, now);
}

void
crew_renew_checker(struct crew *crew, const struct member *worker)
{
    for (size_t i = 0; i < crew->count; i++) {
        struct member *member = &crew->members[i];
        if (member->entry->role == ROLE_CHECKER && member->slot == worker->slot) {
            member->asked = true;
            crew_kill(member);
        }
    }
}

bool
crew_all_ready(const struct crew *crew)
{
    for (size_t i = 0; i < crew->count; i++) {
        if (!crew->members[i].ready) {
            return false;
        }
    }
    return true;
}

size_t
crew_absent(const struct crew *crew, enum role_kind role, int64_t now)
{
    size_t absent = 0;

    for (size_t i = 0; i < crew->count; i++) {
        const struct member *member = &crew->members[i];
        bool                 long_ago =
            !member->was_ready || now - member->away_since >= crew->supplies->times.absent_ms;
        absent += member->entry->role == role && !member->ready && long_ago;
    }
    return absent;
}

size_t
crew_alive(const struct crew *crew, bool first_to_stop_only)
{
    size_t alive = 0;

    for (size_t i = 0; i < crew->count; i++) {
        const struct member *member = &crew->members[i];
        alive += is_running(member) && (!first_to_stop_only || member->entry->stops_first);
    }
    return alive;
}

int
crew_wait_ms(const struct crew *crew, int64_t now)
{
    int64_t next = INT64_MAX;

    for (size_t i = 0; i < crew->count; i++) {
        const struct member *member = &crew->members[i];
        int64_t              at = INT64_MAX;
        if (is_running(member)) {
            at = member->kill_from == 0 ? INT64_MAX : member->kill_from;
            at = vigil_due(crew, member) < at ? vigil_due(crew, member) : at;
        } else if (!crew->stopping) {
            at = member->due;
        }
        next = at < next ? at : next;
    }
    if (next == INT64_MAX) {
        return -1;
    }
    int64_t wait = next <= now ? 0 : next - now;
    return wait > INT_MAX ? INT_MAX : (int)wait;
}

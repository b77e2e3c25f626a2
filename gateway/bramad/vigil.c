#include "gateway/bramad/vigil.h"

#include "gateway/log/log.h"
#include "gateway/metrics/metrics.h"
#include "gateway/wire/wire.h"

/* Between two looks; 0: this one is never asked. */
static int64_t
look_ms(const struct crew *crew, const struct member *member)
{
    int64_t silence =
        member->entry->silence_ms == NULL ? 0 : member->entry->silence_ms(crew->supplies->config);

    return silence / VIGIL_LOOKS;
}

static bool
is_asked(const struct crew *crew, const struct member *member)
{
    return member->process.pid > 0 && member->kill_from == 0 && look_ms(crew, member) > 0;
}

static void
end_silent(struct member *member)
{
    log_begin(LOG_ERROR, "role.silent");
    log_text("of", str_of(role_kind_name(member->entry->role)));
    log_number("of_slot", member->slot);
    log_number("of_pid", member->process.pid);
    log_end();
    metrics_add(METRIC_ROLES_SILENT, 1);
    crew_kill(member);
    member->kill_from = INT64_MAX;
}

static void
ask(struct member *member)
{
    const struct wire_message message = {
        .kind = WIRE_PING, .fds = {-1, -1}
    };
    struct fault fault = {0};

    member->was_asked = true;
    if (wire_send_now(member->process.control, &message, &fault) != ERR_OK) {
        log_failure("role.deaf", &fault);
        crew_kill(member);
    }
}

static void
look_after(const struct crew *crew, struct member *member, int64_t now)
{
    unsigned looks_max = member->ready ? VIGIL_LOOKS : VIGIL_LOOKS * VIGIL_START_PATIENCE;

    member->ask_at = now + look_ms(crew, member);
    if (!member->was_asked) {
        ask(member);
        return;
    }
    member->unheard++;
    if (member->unheard >= looks_max) {
        end_silent(member);
    }
}

void
vigil_begin(struct member *member, int64_t now)
{
    member->ask_at = now;
    vigil_heard(member);
}

void
vigil_look(struct crew *crew, int64_t now)
{
    for (size_t i = 0; i < crew->count; i++) {
        struct member *member = &crew->members[i];
        if (is_asked(crew, member) && member->ask_at <= now) {
            look_after(crew, member, now);
        }
    }
}

void
vigil_heard(struct member *member)
{
    member->was_asked = false;
    member->unheard = 0;
}

int64_t
vigil_due(const struct crew *crew, const struct member *member)
{
    return is_asked(crew, member) ? member->ask_at : INT64_MAX;
}

size_t
vigil_answering(const struct crew *crew, enum role_kind role)
{
    size_t count = 0;

    for (size_t i = 0; i < crew->count; i++) {
        const struct member *member = &crew->members[i];
        count += member->entry->role == role && member->process.pid > 0 && member->ready
                 && member->unheard < VIGIL_LOOKS_DOUBTFUL;
    }
    return count;
}

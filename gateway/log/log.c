#include "gateway/log/log.h"

#include "gateway/answer/json.h"
#include "validators/base/moment.h"

#include <errno.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { TEXT_MAX = 512, ROOM = 2 * LOG_LINE_MAX, ARENA_ROOM = 8 * LOG_LINE_MAX };

static const char *const levels[] = {"info", "warning", "error"};

/* A process has one log, and one line of it in the making. */
static struct {
    const char   *role;
    unsigned      slot;
    int           fd;
    bool          open;
    struct arena *arena; /* of the line in the making; NULL between lines */
    struct buf    line;
    struct json   json;
} log_state;

void
log_open(const char *role, unsigned slot, int fd)
{
    log_state.role = role;
    log_state.slot = slot;
    log_state.fd = fd;
    log_state.open = true;
}

/* "2026-07-10T07:00:00.123456Z" */
static void
write_now(void)
{
    struct timespec now = {0};
    struct buf      text = buf_create(log_state.arena, TEXT_MAX);

    (void)clock_gettime(CLOCK_REALTIME, &now); /* it exists on every Linux */
    moment_write_utc(&text, (moment)now.tv_sec);
    struct str whole = buf_str(&text);
    struct str stamp = str_format(log_state.arena, "%.*s.%06ldZ",
                                  STR_ARG(str_slice(whole, 0, whole.size - 1)), now.tv_nsec / 1000);
    json_key(&log_state.json, "ts");
    json_text(&log_state.json, stamp);
}

void
log_begin(enum log_level level, const char *event)
{
    ENSURE(log_state.arena == NULL);
    log_state.arena = arena_create(ARENA_ROOM);
    log_state.line = buf_create(log_state.arena, ROOM);
    log_state.json = json_create(&log_state.line);
    json_object_begin(&log_state.json);
    write_now();
    log_text("level", str_of(levels[level]));
    log_text("role", str_of(log_state.role));
    log_number("slot", log_state.slot);
    log_number("pid", getpid());
    log_text("event", str_of(event));
}

void
log_text(const char *key, struct str value)
{
    ENSURE(log_state.arena != NULL);
    json_key(&log_state.json, key);
    json_text(&log_state.json, str_slice(value, 0, TEXT_MAX));
}

void
log_number(const char *key, int64_t value)
{
    ENSURE(log_state.arena != NULL);
    json_key(&log_state.json, key);
    json_number(&log_state.json, value);
}

void
log_uuid(const char *key, struct uuid value)
{
    struct arena *arena = arena_create(TEXT_MAX);
    struct buf    text = buf_create(arena, TEXT_MAX / 2);

    uuid_write(&text, value);
    log_text(key, buf_str(&text));
    arena_destroy(arena);
}

void
log_fault(const struct fault *fault)
{
    log_text("err", str_of(err_name(fault->code)));
    log_text("text", str_of(fault->text));
    if (fault->file != NULL) {
        log_text("file", str_of(fault->file));
        log_number("line", fault->line);
    }
}

/* One write: lines of several processes never mix. What cannot be written is lost. */
static void
write_line(struct str line)
{
    ssize_t written = 0;

    do {
        written = write(log_state.fd, line.data, line.size);
    } while (written < 0 && errno == EINTR);
}

void
log_end(void)
{
    ENSURE(log_state.arena != NULL);
    json_object_end(&log_state.json);
    buf_byte(&log_state.line, '\n');
    if (log_state.open && buf_ok(&log_state.line)) {
        write_line(buf_str(&log_state.line));
    }
    arena_destroy(log_state.arena);
    log_state.arena = NULL;
}

void
log_failure(const char *event, const struct fault *fault)
{
    log_begin(LOG_ERROR, event);
    log_fault(fault);
    log_end();
}

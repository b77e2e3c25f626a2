#include "gateway/log/log.h"

#include "gateway/answer/json.h"
#include "gateway/metrics/metrics.h"
#include "validators/base/moment.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { TEXT_MAX = 512, ROOM = LOG_LINE_MAX, DECIMALS = 16, ARENA_ROOM = 8 * LOG_LINE_MAX };

static const char *const levels[] = {"info", "warning", "error"};

/* A process has one log, and one line of it in the making. */
static struct {
    const char   *role;
    unsigned      slot;
    int           fd;
    bool          open;
    pid_t         pid;
    bool          is_socket;
    bool          never_waits; /* a file, or what log_detach has made so */
    int64_t       lost;        /* lines that nobody has been told of */
    struct arena *arena;       /* of the line in the making; NULL between lines */
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
    struct stat what = {0};
    bool        known = fstat(fd, &what) == 0;
    log_state.pid = getpid();
    log_state.is_socket = known && S_ISSOCK(what.st_mode);
    log_state.never_waits =
        known && (S_ISREG(what.st_mode) || (fcntl(fd, F_GETFL) & O_NONBLOCK) != 0);
}

void
log_detach(int fd)
{
    char        path[sizeof "/proc/self/fd/" + DECIMALS];
    struct stat what = {0};

    /* A file never makes anybody wait; for a socket a flag of each write says the same. */
    if (fstat(fd, &what) != 0 || !(S_ISFIFO(what.st_mode) || S_ISCHR(what.st_mode))) {
        return;
    }
    (void)snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    int own = open(path, O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    if (own >= 0) {
        (void)dup2(own, fd); /* else it stays what it was */
        (void)close(own);
    }
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

static void
say_begin(enum log_level level, const char *event)
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
    log_number("pid", log_state.pid);
    log_text("event", str_of(event));
}

/* A pipe takes a line whole or not at all (PIPE_BUF), and so does a socket. */
static bool
write_line(struct str line)
{
    struct iovec  part = {(void *)line.data, line.size};
    struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1};
    struct pollfd ready = {.fd = log_state.fd, .events = POLLOUT};
    ssize_t       written = 0;

    do {
        if (log_state.is_socket) {
            written = sendmsg(log_state.fd, &message, MSG_DONTWAIT | MSG_NOSIGNAL);
        } else if (!log_state.never_waits && poll(&ready, 1, 0) == 0) {
            return false; /* full */
        } else {
            written = write(log_state.fd, line.data, line.size);
        }
    } while (written < 0 && errno == EINTR);
    return written == (ssize_t)line.size;
}

/* False when the line was not taken. */
static bool
say_end(void)
{
    ENSURE(log_state.arena != NULL);
    json_object_end(&log_state.json);
    buf_byte(&log_state.line, '\n');
    bool taken =
        !log_state.open || (buf_ok(&log_state.line) && write_line(buf_str(&log_state.line)));
    arena_destroy(log_state.arena);
    log_state.arena = NULL;
    return taken;
}

static void
tell_lost(void)
{
    say_begin(LOG_WARNING, "log.lost");
    log_number("lines", log_state.lost);
    if (say_end()) {
        log_state.lost = 0;
    }
}

void
log_begin(enum log_level level, const char *event)
{
    if (log_state.lost > 0) {
        tell_lost();
    }
    say_begin(level, event);
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

void
log_end(void)
{
    if (!say_end()) {
        log_state.lost++;
        metrics_add(METRIC_LOG_LINES_LOST, 1);
    }
}

void
log_failure(const char *event, const struct fault *fault)
{
    log_begin(LOG_ERROR, event);
    log_fault(fault);
    log_end();
}

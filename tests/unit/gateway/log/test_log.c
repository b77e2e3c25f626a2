#include "gateway/log/log.h"
#include "gateway/metrics/metrics.h"
#include "tests/support/expect.h"

#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { LINE_ROOM = 64 * 1024, LINES_MAX = 1000000 };

static int log_end_fd; /* where the test reads what was logged */

static int
open_log(void **state)
{
    int ends[2] = {-1, -1};

    (void)state;
    if (pipe(ends) != 0) {
        return -1;
    }
    log_open("worker", 3, ends[1]);
    log_end_fd = ends[0];
    return 0;
}

/* The one line that has been logged, as JSON. */
static json_t *
logged(void)
{
    static char line[LINE_ROOM];
    ssize_t     size = read(log_end_fd, line, sizeof line);

    assert_true(size > 1 && line[size - 1] == '\n');
    assert_ptr_equal(memchr(line, '\n', (size_t)size), &line[size - 1]);
    json_t *json = json_loadb(line, (size_t)size, JSON_REJECT_DUPLICATES, NULL);
    assert_non_null(json);
    return json;
}

static void
expect_text(const json_t *json, const char *key, const char *want)
{
    assert_string_equal(json_string_value(json_object_get(json, key)), want);
}

static void
a_line_says_who_when_and_what(void **state)
{
    (void)state;
    log_begin(LOG_WARNING, "store.away");
    log_text("what", STR("ą \"x\" \n"));
    log_number("ms", -5);
    log_uuid("request_id", (struct uuid){{0}});
    log_end();
    json_t *json = logged();
    expect_text(json, "level", "warning");
    expect_text(json, "role", "worker");
    expect_text(json, "event", "store.away");
    expect_text(json, "what", "ą \"x\" \n");
    expect_text(json, "request_id", "00000000-0000-0000-0000-000000000000");
    assert_int_equal(json_integer_value(json_object_get(json, "slot")), 3);
    assert_int_equal(json_integer_value(json_object_get(json, "ms")), -5);
    assert_int_equal(json_integer_value(json_object_get(json, "pid")), getpid());
    const char *stamp = json_string_value(json_object_get(json, "ts"));
    assert_int_equal(strlen(stamp), strlen("2026-07-10T07:00:00.123456Z"));
    json_decref(json);
}

static void
a_failure_names_its_place(void **state)
{
    struct fault fault = {0};

    (void)state;
    assert_int_equal(FAIL(&fault, ERR_PEER, "the signer is away"), ERR_PEER);
    log_failure("conclude.waits", &fault);
    json_t *json = logged();
    expect_text(json, "level", "error");
    expect_text(json, "err", "PEER");
    expect_text(json, "text", "the signer is away");
    assert_non_null(json_object_get(json, "line"));
    json_decref(json);
}

static void
long_texts_are_cut_and_odd_bytes_replaced(void **state)
{
    static char text[LOG_LINE_MAX];

    (void)state;
    memset(text, 'x', sizeof text);
    text[0] = (char)0xFF;
    log_begin(LOG_INFO, "test");
    log_text("long", (struct str){text, sizeof text});
    log_end();
    json_t *json = logged();
    assert_true(json_string_length(json_object_get(json, "long")) < 600);
    json_decref(json);
}

static void
a_log_that_nobody_reads_stops_nobody(void **state)
{
    (void)state;
    log_open("worker", 3, -1);
    log_begin(LOG_INFO, "test");
    log_end();
    (void)open_log(NULL);
}

static void
log_one(void)
{
    log_begin(LOG_INFO, "test");
    log_end();
}

/* Lines until the reader, which reads nothing, has no room for another. */
static int64_t
log_until_full(void)
{
    int64_t lost = metrics_get(METRIC_LOG_LINES_LOST);

    for (int i = 0; i < LINES_MAX && metrics_get(METRIC_LOG_LINES_LOST) == lost; i++) {
        log_one();
    }
    assert_int_equal(metrics_get(METRIC_LOG_LINES_LOST), lost + 1);
    return lost + 1;
}

static void
drain(int fd)
{
    char    bytes[LINE_ROOM];
    ssize_t size = 0;

    do {
        size = recv(fd, bytes, sizeof bytes, MSG_DONTWAIT);
        if (size < 0 && errno == ENOTSOCK) {
            struct pollfd more = {.fd = fd, .events = POLLIN};
            size = poll(&more, 1, 0) == 1 ? read(fd, bytes, sizeof bytes) : 0;
        }
    } while (size > 0);
}

/* A pipe that was made not to wait, one that was not, a socket: the reader of the log stands still.
 */
static void
lines_that_nobody_takes_are_lost_counted_and_told_of(void **state)
{
    enum { PIPE_DETACHED, PIPE_AS_IT_IS, SOCKET, KINDS };

    (void)state;
    for (int kind = 0; kind < KINDS; kind++) {
        int ends[2] = {-1, -1};
        assert_int_equal(kind == SOCKET ? socketpair(AF_UNIX, SOCK_STREAM, 0, ends) : pipe(ends),
                         0);
        if (kind == PIPE_DETACHED) {
            log_detach(ends[1]);
            assert_true((fcntl(ends[1], F_GETFL) & O_NONBLOCK) != 0);
            assert_true((fcntl(ends[0], F_GETFL) & O_NONBLOCK) == 0);
        }
        log_open("worker", 3, ends[1]);
        log_end_fd = ends[0];
        int64_t lost = log_until_full();
        log_one(); /* stays lost, without waiting; what tells of it is not counted */
        assert_int_equal(metrics_get(METRIC_LOG_LINES_LOST), lost + 1);
        drain(ends[0]);
        log_one();
        assert_int_equal(metrics_get(METRIC_LOG_LINES_LOST), lost + 1);
        char    lines[LINE_ROOM] = "";
        ssize_t size = read(ends[0], lines, sizeof lines - 1);
        assert_true(size > 0);
        assert_non_null(strstr(lines, "\"event\":\"log.lost\",\"lines\":2}\n"));
        (void)close(ends[0]);
        (void)close(ends[1]);
    }
    (void)open_log(NULL);
}

static void
a_descriptor_that_makes_nobody_wait_is_left_as_it_is(void **state)
{
    int fd = open("/dev/null", O_WRONLY | O_CLOEXEC);
    int ends[2] = {-1, -1};

    (void)state;
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
    log_detach(ends[0]);
    assert_true((fcntl(ends[0], F_GETFL) & O_NONBLOCK) == 0);
    log_detach(-1);
    log_detach(fd);
    assert_int_equal(write(fd, "x", 1), 1);
    (void)close(fd);
    (void)close(ends[0]);
    (void)close(ends[1]);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_line_says_who_when_and_what),
        cmocka_unit_test(a_failure_names_its_place),
        cmocka_unit_test(long_texts_are_cut_and_odd_bytes_replaced),
        cmocka_unit_test(a_log_that_nobody_reads_stops_nobody),
        cmocka_unit_test(lines_that_nobody_takes_are_lost_counted_and_told_of),
        cmocka_unit_test(a_descriptor_that_makes_nobody_wait_is_left_as_it_is),
    };

    return cmocka_run_group_tests(tests, open_log, NULL);
}

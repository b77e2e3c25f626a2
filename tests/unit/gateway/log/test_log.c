#include "gateway/log/log.h"
#include "tests/support/expect.h"

#include <jansson.h>
#include <string.h>
#include <unistd.h>

enum { LINE_ROOM = 64 * 1024 };

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

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_line_says_who_when_and_what),
        cmocka_unit_test(a_failure_names_its_place),
        cmocka_unit_test(long_texts_are_cut_and_odd_bytes_replaced),
        cmocka_unit_test(a_log_that_nobody_reads_stops_nobody),
    };

    return cmocka_run_group_tests(tests, open_log, NULL);
}

#include "gateway/metrics/metrics.h"
#include "tests/support/command.h"
#include "tests/support/expect.h"

#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { ROOM = 1 << 20 };

static struct str
written(struct arena *arena)
{
    struct buf out = buf_create(arena, ROOM / 4);

    metrics_write(&out, "1.2.3");
    assert_true(buf_ok(&out));
    return str_copy(arena, buf_str(&out));
}

static void
what_another_process_counts_is_seen_here(void **state)
{
    struct fault fault = {0};
    int          fd = -1;

    (void)state;
    assert_int_equal(metrics_create(&fd, &fault), ERR_OK);
    assert_int_equal(metrics_use(fd, &fault), ERR_OK);
    pid_t child = fork();
    if (child == 0) {
        metrics_add(METRIC_ADMITTED, 41);
        metrics_add(METRIC_ADMITTED, 1);
        metrics_set(METRIC_BACKLOG, 7);
        _exit(0);
    }
    int status = 0;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(metrics_get(METRIC_ADMITTED), 42);
    assert_int_equal(metrics_get(METRIC_BACKLOG), 7);
    assert_int_equal(close(fd), 0);
}

static void
buckets_are_cumulated_and_take_their_bound(void **state)
{
    struct arena *arena = arena_create(ROOM);

    (void)state;
    metrics_observe(DURATION_CHECK, 999);
    metrics_observe(DURATION_CHECK, 1000);
    metrics_observe(DURATION_CHECK, 1001);
    metrics_observe(DURATION_CHECK, 99000000);
    struct str text = written(arena);
    assert_non_null(strstr(text.data, "brama_check_duration_seconds_bucket{le=\"0.001\"} 2\n"));
    assert_non_null(strstr(text.data, "brama_check_duration_seconds_bucket{le=\"0.0025\"} 3\n"));
    assert_non_null(strstr(text.data, "brama_check_duration_seconds_bucket{le=\"5\"} 3\n"));
    assert_non_null(strstr(text.data, "brama_check_duration_seconds_bucket{le=\"+Inf\"} 4\n"));
    assert_non_null(strstr(text.data, "brama_check_duration_seconds_sum 99.003000\n"));
    arena_destroy(arena);
}

static void
promtool_finds_no_fault(void **state)
{
    struct arena     *arena = arena_create(ROOM);
    struct str        text = written(arena);
    const char *const promtool[] = {"promtool", "check", "metrics", NULL};

    (void)state;
    assert_int_equal(command_run(promtool, text, NULL), 0);
    arena_destroy(arena);
}

static void
no_metric_is_without_help(void **state)
{
    struct arena *arena = arena_create(ROOM);
    struct str    rest = written(arena);
    struct str    line = {0};
    size_t        seen = 0;

    (void)state;
    while (str_cut(&rest, '\n', &line)) {
        if (str_starts_with(line, STR("# HELP "))) {
            assert_true(str_ends_with(line, STR(".")) || str_ends_with(line, STR("alarm")));
            seen++;
        }
    }
    assert_true(seen > 20);
    arena_destroy(arena);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_another_process_counts_is_seen_here),
        cmocka_unit_test(buckets_are_cumulated_and_take_their_bound),
        cmocka_unit_test(promtool_finds_no_fault),
        cmocka_unit_test(no_metric_is_without_help),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

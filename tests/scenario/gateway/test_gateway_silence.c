#include "tests/scenario/gateway/office.h"
#include "tests/support/expect.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/*
 * A role that stands still (SIGSTOP), as one does that waits for ever: filing goes on or is refused
 * for now, the supervisor replaces it within the time that the settings say, and whatever was taken
 * is decided.
 */
enum { TRIES_MAX = 2400, PAUSE_MS = 25, FILINGS = 6, LOG_MAX = 32 << 20, LOG_PIECE = 1 << 20 };

#define LOST "\"event\":\"log.lost\",\"lines\":"
#define SETTINGS                                                                            \
    "silence_seconds = 3\nchecker_deadline_ms = 5000\nanswer_wait_ms = 2000\nworkers = 2\n" \
    "readers = 2\n"

static struct cluster *cluster;
static struct office   office;

static int
start(void **state)
{
    (void)state;
    cluster = cluster_start(CLUSTER_FAST);
    office_open(&office, cluster, "silence", &(struct station_options){.settings = SETTINGS}, true);
    return 0;
}

static int
stop(void **state)
{
    (void)state;
    office_close(&office);
    cluster_stop(cluster);
    return 0;
}

static bool
await_ready(int wanted)
{
    int status = -1;

    for (int i = 0; i < TRIES_MAX && status != wanted; i++) {
        struct arena *arena = arena_create(OFFICE_ROOM);
        status = office_health(&office, arena, "/readyz").status;
        arena_destroy(arena);
        (void)poll(NULL, 0, PAUSE_MS); /* the condition is asked for again */
    }
    return status == wanted;
}

static bool
await_another(enum role_kind role, unsigned slot, pid_t than)
{
    pid_t now = than;

    for (int i = 0; i < TRIES_MAX && (now == than || now == 0); i++) {
        now = station_role(office.station, role, slot);
        (void)poll(NULL, 0, PAUSE_MS); /* likewise */
    }
    return now != than && now != 0;
}

/* Taken, or refused for now in our words: never anything else. */
static void
expect_honest(const struct http_answer *answer, const char *name)
{
    bool taken = answer->status == 200 || answer->status == 201 || answer->status == 202;
    bool refused = answer->status == 503 || answer->status == 504;

    if (!taken && !refused) {
        print_error("%s: %d %.*s\n", name, answer->status, STR_ARG(answer->body));
    }
    EXPECT(taken || refused, name);
    EXPECT(taken || str_equal(http_header(answer, "Content-Type"), STR("application/problem+json")),
           name);
    EXPECT(!office_has(answer, "<html"), name);
}

/* Several filings while it stands, each answered; and again, with the same key, after. */
static void
file_meanwhile(const char *name, struct arena *arena, struct str *packages)
{
    for (int i = 0; i < FILINGS; i++) {
        packages[i] = office_package(&office, arena);
        const struct office_filing filing = {.key = str_format(arena, "%s-%d", name, i).data,
                                             .body = packages[i]};
        struct http_answer         answer = office_file(&office, arena, &filing);
        expect_honest(&answer, name);
    }
}

static void
expect_all_decided(const char *name, struct arena *arena, const struct str *packages)
{
    for (int i = 0; i < FILINGS; i++) {
        const struct office_filing filing = {.key = str_format(arena, "%s-%d", name, i).data,
                                             .body = packages[i]};
        struct http_answer         answer = office_file(&office, arena, &filing);
        EXPECT(answer.status == 200 || answer.status == 201 || answer.status == 202, name);
    }
    const char *sql = str_format(arena,
                                 "SELECT string_agg(DISTINCT state || ' ' || verdict || ' ' || n,"
                                 " ', ') || ' ' || count(*) FROM intake.submission"
                                 " WHERE key LIKE '%s-%%'",
                                 name)
                          .data;
    EXPECT(office_await(&office, sql, str_format(arena, "decided 1 1 %d", FILINGS).data), name);
}

static bool
log_names(const char *role)
{
    struct arena *arena = arena_create((size_t)2 * LOG_MAX);
    char         *bytes = ARENA_NEW(arena, char, LOG_MAX);
    FILE         *file = fopen(station_log(office.station), "re");
    char          wanted[96];

    ENSURE(file != NULL && bytes != NULL);
    bytes[fread(bytes, 1, LOG_MAX - 1, file)] = '\0';
    ENSURE(fclose(file) == 0);
    (void)snprintf(wanted, sizeof wanted, "\"event\":\"role.silent\",\"of\":\"%s\"", role);
    bool found = strstr(bytes, wanted) != NULL;
    arena_destroy(arena);
    return found;
}

static void
whoever_stands_still_is_replaced_and_nothing_is_lost(void **state)
{
    static const struct {
        const char    *name;
        enum role_kind role;
        bool           unready; /* until it is replaced, we are not */
    } cases[] = {
        {"signer",  ROLE_SIGNER,  true },
        {"reader",  ROLE_READER,  false},
        {"worker",  ROLE_WORKER,  true },
        {"checker", ROLE_CHECKER, false},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        struct arena *arena = arena_create((size_t)2 * OFFICE_ROOM);
        struct str    packages[FILINGS];
        int64_t       silent = office_metric(&office, "brama_roles_silent_total");
        pid_t         pid = station_role(office.station, cases[i].role, 0);
        EXPECT(await_ready(200), cases[i].name);
        assert_true(pid > 0 && kill(pid, SIGSTOP) == 0);
        EXPECT(!cases[i].unready || await_ready(503), cases[i].name);
        file_meanwhile(cases[i].name, arena, packages);
        EXPECT(await_another(cases[i].role, 0, pid), cases[i].name);
        EXPECT(await_ready(200), cases[i].name);
        expect_all_decided(cases[i].name, arena, packages);
        EXPECT(office_metric(&office, "brama_roles_silent_total") > silent
                   || cases[i].role == ROLE_CHECKER, /* its worker may have been faster */
               cases[i].name);
        EXPECT(log_names(cases[i].name) || cases[i].role == ROLE_CHECKER, cases[i].name);
        arena_destroy(arena);
    }
}

/* Nobody waits for it: no document is with it, and no worker will find it late. */
static void
an_idle_checker_that_stands_still_is_replaced(void **state)
{
    int64_t silent = office_metric(&office, "brama_roles_silent_total");
    pid_t   pid = station_role(office.station, ROLE_CHECKER, 1);

    (void)state;
    assert_true(pid > 0 && kill(pid, SIGSTOP) == 0);
    assert_true(await_another(ROLE_CHECKER, 1, pid));
    assert_int_equal(office_metric(&office, "brama_roles_silent_total"), silent + 1);
    assert_true(await_ready(200));
}

/* nginx waits for it; what it took is not answered, and the same key is good again. */
static void
a_front_that_stands_still_is_replaced(void **state)
{
    struct arena              *arena = arena_create((size_t)2 * OFFICE_ROOM);
    const struct office_filing filing = {.key = "front", .body = office_package(&office, arena)};
    pid_t                      pid = station_role(office.station, ROLE_FRONT, 0);
    struct http_answer         answer = {0};

    (void)state;
    assert_true(pid > 0 && kill(pid, SIGSTOP) == 0);
    for (int i = 0; i < TRIES_MAX && answer.status != 200 && answer.status != 201; i++) {
        answer = office_file(&office, arena, &filing);
        expect_honest(&answer, "front");
    }
    assert_int_not_equal(station_role(office.station, ROLE_FRONT, 0), pid);
    assert_true(log_names("front"));
    assert_true(await_ready(200));
    arena_destroy(arena);
}

/* All that is in the pipe now; how many lines it tells were lost, 0: none. */
static int64_t
read_lost(int log)
{
    struct pollfd more = {.fd = log, .events = POLLIN};
    static char   bytes[LOG_PIECE + 1];
    int64_t       lost = 0;

    while (poll(&more, 1, 0) == 1) {
        ssize_t size = read(log, bytes, LOG_PIECE);
        ENSURE(size > 0);
        bytes[size] = '\0';
        const char *told = strstr(bytes, LOST);
        lost += told == NULL ? 0 : strtoll(told + strlen(LOST), NULL, 10);
    }
    return lost;
}

static void
a_log_that_nobody_reads_stops_no_role(void **state)
{
    const struct station_options options = {.settings = SETTINGS, .log_pipe = true};
    struct arena                *arena = arena_create((size_t)4 * OFFICE_ROOM);
    struct office                usual = office;
    int                          status = 200;

    (void)state;
    office_open(&office, cluster, "deaf", &options, false);
    int log = open(station_log(office.station), O_RDWR | O_CLOEXEC);
    assert_true(log >= 0);
    for (int i = 0; i < TRIES_MAX && office_metric(&office, "brama_log_lines_lost_total") == 0;
         i++) {
        status = office_get(&office, arena, NULL, "/api/v1/status", NULL).status;
        assert_int_equal(status, 200);
    }
    assert_true(office_metric(&office, "brama_log_lines_lost_total") > 0);
    const struct office_filing filing = {.key = "gluchy", .body = office_package(&office, arena)};
    assert_int_equal(office_file(&office, arena, &filing).status, 201);
    int64_t told = read_lost(log); /* there is room again: the next line tells */
    assert_int_equal(office_get(&office, arena, NULL, "/api/v1/status", NULL).status, 200);
    assert_true(told + read_lost(log) > 0);
    (void)close(log);
    office_close(&office);
    office = usual;
    arena_destroy(arena);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(whoever_stands_still_is_replaced_and_nothing_is_lost),
        cmocka_unit_test(an_idle_checker_that_stands_still_is_replaced),
        cmocka_unit_test(a_front_that_stands_still_is_replaced),
        cmocka_unit_test(a_log_that_nobody_reads_stops_no_role),
    };

    return cmocka_run_group_tests(tests, start, stop);
}

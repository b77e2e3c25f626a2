#include "tests/scenario/gateway/office.h"
#include "tests/support/expect.h"
#include "tests/support/quarter.h"
#include "tests/support/station.h"
#include "tests/support/watch.h"

#include <pthread.h>
#include <signal.h>
#include <string.h>

/*
 * Sets of reports over a whole gateway: filed by several at once, and with workers that are killed
 * while they judge, the same comes of them in the end as when one report comes after the other.
 */
enum { REPORTS = 4, ROUNDS = 3, KILLED_FROM = 50 };

static struct cluster *cluster;
static struct office   office;
static struct arena   *arena;

static int
start(void **state)
{
    (void)state;
    cluster = cluster_start(CLUSTER_DURABLE);
    arena = arena_create(OFFICE_ROOM);
    return 0;
}

static int
stop(void **state)
{
    (void)state;
    arena_destroy(arena);
    cluster_stop(cluster);
    return 0;
}

/* A JST of its own that files for itself. */
struct filer {
    size_t      number;
    int64_t     jst;
    const char *token;
};

static struct filer
register_jst(size_t number)
{
    struct filer filer = {.number = number};

    filer.jst = office_jst(&office, arena, draft_regon(arena, number).data);
    filer.token = station_token(office.station, filer.jst);
    return filer;
}

/* Rb-27S twice, Rb-NDS twice: what is in force in the end differs by 20 złotych. */
static struct str
make(const struct filer *filer, size_t which)
{
    static const struct {
        bool income;
        int  version;
        int  amount;
    } reports[REPORTS] = {
        {true,  0, 100},
        {true,  1, 120},
        {false, 0, 120},
        {false, 1, 140}
    };

    return quarter_package(arena, station_authority(office.station),
                           &(struct quarter){filer->number, reports[which].income,
                                             reports[which].version, reports[which].amount});
}

/* One sender that files one report, until it is taken. */
struct sending {
    pthread_t           thread;
    const struct filer *filer;
    struct str          body;
    size_t              which;
};

static void *
send_one(void *argument)
{
    const struct sending *sending = argument;
    struct arena         *own = arena_create((size_t)8 << 20U);
    struct office_filing  filing = {
         .token = sending->filer->token,
         .key = str_format(own, "set-%zu-%zu", sending->filer->number, sending->which).data,
         .body = sending->body};
    int status = 0;

    for (int i = 0; i < WATCH_TRIES_MAX && (status == 0 || status == 429 || status >= 500); i++) {
        status = office_file(&office, own, &filing).status;
        if (status == 0 || status == 429 || status >= 500) {
            watch_rest();
        }
    }
    arena_destroy(own);
    return NULL;
}

static void
send_all_at_once(const struct filer *filer, size_t turn)
{
    struct sending sendings[REPORTS];

    for (size_t i = 0; i < REPORTS; i++) {
        size_t which = (i + turn) % REPORTS;
        sendings[i] = (struct sending){.filer = filer, .which = which, .body = make(filer, which)};
    }
    for (size_t i = 0; i < REPORTS; i++) {
        assert_int_equal(pthread_create(&sendings[i].thread, NULL, send_one, &sendings[i]), 0);
    }
    for (size_t i = 0; i < REPORTS; i++) {
        assert_int_equal(pthread_join(sendings[i].thread, NULL), 0);
    }
}

static const char *
all_decided(const struct filer *filer)
{
    return str_format(arena,
                      "SELECT count(*) FROM intake.submission WHERE subject = %lld"
                      " AND state = 'decided' AND verdict = 1",
                      (long long)filer->jst)
        .data;
}

/* What is found in the end, and by how much; each open finding charges what is in force. */
static void
expect_end(const struct filer *filer, const char *name)
{
    const char *sql =
        str_format(arena,
                   "SELECT concat_ws(' ', s.state, s.findings, count(f.*), min(r.form),"
                   " min(r.version), bool_and(upper_inf(r.in_force)), min(v.found),"
                   " min(v.expected)) FROM intake.report_set s"
                   " LEFT JOIN intake.set_finding f ON f.owner = s.owner AND f.scope = s.scope"
                   "  AND f.period_end = s.period_end AND f.closed_at IS NULL"
                   " LEFT JOIN intake.set_finding_value v USING (finding)"
                   " LEFT JOIN intake.report r USING (report)"
                   " WHERE s.owner = %lld AND s.scope = 0 GROUP BY s.state, s.findings",
                   (long long)filer->jst)
            .data;

    EXPECT(office_await(&office, all_decided(filer), "4"), name);
    struct str end = office_ask(&office, arena, sql);
    EXPECT(str_equal(end, STR("inconsistent 2 2 RBNDS 1 t 140,00 120,00")), end.data);
}

static void
reports_filed_at_once_end_as_one_after_the_other(void **state)
{
    const struct station_options options = {.settings = "workers = 2\n"};

    (void)state;
    office_open(&office, cluster, "atonce", &options, false);
    for (size_t i = 0; i < ROUNDS; i++) {
        struct filer filer = register_jst(KILLED_FROM + i);
        send_all_at_once(&filer, i);
        expect_end(&filer, "at once");
    }
    office_close(&office);
}

/* Killed after the set was judged, before and after the commit, and while another judges. */
static void
a_worker_that_dies_while_it_judges_leaves_nothing_half(void **state)
{
    static const struct {
        const char    *name;
        enum failpoint point;
        uint32_t       skip;
    } cases[] = {
        {"judged, not committed",         FAILPOINT_SETS_JUDGED,            0},
        {"the second one, not committed", FAILPOINT_SETS_JUDGED,            1},
        {"before the commit",             FAILPOINT_CONCLUDE_BEFORE_COMMIT, 0},
        {"after the commit",              FAILPOINT_CONCLUDE_AFTER_COMMIT,  0},
    };
    const struct station_options options = {.settings = "workers = 2\n", .failpoints = true};

    (void)state;
    office_open(&office, cluster, "killed", &options, false);
    struct failpoint_page *page = station_failpoints(office.station);
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        struct filer   filer = register_jst(KILLED_FROM + i);
        struct sending sendings[REPORTS];
        page->reached = 0;
        page->skip = cases[i].skip;
        page->armed = cases[i].point;
        for (size_t j = 0; j < REPORTS; j++) {
            sendings[j] = (struct sending){.filer = &filer, .which = j, .body = make(&filer, j)};
            assert_int_equal(pthread_create(&sendings[j].thread, NULL, send_one, &sendings[j]), 0);
        }
        for (int j = 0; j < WATCH_TRIES_MAX && page->reached != cases[i].point; j++) {
            watch_rest();
        }
        EXPECT(page->reached == cases[i].point, cases[i].name);
        EXPECT(kill((pid_t)page->pid, SIGKILL) == 0, cases[i].name);
        page->armed = FAILPOINT_NONE;
        for (size_t j = 0; j < REPORTS; j++) {
            assert_int_equal(pthread_join(sendings[j].thread, NULL), 0);
        }
        expect_end(&filer, cases[i].name);
    }
    /* One row of members for each report, and no finding that is open twice. */
    assert_string_equal(office_ask(&office, arena,
                                   "SELECT (SELECT count(*) FROM intake.report WHERE verdict = 1)"
                                   " - (SELECT count(*) FROM intake.set_member) || ' ' ||"
                                   " (SELECT count(*) FROM (SELECT FROM intake.set_finding"
                                   " WHERE closed_at IS NULL GROUP BY report, code, cell"
                                   " HAVING count(*) > 1) x)")
                            .data,
                        "0 0");
    office_close(&office);
}

/* strict over HTTP: what would spoil the set ends withdrawn, with the reason. */
static void
a_strict_sender_is_told_why_nothing_was_accepted(void **state)
{
    const struct station_options options = {.settings = "workers = 1\n"};

    (void)state;
    office_open(&office, cluster, "strict", &options, false);
    struct filer         filer = register_jst(KILLED_FROM);
    struct office_filing filing = {.token = filer.token, .key = "first", .body = make(&filer, 0)};
    assert_int_equal(office_file(&office, arena, &filing).status, 201);
    filing = (struct office_filing){.token = filer.token,
                                    .key = "second",
                                    .path = "/api/v1/submissions?strict=true",
                                    .body = make(&filer, 2)};
    struct http_answer refused = office_file(&office, arena, &filing);
    assert_string_equal(office_value(arena, &refused, "state"), "withdrawn");
    assert_true(office_has(&refused, "ZESTAW-001"));
    /* The same file once more, without the wish: a new submission that follows the first. */
    filing.key = "third";
    filing.path = NULL;
    struct http_answer accepted = office_file(&office, arena, &filing);
    assert_string_equal(office_value(arena, &accepted, "reports.0.set.state"), "inconsistent");
    assert_string_equal(office_value(arena, &accepted, "reports.0.set.findings.0.code"),
                        "ZESTAW-001");
    struct http_answer sets = office_get(&office, arena, filer.token,
                                         "/api/v1/sets?period=2026-Q2&state=inconsistent", NULL);
    assert_string_equal(office_value(arena, &sets, "items.0.open_findings"), "2");
    office_close(&office);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reports_filed_at_once_end_as_one_after_the_other),
        cmocka_unit_test(a_worker_that_dies_while_it_judges_leaves_nothing_half),
        cmocka_unit_test(a_strict_sender_is_told_why_nothing_was_accepted),
    };

    return cmocka_run_group_tests(tests, start, stop);
}

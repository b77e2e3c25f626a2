#include "tests/support/command.h"
#include "tests/support/expect.h"
#include "tests/support/maker.h"
#include "tests/support/watch.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/*
 * The worker as it runs: the whole gateway of this build, and what a worker's neighbours may do to
 * it. What the stages do with a submission is tested in tests/unit/gateway/submission.
 */
enum {
    ROOM = 256 << 20,
    ATTEMPTS = 3,
    HANDED = 3,
};

#define DATABASE "worker"

static struct cluster *cluster;
static struct station *station;
static const char     *token;
static unsigned        packages;

static int
start(void **state)
{
    const struct station_options options = {.settings = "workers = 1\nanswer_wait_ms = 20000\n",
                                            .failpoints = true};

    (void)state;
    cluster = cluster_start(CLUSTER_FAST);
    (void)cluster_database(cluster, DATABASE);
    station = station_create(cluster, DATABASE, &options);
    struct arena *arena = arena_create(ROOM);
    int64_t       gmina = station_unit(station, "990000022", "Gmina Przykładów", "jst", 0);
    for (size_t i = 0; i < 100; i++) {
        (void)station_unit(station, maker_regon(arena, i).data, "Szkoła", "jednostka-budzetowa",
                           gmina);
    }
    token = station_token(station, gmina);
    arena_destroy(arena);
    return 0;
}

static int
stop(void **state)
{
    (void)state;
    station_destroy(station);
    cluster_stop(cluster);
    return 0;
}

/* A package of a unit that has filed nothing before. */
static struct str
make_package(struct arena *arena, size_t units)
{
    const struct maker_options options = {
        .seed = packages, .units = units, .first_unit = packages, .rows = 3, .forms = MAKER_RB27S};
    struct str   bytes = {0};
    struct fault fault = {0};

    packages += (unsigned)units;
    ENSURE(maker_package(arena, &options, station_authority(station), &bytes, &fault) == ERR_OK);
    return bytes;
}

static struct http_answer
post(struct arena *arena, const char *path, struct str body, const char *prefer)
{
    struct str key = str_format(arena, "Idempotency-Key: klucz-%u-%zu", packages, body.size);
    const struct http_request request = {
        .method = "POST",
        .path = path,
        .headers = {token, key.data, "Content-Type: application/xml", prefer},
        .body = body
    };

    return http_ask(arena, station_target(station), &request);
}

static bool
holds(struct str text, const char *part)
{
    return text.size > 0 && memmem(text.data, text.size, part, strlen(part)) != NULL;
}

/* Ask until the answer holds this, or the test has waited far too long. */
static bool
await(struct arena *arena, const char *sql, const char *wanted)
{
    for (int i = 0; i < WATCH_TRIES_MAX; i++) {
        if (str_equal(cluster_ask(cluster, arena, DATABASE, sql), str_of(wanted))) {
            return true;
        }
        watch_rest();
    }
    return false;
}

static const char *
newest(struct arena *arena, const char *columns)
{
    struct str sql = str_format(
        arena, "SELECT %s FROM intake.submission ORDER BY ordinal DESC LIMIT 1", columns);

    return sql.data;
}

static void
a_package_is_accepted_while_its_sender_waits(void **state)
{
    struct arena      *arena = arena_create(ROOM);
    struct http_answer answer = post(arena, "/api/v1/submissions", make_package(arena, 3), NULL);

    (void)state;
    assert_int_equal(answer.status, 201);
    assert_true(holds(answer.body, "\"verdict\":\"accepted\""));
    assert_true(str_equal(cluster_ask(cluster, arena, DATABASE,
                                      "SELECT string_agg(kind, ' ' ORDER BY ordinal)"
                                      " FROM intake.receipt"),
                          STR("summary unit unit unit")));
    arena_destroy(arena);
}

static void
a_validation_is_answered_and_stores_nothing(void **state)
{
    struct arena *arena = arena_create(ROOM);
    struct str    before =
        cluster_ask(cluster, arena, DATABASE, "SELECT count(*) FROM intake.submission");
    struct http_answer answer = post(arena, "/api/v1/validations", make_package(arena, 1), NULL);

    (void)state;
    assert_int_equal(answer.status, 200);
    assert_true(holds(answer.body, "{\"files\":[{\"file\":null,\"sha256\":\""));
    assert_true(holds(answer.body, "\"verdict\":\"accepted\""));
    assert_false(holds(answer.body, "TOZSAMOSC-007"));
    assert_true(str_equal(
        cluster_ask(cluster, arena, DATABASE, "SELECT count(*) FROM intake.submission"), before));
    arena_destroy(arena);
}

static struct str
newest_receipt(struct arena *arena)
{
    struct str hex = cluster_ask(cluster, arena, DATABASE,
                                 "SELECT encode(bytes, 'hex') FROM intake.receipt"
                                 " ORDER BY number DESC LIMIT 1");
    char      *bytes = ARENA_NEW(arena, char, hex.size / 2);

    ENSURE(bytes != NULL && hex.size > 0);
    for (size_t i = 0; i < hex.size / 2; i++) {
        const char pair[] = {hex.data[2 * i], hex.data[2 * i + 1], '\0'};
        bytes[i] = (char)strtol(pair, NULL, 16);
    }
    return (struct str){bytes, hex.size / 2};
}

static void
a_receipt_is_verified_and_an_altered_one_is_not(void **state)
{
    struct arena      *arena = arena_create(ROOM);
    struct str         receipt = newest_receipt(arena);
    struct http_answer answer = post(arena, "/api/v1/receipts/verification", receipt, NULL);

    (void)state;
    assert_int_equal(answer.status, 200);
    assert_true(holds(answer.body, "{\"signature\":\"valid\",\"step\":null"));
    assert_true(holds(answer.body, "\"status\":\"current\""));
    assert_true(holds(answer.body, "\"verdict\":\"accepted\""));
    char *altered = ARENA_NEW(arena, char, receipt.size);
    memcpy(altered, receipt.data, receipt.size);
    char *digit = memmem(altered, receipt.size, "2026", 4);
    assert_non_null(digit);
    digit[3] = '7';
    answer =
        post(arena, "/api/v1/receipts/verification", (struct str){altered, receipt.size}, NULL);
    assert_int_equal(answer.status, 200);
    assert_true(holds(answer.body, "\"signature\":\"invalid\""));
    assert_true(holds(answer.body, "\"status\":\"unknown\""));
    answer = post(arena, "/api/v1/receipts/verification", STR("<a/>"), NULL);
    assert_int_equal(answer.status, 200);
    assert_true(holds(answer.body, "\"signature\":\"invalid\",\"step\":\"postac\""));
    arena_destroy(arena);
}

static void
arm(enum failpoint point)
{
    struct failpoint_page *page = station_failpoints(station);

    page->reached = 0;
    page->pid = 0;
    page->armed = point;
}

/* Kill whoever has reached the armed point; the point stays armed. */
static bool
kill_there(void)
{
    struct failpoint_page *page = station_failpoints(station);

    for (int i = 0; i < WATCH_TRIES_MAX && page->reached == 0; i++) {
        watch_rest();
    }
    if (page->reached == 0) {
        return false;
    }
    pid_t pid = (pid_t)page->pid;
    page->reached = 0;
    return kill(pid, SIGKILL) == 0;
}

/* Whose death, where; the submission is concluded once all the same. */
static const struct {
    const char    *name;
    enum failpoint point;
} deaths[] = {
    {"worker before admission",       FAILPOINT_ADMIT_BEGIN           },
    {"worker within admission",       FAILPOINT_ADMIT_BEFORE_COMMIT   },
    {"worker after admission",        FAILPOINT_ADMIT_AFTER_COMMIT    },
    {"worker while it is checked",    FAILPOINT_CHECK_SENT            },
    {"checker once",                  FAILPOINT_CHECK_WRITTEN         },
    {"worker with the JST locked",    FAILPOINT_DECIDE_LOCKED         },
    {"worker with the head locked",   FAILPOINT_CONCLUDE_HEAD         },
    {"signer with facts",             FAILPOINT_SIGNER_TAKEN          },
    {"signer with receipts",          FAILPOINT_SIGNER_SIGNED         },
    {"worker with receipts",          FAILPOINT_CONCLUDE_SIGNED       },
    {"worker before the last commit", FAILPOINT_CONCLUDE_BEFORE_COMMIT},
    {"worker after the last commit",  FAILPOINT_CONCLUDE_AFTER_COMMIT },
};

static void
whoever_dies_the_submission_is_concluded_once(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(deaths); i++) {
        struct arena *arena = arena_create(ROOM);
        struct str    body = make_package(arena, 1);
        arm(deaths[i].point);
        pid_t sender = fork();
        if (sender == 0) {
            _exit(post(arena, "/api/v1/submissions", body, NULL).status == 201 ? 0 : 1);
        }
        bool killed = kill_there();
        arm(FAILPOINT_NONE);
        int status = 0;
        EXPECT(killed, deaths[i].name);
        EXPECT(waitpid(sender, &status, 0) == sender, deaths[i].name);
        EXPECT(await(arena, newest(arena, "state || ' ' || verdict || ' ' || n"), "decided 1 1"),
               deaths[i].name);
        EXPECT(await(arena,
                     "SELECT (SELECT count(*) FROM intake.log)"
                     " - (SELECT count(*) FROM intake.submission)",
                     "0"),
               deaths[i].name);
        EXPECT(post(arena, "/api/v1/submissions", body, NULL).status == 200, deaths[i].name);
        arena_destroy(arena);
    }
}

/* Whoever sends it hears of it, and no fourth worker does. */
static void
a_document_that_kills_three_workers_before_it_is_admitted_is_given_up(void **state)
{
    static const struct {
        const char *name;
        int         kills;
        int         status;
        const char *stored;
    } cases[] = {
        {"two workers",   HANDED - 1, 201, "1"},
        {"three workers", HANDED,     500, "0"},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        struct arena *arena = arena_create(ROOM);
        struct str    body = make_package(arena, 1);
        struct str    before =
            cluster_ask(cluster, arena, DATABASE, "SELECT count(*) FROM intake.submission");
        int status = 0;
        arm(FAILPOINT_ADMIT_BEFORE_COMMIT);
        pid_t sender = fork();
        if (sender == 0) {
            struct http_answer answer = post(arena, "/api/v1/submissions", body, NULL);
            bool told = answer.status == 201 || holds(answer.body, "trzy razy przerwała się praca");
            _exit(answer.status == cases[i].status && told ? 0 : 1);
        }
        for (int kills = 0; kills < cases[i].kills; kills++) {
            EXPECT(kill_there(), cases[i].name);
        }
        arm(FAILPOINT_NONE);
        EXPECT(waitpid(sender, &status, 0) == sender && status == 0, cases[i].name);
        struct str sql =
            str_format(arena, "SELECT count(*) - %.*s FROM intake.submission", STR_ARG(before));
        EXPECT(str_equal(cluster_ask(cluster, arena, DATABASE, sql.data), str_of(cases[i].stored)),
               cases[i].name);
        EXPECT(post(arena, "/api/v1/submissions", make_package(arena, 1), NULL).status == 201,
               cases[i].name); /* the next one is none the worse */
        arena_destroy(arena);
    }
}

static void
a_document_that_kills_its_checker_three_times_is_parked(void **state)
{
    struct arena *arena = arena_create(ROOM);

    (void)state;
    arm(FAILPOINT_CHECK_READ);
    struct http_answer answer =
        post(arena, "/api/v1/submissions", make_package(arena, 1), "Prefer: respond-async");
    assert_int_equal(answer.status, 202);
    for (int i = 0; i < ATTEMPTS; i++) {
        assert_true(kill_there());
    }
    arm(FAILPOINT_NONE);
    assert_true(await(arena, newest(arena, "state || ' ' || attempts || ' ' || n"), "parked 3 1"));
    assert_true(
        str_equal(cluster_ask(cluster, arena, DATABASE,
                              "SELECT count(*) FROM intake.receipt WHERE kind = 'delivery'"),
                  STR("1")));
    answer = post(arena, "/api/v1/submissions", make_package(arena, 1), NULL);
    assert_int_equal(answer.status, 201); /* the next one is none the worse */
    arena_destroy(arena);
}

/* The first death is among filings and costs nothing; each of the others is over this one alone. */
static void
a_document_that_kills_its_worker_is_parked_after_three_deaths_alone(void **state)
{
    static const struct {
        const char *name;
        int         kills;
        const char *want;
    } cases[] = {
        {"two alone",   ATTEMPTS,     "decided 2 1"},
        {"three alone", ATTEMPTS + 1, "parked 3 1" },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        struct arena *arena = arena_create(ROOM);
        arm(FAILPOINT_CHECK_SENT);
        EXPECT(post(arena, "/api/v1/submissions", make_package(arena, 1), "Prefer: respond-async")
                       .status
                   == 202,
               cases[i].name);
        for (int kills = 0; kills < cases[i].kills; kills++) {
            EXPECT(kill_there(), cases[i].name);
        }
        arm(FAILPOINT_NONE);
        EXPECT(await(arena, newest(arena, "state || ' ' || attempts || ' ' || n"), cases[i].want),
               cases[i].name);
        arena_destroy(arena);
    }
}

/* How often the log holds this. */
/* Whatever ends while it starts ends over nobody's document. */
static void
no_document_is_blamed_for_a_role_that_cannot_start(void **state)
{
    static const struct {
        const char    *name;
        enum role_kind role;
        const char    *ended;
    } cases[] = {
        {"checker", ROLE_CHECKER, "\"event\":\"role.ended\",\"of\":\"checker\""},
        {"worker",  ROLE_WORKER,  "\"event\":\"role.ended\",\"of\":\"worker\"" },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        struct arena *arena = arena_create(ROOM);
        struct str    trust = str_format(arena, "%s/trust.pem", station_folder(station));
        struct str    aside = str_format(arena, "%s/trust.aside", station_folder(station));
        struct str    body = make_package(arena, 1);
        int           status = 0;
        ENSURE(rename(trust.data, aside.data) == 0);
        size_t before = watch_log_count(station, cases[i].ended);
        ENSURE(kill(station_role(station, cases[i].role, 0), SIGKILL) == 0);
        pid_t sender = fork();
        if (sender == 0) {
            _exit(post(arena, "/api/v1/submissions", body, NULL).status == 201 ? 0 : 1);
        }
        EXPECT(watch_log(station, cases[i].ended, before + (size_t)2 * ATTEMPTS), cases[i].name);
        ENSURE(rename(aside.data, trust.data) == 0);
        EXPECT(waitpid(sender, &status, 0) == sender && status == 0, cases[i].name);
        EXPECT(await(arena, newest(arena, "state || ' ' || attempts || ' ' || n"), "decided 0 1"),
               cases[i].name);
        arena_destroy(arena);
    }
}

/* A file that was changed without a reload: whatever a decision names is what was read with. */
static void
a_checker_with_other_trust_is_not_believed(void **state)
{
    struct arena *arena = arena_create(ROOM);
    struct str    trust = str_format(arena, "%s/trust.pem", station_folder(station));
    FILE         *file = fopen(trust.data, "ae");
    size_t        failed = watch_log_count(station, "\"event\":\"role.failed\"");

    (void)state;
    assert_int_equal(post(arena, "/api/v1/submissions", make_package(arena, 1), NULL).status, 201);
    assert_non_null(file);
    assert_true(fputs("# one more line\n", file) >= 0);
    assert_int_equal(fclose(file), 0);
    assert_int_equal(kill(station_role(station, ROLE_CHECKER, 0), SIGKILL), 0);
    assert_int_equal(post(arena, "/api/v1/submissions", make_package(arena, 1), NULL).status, 201);
    assert_true(await(arena, newest(arena, "state || ' ' || attempts || ' ' || n"), "decided 0 1"));
    assert_true(str_equal(
        cluster_ask(cluster, arena, DATABASE,
                    "SELECT count(DISTINCT d.trust) || ' ' || count(DISTINCT d.submission)"
                    " FROM (SELECT * FROM intake.decision ORDER BY log_index DESC LIMIT 2) d"
                    " JOIN intake.material m ON m.sha256 = d.trust"),
        STR("2 2")));
    assert_int_equal(watch_log_count(station, "\"event\":\"role.failed\""),
                     failed + 1); /* the worker, once */
    arena_destroy(arena);
}

static void
take_over(const char *name)
{
    struct arena *arena = arena_create(ROOM);
    const char   *folder = station_folder(station);
    const char   *words[] = {"cp", str_format(arena, "%s/fresh/%s", folder, name).data,
                             str_format(arena, "%s/keys/%s", folder, name).data, NULL};

    ENSURE(command_run(words, (struct str){0}, NULL) == 0);
    arena_destroy(arena);
}

static bool
await_another_signer(pid_t than)
{
    for (int i = 0; i < WATCH_TRIES_MAX; i++) {
        pid_t now = station_role(station, ROLE_SIGNER, 0);
        if (now != 0 && now != than) {
            return true;
        }
        watch_rest();
    }
    return false;
}

/* While roles are born anew the answer may come later than its sender waits. */
static void
expect_taken(struct arena *arena)
{
    int status = post(arena, "/api/v1/submissions", make_package(arena, 1), NULL).status;

    assert_true(status == 201 || status == 202);
}

/* A new key without its certificate is refused before anybody is stopped; the pair is taken. */
static void
a_reload_takes_a_new_seal_as_a_whole_or_not_at_all(void **state)
{
    struct arena *arena = arena_create(ROOM);
    const char   *words[] = {BRAMA_SOURCE_DIR "/certs/make",
                             str_format(arena, "%s/fresh", station_folder(station)).data, NULL};
    pid_t         signer = station_role(station, ROLE_SIGNER, 0);
    size_t        failed = watch_log_count(station, "\"event\":\"role.failed\"");

    (void)state;
    assert_int_equal(command_run(words, (struct str){0}, NULL), 0);
    take_over("seal.key");
    assert_int_equal(kill(station_process(station), SIGHUP), 0);
    assert_true(watch_log(station, "\"event\":\"bramad.reload_refused\"", 1));
    expect_taken(arena);
    assert_int_equal(station_role(station, ROLE_SIGNER, 0), signer);
    take_over("seal.pem");
    assert_int_equal(kill(station_process(station), SIGHUP), 0);
    assert_true(await_another_signer(signer));
    expect_taken(arena);
    assert_true(await(arena, newest(arena, "state || ' ' || verdict || ' ' || n"), "decided 1 1"));
    assert_int_equal(watch_log_count(station, "\"event\":\"role.failed\""), failed);
    arena_destroy(arena);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_package_is_accepted_while_its_sender_waits),
        cmocka_unit_test(a_validation_is_answered_and_stores_nothing),
        cmocka_unit_test(a_receipt_is_verified_and_an_altered_one_is_not),
        cmocka_unit_test(whoever_dies_the_submission_is_concluded_once),
        cmocka_unit_test(a_document_that_kills_three_workers_before_it_is_admitted_is_given_up),
        cmocka_unit_test(a_document_that_kills_its_checker_three_times_is_parked),
        cmocka_unit_test(a_document_that_kills_its_worker_is_parked_after_three_deaths_alone),
        cmocka_unit_test(no_document_is_blamed_for_a_role_that_cannot_start),
        cmocka_unit_test(a_checker_with_other_trust_is_not_believed),
        cmocka_unit_test(a_reload_takes_a_new_seal_as_a_whole_or_not_at_all),
    };

    return cmocka_run_group_tests(tests, start, stop);
}

#include "tests/scenario/gateway/office.h"
#include "tests/scenario/http/client.h"
#include "tests/support/command.h"
#include "tests/support/expect.h"
#include "tests/support/watch.h"

#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/*
 * What is away comes back, and nothing that was acknowledged is lost meanwhile: the signer, the
 * database, room on the disk, time to check. Each test has a gateway and a database of its own.
 */
enum { CLIENTS = 4, PACKAGES_EACH = 6 };
enum { SMALL_DISK = 240, HUGE = 1 << 30, BACKLOG = 5, ATTEMPTS = 3, NEIGHBOURS = 5 };

#define SETTINGS "answer_wait_ms = 30000\nworkers = 1\n"
#define VALUE(answer, path) office_value(arena, &(answer), path)
#define EXPECT_VALUE(answer, path, wanted) assert_string_equal(VALUE(answer, path), wanted)

static struct cluster *cluster;
static struct office   office;
static bool            has_mount;

static int
start(void **state)
{
    (void)state;
    /* Mounts of this program are seen by nobody else, and end with its last process. */
    has_mount =
        unshare(CLONE_NEWNS) == 0 && mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0;
    cluster = cluster_start(CLUSTER_DURABLE);
    return 0;
}

static int
stop(void **state)
{
    (void)state;
    cluster_stop(cluster);
    return 0;
}

static void
open_office(const char *database, const struct station_options *options)
{
    office_open(&office, cluster, database, options, true);
}

static bool
must_retry(int status)
{
    return status == 0 || status == 429 || status >= 500;
}

/* As a good program does it: the same key until there is an answer. */
static struct http_answer
file_patiently(struct arena *arena, const struct office_filing *filing)
{
    struct http_answer answer = {0};

    for (int i = 0; i < WATCH_TRIES_MAX; i++) {
        answer = office_file(&office, arena, filing);
        if (!must_retry(answer.status)) {
            break;
        }
        watch_rest();
    }
    return answer;
}

static void
expect_refused_for_now(const struct http_answer *answer)
{
    int64_t seconds = 0;

    assert_int_equal(answer->status, 503);
    assert_true(str_equal(http_header(answer, "Content-Type"), STR("application/problem+json")));
    assert_true(str_to_number(http_header(answer, "Retry-After"), &seconds) && seconds > 0);
}

/* Nothing is half there: each submission has its document and its log row, each of the log its
 * place, each decision its receipts. */
static void
expect_whole_store(struct arena *arena)
{
    assert_string_equal(
        office_ask(&office, arena,
                   "SELECT (SELECT count(*) FROM intake.submission s WHERE NOT EXISTS"
                   "   (SELECT 1 FROM intake.document d WHERE d.submission = s.submission)) || ' '"
                   " || (SELECT count(*) FROM intake.submission s WHERE s.n <>"
                   "   (SELECT count(*) FROM intake.decision d WHERE d.submission = s.submission))"
                   " || ' ' || (SELECT count(*) FROM intake.decision d WHERE NOT EXISTS"
                   "   (SELECT 1 FROM intake.receipt r WHERE r.submission = d.submission"
                   "     AND r.n = d.n))"
                   " || ' ' || (SELECT coalesce(max(index), 0) - count(*) FROM intake.log)"
                   " || ' ' || (SELECT count(*) - count(DISTINCT (subject, key))"
                   "   FROM intake.submission)")
            .data,
        "0 0 0 0 0");
}

static bool
await_decided(struct arena *arena, const char *key, const char *wanted)
{
    const char *sql = str_format(arena,
                                 "SELECT string_agg(state || ' ' || verdict || ' ' || n || ' ' ||"
                                 " attempts, ', ') FROM intake.submission WHERE key LIKE '%s'",
                                 key)
                          .data;

    return office_await(&office, sql, wanted);
}

/* Filed without a signer: taken, not decided, without a receipt and without an attempt counted. */
static struct http_answer
file_without_signer(struct arena *arena, const char *key)
{
    const struct office_filing filing = {
        .key = key, .prefer = "Prefer: wait=2", .body = office_package(&office, arena)};
    struct http_answer filed = office_file(&office, arena, &filing);

    assert_int_equal(filed.status, 202);
    EXPECT_VALUE(filed, "verdict", "");
    struct http_answer receipt = office_get(
        &office, arena, office.gmina_token,
        str_format(arena, "/api/v1/submissions/%s/receipt", VALUE(filed, "id")).data, NULL);
    assert_int_equal(receipt.status, 404);
    assert_true(office_has(&receipt, "/problemy/upo-jeszcze-niegotowe"));
    return filed;
}

static void
without_a_signer_filings_are_taken_and_receipts_come_later(void **state)
{
    struct arena *arena = arena_create(OFFICE_ROOM);

    (void)state;
    open_office("signer", &(struct station_options){.settings = SETTINGS});
    pid_t signer = station_role(office.station, ROLE_SIGNER, 0);
    assert_true(signer > 0 && kill(signer, SIGSTOP) == 0);
    struct http_answer filed = file_without_signer(arena, "bez-pieczeci-1");
    assert_int_equal(kill(signer, SIGCONT), 0);
    assert_true(await_decided(arena, "bez-pieczeci-1", "decided 1 1 0"));
    /* And dead: a supervisor that stands still does not start it again. */
    pid_t supervisor = station_process(office.station);
    assert_int_equal(kill(supervisor, SIGSTOP), 0);
    assert_int_equal(kill(signer, SIGKILL), 0);
    (void)file_without_signer(arena, "bez-pieczeci-2");
    assert_int_equal(kill(supervisor, SIGCONT), 0);
    assert_true(await_decided(arena, "bez-pieczeci-2", "decided 1 1 0"));
    struct http_answer receipt = office_get(
        &office, arena, office.gmina_token,
        str_format(arena, "/api/v1/submissions/%s/receipt", VALUE(filed, "id")).data, NULL);
    assert_int_equal(receipt.status, 200);
    expect_whole_store(arena);
    office_close(&office);
    arena_destroy(arena);
}

static void
without_a_database_filings_are_refused_and_the_same_key_is_good_later(void **state)
{
    struct arena        *arena = arena_create(OFFICE_ROOM);
    struct office_filing filing = {.key = "przed"};

    (void)state;
    open_office("gone", &(struct station_options){.settings = SETTINGS});
    filing.body = office_package(&office, arena);
    struct http_answer before = office_file(&office, arena, &filing);
    assert_int_equal(before.status, 201);
    cluster_kill(cluster);
    filing.key = "w-trakcie";
    filing.body = office_package(&office, arena);
    struct http_answer refused = office_file(&office, arena, &filing);
    expect_refused_for_now(&refused);
    cluster_restart(cluster);
    assert_string_equal(office_ask(&office, arena, "SELECT count(*) FROM intake.submission").data,
                        "1");
    struct http_answer later = file_patiently(arena, &filing);
    assert_int_equal(later.status, 201);
    EXPECT_VALUE(later, "verdict", "accepted");
    expect_whole_store(arena);
    office_close(&office);
    arena_destroy(arena);
}

static _Noreturn void
be_client(unsigned number, const struct str *packages)
{
    for (unsigned i = 0; i < PACKAGES_EACH; i++) {
        struct arena        *arena = arena_create(OFFICE_ROOM);
        struct office_filing filing = {.key = str_format(arena, "obciazenie-%u-%u", number, i).data,
                                       .body = packages[number * PACKAGES_EACH + i]};
        struct http_answer   answer = file_patiently(arena, &filing);
        if (answer.status < 200 || answer.status > 202) {
            (void)fprintf(stderr, "client %u: %d %.*s\n", number, answer.status,
                          STR_ARG(answer.body));
            _exit(1);
        }
        arena_destroy(arena);
    }
    _exit(0);
}

static void
a_database_that_dies_under_load_loses_nothing(void **state)
{
    struct arena *arena = arena_create(OFFICE_ROOM);
    struct str    packages[CLIENTS * PACKAGES_EACH];
    pid_t         clients[CLIENTS];

    (void)state;
    open_office("load", &(struct station_options){.settings = "workers = 2\n"});
    for (size_t i = 0; i < ARRAY_COUNT(packages); i++) {
        packages[i] = office_package(&office, arena);
    }
    for (unsigned i = 0; i < CLIENTS; i++) {
        clients[i] = fork();
        if (clients[i] == 0) {
            be_client(i, packages);
        }
        assert_true(clients[i] > 0);
    }
    assert_true(office_await(&office, "SELECT count(*) > 3 FROM intake.decision", "t"));
    cluster_kill(cluster);
    cluster_restart(cluster);
    for (unsigned i = 0; i < CLIENTS; i++) {
        int status = 0;
        assert_int_equal(waitpid(clients[i], &status, 0), clients[i]);
        assert_int_equal(status, 0);
    }
    assert_true(office_await(&office,
                             "SELECT count(*) FROM intake.submission WHERE key LIKE 'obciazenie-%'"
                             " AND state = 'decided' AND verdict = 1",
                             "24"));
    expect_whole_store(arena);
    office_close(&office);
    arena_destroy(arena);
}

/* Put the data of the cluster, which is not running, on a disk of its own. */
static void
move_to_small_disk(struct arena *arena)
{
    const char       *data = cluster_folder(cluster);
    const char       *disk = str_format(arena, "%s/../disk", data).data;
    const char       *options = str_format(arena, "size=%dm,mode=0700", SMALL_DISK).data;
    const char *const copy[] = {"cp", "-a", "--", str_format(arena, "%s/.", data).data, disk, NULL};
    const char *const clear[] = {"find", data, "-mindepth", "1", "-delete", NULL};

    assert_int_equal(mkdir(disk, 0700), 0);
    assert_int_equal(mount("none", disk, "tmpfs", 0, options), 0);
    assert_int_equal(command_run(copy, (struct str){0}, NULL), 0);
    assert_int_equal(command_run(clear, (struct str){0}, NULL), 0);
    assert_int_equal(mount(disk, data, NULL, MS_MOVE, NULL), 0);
    assert_int_equal(rmdir(disk), 0);
}

static void
fill(const char *path)
{
    static const char zeros[65536];
    int               fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    size_t            piece = sizeof zeros;

    assert_true(fd >= 0);
    while (piece > 0) { /* to the last byte */
        piece = write(fd, zeros, piece) > 0 ? piece : piece / 2;
    }
    assert_int_equal(close(fd), 0);
}

static void
a_full_disk_refuses_and_loses_nothing(void **state)
{
    enum { PATIENCE = 200 };
    struct arena        *arena = arena_create(OFFICE_ROOM);
    struct office_filing filing = {.key = "pelny-0"};
    struct http_answer   answer = {0};

    (void)state;
    if (!has_mount) {
        print_message("skipped: no mount\n");
        arena_destroy(arena);
        skip();
    }
    cluster_kill(cluster);
    move_to_small_disk(arena);
    cluster_restart(cluster);
    open_office("full_disk", &(struct station_options){.settings = "answer_wait_ms = 2000\n"});
    filing.body = office_package(&office, arena);
    assert_int_equal(office_file(&office, arena, &filing).status, 201);
    const char *ballast = str_format(arena, "%s/ballast", cluster_folder(cluster)).data;
    fill(ballast);
    unsigned acknowledged = 1;
    for (unsigned i = 1; i < PATIENCE; i++) { /* what is allocated already is used up first */
        filing.key = str_format(arena, "pelny-%u", i).data;
        filing.body = office_package(&office, arena);
        answer = office_file(&office, arena, &filing);
        if (answer.status >= 500) {
            break;
        }
        acknowledged++;
    }
    expect_refused_for_now(&answer);
    assert_int_equal(unlink(ballast), 0);
    answer = file_patiently(arena, &filing);
    assert_true(answer.status >= 200 && answer.status <= 202);
    const char *wanted = str_format(arena, "%u", acknowledged + 1).data;
    assert_true(office_await(&office,
                             "SELECT count(*) FROM intake.submission WHERE key LIKE 'pelny-%'"
                             " AND state = 'decided' AND verdict = 1",
                             wanted));
    expect_whole_store(arena);
    office_close(&office);
    arena_destroy(arena);
}

static void
below_the_disk_reserve_a_filing_is_refused_before_its_body(void **state)
{
    struct arena *arena = arena_create(OFFICE_ROOM);
    struct client client;

    (void)state;
    open_office("reserve", &(struct station_options){.settings = SETTINGS,
                                                     .disk_reserve_bytes = INT64_C(1) << 40U});
    client_open_tls(&client, edge_port(office.edge), NULL, NULL);
    struct str head = str_format(arena,
                                 "POST /api/v1/submissions HTTP/1.1\r\nHost: localhost\r\n%s\r\n"
                                 "Content-Type: application/xml\r\nIdempotency-Key: rezerwa\r\n"
                                 "Content-Length: 1000000\r\n\r\n",
                                 office.gmina_token);
    assert_true(client_send(&client, head));
    assert_int_equal(client_read(&client), 503); /* nothing of the body was sent */
    assert_non_null(strstr(client.seen, "/problemy/przeciazenie"));
    assert_non_null(strcasestr(client.seen, "\r\nRetry-After: "));
    client_close(&client);
    /* A validation stores nothing and needs no room. */
    const struct office_filing check = {.path = "/api/v1/validations",
                                        .body = office_package(&office, arena)};
    assert_int_equal(office_file(&office, arena, &check).status, 200);
    assert_string_equal(office_ask(&office, arena, "SELECT count(*) FROM intake.submission").data,
                        "0");
    office_close(&office);
    arena_destroy(arena);
}

/* /proc stands for the disk of PostgreSQL: it has nothing left, and the state's own has. */
static void
a_full_disk_of_the_database_refuses_filings_too(void **state)
{
    struct arena *arena = arena_create(OFFICE_ROOM);

    (void)state;
    open_office("dbdisk",
                &(struct station_options){.settings = SETTINGS "database_folder = /proc\n",
                                          .disk_reserve_bytes = 1});
    const struct office_filing filing = {.key = "dysk", .body = office_package(&office, arena)};
    struct http_answer         answer = office_file(&office, arena, &filing);
    assert_int_equal(answer.status, 503);
    assert_non_null(memmem(answer.body.data, answer.body.size, "przeciazenie", 12));
    assert_int_equal(office_metric(&office, "brama_disk_free_bytes"), 0);
    assert_string_equal(office_ask(&office, arena, "SELECT count(*) FROM intake.submission").data,
                        "0");
    office_close(&office);
    arena_destroy(arena);
}

/* Submissions that another machine has and does not finish. */
static void
add_backlog(struct arena *arena, const char *key, unsigned count)
{
    cluster_run(cluster, office.database,
                str_format(arena,
                           "INSERT INTO intake.submission (submission, subject, credential, key,"
                           " sha256, size, first_byte, arrived, first_arrived, state, owner,"
                           " lease_until) SELECT gen_random_uuid(), %lld, 1, '%s' || i,"
                           " sha256(('%s' || i)::bytea), 1, now(), now(), now(), 'checking',"
                           " 'inna/0', now() + interval '1 day' FROM generate_series(1, %u) i",
                           (long long)office.foreign, key, key, count)
                    .data);
}

static void
above_one_backlog_filings_are_only_received_above_the_other_refused(void **state)
{
    struct arena        *arena = arena_create(OFFICE_ROOM);
    struct office_filing filing = {.key = "zator-1"};

    (void)state;
    open_office("backlog",
                &(struct station_options){.settings = SETTINGS "backlog_documents_max = 5\n"
                                                               "backlog_refuse_max = 10\n"});
    add_backlog(arena, "obce-", BACKLOG + 1);
    assert_true(office_await_metric(&office, "brama_backlog_documents", BACKLOG + 1));
    filing.body = office_package(&office, arena);
    struct http_answer received = office_file(&office, arena, &filing);
    assert_true(received.status == 201 || received.status == 202);
    assert_true(await_decided(arena, "zator-1", "decided 1 2 0")); /* others are not hindered */
    assert_string_equal(office_ask(&office, arena,
                                   "SELECT string_agg(d.kind || ' ' || r.kind, ', ' ORDER BY d.n)"
                                   " FROM intake.decision d JOIN intake.receipt r"
                                   " USING (submission, n)")
                            .data,
                        "delivery delivery, decision unit");
    struct http_answer delivery = office_get(
        &office, arena, office.gmina_token,
        str_format(arena, "/api/v1/submissions/%s/receipt?n=1", VALUE(received, "id")).data, NULL);
    assert_int_equal(delivery.status, 200);
    struct http_answer status = office_get(&office, arena, NULL, "/api/v1/status", NULL);
    EXPECT_VALUE(status, "state", "receive-only");
    add_backlog(arena, "jeszcze-", BACKLOG);
    assert_true(office_await(&office,
                             "SELECT count(*) > 10 FROM intake.submission"
                             " WHERE state IN ('received', 'checking')",
                             "t"));
    filing.key = "zator-2";
    filing.body = office_package(&office, arena);
    struct http_answer refused = {0};
    for (int i = 0; i < WATCH_TRIES_MAX && refused.status != 503; i++) {
        refused = office_file(&office, arena, &filing);
        filing.key = str_format(arena, "zator-2-%d", i).data;
        watch_rest();
    }
    expect_refused_for_now(&refused);
    cluster_run(cluster, office.database, "DELETE FROM intake.submission WHERE owner = 'inna/0'");
    filing.key = "zator-3";
    filing.body = office_package(&office, arena);
    assert_int_equal(file_patiently(arena, &filing).status, 201);
    expect_whole_store(arena);
    office_close(&office);
    arena_destroy(arena);
}

/* Whether the document of this size is with the process that waits at the armed point. */
static bool
has_document(pid_t pid, size_t size)
{
    char        path[64];
    struct stat about = {0};
    bool        found = false;

    for (int fd = 3; fd < 64 && !found; fd++) {
        (void)snprintf(path, sizeof path, "/proc/%d/fd/%d", (int)pid, fd);
        found = stat(path, &about) == 0 && (size_t)about.st_size == size;
    }
    return found;
}

/*
 * Let the one checker go, and hold it at its next document. The point stays armed: a document that
 * came to it while it is not would be concluded instead of killing.
 */
static void
let_one_pass(struct failpoint_page *page)
{
    page->reached = FAILPOINT_NONE;
    page->turn++;
}

/* Kill each checker that has the document of this size, until its last attempt. */
static bool
kill_its_checkers(struct failpoint_page *page, size_t size)
{
    int kills = 0;

    for (int i = 0; i < WATCH_TRIES_MAX && kills < ATTEMPTS; i++) {
        if (page->reached == FAILPOINT_CHECK_READ && has_document((pid_t)page->pid, size)) {
            page->reached = FAILPOINT_NONE;
            (void)kill((pid_t)page->pid, SIGKILL);
            kills++;
        } else if (page->reached == FAILPOINT_CHECK_READ) {
            let_one_pass(page);
        }
        watch_rest();
    }
    return kills == ATTEMPTS;
}

static struct str
large_package(struct arena *arena)
{
    const struct maker_options options = {
        .seed = 77, .first_unit = OFFICE_MADE_FROM, .rows = 60, .forms = MAKER_RB28S};
    struct fault fault = {0};
    struct str   bytes = {0};

    assert_int_equal(
        maker_package(arena, &options, station_authority(office.station), &bytes, &fault), ERR_OK);
    return bytes;
}

/* All at once, in a process of their own: the one worker cannot admit while its checker is held. */
static pid_t
file_together(struct arena *arena)
{
    struct http_request requests[NEIGHBOURS];
    struct http_answer  answers[NEIGHBOURS] = {0};

    for (unsigned i = 0; i < NEIGHBOURS; i++) {
        bool own = i == NEIGHBOURS / 2;
        requests[i] = (struct http_request){
            .method = "POST",
            .path = "/api/v1/submissions",
            .headers = {office.gmina_token, "Content-Type: application/xml",
                        own ? "Idempotency-Key: zabojca"
                            : str_format(arena, "Idempotency-Key: sasiad-%u", i).data},
            .body = own ? large_package(arena) : office_package(&office, arena)
        };
    }
    pid_t sender = fork();
    if (sender == 0) {
        bool good = true;
        http_ask_all(arena, office.target, requests, NEIGHBOURS, answers);
        for (unsigned i = 0; i < NEIGHBOURS; i++) {
            good = good && (answers[i].status == 201 || answers[i].status == 202);
        }
        _exit(good ? 0 : 1);
    }
    return sender;
}

static void
a_document_that_kills_checkers_is_parked_and_its_neighbours_are_concluded(void **state)
{
    struct arena *arena = arena_create(OFFICE_ROOM);
    int           status = -1;

    (void)state;
    open_office("killer", &(struct station_options){.settings = SETTINGS, .failpoints = true});
    struct failpoint_page *page = station_failpoints(office.station);
    page->armed = FAILPOINT_CHECK_READ;
    pid_t sender = file_together(arena);
    bool  killed = kill_its_checkers(page, large_package(arena).size);
    page->armed = FAILPOINT_NONE;
    assert_true(killed);
    assert_int_equal(waitpid(sender, &status, 0), sender);
    assert_int_equal(status, 0);
    assert_true(await_decided(arena, "zabojca", "parked 0 1 3"));
    assert_true(await_decided(arena, "sasiad-%",
                              "decided 1 1 0, decided 1 1 0, decided 1 1 0, decided 1 1 0"));
    const char *id =
        office_ask(&office, arena, "SELECT submission FROM intake.submission WHERE key = 'zabojca'")
            .data;
    const char        *path = str_format(arena, "/api/v1/submissions/%s", id).data;
    struct http_answer shown = office_get(&office, arena, office.gmina_token, path, NULL);
    EXPECT_VALUE(shown, "state", "parked");
    EXPECT_VALUE(shown, "receipts.0.kind", "delivery");
    cluster_run(
        cluster, office.database,
        str_format(arena, "INSERT INTO intake.work (submission, cause) VALUES ('%s', 'retry')", id)
            .data);
    assert_true(office_await(&office,
                             "SELECT state || ' ' || verdict || ' ' || n FROM intake.submission"
                             " WHERE key = 'zabojca'",
                             "decided 1 2"));
    expect_whole_store(arena);
    office_close(&office);
    arena_destroy(arena);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_a_signer_filings_are_taken_and_receipts_come_later),
        cmocka_unit_test(without_a_database_filings_are_refused_and_the_same_key_is_good_later),
        cmocka_unit_test(a_database_that_dies_under_load_loses_nothing),
        cmocka_unit_test(below_the_disk_reserve_a_filing_is_refused_before_its_body),
        cmocka_unit_test(a_full_disk_of_the_database_refuses_filings_too),
        cmocka_unit_test(above_one_backlog_filings_are_only_received_above_the_other_refused),
        cmocka_unit_test(a_document_that_kills_checkers_is_parked_and_its_neighbours_are_concluded),
        cmocka_unit_test(a_full_disk_refuses_and_loses_nothing),
    };

    return cmocka_run_group_tests(tests, start, stop);
}

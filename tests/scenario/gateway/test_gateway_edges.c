#include "tests/scenario/gateway/office.h"
#include "tests/scenario/http/client.h"
#include "tests/support/command.h"
#include "tests/support/expect.h"
#include "tests/support/watch.h"

#include <arpa/inet.h>
#include <dirent.h>
#include <jansson.h>
#include <openssl/ssl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

/*
 * What comes to the edge that should not: old TLS, foreign credentials, bodies that are too large,
 * cut off or never sent, requests that two readers could understand in two ways. Every answer is
 * our own, nothing is half stored, and all that was used is given back.
 */
enum { BODY_MAX = 1048576, IDLE = 1000, IDLE_TLS = 50, FILINGS = 9 };
enum { NANOSECONDS_PER_MS = 1000000, PROBLEM_ROOM = 96 };

#define SETTINGS "answer_wait_ms = 30000\nbody_bytes_max = 1048576\n"
#define VALUE(answer, path) office_value(arena, &(answer), path)

static struct cluster *cluster;
static struct office   office;

static const struct {
    const char *name;
    struct str  bytes;
    int         front_status;
    const char *front_slug;
    int         status;
    const char *slug;
} bad[] = {
#define BAD(name, bytes, front_status, front_slug, nginx_status, nginx_slug) \
    {name, STR_INIT(bytes), front_status, front_slug, nginx_status, nginx_slug},
#include "tests/scenario/http/bad_requests.def"
#undef BAD
};

/* The credentials that bad_requests.def speaks of. */
static void
add_credentials(void)
{
    static const char sql[] =
        "INSERT INTO registry.credential (unit, is_certificate, digest, scopes, label, expires_at,"
        " revoked_at) SELECT u.unit, false, sha256(t.token::bytea), t.scopes, 'test', t.expires,"
        " t.revoked FROM (VALUES"
        " ('brk_test_good', 3, timestamptz '2099-01-01', NULL::timestamptz),"
        " ('brk_test_expired', 3, '2025-01-01', NULL),"
        " ('brk_test_revoked', 3, '2099-01-01', '2026-01-01'),"
        " ('brk_test_reading', 2, '2099-01-01', NULL)) t (token, scopes, expires, revoked),"
        " registry.unit u WHERE u.regon = '990000016'";

    cluster_run(cluster, office.database, sql);
}

static int
start(void **state)
{
    const struct station_options options = {.settings = SETTINGS};
    const struct rlimit          files = {4096, 4096};

    (void)state;
    ENSURE(setrlimit(RLIMIT_NOFILE, &files) == 0);
    (void)signal(SIGPIPE, SIG_IGN);
    cluster = cluster_start(CLUSTER_FAST);
    office_open(&office, cluster, "edges", &options, true);
    add_credentials();
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

static int64_t
count_submissions(void)
{
    struct arena *arena = arena_create(BODY_MAX);
    int64_t       count = -1;

    ENSURE(str_to_number(office_ask(&office, arena, "SELECT count(*) FROM intake.submission"),
                         &count));
    arena_destroy(arena);
    return count;
}

/* Whether an answer could be somebody else's. */
static bool
is_foreign(const char *text)
{
    return strcasestr(text, "<html") != NULL || strcasestr(text, "<center>") != NULL
           || strcasestr(text, "nginx/") != NULL || strcasestr(text, "microhttpd") != NULL;
}

/* A TLS client of one version only, that would itself accept any. */
static bool
shakes_hands(int version)
{
    struct client plain;
    SSL_CTX      *context = SSL_CTX_new(TLS_client_method());

    client_open_tcp(&plain, edge_port(office.edge));
    SSL_CTX_set_security_level(context, 0);
    ENSURE(SSL_CTX_set_cipher_list(context, "ALL:@SECLEVEL=0") == 1);
    ENSURE(SSL_CTX_set_min_proto_version(context, version) == 1);
    ENSURE(SSL_CTX_set_max_proto_version(context, version) == 1);
    SSL *tls = SSL_new(context);
    ENSURE(tls != NULL && SSL_set_fd(tls, plain.fd) == 1);
    bool shaken = SSL_connect(tls) == 1;
    SSL_free(tls);
    SSL_CTX_free(context);
    client_close(&plain);
    return shaken;
}

static void
only_tls_1_2_and_1_3_are_spoken(void **state)
{
    static const struct {
        const char *name;
        int         version;
        bool        spoken;
    } versions[] = {
        {"TLS 1.0", TLS1_VERSION,   false},
        {"TLS 1.1", TLS1_1_VERSION, false},
        {"TLS 1.2", TLS1_2_VERSION, true },
        {"TLS 1.3", TLS1_3_VERSION, true },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(versions); i++) {
        EXPECT(shakes_hands(versions[i].version) == versions[i].spoken, versions[i].name);
    }
}

static void
a_wrong_credential_is_named_exactly(void **state)
{
    static const struct {
        const char *name;
        const char *token;
        const char *slug;
    } wrong[] = {
        {"missing", "",                                                     "brak-uwierzytelnienia" },
        {"unknown", "Authorization: Bearer brk_test_nobody_has_this_token",
         "nieznane-poswiadczenie"                                                                   },
        {"empty",   "Authorization: Bearer ",                               "nieznane-poswiadczenie"},
        {"expired", "Authorization: Bearer brk_test_expired",               "token-wygasl"          },
        {"revoked", "Authorization: Bearer brk_test_revoked",               "poswiadczenie-odwolane"},
    };

    (void)state;
    int64_t before = count_submissions();
    for (size_t i = 0; i < ARRAY_COUNT(wrong); i++) {
        struct arena              *arena = arena_create(OFFICE_ROOM);
        const struct office_filing filing = {
            .token = wrong[i].token, .key = "bez-prawa", .body = STR("<a/>")};
        struct http_answer answer = office_file(&office, arena, &filing);
        const char        *type = str_format(arena, "/problemy/%s", wrong[i].slug).data;
        EXPECT(answer.status == 401, wrong[i].name);
        EXPECT(office_has(&answer, type), wrong[i].name);
        EXPECT(str_starts_with(http_header(&answer, "WWW-Authenticate"), STR("Bearer")),
               wrong[i].name);
        arena_destroy(arena);
    }
    assert_int_equal(count_submissions(), before);
}

/* Descriptors of the front that hold a document. */
static size_t
count_spools(void)
{
    char   path[320];
    char   target[128];
    size_t count = 0;
    pid_t  front = station_role(office.station, ROLE_FRONT, 0);

    (void)snprintf(path, sizeof path, "/proc/%d/fd", (int)front);
    DIR *folder = opendir(path);
    ENSURE(front > 0 && folder != NULL);
    for (struct dirent *entry = readdir(folder); entry != NULL; entry = readdir(folder)) {
        (void)snprintf(path, sizeof path, "/proc/%d/fd/%s", (int)front, entry->d_name);
        ssize_t size = readlink(path, target, sizeof target - 1);
        target[size > 0 ? size : 0] = '\0';
        count += strncmp(target, "/memfd:", 7) == 0 ? 1 : 0;
    }
    (void)closedir(folder);
    return count;
}

static void
expect_all_given_back(size_t spools, int64_t submissions, const char *name)
{
    bool back = office_await_metric(&office, "brama_spool_bytes", 0);

    for (int i = 0; i < WATCH_TRIES_MAX && count_spools() != spools; i++) {
        watch_rest();
    }
    EXPECT(back, name);
    EXPECT(count_spools() == spools, name);
    EXPECT(office_metric(&office, "brama_queue_documents") == 0, name);
    EXPECT(count_submissions() == submissions, name);
}

static struct str
head_of(struct arena *arena, const char *framing)
{
    struct str head = str_format(arena,
                                 "POST /api/v1/submissions HTTP/1.1\r\nHost: localhost\r\n%s\r\n"
                                 "Content-Type: application/xml\r\nIdempotency-Key: brzeg\r\n"
                                 "%s\r\n\r\n",
                                 office.gmina_token, framing);

    ENSURE(head.data != NULL);
    return head;
}

/* Bodies that are never whole, or never acceptable. */
static const struct {
    const char *name;
    const char *framing;
    const char *body;
    size_t      repeat; /* the body so often */
    int         status; /* 0: the client leaves without waiting */
    const char *slug;
} bodies[] = {
    {"one byte above the limit", "Content-Length: 1048577",    "",              0,    413, "plik-za-duzy"   },
    {"far above the limit",      "Content-Length: 16777216",   "",              0,    413, "plik-za-duzy"   },
    {"chunked above the limit",  "Transfer-Encoding: chunked", "400\r\n%s\r\n", 1100, 413,
     "plik-za-duzy"                                                                                         },
    {"half of what was said",    "Content-Length: 100000",     "%s",            40,   0,   ""               },
    {"nothing of what was said", "Content-Length: 100000",     "",              0,    0,   ""               },
    {"chunks without an end",    "Transfer-Encoding: chunked", "400\r\n%s\r\n", 40,   0,   ""               },
    {"within a chunk",           "Transfer-Encoding: chunked", "8000\r\n%s",    1,    0,   ""               },
    {"another digest",
     "Content-Length: 4\r\nContent-Digest: "
     "sha-256=:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=:", "<a/>",          1,    400, "skrot-niezgodny"},
};

static void
send_body(struct client *client, const char *form, size_t repeat)
{
    struct arena *arena = arena_create(BODY_MAX);
    char          filler[0x400 + 1];
    struct buf    piece = buf_create(arena, 4096);

    memset(filler, 'x', sizeof filler - 1);
    filler[sizeof filler - 1] = '\0';
    const char *place = strstr(form, "%s");
    buf_append(&piece, place == NULL ? str_of(form) : (struct str){form, (size_t)(place - form)});
    if (place != NULL) {
        buf_append(&piece, str_of(filler));
        buf_append(&piece, str_of(place + 2));
    }
    for (size_t i = 0; i < repeat; i++) {
        if (!client_send(client, buf_str(&piece))) {
            break; /* it was refused meanwhile */
        }
    }
    arena_destroy(arena);
}

static void
bodies_that_are_not_whole_leave_nothing_behind(void **state)
{
    (void)state;
    size_t  spools = count_spools();
    int64_t submissions = count_submissions();
    for (size_t i = 0; i < ARRAY_COUNT(bodies); i++) {
        struct arena *arena = arena_create(BODY_MAX);
        struct client client;
        client_open_tls(&client, edge_port(office.edge), NULL, NULL);
        EXPECT(client_send(&client, head_of(arena, bodies[i].framing)), bodies[i].name);
        send_body(&client, bodies[i].body, bodies[i].repeat);
        if (bodies[i].status != 0) {
            char want[PROBLEM_ROOM];
            (void)snprintf(want, sizeof want, "/problemy/%s\"", bodies[i].slug);
            EXPECT(client_read(&client) == bodies[i].status, bodies[i].name);
            EXPECT(strstr(client_body(&client), want) != NULL, bodies[i].name);
            EXPECT(!is_foreign(client.seen), bodies[i].name);
        }
        client_close(&client);
        expect_all_given_back(spools, submissions, bodies[i].name);
        arena_destroy(arena);
    }
}

static int64_t
now_ns(void)
{
    struct timespec now;

    ENSURE(clock_gettime(CLOCK_MONOTONIC, &now) == 0);
    return (int64_t)now.tv_sec * 1000 * NANOSECONDS_PER_MS + now.tv_nsec;
}

/* How long one good package takes from the first byte to its receipt. */
static int64_t
time_filing(const char *kind, unsigned number)
{
    struct arena              *arena = arena_create(OFFICE_ROOM);
    const struct office_filing filing = {.key = str_format(arena, "%s-%u", kind, number).data,
                                         .body = office_package(&office, arena)};
    int64_t                    begin = now_ns();
    struct http_answer         answer = office_file(&office, arena, &filing);
    int64_t                    took = now_ns() - begin;

    assert_int_equal(answer.status, 201);
    arena_destroy(arena);
    return took;
}

static int
by_size(const void *left, const void *right)
{
    const int64_t *a = left;
    const int64_t *b = right;

    return *a < *b ? -1 : *a > *b ? 1 : 0;
}

static int64_t
median_filing(const char *kind)
{
    int64_t times[FILINGS];

    for (unsigned i = 0; i < FILINGS; i++) {
        times[i] = time_filing(kind, i);
    }
    qsort(times, FILINGS, sizeof *times, by_size);
    return times[FILINGS / 2];
}

static int
connect_idle(void)
{
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_port = htons((uint16_t)edge_port(office.edge)),
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int                fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    ENSURE(fd >= 0 && connect(fd, (struct sockaddr *)&address, sizeof address) == 0);
    return fd;
}

static void
a_thousand_idle_connections_hinder_nobody(void **state)
{
    static int           idle[IDLE];
    static struct client talkers[IDLE_TLS]; /* each has begun a request */

    (void)state;
    int64_t usual = median_filing("przedtem");
    for (size_t i = 0; i < IDLE_TLS; i++) {
        client_open_tls(&talkers[i], edge_port(office.edge), NULL, NULL);
        assert_true(client_send(&talkers[i], STR("POST /api/v1/submissions HTTP/1.1\r\nHost:")));
    }
    for (size_t i = 0; i < IDLE; i++) {
        idle[i] = connect_idle();
    }
    int64_t crowded = median_filing("w-tloku");
    for (size_t i = 0; i < IDLE; i++) {
        (void)close(idle[i]);
    }
    for (size_t i = 0; i < IDLE_TLS; i++) {
        client_close(&talkers[i]);
    }
    print_message("a filing takes %lld ms; among %d idle connections %lld ms\n",
                  (long long)(usual / NANOSECONDS_PER_MS), IDLE + IDLE_TLS,
                  (long long)(crowded / NANOSECONDS_PER_MS));
    assert_true(crowded < 10 * usual);
}

/* A problem of ours with this slug; or, where the table says 201, a filing, new or repeated. */
static bool
is_expected(const struct client *client, int status, size_t row)
{
    char want[PROBLEM_ROOM];

    (void)snprintf(want, sizeof want, "/problemy/%s\"", bad[row].slug);
    if (bad[row].status == 201) {
        return status == 201 || status == 200;
    }
    return status == bad[row].status
           && (bad[row].slug[0] == '\0' || strstr(client_body(client), want) != NULL);
}

static void
every_bad_request_is_refused_in_our_words_and_smuggles_nothing(void **state)
{
    size_t failures = 0;

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(bad); i++) {
        struct client client;
        client_open_tls(&client, edge_port(office.edge), NULL, NULL);
        (void)client_send(&client, bad[i].bytes); /* it may be refused before its end */
        int status = client_read(&client);
        if (!is_expected(&client, status, i)) {
            failures++;
            print_error("%s: expected %d %s, got %d: %s\n", bad[i].name, bad[i].status, bad[i].slug,
                        status, client.seen);
        }
        EXPECT(!is_foreign(client.seen), bad[i].name);
        client_close(&client);
    }
    assert_int_equal(failures, 0);
    struct arena *arena = arena_create(BODY_MAX);
    assert_string_equal(office_ask(&office, arena,
                                   "SELECT count(*) FROM intake.submission"
                                   " WHERE sha256 = sha256('<b/>')")
                            .data,
                        "0");
    arena_destroy(arena);
}

static void
health_says_what_is_and_metrics_are_well_formed(void **state)
{
    static const char *const promtool[] = {"promtool", "check", "metrics", NULL};
    struct arena            *arena = arena_create(OFFICE_ROOM);
    struct buf               told = buf_create(arena, BODY_MAX);

    (void)state;
    assert_int_equal(office_health(&office, arena, "/livez").status, 200);
    assert_int_equal(office_health(&office, arena, "/readyz").status, 200);
    struct http_answer metrics = office_health(&office, arena, "/metrics");
    assert_int_equal(metrics.status, 200);
    int status = command_run(promtool, metrics.body, &told);
    assert_int_equal(status, 0);
    assert_int_equal(told.size, 0);
    arena_destroy(arena);
}

static bool
await_health(const char *path, int wanted)
{
    int status = -1;

    for (int i = 0; i < WATCH_TRIES_MAX && status != wanted; i++) {
        struct arena *arena = arena_create(OFFICE_ROOM);
        status = office_health(&office, arena, path).status;
        arena_destroy(arena);
        watch_rest();
    }
    return status == wanted;
}

static void
without_its_signer_the_gateway_is_alive_and_not_ready(void **state)
{
    pid_t supervisor = station_process(office.station);

    (void)state;
    /* A supervisor that stands still starts nothing again. */
    assert_int_equal(kill(supervisor, SIGSTOP), 0);
    assert_int_equal(kill(station_role(office.station, ROLE_SIGNER, 0), SIGKILL), 0);
    bool          away = await_health("/readyz", 503);
    struct arena *arena = arena_create(OFFICE_ROOM);
    int           alive = office_health(&office, arena, "/livez").status;
    arena_destroy(arena);
    assert_int_equal(kill(supervisor, SIGCONT), 0);
    assert_true(away);
    assert_int_equal(alive, 200);
    assert_true(await_health("/readyz", 200));
}

static struct str
read_log(struct arena *arena)
{
    enum { LOG_MAX = 32 << 20 };
    FILE *file = fopen(station_log(office.station), "re");
    char *bytes = ARENA_NEW(arena, char, LOG_MAX);

    ENSURE(file != NULL && bytes != NULL);
    size_t size = fread(bytes, 1, LOG_MAX - 1, file);
    bytes[size] = '\0';
    ENSURE(fclose(file) == 0);
    return (struct str){bytes, size};
}

/* Texts that stand in what is filed, and in what it is filed with. */
#define CANARY_PESEL "44051401458"
#define CANARY_AMOUNT "98765432.17"
#define CANARY_TEXT "kanarek-z-tresci"

static void
the_log_is_json_and_knows_no_content_no_token_no_pesel(void **state)
{
    static const char *const canaries[] = {CANARY_PESEL, CANARY_AMOUNT, "9876543217", CANARY_TEXT,
                                           "brk_test_",  "PNOPL-",      "-----BEGIN", "396909.76"};
    struct arena            *arena = arena_create(OFFICE_ROOM);
    const struct str         filed[] = {
                STR("<PaczkaSprawozdan " CANARY_TEXT "='" CANARY_AMOUNT "'>" CANARY_PESEL "</x>"),
                STR("<!DOCTYPE " CANARY_TEXT "><" CANARY_TEXT ">" CANARY_PESEL "</" CANARY_TEXT ">"),
                office_sample(arena, "wydatki-2026-q2.xml"),
                office_sample(arena, "zle-zmieniona-po-podpisie.xml"),
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(filed); i++) {
        const struct office_filing filing = {.key = str_format(arena, "kanarek-%zu", i).data,
                                             .body = filed[i]};
        assert_int_equal(office_file(&office, arena, &filing).status, 201);
        const struct office_filing check = {.path = "/api/v1/validations", .body = filed[i]};
        assert_int_equal(office_file(&office, arena, &check).status, 200);
    }
    (void)office_get(&office, arena, NULL, "/api/v1/receipts/" CANARY_PESEL "?x=" CANARY_TEXT,
                     NULL);
    struct str log = read_log(arena);
    for (size_t i = 0; i < ARRAY_COUNT(canaries); i++) {
        EXPECT(strstr(log.data, canaries[i]) == NULL, canaries[i]);
    }
    struct str line = {0};
    size_t     lines = 0;
    while (str_cut(&log, '\n', &line)) {
        json_t *json = json_loadb(line.data, line.size, 0, NULL);
        bool    good = json_is_string(json_object_get(json, "event"))
                    && json_is_string(json_object_get(json, "ts"));
        json_decref(json);
        EXPECT(good || line.size == 0, str_copy(arena, line).data);
        lines++;
    }
    assert_true(lines > 10);
    arena_destroy(arena);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_tls_1_2_and_1_3_are_spoken),
        cmocka_unit_test(a_wrong_credential_is_named_exactly),
        cmocka_unit_test(bodies_that_are_not_whole_leave_nothing_behind),
        cmocka_unit_test(a_thousand_idle_connections_hinder_nobody),
        cmocka_unit_test(every_bad_request_is_refused_in_our_words_and_smuggles_nothing),
        cmocka_unit_test(health_says_what_is_and_metrics_are_well_formed),
        cmocka_unit_test(without_its_signer_the_gateway_is_alive_and_not_ready),
        cmocka_unit_test(the_log_is_json_and_knows_no_content_no_token_no_pesel),
    };

    return cmocka_run_group_tests(tests, start, stop);
}

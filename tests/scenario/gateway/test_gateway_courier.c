#include "tests/scenario/gateway/office.h"
#include "tests/support/command.h"
#include "tests/support/expect.h"
#include "tests/support/post_keys.h"
#include "tests/support/receiver.h"
#include "tests/support/tsa.h"
#include "tests/support/watch.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <signal.h>
#include <string.h>

/*
 * What leaves the gateway: real receivers on this machine, the real courier, killed where it hurts
 * most. Nothing is lost; what comes twice bears the same webhook-id.
 */
enum { ROOM = 16 << 20, FILINGS = 4, RAW_MAX = 512 };

static struct cluster  *cluster;
static struct arena    *arena;
static const char      *keys;
static struct receiver *receiver;
static struct office    office;

static int
start(void **state)
{
    (void)state;
    arena = arena_create(ROOM);
    cluster = cluster_start(CLUSTER_DURABLE);
    keys = post_keys_make(arena);
    return 0;
}

static int
stop(void **state)
{
    (void)state;
    post_keys_remove(arena, keys);
    cluster_stop(cluster);
    arena_destroy(arena);
    return 0;
}

static void
start_receiver(void)
{
    receiver = receiver_start(post_keys_path(arena, keys, "server.pem"),
                              post_keys_path(arena, keys, "server.key"));
}

/* start_receiver comes first. */
static void
open_office(const char *database, const char *more)
{
    struct str settings = str_format(
        arena,
        "webhook_key = %s/webhook.key\ncourier_trust = %s/root.pem\nanswer_wait_ms = 60000\n%s",
        keys, keys, more);
    const struct station_options options = {.settings = settings.data, .failpoints = true};

    office_open(&office, cluster, database, &options, false);
}

static void
close_office(void)
{
    office_close(&office);
    receiver_stop(receiver);
}

static const char *
ask(const char *sql)
{
    return office_ask(&office, arena, sql).data;
}

/* An endpoint of the gmina; its number is told by its path. */
static void
add_endpoint(const char *host, const char *path)
{
    struct str sql = str_format(arena,
                                "INSERT INTO courier.endpoint (unit, url, events, label) VALUES "
                                "(%lld, 'https://%s:%u%s', '{submission.accepted,"
                                "submission.rejected,submission.awaiting_signatures}', 'test')",
                                (long long)office.gmina, host, receiver_port(receiver), path);

    cluster_run(cluster, office.database, sql.data);
}

static void
file_one(void)
{
    struct arena              *room = arena_create(ROOM);
    static unsigned            filed;
    struct str                 key = str_format(room, "zlozenie-%u", filed++);
    const struct office_filing filing = {.key = key.data, .body = office_package(&office, room)};
    struct http_answer         answer = office_file(&office, room, &filing);

    assert_int_equal(answer.status, 201);
    arena_destroy(room);
}

static bool
await_requests(const char *path, size_t wanted)
{
    for (int i = 0; i < WATCH_TRIES_MAX; i++) {
        if (receiver_count(receiver, path) >= wanted) {
            return true;
        }
        watch_rest();
    }
    return false;
}

/* The database dies, and the courier has noticed. */
static void
lose_database(void)
{
    size_t before = watch_log_count(office.station, "courier.failed");

    cluster_kill(cluster);
    assert_true(watch_log(office.station, "courier.failed", before + 1));
}

/* As a receiver does it. */
static bool
is_signed(const struct receiver_request *request, const char *public_key)
{
    unsigned char key[RAW_MAX];
    unsigned char value[RAW_MAX];
    struct str    content =
        str_format(arena, "%s.%s.%s", request->id, request->timestamp, request->body);

    if (strncmp(request->signature, "v1a,", 4) != 0 || strncmp(public_key, "whpk_", 5) != 0
        || EVP_DecodeBlock(key, (const unsigned char *)public_key + 5, (int)strlen(public_key + 5))
               < 32
        || EVP_DecodeBlock(value, (const unsigned char *)request->signature + 4,
                           (int)strlen(request->signature + 4))
               < 64) {
        return false;
    }
    EVP_PKEY   *verifier = EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, NULL, key, 32);
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    bool        good =
        EVP_DigestVerifyInit(context, NULL, NULL, NULL, verifier) == 1
        && EVP_DigestVerify(context, value, 64, (const unsigned char *)content.data, content.size)
               == 1;
    EVP_MD_CTX_free(context);
    EVP_PKEY_free(verifier);
    return good;
}

static void
accepted_report_is_told_to_the_receiver(void **state)
{
    struct receiver_request request = {0};

    (void)state;
    start_receiver();
    open_office("told", "webhook_loopback = 1\n");
    add_endpoint("localhost", "/ok");
    file_one();
    assert_true(await_requests("/ok", 1));
    assert_true(receiver_newest(receiver, "/ok", &request));
    assert_true(is_signed(&request, ask("SELECT public_key FROM courier.signing_key")));
    assert_string_equal(request.type, "application/json");
    assert_string_equal(request.id, ask("SELECT webhook_id FROM courier.delivery"));
    struct str wanted = str_format(arena, "\"data\":{\"id\":\"%s\",\"n\":1,\"state\":\"",
                                   ask("SELECT submission FROM intake.submission"));
    assert_non_null(strstr(request.body, wanted.data));
    assert_null(strstr(request.body, "SZKO")); /* thin: no names */
    assert_true(office_await(&office, "SELECT state FROM courier.delivery", "delivered"));
    assert_string_equal(ask("SELECT status FROM courier.attempt"), "204");
    assert_true(office_metric(&office, "brama_webhook_attempts_total{outcome=\"delivered\"}") == 1);
    close_office();
}

/* Beside the signature of the gateway, one by the secret of the address. */
static void
receiver_that_knows_secrets_alone_can_check_a_message(void **state)
{
    struct receiver_request request = {0};
    unsigned char           secret[32];
    unsigned char           code[EVP_MAX_MD_SIZE];
    unsigned char           text[RAW_MAX];

    (void)state;
    start_receiver();
    open_office("secret", "webhook_loopback = 1\n");
    add_endpoint("localhost", "/ok");
    cluster_run(cluster, office.database,
                "INSERT INTO courier.secret (endpoint, secret)"
                " SELECT endpoint, decode(repeat('5a', 32), 'hex') FROM courier.endpoint");
    memset(secret, 0x5a, sizeof secret);
    file_one();
    assert_true(await_requests("/ok", 1));
    assert_true(receiver_newest(receiver, "/ok", &request));
    struct str content = str_format(arena, "%s.%s.%s", request.id, request.timestamp, request.body);
    assert_non_null(HMAC(EVP_sha256(), secret, sizeof secret, (const unsigned char *)content.data,
                         content.size, code, NULL));
    assert_int_equal(EVP_EncodeBlock(text, code, sizeof secret), 44);
    char *second = strchr(request.signature, ' ');
    assert_non_null(second);
    assert_string_equal(second, str_format(arena, " v1,%s", (const char *)text).data);
    *second = '\0';
    assert_true(is_signed(&request, ask("SELECT public_key FROM courier.signing_key")));
    close_office();
}

static void
receiver_that_does_not_answer_holds_up_nobody(void **state)
{
    (void)state;
    start_receiver();
    open_office("hostile", "webhook_loopback = 1\n");
    add_endpoint("localhost", "/silent");
    add_endpoint("localhost", "/huge");
    add_endpoint("localhost", "/redirect");
    add_endpoint("localhost", "/500");
    add_endpoint("localhost", "/410");
    add_endpoint("127.0.0.1", "/garbage");
    add_endpoint("localhost", "/ok");
    for (int i = 0; i < FILINGS; i++) {
        file_one();
    }
    assert_true(await_requests("/ok", FILINGS));
    assert_true(office_await(&office,
                             "SELECT count(*) FROM courier.delivery d JOIN courier.endpoint e USING"
                             " (endpoint) WHERE e.url LIKE '%/ok' AND d.state = 'delivered'",
                             "4"));
    /* Gone is gone: switched off at the first 410. */
    assert_true(office_await(&office,
                             "SELECT count(*) FROM courier.endpoint WHERE disabled_at IS NOT NULL"
                             " AND url LIKE '%/410'",
                             "1"));
    /* A failure comes again after five seconds, give or take a tenth. */
    assert_true(office_await(&office,
                             "SELECT count(*) > 0 FROM courier.delivery d JOIN courier.endpoint e"
                             " USING (endpoint) WHERE e.url LIKE '%/500' AND d.attempts = 1 AND"
                             " d.state = 'waiting'",
                             "t"));
    assert_true(await_requests("/500", FILINGS + 1));
    assert_int_equal(receiver_count(receiver, "/ok"), FILINGS); /* no redirect is followed */
    close_office();
}

/* Those that end while the database is away run no more: their receiver is told again, and of all
 * of it, time after time. */
static void
answers_of_the_time_without_a_database_are_no_messages_that_run(void **state)
{
    (void)state;
    start_receiver();
    open_office("away", "webhook_loopback = 1\n");
    add_endpoint("localhost", "/late");
    for (int i = 0; i < FILINGS; i++) { /* as many as run together */
        file_one();
    }
    assert_true(await_requests("/late", FILINGS));
    lose_database();
    receiver_let(receiver);
    assert_true(watch_log(office.station, "courier.unrecorded", FILINGS));
    cluster_restart(cluster);
    cluster_run(cluster, office.database, "UPDATE courier.delivery SET next_at = now()");
    assert_true(office_await(
        &office, "SELECT count(*) FROM courier.delivery WHERE state = 'delivered'", "4"));
    close_office();
}

static void
private_address_is_not_reached(void **state)
{
    (void)state;
    start_receiver();
    open_office("private", "");
    add_endpoint("localhost", "/ok");
    add_endpoint("10.0.0.1", "/ok");
    file_one();
    assert_true(office_await(&office,
                             "SELECT count(DISTINCT delivery) FROM courier.attempt"
                             " WHERE outcome = 'adres nie jest publiczny' AND status = 0",
                             "2"));
    assert_int_equal(receiver_count(receiver, "/ok"), 0);
    close_office();
}

/* Arm a point, let something be filed, kill the courier there. The lease that dies with it: until
 * when its delivery would have been left alone. */
static const char *
kill_at(enum failpoint point)
{
    struct failpoint_page *page = station_failpoints(office.station);

    page->skip = 0;
    page->reached = 0;
    page->armed = (uint32_t)point;
    file_one();
    for (int i = 0; i < WATCH_TRIES_MAX && page->reached != (uint32_t)point; i++) {
        watch_rest();
    }
    assert_int_equal(page->reached, point);
    pid_t pid = (pid_t)page->pid;
    assert_int_equal(pid, station_role(office.station, ROLE_COURIER, 0));
    const char *lease = ask("SELECT coalesce(max(next_at), '-infinity') FROM courier.delivery"
                            " WHERE state = 'waiting'");
    assert_int_equal(kill(pid, SIGKILL), 0);
    page->armed = FAILPOINT_NONE;
    return lease;
}

static void
killed_courier_loses_nothing(void **state)
{
    static const enum failpoint points[] = {FAILPOINT_COURIER_SPREAD, FAILPOINT_COURIER_CLAIMED,
                                            FAILPOINT_COURIER_ANSWERED};

    (void)state;
    start_receiver();
    open_office("killed", "webhook_loopback = 1\n");
    add_endpoint("localhost", "/ok");
    for (size_t i = 0; i < ARRAY_COUNT(points); i++) {
        const char *lease = kill_at(points[i]);
        assert_true(office_await(&office,
                                 "SELECT count(*) FROM intake.outbox WHERE taken_at IS NULL", "0"));
        /* The lease of the dead one is over sooner than in life; its successor's is not. */
        struct str over = str_format(arena,
                                     "UPDATE courier.delivery SET next_at = now()"
                                     " WHERE state = 'waiting' AND next_at = '%s'",
                                     lease);
        cluster_run(cluster, office.database, over.data);
        struct str count = str_format(arena, "%zu", i + 1);
        assert_true(office_await(&office,
                                 "SELECT count(*) FROM courier.delivery WHERE state = 'delivered'",
                                 count.data));
    }
    assert_string_equal(ask("SELECT count(*) FROM courier.delivery"), "3");
    /* The one that was answered and not recorded came twice, under one name. */
    assert_int_equal(receiver_count(receiver, "/ok"), ARRAY_COUNT(points) + 1);
    close_office();
}

static void
filings_of_the_time_without_a_courier_are_told_later(void **state)
{
    (void)state;
    start_receiver();
    open_office("later", "webhook_loopback = 1\n");
    add_endpoint("localhost", "/ok");
    for (int i = 0; i < FILINGS; i++) { /* whatever becomes of the courier meanwhile */
        pid_t pid = station_role(office.station, ROLE_COURIER, 0);
        assert_true(pid == 0 || kill(pid, SIGKILL) == 0);
        file_one();
    }
    assert_true(
        office_await(&office, "SELECT count(*) FROM intake.outbox WHERE taken_at IS NULL", "0"));
    cluster_run(cluster, office.database, /* the leases of the dead are over */
                "UPDATE courier.delivery SET next_at = now() WHERE state = 'waiting'");
    assert_true(await_requests("/ok", FILINGS));
    assert_true(office_await(
        &office, "SELECT count(*) FROM courier.delivery WHERE state = 'delivered'", "4"));
    assert_string_equal(ask("SELECT count(DISTINCT webhook_id) FROM courier.delivery"), "4");
    close_office();
}

/* `brama verify` of these bytes with these options; its exit code. */
static int
verify(struct str bytes, const char *option, const char *value)
{
    const char *words[] = {(BRAMA_BINARY_DIR "/gateway/cli/brama"),
                           "verify",
                           "-",
                           "--offline",
                           "--trust",
                           station_certificate(office.station),
                           option == NULL ? "--no-color" : option,
                           value,
                           NULL};

    return command_run(words, bytes, NULL);
}

static struct str
get_receipt(const char *query)
{
    struct str         path = str_format(arena, "/api/v1/submissions/%s/receipt%s",
                                         ask("SELECT submission FROM intake.submission"), query);
    struct http_answer answer =
        office_get(&office, arena, office.gmina_token, path.data, "application/xml");

    assert_int_equal(answer.status, 200);
    return answer.body;
}

static void
receipt_gets_its_time_stamp_beside_it(void **state)
{
    struct tsa *tsa =
        tsa_create(post_keys_path(arena, keys, "tsa.pem"), post_keys_path(arena, keys, "tsa.key"));

    (void)state;
    start_receiver();
    receiver_answer(receiver, tsa_answer, tsa);
    tsa_be(tsa, TSA_REFUSES);
    struct str settings =
        str_format(arena, "tsa_url = https://localhost:%u/answer\ntsa_trust = %s/root.pem\n",
                   receiver_port(receiver), keys);
    open_office("stamped", settings.data);
    file_one(); /* delayed by nobody, though the authority refuses */
    assert_true(office_await_metric(&office, "brama_stamp_failures_total", 1));
    struct str plain = get_receipt("");
    struct str path = str_format(arena, "/api/v1/submissions/%s/receipt?stamped=true",
                                 ask("SELECT submission FROM intake.submission"));
    assert_int_equal(
        office_get(&office, arena, office.gmina_token, path.data, "application/xml").status, 404);

    tsa_be(tsa, TSA_GOOD);
    cluster_run(cluster, office.database, "UPDATE courier.stamping SET next_at = now()");
    assert_true(office_await(&office, "SELECT count(*) FROM courier.stamping", "0"));
    struct str stamped = get_receipt("?stamped=true");
    assert_true(stamped.size > plain.size);
    assert_true(str_equal(get_receipt(""), plain));
    assert_int_equal(verify(plain, NULL, NULL), 0);
    assert_int_equal(verify(stamped, NULL, NULL), 0);
    assert_int_equal(verify(stamped, "--stamp-trust", post_keys_path(arena, keys, "root.pem")), 0);
    assert_int_equal(
        verify(stamped, "--stamp-trust", post_keys_path(arena, keys, "client-authority.pem")), 7);
    close_office();
    tsa_destroy(tsa);
}

static void
courier_killed_with_a_stamp_in_hand_asks_again(void **state)
{
    struct tsa *tsa =
        tsa_create(post_keys_path(arena, keys, "tsa.pem"), post_keys_path(arena, keys, "tsa.key"));

    (void)state;
    start_receiver();
    receiver_answer(receiver, tsa_answer, tsa);
    struct str settings =
        str_format(arena, "tsa_url = https://localhost:%u/answer\ntsa_trust = %s/root.pem\n",
                   receiver_port(receiver), keys);
    open_office("restamped", settings.data);
    (void)kill_at(FAILPOINT_COURIER_STAMPED);
    cluster_run(cluster, office.database, "UPDATE courier.stamping SET next_at = now()");
    assert_true(office_await(&office,
                             "SELECT (SELECT count(*) FROM courier.stamping) || ' ' ||"
                             " (SELECT count(*) FROM intake.receipt) -"
                             " (SELECT count(*) FROM intake.receipt_stamped)",
                             "0 0"));
    close_office();
    tsa_destroy(tsa);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(accepted_report_is_told_to_the_receiver),
        cmocka_unit_test(receiver_that_knows_secrets_alone_can_check_a_message),
        cmocka_unit_test(receiver_that_does_not_answer_holds_up_nobody),
        cmocka_unit_test(answers_of_the_time_without_a_database_are_no_messages_that_run),
        cmocka_unit_test(private_address_is_not_reached),
        cmocka_unit_test(killed_courier_loses_nothing),
        cmocka_unit_test(filings_of_the_time_without_a_courier_are_told_later),
        cmocka_unit_test(receipt_gets_its_time_stamp_beside_it),
        cmocka_unit_test(courier_killed_with_a_stamp_in_hand_asks_again),
    };

    return cmocka_run_group_tests(tests, start, stop);
}

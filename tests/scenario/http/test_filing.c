/*
 * A filing on its way through a real front: answers, waiting, the deaths of peers, bodies that are
 * slow, too long or broken off, and that nothing is left behind afterwards.
 */
#include "gateway/front/route.h"
#include "gateway/metrics/metrics.h"
#include "tests/scenario/http/client.h"
#include "tests/scenario/http/stand_fixture.h"
#include "tests/support/expect.h"

#include <string.h>
#include <time.h>
#include <unistd.h>
#include <zlib.h>

enum { LIMIT = 1024 * 1024, MANY = 1000, PAUSE_US = 10000, PATIENCE = 1000 };

#define TOKEN "Authorization: Bearer brk_test_good\r\n"

/* A filing of size bytes of 'a' with this key and further headers. */
static struct str
compose(struct arena *arena, const char *key, const char *headers, size_t size)
{
    struct buf out = buf_create(arena, (size_t)4 * LIMIT);

    buf_format(
        &out,
        "POST /api/v1/submissions HTTP/1.1\r\nHost: localhost\r\n" TOKEN
        "Content-Type: application/xml\r\nIdempotency-Key: %s\r\n%sContent-Length: %zu\r\n\r\n",
        key, headers, size);
    for (size_t i = 0; i < size; i++) {
        buf_byte(&out, 'a');
    }
    assert_true(buf_ok(&out));
    return buf_str(&out);
}

static int
exchange(struct client *client, const char *key, const char *headers, size_t size)
{
    struct arena *arena = arena_create((size_t)8 * LIMIT);

    assert_true(client_send(client, compose(arena, key, headers, size)));
    arena_destroy(arena);
    return client_read(client);
}

static void
a_worker_decides_the_answer(void **state)
{
    static const struct {
        const char *key;
        int         status;
        const char *body;
    } cases[] = {
        {"one",     201, "filed"                      },
        {"repeat",  200, "filed"                      },
        {"reused",  422, "klucz-uzyty-do-innej-tresci"},
        {"expired", 401, "token-wygasl"               },
        {"revoked", 401, "nie ma on daty wpływu"     },
        {"busy",    503, "przeciazenie"               },
        {"failed",  500, "blad-bramy"                 },
    };
    struct client client;

    (void)state;
    client_open_tls(&client, stand.port, NULL, NULL);
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        int got = exchange(&client, cases[i].key, "", 100);
        EXPECT(got == cases[i].status, cases[i].key);
        EXPECT(strstr(client_body(&client), cases[i].body) != NULL, cases[i].key);
        EXPECT(stand.page->good_digest == 1 && stand.page->size == 100, cases[i].key);
        EXPECT(stand.page->first_byte <= stand.page->last_byte, cases[i].key);
    }
    client_close(&client);
}

static void
a_body_may_have_the_limit_and_no_byte_more(void **state)
{
    (void)state;
    for (size_t size = LIMIT - 1; size <= LIMIT + 1; size++) {
        struct client client;
        client_open_unix(&client, stand.socket);
        int got = exchange(&client, "limit", "", size);
        assert_int_equal(got, size <= LIMIT ? 201 : 413);
        client_close(&client);
    }
}

static void
a_chunked_body_is_counted_while_it_comes(void **state)
{
    (void)state;
    for (int nginx = 0; nginx < 2; nginx++) {
        struct arena *arena = arena_create((size_t)8 * LIMIT);
        struct buf    out = buf_create(arena, (size_t)4 * LIMIT);
        struct client client;
        buf_append(&out, STR("POST /api/v1/submissions HTTP/1.1\r\nHost: localhost\r\n" TOKEN
                             "Content-Type: application/xml\r\nIdempotency-Key: c\r\n"
                             "Transfer-Encoding: chunked\r\n\r\n"));
        for (int i = 0; i < 17; i++) {
            buf_append(&out, STR("10000\r\n"));
            for (int j = 0; j < 0x10000; j++) {
                buf_byte(&out, 'a');
            }
            buf_append(&out, STR("\r\n"));
        }
        if (nginx == 1) {
            client_open_tls(&client, stand.port, NULL, NULL);
        } else {
            client_open_unix(&client, stand.socket);
        }
        int64_t filings = stand.page->filings;
        (void)client_send(&client, buf_str(&out)); /* it may be refused before its end */
        assert_int_equal(client_read(&client), 413);
        assert_non_null(strstr(client.seen, "plik-za-duzy"));
        assert_int_equal(stand.page->filings, filings);
        client_close(&client);
        arena_destroy(arena);
    }
}

/* size zeros, as gzip. */
static struct str
gzip_zeros(struct arena *arena, size_t size)
{
    z_stream       stream = {0};
    unsigned char *zeros = arena_alloc(arena, size, 1);
    unsigned char *out = arena_alloc(arena, size + 1024, 1);

    assert_int_equal(deflateInit2(&stream, 9, Z_DEFLATED, 31, 8, Z_DEFAULT_STRATEGY), Z_OK);
    stream.next_in = zeros;
    stream.avail_in = (unsigned)size;
    stream.next_out = out;
    stream.avail_out = (unsigned)size + 1024;
    assert_int_equal(deflate(&stream, Z_FINISH), Z_STREAM_END);
    size_t made = stream.total_out;
    assert_int_equal(deflateEnd(&stream), Z_OK);
    return (struct str){(char *)out, made};
}

static void
gzip_is_inflated_up_to_the_limit_and_no_further(void **state)
{
    static const struct {
        size_t size;
        int    status;
    } cases[] = {
        {100,                201},
        {LIMIT,              201},
        {LIMIT + 1,          413},
        {(size_t)16 * LIMIT, 413}
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        struct arena *arena = arena_create((size_t)64 * LIMIT);
        struct str    body = gzip_zeros(arena, cases[i].size);
        struct buf    out = buf_create(arena, LIMIT);
        struct client client;
        buf_format(
            &out,
            "POST /api/v1/submissions HTTP/1.1\r\nHost: localhost\r\n" TOKEN
            "Content-Type: application/xml\r\nIdempotency-Key: z\r\nContent-Encoding: gzip\r\n"
            "Content-Length: %zu\r\n\r\n",
            body.size);
        buf_append(&out, body);
        client_open_tls(&client, stand.port, NULL, NULL);
        assert_true(client_send(&client, buf_str(&out)));
        assert_int_equal(client_read(&client), cases[i].status);
        if (cases[i].status == 201) {
            assert_int_equal(stand.page->size, cases[i].size);
        }
        client_close(&client);
        arena_destroy(arena);
    }
}

static void
a_body_that_does_not_come_is_refused_as_too_slow(void **state)
{
    (void)state;
    for (int nginx = 0; nginx < 2; nginx++) {
        struct client client;
        if (nginx == 1) {
            client_open_tls(&client, stand.port, NULL, NULL);
        } else {
            client_open_unix(&client, stand.socket);
        }
        assert_true(client_send(&client,
                                STR("POST /api/v1/submissions HTTP/1.1\r\nHost: localhost\r\n" TOKEN
                                    "Content-Type: text/xml\r\nIdempotency-Key: s\r\n"
                                    "Content-Length: 10\r\n\r\n<a")));
        assert_int_equal(client_read(&client), 408);
        assert_non_null(strstr(client.seen, "za-wolno"));
        client_close(&client);
    }
}

static void
a_refused_head_that_expects_100_never_sends_its_body(void **state)
{
    struct client client;

    (void)state;
    client_open_unix(&client, stand.socket);
    assert_true(client_send(&client, STR("POST /api/v1/submissions HTTP/1.1\r\nHost: localhost\r\n"
                                         "Content-Type: text/xml\r\nIdempotency-Key: e\r\n"
                                         "Expect: 100-continue\r\nContent-Length: 10\r\n\r\n")));
    assert_int_equal(client_read(&client), 401);
    assert_null(strstr(client.seen, "100 Continue"));
    assert_true(client_ended(&client));
    client_close(&client);
}

static void
a_post_waits_as_long_as_it_wants_to(void **state)
{
    static const struct {
        const char *prefer;
        int64_t     least_ms;
        int64_t     most_ms;
    } cases[] = {
        {"Prefer: respond-async\r\n", 0,   500 },
        {"Prefer: wait=0\r\n",        0,   500 },
        {"Prefer: wait=1\r\n",        900, 5000},
    };
    struct client client;

    (void)state;
    stand.page->pending = 1;
    client_open_tls(&client, stand.port, NULL, NULL);
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        struct timespec before;
        struct timespec after;
        (void)clock_gettime(CLOCK_MONOTONIC, &before);
        EXPECT(exchange(&client, "silent", cases[i].prefer, 10) == 202, cases[i].prefer);
        (void)clock_gettime(CLOCK_MONOTONIC, &after);
        int64_t ms =
            (after.tv_sec - before.tv_sec) * 1000 + (after.tv_nsec - before.tv_nsec) / 1000000;
        EXPECT(ms >= cases[i].least_ms && ms <= cases[i].most_ms, cases[i].prefer);
    }
    client_close(&client);
    stand.page->pending = 0;
}

static void
a_long_poll_is_woken_by_the_decision(void **state)
{
    struct client filing;
    struct client poll;

    (void)state;
    stand.page->pending = 1;
    client_open_tls(&filing, stand.port, NULL, NULL);
    assert_int_equal(exchange(&filing, "silent", "Prefer: respond-async\r\n", 10), 202);
    client_open_tls(&poll, stand.port, NULL, NULL);
    int64_t questions = stand.page->questions;
    assert_true(client_send(&poll, STR("GET /api/v1/submissions/x?wait=25 HTTP/1.1\r\n"
                                       "Host: localhost\r\n" TOKEN "\r\n")));
    for (int i = 0; i < PATIENCE && stand.page->questions == questions; i++) {
        (void)usleep(PAUSE_US);
    }
    stand.page->pending = 0; /* the worker tells it */
    assert_int_equal(client_read(&poll), 200);
    client_close(&poll);
    client_close(&filing);
}

static void
a_dead_worker_s_filing_is_handed_over_with_the_same_id(void **state)
{
    struct client client;

    (void)state;
    stand.page->deaths = 0;
    client_open_tls(&client, stand.port, NULL, NULL);
    int64_t filings = stand.page->filings;
    assert_int_equal(exchange(&client, "die", "", 10), 201);
    assert_int_equal(stand.page->deaths, 1);
    assert_int_equal(stand.page->filings, filings + 2);
    assert_true(uuid_equal(stand.page->died_with, stand.page->last));
    client_close(&client);
    for (unsigned i = 0; i < STAND_WORKERS; i++) {
        stand_replace_worker(&stand, i);
    }
}

static void
a_filing_without_any_worker_waits_for_one(void **state)
{
    struct arena *arena = arena_create((size_t)8 * LIMIT);
    struct client client;

    (void)state;
    for (unsigned i = 0; i < STAND_WORKERS; i++) {
        stand_end_worker(&stand, i);
    }
    client_open_tls(&client, stand.port, NULL, NULL);
    assert_true(client_send(&client, compose(arena, "kept", "", 10)));
    for (int i = 0; i < PATIENCE && metrics_get(METRIC_QUEUE) == 0; i++) {
        (void)usleep(PAUSE_US);
    }
    assert_int_equal(metrics_get(METRIC_QUEUE), 1);
    for (unsigned i = 0; i < STAND_WORKERS; i++) {
        stand_replace_worker(&stand, i);
    }
    assert_int_equal(client_read(&client), 201);
    client_close(&client);
    arena_destroy(arena);
}

static void
readers_may_die_while_others_answer(void **state)
{
    struct client client;

    (void)state;
    client_open_tls(&client, stand.port, NULL, NULL);
    for (unsigned i = 0; i < 20; i++) {
        stand_replace_reader(&stand, i % STAND_READERS);
        assert_int_equal(exchange(&client, "r", "", 10), 201);
    }
    client_close(&client);
}

static void
a_certificate_is_known_by_its_key(void **state)
{
    struct client client;
    char          certificate[128];
    char          key[128];

    (void)state;
    (void)snprintf(certificate, sizeof certificate, "%s/c.pem", stand.folder);
    (void)snprintf(key, sizeof key, "%s/k.pem", stand.folder);
    client_open_tls(&client, stand.port, certificate, key);
    assert_true(client_send(&client, STR("GET /api/v1/submissions?big=1 HTTP/1.1\r\n"
                                         "Host: localhost\r\n\r\n")));
    assert_int_equal(client_read(&client), 200);
    assert_int_equal(strlen(client_body(&client)), LIMIT);
    client_close(&client);
}

static void
a_certificate_that_nobody_vouches_for_has_a_refusal_of_its_own(void **state)
{
    struct client client;
    char          certificate[128];
    char          key[128];

    (void)state;
    (void)snprintf(certificate, sizeof certificate, "%s/stranger.pem", stand.folder);
    (void)snprintf(key, sizeof key, "%s/stranger-k.pem", stand.folder);
    client_open_tls(&client, stand.port, certificate, key);
    assert_true(client_send(&client, STR("GET /api/v1/status HTTP/1.1\r\n"
                                         "Host: localhost\r\n\r\n")));
    assert_int_equal(client_read(&client), 400);
    assert_non_null(strstr(client_body(&client), "/problemy/zly-certyfikat\""));
    client_close(&client);
}

static void
what_is_sent_back_bears_our_headers(void **state)
{
    static const struct {
        const char *name;
        const char *value;
    } headers[] = {
        {"X-Request-Id",           "0199a2c4-7d10-7a31-9c55-0f6f1c2b3d4e"},
        {"API-Version",            "1"                                   },
        {"X-Content-Type-Options", "nosniff"                             },
        {"Cache-Control",          "no-store"                            },
    };
    struct client client;

    (void)state;
    client_open_tls(&client, stand.port, NULL, NULL);
    assert_true(
        client_send(&client, STR("GET /api/v1/status?page=1 HTTP/1.1\r\nHost: localhost\r\n"
                                 "X-Request-Id: 0199a2c4-7d10-7a31-9c55-0f6f1c2b3d4e\r\n\r\n")));
    assert_int_equal(client_read(&client), 200);
    for (size_t i = 0; i < ARRAY_COUNT(headers); i++) {
        char value[128];
        client_header(&client, headers[i].name, value, sizeof value);
        EXPECT(strcmp(value, headers[i].value) == 0, headers[i].name);
    }
    char policy[256];
    client_header(&client, "Content-Security-Policy", policy, sizeof policy);
    assert_ptr_equal(strstr(policy, "default-src 'none'"), policy);
    client_close(&client);
}

static void
expect_ready(struct client *client, int status, const char *word)
{
    assert_true(client_send(client, STR("GET /readyz?verbose HTTP/1.1\r\nHost: x\r\n\r\n")));
    EXPECT(client_read(client) == status, word);
    EXPECT(strstr(client_body(client), word) != NULL, word);
}

static void
the_health_socket_says_what_is_missing(void **state)
{
    struct client client;

    (void)state;
    client_open_tcp(&client, stand.health_port);
    expect_ready(&client, 200, "\"ready\":true");
    stand_say_all_is_well(false); /* one worker of two */
    expect_ready(&client, 503, "\"signer\":false");
    stand_say_all_is_well(true);
    metrics_set(METRIC_ANSWERING_SIGNER, 0); /* it is there, and does not answer */
    expect_ready(&client, 503, "\"signer\":false");
    stand_say_all_is_well(true);
    metrics_mark(METRIC_STORE_READY, 1, false);
    expect_ready(&client, 503, "\"store\":false");
    stand_say_all_is_well(true);
    metrics_set(METRIC_ANSWERING_WORKER, STAND_WORKERS - 1);
    expect_ready(&client, 503, "\"worker\":false");
    stand_say_all_is_well(true);
    metrics_set(METRIC_ANSWERING_READER, 0);
    expect_ready(&client, 503, "\"reader\":false");
    stand_say_all_is_well(true);
    metrics_set(METRIC_CHECKERS_ABSENT, 1); /* one cannot start */
    expect_ready(&client, 503, "\"checker\":false");
    metrics_set(METRIC_CHECKERS_ABSENT, 0);
    expect_ready(&client, 200, "\"ready\":true");
    assert_true(client_send(&client, STR("GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n")));
    assert_int_equal(client_read(&client), 200);
    assert_non_null(strstr(client_body(&client), "brama_spool_bytes"));
    assert_true(client_send(&client, STR("GET /livez HTTP/1.1\r\nHost: x\r\n\r\n")));
    assert_int_equal(client_read(&client), 200);
    client_close(&client);
}

/* Half bodies, then hung up; and a thousand who say nothing. */
static void
whoever_leaves_leaves_nothing_behind(void **state)
{
    static struct client idle[MANY];
    int                  descriptors = stand_descriptors(&stand);

    (void)state;
    for (int i = 0; i < MANY; i++) {
        client_open_unix(&idle[i], stand.socket);
        if (i % 2 == 0) {
            assert_true(
                client_send(&idle[i], STR("POST /api/v1/submissions HTTP/1.1\r\nHost: localhost\r\n"
                                          "Authorization: Bearer brk_test_good\r\n"
                                          "Content-Type: text/xml\r\nIdempotency-Key: s\r\n"
                                          "Content-Length: 10\r\n\r\n<a")));
        }
    }
    int64_t       filings = stand.page->filings;
    struct client other;
    client_open_unix(&other, stand.socket);
    assert_true(client_send(&other, STR("GET /api/v1/status HTTP/1.1\r\nHost: localhost\r\n\r\n")));
    assert_int_equal(client_read(&other), 200); /* others are served meanwhile */
    client_close(&other);
    for (int i = 0; i < MANY; i++) {
        client_close(&idle[i]);
    }
    for (int i = 0;
         i < PATIENCE
         && (metrics_get(METRIC_SPOOL_BYTES) != 0 || stand_descriptors(&stand) > descriptors);
         i++) {
        (void)usleep(PAUSE_US);
    }
    assert_int_equal(metrics_get(METRIC_SPOOL_BYTES), 0);
    assert_in_range(stand_descriptors(&stand), 0, descriptors);
    assert_int_equal(stand.page->filings, filings);
}

enum {
    IN_FLIGHT = 256, /* at most, of one sender */
    ERRAND_SIZE = 150 * 1024,
    ERRANDS_HANDED = STAND_WORKERS * 2,
    ERRANDS = ERRANDS_HANDED + 2,
};

static void
send_errand(struct client *client, const char *path, size_t size)
{
    struct arena *arena = arena_create((size_t)8 * LIMIT);
    struct buf    out = buf_create(arena, (size_t)4 * LIMIT);

    buf_format(&out,
               "POST /api/v1/%s HTTP/1.1\r\nHost: localhost\r\n"
               "Authorization: Bearer brk_test_reading\r\nContent-Type: application/xml\r\n"
               "Content-Length: %zu\r\n\r\n",
               path, size);
    for (size_t i = 0; i < size; i++) {
        buf_byte(&out, 'a');
    }
    client_open_unix(client, stand.socket);
    assert_true(client_send(client, buf_str(&out)));
    arena_destroy(arena);
}

static void
await_number(_Atomic int64_t *number, int64_t wanted)
{
    for (int i = 0; i < PATIENCE && *number != wanted; i++) {
        (void)usleep(PAUSE_US);
    }
    assert_int_equal(*number, wanted);
}

static void
release_errands(void)
{
    stand.page->held = 0;
    for (unsigned i = 0; i < STAND_WORKERS; i++) {
        stand_replace_worker(&stand, i);
    }
}

static void
errands_that_stand_take_no_room_of_filings(void **state)
{
    struct client errands[ERRANDS];
    struct client filing;
    int64_t       before = stand.page->others;

    (void)state;
    stand.page->held = 1;
    for (int i = 0; i < ERRANDS; i++) {
        send_errand(&errands[i], "validations", ERRAND_SIZE);
        await_number(&stand.page->others, before + (i < ERRANDS_HANDED ? i + 1 : ERRANDS_HANDED));
    }
    client_open_unix(&filing, stand.socket);
    assert_int_equal(exchange(&filing, "beside", "", LIMIT / 4), 201);
    client_close(&filing);
    for (int i = 0; i < ERRANDS_HANDED; i++) { /* each has its end, answered or not */
        assert_int_equal(client_read(&errands[i]), 503);
        client_close(&errands[i]);
    }
    assert_int_equal(stand.page->others, before + ERRANDS_HANDED); /* the workers still have them */
    release_errands();
    for (int i = ERRANDS_HANDED; i < ERRANDS; i++) {
        assert_int_equal(client_read(&errands[i]), 200);
        client_close(&errands[i]);
    }
}

static void
who_fills_its_share_of_the_spool_leaves_room_for_others(void **state)
{
    /* Who verifies a receipt is nobody in particular, whatever it shows. */
    static const struct {
        const char *path;
        int         status;
    } cases[] = {
        {"validations",           429},
        {"receipts/verification", 503},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        struct client first;
        struct client second;
        struct client filing;
        int64_t       before = stand.page->others;
        char          retry[16];
        stand.page->held = 1;
        send_errand(&first, cases[i].path, LIMIT - 1);
        await_number(&stand.page->others, before + 1);
        send_errand(&second, cases[i].path, 2);
        assert_int_equal(client_read(&second), cases[i].status);
        client_header(&second, "Retry-After", retry, sizeof retry);
        assert_string_equal(retry, "2");
        client_close(&second);
        send_errand(&second, cases[i].path, 1); /* exactly its share */
        await_number(&stand.page->others, before + 2);
        client_open_unix(&filing, stand.socket);
        assert_int_equal(exchange(&filing, "other", "", LIMIT), 201);
        client_close(&filing);
        release_errands();
        assert_int_equal(client_read(&first), 200);
        assert_int_equal(client_read(&second), 200);
        client_close(&first);
        client_close(&second);
    }
}

static void
public_posts_take_no_turn_of_public_reading(void **state)
{
    static struct client posts[IN_FLIGHT];
    struct client        reading;

    (void)state;
    for (int i = 0; i < IN_FLIGHT; i++) {
        client_open_unix(&posts[i], stand.socket);
        assert_true(client_send(&posts[i], STR("POST /api/v1/receipts/verification HTTP/1.1\r\n"
                                               "Host: localhost\r\nContent-Type: text/xml\r\n"
                                               "Content-Length: 10\r\n\r\n<a")));
    }
    client_open_unix(&reading, stand.socket);
    assert_true(
        client_send(&reading, STR("GET /api/v1/status HTTP/1.1\r\nHost: localhost\r\n\r\n")));
    assert_int_equal(client_read(&reading), 200);
    client_close(&reading);
    for (int i = 0; i < IN_FLIGHT; i++) {
        client_close(&posts[i]);
    }
}

static void
a_body_that_trickles_for_ever_is_ended(void **state)
{
    struct client client;
    int           sent = 0;

    (void)state;
    client_open_unix(&client, stand.socket);
    assert_true(client_send(&client, STR("POST /api/v1/receipts/verification HTTP/1.1\r\n"
                                         "Host: localhost\r\nContent-Type: text/xml\r\n"
                                         "Content-Length: 100000\r\n\r\n")));
    while (sent < PATIENCE && client_send(&client, STR("a"))) { /* it never pauses for long */
        (void)usleep(PAUSE_US);
        sent++;
    }
    assert_in_range(sent, 1, PATIENCE - 1);
    assert_int_equal(client_read(&client), 408);
    client_close(&client);
}

/* The path of a route, with something in each of its braces. */
static struct str
path_of(struct arena *arena, const struct route *route)
{
    struct buf  out = buf_create(arena, 256);
    bool        counted = strncmp(route->name, "/api/v1/sets/", 13) == 0;
    const char *next = counted ? "1" : "0199a2c4-7d10-7a31-9c55-0f6f1c2b3d4e"; /* then a report */

    for (const char *at = route->name; *at != '\0'; at++) {
        if (*at == '{') {
            buf_append(&out, str_of(next));
            next = "1";
        } else if (*at != '}') {
            buf_byte(&out, *at);
        }
    }
    return buf_str(&out);
}

/* What the front says to a token that has some scopes at a route that wants one. */
static void
ask_with_scopes(const char *method, const struct route *route, enum route_access wanted,
                const char *token, unsigned rights)
{
    struct arena *arena = arena_create(65536);
    struct client client;
    struct str    path = path_of(arena, route);
    const char   *scope = access_scope((unsigned)wanted);
    struct str    head =
        str_format(arena, "%s %.*s HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer %s\r\n\r\n",
                   method, STR_ARG(path), token);

    client_open_unix(&client, stand.socket);
    assert_true(client_send(&client, head));
    int status = client_read(&client);
    if ((rights & (unsigned)wanted) != 0) {
        EXPECT(status != 401 && status != 403, route->name);
    } else {
        struct str challenge =
            str_format(arena,
                       "WWW-Authenticate: Bearer realm=\"brama\", error=\"insufficient_scope\","
                       " scope=\"%s\"\r\n",
                       scope);
        struct str detail = str_format(arena, "To poświadczenie nie ma zakresu %s.", scope);
        EXPECT(status == 403, route->name);
        EXPECT(strstr(client.seen, challenge.data) != NULL, route->name);
        EXPECT(strstr(client.seen, detail.data) != NULL, route->name);
        EXPECT(strstr(client.seen, "/problemy/brak-roli") != NULL, route->name);
    }
    client_close(&client);
    arena_destroy(arena);
}

static void
a_token_without_the_scope_of_a_route_is_told_which_it_lacks(void **state)
{
    static const struct {
        const char *token;
        unsigned    rights;
    } tokens[] = {
        {"brk_test_good",        ACCESS_SUBMIT | ACCESS_READ | ACCESS_VALIDATE},
        {"brk_test_reading",     ACCESS_READ | ACCESS_VALIDATE                },
        {"brk_test_writing",     ACCESS_SUBMIT | ACCESS_VALIDATE              },
        {"brk_test_obligations", ACCESS_OBLIGATIONS | ACCESS_VALIDATE         },
        {"brk_test_nothing",     ACCESS_VALIDATE                              },
    };
    size_t asked = 0;

    (void)state;
    for (size_t i = 0; i < route_count(); i++) {
        const struct route *route = route_at(i);
        for (size_t t = 0; t < ARRAY_COUNT(tokens); t++) {
            if (route->get.access != ROUTE_PUBLIC) {
                ask_with_scopes("GET", route, route->get.access, tokens[t].token, tokens[t].rights);
                asked++;
            }
            if (route->post.access != ROUTE_PUBLIC) {
                bool puts = strstr(route->allow, "PUT") != NULL;
                ask_with_scopes(puts ? "PUT" : "POST", route, route->post.access, tokens[t].token,
                                tokens[t].rights);
                asked++;
            }
        }
    }
    assert_true(asked >= 35);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_worker_decides_the_answer),
        cmocka_unit_test(a_body_may_have_the_limit_and_no_byte_more),
        cmocka_unit_test(a_chunked_body_is_counted_while_it_comes),
        cmocka_unit_test(gzip_is_inflated_up_to_the_limit_and_no_further),
        cmocka_unit_test(a_body_that_does_not_come_is_refused_as_too_slow),
        cmocka_unit_test(errands_that_stand_take_no_room_of_filings),
        cmocka_unit_test(who_fills_its_share_of_the_spool_leaves_room_for_others),
        cmocka_unit_test(public_posts_take_no_turn_of_public_reading),
        cmocka_unit_test(a_token_without_the_scope_of_a_route_is_told_which_it_lacks),
        cmocka_unit_test(a_body_that_trickles_for_ever_is_ended),
        cmocka_unit_test(a_refused_head_that_expects_100_never_sends_its_body),
        cmocka_unit_test(a_post_waits_as_long_as_it_wants_to),
        cmocka_unit_test(a_long_poll_is_woken_by_the_decision),
        cmocka_unit_test(a_dead_worker_s_filing_is_handed_over_with_the_same_id),
        cmocka_unit_test(a_filing_without_any_worker_waits_for_one),
        cmocka_unit_test(readers_may_die_while_others_answer),
        cmocka_unit_test(a_certificate_is_known_by_its_key),
        cmocka_unit_test(a_certificate_that_nobody_vouches_for_has_a_refusal_of_its_own),
        cmocka_unit_test(what_is_sent_back_bears_our_headers),
        cmocka_unit_test(the_health_socket_says_what_is_missing),
        cmocka_unit_test(whoever_leaves_leaves_nothing_behind),
    };

    return cmocka_run_group_tests(tests, stand_set_up, stand_tear_down);
}

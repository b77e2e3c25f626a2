/*
 * HTTP/2 over TLS through nginx, which speaks HTTP/1.1 with the front: what is good arrives, what
 * would mean something else when written as lines is refused in our words, floods end and leave
 * nothing behind.
 */
#include "gateway/metrics/metrics.h"
#include "tests/scenario/http/h2.h"
#include "tests/scenario/http/stand_fixture.h"
#include "tests/support/expect.h"

#include <string.h>
#include <unistd.h>

enum { ROOM = 8 * 1024 * 1024, FIELDS_MAX = 8, RESETS = 500, PAUSE_US = 10000, PATIENCE = 1000 };

#define TEXT(literal) STR_INIT(literal)

struct field {
    struct str name;
    struct str value;
};

/* The head of a filing, with these fields in place of its own of the same name, or beside them. */
static struct str
head_of(struct arena *arena, const struct field *fields, size_t count)
{
    static const struct field own[] = {
        {TEXT(":method"),         TEXT("POST")                },
        {TEXT(":scheme"),         TEXT("https")               },
        {TEXT(":path"),           TEXT("/api/v1/submissions") },
        {TEXT(":authority"),      TEXT("localhost")           },
        {TEXT("authorization"),   TEXT("Bearer brk_test_good")},
        {TEXT("content-type"),    TEXT("application/xml")     },
        {TEXT("idempotency-key"), TEXT("k")                   },
    };
    struct buf block = buf_create(arena, (size_t)1024 * 1024);

    for (size_t i = 0; i < ARRAY_COUNT(own); i++) {
        bool replaced = false;
        for (size_t j = 0; j < count; j++) {
            replaced = replaced || str_equal(fields[j].name, own[i].name);
        }
        if (!replaced) {
            h2_field(&block, own[i].name, own[i].value);
        }
    }
    for (size_t j = 0; j < count; j++) {
        if (fields[j].value.data != NULL) { /* else it is only left out */
            h2_field(&block, fields[j].name, fields[j].value);
        }
    }
    ENSURE(buf_ok(&block));
    return buf_str(&block);
}

static size_t
count_fields(const struct field *fields)
{
    size_t count = 0;

    while (count < FIELDS_MAX && fields[count].name.data != NULL) {
        count++;
    }
    return count;
}

/* A file of '<a/>' behind which another filing is written as HTTP/1.1, in case somebody reads it.
 */
#define SECOND                                                                               \
    "POST /api/v1/submissions HTTP/1.1\r\nHost: localhost\r\nIdempotency-Key: s\r\n"         \
    "Authorization: Bearer brk_test_good\r\nContent-Type: text/xml\r\nContent-Length: 4\r\n" \
    "\r\n<b/>"
#define NONE    \
    {           \
        NULL, 0 \
    }

/* clang-format off */
static const struct {
    const char  *name;
    struct field fields[FIELDS_MAX];
    struct str   body;
    int          status; /* 0: no answer, the stream is reset or the connection ended */
    const char  *slug;
} asked[] = {
    {"a filing", {{TEXT("content-length"), TEXT("4")}}, TEXT("<a/>"), 201, ""},
    {"a filing that does not say its length", {{NONE, NONE}}, TEXT("<a/>"), 201, ""},
    {"a GET", {{TEXT(":method"), TEXT("GET")}, {TEXT(":path"), TEXT("/api/v1/status")}}, NONE, 200, ""},
    {"nobody", {{TEXT("authorization"), NONE}}, TEXT("<a/>"), 401, "brak-uwierzytelnienia"},
    {"unknown token", {{TEXT("authorization"), TEXT("Bearer brk_test_none")}}, TEXT("<a/>"), 401, "nieznane-poswiadczenie"},
    {"no such path", {{TEXT(":path"), TEXT("/api/v1/other")}}, TEXT("<a/>"), 404, "nie-znaleziono"},
    {"other host", {{TEXT(":authority"), TEXT("other")}}, TEXT("<a/>"), 421, "nie-ten-serwer"},
    {"no host", {{TEXT(":authority"), NONE}}, TEXT("<a/>"), 421, "nie-ten-serwer"},
    {"two hosts that differ", {{TEXT("host"), TEXT("other")}}, TEXT("<a/>"), 400, "zle-zadanie"},
    {"another digest", {{TEXT("content-digest"), TEXT("sha-256=:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=:")}}, TEXT("<a/>"), 400, "skrot-niezgodny"},
    {"no path", {{TEXT(":path"), NONE}}, TEXT("<a/>"), 400, "zle-zadanie"},
    {"empty path", {{TEXT(":path"), TEXT("")}}, TEXT("<a/>"), 400, "zle-zadanie"},
    {"path with a line in it", {{TEXT(":path"), TEXT("/api/v1/status HTTP/1.1\r\nX: y")}}, TEXT("<a/>"), 0, ""},
    {"path with a blank", {{TEXT(":path"), TEXT("/api/v1/status HTTP/1.1")}}, TEXT("<a/>"), 400, "zle-zadanie"},
    {"path twice", {{TEXT(":path"), TEXT("/api/v1/submissions")}, {TEXT(":path"), TEXT("/api/v1/status")}}, TEXT("<a/>"), 400, "zle-zadanie"},
    {"no method", {{TEXT(":method"), NONE}}, TEXT("<a/>"), 400, "zle-zadanie"},
    {"method with a line in it", {{TEXT(":method"), TEXT("POST / HTTP/1.1\r\nX: y")}}, TEXT("<a/>"), 0, ""},
    {"unknown pseudo-header", {{TEXT(":other"), TEXT("x")}}, TEXT("<a/>"), 400, "zle-zadanie"},
    {"name in capitals", {{TEXT("X-A"), TEXT("b")}}, TEXT("<a/>"), 0, ""},
    {"name with a colon", {{TEXT("x-a:b"), TEXT("c")}}, TEXT("<a/>"), 0, ""},
    {"name with a line in it", {{TEXT("x-a\r\ntransfer-encoding"), TEXT("chunked")}}, TEXT("<a/>"), 0, ""},
    {"value with a line in it", {{TEXT("x-a"), TEXT("b\r\nTransfer-Encoding: chunked")}}, TEXT("0\r\n\r\n" SECOND), 0, ""},
    {"value with LF", {{TEXT("x-a"), TEXT("b\nTransfer-Encoding: chunked")}}, TEXT("0\r\n\r\n" SECOND), 0, ""},
    {"value with CR", {{TEXT("x-a"), TEXT("b\rc")}}, TEXT("<a/>"), 0, ""},
    {"value with NUL", {{TEXT("x-a"), TEXT("b\0c")}}, TEXT("<a/>"), 0, ""},
    {"a transfer-encoding, which means nothing here", {{TEXT("transfer-encoding"), TEXT("chunked")}}, TEXT("0\r\n\r\n" SECOND), 201, ""},
    {"transfer-encoding and a length", {{TEXT("transfer-encoding"), TEXT("chunked")}, {TEXT("content-length"), TEXT("4")}}, TEXT("<a/>"), 400, "zle-zadanie"},
    {"connection", {{TEXT("connection"), TEXT("idempotency-key")}}, TEXT("<a/>"), 201, ""},
    {"te", {{TEXT("te"), TEXT("chunked")}}, TEXT("<a/>"), 201, ""},
    {"less than its length", {{TEXT("content-length"), TEXT("5")}}, TEXT("<a/>"), 400, "zle-zadanie"},
    {"more than its length", {{TEXT("content-length"), TEXT("4")}}, TEXT("<a/>" SECOND), 400, "zle-zadanie"},
    {"no length at all", {{TEXT("content-length"), TEXT("")}}, TEXT("<a/>"), 400, "zle-zadanie"},
    {"two lengths", {{TEXT("content-length"), TEXT("4")}, {TEXT("content-length"), TEXT("5")}}, TEXT("<a/>"), 400, "zle-zadanie"},
    {"length with a sign", {{TEXT("content-length"), TEXT("+4")}}, TEXT("<a/>"), 400, "zle-zadanie"},
    {"forged certificate header", {{TEXT("authorization"), NONE}, {TEXT("x-brama-client-certificate"), TEXT("x")}}, TEXT("<a/>"), 401, "brak-uwierzytelnienia"},
};
/* clang-format on */

static bool
has(struct str text, struct str part)
{
    return text.size > 0 && memmem(text.data, text.size, part.data, part.size) != NULL;
}

/* As a problem of ours, or another answer of ours; never somebody else's. */
static bool
is_expected(const struct h2_answer *answer, int status, const char *slug)
{
    char want[96];

    (void)snprintf(want, sizeof want, "/problemy/%s\"", slug);
    return answer->status == status && (slug[0] == '\0' || has(answer->body, str_of(want)))
           && !has(answer->body, STR("<html")) && !has(answer->body, STR("nginx"));
}

static void
http_2_is_answered_as_http_1_is_and_smuggles_nothing(void **state)
{
    int     failures = 0;
    int64_t good = 0;

    (void)state;
    stand.page->filings = 0;
    for (size_t i = 0; i < ARRAY_COUNT(asked); i++) {
        struct arena *arena = arena_create(ROOM);
        struct h2     h2;
        h2_open(&h2, stand.port);
        struct str       block = head_of(arena, asked[i].fields, count_fields(asked[i].fields));
        struct h2_answer answer = h2_read(&h2, arena, h2_ask(&h2, block, asked[i].body));
        if (!is_expected(&answer, asked[i].status, asked[i].slug)) {
            failures++;
            print_error("%s: expected %d %s, got %d%s: %.*s\n", asked[i].name, asked[i].status,
                        asked[i].slug, answer.status, answer.reset ? " reset" : "",
                        STR_ARG(answer.body));
        }
        good += asked[i].status == 201 ? 1 : 0;
        h2_close(&h2);
        arena_destroy(arena);
    }
    assert_int_equal(failures, 0);
    assert_int_equal(stand.page->filings, good);
}

/* Said in the head, and refused before any of it has come: by the front, and by nginx. */
static void
a_length_above_the_limit_is_refused_by_a_problem(void **state)
{
    static const char *const lengths[] = {"1048577", "104857600"};

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(lengths); i++) {
        const struct field field = {TEXT("content-length"), str_of(lengths[i])};
        struct arena      *arena = arena_create(ROOM);
        struct h2          h2;
        h2_open(&h2, stand.port);
        assert_true(h2_send(&h2, H2_HEADERS, H2_END_HEADERS, h2.next, head_of(arena, &field, 1)));
        struct h2_answer answer = h2_read(&h2, arena, h2.next);
        EXPECT(is_expected(&answer, 413, "plik-za-duzy"), lengths[i]);
        h2_close(&h2);
        arena_destroy(arena);
    }
}

static struct str
repeat(struct arena *arena, char letter, size_t count)
{
    char *text = ARENA_NEW(arena, char, count);

    ENSURE(text != NULL);
    memset(text, letter, count);
    return (struct str){text, count};
}

/* What the front knows of bodies and connections is what it was. */
static void
expect_given_back(int64_t filings)
{
    for (int i = 0; i < PATIENCE && metrics_get(METRIC_SPOOL_BYTES) != 0; i++) {
        (void)usleep(PAUSE_US);
    }
    assert_int_equal(metrics_get(METRIC_SPOOL_BYTES), 0);
    assert_int_equal(stand.page->filings, filings);
}

static void
expect_served(void)
{
    const struct field fields[] = {
        {TEXT(":method"), TEXT("GET")           },
        {TEXT(":path"),   TEXT("/api/v1/status")}
    };
    struct arena *arena = arena_create(ROOM);
    struct h2     h2;

    h2_open(&h2, stand.port);
    assert_int_equal(
        h2_read(&h2, arena, h2_ask(&h2, head_of(arena, fields, 2), (struct str){0})).status, 200);
    h2_close(&h2);
    arena_destroy(arena);
}

static void
floods_of_headers_are_refused(void **state)
{
    static const struct {
        const char *name;
        size_t      size;  /* of each value */
        size_t      count; /* of fields */
        bool taken; /* else refused by a problem, or the connection is ended without a word */
    } floods[] = {
        {"as much as may be",  1000,   16,   true },
        {"one of 64 kB",       65536,  1,    false},
        {"one of 300 kB",      300000, 1,    false},
        {"hundred of 1 kB",    1000,   100,  false},
        {"thousands of a few", 4,      8000, false},
    };
    int64_t filings = stand.page->filings;

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(floods); i++) {
        struct arena *arena = arena_create(ROOM);
        struct buf    block = buf_create(arena, (size_t)1024 * 1024);
        struct h2     h2;
        buf_append(&block, head_of(arena, NULL, 0));
        for (size_t j = 0; j < floods[i].count; j++) {
            h2_field(&block, STR("x-flood"), repeat(arena, 'a', floods[i].size));
        }
        assert_true(buf_ok(&block));
        h2_open(&h2, stand.port);
        struct h2_answer answer = h2_read(&h2, arena, h2_ask(&h2, buf_str(&block), STR("<a/>")));
        EXPECT(floods[i].taken
                   ? answer.status == 201
                   : answer.status == 0 || is_expected(&answer, 431, "naglowki-za-duze"),
               floods[i].name);
        h2_close(&h2);
        arena_destroy(arena);
    }
    assert_int_equal(stand.page->filings, filings + 1);
    expect_served();
}

/* Header blocks that never end: some hundred frames of them are sent, if they are taken. */
static void
a_header_block_without_an_end_is_ended(void **state)
{
    struct arena *arena = arena_create(ROOM);
    struct buf    piece = buf_create(arena, 16384);
    struct h2     h2;

    (void)state;
    h2_field(&piece, STR("x-flood"), repeat(arena, 'a', 16000));
    h2_open(&h2, stand.port);
    bool sent = h2_send(&h2, H2_HEADERS, 0, 1, head_of(arena, NULL, 0));
    for (int i = 0; i < RESETS && sent; i++) {
        sent = h2_send(&h2, H2_CONTINUATION, 0, 1, buf_str(&piece));
    }
    struct h2_answer answer = h2_read(&h2, arena, 1);
    assert_true(answer.status == 0 || is_expected(&answer, 431, "naglowki-za-duze"));
    h2_close(&h2);
    arena_destroy(arena);
    expect_served();
}

/* Bodies that are begun and given up, by the stream or with the connection. */
static void
streams_given_up_leave_nothing_behind(void **state)
{
    int64_t            filings = stand.page->filings;
    struct arena      *arena = arena_create(ROOM);
    const struct field field = {TEXT("content-length"), TEXT("100000")};
    struct str         block = head_of(arena, &field, 1);

    (void)state;
    for (int round = 0; round < 2; round++) {
        struct h2 h2;
        h2_open(&h2, stand.port);
        for (unsigned i = 0; i < RESETS; i++, h2.next += 2) {
            bool sent = h2_send(&h2, H2_HEADERS, H2_END_HEADERS, h2.next, block)
                        && h2_send(&h2, H2_DATA, 0, h2.next, repeat(arena, 'a', 100));
            if (sent && round == 0) {
                sent = h2_send(&h2, H2_RESET, 0, h2.next, STR("\0\0\0\x8"));
            }
            if (!sent) {
                break; /* it has had enough of us */
            }
        }
        h2_close(&h2);
        expect_given_back(filings);
    }
    arena_destroy(arena);
    expect_served();
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(http_2_is_answered_as_http_1_is_and_smuggles_nothing),
        cmocka_unit_test(a_length_above_the_limit_is_refused_by_a_problem),
        cmocka_unit_test(floods_of_headers_are_refused),
        cmocka_unit_test(a_header_block_without_an_end_is_ended),
        cmocka_unit_test(streams_given_up_leave_nothing_behind),
    };

    return cmocka_run_group_tests(tests, stand_set_up, stand_tear_down);
}

/*
 * Every request of bad_requests.def, to the front alone and through nginx with TLS: the exact
 * status and problem, never a page of nginx or libmicrohttpd, and nothing that was smuggled behind
 * it is executed.
 */
#include "tests/scenario/http/client.h"
#include "tests/scenario/http/stand.h"
#include "tests/support/expect.h"

#include <string.h>
#include <sys/socket.h>

static const struct {
    const char *name;
    struct str  bytes;
    int         front_status;
    const char *front_slug;
    int         nginx_status;
    const char *nginx_slug;
} bad[] = {
#define BAD(name, bytes, front_status, front_slug, nginx_status, nginx_slug) \
    {name, STR_INIT(bytes), front_status, front_slug, nginx_status, nginx_slug},
#include "tests/scenario/http/bad_requests.def"
#undef BAD
};

static struct stand stand;
static int          failures; /* a test counts them, so that one run shows every row that fails */

static int
set_up(void **state)
{
    (void)state;
    stand_start(&stand, true);
    return 0;
}

static int
tear_down(void **state)
{
    (void)state;
    stand_stop(&stand);
    return 0;
}

/* Whether the answer is a problem of ours with this slug and a request id. */
static bool
is_problem(const struct client *client, const char *slug)
{
    char type[64];
    char id[64];
    char want[96];

    client_header(client, "Content-Type", type, sizeof type);
    client_header(client, "X-Request-Id", id, sizeof id);
    (void)snprintf(want, sizeof want, "/problemy/%s\"", slug);
    return strcmp(type, "application/problem+json") == 0 && strlen(id) == UUID_TEXT_SIZE
           && strstr(client_body(client), want) != NULL;
}

static void
expect_answer(struct client *client, const char *name, struct str bytes, int status,
              const char *slug)
{
    (void)client_send(client, bytes); /* it may be refused before its end */
    int got = client_read(client);
    if (got != status || (slug[0] != '\0' && !is_problem(client, slug))) {
        failures++;
        print_error("%s: expected %d %s, got %d: %s\n", name, status, slug, got, client->seen);
    }
    EXPECT(strcasestr(client->seen, "<html") == NULL, name);
    EXPECT(strcasestr(client->seen, "nginx/") == NULL, name);
    EXPECT(strcasestr(client->seen, "libmicrohttpd") == NULL, name);
}

/* Filings that the table itself asks for; more would have been smuggled in. */
static int64_t
asked_for(bool nginx)
{
    int64_t count = 0;

    for (size_t i = 0; i < ARRAY_COUNT(bad); i++) {
        count += (nginx ? bad[i].nginx_status : bad[i].front_status) == 201 ? 1 : 0;
    }
    return count;
}

static void
the_front_alone_refuses_every_bad_request(void **state)
{
    (void)state;
    failures = 0;
    stand.page->filings = 0;
    for (size_t i = 0; i < ARRAY_COUNT(bad); i++) {
        struct client client;
        client_open_unix(&client, stand.socket);
        expect_answer(&client, bad[i].name, bad[i].bytes, bad[i].front_status, bad[i].front_slug);
        client_close(&client);
    }
    assert_int_equal(failures, 0);
    assert_int_equal(stand.page->filings, asked_for(false));
}

/* Three faults of a head have three texts: what is told must be what is wrong. */
static void
a_head_that_is_refused_is_told_its_own_fault(void **state)
{
    static const struct {
        const char *name;
        const char *lines;
        const char *want;
    } heads[] = {
        {"length twice",     "Content-Length: 4\r\nContent-Length: 4\r\n",                        "na dwa sposoby"       },
        {"length and TE",    "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n",               "na dwa sposoby"       },
        {"key twice",        "Idempotency-Key: a\r\nIdempotency-Key: a\r\nContent-Length: 4\r\n",
         "Nagłówek Idempotency-Key stoi dwa razy."                                                                     },
        {"two hosts",        "Host: a\r\nContent-Length: 4\r\n",                                  "Nagłówek Host stoi" },
        {"name of no token", "X(A): b\r\nContent-Length: 4\r\n",                                  "ma znak, którego tam"},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(heads); i++) {
        struct arena *arena = arena_create(8192);
        struct client client;
        client_open_unix(&client, stand.socket);
        (void)client_send(&client,
                          str_format(arena,
                                     "POST /api/v1/submissions HTTP/1.1\r\nHost: localhost\r\n"
                                     "Authorization: Bearer brk_test_good\r\n%s\r\n<a/>",
                                     heads[i].lines));
        EXPECT(client_read(&client) == 400, heads[i].name);
        EXPECT(strstr(client_body(&client), heads[i].want) != NULL, heads[i].name);
        client_close(&client);
        arena_destroy(arena);
    }
}

static void
nginx_and_front_refuse_every_bad_request(void **state)
{
    (void)state;
    failures = 0;
    stand.page->filings = 0;
    for (size_t i = 0; i < ARRAY_COUNT(bad); i++) {
        struct client client;
        client_open_tls(&client, stand.port, NULL, NULL);
        expect_answer(&client, bad[i].name, bad[i].bytes, bad[i].nginx_status, bad[i].nginx_slug);
        client_close(&client);
    }
    assert_int_equal(failures, 0);
    assert_int_equal(stand.page->filings, asked_for(true));
}

/* prefix, then filler repeated count times, then suffix. */
static struct str
long_request(struct arena *arena, const char *prefix, size_t count, const char *suffix)
{
    struct buf out = buf_create(arena, (size_t)1024 * 1024);

    buf_append(&out, str_of(prefix));
    for (size_t i = 0; i < count; i++) {
        buf_byte(&out, 'a');
    }
    buf_append(&out, str_of(suffix));
    return buf_str(&out);
}

static void
oversized_heads_are_refused_by_a_problem(void **state)
{
    static const struct {
        const char *name;
        const char *prefix;
        size_t      count;
        const char *suffix;
        int         front_status;
        const char *front_slug;
        int         nginx_status;
        const char *nginx_slug;
    } heads[] = {
        {"64 kB address",  "GET /",                                                   65536,  " HTTP/1.1\r\nHost: localhost\r\n\r\n", 400,
         "zle-zadanie",                                                                                                                                        414, "adres-za-dlugi"  },
        {"300 kB address", "GET /",                                                   300000, " HTTP/1.1\r\nHost: localhost\r\n\r\n", 414,
         "adres-za-dlugi",                                                                                                                                     414, "adres-za-dlugi"  },
        {"64 kB header",   "GET /api/v1/x HTTP/1.1\r\nHost: localhost\r\nX-A: ",      65536,  "\r\n\r\n",
         404,                                                                                                                              "nie-znaleziono",   431, "naglowki-za-duze"},
        {"300 kB header",  "GET /api/v1/status HTTP/1.1\r\nHost: localhost\r\nX-A: ", 300000,
         "\r\n\r\n",                                                                                                                  431, "naglowki-za-duze", 431, "naglowki-za-duze"},
    };

    (void)state;
    failures = 0;
    for (size_t i = 0; i < ARRAY_COUNT(heads); i++) {
        struct arena *arena = arena_create((size_t)2 * 1024 * 1024);
        struct str    bytes = long_request(arena, heads[i].prefix, heads[i].count, heads[i].suffix);
        struct client client;
        client_open_unix(&client, stand.socket);
        expect_answer(&client, heads[i].name, bytes, heads[i].front_status, heads[i].front_slug);
        client_close(&client);
        client_open_tls(&client, stand.port, NULL, NULL);
        expect_answer(&client, heads[i].name, bytes, heads[i].nginx_status, heads[i].nginx_slug);
        client_close(&client);
        arena_destroy(arena);
    }
    assert_int_equal(failures, 0);
}

static void
plain_http_to_the_tls_port_is_refused_by_a_problem(void **state)
{
    struct client client;

    (void)state;
    client_open_tcp(&client, stand.port);
    expect_answer(&client, "plain", STR("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"), 400,
                  "zle-zadanie");
    assert_non_null(strstr(client.seen, "zacznij adres od https://"));
    client_close(&client);
}

/* Who comes with a browser reads a page, whoever refuses: nginx or the front. */
static void
a_browser_is_refused_by_a_page(void **state)
{
#define BROWSER "Host: localhost\r\nAccept: text/html,application/xhtml+xml,*/*;q=0.8\r\n"
    static const struct {
        const char *bytes;
        int         status;
        const char *wanted;
        bool        plain; /* without TLS */
    } cases[] = {
        {"GET /nigdzie HTTP/1.1\r\n" BROWSER "\r\n",                          404, "/problemy/nie-znaleziono\"", false},
        {"DELETE /upo HTTP/1.1\r\n" BROWSER "\r\n",                           405, "/problemy/zla-metoda\"",     false},
        {"POST /upo HTTP/1.1\r\n" BROWSER "Content-Length: 99999999\r\n\r\n", 413,
         "Największy plik, który brama przyjmuje, ma 1 MiB.",                                                  false},
        {"GET / HTTP/1.1\r\n" BROWSER "\r\n",                                 400, "zacznij adres od https://",  true },
    };
#undef BROWSER

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        struct client client;
        if (cases[i].plain) {
            client_open_tcp(&client, stand.port);
        } else {
            client_open_tls(&client, stand.port, NULL, NULL);
        }
        (void)client_send(&client, str_of(cases[i].bytes));
        EXPECT(client_read(&client) == cases[i].status, cases[i].wanted);
        EXPECT(strstr(client.seen, "Content-Type: text/html; charset=utf-8") != NULL,
               cases[i].wanted);
        EXPECT(strstr(client.seen, "<html lang=\"pl\">") != NULL, cases[i].wanted);
        EXPECT(strstr(client.seen, cases[i].wanted) != NULL, cases[i].wanted);
        EXPECT(strcasestr(client.seen, "nginx/") == NULL, cases[i].wanted);
        client_close(&client);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_front_alone_refuses_every_bad_request),
        cmocka_unit_test(a_head_that_is_refused_is_told_its_own_fault),
        cmocka_unit_test(nginx_and_front_refuse_every_bad_request),
        cmocka_unit_test(oversized_heads_are_refused_by_a_problem),
        cmocka_unit_test(plain_http_to_the_tls_port_is_refused_by_a_problem),
        cmocka_unit_test(a_browser_is_refused_by_a_page),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}

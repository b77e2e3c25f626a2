/*
 * Clients that are slow on purpose or leave in the middle, through nginx with TLS: heads and bodies
 * of one byte at a time, answers that nobody reads, uploads broken off anywhere. Each ends by
 * itself with our answer or none, and what it took is given back.
 */
#include "gateway/metrics/metrics.h"
#include "tests/scenario/http/client.h"
#include "tests/scenario/http/stand_fixture.h"
#include "tests/support/expect.h"

#include <fcntl.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
    READERS = 16,
    ANSWERS = 24, /* of a mebibyte each: more than the sockets between us hold */
    STEP_MS = 20,
    PATIENCE = 1500,
    MEMORY_SLACK = 24 * 1024 * 1024, /* of what readers are told, a tenth */
    SMALL_ROOM = 4096,
    ROOM = 4 * 1024 * 1024,
    SIZE = 100000,
};

#define TOKEN "Authorization: Bearer brk_test_good\r\n"
#define HEAD                                                         \
    "POST /api/v1/submissions HTTP/1.1\r\nHost: localhost\r\n" TOKEN \
    "Content-Type: application/xml\r\nIdempotency-Key: slow\r\n"

/* Whether the other side has said something or ended; a ticket of TLS is neither. Waits so long. */
static bool
heard_within(const struct client *client, int milliseconds)
{
    struct pollfd ready = {.fd = client->fd, .events = POLLIN};
    char          byte = 0;

    if (poll(&ready, 1, milliseconds) <= 0) {
        return false;
    }
    int flags = fcntl(client->fd, F_GETFL);
    ENSURE(fcntl(client->fd, F_SETFL, flags | O_NONBLOCK) == 0);
    int got = SSL_peek(client->tls, &byte, 1);
    int why = SSL_get_error(client->tls, got);
    ENSURE(fcntl(client->fd, F_SETFL, flags) == 0);
    return got > 0 || why != SSL_ERROR_WANT_READ;
}

/* One byte after another, as slowly as that, until the other side has had enough. */
static int
trickle(struct client *client, const char *text, char filler)
{
    int sent = 0;

    while (sent < PATIENCE && !heard_within(client, STEP_MS)) {
        char byte = filler;
        if (sent < (int)strlen(text)) {
            byte = text[sent];
        }
        if (!client_send(client, (struct str){&byte, 1})) {
            break;
        }
        sent++;
    }
    return sent;
}

static void
expect_ours(const struct client *client)
{
    assert_null(strcasestr(client->seen, "<html"));
    assert_null(strcasestr(client->seen, "nginx/"));
    assert_null(strcasestr(client->seen, "microhttpd"));
}

static void
a_head_that_trickles_is_ended(void **state)
{
    struct client client;

    (void)state;
    client_open_tls(&client, stand.port, NULL, NULL);
    int sent = trickle(&client, "GET /api/v1/status HTTP/1.1\r\nHost: localhost\r\nX-A: ", 'a');
    assert_in_range(sent, 1, PATIENCE - 1);
    assert_true(client_ended(&client));
    expect_ours(&client);
    client_close(&client);
}

/* A handshake, too, has its time. */
static void
who_says_nothing_is_ended(void **state)
{
    struct client client;

    (void)state;
    client_open_tcp(&client, stand.port);
    assert_true(client_ended(&client));
    client_close(&client);
    client_open_tls(&client, stand.port, NULL, NULL);
    assert_true(client_ended(&client));
    client_close(&client);
}

static void
await_base(int64_t filings)
{
    for (int i = 0; i < PATIENCE && metrics_get(METRIC_SPOOL_BYTES) != 0; i++) {
        (void)poll(NULL, 0, STEP_MS); /* the condition is asked for again */
    }
    assert_int_equal(metrics_get(METRIC_SPOOL_BYTES), 0);
    assert_int_equal(metrics_get(METRIC_QUEUE), 0);
    assert_int_equal(stand.page->filings, filings);
}

static void
a_body_that_trickles_is_answered_and_ended(void **state)
{
    static const char *const framings[] = {"Content-Length: 100000\r\n\r\n",
                                           "Transfer-Encoding: chunked\r\n\r\n186a0\r\n"};

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(framings); i++) {
        struct client client;
        int64_t       filings = stand.page->filings;
        client_open_tls(&client, stand.port, NULL, NULL);
        EXPECT(client_send(&client, STR(HEAD)), framings[i]);
        EXPECT(client_send(&client, str_of(framings[i])), framings[i]);
        int sent = trickle(&client, "", 'a');
        EXPECT(sent > 1 && sent < PATIENCE, framings[i]);
        EXPECT(client_read(&client) == 408, framings[i]);
        EXPECT(strstr(client_body(&client), "/problemy/za-wolno\"") != NULL, framings[i]);
        expect_ours(&client);
        EXPECT(client_ended(&client), framings[i]);
        client_close(&client);
        await_base(filings);
    }
}

/* Ask for much, and read nothing of it. */
static void
begin_not_to_read(struct client *client)
{
    int room = SMALL_ROOM;

    client_open_tls(client, stand.port, NULL, NULL);
    assert_int_equal(setsockopt(client->fd, SOL_SOCKET, SO_RCVBUF, &room, sizeof room), 0);
    for (int i = 0; i < ANSWERS; i++) {
        assert_true(client_send(client, STR("GET /api/v1/submissions?big=1 HTTP/1.1\r\n"
                                            "Host: localhost\r\n" TOKEN "\r\n")));
    }
}

static bool
is_cut(const struct client *client)
{
    struct pollfd ended = {.fd = client->fd}; /* an end with what is unread thrown away */

    return poll(&ended, 1, CLIENT_TIMEOUT_MS) > 0 && (ended.revents & (POLLHUP | POLLERR)) != 0;
}

static void
readers_that_do_not_read_are_cut_and_hinder_nobody(void **state)
{
    static struct client readers[READERS];
    struct client        other;
    int64_t              memory = stand_memory(&stand);

    (void)state;
    for (int i = 0; i < READERS; i++) {
        begin_not_to_read(&readers[i]);
    }
    client_open_tls(&other, stand.port, NULL, NULL);
    assert_true(client_send(&other, STR("GET /api/v1/status HTTP/1.1\r\nHost: localhost\r\n\r\n")));
    assert_int_equal(client_read(&other), 200);
    client_close(&other);
    for (int i = 0; i < READERS; i++) {
        assert_true(is_cut(&readers[i]));
        client_close(&readers[i]);
    }
    for (int i = 0; i < PATIENCE && stand_memory(&stand) > memory + MEMORY_SLACK; i++) {
        (void)poll(NULL, 0, STEP_MS); /* the condition is asked for again */
    }
    assert_in_range(stand_memory(&stand), 1, memory + MEMORY_SLACK);
}

/* A good filing, written out, so that it can be broken off anywhere. */
static struct str
whole(struct arena *arena, const char *framing)
{
    struct buf out = buf_create(arena, (size_t)2 * SIZE);

    buf_append(&out, STR(HEAD));
    buf_append(&out, str_of(framing));
    for (int i = 0; i < SIZE; i++) {
        buf_byte(&out, 'a');
    }
    if (strstr(framing, "chunked") != NULL) {
        buf_append(&out, STR("\r\n0\r\n\r\n"));
    }
    ENSURE(buf_ok(&out));
    return buf_str(&out);
}

static void
uploads_broken_off_anywhere_leave_nothing_behind(void **state)
{
    static const char *const framings[] = {"Content-Length: 100000\r\n\r\n",
                                           "Transfer-Encoding: chunked\r\n\r\n186a0\r\n"};

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(framings); i++) {
        struct arena *arena = arena_create(ROOM);
        struct str    bytes = whole(arena, framings[i]);
        size_t        head = sizeof HEAD - 1 + strlen(framings[i]);
        const size_t  cuts[] = {1,
                                sizeof HEAD / 2,
                                head - 1,
                                head,
                                head + 1,
                                head + SIZE / 2,
                                head + 16384,
                                head + SIZE - 1,
                                bytes.size - 1};
        int64_t       filings = stand.page->filings;
        for (size_t j = 0; j < ARRAY_COUNT(cuts); j++) {
            struct client client;
            client_open_tls(&client, stand.port, NULL, NULL);
            (void)client_send(&client, str_slice(bytes, 0, cuts[j]));
            client_close(&client);
        }
        await_base(filings);
        struct client client; /* and whole, it is good */
        client_open_tls(&client, stand.port, NULL, NULL);
        assert_true(client_send(&client, bytes));
        assert_int_equal(client_read(&client), 201);
        client_close(&client);
        await_base(filings + 1);
        arena_destroy(arena);
    }
}

/* With a RST instead of a FIN. */
static void
uploads_torn_down_leave_nothing_behind(void **state)
{
    static struct client clients[READERS];
    const struct linger  linger = {.l_onoff = 1, .l_linger = 0};
    struct arena        *arena = arena_create(ROOM);
    struct str           bytes = whole(arena, "Content-Length: 100000\r\n\r\n");
    int64_t              filings = stand.page->filings;

    (void)state;
    for (int i = 0; i < READERS; i++) {
        client_open_tls(&clients[i], stand.port, NULL, NULL);
        assert_int_equal(setsockopt(clients[i].fd, SOL_SOCKET, SO_LINGER, &linger, sizeof linger),
                         0);
        assert_true(client_send(&clients[i], str_slice(bytes, 0, SIZE / 2)));
    }
    for (int i = 0; i < READERS; i++) {
        client_close(&clients[i]);
    }
    await_base(filings);
    arena_destroy(arena);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_head_that_trickles_is_ended),
        cmocka_unit_test(who_says_nothing_is_ended),
        cmocka_unit_test(a_body_that_trickles_is_answered_and_ended),
        cmocka_unit_test(readers_that_do_not_read_are_cut_and_hinder_nobody),
        cmocka_unit_test(uploads_broken_off_anywhere_leave_nothing_behind),
        cmocka_unit_test(uploads_torn_down_leave_nothing_behind),
    };

    return cmocka_run_group_tests(tests, stand_set_up, stand_tear_down);
}

#include "gateway/front/exchange.h"
#include "gateway/wire/filing.h"
#include "gateway/wire/question.h"
#include "tests/support/expect.h"

#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#define MEMORY ((size_t)64 * 1024 * 1024)

enum { BODY_MAX = 4096 };

static struct str
news(struct arena *arena)
{
    const struct filing_news news = {.kind = FILING_ADMITTED, .handle = 7};
    struct buf               out = buf_create(arena, BODY_MAX);

    filing_news_encode(&out, &news);
    return buf_str(&out);
}

static struct str
reply(struct arena *arena)
{
    const struct reply reply = {.handle = 7, .status = 200};
    struct buf         out = buf_create(arena, BODY_MAX);

    reply_encode(&out, &reply);
    return buf_str(&out);
}

/* What a peer that lives says, of a request that has left; and whether the front can go on. */
static const struct {
    const char    *name;
    enum role_kind peer;
    enum wire_kind kind;
    struct str (*good)(struct arena *);
    size_t cut; /* bytes that are missing at the end */
    bool   broken;
} cases[] = {
    {"news of a worker",                   ROLE_WORKER, WIRE_NEWS,  news,  0, false},
    {"news of which a byte is missing",    ROLE_WORKER, WIRE_NEWS,  news,  1, true },
    {"a worker that answers a question",   ROLE_WORKER, WIRE_REPLY, reply, 0, true },
    {"a reply of a reader",                ROLE_READER, WIRE_REPLY, reply, 0, false},
    {"a reply of which a byte is missing", ROLE_READER, WIRE_REPLY, reply, 1, true },
    {"a reader that tells news",           ROLE_READER, WIRE_NEWS,  news,  0, true },
    {"a reply of the desk",                ROLE_DESK,   WIRE_REPLY, reply, 0, false},
    {"half a reply of the desk",           ROLE_DESK,   WIRE_REPLY, reply, 5, true },
    {"a desk that tells news",             ROLE_DESK,   WIRE_NEWS,  news,  0, true },
};

/* Who waits for what cannot be read would wait for ever: the front ends, and all is handed anew. */
static void
a_peer_that_cannot_be_understood_breaks_the_front(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        const char         *name = cases[i].name;
        struct arena       *arena = arena_create(MEMORY);
        struct config       config = {.connections_max = 8, .spool_bytes_max = 1 << 20};
        struct role_context context = {.role = ROLE_FRONT, .config = &config, .arena = arena};
        const struct link   link = {.peer = cases[i].peer};
        struct exchange     exchange = {0};
        struct str          body = cases[i].good(arena);
        struct wire_message message = {.kind = cases[i].kind,
                                       .body = str_slice(body, 0, body.size - cases[i].cut)};
        struct fault        fault = {0};
        enum peer_kind      peer = cases[i].peer == ROLE_WORKER   ? PEER_WORKER
                                   : cases[i].peer == ROLE_READER ? PEER_READER
                                                                  : PEER_DESK;
        int                 ends[2] = {-1, -1};
        int                 epoll = epoll_create1(EPOLL_CLOEXEC);

        assert_int_equal(
            socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, ends), 0);
        assert_int_equal(exchange_create(&context, epoll, &exchange, &fault), ERR_OK);
        assert_int_equal(exchange_link(&exchange, &link, ends[0], &fault), ERR_OK);
        assert_int_equal(wire_send_now(ends[1], &message, &fault), ERR_OK);
        exchange_event(&exchange, peer, 0, EPOLLIN);
        EXPECT((exchange.broken.code == ERR_WIRE) == cases[i].broken, name);
        EXPECT((exchange.broken.code == ERR_OK) != cases[i].broken, name);
        exchange_close(&exchange);
        (void)close(ends[1]);
        (void)close(epoll);
        arena_destroy(arena);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_peer_that_cannot_be_understood_breaks_the_front),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

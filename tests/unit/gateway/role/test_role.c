#include "gateway/role/role.h"

#include "gateway/role/file.h"
#include "gateway/wire/blob.h"
#include "gateway/wire/wire.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

/* The supervisor's end of the control socket, and a role at the other. */
struct pair {
    int                 supervisor;
    struct role_context context;
};

static void
pair_open(struct pair *pair)
{
    int ends[2];

    assert_int_equal(wire_pair(ends, NULL), ERR_OK);
    pair->supervisor = ends[0];
    pair->context = (struct role_context){.role = ROLE_WORKER, .control = ends[1]};
}

static void
pair_close(struct pair *pair)
{
    if (pair->supervisor >= 0) {
        (void)close(pair->supervisor);
    }
    (void)close(pair->context.control);
}

static void
send_link(const struct pair *pair, struct link link, int fd, int second)
{
    struct arena *arena = arena_create(65536);
    struct buf    body = buf_create(arena, 1024);

    link_encode(&body, &link);
    const struct wire_message message = {
        .kind = WIRE_LINK, .body = buf_str(&body), .fds = {fd, second}
    };
    assert_int_equal(wire_send(pair->supervisor, &message, NULL), ERR_OK);
    arena_destroy(arena);
}

static void
send_plain(const struct pair *pair, enum wire_kind kind, struct str body)
{
    const struct wire_message message = {
        .kind = kind, .body = body, .fds = {-1, -1}
    };

    assert_int_equal(wire_send(pair->supervisor, &message, NULL), ERR_OK);
}

static void
role_hears_nothing_when_nothing_was_said(void **state)
{
    struct pair     pair;
    struct link     link = {0};
    enum role_order order = ROLE_ORDER_STOP;
    int             end = 0;

    (void)state;
    pair_open(&pair);
    assert_int_equal(role_order(&pair.context, &order, &link, &end, NULL), ERR_OK);
    assert_int_equal(order, ROLE_ORDER_NONE);
    assert_int_equal(end, -1);
    pair_close(&pair);
}

static void
role_takes_links_in_order_then_the_stop_then_the_end(void **state)
{
    static const struct link links[] = {
        {ROLE_CHECKER, 0                 },
        {ROLE_FRONT,   0                 },
        {ROLE_SIGNER,  0                 },
        {ROLE_READER,  LINK_SLOTS_MAX - 1},
    };
    struct pair     pair;
    struct link     link = {0};
    enum role_order order = ROLE_ORDER_NONE;
    int             end = -1;
    int             pipes[2];

    (void)state;
    pair_open(&pair);
    assert_int_equal(pipe2(pipes, O_CLOEXEC), 0);
    for (size_t i = 0; i < ARRAY_COUNT(links); i++) {
        send_link(&pair, links[i], pipes[1], -1);
    }
    send_plain(&pair, WIRE_STOP, STR(""));
    (void)close(pair.supervisor);
    pair.supervisor = -1;
    (void)close(pipes[1]);
    for (size_t i = 0; i < ARRAY_COUNT(links); i++) {
        assert_int_equal(role_wait_order(&pair.context, &order, &link, &end, NULL), ERR_OK);
        assert_int_equal(order, ROLE_ORDER_LINK);
        assert_int_equal(link.peer, links[i].peer);
        assert_int_equal(link.slot, links[i].slot);
        assert_int_equal(write(end, "x", 1), 1); /* it is that end, and ours now */
        assert_int_equal(fcntl(end, F_GETFD) & FD_CLOEXEC, FD_CLOEXEC);
        (void)close(end);
    }
    assert_int_equal(role_wait_order(&pair.context, &order, &link, &end, NULL), ERR_OK);
    assert_int_equal(order, ROLE_ORDER_STOP);
    assert_int_equal(end, -1);
    assert_int_equal(role_wait_order(&pair.context, &order, &link, &end, NULL), ERR_OK);
    assert_int_equal(order, ROLE_ORDER_GONE);
    (void)close(pipes[0]);
    pair_close(&pair);
}

static void
role_refuses_what_a_supervisor_does_not_say(void **state)
{
    static const struct {
        const char    *name;
        enum wire_kind kind;
        struct str     body;
        int            descriptors;
    } cases[] = {
        {"link without a socket",   WIRE_LINK,  STR_INIT("\x02\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"), 0},
        {"link without a body",     WIRE_LINK,  STR_INIT(""),                                   1},
        {"link with half a body",   WIRE_LINK,  STR_INIT("\x02"),                               1},
        {"link with two sockets",   WIRE_LINK,  STR_INIT("\x02\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"), 2},
        {"a role's own word",       WIRE_READY, STR_INIT(""),                                   0},
        {"a document",              WIRE_JOB,   STR_INIT("x"),                                  0},
        {"a document with sockets", WIRE_JOB,   STR_INIT("x"),                                  2},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        struct pair     pair;
        struct link     link = {0};
        struct fault    fault = {0};
        enum role_order order = ROLE_ORDER_NONE;
        int             end = -1;
        int             pipes[2];
        char            byte = 0;
        pair_open(&pair);
        assert_int_equal(pipe2(pipes, O_CLOEXEC), 0);
        const struct wire_message message = {
            .kind = cases[i].kind,
            .body = cases[i].body,
            .fds = {cases[i].descriptors > 0 ? pipes[1] : -1,
                    cases[i].descriptors > 1 ? pipes[1] : -1}
        };
        assert_int_equal(wire_send(pair.supervisor, &message, NULL), ERR_OK);
        (void)close(pipes[1]);
        if (role_order(&pair.context, &order, &link, &end, &fault) != ERR_WIRE) {
            fail_msg("%s was taken", cases[i].name);
        }
        assert_int_equal(end, -1);
        assert_int_equal(read(pipes[0], &byte, 1), 0); /* what came with it was closed */
        (void)close(pipes[0]);
        pair_close(&pair);
    }
}

static void
role_says_two_words(void **state)
{
    struct pair         pair;
    struct arena       *arena = arena_create(65536);
    struct wire_message message = {0};
    enum wire_got       got = WIRE_GOT_NOTHING;

    (void)state;
    pair_open(&pair);
    assert_int_equal(role_ready(&pair.context, NULL), ERR_OK);
    assert_int_equal(role_renew_checker(&pair.context, NULL), ERR_OK);
    assert_int_equal(wire_receive(arena, pair.supervisor, &message, &got, NULL), ERR_OK);
    assert_int_equal(message.kind, WIRE_READY);
    assert_int_equal(wire_receive(arena, pair.supervisor, &message, &got, NULL), ERR_OK);
    assert_int_equal(message.kind, WIRE_RENEW);
    (void)close(pair.supervisor);
    pair.supervisor = -1;
    assert_int_equal(role_ready(&pair.context, NULL), ERR_PEER);
    arena_destroy(arena);
    pair_close(&pair);
}

static size_t
count_heard(const struct pair *pair, enum wire_kind kind)
{
    size_t count = 0;
    int    index = 0;

    while (index == 0) {
        struct arena       *arena = arena_create(65536);
        struct wire_message message = {0};
        enum wire_got       got = WIRE_GOT_NOTHING;
        assert_int_equal(wire_wait(&pair->supervisor, 1, 0, &index, NULL), ERR_OK);
        if (index == 0) {
            assert_int_equal(wire_receive(arena, pair->supervisor, &message, &got, NULL), ERR_OK);
            count += message.kind == kind ? 1 : 0;
        }
        arena_destroy(arena);
    }
    return count;
}

static void
role_answers_a_ping_between_orders(void **state)
{
    struct pair     pair;
    enum role_order order = ROLE_ORDER_STOP;
    struct link     link = {0};
    int             end = -1;

    (void)state;
    pair_open(&pair);
    send_plain(&pair, WIRE_PING, (struct str){0});
    assert_int_equal(role_order(&pair.context, &order, &link, &end, NULL), ERR_OK);
    assert_int_equal(order, ROLE_ORDER_NONE);
    assert_int_equal(count_heard(&pair, WIRE_ALIVE), 1);
    send_plain(&pair, WIRE_PING, (struct str){0});
    send_plain(&pair, WIRE_STOP, (struct str){0});
    assert_int_equal(role_wait_order(&pair.context, &order, &link, &end, NULL), ERR_OK);
    assert_int_equal(order, ROLE_ORDER_STOP);
    assert_int_equal(count_heard(&pair, WIRE_ALIVE), 1);
    pair_close(&pair);
}

/* Not before it is ready, not twice at once, and never waiting for a supervisor that stands. */
static void
role_pulse_is_one_word_and_never_waits(void **state)
{
    struct pair               pair;
    const struct wire_message alive = {
        .kind = WIRE_ALIVE, .fds = {-1, -1}
    };

    (void)state;
    pair_open(&pair);
    role_pulse();
    assert_int_equal(count_heard(&pair, WIRE_ALIVE), 0);
    assert_int_equal(role_ready(&pair.context, NULL), ERR_OK);
    for (int i = 0; i < 1000; i++) {
        role_pulse();
    }
    assert_in_range(count_heard(&pair, WIRE_ALIVE), 1, 10);
    while (wire_send_now(pair.context.control, &alive, NULL) == ERR_OK) {
    }
    for (int i = 0; i < 1000; i++) {
        role_pulse();
    }
    pair_close(&pair);
    role_pulse(); /* a supervisor that is gone is heard of elsewhere */
}

static void
file_is_read_whole_up_to_its_limit_or_refused(void **state)
{
    char path[] = "/tmp/brama-file-XXXXXX";
    int  fd = mkstemp(path);

    (void)state;
    assert_int_equal(write(fd, "0123456789", 10), 10);
    for (size_t limit = 9; limit <= 11; limit++) {
        struct arena *arena = arena_create(4096);
        struct str    text = {0};
        enum err      got = file_read(arena, str_of(path), limit, &text, NULL);
        assert_int_equal(got, limit < 10 ? ERR_LIMIT : ERR_OK);
        assert_int_equal(text.size, limit < 10 ? 0 : 10);
        arena_destroy(arena);
    }
    (void)close(fd);
    (void)unlink(path);
    struct arena *arena = arena_create(4096);
    struct str    text = {0};
    assert_int_equal(file_read(arena, str_of(path), 10, &text, NULL), ERR_FILE);
    assert_int_equal(file_read(arena, STR("/tmp"), 10, &text, NULL), ERR_FILE);
    assert_int_equal(mkfifo(path, 0600), 0);
    assert_int_equal(file_read(arena, str_of(path), 10, &text, NULL), ERR_FILE);
    (void)unlink(path);
    arena_destroy(arena);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(role_pulse_is_one_word_and_never_waits),
        cmocka_unit_test(role_hears_nothing_when_nothing_was_said),
        cmocka_unit_test(role_takes_links_in_order_then_the_stop_then_the_end),
        cmocka_unit_test(role_refuses_what_a_supervisor_does_not_say),
        cmocka_unit_test(role_says_two_words),
        cmocka_unit_test(role_answers_a_ping_between_orders),
        cmocka_unit_test(file_is_read_whole_up_to_its_limit_or_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

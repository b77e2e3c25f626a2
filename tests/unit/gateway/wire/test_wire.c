#include "gateway/wire/wire.h"
#include "tests/support/expect.h"

#include <fcntl.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

enum { ROOM = 1 << 20 };

/* Two connected ends and an arena for what arrives. */
struct line {
    struct arena *arena;
    int           ends[2];
    struct fault  fault;
};

static struct line
open_line(void)
{
    struct line line = {.arena = arena_create(ROOM)};

    assert_int_equal(wire_pair(line.ends, &line.fault), ERR_OK);
    return line;
}

static void
close_line(struct line *line)
{
    for (size_t i = 0; i < 2; i++) {
        if (line->ends[i] >= 0) {
            assert_int_equal(close(line->ends[i]), 0);
        }
    }
    arena_destroy(line->arena);
}

static struct wire_message
ready_with(struct str body)
{
    return (struct wire_message){
        .kind = WIRE_READY, .body = body, .fds = {-1, -1}
    };
}

static void
a_message_arrives_with_its_body_and_descriptors(void **state)
{
    struct line         line = open_line();
    int                 pipe_ends[2] = {-1, -1};
    struct wire_message got = {0};
    enum wire_got       how = WIRE_GOT_NOTHING;

    (void)state;
    assert_int_equal(pipe(pipe_ends), 0);
    struct wire_message message = {
        .kind = WIRE_JOB, .body = STR("body"), .fds = {pipe_ends[0], pipe_ends[1]}
    };
    assert_int_equal(wire_send(line.ends[0], &message, &line.fault), ERR_OK);
    assert_int_equal(close(pipe_ends[0]) | close(pipe_ends[1]), 0);
    assert_int_equal(wire_receive(line.arena, line.ends[1], &got, &how, &line.fault), ERR_OK);
    assert_int_equal(how, WIRE_GOT_MESSAGE);
    assert_int_equal(got.kind, WIRE_JOB);
    assert_true(str_equal(got.body, STR("body")));
    assert_int_equal(write(got.fds[1], "x", 1), 1);
    char byte = 0;
    assert_int_equal(read(got.fds[0], &byte, 1), 1);
    assert_int_equal(byte, 'x');
    assert_true((fcntl(got.fds[0], F_GETFD) & FD_CLOEXEC) != 0);
    wire_dispose(&got);
    assert_int_equal(got.fds[0], -1);
    close_line(&line);
}

static void
a_body_may_be_as_long_as_the_limit(void **state)
{
    static const size_t sizes[] = {0, 1, WIRE_BODY_MAX - 1, WIRE_BODY_MAX};
    struct line         line = open_line();
    char               *bytes = ARENA_NEW(line.arena, char, WIRE_BODY_MAX);

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(sizes); i++) {
        struct wire_message message = ready_with((struct str){bytes, sizes[i]});
        struct wire_message got = {0};
        enum wire_got       how = WIRE_GOT_NOTHING;
        assert_int_equal(wire_send(line.ends[0], &message, &line.fault), ERR_OK);
        assert_int_equal(wire_receive(line.arena, line.ends[1], &got, &how, &line.fault), ERR_OK);
        assert_int_equal(got.body.size, sizes[i]);
    }
    close_line(&line);
}

/* Packets as somebody without our code could send them. */
static void
foreign_packets_are_refused(void **state)
{
    static const struct {
        const char *name;
        size_t      size;
        uint32_t    kind;
    } rows[] = {
        {"too short for a kind",     3,                     0              },
        {"kind none",                4,                     WIRE_NONE      },
        {"kind beyond the last one", 4,                     WIRE_KIND_COUNT},
        {"kind absurd",              4,                     UINT32_MAX     },
        {"one byte too long",        4 + WIRE_BODY_MAX + 1, WIRE_READY     },
    };
    struct line line = open_line();
    char       *bytes = ARENA_NEW(line.arena, char, (size_t)2 * WIRE_BODY_MAX);

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(rows); i++) {
        struct wire_message got = {.kind = WIRE_STOP};
        enum wire_got       how = WIRE_GOT_NOTHING;
        memcpy(bytes, &rows[i].kind, sizeof rows[i].kind);
        assert_int_equal(send(line.ends[0], bytes, rows[i].size, 0), rows[i].size);
        EXPECT(wire_receive(line.arena, line.ends[1], &got, &how, &line.fault) == ERR_WIRE,
               rows[i].name);
        EXPECT(got.kind == WIRE_STOP, rows[i].name);
    }
    close_line(&line);
}

static int
lowest_free_descriptor(void)
{
    int fd = open("/dev/null", O_RDONLY | O_CLOEXEC);

    assert_int_equal(close(fd), 0);
    return fd;
}

static void
a_packet_with_too_many_descriptors_leaks_none(void **state)
{
    struct line   line = open_line();
    uint32_t      kind = WIRE_READY;
    struct iovec  part = {&kind, sizeof kind};
    const int     fds[WIRE_FDS_MAX + 1] = {0, 1, 2};
    char          room[CMSG_SPACE(sizeof fds)] = {0};
    struct msghdr header = {
        .msg_iov = &part, .msg_iovlen = 1, .msg_control = room, .msg_controllen = sizeof room};
    struct cmsghdr *item = CMSG_FIRSTHDR(&header);

    (void)state;
    item->cmsg_level = SOL_SOCKET;
    item->cmsg_type = SCM_RIGHTS;
    item->cmsg_len = CMSG_LEN(sizeof fds);
    memcpy(CMSG_DATA(item), fds, sizeof fds);
    int before = lowest_free_descriptor();
    assert_int_equal(sendmsg(line.ends[0], &header, 0), sizeof kind);
    struct wire_message got = {0};
    enum wire_got       how = WIRE_GOT_NOTHING;
    assert_int_equal(wire_receive(line.arena, line.ends[1], &got, &how, &line.fault), ERR_WIRE);
    assert_int_equal(lowest_free_descriptor(), before);
    close_line(&line);
}

static void
a_dead_peer_is_an_end_for_the_reader_and_err_peer_for_the_writer(void **state)
{
    struct line         line = open_line();
    struct wire_message message = ready_with(STR(""));
    struct wire_message got = {0};
    enum wire_got       how = WIRE_GOT_NOTHING;

    (void)state;
    assert_int_equal(close(line.ends[1]), 0);
    line.ends[1] = -1;
    assert_int_equal(wire_send(line.ends[0], &message, &line.fault), ERR_PEER);
    assert_int_equal(wire_receive(line.arena, line.ends[0], &got, &how, &line.fault), ERR_OK);
    assert_int_equal(how, WIRE_GOT_END);
    close_line(&line);
}

static void
a_full_socket_that_does_not_wait_says_so(void **state)
{
    struct line         line = open_line();
    struct wire_message message = ready_with(STR("0123456789"));
    enum err            got = ERR_OK;

    (void)state;
    assert_int_equal(fcntl(line.ends[0], F_SETFL, O_NONBLOCK), 0);
    for (size_t i = 0; i < ROOM && got == ERR_OK; i++) {
        got = wire_send(line.ends[0], &message, &line.fault);
    }
    assert_int_equal(got, ERR_LIMIT);
    close_line(&line);
}

/* Who takes nothing stops nobody for ever, and with wire_send_now nobody at all. */
static void
a_full_socket_that_waits_does_not_wait_for_ever(void **state)
{
    struct line         line = open_line();
    struct wire_message message = ready_with(STR("0123456789"));
    struct timeval      patience = {0};
    socklen_t           size = sizeof patience;
    enum err            got = ERR_OK;

    (void)state;
    for (int end = 0; end < 2; end++) {
        assert_int_equal(getsockopt(line.ends[end], SOL_SOCKET, SO_SNDTIMEO, &patience, &size), 0);
        assert_int_equal(patience.tv_sec * 1000 + patience.tv_usec / 1000, WIRE_SEND_MS);
    }
    for (size_t i = 0; i < ROOM && got == ERR_OK; i++) {
        got = wire_send_now(line.ends[0], &message, &line.fault);
    }
    assert_int_equal(got, ERR_LIMIT);
    patience = (struct timeval){.tv_usec = 1000};
    assert_int_equal(setsockopt(line.ends[0], SOL_SOCKET, SO_SNDTIMEO, &patience, size), 0);
    assert_int_equal(wire_send(line.ends[0], &message, &line.fault), ERR_LIMIT);
    close_line(&line);
}

static void
an_empty_socket_that_does_not_wait_has_nothing(void **state)
{
    struct line         line = open_line();
    struct wire_message got = {0};
    enum wire_got       how = WIRE_GOT_END;

    (void)state;
    assert_int_equal(fcntl(line.ends[0], F_SETFL, O_NONBLOCK), 0);
    assert_int_equal(wire_receive(line.arena, line.ends[0], &got, &how, &line.fault), ERR_OK);
    assert_int_equal(how, WIRE_GOT_NOTHING);
    close_line(&line);
}

static void
wire_wait_names_the_socket_that_has_something(void **state)
{
    struct line         quiet = open_line();
    struct line         busy = open_line();
    const int           sockets[] = {-1, quiet.ends[1], busy.ends[1]};
    struct wire_message message = ready_with(STR(""));
    int                 index = 7;

    (void)state;
    assert_int_equal(wire_wait(sockets, ARRAY_COUNT(sockets), 0, &index, &busy.fault), ERR_OK);
    assert_int_equal(index, -1);
    assert_int_equal(wire_send(busy.ends[0], &message, &busy.fault), ERR_OK);
    assert_int_equal(wire_wait(sockets, ARRAY_COUNT(sockets), -1, &index, &busy.fault), ERR_OK);
    assert_int_equal(index, 2);
    close_line(&quiet);
    close_line(&busy);
}

static void
a_message_without_room_loses_no_descriptor(void **state)
{
    struct line         line = open_line();
    struct arena       *small = arena_create(16);
    struct wire_message message = {
        .kind = WIRE_JOB, .body = STR("a body of more than 16"), .fds = {0, -1}
    };
    struct wire_message got = {0};
    enum wire_got       how = WIRE_GOT_NOTHING;

    (void)state;
    int before = lowest_free_descriptor();
    assert_int_equal(wire_send(line.ends[0], &message, &line.fault), ERR_OK);
    assert_int_equal(wire_receive(small, line.ends[1], &got, &how, &line.fault), ERR_MEMORY);
    assert_int_equal(lowest_free_descriptor(), before);
    arena_destroy(small);
    close_line(&line);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_message_arrives_with_its_body_and_descriptors),
        cmocka_unit_test(a_body_may_be_as_long_as_the_limit),
        cmocka_unit_test(foreign_packets_are_refused),
        cmocka_unit_test(a_packet_with_too_many_descriptors_leaks_none),
        cmocka_unit_test(a_dead_peer_is_an_end_for_the_reader_and_err_peer_for_the_writer),
        cmocka_unit_test(a_full_socket_that_does_not_wait_says_so),
        cmocka_unit_test(a_full_socket_that_waits_does_not_wait_for_ever),
        cmocka_unit_test(an_empty_socket_that_does_not_wait_has_nothing),
        cmocka_unit_test(wire_wait_names_the_socket_that_has_something),
        cmocka_unit_test(a_message_without_room_loses_no_descriptor),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

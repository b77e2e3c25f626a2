/*
 * What a body may take of the spool and of time, and the room of a worker.
 */
#include "gateway/front/body.h"
#include "tests/support/expect.h"

#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

enum { MEMORY = 1024 * 1024, SENDERS = 4, IN_FLIGHT = 4, WHOLE = 100, SHARE = 60 };

static void
a_sender_takes_its_share_and_the_whole_no_more(void **state)
{
    /* Whose body, how many bytes of it come, and what becomes of them. */
    static const struct {
        int64_t           credential;
        size_t            size;
        enum spool_result result;
        const char       *name;
    } bodies[] = {
        {1, SHARE - 1,         SPOOL_OK,       "one below its share"  },
        {1, 2,                 SPOOL_NO_SHARE, "one above its share"  },
        {1, 1,                 SPOOL_OK,       "exactly its share"    },
        {2, WHOLE - SHARE + 1, SPOOL_NO_ROOM,  "one above the whole"  },
        {2, WHOLE - SHARE,     SPOOL_OK,       "the rest of the whole"},
    };
    struct arena       *arena = arena_create(MEMORY);
    struct queue       *queue = queue_create(arena, SENDERS);
    struct spool_budget whole = {.size_max = WHOLE};
    struct request      requests[ARRAY_COUNT(bodies)] = {0};
    const char          bytes[WHOLE] = {0};

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(bodies); i++) {
        struct spool *spool = &requests[i].spool;
        struct fault  fault = {0};
        assert_true(queue_admit(queue, &requests[i], bodies[i].credential, IN_FLIGHT));
        assert_int_equal(spool_open(spool, arena, queue_share(&requests[i], &whole, SHARE), WHOLE,
                                    false, &fault),
                         SPOOL_OK);
        EXPECT(spool_take(spool, (struct str){bytes, bodies[i].size}, &fault) == bodies[i].result,
               bodies[i].name);
    }
    assert_int_equal(whole.used, WHOLE);
    for (size_t i = 0; i < ARRAY_COUNT(bodies); i++) {
        spool_drop(&requests[i].spool);
        queue_dismiss(queue, &requests[i]);
    }
    assert_int_equal(whole.used, 0);
    arena_destroy(arena);
}

static void
a_body_has_an_end_of_time(void **state)
{
    /* An idle time of 30 s: 60 s, and a second for each 16 KiB. */
    static const struct {
        int64_t seconds;
        int64_t beyond_us;
        bool    pausing; /* nothing came since it began */
        size_t  kib;     /* that came */
        bool    late;
    } cases[] = {
        {30,   0, true,  0,     false},
        {30,   1, true,  0,     true },
        {60,   0, false, 0,     false},
        {60,   1, false, 0,     true },
        {60,   1, false, 16,    false},
        {61,   1, false, 16,    true },
        {572,  0, false, 8192,  false},
        {572,  1, false, 8192,  true },
        {1000, 0, false, 16384, false},
    };
    const struct config   config = {.body_idle_seconds = 30};
    const struct exchange exchange = {.config = &config};

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        int64_t        now = 5 + cases[i].seconds * INSTANT_PER_SECOND + cases[i].beyond_us;
        struct request request = {.since = 5,
                                  .active = cases[i].pausing ? 5 : now,
                                  .spooled = true,
                                  .spool = {.received = cases[i].kib * 1024}};
        assert_int_equal(body_is_late(&exchange, &request, now), cases[i].late);
    }
}

static void
errands_and_filings_of_a_worker_are_counted_apart(void **state)
{
    const struct wire_message message = {
        WIRE_FILING, STR("x"), {-1, -1}
    };
    struct fault fault = {0};
    struct peers peers = peers_create(epoll_create1(0));
    int          ends[2];

    (void)state;
    assert_int_equal(peers_choose_for_errand(&peers), -1);
    assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, ends), 0);
    assert_int_equal(peers_add(&peers, PEER_WORKER, 3, ends[0], &fault), ERR_OK);
    for (uint64_t handle = 1; handle <= PEER_ERRANDS_MAX; handle++) {
        assert_int_equal(peers_choose_for_errand(&peers), 3);
        assert_true(peers_send_errand(&peers, 3, &message, handle));
    }
    assert_int_equal(peers_choose_for_errand(&peers), -1);
    assert_int_equal(peers_choose(&peers, PEER_WORKER, 10, 1, 10), 3);
    assert_true(peers_send(&peers, PEER_WORKER, 3, &message, 10));
    assert_int_equal(peers_choose(&peers, PEER_WORKER, 1, 1, 10), -1);
    peers_finished_errand(&peers, 3, 99); /* not one of its errands */
    peers_finished_errand(&peers, 3, 0);
    assert_int_equal(peers_choose_for_errand(&peers), -1);
    peers_finished_errand(&peers, 3, 1);
    peers_finished_errand(&peers, 3, 1);
    assert_int_equal(peers_choose_for_errand(&peers), 3);
    assert_int_equal(peers_choose(&peers, PEER_WORKER, 1, 1, 10), -1);
    peers_remove(&peers, PEER_WORKER, 3);
    assert_int_equal(close(ends[1]), 0);
    assert_int_equal(close(peers.epoll), 0);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_sender_takes_its_share_and_the_whole_no_more),
        cmocka_unit_test(a_body_has_an_end_of_time),
        cmocka_unit_test(errands_and_filings_of_a_worker_are_counted_apart),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

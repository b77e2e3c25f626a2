#include "gateway/bramad/crew.h"

#include "gateway/log/log.h"

#include <fcntl.h>
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

/* Who starts again when: with programs that end at once, and a clock that is an argument. */
enum { HANG_MS = 60000, NEVER = -1 };

static int64_t processes = 1;

static int64_t
as_many(const struct config *config)
{
    (void)config;
    return processes;
}

static struct str
no_user(const struct config *config)
{
    (void)config;
    return (struct str){0};
}

static const struct role_entry entries[] = {
    {ROLE_READER, NULL, 0, false, false, as_many, no_user, NULL},
};

static const struct role_table table = {.entries = entries, .entry_count = 1};

static const struct crew_supplies supplies = {
    .program = "/bin/false",
    .table = &table,
    .times = {.pause_first_ms = 100,
              .pause_max_ms = 5000,
              .calm_ms = 10000,
              .stop_ms = 10000,
              .absent_ms = 10000},
    .config_fd = -1,
    .metrics = -1,
    .listen = -1,
    .health = -1,
    .key = -1,
    .failpoints = -1
};

static void
let_it_end(struct crew *crew, int64_t now)
{
    struct pollfd watched = {.fd = crew->members[0].process.pidfd, .events = POLLIN};

    assert_int_equal(poll(&watched, 1, HANG_MS), 1);
    crew_ended(crew, &crew->members[0], now);
}

static void
crew_starts_again_after_pauses_that_double(void **state)
{
    static const int pauses[] = {0, 100, 200, 400, 800, 1600, 3200, 5000, 5000, 5000};
    struct crew      crew;
    int64_t          now = 1000;

    (void)state;
    assert_int_equal(crew_create(&supplies, &crew, NULL), ERR_OK);
    for (size_t i = 0; i < ARRAY_COUNT(pauses); i++) {
        crew_start_due(&crew, now);
        assert_int_equal(crew_alive(&crew, false), 1);
        let_it_end(&crew, now);
        assert_int_equal(crew_wait_ms(&crew, now), pauses[i]);
        if (pauses[i] > 0) { /* not a millisecond too early */
            crew_start_due(&crew, now + pauses[i] - 1);
            assert_int_equal(crew_alive(&crew, false), 0);
        }
        now += pauses[i];
    }
}

static void
crew_forgets_failures_of_who_lived_long_enough(void **state)
{
    static const struct {
        int64_t lived;
        int     pause; /* after the fourth failure */
    } cases[] = {
        {9999,  400},
        {10000, 0  },
        {10001, 0  },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        struct crew crew;
        int64_t     now = 1000;
        assert_int_equal(crew_create(&supplies, &crew, NULL), ERR_OK);
        for (int failures = 0; failures < 3; failures++) {
            crew_start_due(&crew, now);
            let_it_end(&crew, now);
            now += crew_wait_ms(&crew, now);
        }
        crew_start_due(&crew, now);
        now += cases[i].lived;
        let_it_end(&crew, now);
        assert_int_equal(crew_wait_ms(&crew, now), cases[i].pause);
    }
}

static void
crew_does_not_start_while_stopping(void **state)
{
    struct crew crew;

    (void)state;
    assert_int_equal(crew_create(&supplies, &crew, NULL), ERR_OK);
    crew.stopping = true;
    crew_start_due(&crew, 1000);
    assert_int_equal(crew_alive(&crew, false), 0);
    assert_int_equal(crew_wait_ms(&crew, 1000), NEVER);
}

/* One that is replaced is not missed; one that cannot start is, at once when it never could. */
static void
crew_misses_who_is_not_back_in_time(void **state)
{
    enum { ENDED = 5000, ABSENT_MS = 10000 };
    struct crew crew;

    (void)state;
    assert_int_equal(crew_create(&supplies, &crew, NULL), ERR_OK);
    crew_start_due(&crew, 1000);
    assert_int_equal(crew_absent(&crew, ROLE_READER, 1000), 1);
    assert_int_equal(crew_absent(&crew, ROLE_SIGNER, 1000), 0);
    assert_true(crew_ready(&crew, &crew.members[0]));
    assert_false(crew_ready(&crew, &crew.members[0])); /* it says so once */
    assert_int_equal(crew_absent(&crew, ROLE_READER, 1000), 0);
    let_it_end(&crew, ENDED);
    for (int64_t now = ENDED; now < ENDED + ABSENT_MS; now += ABSENT_MS - 1) {
        assert_int_equal(crew_absent(&crew, ROLE_READER, now), 0);
        crew_start_due(&crew, now); /* and it ends again, without having been ready */
        let_it_end(&crew, now);
    }
    assert_int_equal(crew_absent(&crew, ROLE_READER, ENDED + ABSENT_MS), 1);
    assert_int_equal(crew_absent(&crew, ROLE_READER, ENDED + ABSENT_MS + 1), 1);
}

static void
crew_survives_a_program_that_does_not_exist(void **state)
{
    struct crew_supplies nowhere = supplies;
    struct crew          crew;

    (void)state;
    nowhere.program = "/nonexistent/bramad";
    assert_int_equal(crew_create(&nowhere, &crew, NULL), ERR_OK);
    crew_start_due(&crew, 1000);
    let_it_end(&crew, 1000);
    assert_false(crew_all_ready(&crew));
    assert_int_equal(crew_wait_ms(&crew, 1000), 0);
}

static void
crew_has_room_for_sixteen_of_a_role(void **state)
{
    static const struct {
        int64_t  processes;
        enum err want;
    } cases[] = {
        {0,  ERR_CONFIG},
        {1,  ERR_OK    },
        {15, ERR_OK    },
        {16, ERR_OK    },
        {17, ERR_CONFIG},
        {-1, ERR_CONFIG},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        struct crew crew;
        processes = cases[i].processes;
        assert_int_equal(crew_create(&supplies, &crew, NULL), cases[i].want);
    }
    processes = 1;
}

static void
table_links_by_slot_or_all(void **state)
{
    static const struct role_peers peers[] = {
        {ROLE_FRONT,  ROLE_WORKER,  false},
        {ROLE_WORKER, ROLE_CHECKER, true },
    };
    static const struct role_table linked = {.peers = peers, .peer_count = ARRAY_COUNT(peers)};
    static const struct {
        struct link one;
        struct link other;
        bool        want;
        bool        paired;
    } cases[] = {
        {{ROLE_FRONT, 0},   {ROLE_WORKER, 3},  true,  false},
        {{ROLE_FRONT, 0},   {ROLE_WORKER, 0},  true,  false},
        {{ROLE_WORKER, 3},  {ROLE_FRONT, 0},   true,  false},
        {{ROLE_WORKER, 2},  {ROLE_CHECKER, 2}, true,  true },
        {{ROLE_CHECKER, 2}, {ROLE_WORKER, 2},  true,  true },
        {{ROLE_CHECKER, 2}, {ROLE_WORKER, 1},  false, false},
        {{ROLE_CHECKER, 0}, {ROLE_CHECKER, 0}, false, false},
        {{ROLE_FRONT, 0},   {ROLE_CHECKER, 0}, false, false},
        {{ROLE_FRONT, 0},   {ROLE_SIGNER, 0},  false, false},
        {{ROLE_WORKER, 0},  {ROLE_WORKER, 1},  false, false},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        assert_int_equal(role_table_linked(&linked, cases[i].one, cases[i].other), cases[i].want);
        assert_int_equal(role_table_paired(&linked, cases[i].one, cases[i].other), cases[i].paired);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(crew_starts_again_after_pauses_that_double),
        cmocka_unit_test(crew_forgets_failures_of_who_lived_long_enough),
        cmocka_unit_test(crew_does_not_start_while_stopping),
        cmocka_unit_test(crew_misses_who_is_not_back_in_time),
        cmocka_unit_test(crew_survives_a_program_that_does_not_exist),
        cmocka_unit_test(crew_has_room_for_sixteen_of_a_role),
        cmocka_unit_test(table_links_by_slot_or_all),
    };

    log_open("test", 0, open("/dev/null", O_WRONLY | O_CLOEXEC));
    return cmocka_run_group_tests(tests, NULL, NULL);
}

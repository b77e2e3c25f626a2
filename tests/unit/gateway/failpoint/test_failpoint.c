#include "gateway/failpoint/failpoint.h"
#include "tests/support/expect.h"

#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

static struct failpoint_page *
shared_page(void)
{
    int                    fd = memfd_create("failpoints", MFD_CLOEXEC);
    struct failpoint_page *page = NULL;
    struct fault           fault = {0};

    assert_int_equal(ftruncate(fd, sizeof *page), 0);
    assert_int_equal(failpoint_map(fd, &page, &fault), ERR_OK);
    assert_int_equal(close(fd), 0);
    return page;
}

/* A child that passes two points again and again, then ends. */
static pid_t
start_child(struct failpoint_page *page, int rounds)
{
    pid_t child = fork();

    if (child == 0) {
        failpoint_use(page);
        for (int i = 0; i < rounds; i++) {
            FAILPOINT_REACH(ADMIT_BEGIN);
            FAILPOINT_REACH(ADMIT_TOLD);
        }
        _exit(0);
    }
    return child;
}

static void
wait_until_reached(const struct failpoint_page *page, enum failpoint point)
{
    while (page->reached != (uint32_t)point) {
        (void)sched_yield();
    }
}

static void
a_role_waits_at_the_armed_point_until_it_is_killed(void **state)
{
    struct failpoint_page *page = shared_page();
    int                    status = 0;

    (void)state;
    page->armed = FAILPOINT_ADMIT_TOLD;
    pid_t child = start_child(page, 1);
    wait_until_reached(page, FAILPOINT_ADMIT_TOLD);
    assert_int_equal(page->pid, child);
    assert_int_equal(kill(child, SIGKILL), 0);
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFSIGNALED(status));
    assert_int_equal(munmap(page, sizeof *page), 0);
}

/* Armed again at once, before the one that waits has looked: it goes on all the same. */
static void
a_role_goes_on_when_the_next_turn_begins(void **state)
{
    struct failpoint_page *page = shared_page();
    int                    status = 0;

    (void)state;
    page->armed = FAILPOINT_ADMIT_BEGIN;
    pid_t child = start_child(page, 1);
    wait_until_reached(page, FAILPOINT_ADMIT_BEGIN);
    page->turn++;
    page->armed = FAILPOINT_ADMIT_BEGIN;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
    assert_int_equal(munmap(page, sizeof *page), 0);
}

static void
a_role_goes_on_when_it_is_let_go(void **state)
{
    struct failpoint_page *page = shared_page();
    int                    status = 0;

    (void)state;
    page->armed = FAILPOINT_ADMIT_BEGIN;
    pid_t child = start_child(page, 1);
    wait_until_reached(page, FAILPOINT_ADMIT_BEGIN);
    page->armed = FAILPOINT_NONE;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
    assert_int_equal(munmap(page, sizeof *page), 0);
}

static void
skipped_points_are_passed(void **state)
{
    struct failpoint_page *page = shared_page();
    int                    status = 0;

    (void)state;
    page->skip = 3;
    page->armed = FAILPOINT_ADMIT_BEGIN;
    pid_t child = start_child(page, 3);
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
    assert_int_equal(page->reached, FAILPOINT_NONE);
    assert_int_equal(page->skip, 0);
    assert_int_equal(munmap(page, sizeof *page), 0);
}

static void
points_have_names_of_their_own(void **state)
{
    (void)state;
    assert_string_equal(failpoint_name(FAILPOINT_ADMIT_BEGIN), "ADMIT_BEGIN");
    for (int i = 1; i < FAILPOINT_COUNT; i++) {
        assert_string_not_equal(failpoint_name((enum failpoint)i),
                                failpoint_name((enum failpoint)(i - 1)));
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_role_waits_at_the_armed_point_until_it_is_killed),
        cmocka_unit_test(a_role_goes_on_when_the_next_turn_begins),
        cmocka_unit_test(a_role_goes_on_when_it_is_let_go),
        cmocka_unit_test(skipped_points_are_passed),
        cmocka_unit_test(points_have_names_of_their_own),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

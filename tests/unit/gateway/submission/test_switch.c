#include "gateway/failpoint/failpoint.h"
#include "gateway/release/release.h"
#include "gateway/release/rule_switch.h"
#include "gateway/release/rule_waking.h"
#include "gateway/replay/replay.h"
#include "gateway/submission/renewal.h"
#include "tests/support/expect.h"
#include "tests/support/judging.h"
#include "tests/support/maker.h"
#include "tests/support/revision.h"
#include "tests/unit/gateway/submission/workshop.h"

#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#define ROOM ((size_t)1 << 30U)
#define CODE "RB27S-001"

static struct arena *kept;

static int
start(void **state)
{
    struct fault fault = {0};
    struct str   pem = {0};
    int          got = judging_load(state);

    kept = arena_create(ROOM);
    ENSURE(authority_pem(kept, judging_authority(), AUTHORITY_CA, &pem, &fault) == ERR_OK);
    got = got == 0 ? workshop_start(state) : got;
    workshop_trust(pem);
    return got;
}

static int
stop(void **state)
{
    int got = workshop_stop(state);

    arena_destroy(kept);
    return got == 0 ? judging_unload(state) : got;
}

/* A signed package of the first school with this wrong; number makes it unlike all others. */
static struct str
package_with(const char *fault_name, uint64_t number, int version)
{
    const struct maker_options options = {
        .seed = number, .forms = MAKER_RB27S, .version = version, .fault = fault_name};
    struct str   bytes = {0};
    struct fault fault = {0};

    if (maker_package(kept, &options, judging_authority(), &bytes, &fault) != ERR_OK) {
        fail_msg("%s", fault.text);
    }
    return bytes;
}

static void
send(struct workshop *workshop, uint64_t number, struct str bytes)
{
    struct str key = str_format(workshop->arena, "k%llu", (unsigned long long)number);

    (void)workshop_send(workshop, WORKSHOP_GMINA, number, key.data, bytes);
}

/* "state n verdict" of the submission of this number. */
static const char *
stands(struct workshop *workshop, uint64_t number)
{
    struct buf id = buf_create(workshop->arena, UUID_TEXT_SIZE);

    uuid_write(&id, workshop_id(number));
    struct str sql = str_format(workshop->arena,
                                "SELECT concat_ws(' ', state, n, verdict) FROM intake.submission"
                                " WHERE submission = '%.*s'",
                                STR_ARG(buf_str(&id)));
    return workshop_ask(workshop, sql.data).data;
}

static struct store *
open_admin(const struct workshop *workshop, struct arena *arena)
{
    struct store *store = NULL;
    struct fault  fault = {0};

    ENSURE(store_open(arena, &workshop->address, STORE_ADMIN, &store, &fault) == ERR_OK);
    return store;
}

/* As `brama rules off` does it; how many are decided again. */
static size_t
turn(const struct workshop *workshop, bool off, instant since)
{
    struct arena      *arena = arena_create(ROOM);
    struct store      *store = NULL;
    struct fault       fault = {0};
    size_t             count = 0;
    struct rule_switch wanted = {.code = STR(CODE),
                                 .off = off,
                                 .since = since,
                                 .reason = STR("wzór nie obejmuje potrąceń"),
                                 .publisher = STR("Jan"),
                                 .at = 1};

    ENSURE(store_open(arena, &workshop->address, STORE_ADMIN, &store, &fault) == ERR_OK);
    ENSURE(store_begin(store, &fault) == ERR_OK);
    assert_int_equal(rule_switch_turn(store, arena, &wanted, &fault), ERR_OK);
    ENSURE(store_commit(store, &fault) == ERR_OK);
    assert_int_equal(rule_waking_run(store, arena, wanted.id, &count, &fault), ERR_OK);
    arena_destroy(arena);
    return count;
}

static void
renew(struct workshop *workshop, struct renewal *renewal)
{
    workshop->bench.stale = true;
    renewal_look(renewal, &workshop->bench, NULL);
    assert_false(workshop->bench.stale);
}

static void
expect_same_once_more(const struct workshop *workshop, uint64_t number, int n)
{
    const struct replay_target target = {.submission = workshop_id(number), .n = n};
    struct arena              *arena = arena_create(ROOM);
    struct store              *store = NULL;
    struct replay              told = {0};
    struct fault               fault = {0};

    ENSURE(store_open(arena, &workshop->address, STORE_ADMIN, &store, &fault) == ERR_OK);
    ENSURE(store_begin(store, &fault) == ERR_OK);
    assert_int_equal(replay_run(store, arena, &target, workshop->bench.engine, &told, &fault),
                     ERR_OK);
    assert_int_equal(told.state, REPLAY_SAME);
    arena_destroy(arena);
}

static void
what_one_rule_alone_rejected_is_decided_again_with_its_data_wplywu(void **state)
{
    struct workshop *workshop = workshop_open();
    struct renewal   renewal = {0};

    (void)state;
    send(workshop, 1, package_with("rule-s27-01", 1, 0));
    send(workshop, 2, package_with(NULL, 2, 1));
    send(workshop, 3, workshop_sample(workshop, "zle-zmieniona-po-podpisie.xml"));
    assert_string_equal(stands(workshop, 1), "decided 1 3");
    assert_string_equal(stands(workshop, 2), "decided 1 1");
    assert_int_equal(workshop_number(workshop, "SELECT count(*) FROM intake.finding"
                                               " WHERE code = '" CODE "' AND severity = 'error'"),
                     1);
    assert_int_equal(turn(workshop, true, 0), 1);
    assert_int_equal(turn(workshop, true, 0), 0); /* it waits already */
    renew(workshop, &renewal);
    assert_int_equal(workshop_take(workshop), 1);
    assert_string_equal(stands(workshop, 1), "decided 2 1");
    assert_string_equal(stands(workshop, 2), "decided 1 1");
    assert_string_equal(stands(workshop, 3), "decided 1 3");
    assert_int_equal(workshop_number(workshop,
                                     "SELECT count(*) FROM intake.report r JOIN intake.submission s"
                                     " USING (submission) WHERE r.n = 2 AND r.arrived = s.arrived"
                                     " AND r.verdict = 1 AND r.timeliness IS NOT NULL"),
                     1);
    assert_int_equal(workshop_number(workshop, "SELECT count(*) FROM intake.receipt WHERE n = 2"),
                     1);
    assert_int_equal(workshop_number(workshop, "SELECT count(*) FROM intake.work WHERE cause ="
                                               " 'rule-switched' AND done_at IS NULL"),
                     0);
    expect_same_once_more(workshop, 1, 1);
    expect_same_once_more(workshop, 1, 2);
    renewal_close(&renewal);
    workshop_close(workshop);
}

static void
what_other_rules_reject_too_or_came_before_the_day_stays(void **state)
{
    struct workshop *workshop = workshop_open();

    (void)state;
    send(workshop, 1, package_with("rule-s27-01", 1, 0));
    /* As if a second rule had rejected the same report. */
    workshop_run(workshop, "INSERT INTO intake.finding SELECT submission, n, 900, report,"
                           " 'RB27S-014', 'error', 1, 1, 1, '', '', '', '', '', '', '', '', '', ''"
                           " FROM intake.finding WHERE code = '" CODE "'");
    assert_int_equal(turn(workshop, true, 0), 0);
    send(workshop, 2, package_with("rule-s27-01", 2, 1));
    assert_int_equal(turn(workshop, true, INT64_C(4102444800) * INSTANT_PER_SECOND), 0);
    workshop_close(workshop);
}

static void
what_another_rule_found_in_spite_of_an_objection_is_decided_again(void **state)
{
    struct workshop *workshop = workshop_open();

    (void)state;
    send(workshop, 1, package_with("rule-s27-01", 1, 0));
    workshop_run(workshop, "INSERT INTO intake.finding SELECT submission, n, 900, report,"
                           " 'RB27S-014', 'error', 1, 1, 1, '', '', '', '', '', '', '', '', '', ''"
                           " FROM intake.finding WHERE code = '" CODE "'");
    workshop_run(workshop, "UPDATE intake.submission SET objection = 'RB27S-0141,RB27S-01',"
                           " objection_reason = 'x'");
    assert_int_equal(turn(workshop, true, 0), 0);
    workshop_run(workshop, "UPDATE intake.submission SET objection = 'RB27S-003,RB27S-014'");
    assert_int_equal(turn(workshop, true, 0), 1);
    workshop_close(workshop);
}

/* More than one slice, all of one time but two. */
static void
copy_rejected(const struct workshop *workshop)
{
    workshop_run(workshop,
                 "CREATE TABLE public.more AS SELECT gen_random_uuid() AS id, g"
                 " FROM generate_series(1, 2001) g;"
                 "INSERT INTO intake.submission (submission, subject, credential, key, sha256,"
                 " size, first_byte, arrived, first_arrived, state, verdict, n, decided_n)"
                 " SELECT m.id, subject, credential, key, sha256, size, first_byte,"
                 " arrived - (CASE WHEN g < 3 THEN '1 day' ELSE '0' END)::interval, arrived,"
                 " state, verdict, n, decided_n FROM intake.submission, public.more m;"
                 "INSERT INTO intake.finding (submission, n, ordinal, report, code, severity, line,"
                 " \"column\", byte_offset, xpath, cell, subject, found, expected, difference,"
                 " title, fix, basis, technical, suspect)"
                 " SELECT m.id, n, ordinal, report, code, severity, line, \"column\", byte_offset,"
                 " xpath, cell, subject, found, expected, difference, title, fix, basis, technical,"
                 " suspect FROM intake.finding, public.more m;");
}

static void
wake_goes_through_all_slices_from_the_day(void **state)
{
    struct workshop *workshop = workshop_open();
    instant          since = 0;

    (void)state;
    send(workshop, 1, package_with("rule-s27-01", 1, 0));
    copy_rejected(workshop);
    since = workshop_number(workshop, "SELECT (extract(epoch FROM max(arrived)) * 1000000)::bigint"
                                      " FROM intake.submission");
    assert_int_equal(turn(workshop, true, since + 1), 0);
    assert_int_equal(turn(workshop, true, since), 2000);
    assert_int_equal(turn(workshop, true, 0), 2);
    workshop_close(workshop);
}

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

/* `brama rules off`, killed when the first slice is committed. */
static void
die_between_slices(const struct workshop *workshop)
{
    struct failpoint_page *page = shared_page();
    int                    status = 0;

    page->armed = FAILPOINT_WAKING_SLICE;
    pid_t child = fork();
    if (child == 0) {
        failpoint_use(page);
        (void)turn(workshop, true, 0);
        _exit(0);
    }
    while (page->reached != (uint32_t)FAILPOINT_WAKING_SLICE) {
        assert_int_equal(waitpid(child, &status, WNOHANG), 0);
        (void)sched_yield();
    }
    assert_int_equal(kill(child, SIGKILL), 0);
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(munmap(page, sizeof *page), 0);
}

static int64_t
count_woken(struct workshop *workshop)
{
    return workshop_number(workshop, "SELECT count(*) FROM intake.work"
                                     " WHERE cause = 'rule-switched'");
}

static int64_t
count_open(struct workshop *workshop)
{
    return workshop_number(workshop, "SELECT count(*) FROM intake.rule_waking"
                                     " WHERE done_at IS NULL");
}

static void
worker_goes_on_with_a_switch_that_died_between_its_slices(void **state)
{
    static const int64_t woken[] = {2000, 2002, 2002}; /* after each look */

    struct workshop *workshop = workshop_open();
    struct renewal   renewal = {0};

    (void)state;
    send(workshop, 1, package_with("rule-s27-01", 1, 0));
    copy_rejected(workshop);
    die_between_slices(workshop);
    assert_int_equal(count_woken(workshop), 1000);
    for (size_t i = 0; i < ARRAY_COUNT(woken); i++) {
        assert_int_equal(count_open(workshop), 1);
        renew(workshop, &renewal);
        assert_int_equal(count_woken(workshop), woken[i]);
    }
    assert_int_equal(count_open(workshop), 0);
    renewal_close(&renewal);
    workshop_close(workshop);
}

static void
next_switch_goes_on_with_one_that_died_between_its_slices(void **state)
{
    struct workshop *workshop = workshop_open();

    (void)state;
    send(workshop, 1, package_with("rule-s27-01", 1, 0));
    copy_rejected(workshop);
    die_between_slices(workshop);
    assert_int_equal(turn(workshop, true, 0), 0); /* the rest is the first one's */
    assert_int_equal(count_woken(workshop), 2002);
    assert_int_equal(count_open(workshop), 0);
    assert_int_equal(workshop_number(workshop, "SELECT found FROM intake.rule_waking"
                                               " ORDER BY switch LIMIT 1"),
                     2002);
    workshop_close(workshop);
}

/* Whoever is at it has the row; nobody waits for him. */
static void
worker_leaves_a_switch_to_whoever_is_at_it(void **state)
{
    struct workshop *workshop = workshop_open();
    struct arena    *arena = arena_create(ROOM);
    struct store    *holder = open_admin(workshop, arena);
    struct fault     fault = {0};

    (void)state;
    send(workshop, 1, package_with("rule-s27-01", 1, 0));
    copy_rejected(workshop);
    die_between_slices(workshop);
    assert_int_equal(store_begin(holder, &fault), ERR_OK);
    assert_int_equal(
        store_run(holder, "SELECT FROM intake.rule_waking FOR UPDATE", NULL, arena, NULL, &fault),
        ERR_OK);
    assert_int_equal(rule_waking_step(workshop->bench.store, arena, &fault), ERR_OK);
    assert_int_equal(count_woken(workshop), 1000);
    assert_int_equal(store_commit(holder, &fault), ERR_OK);
    assert_int_equal(rule_waking_step(workshop->bench.store, arena, &fault), ERR_OK);
    assert_int_equal(count_woken(workshop), 2000);
    arena_destroy(arena);
    workshop_close(workshop);
}

static void
counts_are_those_of_all_slices(void **state)
{
    struct workshop *workshop = workshop_open();
    struct arena    *arena = arena_create(ROOM);
    struct store    *store = NULL;
    struct fault     fault = {0};

    (void)state;
    send(workshop, 1, package_with("rule-s27-01", 1, 0));
    copy_rejected(workshop);
    ENSURE(store_open(arena, &workshop->address, STORE_ADMIN, &store, &fault) == ERR_OK);
    for (int i = 0; i < 2; i++) {
        ENSURE(store_begin(store, &fault) == ERR_OK);
        assert_int_equal(rule_switch_count(store, arena, &fault), ERR_OK);
        ENSURE(store_commit(store, &fault) == ERR_OK);
        assert_int_equal(workshop_number(workshop, "SELECT findings FROM intake.rule_count"
                                                   " WHERE code = '" CODE "'"),
                         2002);
    }
    arena_destroy(arena);
    workshop_close(workshop);
}

/* Nothing is concluded with the rules of before once a switch is committed. */
static void
what_was_decided_before_a_switch_is_decided_anew_before_it_is_concluded(void **state)
{
    struct workshop *workshop = workshop_open();
    struct renewal   renewal = {0};

    (void)state;
    assert_int_equal(turn(workshop, true, 0), 0);
    send(workshop, 1, package_with("rule-s27-01", 1, 0)); /* by a worker that has not heard of it */
    assert_string_equal(stands(workshop, 1), "received 0 0");
    assert_true(workshop->bench.stale);
    renew(workshop, &renewal);
    assert_int_equal(workshop_take(workshop), 1);
    assert_string_equal(stands(workshop, 1), "decided 1 1");
    assert_int_equal(workshop_number(workshop, "SELECT attempts FROM intake.submission"), 0);
    renewal_close(&renewal);
    workshop_close(workshop);
}

static void *
file_one(void *workshop)
{
    send(workshop, 1, package_with("rule-s27-01", 1, 0));
    return NULL;
}

static void
wait_for_waiter(const struct workshop *workshop)
{
    enum { LOOKS_MAX = 100000 };
    int64_t waiting = 0;

    for (int i = 0; i < LOOKS_MAX && waiting == 0; i++) {
        waiting = workshop_number(workshop, "SELECT count(*) FROM pg_locks WHERE NOT granted");
    }
    assert_true(waiting > 0);
}

/* A conclusion waits for the log while a rule is switched: it is not concluded without the switch,
 * of which whoever looked for what to decide again could not know. */
static void
switch_is_seen_by_who_waited_for_the_log_meanwhile(void **state)
{
    struct workshop   *workshop = workshop_open();
    struct workshop   *other = workshop_second(workshop, 1);
    struct arena      *arena = arena_create(ROOM);
    struct store      *holder = open_admin(workshop, arena);
    struct store      *switcher = open_admin(workshop, arena);
    struct fault       fault = {0};
    pthread_t          thread;
    struct rule_switch wanted = {
        .code = STR(CODE), .off = true, .reason = STR("x"), .publisher = STR("Jan"), .at = 1};

    (void)state;
    assert_int_equal(store_begin(holder, &fault), ERR_OK);
    assert_int_equal(
        store_run(holder, "SELECT intake.await_conclusions()", NULL, arena, NULL, &fault), ERR_OK);
    assert_int_equal(pthread_create(&thread, NULL, file_one, other), 0);
    wait_for_waiter(workshop);
    assert_int_equal(rule_switch_turn(switcher, arena, &wanted, &fault), ERR_OK);
    assert_int_equal(store_commit(holder, &fault), ERR_OK);
    assert_int_equal(pthread_join(thread, NULL), 0);
    assert_string_equal(stands(workshop, 1), "received 0 0");
    assert_true(other->bench.stale);
    arena_destroy(arena);
    workshop_close(other);
    workshop_close(workshop);
}

static void *
turn_off(void *workshop)
{
    assert_int_equal(turn(workshop, true, 0), 1);
    return NULL;
}

/* Whoever concludes does not wait until all that a switch concerns is found. */
static void
nobody_waits_for_the_log_while_a_switch_wakes(void **state)
{
    struct workshop *workshop = workshop_open();
    struct arena    *arena = arena_create(ROOM);
    struct store    *holder = open_admin(workshop, arena);
    struct store    *other = open_admin(workshop, arena);
    struct fault     fault = {0};
    pthread_t        thread;

    (void)state;
    send(workshop, 1, package_with("rule-s27-01", 1, 0));
    ENSURE(store_script(other, "SET lock_timeout = 100", &fault) == ERR_OK);
    assert_int_equal(store_begin(holder, &fault), ERR_OK);
    assert_int_equal(store_script(holder, "SELECT pg_advisory_xact_lock(1)", &fault), ERR_OK);
    workshop_run(workshop, "CREATE FUNCTION public.hold() RETURNS trigger LANGUAGE plpgsql AS"
                           " 'BEGIN PERFORM pg_advisory_xact_lock(1); RETURN NULL; END';"
                           "CREATE TRIGGER hold BEFORE INSERT ON intake.work FOR EACH STATEMENT"
                           " EXECUTE FUNCTION public.hold()");
    assert_int_equal(pthread_create(&thread, NULL, turn_off, workshop), 0);
    wait_for_waiter(workshop);
    assert_int_equal(
        store_run(other, "SELECT intake.await_conclusions()", NULL, arena, NULL, &fault), ERR_OK);
    assert_int_equal(store_commit(holder, &fault), ERR_OK);
    assert_int_equal(pthread_join(thread, NULL), 0);
    arena_destroy(arena);
    workshop_close(workshop);
}

static void
rule_that_is_on_again_rejects_what_comes_then(void **state)
{
    struct workshop *workshop = workshop_open();
    struct renewal   renewal = {0};

    (void)state;
    (void)turn(workshop, true, 0);
    renew(workshop, &renewal);
    send(workshop, 1, package_with("rule-s27-01", 1, 0));
    assert_int_equal(turn(workshop, false, 0), 0);
    renew(workshop, &renewal);
    send(workshop, 2, package_with("rule-s27-01", 2, 1));
    assert_string_equal(stands(workshop, 1), "decided 1 1");
    assert_string_equal(stands(workshop, 2), "decided 1 3");
    expect_same_once_more(workshop, 1, 1); /* with the rule off, as it was */
    renewal_close(&renewal);
    workshop_close(workshop);
}

/* A release: the title of the rule says so. */
static struct str
bundle_with_title(const char *title)
{
    static const char old[] = "<title>Należności pozostałe do zapłaty minus nadpłaty to {found}";

    struct str            words = str_format(kept, "<title>%s {found}", title);
    const struct revision revision = {"rb-27s/2025-1/rules.xml", old, words.data};
    struct definitions    definitions = {0};
    struct fault          fault = {0};

    ENSURE(definitions_load(kept, NULL, &definitions, &fault) == ERR_OK);
    return revision_bundle(kept, definitions.catalogue->bundle, &revision, 1);
}

static void
publish(const struct workshop *workshop, struct str bundle)
{
    struct arena  *arena = arena_create(ROOM);
    struct store  *store = NULL;
    struct fault   fault = {0};
    struct release release = {.author = STR("Anna"),
                              .publisher = STR("Jan"),
                              .reason = STR("nowy tytuł"),
                              .published = 1,
                              .active_from = 2};

    ENSURE(store_open(arena, &workshop->address, STORE_ADMIN, &store, &fault) == ERR_OK);
    assert_int_equal(release_publish(store, arena, bundle, &release, &fault), ERR_OK);
    arena_destroy(arena);
}

static void
release_is_taken_between_two_batches_and_named_by_decisions(void **state)
{
    struct workshop *workshop = workshop_open();
    struct renewal   renewal = {0};

    (void)state;
    send(workshop, 1, package_with("rule-s27-01", 1, 0));
    publish(workshop, bundle_with_title("PO WYDANIU"));
    renew(workshop, &renewal);
    send(workshop, 2, package_with("rule-s27-01", 2, 1));
    assert_int_equal(workshop_number(workshop, "SELECT count(DISTINCT definitions)"
                                               " FROM intake.decision"),
                     2);
    assert_int_equal(workshop_number(workshop, "SELECT count(*) FROM intake.decision d JOIN"
                                               " intake.release r USING (definitions)"),
                     1);
    assert_int_equal(workshop_number(workshop,
                                     "SELECT count(*) FROM intake.finding f JOIN intake.decision d"
                                     " USING (submission, n) JOIN intake.release r"
                                     " USING (definitions) WHERE f.code = '" CODE "'"
                                     " AND f.title LIKE 'PO WYDANIU%'"),
                     1);
    expect_same_once_more(workshop, 1, 1); /* with the definitions of then */
    expect_same_once_more(workshop, 2, 1);
    renewal_close(&renewal);
    workshop_close(workshop);
}

static void
faulty_release_leaves_the_one_in_force(void **state)
{
    struct workshop *workshop = workshop_open();
    struct renewal   renewal = {0};

    (void)state;
    publish(workshop, STR("BRAMA-BUNDLE 1\n3 catalogue.xml\n\n<x>"));
    renew(workshop, &renewal);
    assert_true(renewal.has_refused);
    send(workshop, 1, package_with(NULL, 1, 0));
    assert_string_equal(stands(workshop, 1), "decided 1 1");
    publish(workshop, bundle_with_title("CAŁE"));
    renew(workshop, &renewal);
    send(workshop, 2, package_with("rule-s27-01", 2, 1));
    assert_int_equal(workshop_number(workshop, "SELECT count(*) FROM intake.finding"
                                               " WHERE title LIKE 'CAŁE%'"),
                     1);
    renewal_close(&renewal);
    workshop_close(workshop);
}

static void
expect_look_fails(struct workshop *workshop, struct renewal *renewal)
{
    workshop->bench.stale = true;
    renewal_look(renewal, &workshop->bench, NULL);
    assert_true(workshop->bench.stale);
    assert_false(renewal->has_refused);
    assert_int_equal(
        workshop_number(workshop, "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'"), 0);
}

/* Whatever fails while a worker has the turn, others get it, and the worker tries again. */
static void
what_fails_in_passing_refuses_no_release_and_keeps_no_turn(void **state)
{
    struct workshop *workshop = workshop_open();
    struct renewal   renewal = {0};

    (void)state;
    publish(workshop, bundle_with_title("PO CZASIE"));
    workshop_run(workshop, "REVOKE SELECT ON intake.material FROM brama_writer");
    expect_look_fails(workshop, &renewal);
    workshop->bench.sets.more = false;
    workshop_run(workshop, "GRANT SELECT ON intake.material TO brama_writer");
    renew(workshop, &renewal);
    assert_true(workshop->bench.sets.more);
    send(workshop, 1, package_with("rule-s27-01", 1, 0));
    assert_int_equal(workshop_number(workshop, "SELECT count(*) FROM intake.finding"
                                               " WHERE title LIKE 'PO CZASIE%'"),
                     1);
    renewal_close(&renewal);
    workshop_close(workshop);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_one_rule_alone_rejected_is_decided_again_with_its_data_wplywu),
        cmocka_unit_test(what_other_rules_reject_too_or_came_before_the_day_stays),
        cmocka_unit_test(what_another_rule_found_in_spite_of_an_objection_is_decided_again),
        cmocka_unit_test(wake_goes_through_all_slices_from_the_day),
        cmocka_unit_test(worker_goes_on_with_a_switch_that_died_between_its_slices),
        cmocka_unit_test(next_switch_goes_on_with_one_that_died_between_its_slices),
        cmocka_unit_test(worker_leaves_a_switch_to_whoever_is_at_it),
        cmocka_unit_test(counts_are_those_of_all_slices),
        cmocka_unit_test(nobody_waits_for_the_log_while_a_switch_wakes),
        cmocka_unit_test(what_was_decided_before_a_switch_is_decided_anew_before_it_is_concluded),
        cmocka_unit_test(switch_is_seen_by_who_waited_for_the_log_meanwhile),
        cmocka_unit_test(rule_that_is_on_again_rejects_what_comes_then),
        cmocka_unit_test(release_is_taken_between_two_batches_and_named_by_decisions),
        cmocka_unit_test(faulty_release_leaves_the_one_in_force),
        cmocka_unit_test(what_fails_in_passing_refuses_no_release_and_keeps_no_turn),
    };

    return cmocka_run_group_tests(tests, start, stop);
}

#include "tests/scenario/powiat/account.h"
#include "tests/scenario/powiat/duty_account.h"
#include "tests/scenario/powiat/record.h"
#include "tests/support/expect.h"
#include "tests/support/judging.h"

#include <inttypes.h>

/*
 * A quarter of one powiat, played twice: the same packages in two orders. In the end everything
 * that the gateway says is what the test computes from the packages and the registry alone.
 */
#define ROOM ((size_t)1 << 30U)

static const uint64_t drawn_of = 20260630;
static const uint64_t orders[] = {1, 2};

static struct quarter  quarter;
static struct outcomes outcomes;
static struct arena   *kept;
static struct scene    scenes[ARRAY_COUNT(orders)];

static void
trust_authority(void)
{
    struct str   pem = {0};
    struct fault fault = {0};

    ENSURE(authority_pem(kept, judging_authority(), AUTHORITY_CA, &pem, &fault) == ERR_OK);
    workshop_trust(pem);
}

static struct scene
play(struct str *packages, uint64_t seed)
{
    struct scene scene = scene_open(&quarter, packages);

    scene_register(&scene);
    scene_generate(&scene);
    scene_change(&scene);
    scene_send(&scene, seed);
    scene_generate(&scene);
    record_set_clock(&scene);
    return scene;
}

static int
begin(void **state)
{
    kept = arena_create(ROOM);
    ENSURE(judging_load(state) == 0 && workshop_start(state) == 0);
    trust_authority();
    quarter_draw(&quarter, drawn_of);
    outcomes = outcomes_of(kept, &quarter);
    print_message("drawn of %" PRIu64 ": %zu packages, %zu reports\n", drawn_of,
                  quarter.document_count, quarter.report_count);
    struct str *packages = scene_packages(kept, &quarter);
    for (size_t i = 0; i < ARRAY_COUNT(orders); i++) {
        print_message("scene %zu in the order of %" PRIu64 "\n", i, orders[i]);
        scenes[i] = play(packages, orders[i]);
    }
    return 0;
}

static int
end(void **state)
{
    for (size_t i = 0; i < ARRAY_COUNT(orders); i++) {
        scene_close(&scenes[i]);
    }
    arena_destroy(kept);
    return workshop_stop(state) + judging_unload(state);
}

static size_t
count_outcomes(bool (*is)(const struct outcome *outcome))
{
    size_t count = 0;

    for (size_t i = 0; i < outcomes.count; i++) {
        count += is(&outcomes.items[i]) ? 1 : 0;
    }
    return count;
}

static bool
is_late(const struct outcome *outcome)
{
    return outcome->timeliness[0] == 'l';
}

static bool
is_late_correction(const struct outcome *outcome)
{
    return outcome->timeliness[0] == 'c';
}

static bool
is_early_correction(const struct outcome *outcome)
{
    return outcome->timeliness[0] == 'i' && outcome->corrects;
}

static bool
is_outside(const struct outcome *outcome)
{
    return outcome->is_outside;
}

static bool
is_held(const struct outcome *outcome)
{
    return outcome->verdict == OUTCOME_HELD;
}

static bool
is_undecided(const struct outcome *outcome)
{
    return outcome->verdict == OUTCOME_UNDECIDED;
}

static bool
is_a_strangers(const struct outcome *outcome)
{
    return outcome->verdict == OUTCOME_REJECTED && !outcome->is_placed;
}

static bool
is_overtaken(const struct outcome *outcome)
{
    return outcome->verdict == OUTCOME_ACCEPTED && outcome->corrects && !outcome->in_force;
}

static void
quarter_has_something_of_everything(void **state)
{
    static const struct {
        const char *name;
        bool (*is)(const struct outcome *outcome);
        size_t at_least;
    } kinds[] = {
        {"late",                          is_late,             50},
        {"corrections after the term",    is_late_correction,  50},
        {"corrections before the term",   is_early_correction, 50},
        {"corrections after the window",  is_outside,          2 },
        {"held",                          is_held,             20},
        {"of nobody",                     is_undecided,        2 },
        {"of who may not send them",      is_a_strangers,      40},
        {"corrections of a lower Wersja", is_overtaken,        10},
    };

    (void)state;
    assert_in_range(quarter.report_count, 1100, 1400);
    for (size_t i = 0; i < ARRAY_COUNT(kinds); i++) {
        size_t count = count_outcomes(kinds[i].is);
        print_message("%s: %zu\n", kinds[i].name, count);
        EXPECT(count >= kinds[i].at_least, kinds[i].name);
    }
}

static void
reports_have_verdicts_terms_and_versions_as_computed(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(orders); i++) {
        struct cashbook expected = account_reports(kept, &outcomes);
        struct cashbook found = record_reports(&scenes[i]);
        cashbook_expect_same("reports", &expected, &found);
    }
}

static void
duties_are_owed_and_fulfilled_as_computed(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(orders); i++) {
        struct cashbook asked = record_asked(&scenes[i]);
        struct cashbook expected = account_duties(kept, &outcomes, &asked);
        struct cashbook found = record_duties(&scenes[i]);
        cashbook_expect_same("duties", &expected, &found);
        EXPECT(asked.count > 0, "sets ask");
        record_expect(&scenes[i], "left to be settled",
                      "SELECT count(*) FROM obligation.unsettled WHERE settled_at IS NULL", 0);
    }
}

static void
each_jst_reads_its_completeness_as_computed(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(orders); i++) {
        struct cashbook asked = record_asked(&scenes[i]);
        for (size_t jst = 0; jst < QUARTER_JSTS; jst++) {
            struct cashbook expected = account_completeness(kept, &outcomes, &asked, jst);
            struct cashbook found = record_completeness(&scenes[i], jst);
            cashbook_expect_same("completeness", &expected, &found);
        }
    }
}

static size_t
count_superseded(void)
{
    struct duty_accounts duties = duty_accounts_of(kept, &outcomes, NULL);
    size_t               count = 0;

    for (size_t i = 0; i < duties.count; i++) {
        count += duties.items[i].superseded != NULL ? 1 : 0;
    }
    return count;
}

static void
trail_has_every_change_and_every_decision(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(orders); i++) {
        struct cashbook expected = account_changes(kept, &quarter);
        struct cashbook found = record_changes(&scenes[i]);
        cashbook_expect_same("changes of the registry", &expected, &found);
        record_expect_superseded(&scenes[i], count_superseded());
        record_expect_log(&scenes[i]);
        record_expect(&scenes[i], "packages that are decided",
                      "SELECT count(*) FROM intake.submission s WHERE s.state = 'decided' AND"
                      " s.n = (SELECT count(*) FROM intake.decision d"
                      "        WHERE d.submission = s.submission)",
                      (int64_t)quarter.document_count);
        record_expect(&scenes[i], "decisions without a receipt",
                      "SELECT count(*) FROM intake.decision d WHERE NOT EXISTS (SELECT 1"
                      " FROM intake.receipt r WHERE r.submission = d.submission AND r.n = d.n)",
                      0);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(quarter_has_something_of_everything),
        cmocka_unit_test(reports_have_verdicts_terms_and_versions_as_computed),
        cmocka_unit_test(duties_are_owed_and_fulfilled_as_computed),
        cmocka_unit_test(each_jst_reads_its_completeness_as_computed),
        cmocka_unit_test(trail_has_every_change_and_every_decision),
    };

    return cmocka_run_group_tests(tests, begin, end);
}

#include "tests/support/expect.h"
#include "validators/decision/working.h"

#include <string.h>

enum { REPORTS = 21, ARENA_MAX = 64 << 20 };

#define WORDS .title = STR_INIT("t"), .fix = STR_INIT("f"), .basis = STR_INIT("b")

static const struct applies query = {.severity = SEVERITY_QUERY};
static const struct applies info = {.severity = SEVERITY_INFO};
static const struct applies limit = {
    .severity = SEVERITY_WARNING, .has_verdict = true, .verdict = VERDICT_UNDECIDED};
static const struct rule_entry entries[] = {
    {.code = STR_INIT("I-001"),             .applies = &info,  .applies_count = 1, WORDS},
    {.code = STR_INIT(DECISION_CODE_LIMIT), .applies = &limit, .applies_count = 1, WORDS},
    {.code = STR_INIT("Q-001"),             .applies = &query, .applies_count = 1, WORDS},
};
static const struct catalogue catalogue = {.entries = entries, .entry_count = ARRAY_COUNT(entries)};

/* A file of REPORTS reports; the first `full` have 100 queries each, the next one `rest`. */
struct fixture {
    struct arena        *arena;
    struct report        reports[REPORTS];
    struct package_unit  unit;
    struct package       package;
    struct docket        dockets[REPORTS];
    size_t               not_evaluated[REPORTS];
    struct decision_file file;
    struct working       working;
};

static void
set_up(struct fixture *fixture)
{
    *fixture = (struct fixture){
        .arena = arena_create(ARENA_MAX), .file = {.name = STR("plik.xml"), .bytes = STR("x")}
    };
    fixture->package = (struct package){.complete = true,
                                        .units = &fixture->unit,
                                        .unit_count = 1,
                                        .reports = fixture->reports,
                                        .report_count = REPORTS};
    for (size_t i = 0; i < REPORTS; i++) {
        fixture->dockets[i] = (struct docket){
            .arena = fixture->arena, .catalogue = &catalogue, .report = &fixture->reports[i]};
    }
    fixture->working = (struct working){
        .file = &fixture->file,
        .rules = {.catalogue = &catalogue, .package = &fixture->package},
        .package = {.arena = fixture->arena, .catalogue = &catalogue     },
        .reports = fixture->dockets,
        .not_evaluated = fixture->not_evaluated,
        .report_count = REPORTS
    };
}

static void
enter(struct fixture *fixture, size_t report, const char *code, size_t count)
{
    struct finding finding = {.report = (int32_t)report};

    (void)snprintf(finding.code, sizeof finding.code, "%s", code);
    for (size_t i = 0; i < count; i++) {
        assert_int_equal(docket_add(&fixture->dockets[report], &finding, NULL), ERR_OK);
    }
}

static const struct {
    const char  *name;
    size_t       rest;    /* queries of report 20, behind 19 reports with 100 and one with 99 */
    size_t       infos;   /* of report 0, beside its queries */
    enum verdict verdict; /* of report 20 */
    size_t       listed;  /* of report 20 */
} cases[] = {
    {"one below the limit",              0, 0,  VERDICT_ACCEPTED,  0},
    {"at the limit",                     1, 0,  VERDICT_ACCEPTED,  1},
    {"one beyond the limit",             2, 0,  VERDICT_UNDECIDED, 1},
    {"information takes nobody's place", 1, 50, VERDICT_ACCEPTED,  1},
};

static void
a_file_lists_2000_findings_and_leaves_the_rest_undecided(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        struct fixture      fixture;
        struct decided_file decided = {0};
        set_up(&fixture);
        for (size_t j = 0; j < 19; j++) {
            enter(&fixture, j, "Q-001", 100);
        }
        enter(&fixture, 19, "Q-001", 99);
        enter(&fixture, 20, "Q-001", cases[i].rest);
        enter(&fixture, 0, "I-001", cases[i].infos);
        EXPECT(working_close(fixture.arena, &fixture.working, &decided, NULL) == ERR_OK,
               cases[i].name);
        EXPECT(decided.reports[20].verdict == cases[i].verdict, cases[i].name);
        EXPECT(decided.reports[20].findings.count == cases[i].listed, cases[i].name);
        EXPECT(decided.reports[19].verdict == VERDICT_ACCEPTED, cases[i].name);
        EXPECT(decided.reports[0].findings.cut == cases[i].infos, cases[i].name);
        EXPECT(decided.verdict == cases[i].verdict, cases[i].name);
        arena_destroy(fixture.arena);
    }
}

static void
information_is_listed_while_there_is_room(void **state)
{
    struct fixture      fixture;
    struct decided_file decided = {0};

    (void)state;
    set_up(&fixture);
    for (size_t i = 0; i < REPORTS; i++) {
        enter(&fixture, i, "I-001", 99);
    }
    enter(&fixture, 20, "Q-001", 1);
    assert_int_equal(working_close(fixture.arena, &fixture.working, &decided, NULL), ERR_OK);
    assert_int_equal(decided.reports[19].findings.count, 99);
    assert_int_equal(decided.reports[20].findings.count, 2000 - 20 * 99);
    assert_int_equal(decided.reports[20].findings.items[0].severity, SEVERITY_QUERY);
    assert_int_equal(decided.verdict, VERDICT_ACCEPTED);
    arena_destroy(fixture.arena);
}

static void
the_worst_verdict_is_the_files(void **state)
{
    static const enum verdict order[] = {VERDICT_ACCEPTED, VERDICT_HELD, VERDICT_UNDECIDED,
                                         VERDICT_REJECTED};

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(order); i++) {
        for (size_t j = 0; j < ARRAY_COUNT(order); j++) {
            assert_int_equal(decision_worse(order[i], order[j]), order[i > j ? i : j]);
        }
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_file_lists_2000_findings_and_leaves_the_rest_undecided),
        cmocka_unit_test(information_is_listed_while_there_is_room),
        cmocka_unit_test(the_worst_verdict_is_the_files),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

#include "validators/decision/objection.h"

#include "tests/support/expect.h"
#include "tests/support/judging.h"
#include "tests/support/maker.h"
#include "validators/decision/working.h"

#include <string.h>

/*
 * What becomes of a report that is objected to a rule with: one school with Rb-27S or Rb-28S, and
 * one thing wrong with it.
 */
enum { ROOM = 64 << 20 };

static struct str
make(struct arena *arena, const char *wrong, unsigned forms, const char *date)
{
    const struct maker_options options = {
        .seed = 3, .rows = 3, .forms = forms, .fault = wrong, .date = date};
    struct fault fault = {0};
    struct str   bytes = {0};

    ENSURE(maker_package(arena, &options, judging_authority(), &bytes, &fault) == ERR_OK);
    return bytes;
}

static void
an_objection_changes_what_a_rule_alone_rejects(void **state)
{
    static const struct {
        const char  *wrong;
        unsigned     forms;
        const char  *codes;
        enum verdict want;
        const char  *told; /* at the report, or the package */
    } cases[] = {
        {"rule-s28-04b",      MAKER_RB28S, "",                    VERDICT_REJECTED, NULL        },
        {"rule-s28-04b",      MAKER_RB28S, "RB28S-004",           VERDICT_ACCEPTED, "PACZKA-030"},
        {"rule-s27-01",       MAKER_RB27S, "RB27S-001",           VERDICT_ACCEPTED, "PACZKA-030"},
        {"rule-s28-04b",      MAKER_RB28S, "RB28S-005,RB28S-004", VERDICT_ACCEPTED, "PACZKA-030"},
        {"rule-s28-04b",      MAKER_RB28S, "RB28S-005,RB28S-004", VERDICT_ACCEPTED, "PACZKA-031"},
        {"rule-s28-04b",      MAKER_RB28S, "RB28S-00",            VERDICT_REJECTED, "PACZKA-031"},
        {"rule-s28-04b",      MAKER_RB28S, "RB28S-0044",          VERDICT_REJECTED, "PACZKA-031"},
        {"rule-s28-04b",      MAKER_RB28S, "RB28S-005",           VERDICT_REJECTED, "PACZKA-031"},
        {"rule-s28-04b",      MAKER_RB28S, "RB27S-001",           VERDICT_REJECTED, "PACZKA-031"},
        {NULL,                MAKER_RB28S, "RB28S-004",           VERDICT_ACCEPTED, "PACZKA-031"},
        {"regon-check-digit", MAKER_RB28S, "RB28S-004",           VERDICT_REJECTED, "PACZKA-031"},
        {"report-altered-28", MAKER_RB28S, "RB28S-004",           VERDICT_REJECTED, NULL        },
        {"amount-words",      MAKER_RB28S, "RB28S-004",           VERDICT_REJECTED, "PACZKA-031"},
        {"position-twice",    MAKER_RB28S, "RB28S-014",           VERDICT_REJECTED, "PACZKA-032"},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        struct arena          *arena = arena_create(ROOM);
        const struct objection objection = {str_of(cases[i].codes), STR("reguła jest błędna")};
        const struct decided_file *file = judging_decide_objected(
            arena, make(arena, cases[i].wrong, cases[i].forms, NULL), &objection);
        const struct decided_report *report = &file->reports[0];
        if (report->verdict != cases[i].want) {
            print_message("case %zu: %s\n", i, judging_verdict(report->verdict));
        }
        EXPECT(report->verdict == cases[i].want, cases[i].codes);
        EXPECT(cases[i].told == NULL || judging_told(&report->findings, cases[i].told) != NULL
                   || judging_told(&file->findings, cases[i].told) != NULL,
               cases[i].told);
        EXPECT((report->objected.size > 0)
                   == (judging_told(&report->findings, OBJECTION_CODE_FILED) != NULL),
               cases[i].codes);
        arena_destroy(arena);
    }
}

/* The error stays where it is; the report says in spite of what it is accepted. */
static void
the_report_names_rule_definition_and_reason(void **state)
{
    struct arena              *arena = arena_create(ROOM);
    const struct objection     objection = {STR("RB28S-004"), STR("wymagalne w innej pozycji")};
    const struct decided_file *file =
        judging_decide_objected(arena, make(arena, "rule-s28-04b", MAKER_RB28S, NULL), &objection);
    const struct decided_report *report = &file->reports[0];

    (void)state;
    assert_int_equal(report->verdict, VERDICT_ACCEPTED);
    assert_int_equal(file->verdict, VERDICT_ACCEPTED);
    assert_true(str_equal(report->objected, STR("RB28S-004")));
    assert_true(str_equal(report->reason,
                          STR("Złożono z zastrzeżeniem do reguły RB28S-004 (definicja 2025-1): "
                              "wymagalne w innej pozycji")));
    const struct told *error = judging_told(&report->findings, "RB28S-004");
    assert_non_null(error);
    assert_int_equal(error->severity, SEVERITY_ERROR);
    assert_true(error->objected);
    arena_destroy(arena);
}

/* Two rules reject it, one is objected to: it stays rejected, and says so. */
static void
one_objection_of_two_that_are_needed_changes_nothing(void **state)
{
    struct arena              *arena = arena_create(ROOM);
    const struct objection     one = {STR("RB28S-004"), STR("powód")};
    const struct decided_file *file = judging_decide_objected(
        arena, make(arena, "rule-s28-04b", MAKER_RB28S, "2030-01-02"), &one);

    (void)state;
    if (file->reports[0].verdict == VERDICT_REJECTED) { /* a date of the future rejects nothing */
        assert_non_null(judging_told(&file->findings, OBJECTION_CODE_BEATEN));
    }
    const struct decided_file *both =
        judging_decide_objected(arena, make(arena, "regon-twice", MAKER_RB28S, NULL), &one);
    assert_int_equal(both->verdict, VERDICT_REJECTED);
    arena_destroy(arena);
}

/* The list of the report had no room for its findings: what has fired is known from the count. */
static void
a_rule_whose_findings_were_cut_is_named_all_the_same(void **state)
{
    static const char *const codes[] = {OBJECTION_CODE_FILED, OBJECTION_CODE_IDLE,
                                        OBJECTION_CODE_BARRED, OBJECTION_CODE_BEATEN};
    const struct applies     info = {.severity = SEVERITY_INFO};
    struct rule_entry        entries[ARRAY_COUNT(codes) + 1];
    const struct catalogue   catalogue = {.entries = entries, .entry_count = ARRAY_COUNT(entries)};
    const struct objection   objection = {STR("A-001,B-002,C-003"), STR("powód")};
    const struct decision_file file = {.objection = objection};
    struct arena              *arena = arena_create(1 << 20);
    const struct report        report = {.element = STR("Rb-28s")};
    struct docket              docket = {.arena = arena,
                                         .catalogue = &catalogue,
                                         .report = &report,
                                         .has_objected = true,
                                         .objection = objection,
                                         .fired_objected = 1U << 0 | 1U << 2};
    struct working             working = {
                    .file = &file,
                    .package = {.arena = arena, .catalogue = &catalogue},
                    .reports = &docket,
                    .report_count = 1
    };
    struct fault fault = {0};

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(codes); i++) {
        entries[i + 1] = (struct rule_entry){.code = str_of(codes[i]),
                                             .form = ENTRY_OF_NO_FORM,
                                             .applies = &info,
                                             .applies_count = 1};
    }
    entries[0] = (struct rule_entry){
        .code = STR("C-003"), .owner = STR("GUS"), .applies = &info, .applies_count = 1};
    assert_int_equal(objection_enter(&working, &fault), ERR_OK);
    assert_true(str_equal(docket.objected, STR("A-001, C-003")));
    assert_true(str_equal(docket.objected_owners, STR(",GUS")));
    assert_int_equal(working.package.count, 1);
    assert_string_equal(working.package.items[0].finding.code, OBJECTION_CODE_IDLE);
    assert_true(str_equal(working.package.items[0].finding.subject, STR("B-002")));
    arena_destroy(arena);
}

static void
names_are_compared_whole(void **state)
{
    static const struct {
        const char *codes;
        const char *code;
        bool        want;
    } cases[] = {
        {"",            "A-001", false},
        {"A-001",       "A-001", true },
        {"A-001,B-002", "B-002", true },
        {"A-001,B-002", "A-00",  false},
        {"A-0011",      "A-001", false},
        {"AA-001",      "A-001", false},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        const struct rule_entry entry = {.code = str_of(cases[i].code), .form = 0};
        const struct rule_entry check = {.code = entry.code, .check = STR("x")};
        const struct rule_entry general = {.code = entry.code, .form = ENTRY_OF_NO_FORM};
        EXPECT(entry_objected(&entry, str_of(cases[i].codes)) == cases[i].want, cases[i].codes);
        EXPECT(!entry_objected(&check, str_of(cases[i].codes)), cases[i].codes);
        EXPECT(!entry_objected(&general, str_of(cases[i].codes)), cases[i].codes);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_objection_changes_what_a_rule_alone_rejects),
        cmocka_unit_test(the_report_names_rule_definition_and_reason),
        cmocka_unit_test(one_objection_of_two_that_are_needed_changes_nothing),
        cmocka_unit_test(a_rule_whose_findings_were_cut_is_named_all_the_same),
        cmocka_unit_test(names_are_compared_whole),
    };

    return cmocka_run_group_tests(tests, judging_load, judging_unload);
}

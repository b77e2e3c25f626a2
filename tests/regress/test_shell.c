#include "tests/support/draft.h"
#include "tests/support/expect.h"
#include "tests/support/judging.h"

#include <string.h>

/* A fault outside the reports rejects those it stands with: one unit's, or the whole package's. */
#define ROOM ((size_t)256 << 20U)
#define XMLDSIG "http://www.w3.org/2000/09/xmldsig#"
#define HIDDEN_ONE "<Rb-28s Id=\"x\"></Rb-28s>"
#define HIDDEN "<Ukryte>" HIDDEN_ONE "</Ukryte>"
#define FOREIGN_UNIT "<o:Jednostka xmlns:o=\"urn:o\"></o:Jednostka>"

enum { STRUCK = 1, UNITS = 5, ELEMENTS_TOO_MANY = 201 };

static const struct draft_unit units[UNITS] = {
    {.number = 0               },
    {                     .number = STRUCK,              .both = true},
    {                     .number = 2, .signing = DRAFT_UNSIGNED, .both = true},
    {         .number = 3,                .regon = "111111111"},
    {.number = 4,                .kind = "XX"},
};

/* What is put where, and the code that must be told. */
static const struct {
    const char *name;
    const char *code;
    const char *type;       /* GT of the shell */
    const char *more;       /* between PT and Sprawozdania */
    const char *signatures; /* behind the last Signature; "many": one with too many elements */
} of_one_unit[] = {
    {"GT is a letter that is none",         "XSD-010", "x",  NULL,             NULL            },
    {"GT is empty",                         "XSD-010", "",   NULL,             NULL            },
    {"foreign element in the unit",         "XSD-001", NULL, "<Obce>1</Obce>", NULL            },
    {"PT twice",                            "XSD-003", NULL, "<PT>0</PT>",     NULL            },
    {"text between the unit's elements",    "XSD-005", NULL, "tekst",          NULL            },
    {"Signature of too many elements",      "XSD-063", NULL, NULL,             "many"          },
    {"something else among the signatures", "XSD-027", NULL, NULL,             "<Obce>1</Obce>"},
};

/* Faults that concern every report of the file: inside a unit, before the second, behind all. */
static const struct {
    const char *name;
    const char *code;
    const char *inside;
    const char *between;
    const char *tail;
} of_the_package[] = {
    {"foreign element behind the units",         "XSD-001", NULL,            "",              "<Obce>1</Obce>"         },
    {"report behind the units",                  "XSD-025", NULL,            "",              HIDDEN                   },
    {"text behind the units",                    "XSD-005", NULL,            "",              "tekst"                  },
    {"report hidden in a unit",                  "XSD-025", HIDDEN,          "",              ""                       },
    {"report beside the unit's reports",         "XSD-025", HIDDEN_ONE,      "",              ""                       },
    {"element between the units",                "XSD-001", NULL,            "<Obce></Obce>", ""                       },
    {"report between the units",                 "XSD-025", NULL,            HIDDEN_ONE,      ""                       },
    {"text between the units",                   "XSD-005", NULL,            "tekst",         ""                       },
    {"unit of another namespace",                "XSD-023", NULL,            FOREIGN_UNIT,    ""                       },
    {"fault behind a unit of another namespace", "XSD-023", "<Obce></Obce>", FOREIGN_UNIT,    ""                       },
    {"units twice",                              "XSD-003", NULL,            "",              "<Jednostki></Jednostki>"},
};

static const char *
large_signature(struct arena *arena)
{
    struct buf buf = buf_create(arena, 1 << 16);

    buf_append(&buf, STR("<ds:Signature xmlns:ds=\"" XMLDSIG "\">"));
    for (size_t i = 1; i < ELEMENTS_TOO_MANY; i++) {
        buf_append(&buf, STR("<ds:Object></ds:Object>"));
    }
    buf_format(&buf, "</ds:Signature>");
    assert_true(buf_ok(&buf));
    return str_copy(arena, buf_str(&buf)).data;
}

/* The package of five units with the second of them as given, and something before it. */
static const struct decided_file *
decide(struct arena *arena, const struct draft_unit *struck, const char *between, const char *tail)
{
    struct str parts[UNITS];

    for (size_t i = 0; i < UNITS; i++) {
        parts[i] = draft_unit(arena, judging_authority(), i == STRUCK ? struck : &units[i]);
    }
    parts[STRUCK] = str_format(arena, "%s%.*s", between, STR_ARG(parts[STRUCK]));
    struct str file = draft_package(arena, parts, UNITS, tail);
    return judging_decide(arena, &file, 1);
}

static bool
has_own_error(const struct decided_report *report)
{
    return report->findings.count > 0 && report->findings.items[0].severity == SEVERITY_ERROR;
}

static void
expect_explained(const struct decided_report *report, const char *name)
{
    EXPECT(report->verdict == VERDICT_REJECTED, name);
    EXPECT(has_own_error(report) || report->reason.size > 0, name);
}

static void
verdicts_without_a_fault_are_those_of_each_unit(void **state)
{
    static const enum verdict expected[] = {VERDICT_ACCEPTED, VERDICT_ACCEPTED, VERDICT_ACCEPTED,
                                            VERDICT_HELD,     VERDICT_HELD,     VERDICT_REJECTED,
                                            VERDICT_UNDECIDED};

    struct arena              *arena = arena_create(ROOM);
    const struct decided_file *decided = decide(arena, &units[STRUCK], "", "");

    (void)state;
    assert_int_equal(decided->report_count, ARRAY_COUNT(expected));
    for (size_t i = 0; i < ARRAY_COUNT(expected); i++) {
        assert_int_equal(decided->reports[i].verdict, expected[i]);
    }
    arena_destroy(arena);
}

static void
fault_inside_a_unit_rejects_its_reports_and_no_other(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(of_one_unit); i++) {
        struct arena     *arena = arena_create(ROOM);
        const char       *name = of_one_unit[i].name;
        const char       *signatures = of_one_unit[i].signatures;
        struct draft_unit struck = units[STRUCK];

        struck.shell_type = of_one_unit[i].type;
        struck.shell_more = of_one_unit[i].more;
        struck.signature_more = signatures != NULL && strcmp(signatures, "many") == 0
                                    ? large_signature(arena)
                                    : signatures;
        const struct decided_file *whole = decide(arena, &units[STRUCK], "", "");
        const struct decided_file *faulty = decide(arena, &struck, "", "");
        EXPECT(faulty->verdict == VERDICT_REJECTED, name);
        EXPECT(faulty->report_count == whole->report_count, name);
        for (size_t j = 0; j < faulty->report_count; j++) {
            const struct decided_report *report = &faulty->reports[j];
            if (report->report->unit != STRUCK) {
                EXPECT(report->verdict == whole->reports[j].verdict, name);
                EXPECT(judging_told(&report->findings, of_one_unit[i].code) == NULL, name);
                continue;
            }
            expect_explained(report, name);
            EXPECT(judging_told(&report->findings, of_one_unit[i].code) != NULL, name);
        }
        arena_destroy(arena);
    }
}

static void
fault_of_the_package_rejects_every_report_and_says_why(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(of_the_package); i++) {
        struct arena     *arena = arena_create(ROOM);
        const char       *name = of_the_package[i].name;
        struct draft_unit struck = units[STRUCK];

        struck.shell_more = of_the_package[i].inside;
        const struct decided_file *faulty =
            decide(arena, &struck, of_the_package[i].between, of_the_package[i].tail);
        EXPECT(faulty->verdict == VERDICT_REJECTED, name);
        EXPECT(judging_told(&faulty->findings, of_the_package[i].code) != NULL, name);
        for (size_t j = 0; j < faulty->report_count; j++) {
            expect_explained(&faulty->reports[j], name);
        }
        arena_destroy(arena);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(verdicts_without_a_fault_are_those_of_each_unit),
        cmocka_unit_test(fault_inside_a_unit_rejects_its_reports_and_no_other),
        cmocka_unit_test(fault_of_the_package_rejects_every_report_and_says_why),
    };

    return cmocka_run_group_tests(tests, judging_load, judging_unload);
}

#include "tests/unit/validators/sets/sheaf.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

/*
 * Every rule that practice names (its id) with the codes that say it, how severe they are where,
 * and which report they charge; or why there is none. A rule of the catalogue that says which id it
 * is must stand here, so that nobody changes severity, charge or owner without a reviewer of this
 * table.
 */
struct expected {
    const char *id;
    const char *codes;
    const char *level;
    int         period; /* enum period_kind */
    int         year;
    int         severity;
    const char *charges; /* operand; empty: a rule of one report */
};

/* clang-format off */
static const struct expected table[] = {
    {"S27-01", "RB27S-001", "jednostkowe", PERIOD_QUARTER, 2026, SEVERITY_ERROR, ""},
    {"S27-01", "RB27S-001", "zbiorcze", PERIOD_QUARTER, 2026, SEVERITY_PROPOSED, ""},
    {"S27-01", "RB27S-001", "jednostkowe", PERIOD_MONTH, 2026, SEVERITY_OFF, ""},
    {"S27-01", "RB27S-002", "jednostkowe", PERIOD_QUARTER, 2026, SEVERITY_PROPOSED, ""},
    {"S27-01", "RB27S-002", "zbiorcze", PERIOD_YEAR, 2026, SEVERITY_PROPOSED, ""},
    {"S27-02", "RB27S-003 RB27S-004 RB27S-005", "jednostkowe", PERIOD_QUARTER, 2026, SEVERITY_QUERY, ""},
    {"S27-03", "RB27S-006 RB27S-007 RB27S-008 RB27S-009 RB27S-010", "jednostkowe", PERIOD_QUARTER, 2026, SEVERITY_WARNING, ""},
    {"S27-03", "RB27S-010", "zbiorcze", PERIOD_QUARTER, 2026, SEVERITY_OFF, ""},
    {"S27-04", "RB27S-011 RB28S-009", "jednostkowe", PERIOD_MONTH, 2026, SEVERITY_QUERY, ""},
    {"S27-04", "RB27S-011 RB28S-009", "jednostkowe", PERIOD_QUARTER, 2026, SEVERITY_OFF, ""},
    {"S27-04", "RB27S-011 RB28S-009", "jednostkowe", PERIOD_YEAR, 2026, SEVERITY_OFF, ""},
    {"S27-05", "RB27S-012 RB27S-013", "jednostkowe", PERIOD_YEAR, 2026, SEVERITY_INFO, ""},
    {"S27-05", "RB27S-012 RB27S-013", "jednostkowe", PERIOD_QUARTER, 2026, SEVERITY_OFF, ""},
    {"S28-01", "RB28S-001", "jednostkowe", PERIOD_QUARTER, 2026, SEVERITY_QUERY, ""},
    {"S28-01", "RB28S-001", "jednostkowe", PERIOD_YEAR, 2026, SEVERITY_QUERY, ""},
    {"S28-02", "RB28S-002 RB28S-003", "jednostkowe", PERIOD_QUARTER, 2026, SEVERITY_WARNING, ""},
    {"S28-02", "RB28S-002 RB28S-003", "jednostkowe", PERIOD_MONTH, 2026, SEVERITY_OFF, ""},
    {"S28-04", "RB28S-004", "jednostkowe", PERIOD_QUARTER, 2026, SEVERITY_ERROR, ""},
    {"S28-04", "RB28S-004", "zbiorcze", PERIOD_QUARTER, 2026, SEVERITY_PROPOSED, ""},
    {"S28-04", "RB28S-005", "jednostkowe", PERIOD_QUARTER, 2026, SEVERITY_PROPOSED, ""},
    {"S28-05", "RB28S-006", "jednostkowe", PERIOD_QUARTER, 2026, SEVERITY_QUERY, ""},
    {"S28-06", "RB28S-007", "jednostkowe", PERIOD_QUARTER, 2026, SEVERITY_WARNING, ""},
    {"S28-07", "RB28S-008", "jednostkowe", PERIOD_QUARTER, 2026, SEVERITY_WARNING, ""},
    {"NDS-01", "RBNDS-001 RBNDS-002 RBNDS-003 RBNDS-004", "zbiorcze", PERIOD_QUARTER, 2026, SEVERITY_ERROR, ""},
    {"NDS-02", "RBNDS-005 RBNDS-006 RBNDS-007", "zbiorcze", PERIOD_QUARTER, 2026, SEVERITY_QUERY, ""},
    {"NDS-03", "RBNDS-008", "zbiorcze", PERIOD_QUARTER, 2026, SEVERITY_QUERY, ""},
    {"NDS-04", "RBNDS-009", "zbiorcze", PERIOD_QUARTER, 2026, SEVERITY_QUERY, ""},
    {"NDS-05", "RBNDS-010", "zbiorcze", PERIOD_QUARTER, 2026, SEVERITY_QUERY, ""},
    {"NDS-06", "RBNDS-011 RBNDS-012", "zbiorcze", PERIOD_QUARTER, 2026, SEVERITY_PROPOSED, ""},
    {"RBZ-01", "RBZ-001", "łączne", PERIOD_QUARTER, 2026, SEVERITY_ERROR, ""},
    {"RBZ-01", "RBZ-002 RBZ-003 RBZ-004", "łączne", PERIOD_QUARTER, 2026, SEVERITY_QUERY, ""},
    {"RBZ-02", "RBZ-005 RBZ-006 RBZ-007 RBZ-008", "łączne", PERIOD_QUARTER, 2026, SEVERITY_PROPOSED, ""},
    {"RBN-01", "RBN-001 RBN-002 RBN-003 RBN-004 RBN-005", "łączne", PERIOD_QUARTER, 2026, SEVERITY_QUERY, ""},
    {"RBN-01", "RBN-006 RBN-007 RBN-008 RBN-009", "łączne", PERIOD_QUARTER, 2026, SEVERITY_PROPOSED, ""},
    {"RBN-02", "RBN-010 RBN-011", "łączne", PERIOD_QUARTER, 2026, SEVERITY_WARNING, ""},
    {"ALL-01", "RB27S-014 RB27S-015 RB27S-016 RB28S-010 RB28S-011 RB28S-012 " "RB27ZZ-006 RB27ZZ-007 RB27ZZ-008 RB50-002 RB50-003 RB50-004 " "RB50-005 RB30S-005 RB30S-006 RB30S-007 RB30S-008 RB34S-004 " "RB34S-005 RB34S-006 RB34S-007 RB28NWS-002 RB28NWS-003 " "RB28NWS-004", "jednostkowe", PERIOD_QUARTER, 2026, SEVERITY_INFO, ""},
    {"ALL-01", "RB27S-017 RB28S-013 RB27ZZ-009 RB50-006 RB30S-009 RB34S-008 " "RB28NWS-005", "jednostkowe", PERIOD_QUARTER, 2026, SEVERITY_QUERY, ""},
    {"ALL-01", "RB27S-018 RB28S-014 RBNDS-014 RBZ-010 RBN-013 RBUZ-005 " "RB27ZZ-010 RB50-007 RB30S-011 RB34S-010 RB28NWS-006 " "RBST-003 RBPDP-004 SMUPU-006", "jednostkowe", PERIOD_QUARTER, 2026, SEVERITY_ERROR, ""},
    {"ALL-02", "RB27ZZ-011 RB50-008", "jednostkowe", PERIOD_QUARTER, 2026, SEVERITY_QUERY, ""},
    {"ALL-03", "PACZKA-003 PACZKA-004", "", 0, 2026, SEVERITY_ERROR, ""},
    {"ALL-04", "ZESTAW-040", "zbiorcze", PERIOD_QUARTER, 2026, SEVERITY_INFO, "RB27S"},
    {"ALL-04", "ZESTAW-041", "zbiorcze", PERIOD_QUARTER, 2026, SEVERITY_INFO, "RB28S"},
    {"ALL-04", "ZESTAW-042", "jednostkowe", PERIOD_QUARTER, 2026, SEVERITY_INFO, "J_RB27S"},
    {"ALL-04", "ZESTAW-043", "jednostkowe", PERIOD_QUARTER, 2026, SEVERITY_INFO, "J_RB28S"},
    {"ALL-05", "RB27S-019 RB28S-015 RBNDS-016 RBZ-012 RBN-015 RBUZ-007 " "RB27ZZ-013 RB50-010 RB30S-013 RB34S-012 RB28NWS-008 " "RBST-005 RBPDP-006 SMUPU-009", "jednostkowe", PERIOD_QUARTER, 2026, SEVERITY_QUERY, ""},
    {"ALL-05", "RB27S-020 RB28S-016 RBNDS-017 RBZ-013 RBN-016 RBUZ-008 " "RB27ZZ-014 RB50-011 RB30S-014 RB34S-013 RB28NWS-009 " "RBST-006 RBPDP-007 SMUPU-010", "jednostkowe", PERIOD_QUARTER, 2026, SEVERITY_WARNING, ""},
    {"X-01", "ZESTAW-001", "zbiorcze", PERIOD_QUARTER, 2026, SEVERITY_QUERY, "RBNDS"},
    {"X-02", "ZESTAW-002", "zbiorcze", PERIOD_QUARTER, 2026, SEVERITY_QUERY, "RBNDS"},
    {"X-03", "ZESTAW-003", "zbiorcze", PERIOD_QUARTER, 2026, SEVERITY_QUERY, "RBNDS"},
    {"X-04", "ZESTAW-004", "zbiorcze", PERIOD_QUARTER, 2026, SEVERITY_QUERY, "RBNDS"},
    {"X-05", "ZESTAW-005", "zbiorcze", PERIOD_QUARTER, 2026, SEVERITY_PROPOSED, "RBNDS"},
    {"X-06", "ZESTAW-006", "zbiorcze", PERIOD_QUARTER, 2026, SEVERITY_QUERY, "RB27S"},
    {"X-06", "ZESTAW-026", "zbiorcze", PERIOD_QUARTER, 2026, SEVERITY_QUERY, "RB28S"},
    {"X-07", "ZESTAW-007", "łączne", PERIOD_QUARTER, 2026, SEVERITY_PROPOSED, "RBZ"},
    {"X-07", "ZESTAW-047", "jednostkowe", PERIOD_QUARTER, 2026, SEVERITY_PROPOSED, "J_RBZ"},
    {"X-08", "ZESTAW-008 ZESTAW-028", "łączne", PERIOD_QUARTER, 2026, SEVERITY_PROPOSED, "RBN"},
    {"X-08", "ZESTAW-048", "jednostkowe", PERIOD_QUARTER, 2026, SEVERITY_PROPOSED, "J_RBN"},
    {"X-09", "ZESTAW-009", "łączne", PERIOD_QUARTER, 2026, SEVERITY_PROPOSED, "RBN"},
    {"X-10", "ZESTAW-010", "zbiorcze", PERIOD_QUARTER, 2026, SEVERITY_WARNING, "RB27ZZ"},
    {"X-11", "ZESTAW-011", "zbiorcze", PERIOD_YEAR, 2026, SEVERITY_PROPOSED, "RB27S"},
    {"X-12", "ZESTAW-012 ZESTAW-032", "zbiorcze", PERIOD_QUARTER, 2026, SEVERITY_PROPOSED, "RB50"},
    {"X-13", "ZESTAW-013 ZESTAW-033", "zbiorcze", PERIOD_QUARTER, 2026, SEVERITY_PROPOSED, "RB30S"},
    {"X-14", "ZESTAW-014", "zbiorcze", PERIOD_QUARTER, 2026, SEVERITY_PROPOSED, "RB34S"},
    {"X-15", "ZESTAW-015", "zbiorcze", PERIOD_YEAR, 2026, SEVERITY_QUERY, "RBPDP"},
    {"X-16", "ZESTAW-016", "zbiorcze", PERIOD_YEAR, 2026, SEVERITY_PROPOSED, "RBST"},
    {"X-17", "ZESTAW-017 ZESTAW-037", "zbiorcze", PERIOD_QUARTER, 2026, SEVERITY_PROPOSED, "RBNDS"},
    {"X-18", "ZESTAW-018", "łączne", PERIOD_YEAR, 2026, SEVERITY_PROPOSED, "RBUZ"},
    {"X-18", "ZESTAW-038", "jednostkowe", PERIOD_YEAR, 2026, SEVERITY_PROPOSED, "J_RBUZ"},
    {"X-19", "ZESTAW-019", "zbiorcze", PERIOD_QUARTER, 2026, SEVERITY_QUERY, "RB28NWS"},
    {"X-19", "ZESTAW-039", "jednostkowe", PERIOD_QUARTER, 2026, SEVERITY_QUERY, "J_RB28NWS"},
    {"X-20", "RB27S-021", "zbiorcze", PERIOD_QUARTER, 2026, SEVERITY_QUERY, ""},
    {"X-20", "RB27S-021", "zbiorcze", PERIOD_YEAR, 2021, SEVERITY_WARNING, ""},
    {"X-20", "RB27S-021", "zbiorcze", PERIOD_QUARTER, 2022, SEVERITY_QUERY, ""},
    {"X-20", "RB27S-021", "jednostkowe", PERIOD_QUARTER, 2026, SEVERITY_OFF, ""},
    {"X-20", "RB27S-022", "zbiorcze", PERIOD_QUARTER, 2026, SEVERITY_INFO, ""},
    {"X-21", "RB27S-025 RB28S-019 RBNDS-019", "zbiorcze", PERIOD_QUARTER, 2026, SEVERITY_WARNING, ""},
    {"X-21", "RB27S-025 RB28S-019", "zbiorcze", PERIOD_MONTH, 2026, SEVERITY_OFF, ""},
};
/* clang-format on */

static const struct {
    const char *id;
    const char *reason;
} without[] = {
    {"S28-03",
     "not to be required: a year's real reports have ZA < WW + ZO in §§ 404, 411, 412, 471, 480"},
};

/* All ids, in the order of the list. */
static const struct {
    const char *prefix;
    int         last;
} ids[] = {
    {"S27-", 5 },
    {"S28-", 7 },
    {"NDS-", 6 },
    {"RBZ-", 2 },
    {"RBN-", 2 },
    {"ALL-", 5 },
    {"X-",   21},
};

static struct sheaf sheaf;

static int
set_up(void **state)
{
    (void)state;
    sheaf = sheaf_open();
    return 0;
}

static int
tear_down(void **state)
{
    (void)state;
    arena_destroy(sheaf.arena);
    return 0;
}

/* The newest of the forms' rules of that code; NULL: there is none. */
static const struct rule_entry *
find_entry(struct str code)
{
    for (size_t i = 0; i < sheaf.catalogue->entry_count; i++) {
        if (str_equal(sheaf.catalogue->entries[i].code, code)) {
            return &sheaf.catalogue->entries[i];
        }
    }
    return NULL;
}

static struct str
charge_of(struct str code)
{
    size_t                     count = 0;
    size_t                     operand_count = 0;
    const struct sets_rule    *rules = sets_rules(sheaf.sets, &count);
    const struct sets_operand *operands = sets_operands(sheaf.sets, &operand_count);

    for (size_t i = 0; i < count; i++) {
        if (str_equal(rules[i].entry->code, code)) {
            return operands[rules[i].charges].name;
        }
    }
    return STR("");
}

/* Rb rules are the ministry's, SMUP's the statistical office's, the package's ours. */
static const char *
owner_of(struct str code)
{
    if (str_starts_with(code, STR("SMUPU-"))) {
        return "GUS";
    }
    return str_starts_with(code, STR("PACZKA-")) ? "Brama" : "MF";
}

static void
check_code(const struct expected *expected, struct str code)
{
    const struct rule_entry *entry = find_entry(code);
    struct circumstances     circumstances = {
            .level = str_of(expected->level),
            .period_kind = expected->period,
            .environment = (int)ENVIRONMENT_TEST,
            .period_end = {expected->year, 6, 30}
    };

    if (entry == NULL) {
        fail_msg("%s: there is no %.*s", expected->id, STR_ARG(code));
        return;
    }
    if (expected->period == PERIOD_YEAR) {
        circumstances.period_end = (struct date){expected->year, 12, 31};
    }
    const struct applies *applies = entry_applies(entry, &circumstances);
    int                   severity = applies == NULL ? (int)SEVERITY_OFF : (int)applies->severity;
    if (severity != expected->severity || !str_equal(entry->domain, str_of(expected->id))
        || !str_equal(entry->owner, str_of(owner_of(code)))
        || !str_equal(charge_of(code), str_of(expected->charges))) {
        fail_msg("%s, %.*s at %s in %d: %s of %.*s, owner %.*s, charges %.*s", expected->id,
                 STR_ARG(code), expected->level, expected->year,
                 severity_name((enum severity)severity), STR_ARG(entry->domain),
                 STR_ARG(entry->owner), STR_ARG(charge_of(code)));
    }
}

static void
every_code_says_the_rule_it_is_said_to_as_severely_as_was_decided(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(table); i++) {
        struct str rest = str_of(table[i].codes);
        struct str code = {0};
        while (str_cut(&rest, ' ', &code)) {
            check_code(&table[i], code);
        }
    }
}

static bool
is_told(struct str id)
{
    bool told = false;

    for (size_t i = 0; i < ARRAY_COUNT(table); i++) {
        told = told || str_equal(id, str_of(table[i].id));
    }
    return told;
}

static void
every_rule_has_its_codes_or_a_reason(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(ids); i++) {
        for (int number = 1; number <= ids[i].last; number++) {
            struct str id = str_format(sheaf.arena, "%s%02d", ids[i].prefix, number);
            bool       excused = false;
            for (size_t j = 0; j < ARRAY_COUNT(without); j++) {
                excused = excused
                          || (str_equal(id, str_of(without[j].id)) && without[j].reason[0] != '\0');
            }
            if (is_told(id) == excused) {
                fail_msg("%.*s has %s", STR_ARG(id), excused ? "both" : "neither");
            }
        }
    }
}

static void
no_rule_of_the_catalogue_names_an_id_that_the_table_lacks(void **state)
{
    (void)state;
    for (size_t i = 0; i < sheaf.catalogue->entry_count; i++) {
        const struct rule_entry *entry = &sheaf.catalogue->entries[i];
        bool                     listed = entry->domain.size == 0;
        for (size_t j = 0; j < ARRAY_COUNT(table); j++) {
            listed = listed
                     || (str_equal(entry->domain, str_of(table[j].id))
                         && str_has_word(str_of(table[j].codes), entry->code));
        }
        if (!listed) {
            fail_msg("%.*s (%.*s) is not in the table", STR_ARG(entry->code),
                     STR_ARG(entry->domain));
        }
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_code_says_the_rule_it_is_said_to_as_severely_as_was_decided),
        cmocka_unit_test(every_rule_has_its_codes_or_a_reason),
        cmocka_unit_test(no_rule_of_the_catalogue_names_an_id_that_the_table_lacks),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}

#include "tests/support/draft.h"
#include "tests/support/expect.h"
#include "tests/support/judging.h"

#include <string.h>

/* Where a unit or a report stands in the file says nothing about its verdict. */
#define ROOM ((size_t)256 << 20U)

enum { UNITS = 6, PERMUTATIONS = 720, STRIDE = 43, SWAPS = 1U << UNITS };

static const struct {
    const char       *name;
    enum verdict      verdict;
    struct draft_unit unit;
} mixed[UNITS] = {
    {"good",                  VERDICT_ACCEPTED,  {.number = 0, .both = true}                           },
    {"name unlike the shell", VERDICT_REJECTED,  {.number = 1, .both = true, .shell_name = "INNA"}     },
    {"unsigned",              VERDICT_HELD,      {.number = 2, .both = true, .signing = DRAFT_UNSIGNED}},
    {"changed after signing", VERDICT_REJECTED,  {.number = 3, .both = true, .forged = true}           },
    {"Typ XX",                VERDICT_UNDECIDED, {.number = 4, .both = true, .kind = "XX"}             },
    {"fault of the shell",    VERDICT_REJECTED,  {.number = 5, .both = true, .shell_more = "<Obce/>"}  },
};

/* swapped: bit i set means that unit i has its Rb-28s before its Rb-27s. */
static void
make_units(struct arena *arena, unsigned swapped, struct str *out)
{
    for (size_t i = 0; i < UNITS; i++) {
        struct draft_unit unit = mixed[i].unit;
        unit.swapped = (swapped >> i & 1U) != 0;
        out[i] = draft_unit(arena, judging_authority(), &unit);
    }
}

/* The order of this number among all orders of six units (factorial number system). */
static void
permute(size_t number, const struct str *units, struct str *out)
{
    size_t left[UNITS] = {0, 1, 2, 3, 4, 5};

    for (size_t i = 0; i < UNITS; i++) {
        size_t rest = UNITS - i;
        size_t pick = number % rest;
        number /= rest;
        out[i] = units[left[pick]];
        memmove(&left[pick], &left[pick + 1], (rest - pick - 1) * sizeof *left);
    }
}

static void
expect_verdicts(struct arena *arena, const struct str *units, struct str order)
{
    struct str                 file = draft_package(arena, units, UNITS, "");
    const struct decided_file *decided = judging_decide(arena, &file, 1);

    for (size_t i = 0; i < (size_t)2 * UNITS; i++) {
        size_t     unit = i / 2;
        struct str id = i % 2 == 0 ? draft_id(arena, unit) : draft_other_id(arena, unit);
        const struct decided_report *report = judging_report(decided, id);
        if (report->verdict != mixed[unit].verdict) {
            fail_msg("%s: %s is %s instead of %s", order.data, mixed[unit].name,
                     judging_verdict(report->verdict), judging_verdict(mixed[unit].verdict));
        }
    }
}

static void
order_of_units_changes_no_verdict(void **state)
{
    struct arena *kept = arena_create(ROOM);
    struct str    units[UNITS];

    (void)state;
    make_units(kept, 0, units);
    for (size_t i = 0; i < PERMUTATIONS; i += STRIDE) {
        struct arena *arena = arena_create(ROOM);
        struct str    ordered[UNITS];
        permute(i, units, ordered);
        expect_verdicts(arena, ordered, str_format(arena, "order %zu of units", i));
        arena_destroy(arena);
    }
    arena_destroy(kept);
}

static void
order_of_reports_in_a_unit_changes_no_verdict(void **state)
{
    (void)state;
    for (unsigned i = 0; i < SWAPS; i += 9) {
        struct arena *arena = arena_create(ROOM);
        struct str    units[UNITS];
        make_units(arena, i, units);
        expect_verdicts(arena, units, str_format(arena, "reports swapped by mask %u", i));
        arena_destroy(arena);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(order_of_units_changes_no_verdict),
        cmocka_unit_test(order_of_reports_in_a_unit_changes_no_verdict),
    };

    return cmocka_run_group_tests(tests, judging_load, judging_unload);
}

#include "gateway/release/release_notice.h"
#include "tests/support/expect.h"
#include "tests/support/revision.h"

#include <stdio.h>
#include <string.h>

#define ROOM ((size_t)1 << 30U)

static struct arena      *kept;
static struct definitions before;

static int
start(void **state)
{
    struct fault fault = {0};

    (void)state;
    kept = arena_create(ROOM);
    ENSURE(definitions_load(kept, NULL, &before, &fault) == ERR_OK);
    return 0;
}

static int
stop(void **state)
{
    (void)state;
    arena_destroy(kept);
    return 0;
}

/* The built-in definitions of `from` with so many changes. */
static struct definitions
changed(struct arena *arena, const struct definitions *from, const struct revision *changes,
        size_t count)
{
    struct str         bytes = revision_bundle(arena, from->catalogue->bundle, changes, count);
    struct definitions definitions = {0};
    struct fault       fault = {0};

    if (definitions_load_bundle(arena, bytes, &definitions, &fault) != ERR_OK) {
        fail_msg("%s", fault.text);
    }
    return definitions;
}

#define RULES "rb-27s/2025-1/rules.xml"
#define VTL "rb-27s/2025-1/rules.vtl"
#define PUBLICATION "publication.xml"

/* RB27S-002 is on trial, RB27S-003 asks, RB27S-001 rejects. */
static const char on_trial[] = "<applies severity=\"proposed\" periods=\"quarter year\"/>\n"
                               "  </rule>\n\n  <rule code=\"RB27S-003\"";
static const char rejecting[] = "<applies severity=\"error\" periods=\"quarter year\"/>\n"
                                "  </rule>\n\n  <rule code=\"RB27S-003\"";
static const char questioned[] = "<applies severity=\"query\" periods=\"quarter year\"/>\n"
                                 "  </rule>\n\n  <rule code=\"RB27S-003\"";
static const char asking[] =
    "<applies severity=\"query\"/>\n  </rule>\n\n  <rule code=\"RB27S-004\"";
static const char asking_no_more[] =
    "<applies severity=\"error\"/>\n  </rule>\n\n  <rule code=\"RB27S-004\"";
static const char proposing[] =
    "<applies severity=\"proposed\"/>\n  </rule>\n\n  <rule code=\"RB27S-004\"";
static const char strict[] = "<applies severity=\"error\" levels=\"jednostkowe\" "
                             "periods=\"quarter year\"/>";
static const char loose[] = "<applies severity=\"query\" levels=\"jednostkowe\" "
                            "periods=\"quarter year\"/>";
static const char formula[] = "then nvl(NO, 0) - nvl(NP, 0) = nvl(NA, 0) - nvl(DW, 0)";
static const char other_formula[] = "then nvl(NO, 0) - nvl(NP, 0) = nvl(DW, 0) - nvl(NA, 0)";
static const char days[] = "<publication notice-days=\"30\"/>";

#define EXCEPTION(basis)                                                           \
    "<publication notice-days=\"30\"><exception code=\"RB27S-002\" basis=\"" basis \
    "\"/><exception code=\"RB27S-003\" basis=\"" basis "\"/></publication>"

/* Published on the first of September 2026; the quarter ends on the 30th, the term is in October.
 */
/* clang-format off */
static const struct {
    const char   *name;
    struct revision changes[2];
    const char   *active_from;
    size_t        complaints;
    const char   *says; /* in one of them */
} cases[] = {
    {"nothing is changed", {{0}}, "2026-09-01", 0, ""},
    {"a text alone", {{RULES, "Zaległości netto są ujemne", "Zaległości netto nie są dodatnie"}},
     "2026-09-01", 0, ""},
    {"on trial, 30 days", {{RULES, on_trial, rejecting}}, "2026-11-15", 0, ""},
    {"on trial, 29 days", {{RULES, on_trial, rejecting}}, "2026-09-30", 1,
     "może obowiązywać od 1 października 2026 r."},
    {"on trial, at once", {{RULES, on_trial, rejecting}}, "2026-09-01", 1,
     "co najmniej 30 dni wcześniej"},
    {"on trial, within a term", {{RULES, on_trial, rejecting}}, "2026-10-05", 1,
     "między końcem okresu a ostatnim dniem terminu"},
    {"never on trial", {{RULES, asking, asking_no_more}}, "2026-11-28", 1,
     "a nie była na próbie"},
    {"never on trial, at once, within the term of August", {{RULES, asking, asking_no_more}}, "2026-09-02", 3,
     "a nie była na próbie"},
    {"from a question to a trial", {{RULES, asking, proposing}}, "2026-09-01", 0, ""},
    {"loosened at once", {{RULES, strict, loose}}, "2026-09-01", 0, ""},
    {"its formula changes at once", {{VTL, formula, other_formula}}, "2026-09-01", 1,
     "zmienia się formuła, która odrzuca"},
    {"its formula changes, 30 days", {{VTL, formula, other_formula}}, "2026-11-15", 0, ""},
    {"its formula changes, loosened", {{VTL, formula, other_formula}, {RULES, strict, loose}},
     "2026-09-01", 0, ""},
    {"an act of law says so", {{RULES, on_trial, rejecting},
      {PUBLICATION, days, EXCEPTION("Dz.U. 2026 poz. 1, § 2")}}, "2026-09-02", 0, ""},
    {"an exception without a basis", {{RULES, on_trial, rejecting},
      {PUBLICATION, days, EXCEPTION("  ")}}, "2026-09-02", 1, "co najmniej 30 dni"},
    {"its own notice is shorter", {{RULES, on_trial, rejecting},
      {PUBLICATION, days, "<publication notice-days=\"0\"/>"}}, "2026-09-02", 1,
     "co najmniej 30 dni"},
    {"its own notice is longer", {{RULES, on_trial, rejecting},
      {PUBLICATION, days, "<publication notice-days=\"80\"/>"}}, "2026-11-15", 1,
     "co najmniej 80 dni"},
};
/* clang-format on */

static bool
says(const struct release_complaints *complaints, const char *text)
{
    for (size_t i = 0; i < complaints->count; i++) {
        struct str it = complaints->items[i].text;
        if (memmem(it.data, it.size, text, strlen(text)) != NULL) {
            return true;
        }
    }
    return text[0] == '\0';
}

static void
what_begins_to_reject_is_announced_and_was_on_trial(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        struct arena             *arena = arena_create(ROOM);
        struct fault              fault = {0};
        struct release_complaints complaints = {0};
        struct date               day = {0};
        struct definitions        after =
            changed(arena, &before, cases[i].changes, ARRAY_COUNT(cases[i].changes));

        ENSURE(date_parse(str_of(cases[i].active_from), &day));
        const struct release_notice_request request = {
            .before = &before, .after = &after, .published = {2026, 9, 1},
                    .active_from = day
        };
        assert_int_equal(release_notice_check(arena, &request, &complaints, &fault), ERR_OK);
        for (size_t j = 0; complaints.count != cases[i].complaints && j < complaints.count; j++) {
            print_message("%s: %.*s %.*s\n", cases[i].name, STR_ARG(complaints.items[j].code),
                          STR_ARG(complaints.items[j].text));
        }
        EXPECT(complaints.count == cases[i].complaints, cases[i].name);
        EXPECT(says(&complaints, cases[i].says), cases[i].name);
        arena_destroy(arena);
    }
}

/* What is on trial from the same day on as it would reject, or was taken off trial for a while. */
static void
trial_lasts_all_days_before_it_rejects(void **state)
{
    static const struct revision off = {RULES, on_trial, questioned};
    static const struct revision error = {RULES, on_trial, rejecting};

    static const struct {
        const char *name;
        bool        on_trial[2]; /* in what was in force before */
        size_t      count;
        size_t      complaints;
    } trials[] = {
        {"all the time",           {true},        1, 0},
        {"from the day itself",    {false},       1, 1},
        {"taken off before",       {true, false}, 2, 1},
        {"put on within the days", {false, true}, 2, 1},
        {"in each release",        {true, true},  2, 0},
    };
    struct arena      *arena = arena_create(ROOM);
    struct definitions after = changed(arena, &before, &error, 1);
    struct definitions without = changed(arena, &before, &off, 1);

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(trials); i++) {
        const struct definitions           *trial[2] = {NULL, NULL};
        struct release_complaints           complaints = {0};
        struct fault                        fault = {0};
        const struct release_notice_request request = {
            .before = &before,
            .after = &after,
            .trial = trial,
            .trial_count = trials[i].count,
            .published = {2026, 9,  1 },
            .active_from = {2026, 11, 15}
        };
        for (size_t j = 0; j < trials[i].count; j++) {
            trial[j] = trials[i].on_trial[j] ? &before : &without;
        }
        assert_int_equal(release_notice_check(arena, &request, &complaints, &fault), ERR_OK);
        EXPECT(complaints.count == trials[i].complaints, trials[i].name);
        EXPECT(complaints.count == 0 || says(&complaints, "a nie była na próbie"), trials[i].name);
    }
    arena_destroy(arena);
}

static void
publication_that_is_none_is_refused(void **state)
{
    static const char *const files[] = {
        "<publication notice-days=\"-1\"/>", "<publication notice-days=\"367\"/>",
        "<publication notice-days=\"miesiąc\"/>", "<publication notice-days=\"30\">"};

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(files); i++) {
        struct arena                       *arena = arena_create(ROOM);
        struct fault                        fault = {0};
        struct release_complaints           complaints = {0};
        const struct revision               change = {PUBLICATION, days, files[i]};
        struct definitions                  after = changed(arena, &before, &change, 1);
        const struct release_notice_request request = {
            .before = &before,
            .after = &after,
            .published = {2026, 9,  1 },
            .active_from = {2026, 11, 15}
        };
        EXPECT(release_notice_check(arena, &request, &complaints, &fault) == ERR_CATALOGUE,
               files[i]);
        EXPECT(strstr(fault.text, "publication.xml") != NULL, files[i]);
        arena_destroy(arena);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_begins_to_reject_is_announced_and_was_on_trial),
        cmocka_unit_test(trial_lasts_all_days_before_it_rejects),
        cmocka_unit_test(publication_that_is_none_is_refused),
    };

    return cmocka_run_group_tests(tests, start, stop);
}

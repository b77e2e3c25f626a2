#include "tests/support/expect.h"
#include "tests/unit/gateway/intake/setting.h"
#include "validators/calendar/entry.h"

#include <string.h>

/* What is noted for offices of a decision: which places they come to it through. */
enum { JST = 1, SCHOOL = 2 };

#define TO(recipient) (1U << CALENDAR_TO_##recipient)

static const char noted_sql[] =
    "SELECT coalesce(string_agg(concat_ws(':', a.kind, a.place), ' ' ORDER BY a.kind, a.place), '')"
    " FROM intake.addressing a JOIN intake.submission s USING (ordinal)";

/* The second commit of one submission, each of its reports for these recipients. */
static void
conclude(const struct setting *setting, const struct setting_report *reports,
         const unsigned *recipients, size_t count)
{
    struct queued     queued = setting_admit(setting, setting->store, 1, "body");
    struct concluding item = setting_decide(setting, &queued, reports, count);
    struct fault      fault = {0};
    bool              done = false;

    assert_int_equal(conclusion_begin(setting->store, setting->arena, &item.decided_at, &fault),
                     ERR_OK);
    assert_int_equal(conclusion_context(setting->store, setting->arena, &item, 1, &done, &fault),
                     ERR_OK);
    for (size_t i = 0; i < count; i++) {
        item.filed[i].term.recipients = recipients[i];
    }
    assert_int_equal(conclusion_write(setting->store, setting->arena, &item, 1, &fault), ERR_OK);
    assert_int_equal(conclusion_head(setting->store, setting->arena, &item, 1, &fault), ERR_OK);
    assert_int_equal(conclusion_finish_settle(setting->store, setting->arena, &item, 1, &fault),
                     ERR_OK);
    assert_int_equal(conclusion_finish(setting->store, setting->arena, &item, 1, &fault), ERR_OK);
    assert_int_equal(store_commit(setting->store, &fault), ERR_OK);
}

static void
accepted_reports_are_noted_for_offices_by_the_places_above_them(void **state)
{
    static const struct {
        const char  *name;
        int64_t      units[2];
        enum verdict verdicts[2];
        unsigned     recipients[2];
        const char  *want;
    } cases[] = {
        {"to the JST alone",
         {SCHOOL, SCHOOL + 1},
         {VERDICT_ACCEPTED, VERDICT_ACCEPTED},
         {TO(ZARZAD_JST), TO(ZARZAD_JST)},
         ""                                                                                                   },
        {"to nobody",                   {SCHOOL, SCHOOL + 1}, {VERDICT_ACCEPTED, VERDICT_ACCEPTED}, {0, 0}, ""},
        {"rejected",
         {SCHOOL, SCHOOL + 1},
         {VERDICT_REJECTED, VERDICT_HELD},
         {TO(RIO), TO(RIO)},
         ""                                                                                                   },
        {"of a unit that nobody knows",
         {0, 0},
         {VERDICT_UNDECIDED, VERDICT_UNDECIDED},
         {TO(RIO), TO(GUS)},
         ""                                                                                                   },
        {"of the JST",
         {JST, SCHOOL},
         {VERDICT_ACCEPTED, VERDICT_REJECTED},
         {TO(RIO), TO(RIO)},
         "2:1"                                                                                                },
        {"of a school",
         {SCHOOL, SCHOOL + 1},
         {VERDICT_REJECTED, VERDICT_ACCEPTED},
         {TO(RIO), TO(DYSPONENT)},
         "4:1 4:3"                                                                                            },
        {"of both",
         {JST, SCHOOL},
         {VERDICT_ACCEPTED, VERDICT_ACCEPTED},
         {TO(RIO), TO(RIO)},
         "2:1 2:2"                                                                                            },
        {"to the whole country",
         {JST, SCHOOL},
         {VERDICT_ACCEPTED, VERDICT_ACCEPTED},
         {TO(GUS) | TO(MF) | TO(ZARZAD_JST), TO(GUS)},
         "8:0 16:0"                                                                                           },
        {"to whom it is supervised by",
         {SCHOOL, SCHOOL + 1},
         {VERDICT_ACCEPTED, VERDICT_ACCEPTED},
         {TO(ORGAN_NADZORUJACY), 0},
         "32:1 32:2"                                                                                          },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        struct setting              setting = setting_open();
        const struct setting_report reports[2] = {
            {.unit = cases[i].units[0], .verdict = cases[i].verdicts[0], .rows = 1},
            {.unit = cases[i].units[1], .verdict = cases[i].verdicts[1], .rows = 1},
        };
        conclude(&setting, reports, cases[i].recipients, 2);
        const char *got = setting_ask(&setting, noted_sql).data;
        if (strcmp(got, cases[i].want) != 0) {
            print_message("%s\n", got);
        }
        EXPECT(strcmp(got, cases[i].want) == 0, cases[i].name);
        setting_close(&setting);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(accepted_reports_are_noted_for_offices_by_the_places_above_them),
    };

    return cmocka_run_group_tests(tests, setting_start, setting_stop);
}

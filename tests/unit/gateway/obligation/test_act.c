#include "gateway/obligation/internal_due.h"
#include "gateway/obligation/outage.h"
#include "tests/support/expect.h"
#include "tests/unit/gateway/obligation/land.h"

#include <string.h>

static struct land land;

static int
set_up(void **state)
{
    static int  number;
    static char name[32];

    (void)state;
    (void)snprintf(name, sizeof name, "act%d", number++);
    land = land_open(cluster_shared, name);
    (void)land_generate(&land, NULL);
    return 0;
}

static int
tear_down(void **state)
{
    (void)state;
    assert_true(land_tallies_add_up(&land));
    land_close(&land);
    return 0;
}

static instant
moment_of(const char *text)
{
    moment at = 0;

    assert_true(moment_parse(str_of(text), &at));
    return at * INSTANT_PER_SECOND;
}

static struct act
make_act(const char *when)
{
    return (struct act){.store = land.admin,
                        .arena = land.arena,
                        .by = STR("Anna Przykładowa"),
                        .basis = STR("pismo z 1 lipca 2026 r."),
                        .now = moment_of(when)};
}

static struct act_duty
make_duty(int64_t unit, const char *form)
{
    return (struct act_duty){.unit = unit,
                             .unit_name = STR("Szkoła nr 1"),
                             .form = str_of(form),
                             .period = STR("2026-Q2"),
                             .level = STR("")};
}

static enum err
exempt(const struct act *act, struct str form, struct date first, struct date last, int64_t *number,
       struct fault *fault)
{
    const struct act_exemption exemption = {LAND_SCHOOL, form, first, last};

    return act_exempt(act, &exemption, number, fault);
}

/* In a transaction of its own; what is refused leaves nothing. */
static void
expect_refusal(enum err got, const struct fault *fault, const char *words)
{
    store_rollback(land.admin);
    if (got != ERR_DENIED || strstr(fault->text, words) == NULL) {
        fail_msg("%d \"%s\", not a refusal with \"%s\"", (int)got, fault->text, words);
    }
}

static void
begin(void)
{
    struct fault fault = {0};

    assert_int_equal(store_begin(land.admin, &fault), ERR_OK);
}

static void
expect_done(enum err got, const struct fault *fault)
{
    struct fault of_commit = {0};

    if (got != ERR_OK) {
        fail_msg("%s", fault->text);
    }
    assert_int_equal(store_commit(land.admin, &of_commit), ERR_OK);
}

#define STATE(at, form)                                                                            \
    "SELECT s.state FROM obligation.standing('" at "') s WHERE s.unit = 3 AND s.form = '" form "'" \
    " AND s.period = '2026-Q2'"

/* Whether nothing may be declared, or an empty report filed, is the calendar's; here it is set. */
static void
set_emptiness(const char *form, bool empty, bool nothing)
{
    struct str sql = str_format(land.arena,
                                "ALTER TABLE obligation.term DISABLE TRIGGER ALL;"
                                "UPDATE obligation.term SET empty_allowed = %s, nothing_allowed ="
                                " %s WHERE matter IN (SELECT matter FROM obligation.matter WHERE"
                                " form = '%s'); ALTER TABLE obligation.term ENABLE TRIGGER ALL",
                                empty ? "true" : "false", nothing ? "true" : "false", form);

    land_run(&land, sql.data);
}

static void
nothing_to_report_is_taken_where_the_calendar_says_so(void **state)
{
    struct act      act = make_act("2026-07-09T10:00:00+02:00");
    struct act_duty duty = make_duty(LAND_SCHOOL, "RB50");
    struct fault    fault = {0};
    int64_t         number = 0;

    (void)state;
    set_emptiness("RB50", false, true);
    begin();
    expect_done(act_declare_nothing(&act, &duty, &number, &fault), &fault);
    EXPECT(land_says(&land, STATE("2026-07-20", "RB50"), "fulfilled"), "declared in time");
    begin();
    expect_refusal(act_declare_nothing(&act, &duty, &number, &fault), &fault,
                   "oświadczenie „nic do wykazania” jest już złożone");
    begin();
    expect_done(act_revoke(&act, STR("nothing"), number, &fault), &fault);
    EXPECT(land_says(&land, STATE("2026-07-20", "RB50"), "late"), "revoked");
    act.now = moment_of("2026-07-11T00:00:00+02:00");
    begin();
    expect_done(act_declare_nothing(&act, &duty, &number, &fault), &fault);
    EXPECT(land_says(&land, STATE("2026-07-20", "RB50"), "late"), "declared too late");
    EXPECT(land_says(&land, "SELECT count(*) FROM obligation.nothing_to_report", "2"), "both stay");
}

static void
nothing_to_report_is_refused_with_the_reason(void **state)
{
    static const struct {
        const char *when;
        bool        empty;
        bool        nothing;
        bool        filed;
        const char *words;
    } cases[] = {
        {"2026-07-09T10:00:00+02:00", true,  false, false, "złóż sprawozdanie zerowe"   },
        {"2026-07-09T10:00:00+02:00", false, false, false,
         "kalendarz nie przewiduje oświadczenia „nic do wykazania”"                   },
        {"2026-06-30T23:59:59+02:00", false, true,  false,
         "okres jeszcze trwa; oświadczenie można złożyć po jego końcu"               },
        {"2026-07-09T10:00:00+02:00", false, true,  true,
         "sprawozdanie jest już przyjęte; jeśli nie ma czego wykazać, złóż korektę"},
    };
    struct act_duty duty = make_duty(LAND_SCHOOL, "RB27S");
    struct fault    fault = {0};
    int64_t         number = 0;

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        struct act act = make_act(cases[i].when);
        set_emptiness("RB27S", cases[i].empty, cases[i].nothing);
        if (cases[i].filed) {
            land_run(&land, "UPDATE obligation.duty SET report = 1 WHERE unit = 3");
        }
        begin();
        expect_refusal(act_declare_nothing(&act, &duty, &number, &fault), &fault, cases[i].words);
    }
    EXPECT(land_says(&land, "SELECT count(*) FROM obligation.nothing_to_report", "0"), "nothing");
}

static void
exemption_waives_its_periods_and_no_others(void **state)
{
    const struct date june = {2026, 6, 30};
    const struct date may = {2026, 5, 31};
    struct act        act = make_act("2026-07-09T10:00:00+02:00");
    struct fault      fault = {0};
    int64_t           number = 0;

    (void)state;
    begin();
    expect_done(exempt(&act, STR("RB27S"), may, may, &number, &fault), &fault);
    EXPECT(land_says(&land, STATE("2026-07-20", "RB27S"), "late"), "another period");
    begin();
    expect_done(exempt(&act, STR("RB27S"), june, (struct date){0}, &number, &fault), &fault);
    EXPECT(land_says(&land, STATE("2026-07-20", "RB27S"), "waived"), "its period");
    EXPECT(land_says(&land, STATE("2026-07-20", "RB28S"), "late"), "another form");
    begin();
    expect_done(act_revoke(&act, STR("exemption"), number, &fault), &fault);
    EXPECT(land_says(&land, STATE("2026-07-20", "RB27S"), "late"), "revoked");
}

static void
exemption_is_refused_with_the_reason(void **state)
{
    static const struct {
        const char *form;
        struct date first;
        struct date last;
        const char *words;
    } cases[] = {
        {"RB99",  {2026, 6, 30}, {0},           "Formularza RB99 nie ma w kalendarzu" },
        {"RB27S", {2026, 6, 30}, {2026, 6, 29}, "kończy się przed swoim początkiem"},
        {"RB28S", {2026, 5, 31}, {2026, 6, 30}, "jest już w tym czasie zwolniona"    },
        {"RB28S", {2026, 6, 30}, {0},           "jest już w tym czasie zwolniona"    },
    };
    struct act act = make_act("2026-07-09T10:00:00+02:00");
    struct act nobody = {
        .store = land.admin, .arena = land.arena, .by = STR(""), .basis = STR("x"), .now = act.now};
    struct act baseless = {
        .store = land.admin, .arena = land.arena, .by = STR("x"), .basis = STR(""), .now = act.now};
    struct fault fault = {0};
    int64_t      number = 0;

    (void)state;
    begin();
    expect_done(exempt(&act, STR("RB28S"), (struct date){2026, 6, 30}, (struct date){2026, 6, 30},
                       &number, &fault),
                &fault);
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        begin();
        expect_refusal(
            exempt(&act, str_of(cases[i].form), cases[i].first, cases[i].last, &number, &fault),
            &fault, cases[i].words);
    }
    begin();
    expect_refusal(exempt(&nobody, STR("RB27S"), (struct date){2026, 6, 30}, (struct date){0},
                          &number, &fault),
                   &fault, "podaj, kto wpisuje");
    begin();
    expect_refusal(exempt(&baseless, STR("RB27S"), (struct date){2026, 6, 30}, (struct date){0},
                          &number, &fault),
                   &fault, "na jakiej podstawie");
}

static void
day_of_handing_over_elsewhere_decides(void **state)
{
    static const struct {
        struct date on;
        const char *want;
    } cases[] = {
        {{2026, 7, 1},  "fulfilled"},
        {{2026, 7, 10}, "fulfilled"},
        {{2026, 7, 11}, "late"     },
    };
    struct act      act = make_act("2026-07-20T10:00:00+02:00");
    struct act_duty duty = make_duty(LAND_SCHOOL, "RB28S");
    struct fault    fault = {0};
    int64_t         number = 0;

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        begin();
        expect_done(act_file_elsewhere(&act, &duty, STR("BeSTi@"), cases[i].on, &number, &fault),
                    &fault);
        EXPECT(land_says(&land, STATE("2026-07-20", "RB28S"), cases[i].want), cases[i].want);
        begin();
        expect_done(act_revoke(&act, STR("elsewhere"), number, &fault), &fault);
    }
}

static void
handing_over_elsewhere_is_refused_with_the_reason(void **state)
{
    static const struct {
        int64_t     unit;
        const char *form;
        struct date on;
        const char *words;
    } cases[] = {
        {LAND_SCHOOL, "RB28S", {2026, 7, 21}, "dzień przekazania jest w przyszłości"       },
        {LAND_SCHOOL, "RB28S", {2026, 6, 30}, "przed końcem okresu"                          },
        {LAND_SCHOOL, "RB99",  {2026, 7, 9},  "nie ma w kalendarzu obowiązku RB99 za 2026-Q2"},
        {LAND_ZAKLAD, "RB28S", {2026, 7, 9},  "nie ma w kalendarzu obowiązku RB28S"          },
        {LAND_GMINA,  "RBZ",   {2026, 7, 9},  "podaj też wariant: plain"                     },
        {LAND_SCHOOL, "RB27S", {2026, 7, 9},  "jest już przyjęte w bramie"                  },
    };
    struct act   act = make_act("2026-07-20T10:00:00+02:00");
    struct fault fault = {0};
    int64_t      number = 0;

    (void)state;
    land_run(&land, "UPDATE obligation.duty SET report = 1 WHERE matter IN (SELECT matter FROM"
                    " obligation.matter WHERE form = 'RB27S') AND unit = 3");
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        struct act_duty duty = make_duty(cases[i].unit, cases[i].form);
        begin();
        expect_refusal(act_file_elsewhere(&act, &duty, STR("BeSTi@"), cases[i].on, &number, &fault),
                       &fault, cases[i].words);
    }
}

static void
one_of_several_duties_is_told_by_its_level_and_variant(void **state)
{
    static const struct {
        const char *level;
        const char *variant;
        const char *words; /* NULL: it is found */
    } cases[] = {
        {"",                  "",          "podaj też poziom"                 },
        {"",                  "jop",       NULL                                },
        {"",                  "plain",     "podaj też poziom"                 },
        {"łączne",          "",          "podaj też wariant: plain"         },
        {"łączne",          "plain",     NULL                                },
        {"jednostkowe-organ", "",          NULL                                },
        {"jednostkowe-organ", "jop",       "nie ma w kalendarzu obowiązku RBZ"},
        {"łączne",          "dysponent", "nie ma w kalendarzu obowiązku RBZ"},
        {"zbiorcze",          "",          "nie ma w kalendarzu obowiązku RBZ"},
    };
    struct act   act = make_act("2026-07-20T10:00:00+02:00");
    struct fault fault = {0};
    int64_t      number = 0;

    (void)state;
    land_run(
        &land,
        "WITH organ AS (INSERT INTO obligation.matter (form, form_title, level, year,"
        " period_type, period_number, period, period_end, opens_at) SELECT form, form_title,"
        " 'jednostkowe-organ', year, period_type, period_number, period, period_end, opens_at"
        " FROM obligation.matter WHERE form = 'RBZ' AND level = 'łączne' AND several_per = ''"
        " AND period = '2026-Q2' RETURNING matter) INSERT INTO obligation.duty (unit, matter,"
        " term, way, jst, powiat, due_before) SELECT d.unit, o.matter, d.term, d.way, d.jst, "
        "d.powiat,"
        " d.due_before FROM organ o, obligation.duty d JOIN obligation.matter m USING (matter)"
        " WHERE d.unit = 1 AND m.form = 'RBZ' AND m.several_per = '' AND m.period = '2026-Q2'");
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        struct act_duty duty = make_duty(LAND_GMINA, "RBZ");
        duty.level = str_of(cases[i].level);
        duty.variant = str_of(cases[i].variant);
        begin();
        enum err got = act_file_elsewhere(&act, &duty, STR("BeSTi@"), (struct date){2026, 7, 9},
                                          &number, &fault);
        if (cases[i].words == NULL) {
            expect_done(got, &fault);
        } else {
            expect_refusal(got, &fault, cases[i].words);
        }
    }
}

static void
internal_due_is_shown_apart_and_makes_nothing_late(void **state)
{
    struct act      act = make_act("2026-07-01T10:00:00+02:00");
    struct act_duty duty = make_duty(LAND_GMINA, "RB28S");
    struct fault    fault = {0};
    int64_t         changed = 0;

    (void)state;
    begin();
    expect_done(internal_due_set(&act, &duty, (struct date){2026, 7, 6}, &changed, &fault), &fault);
    assert_int_equal(changed, 3); /* two schools and the urząd, not what the gmina owes to RIO */
    EXPECT(land_says(&land,
                     "SELECT s.internal_on || ' ' || s.due_on FROM obligation.standing(now()) s"
                     " WHERE s.unit = 3 AND s.form = 'RB28S' AND s.period = '2026-Q2'",
                     "2026-07-06 2026-07-10"),
           "both dates");
    EXPECT(land_says(&land, STATE("2026-07-07", "RB28S"), "due"), "after the internal day");
    duty.unit = LAND_SCHOOL;
    begin();
    expect_done(internal_due_set(&act, &duty, (struct date){0}, &changed, &fault), &fault);
    assert_int_equal(changed, 1);
    EXPECT(
        land_says(&land, "SELECT count(*) FROM obligation.duty WHERE internal_on IS NOT NULL", "2"),
        "taken back for one");
}

static void
internal_due_is_refused_with_the_reason(void **state)
{
    static const struct {
        int64_t     unit;
        const char *form;
        struct date on;
        const char *words;
    } cases[] = {
        {LAND_GMINA,
         "RB28S",              {2026, 7, 11},
         "nie może być późniejszy niż termin z kalendarza (10 lipca 2026 r.)"    },
        {LAND_GMINA,  "RB28S", {2026, 6, 30}, "musi być po końcu okresu"            },
        {LAND_GMINA,  "RB99",  {2026, 7, 1},  "ani jednostki podległe nie składają"},
        {LAND_ZAKLAD, "RB28S", {2026, 7, 1},  "ani jednostki podległe nie składają"},
        {LAND_GMINA,  "RBNDS", {2026, 7, 1},  "ani jednostki podległe nie składają"},
    };
    struct act   act = make_act("2026-07-01T10:00:00+02:00");
    struct fault fault = {0};
    int64_t      changed = 0;

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        struct act_duty duty = make_duty(cases[i].unit, cases[i].form);
        begin();
        expect_refusal(internal_due_set(&act, &duty, cases[i].on, &changed, &fault), &fault,
                       cases[i].words);
    }
}

/* Of a unit alone as of the whole JST; what is not there yet is not called something that is not
 * owed. */
static void
internal_due_of_a_school_is_set_when_there_is_the_duty(void **state)
{
    struct act      act = make_act("2026-07-01T10:00:00+02:00");
    struct act_duty duty = make_duty(LAND_SCHOOL, "RB28S");
    struct fault    fault = {0};
    int64_t         changed = 0;

    (void)state;
    begin();
    expect_done(internal_due_set(&act, &duty, (struct date){2026, 7, 6}, &changed, &fault), &fault);
    assert_int_equal(changed, 1);
    duty.period = STR("2031-Q3");
    begin();
    expect_refusal(internal_due_set(&act, &duty, (struct date){2031, 10, 6}, &changed, &fault),
                   &fault, "jeszcze nie wyznaczono");
    assert_non_null(strstr(fault.text, "obligations generate --period 2031-Q3"));
}

static void
outage_is_evidence_and_moves_nothing(void **state)
{
    struct act     act = make_act("2026-07-11T10:00:00+02:00");
    struct outage  outage = {.began = moment_of("2026-07-10T21:10:00+02:00"),
                             .ended = moment_of("2026-07-10T22:40:00+02:00"),
                             .description = STR("nie dało się składać"),
                             .evidence = STR("dziennik nginx")};
    struct outage  wrong = outage;
    struct outage *all = NULL;
    struct fault   fault = {0};
    int64_t        number = 0;
    size_t         count = 0;

    (void)state;
    begin();
    expect_done(outage_add(&act, &outage, &number, &fault), &fault);
    EXPECT(land_says(&land, STATE("2026-07-11", "RB28S"), "late"), "no date moved");
    wrong.ended = wrong.began;
    begin();
    expect_refusal(outage_add(&act, &wrong, &number, &fault), &fault,
                   "kończy się przed swoim początkiem");
    wrong.ended = act.now + 1;
    begin();
    expect_refusal(outage_add(&act, &wrong, &number, &fault), &fault, "kończy się w przyszłości");
    wrong = outage;
    wrong.evidence = STR("");
    begin();
    expect_refusal(outage_add(&act, &wrong, &number, &fault), &fault,
                   "podaj, czego nie dało się zrobić i gdzie to widać");
    begin();
    expect_done(act_revoke(&act, STR("outage"), 1, &fault), &fault);
    assert_int_equal(outage_list(land.admin, land.arena, &all, &count, &fault), ERR_OK);
    assert_int_equal(count, 1);
    assert_true(all[0].revoked && all[0].began == outage.began && all[0].ended == outage.ended);
}

/* Hours of the night of 9 July, half an hour of outage in each, one of them revoked. */
static void
outages_are_found_that_a_moment_fell_in_or_came_right_after(void **state)
{
    static const struct {
        const char *name;
        const char *moments[2];
        size_t      count; /* without the revoked one */
    } cases[] = {
        {"before all of them",         {"2026-07-08T23:59:59+02:00"}, 0 },
        {"as the first began",         {"2026-07-09T00:00:00+02:00"}, 1 },
        {"in the revoked one",         {"2026-07-09T01:10:00+02:00"}, 1 },
        {"in the third",               {"2026-07-09T02:00:00+02:00"}, 2 },
        {"a day after the last ended", {"2026-07-10T20:30:00+02:00"}, 0 },
        {"a second less than a day",   {"2026-07-10T20:29:59+02:00"}, 1 },
        {"both ends, nothing between",
         {"2026-07-09T00:00:00+02:00", "2026-07-10T20:29:59+02:00"},
         2                                                              },
        {"all that there are",         {"2026-07-09T20:10:00+02:00"}, 20},
        {"long before and long after",
         {"2026-07-01T00:00:00+02:00", "2026-08-01T00:00:00+02:00"},
         0                                                              },
    };
    struct fault fault = {0};

    (void)state;
    begin();
    assert_int_equal(
        store_run(land.admin,
                  "INSERT INTO obligation.outage (began, ended, description, evidence, entered_by)"
                  " SELECT t, t + interval '30 minutes', 'o', 'e', 'a' FROM generate_series("
                  " '2026-07-09T00:00+02'::timestamptz, '2026-07-09T20:00+02', '1 hour') t",
                  NULL, land.arena, NULL, &fault),
        ERR_OK);
    struct act act = make_act("2026-07-12T10:00:00+02:00");
    expect_done(act_revoke(&act, STR("outage"), 2, &fault), &fault);
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        struct outages near = {0};
        size_t         count = cases[i].moments[1] == NULL ? 1 : 2;
        const instant  moments[2] = {
             moment_of(cases[i].moments[0]),
             moment_of(count == 1 ? cases[i].moments[0] : cases[i].moments[1])};
        assert_int_equal(outage_near(land.admin, land.arena, moments, count, &near, &fault),
                         ERR_OK);
        EXPECT(near.count == cases[i].count, cases[i].name);
        for (size_t j = 1; j < near.count; j++) {
            EXPECT(near.items[j - 1].began < near.items[j].began, cases[i].name);
        }
        for (size_t j = 0; j < near.count; j++) {
            EXPECT(outage_touches(&near.items[j], moments[0], moments[count - 1]), cases[i].name);
        }
    }
}

static void
only_what_was_entered_is_revoked_and_once(void **state)
{
    static const struct {
        const char *what;
        int64_t     number;
        const char *words;
    } cases[] = {
        {"exemption", 2, "Nie ma takiego wpisu: exemption nr 2"},
        {"exemption", 1, "jest już cofnięty"                 },
        {"nothing",   1, "Nie ma takiego wpisu"                },
        {"elsewhere", 1, "Nie ma takiego wpisu"                },
        {"outage",    1, "Nie ma takiego wpisu"                },
        {"duty",      1, "Nie ma takiego wpisu"                },
    };
    struct act   act = make_act("2026-07-09T10:00:00+02:00");
    struct fault fault = {0};
    int64_t      number = 0;

    (void)state;
    begin();
    expect_done(
        exempt(&act, STR("RB28S"), (struct date){2026, 6, 30}, (struct date){0}, &number, &fault),
        &fault);
    begin();
    expect_done(act_revoke(&act, STR("exemption"), number, &fault), &fault);
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        begin();
        expect_refusal(act_revoke(&act, str_of(cases[i].what), cases[i].number, &fault), &fault,
                       cases[i].words);
    }
}

static void
what_was_entered_before_holds_for_duties_made_later(void **state)
{
    struct act      act = make_act("2026-07-01T10:00:00+02:00");
    struct act_duty duty = make_duty(LAND_GMINA, "RB28S");
    struct fault    fault = {0};
    int64_t         changed = 0;

    (void)state;
    begin();
    expect_done(internal_due_set(&act, &duty, (struct date){2026, 7, 6}, &changed, &fault), &fault);
    land_run(&land,
             "INSERT INTO registry.unit (regon, wk, pk, gk, gt, pt, type, kind, name, parent,"
             " valid_from) VALUES ('990001062', '10', '02', '03', '2', '0', 'JB',"
             " 'jednostka-budzetowa', 'Szkoła nr 3', 1, '2026-06-01')");
    (void)land_generate(&land, NULL);
    EXPECT(land_says(&land,
                     "SELECT d.internal_on FROM obligation.duty d JOIN obligation.matter m"
                     " USING (matter) WHERE d.unit = 8 AND m.form = 'RB28S'"
                     " AND m.period = '2026-Q2'",
                     "2026-07-06"),
           "a new unit has it, too");
}

/* A school goes to the powiat: the day of its gmina is its no more, that of the powiat is. */
static void
internal_due_is_that_of_the_jst_that_a_unit_is_below(void **state)
{
    static const struct {
        const char *move;
        const char *want;
    } cases[] = {
        {"UPDATE registry.unit SET parent = 6, since = '2026-06-01' WHERE unit = 3",    "2026-07-08"},
        {"UPDATE registry.unit SET parent = 1, since = '2026-06-02' WHERE unit = 3",    "2026-07-06"},
        {"UPDATE registry.unit SET parent = NULL, since = '2026-06-03' WHERE unit = 3", "none"      },
    };
    struct act      act = make_act("2026-07-01T10:00:00+02:00");
    struct act_duty of_gmina = make_duty(LAND_GMINA, "RB28S");
    struct act_duty of_powiat = make_duty(LAND_POWIAT, "RB28S");
    struct fault    fault = {0};
    int64_t         changed = 0;

    (void)state;
    begin();
    expect_done(internal_due_set(&act, &of_gmina, (struct date){2026, 7, 6}, &changed, &fault),
                &fault);
    begin();
    expect_done(internal_due_set(&act, &of_powiat, (struct date){2026, 7, 8}, &changed, &fault),
                &fault);
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        land_run(&land, cases[i].move);
        (void)land_generate(&land, NULL);
        EXPECT(land_says(&land,
                         "SELECT coalesce(d.internal_on::text, 'none') FROM obligation.duty d"
                         " JOIN obligation.matter m USING (matter) WHERE d.unit = 3"
                         " AND m.form = 'RB28S' AND m.period = '2026-Q2'",
                         cases[i].want),
               cases[i].move);
    }
}

#define EACH(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        EACH(nothing_to_report_is_taken_where_the_calendar_says_so),
        EACH(nothing_to_report_is_refused_with_the_reason),
        EACH(exemption_waives_its_periods_and_no_others),
        EACH(exemption_is_refused_with_the_reason),
        EACH(day_of_handing_over_elsewhere_decides),
        EACH(handing_over_elsewhere_is_refused_with_the_reason),
        EACH(one_of_several_duties_is_told_by_its_level_and_variant),
        EACH(internal_due_is_shown_apart_and_makes_nothing_late),
        EACH(internal_due_is_refused_with_the_reason),
        EACH(internal_due_of_a_school_is_set_when_there_is_the_duty),
        EACH(outage_is_evidence_and_moves_nothing),
        EACH(outages_are_found_that_a_moment_fell_in_or_came_right_after),
        EACH(only_what_was_entered_is_revoked_and_once),
        EACH(what_was_entered_before_holds_for_duties_made_later),
        EACH(internal_due_is_that_of_the_jst_that_a_unit_is_below),
    };

    return cmocka_run_group_tests(tests, cluster_share, cluster_unshare);
}

#include "gateway/intake/timeliness.h"

#include "gateway/definitions/definitions.h"
#include "tests/support/expect.h"

#define ROOM ((size_t)256 << 20U)

static struct arena           *kept;
static const struct catalogue *catalogue;
static const struct calendar  *calendar;

static int
load(void **state)
{
    struct fault fault = {0};

    (void)state;
    kept = arena_create(ROOM);
    ENSURE(definitions_catalogue(kept, NULL, &catalogue, &fault) == ERR_OK);
    ENSURE(calendar_load(kept, catalogue, &calendar, &fault) == ERR_OK);
    return 0;
}

static int
unload(void **state)
{
    (void)state;
    arena_destroy(kept);
    return 0;
}

/* One report of one unit, and what is to be stated of it. */
struct row {
    const char      *name;
    const char      *form;
    const char      *level;
    const char      *kind;
    const char      *type; /* of the period */
    int              number;
    const char      *pt;
    const char      *arrived; /* RFC 3339 */
    enum verdict     verdict;
    bool             corrected;
    bool             keyless; /* unit, form or period is not certain */
    enum environment environment;
    const char      *due; /* empty: nothing is stated */
    enum timeliness  timeliness;
};

#define BUD "jednostka-budzetowa"
#define ON_TIME "2026-07-10T23:59:59+02:00"
#define LATE "2026-07-11T00:00:00+02:00"
#define OK VERDICT_ACCEPTED
#define TEST ENVIRONMENT_TEST
#define PROD ENVIRONMENT_PROD

/* clang-format off */
static const struct row rows[] = {
    {"the last second",          "RB27S", "jednostkowe", BUD, "Kwartal", 2, "0", ON_TIME, OK, false, false, TEST, "2026-07-10", TIMELINESS_IN_TIME},
    {"the first second after",   "RB27S", "jednostkowe", BUD, "Kwartal", 2, "0", LATE,    OK, false, false, TEST, "2026-07-10", TIMELINESS_LATE},
    {"long before",              "RB27S", "jednostkowe", BUD, "Kwartal", 2, "0", "2026-06-01T00:00:00Z", OK, false, false, TEST, "2026-07-10", TIMELINESS_IN_TIME},
    {"UTC is still the day",     "RB27S", "jednostkowe", BUD, "Kwartal", 2, "0", "2026-07-10T22:00:00Z", OK, false, false, TEST, "2026-07-10", TIMELINESS_LATE},
    {"certain, in PROD",         "RB27S", "jednostkowe", BUD, "Kwartal", 2, "0", LATE,    OK, false, false, PROD, "2026-07-10", TIMELINESS_LATE},
    {"a correction after it",    "RB27S", "jednostkowe", BUD, "Kwartal", 2, "0", LATE,    OK, true,  false, TEST, "2026-07-10", TIMELINESS_CORRECTION},
    {"a correction in time",     "RB27S", "jednostkowe", BUD, "Kwartal", 2, "0", ON_TIME, OK, true,  false, TEST, "2026-07-10", TIMELINESS_IN_TIME},
    {"undecided",                "RB27S", "jednostkowe", BUD, "Kwartal", 2, "0", LATE,    VERDICT_UNDECIDED, false, false, TEST, "2026-07-10", TIMELINESS_LATE},
    {"rejected",                 "RB27S", "jednostkowe", BUD, "Kwartal", 2, "0", ON_TIME, VERDICT_REJECTED,  false, false, TEST, "2026-07-10", TIMELINESS_NONE},
    {"held",                     "RB27S", "jednostkowe", BUD, "Kwartal", 2, "0", LATE,    VERDICT_HELD,      false, false, TEST, "2026-07-10", TIMELINESS_NONE},
    {"a month, moved",           "RB28S", "jednostkowe", BUD, "Miesiac", 10, "0", "2026-11-10T12:00:00Z", OK, false, false, TEST, "2026-11-10", TIMELINESS_IN_TIME},
    {"a JST",                    "RB27S", "zbiorcze", "jst", "Kwartal", 2, "0", LATE,    OK, false, false, TEST, "2026-07-22", TIMELINESS_IN_TIME},
    {"Rb-PDP of a gmina",        "RBPDP", "zbiorcze", "jst", "Kwartal", 4, "0", LATE,    OK, false, false, TEST, "2027-02-22", TIMELINESS_IN_TIME},
    {"Rb-PDP of a town",         "RBPDP", "zbiorcze", "jst", "Kwartal", 4, "2", LATE,    OK, false, false, TEST, "2027-02-22", TIMELINESS_IN_TIME},
    {"per dysponent",            "RB50",  "zbiorcze", "jst", "Kwartal", 2, "0", "2026-07-15T00:00:00+02:00", OK, false, false, TEST, "2026-07-14", TIMELINESS_LATE},
    {"a library's Rb-Z",         "RBZ",   "jednostkowe", "instytucja-kultury", "Kwartal", 2, "0", LATE, OK, false, false, TEST, "2026-07-14", TIMELINESS_IN_TIME},
    {"model, in TEST",           "RB27S", "jednostkowe", BUD, "Kwartal", 4, "0", LATE,    OK, false, false, TEST, "2027-02-01", TIMELINESS_IN_TIME},
    {"model, in PROD",           "RB27S", "jednostkowe", BUD, "Kwartal", 4, "0", LATE,    OK, false, false, PROD, "", TIMELINESS_NONE},
    {"Rb-PDP of a powiat",       "RBPDP", "zbiorcze", "jst", "Kwartal", 4, "1", LATE,    OK, false, false, TEST, "", TIMELINESS_NONE},
    {"Rb-PDP of an odd code",    "RBPDP", "zbiorcze", "jst", "Kwartal", 4, "9", LATE,    OK, false, false, TEST, "", TIMELINESS_NONE},
    {"not certain",              "RB27S", "jednostkowe", BUD, "Kwartal", 2, "0", LATE,    OK, false, true,  TEST, "", TIMELINESS_NONE},
    {"another level",            "RB27S", "zbiorcze", BUD, "Kwartal", 2, "0", LATE,    OK, false, false, TEST, "", TIMELINESS_NONE},
    {"no level",                 "RB27S", "", BUD, "Kwartal", 2, "0", LATE,    OK, false, false, TEST, "", TIMELINESS_NONE},
    {"a kind nobody knows",      "RB27S", "jednostkowe", "fundacja", "Kwartal", 2, "0", LATE, OK, false, false, TEST, "", TIMELINESS_NONE},
    {"no kind",                  "RB27S", "jednostkowe", "", "Kwartal", 2, "0", LATE,    OK, false, false, TEST, "", TIMELINESS_NONE},
    {"a form without terms",     "SMUPU", "jednostkowe", BUD, "Kwartal", 2, "0", LATE,    OK, false, false, TEST, "", TIMELINESS_NONE},
    {"a month that is a quarter", "RB27S", "jednostkowe", BUD, "Miesiac", 6, "0", LATE,   OK, false, false, TEST, "", TIMELINESS_NONE},
};
/* clang-format on */

/* Everything that a concluding submission of one report has, as far as it is looked at. */
struct scene {
    struct queued          queued;
    struct form            form;
    struct report          report;
    struct decided_report  decided_report;
    struct package_unit    unit;
    struct package         package;
    struct decided_file    file;
    struct registry_answer answer;
    struct before          before;
    struct filed           filed;
    struct concluding      item;
};

static struct field
field_of(const char *text)
{
    return (struct field){.text = str_of(text)};
}

static void
set_scene(const struct row *row, struct scene *scene)
{
    moment     arrived = 0;
    struct str number = str_format(kept, "%d", row->number);

    EXPECT(moment_parse(str_of(row->arrived), &arrived), row->name);
    *scene = (struct scene){
        .queued = {.arrived = arrived * INSTANT_PER_SECOND + 999999},
        .form = {                         .code = str_of(row->form)                                               },
        .answer = { .standing = STANDING_GOOD,                       .unit = 1, .kind = str_of(row->kind)},
        .before = {                                               .corrected = row->corrected                                               },
        .filed = {  .has_key = !row->keyless,                                                .term = {.calendar = STR("of before")}},
    };
    EXPECT(
        catalogue_period(catalogue, STR("2026"), str_of(row->type), number, &scene->filed.period),
        row->name);
    scene->unit.identity.fields[UNIT_GT] = field_of("3");
    scene->unit.identity.fields[UNIT_PT] = field_of(row->pt);
    scene->package = (struct package){.units = &scene->unit, .unit_count = 1};
    scene->decided_report = (struct decided_report){.report = &scene->report,
                                                    .form = &scene->form,
                                                    .level = str_of(row->level),
                                                    .verdict = row->verdict};
    scene->file = (struct decided_file){
        .package = &scene->package, .reports = &scene->decided_report, .report_count = 1};
    scene->item = (struct concluding){.queued = &scene->queued,
                                      .decided = &scene->file,
                                      .units = &scene->answer,
                                      .unit_count = 1,
                                      .before = &scene->before,
                                      .filed = &scene->filed};
}

static void
what_the_calendar_says_of_a_report_is_stated(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(rows); i++) {
        const struct row        *row = &rows[i];
        struct scene             scene = {0};
        const struct filed_term *term = &scene.filed.term;
        struct date              due = {0};
        set_scene(row, &scene);
        timeliness_settle(calendar, row->environment, &scene.item);
        EXPECT(row->due[0] == '\0' || date_parse(str_of(row->due), &due), row->name);
        EXPECT(date_compare(term->due, due) == 0, row->name);
        EXPECT(term->timeliness == row->timeliness, row->name);
        EXPECT(str_equal(term->calendar, due.year == 0 ? STR("") : calendar->version), row->name);
        EXPECT((term->basis.size > 0) == (due.year != 0), row->name);
    }
}

static void
what_came_before_byte_for_byte_is_as_timely_as_then(void **state)
{
    static const struct {
        const char     *arrived;
        enum verdict    verdict;
        enum timeliness twin;
        enum timeliness want;
    } cases[] = {
        {LATE,    OK,                TIMELINESS_IN_TIME,    TIMELINESS_IN_TIME   },
        {LATE,    OK,                TIMELINESS_LATE,       TIMELINESS_LATE      },
        {LATE,    OK,                TIMELINESS_CORRECTION, TIMELINESS_CORRECTION},
        {LATE,    OK,                TIMELINESS_NONE,       TIMELINESS_CORRECTION},
        {ON_TIME, OK,                TIMELINESS_IN_TIME,    TIMELINESS_IN_TIME   },
        {LATE,    VERDICT_REJECTED,  TIMELINESS_IN_TIME,    TIMELINESS_NONE      },
        {LATE,    VERDICT_HELD,      TIMELINESS_IN_TIME,    TIMELINESS_NONE      },
        {LATE,    VERDICT_UNDECIDED, TIMELINESS_IN_TIME,    TIMELINESS_IN_TIME   },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        struct row   row = rows[0];
        struct scene scene = {0};
        row.arrived = cases[i].arrived;
        row.verdict = cases[i].verdict;
        row.corrected = true;
        set_scene(&row, &scene);
        scene.filed.twin = cases[i].twin;
        timeliness_settle(calendar, TEST, &scene.item);
        assert_int_equal(scene.filed.term.timeliness, cases[i].want);
    }
}

static void
a_delivery_states_nothing(void **state)
{
    struct scene scene = {0};

    (void)state;
    set_scene(&rows[0], &scene); /* of which something is stated when it is decided */
    scene.item.decided = NULL;
    timeliness_settle(calendar, ENVIRONMENT_TEST, &scene.item);
    assert_true(str_equal(scene.filed.term.calendar, STR("of before")));
    assert_int_equal(scene.filed.term.due.year, 0);
}

static void
every_timeliness_has_its_code(void **state)
{
    (void)state;
    assert_int_equal(timeliness_code(TIMELINESS_NONE).size, 0);
    assert_true(str_equal(timeliness_code(TIMELINESS_IN_TIME), STR("in_time")));
    assert_true(str_equal(timeliness_code(TIMELINESS_LATE), STR("late")));
    assert_true(str_equal(timeliness_code(TIMELINESS_CORRECTION), STR("correction")));
}

/* When a correction is one, and until when it is expected. */
static void
a_correction_after_its_window_is_put_to_the_recipient(void **state)
{
    static const struct {
        const char  *name;
        const char  *level;
        const char  *kind;
        const char  *type;
        int          number;
        const char  *arrived;
        enum verdict verdict;
        bool         corrected;
        const char  *until; /* empty: none is stated */
        const char  *recipient;
    } windows[] = {
        {"the last second",           "zbiorcze",    "jst", "Kwartal", 2, "2026-09-30T23:59:59+02:00", OK,               true,
         "2026-09-30",                                                                                                                        ""   },
        {"the next one",              "zbiorcze",    "jst", "Kwartal", 2, "2026-10-01T00:00:00+02:00", OK,               true,
         "2026-09-30",                                                                                                                        "RIO"},
        {"a month is not sent again", "zbiorcze",    "jst", "Miesiac", 5, "2026-06-23T00:00:00+02:00",
         OK,                                                                                                             true,  "2026-06-22", "RIO"},
        {"no correction",             "zbiorcze",    "jst", "Kwartal", 2, "2026-10-01T00:00:00+02:00", OK,               false,
         "",                                                                                                                                  ""   },
        {"open for ever",             "jednostkowe", BUD,   "Kwartal", 2, "2036-10-01T00:00:00+02:00", OK,               true,
         "",                                                                                                                                  ""   },
        {"rejected",                  "zbiorcze",    "jst", "Kwartal", 2, "2026-10-01T00:00:00+02:00", VERDICT_REJECTED,
         true,                                                                                                                  "",           ""   },
        {"held",                      "zbiorcze",    "jst", "Kwartal", 2, "2026-10-01T00:00:00+02:00", VERDICT_HELD,     true,
         "",                                                                                                                                  ""   },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(windows); i++) {
        const struct row row = {.name = windows[i].name,
                                .form = "RB28S",
                                .level = windows[i].level,
                                .kind = windows[i].kind,
                                .type = windows[i].type,
                                .number = windows[i].number,
                                .pt = "0",
                                .arrived = windows[i].arrived,
                                .verdict = windows[i].verdict,
                                .corrected = windows[i].corrected,
                                .environment = TEST};
        struct scene     scene;
        struct buf       until = buf_create(kept, 32);

        set_scene(&row, &scene);
        timeliness_settle(calendar, row.environment, &scene.item);
        const struct filed_term *term = &scene.filed.term;
        if (term->window_until.year != 0) {
            date_write(&until, term->window_until);
        }
        EXPECT(str_equal(buf_str(&until), str_of(windows[i].until)), row.name);
        EXPECT(term->outside == (windows[i].recipient[0] != '\0'), row.name);
        EXPECT(str_equal(term->recipient, str_of(windows[i].recipient)), row.name);
        EXPECT(!term->outside || term->basis.size > 0, row.name);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_the_calendar_says_of_a_report_is_stated),
        cmocka_unit_test(what_came_before_byte_for_byte_is_as_timely_as_then),
        cmocka_unit_test(a_delivery_states_nothing),
        cmocka_unit_test(every_timeliness_has_its_code),
        cmocka_unit_test(a_correction_after_its_window_is_put_to_the_recipient),
    };
    return cmocka_run_group_tests(tests, load, unload);
}

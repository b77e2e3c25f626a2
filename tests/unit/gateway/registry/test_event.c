#include "gateway/registry/event.h"
#include "tests/support/cluster.h"
#include "tests/support/expect.h"

#include <string.h>

enum { ARENA_MAX = 64 * 1024 * 1024 };

/* Two gminy; the first has two schools and a body that keeps books. */
enum { GMINA, CUW, SCHOOL, SECOND, OTHER, FAR, UNITS };

struct bench {
    struct arena        *arena;
    struct store        *admin;
    struct store        *writer;
    struct fault         fault;
    const char          *name;
    struct registry_unit units[UNITS];
};

static void
add_units(struct bench *bench)
{
    static const struct {
        const char *regon;
        const char *gk;
        const char *type;
        const char *kind;
        int         parent; /* index; -1: none */
    } units[UNITS] = {
        [GMINA] = {"990000016", "02", "ZB-TEST", "jst",                 -1   },
        [CUW] = {"990000022", "02", "JB",      "cuw",                 GMINA},
        [SCHOOL] = {"990001010", "02", "JB",      "jednostka-budzetowa", GMINA},
        [SECOND] = {"990001027", "02", "JB",      "jednostka-budzetowa", GMINA},
        [OTHER] = {"990000039", "03", "ZB-TEST", "jst",                 -1   },
        [FAR] = {"990001033", "03", "JB",      "jednostka-budzetowa", OTHER},
    };

    for (size_t i = 0; i < UNITS; i++) {
        bench->units[i] = (struct registry_unit){
            .regon = str_of(units[i].regon),
            .wk = STR("99"),
            .pk = STR("01"),
            .gk = str_of(units[i].gk),
            .gt = STR("2"),
            .pt = STR("0"),
            .type = str_of(units[i].type),
            .kind = str_of(units[i].kind),
            .name = str_of(units[i].regon),
            .parent = units[i].parent < 0 ? 0 : bench->units[units[i].parent].unit,
            .valid_from = {2020, 1, 1},
        };
        assert_int_equal(registry_add_unit(bench->admin, bench->arena, &bench->units[i],
                                           &bench->units[i].unit, &bench->fault),
                         ERR_OK);
    }
}

static int
set_up(void **state)
{
    static struct bench bench;
    static int          number;

    bench = (struct bench){.arena = arena_create(ARENA_MAX)};
    bench.name = str_format(bench.arena, "event%d", number++).data;
    struct store_address address = cluster_database(cluster_shared, bench.name);
    assert_int_equal(store_open(bench.arena, &address, STORE_ADMIN, &bench.admin, &bench.fault),
                     ERR_OK);
    assert_int_equal(store_open(bench.arena, &address, STORE_WRITER, &bench.writer, &bench.fault),
                     ERR_OK);
    add_units(&bench);
    *state = &bench;
    return 0;
}

static int
tear_down(void **state)
{
    struct bench *bench = *state;

    arena_destroy(bench->arena);
    return 0;
}

static const char *
ask_sql(struct bench *bench, const char *sql)
{
    return cluster_ask(cluster_shared, bench->arena, bench->name, sql).data;
}

static struct registry_answer
ask(struct bench *bench, int subject, int unit, const char *gk, struct date day,
    struct date period_end)
{
    const struct registry_unit *of = &bench->units[unit];
    const struct registry_claim claim = {.regon = of->regon,
                                         .type = of->type,
                                         .wk = STR("99"),
                                         .pk = STR("01"),
                                         .gk = str_of(gk),
                                         .gt = STR("2"),
                                         .pt = STR("0"),
                                         .subject = bench->units[subject].unit,
                                         .day = day,
                                         .period_end = period_end};
    struct registry_answer      answer = {0};

    assert_int_equal(registry_ask(bench->writer, bench->arena, &claim, 1, &answer, &bench->fault),
                     ERR_OK);
    return answer;
}

static const struct date june = {2026, 6, 30};

static void
provider_files_for_a_unit_while_it_serves_it(void **state)
{
    struct bench        *bench = *state;
    struct event_service service = {
        .unit = &bench->units[SCHOOL],
        .provider = &bench->units[CUW],
        .from = {2026, 1, 1 },
        .to = {2026, 6, 30},
        .basis = STR("uchwała")
    };
    struct event_service far = service;
    static const struct {
        const char            *name;
        int                    subject;
        int                    unit;
        struct date            day;
        enum registry_standing want;
    } cases[] = {
        {"the day before",              CUW,    SCHOOL, {2025, 12, 31}, STANDING_FOREIGN},
        {"the first day",               CUW,    SCHOOL, {2026, 1, 1},   STANDING_GOOD   },
        {"the last day",                CUW,    SCHOOL, {2026, 6, 30},  STANDING_GOOD   },
        {"the day after",               CUW,    SCHOOL, {2026, 7, 1},   STANDING_FOREIGN},
        {"a unit that it serves not",   CUW,    SECOND, {2026, 3, 1},   STANDING_FOREIGN},
        {"the served for its provider", SCHOOL, CUW,    {2026, 3, 1},   STANDING_FOREIGN},
        {"the JST above both",          GMINA,  SCHOOL, {2026, 3, 1},   STANDING_GOOD   },
        {"of another JST",              CUW,    FAR,    {2026, 3, 1},   STANDING_GOOD   },
        {"the JST of the provider",     GMINA,  FAR,    {2026, 3, 1},   STANDING_FOREIGN},
        {"a unit beside the provider",  SECOND, SCHOOL, {2026, 3, 1},   STANDING_FOREIGN},
    };

    far.unit = &bench->units[FAR];
    assert_int_equal(event_serve(bench->admin, bench->arena, &service, &bench->fault), ERR_OK);
    assert_int_equal(event_serve(bench->admin, bench->arena, &far, &bench->fault), ERR_OK);
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        struct registry_answer answer = ask(bench, cases[i].subject, cases[i].unit,
                                            cases[i].unit == FAR ? "03" : "02", cases[i].day, june);
        EXPECT(answer.standing == cases[i].want, cases[i].name);
        /* The key of locks is the unit's own JST, whoever files. */
        EXPECT(answer.top == bench->units[cases[i].unit == FAR ? OTHER : GMINA].unit,
               cases[i].name);
    }
}

static void
service_that_cannot_be_is_refused(void **state)
{
    struct bench              *bench = *state;
    const struct event_service good = {
        .unit = &bench->units[SCHOOL], .provider = &bench->units[CUW], .from = {2026, 1, 1}
    };
    struct event_service itself = good;
    struct event_service twice = good;
    struct event_service backwards = good;
    struct event_service released_early = good;
    struct event_service nobody = good;

    itself.provider = itself.unit;
    twice.from = (struct date){2026, 5, 1};
    backwards.unit = &bench->units[SECOND];
    backwards.to = (struct date){2025, 12, 31};
    released_early.to = (struct date){2025, 12, 31};
    nobody.unit = &bench->units[SECOND];
    nobody.to = june;
    assert_int_equal(event_serve(bench->admin, bench->arena, &good, &bench->fault), ERR_OK);
    const struct {
        const char                 *name;
        const struct event_service *service;
        enum err (*enter)(struct store *, struct arena *, const struct event_service *,
                          struct fault *);
        const char *words;
    } cases[] = {
        {"itself",                   &itself,         event_serve,   "nie może obsługiwać sama siebie"},
        {"twice at one time",        &twice,          event_serve,   "jest już w tym czasie"            },
        {"ends before it begins",    &backwards,      event_serve,   "zanim się zacznie"                },
        {"released before it began", &released_early, event_release, "później, niż podany"            },
        {"released from nobody",     &nobody,         event_release, "nie jest obsługiwana przez"       },
    };
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        EXPECT(cases[i].enter(bench->admin, bench->arena, cases[i].service, &bench->fault)
                   == ERR_DENIED,
               cases[i].name);
        EXPECT(strstr(bench->fault.text, cases[i].words) != NULL, cases[i].name);
    }
    assert_string_equal(ask_sql(bench, "SELECT count(*) FROM registry.service"), "1");
    released_early.to = june;
    assert_int_equal(event_release(bench->admin, bench->arena, &released_early, &bench->fault),
                     ERR_OK);
    assert_int_equal(ask(bench, CUW, SCHOOL, "02", (struct date){2026, 7, 1}, june).standing,
                     STANDING_FOREIGN);
}

/* Given for a year, taken back in its middle; what is over by the day is not made longer. */
static void
service_with_a_last_day_may_end_earlier(void **state)
{
    struct bench        *bench = *state;
    struct event_service service = {
        .unit = &bench->units[SCHOOL],
        .provider = &bench->units[CUW],
        .from = {2026, 1,  1 },
        .to = {2026, 12, 31}
    };
    static const struct {
        struct date day;
        enum err    want;
        const char *left; /* last days */
    } cases[] = {
        {{2027, 1, 1},   ERR_DENIED, "2026-12-31"},
        {{2026, 12, 31}, ERR_DENIED, "2026-12-31"},
        {{2025, 12, 31}, ERR_DENIED, "2026-12-31"},
        {{2026, 6, 30},  ERR_OK,     "2026-06-30"},
        {{2026, 7, 1},   ERR_DENIED, "2026-06-30"},
        {{2026, 1, 1},   ERR_OK,     "2026-01-01"}, /* given and taken back on one day */
    };

    assert_int_equal(event_serve(bench->admin, bench->arena, &service, &bench->fault), ERR_OK);
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        service.to = cases[i].day;
        EXPECT(event_release(bench->admin, bench->arena, &service, &bench->fault) == cases[i].want,
               cases[i].left);
        EXPECT(strcmp(ask_sql(bench, "SELECT string_agg(valid_to::text, ' ')"
                                     " FROM registry.service"),
                      cases[i].left)
                   == 0,
               bench->fault.text);
    }
}

/* SCHOOL moves to the other gmina on 1 July, and gets its codes and a name there. */
static void
unit_is_what_it_was_on_the_day_that_is_asked_for(void **state)
{
    struct bench        *bench = *state;
    struct registry_unit moved = bench->units[SCHOOL];
    static const struct {
        const char            *name;
        int                    subject;
        const char            *gk;
        struct date            day;
        struct date            period_end;
        enum registry_standing want;
        bool                   is_new;
    } cases[] = {
        {"old gmina, before",           GMINA, "02", {2026, 6, 30}, {2026, 6, 30}, STANDING_GOOD,    false},
        {"new gmina, before",           OTHER, "02", {2026, 6, 30}, {2026, 6, 30}, STANDING_FOREIGN, false},
        {"old gmina, after",            GMINA, "03", {2026, 7, 1},  {2026, 9, 30}, STANDING_FOREIGN, true },
        {"new gmina, after",            OTHER, "03", {2026, 7, 1},  {2026, 9, 30}, STANDING_GOOD,    true },
        {"new codes before the day",
         GMINA,                                "03",
         {2026, 6, 30},
         {2026, 6, 30},
         STANDING_DIFFERS,                                                                           false},
        {"old codes, period before",
         OTHER,                                "02",
         {2026, 7, 10},
         {2026, 6, 30},
         STANDING_GOOD,                                                                              true },
        {"old codes, period after",
         OTHER,                                "02",
         {2026, 10, 9},
         {2026, 9, 30},
         STANDING_DIFFERS,                                                                           true },
        {"old codes, period not known", OTHER, "02", {2026, 7, 10}, {0},           STANDING_DIFFERS, true },
        {"before there was the unit",
         GMINA,                                "02",
         {2019, 12, 31},
         {2019, 9, 30},
         STANDING_CLOSED,                                                                            false},
    };

    moved.parent = bench->units[OTHER].unit;
    moved.gk = STR("03");
    moved.name = STR("Nowa");
    assert_int_equal(
        event_change(bench->admin, bench->arena, &moved, (struct date){2026, 7, 1}, &bench->fault),
        ERR_OK);
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        struct registry_answer answer =
            ask(bench, cases[i].subject, SCHOOL, cases[i].gk, cases[i].day, cases[i].period_end);
        EXPECT(answer.standing == cases[i].want, cases[i].name);
        EXPECT(str_equal(answer.name, cases[i].is_new ? STR("Nowa") : STR("990001010")),
               cases[i].name);
        EXPECT(answer.top == bench->units[OTHER].unit, cases[i].name); /* as it is now */
        /* Of a period that is not known as well. */
        bool before = cases[i].period_end.year != 0
                      && date_compare(cases[i].period_end, (struct date){2026, 7, 1}) < 0;
        EXPECT(answer.period_top == bench->units[before ? GMINA : OTHER].unit, cases[i].name);
    }
    assert_string_equal(ask_sql(bench, "SELECT string_agg(concat_ws(' ', held_from, held_to, name),"
                                       " ';') FROM registry.unit_history"),
                        "-infinity 2026-06-30 990001010");
}

static void
change_that_cannot_be_is_refused_and_one_of_the_same_day_is_a_correction(void **state)
{
    struct bench        *bench = *state;
    struct registry_unit good = bench->units[SCHOOL];
    struct registry_unit circle = bench->units[GMINA];
    struct registry_unit itself = bench->units[SCHOOL];
    struct registry_unit orphan = bench->units[SCHOOL];
    struct registry_unit nameless = bench->units[SCHOOL];
    struct registry_unit jop = bench->units[SCHOOL];
    struct registry_unit kind = bench->units[SCHOOL];
    struct registry_unit nip = bench->units[SCHOOL];
    const struct date    day = {2026, 3, 1};

    good.name = STR("Inna");
    circle.parent = bench->units[SCHOOL].unit;
    itself.parent = itself.unit;
    orphan.parent = 987654;
    nameless.name = STR("");
    jop.jop = STR("43");
    kind.kind = STR("zamek");
    nip.nip = STR("12");
    assert_int_equal(event_change(bench->admin, bench->arena, &good, day, &bench->fault), ERR_OK);
    const struct {
        const char                 *name;
        const struct registry_unit *unit;
        struct date                 day;
        const char                 *words;
    } cases[] = {
        {"before the latest change",  &good,     {2026, 2, 28},  "późniejszą zmianę"},
        {"before there was the unit", &circle,   {2019, 12, 31}, "nie było tego dnia"  },
        {"below its own child",       &circle,   {2026, 3, 1},   "pod sobą samą"      },
        {"below itself",              &itself,   {2026, 3, 1},   "złej postaci"        },
        {"below nobody",              &orphan,   {2026, 3, 1},   "nie ma w rejestrze"   },
        {"no name",                   &nameless, {2026, 3, 1},   "złej postaci"        },
        {"no such JOP group",         &jop,      {2026, 3, 1},   "złej postaci"        },
        {"no such kind",              &kind,     {2026, 3, 1},   "nie ma w rejestrze"   },
        {"NIP of two digits",         &nip,      {2026, 3, 1},   "złej postaci"        },
    };
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        assert_int_equal(store_begin(bench->admin, &bench->fault), ERR_OK);
        EXPECT(event_change(bench->admin, bench->arena, cases[i].unit, cases[i].day, &bench->fault)
                   == ERR_DENIED,
               cases[i].name);
        EXPECT(strstr(bench->fault.text, cases[i].words) != NULL, cases[i].name);
        store_rollback(bench->admin);
    }
    good.name = STR("Poprawiona");
    assert_int_equal(store_begin(bench->admin, &bench->fault), ERR_OK);
    assert_int_equal(event_change(bench->admin, bench->arena, &good, day, &bench->fault), ERR_OK);
    assert_int_equal(store_commit(bench->admin, &bench->fault), ERR_OK);
    assert_string_equal(ask_sql(bench, "SELECT count(*) FROM registry.unit_history"), "1");
    assert_string_equal(ask_sql(bench, "SELECT name || ' ' || since FROM registry.unit"
                                       " WHERE regon = '990001010'"),
                        "Poprawiona 2026-03-01");
}

/* Circles that close on another day than that of the change: later, or as the rows stand. */
static void
circle_by_dates_is_refused(void **state)
{
    struct bench *bench = *state;
    static const struct {
        const char *name;
        struct date first; /* SCHOOL comes below SECOND */
        struct date gone;  /* and leaves it again; year 0: it does not */
        struct date then;  /* SECOND comes below SCHOOL */
        enum err    want;
    } cases[] = {
        {"on the day",           {2027, 1, 1}, {0},          {2027, 1, 1},   ERR_DENIED},
        {"before the day",       {2027, 1, 1}, {0},          {2026, 7, 1},   ERR_DENIED},
        {"after the day",        {2027, 1, 1}, {0},          {2027, 7, 1},   ERR_DENIED},
        {"between the two days", {2027, 1, 1}, {2028, 1, 1}, {2026, 7, 1},   ERR_DENIED},
        {"until the last day",   {2027, 1, 1}, {2028, 1, 1}, {2027, 12, 31}, ERR_DENIED},
        {"when it has gone",     {2027, 1, 1}, {2028, 1, 1}, {2028, 1, 1},   ERR_OK    },
    };

    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        struct registry_unit school = bench->units[SCHOOL];
        struct registry_unit second = bench->units[SECOND];

        school.parent = second.unit;
        assert_int_equal(store_begin(bench->admin, &bench->fault), ERR_OK);
        assert_int_equal(
            event_change(bench->admin, bench->arena, &school, cases[i].first, &bench->fault),
            ERR_OK);
        if (cases[i].gone.year != 0) {
            school.parent = bench->units[GMINA].unit;
            assert_int_equal(
                event_change(bench->admin, bench->arena, &school, cases[i].gone, &bench->fault),
                ERR_OK);
        }
        second.parent = school.unit;
        EXPECT(event_change(bench->admin, bench->arena, &second, cases[i].then, &bench->fault)
                   == cases[i].want,
               cases[i].name);
        EXPECT(cases[i].want == ERR_OK || strstr(bench->fault.text, "pod sobą samą") != NULL,
               cases[i].name);
        store_rollback(bench->admin);
    }
}

/* An UPDATE that does not say from when: what was is kept all the same. */
static void
plain_update_keeps_what_was(void **state)
{
    struct bench *bench = *state;

    assert_int_equal(store_script(bench->admin,
                                  "UPDATE registry.unit SET name = 'Po zmianie', nip = '9990000014'"
                                  " WHERE regon = '990001010'",
                                  &bench->fault),
                     ERR_OK);
    assert_string_equal(
        ask_sql(bench,
                "SELECT since = registry.today() FROM registry.unit WHERE regon = '990001010'"),
        "t");
    assert_string_equal(ask_sql(bench, "SELECT a.name || b.name FROM"
                                       " registry.units_at(registry.today() - 1) a,"
                                       " registry.units_at(registry.today()) b"
                                       " WHERE a.regon = '990001010' AND b.unit = a.unit"),
                        "990001010Po zmianie");
    /* A last day is no other state. */
    assert_int_equal(store_script(bench->admin,
                                  "UPDATE registry.unit SET valid_to = '2030-01-01'"
                                  " WHERE regon = '990001027'",
                                  &bench->fault),
                     ERR_OK);
    assert_string_equal(ask_sql(bench, "SELECT count(*) FROM registry.unit_history"), "1");
}

static const struct date september = {2026, 9, 1};

static enum err
succeed(struct bench *bench, int predecessor, int successor, const char *kind, struct date day)
{
    const struct event_succession succession = {.predecessor = &bench->units[predecessor],
                                                .successor = &bench->units[successor],
                                                .kind = str_of(kind),
                                                .day = day,
                                                .basis = STR("uchwała")};

    return event_succeed(bench->admin, bench->arena, &succession, &bench->fault);
}

static void
periods_after_the_event_are_the_successors(void **state)
{
    struct bench *bench = *state;
    static const struct {
        const char            *name;
        int                    subject;
        int                    unit;
        struct date            day;
        struct date            period_end;
        enum registry_standing want;
    } cases[] = {
        {"predecessor, period before, in time",
         GMINA,                                          SCHOOL,
         {2026, 8, 31},
         {2026, 6, 30},
         STANDING_GOOD                                                                                           },
        {"predecessor, period before, later",
         GMINA,                                          SCHOOL,
         {2026, 10, 9},
         {2026, 6, 30},
         STANDING_CLOSED                                                                                         },
        {"period ends the day before",
         GMINA,                                          SCHOOL,
         {2026, 10, 9},
         {2026, 8, 31},
         STANDING_CLOSED                                                                                         },
        {"period ends on the day",               GMINA,  SCHOOL, {2026, 10, 9}, {2026, 9, 1},  STANDING_SUCCEEDED},
        {"period after",                         GMINA,  SCHOOL, {2026, 10, 9}, {2026, 9, 30}, STANDING_SUCCEEDED},
        {"period not known",                     GMINA,  SCHOOL, {2026, 10, 9}, {0},           STANDING_CLOSED   },
        {"its own credential, period after",
         SCHOOL,                                         SCHOOL,
         {2026, 10, 9},
         {2026, 9, 30},
         STANDING_SUCCEEDED                                                                                      },
        {"successor for its predecessor before",
         SECOND,                                         SCHOOL,
         {2026, 8, 31},
         {2026, 6, 30},
         STANDING_FOREIGN                                                                                        },
        {"successor for its predecessor after",
         SECOND,                                         SCHOOL,
         {2026, 9, 1},
         {2026, 6, 30},
         STANDING_CLOSED                                                                                         },
        {"predecessor for its successor",
         SCHOOL,                                         SECOND,
         {2026, 9, 1},
         {2026, 9, 30},
         STANDING_FOREIGN                                                                                        },
        {"somebody else learns nothing",
         OTHER,                                          SCHOOL,
         {2026, 10, 9},
         {2026, 9, 30},
         STANDING_FOREIGN                                                                                        },
        {"successor for itself",                 SECOND, SECOND, {2026, 10, 9}, {2026, 9, 30}, STANDING_GOOD     },
    };

    assert_int_equal(succeed(bench, SCHOOL, SECOND, "takeover", september), ERR_OK);
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        struct registry_answer answer =
            ask(bench, cases[i].subject, cases[i].unit, "02", cases[i].day, cases[i].period_end);
        bool is_told = answer.standing == STANDING_SUCCEEDED;
        EXPECT(answer.standing == cases[i].want, cases[i].name);
        EXPECT((answer.registered.size > 0) == is_told, cases[i].name);
        EXPECT(!is_told
                   || str_equal(answer.registered,
                                STR("990001027 (REGON 990001027) od 1 września 2026 r.")),
               cases[i].name);
        EXPECT((registry_unit_of(&answer) == 0) == (answer.standing == STANDING_FOREIGN),
               cases[i].name);
    }
}

static void
successors_are_followed_to_the_last_and_a_split_has_several(void **state)
{
    struct bench *bench = *state;
    static const struct {
        const char *sql;
        const char *want;
    } cases[] = {
        {"SELECT registry.successor_at(3, '2026-08-31')",                         "3"     },
        {"SELECT registry.successor_at(3, '2026-09-01')",                         "4"     },
        {"SELECT registry.successor_at(3, '2026-12-31')",                         "4"     },
        {"SELECT coalesce(registry.successor_at(3, '2027-01-01')::text, 'none')", "none"  },
        {"SELECT string_agg(x::text, ' ' ORDER BY x) FROM registry.successors_at(3, '2027-01-01') "
         "x",                                                            "2 6"   },
        {"SELECT registry.successor_at(6, '2027-01-01')",                         "6"     },
        {"SELECT registry.heirs(3, '2026-08-31') IS NULL",                        "t"     },
        {"SELECT registry.heirs(3, '2027-01-01')",
         "990000022 (REGON 990000022), 990001033 (REGON 990001033) od 1 września 2026 r."},
 /* A split gives nobody the whole: neither part sees what was filed before it. */
        {"SELECT string_agg(x::text, ' ' ORDER BY x) FROM unnest(registry.scope(6, '2027-01-01')) "
         "x",                                                            "6"     },
        {"SELECT string_agg(x::text, ' ' ORDER BY x) FROM unnest(registry.scope(4, '2027-01-01')) "
         "x",                                                            "3 4"   },
    };

    assert_int_equal(succeed(bench, SCHOOL, SECOND, "merge", september), ERR_OK);
    assert_int_equal(succeed(bench, SECOND, FAR, "split", (struct date){2027, 1, 1}), ERR_OK);
    assert_int_equal(succeed(bench, SECOND, CUW, "split", (struct date){2027, 1, 1}), ERR_OK);
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        EXPECT(strcmp(ask_sql(bench, cases[i].sql), cases[i].want) == 0, cases[i].sql);
    }
}

static void
succession_that_cannot_be_is_refused(void **state)
{
    struct bench *bench = *state;
    static const struct {
        const char *name;
        int         predecessor;
        int         successor;
        const char *kind;
        struct date day;
        const char *words;
    } cases[] = {
        {"itself",                    FAR,    FAR,    "merge",    {2026, 9, 1},   "przez samą siebie"      },
        {"no such kind",              FAR,    SECOND, "swap",     {2026, 9, 1},   "w sposób inny niż"     },
        {"a second successor",        SCHOOL, FAR,    "merge",    {2026, 9, 1},   "ma już następcę"      },
        {"the same one again",        SCHOOL, SECOND, "takeover", {2026, 9, 1},   "ma już następcę"      },
        {"a split beside a takeover", SCHOOL, FAR,    "split",    {2026, 9, 1},   "ma już następcę"      },
        {"on another day",            SCHOOL, FAR,    "takeover", {2026, 9, 2},   "ma już następcę"      },
        {"a circle",                  SECOND, SCHOOL, "merge",    {2027, 9, 1},   "którą sama zastąpiła"},
        {"before there was the unit", FAR,    SECOND, "merge",    {2020, 1, 1},   "dopiero od tego dnia"    },
        {"before its successor",      FAR,    SECOND, "merge",    {2019, 12, 31}, "nie ma na ten dzień"    },
        {"to one that is closed",     FAR,    SCHOOL, "merge",    {2026, 9, 1},   "innego następcę"       },
    };

    assert_int_equal(succeed(bench, SCHOOL, SECOND, "takeover", september), ERR_OK);
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        assert_int_equal(store_begin(bench->admin, &bench->fault), ERR_OK);
        EXPECT(succeed(bench, cases[i].predecessor, cases[i].successor, cases[i].kind, cases[i].day)
                   == ERR_DENIED,
               cases[i].name);
        EXPECT(strstr(bench->fault.text, cases[i].words) != NULL, cases[i].name);
        store_rollback(bench->admin);
    }
    assert_string_equal(ask_sql(bench, "SELECT count(*) FROM registry.succession"), "1");
    assert_string_equal(
        ask_sql(bench, "SELECT valid_to FROM registry.unit WHERE regon = '990001010'"),
        "2026-08-31");
}

/* A school that is served and has an account, and a JST with a school below it, get other numbers.
 */
static void
what_stands_beside_a_unit_goes_on_with_its_new_number(void **state)
{
    struct bench *bench = *state;
    static const struct {
        int         predecessor;
        const char *regon;
    } cases[] = {
        {SCHOOL, "990001040"},
        {OTHER,  "990000045"},
    };
    static const struct {
        const char *sql;
        const char *want;
    } facts[] = {
        {"SELECT string_agg(trait || ' ' || t.valid_from, ';') FROM registry.unit_trait t"
         " JOIN registry.unit u USING (unit) WHERE u.regon = '990001040'",                         "rachunek-223 2026-09-01"                                                      },
        {"SELECT string_agg(concat_ws(' ', s.provider, s.valid_from, s.valid_to), ';')"
         " FROM registry.service s JOIN registry.unit u USING (unit) WHERE u.regon = '990001040'", "2 2026-09-01 2026-12-31"                                                      },
        {"SELECT string_agg(concat_ws(' ', s.unit, s.valid_from), ';') FROM registry.service s"
         " JOIN registry.unit u ON u.unit = s.provider WHERE u.regon = '990000045'",               "4 2027-01-01"                                                                 },
        {"SELECT string_agg(concat_ws(' ', o.office, o.valid_from), ';') FROM"
         " registry.unit_office o JOIN registry.unit u USING (unit) WHERE u.regon = '990000045'",  "rio-lodz 2026-09-01"                                                          },
        {"SELECT registry.parent_at(6, '2026-08-31')",                                                      "5"                                                                            },
        {"SELECT (SELECT regon FROM registry.unit WHERE unit ="
         " registry.parent_at(6, '2026-09-01'))",                                                  "990000045"                                                                    },
        {"SELECT registry.acts_for(2, 3, '2026-10-01')",                                                    "t"                                                                            },
        {"SELECT count(*) FROM registry.unit_office",                                                       "2"                                                                            },
        {"SELECT string_agg(concat_ws(' ', s.unit, s.provider, s.valid_from, s.valid_to), ';'"
         " ORDER BY s.service) FROM registry.service s WHERE s.basis <> 'REGON'",                  "3 2 2020-01-01 2026-12-31;3 4 2020-01-01 2026-08-31;4 5 2027-01-01 2027-01-01"},
    };

    cluster_run(cluster_shared, bench->name,
                "INSERT INTO registry.unit_trait (unit, trait, valid_from, valid_to) VALUES"
                " (3, 'rachunek-223', '2020-01-01', NULL),"
                " (3, 'wydatki-niewygasajace', '2020-01-01', '2026-08-31');"
                "INSERT INTO registry.service (unit, provider, valid_from, valid_to) VALUES"
                " (3, 2, '2020-01-01', '2026-12-31'), (3, 4, '2020-01-01', '2026-08-31'),"
                " (4, 5, '2027-01-01', NULL);"
                "INSERT INTO registry.unit_office (unit, office, valid_from) VALUES"
                " (5, 'rio-lodz', '2020-01-01')");
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        struct registry_unit          successor = bench->units[cases[i].predecessor];
        const struct event_succession succession = {.predecessor =
                                                        &bench->units[cases[i].predecessor],
                                                    .successor = &successor,
                                                    .kind = STR("new-regon"),
                                                    .day = september,
                                                    .basis = STR("REGON")};
        successor.regon = str_of(cases[i].regon);
        successor.valid_from = september;
        assert_int_equal(store_begin(bench->admin, &bench->fault), ERR_OK);
        assert_int_equal(registry_add_unit(bench->admin, bench->arena, &successor, &successor.unit,
                                           &bench->fault),
                         ERR_OK);
        if (event_inherit(bench->admin, bench->arena, &succession, &bench->fault) != ERR_OK) {
            fail_msg("%s", bench->fault.text);
        }
        assert_int_equal(event_succeed(bench->admin, bench->arena, &succession, &bench->fault),
                         ERR_OK);
        assert_int_equal(store_commit(bench->admin, &bench->fault), ERR_OK);
    }
    for (size_t i = 0; i < ARRAY_COUNT(facts); i++) {
        const char *got = ask_sql(bench, facts[i].sql);
        if (strcmp(got, facts[i].want) != 0) {
            fail_msg("%s: %s", facts[i].sql, got);
        }
    }
}

/* Enters a body under another number; what is refused is undone. */
static enum err
renumber(struct bench *bench, int predecessor, struct date day)
{
    struct registry_unit          successor = bench->units[predecessor];
    const struct event_succession succession = {.predecessor = &bench->units[predecessor],
                                                .successor = &successor,
                                                .kind = STR("new-regon"),
                                                .day = day};

    successor.regon = STR("990000045");
    successor.valid_from = day;
    assert_int_equal(store_begin(bench->admin, &bench->fault), ERR_OK);
    assert_int_equal(
        registry_add_unit(bench->admin, bench->arena, &successor, &successor.unit, &bench->fault),
        ERR_OK);
    enum err got = event_inherit(bench->admin, bench->arena, &succession, &bench->fault);
    if (got != ERR_OK) {
        store_rollback(bench->admin);
        return got;
    }
    assert_int_equal(event_succeed(bench->admin, bench->arena, &succession, &bench->fault), ERR_OK);
    assert_int_equal(store_commit(bench->admin, &bench->fault), ERR_OK);
    return ERR_OK;
}

/* 2 is the body that keeps books, 7 the same from September, 3 a school that it serves. */
static void
old_number_serves_nobody_from_the_day(void **state)
{
    struct bench *bench = *state;
    static const struct {
        const char *sql;
        const char *want;
    } facts[] = {
        {"SELECT registry.acts_for(2, 3, '2026-08-31')",            "t"         },
        {"SELECT registry.acts_for(2, 3, '2026-09-01')",            "f"         },
        {"SELECT registry.acts_for(2, 6, '2026-09-01')",            "f"         },
        {"SELECT registry.scope(2, '2026-09-01')",                  "{2}"       },
        {"SELECT registry.scope(2, '2026-11-01')",                  "{2}"       },
        {"SELECT registry.scope(2, '2030-01-01')",                  "{2}"       },
        {"SELECT registry.acts_for(7, 3, '2026-08-31')",            "f"         },
        {"SELECT registry.acts_for(7, 3, '2026-09-01')",            "t"         },
        {"SELECT registry.acts_for(7, 6, '2026-10-01')",            "t"         },
        {"SELECT registry.acts_for(7, 4, '2026-09-01')",            "f"         },
        {"SELECT valid_to FROM registry.service WHERE service = 3", "2026-03-31"},
        {"SELECT count(*) FROM registry.service",                   "5"         },
    };

    cluster_run(cluster_shared, bench->name,
                "INSERT INTO registry.service (unit, provider, valid_from, valid_to) VALUES"
                " (3, 2, '2020-01-01', NULL), (6, 2, '2026-10-01', '2027-12-31'),"
                " (4, 2, '2020-01-01', '2026-03-31')");
    if (renumber(bench, CUW, september) != ERR_OK) {
        fail_msg("%s", bench->fault.text);
    }
    for (size_t i = 0; i < ARRAY_COUNT(facts); i++) {
        const char *got = ask_sql(bench, facts[i].sql);
        if (strcmp(got, facts[i].want) != 0) {
            fail_msg("%s: %s", facts[i].sql, got);
        }
    }
}

/* 5 is the gmina, 6 its school; what is entered ahead of the day would be left behind. */
static void
new_number_waits_for_what_is_entered_ahead(void **state)
{
    struct bench *bench = *state;
    static const struct {
        const char *sql;
        struct date day;
        const char *words; /* NULL: it is entered */
    } cases[] = {
        {"UPDATE registry.unit SET name = 'nowa', since = '2026-10-01' WHERE unit = 6",
         {2026, 9, 30},
         "od 1 października 2026 r."                                                                            },
        {"UPDATE registry.unit SET parent = 1, since = '2027-01-01' WHERE unit = 6",
         {2026, 9, 1},
         "Jednostki pod jednostką o REGON 990000039 mają późniejszą zmianę niż podany dzień: "
         "od 1 stycznia 2027 r.; podaj dzień nie wcześniejszy niż ta zmiana"                                  },
        {"UPDATE registry.unit SET name = 'inna', since = '2027-03-01' WHERE unit = 6",
         {2026, 12, 31},
         "od 1 marca 2027 r."                                                                                    },
        {"UPDATE registry.unit SET valid_to = '2026-08-31' WHERE unit = 6;"
         "UPDATE registry.unit SET jop = '42', since = '2026-10-01' WHERE unit = 5", {2026, 9, 30},
         "Jednostka o REGON 990000039 ma późniejszą zmianę niż podany dzień: od 1 października "
         "2026 r.; podaj dzień nie wcześniejszy niż ta zmiana"                                                },
        {"SELECT 1",                                                                          {2026, 10, 1}, NULL},
    };

    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        cluster_run(cluster_shared, bench->name, cases[i].sql);
        enum err got = renumber(bench, OTHER, cases[i].day);
        EXPECT(got == (cases[i].words == NULL ? ERR_OK : ERR_DENIED), cases[i].sql);
        EXPECT(cases[i].words == NULL || strstr(bench->fault.text, cases[i].words) != NULL,
               bench->fault.text);
    }
}

/* Whoever has a successor stays closed: two would owe the same. */
static void
unit_with_a_successor_is_not_opened_again(void **state)
{
    struct bench *bench = *state;
    static const struct {
        struct date day;
        enum err    want;
    } cases[] = {
        {{2026, 9, 1},   ERR_DENIED},
        {{2026, 12, 31}, ERR_DENIED},
        {{2026, 8, 31},  ERR_OK    },
        {{2026, 6, 30},  ERR_OK    },
    };

    assert_int_equal(succeed(bench, SCHOOL, SECOND, "merge", september), ERR_OK);
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        enum err got = registry_close_unit(bench->admin, bench->arena, bench->units[SCHOOL].unit,
                                           cases[i].day, &bench->fault);
        EXPECT(got == cases[i].want, bench->fault.text);
        EXPECT(got == ERR_OK || strstr(bench->fault.text, "od 1 września 2026 r.") != NULL,
               bench->fault.text);
    }
    assert_string_equal(ask_sql(bench, "SELECT valid_to FROM registry.unit WHERE unit = 3"),
                        "2026-06-30");
}

/* The two ways to ask whom one acts for agree for every pair of units on every day of events. */
static void
scope_and_acts_for_say_the_same(void **state)
{
    struct bench        *bench = *state;
    struct registry_unit moved = bench->units[CUW];
    struct event_service service = {
        .unit = &bench->units[FAR], .provider = &bench->units[CUW], .from = {2026, 2, 1}
    };

    moved.parent = bench->units[OTHER].unit;
    assert_int_equal(event_serve(bench->admin, bench->arena, &service, &bench->fault), ERR_OK);
    assert_int_equal(succeed(bench, SCHOOL, SECOND, "merge", september), ERR_OK);
    assert_int_equal(
        event_change(bench->admin, bench->arena, &moved, (struct date){2026, 4, 1}, &bench->fault),
        ERR_OK);
    assert_string_equal(
        ask_sql(bench, "SELECT count(*) FILTER (WHERE (p.unit = ANY (registry.scope(r.unit, d)))"
                       " <> registry.acts_for(r.unit, p.unit, d)) || ' of ' || count(*)"
                       " FROM registry.unit r, registry.unit p, unnest('{2019-01-01, 2026-01-31,"
                       " 2026-02-01, 2026-03-31, 2026-04-01, 2026-08-31, 2026-09-01}'::date[]) d"),
        "0 of 252");
}

/* What a reader is let see: a served unit while it is served, and not what stands beside it. */
static void
provider_sees_what_it_serves_today_and_no_more(void **state)
{
    struct bench        *bench = *state;
    struct store_address address = {str_of(cluster_host(cluster_shared)),
                                    cluster_port(cluster_shared), str_of(bench->name)};
    struct event_service now = {
        .unit = &bench->units[FAR], .provider = &bench->units[CUW], .from = {2020, 1, 1}
    };
    struct event_service over = {
        .unit = &bench->units[SCHOOL],
        .provider = &bench->units[CUW],
        .from = {2020, 1,  1 },
        .to = {2020, 12, 31}
    };
    struct store_parameters parameters = store_parameters_create(bench->arena);
    struct store_rows       rows = {0};
    struct store           *reader = NULL;

    assert_int_equal(store_open(bench->arena, &address, STORE_READER, &reader, &bench->fault),
                     ERR_OK);
    assert_int_equal(event_serve(bench->admin, bench->arena, &now, &bench->fault), ERR_OK);
    assert_int_equal(event_serve(bench->admin, bench->arena, &over, &bench->fault), ERR_OK);
    cluster_run(cluster_shared, bench->name,
                "INSERT INTO registry.credential (unit, is_certificate, digest, scopes, label,"
                " expires_at) VALUES (2, false, sha256('x'), 3, '', '2099-01-01')");
    store_put_number(&parameters, 1);
    assert_int_equal(store_begin(reader, &bench->fault), ERR_OK);
    assert_int_equal(store_run(reader, "SELECT registry.enter($1)", &parameters, bench->arena, NULL,
                               &bench->fault),
                     ERR_OK);
    assert_int_equal(store_run(reader,
                               "SELECT string_agg(x::text, ' ' ORDER BY x)"
                               " FROM unnest(registry.seen_units()) x",
                               NULL, bench->arena, &rows, &bench->fault),
                     ERR_OK);
    assert_true(str_equal(store_text(&rows, 0, 0), STR("2 6")));
    store_rollback(reader);
}

static void
office_is_assigned_with_dates_and_nonsense_is_refused(void **state)
{
    struct bench             *bench = *state;
    const struct event_office good = {
        .unit = &bench->units[GMINA],
        .office = STR("rio-lodz"),
        .from = {2020, 1, 1},
        .basis = STR("ustawa")
    };
    struct event_office unknown = good;
    struct event_office backwards = good;
    struct event_office ended = good;

    unknown.office = STR("rio-atlantyda");
    backwards.unit = &bench->units[OTHER];
    backwards.to = (struct date){2019, 1, 1};
    ended.to = june;
    assert_int_equal(event_assign(bench->admin, bench->arena, &good, &bench->fault), ERR_OK);
    assert_int_equal(event_assign(bench->admin, bench->arena, &good, &bench->fault), ERR_DENIED);
    assert_int_equal(event_assign(bench->admin, bench->arena, &unknown, &bench->fault), ERR_DENIED);
    assert_non_null(strstr(bench->fault.text, "takiego urzędu nie ma"));
    assert_int_equal(event_assign(bench->admin, bench->arena, &backwards, &bench->fault),
                     ERR_DENIED);
    assert_int_equal(event_unassign(bench->admin, bench->arena, &unknown, &bench->fault),
                     ERR_DENIED);
    assert_int_equal(event_unassign(bench->admin, bench->arena, &ended, &bench->fault), ERR_OK);
    assert_int_equal(event_unassign(bench->admin, bench->arena, &ended, &bench->fault), ERR_DENIED);
    assert_string_equal(ask_sql(bench, "SELECT count(*) || ' ' || max(valid_to)"
                                       " FROM registry.unit_office"),
                        "1 2026-06-30");
    assert_string_equal(ask_sql(bench, "SELECT count(*) FROM registry.office WHERE kind = 'rio'"),
                        "16");
}

static void
every_change_leaves_one_row_that_nobody_can_change(void **state)
{
    static const char *const attempts[] = {
        "UPDATE registry.change SET login = 'x'",
        "DELETE FROM registry.change",
        "TRUNCATE registry.change",
        "DELETE FROM registry.unit_history",
        "DELETE FROM registry.unit",
        "DELETE FROM registry.service",
        "TRUNCATE registry.unit CASCADE",
        "DELETE FROM registry.succession",
    };
    struct bench        *bench = *state;
    struct store_address address = {str_of(cluster_host(cluster_shared)),
                                    cluster_port(cluster_shared), str_of(bench->name)};
    struct registry_unit unit = bench->units[SCHOOL];
    struct store        *owner = NULL;

    assert_int_equal(store_open(bench->arena, &address, STORE_OWNER, &owner, &bench->fault),
                     ERR_OK);
    unit.name = STR("Nowa");
    assert_int_equal(store_begin(bench->admin, &bench->fault), ERR_OK);
    assert_int_equal(
        event_sign(bench->admin, bench->arena, STR("jan"), STR("uchwała 7"), &bench->fault),
        ERR_OK);
    assert_int_equal(
        event_change(bench->admin, bench->arena, &unit, (struct date){2026, 3, 1}, &bench->fault),
        ERR_OK);
    assert_int_equal(store_commit(bench->admin, &bench->fault), ERR_OK);
    assert_string_equal(ask_sql(bench, "SELECT count(*) FROM registry.change"), "7");
    assert_string_equal(
        ask_sql(bench, "SELECT concat_ws('|', login, operator, what, unit, old, new, basis)"
                       " FROM registry.change WHERE what = 'unit changed'"),
        "brama_admin|jan|unit changed|3|{\"name\": \"990001010\", \"since\": \"2020-01-01\"}|"
        "{\"name\": \"Nowa\", \"since\": \"2026-03-01\"}|uchwała 7");
    assert_string_equal(ask_sql(bench, "SELECT operator || basis FROM registry.change LIMIT 1"),
                        "");
    for (size_t i = 0; i < ARRAY_COUNT(attempts); i++) {
        EXPECT(store_script(owner, attempts[i], &bench->fault) == ERR_STORE, attempts[i]);
        EXPECT(strcmp(store_sqlstate(owner), "23514") == 0, attempts[i]);
        EXPECT(store_script(bench->admin, attempts[i], &bench->fault) == ERR_STORE_UNFIT,
               attempts[i]);
        EXPECT(strcmp(store_sqlstate(bench->admin), "42501") == 0, attempts[i]);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
        TEST(provider_files_for_a_unit_while_it_serves_it),
        TEST(service_that_cannot_be_is_refused),
        TEST(service_with_a_last_day_may_end_earlier),
        TEST(unit_is_what_it_was_on_the_day_that_is_asked_for),
        TEST(change_that_cannot_be_is_refused_and_one_of_the_same_day_is_a_correction),
        TEST(circle_by_dates_is_refused),
        TEST(plain_update_keeps_what_was),
        TEST(periods_after_the_event_are_the_successors),
        TEST(successors_are_followed_to_the_last_and_a_split_has_several),
        TEST(succession_that_cannot_be_is_refused),
        TEST(unit_with_a_successor_is_not_opened_again),
        TEST(what_stands_beside_a_unit_goes_on_with_its_new_number),
        TEST(old_number_serves_nobody_from_the_day),
        TEST(new_number_waits_for_what_is_entered_ahead),
        TEST(scope_and_acts_for_say_the_same),
        TEST(provider_sees_what_it_serves_today_and_no_more),
        TEST(office_is_assigned_with_dates_and_nonsense_is_refused),
        TEST(every_change_leaves_one_row_that_nobody_can_change),
#undef TEST
    };

    return cmocka_run_group_tests(tests, cluster_share, cluster_unshare);
}

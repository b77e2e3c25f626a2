#include "tests/support/expect.h"
#include "tests/support/judging.h"
#include "tests/support/leaf.h"
#include "tests/support/maker.h"
#include "tests/unit/gateway/submission/workshop.h"

#include <string.h>

/*
 * Reports of one form, unit and period that say for whom they are: each has its own versions, due
 * day, duty and place among those in force. Schools 2, 3 and 4 of the workshop are the first three
 * units of the maker.
 */
static struct arena *kept;

static int
begin(void **state)
{
    struct str   pem = {0};
    struct fault fault = {0};

    kept = arena_create((size_t)64 << 20U);
    if (judging_load(state) != 0 || workshop_start(state) != 0) {
        return -1;
    }
    ENSURE(authority_pem(kept, judging_authority(), AUTHORITY_CA, &pem, &fault) == ERR_OK);
    workshop_trust(pem);
    return 0;
}

static int
end(void **state)
{
    int stopped = workshop_stop(state);

    arena_destroy(kept);
    return stopped + judging_unload(state);
}

/* School 2 owes Rb-50 to two dysponents, school 3 to somebody, school 4 to one. */
static const char duties_sql[] =
    "INSERT INTO obligation.matter (form, form_title, level, several_per, year, period_type,"
    " period_number, period, period_end, opens_at) VALUES ('RB50', 'Rb-50', 'jednostkowe',"
    " 'dysponent', 2026, 'Kwartal', 2, '2026-Q2', '2026-06-30', '2026-07-01');"
    "INSERT INTO obligation.term (calendar, matter, kind, jst_types, recipient, recipient_title,"
    " rule, nominal_on, due_on, due_before, empty_allowed, nothing_allowed, model, basis)"
    " SELECT '1', matter, 'jednostka-budzetowa', 0, 'zarzad-jst', '', '', '2026-07-10',"
    " '2026-07-10', '2030-01-01', true, false, false, 'b' FROM obligation.matter;"
    "INSERT INTO obligation.duty (unit, matter, term, way, jst, powiat, due_before, variant)"
    " SELECT u, t.matter, t.term, 1, 1, '9901', '2030-01-01', v FROM obligation.term t, (VALUES"
    " (2, 'kbw'), (2, 'wojewoda-lodzki'), (3, ''), (4, 'mf')) x (u, v)";

/* What is in force, "unit:variant vWersja"; duties that are fulfilled; strays. */
static const char in_force_sql[] =
    "SELECT coalesce(string_agg(unit || ':' || variant || ' v' || version, ', ' ORDER BY unit,"
    " variant COLLATE \"C\"), '') FROM intake.report WHERE upper_inf(in_force)";
static const char fulfilled_sql[] =
    "SELECT coalesce(string_agg(unit || ':' || variant, ', ' ORDER BY unit, variant"
    " COLLATE \"C\"), '') FROM obligation.duty WHERE report IS NOT NULL";
static const char strays_sql[] =
    "SELECT coalesce(string_agg(unit || ':' || variant, ', ' ORDER BY unit, variant"
    " COLLATE \"C\"), '') FROM obligation.stray";

#define D(name) "<Dysponent>" name "</Dysponent>"
#define TASK(name) "<RodzajZadania>" name "</RodzajZadania>"
#define TWO "2:kbw v0, 2:wojewoda-lodzki v0"

/* Packages one after another, each with one Rb-50 of a school, and what holds after it. */
static const struct {
    const char *variant; /* what stands in the header */
    size_t      school;  /* of the maker */
    int         version;
    const char *code; /* of what is told; NULL: nothing of versions */
    const char *in_force;
    const char *fulfilled;
    const char *strays;
} steps[] = {
    {D("kbw"),                0, 0, NULL,         "2:kbw v0",                                              "2:kbw",                              ""         },
    {D("wojewoda-lodzki"),    0, 0, NULL,         TWO,                                                     "2:kbw, 2:wojewoda-lodzki",           ""         },
    {D("kbw"),                0, 1, NULL,         "2:kbw v1, 2:wojewoda-lodzki v0",                        "2:kbw, 2:wojewoda-lodzki",           ""         },
    {D("wojewoda-lodzki"),    0, 0, "PACZKA-018", "2:kbw v1, 2:wojewoda-lodzki v0",
     "2:kbw, 2:wojewoda-lodzki",                                                                                                                 ""         },
    {"",                      0, 0, NULL,         "2: v0, 2:kbw v1, 2:wojewoda-lodzki v0",                 "2:kbw, 2:wojewoda-lodzki",           "2:"       },
    {D("kbw") TASK("gmina"),  1, 0, NULL,         "2: v0, 2:kbw v1, 2:wojewoda-lodzki v0, 3:kbw/gmina v0",
     "2:kbw, 2:wojewoda-lodzki, 3:",                                                                                                             "2:"       },
    {D("kbw") TASK("powiat"), 1, 0, NULL,
     "2: v0, 2:kbw v1, 2:wojewoda-lodzki v0, 3:kbw/gmina v0, 3:kbw/powiat v0",                             "2:kbw, 2:wojewoda-lodzki, 3:",       "2:"       },
    {D("kbw"),                2, 0, NULL,
     "2: v0, 2:kbw v1, 2:wojewoda-lodzki v0, 3:kbw/gmina v0, 3:kbw/powiat v0, 4:kbw v0",                   "2:kbw, 2:wojewoda-lodzki, 3:",       "2:, 4:kbw"},
    {D("mf") TASK("powiat"),  2, 0, NULL,
     "2: v0, 2:kbw v1, 2:wojewoda-lodzki v0, 3:kbw/gmina v0, 3:kbw/powiat v0, 4:kbw v0,"
     " 4:mf/powiat v0",                                                                                    "2:kbw, 2:wojewoda-lodzki, 3:, 4:mf", "2:, 4:kbw"},
};

/* One school's Rb-50 with this in its header. */
static struct str
make(struct workshop *workshop, const char *variant, size_t school, int version, uint64_t seed)
{
    const struct maker_options options = {.seed = seed,
                                          .first_unit = school,
                                          .sheet = "Rb-50",
                                          .version = version,
                                          .variant = variant};
    struct str                 bytes = {0};
    struct fault               fault = {0};

    if (maker_package(workshop->arena, &options, judging_authority(), &bytes, &fault) != ERR_OK) {
        fail_msg("%s: %s", variant, fault.text);
    }
    return bytes;
}

static void
send(struct workshop *workshop, uint64_t number, struct str bytes)
{
    struct str key = str_format(workshop->arena, "k%d", (int)number);

    (void)workshop_send(workshop, WORKSHOP_GMINA, number, key.data, bytes);
}

static void
expect(struct workshop *workshop, const char *sql, const char *want)
{
    struct str told = workshop_ask(workshop, sql);

    if (!str_equal(told, str_of(want))) {
        fail_msg("\"%.*s\", not \"%s\"", STR_ARG(told), want);
    }
}

static void
each_variant_has_its_own_versions_and_duty(void **state)
{
    struct workshop *workshop = workshop_open();

    (void)state;
    workshop_run(workshop, duties_sql);
    for (size_t i = 0; i < ARRAY_COUNT(steps); i++) {
        send(workshop, i + 1,
             make(workshop, steps[i].variant, steps[i].school, steps[i].version, i + 1));
        struct str told = str_format(
            workshop->arena,
            "SELECT coalesce(string_agg(code, ' '), '-') FROM intake.finding WHERE code IN"
            " ('PACZKA-018', 'PACZKA-019', 'PACZKA-021', 'PACZKA-022') AND submission = '%.*s'",
            STR_ARG(workshop_ask(workshop,
                                 "SELECT submission FROM intake.submission ORDER BY arrived DESC,"
                                 " submission DESC LIMIT 1")));
        expect(workshop, told.data, steps[i].code == NULL ? "-" : steps[i].code);
        expect(workshop, in_force_sql, steps[i].in_force);
        expect(workshop, fulfilled_sql, steps[i].fulfilled);
        expect(workshop, strays_sql, steps[i].strays);
    }
    expect(workshop, "SELECT string_agg(DISTINCT due::text, ' ') FROM intake.report", "2026-07-10");
    expect(workshop, "SELECT count(*) FROM obligation.unsettled", "0");
    expect(workshop,
           "SELECT count(*) FROM intake.log l JOIN intake.decision d ON d.log_index = l.index"
           " JOIN intake.submission s ON s.submission = d.submission WHERE l.leaf <> " LEAF_SQL,
           "0");
    workshop_close(workshop);
}

/* In one package, and in one batch, as in several. */
static void
variants_of_one_batch_do_not_supersede_each_other(void **state)
{
    static const char *const variants[] = {D("kbw"), D("wojewoda-lodzki"), D("mf") TASK("gmina"),
                                           D("mf") TASK("powiat")};
    struct workshop         *workshop = workshop_open();
    struct batch             batch = workshop_batch();

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(variants); i++) {
        struct str key = str_format(workshop->arena, "k%zu", i);
        (void)workshop_file(workshop, &batch, WORKSHOP_GMINA, i + 1, key.data,
                            make(workshop, variants[i], 0, 0, i + 1));
    }
    stage_run(&workshop->bench, &batch, STAGE_ADMIT);
    batch_destroy(&batch);
    expect(workshop, in_force_sql, "2:kbw v0, 2:mf/gmina v0, 2:mf/powiat v0, 2:wojewoda-lodzki v0");
    workshop_close(workshop);
}

static void
receipt_says_the_variant_and_leaves_it_out_where_there_is_none(void **state)
{
    struct workshop *workshop = workshop_open();
    const char      *with =
        "SELECT count(*) FROM intake.receipt WHERE"
        " position('<Wariant>mf/powiat</Wariant>' in convert_from(bytes, 'UTF8')) > 0";
    const char *any = "SELECT count(*) FROM intake.receipt WHERE"
                      " position('Wariant' in convert_from(bytes, 'UTF8')) > 0";

    (void)state;
    send(workshop, 1, make(workshop, "", 0, 0, 1));
    expect(workshop, any, "0");
    send(workshop, 2, make(workshop, D("mf") TASK("powiat"), 0, 0, 2));
    expect(workshop, with, "1");
    workshop_close(workshop);
}

/* What the schema refuses is no part of a key; such a report takes nobody's place. */
static void
variant_that_cannot_be_read_is_refused_and_stored_as_none(void **state)
{
    static const char *const refused[] = {
        D(""),
        D("KBW"),
        D("kbw "),
        D("a-"),
        D("a/b"),
        D("*"),
        TASK("miasto"),
        D("kbw") TASK(""),
        "<GrupaJOP>42</GrupaJOP>",
        D("kbw") D("mf"),
        "<Dysponent><X/></Dysponent>",
        D("a234567890b234567890c234567890d2345678901"),
    };
    struct workshop *workshop = workshop_open();

    (void)state;
    workshop_run(workshop, duties_sql);
    for (size_t i = 0; i < ARRAY_COUNT(refused); i++) {
        send(workshop, i + 1, make(workshop, refused[i], 0, 0, i + 1));
        EXPECT(workshop_number(workshop, "SELECT count(*) FROM intake.report WHERE verdict <> 3")
                   == 0,
               refused[i]);
    }
    expect(workshop, in_force_sql, "");
    expect(workshop, fulfilled_sql, "");
    assert_int_equal(workshop_number(workshop, "SELECT count(*) FROM intake.report"),
                     ARRAY_COUNT(refused));
    workshop_close(workshop);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_variant_has_its_own_versions_and_duty),
        cmocka_unit_test(variants_of_one_batch_do_not_supersede_each_other),
        cmocka_unit_test(receipt_says_the_variant_and_leaves_it_out_where_there_is_none),
        cmocka_unit_test(variant_that_cannot_be_read_is_refused_and_stored_as_none),
    };

    return cmocka_run_group_tests(tests, begin, end);
}

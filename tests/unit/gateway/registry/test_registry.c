#include "gateway/registry/credential.h"
#include "gateway/registry/registry.h"
#include "tests/support/cluster.h"
#include "tests/support/expect.h"
#include "validators/calendar/calendar.h"

#include <string.h>

enum { ARENA_MAX = 64 * 1024 * 1024 };

static const struct date today = {2026, 7, 10};

/* A gmina with its urząd and two schools, a closed third; another gmina with one school. */
enum { GMINA, URZAD, SCHOOL, SECOND, CLOSED, OTHER, FAR, UNITS };

struct bench {
    struct arena *arena;
    struct store *admin;
    struct store *writer;
    struct fault  fault;
    int64_t       ids[UNITS];
};

static struct registry_unit
make_unit(const char *regon, const char *gk, const char *type, int64_t parent)
{
    return (struct registry_unit){
        .regon = str_of(regon),
        .wk = STR("99"),
        .pk = STR("01"),
        .gk = str_of(gk),
        .gt = STR("3"),
        .pt = STR("0"),
        .type = str_of(type),
        .kind = parent == 0 ? STR("jst") : STR("jednostka-budzetowa"),
        .name = str_of(regon),
        .parent = parent,
        .valid_from = {2020, 1, 1},
    };
}

static void
add_units(struct bench *bench)
{
    static const struct {
        const char *regon;
        const char *gk;
        const char *type;
        int         parent; /* index; -1: none */
        struct date valid_to;
    } units[UNITS] = {
        [GMINA] = {"990000016", "02", "ZB-TEST", -1,    {0}         },
        [URZAD] = {"990000022", "02", "JB",      GMINA, {0}         },
        [SCHOOL] = {"990001010", "02", "JB",      URZAD, {0}         },
        [SECOND] = {"990001027", "02", "JB",      GMINA, {0}         },
        [CLOSED] = {"990001033", "02", "JB",      GMINA, {2026, 7, 9}},
        [OTHER] = {"990000039", "03", "ZB-TEST", -1,    {0}         },
        [FAR] = {"990001040", "03", "JB",      OTHER, {0}         },
    };

    for (size_t i = 0; i < UNITS; i++) {
        int64_t              parent = units[i].parent < 0 ? 0 : bench->ids[units[i].parent];
        struct registry_unit unit = make_unit(units[i].regon, units[i].gk, units[i].type, parent);
        unit.valid_to = units[i].valid_to;
        EXPECT(registry_add_unit(bench->admin, bench->arena, &unit, &bench->ids[i], &bench->fault)
                   == ERR_OK,
               units[i].regon);
    }
}

static int
set_up(void **state)
{
    static struct bench bench;
    static int          number;

    bench = (struct bench){.arena = arena_create(ARENA_MAX)};
    struct str           name = str_format(bench.arena, "registry%d", number++);
    struct store_address address = cluster_database(cluster_shared, name.data);
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

static enum err
ask(struct bench *bench, int64_t subject, struct date day, const struct registry_claim *claims,
    size_t count, struct registry_answer *answers)
{
    struct registry_claim *asked = ARENA_NEW(bench->arena, struct registry_claim, count);

    assert_true(count == 0 || asked != NULL);
    for (size_t i = 0; i < count; i++) {
        asked[i] = claims[i];
        asked[i].subject = subject;
        asked[i].day = day;
    }
    return registry_ask(bench->writer, bench->arena, asked, count, answers, &bench->fault);
}

static void
claims_stand_as_the_table_says(void **state)
{
    static const struct {
        const char            *name;
        int                    subject;
        const char            *regon;
        const char            *type;
        const char            *gk;
        enum registry_standing want;
        int                    unit; /* -1: none */
        int                    top;
    } cases[] = {
        {"gmina for itself",                    GMINA,  "990000016", "ZB-TEST", "02", STANDING_GOOD,    GMINA,  GMINA},
        {"gmina for its urząd",                GMINA,  "990000022", "JB",      "02", STANDING_GOOD,    URZAD,  GMINA},
        {"gmina for a school below the urząd", GMINA,  "990001010", "JB",      "02", STANDING_GOOD,
         SCHOOL,                                                                                                GMINA},
        {"urząd for the school below it",      URZAD,  "990001010", "JB",      "02", STANDING_GOOD,    SCHOOL,
         GMINA                                                                                                       },
        {"school for itself",                   SCHOOL, "990001010", "JB",      "02", STANDING_GOOD,    SCHOOL, GMINA},
        {"school for its parent",               SCHOOL, "990000022", "JB",      "02", STANDING_FOREIGN, URZAD,  GMINA},
        {"school for its sibling",              SECOND, "990001010", "JB",      "02", STANDING_FOREIGN, SCHOOL,
         GMINA                                                                                                       },
        {"urząd for a school beside it",       URZAD,  "990001027", "JB",      "02", STANDING_FOREIGN, SECOND,
         GMINA                                                                                                       },
        {"gmina for a foreign school",          GMINA,  "990001040", "JB",      "03", STANDING_FOREIGN, FAR,
         OTHER                                                                                                       },
        {"closed the day before",               GMINA,  "990001033", "JB",      "02", STANDING_CLOSED,  CLOSED, GMINA},
        {"other Typ",                           GMINA,  "990001010", "ZB-TEST", "02", STANDING_DIFFERS, SCHOOL, GMINA},
        {"other codes",                         GMINA,  "990001010", "JB",      "03", STANDING_DIFFERS, SCHOOL, GMINA},
        {"empty codes",                         GMINA,  "990001010", "JB",      "",   STANDING_DIFFERS, SCHOOL, GMINA},
        {"closed with other codes differs",     GMINA,  "990001033", "JB",      "03", STANDING_DIFFERS,
         CLOSED,                                                                                                GMINA},
        {"unknown",                             GMINA,  "990009999", "JB",      "02", STANDING_UNKNOWN, -1,     -1   },
        {"empty REGON",                         GMINA,  "",          "JB",      "02", STANDING_UNKNOWN, -1,     -1   },
        {"REGON not there",                     GMINA,  NULL,        "JB",      "02", STANDING_UNKNOWN, -1,     -1   },
        {"nobody asks",                         -1,     "990001010", "JB",      "02", STANDING_FOREIGN, SCHOOL, GMINA},
    };
    struct bench          *bench = *state;
    struct registry_claim  claim;
    struct registry_answer answer;

    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        claim = (struct registry_claim){.regon = str_of(cases[i].regon),
                                        .type = str_of(cases[i].type),
                                        .wk = STR("99"),
                                        .pk = STR("01"),
                                        .gk = str_of(cases[i].gk),
                                        .gt = STR("3"),
                                        .pt = STR("0")};
        int64_t subject = cases[i].subject < 0 ? 0 : bench->ids[cases[i].subject];
        EXPECT(ask(bench, subject, today, &claim, 1, &answer) == ERR_OK, cases[i].name);
        EXPECT(answer.standing == cases[i].want, cases[i].name);
        EXPECT(answer.unit == (cases[i].unit < 0 ? 0 : bench->ids[cases[i].unit]), cases[i].name);
        EXPECT(answer.top == (cases[i].top < 0 ? 0 : bench->ids[cases[i].top]), cases[i].name);
        EXPECT((answer.kind.size > 0) == (cases[i].want != STANDING_UNKNOWN), cases[i].name);
        EXPECT((answer.registered.size > 0) == (cases[i].want == STANDING_DIFFERS), cases[i].name);
    }
}

static void
last_day_of_a_unit_is_a_good_one(void **state)
{
    struct bench          *bench = *state;
    struct registry_answer answer;
    struct registry_claim  claim = {.regon = STR("990001033"),
                                    .type = STR("JB"),
                                    .wk = STR("99"),
                                    .pk = STR("01"),
                                    .gk = STR("02"),
                                    .gt = STR("3"),
                                    .pt = STR("0")};
    static const struct {
        const char            *name;
        struct date            day;
        enum registry_standing want;
    } cases[] = {
        {"before the first", {2019, 12, 31}, STANDING_CLOSED},
        {"the first",        {2020, 1, 1},   STANDING_GOOD  },
        {"the last",         {2026, 7, 9},   STANDING_GOOD  },
        {"after the last",   {2026, 7, 10},  STANDING_CLOSED},
    };

    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        EXPECT(ask(bench, bench->ids[GMINA], cases[i].day, &claim, 1, &answer) == ERR_OK,
               cases[i].name);
        EXPECT(answer.standing == cases[i].want, cases[i].name);
    }
}

static void
many_claims_are_answered_in_their_order(void **state)
{
    enum { MANY = 5000 };
    struct bench           *bench = *state;
    struct registry_claim  *claims = ARENA_NEW(bench->arena, struct registry_claim, MANY);
    struct registry_answer *answers = ARENA_NEW(bench->arena, struct registry_answer, MANY);

    for (size_t i = 0; i < MANY; i++) {
        claims[i] = (struct registry_claim){
            .regon = i % 2 == 0 ? STR("990001010") : str_format(bench->arena, "98%07zu", i),
            .type = STR("JB"),
            .wk = STR("99"),
            .pk = STR("01"),
            .gk = STR("02"),
            .gt = STR("3"),
            .pt = STR("0")};
    }
    assert_int_equal(ask(bench, bench->ids[GMINA], today, claims, MANY, answers), ERR_OK);
    for (size_t i = 0; i < MANY; i++) {
        assert_int_equal(answers[i].standing, i % 2 == 0 ? STANDING_GOOD : STANDING_UNKNOWN);
    }
    assert_int_equal(ask(bench, 1, today, NULL, 0, NULL), ERR_OK);
}

static void
of_two_units_with_one_regon_the_one_that_fits_is_meant(void **state)
{
    struct bench         *bench = *state;
    struct registry_unit  unit = make_unit("990001010", "02", "ZB-TEST", bench->ids[GMINA]);
    struct registry_claim claims[] = {
        {.regon = STR("990001010"),
         .type = STR("ZB-TEST"),
         .wk = STR("99"),
         .pk = STR("01"),
         .gk = STR("02"),
         .gt = STR("3"),
         .pt = STR("0")},
        {.regon = STR("990001010"),
         .type = STR("JB"),
         .wk = STR("99"),
         .pk = STR("01"),
         .gk = STR("02"),
         .gt = STR("3"),
         .pt = STR("0")},
    };
    struct registry_answer answers[2];
    int64_t                id = 0;

    assert_int_equal(registry_add_unit(bench->admin, bench->arena, &unit, &id, &bench->fault),
                     ERR_OK);
    assert_int_equal(ask(bench, bench->ids[GMINA], today, claims, 2, answers), ERR_OK);
    assert_int_equal(answers[0].unit, id);
    assert_int_equal(answers[1].unit, bench->ids[SCHOOL]);
    assert_int_equal(answers[0].standing, STANDING_GOOD);
    assert_int_equal(answers[1].standing, STANDING_GOOD);
}

/* A circle of parents and a chain longer than the bound: an answer all the same, and no more units
 * than there are. */
static void
circle_of_parents_and_deep_chain_end(void **state)
{
    struct bench           *bench = *state;
    struct registry_answer  answer;
    struct registry_claim   claim = {.regon = STR("990001010"),
                                     .type = STR("JB"),
                                     .wk = STR("99"),
                                     .pk = STR("01"),
                                     .gk = STR("02"),
                                     .gt = STR("3"),
                                     .pt = STR("0")};
    struct store_parameters parameters = store_parameters_create(bench->arena);
    int64_t                 chain[12];

    store_put_number(&parameters, bench->ids[GMINA]);
    store_put_number(&parameters, bench->ids[SCHOOL]);
    assert_int_equal(store_run(bench->admin, "UPDATE registry.unit SET parent = $2 WHERE unit = $1",
                               &parameters, bench->arena, NULL, &bench->fault),
                     ERR_OK);
    assert_int_equal(ask(bench, bench->ids[URZAD], today, &claim, 1, &answer), ERR_OK);
    assert_int_equal(answer.standing, STANDING_GOOD);
    for (size_t i = 0; i < ARRAY_COUNT(chain); i++) {
        struct str           regon = str_format(bench->arena, "98000%04zu", i);
        struct registry_unit unit = make_unit(regon.data, "05", "JB", i == 0 ? 0 : chain[i - 1]);
        assert_int_equal(
            registry_add_unit(bench->admin, bench->arena, &unit, &chain[i], &bench->fault), ERR_OK);
    }
    static const struct {
        const char            *regon;
        enum registry_standing want;
    } deep[] = {
        {"980000007", STANDING_GOOD   },
        {"980000008", STANDING_GOOD   },
        {"980000009", STANDING_FOREIGN}
    };
    for (size_t i = 0; i < ARRAY_COUNT(deep); i++) {
        claim.regon = str_of(deep[i].regon);
        claim.gk = STR("05");
        EXPECT(ask(bench, chain[0], today, &claim, 1, &answer) == ERR_OK, deep[i].regon);
        EXPECT(answer.standing == deep[i].want, deep[i].regon);
    }
}

static void
unit_that_cannot_stand_in_the_registry_is_refused_in_polish(void **state)
{
    struct bench        *bench = *state;
    struct registry_unit good = make_unit("990009990", "02", "JB", bench->ids[GMINA]);
    struct registry_unit twice = make_unit("990001010", "02", "JB", bench->ids[GMINA]);
    struct registry_unit short_regon = make_unit("99000999", "02", "JB", 0);
    struct registry_unit letters = make_unit("99000999x", "02", "JB", 0);
    struct registry_unit orphan = make_unit("990009990", "02", "JB", 123456);
    struct registry_unit backwards = good;
    struct registry_unit bad_nip = good;
    struct registry_unit no_kind = good;
    struct registry_unit nameless = good;
    int64_t              id = -1;

    backwards.valid_to = (struct date){2019, 1, 1};
    bad_nip.nip = STR("123");
    no_kind.kind = STR("zamek");
    nameless.name = STR("");
    const struct {
        const char                 *name;
        const struct registry_unit *unit;
        const char                 *words;
    } cases[] = {
        {"twice",                 &twice,       "jest już w rejestrze"      },
        {"short REGON",           &short_regon, "w złej postaci"            },
        {"letters in REGON",      &letters,     "w złej postaci"            },
        {"no such parent",        &orphan,      "których nie ma w rejestrze"},
        {"ends before it begins", &backwards,   "w złej postaci"            },
        {"NIP of three digits",   &bad_nip,     "w złej postaci"            },
        {"no such kind",          &no_kind,     "których nie ma w rejestrze"},
        {"no name",               &nameless,    "w złej postaci"            },
    };
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        EXPECT(registry_add_unit(bench->admin, bench->arena, cases[i].unit, &id, &bench->fault)
                   == ERR_DENIED,
               cases[i].name);
        EXPECT(strstr(bench->fault.text, cases[i].words) != NULL, cases[i].name);
        EXPECT(id == -1, cases[i].name);
    }
    /* After the other one has ended, the same identity may begin anew. */
    assert_int_equal(registry_close_unit(bench->admin, bench->arena, bench->ids[SCHOOL],
                                         (struct date){2026, 6, 30}, &bench->fault),
                     ERR_OK);
    twice.valid_from = (struct date){2026, 7, 1};
    assert_int_equal(registry_add_unit(bench->admin, bench->arena, &twice, &id, &bench->fault),
                     ERR_OK);
}

static void
unit_is_found_listed_and_closed(void **state)
{
    struct bench         *bench = *state;
    struct registry_unit  unit = {0};
    struct registry_unit *units = NULL;
    size_t                count = 0;
    bool                  found = true;

    assert_int_equal(registry_find_unit(bench->admin, bench->arena, STR("990001010"), &unit, &found,
                                        &bench->fault),
                     ERR_OK);
    assert_true(found);
    assert_int_equal(unit.unit, bench->ids[SCHOOL]);
    assert_int_equal(unit.parent, bench->ids[URZAD]);
    assert_int_equal(unit.valid_to.year, 0);
    assert_int_equal(
        registry_find_unit(bench->admin, bench->arena, STR("1"), &unit, &found, &bench->fault),
        ERR_OK);
    assert_false(found);
    assert_int_equal(registry_list_units(bench->admin, bench->arena, &units, &count, &bench->fault),
                     ERR_OK);
    assert_int_equal(count, UNITS);
    assert_int_equal(units[CLOSED].valid_to.day, 9);
    assert_int_equal(registry_close_unit(bench->admin, bench->arena, bench->ids[SCHOOL],
                                         (struct date){2019, 12, 31}, &bench->fault),
                     ERR_DENIED);
    assert_int_equal(registry_close_unit(bench->admin, bench->arena, 99999, today, &bench->fault),
                     ERR_DENIED);
}

static void
credential_is_bound_once_listed_and_revoked(void **state)
{
    struct bench               *bench = *state;
    struct registry_credential  credential = {.unit = bench->ids[SCHOOL],
                                              .scopes = SCOPE_SUBMIT,
                                              .label = STR("kadry"),
                                              .expires = INT64_C(1800000000000000)};
    struct registry_credential *list = NULL;
    unsigned char               digest[32] = {7};
    int64_t                     id = 0;
    int64_t                     second = 0;
    size_t                      count = 0;
    bool                        found = false;

    assert_int_equal(
        registry_bind(bench->admin, bench->arena, &credential, digest, &id, &bench->fault), ERR_OK);
    assert_int_equal(
        registry_bind(bench->admin, bench->arena, &credential, digest, &second, &bench->fault),
        ERR_DENIED);
    assert_non_null(strstr(bench->fault.text, "już powiązany"));
    credential.is_certificate = true; /* the same 32 bytes of the other kind are another thing */
    assert_int_equal(
        registry_bind(bench->admin, bench->arena, &credential, digest, &second, &bench->fault),
        ERR_OK);
    credential.unit = 999;
    digest[1] = 1;
    assert_int_equal(
        registry_bind(bench->admin, bench->arena, &credential, digest, &second, &bench->fault),
        ERR_DENIED);
    assert_int_equal(registry_revoke(bench->admin, bench->arena, id, &found, &bench->fault),
                     ERR_OK);
    assert_true(found);
    assert_int_equal(registry_revoke(bench->admin, bench->arena, id, &found, &bench->fault),
                     ERR_OK);
    assert_false(found);
    assert_int_equal(registry_list_credentials(bench->admin, bench->arena, bench->ids[SCHOOL],
                                               &list, &count, &bench->fault),
                     ERR_OK);
    assert_int_equal(count, 2);
    assert_int_equal(list[0].credential, id);
    assert_true(list[0].revoked > 0 && list[1].revoked == 0 && list[0].last_used == 0);
    assert_true(list[0].expires == credential.expires && list[1].is_certificate);
    assert_true(str_equal(list[0].regon, STR("990001010")));
    assert_int_equal(registry_list_credentials(bench->admin, bench->arena, bench->ids[GMINA], &list,
                                               &count, &bench->fault),
                     ERR_OK);
    assert_int_equal(count, 0);
}

/* A kind that the calendar asks for and nobody can be registered as has a term for nothing; one
 * that the calendar does not know has none. */
static void
calendar_and_registry_know_the_same_kinds_of_units(void **state)
{
    struct bench     *bench = *state;
    struct store_rows rows = {0};

    assert_int_equal(store_run(bench->writer, "SELECT kind FROM registry.unit_kind", NULL,
                               bench->arena, &rows, &bench->fault),
                     ERR_OK);
    assert_int_equal(store_row_count(&rows), CALENDAR_UNIT_KINDS);
    for (size_t i = 0; i < store_row_count(&rows); i++) {
        struct str              kind = store_text(&rows, i, 0);
        enum calendar_unit_kind read = CALENDAR_UNIT_KINDS;
        EXPECT(calendar_unit_kind_read(kind, &read), kind.data);
        EXPECT(str_equal(kind, str_of(calendar_unit_kind_name(read))), kind.data);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
        TEST(claims_stand_as_the_table_says),
        TEST(last_day_of_a_unit_is_a_good_one),
        TEST(many_claims_are_answered_in_their_order),
        TEST(of_two_units_with_one_regon_the_one_that_fits_is_meant),
        TEST(circle_of_parents_and_deep_chain_end),
        TEST(unit_that_cannot_stand_in_the_registry_is_refused_in_polish),
        TEST(unit_is_found_listed_and_closed),
        TEST(credential_is_bound_once_listed_and_revoked),
        TEST(calendar_and_registry_know_the_same_kinds_of_units),
#undef TEST
    };

    return cmocka_run_group_tests(tests, cluster_share, cluster_unshare);
}

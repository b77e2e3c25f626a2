#include "gateway/registry/event.h"
#include "gateway/registry/unit_import.h"
#include "tests/support/cluster.h"
#include "tests/support/expect.h"

#include <string.h>

enum { ARENA_MAX = 64 * 1024 * 1024, ROWS_MAX = 8, NAME_MAX_LENGTH = 1000 };

struct bench {
    struct arena *arena;
    struct store *admin;
    struct fault  fault;
    const char   *name;
};

static const struct date day = {2026, 3, 1};

/* What the registry has before each test. */
static const struct unit_import_row base[] = {
    {.unit = {.regon = STR_INIT("990000016"),
              .nip = STR_INIT("9990000014"),
              .wk = STR_INIT("10"),
              .pk = STR_INIT("01"),
              .gk = STR_INIT("02"),
              .gt = STR_INIT("2"),
              .pt = STR_INIT("0"),
              .type = STR_INIT("ZB-TEST"),
              .kind = STR_INIT("jst"),
              .name = STR_INIT("Gmina"),
              .valid_from = {2020, 1, 1}},
     .offices = STR_INIT("rio-lodz  gus "),
     .line = 2},
    {.unit = {.regon = STR_INIT("990001010"),
              .wk = STR_INIT("10"),
              .pk = STR_INIT("01"),
              .gk = STR_INIT("02"),
              .gt = STR_INIT("2"),
              .pt = STR_INIT("0"),
              .type = STR_INIT("JB"),
              .kind = STR_INIT("jednostka-budzetowa"),
              .name = STR_INIT("Szkoła"),
              .valid_from = {2020, 1, 1}},
     .parent = STR_INIT("990000016"),
     .line = 3},
};

static struct unit_import_result
stage(struct bench *bench, const struct unit_import_row *rows, size_t count, struct date from)
{
    const struct unit_import_file file = {rows, count, from};
    struct unit_import_result     result = {0};

    assert_int_equal(unit_import_stage(bench->admin, bench->arena, &file, &result, &bench->fault),
                     ERR_OK);
    return result;
}

static struct unit_import_result
import(struct bench *bench, const struct unit_import_row *rows, size_t count, struct date from)
{
    assert_int_equal(store_begin(bench->admin, &bench->fault), ERR_OK);
    struct unit_import_result result = stage(bench, rows, count, from);
    assert_int_equal(result.units[UNIT_IMPORT_REFUSED], 0);
    assert_int_equal(unit_import_apply(bench->admin, bench->arena, from, &bench->fault), ERR_OK);
    assert_int_equal(store_commit(bench->admin, &bench->fault), ERR_OK);
    return result;
}

static int
set_up(void **state)
{
    static struct bench bench;
    static int          number;

    bench = (struct bench){.arena = arena_create(ARENA_MAX)};
    bench.name = str_format(bench.arena, "import%d", number++).data;
    struct store_address address = cluster_database(cluster_shared, bench.name);
    assert_int_equal(store_open(bench.arena, &address, STORE_ADMIN, &bench.admin, &bench.fault),
                     ERR_OK);
    (void)import(&bench, base, ARRAY_COUNT(base), day);
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

static void
same_file_again_changes_nothing(void **state)
{
    struct bench             *bench = *state;
    const char               *before = ask_sql(bench, "SELECT count(*) FROM registry.change");
    struct unit_import_result result = import(bench, base, ARRAY_COUNT(base), day);

    assert_int_equal(result.count, 0);
    assert_int_equal(result.untouched, 2);
    assert_string_equal(ask_sql(bench, "SELECT count(*) FROM registry.change"), before);
    assert_string_equal(ask_sql(bench, "SELECT count(*) FROM registry.unit_history"), "0");
    assert_string_equal(ask_sql(bench, "SELECT count(*) FROM registry.unit_draft"), "0");
    assert_string_equal(ask_sql(bench, "SELECT string_agg(office, ' ' ORDER BY office)"
                                       " FROM registry.unit_office"),
                        "gus rio-lodz");
}

static void
export_is_what_an_import_leaves_untouched(void **state)
{
    struct bench           *bench = *state;
    struct unit_import_row *rows = NULL;
    size_t                  count = 0;

    assert_int_equal(
        unit_import_export(bench->admin, bench->arena, day, &rows, &count, &bench->fault), ERR_OK);
    assert_int_equal(count, 2);
    assert_true(str_equal(rows[0].offices, STR("gus rio-lodz")));
    assert_true(str_equal(rows[1].parent, STR("990000016")));
    for (size_t i = 0; i < count; i++) {
        rows[i].line = i + 2;
    }
    assert_int_equal(import(bench, rows, count, day).untouched, 2);
}

/* What one changed field of the school's line is listed as, and what comes of it. */
static void
every_field_is_listed_as_it_changes(void **state)
{
    struct bench          *bench = *state;
    struct unit_import_row rows[2];
    static const struct {
        const char *field;
        const char *now;
    } cases[] = {
        {"nip",       "9990000020"   },
        {"wk",        "12"           },
        {"gt",        "3"            },
        {"rodzaj",    "osoba-prawna" },
        {"nazwa",     "=Szkoła nowa"},
        {"jop",       "42"           },
        {"odbiorcy",  "mf"           },
        {"nadrzedna", ""             },
    };
    struct unit_import_row *row = &rows[1];

    memcpy(rows, base, sizeof rows);
    struct str *const fields[] = {&row->unit.nip,  &row->unit.wk,  &row->unit.gt, &row->unit.kind,
                                  &row->unit.name, &row->unit.jop, &row->offices, &row->parent};
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        struct str old = *fields[i];
        *fields[i] = str_of(cases[i].now);
        struct unit_import_result result = import(bench, rows, ARRAY_COUNT(rows), day);
        EXPECT(result.count == 1 && result.untouched == 1, cases[i].field);
        EXPECT(result.differences[0].kind == UNIT_IMPORT_CHANGED, cases[i].field);
        EXPECT(result.differences[0].line == 3, cases[i].field);
        EXPECT(str_equal(result.differences[0].field, str_of(cases[i].field)), cases[i].field);
        EXPECT(str_equal(result.differences[0].old, old), cases[i].field);
        EXPECT(str_equal(result.differences[0].now, str_of(cases[i].now)), cases[i].field);
        EXPECT(import(bench, rows, ARRAY_COUNT(rows), day).count == 0, cases[i].field);
    }
    /* All on one day: one earlier state, that of before. */
    assert_string_equal(ask_sql(bench, "SELECT string_agg(concat_ws(' ', held_to, name, jop), ';')"
                                       " FROM registry.unit_history"),
                        "2026-02-28 Szkoła ");
    /* What was assigned and taken away on one day was there on that day. */
    rows[1].offices = STR("");
    assert_int_equal(import(bench, rows, ARRAY_COUNT(rows), day).count, 1);
    assert_int_equal(import(bench, rows, ARRAY_COUNT(rows), day).count, 0);
}

static void
unit_is_closed_opened_and_begun_anew_by_the_file(void **state)
{
    struct bench          *bench = *state;
    struct unit_import_row rows[3];

    memcpy(rows, base, sizeof base);
    rows[1].unit.valid_to = (struct date){2026, 8, 31};
    struct unit_import_result result = import(bench, rows, 2, day);
    assert_int_equal(result.units[UNIT_IMPORT_CLOSED], 1);
    assert_true(str_equal(result.differences[0].now, STR("2026-08-31")));
    rows[2] = rows[1];
    rows[2].line = 4;
    rows[2].unit.valid_from = (struct date){2026, 9, 1};
    rows[2].unit.valid_to = (struct date){0};
    rows[2].unit.name = STR("Szkoła od nowa");
    result = import(bench, rows, 3, day);
    assert_int_equal(result.units[UNIT_IMPORT_ADDED], 1);
    assert_int_equal(result.untouched, 2);
    assert_int_equal(import(bench, rows, 3, day).untouched, 3);
    assert_string_equal(ask_sql(bench, "SELECT string_agg(concat_ws('|', valid_from, valid_to), ' '"
                                       " ORDER BY valid_from) FROM registry.unit"
                                       " WHERE regon = '990001010'"),
                        "2020-01-01|2026-08-31 2026-09-01");
    /* In one file: the one ends where the other begins. */
    rows[2].unit.valid_to = (struct date){2026, 12, 31};
    result = import(bench, rows, 3, day);
    assert_int_equal(result.units[UNIT_IMPORT_CLOSED], 1);
}

static void
line_without_a_first_day_means_the_newest_unit_or_a_new_one_from_the_day(void **state)
{
    struct bench          *bench = *state;
    struct unit_import_row rows[2];

    memcpy(rows, base, sizeof rows);
    rows[0].unit.valid_from = (struct date){0};
    rows[1].unit.valid_from = (struct date){0};
    rows[1].unit.regon = STR("990001027");
    struct unit_import_result result = import(bench, rows, 2, day);
    assert_int_equal(result.untouched, 1);
    assert_int_equal(result.units[UNIT_IMPORT_ADDED], 1);
    assert_string_equal(
        ask_sql(bench, "SELECT valid_from FROM registry.unit WHERE regon = '990001027'"),
        "2026-03-01");
    assert_int_equal(import(bench, rows, 2, (struct date){2026, 4, 1}).untouched, 2);
}

static void
parent_may_stand_anywhere_in_the_file(void **state)
{
    struct bench          *bench = *state;
    struct unit_import_row rows[3];

    memcpy(rows, base, sizeof base);
    rows[2] = base[0];
    rows[2].line = 4;
    rows[2].unit.regon = STR("990000039");
    rows[1].parent = STR("990000039");
    struct unit_import_result result = import(bench, rows, 3, day);
    assert_int_equal(result.units[UNIT_IMPORT_ADDED], 1);
    assert_int_equal(result.units[UNIT_IMPORT_CHANGED], 1);
    assert_string_equal(ask_sql(bench, "SELECT p.regon FROM registry.unit u JOIN registry.unit p"
                                       " ON p.unit = u.parent WHERE u.regon = '990001010'"),
                        "990000039");
}

/* Each in a file with the two good lines, which stay good. */
static void
bad_line_is_refused_with_its_cause_and_nothing_is_entered(void **state)
{
    struct bench                *bench = *state;
    struct unit_import_row       rows[3];
    const struct unit_import_row good = {
        .unit = {.regon = STR("990001027"),
                 .wk = STR("10"),
                 .pk = STR("01"),
                 .gk = STR("02"),
                 .gt = STR("2"),
                 .pt = STR("0"),
                 .type = STR("JB"),
                 .kind = STR("jednostka-budzetowa"),
                 .name = STR("Nowa"),
                 .valid_from = {2026, 1, 1}},
        .line = 4
    };
    char                   long_name[NAME_MAX_LENGTH + 2];
    struct unit_import_row bad[13];

    memset(long_name, 'x', sizeof long_name);
    for (size_t i = 0; i < ARRAY_COUNT(bad); i++) {
        bad[i] = good;
    }
    bad[0].unit.kind = STR("zamek");
    bad[1].unit.name = STR("");
    bad[2].unit.name = (struct str){long_name, NAME_MAX_LENGTH + 1};
    bad[3].unit.jop = STR("43");
    bad[4].unit.valid_to = (struct date){2025, 12, 31};
    bad[5].parent = STR("990009990");
    bad[6].parent = STR("990001027");
    bad[7].unit = base[1].unit;
    bad[7].unit.name = STR("drugi raz");
    bad[8].unit = base[1].unit;
    bad[8].unit.valid_from = (struct date){2026, 1, 1};
    bad[9].offices = STR("gus rio-atlantyda");
    bad[10].cause = STR("REGON jest zły");
    bad[11].unit = base[1].unit;
    bad[11].unit.valid_from = (struct date){2026, 1, 1};
    bad[11].unit.gk = STR("03"); /* other codes do not make room for a second one */
    bad[12].cause_if_new = STR("Typ jest nieznany");
    static const char *const causes[] = {
        "rodzaju „zamek” nie ma w rejestrze",
        "nazwa ma mieć od 1 do 1000 znaków",
        "nazwa ma mieć od 1 do 1000 znaków",
        "grupa JOP „43” jest inna niż 42, 62, 82",
        "ostatni dzień jest przed pierwszym",
        "jednostki nadrzędnej o REGON 990009990 nie ma ani w pliku, ani w rejestrze",
        "jednostka nie może podlegać samej sobie",
        "stoi w pliku więcej niż raz w tym samym czasie",
        "w tym samym czasie",
        "urzędu „rio-atlantyda” nie ma w rejestrze",
        "REGON jest zły",
        "w tym samym czasie",
        "Typ jest nieznany",
    };
    memcpy(rows, base, sizeof base);
    rows[1].cause_if_new = STR("a szkoła już jest");
    for (size_t i = 0; i < ARRAY_COUNT(bad); i++) {
        rows[2] = bad[i];
        assert_int_equal(store_begin(bench->admin, &bench->fault), ERR_OK);
        struct unit_import_result result = stage(bench, rows, 3, day);
        EXPECT(result.units[UNIT_IMPORT_REFUSED] >= 1, causes[i]);
        const struct unit_import_difference *last = &result.differences[result.count - 1];
        EXPECT(last->kind == UNIT_IMPORT_REFUSED && last->line == 4, causes[i]);
        EXPECT(strstr(last->now.data, causes[i]) != NULL, causes[i]);
        for (size_t k = 0; k < result.count; k++) {
            EXPECT(strstr(result.differences[k].now.data, "już jest") == NULL, causes[i]);
        }
        store_rollback(bench->admin);
    }
    rows[2] = good;
    rows[2].unit.name = (struct str){long_name, NAME_MAX_LENGTH};
    assert_int_equal(import(bench, rows, 3, day).units[UNIT_IMPORT_ADDED], 1);
    rows[2].unit.name.size = NAME_MAX_LENGTH - 1;
    assert_int_equal(import(bench, rows, 3, day).units[UNIT_IMPORT_CHANGED], 1);
}

/* A file from before a merger does not open again what is over. */
static void
unit_with_a_successor_stays_closed(void **state)
{
    struct bench *bench = *state;
    static const struct {
        struct date valid_to;
        bool        good;
    } cases[] = {
        {{0},           false},
        {{2026, 9, 1},  false},
        {{2026, 8, 31}, true },
        {{2026, 6, 30}, true },
    };

    cluster_run(
        cluster_shared, bench->name,
        "INSERT INTO registry.succession (predecessor, successor, kind, day)"
        " SELECT a.unit, b.unit, 'takeover', '2026-09-01' FROM registry.unit a, registry.unit b"
        " WHERE a.regon = '990001010' AND b.regon = '990000016';"
        "UPDATE registry.unit SET valid_to = '2026-08-31' WHERE regon = '990001010'");
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        struct unit_import_row rows[ARRAY_COUNT(base)];
        memcpy(rows, base, sizeof base);
        rows[1].unit.valid_to = cases[i].valid_to;
        assert_int_equal(store_begin(bench->admin, &bench->fault), ERR_OK);
        struct unit_import_result result = stage(bench, rows, ARRAY_COUNT(base), day);
        EXPECT((result.units[UNIT_IMPORT_REFUSED] == 0) == cases[i].good, "refused");
        EXPECT(cases[i].good
                   || strstr(result.differences[result.count - 1].now.data,
                             "ma następcę od 2026-09-01")
                          != NULL,
               "cause");
        store_rollback(bench->admin);
    }
}

/* What stands wrong from before, and is so in the file, stops no other line of it. */
static void
line_that_leaves_an_open_predecessor_as_it_is_stops_nothing(void **state)
{
    struct bench *bench = *state;
    static const struct {
        const char *sql;
        struct date valid_to;
        bool        good;
    } cases[] = {
        {"UPDATE registry.unit SET valid_to = NULL WHERE regon = '990001010'",         {0},            true },
        {"UPDATE registry.unit SET valid_to = '2026-12-31' WHERE regon = '990001010'",
         {2026, 12, 31},
         true                                                                                               },
        {"SELECT 1",                                                                   {0},            false},
        {"SELECT 1",                                                                   {2026, 12, 30}, false},
        {"SELECT 1",                                                                   {2026, 8, 31},  true },
    };

    cluster_run(
        cluster_shared, bench->name,
        "INSERT INTO registry.succession (predecessor, successor, kind, day)"
        " SELECT a.unit, b.unit, 'takeover', '2026-09-01' FROM registry.unit a, registry.unit b"
        " WHERE a.regon = '990001010' AND b.regon = '990000016'");
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        struct unit_import_row rows[ARRAY_COUNT(base)];
        memcpy(rows, base, sizeof base);
        rows[0].unit.name = STR("Gmina inaczej");
        rows[1].unit.valid_to = cases[i].valid_to;
        cluster_run(cluster_shared, bench->name, cases[i].sql);
        assert_int_equal(store_begin(bench->admin, &bench->fault), ERR_OK);
        struct unit_import_result result = stage(bench, rows, ARRAY_COUNT(base), day);
        EXPECT((result.units[UNIT_IMPORT_REFUSED] == 0) == cases[i].good, cases[i].sql);
        EXPECT(result.units[UNIT_IMPORT_CHANGED] >= 1, cases[i].sql);
        store_rollback(bench->admin);
    }
}

static void
change_before_a_later_one_is_refused(void **state)
{
    struct bench             *bench = *state;
    struct unit_import_row    rows[2];
    struct unit_import_result result = {0};

    memcpy(rows, base, sizeof rows);
    rows[1].unit.name = STR("Pierwsza zmiana");
    (void)import(bench, rows, 2, (struct date){2026, 5, 1});
    rows[1].unit.name = STR("Druga zmiana");
    assert_int_equal(store_begin(bench->admin, &bench->fault), ERR_OK);
    result = stage(bench, rows, 2, (struct date){2026, 4, 30});
    assert_int_equal(result.units[UNIT_IMPORT_REFUSED], 1);
    assert_non_null(strstr(result.differences[0].now.data, "późniejsza zmiana obowiązuje od"));
    store_rollback(bench->admin);
    assert_int_equal(import(bench, rows, 2, (struct date){2026, 5, 2}).units[UNIT_IMPORT_CHANGED],
                     1);
    assert_string_equal(ask_sql(bench, "SELECT string_agg(name, ';' ORDER BY held_from)"
                                       " FROM registry.unit_history"),
                        "Szkoła;Pierwsza zmiana");
}

/* Three lines that stand below each other: refused by line, after all else has been found good. */
static void
circle_in_a_file_is_refused(void **state)
{
    struct bench          *bench = *state;
    struct unit_import_row rows[2];

    memcpy(rows, base, sizeof rows);
    rows[0].parent = STR("990001010");
    assert_int_equal(store_begin(bench->admin, &bench->fault), ERR_OK);
    assert_int_equal(stage(bench, rows, 2, day).units[UNIT_IMPORT_REFUSED], 0);
    assert_int_equal(unit_import_apply(bench->admin, bench->arena, day, &bench->fault), ERR_DENIED);
    assert_non_null(strstr(bench->fault.text, "wiersz 2: "));
    assert_non_null(strstr(bench->fault.text, "pod sobą samą"));
    store_rollback(bench->admin);
    assert_string_equal(ask_sql(bench, "SELECT count(*) FROM registry.unit WHERE parent IS NULL"),
                        "1");
}

static void
empty_file_is_nothing_to_do(void **state)
{
    struct bench             *bench = *state;
    struct unit_import_result result = import(bench, NULL, 0, day);

    assert_int_equal(result.count + result.untouched, 0);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
        TEST(same_file_again_changes_nothing),
        TEST(export_is_what_an_import_leaves_untouched),
        TEST(every_field_is_listed_as_it_changes),
        TEST(unit_is_closed_opened_and_begun_anew_by_the_file),
        TEST(line_without_a_first_day_means_the_newest_unit_or_a_new_one_from_the_day),
        TEST(parent_may_stand_anywhere_in_the_file),
        TEST(bad_line_is_refused_with_its_cause_and_nothing_is_entered),
        TEST(unit_with_a_successor_stays_closed),
        TEST(line_that_leaves_an_open_predecessor_as_it_is_stops_nothing),
        TEST(change_before_a_later_one_is_refused),
        TEST(circle_in_a_file_is_refused),
        TEST(empty_file_is_nothing_to_do),
#undef TEST
    };

    return cmocka_run_group_tests(tests, cluster_share, cluster_unshare);
}

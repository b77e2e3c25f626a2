#include "gateway/definitions/definitions.h"
#include "gateway/reference/control.h"
#include "gateway/reference/plausibility.h"
#include "gateway/reference/reference.h"
#include "tests/support/cluster.h"
#include "tests/support/dice.h"
#include "tests/support/expect.h"

#include <stdlib.h>
#include <string.h>

/*
 * Editions of figures: what goes in, what the medians are, and that nothing changes afterwards.
 * Unit 1 is a JST, units 2 to 31 are its schools, 32 is another JST and 33 its school.
 */
#define MEMORY ((size_t)512 << 20U)

enum { SCHOOLS = 30, FIRST_SCHOOL = 2, OTHER_SCHOOL = 33 };

static struct cluster         *cluster;
static const struct catalogue *catalogue;
static struct arena           *kept;

struct bench {
    struct arena *arena;
    struct store *admin;
    struct store *writer;
    char          name[32];
    int64_t       amounts[SCHOOLS];
};

static int
start(void **state)
{
    struct fault fault = {0};

    (void)state;
    kept = arena_create(MEMORY);
    cluster = cluster_start(CLUSTER_FAST);
    ENSURE(definitions_catalogue(kept, NULL, &catalogue, &fault) == ERR_OK);
    return 0;
}

static int
stop(void **state)
{
    (void)state;
    cluster_stop(cluster);
    arena_destroy(kept);
    return 0;
}

static const char units_sql[] =
    "INSERT INTO registry.unit (unit, regon, wk, pk, gk, gt, pt, type, kind, name, parent,"
    " valid_from) OVERRIDING SYSTEM VALUE SELECT n, lpad(n::text, 9, '9'), '99', '01',"
    " CASE WHEN n < 32 THEN '02' ELSE '03' END, '2', '0', 'JB', CASE WHEN n IN (1, 32) THEN 'jst'"
    " ELSE 'jednostka-budzetowa' END, 'u' || n, CASE WHEN n IN (1, 32) THEN NULL"
    " WHEN n < 32 THEN 1 ELSE 32 END, '2020-01-01' FROM generate_series(1, 33) n;"
    "INSERT INTO registry.credential (unit, is_certificate, digest, scopes, label, expires_at)"
    " VALUES (1, false, sha256('1'), 3, '', '2099-12-31');"
    "INSERT INTO intake.submission (submission, subject, credential, key, sha256, size, first_byte,"
    " arrived, first_arrived) SELECT ('0199a2c4-7d10-7a31-9c55-0000000000' || lpad(n::text, 2, "
    "'0'))"
    "::uuid, 1, 1, 'k' || n, sha256(n::text::bytea), 1, now(), now(), now()"
    " FROM generate_series(1, 33) n;"
    "INSERT INTO intake.report SELECT n, ('0199a2c4-7d10-7a31-9c55-0000000000' ||"
    " lpad(n::text, 2, '0'))::uuid, 1, 0, u.unit, u.name, u.regon, u.type, u.wk, u.pk, u.gk, u.gt,"
    " u.pt, 'Rb-28s', 'RB28S', '2025-1', '', 2025, 'Kwartal', 2, '2025-Q2', '2025-06-30',"
    " 'jednostkowe', '', 0, 1, '', sha256('x'), 0, 1, 1, now(), n,"
    " CASE WHEN n <> 31 THEN tstzmultirange(tstzrange(now(), NULL)) END"
    " FROM registry.unit u JOIN generate_series(2, 33) n ON n = u.unit AND n <> 32";

/* Two positions of § 411 in each report, and one of § 302 that comes to nothing. */
static void
put_lines(struct bench *bench, uint64_t seed)
{
    const struct form *form = NULL;
    struct dice        dice = {seed};

    for (size_t i = 0; i < catalogue->form_count; i++) {
        form = str_equal(catalogue->forms[i].code, STR("RB28S")) ? &catalogue->forms[i] : form;
    }
    ENSURE(form != NULL);
    int code = form_code_index(form, STR("Paragraf")) + 1;
    int slot = form_amount_index(form, STR("WW")) + 1;
    for (int unit = FIRST_SCHOOL; unit <= OTHER_SCHOOL; unit++) {
        if (unit == OTHER_SCHOOL - 1) {
            continue; /* the other JST files nothing */
        }
        int64_t    one = (int64_t)dice_below(&dice, 100000) - 50000;
        int64_t    two = (int64_t)dice_below(&dice, 100000);
        struct str sql =
            str_format(bench->arena,
                       "INSERT INTO intake.line (report, period_end, ordinal, c%d, a%d) VALUES"
                       " (%d, '2025-06-30', 0, '411', %lld), (%d, '2025-06-30', 1, '411', %lld),"
                       " (%d, '2025-06-30', 2, '302', 5), (%d, '2025-06-30', 3, '302', -5),"
                       " (%d, '2025-06-30', 4, '401', NULL)",
                       code, slot, unit, (long long)one, unit, (long long)two, unit, unit, unit);
        cluster_run(cluster, bench->name, sql.data);
        if (unit < FIRST_SCHOOL + SCHOOLS) {
            bench->amounts[unit - FIRST_SCHOOL] = one + two;
        }
    }
}

static int
set_up(void **state)
{
    static int    number;
    struct arena *arena = arena_create(MEMORY);
    struct bench *bench = ARENA_NEW(arena, struct bench, 1);
    struct fault  fault = {0};

    bench->arena = arena;
    (void)snprintf(bench->name, sizeof bench->name, "reference%d", number++);
    struct store_address address = cluster_database(cluster, bench->name);
    ENSURE(store_open(arena, &address, STORE_ADMIN, &bench->admin, &fault) == ERR_OK);
    ENSURE(store_open(arena, &address, STORE_WRITER, &bench->writer, &fault) == ERR_OK);
    cluster_run(cluster, bench->name, units_sql);
    put_lines(bench, 20260630);
    *state = bench;
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
ask(struct bench *bench, const char *sql)
{
    return cluster_ask(cluster, bench->arena, bench->name, sql).data;
}

static struct period
period_of(const char *year)
{
    struct period period = {0};

    ENSURE(catalogue_period(catalogue, str_of(year), STR("Kwartal"), STR("2"), &period));
    return period;
}

static struct plausibility_counts
make(struct bench *bench)
{
    const struct period            period = period_of("2026");
    const struct plausibility_wish wish = {
        .catalogue = catalogue, .period = &period, .by = STR("test")};
    struct plausibility_counts counts = {0};
    struct fault               fault = {0};

    assert_int_equal(store_begin(bench->admin, &fault), ERR_OK);
    if (plausibility_make(bench->admin, bench->arena, &wish, &counts, &fault) != ERR_OK) {
        fail_msg("%s", fault.text);
    }
    if (counts.is_new) {
        assert_int_equal(store_commit(bench->admin, &fault), ERR_OK);
    } else {
        store_rollback(bench->admin);
    }
    return counts;
}

static struct reference_answer
ask_for(struct bench *bench, int64_t unit, const char *form, const char *level)
{
    const struct period             period = period_of("2026");
    const struct reference_question question = {.unit = unit,
                                                .form = str_of(form),
                                                .level = str_of(level),
                                                .period_end = period.end,
                                                .period_type = period.type->name};
    const struct reference_request  request = {.questions = &question, .count = 1};
    struct reference_answer         answer = {0};
    struct fault                    fault = {0};

    if (reference_ask(bench->writer, bench->arena, &request, &answer, &fault) != ERR_OK) {
        fail_msg("%s", fault.text);
    }
    return answer;
}

static int
compare_amounts(const void *a, const void *b)
{
    int64_t left = *(const int64_t *)a;
    int64_t right = *(const int64_t *)b;

    return (left > right) - (left < right);
}

static int64_t
lower_median(int64_t *amounts, size_t count)
{
    qsort(amounts, count, sizeof *amounts, compare_amounts);
    return amounts[(count - 1) / 2];
}

/* Of the schools whose report is in force: those of the first gmina but one, and the other's. */
static void
medians_are_those_of_the_reports_in_force_to_the_grosz(void **state)
{
    struct bench              *bench = *state;
    int64_t                    amounts[SCHOOLS] = {0};
    int64_t                    away[SCHOOLS] = {0};
    struct plausibility_counts counts = make(bench);

    amounts[0] =
        strtoll(ask(bench, "SELECT amount FROM reference.unit_figure WHERE unit = 33"), NULL, 10);
    memcpy(&amounts[1], bench->amounts, (SCHOOLS - 1) * sizeof *amounts);
    for (size_t i = 0; i < SCHOOLS; i++) {
        away[i] = amounts[i];
    }
    int64_t median = lower_median(away, SCHOOLS);
    for (size_t i = 0; i < SCHOOLS; i++) {
        away[i] = llabs(amounts[i] - median);
    }
    int64_t spread = lower_median(away, SCHOOLS);

    assert_true(counts.is_new);
    assert_int_equal(counts.units, SCHOOLS);
    assert_int_equal(counts.peers, 1);
    struct reference_answer answer = ask_for(bench, FIRST_SCHOOL, "RB28S", "jednostkowe");
    assert_true(answer.exists);
    assert_int_equal(answer.count, 2);
    assert_int_equal(answer.items[0].kind, FIGURE_LAST_YEAR);
    assert_int_equal(answer.items[0].amount, bench->amounts[0]);
    assert_true(str_equal(answer.items[0].by, STR("Paragraf")));
    assert_true(str_equal(answer.items[0].key, STR("411")));
    assert_true(str_equal(answer.items[0].column, STR("WW")));
    assert_int_equal(answer.items[1].kind, FIGURE_PEERS);
    assert_int_equal(answer.items[1].amount, median);
    assert_int_equal(answer.items[1].spread, spread);
    assert_int_equal(answer.items[1].peers, SCHOOLS);
}

static void
who_has_nothing_to_compare_gets_what_peers_have_or_nothing(void **state)
{
    struct bench *bench = *state;

    assert_false(ask_for(bench, FIRST_SCHOOL, "RB28S", "jednostkowe").exists);
    (void)make(bench);
    /* Its report was not in force. */
    struct reference_answer late = ask_for(bench, 31, "RB28S", "jednostkowe");
    assert_int_equal(late.count, 1);
    assert_int_equal(late.items[0].kind, FIGURE_PEERS);
    assert_int_equal(ask_for(bench, 1, "RB28S", "jednostkowe").count, 0);
    assert_int_equal(ask_for(bench, FIRST_SCHOOL, "RB28S", "zbiorcze").count, 0);
    assert_int_equal(ask_for(bench, FIRST_SCHOOL, "RB27S", "jednostkowe").count, 0);
    assert_true(ask_for(bench, FIRST_SCHOOL, "RB27S", "jednostkowe").exists);
    assert_false(ask_for(bench, 999, "RB28S", "jednostkowe").exists);
}

static void
the_same_reports_make_no_new_edition_and_others_do(void **state)
{
    struct bench *bench = *state;

    assert_true(make(bench).is_new);
    struct reference_answer first = ask_for(bench, FIRST_SCHOOL, "RB28S", "jednostkowe");
    assert_false(make(bench).is_new);
    assert_string_equal(ask(bench, "SELECT count(*) FROM reference.edition"), "1");
    cluster_run(cluster, bench->name,
                "UPDATE intake.report SET in_force ="
                " tstzmultirange(tstzrange(now(), NULL)) WHERE report = 31");
    assert_true(make(bench).is_new);
    struct reference_answer second = ask_for(bench, FIRST_SCHOOL, "RB28S", "jednostkowe");
    assert_memory_not_equal(first.sha256, second.sha256, sizeof first.sha256);
    /* What was read before can be found again by its digest. */
    assert_string_equal(ask(bench, "SELECT count(DISTINCT sha256) FROM reference.reading"), "2");
    assert_string_equal(ask(bench, "SELECT bool_and(reference.digest_of(edition) = sha256)"
                                   " FROM reference.edition"),
                        "t");
}

static void
nothing_of_an_edition_can_be_changed(void **state)
{
    static const char *const tries[] = {
        "UPDATE reference.edition SET made_by = 'x'",
        "DELETE FROM reference.edition",
        "UPDATE reference.unit_figure SET amount = 1",
        "DELETE FROM reference.unit_figure",
        "TRUNCATE reference.peer_figure",
        "UPDATE reference.reading SET control = NULL",
        "SELECT reference.put_control(1, 'RB27S', 'zbiorcze', 'DW', '{1}', '{Paragraf}', '{001}',"
        " '{1}')",
        "SELECT reference.gather_peers(1)",
        "SELECT reference.gather_units(1, 'RB28S', '2025-1', 'Paragraf', 4, 'WW', 3, '2025-06-30',"
        " 'Kwartal')",
    };
    struct bench *bench = *state;

    (void)make(bench);
    for (size_t i = 0; i < ARRAY_COUNT(tries); i++) {
        struct fault fault = {0};
        assert_int_equal(store_begin(bench->admin, &fault), ERR_OK);
        EXPECT(store_script(bench->admin, tries[i], &fault) != ERR_OK, tries[i]);
        store_rollback(bench->admin);
        struct str sql = str_format(bench->arena,
                                    "DO $$ BEGIN BEGIN %s; RAISE EXCEPTION 'done'; EXCEPTION WHEN"
                                    " check_violation THEN NULL; END; END $$",
                                    tries[i]);
        if (strncmp(tries[i], "SELECT", 6) != 0) {
            cluster_run(cluster, bench->name, sql.data); /* not even by the superuser */
        }
    }
}

/* clang-format off */
#define OF_INCOME STR_INIT("RB27S"), STR_INIT("DW")
#define JST_ROWS(amount)                                                                           \
    {STR_INIT("999999991"), OF_INCOME, STR_INIT("Paragraf"), STR_INIT("001"), amount},             \
    {STR_INIT("999999991"), OF_INCOME, STR_INIT("Rozdzial Paragraf"), STR_INIT("75807 292"), 7}
/* clang-format on */

static enum err
load_as(struct bench *bench, enum control_kind kind, const struct control_row *rows, size_t count,
        struct fault *fault)
{
    const struct control_list list = {
        .kind = kind, .end = {2026, 6, 30},
             .type = STR("Kwartal"), .rows = rows, .count = count
    };
    const struct control_ground ground = {
        .by = STR("Anna Przykładowa"), .basis = STR("pismo"), .level = STR("zbiorcze")};
    int64_t edition = 0;

    assert_int_equal(store_begin(bench->admin, fault), ERR_OK);
    enum err got = control_load(bench->admin, bench->arena, &list, &ground, &edition, fault);
    if (got == ERR_OK) {
        assert_int_equal(store_commit(bench->admin, fault), ERR_OK);
    } else {
        store_rollback(bench->admin);
    }
    return got;
}

static enum err
load(struct bench *bench, const struct control_row *rows, size_t count, struct fault *fault)
{
    return load_as(bench, CONTROL_HANDED_OVER, rows, count, fault);
}

static void
published_amounts_hold_beside_what_was_a_year_before(void **state)
{
    static const struct control_row first[] = {JST_ROWS(5)};
    static const struct control_row second[] = {JST_ROWS(6)};
    struct bench                   *bench = *state;
    struct fault                    fault = {0};

    (void)make(bench);
    assert_int_equal(load(bench, first, 2, &fault), ERR_OK);
    struct reference_answer answer = ask_for(bench, 1, "RB27S", "zbiorcze");
    assert_int_equal(answer.count, 2);
    assert_int_equal(answer.items[0].kind, FIGURE_CONTROL);
    assert_int_equal(answer.items[0].amount, 5);
    assert_true(str_equal(answer.items[1].key, STR("75807 292")));
    assert_int_equal(ask_for(bench, FIRST_SCHOOL, "RB28S", "jednostkowe").count, 2);
    assert_int_equal(load(bench, first, 2, &fault), ERR_DENIED);
    assert_non_null(strstr(fault.text, "już obowiązuje"));
    assert_int_equal(load(bench, second, 2, &fault), ERR_OK);
    assert_int_equal(ask_for(bench, 1, "RB27S", "zbiorcze").items[0].amount, 6);
    assert_int_equal(load(bench, second, 0, &fault), ERR_OK); /* the whole list is taken back */
    assert_int_equal(ask_for(bench, 1, "RB27S", "zbiorcze").count, 0);
}

/* clang-format off */
#define WHERE STR_INIT("Dzial Rozdzial Paragraf P4"), STR_INIT("801 80101 401 0")
#define PLAN_ROWS(amount)                                                                        \
    {STR_INIT("999999991"), STR_INIT("RB28S"), STR_INIT("PL"), WHERE, amount},                   \
    {STR_INIT("999999991"), STR_INIT("RBNDS"), STR_INIT("P"), STR_INIT("Symbol"), STR_INIT("B"), 9}
/* clang-format on */

static void
plans_are_a_list_of_their_own_and_no_reading_forgets_another_kind(void **state)
{
    static const struct control_row published[] = {JST_ROWS(5)};
    static const struct control_row planned[] = {PLAN_ROWS(7)};
    static const struct control_row changed[] = {PLAN_ROWS(8)};
    struct bench                   *bench = *state;
    struct fault                    fault = {0};

    assert_int_equal(load(bench, published, 2, &fault), ERR_OK);
    struct reference_answer before = ask_for(bench, 1, "RB27S", "zbiorcze");
    if (load_as(bench, CONTROL_PLANNED, planned, 2, &fault) != ERR_OK) {
        fail_msg("%s", fault.text);
    }
    struct reference_answer spending = ask_for(bench, 1, "RB28S", "zbiorcze");
    assert_int_equal(spending.count, 1);
    assert_int_equal(spending.items[0].kind, FIGURE_PLAN);
    assert_int_equal(spending.items[0].amount, 7);
    assert_true(str_equal(spending.items[0].column, STR("PL")));
    assert_true(str_equal(spending.items[0].key, STR("801 80101 401 0")));
    assert_int_equal(ask_for(bench, 1, "RBNDS", "zbiorcze").items[0].amount, 9);
    assert_int_equal(ask_for(bench, FIRST_SCHOOL, "RB28S", "jednostkowe").count, 0);
    struct reference_answer income = ask_for(bench, 1, "RB27S", "zbiorcze");
    assert_int_equal(income.count, 2);
    assert_memory_not_equal(income.sha256, before.sha256, sizeof before.sha256);
    assert_int_equal(load_as(bench, CONTROL_PLANNED, planned, 2, &fault), ERR_DENIED);
    assert_int_equal(load_as(bench, CONTROL_PLANNED, changed, 2, &fault), ERR_OK);
    assert_int_equal(ask_for(bench, 1, "RB28S", "zbiorcze").items[0].amount, 8);
    /* A new list of the one kind leaves the other. */
    assert_int_equal(load(bench, published, 1, &fault), ERR_OK);
    assert_int_equal(ask_for(bench, 1, "RB27S", "zbiorcze").count, 1);
    assert_int_equal(ask_for(bench, 1, "RB28S", "zbiorcze").items[0].amount, 8);
    assert_int_equal(load_as(bench, CONTROL_PLANNED, changed, 0, &fault), ERR_OK);
    assert_int_equal(ask_for(bench, 1, "RB28S", "zbiorcze").count, 0);
    assert_int_equal(ask_for(bench, 1, "RB27S", "zbiorcze").count, 1);
}

static void
reading_without_plans_has_the_digest_of_the_two_others(void **state)
{
    static const struct control_row published[] = {JST_ROWS(5)};
    struct bench                   *bench = *state;
    struct fault                    fault = {0};

    (void)make(bench);
    assert_int_equal(load(bench, published, 2, &fault), ERR_OK);
    assert_string_equal(
        ask(bench, "SELECT r.sha256 = sha256(c.sha256 || p.sha256) FROM reference.reading r"
                   " JOIN reference.edition c ON c.edition = r.control"
                   " JOIN reference.edition p ON p.edition = r.plausibility WHERE r.plan IS NULL"),
        "t");
}

static void
list_that_cannot_be_is_refused_whole(void **state)
{
    static const struct control_row twice[] = {JST_ROWS(5), JST_ROWS(5)};
    static const struct control_row nobody[] = {
        JST_ROWS(5), {STR_INIT("990000016"), OF_INCOME, STR_INIT("Paragraf"), STR_INIT("001"), 5}
    };
    static const struct control_row school[] = {
        {STR_INIT("999999992"), OF_INCOME, STR_INIT("Paragraf"), STR_INIT("001"), 5}
    };
    static const struct {
        const struct control_row *rows;
        size_t                    count;
        const char               *words;
    } cases[] = {
        {twice,  ARRAY_COUNT(twice),  "stoi dwa razy: 999999991"},
        {nobody, ARRAY_COUNT(nobody), "REGON 990000016"         },
        {school, ARRAY_COUNT(school), "REGON 999999992"         },
    };
    struct bench *bench = *state;

    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        struct fault fault = {0};
        EXPECT(load(bench, cases[i].rows, cases[i].count, &fault) == ERR_DENIED, cases[i].words);
        EXPECT(strstr(fault.text, cases[i].words) != NULL, fault.text);
    }
    assert_string_equal(ask(bench, "SELECT count(*) FROM reference.unit_figure"), "0");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
        TEST(medians_are_those_of_the_reports_in_force_to_the_grosz),
        TEST(who_has_nothing_to_compare_gets_what_peers_have_or_nothing),
        TEST(the_same_reports_make_no_new_edition_and_others_do),
        TEST(nothing_of_an_edition_can_be_changed),
        TEST(published_amounts_hold_beside_what_was_a_year_before),
        TEST(plans_are_a_list_of_their_own_and_no_reading_forgets_another_kind),
        TEST(reading_without_plans_has_the_digest_of_the_two_others),
        TEST(list_that_cannot_be_is_refused_whole),
#undef TEST
    };

    return cmocka_run_group_tests(tests, start, stop);
}

#include "validators/evaluation/evaluation.h"

#include "validators/relation/origin.h"
#include "validators/relation/vocabulary.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

/* k identifier, g identifier, x number of scale 2, u a number with a cell that cannot be read. */
enum { ROWS = 4, COMPONENTS = 4 };

static const struct relation_component components[COMPONENTS] = {
    {{"k", 1}, RELATION_IDENTIFIER, RELATION_STRING, 0, RELATION_PLAIN},
    {{"g", 1}, RELATION_IDENTIFIER, RELATION_STRING, 0, RELATION_PLAIN},
    {{"x", 1}, RELATION_MEASURE,    RELATION_NUMBER, 2, RELATION_PLAIN},
    {{"u", 1}, RELATION_MEASURE,    RELATION_NUMBER, 2, RELATION_PLAIN},
};
static const char *const keys[ROWS] = {"a", "b", "c", "a"};
static const char *const groups[ROWS] = {"1", "1", "1", "2"};
static const int64_t     numbers[ROWS] = {150, -200, 1025, 700};
static const int64_t     partial[ROWS] = {150, -200, 0, 700};
static const uint8_t     unknown[ROWS] = {1, 1, RELATION_UNKNOWN, 1};
static const struct str  domain_texts[] = {
     {"a", 1},
     {"c", 1}
};
static const struct str domain_names[] = {
    {"KNOWN", 5}
};
static const struct vtl_domain_values domain_values = {domain_texts, 2};

struct world {
    struct arena             *arena;
    struct evaluation_dataset datasets[2];
    struct evaluation_world   world;
    struct evaluation         evaluation;
    struct vtl_problem        problem;
};

/* ERR_MEMORY: the arena is too small for the datasets themselves. */
static enum err
make_world(struct world *world, size_t memory)
{
    struct vocabulary      *vocabulary = NULL;
    struct relation_column *columns = NULL;

    *world = (struct world){.arena = arena_create(memory)};
    TRY(vocabulary_create(world->arena, 7, &vocabulary, NULL));
    for (uint32_t i = 0; i < 2; i++) {
        uint32_t *ids = ARENA_NEW(world->arena, uint32_t, (size_t)2 * ROWS);
        columns = ARENA_NEW(world->arena, struct relation_column, COMPONENTS);
        if (ids == NULL || columns == NULL) {
            return ERR_MEMORY;
        }
        for (size_t row = 0; row < ROWS; row++) {
            TRY(vocabulary_add(vocabulary, str_of(keys[row]), &ids[row], NULL));
            TRY(vocabulary_add(vocabulary, str_of(groups[row]), &ids[ROWS + row], NULL));
        }
        columns[0].ids = ids;
        columns[1].ids = ids + ROWS;
        columns[2].values = numbers;
        columns[3] = (struct relation_column){.values = partial, .states = unknown};
        struct relation made = {.vocabulary = vocabulary,
                                .component_count = COMPONENTS,
                                .components = components,
                                .columns = columns,
                                .row_count = i == 0 ? ROWS : 1};
        world->datasets[i].name = i == 0 ? STR("D") : STR("ONE");
        TRY(relation_create(world->arena, &made, i, &world->datasets[i].relation, NULL));
    }
    world->world = (struct evaluation_world){
        .vocabulary = vocabulary,
        .datasets = world->datasets,
        .dataset_count = 2,
        .domains = {domain_names, 1},
        .domain_values = &domain_values
    };
    return ERR_OK;
}

static enum err
run_text(struct world *world, const char *text)
{
    struct vtl_script *script = NULL;

    TRY(vtl_parse(world->arena, str_of(text), &script, &world->problem, NULL));
    return evaluation_run(world->arena, script, &world->world, &world->evaluation, &world->problem,
                          NULL);
}

static enum err
run(struct world *world, const char *text)
{
    assert_int_equal(make_world(world, (size_t)1 << 26), ERR_OK);
    return run_text(world, text);
}

static void
value_domains_are_those_of_the_world(void **state)
{
    struct world world;

    (void)state;
    assert_int_equal(run(&world, "V := D[filter k in KNOWN];"), ERR_OK);
    assert_int_equal(world.evaluation.results[0].relation.row_count, 3);
    arena_destroy(world.arena);
    assert_int_equal(run(&world, "V := D#k not_in KNOWN;"), ERR_OK);
    assert_int_equal(world.evaluation.results[0].relation.row_count, ROWS);
    arena_destroy(world.arena);
    assert_int_equal(run(&world, "V := D[filter k in OTHER];"), ERR_SYNTAX);
    assert_int_equal(world.problem.column, 17);
    assert_non_null(strstr(world.problem.text, "„OTHER” nie jest znana"));
    arena_destroy(world.arena);
}

static void
what_reads_an_unknown_cell_is_unknown(void **state)
{
    struct world world;

    (void)state;
    assert_int_equal(run(&world, "V := D[calc z := nvl(u, 0)]; W := sum(D group by g);"), ERR_OK);
    const struct relation *calc = &world.evaluation.results[0].relation;
    size_t                 z = relation_find(calc, STR("z"));
    assert_int_equal(relation_state(calc, z, 0), RELATION_PRESENT);
    assert_int_equal(relation_state(calc, z, 2), RELATION_UNKNOWN);
    const struct relation *sums = &world.evaluation.results[1].relation;
    assert_int_equal(relation_state(sums, relation_find(sums, STR("x")), 0), RELATION_PRESENT);
    assert_int_equal(relation_state(sums, relation_find(sums, STR("u")), 0), RELATION_UNKNOWN);
    assert_int_equal(relation_state(sums, relation_find(sums, STR("u")), 1), RELATION_PRESENT);
    arena_destroy(world.arena);
}

static size_t
count_failed(const struct relation *relation, const char *measure)
{
    size_t at = relation_find(relation, str_of(measure));
    size_t count = 0;

    for (size_t row = 0; row < relation->row_count; row++) {
        count += relation_state(relation, at, row) == RELATION_FAILED;
    }
    return count;
}

/* A condition that nobody can answer must not drop its row: it stays, failed, and is told. */
static void
a_condition_over_an_unknown_cell_fails_its_row_alone(void **state)
{
    static const struct {
        const char *script;
        const char *measure;
        size_t      row_count;
        size_t      failed;
        size_t      told_rows;
    } cases[] = {
        {"V := D[filter u > 0];",                         "x",        3, 1, 1},
        {"V := sum(D group by g having sum(u) > 0);",     "x",        2, 1, 1},
        {"V := check(D#u > 0 invalid);",                  "bool_var", 1, 0, 1},
        {"V := if D#u > 0 then D#x else 0;",              "x",        4, 1, 1},
        {"V := sum(D[filter u > 0][keep x] group by g);", "x",        2, 1, 1},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        struct world world;
        assert_int_equal(run(&world, cases[i].script), ERR_OK);
        const struct relation *v = &world.evaluation.results[0].relation;
        assert_int_equal(v->row_count, cases[i].row_count);
        assert_int_equal(count_failed(v, cases[i].measure), cases[i].failed);
        assert_true(world.evaluation.notice_count >= 1);
        assert_int_equal(world.evaluation.notices[0].row_count, cases[i].told_rows);
        assert_non_null(
            strstr(world.evaluation.notices[0].problem.text, "warunku nie dało się obliczyć"));
        arena_destroy(world.arena);
    }
}

/* Rows of a finding are found through joins and checks, members of sums through their groups. */
static void
rows_remember_where_they_come_from(void **state)
{
    struct world world;

    (void)state;
    assert_int_equal(run(&world, "S := sum(D[keep x] group by k);"
                                 "V := check(S < 5 errorcode \"X-001\" invalid);"),
                     ERR_OK);
    const struct relation *found = &world.evaluation.results[1].relation;
    assert_int_equal(found->row_count, 2); /* a: 8.50, c: 10.25 */
    struct origin origin = origin_at(found, 0, 0);
    assert_non_null(origin.source);
    assert_non_null(origin.source->members);
    struct origin_members members;
    assert_int_equal(origin_members(world.arena, origin.source, &origin.ordinal, 1, &members, NULL),
                     ERR_OK);
    assert_int_equal(members.ends[0], 2);
    struct origin row = origin_at(origin.source->members, 0, members.rows[1]);
    assert_int_equal(row.source->dataset, 0);
    assert_int_equal(row.ordinal, 3);
    arena_destroy(world.arena);
}

static void
a_rule_that_fails_names_its_first_row(void **state)
{
    struct world world;

    (void)state;
    assert_int_equal(run(&world, "define datapoint ruleset R (variable x) is\n"
                                 "  r: 1 / (x + 2) > 0 end datapoint ruleset;\n"
                                 "V := check_datapoint(D, R);"),
                     ERR_OK);
    assert_int_equal(world.evaluation.notice_count, 1);
    const struct evaluation_notice *notice = &world.evaluation.notices[0];
    assert_int_equal(notice->problem.line, 2);
    assert_int_equal(notice->row_count, 1);
    assert_int_equal(notice->dataset, 0);
    assert_int_equal(notice->row, 1);
    arena_destroy(world.arena);
}

/* A rule that failed has said so; its cells in the result are not told again. */
static void
a_failure_is_told_once(void **state)
{
    static const char *const outputs[] = {"", "invalid", "all", "all_measures"};

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(outputs); i++) {
        struct world world;
        char         script[256];
        (void)snprintf(script, sizeof script,
                       "define datapoint ruleset R (variable x) is r: 1 / (x + 2) > 0 "
                       "end datapoint ruleset; V := check_datapoint(D, R %s);",
                       outputs[i]);
        assert_int_equal(run(&world, script), ERR_OK);
        assert_int_equal(world.evaluation.notice_count, 1);
        arena_destroy(world.arena);
    }
}

/* Cells that failed before a check, and that none of its rules reads, are not lost with it. */
static void
a_failed_cell_beside_a_check_is_told(void **state)
{
    static const char script[] =
        "define datapoint ruleset R (variable x) is r: x > -100 end datapoint ruleset;"
        "V := check_datapoint(D[calc z := 1 / (x + 2)], R all_measures);";
    struct world world;

    (void)state;
    assert_int_equal(run(&world, script), ERR_OK);
    assert_int_equal(world.evaluation.notice_count, 1);
    arena_destroy(world.arena);
}

/* A number that fits, whose average with its twelve digits does not: the script goes on. */
static void
an_average_out_of_range_fails_in_its_group(void **state)
{
    struct world world;

    (void)state;
    assert_int_equal(run(&world, "V := avg(D[filter k = \"a\"][calc z := if g = \"1\" then 1 else "
                                 "x * 99999999999999999 * 99999999999][keep z] group by g);"),
                     ERR_OK);
    const struct relation *averages = &world.evaluation.results[0].relation;
    size_t                 z = relation_find(averages, STR("z"));
    assert_int_equal(relation_state(averages, z, 0), RELATION_PRESENT);
    assert_int_equal(relation_state(averages, z, 1), RELATION_FAILED);
    assert_int_equal(world.evaluation.notice_count, 1);
    assert_int_equal(world.evaluation.notices[0].row_count, 1);
    arena_destroy(world.arena);
}

#define LADDER                                                               \
    "define hierarchical ruleset H (variable rule k) is r: a = b; s: b = a " \
    "end hierarchical ruleset;"
#define PLAIN "define datapoint ruleset R (variable x) is r: x > 0 end datapoint ruleset;"

/* Names that an operator adds are taken: said in the language of the reader, with the name. */
static void
names_that_are_taken_are_told_in_polish(void **state)
{
    static const struct {
        const char *script;
        const char *problem;
    } cases[] = {
        {PLAIN "V := check_datapoint(D[rename g to 'ruleid'], R);",
         "dodaje składową „ruleid”, a zbiór danych ma już identyfikator"                                                   },
        {PLAIN "V := check_datapoint(D[rename g to bool_var], R all);",
         "„check_datapoint” dodaje składową „bool_var”"                                                                  },
        {PLAIN "V := check_datapoint(D[rename g to 'errorcode'], R);",
         "dodaje składową „errorcode”"                                                                                       },
        {PLAIN "V := check_datapoint(D[rename g to 'errorlevel'], R);",
         "dodaje składową „errorlevel”"                                                                                      },
        {"V := check(D[rename g to 'imbalance']#x > 0);",                           "„check” dodaje składową „imbalance”"},
        {"V := check(D[rename g to 'errorcode']#x > 0);",                           "dodaje składową „errorcode”"            },
        {LADDER "V := check_hierarchy(D[keep x][rename g to 'ruleid'], H all);",
         "dodaje składową „ruleid”"                                                                                          },
        {LADDER "V := check_hierarchy(D[keep x][rename x to 'imbalance'], H all);",
         "a tak nazywa się już miara"                                                                                            },
        {LADDER "V := check_hierarchy(D[keep x], H dataset_priority all);",
         "reguły zestawu „H” liczą się nawzajem w kółko"                                                                  },
        {"V := count(D[rename g to int_var] group by int_var);",
         "„count” dodaje składową „int_var”"                                                                             },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        struct world world;
        enum err     got = run(&world, cases[i].script);
        if (got != ERR_SYNTAX || strstr(world.problem.text, cases[i].problem) == NULL) {
            fail_msg("%s: %s %s", cases[i].script, err_name(got), world.problem.text);
        }
        arena_destroy(world.arena);
    }
}

/* Origins are bookkeeping: however many operands meet, the script is worked out. */
static void
many_operands_are_no_obstacle(void **state)
{
    enum { OPERANDS = 40, UNIONS = 12 };
    struct world world;
    char         script[1024] = "V := D[keep x]";
    size_t       used = strlen(script);

    (void)state;
    for (size_t i = 1; i < OPERANDS; i++) {
        used += (size_t)snprintf(script + used, sizeof script - used, " + D[keep x]");
    }
    used += (size_t)snprintf(script + used, sizeof script - used, "; U0 := D;");
    for (size_t i = 0; i < UNIONS; i++) {
        used += (size_t)snprintf(script + used, sizeof script - used, "U%zu := union(U%zu, U%zu);",
                                 i + 1, i, i);
    }
    if (run(&world, script) != ERR_OK) {
        fail_msg("%s", world.problem.text);
    }
    const struct relation *sum = &world.evaluation.results[0].relation;
    size_t                 x = relation_find(sum, STR("x"));
    assert_int_equal(relation_value(sum, x, 0).number, OPERANDS * numbers[0]);
    assert_int_equal(origin_at(sum, 0, 1).ordinal, 1);
    arena_destroy(world.arena);
}

#define CONDITIONAL                                                             \
    "define hierarchical ruleset H (variable condition g as when_g rule k) is " \
    "r: when when_g = \"1\" then a = b + c errorcode \"e\" errorlevel 1 end hierarchical ruleset;"
#define BY_DOMAIN                                                               \
    "define hierarchical ruleset H (valuedomain condition DG as w rule DK) is " \
    "when w = \"1\" then a = b + c end hierarchical ruleset;"

static void
conditions_of_a_hierarchy_choose_places(void **state)
{
    static const struct {
        const char *script;
        size_t      rows;    /* of the result */
        const char *problem; /* NULL: good */
    } cases[] = {
        {CONDITIONAL "V := check_hierarchy(D[keep x], H all);",                               1, NULL                               },
        {CONDITIONAL "V := check_hierarchy(D[keep x], H condition g rule k all);",            1, NULL                               },
        {BY_DOMAIN "V := check_hierarchy(D[keep x], H condition g rule k all);",              1, NULL                               },
        {CONDITIONAL "V := check_hierarchy(D[keep x][filter g = \"2\"], H always_zero all);", 0,
         NULL                                                                                                                       },
        {CONDITIONAL "V := check_hierarchy(D[keep x], H condition k rule k all);",            0,
         "nagłówek zestawu jej nie wymienia"                                                                                      },
        {CONDITIONAL "V := check_hierarchy(D[keep x], H condition g, g rule k all);",         0,
         "warunków: 1, a po „condition” stoi: 2"                                                                               },
        {BY_DOMAIN "V := check_hierarchy(D[keep x], H all);",                                 0, "podaj po „rule” identyfikator"},
        {BY_DOMAIN "V := check_hierarchy(D[keep x], H rule k all);",                          0,
         "warunków: 1, a po „condition” stoi: 0"                                                                               },
        {BY_DOMAIN "V := check_hierarchy(D[keep x], H condition z rule k all);",              0,
         "nie ma składowej „z”"                                                                                                },
        {"define hierarchical ruleset H (variable rule k) is when x > 0 then a = b "
         "end hierarchical ruleset; V := check_hierarchy(D[keep x], H all);",        0, "nie ma składowej „x”"        },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        struct world world;
        enum err     got = run(&world, cases[i].script);
        bool         fits =
            cases[i].problem == NULL
                        ? got == ERR_OK && world.evaluation.results[0].relation.row_count == cases[i].rows
                        : got == ERR_SYNTAX && strstr(world.problem.text, cases[i].problem) != NULL;
        if (!fits) {
            fail_msg("%s: %s %s", cases[i].script, err_name(got), world.problem.text);
        }
        arena_destroy(world.arena);
    }
}

static void
inputs_are_what_a_script_reads_and_does_not_make(void **state)
{
    static const char *const       expected[] = {"D", "E", "LATER", "G"};
    struct arena                  *arena = arena_create((size_t)1 << 22);
    struct vtl_script             *script = NULL;
    struct vtl_problem             problem;
    size_t                         count = 0;
    const struct evaluation_input *inputs = NULL;

    (void)state;
    assert_int_equal(vtl_parse(arena,
                               STR("A := D[filter x > y][rename x to z] + D;\n"
                                   "B := inner_join(A as a, E as e keep a#x);\n"
                                   "C := check(LATER = B imbalance G#x);\nLATER := C;"),
                               &script, &problem, NULL),
                     ERR_OK);
    assert_int_equal(evaluation_inputs(arena, script, &inputs, &count, NULL), ERR_OK);
    assert_int_equal(count, ARRAY_COUNT(expected));
    for (size_t i = 0; i < count; i++) {
        assert_true(str_equal(inputs[i].name, str_of(expected[i])));
    }
    assert_int_equal(inputs[1].place.line, 2);
    assert_int_equal(inputs[1].place.column, 25);
    arena_destroy(arena);
}

static void
results_know_whether_they_persist(void **state)
{
    struct world world;

    (void)state;
    assert_int_equal(run(&world, "V := D; W <- V;"), ERR_OK);
    assert_int_equal(world.evaluation.result_count, 2);
    assert_false(world.evaluation.results[0].persistent);
    assert_true(world.evaluation.results[1].persistent);
    arena_destroy(world.arena);
}

/* B1: keys that leave rows with the same identifiers make no dataset. */
static void
rows_with_the_same_identifiers_are_no_result(void **state)
{
    struct world world;

    (void)state;
    assert_int_equal(run(&world, "V := inner_join(D as a, D as b using k keep a#x "
                                 "rename a#g to g1, b#g to g2);"),
                     ERR_OK);
    assert_int_equal(world.evaluation.results[0].relation.row_count, 6);
    arena_destroy(world.arena);
    assert_int_equal(run(&world, "V := inner_join(D as a, D as b using k keep a#x);"), ERR_SYNTAX);
    assert_non_null(strstr(world.problem.text, "składowa „g” stałaby dwa razy"));
    arena_destroy(world.arena);
}

static void
every_memory_ceiling_is_survived(void **state)
{
    static const char script[] =
        "define datapoint ruleset R (variable x) is r: x > 0 end datapoint ruleset;"
        "A := D[calc z := x * 2 || \"\"];";
    static const char good[] =
        "define datapoint ruleset R (variable x) is r: x > 0 end datapoint ruleset;"
        "A := D[calc z := k || \"!\"][keep x, z]; B := sum(A[keep x] group by k);"
        "C := full_join(A[keep x] as a, D[keep u] as d); V := check_datapoint(A, R all);"
        "E := if A#x > 0 then A#x else 0; F := union(E, A#x); G := check(B > 0);";
    bool finished = false;

    (void)state;
    for (size_t memory = 4096; !finished; memory += memory / 8) {
        struct world world;
        enum err     got = make_world(&world, memory);
        if (got == ERR_OK) {
            got = run_text(&world, good);
        }
        assert_true(got == ERR_OK || got == ERR_MEMORY);
        finished = got == ERR_OK;
        arena_destroy(world.arena);
        assert_true(memory < (size_t)1 << 26);
    }
    struct world world;
    assert_int_equal(run(&world, script), ERR_SYNTAX); /* the ceilings did not hide this */
    arena_destroy(world.arena);
}

int
main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(value_domains_are_those_of_the_world),
        cmocka_unit_test(what_reads_an_unknown_cell_is_unknown),
        cmocka_unit_test(a_condition_over_an_unknown_cell_fails_its_row_alone),
        cmocka_unit_test(rows_remember_where_they_come_from),
        cmocka_unit_test(a_rule_that_fails_names_its_first_row),
        cmocka_unit_test(a_failure_is_told_once),
        cmocka_unit_test(a_failed_cell_beside_a_check_is_told),
        cmocka_unit_test(an_average_out_of_range_fails_in_its_group),
        cmocka_unit_test(names_that_are_taken_are_told_in_polish),
        cmocka_unit_test(many_operands_are_no_obstacle),
        cmocka_unit_test(conditions_of_a_hierarchy_choose_places),
        cmocka_unit_test(inputs_are_what_a_script_reads_and_does_not_make),
        cmocka_unit_test(results_know_whether_they_persist),
        cmocka_unit_test(rows_with_the_same_identifiers_are_no_result),
        cmocka_unit_test(every_memory_ceiling_is_survived),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

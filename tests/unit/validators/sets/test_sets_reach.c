#include "validators/sets/reach.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

/* Which columns of amounts a script can look at. DW is asked for: may a cell of it be left out? */
static const struct relation_component components[] = {
    {.name = STR_INIT("Lp"),   .type = RELATION_INTEGER},
    {                                      .name = STR_INIT("Symbol"), .type = RELATION_STRING                        },
    {            .name = STR_INIT("Kolumna"),                        .type = RELATION_STRING                       },
    { .name = STR_INIT("Kwota"),              .role = RELATION_MEASURE,                                      .type = RELATION_NUMBER, .scale = 2},
    {                                                    .name = STR_INIT("Opis"), .role = RELATION_MEASURE,                         .type = RELATION_STRING},
};

/* clang-format off */
static const struct {
    const char *script;
    bool        reads;
} cases[] = {
    {"R <- X [filter Kolumna = \"DW\"];", true},
    {"R <- X [filter Kolumna = \"PL\"];", false},
    {"R <- X [filter \"PL\" = Kolumna];", false},
    {"R <- X [filter \"DW\" = Kolumna];", true},
    {"R <- X [filter Kolumna in {\"PL\", \"DW\"}];", true},
    {"R <- X [filter Kolumna in {\"PL\", \"NO\"}];", false},
    {"R <- X [filter Symbol = \"A\" and Kolumna = \"PL\"];", false},
    {"R <- X [filter Kolumna = \"PL\" and Symbol <> \"A\" and Symbol not_in {\"B\"}];", false},
    {"R <- sum(X [filter Kolumna = \"PL\"] group by Symbol);", false},
    {"R <- X [filter Kolumna = \"PL\" or Kolumna = \"NO\"];", false},
    {"R <- X [filter Kolumna = \"PL\" or Symbol = \"A\"];", true},
    {"R <- Y [filter Kolumna = \"DW\"];", false},
    {"R <- union(X [filter Kolumna = \"PL\"], X [filter Kolumna = \"NO\"]);", false},
    {"R <- union(X [filter Kolumna = \"PL\"], X [filter Kolumna = \"DW\"]);", true},
    /* The dataset is also read as a whole. */
    {"R <- X;", true},
    {"R <- sum(X group by Symbol);", true},
    {"A := X [filter Kolumna = \"PL\"]; R <- X;", true},
    {"R <- full_join(X [filter Kolumna = \"PL\"] as a, X as b);", true},
    {"R <- X [calc Jest := Kwota] [filter Kolumna = \"PL\"];", true},
    {"A := X; R <- A [filter Kolumna = \"PL\"];", true},
    /* What is not plainly false for the column. */
    {"R <- X [filter Kolumna <> \"DW\"];", true},
    {"R <- X [filter Kolumna not_in {\"DW\"}];", true},
    {"R <- X [filter not (Kolumna = \"DW\")];", true},
    {"R <- X [filter Kolumna = Symbol];", true},
    {"R <- X [filter Kolumna || \"\" = \"PL\"];", true},
    {"R <- X [filter substr(Kolumna, 1, 1) = \"P\"];", true},
    {"R <- X [filter if Symbol = \"A\" then Kolumna = \"PL\" else Kolumna = \"NO\"];", true},
    /* A condition that a cell of the column may make unknown, or let fail, speaks of its row. */
    {"R <- X [filter Kolumna = \"PL\" and Kwota > 0];", true},
    {"R <- X [filter Kolumna = \"PL\" and Opis = \"a\"];", true},
    {"R <- X [filter Kolumna = \"PL\" and Lp = 1];", true},
};
/* clang-format on */

static void
cells_are_left_out_where_a_filter_of_the_dataset_itself_leaves_them_out(void **state)
{
    struct relation structure = {.components = components,
                                 .component_count = ARRAY_COUNT(components)};

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        struct arena         *arena = arena_create(1 << 20);
        struct vtl_script    *script = NULL;
        struct vtl_problem    problem = {0};
        struct reach_question question = {
            .dataset = STR("X"), .component = STR("Kolumna"), .structure = &structure};
        bool reads = false;

        if (vtl_parse(arena, str_of(cases[i].script), &script, &problem, NULL) != ERR_OK) {
            fail_msg("%s: %s", cases[i].script, problem.text);
        }
        question.script = script;
        assert_int_equal(reach_find(arena, &question, STR("DW"), &reads, NULL), ERR_OK);
        if (reads != cases[i].reads) {
            fail_msg("%s: reads %d", cases[i].script, reads);
        }
        arena_destroy(arena);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cells_are_left_out_where_a_filter_of_the_dataset_itself_leaves_them_out),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

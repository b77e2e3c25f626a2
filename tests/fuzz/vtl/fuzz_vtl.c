#include "validators/vtl/vtl.h"

#include <string.h>

/*
 * Property: any text either is refused with a problem that has a place in the text and words, or it
 * yields plans that run over a small dataset, where the outcomes of every rule add up to the rows,
 * the listed rows are the false ones, a false comparison shows two sides, and rules over no unknown
 * cell are never "not evaluated". Never both. Running twice gives the same.
 */
enum { ROWS = 4, COMPONENTS = 8 };

int LLVMFuzzerTestOneInput(const unsigned char *bytes, size_t size);

static const struct vtl_component components[COMPONENTS] = {
    {{"N", 1}, VTL_MEASURE,    VTL_NUMBER,  2},
    {{"M", 1}, VTL_MEASURE,    VTL_NUMBER,  2},
    {{"Z", 1}, VTL_MEASURE,    VTL_NUMBER,  0},
    {{"I", 1}, VTL_MEASURE,    VTL_INTEGER, 0},
    {{"S", 1}, VTL_IDENTIFIER, VTL_STRING,  0},
    {{"D", 1}, VTL_IDENTIFIER, VTL_STRING,  0},
    {{"T", 1}, VTL_MEASURE,    VTL_BOOLEAN, 0},
    {{"U", 1}, VTL_ATTRIBUTE,  VTL_NUMBER,  2},
};

static const int64_t  numbers[ROWS] = {0, 1250, -99999999999999999, 99999999999999999};
static const int64_t  booleans[ROWS] = {1, 0, 1, 0};
static const uint32_t ids[ROWS] = {1, 0, 2, 3};
static const uint8_t  present[ROWS] = {1, 1, 1, 1};
static const uint8_t  gaps[ROWS] = {1, 0, 1, 0};
static const uint8_t  unknown[ROWS] = {2, 1, 0, 1};

static const struct str texts[] = {
    {0 },
    { "", 0},
    { "abc", 3},
    { " \xC5\xBC ", 4}
};
static const struct vtl_domain_values domain = {&texts[2], 1};
static const struct str               domain_names[] = {
                  {"Dom", 3}
};

static const struct vtl_column columns[COMPONENTS] = {
    {numbers,  NULL, present},
    {numbers,  NULL, gaps   },
    {numbers,  NULL, present},
    {numbers,  NULL, gaps   },
    {NULL,     ids,  NULL   },
    {NULL,     ids,  present},
    {booleans, NULL, gaps   },
    {numbers,  NULL, unknown},
};

static const struct vtl_data data = {.row_count = ROWS,
                                     .columns = columns,
                                     .texts = texts,
                                     .text_count = ARRAY_COUNT(texts),
                                     .domains = &domain};

static void
check_problem(struct str text, const struct vtl_problem *problem)
{
    size_t lines = 1;

    for (size_t i = 0; i < text.size; i++) {
        lines += text.data[i] == '\n' ? 1 : 0;
    }
    ENSURE(problem->line >= 1 && problem->line <= lines);
    ENSURE(problem->column >= 1 && problem->column <= text.size + 1);
    ENSURE(problem->text[0] != '\0' && strlen(problem->text) < VTL_PROBLEM_TEXT_MAX);
}

static void
check_rule(struct arena *arena, const struct vtl_plan *plan, size_t rule,
           const struct vtl_rule_result *result)
{
    const struct vtl_rule *it = vtl_rule(plan, rule);
    size_t                 counts[VTL_OUTCOMES] = {0};
    struct vtl_operands    operands[ROWS];
    struct vtl_question    question = {rule, result->rows, result->row_count};

    ENSURE(it->name.size > 0 && it->components >> COMPONENTS == 0);
    for (size_t row = 0; row < ROWS; row++) {
        ENSURE(result->outcomes[row] < VTL_OUTCOMES);
        counts[result->outcomes[row]]++;
    }
    ENSURE(memcmp(counts, result->count, sizeof counts) == 0);
    ENSURE(result->row_count == counts[VTL_FALSE]);
    ENSURE((it->components >> 7 & 1) != 0 || counts[VTL_NOT_EVALUATED] == 0);
    for (size_t i = 0; i < result->row_count; i++) {
        ENSURE(result->outcomes[result->rows[i]] == VTL_FALSE);
    }
    if (!it->compares || vtl_operands(arena, plan, &data, &question, operands, NULL) != ERR_OK) {
        return;
    }
    for (size_t i = 0; i < result->row_count; i++) {
        ENSURE(operands[i].known);
    }
}

static void
check_plan(struct arena *arena, const struct vtl_plan *plan)
{
    static const struct vtl_options options = {.row_max = ROWS, .outcomes = true};
    size_t                          count = vtl_rule_count(plan);
    struct vtl_rule_result         *first = ARENA_NEW(arena, struct vtl_rule_result, count);
    struct vtl_rule_result         *second = ARENA_NEW(arena, struct vtl_rule_result, count);

    if (first == NULL || second == NULL
        || vtl_run(arena, plan, &data, &options, first, NULL) != ERR_OK
        || vtl_run(arena, plan, &data, &options, second, NULL) != ERR_OK) {
        return; /* the arena is full: an ordinary refusal */
    }
    for (size_t i = 0; i < count; i++) {
        check_rule(arena, plan, i, &first[i]);
        ENSURE(memcmp(first[i].outcomes, second[i].outcomes, ROWS) == 0);
    }
}

static void
check_ruleset(struct arena *arena, const struct vtl_script *script, size_t ruleset, struct str text)
{
    struct vtl_binding binding = {
        .ruleset = vtl_ruleset_name(script, ruleset),
        .structure = {components,   COMPONENTS},
        .domains = {domain_names, 1         }
    };
    struct vtl_plan   *plan = NULL;
    struct vtl_problem problem = {0};
    enum err           got = vtl_bind(arena, script, &binding, &plan, &problem, NULL);

    ENSURE((got == ERR_OK) == (plan != NULL));
    ENSURE((got == ERR_SYNTAX) == (problem.line != 0));
    if (got == ERR_OK) {
        check_plan(arena, plan);
    } else if (got == ERR_SYNTAX) {
        check_problem(text, &problem);
    }
}

int
LLVMFuzzerTestOneInput(const unsigned char *bytes, size_t size)
{
    struct arena      *arena = arena_create((size_t)16 * 1024 * 1024);
    struct str         text = {(const char *)bytes, size};
    struct vtl_script *script = NULL;
    struct vtl_problem problem = {0};
    enum err           got = vtl_parse(arena, text, &script, &problem, NULL);

    ENSURE((got == ERR_OK) == (script != NULL));
    ENSURE((got == ERR_SYNTAX) == (problem.line != 0));
    if (got == ERR_SYNTAX) {
        check_problem(text, &problem);
    }
    for (size_t i = 0; got == ERR_OK && i < vtl_ruleset_count(script); i++) {
        check_ruleset(arena, script, i, text);
    }
    if (got == ERR_OK) {
        struct vtl_problem lints[4];
        size_t             count = vtl_lint(script, lints, ARRAY_COUNT(lints));
        for (size_t i = 0; i < count && i < ARRAY_COUNT(lints); i++) {
            check_problem(text, &lints[i]);
        }
    }
    arena_destroy(arena);
    return 0;
}

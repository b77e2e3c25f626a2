#include "tests/unit/validators/vtl/vtl_fixture.h"

static const struct {
    const char   *name;
    enum vtl_type type;
    int64_t       value;
    uint32_t      id;
    uint8_t       state;
} cells[FIXTURE_COMPONENTS] = {
    {"N",  VTL_NUMBER,  1250, 0, VTL_CELL_PRESENT},
    {"M",  VTL_NUMBER,  -325, 0, VTL_CELL_PRESENT},
    {"Z",  VTL_NUMBER,  0,    0, VTL_CELL_PRESENT},
    {"I",  VTL_INTEGER, 7,    0, VTL_CELL_PRESENT},
    {"J",  VTL_INTEGER, -7,   0, VTL_CELL_PRESENT},
    {"S",  VTL_STRING,  0,    1, VTL_CELL_PRESENT},
    {"E",  VTL_STRING,  0,    2, VTL_CELL_PRESENT},
    {"P",  VTL_STRING,  0,    3, VTL_CELL_PRESENT},
    {"D",  VTL_STRING,  0,    4, VTL_CELL_PRESENT},
    {"T",  VTL_BOOLEAN, 1,    0, VTL_CELL_PRESENT},
    {"F",  VTL_BOOLEAN, 0,    0, VTL_CELL_PRESENT},
    {"NN", VTL_NUMBER,  0,    0, VTL_CELL_ABSENT },
    {"NS", VTL_STRING,  0,    0, VTL_CELL_ABSENT },
    {"NB", VTL_BOOLEAN, 0,    0, VTL_CELL_ABSENT },
    {"U",  VTL_NUMBER,  0,    0, VTL_CELL_UNKNOWN},
};

static const struct str texts[] = {
    {0 },
    { "abcdef", 6},
    { "", 0},
    { " łódź ", 9},
    { "750", 3}
};
static const struct str domain_texts[] = {
    {"600", 3},
    {"750", 3}
};
static const struct str domain_names[] = {
    {"Dom", 3}
};

void
fixture_fill(struct fixture *fixture)
{
    *fixture = (struct fixture){
        .domain = {domain_texts, ARRAY_COUNT(domain_texts)}
    };
    for (size_t i = 0; i < FIXTURE_COMPONENTS; i++) {
        fixture->components[i] =
            (struct vtl_component){.name = str_of(cells[i].name),
                                   .role = VTL_MEASURE,
                                   .type = cells[i].type,
                                   .scale = cells[i].type == VTL_NUMBER ? 2 : 0};
        fixture->values[i] = cells[i].value;
        fixture->ids[i] = cells[i].id;
        fixture->states[i] = cells[i].state;
        fixture->columns[i] = (struct vtl_column){
            .values = &fixture->values[i], .ids = &fixture->ids[i], .states = &fixture->states[i]};
    }
    fixture->binding = (struct vtl_binding){
        .ruleset = STR("R"),
        .structure = {fixture->components, FIXTURE_COMPONENTS},
        .domains = {domain_names,        1                 }
    };
    fixture->data = (struct vtl_data){.row_count = 1,
                                      .columns = fixture->columns,
                                      .texts = texts,
                                      .text_count = ARRAY_COUNT(texts),
                                      .domains = &fixture->domain};
}

struct str
fixture_script(struct arena *arena, const char *rule)
{
    return str_format(
        arena,
        "define datapoint ruleset R (variable N, M, Z, I, J, S, E, P, D, T, F, NN, NS, "
        "NB, U) is\nR1: %s\nend datapoint ruleset;",
        rule);
}

enum err
fixture_bind(struct arena *arena, struct fixture *fixture, struct str script, struct vtl_plan **out,
             struct vtl_problem *problem)
{
    struct vtl_script *parsed = NULL;
    struct fault       fault = {0};

    TRY(vtl_parse(arena, script, &parsed, problem, &fault));
    return vtl_bind(arena, parsed, &fixture->binding, out, problem, &fault);
}

enum vtl_outcome
fixture_outcome(struct arena *arena, const char *rule, struct vtl_problem *problem)
{
    static const struct vtl_options options = {.row_max = 1, .outcomes = true};
    struct fixture                  fixture;
    struct vtl_plan                *plan = NULL;
    struct vtl_rule_result          result;
    struct fault                    fault = {0};

    *problem = (struct vtl_problem){0};
    fixture_fill(&fixture);
    if (fixture_bind(arena, &fixture, fixture_script(arena, rule), &plan, problem) != ERR_OK
        || vtl_run(arena, plan, &fixture.data, &options, &result, &fault) != ERR_OK) {
        return VTL_OUTCOMES;
    }
    ENSURE(result.count[result.outcomes[0]] == 1);
    ENSURE(result.row_count == (result.outcomes[0] == VTL_FALSE ? 1 : 0));
    return (enum vtl_outcome)result.outcomes[0];
}

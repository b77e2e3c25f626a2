#include "validators/evaluation/evaluation.h"

#include "validators/relation/timespan.h"
#include "validators/relation/vocabulary.h"

#include <string.h>

/*
 * Property: any script over a few small datasets either gives results without two rows of the same
 * identifiers, or a problem that has a place in the text and words. Over the same datasets without
 * rows it gives results of the same structures, or the same problem: so checking a script needs no
 * data. Only failures of the data (limits, conditions that divide by zero) may differ. Twice gives
 * the same.
 */
enum { ROWS = 4, DATASETS = 6, COMPONENTS = 7 };

int LLVMFuzzerTestOneInput(const unsigned char *bytes, size_t size);

static const amount_wide large = (amount_wide)INT64_MAX * INT64_MAX;

static const struct relation_component components[COMPONENTS] = {
    {{"k", 1}, RELATION_IDENTIFIER, RELATION_STRING,      0, RELATION_PLAIN},
    {{"n", 1}, RELATION_IDENTIFIER, RELATION_INTEGER,     0, RELATION_PLAIN},
    {{"q", 1}, RELATION_IDENTIFIER, RELATION_TIME_PERIOD, 0, RELATION_PLAIN},
    {{"x", 1}, RELATION_MEASURE,    RELATION_NUMBER,      2, RELATION_PLAIN},
    {{"y", 1}, RELATION_MEASURE,    RELATION_INTEGER,     0, RELATION_PLAIN},
    {{"f", 1}, RELATION_MEASURE,    RELATION_BOOLEAN,     0, RELATION_PLAIN},
    {{"t", 1}, RELATION_ATTRIBUTE,  RELATION_STRING,      0, RELATION_PLAIN},
};

/* Which components each dataset has. */
static const struct {
    const char *name;
    size_t      numbers[COMPONENTS];
    size_t      count;
} shapes[DATASETS] = {
    {"A", {0, 1, 3, 4, 6}, 5},
    {"B", {0, 1, 3, 4},    4},
    {"C", {0, 3},          2},
    {"T", {0, 5},          2},
    {"P", {0, 2, 3},       3},
    {"S", {0, 1, 6},       3},
};

static const uint8_t gaps[ROWS] = {1, 0, 1, 1};
static const uint8_t faults[ROWS] = {1, 3, 2, 0};

struct world {
    struct arena             *arena;
    struct vocabulary        *vocabulary;
    struct evaluation_dataset datasets[DATASETS];
    struct evaluation_world   world;
    struct evaluation         evaluation;
    struct vtl_problem        problem;
    enum err                  got;
};

/* The three ways in which a cell may be kept. */
struct cells {
    uint32_t    *ids;
    int64_t     *values;
    amount_wide *wide;
};

static enum err
fill_row(struct world *world, enum relation_type type, const struct cells *cells, size_t row)
{
    static const char *const texts[ROWS] = {"a", "b", "c", "750"};

    TRY(vocabulary_add(world->vocabulary, str_of(texts[row]), &cells->ids[row], NULL));
    cells->values[row] = type == RELATION_BOOLEAN ? (int64_t)(row % 2) : (int64_t)row * 100 - 50;
    cells->wide[row] = large;
    if (type == RELATION_TIME_PERIOD) {
        ENSURE(timespan_parse(row == 0 ? STR("2025Q4") : STR("2026Q1"), &cells->values[row]));
    }
    return ERR_OK;
}

static enum err
fill_column(struct world *world, uint32_t dataset, const struct relation_component *component,
            size_t rows, struct relation_column *out)
{
    bool         identifier = component->role == RELATION_IDENTIFIER;
    struct cells cells = {ARENA_NEW(world->arena, uint32_t, ROWS),
                          ARENA_NEW(world->arena, int64_t, ROWS),
                          ARENA_NEW(world->arena, amount_wide, ROWS)};

    out->states = identifier ? NULL : dataset == 1 ? faults : gaps;
    if (cells.ids == NULL || cells.values == NULL || cells.wide == NULL) {
        return ERR_MEMORY;
    }
    for (size_t row = 0; row < rows; row++) {
        if (out->states == NULL || out->states[row] == RELATION_PRESENT) {
            TRY(fill_row(world, component->type, &cells, row));
        }
    }
    if (component->type == RELATION_STRING) {
        out->ids = cells.ids;
    } else if (dataset == 2 && component->type == RELATION_NUMBER && rows > 0) {
        out->wide = cells.wide;
    } else {
        out->values = cells.values;
    }
    return ERR_OK;
}

static enum err
make_world(struct world *world, size_t rows)
{
    world->arena = arena_create((size_t)32 * 1024 * 1024);
    TRY(vocabulary_create(world->arena, 1, &world->vocabulary, NULL));
    for (uint32_t i = 0; i < DATASETS; i++) {
        struct relation_component *made =
            ARENA_NEW(world->arena, struct relation_component, COMPONENTS);
        struct relation_column *columns =
            ARENA_NEW(world->arena, struct relation_column, COMPONENTS);
        if (made == NULL || columns == NULL) {
            return ERR_MEMORY;
        }
        for (size_t j = 0; j < shapes[i].count; j++) {
            made[j] = components[shapes[i].numbers[j]];
            TRY(fill_column(world, i, &made[j], rows, &columns[j]));
        }
        struct relation relation = {.vocabulary = world->vocabulary,
                                    .component_count = shapes[i].count,
                                    .components = made,
                                    .columns = columns,
                                    .row_count = rows};
        world->datasets[i].name = str_of(shapes[i].name);
        ENSURE(relation_create(world->arena, &relation, i, &world->datasets[i].relation, NULL)
               == ERR_OK);
    }
    world->world = (struct evaluation_world){
        .vocabulary = world->vocabulary, .datasets = world->datasets, .dataset_count = DATASETS};
    return ERR_OK;
}

static void
run(struct world *world, const struct vtl_script *script)
{
    world->got = evaluation_run(world->arena, script, &world->world, &world->evaluation,
                                &world->problem, NULL);
    ENSURE(world->got == ERR_OK || world->got == ERR_SYNTAX || world->got == ERR_LIMIT
           || world->got == ERR_MEMORY);
}

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
check_structures(const struct relation *a, const struct relation *b)
{
    ENSURE(a->component_count == b->component_count);
    for (size_t i = 0; i < a->component_count; i++) {
        ENSURE(str_equal(a->components[i].name, b->components[i].name));
        ENSURE(a->components[i].role == b->components[i].role);
        ENSURE(a->components[i].type == b->components[i].type);
        ENSURE(a->components[i].scale == b->components[i].scale);
    }
}

/* Cells keep the promises of a column: whoever reads one may trust its state. */
static void
check_cells(const struct relation *relation)
{
    for (size_t i = 0; i < relation->component_count; i++) {
        for (size_t row = 0; row < relation->row_count; row++) {
            struct relation_value value = relation_value(relation, i, row);
            bool                  identifier = relation->components[i].role == RELATION_IDENTIFIER;
            ENSURE(value.state <= RELATION_FAILED);
            ENSURE(value.state == RELATION_PRESENT || value.number == 0);
            ENSURE(!identifier || value.state == RELATION_PRESENT);
        }
    }
}

static void
compare(const struct world *full, const struct world *empty, const struct world *again)
{
    if (full->got == ERR_MEMORY || empty->got == ERR_MEMORY || again->got == ERR_MEMORY) {
        return;
    }
    ENSURE((full->got == ERR_SYNTAX) == (empty->got == ERR_SYNTAX) || full->got == ERR_LIMIT);
    ENSURE(full->got == again->got);
    if (empty->got == ERR_SYNTAX && full->got == ERR_SYNTAX) {
        ENSURE(strcmp(full->problem.text, empty->problem.text) == 0);
        ENSURE(full->problem.line == empty->problem.line);
    }
    ENSURE(full->got != ERR_OK || empty->evaluation.result_count == full->evaluation.result_count);
    for (size_t i = 0; full->got == ERR_OK && i < full->evaluation.result_count; i++) {
        const struct relation *relation = &full->evaluation.results[i].relation;
        check_structures(relation, &empty->evaluation.results[i].relation);
        check_cells(relation);
        ENSURE(relation->row_count == again->evaluation.results[i].relation.row_count);
    }
}

/* Every name that is read has a place in the text and is listed once. */
static void
check_inputs(struct arena *arena, struct str text, const struct vtl_script *script)
{
    const struct evaluation_input *inputs = NULL;
    size_t                         count = 0;

    if (evaluation_inputs(arena, script, &inputs, &count, NULL) != ERR_OK) {
        return; /* the arena is full */
    }
    for (size_t i = 0; i < count; i++) {
        ENSURE(inputs[i].place.line >= 1 && inputs[i].place.column <= text.size);
        for (size_t j = 0; j < i; j++) {
            ENSURE(!str_equal(inputs[i].name, inputs[j].name));
        }
    }
}

int
LLVMFuzzerTestOneInput(const unsigned char *bytes, size_t size)
{
    struct arena       *arena = arena_create((size_t)16 * 1024 * 1024);
    struct str          text = {(const char *)bytes, size};
    struct vtl_script  *script = NULL;
    struct vtl_problem  problem = {0};
    static struct world worlds[3];

    if (vtl_parse(arena, text, &script, &problem, NULL) == ERR_OK) {
        check_inputs(arena, text, script);
        for (size_t i = 0; i < ARRAY_COUNT(worlds); i++) {
            memset(&worlds[i], 0, sizeof worlds[i]);
            ENSURE(make_world(&worlds[i], i == 1 ? 0 : ROWS) == ERR_OK);
            run(&worlds[i], script);
            if (worlds[i].got == ERR_SYNTAX || worlds[i].got == ERR_LIMIT) {
                check_problem(text, &worlds[i].problem);
            }
        }
        compare(&worlds[0], &worlds[1], &worlds[2]);
        for (size_t i = 0; i < ARRAY_COUNT(worlds); i++) {
            arena_destroy(worlds[i].arena);
        }
    }
    arena_destroy(arena);
    return 0;
}

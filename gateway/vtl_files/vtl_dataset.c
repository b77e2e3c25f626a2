#include "gateway/vtl_files/vtl_dataset.h"

#include "validators/relation/timespan.h"

#include <string.h>

/* What the functions below share while rows become columns. */
struct loader {
    struct arena       *arena;
    struct vocabulary  *vocabulary;
    struct vtl_dataset *dataset;
    size_t              row_count;
    struct vtl_problem *problem;
    struct fault       *fault;
};

/* The text of one cell, row counted from 0 without the header. */
static struct str
cell_of(const struct vtl_dataset *dataset, size_t row, size_t component)
{
    const struct vtl_table *table = &dataset->table;

    return table->cells[(row + 1) * table->column_count + dataset->at[component]];
}

static struct vtl_place
row_place(const struct loader *loader, size_t row)
{
    return (struct vtl_place){loader->dataset->table.lines[row + 1], 1};
}

static enum err
match_header(struct loader *loader)
{
    struct vtl_dataset     *dataset = loader->dataset;
    const struct vtl_table *table = &dataset->table;

    for (size_t i = 0; i < dataset->component_count; i++) {
        struct str name = dataset->components[i].name;
        size_t     at = 0;
        while (at < table->column_count && !str_equal(table->cells[at], name)) {
            at++;
        }
        if (at == table->column_count) {
            return problem_set(loader->problem, (struct vtl_place){1, 1}, loader->fault,
                               "w nagłówku nie ma składowej „%.*s”, którą wymienia plik .json",
                               STR_ARG(name));
        }
        dataset->at[i] = at;
    }
    if (table->column_count != dataset->component_count) {
        return problem_set(loader->problem, (struct vtl_place){1, 1}, loader->fault,
                           "nagłówek ma %zu kolumn, a plik .json wymienia %zu składowych",
                           table->column_count, dataset->component_count);
    }
    return ERR_OK;
}

/* "-12.5": digits behind the point, -1 if it is no number of ours. */
static int
digits_behind(struct str text)
{
    struct str rest = str_starts_with(text, STR("-")) ? str_slice(text, 1, SIZE_MAX) : text;
    struct str whole = {0};

    if (rest.size == 0 || !str_cut(&rest, '.', &whole) || !str_all_digits(whole)) {
        return -1;
    }
    if (rest.data == NULL) {
        return 0;
    }
    return str_all_digits(rest) && rest.size <= AMOUNT_DIGITS_MAX ? (int)rest.size : -1;
}

static enum err
refuse_cell(struct loader *loader, size_t row, size_t component, const char *expected)
{
    struct str cell = cell_of(loader->dataset, row, component);

    return problem_set(loader->problem, row_place(loader, row), loader->fault,
                       "składowa „%.*s” powinna być tu typu: %s, a jest „%.*s”",
                       STR_ARG(loader->dataset->components[component].name), expected,
                       STR_ARG(str_slice(cell, 0, 60)));
}

/* text as a number of the given scale; false if it has more digits than an amount may. */
static bool
scaled_number(struct str text, int scale, int64_t *out)
{
    int64_t number = 0;
    int     missing = scale - digits_behind(text);

    for (size_t i = 0; i < text.size; i++) {
        if (text.data[i] >= '0' && text.data[i] <= '9') {
            number = number * 10 + (text.data[i] - '0');
        }
        if (number > AMOUNT_MAX) {
            return false;
        }
    }
    for (; missing > 0; missing--) {
        number *= 10;
        if (number > AMOUNT_MAX) {
            return false;
        }
    }
    *out = str_starts_with(text, STR("-")) ? -number : number;
    return true;
}

static enum err
find_scale(struct loader *loader, size_t component)
{
    struct relation_component *it = &loader->dataset->components[component];

    for (size_t row = 0; row < loader->row_count; row++) {
        struct str cell = cell_of(loader->dataset, row, component);
        int        digits = cell.size == 0 ? 0 : digits_behind(cell);
        if (digits < 0 || (it->type == RELATION_INTEGER && digits > 0)) {
            return refuse_cell(loader, row, component,
                               it->type == RELATION_INTEGER ? "liczba całkowita"
                                                            : "liczba z kropką");
        }
        it->scale = digits > it->scale ? digits : it->scale;
    }
    return ERR_OK;
}

static enum err
fill_numbers(struct loader *loader, size_t component, int64_t *values, uint8_t *states)
{
    TRY(find_scale(loader, component));
    for (size_t row = 0; row < loader->row_count; row++) {
        struct str cell = cell_of(loader->dataset, row, component);
        states[row] = cell.size == 0 ? RELATION_ABSENT : RELATION_PRESENT;
        if (cell.size > 0
            && !scaled_number(cell, loader->dataset->components[component].scale, &values[row])) {
            return refuse_cell(loader, row, component, "liczba o najwyżej 17 cyfrach");
        }
    }
    return ERR_OK;
}

static enum err
fill_booleans(struct loader *loader, size_t component, int64_t *values, uint8_t *states)
{
    static const char *const written[] = {"false", "False", "FALSE", "true", "True", "TRUE"};

    for (size_t row = 0; row < loader->row_count; row++) {
        struct str cell = cell_of(loader->dataset, row, component);
        size_t     found = 0;
        while (found < ARRAY_COUNT(written) && !str_equal(cell, str_of(written[found]))) {
            found++;
        }
        if (cell.size > 0 && found == ARRAY_COUNT(written)) {
            return refuse_cell(loader, row, component, "wartość logiczna (true albo false)");
        }
        states[row] = cell.size == 0 ? RELATION_ABSENT : RELATION_PRESENT;
        values[row] = cell.size > 0 && found >= ARRAY_COUNT(written) / 2 ? 1 : 0;
    }
    return ERR_OK;
}

static enum err
fill_periods(struct loader *loader, size_t component, int64_t *values, uint8_t *states)
{
    for (size_t row = 0; row < loader->row_count; row++) {
        struct str cell = cell_of(loader->dataset, row, component);
        states[row] = cell.size == 0 ? RELATION_ABSENT : RELATION_PRESENT;
        if (cell.size > 0 && !timespan_parse(cell, &values[row])) {
            return refuse_cell(loader, row, component, "okres, np. 2026, 2026Q1 albo 2026M03");
        }
    }
    return ERR_OK;
}

static enum err
fill_strings(struct loader *loader, size_t component, uint32_t *ids)
{
    for (size_t row = 0; row < loader->row_count; row++) {
        struct str cell = cell_of(loader->dataset, row, component);
        if (cell.size > 0) {
            TRY(vocabulary_add(loader->vocabulary, cell, &ids[row], loader->fault));
        }
    }
    return ERR_OK;
}

static enum err
fill_column(struct loader *loader, size_t component)
{
    struct vtl_dataset *dataset = loader->dataset;
    size_t              rows = loader->row_count + 1;
    enum relation_type  type = dataset->components[component].type;

    if (type == RELATION_STRING) {
        uint32_t *ids = ARENA_NEW(loader->arena, uint32_t, rows);
        dataset->columns[component].ids = ids;
        return ids == NULL ? FAIL(loader->fault, ERR_MEMORY, "column of %zu rows", rows)
                           : fill_strings(loader, component, ids);
    }
    int64_t *values = ARENA_NEW(loader->arena, int64_t, rows);
    uint8_t *states = ARENA_NEW(loader->arena, uint8_t, rows);
    if (values == NULL || states == NULL) {
        return FAIL(loader->fault, ERR_MEMORY, "column of %zu rows", rows);
    }
    dataset->columns[component].values = values;
    dataset->columns[component].states = states;
    if (type == RELATION_TIME_PERIOD) {
        return fill_periods(loader, component, values, states);
    }
    return type == RELATION_BOOLEAN ? fill_booleans(loader, component, values, states)
                                    : fill_numbers(loader, component, values, states);
}

static enum err
check_present(struct loader *loader, size_t row)
{
    const struct vtl_dataset *dataset = loader->dataset;

    for (size_t i = 0; i < dataset->component_count; i++) {
        if (dataset->components[i].role == RELATION_IDENTIFIER
            && cell_of(dataset, row, i).size == 0) {
            return problem_set(loader->problem, row_place(loader, row), loader->fault,
                               "identyfikator „%.*s” jest pusty; każdy wiersz powinien go mieć",
                               STR_ARG(dataset->components[i].name));
        }
    }
    return ERR_OK;
}

static enum err
check_identifiers(struct loader *loader)
{
    struct relation_duplicate duplicate;

    TRY(relation_duplicate(loader->arena, &loader->dataset->relation, &duplicate, loader->fault));
    if (duplicate.found) {
        return problem_set(loader->problem, row_place(loader, duplicate.second), loader->fault,
                           "wiersz ma te same identyfikatory co wiersz %u pliku; każdy "
                           "zestaw identyfikatorów powinien stać raz",
                           row_place(loader, duplicate.first).line);
    }
    return ERR_OK;
}

enum err
vtl_dataset_rows(const struct vtl_dataset_home *home, struct str csv, struct vtl_dataset *dataset,
                 struct vtl_problem *problem, struct fault *fault)
{
    struct loader loader = {.arena = home->arena,
                            .vocabulary = home->vocabulary,
                            .dataset = dataset,
                            .problem = problem,
                            .fault = fault};

    TRY(vtl_table_read(home->arena, csv, &dataset->table, problem, fault));
    TRY(match_header(&loader));
    loader.row_count = dataset->table.row_count - 1;
    for (size_t i = 0; i < dataset->component_count; i++) {
        TRY(fill_column(&loader, i));
    }
    for (size_t row = 0; row < loader.row_count; row++) {
        TRY(check_present(&loader, row));
    }
    struct relation made = {.vocabulary = home->vocabulary,
                            .component_count = dataset->component_count,
                            .components = dataset->components,
                            .columns = dataset->columns,
                            .row_count = loader.row_count};
    TRY(relation_create(home->arena, &made, home->number, &dataset->relation, fault));
    return check_identifiers(&loader);
}

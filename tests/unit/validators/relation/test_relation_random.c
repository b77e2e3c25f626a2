#include "tests/support/expect.h"
#include "tests/unit/validators/relation/relation_fixture.h"
#include "validators/base/buf.h"
#include "validators/relation/aggregate.h"
#include "validators/relation/combination.h"
#include "validators/relation/existence.h"
#include "validators/relation/hierarchy.h"
#include "validators/relation/join.h"

#include <string.h>

/*
 * The operators against a second author, written for this test alone: tables of text cells, nested
 * loops, no hashing, no columns. Random tables, seeded; results must be equal letter for letter,
 * order of rows included.
 */
enum { ROUNDS = 1500, COLUMNS_MAX = 8, ROWS_MAX = 14, RULES = 5, ITEMS = 3, CODES = 6 };

struct table {
    size_t      column_count;
    const char *columns[COLUMNS_MAX]; /* "A:is" */
    size_t      row_count;
    const char *cells[ROWS_MAX][COLUMNS_MAX];
};

struct world {
    struct fixture fixture;
    uint64_t       random;
    size_t         met[8]; /* rows that each operator made, so that none is tested on nothing */
};

static uint64_t
draw(struct world *world, uint64_t below)
{
    world->random ^= world->random << 13;
    world->random ^= world->random >> 7;
    world->random ^= world->random << 17;
    return (world->random >> 11) % below;
}

static const char *
draw_cell(struct world *world, const char *column)
{
    static const char *const strings[] = {"a", "b", "B", "\"\"", "zz"};
    static const char *const periods[] = {"2026Q1", "2026M01", "2025Q4", "2026A"};
    static const char *const numbers[] = {
        "0", "1", "2", "-1", "99999999999999999999", "-99999999999999999999"};
    const char *type = strchr(column, ':') + 1;

    if (type[0] != 'i' && draw(world, 12) == 0) {
        return "?";
    }
    if (type[0] != 'i' && draw(world, 4) == 0) {
        return "_";
    }
    if (type[1] == 's') {
        return strings[draw(world, ARRAY_COUNT(strings))];
    }
    if (type[1] == 't') {
        return periods[draw(world, ARRAY_COUNT(periods))];
    }
    return numbers[draw(world, ARRAY_COUNT(numbers))];
}

static bool
is_identifier(const struct table *table, size_t column)
{
    return strchr(table->columns[column], ':')[1] == 'i';
}

static bool
same_name(const char *a, const char *b)
{
    size_t size = (size_t)(strchr(a, ':') - a);

    return strncmp(a, b, size + 1) == 0;
}

/* The column of b with the name of a column of a, or COLUMNS_MAX. */
static size_t
find_column(const struct table *table, const char *column)
{
    for (size_t i = 0; i < table->column_count; i++) {
        if (same_name(table->columns[i], column)) {
            return i;
        }
    }
    return COLUMNS_MAX;
}

static bool
same_identifiers(const struct table *a, size_t a_row, const struct table *b, size_t b_row)
{
    bool same = true;

    for (size_t i = 0; i < a->column_count; i++) {
        size_t at = find_column(b, a->columns[i]);
        if (is_identifier(a, i) && at < COLUMNS_MAX && is_identifier(b, at)) {
            same = same && strcmp(a->cells[a_row][i], b->cells[b_row][at]) == 0;
        }
    }
    return same;
}

static struct table
draw_table(struct world *world, const char *columns)
{
    struct table table = {0};
    struct str   rest = str_of(columns);
    struct str   column;
    size_t       wanted = draw(world, ROWS_MAX + 1);

    while (str_cut(&rest, ' ', &column)) {
        table.columns[table.column_count++] = str_copy(world->fixture.arena, column).data;
    }
    for (size_t i = 0; i < wanted; i++) {
        bool known = false;
        for (size_t at = 0; at < table.column_count; at++) {
            table.cells[table.row_count][at] = draw_cell(world, table.columns[at]);
        }
        for (size_t row = 0; row < table.row_count; row++) {
            known = known || same_identifiers(&table, row, &table, table.row_count);
        }
        table.row_count += !known;
    }
    return table;
}

static void
write_header(struct buf *buf, const char *column)
{
    buf_format(buf, "%s%s", buf->size == 0 ? "" : " ", column);
}

static struct relation
relation_of(struct world *world, uint32_t dataset, const struct table *table)
{
    struct buf buf = buf_create(world->fixture.arena, 1 << 20);

    for (size_t i = 0; i < table->column_count; i++) {
        write_header(&buf, table->columns[i]);
    }
    for (size_t row = 0; row < table->row_count; row++) {
        buf_append(&buf, STR(" |"));
        for (size_t i = 0; i < table->column_count; i++) {
            buf_format(&buf, " %s", table->cells[row][i]);
        }
    }
    buf_byte(&buf, '\0');
    return fixture_relation(&world->fixture, dataset, buf_str(&buf).data);
}

static void
compare(struct world *world, size_t operator_at, const struct relation *got, struct buf *want)
{
    const char *text = fixture_text(&world->fixture, got);

    buf_byte(want, '\0');
    assert_true(buf_ok(want));
    assert_string_equal(text, buf_str(want).data);
    world->met[operator_at] += got->row_count;
}

/* Joins. */

struct keys {
    size_t left[COLUMNS_MAX];
    size_t right[COLUMNS_MAX];
    size_t count;
};

static bool
matches(const struct table *left, size_t l, const struct table *right, size_t r,
        const struct keys *keys)
{
    bool same = true;

    for (size_t i = 0; i < keys->count; i++) {
        const char *cell = left->cells[l][keys->left[i]];
        same = same && cell[0] != '_' && cell[0] != '?'
               && strcmp(cell, right->cells[r][keys->right[i]]) == 0;
    }
    return same;
}

static bool
is_key(const struct keys *keys, size_t right)
{
    for (size_t i = 0; i < keys->count; i++) {
        if (keys->right[i] == right) {
            return true;
        }
    }
    return false;
}

/* One row of the result; l or r is ROWS_MAX where a side is missing. */
static void
write_pair(struct buf *buf, const struct table *left, size_t l, const struct table *right, size_t r,
           const struct keys *keys)
{
    buf_append(buf, STR(" |"));
    for (size_t i = 0; i < left->column_count; i++) {
        const char *cell = l < ROWS_MAX ? left->cells[l][i] : "_";
        for (size_t key = 0; l == ROWS_MAX && r < ROWS_MAX && key < keys->count; key++) {
            cell = keys->left[key] == i ? right->cells[r][keys->right[key]] : cell;
        }
        buf_format(buf, " %s", cell);
    }
    for (size_t i = 0; i < right->column_count; i++) {
        if (!is_key(keys, i)) {
            buf_format(buf, " %s", r < ROWS_MAX ? right->cells[r][i] : "_");
        }
    }
}

static void
write_join_header(struct buf *buf, const struct table *left, const struct table *right,
                  const struct keys *keys)
{
    for (size_t i = 0; i < left->column_count; i++) {
        write_header(buf, left->columns[i]);
    }
    for (size_t i = 0; i < right->column_count; i++) {
        if (!is_key(keys, i)) {
            write_header(buf, right->columns[i]);
        }
    }
}

static void
join_naively(struct buf *buf, enum join_kind kind, const struct table *left,
             const struct table *right, const struct keys *keys)
{
    bool taken[ROWS_MAX] = {false};

    write_join_header(buf, left, right, keys);
    for (size_t l = 0; l < left->row_count; l++) {
        bool any = false;
        for (size_t r = 0; r < right->row_count; r++) {
            if (matches(left, l, right, r, keys)) {
                write_pair(buf, left, l, right, r, keys);
                taken[r] = any = true;
            }
        }
        if (!any && kind != JOIN_INNER) {
            write_pair(buf, left, l, right, ROWS_MAX, keys);
        }
    }
    for (size_t r = 0; kind == JOIN_FULL && r < right->row_count; r++) {
        if (!taken[r]) {
            write_pair(buf, left, ROWS_MAX, right, r, keys);
        }
    }
}

static void
try_join(struct world *world)
{
    static const char *const lefts[] = {"A:is M:mn0", "M:mn0 B:it A:is S:ms", "A:iz B:it M:mz",
                                        "A:is B:it C:iz"};
    static const char *const rights[] = {"A:is N:mz", "A:is B:it N:ms", "N:mz B:it A:iz",
                                         "C:iz N:az A:is B:it"};
    static const char *const keyed[] = {"K:iz V:ms M:mn0", "V:is N:mz"};
    size_t                   at = draw(world, ARRAY_COUNT(lefts) + 1);
    bool using = at == ARRAY_COUNT(lefts);
    struct table    left = draw_table(world, using ? keyed[0] : lefts[at]);
    struct table    right = draw_table(world, using ? keyed[1] : rights[at]);
    struct relation relations[] = {relation_of(world, 0, &left), relation_of(world, 1, &right)};
    struct keys     keys = {0};
    struct relation out = {0};
    struct buf      want = buf_create(world->fixture.arena, 1 << 20);

    for (size_t i = 0; i < left.column_count; i++) {
        size_t other = find_column(&right, left.columns[i]);
        if (other < COLUMNS_MAX && (is_identifier(&left, i) || using)
            && is_identifier(&right, other)) {
            keys.left[keys.count] = i;
            keys.right[keys.count++] = other;
        }
    }
    struct join join = {(enum join_kind)draw(world, 3),
                        &relations[0],
                        &relations[1],
                        keys.left,
                        keys.right,
                        keys.count};
    assert_int_equal(join_run(world->fixture.arena, &join, &out, NULL), ERR_OK);
    join_naively(&want, join.kind, &left, &right, &keys);
    compare(world, join.kind, &out, &want);
}

/* Aggregates, of the one measure "M:mn0". */

static amount_wide
number_of(const char *cell)
{
    amount_wide number = 0;
    bool        negative = cell[0] == '-';

    for (const char *at = cell + negative; *at != '\0'; at++) {
        number = number * 10 + (*at - '0');
    }
    return negative ? -number : number;
}

static void
write_number(struct buf *buf, amount_wide number, int scale)
{
    char   digits[64];
    size_t size = sizeof digits;
    bool   negative = number < 0;

    for (int i = 0; i <= scale || number != 0; i++) {
        if (i == scale && scale > 0) {
            digits[--size] = '.';
        }
        digits[--size] = (char)('0' + (negative ? -(number % 10) : number % 10));
        number /= 10;
    }
    buf_append(buf, negative ? STR(" -") : STR(" "));
    buf_append(buf, (struct str){digits + size, sizeof digits - size});
}

struct figures {
    bool        unknown;
    amount_wide count, present, sum, least, greatest;
};

static struct figures
figures_of(const struct table *table, const bool *members)
{
    struct figures figures = {0};
    size_t         measure = find_column(table, "M:");

    for (size_t row = 0; row < table->row_count; row++) {
        const char *cell = table->cells[row][measure];
        figures.count += members[row];
        figures.unknown = figures.unknown || (members[row] && cell[0] == '?');
        if (members[row] && cell[0] != '_' && cell[0] != '?') {
            amount_wide number = number_of(cell);
            bool        first = figures.present == 0;
            figures.sum += number;
            figures.least = first || number < figures.least ? number : figures.least;
            figures.greatest = first || number > figures.greatest ? number : figures.greatest;
            figures.present++;
        }
    }
    return figures;
}

/* "S:mn0 L:mn0 G:mn0 V:mn3 Q:mz P:mz" */
static void
write_figures(struct buf *buf, const struct figures *figures)
{
    amount_wide thousands = figures->sum * 1000;
    amount_wide twice = 2 * (thousands < 0 ? -thousands : thousands);
    amount_wide average =
        figures->present == 0 ? 0 : (twice + figures->present) / (2 * figures->present);
    const amount_wide values[] = {figures->sum, figures->least, figures->greatest,
                                  thousands < 0 ? -average : average};

    for (size_t i = 0; i < ARRAY_COUNT(values); i++) {
        if (figures->unknown || figures->present == 0) {
            buf_append(buf, figures->unknown ? STR(" ?") : STR(" _"));
        } else {
            write_number(buf, values[i], i == 3 ? 3 : 0);
        }
    }
}

static void
write_counts(struct buf *buf, const struct figures *figures)
{
    write_number(buf, figures->count, 0);
    if (figures->unknown) {
        buf_append(buf, STR(" ?"));
    } else {
        write_number(buf, figures->present, 0);
    }
}

static bool
same_keys(const struct table *table, size_t a, size_t b, const size_t *keys, size_t key_count)
{
    bool same = true;

    for (size_t i = 0; i < key_count; i++) {
        same = same && strcmp(table->cells[a][keys[i]], table->cells[b][keys[i]]) == 0;
    }
    return same;
}

static void
aggregate_naively(struct buf *buf, const struct table *table, const size_t *keys, size_t key_count)
{
    bool done[ROWS_MAX] = {false};
    bool members[ROWS_MAX] = {false};

    for (size_t i = 0; i < key_count; i++) {
        write_header(buf, table->columns[keys[i]]);
    }
    write_header(buf, "S:mn0 L:mn0 G:mn0 V:mn3 Q:mz P:mz");
    if (key_count == 0 && table->row_count == 0) {
        struct figures none = {0};
        buf_append(buf, STR(" |"));
        write_figures(buf, &none);
        write_counts(buf, &none);
    }
    for (size_t first = 0; first < table->row_count; first++) {
        if (done[first]) {
            continue;
        }
        buf_append(buf, STR(" |"));
        for (size_t row = 0; row < table->row_count; row++) {
            members[row] = same_keys(table, first, row, keys, key_count);
            done[row] = done[row] || members[row];
        }
        for (size_t i = 0; i < key_count; i++) {
            buf_format(buf, " %s", table->cells[first][keys[i]]);
        }
        struct figures figures = figures_of(table, members);
        write_figures(buf, &figures);
        write_counts(buf, &figures);
    }
}

static void
try_aggregate(struct world *world)
{
    struct table    table = draw_table(world, "A:is M:mn0 B:it C:iz");
    struct relation in = relation_of(world, 0, &table);
    size_t          keys[3];
    size_t          key_count = 0;
    struct relation out = {0};
    struct buf      want = buf_create(world->fixture.arena, 1 << 20);

    for (size_t i = 0; i < table.column_count; i++) {
        if (is_identifier(&table, i) && draw(world, 2) == 0) {
            keys[key_count++] = i;
        }
    }
    const struct aggregate_term terms[] = {
        {AGGREGATE_SUM,     1, STR("S"), RELATION_MEASURE, 0},
        {AGGREGATE_MIN,     1, STR("L"), RELATION_MEASURE, 0},
        {AGGREGATE_MAX,     1, STR("G"), RELATION_MEASURE, 0},
        {AGGREGATE_AVG,     1, STR("V"), RELATION_MEASURE, 3},
        {AGGREGATE_COUNT,   0, STR("Q"), RELATION_MEASURE, 0},
        {AGGREGATE_PRESENT, 1, STR("P"), RELATION_MEASURE, 0},
    };
    struct aggregate aggregate = {keys, key_count, terms, ARRAY_COUNT(terms)};
    assert_int_equal(aggregate_run(world->fixture.arena, &in, &aggregate, &out, NULL), ERR_OK);
    aggregate_naively(&want, &table, keys, key_count);
    compare(world, 3, &out, &want);
}

/* Set operators, and exists_in. */

static bool
stands_in(const struct table *table, const struct table *other, size_t row)
{
    for (size_t at = 0; at < table->row_count; at++) {
        if (same_identifiers(other, row, table, at)) {
            return true;
        }
    }
    return false;
}

static void
write_row(struct buf *buf, const struct table *first, const struct table *table, size_t row)
{
    buf_append(buf, STR(" |"));
    for (size_t i = 0; i < first->column_count; i++) {
        buf_format(buf, " %s", table->cells[row][find_column(table, first->columns[i])]);
    }
}

/* Whether a row of operand i belongs to the result. */
static bool
belongs(enum combination_operator operation, const struct table *tables, size_t count, size_t i,
        size_t row)
{
    size_t before = 0;
    size_t others = 0;

    for (size_t at = 0; at < count; at++) {
        bool there = at != i && stands_in(&tables[at], &tables[i], row);
        others += there;
        before += there && at < i;
    }
    switch (operation) {
    case COMBINATION_UNION:
        return before == 0;
    case COMBINATION_INTERSECT:
        return i == 0 && others == count - 1;
    case COMBINATION_SETDIFF:
        return i == 0 && others == 0;
    case COMBINATION_SYMDIFF:
        break;
    }
    return others == 0;
}

static void
try_combination(struct world *world)
{
    static const char *const  structures[] = {"A:is B:it M:mz S:ms", "S:ms A:is M:mz B:it",
                                              "B:it A:is S:ms M:mz"};
    struct table              tables[3];
    struct relation           relations[3];
    const struct relation    *operands[3];
    struct relation           out = {0};
    struct buf                want = buf_create(world->fixture.arena, 1 << 20);
    enum combination_operator operation = (enum combination_operator)draw(world, 4);
    size_t                    count = operation < COMBINATION_SETDIFF ? 1 + draw(world, 3) : 2;

    for (size_t i = 0; i < count; i++) {
        tables[i] = draw_table(world, structures[i]);
        relations[i] = relation_of(world, (uint32_t)i, &tables[i]);
        operands[i] = &relations[i];
    }
    struct combination combination = {operation, operands, count};
    assert_int_equal(combination_run(world->fixture.arena, &combination, &out, NULL), ERR_OK);
    buf_append(&want, str_of(structures[0]));
    for (size_t i = 0; i < count; i++) {
        for (size_t row = 0; row < tables[i].row_count; row++) {
            if (belongs(operation, tables, count, i, row)) {
                write_row(&want, &tables[0], &tables[i], row);
            }
        }
    }
    compare(world, 4, &out, &want);
}

static void
write_identifiers(struct buf *buf, const struct table *table, size_t row)
{
    buf_append(buf, STR(" |"));
    for (size_t i = 0; i < table->column_count; i++) {
        if (is_identifier(table, i)) {
            buf_format(buf, " %s", table->cells[row][i]);
        }
    }
}

static void
exist_naively(struct buf *buf, enum existence_retain retain, const struct table *left,
              const struct table *right)
{
    for (size_t i = 0; i < left->column_count; i++) {
        if (is_identifier(left, i)) {
            write_header(buf, left->columns[i]);
        }
    }
    write_header(buf, "bool_var:mb");
    for (size_t row = 0; row < left->row_count; row++) {
        bool found = stands_in(right, left, row);
        if (retain == EXISTENCE_ALL || found == (retain == EXISTENCE_TRUE)) {
            write_identifiers(buf, left, row);
            buf_append(buf, found ? STR(" true") : STR(" false"));
        }
    }
}

static void
try_existence(struct world *world)
{
    static const char *const structures[] = {"A:is B:it M:mz", "B:it A:is N:ms", "A:is",
                                             "C:iz A:is B:it"};
    struct table             left = draw_table(world, structures[draw(world, 3)]);
    struct table             right = draw_table(world, structures[draw(world, 4)]);
    struct relation  relations[] = {relation_of(world, 0, &left), relation_of(world, 1, &right)};
    struct relation  out = {0};
    struct existence existence = {&relations[0], &relations[1],
                                  (enum existence_retain)draw(world, 3), STR("bool_var")};
    struct buf       want = buf_create(world->fixture.arena, 1 << 20);

    assert_int_equal(existence_run(world->fixture.arena, &existence, &out, NULL), ERR_OK);
    exist_naively(&want, existence.retain, &left, &right);
    compare(world, 5, &out, &want);
}

/* Hierarchies: rules whose items are later letters, so that none is a circle. */

struct item {
    bool        there;
    int         state; /* of the value: '_', '?' or '=' */
    amount_wide number;
};

struct naive {
    struct hierarchy_rule rules[RULES];
    struct hierarchy_item items[RULES][ITEMS];
    enum hierarchy_mode   mode;
    enum hierarchy_input  input;
    struct item           cells[CODES]; /* of a place */
    bool                  computed[RULES];
    struct item           sums[RULES];
    uint32_t              ids[CODES];
};

static bool
zero_for_missing(const struct naive *naive)
{
    return naive->mode == HIERARCHY_NON_ZERO || naive->mode == HIERARCHY_PARTIAL_ZERO
           || naive->mode == HIERARCHY_ALWAYS_ZERO;
}

static struct item
item_for(const struct naive *naive, uint32_t code, size_t self)
{
    struct item item = {0};

    for (size_t i = 0; i < CODES; i++) {
        item = naive->ids[i] == code ? naive->cells[i] : item;
    }
    for (size_t rule = 0; rule < RULES && naive->input == HIERARCHY_DATASET_PRIORITY; rule++) {
        if (rule != self && (!item.there || item.state == '_') && naive->computed[rule]
            && naive->rules[rule].relation == HIERARCHY_EQUAL && naive->rules[rule].left == code
            && naive->sums[rule].state != '_') {
            item = naive->sums[rule];
        }
    }
    if (!item.there) {
        item.state = zero_for_missing(naive) ? '=' : '_';
    }
    return item;
}

/* What the mode demands of some items. */
static bool
says(enum hierarchy_mode mode, const struct item *items, size_t count)
{
    size_t known = 0;
    size_t there = 0;
    size_t not_zero = 0;

    for (size_t i = 0; i < count; i++) {
        there += items[i].there;
        known += items[i].there && items[i].state != '_';
        not_zero += items[i].there && (items[i].state != '=' || items[i].number != 0);
    }
    return mode == HIERARCHY_NON_NULL       ? known == count
           : mode == HIERARCHY_NON_ZERO     ? not_zero > 0
           : mode <= HIERARCHY_PARTIAL_ZERO ? there > 0
                                            : true;
}

/* The items of a rule, left first, and the sum of its right side. */
static struct item
add_up(const struct naive *naive, size_t rule, struct item *items)
{
    struct item sum = {.there = true, .state = '='};

    items[0] = item_for(naive, naive->rules[rule].left, rule);
    for (size_t i = 0; i < naive->rules[rule].item_count; i++) {
        struct item item = item_for(naive, naive->items[rule][i].code, rule);
        items[i + 1] = item;
        sum.number += naive->items[rule][i].negative ? -item.number : item.number;
        if (item.state == '?' || (item.state == '_' && sum.state == '=')) {
            sum.state = item.state;
        }
    }
    return sum;
}

static void
write_rule(struct buf *buf, const struct naive *naive, size_t rule, const char *place,
           const struct fixture *fixture)
{
    struct item items[ITEMS + 1];
    struct item sum = add_up(naive, rule, items);
    amount_wide difference = items[0].number - sum.number;
    const bool  truths[] = {difference == 0, difference<0, difference <= 0, difference> 0,
                            difference >= 0};
    int         state = items[0].state == '?' || sum.state == '?'   ? '?'
                        : items[0].state == '_' || sum.state == '_' ? '_'
                                                                    : '=';

    if (!says(naive->mode, items, naive->rules[rule].item_count + 1)) {
        return;
    }
    buf_format(buf, " | %s %.*s R%zu", place,
               STR_ARG(vocabulary_text(fixture->vocabulary, naive->rules[rule].left)), rule);
    if (state == '=') {
        buf_append(buf, truths[naive->rules[rule].relation] ? STR(" true") : STR(" false"));
    } else {
        buf_format(buf, " %c", state);
    }
    if (items[0].state == '=') {
        write_number(buf, items[0].number, 0);
    } else {
        buf_format(buf, " %c", items[0].state);
    }
    if (state == '=') {
        write_number(buf, difference, 0);
    } else {
        buf_format(buf, " %c", state);
    }
}

/* The cells of the place of a row, which is its first; its other rows are done then. */
static void
read_place(struct naive *naive, const struct table *table, size_t first, bool *done)
{
    memset(naive->cells, 0, sizeof naive->cells);
    memset(naive->computed, 0, sizeof naive->computed);
    for (size_t row = first; row < table->row_count; row++) {
        if (strcmp(table->cells[row][0], table->cells[first][0]) == 0) {
            const char *cell = table->cells[row][2];
            bool        none = cell[0] == '_' || cell[0] == '?';
            naive->cells[table->cells[row][1][0] - 'a'] =
                (struct item){true, none ? cell[0] : '=', none ? 0 : number_of(cell)};
            done[row] = true;
        }
    }
}

/* As often as there are rules, so that every sum has what it needs. */
static void
compute_sums(struct naive *naive)
{
    struct item items[ITEMS + 1];

    for (size_t i = 0; i < (size_t)RULES * RULES; i++) {
        size_t rule = i % RULES;
        naive->sums[rule] = add_up(naive, rule, items);
        naive->computed[rule] = says(naive->mode, items + 1, naive->rules[rule].item_count);
    }
}

static void
judge_naively(struct buf *buf, struct naive *naive, const struct table *table,
              const struct fixture *fixture)
{
    bool done[ROWS_MAX] = {false};

    for (size_t first = 0; first < table->row_count; first++) {
        if (done[first]) {
            continue;
        }
        read_place(naive, table, first, done);
        compute_sums(naive);
        for (size_t rule = 0; rule < RULES; rule++) {
            write_rule(buf, naive, rule, table->cells[first][0], fixture);
        }
    }
}

static void
draw_rules(struct world *world, struct naive *naive)
{
    uint32_t id = 0;

    for (size_t i = 0; i < CODES; i++) {
        struct str text = str_format(world->fixture.arena, "%c", (char)('a' + i));
        assert_int_equal(vocabulary_add(world->fixture.vocabulary, text, &naive->ids[i], NULL),
                         ERR_OK);
    }
    for (size_t rule = 0; rule < RULES; rule++) {
        size_t left = draw(world, CODES - 1);
        assert_int_equal(vocabulary_add(world->fixture.vocabulary,
                                        str_format(world->fixture.arena, "R%zu", rule), &id, NULL),
                         ERR_OK);
        naive->rules[rule] = (struct hierarchy_rule){
            .name = id,
            .left = naive->ids[left],
            .relation =
                draw(world, 3) > 0 ? HIERARCHY_EQUAL : (enum hierarchy_relation)draw(world, 5),
            .items = naive->items[rule],
            .item_count = 1 + draw(world, ITEMS)};
        for (size_t i = 0; i < naive->rules[rule].item_count; i++) {
            size_t code = left + 1 + draw(world, CODES - 1 - left);
            naive->items[rule][i] =
                (struct hierarchy_item){naive->ids[code], draw(world, 4) == 0, NULL};
        }
    }
    naive->mode = (enum hierarchy_mode)draw(world, 6);
    naive->input = (enum hierarchy_input)draw(world, 2);
}

/* A table of places, codes and small numbers, most codes missing somewhere. */
static struct table
draw_codes(struct world *world)
{
    static const char *const places[] = {"1", "2", "3"};
    static const char *const codes[] = {"a", "b", "c", "d", "e", "f"};
    static const char *const numbers[] = {"0", "1", "2", "3", "_", "_", "?", "0"};
    struct table             table = {
                    .column_count = 3, .columns = {"P:iz", "K:is", "M:mn0"}
    };
    size_t wanted = draw(world, ROWS_MAX + 1);

    for (size_t i = 0; i < wanted; i++) {
        const char **cells = table.cells[table.row_count];
        bool         known = false;
        cells[0] = places[draw(world, 3)];
        cells[1] = codes[draw(world, CODES)];
        cells[2] = numbers[draw(world, ARRAY_COUNT(numbers))];
        for (size_t row = 0; row < table.row_count; row++) {
            known = known || same_identifiers(&table, row, &table, table.row_count);
        }
        table.row_count += !known;
    }
    return table;
}

static void
try_hierarchy(struct world *world)
{
    struct naive            naive = {0};
    struct hierarchy_result out = {0};
    struct table            table = draw_codes(world);
    struct relation         operand = relation_of(world, 0, &table);
    struct buf              want = buf_create(world->fixture.arena, 1 << 20);

    draw_rules(world, &naive);
    struct hierarchy hierarchy = {.operand = &operand,
                                  .code = 1,
                                  .measure = 2,
                                  .mode = naive.mode,
                                  .input = naive.input,
                                  .rules = naive.rules,
                                  .rule_count = RULES,
                                  .ruleid = STR("ruleid"),
                                  .bool_var = STR("bool_var"),
                                  .imbalance = STR("imbalance")};
    assert_int_equal(hierarchy_check(world->fixture.arena, &hierarchy, &out, NULL), ERR_OK);
    buf_append(&want, STR("P:iz K:is ruleid:is bool_var:mb M:mn0 imbalance:mn0"));
    judge_naively(&want, &naive, &table, &world->fixture);
    compare(world, 6, &out.relation, &want);
}

static void
operators_and_nested_loops_agree(void **state)
{
    static void (*const tries[])(struct world *) = {try_join, try_aggregate, try_combination,
                                                    try_existence, try_hierarchy};
    struct world world = {.random = UINT64_C(0x2545F4914F6CDD1D)};

    (void)state;
    for (size_t round = 0; round < ROUNDS; round++) {
        for (size_t i = 0; i < ARRAY_COUNT(tries); i++) {
            world.fixture = fixture_create();
            tries[i](&world);
            arena_destroy(world.fixture.arena);
        }
    }
    for (size_t i = 0; i < 7; i++) {
        assert_true(world.met[i] > 500);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(operators_and_nested_loops_agree)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}

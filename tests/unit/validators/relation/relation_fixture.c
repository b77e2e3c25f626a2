#include "tests/unit/validators/relation/relation_fixture.h"

#include "validators/base/buf.h"
#include "validators/relation/column.h"
#include "validators/relation/origin.h"
#include "validators/relation/timespan.h"

#include <string.h>

enum { ARENA_MAX = 1 << 28, ROWS_MAX = 128 };

static const char *const types = "nzsbt";
static const char *const roles = "ima";

struct fixture
fixture_create(void)
{
    struct fixture fixture = {.arena = arena_create(ARENA_MAX)};

    ENSURE(vocabulary_create(fixture.arena, 1, &fixture.vocabulary, NULL) == ERR_OK);
    return fixture;
}

static size_t
place_in(const char *letters, char letter)
{
    const char *found = strchr(letters, letter);

    ENSURE(found != NULL);
    return (size_t)(found - letters);
}

static struct relation_component
read_component(struct str text)
{
    struct relation_component component = {0};

    ENSURE(str_cut(&text, ':', &component.name) && text.size >= 2);
    component.role = (enum relation_role)place_in(roles, text.data[0]);
    component.type = (enum relation_type)place_in(types, text.data[1]);
    for (size_t i = 2; i < text.size; i++) {
        component.scale = component.scale * 10 + (text.data[i] - '0');
    }
    return component;
}

static amount_wide
read_number(struct str text, int scale)
{
    bool        negative = text.data[0] == '-';
    amount_wide number = 0;
    int         digits = -1; /* after the point; -1: before it */

    for (size_t i = negative ? 1 : 0; i < text.size; i++) {
        if (text.data[i] == '.') {
            digits = 0;
            continue;
        }
        number = number * 10 + (negative ? '0' - text.data[i] : text.data[i] - '0');
        digits += digits >= 0;
    }
    ENSURE(scale == 0 ? digits == -1 : digits == scale);
    return number;
}

static struct relation_value
read_cell(const struct fixture *fixture, const struct relation_component *component,
          struct str text)
{
    static const char    *signs = "_\n?!"; /* by enum relation_state; \n stands for no sign */
    struct relation_value value = {.state = RELATION_PRESENT};
    uint32_t              id = 0;
    int64_t               period = 0;

    if (text.size == 1 && strchr(signs, text.data[0]) != NULL) {
        value.state = (enum relation_state)place_in(signs, text.data[0]);
        return value;
    }
    if (component->type == RELATION_STRING) {
        text = str_equal(text, STR("\"\"")) ? STR("") : text;
        ENSURE(vocabulary_add(fixture->vocabulary, text, &id, NULL) == ERR_OK);
        value.number = id;
    } else if (component->type == RELATION_BOOLEAN) {
        value.number = str_equal(text, STR("true"));
    } else if (component->type == RELATION_TIME_PERIOD) {
        ENSURE(timespan_parse(text, &period));
        value.number = period;
    } else {
        value.number = read_number(text, component->scale);
    }
    return value;
}

/* Cells of one component as its column: strings by id, numbers as wide as they need. */
static struct relation_column
make_column(const struct fixture *fixture, enum relation_type type,
            const struct relation_value *values, size_t count)
{
    struct relation_column column = {0};
    uint32_t              *ids = ARENA_NEW(fixture->arena, uint32_t, count);
    amount_wide           *wide = ARENA_NEW(fixture->arena, amount_wide, count);
    uint8_t               *states = ARENA_NEW(fixture->arena, uint8_t, count);
    bool                   all = true;

    for (size_t i = 0; i < count; i++) {
        ids[i] = (uint32_t)values[i].number;
        wide[i] = values[i].number;
        states[i] = (uint8_t)values[i].state;
        all = all && values[i].state == RELATION_PRESENT;
    }
    if (type == RELATION_STRING) {
        return (struct relation_column){.ids = ids, .states = all ? NULL : states};
    }
    ENSURE(column_of_wide(fixture->arena, wide, all ? NULL : states, count, &column, NULL)
           == ERR_OK);
    return column;
}

enum err
fixture_try(const struct fixture *fixture, const char *text, struct relation *out,
            struct fault *fault)
{
    struct str                 rest = str_of(text);
    struct str                 row;
    struct str                 word;
    struct relation            made = {.vocabulary = fixture->vocabulary};
    struct relation_component *components =
        ARENA_NEW(fixture->arena, struct relation_component, RELATION_COMPONENTS_MAX + 1);
    struct relation_column *columns =
        ARENA_NEW(fixture->arena, struct relation_column, RELATION_COMPONENTS_MAX + 1);
    struct relation_value *cells[RELATION_COMPONENTS_MAX + 1];

    ENSURE(str_cut(&rest, '|', &row));
    for (row = str_trim(row); str_cut(&row, ' ', &word); made.component_count++) {
        components[made.component_count] = read_component(word);
        cells[made.component_count] = ARENA_NEW(fixture->arena, struct relation_value, ROWS_MAX);
    }
    for (; str_cut(&rest, '|', &row); made.row_count++) {
        row = str_trim(row);
        for (size_t i = 0; i < made.component_count; i++) {
            ENSURE(str_cut(&row, ' ', &word) && made.row_count < ROWS_MAX);
            cells[i][made.row_count] = read_cell(fixture, &components[i], word);
        }
    }
    for (size_t i = 0; i < made.component_count; i++) {
        columns[i] = make_column(fixture, components[i].type, cells[i], made.row_count);
    }
    made.components = components;
    made.columns = columns;
    return relation_create(fixture->arena, &made, 0, out, fault);
}

struct relation
fixture_relation(const struct fixture *fixture, uint32_t dataset, const char *text)
{
    struct relation relation = {0};
    struct fault    fault = {0};

    if (fixture_try(fixture, text, &relation, &fault) != ERR_OK
        || relation_create(fixture->arena, &relation, dataset, &relation, &fault) != ERR_OK) {
        (void)fprintf(stderr, "%s: %s\n", text, fault.text);
        abort();
    }
    return relation;
}

static void
write_number(struct buf *buf, amount_wide number, int scale)
{
    char   digits[64];
    size_t count = 0;
    bool   negative = number < 0;

    for (; number != 0 || count <= (size_t)scale; number /= 10) {
        int digit = (int)(number % 10);
        digits[count++] = (char)('0' + (digit < 0 ? -digit : digit));
    }
    if (negative) {
        buf_byte(buf, '-');
    }
    while (count > 0) {
        buf_byte(buf, digits[--count]);
        if (count == (size_t)scale && scale > 0) {
            buf_byte(buf, '.');
        }
    }
}

static void
write_cell(const struct relation *relation, size_t component, size_t row, struct buf *buf)
{
    struct relation_value value = relation_value(relation, component, row);
    enum relation_type    type = relation->components[component].type;

    if (value.state != RELATION_PRESENT) {
        buf_byte(buf, "_\n?!"[value.state]);
    } else if (type == RELATION_STRING) {
        struct str text = vocabulary_text(relation->vocabulary, (uint32_t)value.number);
        buf_append(buf, text.size == 0 ? STR("\"\"") : text);
    } else if (type == RELATION_BOOLEAN) {
        buf_append(buf, value.number == 1 ? STR("true") : STR("false"));
    } else if (type == RELATION_TIME_PERIOD) {
        timespan_write(buf, (int64_t)value.number);
    } else {
        write_number(buf, value.number, relation->components[component].scale);
    }
}

const char *
fixture_text(const struct fixture *fixture, const struct relation *relation)
{
    struct buf buf = buf_create(fixture->arena, 1 << 24);

    for (size_t i = 0; i < relation->component_count; i++) {
        const struct relation_component *component = &relation->components[i];
        buf_format(&buf, "%s%.*s:%c%c", i == 0 ? "" : " ", STR_ARG(component->name),
                   roles[component->role], types[component->type]);
        if (component->type == RELATION_NUMBER) {
            buf_format(&buf, "%d", component->scale);
        }
    }
    for (size_t row = 0; row < relation->row_count; row++) {
        buf_append(&buf, STR(" |"));
        for (size_t i = 0; i < relation->component_count; i++) {
            buf_byte(&buf, ' ');
            write_cell(relation, i, row, &buf);
        }
    }
    buf_byte(&buf, '\0');
    ENSURE(buf_ok(&buf));
    return buf_str(&buf).data;
}

static void
write_origin(const struct relation *relation, size_t lane, size_t row, struct buf *buf)
{
    struct origin origin = origin_at(relation, lane, row);

    if (origin.source == NULL) {
        buf_byte(buf, '-');
    } else if (origin.source->members != NULL) {
        buf_format(buf, "g:%u", origin.ordinal);
    } else {
        buf_format(buf, "%u:%u", origin.source->dataset, origin.ordinal);
    }
}

const char *
fixture_origins(const struct fixture *fixture, const struct relation *relation)
{
    struct buf buf = buf_create(fixture->arena, 1 << 24);

    for (size_t row = 0; row < relation->row_count; row++) {
        buf_append(&buf, row == 0 ? STR("") : STR(", "));
        for (size_t lane = 0; lane < relation->lane_count; lane++) {
            buf_append(&buf, lane == 0 ? STR("") : STR(" "));
            write_origin(relation, lane, row, &buf);
        }
    }
    buf_byte(&buf, '\0');
    ENSURE(buf_ok(&buf));
    return buf_str(&buf).data;
}

size_t
fixture_numbers(const struct relation *relation, const char *names, size_t *numbers)
{
    struct str rest = str_of(names);
    struct str name;
    size_t     count = 0;

    while (rest.size > 0 && str_cut(&rest, ' ', &name)) {
        numbers[count] = relation_find(relation, name);
        ENSURE(numbers[count] != RELATION_NONE);
        count++;
    }
    return count;
}

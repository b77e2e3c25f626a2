#include "gateway/vtl_files/vtl_result.h"

#include "gateway/vtl_files/vtl_table.h"

#include "validators/relation/timespan.h"

#include "validators/base/buf.h"

#include <jansson.h>

#define OUTPUT_SIZE_MAX ((size_t)1024 * 1024 * 1024)

enum { DIGITS_MAX = 48 };

/* Identifiers, then measures, then attributes. */
static size_t
order_components(const struct relation *relation, size_t *numbers)
{
    static const enum relation_role roles[] = {RELATION_IDENTIFIER, RELATION_MEASURE,
                                               RELATION_ATTRIBUTE};
    size_t                          count = 0;

    for (size_t i = 0; i < ARRAY_COUNT(roles); i++) {
        for (size_t j = 0; j < relation->component_count; j++) {
            if (relation->components[j].role == roles[i]) {
                numbers[count++] = j;
            }
        }
    }
    return count;
}

/* "-12.5": without zeros at the end of the fraction. */
static void
write_number(struct buf *out, amount_wide number, int scale)
{
    char   digits[DIGITS_MAX];
    size_t count = 0;
    bool   significant = false;

    if (number < 0) {
        buf_byte(out, '-');
    }
    __extension__ unsigned __int128 rest =
        number < 0 ? -(unsigned __int128)number : (unsigned __int128)number;
    for (int place = 0; rest > 0 || place <= scale; place++) {
        char digit = (char)('0' + (int)(rest % 10));
        rest /= 10;
        significant |= digit != '0' || place >= scale;
        if (place == scale && count > 0) {
            digits[count++] = '.';
        }
        if (significant) {
            digits[count++] = digit;
        }
    }
    while (count > 0) {
        buf_byte(out, digits[--count]);
    }
}

/* A year as the specification's examples have it, "2026"; others as 2026Q1. */
static void
write_period(struct buf *out, int64_t period)
{
    struct timespan timespan = timespan_decode(period);

    if (timespan.frequency == TIMESPAN_YEAR) {
        buf_format(out, "%04d", timespan.year);
    } else {
        timespan_write(out, period);
    }
}

static void
write_cell(struct buf *out, const struct relation *relation, size_t component, size_t row)
{
    const struct relation_component *it = &relation->components[component];
    struct relation_value            value = relation_value(relation, component, row);

    if (value.state != RELATION_PRESENT) {
        return;
    }
    switch (it->type) {
    case RELATION_STRING:
        vtl_table_write(out, vocabulary_text(relation->vocabulary, (uint32_t)value.number));
        break;
    case RELATION_BOOLEAN:
        buf_append(out, value.number != 0 ? STR("true") : STR("false"));
        break;
    case RELATION_TIME_PERIOD:
        write_period(out, (int64_t)value.number);
        break;
    default:
        write_number(out, value.number, it->scale);
        break;
    }
}

enum err
vtl_result_csv(struct arena *arena, const struct vtl_result *result, struct str *out,
               struct fault *fault)
{
    struct buf buf = buf_create(arena, OUTPUT_SIZE_MAX);
    size_t     numbers[RELATION_COMPONENTS_MAX];
    size_t     count = order_components(result->relation, numbers);

    for (size_t i = 0; i < count; i++) {
        buf_append(&buf, i > 0 ? STR(",") : STR(""));
        vtl_table_write(&buf, result->relation->components[numbers[i]].name);
    }
    buf_byte(&buf, '\n');
    for (size_t row = 0; row < result->relation->row_count; row++) {
        for (size_t i = 0; i < count; i++) {
            buf_append(&buf, i > 0 ? STR(",") : STR(""));
            write_cell(&buf, result->relation, numbers[i], row);
        }
        buf_byte(&buf, '\n');
    }
    if (!buf_ok(&buf)) {
        return FAIL(fault, ERR_MEMORY, "result %.*s", STR_ARG(result->name));
    }
    *out = buf_str(&buf);
    return ERR_OK;
}

/* Strings may be dates and the like, which a result has from the data that it was made of. */
static const char *
type_name(const struct relation_component *component)
{
    static const char *const names[RELATION_TYPES] = {
        [RELATION_NUMBER] = "Number",           [RELATION_INTEGER] = "Integer",
        [RELATION_STRING] = "String",           [RELATION_BOOLEAN] = "Boolean",
        [RELATION_TIME_PERIOD] = "Time_Period",
    };
    static const char *const notations[] = {
        [RELATION_PLAIN] = "String",
        [RELATION_DATE] = "Date",
        [RELATION_TIME] = "Time",
        [RELATION_DURATION] = "Duration",
    };

    return component->type == RELATION_STRING ? notations[component->notation]
                                              : names[component->type];
}

static void
add_component(json_t *components, const struct relation_component *component)
{
    static const char *const roles[] = {
        [RELATION_IDENTIFIER] = "Identifier",
        [RELATION_MEASURE] = "Measure",
        [RELATION_ATTRIBUTE] = "Attribute",
    };
    json_t    *object = json_object();
    struct str name = component->name;

    (void)json_object_set_new(object, "name", json_stringn(name.data, name.size));
    (void)json_object_set_new(object, "role", json_string(roles[component->role]));
    (void)json_object_set_new(object, "data_type", json_string(type_name(component)));
    (void)json_array_append_new(components, object);
}

enum err
vtl_result_json(struct arena *arena, const struct vtl_result *result, struct str *out,
                struct fault *fault)
{
    size_t     numbers[RELATION_COMPONENTS_MAX];
    size_t     count = order_components(result->relation, numbers);
    struct str name = result->name;
    json_t    *root = json_object();
    json_t    *components = json_array();

    for (size_t i = 0; i < count; i++) {
        add_component(components, &result->relation->components[numbers[i]]);
    }
    (void)json_object_set_new(root, "name", json_stringn(name.data, name.size));
    (void)json_object_set_new(root, "components", components);

    char *text = json_dumps(root, JSON_INDENT(2) | JSON_PRESERVE_ORDER);
    json_decref(root);
    struct str  copy = text == NULL ? (struct str){0} : str_copy(arena, str_of(text));
    json_free_t release = NULL;
    json_get_alloc_funcs(NULL, &release);
    release(text);
    if (copy.data == NULL) {
        return FAIL(fault, ERR_MEMORY, "structure of %.*s", STR_ARG(name));
    }
    *out = copy;
    return ERR_OK;
}

#include "gateway/vtl_files/vtl_result.h"

#include "validators/base/buf.h"

#include <jansson.h>
#include <string.h>

#define OUTPUT_SIZE_MAX ((size_t)1024 * 1024 * 1024)

static bool
shows_measures(const struct vtl_result *result)
{
    return result->check->output != VTL_OUTPUT_ALL;
}

static bool
shows_outcome(const struct vtl_result *result)
{
    return result->check->output != VTL_OUTPUT_INVALID;
}

/* Whether a component of the data is a column of the result; attributes are not kept. */
static bool
is_kept(const struct vtl_result *result, enum vtl_role role)
{
    return role == VTL_IDENTIFIER || (role == VTL_MEASURE && shows_measures(result));
}

/* The components of one role, each with a comma before or behind. */
static void
write_components(struct buf *out, const struct vtl_result *result, enum vtl_role role, size_t row)
{
    const struct vtl_dataset *dataset = result->dataset;
    bool                      header = row == SIZE_MAX;

    for (size_t i = 0; i < dataset->component_count; i++) {
        if (dataset->components[i].role != role || !is_kept(result, role)) {
            continue;
        }
        struct str field = header ? dataset->components[i].name : vtl_dataset_cell(dataset, row, i);
        vtl_table_write(out, field);
        buf_byte(out, ',');
    }
}

static void
write_header(struct buf *out, const struct vtl_result *result)
{
    write_components(out, result, VTL_IDENTIFIER, SIZE_MAX);
    buf_append(out, STR("ruleid,"));
    write_components(out, result, VTL_MEASURE, SIZE_MAX);
    buf_append(out, shows_outcome(result) ? STR("bool_var,") : STR(""));
    buf_append(out, STR("errorcode,errorlevel\n"));
}

static void
write_row(struct buf *out, const struct vtl_result *result, size_t row, size_t rule)
{
    static const char *const written[VTL_OUTCOMES] = {
        [VTL_FALSE] = "false,",    [VTL_NULL] = ",",  [VTL_TRUE] = "true,",
        [VTL_NOT_EVALUATED] = ",", [VTL_ERROR] = ",",
    };
    const struct vtl_rule *it = vtl_rule(result->plan, rule);
    uint8_t                outcome = result->rules[rule].outcomes[row];

    if (!shows_outcome(result) && outcome != VTL_FALSE) {
        return;
    }
    write_components(out, result, VTL_IDENTIFIER, row);
    vtl_table_write(out, it->name);
    buf_byte(out, ',');
    write_components(out, result, VTL_MEASURE, row);
    buf_append(out, shows_outcome(result) ? str_of(written[outcome]) : STR(""));
    if (outcome == VTL_FALSE) {
        vtl_table_write(out, it->errorcode);
        buf_byte(out, ',');
        vtl_table_write(out, it->errorlevel);
    } else {
        buf_byte(out, ',');
    }
    buf_byte(out, '\n');
}

enum err
vtl_result_csv(struct arena *arena, const struct vtl_result *result, struct str *out,
               struct fault *fault)
{
    struct buf buf = buf_create(arena, OUTPUT_SIZE_MAX);

    write_header(&buf, result);
    for (size_t row = 0; row < result->dataset->data.row_count; row++) {
        for (size_t rule = 0; rule < vtl_rule_count(result->plan); rule++) {
            write_row(&buf, result, row, rule);
        }
    }
    if (!buf_ok(&buf)) {
        return FAIL(fault, ERR_MEMORY, "result %.*s", STR_ARG(result->name));
    }
    *out = buf_str(&buf);
    return ERR_OK;
}

static void
add_component(json_t *components, struct str name, const char *role, struct str type)
{
    json_t *object = json_object();

    (void)json_object_set_new(object, "name", json_stringn(name.data, name.size));
    (void)json_object_set_new(object, "role", json_string(role));
    (void)json_object_set_new(object, "data_type", json_stringn(type.data, type.size));
    (void)json_array_append_new(components, object);
}

static void
add_role(json_t *components, const struct vtl_result *result, enum vtl_role role,
         const char *written)
{
    const struct vtl_dataset *dataset = result->dataset;

    for (size_t i = 0; is_kept(result, role) && i < dataset->component_count; i++) {
        if (dataset->components[i].role == role) {
            add_component(components, dataset->components[i].name, written, dataset->type_names[i]);
        }
    }
}

/* Integer, unless some rule's level is a string. */
static struct str
level_type(const struct vtl_plan *plan)
{
    for (size_t i = 0; i < vtl_rule_count(plan); i++) {
        if (vtl_rule(plan, i)->errorlevel_is_text) {
            return STR("String");
        }
    }
    return STR("Integer");
}

enum err
vtl_result_json(struct arena *arena, const struct vtl_result *result, struct str *out,
                struct fault *fault)
{
    struct str name = result->name;
    json_t    *root = json_object();
    json_t    *components = json_array();

    add_role(components, result, VTL_IDENTIFIER, "Identifier");
    add_component(components, STR("ruleid"), "Identifier", STR("String"));
    add_role(components, result, VTL_MEASURE, "Measure");
    if (shows_outcome(result)) {
        add_component(components, STR("bool_var"), "Measure", STR("Boolean"));
    }
    add_component(components, STR("errorcode"), "Measure", STR("String"));
    add_component(components, STR("errorlevel"), "Measure", level_type(result->plan));
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

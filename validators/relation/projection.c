#include "validators/relation/projection.h"

#include "validators/relation/column.h"

#include <string.h>

enum err
projection_select(struct arena *arena, const struct relation *in, const size_t *numbers,
                  size_t count, struct relation *out, struct fault *fault)
{
    struct relation            made = *in;
    struct relation_component *components = ARENA_NEW(arena, struct relation_component, count);
    struct relation_column    *columns = ARENA_NEW(arena, struct relation_column, count);

    if (components == NULL || columns == NULL) {
        return FAIL(fault, ERR_MEMORY, "%zu components", count);
    }
    for (size_t i = 0; i < count; i++) {
        if (numbers[i] >= in->component_count) {
            return FAIL(fault, ERR_USAGE, "there is no component %zu", numbers[i]);
        }
        components[i] = in->components[numbers[i]];
        columns[i] = in->columns[numbers[i]];
    }
    made.component_count = count;
    made.components = components;
    made.columns = columns;
    *out = made;
    return ERR_OK;
}

/* named[i] for each of numbers, none of which is an identifier. */
static enum err
mark(const struct relation *in, const size_t *numbers, size_t count, bool *named,
     struct fault *fault)
{
    for (size_t i = 0; i < count; i++) {
        if (numbers[i] >= in->component_count) {
            return FAIL(fault, ERR_USAGE, "there is no component %zu", numbers[i]);
        }
        if (in->components[numbers[i]].role == RELATION_IDENTIFIER) {
            return FAIL(fault, ERR_USAGE, "'%.*s' is an identifier",
                        STR_ARG(in->components[numbers[i]].name));
        }
        named[numbers[i]] = true;
    }
    return ERR_OK;
}

/* The identifiers, and the others that are named or are not. */
static enum err
select_named(struct arena *arena, const struct relation *in, const bool *named, bool wanted,
             struct relation *out, struct fault *fault)
{
    size_t kept[RELATION_COMPONENTS_MAX];
    size_t kept_count = 0;

    for (size_t i = 0; i < in->component_count; i++) {
        if (in->components[i].role == RELATION_IDENTIFIER || named[i] == wanted) {
            kept[kept_count++] = i;
        }
    }
    return projection_select(arena, in, kept, kept_count, out, fault);
}

enum err
projection_keep(struct arena *arena, const struct relation *in, const size_t *numbers, size_t count,
                struct relation *out, struct fault *fault)
{
    bool named[RELATION_COMPONENTS_MAX] = {false};

    TRY(mark(in, numbers, count, named, fault));
    return select_named(arena, in, named, true, out, fault);
}

enum err
projection_drop(struct arena *arena, const struct relation *in, const size_t *numbers, size_t count,
                struct relation *out, struct fault *fault)
{
    bool named[RELATION_COMPONENTS_MAX] = {false};

    TRY(mark(in, numbers, count, named, fault));
    return select_named(arena, in, named, false, out, fault);
}

/* in with room for more components behind its own, to be changed. */
static enum err
copy(struct arena *arena, const struct relation *in, size_t more,
     struct relation_component **components, struct relation_column **columns, struct fault *fault)
{
    size_t count = in->component_count + more;

    *components = ARENA_NEW(arena, struct relation_component, count);
    *columns = ARENA_NEW(arena, struct relation_column, count);
    if (*components == NULL || *columns == NULL) {
        return FAIL(fault, ERR_MEMORY, "%zu components", count);
    }
    if (in->component_count > 0) {
        memcpy(*components, in->components, in->component_count * sizeof **components);
        memcpy(*columns, in->columns, in->component_count * sizeof **columns);
    }
    return ERR_OK;
}

enum err
projection_rename(struct arena *arena, const struct relation *in,
                  const struct projection_name *names, size_t count, struct relation *out,
                  struct fault *fault)
{
    struct relation            made = *in;
    struct relation_component *components = NULL;
    struct relation_column    *columns = NULL;

    TRY(copy(arena, in, 0, &components, &columns, fault));
    for (size_t i = 0; i < count; i++) {
        if (names[i].component >= in->component_count) {
            return FAIL(fault, ERR_USAGE, "there is no component %zu", names[i].component);
        }
        components[names[i].component].name = names[i].name;
    }
    made.components = components;
    for (size_t i = 0; i < made.component_count; i++) {
        if (relation_find(&made, components[i].name) != i || components[i].name.size == 0) {
            return FAIL(fault, ERR_USAGE, "two components would be named '%.*s', or none",
                        STR_ARG(components[i].name));
        }
    }
    *out = made;
    return ERR_OK;
}

/* ERR_USAGE if a row of what is to be an identifier has no value. */
static enum err
check_identifier(const struct relation_component *component, const struct relation_column *column,
                 size_t row_count, struct fault *fault)
{
    for (size_t row = 0; row < row_count; row++) {
        if (column_state(column, row) != RELATION_PRESENT) {
            return FAIL(fault, ERR_USAGE, "identifier '%.*s', row %zu: no value",
                        STR_ARG(component->name), row);
        }
    }
    return ERR_OK;
}

/* Where an addition belongs: over the component of its name, or behind the last. */
static enum err
place(const struct relation *made, const struct relation *in,
      const struct projection_addition *addition, size_t *at, struct fault *fault)
{
    *at = relation_find(made, addition->component.name);
    if (*at == RELATION_NONE) {
        *at = made->component_count;
        if (*at == RELATION_COMPONENTS_MAX) {
            return FAIL(fault, ERR_LIMIT, "more than %d components", RELATION_COMPONENTS_MAX);
        }
        return ERR_OK;
    }
    if (*at >= in->component_count) {
        return FAIL(fault, ERR_USAGE, "'%.*s' is calculated twice",
                    STR_ARG(addition->component.name));
    }
    if (in->components[*at].role == RELATION_IDENTIFIER) {
        return FAIL(fault, ERR_USAGE, "'%.*s' is an identifier and cannot be calculated",
                    STR_ARG(addition->component.name));
    }
    return ERR_OK;
}

static enum err
check_names(const struct projection_addition *additions, size_t count, struct fault *fault)
{
    for (size_t i = 1; i < count; i++) {
        for (size_t before = 0; before < i; before++) {
            if (str_equal(additions[i].component.name, additions[before].component.name)) {
                return FAIL(fault, ERR_USAGE, "'%.*s' is calculated twice",
                            STR_ARG(additions[i].component.name));
            }
        }
    }
    return ERR_OK;
}

enum err
projection_calc(struct arena *arena, const struct relation *in,
                const struct projection_addition *additions, size_t count, struct relation *out,
                struct fault *fault)
{
    struct relation            made = *in;
    struct relation_component *components = NULL;
    struct relation_column    *columns = NULL;

    TRY(check_names(additions, count, fault));
    TRY(copy(arena, in, count, &components, &columns, fault));
    made.components = components;
    made.columns = columns;
    for (size_t i = 0; i < count; i++) {
        size_t at = 0;
        TRY(place(&made, in, &additions[i], &at, fault));
        if (additions[i].component.role == RELATION_IDENTIFIER) {
            TRY(check_identifier(&additions[i].component, &additions[i].column, in->row_count,
                                 fault));
        }
        components[at] = additions[i].component;
        columns[at] = additions[i].column;
        made.component_count += at == made.component_count;
    }
    *out = made;
    return ERR_OK;
}

enum err
projection_role(struct arena *arena, const struct relation *in, size_t component,
                enum relation_role role, struct relation *out, struct fault *fault)
{
    struct relation            made = *in;
    struct relation_component *components = NULL;
    struct relation_column    *columns = NULL;

    if (component >= in->component_count) {
        return FAIL(fault, ERR_USAGE, "there is no component %zu", component);
    }
    if (role == RELATION_IDENTIFIER) {
        TRY(check_identifier(&in->components[component], &in->columns[component], in->row_count,
                             fault));
    }
    TRY(copy(arena, in, 0, &components, &columns, fault));
    components[component].role = role;
    made.components = components;
    *out = made;
    return ERR_OK;
}

enum err
projection_rescale(struct arena *arena, const struct relation *in, size_t component, int scale,
                   struct relation *out, struct fault *fault)
{
    struct relation            made = *in;
    struct relation_component *components = NULL;
    struct relation_column    *columns = NULL;

    if (component >= in->component_count || in->components[component].type > RELATION_INTEGER
        || scale < in->components[component].scale || scale > RELATION_SCALE_MAX) {
        return FAIL(fault, ERR_USAGE, "component %zu cannot have the scale %d", component, scale);
    }
    TRY(copy(arena, in, 0, &components, &columns, fault));
    int digits = scale - components[component].scale;
    if (digits > 0) {
        TRY(column_raise(arena, &in->columns[component], digits, in->row_count, &columns[component],
                         fault));
    }
    components[component].type = RELATION_NUMBER;
    components[component].scale = scale;
    made.components = components;
    made.columns = columns;
    *out = made;
    return ERR_OK;
}

#include "gateway/vtl_files/vtl_structure.h"

#include <jansson.h>

static const struct vtl_place nowhere = {1, 1};

static const struct {
    const char        *name;
    enum relation_role role;
} roles[] = {
    {"Identifier", RELATION_IDENTIFIER},
    {"Dimension",  RELATION_IDENTIFIER},
    {"Measure",    RELATION_MEASURE   },
    {"Attribute",  RELATION_ATTRIBUTE },
};

/* Operators would have to carry these into their results; ours do not, and dropping what a
 * structure asks to keep would be a wrong answer. */
static const char *const foreign_roles[] = {"ViralAttribute", "Viral Attribute", "Viral_Attribute"};

/* Other times than periods, and durations, are compared as strings. */
static const struct {
    const char            *name;
    enum relation_type     type;
    enum relation_notation notation;
} types[] = {
    {"Number",        RELATION_NUMBER,      RELATION_PLAIN   },
    {"Integer",       RELATION_INTEGER,     RELATION_PLAIN   },
    {"String",        RELATION_STRING,      RELATION_PLAIN   },
    {"Boolean",       RELATION_BOOLEAN,     RELATION_PLAIN   },
    {"Time_Period",   RELATION_TIME_PERIOD, RELATION_PLAIN   },
    {"TimePeriod",    RELATION_TIME_PERIOD, RELATION_PLAIN   },
    {"Time",          RELATION_STRING,      RELATION_TIME    },
    {"TimeInterval",  RELATION_STRING,      RELATION_TIME    },
    {"Time_Interval", RELATION_STRING,      RELATION_TIME    },
    {"Date",          RELATION_STRING,      RELATION_DATE    },
    {"Duration",      RELATION_STRING,      RELATION_DURATION},
};

static void
release(void *object)
{
    json_decref(object);
}

/* The list of components: ours, or the one of the specification's examples, which stands deeper. */
static const json_t *
find_components(const json_t *root)
{
    const json_t *first = json_array_get(json_object_get(root, "datasets"), 0);
    const json_t *found = json_object_get(root, "components");

    return found == NULL ? json_object_get(first, "DataStructure") : found;
}

/* A copy of a string member; empty if there is none. */
static struct str
member(struct arena *arena, const json_t *object, const char *key)
{
    const json_t *found = json_object_get(object, key);
    struct str    text = {json_string_value(found), json_string_length(found)};

    return text.data == NULL ? text : str_copy(arena, text);
}

static bool
find_role(struct str name, enum relation_role *out)
{
    for (size_t i = 0; i < ARRAY_COUNT(roles); i++) {
        if (str_equal(name, str_of(roles[i].name))) {
            *out = roles[i].role;
            return true;
        }
    }
    return false;
}

static bool
is_foreign(struct str role)
{
    for (size_t i = 0; i < ARRAY_COUNT(foreign_roles); i++) {
        if (str_equal(role, str_of(foreign_roles[i]))) {
            return true;
        }
    }
    return false;
}

static bool
find_type(struct str name, struct relation_component *out)
{
    for (size_t i = 0; i < ARRAY_COUNT(types); i++) {
        if (str_equal(name, str_of(types[i].name))) {
            out->type = types[i].type;
            out->notation = types[i].notation;
            return true;
        }
    }
    return false;
}

static enum err
add_component(struct arena *arena, const json_t *object, struct vtl_dataset *dataset,
              struct vtl_problem *problem, struct fault *fault)
{
    size_t                     at = dataset->component_count;
    struct relation_component *component = &dataset->components[at];
    struct str                 role = member(arena, object, "role");
    struct str                 type =
        member(arena, object, json_object_get(object, "type") == NULL ? "data_type" : "type");

    component->name = member(arena, object, "name");
    if (component->name.size == 0) {
        return problem_set(problem, nowhere, fault, "składowa %zu nie ma nazwy („name”)", at + 1);
    }
    if (is_foreign(role)) {
        return problem_set(
            problem, nowhere, fault,
            "składowa %zu („%.*s”) ma rolę „%.*s”, która nie należy do podzbioru VTL "
            "przyjętego przez bramę; nadaj jej rolę Attribute albo Measure",
            at + 1, STR_ARG(component->name), STR_ARG(role));
    }
    if (!find_role(role, &component->role)) {
        return problem_set(problem, nowhere, fault,
                           "składowa „%.*s” ma nieznaną rolę „%.*s”; znane: Identifier, Measure, "
                           "Attribute",
                           STR_ARG(component->name), STR_ARG(role));
    }
    if (!find_type(type, component)) {
        return problem_set(
            problem, nowhere, fault,
            "składowa „%.*s” ma nieznany typ „%.*s”; znane: Integer, Number, String, "
            "Boolean, Time_Period, Time, Date, Duration",
            STR_ARG(component->name), STR_ARG(type));
    }
    for (size_t i = 0; i < at; i++) {
        if (str_equal(dataset->components[i].name, component->name)) {
            return problem_set(problem, nowhere, fault, "składowa „%.*s” stoi dwa razy",
                               STR_ARG(component->name));
        }
    }
    dataset->component_count++;
    return ERR_OK;
}

enum err
vtl_structure_read(struct arena *arena, struct str json, struct vtl_dataset *dataset,
                   struct vtl_problem *problem, struct fault *fault)
{
    json_error_t at;
    json_t      *root =
        json_loadb(json.data == NULL ? "" : json.data, json.size, JSON_REJECT_DUPLICATES, &at);

    if (root == NULL) {
        struct vtl_place place = {at.line > 0 ? (uint32_t)at.line : 1,
                                  at.column > 0 ? (uint32_t)at.column : 1};
        return problem_set(problem, place, fault, "plik nie jest w tym miejscu zapisem JSON");
    }
    if (!arena_defer(arena, release, root)) {
        json_decref(root);
        return FAIL(fault, ERR_MEMORY, "structure of a dataset");
    }
    const json_t *components = find_components(root);
    size_t        count = json_array_size(components);
    if (count == 0 || count > VTL_COMPONENTS_MAX) {
        return problem_set(problem, nowhere, fault,
                           "„components” powinno być listą od 1 do %d składowych",
                           VTL_COMPONENTS_MAX);
    }
    dataset->component_count = 0;
    for (size_t i = 0; i < count; i++) {
        TRY(add_component(arena, json_array_get(components, i), dataset, problem, fault));
    }
    return ERR_OK;
}

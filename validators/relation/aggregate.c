#include "validators/relation/aggregate.h"

#include "validators/relation/column.h"
#include "validators/relation/keyring.h"
#include "validators/relation/lanes.h"
#include "validators/relation/tally.h"

size_t
aggregate_except(const struct relation *in, const size_t *except, size_t count, size_t *keys)
{
    size_t kept = 0;

    for (size_t i = 0; i < in->component_count; i++) {
        bool excepted = in->components[i].role != RELATION_IDENTIFIER;
        for (size_t at = 0; at < count; at++) {
            excepted = excepted || except[at] == i;
        }
        if (!excepted) {
            keys[kept++] = i;
        }
    }
    return kept;
}

static enum err
check_keys(const struct relation *in, const struct aggregate *aggregate, struct fault *fault)
{
    for (size_t i = 0; i < aggregate->key_count; i++) {
        size_t at = aggregate->keys[i];
        if (at >= in->component_count || in->components[at].role != RELATION_IDENTIFIER) {
            return FAIL(fault, ERR_USAGE, "component %zu is not an identifier", at);
        }
        for (size_t before = 0; before < i; before++) {
            if (aggregate->keys[before] == at) {
                return FAIL(fault, ERR_USAGE, "identifier '%.*s' is given twice",
                            STR_ARG(in->components[at].name));
            }
        }
    }
    return ERR_OK;
}

/* Sums and averages are of numbers; anything can be compared and counted. */
static bool
suits(const struct relation *in, const struct aggregate_term *term)
{
    if (term->operation == AGGREGATE_COUNT) {
        return true;
    }
    if (term->component >= in->component_count) {
        return false;
    }
    bool number = in->components[term->component].type <= RELATION_INTEGER;
    bool scaled = term->scale >= 0 && term->scale <= RELATION_SCALE_MAX;
    return (term->operation != AGGREGATE_SUM || number)
           && (term->operation != AGGREGATE_AVG || (number && scaled));
}

/* The component that a term makes. */
static struct relation_component
component_of(const struct relation *in, const struct aggregate_term *term)
{
    struct relation_component made = {.name = term->name, .role = term->role};

    switch (term->operation) {
    case AGGREGATE_COUNT:
    case AGGREGATE_PRESENT:
        made.type = RELATION_INTEGER;
        break;
    case AGGREGATE_AVG:
        made.type = RELATION_NUMBER;
        made.scale = term->scale;
        break;
    case AGGREGATE_SUM:
    case AGGREGATE_MIN:
    case AGGREGATE_MAX:
        made.type = in->components[term->component].type;
        made.scale = in->components[term->component].scale;
        made.notation = in->components[term->component].notation;
        break;
    }
    return made;
}

/* The components of the result: keys, then terms. */
static enum err
make_structure(struct arena *arena, const struct relation *in, const struct aggregate *aggregate,
               struct relation *made, struct fault *fault)
{
    size_t                     count = aggregate->key_count + aggregate->term_count;
    struct relation_component *components = ARENA_NEW(arena, struct relation_component, count);

    if (count > RELATION_COMPONENTS_MAX) {
        return FAIL(fault, ERR_LIMIT, "%zu components, at most %d", count, RELATION_COMPONENTS_MAX);
    }
    if (components == NULL) {
        return FAIL(fault, ERR_MEMORY, "%zu components", count);
    }
    made->components = components;
    for (size_t i = 0; i < aggregate->key_count; i++) {
        components[i] = in->components[aggregate->keys[i]];
    }
    made->component_count = aggregate->key_count;
    for (size_t i = 0; i < aggregate->term_count; i++) {
        const struct aggregate_term *term = &aggregate->terms[i];
        if (!suits(in, term) || term->role == RELATION_IDENTIFIER) {
            return FAIL(fault, ERR_USAGE, "'%.*s' cannot be aggregated so", STR_ARG(term->name));
        }
        if (relation_find(made, term->name) != RELATION_NONE) {
            return FAIL(fault, ERR_USAGE, "two components would be named '%.*s'",
                        STR_ARG(term->name));
        }
        components[made->component_count++] = component_of(in, term);
    }
    return ERR_OK;
}

/* numbers of all rows, and the first row of each group; one group even of nothing, without keys. */
static enum err
group_rows(struct tally *tally, const struct aggregate *aggregate, uint32_t **firsts,
           struct fault *fault)
{
    struct keyring_side side = {tally->in, aggregate->keys};
    struct keyring     *ring = NULL;
    uint32_t           *numbers = ARENA_NEW(tally->scratch, uint32_t, tally->in->row_count);

    if (numbers == NULL) {
        return FAIL(fault, ERR_MEMORY, "the groups of %zu rows", tally->in->row_count);
    }
    TRY(keyring_create(tally->scratch, &side, 1, aggregate->key_count, &ring, fault));
    TRY(keyring_add(ring, 0, numbers, fault));
    for (size_t row = 0; row < tally->in->row_count; row++) {
        if (numbers[row] == RELATION_NOWHERE) {
            return FAIL(fault, ERR_USAGE, "row %zu: an identifier has no value", row);
        }
    }
    bool nothing = aggregate->key_count == 0 && tally->in->row_count == 0;
    tally->group_count = nothing ? 1 : keyring_count(ring);
    tally->numbers = numbers;
    *firsts = ARENA_NEW(tally->arena, uint32_t, tally->group_count);
    if (*firsts == NULL) {
        return FAIL(fault, ERR_MEMORY, "%zu groups", tally->group_count);
    }
    for (size_t i = 0; i < tally->group_count; i++) {
        (*firsts)[i] = nothing ? RELATION_NOWHERE : keyring_firsts(ring)[i].row;
    }
    return ERR_OK;
}

/* Where the rows of the result come from: copies of what the caller may not keep. */
static enum err
make_source(struct arena *arena, const struct relation *in, const struct aggregate *aggregate,
            const uint32_t *firsts, const struct origin_source **out, struct fault *fault)
{
    struct origin_source *source = ARENA_NEW(arena, struct origin_source, 1);
    struct relation      *members = ARENA_NEW(arena, struct relation, 1);
    size_t               *keys = ARENA_NEW(arena, size_t, aggregate->key_count);

    if (source == NULL || members == NULL || keys == NULL) {
        return FAIL(fault, ERR_MEMORY, "an aggregation");
    }
    *members = *in;
    for (size_t i = 0; i < aggregate->key_count; i++) {
        keys[i] = aggregate->keys[i];
    }
    *source = (struct origin_source){
        .members = members, .firsts = firsts, .keys = keys, .key_count = aggregate->key_count};
    *out = source;
    return ERR_OK;
}

static enum err
work(struct tally *tally, const struct aggregate *aggregate, struct relation *made,
     struct fault *fault)
{
    const struct origin_source *source = NULL;
    uint32_t                   *firsts = NULL;
    struct relation_column     *columns =
        ARENA_NEW(tally->arena, struct relation_column, made->component_count);

    if (columns == NULL) {
        return FAIL(fault, ERR_MEMORY, "%zu components", made->component_count);
    }
    TRY(group_rows(tally, aggregate, &firsts, fault));
    for (size_t i = 0; i < aggregate->key_count; i++) {
        TRY(column_gather(tally->arena, &tally->in->columns[aggregate->keys[i]], firsts,
                          tally->group_count, &columns[i], fault));
    }
    for (size_t i = 0; i < aggregate->term_count; i++) {
        TRY(tally_run(tally, &aggregate->terms[i], &columns[aggregate->key_count + i], fault));
    }
    TRY(make_source(tally->arena, tally->in, aggregate, firsts, &source, fault));
    TRY(lanes_of_source(tally->arena, source, &made->lanes, fault));
    made->lane_count = 1;
    made->columns = columns;
    made->row_count = tally->group_count;
    return ERR_OK;
}

enum err
aggregate_run(struct arena *arena, const struct relation *in, const struct aggregate *aggregate,
              struct relation *out, struct fault *fault)
{
    struct relation made = {.vocabulary = in->vocabulary};
    struct tally    tally = {.arena = arena, .in = in};

    TRY(check_keys(in, aggregate, fault));
    TRY(make_structure(arena, in, aggregate, &made, fault));
    tally.scratch = arena_create(arena_size_max(arena) - arena_used(arena));
    enum err got = work(&tally, aggregate, &made, fault);
    arena_destroy(tally.scratch);
    if (got == ERR_OK) {
        *out = made;
    }
    return got;
}

#include "validators/relation/lanes.h"

enum { SOURCES_MAX = 256, NO_SOURCE = UINT16_MAX };

enum err
lanes_of_source(struct arena *arena, const struct origin_source *source,
                const struct relation_lane **out, struct fault *fault)
{
    struct relation_lane        *lane = ARENA_NEW(arena, struct relation_lane, 1);
    const struct origin_source **sources = ARENA_NEW(arena, const struct origin_source *, 1);

    if (lane == NULL || sources == NULL) {
        return FAIL(fault, ERR_MEMORY, "a lane");
    }
    sources[0] = source;
    *lane = (struct relation_lane){.sources = sources, .source_count = 1};
    *out = lane;
    return ERR_OK;
}

static uint32_t
ordinal_of(const struct relation_lane *lane, uint32_t row)
{
    if (row == RELATION_NOWHERE || lane->ordinals == NULL) {
        return row;
    }
    return lane->ordinals[row];
}

static enum err
gather_one(struct arena *arena, const struct relation_lane *lane, const uint32_t *rows,
           size_t count, struct relation_lane *made, struct fault *fault)
{
    uint32_t *ordinals = ARENA_NEW(arena, uint32_t, count);
    uint8_t  *which = lane->which == NULL ? NULL : ARENA_NEW(arena, uint8_t, count);

    if (ordinals == NULL || (lane->which != NULL && which == NULL)) {
        return FAIL(fault, ERR_MEMORY, "the origins of %zu rows", count);
    }
    for (size_t i = 0; i < count; i++) {
        ordinals[i] = ordinal_of(lane, rows[i]);
    }
    for (size_t i = 0; which != NULL && i < count; i++) {
        which[i] = rows[i] == RELATION_NOWHERE ? 0 : lane->which[rows[i]];
    }
    *made = *lane;
    made->ordinals = ordinals;
    made->which = which;
    return ERR_OK;
}

enum err
lanes_gather(struct arena *arena, const struct relation *in, const uint32_t *rows, size_t count,
             struct relation_lane *made, struct fault *fault)
{
    for (size_t i = 0; i < in->lane_count; i++) {
        TRY(gather_one(arena, &in->lanes[i], rows, count, &made[i], fault));
    }
    return ERR_OK;
}

/* The sources of one lane of several relations, each once, as far as there is room. */
struct merger {
    const struct origin_source **sources;
    size_t                       count;
    uint16_t                    *numbers; /* of each relation's sources, or NO_SOURCE */
    size_t                      *bases;   /* per relation, where its numbers begin */
};

static const struct relation_lane *
lane_of(const struct lanes_pick *pick, size_t relation, size_t lane)
{
    const struct relation *it = pick->relations[relation];

    return lane < it->lane_count ? &it->lanes[lane] : NULL;
}

static enum err
make_merger(struct arena *arena, const struct lanes_pick *pick, size_t lane, struct merger *out,
            struct fault *fault)
{
    struct merger merger = {.bases = ARENA_NEW(arena, size_t, pick->relation_count)};
    size_t        total = 0;

    for (size_t i = 0; merger.bases != NULL && i < pick->relation_count; i++) {
        const struct relation_lane *from = lane_of(pick, i, lane);
        merger.bases[i] = total;
        total += from == NULL ? 0 : from->source_count;
    }
    size_t room = total < SOURCES_MAX ? total : SOURCES_MAX;
    merger.sources = ARENA_NEW(arena, const struct origin_source *, room);
    merger.numbers = ARENA_NEW(arena, uint16_t, total);
    if (merger.bases == NULL || merger.sources == NULL || merger.numbers == NULL) {
        return FAIL(fault, ERR_MEMORY, "%zu sources", total);
    }
    *out = merger;
    return ERR_OK;
}

static uint16_t
number_of(struct merger *merger, const struct origin_source *source)
{
    for (size_t i = 0; i < merger->count; i++) {
        if (merger->sources[i] == source) {
            return (uint16_t)i;
        }
    }
    if (merger->count == SOURCES_MAX) {
        return NO_SOURCE;
    }
    ENSURE(merger->sources != NULL);
    merger->sources[merger->count] = source;
    return (uint16_t)merger->count++;
}

static void
merge_sources(const struct lanes_pick *pick, size_t lane, struct merger *merger)
{
    for (size_t i = 0; i < pick->relation_count; i++) {
        const struct relation_lane *from = lane_of(pick, i, lane);
        for (size_t s = 0; from != NULL && s < from->source_count; s++) {
            merger->numbers[merger->bases[i] + s] = number_of(merger, from->sources[s]);
        }
    }
}

static enum err
pick_one(struct arena *arena, const struct lanes_pick *pick, size_t lane,
         struct relation_lane *made, struct fault *fault)
{
    struct merger merger = {0};
    uint32_t     *ordinals = ARENA_NEW(arena, uint32_t, pick->count);
    uint8_t      *which = ARENA_NEW(arena, uint8_t, pick->count);

    if (ordinals == NULL || which == NULL) {
        return FAIL(fault, ERR_MEMORY, "the origins of %zu rows", pick->count);
    }
    TRY(make_merger(arena, pick, lane, &merger, fault));
    ENSURE(merger.bases != NULL && merger.numbers != NULL);
    merge_sources(pick, lane, &merger);
    for (size_t i = 0; i < pick->count; i++) {
        const struct relation_lane *from = lane_of(pick, pick->which[i], lane);
        ordinals[i] = RELATION_NOWHERE;
        if (from == NULL) {
            continue;
        }
        size_t   source = from->which == NULL ? 0 : from->which[pick->rows[i]];
        uint16_t number = merger.numbers[merger.bases[pick->which[i]] + source];
        if (number != NO_SOURCE) {
            ordinals[i] = ordinal_of(from, pick->rows[i]);
            which[i] = (uint8_t)number;
        }
    }
    *made = (struct relation_lane){merger.sources, merger.count, which, ordinals};
    return ERR_OK;
}

enum err
lanes_of_pick(struct arena *arena, const struct lanes_pick *pick, struct relation *out,
              struct fault *fault)
{
    size_t count = 0;

    for (size_t i = 0; i < pick->relation_count; i++) {
        count = pick->relations[i]->lane_count > count ? pick->relations[i]->lane_count : count;
    }
    struct relation_lane *lanes = ARENA_NEW(arena, struct relation_lane, count);
    if (lanes == NULL) {
        return FAIL(fault, ERR_MEMORY, "%zu lanes", count);
    }
    for (size_t lane = 0; lane < count; lane++) {
        TRY(pick_one(arena, pick, lane, &lanes[lane], fault));
    }
    out->lanes = lanes;
    out->lane_count = count;
    return ERR_OK;
}

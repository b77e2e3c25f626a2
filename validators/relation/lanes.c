#include "validators/relation/lanes.h"

enum { SOURCES_MAX = 256 };

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

/* The sources of one lane of all relations; bases[i] is where those of relation i begin. */
static enum err
join_sources(struct arena *arena, const struct lanes_pick *pick, size_t lane, size_t *bases,
             struct relation_lane *made, struct fault *fault)
{
    size_t count = 0;

    for (size_t i = 0; i < pick->relation_count; i++) {
        bases[i] = count;
        count += lane < pick->relations[i]->lane_count
                     ? pick->relations[i]->lanes[lane].source_count
                     : 0;
    }
    if (count > SOURCES_MAX) {
        return FAIL(fault, ERR_LIMIT, "rows of %zu sources in one place, at most %d", count,
                    SOURCES_MAX);
    }
    const struct origin_source **sources = ARENA_NEW(arena, const struct origin_source *, count);
    if (sources == NULL) {
        return FAIL(fault, ERR_MEMORY, "%zu sources", count);
    }
    for (size_t i = 0; i < pick->relation_count; i++) {
        const struct relation *relation = pick->relations[i];
        for (size_t s = 0; lane < relation->lane_count && s < relation->lanes[lane].source_count;
             s++) {
            sources[bases[i] + s] = relation->lanes[lane].sources[s];
        }
    }
    made->sources = sources;
    made->source_count = count;
    return ERR_OK;
}

static enum err
pick_one(struct arena *arena, const struct lanes_pick *pick, size_t lane,
         struct relation_lane *made, struct fault *fault)
{
    size_t    bases[SOURCES_MAX] = {0};
    uint32_t *ordinals = ARENA_NEW(arena, uint32_t, pick->count);
    uint8_t  *which = ARENA_NEW(arena, uint8_t, pick->count);

    if (ordinals == NULL || which == NULL) {
        return FAIL(fault, ERR_MEMORY, "the origins of %zu rows", pick->count);
    }
    TRY(join_sources(arena, pick, lane, bases, made, fault));
    for (size_t i = 0; i < pick->count; i++) {
        const struct relation *relation = pick->relations[pick->which[i]];
        ordinals[i] = RELATION_NOWHERE;
        if (lane < relation->lane_count) {
            const struct relation_lane *from = &relation->lanes[lane];
            size_t source = from->which == NULL ? 0 : from->which[pick->rows[i]];
            ordinals[i] = ordinal_of(from, pick->rows[i]);
            which[i] = (uint8_t)(bases[pick->which[i]] + source);
        }
    }
    made->ordinals = ordinals;
    made->which = which;
    return ERR_OK;
}

enum err
lanes_of_pick(struct arena *arena, const struct lanes_pick *pick, struct relation *out,
              struct fault *fault)
{
    size_t count = 0;

    ENSURE(pick->relation_count <= SOURCES_MAX);
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

#include "validators/sets/tracing.h"

#include "validators/relation/origin.h"

#include <string.h>

/* Rows of relations that are still to be followed: deeper ones come last. */
enum { STEPS_MAX = 200000 };

struct step {
    const struct relation *relation;
    uint32_t               row;
    int                    sign;
};

struct walk {
    struct arena            *arena;
    const struct tracing    *tracing;
    struct step             *steps;
    size_t                   step_count;
    size_t                   step_capacity;
    struct sets_contributor *shares;
    size_t                   share_count;
    size_t                   share_capacity;
    amount_wide              total;
};

static enum err
add_step(struct walk *walk, struct step step, struct fault *fault)
{
    if (walk->step_count == STEPS_MAX) {
        return ERR_OK;
    }
    struct step *steps = arena_reserve(walk->arena, walk->steps, walk->step_count,
                                       &walk->step_capacity, sizeof *steps);
    if (steps == NULL) {
        return FAIL(fault, ERR_MEMORY, "rows that went into a finding");
    }
    walk->steps = steps;
    walk->steps[walk->step_count++] = step;
    return ERR_OK;
}

/* The share of a report, a new one if it had none. */
static enum err
find_share(struct walk *walk, uint32_t report, struct sets_contributor **out, struct fault *fault)
{
    for (size_t i = walk->share_count; i > 0; i--) {
        if (walk->shares[i - 1].report == report) {
            *out = &walk->shares[i - 1];
            return ERR_OK;
        }
    }
    struct sets_contributor *shares = arena_reserve(walk->arena, walk->shares, walk->share_count,
                                                    &walk->share_capacity, sizeof *shares);
    if (shares == NULL) {
        return FAIL(fault, ERR_MEMORY, "reports that went into a finding");
    }
    walk->shares = shares;
    walk->shares[walk->share_count] = (struct sets_contributor){.report = report};
    *out = &walk->shares[walk->share_count++];
    return ERR_OK;
}

static enum err
add_cell(struct walk *walk, const struct origin *origin, int sign, struct fault *fault)
{
    struct sets_contributor *share = NULL;
    const struct dataset    *dataset = &walk->tracing->datasets[origin->source->dataset];
    uint32_t                 row = origin->ordinal;
    struct relation_value    value =
        relation_value(&dataset->relation, dataset->relation.component_count - 1, row);

    TRY(find_share(walk, dataset->row_reports[row], &share, fault));
    ENSURE(share != NULL);
    share->amount += sign * value.number;
    walk->total += sign * value.number;
    return ERR_OK;
}

static enum err
add_members(struct walk *walk, const struct origin *origin, int sign, struct fault *fault)
{
    struct origin_members members;

    TRY(origin_members(walk->arena, origin->source, &origin->ordinal, 1, &members, fault));
    for (size_t i = 0; i < members.ends[0]; i++) {
        struct step step = {origin->source->members, members.rows[i], sign};
        TRY(add_step(walk, step, fault));
    }
    return ERR_OK;
}

static enum err
follow_lane(struct walk *walk, const struct step *step, size_t lane, int sign, struct fault *fault)
{
    struct origin origin = origin_at(step->relation, lane, step->row);

    if (origin.source == NULL || origin.ordinal == RELATION_NOWHERE) {
        return ERR_OK;
    }
    return origin.source->members != NULL ? add_members(walk, &origin, sign, fault)
                                          : add_cell(walk, &origin, sign, fault);
}

/* Of the result the lanes of the side; below it all of them. */
static enum err
follow(struct walk *walk, struct step step, struct fault *fault)
{
    for (size_t lane = 0; lane < step.relation->lane_count; lane++) {
        int sign =
            step.relation == walk->tracing->result ? walk->tracing->side->signs[lane] : step.sign;
        if (sign != 0) {
            TRY(follow_lane(walk, &step, lane, sign, fault));
        }
    }
    return ERR_OK;
}

static amount_wide
magnitude(amount_wide amount)
{
    return amount < 0 ? -amount : amount;
}

/* Two runs, from .. middle and middle .. end, as one. */
static void
merge_runs(const struct sets_contributor *shares, struct sets_contributor *room, size_t from,
           size_t middle, size_t end)
{
    size_t left = from;
    size_t right = middle;

    for (size_t at = from; at < end; at++) {
        bool takes_left =
            left < middle
            && (right == end || magnitude(shares[left].amount) >= magnitude(shares[right].amount));
        room[at] = takes_left ? shares[left++] : shares[right++];
    }
}

/* Merging runs keeps equal amounts in the order of the datasets, which qsort does not promise. */
static void
sort_shares(struct sets_contributor *shares, struct sets_contributor *room, size_t count)
{
    for (size_t width = 1; width < count; width *= 2) {
        for (size_t from = 0; from < count; from += 2 * width) {
            size_t middle = from + width < count ? from + width : count;
            size_t end = from + 2 * width < count ? from + 2 * width : count;
            merge_runs(shares, room, from, middle, end);
        }
        memcpy(shares, room, count * sizeof *shares);
    }
}

/* The largest, and what the others come to. */
static enum err
keep(struct arena *arena, const struct walk *walk, struct sets_finding *out, struct fault *fault)
{
    size_t count =
        walk->share_count < SETS_CONTRIBUTORS_MAX ? walk->share_count : SETS_CONTRIBUTORS_MAX;
    struct sets_contributor *room =
        ARENA_NEW(walk->arena, struct sets_contributor, walk->share_count + 1);
    struct sets_contributor *kept = ARENA_NEW(arena, struct sets_contributor, count + 1);

    if (room == NULL || kept == NULL) {
        return FAIL(fault, ERR_MEMORY, "%zu reports that went into a finding", walk->share_count);
    }
    if (count > 0) {
        sort_shares(walk->shares, room, walk->share_count);
        memcpy(kept, walk->shares, count * sizeof *kept);
    }
    for (size_t i = count; i < walk->share_count; i++) {
        out->contributor_rest += walk->shares[i].amount;
    }
    out->contributors = kept;
    out->contributor_count = count;
    out->contributor_total = walk->share_count;
    return ERR_OK;
}

enum err
tracing_contributors(struct arena *arena, const struct tracing *tracing, struct sets_finding *out,
                     struct fault *fault)
{
    struct walk walk = {.arena = tracing->scratch, .tracing = tracing};
    struct step first = {tracing->result, (uint32_t)tracing->row, 1};

    if (!tracing->side->known) {
        return ERR_OK;
    }
    TRY(add_step(&walk, first, fault));
    for (size_t i = 0; i < walk.step_count; i++) {
        TRY(follow(&walk, walk.steps[i], fault));
    }
    return walk.total == tracing->expected ? keep(arena, &walk, out, fault) : ERR_OK;
}

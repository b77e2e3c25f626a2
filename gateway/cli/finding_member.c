#include "gateway/cli/finding_member.h"

#include "gateway/cli/member.h"

static uint32_t
place_of(const json_t *finding, const char *key)
{
    int64_t number = member_number(finding, key);

    return number >= 0 && number <= UINT32_MAX ? (uint32_t)number : 0;
}

static void
read_side(const json_t *side, struct contributors *out)
{
    const json_t *items = member_object(side, "items");
    size_t        i = 0;
    const json_t *item = NULL;

    json_array_foreach(items, i, item)
    {
        if (i < CONTRIBUTORS_MAX) {
            out->items[i] = (struct contributor){.cell = member_text(item, "cell"),
                                                 .amount = member_text(item, "amount"),
                                                 .xpath = member_text(item, "xpath"),
                                                 .offset = place_of(item, "offset"),
                                                 .line = place_of(item, "line"),
                                                 .column = place_of(item, "column")};
            out->count++;
        }
    }
    out->more = (size_t)place_of(side, "more");
    out->rest = member_text(side, "more_sum");
}

static const struct contributors *
read_contributors(struct arena *arena, const json_t *object)
{
    struct contributors *sides = ARENA_NEW(arena, struct contributors, CONTRIBUTORS_SIDES);
    struct contributor  *items =
        ARENA_NEW(arena, struct contributor, (size_t)CONTRIBUTORS_SIDES * CONTRIBUTORS_MAX);

    if (!json_is_object(object) || sides == NULL || items == NULL) {
        return NULL;
    }
    sides[CONTRIBUTORS_FOUND].items = items;
    sides[CONTRIBUTORS_EXPECTED].items = items + CONTRIBUTORS_MAX;
    read_side(member_object(object, "found"), &sides[CONTRIBUTORS_FOUND]);
    read_side(member_object(object, "expected"), &sides[CONTRIBUTORS_EXPECTED]);
    return sides;
}

struct finding_view
finding_member_view(struct arena *arena, const json_t *finding)
{
    return (struct finding_view){
        .code = member_text(finding, "code"),
        .severity = member_text(finding, "severity"),
        .title = member_text(finding, "title"),
        .cell = member_text(finding, "cell"),
        .line = place_of(finding, "line"),
        .column = place_of(finding, "column"),
        .found = member_text(finding, "found"),
        .expected = member_text(finding, "expected"),
        .difference = member_text(finding, "difference"),
        .repeats = place_of(finding, "difference_repeats"),
        .suspect = member_text(finding, "suspect"),
        .contributors = read_contributors(arena, member_object(finding, "contributors")),
        .fix = member_text(finding, "fix"),
        .basis = member_text(finding, "basis"),
    };
}

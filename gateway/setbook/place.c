#include "gateway/setbook/place.h"

#include <stdlib.h>

/* Places while they are found: of each report those that it is read by. */
struct finding_places {
    const struct sets       *sets;
    const struct concluding *items;
    struct places            places;
};

static int
compare_numbers(int64_t a, int64_t b)
{
    return (a > b) - (a < b);
}

int
place_compare(const struct place *a, const struct place *b)
{
    int order = compare_numbers(a->owner, b->owner);

    if (order == 0) {
        order = compare_numbers((int64_t)a->key.scope, (int64_t)b->key.scope);
    }
    if (order == 0) {
        order = compare_numbers(date_days(a->key.period.end), date_days(b->key.period.end));
    }
    return order != 0 ? order : str_compare(a->key.period.type->name, b->key.period.type->name);
}

static int
compare_entries(const void *left, const void *right)
{
    const struct place *a = left;
    const struct place *b = right;
    int                 order = place_compare(a, b);

    return order != 0 ? order : compare_numbers((int64_t)a->item, (int64_t)b->item);
}

const struct place *
place_find(const struct place *list, size_t count, int64_t owner, const struct sets_key *key)
{
    const struct place wanted = {.owner = owner, .key = *key};
    size_t             from = 0;
    size_t             to = count;

    while (from < to) {
        size_t middle = from + (to - from) / 2;
        if (place_compare(&list[middle], &wanted) < 0) {
            from = middle + 1;
        } else {
            to = middle;
        }
    }
    return from < count && place_compare(&list[from], &wanted) == 0 ? &list[from] : NULL;
}

struct str
place_period(struct arena *arena, const struct period *period)
{
    if (period->kind == PERIOD_MONTH) {
        return str_format(arena, "%d-%02d", period->year, period->number);
    }
    return str_format(arena, "%d-Q%d", period->year, period->number);
}

/* A report that was rejected when it first came changes nothing; one that is decided again may have
 * been in force. */
static bool
touches(const struct concluding *item, size_t ordinal)
{
    return item->filed[ordinal].has_key
           && (item->n > 1 || item->decided->reports[ordinal].verdict == VERDICT_ACCEPTED);
}

static bool
is_own_period(const struct sets_key *key, const struct period *period)
{
    return date_days(key->period.end) == date_days(period->end)
           && str_equal(key->period.type->name, period->type->name);
}

static void
add(struct finding_places *finding, size_t at, size_t ordinal)
{
    struct places               *places = &finding->places;
    const struct concluding     *item = &finding->items[at];
    const struct decided_report *report = &item->decided->reports[ordinal];
    const struct filed          *filed = &item->filed[ordinal];
    int64_t                      jst = item->units[report->report->unit].period_top;
    struct sets_key              keys[SETS_TOUCHED_MAX];

    size_t count =
        sets_touched(finding->sets, report->form->code, report->level, &filed->period, keys);
    for (size_t i = 0; i < count; i++) {
        const struct place place = {
            .owner = keys[i].scope == SETS_OF_JST ? jst : filed->unit, .key = keys[i], .item = at};
        if (is_own_period(&keys[i], &filed->period)) {
            places->now[places->now_count] = place;
            places->now_count++;
        } else {
            places->later[places->later_count] = place;
            places->later_count++;
        }
    }
    places->members[places->member_count] =
        (struct place_member){.jst = jst, .item = at, .ordinal = ordinal};
    places->member_count++;
}

/* Each once, of the same the first item's. */
static size_t
unite(struct place *list, size_t count)
{
    size_t kept = 0;

    if (count > 1) {
        qsort(list, count, sizeof *list, compare_entries);
    }
    for (size_t i = 0; i < count; i++) {
        if (kept == 0 || place_compare(&list[kept - 1], &list[i]) != 0) {
            list[kept] = list[i];
            kept++;
        }
    }
    return kept;
}

static size_t
count_touching(const struct concluding *items, size_t count)
{
    size_t touching = 0;

    for (size_t i = 0; i < count; i++) {
        for (size_t j = 0; j < conclusion_report_count(&items[i]); j++) {
            touching += touches(&items[i], j) ? 1 : 0;
        }
    }
    return touching;
}

enum err
place_search(struct arena *arena, const struct sets *sets, const struct concluding *items,
             size_t count, struct places *out, struct fault *fault)
{
    struct finding_places finding = {.sets = sets, .items = items};
    size_t                room = count_touching(items, count);

    finding.places =
        (struct places){.now = ARENA_NEW(arena, struct place, room * SETS_TOUCHED_MAX + 1),
                        .later = ARENA_NEW(arena, struct place, room * SETS_TOUCHED_MAX + 1),
                        .members = ARENA_NEW(arena, struct place_member, room + 1)};
    if (finding.places.now == NULL || finding.places.later == NULL
        || finding.places.members == NULL) {
        return FAIL(fault, ERR_MEMORY, "sets of %zu reports", room);
    }
    for (size_t i = 0; i < count; i++) {
        for (size_t j = 0; j < conclusion_report_count(&items[i]); j++) {
            if (touches(&items[i], j)) {
                add(&finding, i, j);
            }
        }
    }
    finding.places.now_count = unite(finding.places.now, finding.places.now_count);
    finding.places.later_count = unite(finding.places.later, finding.places.later_count);
    *out = finding.places;
    return ERR_OK;
}

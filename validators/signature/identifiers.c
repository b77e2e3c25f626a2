#include "validators/signature/identifiers.h"

/* Merge two sorted neighbours of `from` into `to`. */
static void
merge(const struct str *from, struct str *to, size_t first, size_t middle, size_t end)
{
    size_t left = first;
    size_t right = middle;

    for (size_t at = first; at < end; at++) {
        bool take_left =
            left < middle && (right >= end || str_compare(from[left], from[right]) <= 0);
        to[at] = from[take_left ? left : right];
        left += take_left ? 1 : 0;
        right += take_left ? 0 : 1;
    }
}

/* Sort items with the help of spare; returns the one of the two that holds the result. */
static struct str *
sort(struct str *items, struct str *spare, size_t count)
{
    for (size_t width = 1; width < count; width *= 2) {
        for (size_t first = 0; first < count; first += 2 * width) {
            size_t middle = first + width < count ? first + width : count;
            size_t end = first + 2 * width < count ? first + 2 * width : count;
            merge(items, spare, first, middle, end);
        }
        struct str *sorted = spare;
        spare = items;
        items = sorted;
    }
    return items;
}

static void
add(struct str *items, size_t *count, struct str id)
{
    if (id.data != NULL) {
        items[*count] = id;
        (*count)++;
    }
}

/* The Ids of a Signature and of the Objects in it, however many stand there. */
static void
add_of_table(struct str *items, size_t *count, const struct element_table *table)
{
    for (size_t i = 0; i < table->count; i++) {
        struct str name = table->items[i].name;
        if (str_equal(name, STR("Signature")) || str_equal(name, STR("Object"))) {
            add(items, count, element_attribute(table, (int32_t)i, "Id"));
        }
    }
}

enum err
identifiers_collect(struct arena *arena, const struct package *package, struct identifiers *out,
                    struct fault *fault)
{
    size_t room = package->report_count;
    size_t count = 0;

    for (size_t i = 0; i < package->signature_count; i++) {
        room += package->signatures[i].table.count;
    }
    struct str *items = ARENA_NEW(arena, struct str, room);
    struct str *spare = ARENA_NEW(arena, struct str, room);
    if (items == NULL || spare == NULL) {
        return FAIL(fault, ERR_MEMORY, "%zu identifiers", room);
    }
    for (size_t i = 0; i < package->report_count; i++) {
        add(items, &count, package->reports[i].id);
    }
    for (size_t i = 0; i < package->signature_count; i++) {
        add_of_table(items, &count, &package->signatures[i].table);
    }
    *out = (struct identifiers){.sorted = sort(items, spare, count), .count = count};
    return ERR_OK;
}

/* str_compare as -1, 0 or 1. */
static int
order(struct str a, struct str b)
{
    int difference = str_compare(a, b);

    return (difference > 0) - (difference < 0);
}

/* How many Ids stand before id (above 0), or before and at it (above 1). */
static size_t
search(const struct identifiers *identifiers, struct str id, int above)
{
    size_t low = 0;
    size_t high = identifiers->count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (order(identifiers->sorted[middle], id) < above) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

size_t
identifiers_count(const struct identifiers *identifiers, struct str id)
{
    return search(identifiers, id, 1) - search(identifiers, id, 0);
}

#include "validators/finding/finding.h"

#include <string.h>

enum { ELLIPSIS_SIZE = 3 };

static const struct str ellipsis = {"\xE2\x80\xA6", ELLIPSIS_SIZE};

/* Counters of one report, or of the package. */
struct tally {
    int32_t report;
    size_t  kept;
    size_t  cut;
};

struct findings {
    struct arena   *arena;
    struct finding *items;
    size_t          count;
    size_t          count_max; /* of the package */
    size_t          capacity;
    struct tally   *tallies; /* of those that have findings, sorted by report */
    size_t          tally_count;
    size_t          tally_capacity;
};

static struct findings *
create(struct arena *arena, size_t count_max)
{
    struct findings *findings = ARENA_NEW(arena, struct findings, 1);

    if (findings != NULL) {
        findings->arena = arena;
        findings->count_max = count_max;
    }
    return findings;
}

struct findings *
findings_create(struct arena *arena)
{
    return create(arena, FINDING_PACKAGE_MAX);
}

struct findings *
findings_create_unsorted(struct arena *arena)
{
    return create(arena, SIZE_MAX);
}

struct str
finding_clip(struct arena *arena, struct str text, size_t size_max)
{
    ENSURE(size_max >= ELLIPSIS_SIZE);
    if (text.size <= size_max) {
        return str_copy(arena, text);
    }
    size_t size = size_max - ELLIPSIS_SIZE;
    while (size > 0 && ((unsigned char)text.data[size] & 0xC0U) == 0x80U) {
        size--;
    }
    return str_format(arena, "%.*s%.*s", (int)size, text.data, STR_ARG(ellipsis));
}

/* Where the tally of a report is, or would have to be put in. */
static size_t
tally_place(const struct findings *findings, int32_t report)
{
    size_t low = 0;
    size_t high = findings->tally_count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (findings->tallies[middle].report < report) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

/* The tally of a report, or NULL when it has none yet. */
static const struct tally *
tally_read(const struct findings *findings, int32_t report)
{
    ENSURE(report >= FINDING_OF_PACKAGE);
    size_t place = tally_place(findings, report);
    bool   known = place < findings->tally_count && findings->tallies[place].report == report;

    return known ? &findings->tallies[place] : NULL;
}

/* The same, made if need be; NULL when the arena is full. */
static struct tally *
tally_write(struct findings *findings, int32_t report)
{
    ENSURE(report >= FINDING_OF_PACKAGE);
    size_t place = tally_place(findings, report);

    if (place < findings->tally_count && findings->tallies[place].report == report) {
        return &findings->tallies[place];
    }
    struct tally *tallies = arena_reserve(findings->arena, findings->tallies, findings->tally_count,
                                          &findings->tally_capacity, sizeof *tallies);
    if (tallies == NULL) {
        return NULL;
    }
    findings->tallies = tallies;
    memmove(&findings->tallies[place + 1], &findings->tallies[place],
            (findings->tally_count - place) * sizeof *findings->tallies);
    findings->tallies[place] = (struct tally){.report = report};
    findings->tally_count++;
    return &findings->tallies[place];
}

static bool
grow(struct findings *findings)
{
    struct finding *items = arena_reserve(findings->arena, findings->items, findings->count,
                                          &findings->capacity, sizeof *items);
    if (items == NULL) {
        return false;
    }
    findings->items = items;
    return true;
}

static bool
copy_texts(struct arena *arena, struct finding *finding)
{
    struct str *texts[] = {&finding->xpath,   &finding->cell,     &finding->subject,
                           &finding->found,   &finding->expected, &finding->difference,
                           &finding->suspect, &finding->technical};

    for (size_t i = 0; i < ARRAY_COUNT(texts); i++) {
        *texts[i] = finding_clip(arena, *texts[i], FINDING_FIELD_MAX);
        if (texts[i]->data == NULL) {
            return false;
        }
    }
    if (finding->contributors != NULL) {
        finding->contributors = contributors_copy(arena, finding->contributors);
        return finding->contributors != NULL;
    }
    return true;
}

enum finding_room
findings_add(struct findings *findings, const struct finding *finding)
{
    struct tally  *tally = tally_write(findings, finding->report);
    struct finding copy = *finding;

    if (tally == NULL) {
        return FINDING_NO_MEMORY;
    }
    if (tally->kept >= FINDING_REPORT_MAX || findings->count >= findings->count_max) {
        tally->cut++;
        return tally->kept >= FINDING_REPORT_MAX ? FINDING_REPORT_FULL : FINDING_PACKAGE_FULL;
    }
    if (!grow(findings) || !copy_texts(findings->arena, &copy)) {
        return FINDING_NO_MEMORY;
    }
    findings->items[findings->count] = copy;
    findings->count++;
    tally->kept++;
    return FINDING_ADDED;
}

size_t
findings_count(const struct findings *findings)
{
    return findings->count;
}

const struct finding *
findings_at(const struct findings *findings, size_t index)
{
    ENSURE(index < findings->count);
    return &findings->items[index];
}

size_t
findings_room(const struct findings *findings, int32_t report)
{
    const struct tally *tally = tally_read(findings, report);
    size_t              kept = tally == NULL ? 0 : tally->kept;
    size_t              of_report = FINDING_REPORT_MAX - kept;
    size_t              of_package = findings->count_max - findings->count;

    return of_report < of_package ? of_report : of_package;
}

size_t
findings_cut(const struct findings *findings, int32_t report)
{
    const struct tally *tally = tally_read(findings, report);

    return tally == NULL ? 0 : tally->cut;
}

bool
findings_add_cut(struct findings *findings, int32_t report, size_t count)
{
    struct tally *tally = tally_write(findings, report);

    if (tally == NULL) {
        return false;
    }
    tally->cut += count;
    return true;
}

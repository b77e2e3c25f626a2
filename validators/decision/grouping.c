#include "validators/decision/grouping.h"

#include <stdlib.h>

enum { GROUP_REPORTS_MIN = 2, DIFFERENCES_MIN = 2 };

/* One finding, as it is sorted. */
struct member {
    const struct told *told;
    size_t             report;
    uint32_t           unit;
};

static size_t
count_members(const struct decided_file *file)
{
    size_t count = 0;

    for (size_t i = 0; i < file->report_count; i++) {
        count += file->reports[i].findings.count;
    }
    return count;
}

static size_t
list_members(const struct decided_file *file, struct member *members)
{
    size_t count = 0;

    for (size_t i = 0; i < file->report_count; i++) {
        const struct decided_report *report = &file->reports[i];
        for (size_t j = 0; j < report->findings.count; j++) {
            const struct told *told = &report->findings.items[j];
            if (told->severity > SEVERITY_INFO) {
                members[count] =
                    (struct member){.told = told, .report = i, .unit = report->report->unit};
                count++;
            }
        }
    }
    return count;
}

static int
compare_numbers(size_t a, size_t b)
{
    return (a > b) - (a < b);
}

/* By code, then by unit and report. */
static int
compare_places(const void *a, const void *b)
{
    const struct member *left = a;
    const struct member *right = b;
    int                  order = str_compare(left->told->entry->code, right->told->entry->code);

    if (order == 0) {
        order = compare_numbers(left->unit, right->unit);
    }
    return order != 0 ? order : compare_numbers(left->report, right->report);
}

static int
compare_differences(const void *a, const void *b)
{
    const struct member *left = a;
    const struct member *right = b;

    return str_compare(left->told->finding.difference, right->told->finding.difference);
}

static int
compare_groups(const void *a, const void *b)
{
    const struct finding_group *left = a;
    const struct finding_group *right = b;
    int order = compare_numbers((size_t)right->severity, (size_t)left->severity);

    if (order == 0) {
        order = compare_numbers(right->units, left->units);
    }
    if (order == 0) {
        order = compare_numbers(right->findings, left->findings);
    }
    return order != 0 ? order : str_compare(left->entry->code, right->entry->code);
}

/* The difference that stands most often; of equally frequent ones the first in order of text. */
static void
find_difference(struct member *members, size_t count, struct finding_group *group)
{
    size_t from = 0;

    qsort(members, count, sizeof *members, compare_differences);
    for (size_t i = 1; i <= count; i++) {
        struct str difference = members[from].told->finding.difference;
        if (i < count && str_equal(members[i].told->finding.difference, difference)) {
            continue;
        }
        if (difference.size > 0 && i - from >= DIFFERENCES_MIN
            && i - from > group->difference_count) {
            group->difference = difference;
            group->difference_count = i - from;
        }
        from = i;
    }
}

/* Members of one code, by unit and report. */
static struct finding_group
count_up(struct member *members, size_t count)
{
    struct finding_group group = {.entry = members[0].told->entry, .findings = count};

    for (size_t i = 0; i < count; i++) {
        bool new_unit = i == 0 || members[i].unit != members[i - 1].unit;
        bool new_report = new_unit || members[i].report != members[i - 1].report;
        group.units += new_unit ? 1 : 0;
        group.reports += new_report ? 1 : 0;
        if (members[i].told->severity > group.severity) {
            group.severity = members[i].told->severity;
        }
    }
    find_difference(members, count, &group);
    return group;
}

enum err
grouping_make(struct arena *arena, const struct decided_file *file,
              const struct finding_group **out, size_t *count, struct fault *fault)
{
    size_t                room = count_members(file);
    struct member        *members = ARENA_NEW(arena, struct member, room + 1);
    struct finding_group *groups = ARENA_NEW(arena, struct finding_group, room + 1);
    size_t                from = 0;

    if (members == NULL || groups == NULL) {
        return FAIL(fault, ERR_MEMORY, "groups of %zu findings", room);
    }
    room = list_members(file, members);
    qsort(members, room, sizeof *members, compare_places);
    *count = 0;
    for (size_t i = 1; i <= room; i++) {
        if (i < room && members[i].told->entry == members[from].told->entry) {
            continue;
        }
        groups[*count] = count_up(&members[from], i - from);
        *count += groups[*count].reports >= GROUP_REPORTS_MIN ? 1 : 0;
        from = i;
    }
    qsort(groups, *count, sizeof *groups, compare_groups);
    *out = groups;
    return ERR_OK;
}

#include "gateway/submission/facts_package.h"

#include "gateway/submission/facts_report.h"

#include <string.h>

/* The unit within whose element this byte stands; unit_count: none. Units stand in file order. */
static size_t
unit_at(const struct package *package, uint32_t offset)
{
    size_t low = 0;
    size_t high = package->unit_count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (package->units[middle].identity.offset <= offset) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    if (low == 0) {
        return package->unit_count;
    }
    uint32_t end = package->units[low - 1].end; /* 0: the file broke off in it */
    return end == 0 || offset < end ? low - 1 : package->unit_count;
}

/* from[unit]: how many findings stand before those of this unit. */
static void
count_by_unit(const size_t *owners, size_t count, size_t *from, size_t units)
{
    for (size_t i = 0; i < count; i++) {
        from[owners[i] + 1]++;
    }
    for (size_t unit = 0; unit <= units; unit++) {
        from[unit + 1] += from[unit];
    }
}

static size_t
list_owners(const struct decided_file *file, size_t units, size_t *owners)
{
    size_t count = 0;

    for (size_t i = 0; i < file->findings.count; i++) {
        if (facts_report_states(&file->findings.items[i])) {
            owners[count] =
                units == 0 ? 0 : unit_at(file->package, file->findings.items[i].finding.offset);
            count++;
        }
    }
    return count;
}

enum err
facts_package_make(struct arena *arena, const struct decided_file *file, struct facts_package *out,
                   struct fault *fault)
{
    struct facts_package facts = {0};
    size_t               units = file->package == NULL ? 0 : file->package->unit_count;

    TRY(facts_report_findings(arena, &file->findings, &facts.all, &facts.count, fault));
    size_t                 *owners = ARENA_NEW(arena, size_t, file->findings.count);
    size_t                 *from = ARENA_NEW(arena, size_t, units + 2);
    size_t                 *next = ARENA_NEW(arena, size_t, units + 2);
    struct receipt_finding *by_unit = ARENA_NEW(arena, struct receipt_finding, facts.count);
    if (owners == NULL || from == NULL || next == NULL || by_unit == NULL) {
        return FAIL(fault, ERR_MEMORY, "%zu findings of a package", facts.count);
    }
    ENSURE(list_owners(file, units, owners) == facts.count);
    count_by_unit(owners, facts.count, from, units);
    memcpy(next, from, (units + 2) * sizeof *next);
    for (size_t i = 0; i < facts.count; i++) {
        by_unit[next[owners[i]]] = facts.all[i];
        next[owners[i]]++;
    }
    facts.by_unit = by_unit;
    facts.from = from;
    *out = facts;
    return ERR_OK;
}

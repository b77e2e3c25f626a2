#include "gateway/finding_json/export.h"

bool
export_add(struct arena *arena, struct export_run *run, const struct export_finding *finding)
{
    struct export_finding *findings =
        arena_reserve(arena, run->findings, run->finding_count, &run->capacity, sizeof *findings);

    if (findings == NULL) {
        return false;
    }
    run->findings = findings;
    run->findings[run->finding_count] = *finding;
    run->finding_count++;
    return true;
}

static bool
add_list(struct arena *arena, struct export_run *run, const struct told_list *list,
         const struct export_finding *about)
{
    for (size_t i = 0; i < list->count; i++) {
        struct export_finding finding = *about;
        finding.view = finding_view_of(&list->items[i]);
        finding.entry = list->items[i].entry;
        if (!export_add(arena, run, &finding)) {
            return false;
        }
    }
    return true;
}

bool
export_add_file(struct arena *arena, struct export_run *run, const struct decided_file *decided,
                size_t artifact)
{
    struct export_finding about = {
        .artifact = artifact,
        .place = {.file = decided->name, .verdict = str_of(verdict_name(decided->verdict))}
    };

    if (!add_list(arena, run, &decided->findings, &about)) {
        return false;
    }
    for (size_t i = 0; i < decided->report_count; i++) {
        const struct decided_report *report = &decided->reports[i];
        about.place = (struct finding_place){.file = decided->name,
                                             .form = report->form_title,
                                             .period = report->period,
                                             .regon = report->unit_regon,
                                             .unit = report->unit_name,
                                             .version = report->version,
                                             .verdict = str_of(verdict_name(report->verdict))};
        if (!add_list(arena, run, &report->findings, &about)) {
            return false;
        }
    }
    return true;
}

size_t
export_artifact_of(const struct export_run *run, struct str name)
{
    for (size_t i = 0; i < run->artifact_count; i++) {
        if (str_equal(run->artifacts[i].name, name)) {
            return i;
        }
    }
    return 0;
}

const struct rule_entry *
export_entry(const struct catalogue *catalogue, struct str code)
{
    for (size_t i = 0; i < catalogue->entry_count; i++) {
        if (str_equal(catalogue->entries[i].code, code)) {
            return &catalogue->entries[i];
        }
    }
    return NULL;
}

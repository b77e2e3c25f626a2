#include "gateway/cli/csv_report.h"

#include "gateway/cli/set_view.h"
#include "gateway/finding_json/file_json.h"

/* What rules between reports found, behind the findings of the files. */
static void
write_sets(struct csv *csv, struct buf *out, const struct set_groups *groups)
{
    struct export_run run = {0};

    if (set_view_export(out->arena, groups, &run, NULL) != ERR_OK) {
        out->full = true;
        return;
    }
    for (size_t i = 0; i < run.finding_count; i++) {
        finding_view_csv(csv, &run.findings[i].place, &run.findings[i].view);
        csv_row_end(csv);
    }
}

void
csv_report_write(struct buf *out, const struct judgement *judgement)
{
    struct csv csv = csv_create(out);

    finding_view_csv_head(&csv);
    csv_row_end(&csv);
    for (size_t i = 0; i < judgement->file_count; i++) {
        struct file_json file = {.name = judgement->files[i].input->name,
                                 .decided = judgement->files[i].decided};
        file_json_csv(&csv, &file);
    }
    write_sets(&csv, out, &judgement->sets);
}

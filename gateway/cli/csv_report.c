#include "gateway/cli/csv_report.h"

#include "gateway/finding_json/file_json.h"

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
}

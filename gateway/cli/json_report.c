#include "gateway/cli/json_report.h"

#include "gateway/cli/set_view.h"
#include "gateway/finding_json/file_json.h"

void
json_report_write(struct buf *out, const struct judgement *judgement)
{
    struct json json = json_create(out);

    json_object_begin(&json);
    json_key(&json, "files");
    json_array_begin(&json);
    for (size_t i = 0; i < judgement->file_count; i++) {
        const struct input *input = judgement->files[i].input;
        struct file_json    file = {.name = input->name,
                                    .sha256 = input->whole ? input->sha256 : NULL,
                                    .decided = judgement->files[i].decided,
                                    .trust_given = judgement->trust_given};
        file_json_write(&json, &file);
    }
    for (size_t i = 0; i < judgement->unreadable_count; i++) {
        const struct decided_file nothing = {.verdict = VERDICT_UNDECIDED,
                                             .reason = judgement->unreadable[i].why};
        struct file_json file = {.name = judgement->unreadable[i].name, .decided = &nothing};
        file_json_write(&json, &file);
    }
    json_array_end(&json);
    json_key(&json, "sets");
    if (set_view_json(out->arena, &json, &judgement->sets, NULL) != ERR_OK) {
        out->full = true; /* no memory for the rest: what has no end is not written */
    }
    json_object_end(&json);
    buf_byte(out, '\n');
}

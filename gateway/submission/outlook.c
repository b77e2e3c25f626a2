#include "gateway/submission/outlook.h"

enum { TIME_MAX = 48 };

/* What is in force for each report, as the conclusion would find it. */
static enum err
look(struct bench *bench, struct batch *batch, struct concluding *item, struct fault *fault)
{
    struct submission    *submission = &batch->items[0];
    const struct package *package = submission->decided->package;
    bool                  done = false; /* there is no row of it: nothing is asked of that */
    /* For whoever acts for no unit the registry is not asked, and nothing is in force. */
    bool is_asked = package != NULL && submission->units != NULL;

    *item = (struct concluding){.queued = &submission->queued,
                                .bytes = submission->bytes,
                                .decided = submission->decided,
                                .catalogue = bench->definitions.catalogue,
                                .units = submission->units,
                                .unit_count = is_asked ? package->unit_count : 0,
                                .n = 1};
    return conclusion_context(bench->store, batch->arena, item, 1, &done, fault);
}

static void
write_in_force(struct json *json, const struct filed *filed, const struct before *before)
{
    struct buf time = buf_create(json->out->arena, TIME_MAX);

    json_key(json, "in_force");
    if (!before->exists) {
        json_absent(json);
        return;
    }
    instant_write(&time, before->arrived);
    json_object_begin(json);
    json_key(json, "version");
    if (before->version == INT32_MIN) {
        json_absent(json);
    } else {
        json_number(json, before->version);
    }
    json_member(json, "received_at", buf_str(&time));
    json_key(json, "would_be_superseded"); /* the higher Wersja, of equal ones the later arrival */
    json_truth(json, filed->version >= before->version);
    json_object_end(json);
}

static void
write_version(struct json *json, const struct concluding *item, size_t at)
{
    const struct decided_report *report = &item->decided->reports[at];

    json_object_begin(json);
    json_key(json, "report");
    json_number(json, (int64_t)at + 1);
    json_member(json, "form", report->form_title);
    json_member(json, "form_version",
                report->form == NULL ? (struct str){0} : report->form->version);
    write_in_force(json, &item->filed[at], &item->before[at]);
    json_object_end(json);
}

enum err
outlook_write(struct bench *bench, struct batch *batch, struct json *json, struct fault *fault)
{
    struct concluding item = {0};

    TRY(look(bench, batch, &item, fault));
    json_key(json, "judged_by");
    json_object_begin(json);
    json_hex(json, "definitions", bench->definitions.catalogue->sha256,
             sizeof bench->definitions.catalogue->sha256);
    json_member(json, "calendar", bench->definitions.calendar->version);
    json_object_end(json);
    json_key(json, "versions");
    json_array_begin(json);
    for (size_t i = 0; i < item.decided->report_count; i++) {
        write_version(json, &item, i);
    }
    json_array_end(json);
    return ERR_OK;
}

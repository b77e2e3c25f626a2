#include "gateway/cli/export_report.h"

#include "gateway/cli/set_view.h"
#include "gateway/finding_json/ess.h"
#include "gateway/finding_json/sarif.h"

/* The files with their findings; false when memory does not suffice. */
static bool
collect(struct arena *arena, const struct judgement *judgement, struct export_run *run)
{
    struct export_artifact *artifacts =
        ARENA_NEW(arena, struct export_artifact, judgement->file_count + 1);
    struct export_failure *failures =
        ARENA_NEW(arena, struct export_failure, judgement->unreadable_count + 1);

    if (artifacts == NULL || failures == NULL) {
        return false;
    }
    for (size_t i = 0; i < judgement->file_count; i++) {
        const struct input *input = judgement->files[i].input;
        artifacts[i] = (struct export_artifact){.name = input->name,
                                                .sha256 = input->whole ? input->sha256 : NULL};
        if (!export_add_file(arena, run, judgement->files[i].decided, i)) {
            return false;
        }
    }
    for (size_t i = 0; i < judgement->unreadable_count; i++) {
        failures[i] = (struct export_failure){.name = judgement->unreadable[i].name,
                                              .why = judgement->unreadable[i].why};
    }
    run->artifacts = artifacts;
    run->artifact_count = judgement->file_count;
    run->failures = failures;
    run->failure_count = judgement->unreadable_count;
    return set_view_export(arena, &judgement->sets, run, NULL) == ERR_OK;
}

void
export_report_write(struct buf *out, const struct judgement *judgement, enum validate_format format)
{
    struct json       json = json_create(out);
    struct export_run run = {.version = STR(BRAMA_VERSION),
                             .trigger = STR("brama validate"),
                             .at = judgement->at * INSTANT_PER_SECOND,
                             .catalogue = judgement->catalogue};

    if (!collect(out->arena, judgement, &run)) {
        out->full = true;
        return;
    }
    if (format == VALIDATE_ESS_CSV) {
        struct csv csv = csv_create(out);
        ess_write_csv(&csv, &run);
        return;
    }
    if (format == VALIDATE_SARIF) {
        sarif_write(&json, &run);
    } else {
        ess_write(&json, &run);
    }
    buf_byte(out, '\n');
}

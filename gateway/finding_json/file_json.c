#include "gateway/finding_json/file_json.h"

bool
file_json_signature_valid(const struct package_signature *signature, bool trust_given)
{
    return signature->failed_step == SIGNATURE_STEP_NONE
           || (signature->failed_step == SIGNATURE_STEP_ISSUER && !trust_given);
}

static void
count(struct json *json, const char *key, size_t number)
{
    json_key(json, key);
    json_number(json, (int64_t)number);
}

static void
write_findings(struct json *json, const struct told_list *list)
{
    json_key(json, "findings");
    json_array_begin(json);
    for (size_t i = 0; i < list->count; i++) {
        struct finding_view view = finding_view_of(&list->items[i]);
        finding_view_json(json, &view);
    }
    json_array_end(json);
    count(json, "findings_cut", list->cut);
}

static void
write_signature(struct json *json, const struct package_signature *signature, bool trust_given)
{
    bool valid = file_json_signature_valid(signature, trust_given);

    json_object_begin(json);
    json_member(json, "role", signature->role);
    json_member(json, "signer", signature->signer);
    json_key(json, "valid");
    json_truth(json, valid);
    json_member(json, "failed_step",
                valid ? (struct str){0} : str_of(signature_step_name(signature->failed_step)));
    json_object_end(json);
}

static void
write_report(struct json *json, const struct file_json *file, const struct decided_report *report)
{
    json_object_begin(json);
    json_member(json, "form", report->form_title);
    json_member(json, "unit", report->unit_regon);
    json_member(json, "unit_name", report->unit_name);
    json_member(json, "period", report->period);
    json_member(json, "version", report->version);
    json_member(json, "level", report->level);
    json_member(json, "variant", report->variant);
    json_member(json, "verdict", str_of(verdict_name(report->verdict)));
    json_member(json, "reason", report->reason);
    write_findings(json, &report->findings);
    count(json, "not_evaluated", report->not_evaluated);
    json_key(json, "signatures");
    json_array_begin(json);
    for (size_t i = 0; i < report->signature_count; i++) {
        write_signature(json, &file->decided->package->signatures[report->signatures[i]],
                        file->trust_given);
    }
    json_array_end(json);
    json_object_end(json);
}

static void
write_groups(struct json *json, const struct decided_file *decided)
{
    json_key(json, "groups");
    json_array_begin(json);
    for (size_t i = 0; i < decided->group_count; i++) {
        const struct finding_group *group = &decided->groups[i];
        json_object_begin(json);
        json_member(json, "code", group->entry->code);
        json_member(json, "severity", str_of(severity_name(group->severity)));
        count(json, "findings", group->findings);
        count(json, "reports", group->reports);
        count(json, "units", group->units);
        json_member(json, "difference", group->difference);
        count(json, "difference_count", group->difference_count);
        json_object_end(json);
    }
    json_array_end(json);
}

void
file_json_write(struct json *json, const struct file_json *file)
{
    const struct decided_file *decided = file->decided;

    json_object_begin(json);
    json_member(json, "file", file->name);
    json_hex(json, "sha256", file->sha256, FILE_JSON_SHA256_SIZE);
    json_member(json, "verdict", str_of(verdict_name(decided->verdict)));
    json_member(json, "reason", decided->reason);
    write_findings(json, &decided->findings);
    write_groups(json, decided);
    json_key(json, "reports");
    json_array_begin(json);
    for (size_t i = 0; i < decided->report_count; i++) {
        write_report(json, file, &decided->reports[i]);
    }
    json_array_end(json);
    json_object_end(json);
}

static void
write_rows(struct csv *csv, const struct finding_place *place, const struct told_list *list)
{
    for (size_t i = 0; i < list->count; i++) {
        struct finding_view view = finding_view_of(&list->items[i]);
        finding_view_csv(csv, place, &view);
        csv_row_end(csv);
    }
}

void
file_json_csv(struct csv *csv, const struct file_json *file)
{
    const struct decided_file *decided = file->decided;
    struct finding_place       place = {.file = file->name,
                                        .verdict = str_of(verdict_name(decided->verdict))};

    write_rows(csv, &place, &decided->findings);
    for (size_t i = 0; i < decided->report_count; i++) {
        const struct decided_report *report = &decided->reports[i];
        place = (struct finding_place){.file = file->name,
                                       .form = report->form_title,
                                       .period = report->period,
                                       .regon = report->unit_regon,
                                       .unit = report->unit_name,
                                       .version = report->version,
                                       .verdict = str_of(verdict_name(report->verdict))};
        write_rows(csv, &place, &report->findings);
    }
}

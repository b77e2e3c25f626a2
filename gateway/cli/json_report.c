#include "gateway/cli/json_report.h"

#include "gateway/answer/json.h"

enum { HEX_SIZE = 2 * INPUT_SHA256_SIZE };

static void
member(struct json *json, const char *key, struct str text)
{
    json_key(json, key);
    json_text_or_null(json, text);
}

static void
number(struct json *json, const char *key, int64_t value)
{
    json_key(json, key);
    json_number(json, value);
}

static void
write_finding(struct json *json, const struct told *told)
{
    const struct finding *finding = &told->finding;

    json_object_begin(json);
    member(json, "code", str_of(finding->code));
    member(json, "severity", str_of(severity_name(told->severity)));
    member(json, "title", told->title);
    member(json, "cell", finding->cell);
    number(json, "line", told->line);
    number(json, "column", told->column);
    number(json, "offset", finding->offset);
    member(json, "xpath", finding->xpath);
    member(json, "found", finding->found);
    member(json, "expected", finding->expected);
    member(json, "difference", finding->difference);
    member(json, "fix", told->fix);
    member(json, "basis", told->entry->basis);
    member(json, "technical", finding->technical);
    json_object_end(json);
}

static void
write_findings(struct json *json, const struct told_list *list)
{
    json_key(json, "findings");
    json_array_begin(json);
    for (size_t i = 0; i < list->count; i++) {
        write_finding(json, &list->items[i]);
    }
    json_array_end(json);
}

static void
write_signature(struct json *json, const struct judgement *judgement,
                const struct package_signature *signature)
{
    bool valid = judgement_signature_valid(judgement, signature);

    json_object_begin(json);
    member(json, "role", signature->role);
    member(json, "signer", signature->signer);
    json_key(json, "valid");
    json_truth(json, valid);
    member(json, "failed_step",
           valid ? (struct str){0} : str_of(signature_step_name(signature->failed_step)));
    json_object_end(json);
}

static void
count(struct json *json, const char *name, size_t number)
{
    json_key(json, name);
    json_number(json, (int64_t)number);
}

static void
write_report(struct json *json, const struct judgement *judgement, const struct decided_file *file,
             const struct decided_report *report)
{
    json_object_begin(json);
    member(json, "form", report->form_title);
    member(json, "unit", report->unit_regon);
    member(json, "unit_name", report->unit_name);
    member(json, "period", report->period);
    member(json, "version", report->version);
    member(json, "level", report->level);
    member(json, "verdict", str_of(verdict_name(report->verdict)));
    member(json, "reason", report->reason);
    write_findings(json, &report->findings);
    count(json, "findings_cut", report->findings.cut);
    count(json, "not_evaluated", report->not_evaluated);
    json_key(json, "signatures");
    json_array_begin(json);
    for (size_t i = 0; i < report->signature_count; i++) {
        write_signature(json, judgement, &file->package->signatures[report->signatures[i]]);
    }
    json_array_end(json);
    json_object_end(json);
}

static void
write_digest(struct json *json, const struct input *input)
{
    static const char digits[] = "0123456789abcdef";
    char              hex[HEX_SIZE];

    for (size_t i = 0; i < INPUT_SHA256_SIZE; i++) {
        hex[2 * i] = digits[input->sha256[i] >> 4U];
        hex[2 * i + 1] = digits[input->sha256[i] & 0x0FU];
    }
    json_key(json, "sha256");
    json_text_or_null(json, input->whole ? (struct str){hex, sizeof hex} : (struct str){0});
}

static void
write_file(struct json *json, const struct judgement *judgement, const struct judged_file *file)
{
    const struct decided_file *decided = file->decided;

    json_object_begin(json);
    member(json, "file", file->input->name);
    write_digest(json, file->input);
    member(json, "verdict", str_of(verdict_name(decided->verdict)));
    member(json, "reason", decided->reason);
    write_findings(json, &decided->findings);
    count(json, "findings_cut", decided->findings.cut);
    json_key(json, "reports");
    json_array_begin(json);
    for (size_t i = 0; i < decided->report_count; i++) {
        write_report(json, judgement, decided, &decided->reports[i]);
    }
    json_array_end(json);
    json_object_end(json);
}

void
json_report_write(struct buf *out, const struct judgement *judgement)
{
    struct json json = json_create(out);

    json_object_begin(&json);
    json_key(&json, "files");
    json_array_begin(&json);
    for (size_t i = 0; i < judgement->file_count; i++) {
        write_file(&json, judgement, &judgement->files[i]);
    }
    json_array_end(&json);
    json_object_end(&json);
    buf_byte(out, '\n');
}

#include "gateway/reader/dossier.h"
#include "gateway/reader/saying.h"
#include "validators/catalogue/entry.h"

static void
number(struct json *json, const char *key, int64_t value)
{
    json_key(json, key);
    json_number(json, value);
}

static void
write_counts(struct json *json, const struct dossier_counts *counts)
{
    json_key(json, "findings");
    json_object_begin(json);
    number(json, "error", counts->error);
    number(json, "query", counts->query);
    number(json, "warning", counts->warning);
    number(json, "info", counts->info);
    number(json, "open_queries", counts->open);
    json_object_end(json);
}

static void
write_unit(struct json *json, const char *key, struct str name, struct str regon)
{
    json_key(json, key);
    if (regon.size == 0 && name.size == 0) {
        json_absent(json);
        return;
    }
    json_object_begin(json);
    json_member(json, "name", name);
    json_member(json, "regon", regon);
    json_object_end(json);
}

static void
write_signatures(struct json *json, const struct dossier_report *report)
{
    json_key(json, "signatures");
    json_array_begin(json);
    for (size_t i = 0; i < report->signature_count; i++) {
        const struct dossier_signature *signature = &report->signatures[i];
        json_object_begin(json);
        json_member(json, "role", signature->role);
        json_member(json, "signer", signature->signer);
        json_key(json, "valid");
        json_truth(json, signature->valid);
        json_member(json, "failed_step", signature->failed_step);
        saying_instant(json, "signed_at", signature->signed_at);
        json_object_end(json);
    }
    json_array_end(json);
}

/* on_time is null where the data wpływu of another report decides, or none does. */
static void
write_due(struct json *json, const struct dossier_report *report)
{
    bool in_time = str_equal(report->timeliness, STR("in_time"));

    json_member(json, "due", report->due);
    json_key(json, "on_time");
    if (in_time || str_equal(report->timeliness, STR("late"))) {
        json_truth(json, in_time);
    } else {
        json_absent(json);
    }
    json_member(json, "timeliness", report->timeliness);
    json_member(json, "calendar", report->calendar);
}

/* null where nothing is corrected; its reason is null as long as nobody has given one. */
static void
write_correction(struct json *json, const struct dossier_correction *correction)
{
    json_key(json, "correction");
    if (!correction->is_one) {
        json_absent(json);
        return;
    }
    json_object_begin(json);
    json_member(json, "window_until", correction->window_until);
    json_key(json, "outside_window");
    json_truth(json, correction->outside_window);
    json_member(json, "recipient", correction->recipient);
    json_member(json, "basis", correction->basis);
    json_key(json, "reason");
    if (correction->revision == 0) {
        json_absent(json);
    } else {
        json_object_begin(json);
        number(json, "revision", correction->revision);
        json_member(json, "code", correction->code);
        json_member(json, "text", correction->text);
        saying_instant(json, "given_at", correction->given_at);
        json_object_end(json);
    }
    json_object_end(json);
}

/* Rules that the report was accepted in spite of; answer is null as long as their owner has said
 * nothing. */
static void
write_objections(struct json *json, const struct dossier_report *report)
{
    json_key(json, "objections");
    json_array_begin(json);
    for (size_t i = 0; i < report->objections.count; i++) {
        const struct objection_at *objection = &report->objections.items[i];
        json_object_begin(json);
        json_member(json, "rule", objection->rule);
        json_member(json, "owner", objection->owner);
        json_key(json, "answer");
        if (objection->answered) {
            objection_reply_write(json, &objection->reply);
        } else {
            json_absent(json);
        }
        json_object_end(json);
    }
    json_array_end(json);
}

static void
write_report(struct json *json, const struct dossier_report *report)
{
    json_object_begin(json);
    number(json, "ordinal", (int64_t)report->ordinal + 1);
    json_member(json, "form", report->form);
    json_member(json, "form_version", report->form_version);
    write_unit(json, "unit", report->unit_name, report->unit_regon);
    json_member(json, "period", report->period);
    json_member(json, "level", report->level);
    json_member(json, "variant", report->variant);
    json_key(json, "version");
    if (report->version < 0) {
        json_absent(json);
    } else {
        json_number(json, report->version);
    }
    saying_verdict(json, report->verdict, true);
    json_member(json, "reason", report->reason);
    json_key(json, "in_force");
    json_truth(json, report->in_force);
    write_due(json, report);
    write_correction(json, &report->correction);
    json_key(json, "set");
    json_stored(json, report->set.size == 0 ? STR("null") : report->set);
    write_objections(json, report);
    number(json, "rows", report->rows);
    write_counts(json, &report->counts);
    write_signatures(json, report);
    json_member(json, "receipt", report->receipt);
    json_object_end(json);
}

/* By its number alone: two units of a package may claim one REGON, which then names neither. */
static void
write_receipt_url(struct json *json, const struct dossier *dossier,
                  const struct dossier_receipt *receipt)
{
    struct arena *arena = json->out->arena;
    struct str    id = saying_uuid(arena, dossier->id);

    json_member(json, "url",
                str_format(arena, "/api/v1/submissions/%.*s/receipt?number=%.*s", STR_ARG(id),
                           STR_ARG(receipt->number)));
}

static void
write_receipts(struct json *json, const struct dossier *dossier)
{
    json_key(json, "receipts");
    json_array_begin(json);
    for (size_t i = 0; i < dossier->receipt_count; i++) {
        const struct dossier_receipt *receipt = &dossier->receipts[i];
        json_object_begin(json);
        json_member(json, "number", receipt->number);
        json_member(json, "kind", receipt->kind);
        number(json, "n", receipt->n);
        write_unit(json, "unit", receipt->unit_name, receipt->unit_regon);
        write_receipt_url(json, dossier, receipt);
        json_object_end(json);
    }
    json_array_end(json);
}

static void
write_outages(struct json *json, const struct dossier *dossier)
{
    json_key(json, "outages");
    json_array_begin(json);
    for (size_t i = 0; i < dossier->outage_count; i++) {
        const struct dossier_outage *outage = &dossier->outages[i];
        json_object_begin(json);
        saying_instant(json, "began", outage->began);
        saying_instant(json, "ended", outage->ended);
        saying_instant(json, "first_attempt", outage->tried);
        json_member(json, "what", outage->what);
        json_object_end(json);
    }
    json_array_end(json);
}

static void
write_links(struct json *json, struct uuid id)
{
    static const char *const names[] = {"findings", "content", "receipt"};
    struct arena            *arena = json->out->arena;
    struct str               text = saying_uuid(arena, id);

    json_key(json, "links");
    json_object_begin(json);
    json_member(json, "self", str_format(arena, "/api/v1/submissions/%.*s", STR_ARG(text)));
    for (size_t i = 0; i < ARRAY_COUNT(names); i++) {
        json_member(json, names[i],
                    str_format(arena, "/api/v1/submissions/%.*s/%s", STR_ARG(text), names[i]));
    }
    json_object_end(json);
}

static void
write_head(struct json *json, const struct dossier *dossier)
{
    struct arena *arena = json->out->arena;

    json_member(json, "id", saying_uuid(arena, dossier->id));
    json_member(json, "state", dossier->state);
    json_member(json, "state_text", saying_state(dossier->state));
    saying_verdict(json, dossier->verdict, dossier->n > 0);
    json_member(json, "reason", dossier->reason);
    saying_instant(json, "received_at", dossier->arrived);
    saying_instant_utc(json, "received_at_utc", dossier->arrived);
    saying_instant(json, "decided_at", dossier->decided_at);
    json_member(json, "sha256", saying_hex(arena, dossier->sha256));
    number(json, "size", dossier->size);
    number(json, "n", dossier->n);
    json_key(json, "log_index");
    if (dossier->log_index < 0) {
        json_absent(json);
    } else {
        json_number(json, dossier->log_index);
    }
    write_unit(json, "sender", dossier->sender_name, dossier->sender_regon);
    json_member(json, "follows",
                uuid_is_nil(dossier->follows) ? (struct str){0}
                                              : saying_uuid(arena, dossier->follows));
    saying_instant(json, "first_received_at", dossier->first_arrived);
    saying_instant(json, "withdrawn_at", dossier->withdrawn_at);
}

void
dossier_write(struct json *json, const struct dossier *dossier)
{
    json_object_begin(json);
    write_head(json, dossier);
    write_counts(json, &dossier->counts);
    json_key(json, "reports");
    json_array_begin(json);
    for (size_t i = 0; i < dossier->report_count; i++) {
        write_report(json, &dossier->reports[i]);
    }
    json_array_end(json);
    write_receipts(json, dossier);
    write_outages(json, dossier);
    write_links(json, dossier->id);
    json_object_end(json);
}

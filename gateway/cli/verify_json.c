#include "gateway/cli/verify_json.h"

#include "gateway/answer/json.h"

enum { DIGEST_SIZE = 32 };

static const char *const step_codes[READING_STEP_COUNT] = {
    [READING_GOOD] = NULL,
    [READING_SHAPE] = "shape",
    [READING_DIGEST] = "digest",
    [READING_PROPERTIES] = "properties",
    [READING_CERTIFICATE] = "certificate",
    [READING_VALUE] = "value",
    [READING_ISSUER] = "issuer",
    [READING_VALIDITY] = "validity",
};

static void
put_text(struct json *json, const char *key, struct str text)
{
    json_key(json, key);
    json_text_or_null(json, text);
}

static void
put_instant(struct json *json, const char *key, instant at, void (*write)(struct buf *, instant))
{
    struct buf text = buf_create(json->out->arena, 64);

    write(&text, at);
    put_text(json, key, buf_str(&text));
}

static void
put_digest(struct json *json, const char *key, const unsigned char *digest)
{
    struct buf text = buf_create(json->out->arena, 256);

    buf_hex(&text, digest, DIGEST_SIZE);
    put_text(json, key, buf_str(&text));
}

static void
put_reports(struct json *json, const struct receipt_facts *facts)
{
    json_key(json, "reports");
    json_array_begin(json);
    for (size_t i = 0; i < facts->report_count; i++) {
        const struct receipt_report *report = &facts->reports[i];
        struct buf                   due = buf_create(json->out->arena, 64);
        if (report->due.year != 0) {
            date_write(&due, report->due);
        }
        json_object_begin(json);
        put_text(json, "form", report->form);
        put_text(json, "period", report->period);
        put_text(json, "unit", report->unit_name);
        put_text(json, "verdict", report->verdict);
        put_text(json, "due", buf_str(&due));
        put_text(json, "timeliness", report->timeliness);
        put_text(json, "calendar", report->calendar);
        put_text(json, "due_basis", report->due_basis);
        put_text(json, "outside_window", report->outside);
        put_text(json, "set_state", report->set_state);
        put_text(json, "set_awaited", report->set_awaited);
        json_object_end(json);
    }
    json_array_end(json);
}

static void
put_outages(struct json *json, const struct receipt_facts *facts)
{
    json_key(json, "outages");
    json_array_begin(json);
    for (size_t i = 0; i < facts->outage_count; i++) {
        const struct receipt_outage *outage = &facts->outages[i];
        json_object_begin(json);
        put_instant(json, "began", outage->began, instant_write);
        put_instant(json, "ended", outage->ended, instant_write);
        if (outage->tried == 0) {
            put_text(json, "first_attempt", (struct str){0});
        } else {
            put_instant(json, "first_attempt", outage->tried, instant_write);
        }
        put_text(json, "what", outage->what);
        json_object_end(json);
    }
    json_array_end(json);
}

static void
put_facts(struct json *json, const struct reading *reading)
{
    const struct receipt_facts *facts = &reading->facts;

    json_key(json, "states");
    if (!reading_is_quotable(reading)) {
        json_absent(json);
        return;
    }
    json_object_begin(json);
    put_text(json, "number", facts->number);
    put_text(json, "environment", facts->environment);
    put_text(json, "receiver", facts->receiver);
    put_text(json, "sender", facts->sender_name);
    put_text(json, "unit", facts->unit_name);
    put_text(json, "regon", facts->unit_regon);
    put_instant(json, "received_at", facts->arrived, instant_write);
    put_instant(json, "received_at_utc", facts->arrived, instant_write_utc);
    put_instant(json, "decided_at", facts->decided, instant_write);
    put_outages(json, facts);
    put_text(json, "verdict", facts->verdict);
    put_text(json, "verdict_text", receipt_verdict_text(facts->verdict));
    put_reports(json, facts);
    put_digest(json, "sha256", facts->document_sha256);
    json_key(json, "size");
    json_number(json, (int64_t)facts->document_size);
    json_key(json, "log_index");
    json_number(json, (int64_t)facts->log_index);
    put_instant(json, "signed_at", reading->signed_at, instant_write);
    put_instant(json, "signed_at_utc", reading->signed_at, instant_write_utc);
    put_text(json, "sealed_by", reading->sealed_by);
    put_digest(json, "certificate_sha256", reading->certificate_sha256);
    json_object_end(json);
}

static void
put_document(struct json *json, const struct verification *told)
{
    json_key(json, "document");
    if (!told->has_document) {
        json_absent(json);
        return;
    }
    json_object_begin(json);
    put_text(json, "file", told->document_name);
    put_digest(json, "sha256", told->sha256);
    json_key(json, "matches");
    json_truth(json, told->matches && reading_is_quotable(&told->reading));
    json_object_end(json);
}

static void
put_lost(struct json *json, const struct verification *told)
{
    json_key(json, "superseded_reports");
    json_array_begin(json);
    for (size_t i = 0; i < told->lost_count; i++) {
        json_object_begin(json);
        put_text(json, "form", told->lost[i].form);
        put_text(json, "period", told->lost[i].period);
        put_text(json, "regon", told->lost[i].regon);
        json_object_end(json);
    }
    json_array_end(json);
}

static void
put_stamp(struct json *json, const struct verification *told)
{
    static const char *const words[VERIFY_STAMP_COUNT] = {[VERIFY_STAMP_NONE] = "none",
                                                          [VERIFY_STAMP_UNKNOWN] = "unknown",
                                                          [VERIFY_STAMP_GOOD] = "good",
                                                          [VERIFY_STAMP_BAD] = "bad"};

    put_text(json, "stamp", str_of(words[told->stamp]));
    if (told->stamp == VERIFY_STAMP_GOOD) {
        put_instant(json, "stamped_at", told->stamped_at, instant_write_utc);
    }
}

void
verify_json_write(struct screen *screen, const struct verification *told)
{
    struct json json = json_create(&screen->out);

    json_object_begin(&json);
    put_text(&json, "file", told->receipt_name);
    json_key(&json, "valid");
    json_truth(&json, told->reading.step == READING_GOOD);
    put_text(&json, "step", str_of(step_codes[told->reading.step]));
    put_text(&json, "step_text", str_of(reading_step_text(told->reading.step)));
    json_key(&json, "place");
    json_number(&json, (int64_t)told->reading.place);
    put_stamp(&json, told);
    put_facts(&json, &told->reading);
    put_document(&json, told);
    put_text(&json, "status", told->status);
    put_lost(&json, told);
    json_object_end(&json);
    screen_format(screen, "\n");
}

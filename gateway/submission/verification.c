#include "gateway/submission/verification.h"

#include "gateway/answer/json.h"

enum { SHA256_SIZE = 32, TIME_SIZE_MAX = 48 };

static const char status_sql[] =
    "SELECT r.n < CASE WHEN s.decided_n = 0 THEN s.n ELSE s.decided_n END OR EXISTS ("
    "    SELECT 1 FROM intake.report p WHERE p.submission = r.submission AND p.n = r.n"
    "      AND p.ordinal = ANY (r.reports)"
    "      AND p.verdict = 1 AND NOT coalesce(upper_inf(p.in_force), false)) "
    "FROM intake.receipt r JOIN intake.submission s USING (submission) WHERE r.number = $1";

static const char *const steps[READING_STEP_COUNT] = {
    [READING_GOOD] = "",
    [READING_SHAPE] = "postac",
    [READING_DIGEST] = "skrot-tresci",
    [READING_PROPERTIES] = "skrot-wlasciwosci-podpisu",
    [READING_CERTIFICATE] = "certyfikat-pieczeci",
    [READING_VALUE] = "wartosc-podpisu",
    [READING_ISSUER] = "wystawca-certyfikatu",
    [READING_VALIDITY] = "waznosc-certyfikatu",
};

static const char *const kinds[] = {
    [RECEIPT_UNIT] = "unit",
    [RECEIPT_SUMMARY] = "summary",
    [RECEIPT_DELIVERY] = "delivery",
};

static void
time_of(struct json *json, struct arena *arena, const char *key, instant at)
{
    struct buf text = buf_create(arena, TIME_SIZE_MAX);

    instant_write(&text, at);
    json_member(json, key, buf_str(&text));
}

static void
id_of(struct json *json, struct arena *arena, const char *key, struct uuid id)
{
    struct buf text = buf_create(arena, UUID_TEXT_SIZE);

    uuid_write(&text, id);
    json_member(json, key, buf_str(&text));
}

static void
body_of(struct json *json, const char *key, struct str name, struct str regon)
{
    json_key(json, key);
    json_object_begin(json);
    json_member(json, "name", name);
    json_member(json, "regon", regon);
    json_object_end(json);
}

static void
write_report(struct json *json, const struct receipt_report *report)
{
    json_object_begin(json);
    json_member(json, "form", report->form);
    json_member(json, "period", report->period);
    json_member(json, "level", report->level);
    json_member(json, "variant", report->variant);
    json_member(json, "version", report->version);
    json_member(json, "unit", report->unit_regon);
    json_member(json, "verdict", report->verdict);
    json_member(json, "verdict_text", receipt_verdict_text(report->verdict));
    json_hex(json, "sha256", report->sha256, SHA256_SIZE);
    json_object_end(json);
}

static void
write_facts(struct json *json, struct arena *arena, const struct receipt_facts *facts)
{
    json_member(json, "kind", str_of(kinds[facts->kind]));
    json_member(json, "environment", facts->environment);
    json_member(json, "receiver", facts->receiver);
    id_of(json, arena, "submission", facts->submission);
    json_key(json, "n");
    json_number(json, facts->n);
    body_of(json, "sender", facts->sender_name, facts->sender_regon);
    if (facts->kind == RECEIPT_UNIT) {
        body_of(json, "unit", facts->unit_name, facts->unit_regon);
    } else {
        json_member(json, "unit", (struct str){0});
    }
    time_of(json, arena, "received_at", facts->arrived);
    time_of(json, arena, "decided_at", facts->decided);
    json_member(json, "verdict", facts->verdict);
    json_member(json, "verdict_text", receipt_verdict_text(facts->verdict));
    json_key(json, "reports");
    json_array_begin(json);
    for (size_t i = 0; i < facts->report_count; i++) {
        write_report(json, &facts->reports[i]);
    }
    json_array_end(json);
}

static enum err
look_up(struct store *store, struct arena *arena, const struct reading *reading,
        const char **status, struct fault *fault)
{
    struct store_parameters parameters = store_parameters_create(arena);
    struct store_rows       rows = {0};

    *status = "unknown";
    if (reading->step != READING_GOOD || !reading->has_facts) {
        return ERR_OK;
    }
    store_put_text(&parameters, reading->facts.number);
    TRY(store_run(store, status_sql, &parameters, arena, &rows, fault));
    if (store_row_count(&rows) == 1) {
        *status = store_truth(&rows, 0, 0) ? "superseded" : "current";
    }
    return ERR_OK;
}

enum err
verification_write(struct store *store, struct arena *arena, const struct reading *reading,
                   struct buf *answer, struct fault *fault)
{
    bool        good = reading->step == READING_GOOD;
    const char *status = NULL;
    struct json json = json_create(answer);

    ENSURE(reading->step < READING_STEP_COUNT);
    TRY(look_up(store, arena, reading, &status, fault));
    json_object_begin(&json);
    json_member(&json, "signature", good ? STR("valid") : STR("invalid"));
    json_member(&json, "step", str_of(steps[reading->step]));
    json_member(&json, "step_text", str_of(reading_step_text(reading->step)));
    json_member(&json, "status", str_of(status));
    json_member(&json, "number", reading->has_facts ? reading->facts.number : (struct str){0});
    if (good && reading->has_facts) {
        json_hex(&json, "document_sha256", reading->facts.document_sha256, SHA256_SIZE);
        json_member(&json, "sealed_by", reading->sealed_by);
        time_of(&json, arena, "signed_at", reading->signed_at);
        write_facts(&json, arena, &reading->facts);
    }
    json_object_end(&json);
    return ERR_OK;
}

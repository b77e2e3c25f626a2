#include "gateway/cli/verify_text.h"

#include "gateway/answer/json.h"

#include <inttypes.h>

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

/* The seal belongs to this text, whoever's it is. */
static bool
is_quotable(const struct reading *reading)
{
    return reading->has_facts
           && (reading->step == READING_GOOD || reading->step == READING_ISSUER
               || reading->step == READING_VALIDITY);
}

static void
write_line(struct screen *screen, const char *name, struct str value)
{
    if (value.size == 0) {
        return;
    }
    screen_format(screen, "  %s ", name);
    screen_text(screen, value);
    screen_format(screen, "\n");
}

static void
write_time(struct screen *screen, const char *name, instant at, const char *remark)
{
    screen_format(screen, "  %s ", name);
    moment_write_polish(&screen->out, at / INSTANT_PER_SECOND);
    screen_format(screen, " (");
    instant_write_utc(&screen->out, at);
    screen_format(screen, ")%s\n", remark);
}

/* ", termin 22 lipca 2026 r.: w terminie (wg kalendarza v1)". */
static void
write_due(struct screen *screen, const struct receipt_report *report)
{
    if (report->due.year == 0) {
        return;
    }
    screen_format(screen, "; termin ");
    date_write_polish(&screen->out, report->due);
    if (report->timeliness.size > 0) {
        screen_format(screen, ", ");
        screen_text(screen, receipt_timeliness_text(report->timeliness));
    }
    screen_format(screen, " (wg kalendarza v");
    screen_text(screen, report->calendar);
    screen_format(screen, ")");
}

static void
write_report(struct screen *screen, const struct receipt_report *report)
{
    screen_format(screen, "    ");
    screen_text(screen, report->form);
    screen_format(screen, " za ");
    screen_text(screen, report->period);
    if (report->unit_name.size > 0) {
        screen_format(screen, ", ");
        screen_text(screen, report->unit_name);
    }
    screen_format(screen, ": ");
    screen_text(screen, receipt_verdict_text(report->verdict));
    if (report->finding_count + report->finding_cut > 0) {
        screen_format(screen, " (uwagi: %zu)", report->finding_count + report->finding_cut);
    }
    write_due(screen, report);
    screen_format(screen, "\n");
}

static void
write_facts(struct screen *screen, const struct reading *reading)
{
    const struct receipt_facts *facts = &reading->facts;

    write_line(screen, "Numer UPO:        ", facts->number);
    write_line(screen, "Środowisko:       ", facts->environment);
    write_line(screen, "Przyjmujący:      ", facts->receiver);
    write_line(screen, "Nadawca:          ", facts->sender_name);
    write_line(screen, "Jednostka:        ", facts->unit_name);
    write_line(screen, "REGON:            ", facts->unit_regon);
    write_time(screen, "Wpłynęło:         ", facts->arrived, ", liczy się ta data");
    write_time(screen, "Rozstrzygnięto:   ", facts->decided, "");
    write_time(screen, "Opieczętowano:    ", reading->signed_at, "");
    write_line(screen, "Pieczęć:          ", reading->sealed_by);
    write_line(screen, "Rozstrzygnięcie:  ", receipt_verdict_text(facts->verdict));
    write_line(screen, "Powód:            ", facts->reason);
    screen_format(screen, facts->report_count > 0 ? "  Sprawozdania:\n" : "");
    for (size_t i = 0; i < facts->report_count; i++) {
        write_report(screen, &facts->reports[i]);
    }
    write_line(screen, "Zastrzeżenie:     ", facts->note);
}

static void
write_document(struct screen *screen, const struct verification *told)
{
    screen_text(screen, told->document_name);
    screen_format(screen, ": ");
    if (told->matches && is_quotable(&told->reading)) {
        screen_coloured(screen, SCREEN_GREEN, "✔ to jest plik, którego dotyczy UPO");
    } else if (is_quotable(&told->reading)) {
        screen_coloured(screen, SCREEN_RED,
                        "✖ to nie jest plik, którego dotyczy UPO: skrót SHA-256 się nie zgadza");
    } else {
        screen_coloured(screen, SCREEN_YELLOW, "● nie ma z czym porównać: UPO nie jest ważne");
    }
    screen_format(screen, "\n");
}

/* Whoever asks for a time stamp wants to know; of a receipt without one nothing is said. */
static void
write_stamp(struct screen *screen, const struct verification *told)
{
    static const char *const words[VERIFY_STAMP_COUNT] = {
        [VERIFY_STAMP_UNKNOWN] = "jest, ale nie został sprawdzony: wskaż wystawców znaczników w "
                                 "--stamp-trust PLIK",
        [VERIFY_STAMP_BAD] = "✖ nie jest ważny: nie jest do tego UPO albo nie pochodzi od "
                             "wystawcy z --stamp-trust",
    };

    if (!is_quotable(&told->reading)) {
        return;
    }
    if (told->stamp == VERIFY_STAMP_GOOD) {
        write_time(screen, "Znacznik czasu:   ", told->stamped_at, "");
    } else if (told->stamp != VERIFY_STAMP_NONE) {
        write_line(screen, "Znacznik czasu:   ", str_of(words[told->stamp]));
    }
}

void
verify_text_write(struct screen *screen, const struct verification *told)
{
    const struct reading *reading = &told->reading;
    bool                  good = reading->step == READING_GOOD;
    bool                  open =
        reading->step == READING_ISSUER && !told->has_trust; /* nobody was named to be trusted */
    enum screen_colour colour = good ? SCREEN_GREEN : open ? SCREEN_YELLOW : SCREEN_RED;

    screen_text(screen, told->receipt_name);
    screen_format(screen, ": ");
    screen_coloured(screen, colour, good ? "✔ " : open ? "● " : "✖ ");
    screen_coloured(screen, colour, reading_step_text(reading->step));
    if (reading->step == READING_SHAPE) {
        screen_format(screen, " (bajt %zu)", reading->place);
    }
    screen_format(screen, "\n");
    if (told->hint != NULL) {
        screen_format(screen, "  Co zrobić: %s\n", told->hint);
    }
    if (is_quotable(reading)) {
        screen_format(screen, good ? "" : "Co UPO podaje:\n");
        write_facts(screen, reading);
        write_stamp(screen, told);
    }
    if (told->has_document) {
        write_document(screen, told);
    }
    if (told->document_hint != NULL) {
        screen_format(screen, "  Co zrobić: %s\n", told->document_hint);
    }
}

/* "  zastąpione: Rb-28S za 2026-Q2, REGON 990001010, SZKOŁA ...": the name stands on the receipt.
 */
static void
write_lost(struct screen *screen, const struct verification *told)
{
    const struct receipt_facts *facts = &told->reading.facts;

    for (size_t i = 0; i < told->lost_count; i++) {
        const struct verification_lost *it = &told->lost[i];
        screen_format(screen, "  zastąpione: ");
        screen_text(screen, it->form);
        screen_format(screen, " za ");
        screen_text(screen, it->period);
        screen_format(screen, ", REGON ");
        screen_text(screen, it->regon);
        for (size_t j = 0; j < facts->report_count; j++) {
            if (str_equal(facts->reports[j].unit_regon, it->regon)) {
                screen_format(screen, ", ");
                screen_text(screen, facts->reports[j].unit_name);
                break;
            }
        }
        screen_format(screen, "\n");
    }
}

void
verify_text_status(struct screen *screen, const struct verification *told)
{
    static const struct {
        struct str  status;
        const char *text;
    } texts[] = {
        {STR_INIT("current"),    "aktualne: brama nie wydała po nim nowszego"},
        {STR_INIT("superseded"),
         "zastąpione: obowiązuje sprawozdanie w wyższej wersji albo późniejsze, albo brama "
         "rozstrzygnęła jeszcze raz"                                        },
        {STR_INIT("unknown"),    "nieznane: ta brama go nie wydała"          },
    };
    const char *text = "brama odpowiedziała słowem, którego ten program nie zna";

    for (size_t i = 0; i < ARRAY_COUNT(texts); i++) {
        if (str_equal(texts[i].status, told->status)) {
            text = texts[i].text;
        }
    }
    screen_format(screen, "Stan w bramie: %s\n", text);
    write_lost(screen, told);
}

void
verify_text_not_asked(struct screen *screen, const char *why)
{
    screen_format(screen, "Stan w bramie: nie pytano (%s)\n", why);
}

void
verify_text_not_told(struct screen *screen, const char *why)
{
    screen_format(screen, "Stan w bramie: nie wiadomo (%s)\n", why);
}

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
        json_object_end(json);
    }
    json_array_end(json);
}

static void
put_facts(struct json *json, const struct reading *reading)
{
    const struct receipt_facts *facts = &reading->facts;

    json_key(json, "states");
    if (!is_quotable(reading)) {
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
    json_truth(json, told->matches && is_quotable(&told->reading));
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
verify_text_json(struct screen *screen, const struct verification *told)
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

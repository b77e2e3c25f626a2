#include "gateway/cli/verify_text.h"

#include "gateway/receipt/awaited.h"

#include <inttypes.h>

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

/* "; zestaw niepełny, oczekuje na: Rb-28S zbiorcze za 2026-Q2". */
static void
write_set(struct screen *screen, const struct receipt_report *report)
{
    if (report->set_state.size == 0) {
        return;
    }
    screen_format(screen, "; zestaw ");
    screen_text(screen, receipt_set_text(report->set_state));
    if (report->set_awaited.size > 0) {
        screen_format(screen,
                      awaited_names_reports(report->set_awaited) ? ", oczekuje na: " : ": ");
        screen_text(screen, report->set_awaited);
    }
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
    write_set(screen, report);
    screen_format(screen, "\n");
}

/* "od 9 lipca 2026 r., 21:10:00 do ..., pierwsza próba ...: nie przyjmowała plików". */
static void
write_outage(struct screen *screen, const struct receipt_outage *outage)
{
    screen_format(screen, "  Niedostępność:     od ");
    moment_write_polish(&screen->out, outage->began / INSTANT_PER_SECOND);
    screen_format(screen, " do ");
    moment_write_polish(&screen->out, outage->ended / INSTANT_PER_SECOND);
    if (outage->tried != 0) {
        screen_format(screen, ", pierwsza próba ");
        moment_write_polish(&screen->out, outage->tried / INSTANT_PER_SECOND);
    }
    screen_format(screen, ": ");
    screen_text(screen, outage->what);
    screen_format(screen, " (nie przesuwa terminu)\n");
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
    for (size_t i = 0; i < facts->outage_count; i++) {
        write_outage(screen, &facts->outages[i]);
    }
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
    if (told->matches && reading_is_quotable(&told->reading)) {
        screen_coloured(screen, SCREEN_GREEN, "✔ to jest plik, którego dotyczy UPO");
    } else if (reading_is_quotable(&told->reading)) {
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

    if (!reading_is_quotable(&told->reading)) {
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
    if (reading_is_quotable(reading)) {
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

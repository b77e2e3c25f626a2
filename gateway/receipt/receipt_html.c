#include "gateway/receipt/awaited.h"
#include "gateway/receipt/escape.h"
#include "gateway/receipt/layout.h"

#include <inttypes.h>
#include <string.h>

/*
 * The page that a person reads and prints. Everything from the facts goes through escape_append;
 * all else is ours. The signed original is the XML: the page says so.
 */
enum { DIGEST_SIZE = 32 };

static const char head_begin[] =
    "<!DOCTYPE html>\n<html lang=\"pl\">\n<head>\n<meta charset=\"utf-8\">\n"
    "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>UPO ";

static const char head_end[] =
    "</title>\n<style>\n"
    ":root{color-scheme:light dark}\n"
    "body{font:1rem/1.5 system-ui,sans-serif;margin:0 auto;padding:1rem;max-width:60rem}\n"
    "h1{font-size:1.6rem;line-height:1.2}h2{font-size:1.2rem;margin-top:2rem}\n"
    "h3{font-size:1rem}\n"
    ".wide{overflow-x:auto}\n"
    "table{border-collapse:collapse;width:100%}\n"
    "caption{text-align:left;font-weight:bold;padding:.5rem 0}\n"
    "th,td{border:1px solid;padding:.3rem .5rem;text-align:left;vertical-align:top}\n"
    "tbody th{width:16rem}\n"
    ".test,.verdict{border:2px solid;padding:.5rem 1rem}\n"
    "code{overflow-wrap:anywhere}\n"
    "@media print{body{font-size:10pt;max-width:none;padding:0}tr,li{break-inside:avoid}"
    "h2,h3,caption{break-after:avoid}}\n"
    "</style>\n</head>\n<body>\n<main>\n";

static const char closing[] =
    "<h2>Czego UPO nie mówi</h2>\n<ul>\n"
    "<li>Czy odbiorca sprawdził sprawozdanie i czy przekazał je dalej: to osobne czynności i "
    "osobne "
    "daty.</li>\n"
    "<li>Jakie są skutki prawne złożenia: UPO podaje fakty.</li>\n"
    "<li>Czy obowiązuje jeszcze ta wersja: późniejsza korekta może ją zastąpić.</li>\n</ul>\n"
    "<h2>Jak sprawdzić to UPO</h2>\n"
    "<p>Ta strona jest wydrukiem. Opieczętowany jest plik XML: pobierz go i sprawdź poleceniem "
    "<code>brama verify UPO.xml SPRAWOZDANIE.xml</code> albo dowolnym programem, który sprawdza "
    "podpisy XAdES. Skrót SHA-256 złożonego pliku ma się zgadzać ze skrótem podanym wyżej.</p>\n"
    "</main>\n</body>\n</html>\n";

static void
put(struct buf *out, const char *text)
{
    buf_append(out, str_of(text));
}

static void
put_row(struct buf *out, const char *name, struct str value)
{
    if (value.size == 0) {
        return;
    }
    buf_format(out, "<tr><th scope=\"row\">%s</th><td>", name);
    escape_append(out, value);
    put(out, "</td></tr>\n");
}

static void
put_digest(struct buf *out, const unsigned char *digest)
{
    put(out, "<code>");
    buf_hex(out, digest, DIGEST_SIZE);
    put(out, "</code>");
}

static void
put_digest_row(struct buf *out, const char *name, const unsigned char *digest)
{
    buf_format(out, "<tr><th scope=\"row\">%s</th><td>", name);
    put_digest(out, digest);
    put(out, "</td></tr>\n");
}

/* "10 lipca 2026 r., 09:00:00 (2026-07-10T09:00:00.412+02:00, UTC ...)" and a remark of ours. */
static void
put_time_row(struct buf *out, const char *name, instant at, const char *remark)
{
    buf_format(out, "<tr><th scope=\"row\">%s</th><td><strong>", name);
    moment_write_polish(out, at / INSTANT_PER_SECOND);
    put(out, "</strong>");
    put(out, remark);
    put(out, "<br>czas polski <code>");
    instant_write(out, at);
    put(out, "</code>, UTC <code>");
    instant_write_utc(out, at);
    put(out, "</code></td></tr>\n");
}

static void
put_number_row(struct buf *out, const char *name, uint64_t number)
{
    buf_format(out, "<tr><th scope=\"row\">%s</th><td>%" PRIu64 "</td></tr>\n", name, number);
}

static void
begin_table(struct buf *out, const char *caption)
{
    buf_format(out, "<div class=\"wide\"><table>\n<caption>%s</caption>\n<tbody>\n", caption);
}

static void
end_table(struct buf *out)
{
    put(out, "</tbody>\n</table></div>\n");
}

static void
put_uuid_row(struct buf *out, const char *name, struct uuid uuid)
{
    buf_format(out, "<tr><th scope=\"row\">%s</th><td><code>", name);
    uuid_write(out, uuid);
    put(out, "</code></td></tr>\n");
}

static void
put_verdict(struct buf *out, struct str verdict, struct str reason)
{
    escape_append(out, receipt_verdict_text(verdict));
    if (reason.size > 0) {
        put(out, ": ");
        escape_append(out, reason);
    }
}

static void
put_opening(struct buf *out, const struct receipt_facts *facts)
{
    put(out, head_begin);
    escape_append(out, facts->number);
    put(out, head_end);
    put(out, "<h1>Urzędowe poświadczenie odbioru (UPO)</h1>\n");
    if (!str_equal(facts->environment, STR("PROD"))) {
        put(out, "<p class=\"test\">Środowisko ");
        escape_append(out, facts->environment);
        put(out, ": próba, a nie złożenie sprawozdania.</p>\n");
    }
    put(out, "<p class=\"verdict\">");
    escape_append(out, layout_words(LAYOUT_KIND, layout_kind_code(facts->kind)));
    put(out, "<br><strong>");
    put_verdict(out, facts->verdict, facts->reason);
    put(out, "</strong></p>\n");
    if (facts->note.size > 0) {
        put(out, "<p>");
        escape_append(out, facts->note);
        put(out, "</p>\n");
    }
}

static void
put_parties(struct buf *out, const struct receipt_facts *facts)
{
    begin_table(out, "Kto i co");
    put_row(out, "Numer UPO", facts->number);
    put_row(out, "Podmiot przyjmujący", facts->receiver);
    put_row(out, "Nadawca", facts->sender_name);
    put_row(out, "REGON nadawcy", facts->sender_regon);
    put_row(out, "Jednostka", facts->unit_name);
    put_row(out, "REGON jednostki", facts->unit_regon);
    put_row(out, "Kody jednostki (WK/PK/GK/GT/PT)", facts->unit_codes);
    put_uuid_row(out, "Identyfikator złożenia", facts->submission);
    put_number_row(out, "Numer decyzji", (uint64_t)facts->n);
    put_digest_row(out, "Skrót SHA-256 złożonego pliku", facts->document_sha256);
    put_number_row(out, "Rozmiar pliku w bajtach", facts->document_size);
    end_table(out);
}

/* "od 9 lipca 2026 r., 21:10:00 do ...; pierwsza próba: ...": what it means is for the law to say.
 */
static void
put_outage(struct buf *out, const struct receipt_outage *outage)
{
    put(out, "<tr><th scope=\"row\">Niedostępność bramy</th><td>od ");
    moment_write_polish(out, outage->began / INSTANT_PER_SECOND);
    put(out, " do ");
    moment_write_polish(out, outage->ended / INSTANT_PER_SECOND);
    if (outage->tried != 0) {
        put(out, "<br>pierwsza próba: <strong>");
        moment_write_polish(out, outage->tried / INSTANT_PER_SECOND);
        put(out, "</strong>");
    }
    put(out, "<br>");
    escape_append(out, outage->what);
    put(out, "<br>Ten fakt nie przesuwa terminu.</td></tr>\n");
}

static void
put_times(struct buf *out, const struct receipt_facts *facts)
{
    begin_table(out, "Kiedy");
    put_time_row(out, "Wpłynęło", facts->arrived, " — o terminie rozstrzyga ta data");
    put_time_row(out, facts->kind == RECEIPT_DELIVERY ? "Potwierdzono" : "Rozstrzygnięto",
                 facts->decided, " — liczy się data wpływu, nie ta");
    put_time_row(out, "Pierwszy bajt pliku", facts->first_byte, "");
    put_time_row(out, "Ostatni bajt pliku", facts->last_byte, "");
    if (!uuid_is_nil(facts->first_submission)) {
        put_uuid_row(out, "Ten sam plik złożono wcześniej jako", facts->first_submission);
        put_time_row(out, "Wtedy wpłynął", facts->first_arrived, "");
    }
    for (size_t i = 0; i < facts->outage_count; i++) {
        put_outage(out, &facts->outages[i]);
    }
    end_table(out);
}

static void
put_finding(struct buf *out, const struct receipt_finding *finding)
{
    put(out, "<li><strong>");
    escape_append(out, finding->code);
    put(out, "</strong> (");
    escape_append(out, layout_words(LAYOUT_SEVERITY, finding->severity));
    put(out, "): ");
    escape_append(out, finding->title);
    if (finding->cell.size > 0) {
        put(out, "<br>Gdzie: ");
        escape_append(out, finding->cell);
    }
    if (finding->line > 0) {
        buf_format(out, "<br>W pliku: wiersz %" PRIu32 ", znak %" PRIu32, finding->line,
                   finding->column);
    }
    put(out, "</li>\n");
}

static void
put_findings(struct buf *out, const char *title, const struct receipt_finding *findings,
             size_t count, size_t cut)
{
    if (count + cut == 0) {
        return;
    }
    buf_format(out, "<p>%s</p>\n", title);
    put(out, count > 0 ? "<ul>\n" : "");
    for (size_t i = 0; i < count; i++) {
        put_finding(out, &findings[i]);
    }
    put(out, count > 0 ? "</ul>\n" : "");
    if (cut > 0) {
        buf_format(out, "<p>Uwag, których tu nie wypisano: %zu.</p>\n", cut);
    }
}

/* "22 lipca 2026 r., wg kalendarza v1, podstawa: ..."; then what follows for this report. */
static void
put_due(struct buf *out, const struct receipt_report *report)
{
    if (report->due.year == 0) {
        return;
    }
    put(out, "<tr><th scope=\"row\">Termin</th><td>");
    date_write_polish(out, report->due);
    if (report->timeliness.size > 0) {
        put(out, " — <strong>");
        escape_append(out, receipt_timeliness_text(report->timeliness));
        put(out, "</strong>");
        put(out,
            str_equal(report->timeliness, STR("correction")) ? "" : ", bo liczy się data wpływu");
    }
    put(out, "<br>wg kalendarza v");
    escape_append(out, report->calendar);
    put(out, ", podstawa: ");
    escape_append(out, report->due_basis);
    if (report->outside.size > 0) {
        put(out, "<br>");
        escape_append(out, report->outside);
    }
    put(out, "</td></tr>\n");
}

/* "niepełny; oczekuje na: Rb-28S zbiorcze za 2026-Q2", or "niepełny: nie ma czego porównać". */
static void
put_set(struct buf *out, const struct receipt_report *report)
{
    if (report->set_state.size == 0) {
        return;
    }
    put(out, "<tr><th scope=\"row\">Stan zestawu</th><td>");
    escape_append(out, receipt_set_text(report->set_state));
    if (report->set_awaited.size > 0) {
        put(out, awaited_names_reports(report->set_awaited) ? "; oczekuje na: " : ": ");
        escape_append(out, report->set_awaited);
    }
    put(out, "<br>w chwili decyzji; nie zmienia werdyktu</td></tr>\n");
}

static void
put_report(struct buf *out, const struct receipt_report *report)
{
    put(out, "<h3>");
    escape_append(out, report->form);
    put(out, " za ");
    escape_append(out, report->period);
    put(out, ": ");
    escape_append(out, receipt_verdict_text(report->verdict));
    put(out, "</h3>\n");
    begin_table(out, "Sprawozdanie");
    put_row(out, "Formularz", report->form);
    put_row(out, "Nazwa", report->form_name);
    put_row(out, "Wersja formularza", report->form_version);
    put_row(out, "Jednostka", report->unit_name);
    put_row(out, "REGON jednostki", report->unit_regon);
    put_row(out, "Okres", report->period);
    put_row(out, "Poziom", report->level);
    put_row(out, "Wariant (dysponent, rodzaj zadania albo grupa JOP)", report->variant);
    put_row(out, "Wersja sprawozdania", report->version);
    put(out, "<tr><th scope=\"row\">Rozstrzygnięcie</th><td>");
    put_verdict(out, report->verdict, report->reason);
    put(out, "</td></tr>\n");
    put_due(out, report);
    put_set(out, report);
    put_row(out, "Podpisy", report->signers);
    put_digest_row(out, "Skrót SHA-256 sprawozdania", report->sha256);
    end_table(out);
    put_findings(out, "Uwagi do sprawozdania:", report->findings, report->finding_count,
                 report->finding_cut);
}

static void
put_basis(struct buf *out, const struct receipt_facts *facts)
{
    static const unsigned char none[DIGEST_SIZE] = {0};

    put(out, "<h2>Na czym oparto rozstrzygnięcie</h2>\n");
    begin_table(out, "Podstawa i wpis w dzienniku");
    put_digest_row(out, "Skrót formularzy i reguł", facts->definitions_sha256);
    put_digest_row(out, "Skrót zaufanych wystawców", facts->trust_sha256);
    put_digest_row(out, "Skrót rejestru jednostek", facts->registry_sha256);
    if (memcmp(facts->calendar_sha256, none, sizeof none) != 0) {
        put_digest_row(out, "Skrót kalendarza", facts->calendar_sha256);
    }
    if (memcmp(facts->reference_sha256, none, sizeof none) != 0) {
        put_digest_row(out, "Skrót kwot do porównania", facts->reference_sha256);
    }
    put_row(out, "Program", facts->engine);
    put_row(out, "Środowisko", facts->environment);
    put_number_row(out, "Numer wpisu w dzienniku", facts->log_index);
    put_digest_row(out, "Skrót wpisu", facts->log_leaf);
    end_table(out);
}

/* A unit's receipt has the findings that concern it; the sender's has all. */
static void
put_elsewhere(struct buf *out, const struct receipt_facts *facts)
{
    if (facts->listed_count == 0) {
        return;
    }
    buf_format(out,
               "<p>Uwag do całej paczki: %" PRIu64 ". Tu są tylko te, które dotyczą tej jednostki;"
               " wszystkie są w UPO zbiorczym nadawcy o numerze ",
               facts->listed_count);
    escape_append(out, facts->listed_on);
    put(out, ".</p>\n");
}

enum err
receipt_write_html(struct buf *out, const struct receipt_facts *facts, struct fault *fault)
{
    put_opening(out, facts);
    put_parties(out, facts);
    put_times(out, facts);
    put_findings(out, "Uwagi do pliku:", facts->findings, facts->finding_count, 0);
    put_elsewhere(out, facts);
    if (facts->report_count > 0) {
        put(out, "<h2>Sprawozdania</h2>\n");
    }
    for (size_t i = 0; i < facts->report_count; i++) {
        put_report(out, &facts->reports[i]);
    }
    put_basis(out, facts);
    put(out, closing);
    return buf_ok(out) ? ERR_OK : FAIL(fault, ERR_LIMIT, "a receipt's page that does not fit");
}

#include "gateway/reader/public_receipt_resource.h"

#include "gateway/page/page.h"
#include "gateway/reader/number_form.h"
#include "gateway/reader/saying.h"
#include "gateway/receipt/receipt.h"
#include "validators/catalogue/entry.h"
#include "validators/identifier/receipt_number.h"

#include <inttypes.h>

enum { TIME_TEXT_MAX = 128 };

enum column {
    COLUMN_NUMBER,
    COLUMN_KIND,
    COLUMN_N,
    COLUMN_NEWEST,
    COLUMN_REGON,
    COLUMN_ARRIVED,
    COLUMN_DECIDED,
    COLUMN_VERDICT,
    COLUMN_SHA256,
    COLUMN_RECEIPT_SHA256,
    COLUMN_LOG_INDEX,
    COLUMN_FORM, /* NULL: the receipt names no report */
    COLUMN_REPORT_REGON,
    COLUMN_PERIOD,
    COLUMN_VERSION,
    COLUMN_REPORT_VERDICT,
    COLUMN_IN_FORCE,
    COLUMN_BY_NUMBER,  /* of the receipt of the report in force instead; NULL: none, */
    COLUMN_BY_VERSION, /* its Wersja */
    COLUMN_BY_ARRIVED
};

static const char receipt_sql[] =
    "SELECT p.number, p.kind, p.n, p.newest, p.regon, p.arrived, p.decided_at,"
    "  p.verdict::integer, p.sha256, p.receipt_sha256, p.log_index,"
    "  r.form, r.regon, r.period, r.version, r.verdict, coalesce(r.in_force, false),"
    "  r.by_number, r.by_version, r.by_arrived"
    " FROM intake.public_receipt($1) p"
    " LEFT JOIN LATERAL jsonb_to_recordset(coalesce(p.reports, '[]'))"
    "   AS r(form text, regon text, period text, version integer, verdict integer,"
    "        in_force boolean, by_number text, by_version integer, by_arrived timestamptz) ON true";

static struct str
text_at(const struct store_rows *rows, size_t row, enum column column)
{
    return store_is_null(rows, row, column) ? (struct str){0} : store_text(rows, row, column);
}

/* Of the accepted reports of a receipt: how many there are, and how many of them are in force. */
struct force {
    size_t accepted;
    size_t in_force;
};

static struct force
count_force(const struct store_rows *rows)
{
    struct force force = {0};

    for (size_t row = 0; row < store_row_count(rows); row++) {
        if (text_at(rows, row, COLUMN_FORM).data != NULL
            && store_number(rows, row, COLUMN_REPORT_VERDICT) == VERDICT_ACCEPTED) {
            force.accepted++;
            force.in_force += store_truth(rows, row, COLUMN_IN_FORCE) ? 1 : 0;
        }
    }
    return force;
}

static bool
has_lost_force(const struct store_rows *rows)
{
    struct force force = count_force(rows);

    return force.in_force < force.accepted;
}

/* Whether the submission has been decided again since. */
static bool
has_newer(const struct store_rows *rows)
{
    return store_number(rows, 0, COLUMN_NEWEST) > store_number(rows, 0, COLUMN_N);
}

/* Which report is in force instead of this one. */
static void
write_successor(struct json *json, const struct store_rows *rows, size_t row)
{
    json_key(json, "superseded_by");
    if (store_is_null(rows, row, COLUMN_BY_ARRIVED)) {
        json_absent(json);
        return;
    }
    json_object_begin(json);
    json_member(json, "number", text_at(rows, row, COLUMN_BY_NUMBER));
    json_key(json, "version");
    if (store_is_null(rows, row, COLUMN_BY_VERSION)) {
        json_absent(json);
    } else {
        json_number(json, store_number(rows, row, COLUMN_BY_VERSION));
    }
    saying_instant(json, "received_at", store_instant(rows, row, COLUMN_BY_ARRIVED));
    json_object_end(json);
}

static void
write_report(struct json *json, const struct store_rows *rows, size_t row)
{
    json_object_begin(json);
    json_member(json, "form", text_at(rows, row, COLUMN_FORM));
    json_member(json, "regon", text_at(rows, row, COLUMN_REPORT_REGON));
    json_member(json, "period", text_at(rows, row, COLUMN_PERIOD));
    json_key(json, "version");
    if (store_is_null(rows, row, COLUMN_VERSION)) {
        json_absent(json);
    } else {
        json_number(json, store_number(rows, row, COLUMN_VERSION));
    }
    saying_verdict(json, store_number(rows, row, COLUMN_REPORT_VERDICT), true);
    json_key(json, "in_force");
    json_truth(json, store_truth(rows, row, COLUMN_IN_FORCE));
    write_successor(json, rows, row);
    json_object_end(json);
}

static void
write_json(struct buf *out, const struct store_rows *rows)
{
    struct json json = json_create(out);

    json_object_begin(&json);
    json_member(&json, "number", text_at(rows, 0, COLUMN_NUMBER));
    json_member(&json, "kind", text_at(rows, 0, COLUMN_KIND));
    json_member(&json, "regon", text_at(rows, 0, COLUMN_REGON));
    saying_instant(&json, "received_at", store_instant(rows, 0, COLUMN_ARRIVED));
    saying_instant_utc(&json, "received_at_utc", store_instant(rows, 0, COLUMN_ARRIVED));
    saying_instant(&json, "decided_at", store_instant(rows, 0, COLUMN_DECIDED));
    saying_verdict(&json, store_number(rows, 0, COLUMN_VERDICT), true);
    json_key(&json, "n");
    json_number(&json, store_number(rows, 0, COLUMN_N));
    json_key(&json, "superseded");
    json_truth(&json, has_newer(rows) || has_lost_force(rows));
    json_member(&json, "sha256", saying_hex(out->arena, store_text(rows, 0, COLUMN_SHA256)));
    json_member(&json, "receipt_sha256",
                saying_hex(out->arena, store_text(rows, 0, COLUMN_RECEIPT_SHA256)));
    json_key(&json, "log_index");
    json_number(&json, store_number(rows, 0, COLUMN_LOG_INDEX));
    json_key(&json, "reports");
    json_array_begin(&json);
    for (size_t row = 0; row < store_row_count(rows) && text_at(rows, row, COLUMN_FORM).data;
         row++) {
        write_report(&json, rows, row);
    }
    json_array_end(&json);
    json_object_end(&json);
}

static struct str
verdict_text(const struct store_rows *rows, size_t row, enum column column)
{
    int64_t verdict = store_number(rows, row, column);

    if (verdict < VERDICT_UNDECIDED || verdict > VERDICT_REJECTED) {
        return (struct str){0};
    }
    return receipt_verdict_text(str_of(verdict_name((enum verdict)verdict)));
}

/* ", wersja 1", and which of the reports is no longer in force. */
static struct str
version_text(struct arena *arena, const struct store_rows *rows, size_t row)
{
    if (store_is_null(rows, row, COLUMN_VERSION)) {
        return (struct str){0};
    }
    return str_format(arena, ", wersja %lld", (long long)store_number(rows, row, COLUMN_VERSION));
}

/* "; zastąpione: obowiązuje wersja 2 (wpłynęło ...), UPO 990..." */
static struct str
successor_text(struct arena *arena, const struct store_rows *rows, size_t row)
{
    struct str number = text_at(rows, row, COLUMN_BY_NUMBER);
    struct str time = saying_time(arena, store_instant(rows, row, COLUMN_BY_ARRIVED));
    struct str version = store_is_null(rows, row, COLUMN_BY_VERSION)
                             ? STR("późniejsze")
                             : str_format(arena, "wersja %lld",
                                          (long long)store_number(rows, row, COLUMN_BY_VERSION));

    return str_format(arena, "; zastąpione: obowiązuje %.*s, wpłynęło %.*s%s%.*s", STR_ARG(version),
                      STR_ARG(time), number.size > 0 ? ", UPO " : "", STR_ARG(number));
}

static struct str
force_text(struct arena *arena, const struct store_rows *rows, size_t row)
{
    if (!store_is_null(rows, row, COLUMN_BY_ARRIVED)) {
        return successor_text(arena, rows, row);
    }
    if (store_truth(rows, row, COLUMN_IN_FORCE)) {
        return STR("; obowiązuje");
    }
    return store_number(rows, row, COLUMN_REPORT_VERDICT) == VERDICT_ACCEPTED
               ? STR("; nie obowiązuje: jednostka ma sprawozdanie w wyższej wersji albo, przy "
                     "równej, późniejsze")
               : (struct str){0};
}

static void
write_report_fact(struct buf *out, const struct store_rows *rows, size_t row)
{
    struct str form = text_at(rows, row, COLUMN_FORM);
    struct str regon = text_at(rows, row, COLUMN_REPORT_REGON);
    struct str period = text_at(rows, row, COLUMN_PERIOD);
    struct str version = version_text(out->arena, rows, row);
    struct str verdict = verdict_text(rows, row, COLUMN_REPORT_VERDICT);
    struct str force = force_text(out->arena, rows, row);

    page_fact(out, "Sprawozdanie",
              str_format(out->arena, "%.*s za %.*s, REGON %.*s%.*s: %.*s%.*s", STR_ARG(form),
                         STR_ARG(period), STR_ARG(regon), STR_ARG(version), STR_ARG(verdict),
                         STR_ARG(force)));
}

/* What has become of the reports since; nothing while all that were accepted are in force. */
static void
write_force(struct buf *out, const struct store_rows *rows)
{
    struct force force = count_force(rows);

    if (force.in_force == force.accepted) {
        return;
    }
    if (force.accepted == 1) {
        page_paragraph(out, STR("Sprawozdanie z tego UPO zostało zastąpione: obowiązuje inne "
                                "sprawozdanie tej samej jednostki."));
    } else if (force.in_force == 0) {
        page_paragraph(out, str_format(out->arena,
                                       "Żadne z %zu przyjętych sprawozdań tego UPO już nie "
                                       "obowiązuje: zostały zastąpione.",
                                       force.accepted));
    } else {
        page_paragraph(out, str_format(out->arena,
                                       "Z %zu przyjętych sprawozdań tego UPO nadal obowiązuje "
                                       "%zu; pozostałe zostały zastąpione. Niżej jest napisane, "
                                       "które.",
                                       force.accepted, force.in_force));
    }
}

static void
write_time(struct buf *out, const char *name, instant at)
{
    struct buf text = buf_create(out->arena, TIME_TEXT_MAX);

    moment_write_polish(&text, at / INSTANT_PER_SECOND);
    buf_append(&text, STR(" czasu polskiego (UTC: "));
    saying_write_utc(&text, at);
    buf_byte(&text, ')');
    page_fact(out, name, buf_str(&text));
}

static void
write_page(struct buf *out, const struct store_rows *rows, bool is_test)
{
    page_begin(out, STR("To poświadczenie wystawiła brama"));
    page_environment(out, is_test);
    if (has_newer(rows)) {
        page_paragraph(out, STR("Od tego czasu brama rozstrzygnęła to złożenie ponownie: "
                                "nadawca ma nowsze UPO."));
    }
    write_force(out, rows);
    page_facts_begin(out);
    page_fact(out, "Numer UPO", text_at(rows, 0, COLUMN_NUMBER));
    page_fact(out, "REGON", text_at(rows, 0, COLUMN_REGON));
    write_time(out, "Wpłynęło", store_instant(rows, 0, COLUMN_ARRIVED));
    write_time(out, "Rozstrzygnięto", store_instant(rows, 0, COLUMN_DECIDED));
    page_fact(out, "Wynik", verdict_text(rows, 0, COLUMN_VERDICT));
    for (size_t row = 0; row < store_row_count(rows) && text_at(rows, row, COLUMN_FORM).data;
         row++) {
        write_report_fact(out, rows, row);
    }
    page_fact(out, "Skrót SHA-256 złożonego pliku",
              saying_hex(out->arena, store_text(rows, 0, COLUMN_SHA256)));
    page_fact(out, "Skrót SHA-256 pliku UPO",
              saying_hex(out->arena, store_text(rows, 0, COLUMN_RECEIPT_SHA256)));
    page_facts_end(out);
    page_paragraph(out, STR("Porównaj skrót z plikiem, który masz: sha256sum PLIK. Inny skrót "
                            "znaczy, że to inny plik."));
    page_end(out);
}

/* Why there is no receipt of a number that was asked for. */
static struct str
why_none(enum identifier_fault wrong)
{
    if (wrong == IDENTIFIER_CHECK_DIGIT) {
        return STR("W numerze jest literówka: nie zgadza się suma kontrolna (dwa ostatnie znaki). "
                   "Przepisz numer z UPO jeszcze raz.");
    }
    if (wrong != IDENTIFIER_OK) {
        return STR("Tak nie wygląda numer UPO. Numer ma postać REGON-RRRRMMDD-XXXXXXXXXXXX-CC, na "
                   "przykład 990001010-20260710-00000000002A-FD.");
    }
    return STR("Brama nie wystawiła UPO o tym numerze.");
}

/* No rows: there is no such receipt; *wrong says whether it could have been. */
static enum err
read_receipt(const struct asked *asked, struct str text, struct store_rows *rows,
             enum identifier_fault *wrong, struct fault *fault)
{
    struct store_parameters parameters = store_parameters_create(asked->arena);
    struct receipt_number   number = {0};

    *wrong = receipt_number_parse(text, &number);
    if (*wrong != IDENTIFIER_OK) {
        return ERR_OK;
    }
    store_put_text(&parameters, text);
    return store_run(asked->tools->store, receipt_sql, &parameters, asked->arena, rows, fault);
}

enum err
public_receipt_resource_answer(struct asked *asked, struct fault *fault)
{
    struct store_rows     rows = {0};
    struct buf            body = asked_body(asked);
    enum identifier_fault wrong = IDENTIFIER_OK;

    TRY(read_receipt(asked, asked_segment(asked, 3), &rows, &wrong, fault));
    if (store_row_count(&rows) == 0) {
        return asked_refuse(asked, PROBLEM_NOT_FOUND, why_none(wrong), fault);
    }
    asked_header(asked, "Vary", STR("Accept"));
    if (asked->format == FORMAT_HTML) {
        asked_header(asked, "Content-Security-Policy", STR(PAGE_POLICY));
        write_page(&body, &rows, asked->tools->config->environment == CONFIG_TEST);
    } else {
        write_json(&body, &rows);
    }
    return asked_answer_tagged(asked, &body, fault);
}

/* The form again, and what is wrong with the number, if one was typed. */
static enum err
answer_form(struct asked *asked, struct str typed, struct str wrong, struct fault *fault)
{
    struct buf body = asked_body(asked);

    page_begin(&body, typed.size == 0 ? STR("Sprawdź UPO") : STR("Nie znaleziono UPO"));
    page_environment(&body, asked->tools->config->environment == CONFIG_TEST);
    if (typed.size > 0) {
        page_paragraph(&body, wrong);
    }
    number_form_write(&body, typed);
    page_end(&body);
    TRY(asked_answer(asked, &body, fault));
    asked->reply->status = typed.size == 0 ? 200 : problem_status(PROBLEM_NOT_FOUND);
    return ERR_OK;
}

enum err
public_receipt_resource_answer_form(struct asked *asked, struct fault *fault)
{
    struct store_rows     rows = {0};
    struct buf            body = asked_body(asked);
    enum identifier_fault wrong = IDENTIFIER_OK;
    struct str            typed = asked_parameter(asked, NUMBER_FORM_PARAMETER);
    struct str            number = number_form_read(asked->arena, typed);

    asked_header(asked, "Content-Security-Policy", STR(PAGE_POLICY_FORM));
    if (number.size > 0) {
        TRY(read_receipt(asked, number, &rows, &wrong, fault));
    }
    if (store_row_count(&rows) == 0) {
        return answer_form(asked, number.size == 0 ? number : typed, why_none(wrong), fault);
    }
    write_page(&body, &rows, asked->tools->config->environment == CONFIG_TEST);
    return asked_answer_tagged(asked, &body, fault);
}

#include "gateway/reader/receipt_resource.h"

#include "gateway/page/page.h"
#include "gateway/reader/saying.h"
#include "gateway/reader/sight.h"
#include "gateway/reader/wish.h"
#include "gateway/receipt/reading.h"

enum { N_MAX = 32767, NUMBER_MAX = 64 };

enum column {
    COLUMN_HAS_SUBMISSION, /* the submission itself may be seen */
    COLUMN_PENDING,
    COLUMN_ANY,    /* it has some receipt that may be seen */
    COLUMN_NUMBER, /* NULL: none that fits */
    COLUMN_BYTES,
    COLUMN_SHA256
};

/*
 * A unit sees its own receipts also when somebody above it filed; the sender's comes first, unless
 * a unit is asked for. Without n the newest decision that has a receipt for the asker; one of
 * delivery only where nothing was ever decided, or where it is asked for.
 */
static const char receipt_sql[] =
    "WITH s AS MATERIALIZED ("
    "  SELECT s.state FROM intake.submission s"
    "  WHERE s.submission = $1 AND s.subject = " SIGHT_UNITS "), c AS MATERIALIZED ("
    "  SELECT c.* FROM intake.receipt c"
    "  WHERE c.submission = $1 AND (EXISTS (SELECT 1 FROM s)"
    "    OR (c.kind = 'unit' AND c.unit = " SIGHT_UNITS "))"
    ")"
    "SELECT EXISTS (SELECT 1 FROM s),"
    "  EXISTS (SELECT 1 FROM s WHERE s.state IN ('received', 'checking')),"
    "  EXISTS (SELECT 1 FROM c), w.number,"
    "  CASE WHEN $6 THEN p.bytes ELSE w.bytes END, CASE WHEN $6 THEN p.sha256 ELSE w.sha256 END"
    " FROM (SELECT 1) one LEFT JOIN LATERAL ("
    "  SELECT c.* FROM c"
    "  WHERE c.n = CASE WHEN $2::bigint = 0 THEN (SELECT c.n FROM c"
    "    WHERE $4::text = '' OR c.kind = $4 ORDER BY c.kind = 'delivery', c.n DESC LIMIT 1)"
    "    ELSE $2 END"
    "    AND ($3::text = '' OR (c.kind = 'unit' AND c.regon = $3))"
    "    AND ($4::text = '' OR c.kind = $4)"
    "    AND ($5::text = '' OR c.number = $5)"
    "  ORDER BY c.ordinal LIMIT 1) w ON true"
    " LEFT JOIN intake.receipt_stamped p ON $6 AND p.number = w.number";

/* The certificates that the seal has now: only the bytes of our own store are read with them. */
static enum err
write_page(struct asked *asked, struct str receipt, struct buf *out, struct fault *fault)
{
    struct reading *reading = ARENA_NEW(asked->arena, struct reading, 1);

    if (reading == NULL) {
        return FAIL(fault, ERR_MEMORY, "no room for a receipt");
    }
    TRY(reading_make(asked->arena, receipt, asked->tools->seal_pem, reading, fault));
    if (!reading->has_facts) {
        return FAIL(fault, ERR_STORE, "a stored receipt cannot be read: step %d, byte %zu",
                    (int)reading->step, reading->place);
    }
    asked_header(asked, "Content-Security-Policy", STR(PAGE_POLICY));
    return receipt_write_html(out, &reading->facts, fault);
}

static enum err
write_receipt(struct asked *asked, const struct store_rows *rows, struct fault *fault)
{
    struct buf body = asked_body(asked);
    struct str digest = saying_hex(asked->arena, store_text(rows, 0, COLUMN_SHA256));
    struct str number = store_text(rows, 0, COLUMN_NUMBER);
    bool       is_page = asked->format == FORMAT_HTML;
    struct str tag = str_format(asked->arena, "%.*s%s", STR_ARG(digest), is_page ? "-html" : "");

    asked_header(asked, "Vary", STR("Accept"));
    if (asked_is_known(asked, tag)) {
        return ERR_OK;
    }
    if (is_page) {
        TRY(write_page(asked, store_text(rows, 0, COLUMN_BYTES), &body, fault));
    } else {
        buf_format(&asked->headers,
                   "Content-Disposition: attachment; filename=\"UPO-%.*s.xml\"\r\n",
                   STR_ARG(number));
        buf_append(&body, store_text(rows, 0, COLUMN_BYTES));
    }
    return asked_answer(asked, &body, fault);
}

/* Nothing fits: say which of the three reasons it is. */
static enum err
refuse(struct asked *asked, const struct store_rows *rows, struct uuid id, struct fault *fault)
{
    bool has_submission = store_row_count(rows) > 0 && store_truth(rows, 0, COLUMN_HAS_SUBMISSION);
    bool has_any = store_row_count(rows) > 0 && store_truth(rows, 0, COLUMN_ANY);

    if (has_any) {
        return asked_refuse(
            asked, PROBLEM_NOT_FOUND,
            STR("To złożenie ma UPO, ale nie takie: sprawdź numer rozstrzygnięcia (n), REGON "
                "jednostki (unit), rodzaj (kind) i numer UPO (number). Wszystkie jego UPO są w "
                "polu receipts pod /api/v1/submissions/{id}."),
            fault);
    }
    if (!has_submission) {
        return asked_refuse_submission(asked, fault);
    }
    asked->reply->pending = store_truth(rows, 0, COLUMN_PENDING);
    asked->reply->awaits = asked->reply->pending ? id : (struct uuid){0};
    if (!asked->reply->pending) {
        return asked_refuse(asked, PROBLEM_RECEIPT_NOT_READY,
                            STR("Plik dotarł i data wpływu jest zapisana, ale brama nie zdołała "
                                "jeszcze wystawić UPO. Operator bramy o tym wie i ponowi "
                                "sprawdzenie; pliku nie trzeba wysyłać jeszcze raz."),
                            fault);
    }
    return asked_refuse(asked, PROBLEM_RECEIPT_NOT_READY,
                        STR("Plik dotarł i data wpływu jest zapisana. Zapytaj ponownie za chwilę: "
                            "UPO powstaje razem z wynikiem sprawdzenia."),
                        fault);
}

static enum err
read_rows(const struct asked *asked, struct uuid id, struct store_rows *rows, const char **wrong,
          struct fault *fault)
{
    struct store_parameters parameters = store_parameters_create(asked->arena);
    struct str              unit = {0};
    struct str              kind = {0};
    struct str              number = {0};
    struct str              stamped = {0};
    int64_t                 n = 0;

    if (!wish_number(asked, "n", 1, N_MAX, 0, &n)) {
        *wrong = "n";
    } else if (!wish_regon(asked, "unit", &unit)) {
        *wrong = "unit";
    } else if (!wish_word(asked, "kind", STR("unit summary delivery"), &kind)) {
        *wrong = "kind";
    } else if (!wish_text(asked, "number", NUMBER_MAX, &number)) {
        *wrong = "number";
    } else if (!wish_word(asked, "stamped", STR("true false"), &stamped)) {
        *wrong = "stamped";
    }
    if (*wrong != NULL || uuid_is_nil(id)) {
        return ERR_OK;
    }
    store_put_uuid(&parameters, id);
    store_put_number(&parameters, n);
    store_put_text(&parameters, unit);
    store_put_text(&parameters, kind);
    store_put_text(&parameters, number);
    /* A page says the same with and without. */
    store_put_truth(&parameters, str_equal(stamped, STR("true")) && asked->format != FORMAT_HTML);
    return store_run(asked->tools->store, receipt_sql, &parameters, asked->arena, rows, fault);
}

enum err
receipt_resource_answer(struct asked *asked, struct fault *fault)
{
    struct store_rows rows = {0};
    struct uuid       id = {0};
    const char       *wrong = NULL;

    if (asked->question->of_office) {
        return asked_refuse(asked, PROBLEM_NO_SCOPE,
                            STR("UPO dostaje nadawca. O sprawozdaniach, które są do ciebie "
                                "adresowane, mówi /api/v1/submissions/{id}."),
                            fault);
    }
    if (!uuid_parse(asked_segment(asked, 3), &id)) {
        id = (struct uuid){0};
    }
    TRY(read_rows(asked, id, &rows, &wrong, fault));
    if (wrong != NULL) {
        return asked_refuse_parameter(
            asked, wrong,
            "n ma być numerem decyzji od 1 w górę, unit numerem REGON z 9 albo 14 cyfr, kind "
            "jednym ze słów: unit, summary, delivery, number numerem UPO, a stamped słowem true "
            "albo false",
            fault);
    }
    if (store_row_count(&rows) == 0 || store_is_null(&rows, 0, COLUMN_NUMBER)) {
        return refuse(asked, &rows, id, fault);
    }
    if (store_is_null(&rows, 0, COLUMN_BYTES)) {
        return asked_refuse(asked, PROBLEM_RECEIPT_NOT_READY,
                            STR("UPO jest i jest ważne, ale bez znacznika czasu: pobierz je bez "
                                "stamped=true. Znacznik powstaje osobno, zwykle w ciągu minuty, "
                                "jeżeli ta brama korzysta z urzędu znacznika czasu."),
                            fault);
    }
    return write_receipt(asked, &rows, fault);
}

#include "gateway/reader/content_resource.h"

#include "gateway/reader/saying.h"
#include "gateway/reader/sight.h"
#include "gateway/reader/wish.h"

#include <zstd.h>

enum { ORDINAL_MAX = 1000000, DOCUMENT_MAX = 16 * 1024 * 1024 };

enum column {
    COLUMN_ENCODING,
    COLUMN_BYTES,
    COLUMN_SIZE,
    COLUMN_SHA256,
    COLUMN_START, /* NULL: there is no such report */
    COLUMN_END,
    COLUMN_REPORT_SHA256,
    COLUMN_WHOLE /* all of it may be seen, not some reports only */
};

static const char content_sql[] =
    "SELECT d.encoding, d.bytes, s.size, s.sha256, r.start_byte, r.end_byte, r.sha256,"
    "  s.subject = " SIGHT_UNITS
    " FROM intake.submission s JOIN intake.document d ON d.submission = s.submission"
    " LEFT JOIN intake.report r ON r.submission = s.submission AND r.n = s.decided_n"
    "   AND r.ordinal = $2::bigint - 1 AND (s.subject = " SIGHT_UNITS
    "     OR r.unit = " SIGHT_UNITS
    " OR ($3 AND " SIGHT_ADDRESSED("r") "))"
                                        " WHERE s.submission = $1 AND (" SIGHT_SUBMISSION
                                        " OR ($3 AND " SIGHT_OFFICE "))";

/* The document as it was received. */
static enum err
decompress(struct arena *arena, const struct store_rows *rows, struct str *out, struct fault *fault)
{
    struct str stored = store_text(rows, 0, COLUMN_BYTES);
    int64_t    size = store_number(rows, 0, COLUMN_SIZE);

    if (str_equal(store_text(rows, 0, COLUMN_ENCODING), STR("identity"))) {
        *out = stored;
        return ERR_OK;
    }
    if (size < 0 || size > DOCUMENT_MAX) {
        return FAIL(fault, ERR_STORE, "a document of %lld bytes", (long long)size);
    }
    char *bytes = ARENA_NEW(arena, char, (size_t)size + 1);
    if (bytes == NULL) {
        return FAIL(fault, ERR_MEMORY, "a document of %lld bytes", (long long)size);
    }
    size_t written = ZSTD_decompress(bytes, (size_t)size, stored.data, stored.size);
    if (ZSTD_isError(written) || written != (size_t)size) {
        return FAIL(fault, ERR_STORE, "a stored document cannot be decompressed");
    }
    *out = (struct str){bytes, written};
    return ERR_OK;
}

static enum err
cut_report(const struct store_rows *rows, struct str *document, struct fault *fault)
{
    int64_t start = store_number(rows, 0, COLUMN_START);
    int64_t end = store_number(rows, 0, COLUMN_END);

    if (start < 0 || end < start || (size_t)end > document->size) {
        return FAIL(fault, ERR_STORE, "a report from byte %lld to %lld of %zu", (long long)start,
                    (long long)end, document->size);
    }
    *document = str_slice(*document, (size_t)start, (size_t)(end - start));
    return ERR_OK;
}

/* A name that is safe anywhere: the identifier and a number. */
static void
name_file(struct asked *asked, struct uuid id, int64_t report)
{
    struct str text = saying_uuid(asked->arena, id);
    struct str suffix =
        report > 0 ? str_format(asked->arena, "-%lld", (long long)report) : (struct str){0};

    buf_format(&asked->headers, "Content-Disposition: attachment; filename=\"%.*s%.*s.xml\"\r\n",
               STR_ARG(text), STR_ARG(suffix));
}

static enum err
write_content(struct asked *asked, const struct store_rows *rows, struct uuid id, int64_t report,
              struct fault *fault)
{
    enum column column = report > 0 ? COLUMN_REPORT_SHA256 : COLUMN_SHA256;
    struct str  document = {0};
    struct buf  body = asked_body(asked);

    name_file(asked, id, report);
    if (asked_is_known(asked, saying_hex(asked->arena, store_text(rows, 0, column)))) {
        return ERR_OK;
    }
    TRY(decompress(asked->arena, rows, &document, fault));
    if (report > 0) {
        TRY(cut_report(rows, &document, fault));
    }
    buf_append(&body, document);
    return asked_answer(asked, &body, fault);
}

enum err
content_resource_answer(struct asked *asked, struct fault *fault)
{
    struct store_parameters parameters = store_parameters_create(asked->arena);
    struct store_rows       rows = {0};
    struct uuid             id = {0};
    int64_t                 report = 0;

    if (!wish_number(asked, "report", 1, ORDINAL_MAX, 0, &report)) {
        return asked_refuse_parameter(asked, "report",
                                      "ma być numerem sprawozdania w paczce, od 1 w górę", fault);
    }
    if (uuid_parse(asked_segment(asked, 3), &id)) {
        store_put_uuid(&parameters, id);
        store_put_number(&parameters, report);
        store_put_truth(&parameters, asked->question->of_office);
        TRY(store_run(asked->tools->store, content_sql, &parameters, asked->arena, &rows, fault));
    }
    if (store_row_count(&rows) == 0) {
        return asked_refuse_submission(asked, fault);
    }
    if (report > 0 && store_is_null(&rows, 0, COLUMN_START)) {
        return asked_refuse(asked, PROBLEM_NOT_FOUND,
                            STR("W tym złożeniu nie ma sprawozdania o tym numerze albo nie "
                                "zostało jeszcze odczytane. Numery podaje /api/v1/submissions/{id}"
                                " w polu reports."),
                            fault);
    }
    if (report == 0 && !store_truth(&rows, 0, COLUMN_WHOLE)) {
        return asked_refuse(asked, PROBLEM_NO_SCOPE,
                            STR("Ten plik złożyła inna jednostka i są w nim także cudze "
                                "sprawozdania. Swoje pobierz po jednym, z parametrem report: "
                                "numery podaje /api/v1/submissions/{id} w polu reports."),
                            fault);
    }
    return write_content(asked, &rows, id, report, fault);
}

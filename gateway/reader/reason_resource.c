#include "gateway/reader/reason_resource.h"

#include "gateway/reader/saying.h"
#include "gateway/reader/sight.h"

enum { ORDINAL_MAX = 1000000, ID_SEGMENT = 3, ORDINAL_SEGMENT = 5 };

#define REASONS STR("przyczyny-korekt")

enum column {
    COLUMN_WANTED,   /* it is an accepted correction */
    COLUMN_REVISION, /* NULL: no reason was given */
    COLUMN_CODE,
    COLUMN_TEXT,
    COLUMN_GIVEN_AT,
    COLUMN_UNIT_NAME,
    COLUMN_REGON
};

/* The newest first. */
/* clang-format off */
static const char reasons_sql[] =
    "SELECT intake.is_correction(r) AND r.verdict = 1, c.revision, c.code, c.text, c.given_at,"
    " u.name, u.regon"
    " FROM intake.submission s"
    " JOIN intake.report r ON r.submission = s.submission AND r.n = s.decided_n"
    "   AND r.ordinal = $2::bigint - 1"
    " LEFT JOIN intake.correction_reason c ON c.submission = s.submission AND c.report = r.ordinal"
    " LEFT JOIN registry.unit u ON u.unit = c.unit"
    " WHERE s.submission = $1 AND " SIGHT_SUBMISSION "   AND (s.subject = " SIGHT_UNITS
    " OR r.unit = " SIGHT_UNITS ")"
    " ORDER BY c.revision DESC NULLS LAST";
/* clang-format on */

/* What a code means; empty when nobody knows it any more. */
static struct str
title_of(const struct asked *asked, struct str code)
{
    const struct dictionary *reasons =
        catalogue_dictionary(asked->tools->edition->catalogue, REASONS);

    for (size_t i = 0; reasons != NULL && i < reasons->entry_count; i++) {
        if (str_equal(reasons->entries[i].key, code)) {
            return reasons->entries[i].name;
        }
    }
    return (struct str){0};
}

static void
write_reason(struct json *json, const struct asked *asked, const struct store_rows *rows,
             size_t row)
{
    struct str code = store_text(rows, row, COLUMN_CODE);

    json_object_begin(json);
    json_key(json, "revision");
    json_number(json, store_number(rows, row, COLUMN_REVISION));
    json_member(json, "code", code);
    json_member(json, "title", title_of(asked, code));
    json_member(json, "text", store_text(rows, row, COLUMN_TEXT));
    saying_instant(json, "given_at", store_instant(rows, row, COLUMN_GIVEN_AT));
    json_key(json, "given_by");
    json_object_begin(json);
    json_member(json, "name", store_text(rows, row, COLUMN_UNIT_NAME));
    json_member(json, "regon", store_text(rows, row, COLUMN_REGON));
    json_object_end(json);
    json_object_end(json);
}

static void
write_all(struct buf *out, const struct asked *asked, const struct store_rows *rows, bool given)
{
    struct json json = json_create(out);

    json_object_begin(&json);
    json_key(&json, "wanted");
    json_truth(&json, store_truth(rows, 0, COLUMN_WANTED));
    json_key(&json, "reason");
    if (given) {
        write_reason(&json, asked, rows, 0);
    } else {
        json_absent(&json);
    }
    json_key(&json, "history");
    json_array_begin(&json);
    for (size_t row = 1; row < store_row_count(rows); row++) {
        write_reason(&json, asked, rows, row);
    }
    json_array_end(&json);
    json_object_end(&json);
}

static enum err
read_rows(struct asked *asked, struct store_rows *rows, struct fault *fault)
{
    struct store_parameters parameters = store_parameters_create(asked->arena);
    struct uuid             id = {0};
    int64_t                 ordinal = 0;

    if (!uuid_parse(asked_segment(asked, ID_SEGMENT), &id)
        || !str_to_number(asked_segment(asked, ORDINAL_SEGMENT), &ordinal) || ordinal < 1
        || ordinal > ORDINAL_MAX) {
        return ERR_OK;
    }
    store_put_uuid(&parameters, id);
    store_put_number(&parameters, ordinal);
    return store_run(asked->tools->store, reasons_sql, &parameters, asked->arena, rows, fault);
}

enum err
reason_resource_answer(struct asked *asked, struct fault *fault)
{
    struct store_rows rows = {0};
    struct buf        body = asked_body(asked);

    TRY(read_rows(asked, &rows, fault));
    if (store_row_count(&rows) == 0) {
        return asked_refuse_submission(asked, fault);
    }
    bool       given = !store_is_null(&rows, 0, COLUMN_REVISION);
    int64_t    revision = given ? store_number(&rows, 0, COLUMN_REVISION) : 0;
    struct str tag = str_format(asked->arena, "%lld", (long long)revision);
    if (asked_is_known(asked, tag)) {
        return ERR_OK;
    }
    write_all(&body, asked, &rows, given);
    return asked_answer(asked, &body, fault);
}

enum err
reason_resource_answer_codes(struct asked *asked, struct fault *fault)
{
    const struct dictionary *reasons =
        catalogue_dictionary(asked->tools->edition->catalogue, REASONS);
    struct buf  body = asked_body(asked);
    struct json json = json_create(&body);

    json_object_begin(&json);
    json_key(&json, "items");
    json_array_begin(&json);
    for (size_t i = 0; reasons != NULL && i < reasons->entry_count; i++) {
        json_object_begin(&json);
        json_member(&json, "code", reasons->entries[i].key);
        json_member(&json, "title", reasons->entries[i].name);
        json_object_end(&json);
    }
    json_array_end(&json);
    json_object_end(&json);
    return asked_answer_tagged(asked, &body, fault);
}

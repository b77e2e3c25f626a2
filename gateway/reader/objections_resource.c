#include "gateway/reader/objections_resource.h"

#include "gateway/answer/csv.h"
#include "gateway/reader/listing.h"
#include "gateway/reader/objection_reply.h"
#include "gateway/reader/saying.h"
#include "gateway/reader/sight.h"

enum { WORD_MAX = 40 };

#define LIST STR("objections")

enum column {
    COLUMN_OBJECTION,
    COLUMN_CODE,
    COLUMN_FORM_VERSION,
    COLUMN_OWNER,
    COLUMN_REASON,
    COLUMN_DECIDED_AT,
    COLUMN_SUBMISSION, /* NULL, as the next: an owner of a rule sees the objection, not the report
                        */
    COLUMN_REPORT,
    COLUMN_FORM_TITLE,
    COLUMN_PERIOD,
    COLUMN_UNIT_NAME,
    COLUMN_REGON,
    COLUMN_IN_FORCE,
    COLUMN_REVISION, /* of the answer; NULL, as the next: there is none */
    COLUMN_OUTCOME,
    COLUMN_REMEDY,
    COLUMN_OFF_SINCE,
    COLUMN_RELEASE,
    COLUMN_ANSWER,
    COLUMN_GIVEN_AT
};

/* The newest decision alone: a later one has taken the objection up again, or has no need of it.
 * One to a rule between reports came with no decision. */
static const char list_sql[] =
    "SELECT o.objection, o.code, o.form_version, o.owner, o.reason, o.decided_at, s.submission,"
    " s.ordinal, s.form_title, s.period, s.unit_name, s.regon, s.in_force, a.revision, a.outcome,"
    " a.remedy, w.since, encode(e.definitions, 'hex'), a.reason, a.given_at"
    " FROM intake.objection o"
    " LEFT JOIN LATERAL intake.newest_answer(o.submission, o.report, o.code) a ON true"
    " LEFT JOIN intake.rule_switch w ON w.switch = a.switch"
    " LEFT JOIN intake.release e ON e.release = a.release"
    " LEFT JOIN LATERAL ("
    "   SELECT r.submission, r.ordinal + 1 AS ordinal, r.form_title, r.period, r.unit_name, "
    "r.regon,"
    "     coalesce(upper_inf(r.in_force), false) AS in_force"
    "   FROM intake.report r JOIN intake.submission s ON s.submission = r.submission"
    "   WHERE r.submission = o.submission AND r.n = o.n AND r.ordinal = o.report"
    "     AND (s.subject = " SIGHT_UNITS " OR r.unit = " SIGHT_UNITS
    "       OR ($4 AND " SIGHT_ADDRESSED(
        "r") "))) s ON true"
             " WHERE o.objection < $1 AND ($2::text = '' OR o.code = $2)"
             "   AND (s.submission IS NOT NULL OR ($4 AND lower(o.owner) IN (SELECT f.kind"
             "     FROM registry.office f WHERE f.office = ANY (registry.seen_offices()))))"
             "   AND (o.mark IS NOT NULL OR o.n = intake.newest_decision(o.submission))"
             " ORDER BY o.objection DESC LIMIT $3";

static struct str
text_at(const struct store_rows *rows, size_t row, enum column column)
{
    return store_is_null(rows, row, column) ? (struct str){0} : store_text(rows, row, column);
}

static void
write_report(struct json *json, const struct store_rows *rows, size_t row)
{
    json_key(json, "report");
    if (store_is_null(rows, row, COLUMN_SUBMISSION)) {
        json_absent(json);
        return;
    }
    json_object_begin(json);
    json_member(json, "submission",
                saying_uuid(json->out->arena, store_uuid(rows, row, COLUMN_SUBMISSION)));
    json_key(json, "ordinal");
    json_number(json, store_number(rows, row, COLUMN_REPORT));
    json_member(json, "form_title", text_at(rows, row, COLUMN_FORM_TITLE));
    json_member(json, "period", text_at(rows, row, COLUMN_PERIOD));
    json_member(json, "unit_name", text_at(rows, row, COLUMN_UNIT_NAME));
    json_member(json, "regon", text_at(rows, row, COLUMN_REGON));
    json_key(json, "in_force");
    json_truth(json, store_truth(rows, row, COLUMN_IN_FORCE));
    json_object_end(json);
}

static void
write_answer(struct json *json, const struct store_rows *rows, size_t row)
{
    json_key(json, "answer");
    if (store_is_null(rows, row, COLUMN_REVISION)) {
        json_absent(json);
        return;
    }
    const struct objection_reply reply = {
        .outcome = text_at(rows, row, COLUMN_OUTCOME),
        .remedy = text_at(rows, row, COLUMN_REMEDY),
        .off_since = store_is_null(rows, row, COLUMN_OFF_SINCE)
                         ? 0
                         : store_instant(rows, row, COLUMN_OFF_SINCE),
        .release = text_at(rows, row, COLUMN_RELEASE),
        .reason = text_at(rows, row, COLUMN_ANSWER),
        .given_at = store_instant(rows, row, COLUMN_GIVEN_AT),
    };
    objection_reply_write(json, &reply);
}

static void
write_item(struct json *json, const struct store_rows *rows, size_t row)
{
    json_object_begin(json);
    json_key(json, "id");
    json_number(json, store_number(rows, row, COLUMN_OBJECTION));
    json_member(json, "rule", store_text(rows, row, COLUMN_CODE));
    json_member(json, "form_version", store_text(rows, row, COLUMN_FORM_VERSION));
    json_member(json, "owner", store_text(rows, row, COLUMN_OWNER));
    json_member(json, "reason", store_text(rows, row, COLUMN_REASON));
    saying_instant(json, "decided_at", store_instant(rows, row, COLUMN_DECIDED_AT));
    write_report(json, rows, row);
    write_answer(json, rows, row);
    json_object_end(json);
}

static void
write_csv(struct buf *out, const struct store_rows *rows, size_t count)
{
    static const char *const names[] = {"reguła",    "definicja", "właściciel",  "powód",
                                        "formularz", "okres",     "jednostka",   "regon",
                                        "odpowiedź", "skutek",    "uzasadnienie"};
    static const enum column texts[] = {COLUMN_CODE,      COLUMN_FORM_VERSION, COLUMN_OWNER,
                                        COLUMN_REASON,    COLUMN_FORM_TITLE,   COLUMN_PERIOD,
                                        COLUMN_UNIT_NAME, COLUMN_REGON,        COLUMN_OUTCOME,
                                        COLUMN_REMEDY,    COLUMN_ANSWER};
    struct csv               csv = csv_create(out);

    for (size_t i = 0; i < ARRAY_COUNT(names); i++) {
        csv_field(&csv, str_of(names[i]));
    }
    csv_row_end(&csv);
    for (size_t row = 0; row < count; row++) {
        for (size_t i = 0; i < ARRAY_COUNT(texts); i++) {
            csv_field(&csv, text_at(rows, row, texts[i]));
        }
        csv_row_end(&csv);
    }
}

enum err
objections_resource_answer(struct asked *asked, struct fault *fault)
{
    struct store_parameters parameters = store_parameters_create(asked->arena);
    struct store_rows       rows = {0};
    struct str              code = {0};
    struct str              next = {0};
    struct buf              body = asked_body(asked);
    int64_t                 before = INT64_MAX;
    int64_t                 limit = 0;
    const struct wish_check checks[] = {
        listing_limit(asked, LISTING_USUAL, &limit),
        listing_cursor(asked, LIST, &before),
        {"code", "ma być kodem reguły, na przykład RB28S-004",
                                wish_text(asked, "code", WORD_MAX, &code)},
    };
    struct wish_check wrong = wish_first_bad(checks, ARRAY_COUNT(checks));

    if (wrong.name != NULL) {
        return asked_refuse_parameter(asked, wrong.name, wrong.wanted, fault);
    }
    store_put_number(&parameters, before);
    store_put_text(&parameters, code);
    store_put_number(&parameters, limit + 1);
    store_put_truth(&parameters, asked->question->of_office);
    TRY(store_run(asked->tools->store, list_sql, &parameters, asked->arena, &rows, fault));
    size_t count = asked_cut(asked, LIST, &rows, COLUMN_OBJECTION, (size_t)limit, &next);
    if (asked->format == FORMAT_CSV) {
        asked_header(asked, "Content-Disposition",
                     STR("attachment; filename=\"zastrzezenia.csv\""));
        write_csv(&body, &rows, count);
    } else {
        listing_write(&body, &rows, count, next, write_item);
    }
    return asked_answer_tagged(asked, &body, fault);
}

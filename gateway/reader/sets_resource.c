#include "gateway/reader/sets_resource.h"

#include "gateway/finding_json/finding_view.h"
#include "gateway/reader/listing.h"
#include "gateway/reader/objection_reply.h"
#include "gateway/reader/query_state.h"
#include "gateway/reader/saying.h"
#include "gateway/reader/sight.h"

enum { FINDINGS_MAX = 1000, ID_AT = 3, ID_DIGITS_MAX = 18 };

#define LIST STR("sets")
#define STATES STR("incomplete consistent inconsistent")

#define SET                                                                                 \
    "SELECT s.set, u.name, u.regon, s.scope, s.period, s.state, s.reason, s.pending::text," \
    " s.findings, s.revision, s.judged_at, s.owner, s.period_end, s.period_type"            \
    " FROM intake.report_set s JOIN registry.unit u ON u.unit = s.owner"                    \
    " WHERE "
#define OWN "s.owner = " SIGHT_UNITS
#define ADDRESSED "intake.has_addressed_set(s.owner, s.period_end, s.period_type)"

enum set_column {
    SET_ID,
    SET_NAME,
    SET_REGON,
    SET_SCOPE,
    SET_PERIOD,
    SET_STATE,
    SET_REASON,
    SET_PENDING,
    SET_FINDINGS,
    SET_REVISION,
    SET_JUDGED_AT
};

/* A unit finds its own by their index; only an office goes through those of others. */
#define PAGE                                               \
    " AND s.set < $1 AND ($3::text = '' OR s.period = $3)" \
    " AND ($4::text = '' OR s.state = $4) ORDER BY s.set DESC LIMIT $2"

/* clang-format off */
static const char list_sql[] =
    "(" SET OWN PAGE ") UNION ALL (" SET "$5 AND NOT " OWN " AND " ADDRESSED PAGE ")"
    " ORDER BY 1 DESC LIMIT $2";

static const char one_sql[] = SET "(" OWN " OR " ADDRESSED ") AND s.set = $1";
/* clang-format on */

static const char findings_sql[] =
    "SELECT f.finding, f.code, f.severity, f.cell, f.about, f.basis, f.opened_at, r.submission,"
    " r.form_title, r.level, r.version, r.unit_name, r.regon, v.title, v.fix, v.found, v.expected,"
    " v.difference, v.contributors::text, v.total, o.reason, o.decided_at,"
    " a.outcome, a.remedy, w.since, encode(e.definitions, 'hex'), a.reason, a.given_at, r.period,"
    " " QUERY_STATE_SET_SELECT
    " FROM intake.report_set s CROSS JOIN LATERAL (SELECT n.* FROM intake.set_finding n"
    "  WHERE n.owner = s.owner AND n.scope = s.scope AND n.period_end = s.period_end"
    "   AND n.period_type = s.period_type AND n.closed_at IS NULL OFFSET 0) f"
    " JOIN intake.report r ON r.report = f.report"
    "  AND (r.unit = " SIGHT_UNITS " OR " SIGHT_ADDRESSED(
        "r") ")"
             " LEFT JOIN intake.set_finding_value v ON v.finding = f.finding"
             "  AND intake.sees_reports(v.reports)"
             " LEFT JOIN intake.objection o ON o.submission = r.submission"
             "  AND o.report = r.ordinal AND o.mark = f.mark"
             " LEFT JOIN LATERAL intake.newest_answer(o.submission, o.report, o.code) a"
             "  ON o.code IS NOT NULL"
             " LEFT JOIN intake.rule_switch w ON w.switch = a.switch"
             " LEFT JOIN intake.release e ON e.release = a.release" QUERY_STATE_SET_JOIN
             " WHERE s.set = $1 ORDER BY f.finding LIMIT $2";

enum finding_column {
    FINDING_ID,
    FINDING_CODE,
    FINDING_SEVERITY,
    FINDING_CELL,
    FINDING_ABOUT,
    FINDING_BASIS,
    FINDING_OPENED_AT,
    FINDING_SUBMISSION,
    FINDING_FORM,
    FINDING_LEVEL,
    FINDING_VERSION,
    FINDING_UNIT,
    FINDING_REGON,
    FINDING_TITLE,
    FINDING_FIX,
    FINDING_FOUND,
    FINDING_EXPECTED,
    FINDING_DIFFERENCE,
    FINDING_CONTRIBUTORS,
    FINDING_TOTAL,
    FINDING_OBJECTED, /* NULL, as the next: nobody has */
    FINDING_OBJECTED_AT,
    FINDING_OUTCOME, /* NULL: its owner has said nothing; so may each of the next be */
    FINDING_REMEDY,
    FINDING_OFF_SINCE,
    FINDING_RELEASE,
    FINDING_ANSWER,
    FINDING_ANSWERED_AT,
    FINDING_PERIOD,
    FINDING_QUERY /* the first of query_state.h */
};

static void
write_unit(struct json *json, const char *key, struct str name, struct str regon)
{
    json_key(json, key);
    json_object_begin(json);
    json_member(json, "name", name);
    json_member(json, "regon", regon);
    json_object_end(json);
}

/* The members of a set; the object is the caller's. */
static void
write_set(struct json *json, const struct store_rows *rows, size_t row)
{
    int64_t id = store_number(rows, row, SET_ID);

    json_key(json, "id");
    json_number(json, id);
    write_unit(json, "owner", store_text(rows, row, SET_NAME), store_text(rows, row, SET_REGON));
    json_member(json, "scope", store_number(rows, row, SET_SCOPE) == 0 ? STR("jst") : STR("unit"));
    json_member(json, "period", store_text(rows, row, SET_PERIOD));
    json_member(json, "state", store_text(rows, row, SET_STATE));
    json_member(json, "state_text", saying_set(store_text(rows, row, SET_STATE)));
    json_member(json, "reason", store_text(rows, row, SET_REASON));
    json_key(json, "pending");
    json_stored(json, store_text(rows, row, SET_PENDING));
    json_key(json, "open_findings");
    json_number(json, store_number(rows, row, SET_FINDINGS));
    json_key(json, "revision");
    json_number(json, store_number(rows, row, SET_REVISION));
    saying_instant(json, "judged_at", store_instant(rows, row, SET_JUDGED_AT));
    json_member(json, "url", str_format(json->out->arena, "/api/v1/sets/%lld", (long long)id));
}

static void
write_item(struct json *json, const struct store_rows *rows, size_t row)
{
    json_object_begin(json);
    write_set(json, rows, row);
    json_object_end(json);
}

enum err
sets_resource_answer(struct asked *asked, struct fault *fault)
{
    struct store_parameters parameters = store_parameters_create(asked->arena);
    struct store_rows       rows = {0};
    struct str              next = {0};
    struct str              period = {0};
    struct str              state = {0};
    struct buf              body = asked_body(asked);
    int64_t                 before = INT64_MAX;
    int64_t                 limit = 0;
    const struct wish_check checks[] = {
        listing_limit(asked, LISTING_USUAL, &limit),
        listing_cursor(asked, LIST, &before),
        {"period",                                                          "ma być okresem: 2026-Q2 albo 2026-06", wish_period(asked, "period", &period)},
        { "state", "ma być jednym ze słów: incomplete, consistent, inconsistent",
                                wish_word(asked,                                                                                                      "state",   STATES,  &state)},
    };
    struct wish_check wrong = wish_first_bad(checks, ARRAY_COUNT(checks));

    if (wrong.name != NULL) {
        return asked_refuse_parameter(asked, wrong.name, wrong.wanted, fault);
    }
    store_put_number(&parameters, before);
    store_put_number(&parameters, limit + 1);
    store_put_text(&parameters, period);
    store_put_text(&parameters, state);
    store_put_truth(&parameters, asked->question->of_office);
    TRY(store_run(asked->tools->store, list_sql, &parameters, asked->arena, &rows, fault));
    size_t count = asked_cut(asked, LIST, &rows, SET_ID, (size_t)limit, &next);
    listing_write(&body, &rows, count, next, write_item);
    return asked_answer_tagged(asked, &body, fault);
}

/* Which report is charged, and where it came from. */
static void
write_charged(struct json *json, const struct store_rows *rows, size_t row)
{
    json_key(json, "report");
    json_object_begin(json);
    json_member(json, "form", store_text(rows, row, FINDING_FORM));
    json_member(json, "level", store_text(rows, row, FINDING_LEVEL));
    json_key(json, "version");
    if (store_is_null(rows, row, FINDING_VERSION)) {
        json_absent(json);
    } else {
        json_number(json, store_number(rows, row, FINDING_VERSION));
    }
    write_unit(json, "unit", store_text(rows, row, FINDING_UNIT),
               store_text(rows, row, FINDING_REGON));
    json_member(json, "submission",
                saying_uuid(json->out->arena, store_uuid(rows, row, FINDING_SUBMISSION)));
    json_object_end(json);
}

/* Null, all of it, for whoever may not see a report that the figures are of. */
static void
write_figures(struct json *json, const struct store_rows *rows, size_t row)
{
    static const struct {
        const char         *key;
        enum finding_column column;
    } texts[] = {
        {"title",      FINDING_TITLE     },
        {"fix",        FINDING_FIX       },
        {"found",      FINDING_FOUND     },
        {"expected",   FINDING_EXPECTED  },
        {"difference", FINDING_DIFFERENCE},
    };
    bool hidden = store_is_null(rows, row, FINDING_CONTRIBUTORS);

    for (size_t i = 0; i < ARRAY_COUNT(texts); i++) {
        json_member(json, texts[i].key,
                    hidden ? (struct str){0} : store_text(rows, row, texts[i].column));
    }
    json_key(json, "contributors");
    if (hidden) {
        json_absent(json);
    } else {
        json_stored(json, store_text(rows, row, FINDING_CONTRIBUTORS));
    }
    json_key(json, "contributors_total");
    json_number(json, hidden ? 0 : store_number(rows, row, FINDING_TOTAL));
    json_key(json, "figures_hidden");
    json_truth(json, hidden);
}

static struct str
text_at(const struct store_rows *rows, size_t row, enum finding_column column)
{
    return store_is_null(rows, row, column) ? (struct str){0} : store_text(rows, row, column);
}

static void
write_reply(struct json *json, const struct store_rows *rows, size_t row)
{
    const struct objection_reply reply = {
        .outcome = text_at(rows, row, FINDING_OUTCOME),
        .remedy = text_at(rows, row, FINDING_REMEDY),
        .off_since = store_is_null(rows, row, FINDING_OFF_SINCE)
                         ? 0
                         : store_instant(rows, row, FINDING_OFF_SINCE),
        .release = text_at(rows, row, FINDING_RELEASE),
        .reason = text_at(rows, row, FINDING_ANSWER),
        .given_at = store_instant(rows, row, FINDING_ANSWERED_AT)};

    objection_reply_write(json, &reply);
}

static void
write_objection(struct json *json, const struct store_rows *rows, size_t row)
{
    json_key(json, "objection");
    if (store_is_null(rows, row, FINDING_OBJECTED)) {
        json_absent(json);
        return;
    }
    json_object_begin(json);
    json_member(json, "reason", store_text(rows, row, FINDING_OBJECTED));
    saying_instant(json, "objected_at", store_instant(rows, row, FINDING_OBJECTED_AT));
    json_key(json, "answer");
    if (store_is_null(rows, row, FINDING_OUTCOME)) {
        json_absent(json);
    } else {
        write_reply(json, rows, row);
    }
    json_object_end(json);
}

static void
write_finding(struct json *json, const struct store_rows *rows, size_t row)
{
    const struct query_state query = query_state_at(rows, row, FINDING_QUERY);

    json_object_begin(json);
    json_key(json, "id");
    json_number(json, store_number(rows, row, FINDING_ID));
    json_member(json, "code", store_text(rows, row, FINDING_CODE));
    json_member(json, "severity", store_text(rows, row, FINDING_SEVERITY));
    json_member(json, "cell", store_text(rows, row, FINDING_CELL));
    json_member(json, "about", store_text(rows, row, FINDING_ABOUT));
    json_member(json, "basis", store_text(rows, row, FINDING_BASIS));
    saying_instant(json, "opened_at", store_instant(rows, row, FINDING_OPENED_AT));
    write_charged(json, rows, row);
    write_figures(json, rows, row);
    query_state_json(json, &query);
    write_objection(json, rows, row);
    json_object_end(json);
}

static void
write_one(struct buf *out, const struct store_rows *set, const struct store_rows *findings)
{
    struct json json = json_create(out);

    json_object_begin(&json);
    write_set(&json, set, 0);
    json_key(&json, "findings");
    json_array_begin(&json);
    for (size_t row = 0; row < store_row_count(findings); row++) {
        write_finding(&json, findings, row);
    }
    json_array_end(&json);
    json_object_end(&json);
}

/* In the words of the rule where figures are hidden. */
static struct finding_view
view_at(const struct store_rows *rows, size_t row)
{
    struct str title = text_at(rows, row, FINDING_TITLE);

    return (struct finding_view){.code = text_at(rows, row, FINDING_CODE),
                                 .severity = text_at(rows, row, FINDING_SEVERITY),
                                 .title =
                                     title.size > 0 ? title : text_at(rows, row, FINDING_ABOUT),
                                 .cell = text_at(rows, row, FINDING_CELL),
                                 .found = text_at(rows, row, FINDING_FOUND),
                                 .expected = text_at(rows, row, FINDING_EXPECTED),
                                 .difference = text_at(rows, row, FINDING_DIFFERENCE),
                                 .fix = text_at(rows, row, FINDING_FIX),
                                 .basis = text_at(rows, row, FINDING_BASIS)};
}

static struct str
version_at(struct arena *arena, const struct store_rows *rows, size_t row)
{
    return store_is_null(rows, row, FINDING_VERSION)
               ? (struct str){0}
               : str_format(arena, "%lld", (long long)store_number(rows, row, FINDING_VERSION));
}

static void
write_csv(struct buf *out, const struct store_rows *rows, struct str set)
{
    struct csv csv = csv_create(out);

    finding_view_csv_head(&csv);
    query_state_csv_head(&csv);
    csv_row_end(&csv);
    for (size_t row = 0; row < store_row_count(rows); row++) {
        const struct finding_view  view = view_at(rows, row);
        const struct query_state   query = query_state_at(rows, row, FINDING_QUERY);
        const struct finding_place place = {.file = set,
                                            .form = text_at(rows, row, FINDING_FORM),
                                            .period = text_at(rows, row, FINDING_PERIOD),
                                            .regon = text_at(rows, row, FINDING_REGON),
                                            .unit = text_at(rows, row, FINDING_UNIT),
                                            .version = version_at(out->arena, rows, row)};
        finding_view_csv(&csv, &place, &view);
        query_state_csv(&csv, store_number(rows, row, FINDING_ID), &query);
        csv_row_end(&csv);
    }
}

enum err
sets_resource_answer_one(struct asked *asked, struct fault *fault)
{
    struct store_parameters parameters = store_parameters_create(asked->arena);
    struct store_rows       rows = {0};
    struct store_rows       findings = {0};
    struct str              text = asked_segment(asked, ID_AT);
    struct buf              body = asked_body(asked);
    int64_t                 id = 0;

    if (text.size <= ID_DIGITS_MAX && str_to_number(text, &id)) {
        store_put_number(&parameters, id);
        TRY(store_run(asked->tools->store, one_sql, &parameters, asked->arena, &rows, fault));
    }
    if (store_row_count(&rows) == 0) {
        return asked_refuse(asked, PROBLEM_NOT_FOUND,
                            STR("Nie ma zestawu o tym numerze albo należy do kogoś innego. Sprawdź "
                                "numer na liście /api/v1/sets."),
                            fault);
    }
    store_put_number(&parameters, FINDINGS_MAX);
    TRY(store_run(asked->tools->store, findings_sql, &parameters, asked->arena, &findings, fault));
    if (asked->format == FORMAT_CSV) {
        asked_header(asked, "Content-Disposition",
                     STR("attachment; filename=\"uwagi-zestawu.csv\""));
        write_csv(&body, &findings, text);
    } else {
        write_one(&body, &rows, &findings);
    }
    return asked_answer_tagged(asked, &body, fault);
}

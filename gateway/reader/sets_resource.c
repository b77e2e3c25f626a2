#include "gateway/reader/sets_resource.h"

#include "gateway/reader/cursor.h"
#include "gateway/reader/saying.h"
#include "gateway/reader/sight.h"
#include "gateway/reader/wish.h"

enum { LIMIT = 50, LIMIT_MAX = 500, FINDINGS_MAX = 1000, ID_AT = 3, ID_DIGITS_MAX = 18 };

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
    " v.difference, v.contributors::text, v.total"
    " FROM intake.report_set s JOIN intake.set_finding f ON f.owner = s.owner"
    "  AND f.scope = s.scope AND f.period_end = s.period_end AND f.period_type = s.period_type"
    "  AND f.closed_at IS NULL"
    " JOIN intake.report r ON r.report = f.report"
    "  AND (r.unit = " SIGHT_UNITS
    " OR " SIGHT_ADDRESSED("r") ")"
                                " LEFT JOIN intake.set_finding_value v ON v.finding = f.finding"
                                "  AND intake.sees_reports(v.reports)"
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
    FINDING_TOTAL
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
write_list(struct buf *out, const struct store_rows *rows, size_t count, struct str next)
{
    struct json json = json_create(out);

    json_object_begin(&json);
    json_key(&json, "items");
    json_array_begin(&json);
    for (size_t row = 0; row < count; row++) {
        json_object_begin(&json);
        write_set(&json, rows, row);
        json_object_end(&json);
    }
    json_array_end(&json);
    json_member(&json, "next_cursor", next);
    json_object_end(&json);
}

enum err
sets_resource_answer(struct asked *asked, struct fault *fault)
{
    struct store_parameters parameters = store_parameters_create(asked->arena);
    struct store_rows       rows = {0};
    struct str              cursor = asked_parameter(asked, "cursor");
    struct str              next = {0};
    struct str              period = {0};
    struct str              state = {0};
    struct buf              body = asked_body(asked);
    int64_t                 before = INT64_MAX;
    int64_t                 limit = 0;

    if (!wish_number(asked, "limit", 1, LIMIT_MAX, LIMIT, &limit)) {
        return asked_refuse_parameter(asked, "limit", "ma być liczbą od 1 do 500", fault);
    }
    if (!wish_period(asked, "period", &period)) {
        return asked_refuse_parameter(asked, "period", "ma być okresem: 2026-Q2 albo 2026-06",
                                      fault);
    }
    if (!wish_word(asked, "state", STATES, &state)) {
        return asked_refuse_parameter(
            asked, "state", "ma być jednym ze słów: incomplete, consistent, inconsistent", fault);
    }
    if (cursor.size > 0 && !cursor_parse(cursor, LIST, &before)) {
        return asked_refuse_parameter(
            asked, "cursor", "ma być wartością next_cursor z poprzedniej strony tej listy", fault);
    }
    store_put_number(&parameters, before);
    store_put_number(&parameters, limit + 1);
    store_put_text(&parameters, period);
    store_put_text(&parameters, state);
    store_put_truth(&parameters, asked->question->of_office);
    TRY(store_run(asked->tools->store, list_sql, &parameters, asked->arena, &rows, fault));
    size_t count = asked_cut(asked, LIST, &rows, SET_ID, (size_t)limit, &next);
    write_list(&body, &rows, count, next);
    asked_header(asked, "Cache-Control", STR("private, no-cache"));
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

static void
write_finding(struct json *json, const struct store_rows *rows, size_t row)
{
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
    write_one(&body, &rows, &findings);
    asked_header(asked, "Cache-Control", STR("private, no-cache"));
    return asked_answer_tagged(asked, &body, fault);
}

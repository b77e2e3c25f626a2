#include "gateway/reader/explanation_resource.h"

#include "gateway/reader/query_state.h"
#include "gateway/reader/saying.h"
#include "gateway/reader/sight.h"

enum { NUMBER_MAX = 1000000, ID_SEGMENT = 3, ORDINAL_SEGMENT = 5, FINDING_SEGMENT = 7 };
enum { SET_SEGMENT = 3, SET_FINDING_SEGMENT = 5 };

#define CODES STR("wyjasnienia-zapytan")

enum column {
    COLUMN_RULE,
    COLUMN_TITLE,
    COLUMN_CELL,
    COLUMN_REVISION, /* NULL: nothing was answered */
    COLUMN_CODE,
    COLUMN_TEXT,
    COLUMN_GIVEN_AT,
    COLUMN_UNIT_NAME,
    COLUMN_REGON,
    COLUMN_STATE /* the first of query_state.h */
};

/* Finding $3 of report $2 of submission $1, and every answer to it, the newest first. */
#define FINDING_SEEN                                                              \
    " FROM intake.submission s"                                                   \
    " JOIN intake.report r ON r.submission = s.submission AND r.n = s.decided_n"  \
    "   AND r.ordinal = $2::bigint - 1"                                           \
    " JOIN intake.finding f ON f.submission = s.submission AND f.n = s.decided_n" \
    "   AND f.ordinal = $3::bigint AND f.report = r.ordinal"
#define SEEN                                                                            \
    " WHERE s.submission = $1 AND ((" SIGHT_SUBMISSION " AND (s.subject = " SIGHT_UNITS \
    "   OR r.unit = " SIGHT_UNITS ")) OR ($4 AND " SIGHT_OFFICE " AND " SIGHT_ADDRESSED("r") "))"

static const char answers_sql[] =
    "SELECT f.code, f.title, f.cell, e.revision, e.code, e.text, e.given_at, u.name, u.regon,"
    " " QUERY_STATE_SELECT FINDING_SEEN QUERY_STATE_JOIN
    " LEFT JOIN intake.explanation e ON e.submission = s.submission AND e.report = r.ordinal"
    "   AND e.mark = intake.finding_mark(f.code, f.xpath, f.cell, f.subject, f.found, f.expected)"
    " LEFT JOIN registry.unit u ON u.unit = e.unit" SEEN " ORDER BY e.revision DESC NULLS LAST";

/* Of the last report before it that is in force. */
static const char previous_sql[] =
    "SELECT x.code, x.text, x.given_at, b.period" FINDING_SEEN
    " CROSS JOIN LATERAL (SELECT p.* FROM intake.report p"
    "   WHERE p.unit = r.unit AND p.form = r.form AND p.period_type = r.period_type"
    "     AND p.level = r.level AND p.variant = r.variant AND p.period_end < r.period_end"
    "     AND upper_inf(p.in_force) ORDER BY p.period_end DESC LIMIT 1) b"
    " JOIN intake.finding o ON o.submission = b.submission AND o.n = b.n"
    "   AND o.report = b.ordinal AND o.code = f.code AND o.cell = f.cell"
    " CROSS JOIN LATERAL intake.newest_explanation(b.submission, b.ordinal,"
    "   intake.finding_mark(o.code, o.xpath, o.cell, o.subject, o.found, o.expected)) x" SEEN
    " ORDER BY o.ordinal LIMIT 1";

/* The same of finding $2 of set $1, which is seen by whoever sees the charged report. */
#define SET_FINDING                                                          \
    " FROM intake.set_finding f JOIN intake.report r ON r.report = f.report" \
    " JOIN intake.submission s ON s.submission = r.submission"
#define SET_SEEN                                                                       \
    " WHERE f.finding = $2 AND $1 = intake.set_number(f.owner, f.scope, f.period_end," \
    "   f.period_type) AND (s.subject = " SIGHT_UNITS " OR r.unit = " SIGHT_UNITS      \
    "   OR ($3 AND " SIGHT_ADDRESSED("r") "))"

static const char set_answers_sql[] =
    "SELECT f.code, coalesce(v.title, f.about), f.cell, e.revision, e.code, e.text, e.given_at,"
    " u.name, u.regon, " QUERY_STATE_SET_SELECT SET_FINDING
    " LEFT JOIN intake.set_finding_value v ON v.finding = f.finding"
    "   AND intake.sees_reports(v.reports)" QUERY_STATE_SET_JOIN
    " LEFT JOIN intake.explanation e ON e.submission = r.submission AND e.report = r.ordinal"
    "   AND e.mark = f.mark"
    " LEFT JOIN registry.unit u ON u.unit = e.unit" SET_SEEN " ORDER BY e.revision DESC NULLS LAST";

/* Whatever its set has found of that report, as long as somebody has answered it. */
static const char set_previous_sql[] =
    "SELECT x.code, x.text, x.given_at, b.period" SET_FINDING
    " CROSS JOIN LATERAL (SELECT p.* FROM intake.report p"
    "   WHERE p.unit = r.unit AND p.form = r.form AND p.period_type = r.period_type"
    "     AND p.level = r.level AND p.variant = r.variant AND p.period_end < r.period_end"
    "     AND upper_inf(p.in_force) ORDER BY p.period_end DESC LIMIT 1) b"
    " JOIN intake.set_finding o ON o.report = b.report AND o.code = f.code AND o.cell = f.cell"
    " CROSS JOIN LATERAL intake.newest_explanation(b.submission, b.ordinal, o.mark) x" SET_SEEN
    " ORDER BY o.finding DESC LIMIT 1";

/* What a code means; empty when nobody knows it any more. */
static struct str
title_of(const struct asked *asked, struct str code)
{
    const struct dictionary *codes = catalogue_dictionary(asked->tools->edition->catalogue, CODES);

    for (size_t i = 0; codes != NULL && i < codes->entry_count; i++) {
        if (str_equal(codes->entries[i].key, code)) {
            return codes->entries[i].name;
        }
    }
    return (struct str){0};
}

static struct str
text_at(const struct store_rows *rows, size_t row, size_t column)
{
    return store_is_null(rows, row, column) ? (struct str){0} : store_text(rows, row, column);
}

static void
write_coded(struct json *json, const struct asked *asked, struct str code, struct str text)
{
    json_member(json, "code", code);
    json_member(json, "title", title_of(asked, code));
    json_member(json, "text", text);
}

static void
write_answer(struct json *json, const struct asked *asked, const struct store_rows *rows,
             size_t row)
{
    json_object_begin(json);
    json_key(json, "revision");
    json_number(json, store_number(rows, row, COLUMN_REVISION));
    write_coded(json, asked, store_text(rows, row, COLUMN_CODE),
                store_text(rows, row, COLUMN_TEXT));
    saying_instant(json, "given_at", store_instant(rows, row, COLUMN_GIVEN_AT));
    json_key(json, "given_by");
    json_object_begin(json);
    json_member(json, "name", text_at(rows, row, COLUMN_UNIT_NAME));
    json_member(json, "regon", text_at(rows, row, COLUMN_REGON));
    json_object_end(json);
    json_object_end(json);
}

static void
write_previous(struct json *json, const struct asked *asked, const struct store_rows *previous)
{
    enum { CODE, TEXT, GIVEN_AT, PERIOD };

    json_key(json, "previous");
    if (store_row_count(previous) == 0) {
        json_absent(json);
        return;
    }
    json_object_begin(json);
    json_member(json, "period", store_text(previous, 0, PERIOD));
    write_coded(json, asked, store_text(previous, 0, CODE), store_text(previous, 0, TEXT));
    saying_instant(json, "given_at", store_instant(previous, 0, GIVEN_AT));
    json_object_end(json);
}

static void
write_all(struct buf *out, const struct asked *asked, const struct store_rows *rows,
          const struct store_rows *previous, bool of_set)
{
    struct json        json = json_create(out);
    struct query_state state = query_state_at(rows, 0, COLUMN_STATE);
    bool               given = !store_is_null(rows, 0, COLUMN_REVISION);

    state.of_set = of_set;
    json_object_begin(&json);
    json_member(&json, "rule", store_text(rows, 0, COLUMN_RULE));
    json_member(&json, "title", store_text(rows, 0, COLUMN_TITLE));
    json_member(&json, "cell", store_text(rows, 0, COLUMN_CELL));
    query_state_json(&json, &state);
    json_key(&json, "explanation");
    if (given) {
        write_answer(&json, asked, rows, 0);
    } else {
        json_absent(&json);
    }
    json_key(&json, "history");
    json_array_begin(&json);
    for (size_t row = 1; row < store_row_count(rows); row++) {
        write_answer(&json, asked, rows, row);
    }
    json_array_end(&json);
    write_previous(&json, asked, previous);
    json_object_end(&json);
}

/* False: there can be no such finding. */
static bool
read_place(const struct asked *asked, struct uuid *id, int64_t *ordinal, int64_t *finding)
{
    return uuid_parse(asked_segment(asked, ID_SEGMENT), id)
           && str_to_number(asked_segment(asked, ORDINAL_SEGMENT), ordinal) && *ordinal >= 1
           && *ordinal <= NUMBER_MAX
           && str_to_number(asked_segment(asked, FINDING_SEGMENT), finding) && *finding >= 1
           && *finding <= NUMBER_MAX;
}

static enum err
read_set_rows(struct asked *asked, struct store_rows *rows, struct store_rows *previous,
              struct fault *fault)
{
    struct store_parameters parameters = store_parameters_create(asked->arena);
    int64_t                 set = 0;
    int64_t                 finding = 0;

    if (!str_to_number(asked_segment(asked, SET_SEGMENT), &set)
        || !str_to_number(asked_segment(asked, SET_FINDING_SEGMENT), &finding)) {
        return ERR_OK;
    }
    store_put_number(&parameters, set);
    store_put_number(&parameters, finding);
    store_put_truth(&parameters, asked->question->of_office);
    TRY(store_run(asked->tools->store, set_answers_sql, &parameters, asked->arena, rows, fault));
    return store_run(asked->tools->store, set_previous_sql, &parameters, asked->arena, previous,
                     fault);
}

static enum err
read_rows(struct asked *asked, struct store_rows *rows, struct store_rows *previous,
          struct fault *fault)
{
    struct store_parameters parameters = store_parameters_create(asked->arena);
    struct uuid             id = {0};
    int64_t                 ordinal = 0;
    int64_t                 finding = 0;

    if (!read_place(asked, &id, &ordinal, &finding)) {
        return ERR_OK;
    }
    store_put_uuid(&parameters, id);
    store_put_number(&parameters, ordinal);
    store_put_number(&parameters, finding);
    store_put_truth(&parameters, asked->question->of_office);
    TRY(store_run(asked->tools->store, answers_sql, &parameters, asked->arena, rows, fault));
    return store_run(asked->tools->store, previous_sql, &parameters, asked->arena, previous, fault);
}

/* What was found, tagged. */
static enum err
answer_rows(struct asked *asked, const struct store_rows *rows, const struct store_rows *previous,
            bool of_set, struct fault *fault)
{
    struct buf               body = asked_body(asked);
    const struct query_state state = query_state_at(rows, 0, COLUMN_STATE);

    /* What is sent back in If-Match, then what changes without a new entry. */
    struct str tag =
        str_format(asked->arena, "%lld-%.*s%s", (long long)state.tag,
                   STR_ARG(state.asks ? state.state : STR("none")), state.late ? "-late" : "");
    if (asked_is_known(asked, tag)) {
        return ERR_OK;
    }
    write_all(&body, asked, rows, previous, of_set);
    return asked_answer(asked, &body, fault);
}

enum err
explanation_resource_answer(struct asked *asked, struct fault *fault)
{
    struct store_rows rows = {0};
    struct store_rows previous = {0};

    TRY(read_rows(asked, &rows, &previous, fault));
    return store_row_count(&rows) == 0 ? asked_refuse_submission(asked, fault)
                                       : answer_rows(asked, &rows, &previous, false, fault);
}

enum err
explanation_resource_answer_set(struct asked *asked, struct fault *fault)
{
    struct store_rows rows = {0};
    struct store_rows previous = {0};

    TRY(read_set_rows(asked, &rows, &previous, fault));
    if (store_row_count(&rows) == 0) {
        return asked_refuse(
            asked, PROBLEM_NOT_FOUND,
            STR("Nie ma takiej uwagi w tym zestawie albo dotyczy sprawozdania innej "
                "jednostki. Numery podaje /api/v1/sets/{id}."),
            fault);
    }
    return answer_rows(asked, &rows, &previous, true, fault);
}

enum err
explanation_resource_answer_codes(struct asked *asked, struct fault *fault)
{
    const struct dictionary *codes = catalogue_dictionary(asked->tools->edition->catalogue, CODES);
    struct buf               body = asked_body(asked);
    struct json              json = json_create(&body);

    json_object_begin(&json);
    json_key(&json, "items");
    json_array_begin(&json);
    for (size_t i = 0; codes != NULL && i < codes->entry_count; i++) {
        json_object_begin(&json);
        json_member(&json, "code", codes->entries[i].key);
        json_member(&json, "title", codes->entries[i].name);
        json_object_end(&json);
    }
    json_array_end(&json);
    json_object_end(&json);
    return asked_answer_tagged(asked, &body, fault);
}

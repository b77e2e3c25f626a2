#include "gateway/reader/findings_resource.h"

#include "gateway/finding_json/ess.h"
#include "gateway/finding_json/sarif.h"
#include "gateway/reader/groups_resource.h"
#include "gateway/reader/listing.h"
#include "gateway/reader/query_state.h"
#include "gateway/reader/saying.h"
#include "gateway/reader/sight.h"
#include "validators/catalogue/entry.h"

/* An export has all findings at once: a decision has fewer than that (finding.h). */
enum { LIMIT_DEFAULT = 100, EXPORT_MAX = 5000, N_MAX = 32767, ORDINAL_MAX = 1000000 };

struct filter {
    int64_t    limit;
    int64_t    after;  /* findings with a larger ordinal */
    int64_t    n;      /* 0: the newest decision */
    int64_t    report; /* from 1; 0: the package and all reports */
    struct str severity;
    struct str grouped; /* "true": counted by what they have in common */
};

enum column {
    COLUMN_N, /* NULL: the submission has no such decision */
    COLUMN_STATE,
    COLUMN_SHA256,
    COLUMN_DECIDED, /* NULL: never */
    COLUMN_ORDINAL, /* NULL: no finding */
    COLUMN_REPORT,
    COLUMN_CODE,
    COLUMN_SEVERITY,
    COLUMN_LINE,
    COLUMN_COLUMN,
    COLUMN_OFFSET,
    COLUMN_XPATH,
    COLUMN_CELL,
    COLUMN_SUBJECT,
    COLUMN_FOUND,
    COLUMN_EXPECTED,
    COLUMN_DIFFERENCE,
    COLUMN_TITLE,
    COLUMN_FIX,
    COLUMN_BASIS,
    COLUMN_TECHNICAL,
    COLUMN_SUSPECT,
    COLUMN_CONTRIBUTORS,
    COLUMN_REPEATS,
    COLUMN_FORM,
    COLUMN_PERIOD,
    COLUMN_REGON,
    COLUMN_UNIT,
    COLUMN_VERSION,
    COLUMN_VERDICT,
    COLUMN_QUERY /* the first of query_state.h */
};

/* The first row always tells about submission and decision, also when nothing was found. */
static const char findings_sql[] =
    "WITH s AS MATERIALIZED ("
    "  SELECT s.state, s.sha256, CASE WHEN $2::bigint = 0 THEN CASE WHEN s.decided_n > 0"
    "    THEN s.decided_n ELSE s.n END ELSE $2 END AS wanted,"
    "    s.subject = " SIGHT_UNITS " AS whole"
    "  FROM intake.submission s WHERE s.submission = $1 AND (" SIGHT_SUBMISSION
    "    OR ($7 AND " SIGHT_OFFICE ")))"
    "SELECT d.n, s.state, s.sha256, d.decided_at, f.ordinal, f.report, f.code, f.severity, f.line, "
    "f.\"column\","
    "  f.byte_offset, f.xpath, f.cell, f.subject, f.found, f.expected, f.difference, f.title,"
    "  f.fix, f.basis, f.technical, f.suspect, f.contributors, f.difference_repeats, r.form_title, "
    "r.period, r.regon, "
    "r.unit_name,"
    "  r.version::text, r.verdict::integer, " QUERY_STATE_SELECT
    " FROM s LEFT JOIN intake.decision d ON d.submission = $1 AND d.n = s.wanted"
    " LEFT JOIN LATERAL (SELECT * FROM intake.finding f"
    "   WHERE f.submission = $1 AND f.n = d.n AND f.ordinal > $3"
    "     AND ($4::text = '' OR f.severity = $4)"
    "     AND ($5::bigint = 0 OR f.report = $5 - 1)"
    "     AND (s.whole OR EXISTS (SELECT 1 FROM intake.report o WHERE o.submission = $1"
    "       AND o.n = f.n AND o.ordinal = f.report AND (o.unit = " SIGHT_UNITS
    "         OR ($7 AND " SIGHT_ADDRESSED(
        "o") "))))"
             "   ORDER BY f.ordinal LIMIT $6) f ON true"
             " LEFT JOIN intake.report r ON r.submission = $1 "
             "AND r.n = f.n AND r.ordinal = f.report" QUERY_STATE_JOIN " ORDER BY f.ordinal";

static struct wish_check
read_filter(const struct asked *asked, struct filter *out)
{
    bool              grouped = str_equal(asked_parameter(asked, "grouped"), STR("true"));
    struct wish_check cursor = {0};
    /* Of groups, where their own resource reads it. */
    cursor = grouped ? (struct wish_check){.good = true}
                     : listing_cursor(asked, STR("findings"), &out->after);
    const struct wish_check checks[] = {
        listing_limit(asked, LIMIT_DEFAULT, &out->limit),
        cursor,
        {"n",          "ma być numerem decyzji, od 1 w górę", wish_number(asked, "n",                             1,                                                                                  N_MAX,                                                                             0, &out->n)},
        {"report",    "ma być numerem sprawozdania w paczce, od 1 w górę",
          wish_number(asked,                                                      "report",                            1,                                                                                                                                                                              ORDINAL_MAX,                                                                                                                                                                                                  0, &out->report)},
        {"severity", "ma być jednym ze słów: error, query, warning, info",
          wish_word(asked,                                            "severity",                                                                           STR("error query warning info"),&out->severity)},
        {"grouped",  "ma być jednym ze słów: true, false",
          wish_word(asked,"grouped",STR("true false"),                           &out->grouped)                                                                                                                                                                                                                                                                    },
    };

    return wish_first_bad(checks, ARRAY_COUNT(checks));
}

static enum err
read_rows(const struct asked *asked, struct uuid id, const struct filter *filter,
          struct store_rows *rows, struct fault *fault)
{
    struct store_parameters parameters = store_parameters_create(asked->arena);

    store_put_uuid(&parameters, id);
    store_put_number(&parameters, filter->n);
    store_put_number(&parameters, filter->after);
    store_put_text(&parameters, filter->severity);
    store_put_number(&parameters, filter->report);
    store_put_number(&parameters, filter->limit + 1);
    store_put_truth(&parameters, asked->question->of_office);
    return store_run(asked->tools->store, findings_sql, &parameters, asked->arena, rows, fault);
}

static struct str
text_at(const struct store_rows *rows, size_t row, enum column column)
{
    return store_is_null(rows, row, column) ? (struct str){0} : store_text(rows, row, column);
}

/* What the store cannot tell of itself any more is left out: the finding stands without it. */
static const struct contributors *
contributors_at(struct arena *arena, const struct store_rows *rows, size_t row)
{
    const struct contributors *sides = NULL;

    return contributors_unpack(arena, text_at(rows, row, COLUMN_CONTRIBUTORS), &sides) ? sides
                                                                                       : NULL;
}

static struct finding_view
view_at(struct arena *arena, const struct store_rows *rows, size_t row)
{
    return (struct finding_view){
        .code = text_at(rows, row, COLUMN_CODE),
        .severity = text_at(rows, row, COLUMN_SEVERITY),
        .title = text_at(rows, row, COLUMN_TITLE),
        .cell = text_at(rows, row, COLUMN_CELL),
        .line = (uint32_t)store_number(rows, row, COLUMN_LINE),
        .column = (uint32_t)store_number(rows, row, COLUMN_COLUMN),
        .offset = (uint32_t)store_number(rows, row, COLUMN_OFFSET),
        .xpath = text_at(rows, row, COLUMN_XPATH),
        .found = text_at(rows, row, COLUMN_FOUND),
        .expected = text_at(rows, row, COLUMN_EXPECTED),
        .difference = text_at(rows, row, COLUMN_DIFFERENCE),
        .fix = text_at(rows, row, COLUMN_FIX),
        .basis = text_at(rows, row, COLUMN_BASIS),
        .suspect = text_at(rows, row, COLUMN_SUSPECT),
        .technical = text_at(rows, row, COLUMN_TECHNICAL),
        .repeats = (uint32_t)store_number(rows, row, COLUMN_REPEATS),
        .contributors = contributors_at(arena, rows, row),
    };
}

static void
write_item(struct json *json, const struct store_rows *rows, size_t row)
{
    struct finding_view view = view_at(json->out->arena, rows, row);
    struct query_state  query = query_state_at(rows, row, COLUMN_QUERY);
    int64_t             report = store_number(rows, row, COLUMN_REPORT);

    json_object_begin(json);
    json_key(json, "ordinal");
    json_number(json, store_number(rows, row, COLUMN_ORDINAL));
    json_key(json, "report");
    if (report < 0) {
        json_absent(json);
    } else {
        json_number(json, report + 1);
    }
    finding_view_members(json, &view);
    query_state_json(json, &query);
    json_object_end(json);
}

static void
write_json(struct buf *out, const struct store_rows *rows, size_t count, struct str next)
{
    struct json json = json_create(out);

    json_object_begin(&json);
    json_key(&json, "n");
    json_number(&json, store_is_null(rows, 0, COLUMN_N) ? 0 : store_number(rows, 0, COLUMN_N));
    listing_members(&json, rows, count, next, write_item);
    json_object_end(&json);
}

static struct finding_place
place_at(const struct store_rows *rows, size_t row, struct str file)
{
    struct finding_place place = {
        .file = file,
        .form = text_at(rows, row, COLUMN_FORM),
        .period = text_at(rows, row, COLUMN_PERIOD),
        .regon = text_at(rows, row, COLUMN_REGON),
        .unit = text_at(rows, row, COLUMN_UNIT),
        .version = text_at(rows, row, COLUMN_VERSION),
    };

    if (!store_is_null(rows, row, COLUMN_VERDICT)) {
        place.verdict = str_of(verdict_name((enum verdict)store_number(rows, row, COLUMN_VERDICT)));
    }
    return place;
}

static void
write_csv(struct buf *out, const struct store_rows *rows, size_t count, struct str file)
{
    struct csv csv = csv_create(out);

    finding_view_csv_head(&csv);
    query_state_csv_head(&csv);
    csv_row_end(&csv);
    for (size_t row = 0; row < count; row++) {
        struct finding_view      view = view_at(out->arena, rows, row);
        struct finding_place     place = place_at(rows, row, file);
        const struct query_state query = query_state_at(rows, row, COLUMN_QUERY);
        finding_view_csv(&csv, &place, &view);
        query_state_csv(&csv, store_number(rows, row, COLUMN_ORDINAL), &query);
        csv_row_end(&csv);
    }
}

/* All findings of the rows, as of one file: what was filed, at its address. */
static bool
collect(const struct asked *asked, const struct store_rows *rows, size_t count,
        struct export_run *run)
{
    struct arena           *arena = asked->arena;
    struct str              id = asked_segment(asked, 3);
    struct export_artifact *artifact = ARENA_NEW(arena, struct export_artifact, 1);

    if (artifact == NULL) {
        return false;
    }
    artifact->name = str_format(arena, "/api/v1/submissions/%.*s/content", STR_ARG(id));
    artifact->sha256 = (const unsigned char *)store_text(rows, 0, COLUMN_SHA256).data;
    *run = (struct export_run){
        .version = str_of(asked->tools->version),
        .trigger = str_format(
            arena, "submission %.*s, decision %lld", STR_ARG(id),
            (long long)(store_is_null(rows, 0, COLUMN_N) ? 0 : store_number(rows, 0, COLUMN_N))),
        .at = store_is_null(rows, 0, COLUMN_DECIDED) ? 0 : store_instant(rows, 0, COLUMN_DECIDED),
        .catalogue = asked->tools->edition->catalogue,
        .artifacts = artifact,
        .artifact_count = 1};
    for (size_t row = 0; row < count; row++) {
        struct export_finding finding = {.view = view_at(arena, rows, row),
                                         .place = place_at(rows, row, id)};
        finding.entry = export_entry(asked->tools->edition->catalogue, finding.view.code);
        if (!export_add(arena, run, &finding)) {
            return false;
        }
    }
    return true;
}

static void
write_export(const struct asked *asked, struct buf *out, const struct store_rows *rows,
             size_t count)
{
    struct export_run run = {0};

    if (!collect(asked, rows, count, &run)) {
        out->full = true;
    } else if (asked->format == FORMAT_ESS_CSV) {
        struct csv csv = csv_create(out);
        ess_write_csv(&csv, &run);
    } else {
        struct json json = json_create(out);
        if (asked->format == FORMAT_SARIF) {
            sarif_write(&json, &run);
        } else {
            ess_write(&json, &run);
        }
    }
}

static bool
is_export(const struct asked *asked)
{
    return asked->format == FORMAT_SARIF || asked->format == FORMAT_ESS
           || asked->format == FORMAT_ESS_CSV;
}

/* The page of rows that are here; the first `limit` of them, the next one only says "more". */
static enum err
write_page(struct asked *asked, const struct store_rows *rows, const struct filter *filter,
           struct fault *fault)
{
    struct buf body = asked_body(asked);
    struct str next = {0};
    size_t     count =
        asked_cut(asked, STR("findings"), rows, COLUMN_ORDINAL, (size_t)filter->limit, &next);

    if (asked->format == FORMAT_CSV) {
        asked_header(asked, "Content-Disposition", STR("attachment; filename=\"uwagi.csv\""));
        write_csv(&body, rows, count, asked_segment(asked, 3));
    } else if (is_export(asked)) {
        write_export(asked, &body, rows, count);
    } else {
        write_json(&body, rows, count, next);
    }
    return asked_answer_tagged(asked, &body, fault);
}

enum err
findings_resource_answer(struct asked *asked, struct fault *fault)
{
    struct filter     filter = {0};
    struct store_rows rows = {0};
    struct uuid       id = {0};
    struct wish_check wrong = read_filter(asked, &filter);

    if (wrong.name != NULL) {
        return asked_refuse_parameter(asked, wrong.name, wrong.wanted, fault);
    }
    if (is_export(asked)) {
        filter.limit = EXPORT_MAX;
        filter.after = 0;
    }
    if (uuid_parse(asked_segment(asked, 3), &id)) {
        TRY(read_rows(asked, id, &filter, &rows, fault));
    }
    if (store_row_count(&rows) == 0) {
        return asked_refuse_submission(asked, fault);
    }
    if (store_is_null(&rows, 0, COLUMN_N) && filter.n > 0) {
        return asked_refuse(asked, PROBLEM_NOT_FOUND,
                            STR("To złożenie nie ma decyzji o tym numerze. Bez parametru n brama "
                                "pokaże najnowszą."),
                            fault);
    }
    if (store_is_null(&rows, 0, COLUMN_N)) {
        asked->reply->pending = true;
        asked->reply->awaits = id;
    } else if (str_equal(filter.grouped, STR("true")) && !is_export(asked)) {
        return groups_resource_answer_decision(
            asked,
            &(struct groups_question){.submission = id,
                                      .n = store_number(&rows, 0, COLUMN_N),
                                      .report = filter.report,
                                      .severity = filter.severity},
            fault);
    }
    return write_page(asked, &rows, &filter, fault);
}

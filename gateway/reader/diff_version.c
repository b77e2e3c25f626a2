#include "gateway/reader/diff_version.h"

#include "gateway/reader/saying.h"
#include "gateway/reader/sight.h"

enum column {
    COLUMN_FOUND,
    COLUMN_FORM,
    COLUMN_FORM_VERSION,
    COLUMN_FORM_TITLE,
    COLUMN_UNIT_NAME,
    COLUMN_REGON,
    COLUMN_PERIOD,
    COLUMN_LEVEL,
    COLUMN_VARIANT,
    COLUMN_PERIOD_END,
    COLUMN_BEFORE, /* six columns each */
    COLUMN_AFTER = COLUMN_BEFORE + 6
};

enum version_column {
    VERSION_REPORT, /* NULL: there is none */
    VERSION_SUBMISSION,
    VERSION_ORDINAL,
    VERSION_VERSION,
    VERSION_VERDICT,
    VERSION_ROWS
};

enum line_column { LINE_CODES, LINE_AMOUNTS = LINE_CODES + COLUMNS_CODES_MAX };

/* A name is a submission's id or a receipt's number; $1 is the earlier one. */
static const char pairs_sql[] =
    "WITH q (side, name) AS (VALUES (1, $1::text), (2, $2::text)),"
    "f AS MATERIALIZED ("
    "  SELECT q.side, s.submission, s.subject, s.decided_n, c.reports"
    "  FROM q LEFT JOIN intake.receipt c ON c.number = q.name"
    "  JOIN intake.submission s ON s.submission = coalesce(c.submission,"
    "    CASE WHEN q.name ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' THEN q.name::uuid END)"
    "  WHERE " SIGHT_SUBMISSION " AND (c.number IS NULL OR s.subject = " SIGHT_UNITS
    "    OR (c.kind = 'unit' AND c.unit = " SIGHT_UNITS "))),"
    "r AS MATERIALIZED ("
    "  SELECT f.side, k.key, row_number() OVER (PARTITION BY f.side, k.key ORDER BY p.ordinal)"
    "    AS repeat, p.*"
    "  FROM f JOIN intake.report p ON p.submission = f.submission AND p.n = f.decided_n"
    "    AND (f.reports IS NULL OR p.ordinal = ANY (f.reports))"
    "  CROSS JOIN LATERAL (SELECT row(p.unit, p.regon, p.type, p.wk, p.pk, p.gk, p.gt, p.pt,"
    "    p.element, p.period, p.period_end, p.period_type, p.level, p.variant)::text AS key) k"
    "  WHERE f.subject = " SIGHT_UNITS " OR p.unit = " SIGHT_UNITS "),"
    "a AS (SELECT * FROM r WHERE side = 1), b AS (SELECT * FROM r WHERE side = 2),"
    "p AS (SELECT coalesce(b.form, a.form) AS form,"
    "    coalesce(b.form_version, a.form_version) AS form_version,"
    "    coalesce(b.form_title, a.form_title) AS form_title,"
    "    coalesce(b.unit_name, a.unit_name) AS unit_name, coalesce(b.regon, a.regon) AS regon,"
    "    coalesce(b.period, a.period) AS period, coalesce(b.level, a.level) AS level,"
    "    coalesce(b.variant, a.variant) AS variant,"
    "    coalesce(b.period_end, a.period_end) AS period_end,"
    "    a.report AS a_report, a.submission AS a_submission, a.ordinal AS a_ordinal,"
    "    a.version AS a_version, a.verdict AS a_verdict, a.row_count AS a_rows,"
    "    b.report AS b_report, b.submission AS b_submission, b.ordinal AS b_ordinal,"
    "    b.version AS b_version, b.verdict AS b_verdict, b.row_count AS b_rows"
    "  FROM a FULL JOIN b ON a.key = b.key AND a.repeat = b.repeat)"
    "SELECT (SELECT count(DISTINCT f.side) = 2 FROM f), p.*"
    " FROM (VALUES (true)) one (one) LEFT JOIN p ON true"
    " ORDER BY p.b_ordinal NULLS LAST, p.a_ordinal";

static const char lines_sql[] =
    "SELECT c1, c2, c3, c4, c5, c6, c7, c8, a1, a2, a3, a4, a5, a6, a7, a8, a9, a10, a11, a12, a13,"
    "  a14, a15, a16, a17, a18, a19, a20, a21, a22, a23, a24"
    " FROM intake.line WHERE report = $1 AND period_end = $2::date ORDER BY ordinal";

static void
take_version(const struct store_rows *rows, size_t row, size_t first, struct diff_version *out)
{
    if (store_is_null(rows, row, first + VERSION_REPORT)) {
        return;
    }
    *out = (struct diff_version){
        .exists = true,
        .report = store_number(rows, row, first + VERSION_REPORT),
        .submission = store_uuid(rows, row, first + VERSION_SUBMISSION),
        .ordinal = store_number(rows, row, first + VERSION_ORDINAL),
        .version = store_is_null(rows, row, first + VERSION_VERSION)
                       ? -1
                       : store_number(rows, row, first + VERSION_VERSION),
        .verdict = store_number(rows, row, first + VERSION_VERDICT),
        .row_count = store_number(rows, row, first + VERSION_ROWS),
    };
}

static void
take_pair(const struct store_rows *rows, size_t row, struct diff_pair *out)
{
    *out = (struct diff_pair){
        .form = store_text(rows, row, COLUMN_FORM),
        .form_version = store_text(rows, row, COLUMN_FORM_VERSION),
        .form_title = store_text(rows, row, COLUMN_FORM_TITLE),
        .unit_name = store_text(rows, row, COLUMN_UNIT_NAME),
        .regon = store_text(rows, row, COLUMN_REGON),
        .period = store_text(rows, row, COLUMN_PERIOD),
        .level = store_text(rows, row, COLUMN_LEVEL),
        .variant = store_text(rows, row, COLUMN_VARIANT),
        .period_end = store_date(rows, row, COLUMN_PERIOD_END),
    };
    take_version(rows, row, COLUMN_BEFORE, &out->before);
    take_version(rows, row, COLUMN_AFTER, &out->after);
}

/* An id in the one form that the statement knows, a receipt's number as it is. */
static struct str
name_of(struct arena *arena, struct str typed)
{
    struct uuid id = {0};

    return uuid_parse(typed, &id) ? saying_uuid(arena, id) : typed;
}

enum err
diff_version_read(const struct asked *asked, struct str before, struct str after,
                  struct diff_pairs *out, struct fault *fault)
{
    struct store_parameters parameters = store_parameters_create(asked->arena);
    struct store_rows       rows = {0};

    store_put_text(&parameters, name_of(asked->arena, before));
    store_put_text(&parameters, name_of(asked->arena, after));
    TRY(store_run(asked->tools->store, pairs_sql, &parameters, asked->arena, &rows, fault));
    size_t            count = store_row_count(&rows);
    struct diff_pair *items = ARENA_NEW(asked->arena, struct diff_pair, count + 1);
    if (items == NULL) {
        return FAIL(fault, ERR_MEMORY, "%zu reports beside each other", count);
    }
    *out = (struct diff_pairs){.found = count > 0 && store_truth(&rows, 0, COLUMN_FOUND),
                               .items = items};
    for (size_t row = 0; row < count; row++) {
        if (!store_is_null(&rows, row, COLUMN_FORM)) {
            take_pair(&rows, row, &items[out->count++]);
        }
    }
    return ERR_OK;
}

static bool
put_row(const struct store_rows *rows, size_t row, const struct form *form, struct columns *columns)
{
    if (!columns_add_row(columns, 0)) {
        return false;
    }
    for (size_t i = 0; i < form->code_count; i++) {
        bool absent = store_is_null(rows, row, LINE_CODES + i);
        if (!columns_set_code(columns, i, absent ? CELL_ABSENT : CELL_PRESENT,
                              absent ? (struct str){0} : store_text(rows, row, LINE_CODES + i),
                              0)) {
            return false;
        }
    }
    for (size_t i = 0; i < form->amount_count; i++) {
        bool absent = store_is_null(rows, row, LINE_AMOUNTS + i);
        columns_set_amount(columns, i, absent ? CELL_ABSENT : CELL_PRESENT,
                           absent ? 0 : store_number(rows, row, LINE_AMOUNTS + i), 0);
    }
    return true;
}

enum err
diff_version_columns(const struct asked *asked, const struct diff_pair *pair,
                     const struct diff_version *version, const struct form *form,
                     struct columns *out, struct fault *fault)
{
    struct store_parameters parameters = store_parameters_create(asked->arena);
    struct store_rows       rows = {0};

    store_put_number(&parameters, version->report);
    store_put_date(&parameters, pair->period_end);
    TRY(store_run(asked->tools->store, lines_sql, &parameters, asked->arena, &rows, fault));
    if (!columns_create(asked->arena, form->code_count, form->amount_count, out)) {
        return FAIL(fault, ERR_MEMORY, "positions of a report");
    }
    for (size_t row = 0; row < store_row_count(&rows); row++) {
        if (!put_row(&rows, row, form, out)) {
            return FAIL(fault, ERR_MEMORY, "%zu positions of a report", store_row_count(&rows));
        }
    }
    return ERR_OK;
}

#include "gateway/reader/groups_resource.h"

#include "gateway/answer/csv.h"
#include "gateway/answer/plural.h"
#include "gateway/reader/listing.h"
#include "gateway/reader/sight.h"
#include "validators/catalogue/placeholder.h"

enum { LIMIT_DEFAULT = 100, WORD_MAX = 40, SUMMARY_MAX = 512 };

#define LIST STR("groups")

enum column {
    COLUMN_PLACE,
    COLUMN_CODE,
    COLUMN_SEVERITY,
    COLUMN_FINDINGS,
    COLUMN_REPORTS,
    COLUMN_UNITS,
    COLUMN_FORMS,
    COLUMN_TITLE,
    COLUMN_DIFFERENCE, /* NULL: none repeats */
    COLUMN_DIFFERENCE_COUNT,
    COLUMN_EXAMPLES
};

/* As many units of a group are named; between them and between their fields stand characters that
 * no XML document can hold. */
#define EXAMPLES_SHOWN "5"
enum { EXAMPLE_SEPARATOR = 0x1E, FIELD_SEPARATOR = 0x1F };

/* clang-format off */
/*
 * From found(submission, report, code, severity, difference, title, form_title, regon, unit_name):
 * the worst first, then what most units have; $1 the last place seen, $2 how many.
 */
#define GROUPS                                                                                     \
    " differences AS (SELECT DISTINCT ON (f.code) f.code, f.difference, count(*) AS n FROM found f" \
    "  WHERE f.difference <> '' GROUP BY f.code, f.difference HAVING count(*) > 1"                 \
    "  ORDER BY f.code, count(*) DESC, f.difference),"                                             \
    " groups AS (SELECT f.code, max(array_position(ARRAY['info', 'warning', 'query', 'error'],"    \
    "   f.severity)) AS weight, count(*) AS findings,"                                             \
    "   count(DISTINCT (f.submission, f.report)) AS reports, count(DISTINCT f.regon) AS units,"    \
    "   string_agg(DISTINCT f.form_title, ', ') AS forms, min(f.title) AS title"                   \
    "  FROM found f GROUP BY f.code),"                                                             \
    " placed AS (SELECT g.*, row_number() OVER (ORDER BY g.weight DESC, g.units DESC,"             \
    "   g.findings DESC, g.code) AS place FROM groups g)"                                          \
    " SELECT p.place, p.code, (ARRAY['info', 'warning', 'query', 'error'])[p.weight],"             \
    "  p.findings, p.reports, p.units, p.forms, p.title, d.difference, d.n, e.examples"            \
    " FROM placed p LEFT JOIN differences d ON d.code = p.code CROSS JOIN LATERAL ("               \
    "  SELECT string_agg(concat_ws(E'\\x1f', x.regon, x.unit_name, x.submission, x.report + 1),"   \
    "   E'\\x1e' ORDER BY x.unit_name, x.regon) AS examples FROM ("                                \
    "    SELECT DISTINCT ON (f.unit_name, f.regon) f.* FROM found f"                               \
    "    WHERE f.code = p.code AND f.regon IS NOT NULL"                                            \
    "    ORDER BY f.unit_name, f.regon, f.submission, f.report LIMIT " EXAMPLES_SHOWN ") x) e"     \
    " WHERE p.place > $1 ORDER BY p.place LIMIT $2"

/* The last decision on each key: of a unit that is seen; of an office what was accepted and sent
 * there. What a key is, design.md 1 says. */
#define LATEST(condition)                                                                          \
    "SELECT DISTINCT ON (r.unit, r.form, r.period_end, r.period_type, r.level, r.variant) r.*"     \
    "  FROM intake.report r JOIN intake.submission s ON s.submission = r.submission"               \
    "   AND s.decided_n = r.n AND s.state <> 'withdrawn'"                                          \
    "  WHERE " condition " AND (r.period = $3 OR (length($3) = 4 AND r.period LIKE $3 || '-%'))"   \
    "   AND ($4::text = '' OR r.form = $4)"                                                        \
    "  ORDER BY r.unit, r.form, r.period_end, r.period_type, r.level, r.variant, r.log_index DESC, r.report DESC"

static const char units_sql[] =
    "WITH latest AS MATERIALIZED ((" LATEST("r.unit = " SIGHT_UNITS) ")"
    " UNION ALL (" LATEST("$5 AND NOT r.unit = " SIGHT_UNITS " AND " SIGHT_ADDRESSED("r")) ")),"
    " found AS MATERIALIZED (SELECT f.submission, f.report, f.code, f.severity, f.difference,"
    "   f.title, r.form_title, r.regon, r.unit_name FROM latest r"
    "  JOIN intake.finding f ON f.submission = r.submission AND f.n = r.n"
    "   AND f.report = r.ordinal WHERE f.severity <> 'info'),"
    GROUPS;

static const char decision_sql[] =
    "WITH s AS MATERIALIZED (SELECT s.subject = " SIGHT_UNITS " AS whole"
    "  FROM intake.submission s WHERE s.submission = $3),"
    " found AS MATERIALIZED (SELECT f.submission, f.report, f.code, f.severity, f.difference,"
    "   f.title, r.form_title, r.regon, r.unit_name FROM s"
    "  JOIN intake.finding f ON f.submission = $3 AND f.n = $4"
    "  LEFT JOIN intake.report r ON r.submission = $3 AND r.n = f.n AND r.ordinal = f.report"
    "  WHERE ($5::bigint = 0 OR f.report = $5 - 1) AND ($6::text = '' OR f.severity = $6)"
    "   AND (s.whole OR r.unit = " SIGHT_UNITS " OR ($7 AND " SIGHT_ADDRESSED("r") "))),"
    GROUPS;
/* clang-format on */

static struct str
text_at(const struct store_rows *rows, size_t row, enum column column)
{
    return store_is_null(rows, row, column) ? (struct str){0} : store_text(rows, row, column);
}

static int64_t
number_at(const struct store_rows *rows, size_t row, enum column column)
{
    return store_is_null(rows, row, column) ? 0 : store_number(rows, row, column);
}

/*
 * What the rule is about, without what differs from one finding to the next; the words of
 * one of its findings when the definitions in force know the code no more.
 */
static struct str
title_at(const struct asked *asked, const struct store_rows *rows, size_t row)
{
    const struct catalogue *catalogue = asked->tools->edition->catalogue;
    struct str              code = text_at(rows, row, COLUMN_CODE);

    for (size_t i = 0; i < catalogue->entry_count; i++) {
        if (str_equal(catalogue->entries[i].code, code)) {
            return placeholder_general(asked->arena, catalogue->entries[i].title);
        }
    }
    return text_at(rows, row, COLUMN_TITLE);
}

/* "Ta sama uwaga w 17 jednostkach (razem 40 uwag); różnica 120,00 zł powtarza się 6 razy." */
static struct str
summary_at(const struct asked *asked, const struct store_rows *rows, size_t row)
{
    static const struct plural in_units = {"jednostce", "jednostkach", "jednostkach"};
    struct buf                 out = buf_create(asked->arena, SUMMARY_MAX);
    size_t                     units = (size_t)number_at(rows, row, COLUMN_UNITS);
    size_t                     findings = (size_t)number_at(rows, row, COLUMN_FINDINGS);

    if (units == 0) {
        buf_format(&out, "Uwaga do całej paczki (razem %zu %s)", findings,
                   plural_form(&plural_finding, findings));
    } else {
        buf_format(&out, "Ta sama uwaga w %zu %s (razem %zu %s)", units,
                   plural_form(&in_units, units), findings, plural_form(&plural_finding, findings));
    }
    if (number_at(rows, row, COLUMN_DIFFERENCE_COUNT) > 0) {
        buf_format(&out, "; ta sama różnica %.*s w %lld z nich",
                   STR_ARG(text_at(rows, row, COLUMN_DIFFERENCE)),
                   (long long)number_at(rows, row, COLUMN_DIFFERENCE_COUNT));
    }
    return buf_str(&out);
}

static void
write_number(struct json *json, const char *key, int64_t number)
{
    json_key(json, key);
    json_number(json, number);
}

static void
write_examples(struct json *json, struct str examples)
{
    enum { REGON, NAME, SUBMISSION, REPORT, FIELDS };
    struct str example = {0};

    json_key(json, "examples");
    json_array_begin(json);
    while (examples.size > 0 && str_cut(&examples, EXAMPLE_SEPARATOR, &example)) {
        struct str fields[FIELDS] = {{0}};
        int64_t    report = 0;
        for (size_t i = 0; i < FIELDS && str_cut(&example, FIELD_SEPARATOR, &fields[i]); i++) {
        }
        json_object_begin(json);
        json_member(json, "regon", fields[REGON]);
        json_member(json, "name", fields[NAME]);
        json_member(json, "submission", fields[SUBMISSION]);
        write_number(json, "report", str_to_number(fields[REPORT], &report) ? report : 0);
        json_object_end(json);
    }
    json_array_end(json);
}

static void
write_group(struct json *json, const struct asked *asked, const struct store_rows *rows, size_t row)
{
    json_object_begin(json);
    json_member(json, "code", text_at(rows, row, COLUMN_CODE));
    json_member(json, "severity", text_at(rows, row, COLUMN_SEVERITY));
    json_member(json, "title", title_at(asked, rows, row));
    json_member(json, "summary", summary_at(asked, rows, row));
    json_member(json, "forms", text_at(rows, row, COLUMN_FORMS));
    write_number(json, "findings", number_at(rows, row, COLUMN_FINDINGS));
    write_number(json, "reports", number_at(rows, row, COLUMN_REPORTS));
    write_number(json, "units", number_at(rows, row, COLUMN_UNITS));
    json_member(json, "difference", text_at(rows, row, COLUMN_DIFFERENCE));
    write_number(json, "difference_count", number_at(rows, row, COLUMN_DIFFERENCE_COUNT));
    write_examples(json, text_at(rows, row, COLUMN_EXAMPLES));
    json_object_end(json);
}

static void
write_groups(struct json *json, const struct asked *asked, const struct store_rows *rows,
             size_t count)
{
    json_array_begin(json);
    for (size_t row = 0; row < count; row++) {
        write_group(json, asked, rows, row);
    }
    json_array_end(json);
}

static void
write_csv(struct buf *out, const struct asked *asked, const struct store_rows *rows, size_t count)
{
    static const char *const titles[] = {"kod",        "waga",    "tytuł",
                                         "formularze", "uwagi",   "sprawozdania",
                                         "jednostki",  "różnica", "różnica w"};
    struct csv               csv = csv_create(out);

    for (size_t i = 0; i < ARRAY_COUNT(titles); i++) {
        csv_field(&csv, str_of(titles[i]));
    }
    csv_row_end(&csv);
    for (size_t row = 0; row < count; row++) {
        csv_field(&csv, text_at(rows, row, COLUMN_CODE));
        csv_field(&csv, text_at(rows, row, COLUMN_SEVERITY));
        csv_field(&csv, title_at(asked, rows, row));
        csv_field(&csv, text_at(rows, row, COLUMN_FORMS));
        csv_number(&csv, (uint64_t)number_at(rows, row, COLUMN_FINDINGS));
        csv_number(&csv, (uint64_t)number_at(rows, row, COLUMN_REPORTS));
        csv_number(&csv, (uint64_t)number_at(rows, row, COLUMN_UNITS));
        csv_field(&csv, text_at(rows, row, COLUMN_DIFFERENCE));
        csv_number(&csv, (uint64_t)number_at(rows, row, COLUMN_DIFFERENCE_COUNT));
        csv_row_end(&csv);
    }
}

/* Which page; false when a parameter cannot be understood. */
struct page {
    int64_t           limit;
    int64_t           after;
    struct wish_check wrong; /* as of wish_first_bad */
};

static struct page
read_page(const struct asked *asked)
{
    struct page             page = {0};
    const struct wish_check checks[] = {
        listing_limit(asked, LIMIT_DEFAULT, &page.limit),
        listing_cursor(asked, LIST, &page.after),
    };

    page.wrong = wish_first_bad(checks, ARRAY_COUNT(checks));
    return page;
}

/* of: the number of the decision; 0: of no single one. */
static enum err
answer(struct asked *asked, const struct store_rows *rows, const struct page *page, int64_t of,
       struct fault *fault)
{
    struct buf  body = asked_body(asked);
    struct json json = json_create(&body);
    struct str  next = {0};
    size_t      count = asked_cut(asked, LIST, rows, COLUMN_PLACE, (size_t)page->limit, &next);

    if (asked->format == FORMAT_CSV) {
        body = asked_body(asked);
        asked_header(asked, "Content-Disposition", STR("attachment; filename=\"grupy.csv\""));
        write_csv(&body, asked, rows, count);
        return asked_answer_tagged(asked, &body, fault);
    }
    json_object_begin(&json);
    if (of > 0) {
        write_number(&json, "n", of);
    }
    json_key(&json, "items");
    if (of > 0) {
        json_array_begin(&json);
        json_array_end(&json);
        json_key(&json, "groups");
    }
    write_groups(&json, asked, rows, count);
    json_member(&json, "next_cursor", next);
    json_object_end(&json);
    return asked_answer_tagged(asked, &body, fault);
}

enum err
groups_resource_answer(struct asked *asked, struct fault *fault)
{
    struct store_parameters parameters = store_parameters_create(asked->arena);
    struct store_rows       rows = {0};
    struct page             page = read_page(asked);
    struct str              period = {0};
    struct str              form = {0};

    if (page.wrong.name != NULL) {
        return asked_refuse_parameter(asked, page.wrong.name, page.wrong.wanted, fault);
    }
    if (!wish_period(asked, "period", &period) || period.size == 0) {
        return asked_refuse_parameter(
            asked, "period",
            asked_parameter(asked, "period").size == 0
                ? "jest potrzebny: 2026-Q2, 2026-03 albo 2026 (wszystkie okresy roku)"
                : "nie ma takiego okresu; okres ma postać 2026-Q2 (kwartały Q1 do Q4), 2026-03 "
                  "albo 2026 (wszystkie okresy roku)",
            fault);
    }
    if (!wish_text(asked, "form", WORD_MAX, &form)) {
        return asked_refuse_parameter(
            asked, "form", "ma być kodem formularza z /api/v1/forms, na przykład RB27S", fault);
    }
    store_put_number(&parameters, page.after);
    store_put_number(&parameters, page.limit + 1);
    store_put_text(&parameters, period);
    store_put_text(&parameters, form);
    store_put_truth(&parameters, asked->question->of_office);
    TRY(store_run(asked->tools->store, units_sql, &parameters, asked->arena, &rows, fault));
    return answer(asked, &rows, &page, 0, fault);
}

enum err
groups_resource_answer_decision(struct asked *asked, const struct groups_question *question,
                                struct fault *fault)
{
    struct store_parameters parameters = store_parameters_create(asked->arena);
    struct store_rows       rows = {0};
    struct page             page = read_page(asked);

    if (page.wrong.name != NULL) {
        return asked_refuse_parameter(asked, page.wrong.name, page.wrong.wanted, fault);
    }
    store_put_number(&parameters, page.after);
    store_put_number(&parameters, page.limit + 1);
    store_put_uuid(&parameters, question->submission);
    store_put_number(&parameters, question->n);
    store_put_number(&parameters, question->report);
    store_put_text(&parameters, question->severity);
    store_put_truth(&parameters, asked->question->of_office);
    TRY(store_run(asked->tools->store, decision_sql, &parameters, asked->arena, &rows, fault));
    return answer(asked, &rows, &page, question->n, fault);
}

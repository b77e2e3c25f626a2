#include "gateway/reader/questions_resource.h"

#include "gateway/reader/listing.h"
#include "gateway/reader/report_head.h"
#include "gateway/reader/saying.h"
#include "gateway/reader/sight.h"

#define LIST STR("questions")

struct filter {
    int64_t    limit;
    int64_t    before;
    struct str state;
    struct str form;
    struct str period;
    struct str unit;
};

enum column {
    COLUMN_ASKED_AT = REPORT_HEAD_COLUMNS,
    COLUMN_DAYS,
    COLUMN_UNTIL,
    COLUMN_OVER,
    COLUMN_QUERIES,
    COLUMN_OPEN,
    COLUMN_SET, /* NULL, as the next two: rules of its form ask */
    COLUMN_FINDING,
    COLUMN_RULE
};

/* What is asked of reports as such, and by rules between them: mark names the latter. */
/* clang-format off */
#define ASKED                                                                                     \
    "WITH a AS NOT MATERIALIZED ("                                                                \
    "SELECT question, submission, report, unit, subject, asked_at, days, until, NULL::uuid AS mark" \
    " FROM intake.question UNION ALL "                                                            \
    "SELECT question, submission, report, unit, subject, asked_at, days, until, mark"             \
    " FROM intake.set_question) "

/* Questions for which the condition holds, the newest first along an index. */
#define WALK(of_question)                                                                         \
    "SELECT q.* FROM a q WHERE q.question < $1 AND " of_question " ORDER BY q.question DESC"

/* Those of the units that an office is for, the newest first. */
#define BELOW                                                                                     \
    "SELECT n.question, q.submission, q.report, q.unit, q.subject, q.asked_at, q.days, q.until,"  \
    " q.mark FROM (SELECT b.question FROM intake.questions_below() b"                             \
    "   WHERE $6 AND b.question < $1 ORDER BY b.question DESC OFFSET 0) n"                        \
    " CROSS JOIN LATERAL (SELECT q.* FROM a q WHERE q.question = n.question OFFSET 0) q"          \
    " ORDER BY n.question DESC"

/*
 * A page of those of these questions for whose reports the condition holds. The order in which
 * tables are read is fixed (OFFSET 0): a question first, then its report, until the page is full.
 */
#define PAGE(questions, of_report)                                                                \
    "SELECT q.question, q.submission, r.ordinal + 1, r.form, r.form_title, r.period, r.level,"    \
    " r.unit_name, r.regon, q.asked_at, q.days::integer, q.until::text,"                          \
    " q.until < registry.today(), c.queries, c.open, c.set, c.finding, c.code"                    \
    " FROM (" questions " OFFSET 0) q"                                                            \
    " CROSS JOIN LATERAL (SELECT r.* FROM intake.submission s"                                    \
    "   JOIN intake.report r ON r.submission = s.submission AND r.n = s.decided_n"                \
    "   WHERE s.submission = q.submission AND r.ordinal = q.report AND upper_inf(r.in_force)"     \
    "   OFFSET 0) r"                                                                              \
    " CROSS JOIN LATERAL intake.asked_of(r.submission, r.n, r.ordinal, r.report, q.mark) c"       \
    " WHERE " of_report " AND c.queries > 0"                                                      \
    " AND CASE $2::text WHEN 'open' THEN c.open > 0"                                              \
    "   WHEN 'late' THEN c.open > 0 AND q.until < registry.today()"                               \
    "   WHEN 'explained' THEN c.open = 0 ELSE true END"                                           \
    " AND ($3::text = '' OR r.form = $3)"                                                         \
    " AND ($4::text = '' OR r.period = $4 OR (length($4) = 4 AND r.period LIKE $4 || '-%'))"      \
    " ORDER BY q.question DESC LIMIT $5"

/* A page for each of these units, along the index of units or of senders: what others are asked
 * costs nothing. */
#define PAGES(units, of_question, of_report)                                                      \
    "(SELECT x.* FROM (SELECT DISTINCT unnest(" units ")) u (unit)"                               \
    " CROSS JOIN LATERAL (" PAGE(WALK(of_question), of_report) ") x)"
#define SEEN "(SELECT registry.seen_units())::bigint[]"
#define OWN "r.unit = " SIGHT_UNITS
#define FILED "q.subject = " SIGHT_UNITS

static const char list_sql[] =
    ASKED PAGES(SEEN, "q.unit = u.unit", OWN)
    " UNION ALL " PAGES(SEEN, "q.subject = u.unit AND (q.unit = " SIGHT_UNITS ") IS NOT TRUE", "(" OWN ") IS NOT TRUE")
    " ORDER BY 1 DESC LIMIT $5";

/* Only an office that is there for the whole country goes through what all are asked. */
static const char office_sql[] =
    ASKED "(" PAGE(WALK("$6 AND " SIGHT_EVERYWHERE), SIGHT_ADDRESSED("r")) ")"
    " UNION ALL (" PAGE(BELOW, SIGHT_ADDRESSED("r")) ")"
    " ORDER BY 1 DESC LIMIT $5";

static const char unit_sql[] =
    ASKED PAGES("(SELECT array_agg(k.unit) FROM registry.unit k WHERE k.regon = $7)", "q.unit = u.unit",
          "r.regon = $7 AND (" OWN " OR " FILED " OR ($6 AND " SIGHT_ADDRESSED("r") "))")
    " ORDER BY 1 DESC LIMIT $5";
/* clang-format on */

static struct wish_check
read_filter(const struct asked *asked, struct filter *out)
{
    out->before = INT64_MAX;
    /* clang-format off */
    const struct wish_check checks[] = {
        listing_limit(asked, LISTING_USUAL, &out->limit),
        listing_cursor(asked, LIST, &out->before),
        {"state", "ma być jednym ze słów: open, late, explained",
         wish_word(asked, "state", STR("open late explained"), &out->state)},
        listing_form(asked, &out->form),
        listing_period(asked, &out->period),
        listing_unit(asked, &out->unit),
    };
    /* clang-format on */

    return wish_first_bad(checks, ARRAY_COUNT(checks));
}

static bool
is_late(const struct store_rows *rows, size_t row)
{
    return store_number(rows, row, COLUMN_OPEN) > 0 && store_truth(rows, row, COLUMN_OVER);
}

static void
write_number(struct json *json, const char *key, int64_t number)
{
    json_key(json, key);
    json_number(json, number);
}

/* Null where no set is asked about. */
static void
write_of_set(struct json *json, const struct store_rows *rows, size_t row)
{
    if (store_is_null(rows, row, COLUMN_SET)) {
        json_member(json, "set", (struct str){0});
        json_member(json, "finding", (struct str){0});
        json_member(json, "rule", (struct str){0});
        json_member(json, "url", (struct str){0});
        return;
    }
    int64_t set = store_number(rows, row, COLUMN_SET);
    int64_t finding = store_number(rows, row, COLUMN_FINDING);
    write_number(json, "set", set);
    write_number(json, "finding", finding);
    json_member(json, "rule", store_text(rows, row, COLUMN_RULE));
    json_member(json, "url",
                str_format(json->out->arena, "/api/v1/sets/%lld/findings/%lld/explanation",
                           (long long)set, (long long)finding));
}

static void
write_item(struct json *json, const struct store_rows *rows, size_t row)
{
    json_object_begin(json);
    report_head_members(json, rows, row);
    saying_instant(json, "asked_at", store_instant(rows, row, COLUMN_ASKED_AT));
    write_number(json, "days", store_number(rows, row, COLUMN_DAYS));
    json_member(json, "until", store_text(rows, row, COLUMN_UNTIL));
    json_key(json, "late");
    json_truth(json, is_late(rows, row));
    write_number(json, "queries", store_number(rows, row, COLUMN_QUERIES));
    write_number(json, "open_queries", store_number(rows, row, COLUMN_OPEN));
    write_of_set(json, rows, row);
    json_object_end(json);
}

static void
write_csv_of_set(struct csv *csv, const struct store_rows *rows, size_t row)
{
    if (store_is_null(rows, row, COLUMN_SET)) {
        csv_field(csv, STR(""));
        csv_field(csv, STR(""));
        csv_field(csv, STR(""));
        return;
    }
    csv_number(csv, (uint64_t)store_number(rows, row, COLUMN_SET));
    csv_number(csv, (uint64_t)store_number(rows, row, COLUMN_FINDING));
    csv_field(csv, store_text(rows, row, COLUMN_RULE));
}

static void
write_csv(struct buf *out, const struct store_rows *rows, size_t count)
{
    static const char *const names[] = {REPORT_HEAD_CSV,    "wyjaśnij do",   "po terminie",
                                        "zapytania",        "otwarte",       "zestaw",
                                        "nr uwagi zestawu", "reguła zestawu"};
    struct csv               csv = csv_create(out);

    for (size_t i = 0; i < ARRAY_COUNT(names); i++) {
        csv_field(&csv, str_of(names[i]));
    }
    csv_row_end(&csv);
    for (size_t row = 0; row < count; row++) {
        report_head_fields(&csv, out->arena, rows, row);
        csv_field(&csv, store_text(rows, row, COLUMN_UNTIL));
        csv_field(&csv, is_late(rows, row) ? STR("tak") : STR("nie"));
        csv_number(&csv, (uint64_t)store_number(rows, row, COLUMN_QUERIES));
        csv_number(&csv, (uint64_t)store_number(rows, row, COLUMN_OPEN));
        write_csv_of_set(&csv, rows, row);
        csv_row_end(&csv);
    }
}

enum err
questions_resource_answer(struct asked *asked, struct fault *fault)
{
    struct store_parameters parameters = store_parameters_create(asked->arena);
    struct filter           filter = {0};
    struct store_rows       rows = {0};
    struct str              next = {0};
    struct buf              body = asked_body(asked);
    struct wish_check       wrong = read_filter(asked, &filter);
    const char             *sql = asked->question->of_office ? office_sql : list_sql;

    if (wrong.name != NULL) {
        return asked_refuse_parameter(asked, wrong.name, wrong.wanted, fault);
    }
    store_put_number(&parameters, filter.before);
    store_put_text(&parameters, filter.state);
    store_put_text(&parameters, filter.form);
    store_put_text(&parameters, filter.period);
    store_put_number(&parameters, filter.limit + 1);
    store_put_truth(&parameters, asked->question->of_office);
    if (filter.unit.size > 0) {
        sql = unit_sql;
        store_put_text(&parameters, filter.unit);
    }
    TRY(store_run(asked->tools->store, sql, &parameters, asked->arena, &rows, fault));
    size_t count = asked_cut(asked, LIST, &rows, REPORT_HEAD_NUMBER, (size_t)filter.limit, &next);
    if (asked->format == FORMAT_CSV) {
        asked_header(asked, "Content-Disposition", STR("attachment; filename=\"zapytania.csv\""));
        write_csv(&body, &rows, count);
    } else {
        listing_write(&body, &rows, count, next, write_item);
    }
    return asked_answer_tagged(asked, &body, fault);
}

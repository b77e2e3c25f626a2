#include "gateway/reader/questions_resource.h"

#include "gateway/answer/csv.h"
#include "gateway/reader/cursor.h"
#include "gateway/reader/saying.h"
#include "gateway/reader/sight.h"
#include "gateway/reader/wish.h"

enum { LIMIT = 50, LIMIT_MAX = 500, WORD_MAX = 40 };

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
    COLUMN_QUESTION,
    COLUMN_SUBMISSION,
    COLUMN_REPORT,
    COLUMN_FORM,
    COLUMN_FORM_TITLE,
    COLUMN_PERIOD,
    COLUMN_LEVEL,
    COLUMN_UNIT_NAME,
    COLUMN_REGON,
    COLUMN_ASKED_AT,
    COLUMN_DAYS,
    COLUMN_UNTIL,
    COLUMN_OVER,
    COLUMN_QUERIES,
    COLUMN_OPEN
};

static const char list_sql[] =
    "SELECT q.question, q.submission, r.ordinal + 1, r.form, r.form_title, r.period, r.level,"
    " r.unit_name, r.regon, q.asked_at, q.days::integer, q.until::text,"
    " q.until < registry.today(), c.queries, o.open"
    " FROM intake.question q"
    " JOIN intake.submission s ON s.submission = q.submission"
    " JOIN intake.report r ON r.submission = q.submission AND r.n = s.decided_n"
    "   AND r.ordinal = q.report AND upper_inf(r.in_force)"
    " CROSS JOIN LATERAL (SELECT count(*) AS queries FROM intake.finding f"
    "   WHERE f.submission = r.submission AND f.n = r.n AND f.report = r.ordinal"
    "     AND f.severity = 'query') c"
    " CROSS JOIN LATERAL intake.open_queries(r.submission, r.n, r.ordinal) o (open)"
    " WHERE q.question < $1 AND c.queries > 0"
    "   AND (($7 AND " SIGHT_ADDRESSED(
        "r") ") OR r.unit = " SIGHT_UNITS "     OR s.subject = " SIGHT_UNITS ")"
             "   AND CASE $2::text WHEN 'open' THEN o.open > 0"
             "     WHEN 'late' THEN o.open > 0 AND q.until < registry.today()"
             "     WHEN 'explained' THEN o.open = 0 ELSE true END"
             "   AND ($3::text = '' OR r.form = $3)"
             "   AND ($4::text = '' OR r.period = $4 OR (length($4) = 4 AND r.period LIKE $4 || "
             "'-%'))"
             "   AND ($5::text = '' OR r.regon = $5)"
             " ORDER BY q.question DESC LIMIT $6";

static void
read_filter(const struct asked *asked, struct filter *out, const char **wrong, const char **wanted)
{
    struct str cursor = asked_parameter(asked, "cursor");

    out->before = INT64_MAX;
    /* clang-format off */
    const struct {
        const char *name;
        const char *wanted;
        bool        good;
    } checks[] = {
        {"limit", "ma być liczbą od 1 do 500",
         wish_number(asked, "limit", 1, LIMIT_MAX, LIMIT, &out->limit)},
        {"cursor", "ma być wartością next_cursor z poprzedniej strony tej listy",
         cursor.size == 0 || cursor_parse(cursor, LIST, &out->before)},
        {"state", "ma być jednym ze słów: open, late, explained",
         wish_word(asked, "state", STR("open late explained"), &out->state)},
        {"form", "ma być kodem formularza z /api/v1/forms, na przykład RB27S",
         wish_text(asked, "form", WORD_MAX, &out->form)},
        {"period", "ma wyglądać jak 2026-Q2, 2026-03 albo 2026 (wszystkie okresy roku)",
         wish_period(asked, "period", &out->period)},
        {"unit", "ma być numerem REGON: 9 albo 14 cyfr", wish_regon(asked, "unit", &out->unit)},
    };
    /* clang-format on */

    for (size_t i = 0; i < ARRAY_COUNT(checks) && *wrong == NULL; i++) {
        if (!checks[i].good) {
            *wrong = checks[i].name;
            *wanted = checks[i].wanted;
        }
    }
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

static void
write_item(struct json *json, const struct store_rows *rows, size_t row)
{
    json_object_begin(json);
    json_member(json, "submission",
                saying_uuid(json->out->arena, store_uuid(rows, row, COLUMN_SUBMISSION)));
    write_number(json, "report", store_number(rows, row, COLUMN_REPORT));
    json_member(json, "form", store_text(rows, row, COLUMN_FORM));
    json_member(json, "form_title", store_text(rows, row, COLUMN_FORM_TITLE));
    json_member(json, "period", store_text(rows, row, COLUMN_PERIOD));
    json_member(json, "level", store_text(rows, row, COLUMN_LEVEL));
    json_key(json, "unit");
    json_object_begin(json);
    json_member(json, "name", store_text(rows, row, COLUMN_UNIT_NAME));
    json_member(json, "regon", store_text(rows, row, COLUMN_REGON));
    json_object_end(json);
    saying_instant(json, "asked_at", store_instant(rows, row, COLUMN_ASKED_AT));
    write_number(json, "days", store_number(rows, row, COLUMN_DAYS));
    json_member(json, "until", store_text(rows, row, COLUMN_UNTIL));
    json_key(json, "late");
    json_truth(json, is_late(rows, row));
    write_number(json, "queries", store_number(rows, row, COLUMN_QUERIES));
    write_number(json, "open_queries", store_number(rows, row, COLUMN_OPEN));
    json_object_end(json);
}

static void
write_json(struct buf *out, const struct store_rows *rows, size_t count, struct str next)
{
    struct json json = json_create(out);

    json_object_begin(&json);
    json_key(&json, "items");
    json_array_begin(&json);
    for (size_t row = 0; row < count; row++) {
        write_item(&json, rows, row);
    }
    json_array_end(&json);
    json_member(&json, "next_cursor", next);
    json_object_end(&json);
}

static void
write_csv(struct buf *out, const struct store_rows *rows, size_t count)
{
    static const char *const names[] = {
        "złożenie", "nr sprawozdania", "formularz",   "okres",     "poziom", "jednostka",
        "regon",    "wyjaśnij do",     "po terminie", "zapytania", "otwarte"};
    static const enum column texts[] = {COLUMN_FORM_TITLE, COLUMN_PERIOD, COLUMN_LEVEL,
                                        COLUMN_UNIT_NAME,  COLUMN_REGON,  COLUMN_UNTIL};
    struct csv               csv = csv_create(out);

    for (size_t i = 0; i < ARRAY_COUNT(names); i++) {
        csv_field(&csv, str_of(names[i]));
    }
    csv_row_end(&csv);
    for (size_t row = 0; row < count; row++) {
        csv_field(&csv, saying_uuid(out->arena, store_uuid(rows, row, COLUMN_SUBMISSION)));
        csv_number(&csv, (uint64_t)store_number(rows, row, COLUMN_REPORT));
        for (size_t i = 0; i < ARRAY_COUNT(texts); i++) {
            csv_field(&csv, store_text(rows, row, texts[i]));
        }
        csv_field(&csv, is_late(rows, row) ? STR("tak") : STR("nie"));
        csv_number(&csv, (uint64_t)store_number(rows, row, COLUMN_QUERIES));
        csv_number(&csv, (uint64_t)store_number(rows, row, COLUMN_OPEN));
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
    const char             *wrong = NULL;
    const char             *wanted = NULL;

    read_filter(asked, &filter, &wrong, &wanted);
    if (wrong != NULL) {
        return asked_refuse_parameter(asked, wrong, wanted, fault);
    }
    store_put_number(&parameters, filter.before);
    store_put_text(&parameters, filter.state);
    store_put_text(&parameters, filter.form);
    store_put_text(&parameters, filter.period);
    store_put_text(&parameters, filter.unit);
    store_put_number(&parameters, filter.limit + 1);
    store_put_truth(&parameters, asked->question->of_office);
    TRY(store_run(asked->tools->store, list_sql, &parameters, asked->arena, &rows, fault));
    size_t count = asked_cut(asked, LIST, &rows, COLUMN_QUESTION, (size_t)filter.limit, &next);
    if (asked->format == FORMAT_CSV) {
        asked_header(asked, "Content-Disposition", STR("attachment; filename=\"zapytania.csv\""));
        write_csv(&body, &rows, count);
    } else {
        write_json(&body, &rows, count, next);
    }
    return asked_answer_tagged(asked, &body, fault);
}

#include "gateway/reader/corrections_resource.h"

#include "gateway/reader/listing.h"
#include "gateway/reader/report_head.h"
#include "gateway/reader/saying.h"
#include "gateway/reader/sight.h"

#define LIST STR("corrections")

struct filter {
    int64_t    limit;
    int64_t    before;
    struct str form;
    struct str period;
    struct str unit;
};

enum column {
    COLUMN_VERSION = REPORT_HEAD_COLUMNS, /* NULL: not readable */
    COLUMN_ARRIVED,
    COLUMN_UNTIL,
    COLUMN_RECIPIENT,
    COLUMN_BASIS,
    COLUMN_IN_FORCE,
    COLUMN_REVISION, /* of the reason; NULL, as the next: nobody has given one */
    COLUMN_CODE,
    COLUMN_TEXT, /* NULL: a code alone */
    COLUMN_GIVEN_AT
};

/* clang-format off */
#define WANTED                                                                                    \
    "intake.came_late(r) AND ($2::text = '' OR r.form = $2)"                                      \
    " AND ($3::text = '' OR r.period = $3 OR (length($3) = 4 AND r.period LIKE $3 || '-%'))"      \
    " AND ($4::text = '' OR r.regon = $4)"

/* Reports of which the condition holds, the newest first along an index. */
#define WALK(condition)                                                                           \
    "SELECT r.report AS number, r.* FROM intake.report r WHERE " WANTED " AND r.report < $1"      \
    " AND " condition " ORDER BY r.report DESC"

/* Those of the units that an office is for, the newest first. */
#define BELOW(condition)                                                                          \
    "SELECT n.number, r.* FROM (SELECT b.report AS number FROM intake.late_below() b"             \
    "   WHERE $6 AND b.report < $1 ORDER BY b.report DESC OFFSET 0) n"                            \
    " CROSS JOIN LATERAL (SELECT r.* FROM intake.report r WHERE r.report = n.number AND " WANTED  \
    "   AND " condition " OFFSET 0) r ORDER BY n.number DESC"

/* A page of these reports: of newest decisions, one after another (OFFSET 0 keeps it so) until the
 * page is full. */
#define PAGE(reports)                                                                             \
    "SELECT r.report, r.submission, r.ordinal + 1, r.form, r.form_title, r.period, r.level,"      \
    " r.unit_name, r.regon, r.version, r.arrived, r.window_until::text, r.recipient,"             \
    " r.window_basis, coalesce(upper_inf(r.in_force), false), x.revision, x.code,"                \
    " nullif(x.text, ''), x.given_at"                                                             \
    " FROM (" reports " OFFSET 0) r"                                                              \
    " CROSS JOIN LATERAL (SELECT s.submission FROM intake.submission s"                           \
    "   WHERE s.submission = r.submission AND s.decided_n = r.n OFFSET 0) s"                      \
    " LEFT JOIN LATERAL intake.newest_reason(r.submission, r.ordinal) x ON true"                  \
    " ORDER BY r.number DESC LIMIT $5"

#define SENT "(r.unit = " SIGHT_UNITS ") IS NOT TRUE AND " SIGHT_ADDRESSED("r")

/* Of each unit that is seen; only an office that is there for the whole country goes through those
 * of others. */
static const char list_sql[] =
    "(SELECT x.* FROM (SELECT DISTINCT unnest((SELECT registry.seen_units())::bigint[])) u (unit)"
    " CROSS JOIN LATERAL (" PAGE(WALK("r.unit = u.unit")) ") x)"
    " UNION ALL (" PAGE(WALK("$6 AND " SIGHT_EVERYWHERE " AND " SENT)) ")"
    " UNION ALL (" PAGE(BELOW(SENT)) ")"
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
        listing_form(asked, &out->form),
        listing_period(asked, &out->period),
        listing_unit(asked, &out->unit),
    };
    /* clang-format on */

    return wish_first_bad(checks, ARRAY_COUNT(checks));
}

static struct str
text_at(const struct store_rows *rows, size_t row, enum column column)
{
    return store_is_null(rows, row, column) ? (struct str){0} : store_text(rows, row, column);
}

static void
write_number(struct json *json, const char *key, const struct store_rows *rows, size_t row,
             enum column column)
{
    json_key(json, key);
    if (store_is_null(rows, row, column)) {
        json_absent(json);
    } else {
        json_number(json, store_number(rows, row, column));
    }
}

static void
write_reason(struct json *json, const struct store_rows *rows, size_t row)
{
    json_key(json, "reason");
    if (store_is_null(rows, row, COLUMN_REVISION)) {
        json_absent(json);
        return;
    }
    json_object_begin(json);
    write_number(json, "revision", rows, row, COLUMN_REVISION);
    json_member(json, "code", store_text(rows, row, COLUMN_CODE));
    json_member(json, "text", text_at(rows, row, COLUMN_TEXT));
    saying_instant(json, "given_at", store_instant(rows, row, COLUMN_GIVEN_AT));
    json_object_end(json);
}

static void
write_item(struct json *json, const struct store_rows *rows, size_t row)
{
    json_object_begin(json);
    report_head_members(json, rows, row);
    write_number(json, "version", rows, row, COLUMN_VERSION);
    saying_instant(json, "received_at", store_instant(rows, row, COLUMN_ARRIVED));
    json_member(json, "window_until", store_text(rows, row, COLUMN_UNTIL));
    json_member(json, "recipient", store_text(rows, row, COLUMN_RECIPIENT));
    json_member(json, "basis", store_text(rows, row, COLUMN_BASIS));
    json_key(json, "in_force");
    json_truth(json, store_truth(rows, row, COLUMN_IN_FORCE));
    write_reason(json, rows, row);
    json_object_end(json);
}

static void
write_csv(struct buf *out, const struct store_rows *rows, size_t count)
{
    static const char *const names[] = {REPORT_HEAD_CSV,  "wersja",        "wpłynęło",
                                        "okno korekt do", "ocenia",        "podstawa",
                                        "obowiązuje",     "kod przyczyny", "przyczyna"};
    static const enum column texts[] = {COLUMN_UNTIL, COLUMN_RECIPIENT, COLUMN_BASIS};
    struct csv               csv = csv_create(out);

    for (size_t i = 0; i < ARRAY_COUNT(names); i++) {
        csv_field(&csv, str_of(names[i]));
    }
    csv_row_end(&csv);
    for (size_t row = 0; row < count; row++) {
        report_head_fields(&csv, out->arena, rows, row);
        if (store_is_null(rows, row, COLUMN_VERSION)) {
            csv_field(&csv, STR(""));
        } else {
            csv_number(&csv, (uint64_t)store_number(rows, row, COLUMN_VERSION));
        }
        csv_field(&csv, saying_time(out->arena, store_instant(rows, row, COLUMN_ARRIVED)));
        for (size_t i = 0; i < ARRAY_COUNT(texts); i++) {
            csv_field(&csv, store_text(rows, row, texts[i]));
        }
        csv_field(&csv, store_truth(rows, row, COLUMN_IN_FORCE) ? STR("tak") : STR("nie"));
        csv_field(&csv, text_at(rows, row, COLUMN_CODE));
        csv_field(&csv, text_at(rows, row, COLUMN_TEXT));
        csv_row_end(&csv);
    }
}

enum err
corrections_resource_answer(struct asked *asked, struct fault *fault)
{
    struct store_parameters parameters = store_parameters_create(asked->arena);
    struct filter           filter = {0};
    struct store_rows       rows = {0};
    struct str              next = {0};
    struct buf              body = asked_body(asked);
    struct wish_check       wrong = read_filter(asked, &filter);

    if (wrong.name != NULL) {
        return asked_refuse_parameter(asked, wrong.name, wrong.wanted, fault);
    }
    store_put_number(&parameters, filter.before);
    store_put_text(&parameters, filter.form);
    store_put_text(&parameters, filter.period);
    store_put_text(&parameters, filter.unit);
    store_put_number(&parameters, filter.limit + 1);
    store_put_truth(&parameters, asked->question->of_office);
    TRY(store_run(asked->tools->store, list_sql, &parameters, asked->arena, &rows, fault));
    size_t count = asked_cut(asked, LIST, &rows, REPORT_HEAD_NUMBER, (size_t)filter.limit, &next);
    if (asked->format == FORMAT_CSV) {
        asked_header(asked, "Content-Disposition",
                     STR("attachment; filename=\"korekty-po-oknie.csv\""));
        write_csv(&body, &rows, count);
    } else {
        listing_write(&body, &rows, count, next, write_item);
    }
    return asked_answer_tagged(asked, &body, fault);
}

#include "gateway/reader/submissions_resource.h"

#include "gateway/answer/csv.h"
#include "gateway/reader/listing.h"
#include "gateway/reader/saying.h"
#include "gateway/reader/sight.h"
#include "gateway/receipt/receipt.h"
#include "validators/catalogue/entry.h"

#include <inttypes.h>

/* What the asker wants to see. Empty texts and 0: everything. */
struct filter {
    int64_t    limit;
    int64_t    before; /* rows with a smaller ordinal */
    struct str state;
    struct str verdict;
    struct str period;
    struct str form;
    struct str unit;
    instant    from;
    instant    to;
};

enum column {
    COLUMN_ORDINAL,
    COLUMN_ID,
    COLUMN_STATE,
    COLUMN_VERDICT,
    COLUMN_N,
    COLUMN_ARRIVED,
    COLUMN_DECIDED,
    COLUMN_SHA256,
    COLUMN_SIZE,
    COLUMN_NAME,
    COLUMN_REGON,
    COLUMN_REPORTS,
    COLUMN_CONTENTS,
    COLUMN_UNITS
};

/* As many reports of a submission are named in the list; report_count tells of all. */
#define REPORTS_SHOWN "20"
/* Between reports and between their fields: characters that no XML document can hold. */
enum { REPORT_SEPARATOR = 0x1E, FIELD_SEPARATOR = 0x1F };

/* Conditions on submission s alone, and on those of its reports that may be seen. */
#define WANTED " AND ($2::text = '' OR s.state = $2) AND s.arrived >= $4 AND s.arrived < $5"
#define WANTED_REPORT(seen)                                                                 \
    " AND (($6::text = '' AND $7::text = '' AND $8::text = '') OR EXISTS ("                 \
    "   SELECT 1 FROM intake.report r WHERE r.submission = s.submission AND r.n = "         \
    "s.decided_n" seen "     AND ($6 = '' OR r.period = $6"                                 \
    "       OR (length($6) = 4 AND r.period LIKE $6 || '-%')) AND ($7 = '' OR r.form = $7)" \
    "     AND ($8 = '' OR r.regon = $8)))"
#define OWN_REPORT " AND r.unit = " SIGHT_UNITS
#define ADDRESSED_REPORT " AND " SIGHT_ADDRESSED("r")

/* One row more than asked for tells whether there is a next page. First what is seen whole, unit by
 * unit along the index of each (asked for all at once the planner walks the whole country's
 * submissions backwards), then what somebody else filed with reports of a unit that is seen; of an
 * office neither, but what is addressed to it, place by place along their index in the same way. */
/* clang-format off */
static const char list_sql[] =
    "WITH found AS MATERIALIZED ("
    " (SELECT own.* FROM unnest((SELECT registry.seen_units())::bigint[]) q (unit)"
    "  CROSS JOIN LATERAL ("
    "   SELECT s.*, true AS whole, s.verdict AS told FROM intake.submission s"
    "   WHERE s.subject = q.unit AND s.ordinal < $1"
    "    AND ($3::bigint < 0 OR (s.n > 0 AND s.verdict = $3))" WANTED WANTED_REPORT("")
    "   ORDER BY s.ordinal DESC LIMIT $9) own"
    "  ORDER BY own.ordinal DESC LIMIT $9)"
    " UNION ALL"
    " (SELECT s.*, false, w.told FROM intake.submission s CROSS JOIN LATERAL (SELECT "
    SIGHT_VERDICT("SELECT r.verdict FROM intake.report r"
                  " WHERE r.submission = s.submission AND r.n = s.decided_n" OWN_REPORT) " AS told) w"
    "  WHERE s.ordinal IN (SELECT o.ordinal FROM intake.concern o WHERE o.unit = " SIGHT_UNITS
    "    AND o.ordinal < $1 AND NOT o.subject = " SIGHT_UNITS ")"
    "   AND ($3::bigint < 0 OR w.told = $3)" WANTED WANTED_REPORT(OWN_REPORT)
    "  ORDER BY s.ordinal DESC LIMIT $9)"
    " UNION ALL"
    " (SELECT s.*, false, 1::smallint FROM intake.submission s"
    "  WHERE $10 AND $3::bigint IN (-1, 1) AND s.ordinal IN ("
    "   SELECT sent.ordinal FROM registry.seen_places() q CROSS JOIN LATERAL ("
    "    SELECT a.ordinal FROM intake.addressing a"
    "    JOIN intake.submission s ON s.ordinal = a.ordinal"
    "    WHERE a.kind = q.kind AND a.place = q.place AND a.ordinal < $1 AND " SIGHT_OFFICE
    WANTED WANTED_REPORT(ADDRESSED_REPORT)
    "    ORDER BY a.ordinal DESC LIMIT $9) sent)"
    "  ORDER BY s.ordinal DESC LIMIT $9))"
    "SELECT l.ordinal, l.submission, l.state, l.told::integer,"
    "  CASE WHEN l.decided_n > 0 THEN l.decided_n ELSE l.n END, l.arrived, l.decided_at,"
    "  l.sha256, l.size, u.name, u.regon, c.reports, c.contents, d.units"
    " FROM (SELECT * FROM found ORDER BY ordinal DESC LIMIT $9) l"
    " JOIN registry.unit u ON u.unit = l.subject"
    " CROSS JOIN LATERAL (SELECT count(*) AS reports,"
    "   string_agg(DISTINCT r.form_title || ' ' || r.period, ', ') AS contents"
    "   FROM intake.report r WHERE r.submission = l.submission AND r.n = l.decided_n"
    "     AND (l.whole OR r.unit = " SIGHT_UNITS " OR ($10 AND " SIGHT_ADDRESSED("r") "))) c"
    " CROSS JOIN LATERAL (SELECT string_agg(concat_ws(E'\\x1f', e.form_title, e.period,"
    "    e.unit_name, e.regon, e.verdict, coalesce(upper_inf(e.in_force), false)::integer),"
    "    E'\\x1e' ORDER BY e.ordinal) AS units"
    "   FROM (SELECT r.* FROM intake.report r WHERE r.submission = l.submission"
    "     AND r.n = l.decided_n"
    "     AND (l.whole OR r.unit = " SIGHT_UNITS " OR ($10 AND " SIGHT_ADDRESSED("r") "))"
    "     ORDER BY r.ordinal LIMIT " REPORTS_SHOWN ") e) d"
    " ORDER BY l.ordinal DESC";
/* clang-format on */

/* A verdict's number; -1: all. */
static int64_t
verdict_number(struct str name)
{
    for (int verdict = VERDICT_UNDECIDED; name.size > 0 && verdict <= VERDICT_REJECTED; verdict++) {
        if (str_equal(name, str_of(verdict_name((enum verdict)verdict)))) {
            return verdict;
        }
    }
    return -1;
}

/* The first parameter that cannot be understood. */
static struct wish_check
read_filter(const struct asked *asked, struct filter *out)
{
    out->before = INT64_MAX;
    const struct wish_check checks[] = {
        listing_limit(asked, LISTING_USUAL, &out->limit),
        listing_cursor(asked, STR("submissions"), &out->before),
        {"state",   "ma być jednym ze słów: received, checking, parked, decided, withdrawn",
                                                   wish_word(asked,    "state",   STR("received checking parked decided withdrawn"), &out->state)  },
        {"verdict", "ma być jednym ze słów: accepted, held, rejected, undecided",
                                                   wish_word(asked,    "verdict", STR("accepted held rejected undecided"),           &out->verdict)},
        listing_period(asked, &out->period),
        listing_form(asked, &out->form),
        listing_unit(asked, &out->unit),
        {"from",    "ma być datą (2026-07-10) albo chwilą (2026-07-10T09:00:00+02:00)",
                                                   wish_instant(asked, "from",    WISH_FROM,                                         &out->from)   },
        {"to",      "ma być datą (2026-07-10) albo chwilą (2026-07-10T09:00:00+02:00)",
                                                   wish_instant(asked, "to",      WISH_TO,                                           &out->to)     },
    };

    return wish_first_bad(checks, ARRAY_COUNT(checks));
}

static enum err
read_rows(const struct asked *asked, const struct filter *filter, struct store_rows *rows,
          struct fault *fault)
{
    struct store_parameters parameters = store_parameters_create(asked->arena);

    store_put_number(&parameters, filter->before);
    store_put_text(&parameters, filter->state);
    store_put_number(&parameters, verdict_number(filter->verdict));
    store_put_instant(&parameters, filter->from);
    store_put_instant(&parameters, filter->to);
    store_put_text(&parameters, filter->period);
    store_put_text(&parameters, filter->form);
    store_put_text(&parameters, filter->unit);
    store_put_number(&parameters, filter->limit + 1);
    store_put_truth(&parameters, asked->question->of_office);
    return store_run(asked->tools->store, list_sql, &parameters, asked->arena, rows, fault);
}

static instant
decided_at(const struct store_rows *rows, size_t row)
{
    return store_is_null(rows, row, COLUMN_DECIDED) ? 0 : store_instant(rows, row, COLUMN_DECIDED);
}

static struct str
contents_of(const struct store_rows *rows, size_t row)
{
    return store_is_null(rows, row, COLUMN_CONTENTS) ? (struct str){0}
                                                     : store_text(rows, row, COLUMN_CONTENTS);
}

/* Title, period, name, REGON, number of the verdict and whether it is in force, as list_sql joins
 * them. */
static void
write_report(struct json *json, struct str report)
{
    enum { TITLE, PERIOD, NAME, REGON, VERDICT, IN_FORCE, FIELDS };
    struct str fields[FIELDS] = {0};
    int64_t    verdict = 0;

    for (size_t i = 0; i < FIELDS && str_cut(&report, FIELD_SEPARATOR, &fields[i]); i++) {
    }
    json_object_begin(json);
    json_member(json, "form", fields[TITLE]);
    json_member(json, "period", fields[PERIOD]);
    json_key(json, "unit");
    json_object_begin(json);
    json_member(json, "name", fields[NAME]);
    json_member(json, "regon", fields[REGON]);
    json_object_end(json);
    bool is_decided = str_to_number(fields[VERDICT], &verdict);
    saying_verdict(json, verdict, is_decided);
    json_key(json, "in_force");
    json_truth(json, str_equal(fields[IN_FORCE], STR("1")));
    json_object_end(json);
}

static void
write_reports(struct json *json, const struct store_rows *rows, size_t row)
{
    struct str reports = {0};
    struct str report = {0};

    if (!store_is_null(rows, row, COLUMN_UNITS)) {
        reports = store_text(rows, row, COLUMN_UNITS);
    }
    json_key(json, "reports");
    json_array_begin(json);
    while (str_cut(&reports, REPORT_SEPARATOR, &report)) {
        write_report(json, report);
    }
    json_array_end(json);
}

static void
write_item(struct json *json, const struct store_rows *rows, size_t row)
{
    struct arena *arena = json->out->arena;
    struct str    id = saying_uuid(arena, store_uuid(rows, row, COLUMN_ID));
    int64_t       n = store_number(rows, row, COLUMN_N);

    json_object_begin(json);
    json_member(json, "id", id);
    json_member(json, "state", store_text(rows, row, COLUMN_STATE));
    json_member(json, "state_text", saying_state(store_text(rows, row, COLUMN_STATE)));
    saying_verdict(json, store_number(rows, row, COLUMN_VERDICT), n > 0);
    saying_instant(json, "received_at", store_instant(rows, row, COLUMN_ARRIVED));
    saying_instant_utc(json, "received_at_utc", store_instant(rows, row, COLUMN_ARRIVED));
    saying_instant(json, "decided_at", decided_at(rows, row));
    json_member(json, "sha256", saying_hex(arena, store_text(rows, row, COLUMN_SHA256)));
    json_key(json, "size");
    json_number(json, store_number(rows, row, COLUMN_SIZE));
    json_key(json, "n");
    json_number(json, n);
    json_key(json, "sender");
    json_object_begin(json);
    json_member(json, "name", store_text(rows, row, COLUMN_NAME));
    json_member(json, "regon", store_text(rows, row, COLUMN_REGON));
    json_object_end(json);
    json_key(json, "report_count");
    json_number(json, store_number(rows, row, COLUMN_REPORTS));
    json_member(json, "contents", contents_of(rows, row));
    write_reports(json, rows, row);
    json_member(json, "url", str_format(arena, "/api/v1/submissions/%.*s", STR_ARG(id)));
    json_object_end(json);
}

static struct str
verdict_word(const struct store_rows *rows, size_t row)
{
    int64_t verdict = store_number(rows, row, COLUMN_VERDICT);

    if (store_number(rows, row, COLUMN_N) == 0 || verdict > VERDICT_REJECTED) {
        return (struct str){0};
    }
    return receipt_verdict_text(str_of(verdict_name((enum verdict)verdict)));
}

static void
write_csv_row(struct csv *csv, const struct store_rows *rows, size_t row)
{
    struct arena *arena = csv->out->arena;

    csv_field(csv, saying_uuid(arena, store_uuid(rows, row, COLUMN_ID)));
    csv_field(csv, saying_time(arena, store_instant(rows, row, COLUMN_ARRIVED)));
    csv_field(csv, saying_state(store_text(rows, row, COLUMN_STATE)));
    csv_field(csv, verdict_word(rows, row));
    csv_field(csv, saying_time(arena, decided_at(rows, row)));
    csv_field(csv, store_text(rows, row, COLUMN_NAME));
    csv_field(csv, store_text(rows, row, COLUMN_REGON));
    csv_field(csv, contents_of(rows, row));
    csv_number(csv, (uint64_t)store_number(rows, row, COLUMN_REPORTS));
    csv_number(csv, (uint64_t)store_number(rows, row, COLUMN_SIZE));
    csv_field(csv, saying_hex(arena, store_text(rows, row, COLUMN_SHA256)));
    csv_row_end(csv);
}

static void
write_csv(struct buf *out, const struct store_rows *rows, size_t count)
{
    static const char *const columns[] = {
        "identyfikator", "wpłynęło", "stan",       "wynik",  "rozstrzygnięto", "nadawca",
        "regon",         "zawiera",  "sprawozdań", "bajtów", "sha256",
    };
    struct csv csv = csv_create(out);

    for (size_t i = 0; i < ARRAY_COUNT(columns); i++) {
        csv_field(&csv, str_of(columns[i]));
    }
    csv_row_end(&csv);
    for (size_t row = 0; row < count; row++) {
        write_csv_row(&csv, rows, row);
    }
}

enum err
submissions_resource_answer(struct asked *asked, struct fault *fault)
{
    struct filter     filter = {0};
    struct store_rows rows = {0};
    struct wish_check wrong = read_filter(asked, &filter);
    struct buf        body = asked_body(asked);
    struct str        next = {0};

    if (wrong.name != NULL) {
        return asked_refuse_parameter(asked, wrong.name, wrong.wanted, fault);
    }
    TRY(read_rows(asked, &filter, &rows, fault));
    size_t count =
        asked_cut(asked, STR("submissions"), &rows, COLUMN_ORDINAL, (size_t)filter.limit, &next);
    if (asked->format == FORMAT_CSV) {
        asked_header(asked, "Content-Disposition", STR("attachment; filename=\"zlozenia.csv\""));
        write_csv(&body, &rows, count);
    } else {
        listing_write(&body, &rows, count, next, write_item);
    }
    return asked_answer_tagged(asked, &body, fault);
}

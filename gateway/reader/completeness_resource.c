#include "gateway/reader/completeness_resource.h"

#include "gateway/answer/csv.h"
#include "gateway/reader/obligation_filter.h"
#include "gateway/reader/wish.h"

/* Their order is that of the bits of STATES. */
enum count {
    EXPECTED,
    FILED,
    IN_TIME,
    LATE,
    SUBMITTED,
    MISSING,
    AWAITED,
    QUESTIONED,
    WAIVED,
    SUPERSEDED,
    COUNTS
};

static const struct {
    const char *key;
    const char *title;
} counts[COUNTS] = {
    [EXPECTED] = {"expected",   "oczekiwane"    },
    [FILED] = {"filed",      "złożone"     },
    [IN_TIME] = {"in_time",    "w terminie"    },
    [LATE] = {"late",       "po terminie"   },
    [SUBMITTED] = {"submitted",  "czeka na wynik"},
    [MISSING] = {"missing",    "brak"          },
    [AWAITED] = {"awaited",    "przed terminem"},
    [QUESTIONED] = {"questioned", "z zapytaniem"  },
    [WAIVED] = {"waived",     "zwolnione"     },
    [SUPERSEDED] = {"superseded", "przejęte"     },
};

/* clang-format off */
/*
 * What a duty of a term and a heap (obligation.duty.heap) is counted as: `flags` has a bit for each
 * of enum count. Heaps are few, so that none of it is done for every duty.
 */
#define STATES                                                                                     \
    "WITH matters AS MATERIALIZED (SELECT m.* FROM obligation.matter m"                            \
    "  WHERE ($2::text = '' OR m.period = $2) AND ($3::text = '' OR m.form = $3)"                  \
    "   AND ($4::text = '' OR m.level = $4)), "                                                    \
    "states AS MATERIALIZED (SELECT t.term, k.heap, m.form, m.form_title, m.level, m.period,"      \
    "   t.recipient, (s NOT IN ('waived', 'superseded'))::integer"                                 \
    "    | ((s IN ('fulfilled', 'late') AND c IN (1, 2))::integer << 1)"                           \
    "    | ((s = 'fulfilled')::integer << 2)"                                                      \
    "    | ((s = 'late' AND c = 2)::integer << 3)"                                                 \
    "    | ((s = 'submitted' OR (s = 'late' AND c = 4))::integer << 4)"                            \
    "    | ((s = 'late' AND c = 0)::integer << 5)"                                                 \
    "    | ((s IN ('due', 'not_due'))::integer << 6)"                                              \
    "    | ((k.heap & 32 <> 0 AND s NOT IN ('waived', 'superseded'))::integer << 7)"               \
    "    | ((s = 'waived')::integer << 8) | ((s = 'superseded')::integer << 9) AS flags"           \
    "  FROM matters m JOIN obligation.term t ON t.matter = m.matter"                               \
    "  CROSS JOIN (SELECT x::smallint FROM generate_series(0, 63) x) k (heap),"                    \
    "   LATERAL (SELECT k.heap & 7,"                                                               \
    "    obligation.state_of_heap($1, m.opens_at, t.due_before, k.heap)) x (c, s)), "
#define WANTED(scope)                                                                              \
    " WHERE " scope " AND d.matter = ANY (ARRAY(SELECT m.matter FROM matters m))"                  \
    "  AND ($6::text = '' OR d.unit = ANY (ARRAY("                                                 \
    "   SELECT r.unit FROM registry.unit r WHERE r.regon = $6)))"                                  \
    "  AND ($7::text = '' OR d.jst = ANY (ARRAY("                                                  \
    "   SELECT r.unit FROM registry.unit r WHERE r.regon = $7)))"                                  \
    "  AND ($8::text = '' OR d.powiat LIKE $8 || '%')"                                             \
    "  AND ($9::text = '' OR d.way IN (SELECT y.way FROM obligation.way y WHERE y.office = $9))"

/* By what a term says: duties are counted by term and heap, then those few get their states. */
#define BY_TERM(key, scope)                                                                        \
    STATES                                                                                         \
    "heaps AS MATERIALIZED (SELECT " key " AS key, d.term, d.heap, count(*) AS n"                  \
    "  FROM obligation.duty d" WANTED(scope) "  GROUP BY 1, 2, 3), "                               \
    "told AS (SELECT h.key, h.n, s.* FROM heaps h"                                                 \
    "  JOIN states s ON s.term = h.term AND s.heap = h.heap) "

/* By a place, of which there are many: what is counted alike is put together at once. */
#define BY_PLACE(key, scope)                                                                       \
    STATES                                                                                         \
    "told AS MATERIALIZED (SELECT " key " AS key, s.flags, count(*) AS n"                          \
    "  FROM obligation.duty d JOIN states s ON s.term = d.term AND s.heap = d.heap"                \
    WANTED(scope) "  GROUP BY 1, 2) "

#define UNITS "d.unit = ANY ((SELECT registry.seen_units())::bigint[])"
/* For an office row-level security alone says what is seen. */
#define OFFICES "true"

#define SUM(bit) ", coalesce(sum(h.n) FILTER (WHERE h.flags & (1 << " bit ") <> 0), 0)::bigint"
#define SUMS                                                                                       \
    SUM("0") SUM("1") SUM("2") SUM("3") SUM("4") SUM("5") SUM("6") SUM("7") SUM("8") SUM("9")

/*
 * For offices, of which some see a country: what is counted already (obligation.tally), a row for
 * each JST and term. Of what has not come in time the moment says what it is.
 */
#define TALLY(key, more)                                                                           \
    "WITH terms AS MATERIALIZED (SELECT t.term, t.recipient, t.due_before <= $1 AS is_over,"       \
    "   m.form, m.form_title, m.level, m.period"                                                   \
    "  FROM obligation.matter m JOIN obligation.term t ON t.matter = m.matter"                     \
    "  WHERE ($2::text = '' OR m.period = $2) AND ($3::text = '' OR m.form = $3)"                  \
    "   AND ($4::text = '' OR m.level = $4)), "                                                    \
    "told AS MATERIALIZED (SELECT " key " AS key, x.is_over" more ", sum(d.in_time) AS in_time,"   \
    "   sum(d.filed_late) AS filed_late, sum(d.pending_in_time) AS pending_in_time,"               \
    "   sum(d.pending_late) AS pending_late, sum(d.nothing) AS nothing, sum(d.waived) AS waived,"  \
    "   sum(d.superseded) AS superseded, sum(d.questioned) AS questioned"                          \
    "  FROM obligation.tally d JOIN terms x ON x.term = d.term"                                    \
    "  WHERE d.term = ANY (ARRAY(SELECT y.term FROM terms y))"                                     \
    "   AND ($7::text = '' OR d.jst = ANY (ARRAY("                                                 \
    "    SELECT r.unit FROM registry.unit r WHERE r.regon = $7)))"                                 \
    "   AND ($8::text = '' OR d.powiat LIKE $8 || '%')"                                            \
    "   AND ($9::text = '' OR d.way IN (SELECT y.way FROM obligation.way y WHERE y.office = $9))"  \
    "  GROUP BY key, x.is_over" more ") "
#define TOLD(sum) ", coalesce(sum(" sum "), 0)::bigint"
#define TALLIES                                                                                    \
    TOLD("h.in_time + h.filed_late + h.pending_in_time + h.pending_late + h.nothing")              \
    TOLD("h.in_time + h.filed_late") TOLD("h.in_time") TOLD("h.filed_late")                        \
    TOLD("h.pending_in_time + CASE WHEN h.is_over THEN h.pending_late ELSE 0 END")                 \
    TOLD("CASE WHEN h.is_over THEN h.nothing ELSE 0 END")                                          \
    TOLD("CASE WHEN h.is_over THEN 0 ELSE h.nothing + h.pending_late END")                         \
    TOLD("h.questioned") TOLD("h.waived") TOLD("h.superseded")

#define MATTER_ROWS(sums)                                                                          \
    "SELECT h.form || ' ' || h.level, h.form_title || ' ' || h.level" sums                         \
    " FROM told h GROUP BY h.form, h.form_title, h.level ORDER BY 1"
#define PERIOD_ROWS(sums) "SELECT h.period, h.period" sums " FROM told h GROUP BY 1 ORDER BY 1"
#define OFFICE_ROWS(sums)                                                                          \
    "SELECT coalesce(y.office, h.recipient), coalesce(o.title, h.recipient)" sums                  \
    " FROM told h JOIN obligation.way y ON y.way = h.key"                                          \
    " LEFT JOIN registry.office o ON o.office = y.office GROUP BY 1, 2 ORDER BY 1"
/* What a place is called, as far as the registry has its JST: "1009 Powiat pajęczański". */
#define NAMED(key, code, pts)                                                                          \
    " LEFT JOIN (SELECT " code " AS code, min(u.name) AS name FROM registry.unit u"                \
    "  WHERE u.kind = 'jst' AND u.pt IN (" pts ") AND u.valid_to IS NULL GROUP BY 1) j"            \
    " ON j.code = " key
#define WOJEWODZTWO_ROWS(sums)                                                                     \
    "SELECT left(h.key, 2), concat_ws(' ', left(h.key, 2), j.name)" sums                           \
    " FROM told h" NAMED("left(h.key, 2)", "u.wk", "'3'") " GROUP BY 1, 2 ORDER BY 1"
#define POWIAT_ROWS(sums)                                                                          \
    "SELECT h.key, concat_ws(' ', h.key, j.name)" sums                                             \
    " FROM told h" NAMED("h.key", "u.wk || u.pk", "'1', '2'") " GROUP BY h.key, j.name ORDER BY 1"
#define JST_ROWS(sums)                                                                             \
    "SELECT u.regon, u.name" sums                                                                  \
    " FROM told h JOIN registry.unit u ON u.unit = h.key GROUP BY u.unit ORDER BY 1"

/* Who asks, and for what. */
enum scope { OF_UNITS, OF_OFFICE_ONE_UNIT, OF_OFFICE, SCOPES };

#define EACH(rows, counted, key, tallied, more)                                                    \
    {                                                                                              \
        counted(key, UNITS) rows(SUMS), counted(key, OFFICES) rows(SUMS),                          \
        TALLY(tallied, more) rows(TALLIES)                                                         \
    }

static const struct {
    const char *by;
    const char *title;  /* heading of the column */
    const char *sql[SCOPES];
} tables[] = {
    {"form", "formularz i poziom",
     EACH(MATTER_ROWS, BY_TERM, "NULL::integer", "NULL::integer", ", x.form, x.form_title, x.level")},
    {"period", "okres", EACH(PERIOD_ROWS, BY_TERM, "NULL::integer", "NULL::integer", ", x.period")},
    {"wojewodztwo", "województwo", EACH(WOJEWODZTWO_ROWS, BY_PLACE, "d.powiat", "d.powiat", "")},
    {"powiat", "powiat", EACH(POWIAT_ROWS, BY_PLACE, "d.powiat", "d.powiat", "")},
    {"office", "odbiorca", EACH(OFFICE_ROWS, BY_TERM, "d.way", "d.way", ", x.recipient")},
    {"jst", "JST", EACH(JST_ROWS, BY_PLACE, "d.jst", "d.jst", "")},
};
/* clang-format on */

enum { KEY_COLUMN, TITLE_COLUMN, FIRST_COUNT };

static void
write_counts(struct json *json, const int64_t *numbers)
{
    for (size_t i = 0; i < COUNTS; i++) {
        json_key(json, counts[i].key);
        json_number(json, numbers[i]);
    }
}

static void
read_counts(const struct store_rows *rows, size_t row, int64_t *numbers)
{
    for (size_t i = 0; i < COUNTS; i++) {
        numbers[i] = store_number(rows, row, FIRST_COUNT + i);
    }
}

static void
write_json(struct buf *out, const struct store_rows *rows, const char *by)
{
    struct json json = json_create(out);
    int64_t     numbers[COUNTS] = {0};
    int64_t     sums[COUNTS] = {0};

    json_object_begin(&json);
    json_member(&json, "by", str_of(by));
    json_key(&json, "items");
    json_array_begin(&json);
    for (size_t row = 0; row < store_row_count(rows); row++) {
        read_counts(rows, row, numbers);
        json_object_begin(&json);
        json_member(&json, "key", store_text(rows, row, KEY_COLUMN));
        json_member(&json, "title", store_text(rows, row, TITLE_COLUMN));
        write_counts(&json, numbers);
        json_object_end(&json);
        for (size_t i = 0; i < COUNTS; i++) {
            sums[i] += numbers[i];
        }
    }
    json_array_end(&json);
    json_key(&json, "total");
    json_object_begin(&json);
    write_counts(&json, sums);
    json_object_end(&json);
    json_object_end(&json);
}

static void
write_csv(struct buf *out, const struct store_rows *rows, const char *title)
{
    struct csv csv = csv_create(out);

    csv_field(&csv, STR("klucz"));
    csv_field(&csv, str_of(title));
    for (size_t i = 0; i < COUNTS; i++) {
        csv_field(&csv, str_of(counts[i].title));
    }
    csv_row_end(&csv);
    for (size_t row = 0; row < store_row_count(rows); row++) {
        int64_t numbers[COUNTS] = {0};
        read_counts(rows, row, numbers);
        csv_field(&csv, store_text(rows, row, KEY_COLUMN));
        csv_field(&csv, store_text(rows, row, TITLE_COLUMN));
        for (size_t i = 0; i < COUNTS; i++) {
            csv_number(&csv, (uint64_t)numbers[i]);
        }
        csv_row_end(&csv);
    }
}

static enum scope
scope_of(const struct obligation_filter *filter)
{
    if (!filter->for_office) {
        return OF_UNITS;
    }
    return filter->unit.size > 0 ? OF_OFFICE_ONE_UNIT : OF_OFFICE;
}

static enum err
answer_table(struct asked *asked, size_t table, const struct obligation_filter *filter,
             struct fault *fault)
{
    struct store_parameters parameters = store_parameters_create(asked->arena);
    struct store_rows       rows = {0};
    struct buf              body = asked_body(asked);

    obligation_filter_put(filter, &parameters);
    if (filter->for_office) {
        TRY(obligation_filter_plan(asked, fault));
    }
    TRY(store_run(asked->tools->store, tables[table].sql[scope_of(filter)], &parameters,
                  asked->arena, &rows, fault));
    if (asked->format == FORMAT_CSV) {
        asked_header(asked, "Content-Disposition", STR("attachment; filename=\"kompletnosc.csv\""));
        write_csv(&body, &rows, tables[table].title);
    } else {
        write_json(&body, &rows, tables[table].by);
    }
    return asked_answer_tagged(asked, &body, fault);
}

enum err
completeness_resource_answer(struct asked *asked, struct fault *fault)
{
    struct obligation_filter filter = {0};
    struct str               by = {0};
    bool                     refused = false;
    size_t                   table = 0;

    if (!wish_word(asked, "by", STR("form period wojewodztwo powiat office jst"), &by)) {
        return asked_refuse_parameter(asked, "by",
                                      "ma być jednym ze słów: form, period, wojewodztwo, powiat, "
                                      "office, jst",
                                      fault);
    }
    TRY(obligation_filter_read(asked, STR("completeness"), &filter, &refused, fault));
    if (refused) {
        return ERR_OK;
    }
    while (by.size > 0 && !str_equal(by, str_of(tables[table].by))) {
        table++;
    }
    return answer_table(asked, table, &filter, fault);
}

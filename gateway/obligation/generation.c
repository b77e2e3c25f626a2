#include "gateway/obligation/generation.h"

#include "gateway/obligation/term.h"

/*
 * Some matters ($5) whose period ends on $2, by the terms $1, in one statement: what is wanted
 * against what is there. $3: the run, $4: today.
 */
/* clang-format off */
#define OFFICES(way) \
    "(SELECT concat_ws(' ', y.office, y.copied) FROM obligation.way y WHERE y.way = " way ")"
static const char ways_sql[] =
    "INSERT INTO obligation.way (office, copied)"
    " SELECT DISTINCT w.office, w.copied FROM obligation.ways_of($1, $2, $3::text::date) w"
    " WHERE NOT EXISTS (SELECT 1 FROM obligation.way y WHERE (y.office, y.copied)"
    "     IS NOT DISTINCT FROM (w.office, w.copied))";
static const char day_sql[] =
    "WITH wanted AS MATERIALIZED (SELECT * FROM obligation.wanted($1, $5, $2::text::date)), "
    "there AS MATERIALIZED (SELECT * FROM obligation.there($5)), "
    "added AS ("
    "    INSERT INTO obligation.duty (unit, matter, term, variant, jst, powiat, way, due_before) "
    "    SELECT w.unit, w.matter, w.term, w.variant, w.jst, w.powiat, w.way, w.due_before FROM wanted w WHERE NOT EXISTS (SELECT 1 FROM there o"
    "        WHERE o.unit = w.unit AND o.matter = w.matter AND o.variant = w.variant) "
    "    ON CONFLICT (unit, matter, variant) DO NOTHING RETURNING 1), "
    "altered AS ("
    "    UPDATE obligation.duty d SET term = w.term, jst = w.jst, powiat = w.powiat,"
    "        way = w.way, due_before = w.due_before,"
    "        superseded_on = NULL, superseded_by = NULL, superseded_why = NULL "
    "    FROM wanted w JOIN there o ON o.unit = w.unit AND o.matter = w.matter"
    "        AND o.variant = w.variant "
    "    WHERE d.duty = o.duty AND (o.term, o.jst, o.powiat, o.way, o.superseded_why)"
    "        IS DISTINCT FROM (w.term, w.jst, w.powiat, w.way, NULL::text) "
    "    RETURNING d.duty, o.superseded_why AS why, o.term AS old_term, w.term,"
    "        o.way AS old_way, w.way,"
    "        concat_ws(' ', o.jst, o.powiat) AS old_place,"
    "        concat_ws(' ', w.jst, w.powiat) AS place), "
    "gone AS ("
    "    SELECT o.duty, o.unit, o.matter FROM there o WHERE o.superseded_why IS NULL"
    "        AND NOT EXISTS (SELECT 1 FROM wanted w WHERE w.unit = o.unit"
    "            AND w.matter = o.matter AND w.variant = o.variant)), "
    "told AS ("
    "    UPDATE obligation.duty d SET superseded_on = $4::text::date,"
    "        superseded_by = CASE WHEN x.followed"
    "            THEN registry.successor_at(d.unit, $2::text::date) END,"
    "        superseded_why = CASE WHEN x.followed THEN 'succession' WHEN NOT x.is_valid"
    "            THEN 'closed' WHEN x.known AND x.needs THEN 'trait'"
    "            WHEN x.known THEN 'registry' ELSE 'calendar' END "
    "    FROM (SELECT g.duty, coalesce(daterange(u.valid_from, u.valid_to, '[]')"
    "                               @> $2::text::date, false) AS is_valid,"
    "              EXISTS (SELECT 1 FROM registry.succession s WHERE s.predecessor = g.unit"
    "                      AND s.day <= $2::text::date) AS followed,"
    "              EXISTS (SELECT 1 FROM obligation.term t WHERE t.matter = g.matter"
    "                      AND t.kind = u.kind AND t.term = ANY ($1)) AS known,"
    "              EXISTS (SELECT 1 FROM obligation.term t WHERE t.matter = g.matter"
    "                      AND t.kind = u.kind AND t.term = ANY ($1) AND t.trait <> '') AS needs"
    "          FROM gone g LEFT JOIN registry.unit u ON u.unit = g.unit) x "
    "    WHERE d.duty = x.duty RETURNING d.duty, d.superseded_why), "
    "noted AS ("
    "    INSERT INTO obligation.change (duty, run, what, before, after) "
    "    SELECT a.duty, $3, x.what, x.before, x.after FROM altered a, LATERAL (VALUES"
    "        ('restored', a.why, ''),"
    "        ('term', nullif(a.old_term, a.term)::text, a.term::text),"
    "        ('recipient', CASE WHEN a.old_way <> a.way THEN " OFFICES("a.old_way") " END,"
    "         " OFFICES("a.way") "),"
    "        ('place', nullif(a.old_place, a.place), a.place)) x (what, before, after) "
    "    WHERE x.before IS NOT NULL "
    "    UNION ALL SELECT t.duty, $3, 'superseded', '', t.superseded_why FROM told t) "
    "SELECT (SELECT count(*) FROM added), (SELECT count(*) FROM told),"
    "    (SELECT count(*) FROM altered WHERE why IS NOT NULL),"
    "    (SELECT count(*) FROM altered WHERE why IS NULL)";
/* clang-format on */

/* Of duty d of matter m and a report. */
#define SAME_VARIANT(r) "obligation.fulfils(d.variant, m.several_per, " r ".variant)"

/* Duties that somebody has entered something about, made just now or another JST's or term's than
 * before, as the day that was entered may be so no more; those made just now that somebody has
 * filed already. $2: the run. */
#define AMONG                                                                                    \
    "ARRAY(SELECT d.duty FROM obligation.matter m JOIN obligation.duty d ON d.matter = m.matter" \
    " WHERE m.matter = ANY ($1) AND "
static const char settle_sql[] =
    "SELECT obligation.apply(" AMONG "(d.internal_on IS NOT NULL"
    "     OR d.unit IN (SELECT e.unit FROM obligation.exemption e)"
    "     OR d.unit IN (SELECT i.unit FROM obligation.internal_due i)"
    "     OR d.jst IN (SELECT i.unit FROM obligation.internal_due i))"
    "    AND (d.created_at = now() OR EXISTS (SELECT 1 FROM obligation.change c"
    "         WHERE c.duty = d.duty AND c.run = $2))))"
    " + obligation.refresh(" AMONG "d.created_at = now()"
    "    AND EXISTS (SELECT 1 FROM intake.report r WHERE r.unit = d.unit AND r.form = m.form"
    "            AND r.period_end = m.period_end AND r.period_type = m.period_type"
    "            AND r.level = m.level AND " SAME_VARIANT("r") ")))";

/* What a conclusion could not settle; strays whose duty has come. Only what is there when this
 * begins is done with. */
static const char notes_sql[] =
    "WITH notes AS MATERIALIZED (SELECT n.unsettled, n.submission FROM obligation.unsettled n"
    "    WHERE n.settled_at IS NULL ORDER BY n.unsettled LIMIT 10000 FOR UPDATE SKIP LOCKED), "
    "found AS MATERIALIZED (SELECT s.ctid AS place, d.duty FROM obligation.stray s"
    "    JOIN obligation.matter m ON m.form = s.form AND m.period_end = s.period_end"
    "        AND m.period_type = s.period_type AND m.level = s.level"
    "    JOIN obligation.duty d ON d.unit = s.unit AND d.matter = m.matter"
    "        AND " SAME_VARIANT(
        "s") " WHERE s.settled_at IS NULL), "
             "done AS (UPDATE obligation.unsettled n SET settled_at = now() FROM notes"
             "    WHERE n.unsettled = notes.unsettled), "
             "come AS (UPDATE obligation.stray s SET settled_at = now() FROM found"
             "    WHERE s.ctid = found.place) "
             "SELECT obligation.refresh("
             "    obligation.concerned(ARRAY(SELECT notes.submission FROM notes))"
             "    || ARRAY(SELECT found.duty FROM found))";

static const char begin_sql[] =
    "INSERT INTO obligation.run (calendar, first_end, last_end, entered_by, added, superseded,"
    " restored, altered, settled)"
    " VALUES ($1, $2::text::date, $3::text::date, $4, 0, 0, 0, 0, 0) RETURNING run,"
    " (SELECT (now() + s.clock_offset) AT TIME ZONE 'Europe/Warsaw' FROM registry.setting s)"
    " ::date::text";
static const char end_sql[] =
    "UPDATE obligation.run SET added = $2, superseded = $3, restored = $4, altered = $5,"
    " settled = $6 WHERE run = $1";
static const char count_sql[] =
    "SELECT count(*) FROM obligation.matter m JOIN obligation.duty d ON d.matter = m.matter"
    " WHERE m.period_end BETWEEN $1::text::date AND $2::text::date AND d.superseded_why IS NULL";

/* Matters of one day that are done in one statement, so that it ends in time for a whole country.
 */
enum { SOME_MAX = 4 };

struct some {
    struct date end;
    int64_t     matters[SOME_MAX];
    size_t      count;
};

struct generating {
    struct store             *store;
    struct arena             *arena;
    struct term_rows          terms;
    int64_t                   run;
    struct str                today;
    struct generation_counts *counts;
};

static struct str
write_day(struct arena *arena, struct date day)
{
    struct buf text = buf_create(arena, 16);

    date_write(&text, day);
    return buf_str(&text);
}

static enum err
settle_some(const struct generating *generating, const struct some *some, struct fault *fault)
{
    struct store_parameters parameters = store_parameters_create(generating->arena);
    struct store_rows       rows = {0};

    store_put_numbers(&parameters, some->matters, some->count);
    store_put_number(&parameters, generating->run);
    TRY(store_run(generating->store, settle_sql, &parameters, generating->arena, &rows, fault));
    generating->counts->settled += store_number(&rows, 0, 0);
    return ERR_OK;
}

/* Made first, because a statement does not see what it makes itself. */
static enum err
make_ways(const struct generating *generating, const struct some *some, struct fault *fault)
{
    struct store_parameters parameters = store_parameters_create(generating->arena);

    store_put_numbers(&parameters, generating->terms.terms, generating->terms.count);
    store_put_numbers(&parameters, some->matters, some->count);
    store_put_text(&parameters, write_day(generating->arena, some->end));
    return store_run(generating->store, ways_sql, &parameters, generating->arena, NULL, fault);
}

static enum err
generate_some(const struct generating *generating, const struct some *some, struct fault *fault)
{
    struct generation_counts *counts = generating->counts;
    struct store_parameters   parameters = store_parameters_create(generating->arena);
    struct store_rows         rows = {0};

    store_put_numbers(&parameters, generating->terms.terms, generating->terms.count);
    store_put_text(&parameters, write_day(generating->arena, some->end));
    store_put_number(&parameters, generating->run);
    store_put_text(&parameters, generating->today);
    store_put_numbers(&parameters, some->matters, some->count);
    TRY(make_ways(generating, some, fault));
    TRY(store_run(generating->store, day_sql, &parameters, generating->arena, &rows, fault));
    counts->added += store_number(&rows, 0, 0);
    counts->superseded += store_number(&rows, 0, 1);
    counts->restored += store_number(&rows, 0, 2);
    counts->altered += store_number(&rows, 0, 3);
    return settle_some(generating, some, fault);
}

/* Also what an earlier calendar spoke of and this one does not. */
static enum err
generate_all(const struct generating *generating, const struct generation_wish *wish,
             struct fault *fault)
{
    static const char       sql[] = "SELECT m.matter, m.period_end FROM obligation.matter m"
                                    " WHERE m.period_end BETWEEN $1::text::date AND $2::text::date"
                                    " ORDER BY m.period_end, m.matter";
    struct store_parameters parameters = store_parameters_create(generating->arena);
    struct store_rows       rows = {0};
    struct some             some = {0};

    store_put_text(&parameters, write_day(generating->arena, wish->first_end));
    store_put_text(&parameters, write_day(generating->arena, wish->last_end));
    TRY(store_run(generating->store, sql, &parameters, generating->arena, &rows, fault));
    for (size_t i = 0; i < store_row_count(&rows); i++) {
        struct date end = store_date(&rows, i, 1);
        if (some.count == SOME_MAX || (some.count > 0 && date_compare(some.end, end) != 0)) {
            TRY(generate_some(generating, &some, fault));
            some.count = 0;
        }
        some.end = end;
        some.matters[some.count] = store_number(&rows, i, 0);
        some.count++;
    }
    return some.count == 0 ? ERR_OK : generate_some(generating, &some, fault);
}

static enum err
begin_run(struct generating *generating, const struct calendar *calendar,
          const struct generation_wish *wish, struct fault *fault)
{
    struct store_parameters parameters = store_parameters_create(generating->arena);
    struct store_rows       rows = {0};

    store_put_text(&parameters, calendar->version);
    store_put_text(&parameters, write_day(generating->arena, wish->first_end));
    store_put_text(&parameters, write_day(generating->arena, wish->last_end));
    store_put_text(&parameters, wish->by);
    TRY(store_run(generating->store, begin_sql, &parameters, generating->arena, &rows, fault));
    generating->run = store_number(&rows, 0, 0);
    generating->today = store_text(&rows, 0, 1);
    return ERR_OK;
}

static enum err
end_run(const struct generating *generating, const struct generation_wish *wish,
        struct fault *fault)
{
    struct generation_counts *counts = generating->counts;
    struct store_parameters   parameters = store_parameters_create(generating->arena);
    struct store_parameters   days = store_parameters_create(generating->arena);
    struct store_rows         rows = {0};
    const int64_t             numbers[] = {generating->run,  counts->added,   counts->superseded,
                                           counts->restored, counts->altered, counts->settled};

    for (size_t i = 0; i < ARRAY_COUNT(numbers); i++) {
        store_put_number(&parameters, numbers[i]);
    }
    TRY(store_run(generating->store, end_sql, &parameters, generating->arena, NULL, fault));
    store_put_text(&days, write_day(generating->arena, wish->first_end));
    store_put_text(&days, write_day(generating->arena, wish->last_end));
    TRY(store_run(generating->store, count_sql, &days, generating->arena, &rows, fault));
    counts->all = store_number(&rows, 0, 0);
    return ERR_OK;
}

/* One generation at a time; two would wait for each other's rows. A country is joined in memory. */
static const char alone_sql[] = "SELECT pg_advisory_xact_lock(hashtextextended('obligation', 0)),"
                                " set_config('work_mem', '128MB', true)";

enum err
generation_run(struct store *store, struct arena *arena, const struct calendar *calendar,
               const struct generation_wish *wish, struct generation_counts *out,
               struct fault *fault)
{
    const struct term_span   span = {wish->first_end, wish->last_end};
    struct generation_counts counts = {0};
    struct generating        generating = {.store = store, .arena = arena, .counts = &counts};
    struct store_rows        rows = {0};

    TRY(store_run(store, alone_sql, NULL, arena, NULL, fault));
    TRY(begin_run(&generating, calendar, wish, fault));
    TRY(term_fill(store, arena, calendar, &span, &generating.terms, fault));
    counts.terms = (int64_t)generating.terms.count;
    TRY(generate_all(&generating, wish, fault));
    TRY(store_run(store, notes_sql, NULL, arena, &rows, fault));
    counts.settled += store_number(&rows, 0, 0);
    TRY(store_run(store, "SELECT obligation.merge_tallies()", NULL, arena, NULL, fault));
    TRY(end_run(&generating, wish, fault));
    *out = counts;
    return ERR_OK;
}

void
generation_current(struct date today, struct generation_wish *out)
{
    int64_t day = date_days(today);

    out->first_end = date_of_days(day - GENERATION_DAYS_BACK);
    out->last_end = date_of_days(day + GENERATION_DAYS_AHEAD);
}

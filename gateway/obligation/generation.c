#include "gateway/obligation/generation.h"

#include "gateway/obligation/term.h"

/*
 * Who owes what for a period that ends on $2, by the terms $1: every unit that is there on that day
 * and is of the kind of a term; its place in the tree and the office that it reports to. A JST
 * reports to the office that the registry names for it, else to that of its voivodeship, else to
 * the one of the country.
 */
#define OFFICE_OF(kind)                                                                         \
    "(SELECT o.office FROM registry.office o LEFT JOIN registry.unit_office l"                  \
    " ON l.office = o.office AND l.unit = j.unit AND daterange(l.valid_from, l.valid_to, '[]')" \
    " @> $2::text::date WHERE o.kind = " kind                                                   \
    "  AND (l.unit IS NOT NULL OR o.wk = j.wk OR o.wk IS NULL)"                                 \
    " ORDER BY l.unit IS NULL, o.wk IS NULL, o.office LIMIT 1)"
#define WANTED                                                                                     \
    "WITH RECURSIVE u AS MATERIALIZED (SELECT * FROM registry.units_at($2::text::date)), "         \
    "tree (unit, jst, depth) AS ("                                                                 \
    "    SELECT u.unit, u.unit, 0 FROM u WHERE u.parent IS NULL UNION ALL "                        \
    "    SELECT u.unit, t.jst, t.depth + 1 FROM tree t JOIN u ON u.parent = t.unit"                \
    "    WHERE t.depth < 8), "                                                                     \
    "terms AS MATERIALIZED ("                                                                      \
    "    SELECT t.*, string_to_array(nullif(t.copies, ''), ' ') AS copied FROM obligation.term t"  \
    "    JOIN obligation.matter m ON m.matter = t.matter AND m.period_end = $2::text::date"        \
    "    WHERE t.term = ANY ($1::bigint[])"                                                        \
    "      AND (NOT t.model OR (SELECT s.environment FROM registry.setting s) = 'TEST')), "        \
    "tops AS MATERIALIZED ("                                                                       \
    "    SELECT u.unit, u.wk, u.pk, CASE registry.government(u.gt, u.pt) WHEN 'gmina' THEN 1"      \
    "        WHEN 'miasto-npp' THEN 2 WHEN 'powiat' THEN 4 WHEN 'wojewodztwo' THEN 8 ELSE 0 END"   \
    "        AS type FROM u WHERE u.parent IS NULL), "                                             \
    "ways AS MATERIALIZED ("                                                                       \
    "    SELECT j.unit, k.recipient, k.copied, " OFFICE_OF(                                        \
        "k.recipient") " AS office,"                                                               \
                       "        (SELECT array_agg(c.office) FROM unnest(k.copied) x (kind),"       \
                       "             LATERAL " OFFICE_OF(                                          \
                           "x.kind") " c (office) WHERE c.office IS NOT NULL)"                     \
                                     "        AS offices "                                         \
                                     "    FROM tops j CROSS JOIN (SELECT DISTINCT t.recipient, "   \
                                     "t.copied FROM terms t) k), "                                 \
                                     "wanted AS ("                                                 \
                                     "    SELECT u.unit, t.matter, t.term, tree.jst, tops.wk || "  \
                                     "tops.pk AS powiat, w.office,"                                \
                                     "        w.offices AS copied "                                \
                                     "    FROM terms t JOIN u ON u.kind = t.kind AND u.is_valid"   \
                                     "    JOIN tree ON tree.unit = u.unit"                         \
                                     "    JOIN tops ON tops.unit = tree.jst AND (t.jst_types = 0 " \
                                     "OR t.jst_types & tops.type <> 0)"                            \
                                     "    JOIN ways w ON w.unit = tree.jst AND w.recipient = "     \
                                     "t.recipient"                                                 \
                                     "        AND w.copied IS NOT DISTINCT FROM t.copied) "

static const char add_sql[] =
    WANTED ", added AS ("
           "    INSERT INTO obligation.duty (unit, matter, term, jst, powiat, office, copied) "
           "    SELECT w.unit, w.matter, w.term, w.jst, w.powiat, w.office, w.copied FROM wanted w "
           "    ON CONFLICT (unit, matter, variant) DO NOTHING RETURNING 1) "
           "SELECT count(*) FROM added";

/* Another term, recipient or place; and what is owed again. $3: the run. */
static const char alter_sql[] =
    WANTED ", altered AS ("
           "    UPDATE obligation.duty d SET term = w.term, jst = w.jst, powiat = w.powiat,"
           "        office = w.office, copied = w.copied, superseded_on = NULL,"
           "        superseded_by = NULL, superseded_why = NULL "
           "    FROM wanted w, obligation.duty o "
           "    WHERE d.unit = w.unit AND d.matter = w.matter AND o.duty = d.duty"
           "      AND (d.term, d.jst, d.powiat, d.office, d.copied, d.superseded_why)"
           "          IS DISTINCT FROM (w.term, w.jst, w.powiat, w.office, w.copied, NULL::text) "
           "    RETURNING d.duty, o.term AS old_term, w.term, o.office AS old_office, w.office,"
           "        o.copied AS old_copied, w.copied, o.jst AS old_jst, w.jst, o.powiat AS"
           "        old_powiat, w.powiat, o.superseded_why AS why), "
           "noted AS (INSERT INTO obligation.change (duty, run, what, before, after) "
           "    SELECT a.duty, $3, x.what, x.before, x.after FROM altered a, LATERAL (VALUES"
           "        ('restored', a.why, ''),"
           "        ('term', nullif(a.old_term, a.term)::text, a.term::text),"
           "        ('recipient', CASE WHEN (a.old_office, a.old_copied) IS DISTINCT FROM"
           "             (a.office, a.copied) THEN concat_ws(' ', a.old_office, a.old_copied) END,"
           "             concat_ws(' ', a.office, a.copied)),"
           "        ('place', CASE WHEN (a.old_jst, a.old_powiat) <> (a.jst, a.powiat)"
           "             THEN concat_ws(' ', a.old_jst, a.old_powiat) END,"
           "             concat_ws(' ', a.jst, a.powiat))) x (what, before, after) "
           "    WHERE x.before IS NOT NULL) "
           "SELECT count(*) FILTER (WHERE why IS NOT NULL), count(*) FILTER (WHERE why IS NULL)"
           " FROM altered";

/* Owed no more. $4: today. */
static const char supersede_sql[] =
    WANTED ", gone AS ("
           "    SELECT d.duty, d.unit, d.matter FROM obligation.matter m"
           "    JOIN obligation.duty d ON d.matter = m.matter AND d.superseded_why IS NULL "
           "    WHERE m.period_end = $2::text::date AND NOT EXISTS ("
           "        SELECT 1 FROM wanted w WHERE w.unit = d.unit AND w.matter = d.matter)), "
           "told AS ("
           "    UPDATE obligation.duty d SET superseded_on = $4::text::date,"
           "        superseded_by = CASE WHEN x.followed"
           "            THEN registry.successor_at(d.unit, $2::text::date) END,"
           "        superseded_why = CASE WHEN x.followed THEN 'succession' WHEN NOT u.is_valid"
           "            THEN 'closed' WHEN x.known THEN 'registry' ELSE 'calendar' END "
           "    FROM gone g JOIN u ON u.unit = g.unit, LATERAL (SELECT"
           "        EXISTS (SELECT 1 FROM registry.succession s WHERE s.predecessor = g.unit"
           "                AND s.day <= $2::text::date) AS followed,"
           "        EXISTS (SELECT 1 FROM terms t WHERE t.matter = g.matter AND t.kind = u.kind)"
           "            AS known) x "
           "    WHERE d.duty = g.duty RETURNING d.duty, d.superseded_why), "
           "noted AS (INSERT INTO obligation.change (duty, run, what, before, after) "
           "    SELECT t.duty, $3, 'superseded', '', t.superseded_why FROM told t) "
           "SELECT count(*) FROM told";

/* Duties made just now that somebody has entered something about, or has filed already. */
#define MADE_NOW                                                                                 \
    "ARRAY(SELECT d.duty FROM obligation.matter m JOIN obligation.duty d ON d.matter = m.matter" \
    " WHERE m.period_end = $1::text::date AND d.created_at = now() AND "
static const char settle_sql[] =
    "SELECT obligation.apply(" MADE_NOW "    (d.unit IN (SELECT e.unit FROM obligation.exemption e)"
    "     OR d.unit IN (SELECT i.unit FROM obligation.internal_due i)"
    "     OR d.jst IN (SELECT i.unit FROM obligation.internal_due i))))"
    " + obligation.refresh(" MADE_NOW
    "    EXISTS (SELECT 1 FROM intake.report r WHERE r.unit = d.unit AND r.form = m.form"
    "            AND r.period_end = m.period_end AND r.period_type = m.period_type"
    "            AND r.level = m.level AND r.variant = d.variant)))";

/* What a conclusion could not settle; strays whose duty has come. Only what is there when this
 * begins is done with. */
static const char notes_sql[] =
    "WITH notes AS MATERIALIZED (SELECT n.unsettled, n.submission FROM obligation.unsettled n"
    "    WHERE n.settled_at IS NULL ORDER BY n.unsettled LIMIT 10000 FOR UPDATE SKIP LOCKED), "
    "found AS MATERIALIZED (SELECT s.ctid AS place, d.duty FROM obligation.stray s"
    "    JOIN obligation.matter m ON m.form = s.form AND m.period_end = s.period_end"
    "        AND m.period_type = s.period_type AND m.level = s.level"
    "    JOIN obligation.duty d ON d.unit = s.unit AND d.matter = m.matter"
    "        AND d.variant = s.variant WHERE s.settled_at IS NULL), "
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

/* A statement over the terms of one day; further: how many of run and today it takes as well. */
static enum err
ask(const struct generating *generating, const char *sql, struct str day, int further,
    struct store_rows *rows, struct fault *fault)
{
    struct store_parameters parameters = store_parameters_create(generating->arena);

    store_put_numbers(&parameters, generating->terms.terms, generating->terms.count);
    store_put_text(&parameters, day);
    if (further > 0) {
        store_put_number(&parameters, generating->run);
    }
    if (further > 1) {
        store_put_text(&parameters, generating->today);
    }
    return store_run(generating->store, sql, &parameters, generating->arena, rows, fault);
}

static enum err
settle_day(const struct generating *generating, struct str day, struct fault *fault)
{
    struct store_parameters parameters = store_parameters_create(generating->arena);
    struct store_rows       rows = {0};

    store_put_text(&parameters, day);
    TRY(store_run(generating->store, settle_sql, &parameters, generating->arena, &rows, fault));
    generating->counts->settled += store_number(&rows, 0, 0);
    return ERR_OK;
}

/* All periods that end on one day. */
static enum err
generate_day(const struct generating *generating, struct date end, struct fault *fault)
{
    struct generation_counts *counts = generating->counts;
    struct str                day = write_day(generating->arena, end);
    struct store_rows         rows = {0};

    TRY(ask(generating, supersede_sql, day, 2, &rows, fault));
    counts->superseded += store_number(&rows, 0, 0);
    TRY(ask(generating, alter_sql, day, 1, &rows, fault));
    counts->restored += store_number(&rows, 0, 0);
    counts->altered += store_number(&rows, 0, 1);
    TRY(ask(generating, add_sql, day, 0, &rows, fault));
    counts->added += store_number(&rows, 0, 0);
    return settle_day(generating, day, fault);
}

/* Also days of which an earlier calendar spoke and this one does not. */
static enum err
generate_days(const struct generating *generating, const struct generation_wish *wish,
              struct fault *fault)
{
    static const char       sql[] = "SELECT DISTINCT m.period_end FROM obligation.matter m"
                                    " WHERE m.period_end BETWEEN $1::text::date AND $2::text::date"
                                    " ORDER BY 1";
    struct store_parameters parameters = store_parameters_create(generating->arena);
    struct store_rows       rows = {0};

    store_put_text(&parameters, write_day(generating->arena, wish->first_end));
    store_put_text(&parameters, write_day(generating->arena, wish->last_end));
    TRY(store_run(generating->store, sql, &parameters, generating->arena, &rows, fault));
    for (size_t i = 0; i < store_row_count(&rows); i++) {
        TRY(generate_day(generating, store_date(&rows, i, 0), fault));
    }
    return ERR_OK;
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

/* One generation at a time; two would wait for each other's rows. */
static const char alone_sql[] = "SELECT pg_advisory_xact_lock(hashtextextended('obligation', 0))";

enum err
generation_run(struct store *store, struct arena *arena, const struct calendar *calendar,
               const struct generation_wish *wish, struct generation_counts *out,
               struct fault *fault)
{
    struct generation_counts counts = {0};
    struct generating        generating = {.store = store, .arena = arena, .counts = &counts};
    struct store_rows        rows = {0};

    TRY(store_run(store, alone_sql, NULL, arena, NULL, fault));
    TRY(begin_run(&generating, calendar, wish, fault));
    TRY(term_fill(store, arena, calendar, wish->first_end, wish->last_end, &generating.terms,
                  fault));
    counts.terms = (int64_t)generating.terms.count;
    TRY(generate_days(&generating, wish, fault));
    TRY(store_run(store, notes_sql, NULL, arena, &rows, fault));
    counts.settled += store_number(&rows, 0, 0);
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

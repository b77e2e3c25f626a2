#include "gateway/intake/redecision.h"

/* One key of a report, said of two rows. */
#define SAME_KEY(a, b)                                                                             \
    a ".unit = " b ".unit AND " a ".form = " b ".form AND " a ".period_end = " b ".period_end"     \
      " AND " a ".period_type = " b ".period_type AND " a ".level = " b ".level AND " a ".variant" \
      " = " b ".variant"

/*
 * Every key under which the submissions of the batch have, or had, an accepted report, and of each
 * the best of what is accepted still (design.md 6). $1: submissions, $2: the time of the decision.
 */
#define BEST                                                                                      \
    "WITH keys AS ("                                                                              \
    "    SELECT DISTINCT r.unit, r.form, r.period_end, r.period_type, r.level, r.variant "        \
    "    FROM intake.report r "                                                                   \
    "    WHERE r.submission = ANY ($1::uuid[]) AND r.verdict = 1 AND r.unit IS NOT NULL), "       \
    "best AS ("                                                                                   \
    "    SELECT b.report FROM keys k CROSS JOIN LATERAL ("                                        \
    "        SELECT c.report FROM intake.report c "                                               \
    "        WHERE " SAME_KEY(                                                                    \
        "c", "k") " AND c.verdict = 1"                                                            \
                  "          AND NOT EXISTS (SELECT 1 FROM intake.decision d "                    \
                  "                          WHERE d.submission = c.submission AND d.n > c.n"     \
                  "                            AND d.kind = 'decision') "                         \
                  "        ORDER BY c.version DESC NULLS LAST, c.arrived DESC, c.log_index DESC," \
                  "                 c.ordinal DESC LIMIT 1) b) "

/* Two statements, because the index that allows one in force is asked row by row: first what ends.
 * What would have been in force for no time at all was not; without a time left it never was. */
static const char end_sql[] = BEST
    "UPDATE intake.report h SET in_force = nullif(h.in_force * tstzmultirange(tstzrange(NULL,"
    "        greatest($2::timestamptz, (SELECT max(lower(x)) FROM unnest(h.in_force) x)))), '{}') "
    "FROM keys k WHERE " SAME_KEY("h", "k") " AND upper_inf(h.in_force)"
                                            " AND h.report NOT IN (SELECT b.report FROM best b)";

/* Not before the last one of the key has ended, also when the clock was set back since. */
static const char begin_sql[] = BEST
    "UPDATE intake.report b SET in_force = coalesce(b.in_force, '{}') + tstzmultirange(tstzrange("
    "        greatest($2::timestamptz, (SELECT max(upper(h.in_force)) FROM intake.report h"
    "                                   WHERE " SAME_KEY(
        "h", "b") " AND h.verdict = 1)), NULL)) "
                  "WHERE b.report IN (SELECT best.report FROM best)"
                  " AND NOT coalesce(upper_inf(b.in_force), false)";

static const char tops_sql[] =
    "SELECT DISTINCT q.at, p.path[cardinality(p.path)] AS top "
    "FROM unnest($1::uuid[]) WITH ORDINALITY q (submission, at) "
    "CROSS JOIN LATERAL ("
    "    SELECT s.subject AS unit FROM intake.submission s WHERE s.submission = q.submission "
    "    UNION "
    "    SELECT r.unit FROM intake.report r "
    "    WHERE r.submission = q.submission AND r.unit IS NOT NULL) u "
    "CROSS JOIN LATERAL (SELECT registry.path(u.unit) AS path) p ORDER BY q.at, top";

enum err
redecision_tops(struct store *store, struct arena *arena, const struct uuid *ids, size_t count,
                struct redecision_tops *out, struct fault *fault)
{
    struct store_parameters parameters = store_parameters_create(arena);
    struct store_rows       rows = {0};

    store_put_uuids(&parameters, ids, count);
    TRY(store_run(store, tops_sql, &parameters, arena, &rows, fault));
    struct redecision_top *tops = ARENA_NEW(arena, struct redecision_top, store_row_count(&rows));
    if (tops == NULL) {
        return FAIL(fault, ERR_MEMORY, "%zu JST", store_row_count(&rows));
    }
    for (size_t i = 0; i < store_row_count(&rows); i++) {
        tops[i] = (struct redecision_top){.at = (size_t)store_number(&rows, i, 0) - 1,
                                          .top = store_number(&rows, i, 1)};
    }
    *out = (struct redecision_tops){.items = tops, .count = store_row_count(&rows)};
    return ERR_OK;
}

bool
redecision_among(const struct concluding *items, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (items[i].n > 1 && items[i].decided != NULL) {
            return true;
        }
    }
    return false;
}

enum err
redecision_settle(struct store *store, struct arena *arena, const struct concluding *items,
                  size_t count, struct fault *fault)
{
    struct store_parameters parameters = store_parameters_create(arena);
    struct uuid            *ids = ARENA_NEW(arena, struct uuid, count + 1);
    instant                 at = 0;

    if (ids == NULL) {
        return FAIL(fault, ERR_MEMORY, "a batch of %zu decisions", count);
    }
    for (size_t i = 0; i < count; i++) {
        ids[i] = items[i].queued->id;
        at = items[i].decided_at; /* one batch is decided at one time */
    }
    store_put_uuids(&parameters, ids, count);
    store_put_instant(&parameters, at);
    TRY(store_run(store, end_sql, &parameters, arena, NULL, fault));
    return store_run(store, begin_sql, &parameters, arena, NULL, fault);
}

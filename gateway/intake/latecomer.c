#include "gateway/intake/latecomer.h"

#include "gateway/intake/redecision.h"

/* One key of a report, said of two rows. */
#define SAME_KEY(a, b)                                                                             \
    a ".unit = " b ".unit AND " a ".form = " b ".form AND " a ".period_end = " b ".period_end"     \
      " AND " a ".period_type = " b ".period_type AND " a ".level = " b ".level AND " a ".variant" \
      " = " b ".variant"

/* Of every key under which the batch has, or had, a report: those that came after it and of which
 * something else is stated than conclusion_context would find now. */
static const char wake_sql[] =
    "WITH keys AS ("
    "    SELECT r.unit, r.form, r.period_end, r.period_type, r.level, r.variant,"
    "           min(r.arrived) AS arrived "
    "    FROM intake.report r "
    "    WHERE r.submission = ANY ($1::uuid[]) AND r.unit IS NOT NULL "
    "    GROUP BY r.unit, r.form, r.period_end, r.period_type, r.level, r.variant), "
    "wrong AS ("
    "    SELECT l.submission "
    "    FROM keys k "
    "    JOIN intake.report l ON " SAME_KEY(
        "l",
        "k") " AND l.arrived > k.arrived "
             "    JOIN intake.submission o ON o.submission = l.submission AND o.decided_n = l.n "
             "    CROSS JOIN LATERAL (SELECT EXISTS ("
             "        SELECT FROM intake.report e "
             "        JOIN intake.submission t ON t.submission = e.submission AND t.decided_n = "
             "e.n "
             "        WHERE " SAME_KEY(
                 "e",
                 "l") " AND e.verdict = 1 AND e.arrived < l.arrived)) x (corrects) "
                      "    WHERE (l.timeliness IN ('late', 'correction')"
                      "           AND (l.timeliness = 'correction') <> x.corrects)"
                      "       OR (l.verdict = 1 AND l.corrects <> x.corrects)) "
                      "INSERT INTO intake.work (submission, cause) "
                      "SELECT s.submission, 'earlier-decided' FROM intake.submission s "
                      "WHERE s.submission IN (SELECT w.submission FROM wrong w)"
                      "  AND NOT EXISTS (SELECT 1 FROM intake.work w"
                      "                  WHERE w.submission = s.submission AND w.done_at IS NULL) "
                      "ORDER BY s.arrived, s.ordinal";

static bool
may_overtake(const struct concluding *item)
{
    bool may = false;

    for (size_t i = 0; i < conclusion_report_count(item); i++) {
        may =
            may
            || (item->before[i].has_later && item->decided->reports[i].verdict == VERDICT_ACCEPTED);
    }
    return may;
}

enum err
latecomer_wake(struct store *store, struct arena *arena, const struct concluding *items,
               size_t count, struct fault *fault)
{
    struct store_parameters parameters = store_parameters_create(arena);
    struct uuid            *ids = ARENA_NEW(arena, struct uuid, count + 1);
    bool                    needed = redecision_among(items, count);

    if (ids == NULL) {
        return FAIL(fault, ERR_MEMORY, "a batch of %zu decisions", count);
    }
    for (size_t i = 0; i < count; i++) {
        ids[i] = items[i].queued->id;
        needed = needed || may_overtake(&items[i]);
    }
    if (!needed) {
        return ERR_OK;
    }
    store_put_uuids(&parameters, ids, count);
    return store_run(store, wake_sql, &parameters, arena, NULL, fault);
}

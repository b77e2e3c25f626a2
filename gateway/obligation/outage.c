#include "gateway/obligation/outage.h"

static const char *
obstacle(const struct outage *outage, instant now)
{
    if (outage->ended <= outage->began) {
        return "Przerwa kończy się przed swoim początkiem; zamień chwile";
    }
    if (outage->ended > now) {
        return "Przerwa kończy się w przyszłości; zapisz ją, gdy minie";
    }
    if (outage->description.size == 0 || outage->evidence.size == 0) {
        return "Zapis przerwy jest dowodem: podaj, czego nie dało się zrobić i gdzie to widać";
    }
    return NULL;
}

enum err
outage_add(const struct act *act, const struct outage *outage, int64_t *number, struct fault *fault)
{
    static const char insert_sql[] =
        "INSERT INTO obligation.outage (began, ended, description, evidence, entered_by)"
        " VALUES ($1, $2, $3, $4, $5) RETURNING outage";
    struct store_parameters parameters = store_parameters_create(act->arena);
    struct store_rows       rows = {0};

    TRY(act_need(act, fault));
    const char *why_not = obstacle(outage, act->now);
    if (why_not != NULL) {
        return FAIL(fault, ERR_DENIED, "%s", why_not);
    }
    store_put_instant(&parameters, outage->began);
    store_put_instant(&parameters, outage->ended);
    store_put_text(&parameters, outage->description);
    store_put_text(&parameters, outage->evidence);
    store_put_text(&parameters, act->by);
    TRY(store_run(act->store, insert_sql, &parameters, act->arena, &rows, fault));
    *number = store_number(&rows, 0, 0);
    return ERR_OK;
}

#define AFTER (OUTAGE_AFTER_HOURS * INT64_C(3600) * INSTANT_PER_SECOND)

static bool
is_near(const struct outage *outage, instant at)
{
    return outage->began <= at && outage->ended > at - AFTER;
}

bool
outage_touches(const struct outage *outage, instant first, instant arrived)
{
    return is_near(outage, first) || is_near(outage, arrived);
}

enum err
outage_near(struct store *store, struct arena *arena, const instant *moments, size_t count,
            struct outages *out, struct fault *fault)
{
    /* As is_near. */
    static const char sql[] =
        "SELECT o.began, o.ended, o.description FROM obligation.outage o WHERE EXISTS ("
        "  SELECT 1 FROM unnest($1::bigint[]) q (at) CROSS JOIN LATERAL"
        "   (SELECT timestamptz 'epoch' + q.at * interval '1 microsecond') m (at)"
        "  WHERE o.began <= m.at AND o.ended > m.at - $2 * interval '1 hour')"
        " AND NOT EXISTS (SELECT 1"
        "  FROM obligation.revocation r WHERE r.what = 'outage' AND r.number = o.outage)"
        " ORDER BY o.began, o.outage";
    struct store_parameters parameters = store_parameters_create(arena);
    struct store_rows       rows = {0};

    store_put_numbers(&parameters, moments, count);
    store_put_number(&parameters, OUTAGE_AFTER_HOURS);
    TRY(store_run(store, sql, &parameters, arena, &rows, fault));
    struct outage *all = ARENA_NEW(arena, struct outage, store_row_count(&rows) + 1);
    if (all == NULL) {
        return FAIL(fault, ERR_MEMORY, "%zu outages", store_row_count(&rows));
    }
    for (size_t i = 0; i < store_row_count(&rows); i++) {
        all[i] = (struct outage){.began = store_instant(&rows, i, 0),
                                 .ended = store_instant(&rows, i, 1),
                                 .description = store_text(&rows, i, 2)};
    }
    *out = (struct outages){all, store_row_count(&rows)};
    return ERR_OK;
}

enum err
outage_list(struct store *store, struct arena *arena, struct outage **out, size_t *count,
            struct fault *fault)
{
    static const char sql[] =
        "SELECT o.outage, o.began, o.ended, o.description, o.evidence, o.entered_by,"
        " EXISTS (SELECT 1 FROM obligation.revocation r WHERE r.what = 'outage'"
        "  AND r.number = o.outage) FROM obligation.outage o ORDER BY o.began DESC, o.outage DESC";
    struct store_rows rows = {0};

    TRY(store_run(store, sql, NULL, arena, &rows, fault));
    struct outage *all = ARENA_NEW(arena, struct outage, store_row_count(&rows) + 1);
    if (all == NULL) {
        return FAIL(fault, ERR_MEMORY, "%zu outages", store_row_count(&rows));
    }
    for (size_t i = 0; i < store_row_count(&rows); i++) {
        all[i] = (struct outage){.number = store_number(&rows, i, 0),
                                 .began = store_instant(&rows, i, 1),
                                 .ended = store_instant(&rows, i, 2),
                                 .description = store_text(&rows, i, 3),
                                 .evidence = store_text(&rows, i, 4),
                                 .by = store_text(&rows, i, 5),
                                 .revoked = store_truth(&rows, i, 6)};
    }
    *out = all;
    *count = store_row_count(&rows);
    return ERR_OK;
}

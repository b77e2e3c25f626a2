#include "gateway/intake/correction_reason.h"

#include "gateway/intake/conclusion.h"
#include "gateway/intake/race.h"

enum column { COLUMN_CORRECTS, COLUMN_REVISION, COLUMN_SAME };

/* The report as the newest decision has it, and the reason that holds. */
static const char look_sql[] =
    "SELECT intake.is_correction(r) AND r.verdict = 1, coalesce(c.revision, 0),"
    "       coalesce(c.code = $4 AND c.text = $5, false) "
    "FROM intake.submission s "
    "JOIN intake.report r ON r.submission = s.submission AND r.n = s.decided_n"
    "    AND r.ordinal = $2::bigint - 1 "
    "LEFT JOIN LATERAL (SELECT x.revision, x.code, x.text FROM intake.correction_reason x"
    "    WHERE x.submission = s.submission AND x.report = r.ordinal"
    "    ORDER BY x.revision DESC LIMIT 1) c ON true "
    "WHERE s.submission = $1 AND (s.subject = $3 OR (r.unit IS NOT NULL"
    "    AND registry.acts_for($3, r.unit, registry.today())))";

static const char keep_sql[] =
    "INSERT INTO intake.correction_reason"
    " (submission, report, revision, code, text, given_at, unit, credential, appointment) "
    "VALUES ($1, $2::bigint - 1, $3, $4, $5, $6, $7, $8, $9)";

static enum err
look(struct store *store, struct arena *arena, const struct correction_reason_request *request,
     struct correction_reason *out, struct fault *fault)
{
    struct store_parameters parameters = store_parameters_create(arena);
    struct store_rows       rows = {0};

    store_put_uuid(&parameters, request->id);
    store_put_number(&parameters, (int64_t)request->report);
    store_put_number(&parameters, request->mandate.subject);
    store_put_text(&parameters, request->code);
    store_put_text(&parameters, request->text.data == NULL ? STR("") : request->text);
    TRY(store_run(store, look_sql, &parameters, arena, &rows, fault));
    if (store_row_count(&rows) == 0) {
        out->end = CORRECTION_REASON_ABSENT;
        return ERR_OK;
    }
    out->revision = (uint32_t)store_number(&rows, 0, COLUMN_REVISION);
    if (!store_truth(&rows, 0, COLUMN_CORRECTS)) {
        out->end = CORRECTION_REASON_NO_CORRECTION;
    } else if (store_truth(&rows, 0, COLUMN_SAME)) {
        out->end = CORRECTION_REASON_SAME;
    } else if (out->revision != request->revision) {
        out->end = CORRECTION_REASON_CHANGED;
    } else if (out->revision >= CORRECTION_REASON_REVISION_MAX) {
        out->end = CORRECTION_REASON_FULL;
    } else {
        out->end = CORRECTION_REASON_KEPT;
    }
    return ERR_OK;
}

static enum err
keep(struct store *store, struct arena *arena, const struct correction_reason_request *request,
     instant at, struct fault *fault)
{
    struct store_parameters parameters = store_parameters_create(arena);

    store_put_uuid(&parameters, request->id);
    store_put_number(&parameters, (int64_t)request->report);
    store_put_integer(&parameters, (int32_t)request->revision + 1);
    store_put_text(&parameters, request->code);
    store_put_text(&parameters, request->text.data == NULL ? STR("") : request->text);
    store_put_instant(&parameters, at);
    store_put_number(&parameters, request->mandate.subject);
    mandate_put(&parameters, &request->mandate);
    return race_tell(store, store_run(store, keep_sql, &parameters, arena, NULL, fault), fault);
}

static enum err
give(struct store *store, struct arena *arena, const struct correction_reason_request *request,
     struct correction_reason *out, struct fault *fault)
{
    TRY(conclusion_begin(store, arena, &out->at, fault));
    TRY(mandate_look(store, arena, &request->mandate, PERMISSION_ACTION_FILE, &out->mandate,
                     fault));
    if (out->mandate != MANDATE_HOLDS) {
        out->end = CORRECTION_REASON_REFUSED;
        store_rollback(store);
        return ERR_OK;
    }
    TRY(look(store, arena, request, out, fault));
    if (out->end != CORRECTION_REASON_KEPT) {
        store_rollback(store);
        return ERR_OK;
    }
    TRY(keep(store, arena, request, out->at, fault));
    out->revision = request->revision + 1;
    return store_commit(store, fault);
}

enum err
correction_reason_give(struct store *store, struct arena *arena,
                       const struct correction_reason_request *request,
                       struct correction_reason *out, struct fault *fault)
{
    struct correction_reason made = {0};
    enum err                 got = give(store, arena, request, &made, fault);

    if (got == ERR_STORE_CONFLICT) { /* between look and keep somebody has given one */
        store_rollback(store);
        made = (struct correction_reason){0};
        got = give(store, arena, request, &made, fault);
    }
    if (got != ERR_OK) {
        store_rollback(store);
        return got;
    }
    *out = made;
    return ERR_OK;
}

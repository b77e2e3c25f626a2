#include "gateway/intake/set_objection.h"

#include "gateway/intake/conclusion.h"
#include "gateway/intake/race.h"

enum column { COLUMN_CODE, COLUMN_CLOSED, COLUMN_REASON, COLUMN_AT };

#define FINDING                                                                       \
    " FROM intake.report_set t JOIN intake.set_finding f ON f.finding = $2"           \
    "    AND f.owner = t.owner AND f.scope = t.scope AND f.period_end = t.period_end" \
    "    AND f.period_type = t.period_type"                                           \
    " JOIN intake.report r ON r.report = f.report"

/* The finding of a set, with the objection that there is. */
static const char look_sql[] =
    "SELECT f.code, f.closed_at IS NOT NULL, o.reason, o.decided_at" FINDING
    " JOIN intake.submission s ON s.submission = r.submission"
    " LEFT JOIN intake.objection o ON o.submission = r.submission AND o.report = r.ordinal"
    "    AND o.mark = f.mark"
    " WHERE t.set = $1 AND (s.subject = $3 OR (r.unit IS NOT NULL"
    "    AND registry.acts_for($3, r.unit, registry.today())))";

static const char keep_sql[] =
    "WITH kept AS ("
    "  INSERT INTO intake.objection (submission, n, report, code, form_version, owner, reason,"
    "    decided_at, mark, unit, credential, appointment)"
    "  SELECT r.submission, r.n, r.ordinal, f.code, $3, $4, $5, $6, f.mark, $7, $8::bigint,"
    "    $9::uuid" FINDING " WHERE t.set = $1 RETURNING submission, n) "
    "INSERT INTO intake.outbox (kind, submission, n) "
    "SELECT 'submission.objected', k.submission, k.n FROM kept k";

static enum set_objection_end
judge(const struct store_rows *rows, const struct set_objection_request *request)
{
    if (store_row_count(rows) == 0) {
        return SET_OBJECTION_ABSENT;
    }
    if (!str_equal(store_text(rows, 0, COLUMN_CODE), request->code)) {
        return SET_OBJECTION_OTHER;
    }
    if (!store_is_null(rows, 0, COLUMN_REASON)) {
        return str_equal(store_text(rows, 0, COLUMN_REASON), request->reason) ? SET_OBJECTION_SAME
                                                                              : SET_OBJECTION_TAKEN;
    }
    return store_truth(rows, 0, COLUMN_CLOSED) ? SET_OBJECTION_CLOSED : SET_OBJECTION_KEPT;
}

static enum err
look(struct store *store, struct arena *arena, const struct set_objection_request *request,
     struct set_objection *out, struct fault *fault)
{
    struct store_parameters parameters = store_parameters_create(arena);
    struct store_rows       rows = {0};

    store_put_number(&parameters, (int64_t)request->set);
    store_put_number(&parameters, (int64_t)request->finding);
    store_put_number(&parameters, request->mandate.subject);
    TRY(store_run(store, look_sql, &parameters, arena, &rows, fault));
    out->end = judge(&rows, request);
    if (out->end == SET_OBJECTION_SAME) {
        out->at = store_instant(&rows, 0, COLUMN_AT);
    }
    return ERR_OK;
}

static enum err
keep(struct store *store, struct arena *arena, const struct set_objection_request *request,
     instant at, struct fault *fault)
{
    struct store_parameters parameters = store_parameters_create(arena);

    store_put_number(&parameters, (int64_t)request->set);
    store_put_number(&parameters, (int64_t)request->finding);
    store_put_text(&parameters, request->version);
    store_put_text(&parameters, request->owner);
    store_put_text(&parameters, request->reason);
    store_put_instant(&parameters, at);
    store_put_number(&parameters, request->mandate.subject);
    mandate_put(&parameters, &request->mandate);
    TRY(race_tell(store, store_run(store, keep_sql, &parameters, arena, NULL, fault), fault));
    return store_commit(store, fault);
}

/* The transaction has ended when it gives ERR_OK. */
static enum err
make(struct store *store, struct arena *arena, const struct set_objection_request *request,
     struct set_objection *out, struct fault *fault)
{
    instant now = 0;

    *out = (struct set_objection){.end = SET_OBJECTION_REFUSED};
    TRY(conclusion_begin(store, arena, &now, fault));
    TRY(mandate_look(store, arena, &request->mandate, PERMISSION_ACTION_FILE, &out->mandate,
                     fault));
    if (out->mandate == MANDATE_HOLDS) {
        TRY(look(store, arena, request, out, fault));
    }
    if (out->end != SET_OBJECTION_KEPT) {
        store_rollback(store);
        return ERR_OK;
    }
    out->at = now;
    return keep(store, arena, request, now, fault);
}

enum err
set_objection_make(struct store *store, struct arena *arena,
                   const struct set_objection_request *request, struct set_objection *out,
                   struct fault *fault)
{
    enum err got = make(store, arena, request, out, fault);

    if (got == ERR_STORE_CONFLICT) { /* somebody has made one meanwhile */
        store_rollback(store);
        got = make(store, arena, request, out, fault);
    }
    if (got != ERR_OK) {
        store_rollback(store);
    }
    return got;
}

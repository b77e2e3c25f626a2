#include "gateway/intake/withdrawal.h"

#include "gateway/failpoint/failpoint.h"
#include "gateway/fingerprint/fingerprint.h"
#include "gateway/intake/conclusion.h"
#include "gateway/intake/conclusion_leaf.h"
#include "validators/catalogue/entry.h"

#include <string.h>

enum column {
    COLUMN_STATE,
    COLUMN_VERDICT,
    COLUMN_ACCEPTED, /* whether a report of the newest decision is */
    COLUMN_N,
    COLUMN_SHA256,
    COLUMN_ARRIVED,
    COLUMN_WITHDRAWN_AT,
    COLUMN_LOG_INDEX
};

static const char look_sql[] =
    "SELECT s.state, s.verdict, EXISTS (SELECT FROM intake.report r WHERE r.submission = "
    "s.submission AND r.n = s.decided_n AND r.verdict = 1), s.n, s.sha256, s.arrived,"
    " s.withdrawn_at, (SELECT max(l.index) FROM intake.log l WHERE l.submission = s.submission"
    "   AND l.kind = 'flag' AND s.state = 'withdrawn') "
    "FROM intake.submission s WHERE s.submission = $1 AND s.subject = $2";

/* Whether it is among what the one who asks may see: of units in their scope, or for one of them.
 */
static const char sees_sql[] =
    "SELECT registry.acts_for($2, s.subject, registry.today())"
    " OR EXISTS (SELECT FROM intake.concern c WHERE c.ordinal = s.ordinal"
    "     AND registry.acts_for($2, c.unit, registry.today())), u.name "
    "FROM intake.submission s JOIN registry.unit u ON u.unit = s.subject WHERE s.submission = $1";

static const char head_sql[] = "SELECT index, chain FROM intake.log_head FOR UPDATE";

static const char write_sql[] =
    "WITH moved AS ("
    "    UPDATE intake.submission SET state = 'withdrawn', withdrawn_at = $2, withdrawn_by = $3,"
    "        withdrawn_in = $4, owner = NULL, lease_until = NULL"
    "    WHERE submission = $1 RETURNING n), "
    "worked AS ("
    "    UPDATE intake.work SET done_at = now(), owner = NULL, lease_until = NULL "
    "    WHERE submission = $1 AND done_at IS NULL), "
    "logged AS ("
    "    INSERT INTO intake.log (index, at, kind, submission, n, leaf, chain) "
    "    SELECT $5, $2, 'flag', $1, moved.n, $6, $7 FROM moved), "
    "told AS ("
    "    INSERT INTO intake.outbox (kind, submission, n) "
    "    SELECT 'submission.withdrawn', $1, moved.n FROM moved) "
    "UPDATE intake.log_head SET index = $5, chain = $7 "
    "WHERE index = $5 - 1 AND EXISTS (SELECT FROM moved) RETURNING 1";

/* The head of the log, locked: until this transaction ends nothing is concluded. */
struct head {
    uint64_t      index;
    unsigned char chain[FINGERPRINT_SIZE];
};

static enum withdrawal_end
end_of(const struct store_rows *rows)
{
    int64_t verdict = store_number(rows, 0, COLUMN_VERDICT);

    if (str_equal(store_text(rows, 0, COLUMN_STATE), STR("withdrawn"))) {
        return WITHDRAWAL_REPEATED;
    }
    if (store_truth(rows, 0, COLUMN_ACCEPTED) || verdict == VERDICT_ACCEPTED) {
        return WITHDRAWAL_ACCEPTED;
    }
    return verdict == VERDICT_REJECTED ? WITHDRAWAL_REJECTED : WITHDRAWAL_DONE;
}

static void
read_flag(const struct store_rows *rows, struct conclusion_flag *out)
{
    struct str sha256 = store_text(rows, 0, COLUMN_SHA256);

    ENSURE(sha256.size == FINGERPRINT_SIZE);
    memcpy(out->sha256, sha256.data, FINGERPRINT_SIZE);
    out->n = (int)store_number(rows, 0, COLUMN_N);
    out->arrived = store_instant(rows, 0, COLUMN_ARRIVED);
}

/* It is not theirs: who may see it hears whose it is. */
static enum err
look_at_foreign(struct store *store, struct arena *arena, const struct store_parameters *parameters,
                struct withdrawal *out, struct fault *fault)
{
    struct store_rows rows = {0};

    out->end = WITHDRAWAL_ABSENT;
    TRY(store_run(store, sees_sql, parameters, arena, &rows, fault));
    if (store_row_count(&rows) > 0 && store_truth(&rows, 0, 0)) {
        out->end = WITHDRAWAL_FOREIGN;
        out->sender = store_text(&rows, 0, 1);
    }
    return ERR_OK;
}

static enum err
look(struct store *store, struct arena *arena, const struct withdrawal_request *request,
     struct conclusion_flag *flag, struct withdrawal *out, struct fault *fault)
{
    struct store_parameters parameters = store_parameters_create(arena);
    struct store_rows       rows = {0};

    store_put_uuid(&parameters, request->id);
    store_put_number(&parameters, request->mandate.subject);
    TRY(mandate_look(store, arena, &request->mandate, PERMISSION_ACTION_WITHDRAW, &out->mandate,
                     fault));
    if (out->mandate != MANDATE_HOLDS) {
        out->end = WITHDRAWAL_REFUSED;
        return ERR_OK;
    }
    TRY(store_run(store, look_sql, &parameters, arena, &rows, fault));
    if (store_row_count(&rows) == 0) {
        return look_at_foreign(store, arena, &parameters, out, fault);
    }
    out->end = end_of(&rows);
    if (out->end == WITHDRAWAL_REPEATED) {
        out->at = store_instant(&rows, 0, COLUMN_WITHDRAWN_AT);
        out->log_index = (uint64_t)store_number(&rows, 0, COLUMN_LOG_INDEX);
    }
    read_flag(&rows, flag);
    return ERR_OK;
}

static enum err
lock_head(struct store *store, struct arena *arena, struct head *out, struct fault *fault)
{
    struct store_rows rows = {0};

    TRY(store_run(store, head_sql, NULL, arena, &rows, fault));
    if (store_row_count(&rows) != 1 || store_text(&rows, 0, 1).size != sizeof out->chain) {
        return FAIL(fault, ERR_STORE, "intake.log_head must have one row with a chain of 32 bytes");
    }
    out->index = (uint64_t)store_number(&rows, 0, 0);
    memcpy(out->chain, store_text(&rows, 0, 1).data, sizeof out->chain);
    return ERR_OK;
}

static enum err
write_flag(struct store *store, struct arena *arena, const struct withdrawal_request *request,
           const struct conclusion_flag *flag, struct head *head, struct fault *fault)
{
    struct store_parameters parameters = store_parameters_create(arena);
    struct store_rows       rows = {0};
    unsigned char           leaf[FINGERPRINT_SIZE];

    TRY(conclusion_leaf_flag(arena, flag, leaf, fault));
    TRY(fingerprint_of_two(fingerprint_str(head->chain), fingerprint_str(leaf), head->chain,
                           fault));
    store_put_uuid(&parameters, request->id);
    store_put_instant(&parameters, flag->at);
    mandate_put(&parameters, &request->mandate);
    store_put_number(&parameters, (int64_t)head->index + 1);
    store_put_bytes(&parameters, fingerprint_str(leaf));
    store_put_bytes(&parameters, fingerprint_str(head->chain));
    TRY(store_run(store, write_sql, &parameters, arena, &rows, fault));
    if (store_row_count(&rows) != 1) {
        return FAIL(fault, ERR_STORE, "a withdrawal has moved nothing");
    }
    return ERR_OK;
}

static enum err
make(struct store *store, struct arena *arena, const struct withdrawal_request *request,
     struct withdrawal *out, struct fault *fault)
{
    struct conclusion_flag flag = {.id = request->id, .appointment = request->mandate.appointment};
    struct head            head = {0};

    TRY(conclusion_begin(store, arena, &flag.at, fault));
    TRY(look(store, arena, request, &flag, out, fault));
    if (out->end != WITHDRAWAL_DONE) {
        store_rollback(store);
        return ERR_OK;
    }
    FAILPOINT_REACH(WITHDRAW_LOOKED);
    TRY(lock_head(store, arena, &head, fault));
    TRY(look(store, arena, request, &flag, out, fault)); /* now nobody can decide about it */
    if (out->end != WITHDRAWAL_DONE) {
        store_rollback(store);
        return ERR_OK;
    }
    TRY(write_flag(store, arena, request, &flag, &head, fault));
    FAILPOINT_REACH(WITHDRAW_BEFORE_COMMIT);
    out->at = flag.at;
    out->log_index = head.index + 1;
    return store_commit(store, fault);
}

enum err
withdrawal_make(struct store *store, struct arena *arena, const struct withdrawal_request *request,
                struct withdrawal *out, struct fault *fault)
{
    struct withdrawal made = {0};
    enum err          got = make(store, arena, request, &made, fault);

    if (got != ERR_OK) {
        store_rollback(store);
        return got;
    }
    *out = made;
    return ERR_OK;
}

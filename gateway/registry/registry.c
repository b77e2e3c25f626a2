#include "gateway/registry/registry.h"

/*
 * Of several units with one REGON the one is meant that fits the claim, then the one that is valid.
 * Everything that a claim needs is told in one row, in the order of the claims.
 */
static const char ask_sql[] =
    "SELECT DISTINCT ON (c.position) u.unit, p.path[cardinality(p.path)], u.name,"
    " (u.type, u.wk, u.pk, u.gk, u.gt, u.pt) = (c.type, c.wk, c.pk, c.gk, c.gt, c.pt),"
    " daterange(u.valid_from, u.valid_to, '[]') @> c.day::date,"
    " c.subject = ANY (p.path),"
    " CASE WHEN (u.type, u.wk, u.pk, u.gk, u.gt, u.pt) = (c.type, c.wk, c.pk, c.gk, c.gt, c.pt)"
    " THEN NULL ELSE format('Typ %s, WK %s, PK %s, GK %s, GT %s, PT %s', u.type, u.wk, u.pk, u.gk,"
    " u.gt, u.pt) END, u.kind"
    " FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[],"
    " $7::text[], $8::bigint[], $9::text[])"
    " WITH ORDINALITY AS c (regon, type, wk, pk, gk, gt, pt, subject, day, position)"
    " LEFT JOIN registry.unit u ON u.regon = c.regon"
    " LEFT JOIN LATERAL (SELECT registry.path(u.unit)) p (path) ON u.unit IS NOT NULL"
    " ORDER BY c.position, 4 DESC, 5 DESC, u.valid_from DESC, u.unit DESC";

enum { UNIT, TOP, NAME, FITS, VALID, OURS, REGISTERED, KIND };

/* One text of a claim; a text that is not there is empty, and no unit has an empty one. */
static struct str
claim_text(const struct registry_claim *claim, size_t field)
{
    const struct str texts[] = {claim->regon, claim->type, claim->wk, claim->pk,
                                claim->gk,    claim->gt,   claim->pt};

    ENSURE(field < ARRAY_COUNT(texts));
    return texts[field].data == NULL ? STR("") : texts[field];
}

enum { CLAIM_TEXTS = 7, DAY_MAX = 16 };

/* Who files, and the day of arrival: dates travel as texts, of which there is an array type. */
static enum err
put_circumstances(struct store_parameters *parameters, struct arena *arena,
                  const struct registry_claim *claims, size_t count, struct fault *fault)
{
    int64_t    *subjects = ARENA_NEW(arena, int64_t, count);
    struct str *days = ARENA_NEW(arena, struct str, count);

    for (size_t i = 0; subjects != NULL && days != NULL && i < count; i++) {
        struct buf day = buf_create(arena, DAY_MAX);
        date_write(&day, claims[i].day);
        subjects[i] = claims[i].subject;
        days[i] = buf_str(&day);
    }
    if (subjects == NULL || days == NULL) {
        return FAIL(fault, ERR_MEMORY, "%zu units", count);
    }
    store_put_numbers(parameters, subjects, count);
    store_put_texts(parameters, days, count);
    return ERR_OK;
}

static enum err
put_claims(struct store_parameters *parameters, struct arena *arena,
           const struct registry_claim *claims, size_t count, struct fault *fault)
{
    struct str *column = ARENA_NEW(arena, struct str, count);

    if (column == NULL) {
        return FAIL(fault, ERR_MEMORY, "%zu units", count);
    }
    for (size_t field = 0; field < CLAIM_TEXTS; field++) {
        for (size_t i = 0; i < count; i++) {
            column[i] = claim_text(&claims[i], field);
        }
        store_put_texts(parameters, column, count);
    }
    return put_circumstances(parameters, arena, claims, count, fault);
}

static enum registry_standing
standing_of(const struct store_rows *rows, size_t row)
{
    if (store_is_null(rows, row, UNIT)) {
        return STANDING_UNKNOWN;
    }
    if (!store_truth(rows, row, FITS)) {
        return STANDING_DIFFERS;
    }
    if (!store_truth(rows, row, OURS)) { /* first: a closed unit is not everybody's */
        return STANDING_FOREIGN;
    }
    return store_truth(rows, row, VALID) ? STANDING_GOOD : STANDING_CLOSED;
}

int64_t
registry_unit_of(const struct registry_answer *answer)
{
    bool certain = answer->standing == STANDING_GOOD || answer->standing == STANDING_CLOSED;

    return certain ? answer->unit : 0;
}

enum err
registry_ask(struct store *store, struct arena *arena, const struct registry_claim *claims,
             size_t count, struct registry_answer *answers, struct fault *fault)
{
    struct store_parameters parameters = store_parameters_create(arena);
    struct store_rows       rows = {0};

    if (count == 0) {
        return ERR_OK;
    }
    TRY(put_claims(&parameters, arena, claims, count, fault));
    TRY(store_run(store, ask_sql, &parameters, arena, &rows, fault));
    ENSURE(store_row_count(&rows) == count);
    for (size_t i = 0; i < count; i++) {
        enum registry_standing standing = standing_of(&rows, i);
        answers[i] = (struct registry_answer){
            .standing = standing,
            .unit = store_number(&rows, i, UNIT),
            .top = store_number(&rows, i, TOP),
            .name = store_text(&rows, i, NAME),
            .kind = store_text(&rows, i, KIND),
        };
        if (standing == STANDING_DIFFERS) {
            answers[i].registered = store_text(&rows, i, REGISTERED);
        }
    }
    return ERR_OK;
}

enum err
registry_wake(struct store *store, struct arena *arena, size_t *count, struct fault *fault)
{
    static const char sql[] =
        "INSERT INTO intake.work (submission, cause)"
        " SELECT DISTINCT r.submission, 'unit-registered' FROM intake.report r"
        " JOIN intake.submission s ON s.submission = r.submission AND s.decided_n = r.n"
        " WHERE r.unit IS NULL AND r.verdict = 0 AND s.state = 'decided'"
        " AND EXISTS (SELECT 1 FROM registry.unit u WHERE u.regon = r.regon)"
        " AND NOT EXISTS (SELECT 1 FROM intake.work w"
        " WHERE w.submission = r.submission AND w.done_at IS NULL)"
        " RETURNING work";
    struct store_rows rows = {0};

    TRY(store_run(store, sql, NULL, arena, &rows, fault));
    *count = store_row_count(&rows);
    return ERR_OK;
}

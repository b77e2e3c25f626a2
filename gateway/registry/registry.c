#include "gateway/registry/registry.h"

/*
 * Of several units with one REGON the one is meant that fits the claim, then the one that is valid.
 * A unit fits as it was on the day of arrival, or on the last day of the period: a gmina that has
 * become a town since may file the year before either way. Rights are those of the day of arrival;
 * the JST whose key is locked is the one that it is below now, whatever the day, so that all
 * reports of a unit have one key; whose set a report is in, the last day of the period says, which
 * differs only where some state above the unit of before that is kept. Everything that a claim
 * needs is told in one row, in the order of claims.
 */
static const char ask_sql[] =
    "SELECT DISTINCT ON (c.position) u.unit, p.path[cardinality(p.path)], u.name, f.fits,"
    " u.is_valid, registry.acts_for(c.subject, u.unit, c.day::date),"
    " CASE WHEN NOT f.fits THEN format('Typ %s, WK %s, PK %s, GK %s, GT %s, PT %s', u.type, u.wk,"
    " u.pk, u.gk, u.gt, u.pt) END,"
    " CASE WHEN f.fits AND EXISTS (SELECT 1 FROM registry.succession s"
    " WHERE s.predecessor = u.unit AND s.day <= c.period_end::date)"
    " THEN registry.heirs(u.unit, c.period_end::date) END, u.kind,"
    " CASE WHEN EXISTS (SELECT 1 FROM registry.unit_history h WHERE h.unit = ANY (p.path)"
    " AND c.period_end::date BETWEEN h.held_from AND h.held_to)"
    " THEN registry.top(u.unit, c.period_end::date) ELSE p.path[cardinality(p.path)] END"
    " FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[],"
    " $7::text[], $8::bigint[], $9::text[], $10::text[])"
    " WITH ORDINALITY AS c (regon, type, wk, pk, gk, gt, pt, subject, day, period_end, position)"
    " LEFT JOIN LATERAL (SELECT * FROM registry.units_at(c.day::date) a WHERE a.regon = c.regon) u"
    " ON true"
    " LEFT JOIN LATERAL (SELECT registry.path(u.unit)) p (path) ON u.unit IS NOT NULL"
    " LEFT JOIN LATERAL (SELECT"
    " (u.type, u.wk, u.pk, u.gk, u.gt, u.pt) = (c.type, c.wk, c.pk, c.gk, c.gt, c.pt)"
    " OR EXISTS (SELECT 1 FROM registry.units_at(c.period_end::date) e WHERE e.unit = u.unit"
    " AND (e.type, e.wk, e.pk, e.gk, e.gt, e.pt) = (c.type, c.wk, c.pk, c.gk, c.gt, c.pt)))"
    " f (fits) ON u.unit IS NOT NULL"
    " ORDER BY c.position, 4 DESC, 5 DESC, u.valid_from DESC, u.unit DESC";

enum { UNIT, TOP, NAME, FITS, VALID, OURS, REGISTERED, HEIRS, KIND, PERIOD_TOP };

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

/* A day travels as text, of which there is an array type; year 0 as NULL. */
static struct str
day_text(struct arena *arena, struct date date)
{
    struct buf day = buf_create(arena, DAY_MAX);

    if (date.year == 0) {
        return (struct str){0};
    }
    date_write(&day, date);
    return buf_str(&day);
}

/* Who files, the day of arrival, the last day of the period. */
static enum err
put_circumstances(struct store_parameters *parameters, struct arena *arena,
                  const struct registry_claim *claims, size_t count, struct fault *fault)
{
    int64_t    *subjects = ARENA_NEW(arena, int64_t, count);
    struct str *days = ARENA_NEW(arena, struct str, count);
    struct str *ends = ARENA_NEW(arena, struct str, count);

    if (subjects == NULL || days == NULL || ends == NULL) {
        return FAIL(fault, ERR_MEMORY, "%zu units", count);
    }
    for (size_t i = 0; i < count; i++) {
        subjects[i] = claims[i].subject;
        days[i] = day_text(arena, claims[i].day);
        ends[i] = day_text(arena, claims[i].period_end);
    }
    store_put_numbers(parameters, subjects, count);
    store_put_texts(parameters, days, count);
    store_put_texts(parameters, ends, count);
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
    if (!store_is_null(rows, row, HEIRS)) {
        return STANDING_SUCCEEDED;
    }
    return store_truth(rows, row, VALID) ? STANDING_GOOD : STANDING_CLOSED;
}

int64_t
registry_unit_of(const struct registry_answer *answer)
{
    bool certain = answer->standing == STANDING_GOOD || answer->standing == STANDING_CLOSED
                   || answer->standing == STANDING_SUCCEEDED;

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
            .period_top = store_number(&rows, i, PERIOD_TOP),
            .name = store_text(&rows, i, NAME),
            .kind = store_text(&rows, i, KIND),
        };
        if (standing == STANDING_DIFFERS) {
            answers[i].registered = store_text(&rows, i, REGISTERED);
        }
        if (standing == STANDING_SUCCEEDED) {
            answers[i].registered = store_text(&rows, i, HEIRS);
        }
    }
    return ERR_OK;
}

enum err
registry_wake(struct store *store, struct arena *arena, size_t *count, struct fault *fault)
{
    struct store_rows rows = {0};

    TRY(store_run(store, "SELECT registry.wake()", NULL, arena, &rows, fault));
    *count = (size_t)store_number(&rows, 0, 0);
    return ERR_OK;
}

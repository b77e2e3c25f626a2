#include "gateway/reference/reference.h"

#include <string.h>

/* In the order of the questions; the kind is one of enum figure_kind. */
static const char ask_sql[] =
    "SELECT q.at, r.sha256, f.kind, f.field, f.by, f.key, f.amount, f.spread, f.units"
    " FROM unnest($1::bigint[], $2::bigint[], $3::text[], $4::text[], $5::text[], $6::bigint[],"
    "  $7::text[]) q (at, unit, form, level, variant, days, type)"
    " JOIN registry.unit u ON u.unit = q.unit"
    " CROSS JOIN LATERAL (SELECT d.sha256, d.control, d.plausibility, d.plan FROM "
    "reference.reading d"
    "  WHERE d.period_end = DATE 'epoch' + q.days::integer AND d.period_type = q.type"
    "   AND ($8::bytea = '' OR d.sha256 = $8)"
    "  ORDER BY d.reading DESC LIMIT 1) r"
    " LEFT JOIN LATERAL ("
    "  SELECT CASE x.edition WHEN r.control THEN 0 WHEN r.plan THEN 3 ELSE 1 END AS kind, x.field,"
    "   x.by, x.key,"
    "   x.amount, 0::bigint AS spread, 0::bigint AS units FROM reference.unit_figure x"
    "  WHERE x.edition IN (r.control, r.plausibility, r.plan) AND x.unit = q.unit AND x.form = "
    "q.form"
    "   AND x.level = q.level AND x.variant = q.variant"
    "  UNION ALL"
    "  SELECT 2, p.field, p.by, p.key, p.median, p.spread, p.units FROM reference.peer_figure p"
    "  WHERE p.edition = r.plausibility AND p.peers = reference.peers_of(u.gt, u.pt, u.kind)"
    "   AND p.form = q.form AND p.level = q.level) f ON true"
    " ORDER BY q.at, f.kind, f.field COLLATE \"C\", f.by COLLATE \"C\", f.key COLLATE \"C\"";

enum column { AT, SHA256, KIND, FIELD, BY, KEY, AMOUNT, SPREAD, UNITS };

enum { DIGEST_SIZE = 32 };

static struct str
text_of(struct str text)
{
    return text.data == NULL ? STR("") : text;
}

static enum err
ask(struct store *store, struct arena *arena, const struct reference_request *request,
    struct store_rows *rows, struct fault *fault)
{
    const struct reference_question *questions = request->questions;
    struct store_parameters          parameters = store_parameters_create(arena);
    size_t                           count = request->count;
    int64_t                         *numbers[3] = {NULL};
    struct str                      *texts[4] = {NULL};

    for (size_t i = 0; i < ARRAY_COUNT(texts); i++) {
        texts[i] = ARENA_NEW(arena, struct str, count);
        if (i < ARRAY_COUNT(numbers)) {
            numbers[i] = ARENA_NEW(arena, int64_t, count);
        }
        if (texts[i] == NULL || (i < ARRAY_COUNT(numbers) && numbers[i] == NULL)) {
            return FAIL(fault, ERR_MEMORY, "figures for %zu reports", count);
        }
    }
    for (size_t i = 0; i < count; i++) {
        numbers[0][i] = (int64_t)i;
        numbers[1][i] = questions[i].unit;
        numbers[2][i] = date_days(questions[i].period_end);
        texts[0][i] = text_of(questions[i].form);
        texts[1][i] = text_of(questions[i].level);
        texts[2][i] = text_of(questions[i].variant);
        texts[3][i] = text_of(questions[i].period_type);
    }
    store_put_numbers(&parameters, numbers[0], count);
    store_put_numbers(&parameters, numbers[1], count);
    store_put_texts(&parameters, texts[0], count);
    store_put_texts(&parameters, texts[1], count);
    store_put_texts(&parameters, texts[2], count);
    store_put_numbers(&parameters, numbers[2], count);
    store_put_texts(&parameters, texts[3], count);
    store_put_bytes(&parameters, request->reading == NULL
                                     ? STR("")
                                     : (struct str){(const char *)request->reading, DIGEST_SIZE});
    return store_run(store, ask_sql, &parameters, arena, rows, fault);
}

static struct figure
read_figure(const struct store_rows *rows, size_t row)
{
    int64_t kind = store_number(rows, row, KIND);

    ENSURE(kind >= FIGURE_CONTROL && kind <= FIGURE_PLAN);
    return (struct figure){.kind = (enum figure_kind)kind,
                           .column = store_text(rows, row, FIELD),
                           .by = store_text(rows, row, BY),
                           .key = store_text(rows, row, KEY),
                           .amount = store_number(rows, row, AMOUNT),
                           .spread = store_number(rows, row, SPREAD),
                           .peers = store_number(rows, row, UNITS)};
}

enum err
reference_ask(struct store *store, struct arena *arena, const struct reference_request *request,
              struct reference_answer *answers, struct fault *fault)
{
    struct store_rows rows = {0};
    size_t            count = request->count;

    for (size_t i = 0; i < count; i++) {
        answers[i] = (struct reference_answer){0};
    }
    if (count == 0) {
        return ERR_OK;
    }
    TRY(ask(store, arena, request, &rows, fault));
    struct figure *figures = ARENA_NEW(arena, struct figure, store_row_count(&rows) + 1);
    if (figures == NULL) {
        return FAIL(fault, ERR_MEMORY, "%zu figures", store_row_count(&rows));
    }
    for (size_t i = 0; i < store_row_count(&rows); i++) {
        struct reference_answer *answer = &answers[store_number(&rows, i, AT)];
        struct str               digest = store_text(&rows, i, SHA256);
        ENSURE(digest.size == DIGEST_SIZE);
        answer->items = answer->exists ? answer->items : &figures[i];
        answer->exists = true;
        memcpy(answer->sha256, digest.data, DIGEST_SIZE);
        if (!store_is_null(&rows, i, KIND)) {
            answer->items[answer->count] = read_figure(&rows, i);
            answer->count++;
        }
    }
    return ERR_OK;
}

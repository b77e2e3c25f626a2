#include "gateway/reference/control.h"

static const char *const kinds[CONTROL_KINDS] = {
    [CONTROL_HANDED_OVER] = "control",
    [CONTROL_PLANNED] = "plan",
};

/* $1 to $6 of every statement over a list. */
#define GIVEN                                                                              \
    "WITH given AS (SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], " \
    "$5::text[],"                                                                          \
    " $6::bigint[]) g (regon, form, field, by, key, amount))"

/* A full join of the list and of that in force. */
static const char compare_sql[] = GIVEN
    ", known AS (SELECT * FROM reference.published_of($9, $7::date, $8))"
    " SELECT coalesce(g.regon, k.regon), coalesce(g.form, k.form), coalesce(g.key, k.key), "
    "k.amount,"
    "  g.amount"
    " FROM given g FULL JOIN known k ON k.regon = g.regon AND k.form = g.form AND k.by = g.by"
    "  AND k.key = g.key"
    " WHERE g.amount IS DISTINCT FROM k.amount"
    " ORDER BY coalesce(g.regon, k.regon) COLLATE \"C\", coalesce(g.form, k.form) COLLATE \"C\","
    "  coalesce(g.key, k.key) COLLATE \"C\"";

/* The first REGON without a JST, and the first row that stands twice. */
static const char check_sql[] =
    GIVEN " SELECT (SELECT min(g.regon) FROM given g WHERE NOT EXISTS (SELECT 1"
          "   FROM registry.units_at($7::date) u WHERE u.regon = g.regon AND u.kind = 'jst')),"
          "  (SELECT min(x.regon || ' ' || x.key) FROM (SELECT g.regon, g.key FROM given g"
          "   GROUP BY g.regon, g.form, g.by, g.key HAVING count(*) > 1) x), $8::text, $9::text";

/* One call for each form and column. */
static const char load_sql[] =
    GIVEN " SELECT reference.put_control($10, g.form, $11, g.field, array_agg(u.unit),"
          "  array_agg(g.by), array_agg(g.key), array_agg(g.amount)), $8::text, $9::text"
          " FROM given g JOIN registry.units_at($7::date) u ON u.regon = g.regon AND u.kind = 'jst'"
          " GROUP BY g.form, g.field";

static const char seal_sql[] = "SELECT reference.seal($1, $6, $2::date, $3, $4, $5)";

/* The texts of rows, in the order of GIVEN. */
enum text { REGON, FORM, FIELD, BY, KEY, TEXTS };

static enum err
put_rows(struct store_parameters *parameters, struct arena *arena, const struct control_list *list,
         struct fault *fault)
{
    size_t      count = list->count;
    struct str *texts[TEXTS];
    int64_t    *amounts = ARENA_NEW(arena, int64_t, count + 1);

    for (size_t i = 0; i < TEXTS; i++) {
        texts[i] = ARENA_NEW(arena, struct str, count + 1);
        if (texts[i] == NULL || amounts == NULL) {
            return FAIL(fault, ERR_MEMORY, "%zu amounts", count);
        }
    }
    for (size_t i = 0; i < count; i++) {
        const struct control_row *row = &list->rows[i];
        texts[REGON][i] = row->regon;
        texts[FORM][i] = row->form;
        texts[FIELD][i] = row->field;
        texts[BY][i] = row->by;
        texts[KEY][i] = row->key;
        amounts[i] = row->amount;
    }
    for (size_t i = 0; i < TEXTS; i++) {
        store_put_texts(parameters, texts[i], count);
    }
    store_put_numbers(parameters, amounts, count);
    return ERR_OK;
}

/* What every statement over a list is given: its rows, its period, its kind. */
static enum err
put_list(struct store_parameters *parameters, struct arena *arena, const struct control_list *list,
         struct fault *fault)
{
    TRY(put_rows(parameters, arena, list, fault));
    store_put_date(parameters, list->end);
    store_put_text(parameters, list->type);
    store_put_text(parameters, str_of(kinds[list->kind]));
    return ERR_OK;
}

static enum err
ask(struct store *store, struct arena *arena, const char *sql, const struct control_list *list,
    struct store_rows *out, struct fault *fault)
{
    struct store_parameters parameters = store_parameters_create(arena);

    TRY(put_list(&parameters, arena, list, fault));
    return store_run(store, sql, &parameters, arena, out, fault);
}

static enum err
check(struct store *store, struct arena *arena, const struct control_list *list,
      struct fault *fault)
{
    struct store_rows found = {0};

    TRY(ask(store, arena, check_sql, list, &found, fault));
    if (!store_is_null(&found, 0, 0)) {
        return FAIL(fault, ERR_DENIED, "nie ma JST o REGON %.*s w ostatnim dniu okresu",
                    STR_ARG(store_text(&found, 0, 0)));
    }
    if (!store_is_null(&found, 0, 1)) {
        return FAIL(fault, ERR_DENIED, "kwota stoi dwa razy: %.*s",
                    STR_ARG(store_text(&found, 0, 1)));
    }
    return ERR_OK;
}

enum err
control_compare(struct store *store, struct arena *arena, const struct control_list *list,
                struct control_changes *out, struct fault *fault)
{
    struct store_rows found = {0};

    TRY(check(store, arena, list, fault));
    TRY(ask(store, arena, compare_sql, list, &found, fault));
    struct control_change *changes =
        ARENA_NEW(arena, struct control_change, store_row_count(&found) + 1);
    if (changes == NULL) {
        return FAIL(fault, ERR_MEMORY, "%zu differences", store_row_count(&found));
    }
    for (size_t i = 0; i < store_row_count(&found); i++) {
        changes[i] = (struct control_change){.regon = store_text(&found, i, 0),
                                             .form = store_text(&found, i, 1),
                                             .key = store_text(&found, i, 2),
                                             .has_before = !store_is_null(&found, i, 3),
                                             .has_after = !store_is_null(&found, i, 4)};
        changes[i].before = changes[i].has_before ? store_number(&found, i, 3) : 0;
        changes[i].after = changes[i].has_after ? store_number(&found, i, 4) : 0;
    }
    *out = (struct control_changes){changes, store_row_count(&found)};
    return ERR_OK;
}

static enum err
put(struct store *store, struct arena *arena, const struct control_list *list,
    const struct control_ground *ground, int64_t edition, struct fault *fault)
{
    struct store_parameters parameters = store_parameters_create(arena);

    TRY(put_list(&parameters, arena, list, fault));
    store_put_number(&parameters, edition);
    store_put_text(&parameters, ground->level);
    return store_run(store, load_sql, &parameters, arena, NULL, fault);
}

enum err
control_load(struct store *store, struct arena *arena, const struct control_list *list,
             const struct control_ground *ground, int64_t *edition, struct fault *fault)
{
    struct store_parameters parameters = store_parameters_create(arena);
    struct store_rows       begun = {0};
    struct store_rows       sealed = {0};

    TRY(check(store, arena, list, fault));
    TRY(store_run(store, "SELECT reference.begin_edition()", NULL, arena, &begun, fault));
    *edition = store_number(&begun, 0, 0);
    if (list->count > 0) {
        TRY(put(store, arena, list, ground, *edition, fault));
    }
    store_put_number(&parameters, *edition);
    store_put_date(&parameters, list->end);
    store_put_text(&parameters, list->type);
    store_put_text(&parameters, ground->by);
    store_put_text(&parameters, ground->basis);
    store_put_text(&parameters, str_of(kinds[list->kind]));
    TRY(store_run(store, seal_sql, &parameters, arena, &sealed, fault));
    return store_truth(&sealed, 0, 0)
               ? ERR_OK
               : FAIL(fault, ERR_DENIED, "taka sama lista już obowiązuje; nie wczytano niczego");
}

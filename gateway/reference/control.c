#include "gateway/reference/control.h"

/* JST on a day, and their amounts in force; full join of both lists. */
static const char compare_sql[] =
    "WITH given AS (SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::bigint[])"
    "  g (regon, by, key, amount)),"
    " known AS (SELECT * FROM reference.control_of($5::date, $6))"
    " SELECT coalesce(g.regon, k.regon), coalesce(g.key, k.key), k.amount, g.amount"
    " FROM given g FULL JOIN known k ON k.regon = g.regon AND k.by = g.by AND k.key = g.key"
    " WHERE g.amount IS DISTINCT FROM k.amount"
    " ORDER BY coalesce(g.regon, k.regon) COLLATE \"C\", coalesce(g.key, k.key) COLLATE \"C\"";

/* The first REGON without a JST, and the first row that stands twice. */
static const char check_sql[] =
    "WITH given AS (SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::bigint[])"
    "  g (regon, by, key, amount))"
    " SELECT (SELECT min(g.regon) FROM given g WHERE NOT EXISTS (SELECT 1"
    "   FROM registry.units_at($5::date) u WHERE u.regon = g.regon AND u.kind = 'jst')),"
    "  (SELECT min(x.regon || ' ' || x.key) FROM (SELECT g.regon, g.key FROM given g"
    "   GROUP BY g.regon, g.by, g.key HAVING count(*) > 1) x), $6::text";

static const char load_sql[] =
    "SELECT reference.put_control($5, $6, $7, $8, array_agg(u.unit), array_agg(g.by),"
    "  array_agg(g.key), array_agg(g.amount))"
    " FROM unnest($1::text[], $2::text[], $3::text[], $4::bigint[]) g (regon, by, key, amount)"
    " JOIN registry.units_at($9::date) u ON u.regon = g.regon AND u.kind = 'jst'";

static const char seal_sql[] = "SELECT reference.seal($1, 'control', $2::date, $3, $4, $5)";

static enum err
put_rows(struct store_parameters *parameters, struct arena *arena, const struct control_list *list,
         struct fault *fault)
{
    const struct control_row *rows = list->rows;
    size_t                    count = list->count;

    struct str *regons = ARENA_NEW(arena, struct str, count + 1);
    struct str *bys = ARENA_NEW(arena, struct str, count + 1);
    struct str *keys = ARENA_NEW(arena, struct str, count + 1);
    int64_t    *amounts = ARENA_NEW(arena, int64_t, count + 1);

    if (regons == NULL || bys == NULL || keys == NULL || amounts == NULL) {
        return FAIL(fault, ERR_MEMORY, "%zu amounts", count);
    }
    for (size_t i = 0; i < count; i++) {
        regons[i] = rows[i].regon;
        bys[i] = rows[i].by;
        keys[i] = rows[i].key;
        amounts[i] = rows[i].amount;
    }
    store_put_texts(parameters, regons, count);
    store_put_texts(parameters, bys, count);
    store_put_texts(parameters, keys, count);
    store_put_numbers(parameters, amounts, count);
    return ERR_OK;
}

/* A statement over the rows and the period. */
static enum err
ask(struct store *store, struct arena *arena, const char *sql, const struct control_list *list,
    struct store_rows *out, struct fault *fault)
{
    struct store_parameters parameters = store_parameters_create(arena);

    TRY(put_rows(&parameters, arena, list, fault));
    store_put_date(&parameters, list->end);
    store_put_text(&parameters, list->type);
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
                                             .key = store_text(&found, i, 1),
                                             .has_before = !store_is_null(&found, i, 2),
                                             .has_after = !store_is_null(&found, i, 3)};
        changes[i].before = changes[i].has_before ? store_number(&found, i, 2) : 0;
        changes[i].after = changes[i].has_after ? store_number(&found, i, 3) : 0;
    }
    *out = (struct control_changes){changes, store_row_count(&found)};
    return ERR_OK;
}

static enum err
put(struct store *store, struct arena *arena, const struct control_list *list,
    const struct control_ground *ground, int64_t edition, struct fault *fault)
{
    struct store_parameters parameters = store_parameters_create(arena);

    TRY(put_rows(&parameters, arena, list, fault));
    store_put_number(&parameters, edition);
    store_put_text(&parameters, ground->form);
    store_put_text(&parameters, ground->level);
    store_put_text(&parameters, ground->field);
    store_put_date(&parameters, list->end);
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
    TRY(store_run(store, seal_sql, &parameters, arena, &sealed, fault));
    return store_truth(&sealed, 0, 0)
               ? ERR_OK
               : FAIL(fault, ERR_DENIED, "taka sama lista już obowiązuje; nie wczytano niczego");
}

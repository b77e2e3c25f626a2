#include "gateway/registry/trait.h"

#include "gateway/registry/refusal.h"

#define SAME " x.unit = $1 AND x.trait = $2 AND coalesce(x.office, '') = $3"

static void
put_fact(struct store_parameters *parameters, const struct trait_fact *fact)
{
    store_put_number(parameters, fact->unit->unit);
    store_put_text(parameters, fact->trait.data == NULL ? STR("") : fact->trait);
    store_put_text(parameters, fact->office.data == NULL ? STR("") : fact->office);
}

enum err
trait_add(struct store *store, struct arena *arena, const struct trait_fact *fact,
          struct fault *fault)
{
    static const char sql[] =
        "INSERT INTO registry.unit_trait (unit, trait, office, valid_from, valid_to, basis)"
        " SELECT $1, $2, nullif($3, ''), $4::date, $5::date, $6 WHERE $3 = ''"
        " OR EXISTS (SELECT 1 FROM registry.trait t, registry.office o WHERE t.trait = $2"
        "  AND t.per_dysponent AND o.office = $3 AND o.kind = 'dysponent') RETURNING unit_trait";
    static const struct refusal refusals[] = {
        {"23P01", "ma już tę cechę w tym czasie"                       },
        {"23503", "nie może mieć takiej cechy: nie ma jej w spisie cech"},
        {"23514", "nie może stracić cechy, zanim ją dostanie"          },
        {NULL,    NULL                                                    }
    };
    struct store_parameters parameters = store_parameters_create(arena);
    struct store_rows       rows = {0};

    put_fact(&parameters, fact);
    store_put_date(&parameters, fact->from);
    store_put_day(&parameters, fact->to);
    store_put_text(&parameters, fact->basis.data == NULL ? STR("") : fact->basis);
    TRY(refusal_tell(store, store_run(store, sql, &parameters, arena, &rows, fault), refusals,
                     fact->unit->regon, fault));
    if (store_row_count(&rows) == 0) {
        return FAIL(fault, ERR_DENIED,
                    "Jednostka o REGON %.*s: dysponenta podaje się tylko przy zadaniach zleconych, "
                    "a „%.*s” ma być kodem dysponenta z rejestru urzędów",
                    STR_ARG(fact->unit->regon), STR_ARG(str_slice(fact->office, 0, 60)));
    }
    return ERR_OK;
}

enum err
trait_end(struct store *store, struct arena *arena, const struct trait_fact *fact,
          struct fault *fault)
{
    static const struct refusal refusals[] = {
        {"23514", "ma tę cechę dopiero po podanym ostatnim dniu"},
        {NULL,    NULL                                            }
    };
    struct store_parameters parameters = store_parameters_create(arena);
    struct store_rows       rows = {0};

    put_fact(&parameters, fact);
    store_put_date(&parameters, fact->to);
    TRY(refusal_tell(store,
                     store_run(store,
                               "UPDATE registry.unit_trait t SET valid_to = $4 WHERE t.unit_trait ="
                               " (SELECT x.unit_trait FROM registry.unit_trait x WHERE" SAME
                               " AND coalesce(x.valid_to, 'infinity') > $4"
                               " ORDER BY x.valid_from DESC LIMIT 1) RETURNING t.unit_trait",
                               &parameters, arena, &rows, fault),
                     refusals, fact->unit->regon, fault));
    if (store_row_count(&rows) == 0) {
        return FAIL(fault, ERR_DENIED, "Jednostka o REGON %.*s nie ma po tym dniu cechy „%.*s”",
                    STR_ARG(fact->unit->regon), STR_ARG(str_slice(fact->trait, 0, 60)));
    }
    return ERR_OK;
}

enum err
trait_enter(struct store *store, struct arena *arena, const struct trait_fact *fact,
            enum trait_change *out, struct fault *fault)
{
    static const char sql[] =
        "WITH there AS MATERIALIZED (SELECT x.unit_trait, x.valid_to FROM registry.unit_trait x"
        " WHERE" SAME " AND x.valid_from = $4), "
        "changed AS (UPDATE registry.unit_trait x SET valid_to = $5::date FROM there t"
        " WHERE x.unit_trait = t.unit_trait AND t.valid_to IS DISTINCT FROM $5::date"
        " RETURNING x.unit_trait) "
        "SELECT (SELECT count(*) FROM there), (SELECT count(*) FROM changed)";
    static const struct refusal refusals[] = {
        {"23P01", "ma już tę cechę w tym czasie"             },
        {"23514", "nie może stracić cechy, zanim ją dostanie"},
        {NULL,    NULL                                          }
    };
    struct store_parameters parameters = store_parameters_create(arena);
    struct store_rows       rows = {0};

    put_fact(&parameters, fact);
    store_put_date(&parameters, fact->from);
    store_put_day(&parameters, fact->to);
    TRY(refusal_tell(store, store_run(store, sql, &parameters, arena, &rows, fault), refusals,
                     fact->unit->regon, fault));
    if (store_number(&rows, 0, 0) > 0) {
        *out = store_number(&rows, 0, 1) > 0 ? TRAIT_ENDED : TRAIT_SAME;
        return ERR_OK;
    }
    *out = TRAIT_ADDED;
    return trait_add(store, arena, fact, fault);
}

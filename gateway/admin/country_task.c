#include "gateway/admin/admin.h"
#include "gateway/admin/country.h"

#include <inttypes.h>

#define SERVED_FROM ((struct date){2024, 1, 1})

static enum err
need_room(struct admin *admin, struct fault *fault)
{
    struct store_rows rows = {0};

    TRY(admin_need_test(admin, "kraj pokazowy da się wczytać", fault));
    if (admin->options.values[OPTION_ADD].data != NULL) {
        return ERR_OK;
    }
    TRY(store_run(admin->store, "SELECT EXISTS (SELECT 1 FROM registry.unit)", NULL, admin->arena,
                  &rows, fault));
    if (store_truth(&rows, 0, 0)) {
        return FAIL(fault, ERR_DENIED,
                    "rejestr nie jest pusty; żeby dopisać do niego kraj pokazowy, podaj --add");
    }
    return ERR_OK;
}

static enum err
read_seed(const struct admin *admin, uint64_t *out, struct fault *fault)
{
    struct str text = admin->options.values[OPTION_SEED];
    int64_t    seed = 1;

    if (text.data != NULL && (!str_to_number(text, &seed) || seed < 0)) {
        return FAIL(fault, ERR_USAGE, "--seed: „%.*s” to nie jest liczba od 0",
                    STR_ARG(str_slice(text, 0, 40)));
    }
    *out = (uint64_t)seed;
    return ERR_OK;
}

/* Ties that are not there yet, as one set. */
static enum err
enter_ties(struct admin *admin, const char *sql, const struct country_tie *ties, size_t count,
           struct date day, struct fault *fault)
{
    struct store_parameters parameters = store_parameters_create(admin->arena);
    struct str             *units = ARENA_NEW(admin->arena, struct str, count);
    struct str             *others = ARENA_NEW(admin->arena, struct str, count);

    if (units == NULL || others == NULL) {
        return FAIL(fault, ERR_MEMORY, "%zu ties", count);
    }
    for (size_t i = 0; i < count; i++) {
        units[i] = ties[i].unit;
        others[i] = ties[i].other;
    }
    store_put_texts(&parameters, units, count);
    store_put_texts(&parameters, others, count);
    store_put_date(&parameters, day);
    return store_run(admin->store, sql, &parameters, admin->arena, NULL, fault);
}

static const char offices_sql[] =
    "INSERT INTO registry.office (office, kind, title, wk)"
    " SELECT 'dysponent-' || o.wk, 'dysponent', 'Dysponent pokazowy, województwo ' || o.wk, o.wk"
    " FROM registry.office o WHERE o.kind = 'rio' ON CONFLICT DO NOTHING";

#define TIED                                                                         \
    " FROM unnest($1::text[], $2::text[]) WITH ORDINALITY AS t (unit, other, place)" \
    " JOIN registry.unit a ON a.regon = t.unit JOIN registry.unit b ON b.regon = t.other"

static const char services_sql[] =
    "INSERT INTO registry.service (unit, provider, valid_from, basis)"
    " SELECT a.unit, b.unit, $3::date, 'pokaz'" TIED
    " WHERE NOT EXISTS (SELECT 1 FROM registry.service s WHERE s.unit = a.unit"
    " AND s.provider = b.unit) ORDER BY t.place";

static const char successions_sql[] =
    "INSERT INTO registry.succession (predecessor, successor, kind, day, basis)"
    " SELECT a.unit, b.unit, 'merge', $3::date, 'pokaz'" TIED
    " ORDER BY t.place ON CONFLICT DO NOTHING";

/*
 * Two urzędy of three and one budget unit of ten do delegated tasks for the dysponent of their
 * voivodeship; half of the budget units have an account of art. 223; one urząd of ten has
 * expenditure that did not lapse. By the last digits of the REGON, so that a seed makes one
 * country.
 */
static const char traits_sql[] =
    "INSERT INTO registry.unit_trait (unit, trait, office, valid_from, basis)"
    " SELECT u.unit, t.trait, CASE t.trait WHEN 'zadania-zlecone' THEN 'dysponent-' || u.wk END,"
    "  greatest(u.valid_from, $2::date), 'pokaz'"
    " FROM registry.unit u JOIN (VALUES ('zadania-zlecone', 'urzad', 3, 2),"
    "  ('zadania-zlecone', 'jednostka-budzetowa', 10, 1), ('rachunek-223', 'jednostka-budzetowa', "
    "2, 1),"
    "  ('wydatki-niewygasajace', 'urzad', 10, 1)) t (trait, kind, every, taken) ON t.kind = u.kind"
    " WHERE u.regon = ANY ($1) AND right(u.regon, 4)::integer / 10 % t.every < t.taken"
    "  AND (u.valid_to IS NULL OR u.valid_to >= $2::date)"
    "  AND NOT EXISTS (SELECT 1 FROM registry.unit_trait x WHERE x.unit = u.unit)";

static enum err
enter_traits(struct admin *admin, const struct country *country, struct fault *fault)
{
    struct store_parameters parameters = store_parameters_create(admin->arena);
    struct str             *regons = ARENA_NEW(admin->arena, struct str, country->row_count);

    if (regons == NULL) {
        return FAIL(fault, ERR_MEMORY, "%zu units", country->row_count);
    }
    for (size_t i = 0; i < country->row_count; i++) {
        regons[i] = country->rows[i].unit.regon;
    }
    store_put_texts(&parameters, regons, country->row_count);
    store_put_date(&parameters, SERVED_FROM);
    return store_run(admin->store, traits_sql, &parameters, admin->arena, NULL, fault);
}

enum err
country_task_load(struct admin *admin, struct fault *fault)
{
    struct country            country = {0};
    struct unit_import_result result = {0};
    struct date               today = {0};
    uint64_t                  seed = 0;

    TRY(read_seed(admin, &seed, fault));
    TRY(need_room(admin, fault));
    TRY(country_make(admin->arena, seed, &country, fault));
    TRY(admin_today(admin, &today, fault));
    TRY(store_run(admin->store, offices_sql, NULL, admin->arena, NULL, fault));
    const struct unit_import_file file = {country.rows, country.row_count, today};
    TRY(unit_import_stage(admin->store, admin->arena, &file, &result, fault));
    if (result.units[UNIT_IMPORT_REFUSED] > 0) {
        return FAIL(fault, ERR_DENIED,
                    "numery kraju pokazowego są już w rejestrze zajęte; zmień --seed");
    }
    TRY(unit_import_apply(admin->store, admin->arena, today, fault));
    TRY(enter_ties(admin, services_sql, country.services, country.service_count, SERVED_FROM,
                   fault));
    TRY(enter_ties(admin, successions_sql, country.successions, country.succession_count,
                   country_merger_day, fault));
    TRY(enter_traits(admin, &country, fault));
    buf_format(&admin->out,
               "Kraj pokazowy %" PRIu64 ": jednostek %zu, dopisane teraz: %zu, obsługiwane: %zu,"
               " połączone: %zu\n",
               seed, country.row_count, result.units[UNIT_IMPORT_ADDED], country.service_count,
               country.succession_count);
    return admin_wake(admin, fault);
}

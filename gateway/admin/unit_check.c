#include "gateway/admin/unit_check.h"

#include "gateway/definitions/definitions.h"
#include "gateway/release/release_history.h"
#include "validators/identifier/identifier.h"

enum { TEXT_SHOWN = 40, TYPES_MAX = 4096 };

static const char *const codes_allowed[IDENTIFIER_CODES] = {
    [IDENTIFIER_WK] = "parzysta liczba od 02 do 32, w środowisku TEST także 99",
    [IDENTIFIER_PK] = "liczba dwucyfrowa",
    [IDENTIFIER_GK] = "liczba dwucyfrowa",
    [IDENTIFIER_GT] = "0, 1, 2, 3 albo litera Z",
    [IDENTIFIER_PT] = "cyfra od 0 do 8",
};

static enum err
check_codes(const struct registry_unit *unit, struct fault *fault)
{
    const struct identifier_territory codes = {unit->wk, unit->pk, unit->gk, unit->gt, unit->pt};
    const struct str values[IDENTIFIER_CODES] = {unit->wk, unit->pk, unit->gk, unit->gt, unit->pt};
    struct identifier_judgement judgement = identifier_territory_judge(&codes);

    if (judgement.fault == IDENTIFIER_OK || judgement.fault == IDENTIFIER_MISMATCH
        || judgement.fault == IDENTIFIER_TEST_TERRITORY) {
        return ERR_OK;
    }
    return FAIL(
        fault, ERR_USAGE, "%s „%.*s”: możliwe wartości to %s", identifier_code_name(judgement.code),
        STR_ARG(str_slice(values[judgement.code], 0, TEXT_SHOWN)), codes_allowed[judgement.code]);
}

enum err
unit_check(const struct registry_unit *unit, struct fault *fault)
{
    TRY(admin_check_numbers(unit->regon, unit->nip, fault));
    TRY(check_codes(unit, fault));
    if (!identifier_type(unit->type)) {
        return FAIL(fault, ERR_USAGE,
                    "Typ „%.*s”: ma być taki jak w pliku sprawozdania, np. JB: od 1 do %d wielkich "
                    "liter, cyfr i łączników",
                    STR_ARG(str_slice(unit->type, 0, TEXT_SHOWN)), IDENTIFIER_TYPE_MAX);
    }
    if (str_trim(unit->name).size == 0) {
        return FAIL(fault, ERR_USAGE, "nazwa jednostki jest pusta");
    }
    return ERR_OK;
}

enum err
unit_check_kind(struct admin *admin, struct str kind, struct fault *fault)
{
    struct store_parameters parameters = store_parameters_create(admin->arena);
    struct store_rows       rows = {0};

    store_put_text(&parameters, kind);
    TRY(store_run(admin->store,
                  "SELECT bool_or(kind = $1), string_agg(kind, ', ' ORDER BY kind)"
                  " FROM registry.unit_kind",
                  &parameters, admin->arena, &rows, fault));
    if (store_truth(&rows, 0, 0)) {
        return ERR_OK;
    }
    return FAIL(fault, ERR_DENIED, "rodzaju „%.*s” nie ma w rejestrze; rodzaje: %.*s",
                STR_ARG(str_slice(kind, 0, TEXT_SHOWN)), STR_ARG(store_text(&rows, 0, 1)));
}

/* Those of the newest release, or of the program. */
static enum err
read_catalogue(struct admin *admin, const struct catalogue **out, struct fault *fault)
{
    struct release release = {0};

    TRY(release_now(admin->store, admin->arena, &release, fault));
    return release.release == 0
               ? definitions_catalogue(admin->arena, NULL, out, fault)
               : release_history_catalogue(admin->store, admin->arena, &release, out, fault);
}

/* Whether it stands in "JB, ZB-TEST". */
static bool
stands_in(struct str types, struct str type)
{
    struct str piece = {0};

    while (types.size > 0 && str_cut(&types, ',', &piece)) {
        if (str_equal(str_trim(piece), type)) {
            return true;
        }
    }
    return false;
}

enum err
unit_check_types(struct admin *admin, struct str *out, struct fault *fault)
{
    const struct catalogue *catalogue = NULL;
    struct buf              types = buf_create(admin->arena, TYPES_MAX);

    TRY(read_catalogue(admin, &catalogue, fault));
    for (size_t i = 0; i < catalogue->level_count; i++) {
        if (!stands_in(buf_str(&types), catalogue->levels[i].name)) {
            buf_format(&types, "%s%.*s", types.size == 0 ? "" : ", ",
                       STR_ARG(catalogue->levels[i].name));
        }
    }
    if (!buf_ok(&types)) {
        return FAIL(fault, ERR_MEMORY, "%zu types", catalogue->level_count);
    }
    *out = buf_str(&types);
    return ERR_OK;
}

enum err
unit_check_type(struct str types, struct str type, struct fault *fault)
{
    if (stands_in(types, type)) {
        return ERR_OK;
    }
    return FAIL(fault, ERR_DENIED,
                "Typu „%.*s” nie ma w obowiązujących definicjach; typy: %.*s. Nowy typ wchodzi z "
                "wydaniem definicji (brama rules publish)",
                STR_ARG(str_slice(type, 0, TEXT_SHOWN)), STR_ARG(types));
}

enum err
unit_check_whole(struct admin *admin, const struct registry_unit *unit, struct fault *fault)
{
    struct str types = {0};

    TRY(unit_check(unit, fault));
    TRY(unit_check_kind(admin, unit->kind, fault));
    TRY(unit_check_types(admin, &types, fault));
    return unit_check_type(types, unit->type, fault);
}

enum err
unit_check_closed(struct admin *admin, int64_t unit, struct date last_day, struct fault *fault)
{
    static const char sql[] =
        "SELECT (SELECT count(*) FROM intake.report WHERE unit = $1 AND period_end > $2"
        " AND verdict = 1),"
        " (SELECT count(*) FROM registry.unit WHERE parent = $1"
        " AND (valid_to IS NULL OR valid_to > $2)),"
        " (SELECT count(*) FROM registry.credential WHERE unit = $1 AND revoked_at IS NULL"
        " AND expires_at > now())";
    static const struct {
        const char *what;
        const char *cure;
    } words[] = {
        {"przyjęte sprawozdania za okresy, które kończą się po tym dniu", ""                                       },
        {"jednostki, które jej podlegają po tym dniu",                       "; przenieś je (unit move) albo zamknij"},
        {"ważne tokeny i certyfikaty tej jednostki",                          "; niepotrzebne unieważnij"             },
    };
    struct store_parameters parameters = store_parameters_create(admin->arena);
    struct store_rows       rows = {0};

    store_put_number(&parameters, unit);
    store_put_date(&parameters, last_day);
    TRY(store_run(admin->store, sql, &parameters, admin->arena, &rows, fault));
    for (size_t i = 0; i < ARRAY_COUNT(words); i++) {
        if (store_number(&rows, 0, i) > 0) {
            buf_format(&admin->out, "Uwaga: %s: %lld%s\n", words[i].what,
                       (long long)store_number(&rows, 0, i), words[i].cure);
        }
    }
    return ERR_OK;
}

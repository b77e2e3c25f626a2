#include "gateway/admin/admin.h"

/*
 * The demonstration registry: a gmina of the made-up territory 99, its urząd, and the three schools
 * whose reports stand in tests/samples, named exactly as there.
 */
static const struct {
    struct str regon;
    struct str nip;
    struct str type;
    struct str kind;
    struct str name;
    bool       below; /* the gmina */
} units[] = {
    {STR_INIT("990000016"), STR_INIT("9990000014"), STR_INIT("ZB-TEST"), STR_INIT("jst"),
     STR_INIT("GMINA PRZYKŁADOWO"),                      false},
    {STR_INIT("990000022"), STR_INIT("9990000020"), STR_INIT("JB"),      STR_INIT("urzad"),
     STR_INIT("URZĄD MIEJSKI W PRZYKŁADOWIE"),          true },
    {STR_INIT("990001010"), STR_INIT("9990000037"), STR_INIT("JB"),      STR_INIT("jednostka-budzetowa"),
     STR_INIT("SZKOŁA PODSTAWOWA NR 1 W PRZYKŁADOWIE"), true },
    {STR_INIT("990001027"), STR_INIT("9990000043"), STR_INIT("JB"),      STR_INIT("jednostka-budzetowa"),
     STR_INIT("SZKOŁA PODSTAWOWA NR 2 W PRZYKŁADOWIE"), true },
    {STR_INIT("990001033"), STR_INIT("9990000066"), STR_INIT("JB"),      STR_INIT("jednostka-budzetowa"),
     STR_INIT("SZKOŁA PODSTAWOWA NR 3 W PRZYKŁADOWIE"), true },
};

static enum err
add_missing(struct admin *admin, size_t i, int64_t parent, int64_t *id, struct fault *fault)
{
    struct registry_unit unit = {0};
    bool                 found = false;

    TRY(registry_find_unit(admin->store, admin->arena, units[i].regon, &unit, &found, fault));
    if (!found) {
        unit = (struct registry_unit){
            .regon = units[i].regon,
            .nip = units[i].nip,
            .wk = STR("99"),
            .pk = STR("01"),
            .gk = STR("02"),
            .gt = STR("3"),
            .pt = STR("0"),
            .type = units[i].type,
            .kind = units[i].kind,
            .name = units[i].name,
            .parent = units[i].below ? parent : 0,
            .valid_from = {2020, 1, 1},
        };
        TRY(registry_add_unit(admin->store, admin->arena, &unit, &unit.unit, fault));
    }
    *id = unit.unit;
    admin_print(admin, found ? STR("jest") : STR("dopisano"), false);
    admin_print(admin, unit.regon, false);
    admin_print(admin, unit.name, true);
    return ERR_OK;
}

/* The schools have accounts of art. 223, the urząd does delegated tasks. */
static enum err
add_traits(struct admin *admin, struct fault *fault)
{
    static const char sql[] =
        "INSERT INTO registry.unit_trait (unit, trait, valid_from, basis)"
        " SELECT u.unit, CASE u.kind WHEN 'urzad' THEN 'zadania-zlecone' ELSE 'rachunek-223' END,"
        "  '2020-01-01', 'pokaz' FROM registry.unit u WHERE u.regon = ANY ($1)"
        "  AND u.kind <> 'jst' AND NOT EXISTS (SELECT 1 FROM registry.unit_trait x"
        "   WHERE x.unit = u.unit)";
    struct store_parameters parameters = store_parameters_create(admin->arena);
    struct str              regons[ARRAY_COUNT(units)];

    for (size_t i = 0; i < ARRAY_COUNT(units); i++) {
        regons[i] = units[i].regon;
    }
    store_put_texts(&parameters, regons, ARRAY_COUNT(units));
    return store_run(admin->store, sql, &parameters, admin->arena, NULL, fault);
}

enum err
demo_task_load(struct admin *admin, struct fault *fault)
{
    int64_t gmina = 0;
    int64_t id = 0;

    TRY(admin_need_test(admin, "rejestr pokazowy da się wczytać", fault));
    for (size_t i = 0; i < ARRAY_COUNT(units); i++) {
        TRY(add_missing(admin, i, gmina, &id, fault));
        gmina = i == 0 ? id : gmina;
    }
    TRY(add_traits(admin, fault));
    return admin_wake(admin, fault);
}

#include "tests/support/expect.h"
#include "tests/support/judging.h"
#include "tests/support/maker.h"
#include "tests/unit/gateway/submission/workshop.h"

/*
 * Reports of a JST itself: their level follows from Typ and form, their term from level and kind of
 * unit. Units 7, 8 and 9 of the registry: a JST, its organ, its urząd; the maker's fifth to
 * seventh.
 */
static struct arena *kept;

static int
begin(void **state)
{
    struct str   pem = {0};
    struct fault fault = {0};

    kept = arena_create((size_t)64 << 20U);
    if (judging_load(state) != 0 || workshop_start(state) != 0) {
        return -1;
    }
    ENSURE(authority_pem(kept, judging_authority(), AUTHORITY_CA, &pem, &fault) == ERR_OK);
    workshop_trust(pem);
    return 0;
}

static int
end(void **state)
{
    int stopped = workshop_stop(state);

    arena_destroy(kept);
    return stopped + judging_unload(state);
}

enum { JST = 7, FIRST = 4 };

static struct workshop *
open_with_jst(void)
{
    struct workshop *workshop = workshop_open();
    struct str       jst = maker_regon(workshop->arena, FIRST);
    struct str       organ = maker_regon(workshop->arena, FIRST + 1);
    struct str       office = maker_regon(workshop->arena, FIRST + 2);
    struct str       sql = str_format(
              workshop->arena,
              "INSERT INTO registry.unit (unit, regon, wk, pk, gk, gt, pt, type, kind, name, parent,"
                    " valid_from) OVERRIDING SYSTEM VALUE SELECT u, r, '99', '01', '02', '3', '0', t, k, 'x',"
                    " p, '2020-01-01' FROM (VALUES (7, '%.*s', 'ZB-TEST', 'jst', NULL::bigint),"
                    " (8, '%.*s', 'ORGAN-TEST', 'organ', 7), (9, '%.*s', 'JB', 'urzad', 7)) x (u, r, t, k, p);"
                    "INSERT INTO registry.credential (unit, is_certificate, digest, scopes, label,"
                    " expires_at) VALUES (7, false, decode(repeat('ef', 32), 'hex'), 3, 'test', '2099-01-01')",
              STR_ARG(jst), STR_ARG(organ), STR_ARG(office));

    ENSURE(sql.data != NULL);
    workshop_run(workshop, sql.data);
    return workshop;
}

static const struct {
    const char *name;
    const char *sheet; /* NULL: Rb-27s */
    const char *kind;  /* Typ */
    size_t      unit;  /* of the maker */
    const char *variant;
    const char *want; /* level, variant, verdict, due day; what no calendar expects has none */
} cases[] = {
    {"aggregate of a JST",             NULL,     "ZB-TEST",    FIRST,     NULL,                      "zbiorcze//1/2026-07-22"         },
    {"organ",                          NULL,     "ORGAN-TEST", FIRST + 1, NULL,                      "jednostkowe-organ//1/2026-07-21"},
    {"urząd",                         NULL,     "JB",         FIRST + 2, NULL,                      "jednostkowe//1/2026-07-21"      },
    {"own sum of a JST",               "Rb-z",   "ZB-TEST",    FIRST,     NULL,                      "łączne//1/2026-07-22"         },
    {"own sum of a JST",               "Rb-n",   "ZB-TEST",    FIRST,     NULL,                      "łączne//1/2026-07-22"         },
    {"of persons of group 42",         "Rb-z",   "ZB-TEST",    FIRST,     "<GrupaJOP>42</GrupaJOP>",
     "łączne/42/1/2026-07-27"                                                                                                       },
    {"a group that there is not",      "Rb-z",   "ZB-TEST",    FIRST,     "<GrupaJOP>41</GrupaJOP>",
     "łączne/41/3/2026-07-27"                                                                                                       },
    {"organ of what it does not file", "Rb-z",   "ORGAN-TEST", FIRST + 1, NULL,
     "jednostkowe-organ//1/-"                                                                                                         },
    {"own sum of a school",            "Rb-nds", "JB",         FIRST + 2, NULL,                      "jednostkowe//1/-"               },
};

static void
level_and_due_day_follow_from_typ_form_and_kind(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        struct workshop           *workshop = open_with_jst();
        const struct maker_options options = {.seed = i + 1,
                                              .first_unit = cases[i].unit,
                                              .sheet = cases[i].sheet,
                                              .forms = MAKER_RB27S,
                                              .kind = cases[i].kind,
                                              .variant = cases[i].variant};
        struct str                 bytes = {0};
        struct fault               fault = {0};
        EXPECT(maker_package(workshop->arena, &options, judging_authority(), &bytes, &fault)
                   == ERR_OK,
               fault.text);
        (void)workshop_send(workshop, JST, 1, "k", bytes);
        struct str told = workshop_ask(workshop, "SELECT concat_ws('/', level, variant, verdict,"
                                                 " coalesce(due::text, '-')) FROM intake.report");
        if (!str_equal(told, str_of(cases[i].want))) {
            struct str why =
                str_copy(workshop->arena,
                         workshop_ask(workshop, "SELECT string_agg(code || ' ' || title, '; ') FROM"
                                                " intake.finding WHERE severity = 'error'"));
            fail_msg("%s: %.*s, not %s (%.*s)", cases[i].name, STR_ARG(told), cases[i].want,
                     STR_ARG(why));
        }
        workshop_close(workshop);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(level_and_due_day_follow_from_typ_form_and_kind),
    };

    return cmocka_run_group_tests(tests, begin, end);
}

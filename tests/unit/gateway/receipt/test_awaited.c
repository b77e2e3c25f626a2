#include "gateway/receipt/awaited.h"

#include "tests/support/expect.h"

static const struct {
    const char *text;
    bool        names;
} cases[] = {
    {"Rb-27S zbiorcze za 2026-Q2",                                 true },
    {"SMUP-U jednostkowe za 2026-Q4 (SP 1); i jeszcze 4",          true },
    {"żadna reguła zestawu nie miała jeszcze czego porównać", false},
    {"dzielenie przez zero",                                       false},
    {"porównanie za okres jest za duże",                         false},
    {"Nie udało się porównać",                                 false},
    {"",                                                           false},
};

static void
reports_are_told_from_a_sentence(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        EXPECT(awaited_names_reports(str_of(cases[i].text)) == cases[i].names, cases[i].text);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reports_are_told_from_a_sentence),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

#include "tests/support/expect.h"
#include "validators/catalogue/placeholder.h"

static const struct {
    const char *text;
    const char *words;
    const char *general;
} cases[] = {
    {"Bez niczego",                             "Bez niczego",                                        "Bez niczego" },
    {"Plan {found} zł mniejszy od {expected}", "Plan ‹jest› zł mniejszy od ‹powinno być›",
     "Plan … zł mniejszy od …"                                                                                 },
    {"{subject}: sprawozdanie zmieniono",       "‹czego dotyczy›: sprawozdanie zmieniono",
     "Sprawozdanie zmieniono"                                                                                       },
    {"{subject}: Sprawozdanie",                 "‹czego dotyczy›: Sprawozdanie",                  "Sprawozdanie"},
    {"Okresu „{found}” nie ma: {expected}", "Okresu „‹jest›” nie ma: ‹powinno być›",
     "Okresu „…” nie ma"                                                                                      },
    {"{subject} ma {Paragraf}",                 "‹czego dotyczy› ma ‹Paragraf›",              "… ma …"  },
    {"{found}: ",                               "‹jest›: ",                                       "…: "       },
    {"",                                        "",                                                   ""            },
};

static void
a_text_without_a_finding_has_words_or_nothing_for_what_differs(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        struct arena *arena = arena_create(1 << 20);
        struct str    text = str_of(cases[i].text);
        EXPECT(str_equal(placeholder_words(arena, text), str_of(cases[i].words)), cases[i].text);
        EXPECT(str_equal(placeholder_general(arena, text), str_of(cases[i].general)),
               cases[i].text);
        arena_destroy(arena);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_text_without_a_finding_has_words_or_nothing_for_what_differs),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

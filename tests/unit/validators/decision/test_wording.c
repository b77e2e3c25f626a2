#include "tests/support/expect.h"
#include "tests/support/sketch.h"
#include "validators/decision/wording.h"

#include <string.h>

static const struct {
    const char *name;
    uint32_t    offset; /* rows of the sketch begin at 1000, 1100, 1200 */
    const char *text;
    const char *want;
} cases[] = {
    {"no placeholder",         1030, "Brak planu",            "Brak planu"},
    {"found and expected",     1030, "{found}/{expected}",    "5,00/7,00" },
    {"absent value",           1030, "{difference}",          "brak"      },
    {"amount of the row",      1030, "{PL} zł",
     "68\xC2\xA0"
     "000,00 zł"                                                         },
    {"amount of the next row", 1130, "{PL}",
     "-3\xC2\xA0"
     "300,00"                                                             },
    {"absent amount",          1030, "{DW}",                  "brak"      },
    {"unknown amount",         1130, "{DW}",                  "brak"      },
    {"code of the row",        1030, "{Dzial} § {Paragraf}", "801 § 069"},
    {"unknown code",           1230, "{Paragraf}",            "brak"      },
    {"before the first row",   999,  "{PL}",                  "{PL}"      },
    {"unknown name",           1030, "{nic}",                 "{nic}"     },
    {"brace without end",      1030, "a { b",                 "a { b"     },
    {"empty braces",           1030, "{}",                    "{}"        },
    {"doubled braces",         1030, "{{found}}",             "{5,00}"    },
    {"values are not filled",  1030, "{subject}",             "{found}"   },
};

static void
wording_fill_follows_the_table(void **state)
{
    struct arena           *arena = arena_create(1 << 20);
    struct checked          checked = sketch_checked(arena);
    const struct catalogue *catalogue = sketch_catalogue(arena);

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        struct finding finding = {.offset = cases[i].offset,
                                  .found = STR("5,00"),
                                  .expected = STR("7,00"),
                                  .subject = STR("{found}")};
        struct wording wording = {.finding = &finding,
                                  .report = &checked.package.reports[0],
                                  .form = &catalogue->forms[0]};
        struct fault   fault = {0};
        struct str     out = {0};
        EXPECT(wording_fill(arena, &wording, str_of(cases[i].text), &out, &fault) == ERR_OK,
               cases[i].name);
        if (!str_equal(out, str_of(cases[i].want))) {
            fail_msg("%s: '%.*s'", cases[i].name, STR_ARG(out));
        }
    }
    arena_destroy(arena);
}

static void
a_finding_of_the_package_has_no_columns(void **state)
{
    struct arena  *arena = arena_create(1 << 16);
    struct finding finding = {.found = STR("x")};
    struct wording wording = {.finding = &finding};
    struct fault   fault = {0};
    struct str     out = {0};

    (void)state;
    assert_int_equal(wording_fill(arena, &wording, STR("{found} {PL}"), &out, &fault), ERR_OK);
    assert_true(str_equal(out, STR("x {PL}")));
    arena_destroy(arena);
}

static void
a_text_is_cut_at_its_limit(void **state)
{
    struct arena  *arena = arena_create(1 << 20);
    char          *text = ARENA_NEW(arena, char, WORDING_MAX + 1);
    struct finding finding = {.found = STR("x")};
    struct wording wording = {.finding = &finding};
    struct fault   fault = {0};
    struct str     out = {0};

    (void)state;
    memset(text, 'a', WORDING_MAX + 1);
    for (size_t size = WORDING_MAX - 1; size <= WORDING_MAX + 1; size++) {
        struct str long_text = {text, size};
        assert_int_equal(wording_fill(arena, &wording, long_text, &out, &fault), ERR_OK);
        assert_int_equal(out.size, size <= WORDING_MAX ? size : WORDING_MAX);
    }
    arena_destroy(arena);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(wording_fill_follows_the_table),
        cmocka_unit_test(a_finding_of_the_package_has_no_columns),
        cmocka_unit_test(a_text_is_cut_at_its_limit),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

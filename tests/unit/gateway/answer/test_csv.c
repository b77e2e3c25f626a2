#include "gateway/answer/csv.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define BOM "\xEF\xBB\xBF"

static void
csv_fields_are_quoted_and_never_formulas(void **state)
{
    const struct {
        const char *name;
        struct str  field;
        struct str  want;
    } cases[] = {
        {"plain",                     STR("Rb-27S"),    STR("Rb-27S")      },
        {"empty",                     STR(""),          STR("")            },
        {"Polish",                    STR("źródło"), STR("źródło")   },
        {"formula",                   STR("=1+1"),      STR("'=1+1")       },
        {"plus",                      STR("+48"),       STR("'+48")        },
        {"minus",                     STR("-5,00"),     STR("'-5,00")      },
        {"at",                        STR("@SUM(A1)"),  STR("'@SUM(A1)")   },
        {"tab first",                 STR("\t=1"),      STR("\"'\t=1\"")   },
        {"carriage return first",     STR("\r=1"),      STR("\"'\r=1\"")   },
        {"formula with a separator",  STR("=A1;B1"),    STR("\"'=A1;B1\"") },
        {"sign in the middle",        STR("a=b"),       STR("a=b")         },
        {"separator",                 STR("a;b"),       STR("\"a;b\"")     },
        {"quotation mark",            STR("a\"b"),      STR("\"a\"\"b\"")  },
        {"only a quotation mark",     STR("\""),        STR("\"\"\"\"")    },
        {"line feed",                 STR("a\nb"),      STR("\"a\nb\"")    },
        {"comma is no separator",     STR("1,5"),       STR("1,5")         },
        {"NUL",                       STR("a\0b"),      STR("a b")         },
        {"NUL first, then a formula", STR("\0=1"),      STR(" =1")         },
        {"not UTF-8",                 STR("\xFF"),      STR("\xEF\xBF\xBD")},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        struct arena *arena = arena_create(4096);
        struct buf    out = buf_create(arena, 4096);
        struct csv    csv = csv_create(&out);
        csv_field(&csv, cases[i].field);
        struct str want = str_format(arena, BOM "%.*s", STR_ARG(cases[i].want));
        if (!buf_ok(&out) || !str_equal(buf_str(&out), want)) {
            fail_msg("%s: \"%.*s\"", cases[i].name, STR_ARG(buf_str(&out)));
        }
        arena_destroy(arena);
    }
}

static void
csv_decimals_have_a_comma_and_no_apostrophe(void **state)
{
    struct arena *arena = arena_create(4096);
    struct buf    out = buf_create(arena, 4096);
    struct csv    csv = csv_create(&out);

    (void)state;
    csv_decimal(&csv, STR("-12.40"));
    csv_decimal(&csv, STR("0.05"));
    csv_decimal(&csv, STR("7"));
    csv_row_end(&csv);
    assert_true(str_equal(buf_str(&out), STR(BOM "-12,40;0,05;7\r\n")));
    arena_destroy(arena);
}

static void
csv_rows_end_with_cr_lf_and_empty_fields_keep_their_place(void **state)
{
    struct arena *arena = arena_create(4096);
    struct buf    out = buf_create(arena, 4096);
    struct csv    csv = csv_create(&out);

    (void)state;
    csv_field(&csv, STR(""));
    csv_number(&csv, UINT64_C(18446744073709551615));
    csv_field(&csv, STR("x"));
    csv_row_end(&csv);
    csv_field(&csv, STR(""));
    csv_field(&csv, STR(""));
    csv_row_end(&csv);
    assert_true(str_equal(buf_str(&out), STR(BOM ";18446744073709551615;x\r\n;\r\n")));
    arena_destroy(arena);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(csv_fields_are_quoted_and_never_formulas),
        cmocka_unit_test(csv_decimals_have_a_comma_and_no_apostrophe),
        cmocka_unit_test(csv_rows_end_with_cr_lf_and_empty_fields_keep_their_place),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

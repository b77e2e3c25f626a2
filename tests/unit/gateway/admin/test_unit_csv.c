#include "gateway/admin/unit_csv.h"
#include "tests/support/expect.h"

#include <string.h>

#define HEAD "regon;nip;wk;pk;gk;gt;pt;typ;rodzaj;nazwa;nadrzedna;od;do\n"
#define ROW "990001010;;99;01;02;3;0;JB;jednostka-budzetowa;Szkoła;990000016;2020-01-01;\n"

static const struct {
    const char *name;
    const char *text;
    enum err    want;
    size_t      count;
    const char *complaint;
} cases[] = {
    {"head alone",              HEAD,                                                                            ERR_OK,     0, ""                                     },
    {"one row",                 HEAD ROW,                                                                        ERR_OK,     1, ""                                     },
    {"byte order mark",         "\xEF\xBB\xBF" HEAD ROW,                                                         ERR_OK,     1, ""                                     },
    {"CR LF",                   "regon;nip;wk;pk;gk;gt;pt;typ;rodzaj;nazwa;nadrzedna;od;do\r\n;;;;;;;;;;;;\r\n",
     ERR_OK,                                                                                                                 1, ""                                     },
    {"no end of the last line", HEAD "1;2;3;4;5;6;7;8;9;10;11;;",                                                ERR_OK,     1, ""                                     },
    {"quoted",                  HEAD "1;2;3;4;5;6;7;8;9;\"a;\"\"b\"\"\nc\";11;;\n" ROW,                          ERR_OK,     2, ""                                     },
    {"empty file",              "",                                                                              ERR_SYNTAX, 0, "wiersz 1: ma mieć 13 pól"           },
    {"other name of a column",  "REGON" HEAD,                                                                    ERR_SYNTAX, 0, "kolumna 1 ma mieć nazwę „regon”"},
    {"twelve fields",           HEAD ROW "1;2;3;4;5;6;7;8;9;10;11;\n",                                           ERR_SYNTAX, 0, "wiersz 3: ma mieć 13"                },
    {"fourteen fields",         HEAD "1;2;3;4;5;6;7;8;9;10;11;;;\n",                                             ERR_SYNTAX, 0, "wiersz 2: ma mieć 13"                },
    {"empty line",              HEAD "\n" ROW,                                                                   ERR_SYNTAX, 0, "wiersz 2: ma mieć 13"                },
    {"quote left open",         HEAD "1;2;3;4;5;6;7;8;9;\"x",                                                    ERR_SYNTAX, 0, "cudzysłów"                          },
    {"text behind a quote",     HEAD "1;2;3;4;5;6;7;8;9;\"x\"y;11;;\n",                                          ERR_SYNTAX, 0, "cudzysłów"                          },
    {"no such day",             HEAD "1;2;3;4;5;6;7;8;9;10;11;2026-02-30;\n",                                    ERR_SYNTAX, 0,
     "wiersz 2: „2026-02-30”"                                                                                                                                      },
    {"no such last day",        HEAD ROW "1;2;3;4;5;6;7;8;9;10;11;;jutro\n",                                     ERR_SYNTAX, 0,
     "wiersz 3: „jutro”"                                                                                                                                           },
    {"not UTF-8",               HEAD "1;2;3;4;5;6;7;8;9;\xB3;11;;\n",                                            ERR_SYNTAX, 0, "UTF-8"                                },
};

static void
text_is_read_as_the_table_says(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        struct arena        *arena = arena_create((size_t)4 << 20U);
        struct fault         fault = {0};
        struct unit_csv_row *rows = NULL;
        size_t               count = 0;
        EXPECT(unit_csv_read(arena, str_of(cases[i].text), &rows, &count, &fault) == cases[i].want,
               cases[i].name);
        EXPECT(count == cases[i].count, cases[i].name);
        EXPECT(strstr(fault.text, cases[i].complaint) != NULL, cases[i].name);
        arena_destroy(arena);
    }
}

static void
every_field_reaches_its_place(void **state)
{
    struct arena        *arena = arena_create((size_t)4 << 20U);
    struct fault         fault = {0};
    struct unit_csv_row *rows = NULL;
    size_t               count = 0;

    (void)state;
    assert_int_equal(
        unit_csv_read(
            arena,
            STR(HEAD ROW "R;N;1;2;3;4;5;T;K;\"a;\"\"b\"\"\nc\";P;2026-01-02;2026-03-04\n" ROW),
            &rows, &count, &fault),
        ERR_OK);
    assert_int_equal(count, 3);
    const struct registry_unit *unit = &rows[1].unit;
    assert_true(str_equal(unit->regon, STR("R")) && str_equal(unit->nip, STR("N")));
    assert_true(str_equal(unit->wk, STR("1")) && str_equal(unit->pk, STR("2")));
    assert_true(str_equal(unit->gk, STR("3")) && str_equal(unit->gt, STR("4")));
    assert_true(str_equal(unit->pt, STR("5")) && str_equal(unit->type, STR("T")));
    assert_true(str_equal(unit->kind, STR("K")) && str_equal(rows[1].parent, STR("P")));
    assert_true(str_equal(unit->name, STR("a;\"b\"\nc")));
    assert_int_equal(date_compare(unit->valid_from, (struct date){2026, 1, 2}), 0);
    assert_int_equal(date_compare(unit->valid_to, (struct date){2026, 3, 4}), 0);
    assert_int_equal(rows[0].line, 2);
    assert_int_equal(rows[1].line, 3);
    assert_int_equal(rows[2].line, 5); /* the quoted field has two lines */
    assert_int_equal(rows[0].unit.valid_to.year, 0);
    arena_destroy(arena);
}

static void
field_may_have_4096_bytes_and_no_more(void **state)
{
    static char text[8192];

    (void)state;
    for (size_t size = 4095; size <= 4097; size++) {
        struct arena        *arena = arena_create((size_t)4 << 20U);
        struct fault         fault = {0};
        struct unit_csv_row *rows = NULL;
        size_t               count = 0;
        memset(text, 'x', sizeof text);
        memcpy(text, HEAD, sizeof HEAD - 1);
        memcpy(text + sizeof HEAD - 1 + size, ";;;;;;;;;;;;\n", 14);
        EXPECT(unit_csv_read(arena, str_of(text), &rows, &count, &fault)
                   == (size <= 4096 ? ERR_OK : ERR_SYNTAX),
               size == 4095   ? "4095"
               : size == 4096 ? "4096"
                              : "4097");
        arena_destroy(arena);
    }
}

static void
every_memory_ceiling_is_survived(void **state)
{
    (void)state;
    for (size_t ceiling = 0; ceiling < 4096; ceiling += 64) {
        struct arena        *arena = arena_create(ceiling);
        struct fault         fault = {0};
        struct unit_csv_row *rows = NULL;
        size_t               count = 0;
        enum err             got = unit_csv_read(arena, STR(HEAD ROW), &rows, &count, &fault);
        EXPECT(got == ERR_OK || (rows == NULL && count == 0), "ceiling");
        arena_destroy(arena);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(text_is_read_as_the_table_says),
        cmocka_unit_test(every_field_reaches_its_place),
        cmocka_unit_test(field_may_have_4096_bytes_and_no_more),
        cmocka_unit_test(every_memory_ceiling_is_survived),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

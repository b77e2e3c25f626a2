#include "gateway/admin/unit_csv.h"
#include "tests/support/expect.h"

#include <string.h>

#define HEAD "regon;nip;wk;pk;gk;gt;pt;typ;rodzaj;nazwa;nadrzedna;od;do;jop;odbiorcy\n"
#define ROW "990001010;;99;01;02;3;0;JB;jednostka-budzetowa;Szkoła;990000016;2020-01-01;;;\n"

static const struct {
    const char *name;
    const char *text;
    enum err    want;
    size_t      count;
    const char *complaint; /* of the file; or lines and causes of rows, with | between */
} cases[] = {
    {"head alone",              HEAD,                                                                ERR_OK,     0, ""                                     },
    {"one row",                 HEAD ROW,                                                            ERR_OK,     1, ""                                     },
    {"byte order mark",         "\xEF\xBB\xBF" HEAD ROW,                                             ERR_OK,     1, ""                                     },
    {"CR LF",
     "regon;nip;wk;pk;gk;gt;pt;typ;rodzaj;nazwa;nadrzedna;od;do;jop;odbiorcy\r\n;;;;;;;;;;;;;;\r\n", ERR_OK,     1, ""                                     },
    {"no end of the last line", HEAD "1;2;3;4;5;6;7;8;9;10;11;;;;",                                  ERR_OK,     1, ""                                     },
    {"quoted",                  HEAD "1;2;3;4;5;6;7;8;9;\"a;\"\"b\"\"\nc\";11;;;;\n" ROW,            ERR_OK,     2, ""                                     },
    {"empty file",              "",                                                                  ERR_SYNTAX, 0, "plik jest pusty"                      },
    {"empty file with a mark",  "\xEF\xBB\xBF \n",                                                   ERR_SYNTAX, 0, "plik jest pusty"                      },
    {"other name of a column",  "REGON" HEAD,                                                        ERR_SYNTAX, 0, "kolumna 1 ma mieć nazwę „regon”"},
    {"fourteen fields",         HEAD ROW "1;2;3;4;5;6;7;8;9;10;11;;;\n",                             ERR_OK,     2, "3 ma mieć 15"                        },
    {"fourteen fields",         HEAD "1;2;3;4;5;6;7;8;9;10;11;;;\n",                                 ERR_OK,     1, "2 ma mieć 15"                        },
    {"empty line",              HEAD "\n" ROW,                                                       ERR_OK,     2, "2 ma mieć 15"                        },
    {"quote left open",         HEAD "1;2;3;4;5;6;7;8;9;\"x",                                        ERR_OK,     1, "2 cudzysłów"                        },
    {"text behind a quote",     HEAD "1;2;3;4;5;6;7;8;9;\"x\"y;11;;;;\n",                            ERR_OK,     1, "2 cudzysłów"                        },
    {"no such day",             HEAD "1;2;3;4;5;6;7;8;9;10;11;2026-02-30;;;\n",                      ERR_OK,     1, "2 „2026-02-30”"                   },
    {"no such last day",        HEAD ROW "1;2;3;4;5;6;7;8;9;10;11;;jutro;;\n" ROW "x\n",             ERR_OK,     4,
     "3 „jutro” to nie jest dzień w postaci RRRR-MM-DD|5 ma mieć 15"                                                                                 },
    {"not UTF-8",               HEAD "1;2;3;4;5;6;7;8;9;\xB3;11;;;;\n",                              ERR_SYNTAX, 0, "UTF-8"                                },
};

/* "3 why|5 why" */
static struct str
causes_of(struct arena *arena, const struct unit_import_row *rows, size_t count)
{
    struct buf out = buf_create(arena, 4096);

    for (size_t i = 0; i < count; i++) {
        if (rows[i].cause.size > 0) {
            buf_format(&out, "%s%zu %.*s", out.size == 0 ? "" : "|", rows[i].line,
                       STR_ARG(rows[i].cause));
        }
    }
    buf_byte(&out, '\0');
    assert_true(buf_ok(&out));
    return (struct str){out.data, out.size - 1};
}

static void
text_is_read_as_the_table_says(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        struct arena           *arena = arena_create((size_t)4 << 20U);
        struct fault            fault = {0};
        struct unit_import_row *rows = NULL;
        size_t                  count = 0;
        enum err got = unit_csv_read(arena, str_of(cases[i].text), &rows, &count, &fault);
        EXPECT(got == cases[i].want, cases[i].name);
        EXPECT(count == cases[i].count, cases[i].name);
        struct str said = got == ERR_OK ? causes_of(arena, rows, count) : str_of(fault.text);
        EXPECT(strstr(said.data, cases[i].complaint) != NULL, cases[i].name);
        EXPECT(cases[i].complaint[0] != '\0' || said.size == 0, cases[i].name);
        arena_destroy(arena);
    }
}

static void
every_field_reaches_its_place(void **state)
{
    struct arena           *arena = arena_create((size_t)4 << 20U);
    struct fault            fault = {0};
    struct unit_import_row *rows = NULL;
    size_t                  count = 0;

    (void)state;
    assert_int_equal(
        unit_csv_read(
            arena,
            STR(HEAD ROW
                "R;N;1;2;3;4;5;T;K;\"a;\"\"b\"\"\nc\";P;2026-01-02;2026-03-04;62;gus mf\n" ROW),
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
    assert_true(str_equal(unit->jop, STR("62")) && str_equal(rows[1].offices, STR("gus mf")));
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
        struct arena           *arena = arena_create((size_t)4 << 20U);
        struct fault            fault = {0};
        struct unit_import_row *rows = NULL;
        size_t                  count = 0;
        memset(text, 'x', sizeof text);
        memcpy(text, HEAD, sizeof HEAD - 1);
        memcpy(text + sizeof HEAD - 1 + size, ";;;;;;;;;;;;;;\n", 16);
        EXPECT(unit_csv_read(arena, str_of(text), &rows, &count, &fault) == ERR_OK
                   && (rows[0].cause.size == 0) == (size <= 4096),
               size == 4095   ? "4095"
               : size == 4096 ? "4096"
                              : "4097");
        arena_destroy(arena);
    }
}

/* Texts that a spreadsheet would compute, that are guarded already, that need quotes. */
static void
what_is_written_is_read_as_the_same_and_is_no_formula(void **state)
{
    static const char *const names[] = {"Szkoła", "=1+1",     "'=1+1", "''=1",         "+48",
                                        "-5",     "@SUM(A1)", "'+x",   "'x",           "'",
                                        "a;b",    "a\"b\"",   "a\nb",  "a\r\nb;\"",    "=a;\"b\"",
                                        "'=;\"",  "x'=y",     "ż=ź",   "\xE2\x88\x92."};
    struct unit_import_row   rows[ARRAY_COUNT(names)];
    struct unit_import_row  *again = NULL;
    struct arena            *arena = arena_create((size_t)4 << 20U);
    struct buf               out = buf_create(arena, (size_t)1 << 20U);
    struct fault             fault = {0};
    size_t                   count = 0;

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(names); i++) {
        rows[i] = (struct unit_import_row){
            .unit = {.regon = STR("990001010"),
                     .nip = STR(""),
                     .name = str_of(names[i]),
                     .valid_from = {2020, 1, 1},
                     .jop = STR("62")},
            .parent = STR("990000016"),
            .offices = STR("gus mf")
        };
    }
    unit_csv_write(arena, rows, ARRAY_COUNT(rows), &out);
    assert_true(buf_ok(&out));
    assert_int_equal(unit_csv_read(arena, buf_str(&out), &again, &count, &fault), ERR_OK);
    assert_int_equal(count, ARRAY_COUNT(rows));
    for (size_t i = 0; i < count; i++) {
        EXPECT(str_equal(again[i].unit.name, rows[i].unit.name), names[i]);
        EXPECT(str_equal(again[i].parent, rows[i].parent), names[i]);
        EXPECT(str_equal(again[i].offices, rows[i].offices), names[i]);
        EXPECT(str_equal(again[i].unit.jop, rows[i].unit.jop), names[i]);
        EXPECT(date_compare(again[i].unit.valid_from, rows[i].unit.valid_from) == 0, names[i]);
        EXPECT(again[i].unit.valid_to.year == 0, names[i]);
    }
    buf_byte(&out, '\0');
    assert_null(strstr(out.data, ";="));
    assert_null(strstr(out.data, ";\"="));
    assert_null(strstr(out.data, ";+"));
    assert_null(strstr(out.data, ";-"));
    assert_null(strstr(out.data, ";@"));
    arena_destroy(arena);
}

static void
every_memory_ceiling_is_survived(void **state)
{
    (void)state;
    for (size_t ceiling = 0; ceiling < 4096; ceiling += 64) {
        struct arena           *arena = arena_create(ceiling);
        struct fault            fault = {0};
        struct unit_import_row *rows = NULL;
        size_t                  count = 0;
        enum err                got = unit_csv_read(arena, STR(HEAD ROW), &rows, &count, &fault);
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
        cmocka_unit_test(what_is_written_is_read_as_the_same_and_is_no_formula),
        cmocka_unit_test(every_memory_ceiling_is_survived),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

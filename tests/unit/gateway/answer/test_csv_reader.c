#include "gateway/answer/csv_reader.h"
#include "tests/support/expect.h"

#include <string.h>

enum { ROOM = 1 << 20 };

static const char *const wanted[] = {"kod", "tekst"};

static void
columns_are_found_wherever_they_stand(void **state)
{
    static const struct {
        const char *text;
        enum err    want;
        size_t      code;
        size_t      words;
        const char *told;
    } cases[] = {
        {"kod;tekst\r\n",           ERR_OK,     0, 1, ""           },
        {"\xEF\xBB\xBFkod;tekst\n", ERR_OK,     0, 1, ""           },
        {"tekst;inne;kod\n",        ERR_OK,     2, 0, ""           },
        {"\"tekst\";kod\n",         ERR_OK,     1, 0, ""           },
        {"kod;tekst;kod\n",         ERR_OK,     0, 1, ""           },
        {"kod;tekst",               ERR_OK,     0, 1, ""           },
        {"kod\n",                   ERR_SYNTAX, 0, 0, "tekst"      },
        {"kod,tekst\n",             ERR_SYNTAX, 0, 0, "kod"        },
        {"KOD;tekst\n",             ERR_SYNTAX, 0, 0, "kod"        },
        {"",                        ERR_SYNTAX, 0, 0, "pusty"      },
        {"\r\n \n",                 ERR_SYNTAX, 0, 0, "pusty"      },
        {"kod;\xB9\n",              ERR_SYNTAX, 0, 0, "UTF-8"      },
        {"kod;\"tekst\n",           ERR_SYNTAX, 0, 0, "cudzysłów"},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        struct arena     *arena = arena_create(ROOM);
        struct csv_reader reader = {0};
        struct fault      fault = {0};
        size_t            places[2] = {0};
        enum err          got =
            csv_reader_open_any(arena, str_of(cases[i].text),
                                &(struct csv_columns){wanted, 2, places}, &reader, &fault);
        EXPECT(got == cases[i].want, cases[i].text);
        if (got == ERR_OK) {
            EXPECT(places[0] == cases[i].code && places[1] == cases[i].words, cases[i].text);
        } else {
            EXPECT(strstr(fault.text, cases[i].told) != NULL, fault.text);
        }
        arena_destroy(arena);
    }
}

static struct str
header(struct arena *arena, size_t columns)
{
    struct buf out = buf_create(arena, 8 * columns + 16);

    buf_append(&out, STR("kod;tekst"));
    for (size_t i = 2; i < columns; i++) {
        buf_append(&out, STR(";x"));
    }
    buf_append(&out, STR("\r\n"));
    ENSURE(buf_ok(&out));
    return buf_str(&out);
}

static void
so_many_columns_and_no_more(void **state)
{
    struct arena     *arena = arena_create(ROOM);
    struct csv_reader reader = {0};
    struct fault      fault = {0};
    size_t            places[2] = {0};

    (void)state;
    for (size_t columns = CSV_READER_FIELDS_MAX - 1; columns <= CSV_READER_FIELDS_MAX + 1;
         columns++) {
        struct str text = header(arena, columns);
        enum err   got = csv_reader_open_any(arena, text, &(struct csv_columns){wanted, 2, places},
                                             &reader, &fault);
        assert_int_equal(got, columns <= CSV_READER_FIELDS_MAX ? ERR_OK : ERR_SYNTAX);
    }
    arena_destroy(arena);
}

/* The sign that keeps a spreadsheet from computing is no part of a text, and only there. */
static void
guards_of_formulas_are_taken_off_once(void **state)
{
    static const struct {
        const char *row;
        const char *want;
    } cases[] = {
        {"'=1+1;x\n",        "=1+1"  },
        {"''=1;x\n",         "'=1"   },
        {"'@a;x\n",          "@a"    },
        {"'-5;x\n",          "-5"    },
        {"'tekst;x\n",       "'tekst"},
        {"';x\n",            "'"     },
        {"\"'+a\"\"b\";x\n", "+a\"b" },
        {"a'=;x\n",          "a'="   },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        struct arena     *arena = arena_create(ROOM);
        struct csv_reader reader = {0};
        struct fault      fault = {0};
        struct str        fields[CSV_READER_FIELDS_MAX] = {{0}};
        size_t            places[2] = {0};
        struct str        text = str_format(arena, "kod;tekst\n%s", cases[i].row);
        assert_int_equal(csv_reader_open_any(arena, text, &(struct csv_columns){wanted, 2, places},
                                             &reader, &fault),
                         ERR_OK);
        EXPECT(reader.line == 2, cases[i].row);
        assert_int_equal(csv_reader_row(&reader, arena, fields, &fault), ERR_OK);
        EXPECT(str_equal(fields[0], str_of(cases[i].want)), cases[i].row);
        EXPECT(csv_reader_ended(&reader), cases[i].row);
        arena_destroy(arena);
    }
}

/* Editors leave empty lines at the end; one between rows is a row that is wrong. */
static void
empty_lines_at_the_end_are_no_rows(void **state)
{
    static const struct {
        const char *rest;
        bool        ended;
        enum err    next; /* of the row that follows */
    } cases[] = {
        {"",              true,  ERR_OK    },
        {"\n",            true,  ERR_OK    },
        {"\r\n\r\n",      true,  ERR_OK    },
        {" \t\r\n \n",    true,  ERR_OK    },
        {";\n",           false, ERR_OK    },
        {"\nkod;tekst\n", false, ERR_SYNTAX},
        {"\r\n;\n",       false, ERR_SYNTAX},
        {"\n\n\"\"\n",    false, ERR_SYNTAX},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        struct arena     *arena = arena_create(ROOM);
        struct csv_reader reader = {0};
        struct fault      fault = {0};
        struct str        fields[CSV_READER_FIELDS_MAX] = {{0}};
        struct str        text = str_format(arena, "kod;tekst\na;b\n%s", cases[i].rest);

        assert_int_equal(csv_reader_open(arena, text, wanted, 2, &reader, &fault), ERR_OK);
        assert_int_equal(csv_reader_row(&reader, arena, fields, &fault), ERR_OK);
        EXPECT(csv_reader_ended(&reader) == cases[i].ended, cases[i].rest);
        EXPECT(cases[i].ended || csv_reader_row(&reader, arena, fields, &fault) == cases[i].next,
               cases[i].rest);
        arena_destroy(arena);
    }
}

/* Rows, then blanks without end, then perhaps a line that is bad: to ask after each of them whether
 * the end is reached takes no longer. */
static void
many_rows_before_many_empty_lines_are_read(void **state)
{
    enum { ROWS = 2000, EMPTY = 1 << 20, TEXT_MAX = 1 << 21, ROOM_MANY = 1 << 23 };
    static const struct {
        const char *last;
        size_t      bad; /* lines that could not be read */
    } cases[] = {
        {"",  0        },
        {"x", EMPTY + 1},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        struct arena     *arena = arena_create(ROOM_MANY);
        struct buf        text = buf_create(arena, TEXT_MAX);
        struct csv_reader reader = {0};
        struct fault      fault = {0};
        struct str        fields[2] = {{0}};
        size_t            rows = 0;
        size_t            bad = 0;

        buf_append(&text, STR("kod;tekst\n"));
        for (size_t n = 0; n < ROWS; n++) {
            buf_format(&text, "%zu;b\n", n);
        }
        for (size_t n = 0; n < EMPTY; n++) {
            buf_byte(&text, '\n');
        }
        buf_append(&text, str_of(cases[i].last));
        ENSURE(buf_ok(&text));
        assert_int_equal(csv_reader_open(arena, buf_str(&text), wanted, 2, &reader, &fault),
                         ERR_OK);
        while (!csv_reader_ended(&reader)) {
            struct csv_reader row = reader;
            if (csv_reader_row(&reader, arena, fields, &fault) == ERR_OK) {
                EXPECT(str_equal(fields[0], str_format(arena, "%zu", rows)), "row");
                rows++;
            } else {
                csv_reader_skip(&reader, &row);
                bad++;
            }
        }
        assert_int_equal(rows, ROWS);
        assert_int_equal(bad, cases[i].bad);
        arena_destroy(arena);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(columns_are_found_wherever_they_stand),
        cmocka_unit_test(so_many_columns_and_no_more),
        cmocka_unit_test(guards_of_formulas_are_taken_off_once),
        cmocka_unit_test(empty_lines_at_the_end_are_no_rows),
        cmocka_unit_test(many_rows_before_many_empty_lines_are_read),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

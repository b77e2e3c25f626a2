#include "gateway/vtl_files/vtl_files.h"

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#define STRUCTURE                                                                               \
    "{\"name\":\"DS\",\"components\":[{\"name\":\"Id\",\"role\":\"Identifier\",\"data_type\":"  \
    "\"Time\"},{\"name\":\"K\",\"role\":\"Identifier\",\"data_type\":\"String\"},"              \
    "{\"name\":\"Me\",\"role\":\"Measure\",\"data_type\":\"Number\"},{\"name\":\"B\",\"role\":" \
    "\"Attribute\",\"data_type\":\"Boolean\"}]}"
#define RULES                                                     \
    "define datapoint ruleset R (variable K, Me) is "             \
    "r1: when K = \"C\" then Me >= 0 errorcode \"bad, credit\"; " \
    "r2: 10 / nvl(Me, 1) < 100 errorlevel 2 end datapoint ruleset; "
#define HEADER "Id,K,Me,B\n"

struct folder {
    char path[64];
};

static const char *const file_names[] = {"DS.json", "DS.csv", "V.json", "V.csv"};

static void
path_of(const struct folder *folder, const char *name, char *out, size_t size)
{
    (void)snprintf(out, size, "%s/%s", folder->path, name);
}

static struct folder
make_folder(void)
{
    struct folder folder = {"/tmp/brama-vtl-XXXXXX"};

    assert_non_null(mkdtemp(folder.path));
    return folder;
}

static void
remove_folder(const struct folder *folder)
{
    char path[128];

    for (size_t i = 0; i < ARRAY_COUNT(file_names); i++) {
        path_of(folder, file_names[i], path, sizeof path);
        (void)unlink(path); /* not every test makes every file */
    }
    assert_int_equal(rmdir(folder->path), 0);
}

static void
put(const struct folder *folder, const char *name, const char *text)
{
    char path[128];

    path_of(folder, name, path, sizeof path);
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(text, 1, strlen(text), file), strlen(text));
    assert_int_equal(fclose(file), 0);
}

static enum err
run(struct arena *arena, const struct folder *folder, const char *script,
    struct vtl_files_report *report)
{
    struct vtl_files files = {.script = str_of(script),
                              .script_name = STR("s.vtl"),
                              .in = folder->path,
                              .out = folder->path};

    return vtl_files_run(arena, &files, report, NULL);
}

static void
results_have_the_layout_of_the_specification(void **state)
{
    (void)state;
    static const struct {
        const char *output;
        const char *csv;
        const char *component; /* part of the JSON */
    } cases[] = {
        {"",                              "Id,K,ruleid,Me,errorcode,errorlevel\n2011,C,r1,-2.5,\"bad, credit\",\n",
         "\"ruleid\""                                                                                                             },
        {"invalid",                       "Id,K,ruleid,Me,errorcode,errorlevel\n2011,C,r1,-2.5,\"bad, credit\",\n",
         "\"errorlevel\""                                                                                                         },
        {"all",
         "Id,K,ruleid,bool_var,errorcode,errorlevel\n2011,C,r1,false,\"bad, credit\",\n"
         "2011,C,r2,true,,\n2011,\"a\"\"b\",r1,true,,\n2011,\"a\"\"b\",r2,true,,\n"
         "2012,C,r1,,,\n2012,C,r2,true,,\n",                                                                        "\"bool_var\""},
        {"components K, Me all_measures",
         "Id,K,ruleid,Me,bool_var,errorcode,errorlevel\n"
         "2011,C,r1,-2.5,false,\"bad, credit\",\n2011,C,r2,-2.5,true,,\n"
         "2011,\"a\"\"b\",r1,10,true,,\n2011,\"a\"\"b\",r2,10,true,,\n2012,C,r1,,,,\n"
         "2012,C,r2,,true,,\n",                                                                                     "\"bool_var\""},
    };
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        struct arena           *arena = arena_create((size_t)1 << 24);
        struct folder           folder = make_folder();
        struct vtl_files_report report;
        struct str              got;
        char                    script[1024];
        char                    path[128];

        put(&folder, "DS.json", STRUCTURE);
        put(&folder, "DS.csv",
            "Id,K,Me,B\r\n2011,C,-2.5,true\r\n2011,\"a\"\"b\",10,\r\n2012,C,,false");
        (void)snprintf(script, sizeof script, RULES "V := check_datapoint(DS, R %s);",
                       cases[i].output);
        assert_int_equal(run(arena, &folder, script, &report), ERR_OK);
        assert_int_equal(report.result_count, 1);
        assert_int_equal(report.message_count, 0);
        path_of(&folder, "V.csv", path, sizeof path);
        assert_int_equal(vtl_files_read(arena, path, &got, NULL), ERR_OK);
        if (!str_equal(got, str_of(cases[i].csv))) {
            fail_msg("%s: %.*s", cases[i].output, STR_ARG(got));
        }
        path_of(&folder, "V.json", path, sizeof path);
        assert_int_equal(vtl_files_read(arena, path, &got, NULL), ERR_OK);
        assert_non_null(memmem(got.data, got.size, cases[i].component, strlen(cases[i].component)));
        assert_null(memmem(got.data, got.size, "\"B\"", 3)); /* attributes are not kept */
        remove_folder(&folder);
        arena_destroy(arena);
    }
}

static void
what_is_wrong_is_named_with_its_file_and_line(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        const char *json;
        const char *csv;
        const char *script;
        enum err    want;
        uint32_t    line;
        const char *file; /* end of the name */
        const char *text;
    } cases[] = {
        {"twice",             STRUCTURE,                                                                      HEADER "1,a,1,\n1,b,1,\n1,a,2,\n",           "",                                  ERR_FILE,   4, "DS.csv",
         "te same identyfikatory co wiersz 2"                                                                                                                                                                                                                  },
        {"equal scale apart", STRUCTURE,                                                                      HEADER "1,a,1,\n\"1\",a,1.0,\n",             "",                                  ERR_FILE,   3, "DS.csv",
         "te same identyfikatory co wiersz 2"                                                                                                                                                                                                                  },
        {"empty identifier",  STRUCTURE,                                                                      HEADER "1,,1,\n",                            "",                                  ERR_FILE,   2, "DS.csv",
         "identyfikator „K” jest pusty"                                                                                                                                                                                                                    },
        {"no number",         STRUCTURE,                                                                      HEADER "1,a,x,\n",                           "",                                  ERR_FILE,   2, "DS.csv",
         "„Me” powinna być tu typu: liczba z kropką, a jest „x”"                                                                                                                                                                                     },
        {"comma",             STRUCTURE,                                                                      HEADER "1,a,\"1,5\",\n",                     "",                                  ERR_FILE,   2, "DS.csv",  "a jest „1,5”"                   },
        {"exponent",          STRUCTURE,                                                                      HEADER "1,a,1e5,\n",                         "",                                  ERR_FILE,   2, "DS.csv",  "a jest „1e5”"                   },
        {"too long",          STRUCTURE,                                                                      HEADER "1,a,100000000000000000,\n",          "",                                  ERR_FILE,   2, "DS.csv",
         "najwyżej 17 cyfrach"                                                                                                                                                                                                                                },
        {"too long by scale", STRUCTURE,                                                                      HEADER "1,a,99999999999999999,\n1,b,0.1,\n", "",                                  ERR_FILE,
         2,                                                                                                                                                                                                    "DS.csv",  "najwyżej 17 cyfrach"               },
        {"no truth",          STRUCTURE,                                                                      HEADER "1,a,1,tak\n",                        "",                                  ERR_FILE,   2, "DS.csv",
         "wartość logiczna"                                                                                                                                                                                                                                  },
        {"short row",         STRUCTURE,                                                                      HEADER "1,a,1\n",                            "",                                  ERR_FILE,   2, "DS.csv",
         "wiersz ma 3 pól, a nagłówek 4"                                                                                                                                                                                                                    },
        {"open quote",        STRUCTURE,                                                                      HEADER "1,\"a,1,\n",                         "",                                  ERR_FILE,   2, "DS.csv",
         "nie jest zamknięte"                                                                                                                                                                                                                                 },
        {"behind quote",      STRUCTURE,                                                                      HEADER "1,\"a\"x,1,\n",                      "",                                  ERR_FILE,   2, "DS.csv",
         "po zamkniętym cudzysłowie"                                                                                                                                                                                                                         },
        {"data not UTF-8",    STRUCTURE,                                                                      HEADER "1,a,1,\n1,\xB3,1,\n",                "",                                  ERR_FILE,   3, "DS.csv",
         "nie jest zapisany w UTF-8"                                                                                                                                                                                                                           },
        {"script not UTF-8",  STRUCTURE,                                                                      HEADER "1,a,1,\n",                           "W :=\nDS[filter K = \"\xB3\"];",
         ERR_SYNTAX,                                                                                                                                                                                        2, "s.vtl",   "nie jest zapisany w UTF-8"          },
        {"read before made",  STRUCTURE,                                                                      HEADER "1,a,1,\n",                           "V := W;\nW := DS;",                 ERR_SYNTAX, 1,
         "s.vtl",                                                                                                                                                                                                         "powstaje dopiero w wierszu 2"       },
        {"made of itself",    STRUCTURE,                                                                      HEADER "1,a,1,\n",                           "\nDS := DS;",                       ERR_SYNTAX, 2, "s.vtl",
         "powstaje dopiero w wierszu 2"                                                                                                                                                                                                                        },
        {"empty file",        STRUCTURE,                                                                      "",                                          "",                                  ERR_FILE,   1, "DS.csv",  "plik jest pusty"                    },
        {"header",            STRUCTURE,                                                                      "Id,K,me,B\n",                               "",                                  ERR_FILE,   1, "DS.csv",  "nie ma składowej „Me”"         },
        {"more columns",      STRUCTURE,                                                                      "Id,K,Me,B,X\n",                             "",                                  ERR_FILE,   1, "DS.csv",  "5 kolumn"                           },
        {"no csv",            STRUCTURE,                                                                      NULL,                                        "",                                  ERR_FILE,   0, "DS.csv",  "nie ma takiego pliku"               },
        {"no json",           NULL,                                                                           HEADER,                                      "",                                  ERR_FILE,   0, "DS.json", "nie ma takiego pliku"               },
        {"broken json",       "{\"components\":\n[",                                                          HEADER,                                      "",                                  ERR_FILE,   2, "DS.json", "JSON"                               },
        {"no components",     "{}",                                                                           HEADER,                                      "",                                  ERR_FILE,   1, "DS.json", "powinno być listą"                },
        {"role",              "{\"components\":[{\"name\":\"A\",\"role\":\"x\",\"data_type\":\"Number\"}]}",
         HEADER,                                                                                                                                           "",                                  ERR_FILE,   1, "DS.json", "nieznaną rolę „x”"            },
        {"type",              "{\"components\":[{\"name\":\"A\",\"role\":\"Measure\",\"data_type\":\"x\"}]}",
         HEADER,                                                                                                                                           "",                                  ERR_FILE,   1, "DS.json", "nieznany typ „x”"               },
        {"viral",
         "{\"components\":[{\"name\":\"A\",\"role\":\"Viral "
         "Attribute\",\"data_type\":\"Number\"}]}",                                                           HEADER,                                      "",                                  ERR_FILE,   1, "DS.json",
         "składowa 1 („A”) ma rolę „Viral Attribute”, która nie należy do podzbioru VTL"                                                                                                                                                           },
        {"viral in a word",
         "{\"components\":[{\"name\":\"A\",\"role\":\"ViralAttribute\",\"data_type\":\"Number\"}]}",          HEADER,                                      "",                                  ERR_FILE,   1, "DS.json", "która nie należy do podzbioru VTL"},
        {"script",            STRUCTURE,                                                                      HEADER,                                      "V := ",                             ERR_SYNTAX, 1, "s.vtl",   "powinna tu stać wartość"         },
        {"binding",           STRUCTURE,                                                                      HEADER,
         "define datapoint ruleset Q (variable X) is a: X > 1 end datapoint ruleset;\n"
         "W := check_datapoint(DS, Q);",                                                                                                                                                        ERR_SYNTAX, 1, "s.vtl",   "nie ma składowej „X”"          },
        {"path",              STRUCTURE,                                                                      HEADER,                                      "W := check_datapoint('../DS', R);", ERR_FILE,   0, "../DS",
         "nie może być nazwą pliku"                                                                                                                                                                                                                         },
    };
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        struct arena           *arena = arena_create((size_t)1 << 24);
        struct folder           folder = make_folder();
        struct vtl_files_report report = {0};
        char                    script[1024];

        if (cases[i].json != NULL) {
            put(&folder, "DS.json", cases[i].json);
        }
        if (cases[i].csv != NULL) {
            put(&folder, "DS.csv", cases[i].csv);
        }
        (void)snprintf(script, sizeof script, "%s%s", RULES,
                       cases[i].script[0] != '\0' ? cases[i].script
                                                  : "V := check_datapoint(DS, R);");
        enum err                        got = run(arena, &folder, script, &report);
        const struct vtl_files_message *message = &report.messages[0];
        if (got != cases[i].want || report.message_count != 1
            || message->problem.line != cases[i].line
            || !str_ends_with(message->file, str_of(cases[i].file))
            || strstr(message->problem.text, cases[i].text) == NULL) {
            fail_msg("%s: %s %zu %.*s:%u %s", cases[i].name, err_name(got), report.message_count,
                     STR_ARG(message->file), message->problem.line, message->problem.text);
        }
        remove_folder(&folder);
        arena_destroy(arena);
    }
}

static void
a_row_that_cannot_be_computed_is_reported(void **state)
{
    (void)state;
    struct arena           *arena = arena_create((size_t)1 << 24);
    struct folder           folder = make_folder();
    struct vtl_files_report report = {0};

    put(&folder, "DS.json", STRUCTURE);
    put(&folder, "DS.csv", HEADER "1,a,5,\n1,b,0,\n");
    assert_int_equal(run(arena, &folder, RULES "V := check_datapoint(DS, R);", &report), ERR_OK);
    assert_true(report.failed_rows);
    assert_int_equal(report.message_count, 1);
    assert_non_null(strstr(report.messages[0].problem.text, "pierwszy to wiersz 3 pliku DS.csv"));
    remove_folder(&folder);
    arena_destroy(arena);
}

/* The specification's older examples describe their data so. */
static void
a_structure_may_stand_in_datasets(void **state)
{
    (void)state;
    struct arena           *arena = arena_create((size_t)1 << 24);
    struct folder           folder = make_folder();
    struct vtl_files_report report = {0};
    struct str              got = {0};
    char                    path[128];

    put(&folder, "DS.json",
        "{\"datasets\":[{\"name\":\"DS\",\"DataStructure\":[{\"name\":\"Id\",\"role\":"
        "\"Identifier\",\"type\":\"String\",\"nullable\":false},{\"name\":\"Me\",\"role\":"
        "\"Measure\",\"type\":\"Number\"}]}]}");
    put(&folder, "DS.csv", "Id,Me\na,1.50\n");
    assert_int_equal(run(arena, &folder, "V := DS + 1;", &report), ERR_OK);
    path_of(&folder, "V.csv", path, sizeof path);
    assert_int_equal(vtl_files_read(arena, path, &got, NULL), ERR_OK);
    assert_true(str_equal(got, STR("Id,Me\na,2.5\n")));
    put(&folder, "DS.json", "{\"datasets\":[{\"name\":\"DS\"}]}");
    assert_int_equal(run(arena, &folder, "V := DS + 1;", &report), ERR_FILE);
    remove_folder(&folder);
    arena_destroy(arena);
}

/* CPU seconds of loading rows whose one identifier is a multiple of step. */
static double
seconds_of_loading(int64_t step)
{
    enum { ROWS = 32000, ROW_MAX = 24 };
    struct arena           *arena = arena_create((size_t)1 << 28);
    struct folder           folder = make_folder();
    struct vtl_files_report report = {0};
    char                   *csv = ARENA_NEW(arena, char, (size_t)ROWS *ROW_MAX);
    size_t                  used = 0;

    assert_non_null(csv);
    used += (size_t)snprintf(csv, ROW_MAX, "A,M\n");
    for (int64_t i = -ROWS / 2; i < ROWS / 2; i++) {
        used += (size_t)snprintf(csv + used, ROW_MAX, "%" PRId64 ",1\n", i * step);
    }
    put(&folder, "DS.json",
        "{\"components\":[{\"name\":\"A\",\"role\":\"Identifier\",\"data_type\":\"Integer\"},"
        "{\"name\":\"M\",\"role\":\"Measure\",\"data_type\":\"Integer\"}]}");
    put(&folder, "DS.csv", csv);
    clock_t begun = clock();
    assert_int_equal(run(arena, &folder, "V := DS[filter M > 1];", &report), ERR_OK);
    double seconds = (double)(clock() - begun) / CLOCKS_PER_SEC;
    remove_folder(&folder);
    arena_destroy(arena);
    return seconds;
}

/* Whoever sends a file chooses its identifiers: none may make them meet in one place. */
static void
chosen_identifiers_cost_no_more_than_others(void **state)
{
    (void)state;
    assert_true(seconds_of_loading(INT64_C(1) << 42) < 10 * seconds_of_loading(1));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(results_have_the_layout_of_the_specification),
        cmocka_unit_test(what_is_wrong_is_named_with_its_file_and_line),
        cmocka_unit_test(a_row_that_cannot_be_computed_is_reported),
        cmocka_unit_test(a_structure_may_stand_in_datasets),
        cmocka_unit_test(chosen_identifiers_cost_no_more_than_others),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

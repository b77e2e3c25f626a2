#include "gateway/vtl_files/vtl_files.h"

#include "validators/base/buf.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

/*
 * Golden cases of the language over datasets, per operator and clause: nulls, no rows, a missing
 * side, structures that do not fit. Each case runs over the datasets below and shows the last
 * result as CSV, or the problem with its place.
 */
static const struct {
    const char *name;
    const char *components; /* "role type name, ..." with i m a; Number Integer String Boolean
                               Time_Period */
    const char *csv;
} datasets[] = {
    {"A",   "i String k, i Integer n, m Number x, m Integer y, a String t",
     "k,n,x,y,t\na,1,1.50,1,p\na,2,-2,,q\nb,1,,3,\nc,1,10.25,4,r\n"                                                          },
    {"B",   "i String k, i Integer n, m Number x, m Integer y",
     "k,n,x,y\na,1,0.5,10\nb,1,2,20\nd,1,7,\n"                                                                               },
    {"C",   "i String k, m Number x",                                       "k,x\na,100\nb,\n"                               },
    {"O",   "i String k, m Number other",                                   "k,other\na,1\nz,2\n"                            },
    {"E",   "i String k, i Integer n, m Number x, m Integer y",             "k,n,x,y\n"                                      },
    {"S",   "i String k, m String s",                                       "k,s\na, abc \nb,\nc,xyz\n"                      },
    {"T",   "i String k, m Boolean f",                                      "k,f\na,true\nb,false\nc,\n"                     },
    {"U",   "i String k, m Boolean f",                                      "k,f\na,true\nb,true\nc,false\n"                 },
    {"P",   "i String k, i Time_Period q, m Number x",
     "k,q,x\na,2025Q1,1\na,2025Q4,2\na,2026Q1,3\nb,2025,4\n"                                                                 },
    {"P2",  "i Time_Period q, i Time_Period r, m Number x",                 "q,r,x\n"                                        },
    {"N",   "i String k",                                                   "k\na\n"                                         },
    {"Z",   "i String k, m Number x, m Number d",                           "k,x,d\na,1,0\nb,4,2\n"                          },
    {"H",   "i String g, i String l, m Number v",
     "g,l,v\n1,A,10\n1,B,4\n1,C,6\n2,A,5\n2,B,5\n3,B,\n3,C,0\n4,A,0\n4,B,1\n4,C,\n"                                          },
    {"L",   "i Integer l, m Number v",                                      "l,v\n1,2\n"                                     },
    {"G",   "i String k, i String g, m Number v",                           "k,g,v\na,x,1\na,y,2\nb,x,3\nb,y,\nc,x,\n"       },
    {"DAY", "i String k, m Date d, m Duration u, m String s",
     "k,d,u,s\na,2026-03-31,P1M,x\nb,,P1D,y\n"                                                                               },
    {"W",   "i String g, i String l, m Number v, a Number d",
     "g,l,v,d\n1,A,10,0\n1,B,10,0\n2,A,5,1\n2,B,5,1\n"                                                                       },
    {"BIG", "i String k, m Number v",                                       "k,v\na,99999999999999999\nb,99999999999999999\n"},
};

#define RULES                                                                                      \
    "define datapoint ruleset R (variable x, y as w) is r1: x > 0 errorcode \"e1\" errorlevel 1; " \
    "r2: when w > 1 then x < 10 errorcode \"e2\" end datapoint ruleset;"
#define RULES_OF_LINES                                     \
    "define hierarchical ruleset HR (variable rule l) is " \
    "h1: A = B + C errorcode \"x\" errorlevel 2; B >= C end hierarchical ruleset;"

struct language_case {
    const char *script; /* makes V, by := in "V := ..." */
    const char *csv;    /* NULL: a problem */
    uint32_t    column; /* of the problem, in line 1 of the script as given */
    const char *problem;
};

static const struct language_case good[] = {
#include "tests/unit/gateway/vtl_files/good_cases.inc"
};

static const struct language_case bad[] = {
#include "tests/unit/gateway/vtl_files/bad_cases.inc"
};

#define NULLS(script, csv)   \
    {                        \
        script, csv, 0, NULL \
    }
#define EMPTY NULLS
#define MISSING NULLS
#define MISMATCH(script, column, problem) \
    {                                     \
        script, NULL, column, problem     \
    }

/* What the manual says of one operator in the four cases that authors get wrong. */
static const struct {
    const char          *name;
    struct language_case nulls;
    struct language_case empty;
    struct language_case missing;
    struct language_case mismatch;
} golden[] = {
#define GOLDEN(name, nulls, empty, missing, mismatch) {#name, nulls, empty, missing, mismatch},
#include "tests/unit/gateway/vtl_files/golden.def"
#undef GOLDEN
};

enum {
#define GOLDEN(name, nulls, empty, missing, mismatch) GOLDEN_OF_##name,
#include "tests/unit/gateway/vtl_files/golden.def"
#undef GOLDEN
};

/* Every function of the language has its golden cases: this does not compile otherwise. */
static const struct {
    const char *text;
    int         golden; /* -1: no function */
} words[] = {
#define COVERED_CALL(name) GOLDEN_OF_##name
#define COVERED_PART(name) (-1)
#define COVERED_FOREIGN(name) (-1)
#define COVERED_RESERVED(name) (-1)
#define WORD(name, text, class) {text, COVERED_##class(name)},
#include "validators/vtl/words.def"
#undef WORD
};

/* So do clauses, and operators that are signs or words between their operands. */
static const int others[] = {
    GOLDEN_OF_FILTER, GOLDEN_OF_CALC,    GOLDEN_OF_KEEP,       GOLDEN_OF_DROP,
    GOLDEN_OF_RENAME, GOLDEN_OF_SUB,     GOLDEN_OF_AGGR,       GOLDEN_OF_GROUP,
    GOLDEN_OF_HAVING, GOLDEN_OF_USING,   GOLDEN_OF_IF,         GOLDEN_OF_CASE,
    GOLDEN_OF_AND,    GOLDEN_OF_OR,      GOLDEN_OF_XOR,        GOLDEN_OF_NOT,
    GOLDEN_OF_IN,     GOLDEN_OF_NOT_IN,  GOLDEN_OF_PLUS,       GOLDEN_OF_MINUS,
    GOLDEN_OF_TIMES,  GOLDEN_OF_DIVIDE,  GOLDEN_OF_EQUAL,      GOLDEN_OF_UNEQUAL,
    GOLDEN_OF_LESS,   GOLDEN_OF_GREATER, GOLDEN_OF_LESS_EQUAL, GOLDEN_OF_GREATER_EQUAL,
    GOLDEN_OF_CONCAT, GOLDEN_OF_MEMBER,
};

static char folder[] = "/tmp/brama-language-XXXXXX";

static void
put(const char *name, const char *suffix, const char *text)
{
    char path[256];

    (void)snprintf(path, sizeof path, "%s/in/%s.%s", folder, name, suffix);
    FILE *file = fopen(path, "wbe");
    assert_non_null(file);
    assert_int_equal(fwrite(text, 1, strlen(text), file), strlen(text));
    assert_int_equal(fclose(file), 0);
}

/* "i String k, m Number x" as the JSON of a structure. */
static void
put_structure(const char *name, const char *components)
{
    struct arena *arena = arena_create((size_t)1 << 20);
    struct buf    buf = buf_create(arena, 65536);
    struct str    rest = str_of(components);
    struct str    piece = {0};

    buf_append(&buf, STR("{\"components\":["));
    for (bool first = true; str_cut(&rest, ',', &piece); first = false) {
        struct str role = {0};
        struct str type = {0};
        piece = str_trim(piece);
        (void)str_cut(&piece, ' ', &role);
        (void)str_cut(&piece, ' ', &type);
        buf_format(&buf, "%s{\"role\":\"%s\",\"data_type\":\"%.*s\",\"name\":\"%.*s\"}",
                   first ? "" : ",",
                   role.data[0] == 'i'   ? "Identifier"
                   : role.data[0] == 'm' ? "Measure"
                                         : "Attribute",
                   STR_ARG(type), STR_ARG(piece));
    }
    buf_append(&buf, STR("]}"));
    buf_byte(&buf, '\0');
    assert_true(buf_ok(&buf));
    put(name, "json", buf_str(&buf).data);
    arena_destroy(arena);
}

static int
make_folder(void **state)
{
    char path[256];

    (void)state;
    assert_non_null(mkdtemp(folder));
    (void)snprintf(path, sizeof path, "%s/in", folder);
    assert_int_equal(mkdir(path, 0700), 0);
    (void)snprintf(path, sizeof path, "%s/out", folder);
    assert_int_equal(mkdir(path, 0700), 0);
    for (size_t i = 0; i < ARRAY_COUNT(datasets); i++) {
        put_structure(datasets[i].name, datasets[i].components);
        put(datasets[i].name, "csv", datasets[i].csv);
    }
    return 0;
}

static void
remove_file(const char *part, const char *name, const char *suffix)
{
    char path[256];

    (void)snprintf(path, sizeof path, "%s/%s/%s.%s", folder, part, name, suffix);
    (void)unlink(path);
}

static int
remove_folder(void **state)
{
    static const char *const results[] = {"V", "W", "X", "Y"};
    char                     path[256];

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(datasets); i++) {
        remove_file("in", datasets[i].name, "json");
        remove_file("in", datasets[i].name, "csv");
    }
    for (size_t i = 0; i < ARRAY_COUNT(results); i++) {
        remove_file("out", results[i], "json");
        remove_file("out", results[i], "csv");
    }
    (void)snprintf(path, sizeof path, "%s/in", folder);
    assert_int_equal(rmdir(path), 0);
    (void)snprintf(path, sizeof path, "%s/out", folder);
    assert_int_equal(rmdir(path), 0);
    return rmdir(folder);
}

static enum err
run(struct arena *arena, const char *script, struct vtl_files_report *report)
{
    struct str       text = str_format(arena, "%s\n" RULES RULES_OF_LINES, script);
    struct str       in = str_format(arena, "%s/in", folder);
    struct str       out = str_format(arena, "%s/out", folder);
    struct vtl_files files = {text, STR("s.vtl"), in.data, out.data};

    return vtl_files_run(arena, &files, report, NULL);
}

/* 1 if the case comes out otherwise, which is shown. */
static size_t
differs(const struct language_case *it)
{
    struct arena             *arena = arena_create((size_t)1 << 28);
    struct vtl_files_report  *report = ARENA_NEW(arena, struct vtl_files_report, 1);
    const struct vtl_problem *problem = &report->messages[0].problem;
    struct str                path = str_format(arena, "%s/out/V.csv", folder);
    struct str                got = {0};
    enum err                  err = run(arena, it->script, report);
    bool as_said = (err == ERR_SYNTAX || err == ERR_LIMIT) && it->csv == NULL && problem->line == 1
                   && problem->column == it->column && strstr(problem->text, it->problem) != NULL;

    if (err == ERR_OK) {
        assert_int_equal(vtl_files_read(arena, path.data, &got, NULL), ERR_OK);
        as_said = it->csv != NULL && str_equal(got, str_of(it->csv));
    }
    if (!as_said) {
        print_error("%s\n  %s %u:%u %s\n%.*s\n", it->script, err_name(err), problem->line,
                    problem->column, problem->text, STR_ARG(got));
    }
    arena_destroy(arena);
    return as_said ? 0 : 1;
}

static void
operators_give_what_the_manual_says(void **state)
{
    size_t failures = 0;

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(good); i++) {
        failures += differs(&good[i]);
    }
    assert_int_equal(failures, 0);
}

static void
every_operator_has_its_four_golden_cases(void **state)
{
    size_t covered[ARRAY_COUNT(golden)] = {0};
    size_t failures = 0;

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(words); i++) {
        bool function = words[i].golden >= 0;
        covered[function ? words[i].golden : 0] += function ? 1 : 0;
        if (function && strcasecmp(words[i].text, golden[words[i].golden].name) != 0) {
            print_error("%s has the cases of %s\n", words[i].text, golden[words[i].golden].name);
            failures++;
        }
    }
    for (size_t i = 0; i < ARRAY_COUNT(others); i++) {
        covered[others[i]]++;
    }
    for (size_t i = 0; i < ARRAY_COUNT(golden); i++) {
        failures += covered[i] == 1 ? 0 : 1; /* each case has one operator that it is for */
        failures += differs(&golden[i].nulls) + differs(&golden[i].empty)
                    + differs(&golden[i].missing) + differs(&golden[i].mismatch);
    }
    assert_int_equal(failures, 0);
}

static void
what_does_not_fit_is_refused_at_its_place(void **state)
{
    size_t failures = 0;

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(bad); i++) {
        failures += differs(&bad[i]);
    }
    assert_int_equal(failures, 0);
}

/* What a condition cannot tell: the row stays without values, the rest stands, a message says so.
 */
static const struct {
    const char *script;
    const char *csv;
    const char *message; /* part of the first */
} doubts[] = {
    {"V := Z[filter x / d > 1];",                                                            "k,x,d\na,,\nb,4,2\n",                                                                  "warunku nie dało się obliczyć"      },
    {"V := Z[filter x / d > 1];",                                                            "k,x,d\na,,\nb,4,2\n",
     "wierszy: 1, pierwszy to wiersz 2 pliku Z.csv"                                                                                                                                                                          },
    {"V := sum(Z[filter x / d > 1]);",                                                       "x,d\n,\n",                                                                             "warunku nie dało się"                },
    {"V := count(Z[filter x / d > 1]);",                                                     "int_var\n2\n",                                                                         "warunku nie dało się"                },
    {"V := max(Z[filter x / d > 1] group by k);",                                            "k,x,d\na,,\nb,4,2\n",                                                                  "warunku nie dało się"                },
    {"V := sum(Z group by k having sum(x) / sum(d) > 1);",                                   "k,x,d\na,,\nb,4,2\n",
     "warunku nie dało się"                                                                                                                                                                                                },
    {"V := if Z[calc q := x / d][keep q] > 1 then Z[keep x] else Z[keep d][rename d to x];",
     "k,x\nb,4\na,\n",                                                                                                                                                               "warunku nie dało się"                },
    {"V := if Z[calc q := x / d][keep q] > 1 then 7 else Z[keep x];",                        "k,x\nb,7\na,\n",
     "warunku nie dało się"                                                                                                                                                                                                },
    {"V := check(Z[calc q := x / d][keep q] > 1 invalid);",
     "k,bool_var,imbalance,errorcode,errorlevel\n",                                                                                                                                  "warunku nie dało się"                },
    {"V := check(Z[calc q := x / d][keep q] > 1);",
     "k,bool_var,imbalance,errorcode,errorlevel\na,,,,\nb,true,,,\n",                                                                                                                "są wartości, których nie dało się"},
    {"V := inner_join(Z as z, S as s filter x / d > 1 keep x);",                             "k,x\na,\nb,4\n",
     "warunku nie dało się"                                                                                                                                                                                                },
    {"V := check_hierarchy(W, HC rule l all); define hierarchical ruleset HC (variable condition d "
     "rule l) is "
     "c: when 1 / d > 0 then A = B end hierarchical ruleset;",                          "g,l,ruleid,bool_var,imbalance,errorcode,errorlevel\n2,A,c,true,0,,\n",
     "warunku nie dało się"                                                                                                                                                                                                },
    {"V := P[filter q >= \"2025Q4\"];",                                                      "k,q,x\na,2025Q4,2\na,2026Q1,3\nb,2025,\n",
     "warunku nie dało się"                                                                                                                                                                                                },
    {"V := P[aggr m := min(q)];",                                                            "m\n\n",                                                                                "są wartości, których nie dało się"},
    {"V := Z[calc q := x / d][calc r := nvl(q, 7)][keep r];",                                "k,r\na,\nb,2\n",
     "są wartości, których nie dało się"                                                                                                                                                                                },
    {"V := Z[calc q := x / d][calc r := isnull(q)][keep r];",                                "k,r\na,\nb,false\n",
     "są wartości, których nie dało się"                                                                                                                                                                                },
    {"V := check_datapoint(Z[calc q := x / d], RQ all); define datapoint ruleset RQ (variable q, "
     "d) is "
     "r: when d <> 0 then q > 1; s: q > 1 end datapoint ruleset;",                      "k,ruleid,bool_var,errorcode,errorlevel\na,r,true,,\na,s,,,\nb,r,true,,\nb,s,true,,\n",
     "reguła „s” nie dała się obliczyć"                                                                                                                                                                              },
    {"V := sum(BIG[calc w := v * 10000000000 * 100000000000][keep w] group by k);",
     "k,w\na,99999999999999999000000000000000000000\nb,99999999999999999000000000000000000000\n",                                                                                    NULL                                    },
    {"V := sum(BIG[calc w := v * 10000000000 * 100000000000][keep w]);",                     "w\n\n",
     "są wartości, których nie dało się"                                                                                                                                                                                },
};

static void
a_condition_that_fails_in_a_row_discards_nothing_else(void **state)
{
    size_t failures = 0;

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(doubts); i++) {
        struct arena            *arena = arena_create((size_t)1 << 28);
        struct vtl_files_report *report = ARENA_NEW(arena, struct vtl_files_report, 1);
        struct str               path = str_format(arena, "%s/out/V.csv", folder);
        struct str               got = {0};
        enum err                 err = run(arena, doubts[i].script, report);
        bool                     told = report->message_count > 0;

        if (err == ERR_OK) {
            assert_int_equal(vtl_files_read(arena, path.data, &got, NULL), ERR_OK);
        }
        if (err != ERR_OK || !str_equal(got, str_of(doubts[i].csv))
            || told != (doubts[i].message != NULL) || report->failed_rows != told
            || (told && strstr(report->messages[0].problem.text, doubts[i].message) == NULL)) {
            failures++;
            print_error("%s\n  %s %s\n%.*s\n", doubts[i].script, err_name(err),
                        report->messages[0].problem.text, STR_ARG(got));
        }
        arena_destroy(arena);
    }
    assert_int_equal(failures, 0);
}

/* What a string says goes with it, by whatever name, and not with others of its name. */
static void
results_are_described_by_what_they_were_made_of(void **state)
{
    static const struct {
        const char *script;
        const char *described; /* of m, in V.json */
    } cases[] = {
        {"V := DAY[rename d to m];",                                                "\"Measure\", \"Date\""       },
        {"V := DAY[rename d to m][calc d := \"x\"];",                               "\"Measure\", \"Date\""       },
        {"V := DAY[calc m := d];",                                                  "\"Measure\", \"Date\""       },
        {"V := DAY[calc m := nvl(d, \"2026-01-01\")];",                             "\"Measure\", \"Date\""       },
        {"V := DAY[calc m := if s = \"x\" then d else null];",                      "\"Measure\", \"Date\""       },
        {"V := DAY[calc m := if s = \"x\" then d else s];",                         "\"Measure\", \"String\""     },
        {"V := DAY[calc m := d || \"!\"];",                                         "\"Measure\", \"String\""     },
        {"V := DAY[calc m := \"x\"];",                                              "\"Measure\", \"String\""     },
        {"V := S[rename s to d][rename d to m];",                                   "\"Measure\", \"String\""     },
        {"V := inner_join(S[rename s to d] as a, DAY[keep u] as b rename d to m);",
         "\"Measure\", \"String\""                                                                                },
        {"V := DAY[aggr m := max(u) group by k];",                                  "\"Measure\", \"Duration\""   },
        {"V := DAY[calc identifier m := u];",                                       "\"Identifier\", \"Duration\""},
        {"V := union(DAY[keep d][rename d to m], DAY[keep s][rename s to m]);",
         "\"Measure\", \"String\""                                                                                },
        {"V := union(DAY[keep d][rename d to m], DAY[keep d][rename d to m]);",
         "\"Measure\", \"Date\""                                                                                  },
        {"V := DAY#d[rename d to m];",                                              "\"Measure\", \"Date\""       },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        struct arena            *arena = arena_create((size_t)1 << 28);
        struct vtl_files_report *report = ARENA_NEW(arena, struct vtl_files_report, 1);
        struct str               path = str_format(arena, "%s/out/V.json", folder);
        struct str               got = {0};
        char                     flat[4096];
        size_t                   size = 0;

        assert_int_equal(run(arena, cases[i].script, report), ERR_OK);
        assert_int_equal(vtl_files_read(arena, path.data, &got, NULL), ERR_OK);
        for (size_t j = 0; j < got.size && size + 1 < sizeof flat; j++) {
            bool space = got.data[j] == ' ' || got.data[j] == '\n';
            flat[size] = got.data[j];
            size += space ? 0 : 1;
        }
        flat[size] = '\0';
        struct str quoted = str_of(cases[i].described);
        struct str role = {0};
        (void)str_cut(&quoted, ',', &role);
        struct str want = str_format(arena, "{\"name\":\"m\",\"role\":%.*s,\"data_type\":%.*s}",
                                     STR_ARG(role), STR_ARG(str_trim(quoted)));
        if (strstr(flat, want.data) == NULL) {
            print_error("%s\n  %s\n", cases[i].script, flat);
            fail();
        }
        arena_destroy(arena);
    }
}

/* A failed row is reported and its cell is empty; the other rows stand. */
static void
a_division_by_zero_fails_its_cell_alone(void **state)
{
    struct arena            *arena = arena_create((size_t)1 << 28);
    struct vtl_files_report *report = ARENA_NEW(arena, struct vtl_files_report, 1);
    struct str               path = str_format(arena, "%s/out/V.csv", folder);
    struct str               got = {0};

    (void)state;
    assert_int_equal(run(arena, "V := Z[calc q := x / d][keep q];", report), ERR_OK);
    assert_true(report->failed_rows);
    assert_int_equal(report->message_count, 1);
    assert_non_null(strstr(report->messages[0].problem.text, "wierszy: 1"));
    assert_int_equal(vtl_files_read(arena, path.data, &got, NULL), ERR_OK);
    assert_true(str_equal(got, STR("k,q\na,\nb,2\n")));
    arena_destroy(arena);
}

int
main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(operators_give_what_the_manual_says),
        cmocka_unit_test(every_operator_has_its_four_golden_cases),
        cmocka_unit_test(what_does_not_fit_is_refused_at_its_place),
        cmocka_unit_test(a_condition_that_fails_in_a_row_discards_nothing_else),
        cmocka_unit_test(results_are_described_by_what_they_were_made_of),
        cmocka_unit_test(a_division_by_zero_fails_its_cell_alone),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}

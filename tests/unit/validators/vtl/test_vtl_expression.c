#include "validators/base/buf.h"
#include "validators/vtl/script.h"
#include "validators/vtl/vtl.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

/* Expressions over datasets as text: what is read, how it binds, and what is refused where. */

static const char *const kinds[NODE_KINDS] = {
    [NODE_PLUS] = "+",          [NODE_MINUS] = "-",
    [NODE_NOT] = "not",         [NODE_MULTIPLY] = "*",
    [NODE_ADD] = "+",           [NODE_SUBTRACT] = "-",
    [NODE_EQUAL] = "=",         [NODE_GREATER] = ">",
    [NODE_AND] = "and",         [NODE_IN_SET] = "in",
    [NODE_IF] = "if",           [NODE_CASE] = "case",
    [NODE_NVL] = "nvl",         [NODE_ABS] = "abs",
    [NODE_FILTER] = "filter",   [NODE_CALC] = "calc",
    [NODE_KEEP] = "keep",       [NODE_DROP] = "drop",
    [NODE_RENAME] = "rename",   [NODE_SUB] = "sub",
    [NODE_AGGR] = "aggr",       [NODE_GROUP] = "group",
    [NODE_HAVING] = "having",   [NODE_SUM] = "sum",
    [NODE_COUNT] = "count",     [NODE_MIN] = "min",
    [NODE_MAX] = "max",         [NODE_AVG] = "avg",
    [NODE_JOIN] = "join",       [NODE_USING] = "using",
    [NODE_JOINED] = "joined",   [NODE_EXISTS_IN] = "exists_in",
    [NODE_UNION] = "union",     [NODE_INTERSECT] = "intersect",
    [NODE_SETDIFF] = "setdiff", [NODE_SYMDIFF] = "symdiff",
    [NODE_CHECK] = "check",     [NODE_TIMESHIFT] = "timeshift",
    [NODE_OMITTED] = "_",       [NODE_CHECK_DATAPOINT] = "check_datapoint",
    [NODE_MEMBER] = "member",   [NODE_CHECK_HIERARCHY] = "check_hierarchy",
};

/* A node as text, before its children. */
static void
write_label(struct buf *buf, const struct node *node)
{
    if (kinds[node->kind] != NULL) {
        buf_append(buf, str_of(kinds[node->kind]));
    }
    if (kinds[node->kind] == NULL || node->kind == NODE_MEMBER) {
        buf_append(buf, node->text);
    }
    if (node->option != 0 || node->mode != 0 || node->priority) {
        buf_format(buf, "%u%s", node->option + 10U * node->mode, node->priority ? "p" : "");
    }
}

/* The tree as text, bottom up: children's texts are made before their parent's. */
static struct str
tree_of(struct arena *arena, const struct vtl_script *script)
{
    struct str *texts = ARENA_NEW(arena, struct str, script->node_count + 1);

    assert_non_null(texts);
    for (size_t i = 0; i < script->node_count; i++) {
        const struct node *node = &script->nodes[i];
        struct buf         buf = buf_create(arena, 4096);
        write_label(&buf, node);
        for (size_t j = 0; j < node->count; j++) {
            buf_append(&buf, j == 0 ? STR("(") : STR(" "));
            buf_append(&buf, texts[script->links[node->first + j]]);
        }
        buf_append(&buf, node->count > 0 ? STR(")") : STR(""));
        texts[i] = buf_str(&buf);
    }
    return texts[script->statements[script->statement_count - 1].root];
}

#define RULESET "define datapoint ruleset R (variable N) is A: N > 1 end datapoint ruleset;"
#define HIERARCHY                                                                                 \
    "define hierarchical ruleset H (variable condition C as c rule L) is x: when c = \"1\" then " \
    "A >= B + 1 - C errorcode \"e\" errorlevel 2; B = -2 end hierarchical ruleset;"

static const struct {
    const char *text;
    const char *tree;
} trees[] = {
    {"A",                                                                                      "A"                                             },
    {"A + B * C",                                                                              "+(A *(B C))"                                   },
    {"-A[keep x]",                                                                             "-(keep(A x))"                                  },
    {"A + B[keep x, y][drop z]",                                                               "+(A drop(keep(B x y) z))"                      },
    {"(A + B)[keep x]",                                                                        "keep(+(A B) x)"                                },
    {"A#x > 5",                                                                                ">(memberx(A) 5)"                               },
    {"not A#x and B#y",                                                                        "and(not(memberx(A)) membery(B))"               },
    {"A in {1, -2}",                                                                           "in(A 1 -2)"                                    },
    {"A[filter x > 1 and y = \"a\"]",                                                          "filter(A and(>(x 1) =(y a)))"                  },
    {"A[calc identifier i := x, m := y * 2, attribute t := z]",                                "calc(A i1(x) m(*(y 2)) t3(z))"                 },
    {"A[rename x to y, z to w]",                                                               "rename(A x y z w)"                             },
    {"A[sub x = 1, y = \"b\", z = -5]",                                                        "sub(A x 1 y b z -5)"                           },
    {"A[aggr s := sum(x), n := count() group by i, j having avg(x) > 3 and count() > 1]",
     "aggr(A s(sum(x)) n(count) group(i j) having(and(>(avg(x) 3) >(count 1))))"                                                               },
    {"A[aggr measure s := max(x * 2) group except i]",                                         "aggr(A s2(max(*(x 2))) group1(i))"             },
    {"sum(A)",                                                                                 "sum(A)"                                        },
    {"sum(A[keep x] + B group by i having sum(x) > 1) > 2",
     ">(sum(+(keep(A x) B) group(i) having(>(sum(x) 1))) 2)"                                                                                   },
    {"count(A group except i)",                                                                "count(A group1(i))"                            },
    {"inner_join(A, B)",                                                                       "joined(join(A(A) B(B)))"                       },
    {"left_join(A as a, sum(B group by i) as b using i, j)",
     "joined1(join1(a(A) b(sum(B group(i))) using(i j)))"                                                                                      },
    {"full_join(A as a, A as b filter a#x = 1 calc d := a#x - b#x keep d, a#y rename d to e)",
     "joined2(rename(keep(calc(filter(join2(a(A) b(A)) =(x(a) 1)) d(-(x(a) x(b)))) d y(a)) d e))"                                              },
    {"inner_join(A, B aggr m := min(x) group by i drop m)",
     "joined(drop(aggr(join(A(A) B(B)) m(min(x)) group(i)) m))"                                                                                },
    {"inner_join(A, B keep x)[filter x > 0]",                                                  "filter(joined(keep(join(A(A) B(B)) x)) >(x 0))"},
    {"exists_in(A, B)",                                                                        "exists_in(A B)"                                },
    {"exists_in(A, B, all)",                                                                   "exists_in(A B)"                                },
    {"exists_in(A, B, true)",                                                                  "exists_in1(A B)"                               },
    {"exists_in(A, B, false)",                                                                 "exists_in2(A B)"                               },
    {"union(A, B, C)",                                                                         "union(A B C)"                                  },
    {"intersect(setdiff(A, B), symdiff(C, D))",                                                "intersect(setdiff(A B) symdiff(C D))"          },
    {"timeshift(A, -4) + 1",                                                                   "+(timeshift(A -4) 1)"                          },
    {"check(A > B)",                                                                           "check1(>(A B) _ _)"                            },
    {"check(A > B errorcode \"c\" errorlevel 1 imbalance A - B invalid)",
     "check(>(A B) c 1 -(A B))"                                                                                                                },
    {"check_datapoint(A, R)",                                                                  "check_datapoint(A R)"                          },
    {"check_datapoint(A[keep N], R components N all)",                                         "check_datapoint1(keep(A N) R N)"               },
    {"check_hierarchy(A, H)",                                                                  "check_hierarchy(A H _)"                        },
    {"check_hierarchy(A, H condition C rule L always_zero dataset_priority all_measures)",
     "check_hierarchy52p(A H L C)"                                                                                                             },
    {"check_hierarchy(A, H rule L partial_null dataset)",                                      "check_hierarchy20(A H L)"                      },
    {"if A > 1 then B else C[keep x]",                                                         "if(>(A 1) B keep(C x))"                        },
    {"case when A then B when C then D else nvl(E, 0)",                                        "case(A B C D nvl(E 0))"                        },
};

static void
expressions_bind_as_the_grammar_says(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(trees); i++) {
        struct arena      *arena = arena_create((size_t)1 << 22);
        struct vtl_problem problem = {0};
        struct vtl_script *script = NULL;
        struct str         text = str_format(arena, RULESET HIERARCHY "V := %s;", trees[i].text);

        if (vtl_parse(arena, text, &script, &problem, NULL) != ERR_OK) {
            fail_msg("%s: %u:%u %s", trees[i].text, problem.line, problem.column, problem.text);
        }
        struct str got = tree_of(arena, script);
        if (!str_equal(got, str_of(trees[i].tree))) {
            fail_msg("%s: %.*s", trees[i].text, STR_ARG(got));
        }
        arena_destroy(arena);
    }
}

static const struct {
    const char *text;
    uint32_t    column; /* in "V := text;" */
    const char *problem;
} refusals[] = {
    {"",                                              6,  "powinna tu stać wartość"             },
    {"A +",                                           9,  "powinna tu stać wartość"             },
    {"A B",                                           8,  "średnik"                               },
    {"A[keep x",                                      14, "po „klauzuli” brakuje „]”"      },
    {"A[]",                                           8,  "powinna tu stać klauzula"              },
    {"A[x]",                                          8,  "powinna tu stać klauzula"              },
    {"A[pivot x, y]",                                 8,  "operator „pivot” nie należy"       },
    {"A[filter x",                                    16, "brakuje „]”"                        },
    {"A[filter x, y]",                                16, "brakuje „]”"                        },
    {"A[filter sum(x) > 1]",                          15, "„sum” liczy po grupach"             },
    {"A[filter union(x, y)]",                         15, "„union” działa na całych zbiorach"},
    {"A[filter x[keep y]]",                           16, "brakuje „]”"                        },
    {"A[calc x]",                                     14, "brakuje „:=”"                       },
    {"A[calc x := 1 y := 2]",                         20, "brakuje „]”"                        },
    {"A[calc viral attribute x := 1]",                13, "operator „viral” nie należy"       },
    {"A[calc x := sum(y over (partition by i))]",     18, "„sum” liczy po grupach"             },
    {"A[calc x := cast(y, string)]",                  18, "operator „cast” nie należy"        },
    {"A[keep 1]",                                     13, "powinna tu stać nazwa składowej"      },
    {"A[keep x y]",                                   15, "po „klauzuli” brakuje „]”"      },
    {"A[rename x y]",                                 17, "brakuje „to”"                       },
    {"A[rename x to 1]",                              20, "nowa nazwa składowej"                  },
    {"A[sub x > 1]",                                  14, "brakuje „=”"                        },
    {"A[sub x = y]",                                  16, "powinna tu stać stała"                },
    {"A[aggr x := y group by i]",                     18, "sama funkcja agregująca"               },
    {"A[aggr x := sum(y) + 1 group by i]",            25, "sama funkcja agregująca"               },
    {"A[aggr x := sum(max(y)) group by i]",           22, "„max” liczy po grupach"             },
    {"A[aggr x := median(y) group by i]",             18, "operator „median” nie należy"      },
    {"A[aggr x := sum(y) group i]",                   31, "po „group” brakuje „by”"        },
    {"A[aggr x := sum(y) group all time_agg(1)]",     31, "„group all” nie należy"            },
    {"A[aggr x := sum(y) having sum(y) > 1]",         25, "„having” stoi bez grupowania"       },
    {"sum(A having count() > 1)",                     12, "„having” stoi bez grupowania"       },
    {"sum(A group by i + 1)",                         23, "brakuje „)”"                        },
    {"sum(A over (partition by i))",                  12, "operator „over” nie należy"        },
    {"sum(A, B)",                                     11, "za dużo argumentów"                   },
    {"count()",                                       12, "powinna tu stać wartość"             },
    {"median(A)",                                     6,  "operator „median” nie należy"      },
    {"hierarchy(A, H)",                               6,  "operator „hierarchy” nie należy"   },
    {"ln(A)",                                         6,  "operator „ln” nie należy"          },
    {"my_operator(A)",                                6,  "operator „my_operator” nie należy" },
    {"cross_join(A, B)",                              6,  "operator „cross_join” nie należy"  },
    {"inner_join(A, A)",                              20, "oznacza w złączeniu już inny"        },
    {"inner_join(A as x, B as x)",                    30, "oznacza w złączeniu już inny"        },
    {"inner_join(A, B + 1)",                          22, "nazwę zastępczą po „as”"         },
    {"inner_join(A, B using)",                        27, "nazwa składowej"                       },
    {"inner_join(A, B apply A + B)",                  22, "operator „apply” nie należy"       },
    {"inner_join(A, B keep x filter y)",              29, "nie na swoim miejscu"                   },
    {"inner_join(A, B calc x := 1 aggr y := sum(z))", 34, "nie na swoim miejscu"                   },
    {"inner_join(A, B sub x = 1)",                    22, "brakuje „)”"                        },
    {"inner_join(A, B keep x - 1)",                   29, "brakuje „)”"                        },
    {"inner_join(A, B",                               21, "brakuje „)”"                        },
    {"exists_in(A)",                                  17, "za mało argumentów"                   },
    {"exists_in(A, B, x)",                            22, "all, true albo false"                   },
    {"union(A)",                                      13, "za mało argumentów"                   },
    {"setdiff(A, B, C)",                              18, "za dużo argumentów"                   },
    {"timeshift(A)",                                  17, "brakuje „,”"                        },
    {"timeshift(A, 1.5)",                             19, "liczbą całkowitą"                    },
    {"check(A all_measures)",                         14, "invalid albo all"                       },
    {"check(A errorlevel 1 errorcode \"x\")",         27, "brakuje „)”"                        },
    {"check(A errorcode x)",                          24, "powinna tu stać stała"                },
    {"check(A imbalance)",                            23, "powinna tu stać wartość"             },
    {"check_datapoint(A, H)",                         25, "„H” nie jest w tym skrypcie"        },
    {"check_hierarchy(A, R)",                         25, "„R” (hierarchical ruleset) nie jest"},
    {"check_hierarchy(A, H invalid non_null)",        35, "brakuje „)”"                        },
    {"check_hierarchy(A, H rule 1)",                  32, "nazwa identyfikatora"                   },
    {"if A then B",                                   17, "brakuje „else”"                     },
    {"A#1",                                           8,  "nazwa składowej"                       },
};

static void
what_is_outside_is_refused_at_its_place(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(refusals); i++) {
        struct arena      *arena = arena_create((size_t)1 << 22);
        struct vtl_problem problem = {0};
        struct vtl_script *script = NULL;
        struct str text = str_format(arena, RULESET HIERARCHY "\nV := %s;", refusals[i].text);

        if (vtl_parse(arena, text, &script, &problem, NULL) != ERR_SYNTAX || problem.line != 2
            || problem.column != refusals[i].column
            || strstr(problem.text, refusals[i].problem) == NULL) {
            print_error("%s: %u:%u %s\n", refusals[i].text, problem.line, problem.column,
                        problem.text);
            fail();
        }
        arena_destroy(arena);
    }
}

static const struct {
    const char *text; /* behind "define hierarchical ruleset H " */
    uint32_t    column;
    const char *problem;
} hierarchies[] = {
    {"(variable rule L) is A = B end hierarchical ruleset;",                   0,  NULL                      },
    {"(valuedomain condition c, d rule L) is A = B end hierarchical ruleset;", 0,  NULL                      },
    {"(L) is",                                                                 32, "brakuje „variable”"  },
    {"(variable L) is",                                                        41, "brakuje „rule”"      },
    {"(variable condition c, c rule L) is",                                    54, "stoi w nagłówku"       },
    {"(variable rule L) is end hierarchical ruleset;",                         52, "pozycja (kod)"           },
    {"(variable rule L) is A + B end hierarchical ruleset;",                   54, "powinien stać znak"     },
    {"(variable rule L) is A <> B end hierarchical ruleset;",                  54, "powinien stać znak"     },
    {"(variable rule L) is A = \"B\" end hierarchical ruleset;",               56, "pozycja (kod)"           },
    {"(variable rule L) is A = B[x > 1] end hierarchical ruleset;",            57, "warunek przy pojedynczej"},
    {"(variable rule L) is x: A = B; x: A = C end hierarchical ruleset;",      62,
     "stoi w zestawie już"                                                                                  },
    {"(variable rule L) is when x A = B end hierarchical ruleset;",            59, "brakuje „then”"      },
    {"(variable rule L) is A = B end datapoint ruleset;",                      62, "po „end” brakuje"    },
};

static void
hierarchies_are_read_or_refused(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(hierarchies); i++) {
        struct arena      *arena = arena_create((size_t)1 << 22);
        struct vtl_problem problem = {0};
        struct vtl_script *script = NULL;
        struct str         text =
            str_format(arena, "define hierarchical ruleset H %s", hierarchies[i].text);
        bool     good = hierarchies[i].problem == NULL;
        enum err got = vtl_parse(arena, text, &script, &problem, NULL);

        if ((got == ERR_OK) != good
            || (!good
                && (problem.column != hierarchies[i].column
                    || strstr(problem.text, hierarchies[i].problem) == NULL))) {
            print_error("%s: %u %s\n", hierarchies[i].text, problem.column, problem.text);
            fail();
        }
        arena_destroy(arena);
    }
}

static void
a_hierarchy_keeps_what_its_rules_say(void **state)
{
    (void)state;
    struct arena      *arena = arena_create((size_t)1 << 22);
    struct vtl_problem problem = {0};
    struct vtl_script *script = NULL;

    assert_int_equal(vtl_parse(arena, STR(HIERARCHY), &script, &problem, NULL), ERR_OK);
    const struct script_hierarchy *hierarchy = script_hierarchy_of(script, STR("H"));
    assert_non_null(hierarchy);
    assert_int_equal(hierarchy->relation_count, 2);
    assert_true(str_equal(hierarchy->conditions[0].alias, STR("c")));
    const struct script_relation *first = &hierarchy->relations[0];
    assert_true(str_equal(first->name, STR("x")));
    assert_int_equal(first->comparison, NODE_GREATER_EQUAL);
    assert_int_not_equal(first->when, NODE_NONE);
    assert_int_equal(first->item_count, 3);
    assert_true(str_equal(first->items[1].code, STR("1")));
    assert_false(first->items[1].negative);
    assert_true(first->items[2].negative);
    assert_true(str_equal(first->errorlevel.text, STR("2")));
    const struct script_relation *second = &hierarchy->relations[1];
    assert_true(str_equal(second->name, STR("2"))); /* its ordinal */
    assert_int_equal(second->when, NODE_NONE);
    assert_true(second->items[0].negative);
    assert_true(str_equal(second->items[0].code, STR("2")));
    arena_destroy(arena);
}

/* head, n times item with "#" as its number and the separator between them, tail. */
static struct str
many(struct arena *arena, const char *const *parts, size_t n)
{
    struct buf buf = buf_create(arena, (size_t)1 << 22);

    buf_append(&buf, str_of(parts[0]));
    for (size_t i = 0; i < n; i++) {
        struct str rest = str_of(parts[1]);
        struct str piece = {0};
        buf_append(&buf, str_of(i > 0 ? parts[2] : ""));
        (void)str_cut(&rest, '#', &piece);
        buf_append(&buf, piece);
        if (rest.data != NULL) {
            buf_format(&buf, "%zu", i);
            buf_append(&buf, rest);
        }
    }
    buf_append(&buf, str_of(parts[3]));
    return buf_str(&buf);
}

static void
each_limit_of_an_expression_holds_exactly(void **state)
{
    (void)state;
    static const struct {
        const char *parts[4];
        size_t      limit;
        const char *problem;
    } limits[] = {
        {{"V := inner_join(", "A#", ",", ");"},    VTL_OPERANDS_MAX, "więcej niż 16 zbiorów"         },
        {{"V := union(", "A#", ",", ");"},         VTL_OPERANDS_MAX, "za dużo argumentów"             },
        {{"V := A", "[filter x > #]", "", ";"},    5000,             NULL                               },
        {{"V := ", "-", "", " A;"},                VTL_DEPTH_MAX,    "więcej niż 64 zagnieżdżeń"   },
        {{"V := A[keep ", "x#", ",", "];"},        128,              "więcej niż 128 nazw i wartości"},
        {{"V := A[rename ", "x# to y", ",", "];"}, 64,               "więcej niż 128 nazw i wartości"},
        {{"define hierarchical ruleset H (variable rule L) is A = ", "B#", " + ",
          " end hierarchical ruleset;"},
         VTL_ITEMS_MAX,                                              "więcej niż 64 pozycji"          },
        {{"define hierarchical ruleset H (variable rule L) is ", "A = B#", ";",
          " end hierarchical ruleset;"},
         VTL_RULES_MAX,                                              "więcej niż 1000 reguł"         },
    };
    for (size_t i = 0; i < ARRAY_COUNT(limits); i++) {
        for (size_t n = limits[i].limit - 1; n <= limits[i].limit + 1; n++) {
            struct arena      *arena = arena_create((size_t)1 << 26);
            struct vtl_problem problem = {0};
            struct vtl_script *script = NULL;
            enum err           got =
                vtl_parse(arena, many(arena, limits[i].parts, n), &script, &problem, NULL);
            bool over = n > limits[i].limit && limits[i].problem != NULL;

            if ((got == ERR_SYNTAX) != over
                || (over && strstr(problem.text, limits[i].problem) == NULL)) {
                fail_msg("%s %zu: %s %s", limits[i].parts[0], n, err_name(got), problem.text);
            }
            arena_destroy(arena);
        }
    }
}

int
main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(expressions_bind_as_the_grammar_says),
        cmocka_unit_test(what_is_outside_is_refused_at_its_place),
        cmocka_unit_test(hierarchies_are_read_or_refused),
        cmocka_unit_test(a_hierarchy_keeps_what_its_rules_say),
        cmocka_unit_test(each_limit_of_an_expression_holds_exactly),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

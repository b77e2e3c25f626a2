#include "tests/unit/validators/vtl/vtl_fixture.h"

#include "validators/base/buf.h"
#include "validators/vtl/lexer.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

/* Rules of the fixture stand in line 2, behind "R1: ". */
static const struct {
    const char *rule;
    uint32_t    column;
    const char *text; /* part of the problem */
} rules[] = {
    {"when N > 1 N > 2",                   16, "po „when” brakuje „then”"                                        },
    {"when N > 1",                         1,  "po „when” brakuje „then”; stoi tu „end”"                     },
    {"ln(N) > 1",                          5,  "operator „ln” nie należy do podzbioru VTL"                          },
    {"sum(N) > 1",                         5,  "„sum” liczy po grupach wierszy"                                      },
    {"match_characters(S, \"x\")",         5,  "operator „match_characters” nie należy"                             },
    {"cast(S, integer) > 1",               5,  "operator „cast” nie należy"                                         },
    {"N > power(2, 3)",                    9,  "operator „power” nie należy"                                        },
    {"moja(N) > 1",                        5,  "operator „moja” nie należy"                                         },
    {"instr(S, \"x\") > 1",                5,  "operator „instr” nie należy"                                        },
    {"N + S > 1",                          9,  "„+” oczekuje tu wartości typu: liczba, a stoi: napis"               },
    {"S + N > 1",                          5,  "„+” oczekuje tu wartości typu: liczba, a stoi: napis"               },
    {"N = S",                              9,  "są dwa: liczba i napis"                                                 },
    {"N = T",                              9,  "są dwa: liczba i wartość logiczna"                                    },
    {"T > F",                              7,  "tylko przez „=” i „<>”"                                          },
    {"N",                                  5,  "warunek reguły powinien być wartością logiczną"                     },
    {"when N then T",                      10, "warunek po „when” powinien być"                                     },
    {"N and T",                            5,  "„and” oczekuje tu wartości typu: wartość logiczna"                },
    {"T or S",                             10, "„or” oczekuje"                                                       },
    {"not N = 1",                          9,  "„not” oczekuje tu wartości typu: wartość logiczna, a stoi: liczba"},
    {"S || N = S",                         10, "„||” oczekuje tu wartości typu: napis"                              },
    {"length(N) = 1",                      12, "„length” oczekuje tu wartości typu: napis"                          },
    {"abs(S) = 1",                         9,  "„abs” oczekuje tu wartości typu: liczba"                            },
    {"substr(S, N) = S",                   15, "„substr” oczekuje tu wartości typu: liczba całkowita"              },
    {"substr(S, 0) = S",                   15, "liczy znaki od 1"                                                        },
    {"substr(S, 1, N) = S",                18, "liczba całkowita"                                                       },
    {"round(N, I) = 1",                    14, "zapisaną wprost liczbą całkowitą"                                    },
    {"round(N, 19) = 1",                   14, "od -18 do 18"                                                            },
    {"round(N, -19) = 1",                  14, "od -18 do 18"                                                            },
    {"round(N, _ + 1) = 1",                14, "oczekuje tu wartości typu: liczba, a stoi: „_”"                     },
    {"round(_, 1) = 1",                    11, "powinna tu stać wartość"                                              },
    {"N + _ = 1",                          9,  "powinna tu stać wartość"                                              },
    {"if T then 1 else S",                 22, "są dwa"                                                                 },
    {"if N then T else F",                 8,  "„if” oczekuje tu wartości typu: wartość logiczna"                 },
    {"if T then T",                        1,  "po „if” (wiersz 2, znak 5) brakuje „else”"                       },
    {"if T else F",                        10, "po „if” (wiersz 2, znak 5) brakuje „then”"                       },
    {"case when T then T",                 1,  "po „case” (wiersz 2, znak 5) brakuje „else”"                     },
    {"case T then T else F",               10, "po „case” brakuje „when”"                                        },
    {"between(N, 1)",                      17, "„between” ma za mało argumentów: 2 zamiast 3"                      },
    {"nvl(N)",                             10, "„nvl” ma za mało argumentów"                                       },
    {"nvl(N, 1, 2) = 1",                   13, "„nvl” ma za dużo argumentów: najwyżej 2"                          },
    {"nvl N = 1",                          9,  "po „nvl” brakuje „(”"                                            },
    {"nvl(N, S) = 1",                      12, "są dwa: liczba i napis"                                                 },
    {"between(N, 1, S)",                   19, "są dwa"                                                                 },
    {"between(T, F, T)",                   5,  "porównuje liczby z liczbami"                                            },
    {"abs() = 1",                          9,  "powinna tu stać wartość"                                              },
    {"(N + 1 > 1",                         1,  "po „(” (wiersz 2, znak 5) brakuje „)”"                           },
    {"N + 1) > 1",                         10, "średnik albo „end datapoint ruleset”, a stoi „)”"               },
    {"N + > 1",                            9,  "powinna tu stać wartość"                                              },
    {"N N",                                7,  "średnik albo"                                                           },
    {"N <- 5",                             7,  "średnik albo"                                                           },
    {"N == 5",                             8,  "powinna tu stać wartość"                                              },
    {"N in {1, S}",                        14, "powinna tu stać stała"                                                 },
    {"N in {1, null}",                     14, "zbiór nie może zawierać null"                                         },
    {"N in {1, \"a\"}",                    14, "„in” oczekuje tu wartości typu: liczba"                             },
    {"S in {1}",                           11, "„in” oczekuje tu wartości typu: napis"                              },
    {"N in {}",                            11, "powinna tu stać stała"                                                 },
    {"N in {1 2}",                         13, "po „{” brakuje „}”"                                              },
    {"D in Nieznana",                      7,  "dziedzina wartości „Nieznana” nie jest znana"                       },
    {"N in Dom",                           5,  "„in” oczekuje tu wartości typu: napis"                              },
    {"X > 1",                              5,  "„X” nie jest zmienną z nagłówka zestawu"                          },
    {"n > 1",                              5,  "„n” nie jest zmienną"                                               },
    {"date > 1",                           5,  "powinna tu stać wartość"                                              },
    {"N > 123456789012345678",             9,  "więcej niż 17 cyfr"                                                    },
    {"N > 0.123456789012345678",           9,  "więcej niż 17 cyfr"                                                    },
    {"N > 1a",                             9,  "po liczbie „1” stoi „a”"                                         },
    {"N > 1.5.2",                          9,  "po liczbie „1.5” stoi „.”"                                       },
    {"S = \"abc",                          9,  "napis otwarty tu znakiem"                                                },
    {"S = 'abc",                           9,  "zapis nazwy otwarty tu znakiem"                                          },
    {"/* N > 1",                           5,  "komentarz otwarty tu"                                                    },
    {"N > 1 ! 2",                          11, "znak „!” nie ma w skrypcie znaczenia"                                },
    {"łódź > 1",                        5,  "znak „ł” nie ma w skrypcie znaczenia"                               },
    {"S = \"łódź\" + ź",               18, "znak „ź”"                                                           },
    {"N > 1 \x01",                         11, "znak sterujący o kodzie 1"                                              },
    {"N > 1 errorcode 5",                  21, "powinien stać napis w cudzysłowach"                                    },
    {"N > 1 errorcode null",               21, "powinien stać napis albo liczba"                                        },
    {"N > 1 errorlevel 1.5",               22, "powinien stać napis albo liczba całkowita"                             },
    {"N > 1 errorlevel N",                 22, "powinna tu stać stała"                                                 },
    {"N > 1 errorlevel 1 errorcode \"A\"", 24, "średnik albo"                                                           },
};

static void
a_bad_rule_is_named_at_its_place(void **state)
{
    (void)state;
    size_t failures = 0;

    for (size_t i = 0; i < ARRAY_COUNT(rules); i++) {
        struct arena      *arena = arena_create((size_t)1 << 22);
        struct vtl_problem problem;

        if (fixture_outcome(arena, rules[i].rule, &problem) != VTL_OUTCOMES) {
            failures++;
            print_error("%s: accepted\n", rules[i].rule);
        }
        /* What is missing at the end of the rule is found at "end", in line 3. */
        uint32_t line = rules[i].column == 1 ? 3 : 2;
        if (problem.line != line || problem.column != rules[i].column
            || strstr(problem.text, rules[i].text) == NULL) {
            failures++;
            print_error("%s: %u:%u %s\n", rules[i].rule, problem.line, problem.column,
                        problem.text);
        }
        arena_destroy(arena);
    }
    assert_int_equal(failures, 0);
}

#define RULESET "define datapoint ruleset R (variable N) is A: N > 1 end datapoint ruleset;"

static const struct {
    const char *script;
    uint32_t    line;
    uint32_t    column;
    const char *text; /* NULL: good */
} scripts[] = {
    {RULESET,                                                                                  0, 0,  NULL                                             },
    {"",                                                                                       0, 0,  NULL                                             },
    {"\xEF\xBB\xBF" RULESET,                                                                   0, 0,  NULL                                             },
    {RULESET "\nV := check_datapoint(DS, R);",                                                 0, 0,  NULL                                             },
    {"V <- check_datapoint(DS, R invalid);\n" RULESET,                                         0, 0,  NULL                                             },
    {RULESET "V := check_datapoint(DS, R components N all);",                                  0, 0,  NULL                                             },
    {RULESET "V := check_datapoint('D S', R all_measures);",                                   0, 0,  NULL                                             },
    {RULESET "\nV := check_datapoint(DS, Q);",                                                 2, 26, "zestaw reguł „Q” nie jest"                 },
    {RULESET "\nV := check_datapoint(DS, R components M);",                                    2, 39, "powtarzać zmienne"                             },
    {RULESET "\nV := check_datapoint(DS, R components N, N);",                                 2, 39, "powtarzać zmienne"                             },
    {RULESET "\nV := check_datapoint(DS);",                                                    2, 24, "po „nazwie zbioru danych” brakuje „,”"  },
    {RULESET "\nV := check_datapoint(DS, R",                                                   2, 27, "brakuje „)”; stoi tu „koniec skryptu”"  },
    {RULESET "\nV := check_datapoint(DS, R)",                                                  2, 28, "powinien tu stać średnik"                     },
    {RULESET "\nV = check_datapoint(DS, R);",                                                  2, 3,  "po „nazwie wyniku” brakuje „:=”"        },
    {RULESET "\nV := check_datapoint(DS, R);\nV := check_datapoint(DS, R);",                   3, 1,
     "wynik „V” powstaje już w wierszu 2"                                                                                                         },
    {RULESET "\n" RULESET,                                                                     2, 26, "zestaw reguł „R” jest określony już"     },
    {"define hierarchical ruleset",                                                            1, 28, "powinna tu stać nazwa zestawu reguł"          },
    {"define operator f",                                                                      1, 8,  "przyjmuje tylko „datapoint ruleset”"        },
    {"define datapoint ruleset (",                                                             1, 26, "powinna tu stać nazwa zestawu reguł"          },
    {"define datapoint ruleset sum (",                                                         1, 26, "słowem zastrzeżonym"                          },
    {"define datapoint ruleset R (N) is",                                                      1, 29, "po „(” brakuje „variable”"              },
    {"define datapoint ruleset R (valuedomain N) is",                                          1, 29, "na dziedzinach („valuedomain”)"             },
    {"define datapoint ruleset R (variable N, N) is",                                          1, 41, "zmienna „N” stoi w nagłówku"              },
    {"define datapoint ruleset R (variable N as x, M as x) is",                                1, 51, "zmienna „x” stoi"                           },
    {"define datapoint ruleset R (variable N M) is",                                           1, 40, "brakuje „)”"                                },
    {"define datapoint ruleset R (variable N) A: N > 1",                                       1, 41, "po „)” brakuje „is”"                    },
    {"define datapoint ruleset R (variable N) is N > 1 end",                                   1, 53, "po „end” brakuje „datapoint”"           },
    {"define datapoint ruleset R (variable N) is end datapoint ruleset;",                      1, 44,
     "powinna tu stać wartość"                                                                                                                      },
    {"define datapoint ruleset R (variable N) is A: N > 1; end datapoint ruleset;",            1, 54,
     "powinna tu stać wartość"                                                                                                                      },
    {"define datapoint ruleset R (variable N) is\nA: N > 1;\nA: N > 2 end datapoint ruleset;", 3, 1,
     "„A” stoi w zestawie już w wierszu 2"                                                                                                        },
    {"define datapoint ruleset R (variable N) is A: N > 1 end ruleset;",                       1, 57,
     "po „end” brakuje „datapoint”"                                                                                                            },
    {"define datapoint ruleset R (variable N) is A: N > 1 end datapoint ruleset",              1, 74,
     "powinien tu stać średnik"                                                                                                                      },
    {";",                                                                                      1, 1,  "powinno tu stać „define” albo nazwa wyniku"},
    {"'' := x",                                                                                1, 1,  "nazwa w apostrofach jest pusta"                 },
    {"filter",                                                                                 1, 1,  "a stoi „filter”"                            },
};

static void
a_bad_script_is_named_at_its_place(void **state)
{
    (void)state;
    size_t failures = 0;

    for (size_t i = 0; i < ARRAY_COUNT(scripts); i++) {
        struct arena      *arena = arena_create((size_t)1 << 22);
        struct vtl_script *script = NULL;
        struct vtl_problem problem = {0};
        enum err got = vtl_parse(arena, str_of(scripts[i].script), &script, &problem, NULL);

        if ((got == ERR_OK) != (scripts[i].text == NULL) || (got == ERR_OK) != (script != NULL)) {
            failures++;
            print_error("%s: %s %s\n", scripts[i].script, err_name(got), problem.text);
        }
        if (got != ERR_OK
            && (problem.line != scripts[i].line || problem.column != scripts[i].column
                || strstr(problem.text, scripts[i].text) == NULL)) {
            failures++;
            print_error("%s: %u:%u %s\n", scripts[i].script, problem.line, problem.column,
                        problem.text);
        }
        arena_destroy(arena);
    }
    assert_int_equal(failures, 0);
}

static void
binding_names_what_the_data_lacks(void **state)
{
    (void)state;
    static const struct {
        const char *script;
        uint32_t    column;
        const char *text;
    } bad[] = {
        {"define datapoint ruleset R (variable N, n) is A: N > 1 end datapoint ruleset;",   41,
         "nie ma składowej „n”"                         },
        {"define datapoint ruleset R (variable N as x) is A: N > 1 end datapoint ruleset;", 52,
         "ma w nagłówku zestawu nazwę zastępczą „x”"},
        {"define datapoint ruleset R (variable N) is A: M > 1 end datapoint ruleset;",      47,
         "„M” nie jest zmienną z nagłówka"            },
        {"define datapoint ruleset Q (variable N) is A: N > 1 end datapoint ruleset;",      1,
         "nie określa zestawu reguł „R”"               },
    };
    for (size_t i = 0; i < ARRAY_COUNT(bad); i++) {
        struct arena      *arena = arena_create((size_t)1 << 22);
        struct fixture     fixture;
        struct vtl_plan   *plan = NULL;
        struct vtl_problem problem = {0};

        fixture_fill(&fixture);
        assert_int_equal(fixture_bind(arena, &fixture, str_of(bad[i].script), &plan, &problem),
                         ERR_SYNTAX);
        assert_null(plan);
        if (problem.column != bad[i].column || strstr(problem.text, bad[i].text) == NULL) {
            fail_msg("%s: %u %s", bad[i].script, problem.column, problem.text);
        }
        arena_destroy(arena);
    }
}

/* count times `piece` between two ends. */
static struct str
repeat(struct arena *arena, const char *before, const char *piece, size_t count, const char *after)
{
    struct buf buf = buf_create(arena, (size_t)1 << 24);

    buf_append(&buf, str_of(before));
    for (size_t i = 0; i < count; i++) {
        buf_append(&buf, str_of(piece));
    }
    buf_append(&buf, str_of(after));
    assert_true(buf_ok(&buf));
    return buf_str(&buf);
}

static struct str
numbered(struct arena *arena, const char *before, const char *format, size_t count,
         const char *after)
{
    struct buf buf = buf_create(arena, (size_t)1 << 24);

    buf_append(&buf, str_of(before));
    for (size_t i = 0; i < count; i++) {
        struct str rest = str_of(format);
        struct str piece;
        bool       first = true;
        while (str_cut(&rest, '#', &piece)) {
            if (!first) {
                buf_format(&buf, "%zu", i);
            }
            first = false;
            buf_append(&buf, piece);
        }
    }
    buf_append(&buf, str_of(after));
    assert_true(buf_ok(&buf));
    return buf_str(&buf);
}

static enum err
parse(struct arena *arena, struct str text, struct vtl_problem *problem)
{
    struct vtl_script *script = NULL;

    *problem = (struct vtl_problem){0};
    return vtl_parse(arena, text, &script, problem, NULL);
}

enum limit {
    LIMIT_SIZE,
    LIMIT_TOKENS,
    LIMIT_DEPTH_PAREN,
    LIMIT_DEPTH_UNARY,
    LIMIT_DEPTH_IF,
    LIMIT_RULES,
    LIMIT_RULESETS,
    LIMIT_STATEMENTS,
    LIMIT_VARIABLES,
    LIMIT_STRING,
    LIMITS,
};

static struct str
script_at(struct arena *arena, enum limit limit, size_t n)
{
    const char *head = "define datapoint ruleset R (variable N) is A: ";
    const char *tail = " end datapoint ruleset;";

    switch (limit) {
    case LIMIT_SIZE:
        return repeat(arena, "", " ", n, "");
    case LIMIT_TOKENS: /* 12 + tail 4: N + N + N ... = N */
        return repeat(arena, "define datapoint ruleset R (variable N) is A: N", "+N", (n - 18) / 2,
                      n % 2 == 0 ? "=N end datapoint ruleset;" : "=-N end datapoint ruleset;");
    case LIMIT_DEPTH_PAREN:
        return str_format(arena, "%s%.*sT%.*s%s", head, STR_ARG(repeat(arena, "", "(", n, "")),
                          STR_ARG(repeat(arena, "", ")", n, "")), tail);
    case LIMIT_DEPTH_UNARY:
        return repeat(arena, head, "-", n, "N end datapoint ruleset;");
    case LIMIT_DEPTH_IF:
        return repeat(arena, head, "if T then T else ", n, "T end datapoint ruleset;");
    case LIMIT_RULES:
        return numbered(arena, "define datapoint ruleset R (variable N) is X: N > 0", "; A#: N > #",
                        n - 1, tail);
    case LIMIT_RULESETS:
        return numbered(
            arena, "",
            "define datapoint ruleset R# (variable N) is A: N > 1 end datapoint ruleset;", n, "");
    case LIMIT_STATEMENTS:
        return numbered(arena, RULESET, "V# := check_datapoint(D, R);", n, "");
    case LIMIT_VARIABLES:
        return numbered(arena, "define datapoint ruleset R (variable N", ", V#", n - 1,
                        ") is A: N > 1 end datapoint ruleset;");
    default:
        return str_format(arena, "%sS = \"%.*s\"%s", head, STR_ARG(repeat(arena, "", "x", n, "")),
                          tail);
    }
}

static void
each_limit_holds_exactly(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        size_t      limit;
        const char *text;
    } limits[LIMITS] = {
        [LIMIT_SIZE] = {"size",        VTL_SCRIPT_SIZE_MAX, "skrypt ma 1048577 bajtów"     },
        [LIMIT_TOKENS] = {"tokens",      VTL_TOKENS_MAX,      "więcej niż 200000 słów"    },
        [LIMIT_DEPTH_PAREN] = {"parentheses", VTL_DEPTH_MAX,       "więcej niż 64 zagnieżdżeń"},
        [LIMIT_DEPTH_UNARY] = {"signs",       VTL_DEPTH_MAX,       "więcej niż 64 zagnieżdżeń"},
        [LIMIT_DEPTH_IF] = {"ifs",         VTL_DEPTH_MAX,       "więcej niż 64 zagnieżdżeń"},
        [LIMIT_RULES] = {"rules",       VTL_RULES_MAX,       "więcej niż 1000 reguł"      },
        [LIMIT_RULESETS] = {"rulesets",    VTL_RULESETS_MAX,    "więcej niż 64 zestawów"     },
        [LIMIT_STATEMENTS] = {"statements",  VTL_STATEMENTS_MAX,  "więcej niż 512 przypisań"   },
        [LIMIT_VARIABLES] = {"variables",   VTL_COMPONENTS_MAX,  "więcej niż 64 zmiennych"     },
        [LIMIT_STRING] = {"string",      VTL_STRING_SIZE_MAX, "więcej niż 4096 bajtów"     },
    };
    for (size_t i = 0; i < LIMITS; i++) {
        for (size_t n = limits[i].limit - 1; n <= limits[i].limit + 1; n++) {
            struct arena      *arena = arena_create((size_t)1 << 27);
            struct vtl_problem problem;
            enum err           got = parse(arena, script_at(arena, (enum limit)i, n), &problem);
            bool               over = n > limits[i].limit;

            if ((got == ERR_SYNTAX) != over
                || (over && strstr(problem.text, limits[i].text) == NULL)) {
                fail_msg("%s %zu: %s %s", limits[i].name, n, err_name(got), problem.text);
            }
            arena_destroy(arena);
        }
    }
}

static void
the_words_are_sorted_and_each_is_found(void **state)
{
    (void)state;
    for (size_t i = 0; i < WORDS_END; i++) {
        struct arena      *arena = arena_create((size_t)1 << 16);
        struct token      *tokens = NULL;
        size_t             count = 0;
        struct vtl_problem problem;
        struct str         text = str_of(lexer_word_text((enum word)i));

        assert_int_equal(lexer_read(arena, text, &tokens, &count, &problem, NULL), ERR_OK);
        assert_int_equal(count, 1);
        assert_int_equal(tokens[0].kind, TOKEN_WORD);
        assert_int_equal(tokens[0].word, i);
        arena_destroy(arena);
    }
}

static void
our_own_schemas_are_linted(void **state)
{
    (void)state;
    static const struct {
        const char *rule;
        size_t      count;
        const char *text;
    } lints[] = {
        {"N > 1 errorcode \"RB27S-001\"",                            0, ""                      },
        {"N > 1",                                                    1, "nie ma kodu"           },
        {"N > 1 errorcode \"A-001\"; N > 2 errorcode \"A-002\"",     1, "nie ma nazwy"          },
        {"N > 1 errorcode \"RB27S-01\"",                             1, "łącznika"            },
        {"N > 1 errorcode \"RB27S001\"",                             1, "łącznika"            },
        {"N > 1 errorcode \"-001\"",                                 1, "łącznika"            },
        {"N > 1 errorcode \"rb-001\"",                               1, "łącznika"            },
        {"N > 1 errorcode \"A-0001\"",                               1, "łącznika"            },
        {"N > 1 errorcode \"A-001\" errorlevel 1",                   1, "usuń „errorlevel”"},
        {"N / 2 > 1 errorcode \"A-001\"",                            1, "round(x / y, n)"       },
        {"round(N / 2) > 1 errorcode \"A-001\"",                     1, "round(x / y, n)"       },
        {"round(N / 2, _) > 1 errorcode \"A-001\"",                  1, "round(x / y, n)"       },
        {"round(1 + N / 2, 2) > 1 errorcode \"A-001\"",              1, "round(x / y, n)"       },
        {"round(N / 2, 2) > 1 errorcode \"A-001\"",                  0, ""                      },
        {"N / 2 > N / 3",                                            3, "nie ma kodu"           },
        {"N > 1 errorcode \"A-001\"; R2: N > 2 errorcode \"A-001\"", 1, "ma już inna reguła"  },
    };
    for (size_t i = 0; i < ARRAY_COUNT(lints); i++) {
        struct arena      *arena = arena_create((size_t)1 << 22);
        struct vtl_script *script = NULL;
        struct vtl_problem problem[2] = {0};

        assert_int_equal(
            vtl_parse(arena, fixture_script(arena, lints[i].rule), &script, problem, NULL), ERR_OK);
        size_t count = vtl_lint(script, problem, ARRAY_COUNT(problem));
        if (count != lints[i].count || strstr(problem[0].text, lints[i].text) == NULL) {
            fail_msg("%s: %zu %s", lints[i].rule, count, problem[0].text);
        }
        arena_destroy(arena);
    }
}

/* Starved of memory it says ERR_MEMORY and leaves *out alone, or it succeeds. */
static void
a_form_has_no_expressions_over_datasets(void **state)
{
    static const struct {
        const char *script;
        size_t      count;
    } cases[] = {
        {"V := check_datapoint(DS, R);",                                                       0},
        {"V := check_datapoint(DS[keep N], R);",                                               1},
        {"V := DS; W := sum(V);",                                                              2},
        {"define hierarchical ruleset H (variable rule k) is A = B end hierarchical ruleset;", 1},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        struct arena      *arena = arena_create((size_t)1 << 22);
        struct vtl_script *script = NULL;
        struct vtl_problem problems[4] = {0};
        struct str         text = str_format(
                    arena,
                    "define datapoint ruleset R (variable N) is A: N > 1 errorcode \"A-001\" end "
                            "datapoint ruleset; %s",
                    cases[i].script);

        assert_int_equal(vtl_parse(arena, text, &script, &problems[0], NULL), ERR_OK);
        assert_int_equal(vtl_lint(script, problems, ARRAY_COUNT(problems)), cases[i].count);
        if (cases[i].count > 0) {
            assert_non_null(strstr(problems[0].text, "reguły formularza to zestawy"));
        }
        arena_destroy(arena);
    }
}

static void
every_memory_ceiling_is_survived(void **state)
{
    (void)state;
    static const struct vtl_options options = {.row_max = 5, .outcomes = true};
    const char *rule = "when D in {\"750\", \"600\"} then round(N / I, 2) * M < nvl(NN, 0.5); "
                       "R2: upper(substr(S, 1, 2)) || \"x\" = lower(P) or D in Dom";
    bool        done = false;

    for (size_t size_max = 0; !done; size_max += size_max < 4096 ? 64 : 251) {
        struct arena          *arena = arena_create(size_max);
        struct arena          *text_arena = arena_create((size_t)1 << 20);
        struct fixture         fixture;
        struct vtl_script     *script = NULL;
        struct vtl_plan       *plan = NULL;
        struct vtl_problem     problem = {0};
        struct vtl_rule_result results[2];
        struct fault           fault = {0};

        fixture_fill(&fixture);
        enum err got =
            vtl_parse(arena, fixture_script(text_arena, rule), &script, &problem, &fault);
        if (got == ERR_OK) {
            got = vtl_bind(arena, script, &fixture.binding, &plan, &problem, &fault);
            assert_true((got == ERR_OK) == (plan != NULL));
        }
        if (got == ERR_OK) {
            got = vtl_run(arena, plan, &fixture.data, &options, results, &fault);
        }
        assert_true(got == ERR_OK || (got == ERR_MEMORY && fault.code == ERR_MEMORY));
        assert_true(size_max < 1000000);
        done = got == ERR_OK;
        arena_destroy(text_arena);
        arena_destroy(arena);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_bad_rule_is_named_at_its_place),
        cmocka_unit_test(a_bad_script_is_named_at_its_place),
        cmocka_unit_test(binding_names_what_the_data_lacks),
        cmocka_unit_test(each_limit_holds_exactly),
        cmocka_unit_test(the_words_are_sorted_and_each_is_found),
        cmocka_unit_test(our_own_schemas_are_linted),
        cmocka_unit_test(a_form_has_no_expressions_over_datasets),
        cmocka_unit_test(every_memory_ceiling_is_survived),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

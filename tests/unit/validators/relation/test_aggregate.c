#include "tests/support/expect.h"
#include "tests/unit/validators/relation/relation_fixture.h"
#include "validators/relation/aggregate.h"
#include "validators/relation/combination.h"
#include "validators/relation/origin.h"
#include "validators/relation/selection.h"

#include <string.h>

enum { TERMS_MAX = 6 };

static const char *const operators[] = {
    [AGGREGATE_SUM] = "sum", [AGGREGATE_AVG] = "avg",     [AGGREGATE_MIN] = "min",
    [AGGREGATE_MAX] = "max", [AGGREGATE_COUNT] = "count", [AGGREGATE_PRESENT] = "present",
};

/* "sum M X" is sum(M) named X; of avg the scale stands behind, of count M is "-". */
static struct aggregate_term
read_term(const struct relation *in, struct str text)
{
    struct aggregate_term term = {.role = RELATION_MEASURE};
    struct str            word;
    int64_t               scale = 0;

    assert_true(str_cut(&text, ' ', &word));
    for (size_t i = 0; i < ARRAY_COUNT(operators); i++) {
        if (str_equal(word, str_of(operators[i]))) {
            term.operation = (enum aggregate_operator)i;
        }
    }
    assert_true(str_cut(&text, ' ', &word));
    term.component = relation_find(in, word);
    assert_true(str_cut(&text, ' ', &term.name));
    if (str_cut(&text, ' ', &word)) {
        assert_true(str_to_number(word, &scale));
    }
    term.scale = (int)scale;
    return term;
}

static enum err
run(const struct fixture *fixture, const struct relation *in, const char *keys, const char *terms,
    struct relation *out, struct fault *fault)
{
    size_t                numbers[RELATION_COMPONENTS_MAX];
    struct aggregate_term list[TERMS_MAX];
    struct aggregate      aggregate = {.keys = numbers, .terms = list};
    struct str            rest = str_of(terms);
    struct str            term;

    aggregate.key_count = fixture_numbers(in, keys, numbers);
    while (rest.size > 0 && str_cut(&rest, ',', &term)) {
        list[aggregate.term_count++] = read_term(in, str_trim(term));
    }
    return aggregate_run(fixture->arena, in, &aggregate, out, fault);
}

static const struct {
    const char *name;
    const char *text;
    const char *keys;
    const char *terms;
    enum err    want;
    const char *result; /* or part of the complaint */
} rows[] = {
    {"sums by one identifier, in the order of first rows",
     "J:is P:is M:mn2 | b 1 1.50 | a 1 2.00 | b 2 -0.25",                                                                       "J",   "sum M M",                                    ERR_OK,
     "J:is M:mn2 | b 1.25 | a 2.00"                                                                                                                                                                                                             },
    {"by two identifiers, in another order",                 "J:is P:iz M:mz | b 1 1 | a 1 2 | b 2 3",                          "P J",
     "sum M M",                                                                                                                                                                      ERR_OK,    "P:iz J:is M:mz | 1 b 1 | 1 a 2 | 2 b 3"        },
    {"without identifiers",                                  "J:is M:mz N:mn1 | b 1 0.5 | a 2 0.1",                             "",    "sum M M, sum N N",                           ERR_OK,
     "M:mz N:mn1 | 3 0.6"                                                                                                                                                                                                                       },
    {"of nothing, without identifiers: one row",             "J:is M:mz S:ms",                                                  "",
     "sum M A, count - B, min M C, avg M D 2, max S E, present M F",                                                                                                                 ERR_OK,
     "A:mz B:mz C:mz D:mn2 E:ms F:mz | _ 0 _ _ _ 0"                                                                                                                                                                                             },
    {"of nothing, by an identifier: no row",                 "J:is M:mz",                                                       "J",   "sum M M, count - N",                         ERR_OK,
     "J:is M:mz N:mz"                                                                                                                                                                                                                           },
    {"nulls are left out",                                   "J:is P:iz M:mz | a 1 _ | a 2 5 | b 1 _ | b 2 _ | c 1 -7",         "J",
     "sum M S, avg M A 1, min M N, max M X, count - C, present M P",                                                                                                                 ERR_OK,
     "J:is S:mz A:mn1 N:mz X:mz C:mz P:mz | a 5 5.0 5 5 2 1 | b _ _ _ _ 2 0 "
     "| c -7 -7.0 -7 -7 1 1"                                                                                                                                                                                                                    },
    {"one unknown cell makes all unknown but the rows",
     "J:is P:iz M:mz | a 1 ? | a 2 5 | b 1 ? | b 2 ! | c 1 _ | c 2 ?",                                                          "J",
     "sum M S, avg M A 1, min M N, max M X, count - C, present M P",                                                                                                                 ERR_OK,
     "J:is S:mz A:mn1 N:mz X:mz C:mz P:mz | a ? ? ? ? 2 ? | b ! ! ! ! 2 ! | c ? ? ? ? 2 ?"                                                                                                                                                      },
    {"strings by bytes",                                     "J:iz S:ms | 1 b | 2 ż | 3 _ | 4 B | 5 \"\"",                     "",
     "min S N, max S X, present S P",                                                                                                                                                ERR_OK,    "N:ms X:ms P:mz | \"\" ż 4"                    },
    {"unknown strings",                                      "J:iz S:ms | 1 b | 2 ?",                                           "",    "min S N, count - C",                         ERR_OK,
     "N:ms C:mz | ? 2"                                                                                                                                                                                                                          },
    {"booleans and periods",                                 "J:iz B:mb T:mt | 1 true 2026Q2 | 2 false 2026Q1 | 3 true 2027Q1", "",
     "min B A, max B C, min T D, max T E",                                                                                                                                           ERR_OK,
     "A:mb C:mb D:mt E:mt | false true 2026Q1 2027Q1"                                                                                                                                                                                           },
    {"an attribute",                                         "J:iz A:an1 | 1 0.5 | 2 0.5",                                      "",    "sum A A",                                    ERR_OK,    "A:mn1 | 1.0"                                   },
    {"an average is rounded half away from zero",
     "J:is P:iz M:mn2 | a 1 0.01 | a 2 0.02 | b 1 -0.01 | b 2 -0.02 | c 1 0.01 | c 2 0.01 "
     "| c 3 0.02 | d 1 -0.01 | d 2 0.00 | d 3 0.00",                                                                            "J",   "avg M A 2, avg M B 3, avg M C 1, avg M D 0", ERR_OK,
     "J:is A:mn2 B:mn3 C:mn1 D:mn0 | a 0.02 0.015 0.0 0 | b -0.02 -0.015 0.0 0 "
     "| c 0.01 0.013 0.0 0 | d 0.00 -0.003 0.0 0"                                                                                                                                                                                               },
    {"fewer digits than the numbers have, rounded once",
     "J:is P:iz M:mn2 | a 1 0.44 | a 2 0.45 | b 1 -0.50 | c 1 0.49 | d 1 1.50",                                                 "J",   "avg M A 0",
     ERR_OK,                                                                                                                                                                                    "J:is A:mn0 | a 0 | b -1 | c 0 | d 2"           },
    {"a third with 18 digits",                               "J:iz M:mz | 1 1 | 2 0 | 3 0",                                     "",    "avg M A 18",                                 ERR_OK,
     "A:mn18 | 0.333333333333333333"                                                                                                                                                                                                            },
    {"sums beyond 64 bits",                                  "J:iz M:mz | 1 9223372036854775807 | 2 1",                         "",    "sum M M",                                    ERR_OK,
     "M:mz | 9223372036854775808"                                                                                                                                                                                                               },
    {"back into 64 bits",                                    "J:iz M:mz | 1 99999999999999999999 | 2 -99999999999999999998",    "",
     "sum M M, min M N",                                                                                                                                                             ERR_OK,    "M:mz N:mz | 1 -99999999999999999998"           },
    {"the largest of 128 bits",                              "J:iz M:mz | 1 170141183460469231731687303715884105726 | 2 1",     "",
     "sum M M",                                                                                                                                                                      ERR_OK,    "M:mz | 170141183460469231731687303715884105727"},
    {"one more",                                             "J:iz M:mz | 1 170141183460469231731687303715884105727 | 2 1",     "",    "sum M M",
     ERR_OK,                                                                                                                                                                                    "M:mz | !"                                      },
    {"one less than the least",                              "J:iz M:mz | 1 -170141183460469231731687303715884105727 | 2 -2",   "",
     "sum M M",                                                                                                                                                                      ERR_OK,    "M:mz | !"                                      },
    {"a sum that leaves 128 bits on its way and comes back",
     "J:iz M:mz | 1 170141183460469231731687303715884105727 | 2 9 | 3 -10",                                                     "",    "sum M M",                                    ERR_OK,
     "M:mz | 170141183460469231731687303715884105726"                                                                                                                                                                                           },
    {"a group whose sum leaves 128 bits, alone",
     "J:is K:iz M:mz | a 1 170141183460469231731687303715884105727 | a 2 1 | b 1 5",                                            "J",   "sum M M",
     ERR_OK,                                                                                                                                                                                    "J:is M:mz | a ! | b 5"                         },
    {"an average of large numbers with no more digits",
     "J:iz M:mz | 1 170141183460469231731687303715884105727",                                                                   "",    "avg M M 0",                                  ERR_OK,
     "M:mn0 | 170141183460469231731687303715884105727"                                                                                                                                                                                          },
    {"with one more it has failed, in its group alone",
     "J:iz K:iz M:mz | 1 1 170141183460469231731687303715884105727 | 2 1 5 | 3 1 "
     "-170141183460469231731687303715884105727",                                                                                "J",   "avg M A 1, count - C",                       ERR_OK,    "J:iz A:mn1 C:mz | 1 ! 1 | 2 5.0 1 | 3 ! 1"     },
    {"one that is unknown does not fail beside",
     "J:iz M:mz | 1 170141183460469231731687303715884105727 | 2 ?",                                                             "",    "avg M A 1",                                  ERR_OK,
     "A:mn1 | ?"                                                                                                                                                                                                                                },
    {"a sum of strings",                                     "J:iz S:ms | 1 a",                                                 "",    "sum S S",                                    ERR_USAGE, "'S' cannot be aggregated"                      },
    {"an average of periods",                                "J:iz S:mt | 1 2026A",                                             "",    "avg S S 2",                                  ERR_USAGE, "'S' cannot"                                    },
    {"an average of 19 digits",                              "J:iz M:mz | 1 1",                                                 "",    "avg M S 19",                                 ERR_USAGE, "'S' cannot"                                    },
    {"two terms of one name",                                "J:iz M:mz | 1 1",                                                 "",    "sum M S, min M S",                           ERR_USAGE, "'S'"                                           },
    {"a term with the name of a key",                        "J:iz M:mz | 1 1",                                                 "J",   "sum M J",                                    ERR_USAGE, "'J'"                                           },
    {"by a measure",                                         "J:iz M:mz | 1 1",                                                 "M",   "sum M S",                                    ERR_USAGE,
     "component 1 is not an identifier"                                                                                                                                                                                                         },
    {"by one identifier twice",                              "J:iz M:mz | 1 1",                                                 "J J", "sum M S",                                    ERR_USAGE,
     "'J' is given twice"                                                                                                                                                                                                                       },
};

static void
aggregate_follows_the_table(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(rows); i++) {
        struct fixture  fixture = fixture_create();
        struct relation in = fixture_relation(&fixture, 0, rows[i].text);
        struct relation out = {0};
        struct fault    fault = {0};

        EXPECT(run(&fixture, &in, rows[i].keys, rows[i].terms, &out, &fault) == rows[i].want,
               rows[i].name);
        if (rows[i].want != ERR_OK) {
            EXPECT(strstr(fault.text, rows[i].result) != NULL, rows[i].name);
            EXPECT(out.vocabulary == NULL, rows[i].name);
        } else if (strcmp(fixture_text(&fixture, &out), rows[i].result) != 0) {
            fail_msg("%s: %s", rows[i].name, fixture_text(&fixture, &out));
        }
        arena_destroy(fixture.arena);
    }
}

static void
group_except_keeps_the_other_identifiers(void **state)
{
    struct fixture  fixture = fixture_create();
    struct relation in = fixture_relation(&fixture, 0, "A:is M:mz B:is C:is");
    size_t          keys[RELATION_COMPONENTS_MAX];
    const size_t    except[] = {2, 1};

    (void)state;
    assert_int_equal(aggregate_except(&in, except, 2, keys), 2);
    assert_int_equal(keys[0], 0);
    assert_int_equal(keys[1], 3);
    assert_int_equal(aggregate_except(&in, except, 0, keys), 3);
    arena_destroy(fixture.arena);
}

static void
members_of_a_group_are_found_again(void **state)
{
    struct fixture  fixture = fixture_create();
    struct relation in = fixture_relation(
        &fixture, 4, "J:is P:iz M:mz | b 1 1 | a 1 2 | c 1 9 | b 2 3 | a 2 4 | b 3 _");
    struct relation       sums = {0};
    struct relation       kept = {0};
    struct origin_members members = {0};
    const uint32_t        wanted[] = {2, 0}; /* c, b */
    const uint32_t        want[] = {2, 0, 3, 5};
    const uint8_t         mask[] = {0, 0, 1};

    (void)state;
    assert_int_equal(run(&fixture, &in, "J", "sum M M", &sums, NULL), ERR_OK);
    assert_string_equal(fixture_origins(&fixture, &sums), "g:0, g:1, g:2");
    assert_int_equal(selection_filter(fixture.arena, &sums, mask, 1, &kept, NULL), ERR_OK);
    struct origin origin = origin_at(&kept, 0, 0);
    assert_int_equal(origin.ordinal, 2);
    assert_int_equal(origin_members(fixture.arena, origin.source, wanted, 2, &members, NULL),
                     ERR_OK);
    assert_int_equal(members.ends[0], 1);
    assert_int_equal(members.ends[1], 4);
    assert_memory_equal(members.rows, want, sizeof want);
    /* What those rows were made of, their own lanes say. */
    assert_int_equal(origin_at(origin.source->members, 0, members.rows[3]).source->dataset, 4);
    arena_destroy(fixture.arena);
}

static void
a_group_without_identifiers_has_all_rows_or_none(void **state)
{
    struct fixture        fixture = fixture_create();
    struct relation       some = fixture_relation(&fixture, 0, "J:is M:mz | b 1 | a 1");
    struct relation       none = fixture_relation(&fixture, 0, "J:is M:mz");
    struct relation       out = {0};
    struct origin_members members = {0};
    const uint32_t        first = 0;

    (void)state;
    assert_int_equal(run(&fixture, &some, "", "sum M M", &out, NULL), ERR_OK);
    assert_int_equal(
        origin_members(fixture.arena, origin_at(&out, 0, 0).source, &first, 1, &members, NULL),
        ERR_OK);
    assert_int_equal(members.ends[0], 2);
    assert_int_equal(run(&fixture, &none, "", "sum M M", &out, NULL), ERR_OK);
    assert_int_equal(
        origin_members(fixture.arena, origin_at(&out, 0, 0).source, &first, 1, &members, NULL),
        ERR_OK);
    assert_int_equal(members.ends[0], 0);
    arena_destroy(fixture.arena);
}

static const struct {
    const char               *name;
    enum combination_operator operation;
    const char               *operands[4];
    enum err                  want;
    const char               *result;
    const char               *origins;
} sets[] = {
    {"a union takes the leftmost row",
     COMBINATION_UNION,                                            {"A:is M:mz | x 1 | y 2", "A:is M:mz | y 9 | z 8", "A:is M:mz | z 7 | w _"},
     ERR_OK,                                                                                                                                               "A:is M:mz | x 1 | y 2 | z 8 | w _",
     "0:0, 0:1, 1:1, 2:1"                                                                                                                                                                                   },
    {"components in another order",
     COMBINATION_UNION,                                            {"A:is M:mz N:as | x 1 p", "N:as M:mz A:is | q 2 y"},
     ERR_OK,                                                                                                                                               "A:is M:mz N:as | x 1 p | y 2 q",
     "0:0, 1:0"                                                                                                                                                                                             },
    {"a union of one",                      COMBINATION_UNION,     {"A:is | x"},                                                                ERR_OK,    "A:is | x",                                 "0:0"},
    {"of nothing",                          COMBINATION_UNION,     {"A:is", "A:is"},                                                            ERR_OK,    "A:is",                                     ""   },
    {"nothing and something",
     COMBINATION_UNION,                                            {"A:is M:mz", "A:is M:mz | x 1"},
     ERR_OK,                                                                                                                                               "A:is M:mz | x 1",
     "1:0"                                                                                                                                                                                                  },
    {"narrow and wide",
     COMBINATION_UNION,                                            {"A:iz M:mz | 1 5", "A:iz M:mz | 2 99999999999999999999"},
     ERR_OK,                                                                                                                                               "A:iz M:mz | 1 5 | 2 99999999999999999999",
     "0:0, 1:0"                                                                                                                                                                                             },
    {"states of all kinds",
     COMBINATION_UNION,                                            {"A:iz M:ms | 1 a", "A:iz M:ms | 2 ?", "A:iz M:ms | 3 _"},
     ERR_OK,                                                                                                                                               "A:iz M:ms | 1 a | 2 ? | 3 _",
     "0:0, 1:0, 2:0"                                                                                                                                                                                        },
    {"without identifiers one row is left",
     COMBINATION_UNION,                                            {"M:mz | 1", "M:mz | 2"},
     ERR_OK,                                                                                                                                               "M:mz | 1",
     "0:0"                                                                                                                                                                                                  },
    {"an intersection of two",
     COMBINATION_INTERSECT,                                        {"A:is M:mz | x 1 | y 2 | z 3", "A:is M:mz | z 9 | y 9"},
     ERR_OK,                                                                                                                                               "A:is M:mz | y 2 | z 3",
     "0:1, 0:2"                                                                                                                                                                                             },
    {"an intersection of three",
     COMBINATION_INTERSECT,                                        {"A:is | x | y | z", "A:is | z | y", "A:is | x | z"},
     ERR_OK,                                                                                                                                               "A:is | z",
     "0:2"                                                                                                                                                                                                  },
    {"an intersection with nothing",
     COMBINATION_INTERSECT,                                        {"A:is | x", "A:is", "A:is | x"},
     ERR_OK,                                                                                                                                               "A:is",
     ""                                                                                                                                                                                                     },
    {"an intersection of one",              COMBINATION_INTERSECT, {"A:is | x"},                                                                ERR_OK,    "A:is | x",                                 "0:0"},
    {"a difference",
     COMBINATION_SETDIFF,                                          {"A:is M:mz | x 1 | y 2", "A:is M:mz | y 9 | z 8"},
     ERR_OK,                                                                                                                                               "A:is M:mz | x 1",
     "0:0"                                                                                                                                                                                                  },
    {"a difference from nothing",           COMBINATION_SETDIFF,   {"A:is", "A:is | x"},                                                        ERR_OK,    "A:is",                                     ""   },
    {"a difference with nothing",
     COMBINATION_SETDIFF,                                          {"A:is | x", "A:is"},
     ERR_OK,                                                                                                                                               "A:is | x",
     "0:0"                                                                                                                                                                                                  },
    {"a symmetric difference",
     COMBINATION_SYMDIFF,                                          {"A:is M:mz | x 1 | y 2", "A:is M:mz | z 8 | y 9 | w 7"},
     ERR_OK,                                                                                                                                               "A:is M:mz | x 1 | z 8 | w 7",
     "0:0, 1:0, 1:2"                                                                                                                                                                                        },
    {"a symmetric difference of the same",
     COMBINATION_SYMDIFF,                                          {"A:is | x", "A:is | x"},
     ERR_OK,                                                                                                                                               "A:is",
     ""                                                                                                                                                                                                     },
    {"a component is missing",
     COMBINATION_UNION,                                            {"A:is M:mz", "A:is N:mz"},
     ERR_USAGE,                                                                                                                                            "'M' is missing",
     ""                                                                                                                                                                                                     },
    {"one component more",
     COMBINATION_UNION,                                            {"A:is M:mz", "A:is M:mz N:mz"},
     ERR_USAGE,                                                                                                                                            "3 components beside 2",
     ""                                                                                                                                                                                                     },
    {"another role",                        COMBINATION_INTERSECT, {"A:is M:mz", "A:is M:az"},                                                  ERR_USAGE, "'M'",                                      ""   },
    {"another type",                        COMBINATION_SETDIFF,   {"A:is M:mz", "A:is M:mn0"},                                                 ERR_USAGE, "'M'",                                      ""   },
    {"another scale",                       COMBINATION_SYMDIFF,   {"A:is M:mn1", "A:is M:mn2"},                                                ERR_USAGE, "'M'",                                      ""   },
    {"a difference of three",
     COMBINATION_SETDIFF,                                          {"A:is", "A:is", "A:is"},
     ERR_USAGE,                                                                                                                                            "3 operands",
     ""                                                                                                                                                                                                     },
    {"a symmetric difference of one",       COMBINATION_SYMDIFF,   {"A:is"},                                                                    ERR_USAGE, "1 operands",                               ""   },
    {"nothing at all",                      COMBINATION_UNION,     {0},                                                                         ERR_USAGE, "0 operands",                               ""   },
};

static void
set_operators_follow_the_table(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(sets); i++) {
        struct fixture         fixture = fixture_create();
        struct relation        relations[4];
        const struct relation *operands[4];
        struct combination     combination = {.operation = sets[i].operation, .operands = operands};
        struct relation        out = {0};
        struct fault           fault = {0};

        for (; combination.count < 4 && sets[i].operands[combination.count] != NULL;
             combination.count++) {
            uint32_t at = (uint32_t)combination.count;
            relations[at] = fixture_relation(&fixture, at, sets[i].operands[at]);
            operands[at] = &relations[at];
        }
        EXPECT(combination_run(fixture.arena, &combination, &out, &fault) == sets[i].want,
               sets[i].name);
        if (sets[i].want != ERR_OK) {
            EXPECT(strstr(fault.text, sets[i].result) != NULL, sets[i].name);
        } else if (strcmp(fixture_text(&fixture, &out), sets[i].result) != 0
                   || strcmp(fixture_origins(&fixture, &out), sets[i].origins) != 0) {
            fail_msg("%s: %s; %s", sets[i].name, fixture_text(&fixture, &out),
                     fixture_origins(&fixture, &out));
        }
        arena_destroy(fixture.arena);
    }
}

static void
set_operators_take_as_many_operands_as_is_said(void **state)
{
    struct fixture         fixture = fixture_create();
    struct relation        relation = fixture_relation(&fixture, 0, "A:is M:mz | x 1");
    const struct relation *operands[COMBINATION_OPERANDS_MAX + 1];
    struct relation        out = {0};

    (void)state;
    for (size_t i = 0; i <= COMBINATION_OPERANDS_MAX; i++) {
        operands[i] = &relation;
    }
    for (size_t count = COMBINATION_OPERANDS_MAX - 1; count <= COMBINATION_OPERANDS_MAX + 1;
         count++) {
        struct combination combination = {COMBINATION_INTERSECT, operands, count};
        assert_int_equal(combination_run(fixture.arena, &combination, &out, NULL),
                         count > COMBINATION_OPERANDS_MAX ? ERR_LIMIT : ERR_OK);
    }
    arena_destroy(fixture.arena);
}

/* Starved of memory step by step an operator succeeds or says so, and leaves *out alone. */
static void
operators_survive_every_memory_ceiling(void **state)
{
    bool starved = false;
    bool fed = false;

    (void)state;
    struct fixture  fixture = fixture_create();
    struct relation in =
        fixture_relation(&fixture, 0, "J:is P:iz M:mn2 | b 1 1.50 | a 1 2.00 | b 2 _");
    for (size_t size_max = 0; size_max <= 80000; size_max += 200) {
        struct fixture  tight = {arena_create(size_max), fixture.vocabulary};
        struct relation out = {0};
        struct fault    fault = {0};
        enum err        got = run(&tight, &in, "J", "sum M M, max M X, avg M A 2", &out, &fault);
        assert_true(got == ERR_OK || got == ERR_MEMORY);
        assert_true((out.vocabulary != NULL) == (got == ERR_OK));
        starved = starved || got == ERR_MEMORY;
        fed = fed || got == ERR_OK;
        arena_destroy(tight.arena);
    }
    assert_true(starved && fed);
    arena_destroy(fixture.arena);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(aggregate_follows_the_table),
        cmocka_unit_test(group_except_keeps_the_other_identifiers),
        cmocka_unit_test(members_of_a_group_are_found_again),
        cmocka_unit_test(a_group_without_identifiers_has_all_rows_or_none),
        cmocka_unit_test(set_operators_follow_the_table),
        cmocka_unit_test(set_operators_take_as_many_operands_as_is_said),
        cmocka_unit_test(operators_survive_every_memory_ceiling),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

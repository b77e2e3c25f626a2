#include "tests/support/expect.h"
#include "tests/unit/validators/relation/relation_fixture.h"
#include "validators/relation/existence.h"
#include "validators/relation/projection.h"
#include "validators/relation/selection.h"

#include <string.h>

static const struct {
    const char *name;
    const char *text;
    const char *mask; /* a digit per row; 2 is kept */
    const char *want;
    const char *origins;
} filters[] = {
    {"truth, not null or false",     "A:is M:mz | x 1 | y _ | z ?",              "210", "A:is M:mz | x 1",             "0:0"          },
    {"all",                          "A:is M:mz | x 1 | y _ | z ?",              "222", "A:is M:mz | x 1 | y _ | z ?", "0:0, 0:1, 0:2"},
    {"none",                         "A:is M:mz | x 1 | y 2",                    "01",  "A:is M:mz",                   ""             },
    {"of nothing",                   "A:is M:mz",                                "",    "A:is M:mz",                   ""             },
    {"the last",                     "A:is M:mn1 S:as | x 1.5 a | y 2.5 _",      "02",  "A:is M:mn1 S:as | y 2.5 _",   "0:1"          },
    {"what was wide becomes narrow", "A:iz M:mz | 1 99999999999999999999 | 2 5", "12",
     "A:iz M:mz | 2 5",                                                                                                "0:1"          },
    {"what is wide stays so",        "A:iz M:mz | 1 99999999999999999999 | 2 5", "22",
     "A:iz M:mz | 1 99999999999999999999 | 2 5",                                                                       "0:0, 0:1"     },
};

static void
filter_follows_the_table(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(filters); i++) {
        struct fixture  fixture = fixture_create();
        struct relation in = fixture_relation(&fixture, 0, filters[i].text);
        struct relation out = {0};
        uint8_t         mask[16] = {0};
        for (size_t row = 0; row < in.row_count; row++) {
            mask[row] = (uint8_t)(filters[i].mask[row] - '0');
        }
        EXPECT(selection_filter(fixture.arena, &in, mask, 2, &out, NULL) == ERR_OK,
               filters[i].name);
        assert_string_equal(fixture_text(&fixture, &out), filters[i].want);
        assert_string_equal(fixture_origins(&fixture, &out), filters[i].origins);
        /* A column is wide only if it must be. */
        for (size_t at = 0; at < out.component_count; at++) {
            EXPECT((out.columns[at].wide == NULL)
                       == (strstr(filters[i].want, "99999999999999999999") == NULL || at == 0),
                   filters[i].name);
        }
        arena_destroy(fixture.arena);
    }
}

/* sub: values of identifiers, as cells of a relation of one row. */
static const struct {
    const char *name;
    const char *text;
    const char *points;
    enum err    want;
    const char *result; /* or part of the complaint */
} subs[] = {
    {"one string",                   "W:is P:it M:mz | A 2026Q1 1 | B 2026Q1 2 | A 2026Q2 3", "W:is | A",             ERR_OK,
     "P:it M:mz | 2026Q1 1 | 2026Q2 3"                                                                                                                             },
    {"all identifiers",              "W:is P:it M:mz | A 2026Q1 1 | B 2026Q1 2",              "W:is P:it | B 2026Q1", ERR_OK,
     "M:mz | 2"                                                                                                                                                    },
    {"a number and a boolean",       "N:in1 B:ib M:mz | 1.5 true 1 | 1.5 false 2",
     "N:in1 B:ib | 1.5 true",                                                                                         ERR_OK,    "M:mz | 1"                        },
    {"a string that nobody has had", "W:is M:mz | A 1",                                       "W:is | _",             ERR_OK,    "M:mz"                            },
    {"a value that is not there",    "W:iz M:mz | 5 1",                                       "W:iz | 6",             ERR_OK,    "M:mz"                            },
    {"of nothing",                   "W:is M:mz",                                             "W:is | A",             ERR_OK,    "M:mz"                            },
    {"a measure",                    "W:is M:mz | A 1",                                       "M:mz | 1",             ERR_USAGE, "component 1 is not an identifier"},
};

static void
sub_follows_the_table(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(subs); i++) {
        struct fixture         fixture = fixture_create();
        struct relation        in = fixture_relation(&fixture, 0, subs[i].text);
        struct relation        out = {0};
        struct fault           fault = {0};
        struct relation        values = {0};
        struct selection_point points[4];
        char                   text[64];

        /* A null identifier is refused; here it stands for a string without an id. */
        (void)snprintf(text, sizeof text, "%s", subs[i].points);
        char *hole = strstr(text, "| _");
        if (hole != NULL) {
            memcpy(hole, "| ~", 3);
        }
        values = fixture_relation(&fixture, 1, text);
        for (size_t at = 0; at < values.component_count; at++) {
            points[at] =
                (struct selection_point){relation_find(&in, values.components[at].name),
                                         hole != NULL ? 0 : relation_value(&values, at, 0).number};
        }
        EXPECT(selection_sub(fixture.arena, &in, points, values.component_count, &out, &fault)
                   == subs[i].want,
               subs[i].name);
        if (subs[i].want == ERR_OK) {
            assert_string_equal(fixture_text(&fixture, &out), subs[i].result);
        } else {
            EXPECT(strstr(fault.text, subs[i].result) != NULL, subs[i].name);
            EXPECT(out.vocabulary == NULL, subs[i].name);
        }
        arena_destroy(fixture.arena);
    }
}

static void
sub_refuses_an_identifier_named_twice(void **state)
{
    struct fixture               fixture = fixture_create();
    struct relation              in = fixture_relation(&fixture, 0, "W:iz M:mz | 5 1");
    struct relation              out = {0};
    const struct selection_point points[] = {
        {0, 5},
        {0, 5}
    };
    const struct selection_point beyond = {2, 5};

    (void)state;
    assert_int_equal(selection_sub(fixture.arena, &in, points, 2, &out, NULL), ERR_USAGE);
    assert_int_equal(selection_sub(fixture.arena, &in, &beyond, 1, &out, NULL), ERR_USAGE);
    assert_int_equal(selection_sub(fixture.arena, &in, points, 0, &out, NULL), ERR_OK);
    assert_string_equal(fixture_text(&fixture, &out), "W:iz M:mz | 5 1");
    arena_destroy(fixture.arena);
}

typedef enum err projection(struct arena *arena, const struct relation *in, const size_t *numbers,
                            size_t count, struct relation *out, struct fault *fault);

static const struct {
    const char *name;
    projection *run;
    const char *components; /* "#" is one that does not exist */
    enum err    want;
    const char *result;
} projections[] = {
    {"keep one",              projection_keep,   "N",     ERR_OK,    "A:is N:mz | x 2"                 },
    {"keep two, in order",    projection_keep,   "C M",   ERR_OK,    "A:is M:mn1 C:as | x 1.5 c"       },
    {"keep nothing",          projection_keep,   "",      ERR_OK,    "A:is | x"                        },
    {"keep one twice",        projection_keep,   "N N",   ERR_OK,    "A:is N:mz | x 2"                 },
    {"keep an identifier",    projection_keep,   "A",     ERR_USAGE, "'A' is an identifier"            },
    {"keep what is not",      projection_keep,   "#",     ERR_USAGE, "there is no component 9"         },
    {"drop one",              projection_drop,   "N",     ERR_OK,    "A:is M:mn1 C:as | x 1.5 c"       },
    {"drop all",              projection_drop,   "M N C", ERR_OK,    "A:is | x"                        },
    {"drop nothing",          projection_drop,   "",      ERR_OK,    "A:is M:mn1 N:mz C:as | x 1.5 2 c"},
    {"drop an identifier",    projection_drop,   "A",     ERR_USAGE, "'A' is an identifier"            },
    {"drop what is not",      projection_drop,   "#",     ERR_USAGE, "there is no component 9"         },
    {"select, as they stand", projection_select, "C A",   ERR_OK,    "C:as A:is | c x"                 },
    {"select what is not",    projection_select, "#",     ERR_USAGE, "there is no component 9"         },
};

static void
projections_follow_the_table(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(projections); i++) {
        struct fixture  fixture = fixture_create();
        struct relation in = fixture_relation(&fixture, 3, "A:is M:mn1 N:mz C:as | x 1.5 2 c");
        struct relation out = {0};
        struct fault    fault = {0};
        size_t          numbers[8] = {9};
        size_t          count = 1;
        if (strcmp(projections[i].components, "#") != 0) {
            count = fixture_numbers(&in, projections[i].components, numbers);
        }
        EXPECT(projections[i].run(fixture.arena, &in, numbers, count, &out, &fault)
                   == projections[i].want,
               projections[i].name);
        if (projections[i].want == ERR_OK) {
            assert_string_equal(fixture_text(&fixture, &out), projections[i].result);
            assert_string_equal(fixture_origins(&fixture, &out), "3:0");
        } else {
            EXPECT(strstr(fault.text, projections[i].result) != NULL, projections[i].name);
        }
        arena_destroy(fixture.arena);
    }
}

static const struct {
    const char *name;
    const char *from; /* components and their new names, by position */
    const char *to;
    enum err    want;
    const char *result;
} renames[] = {
    {"a measure",        "M",   "PLAN", ERR_OK,    "A:is PLAN:mz N:mz | x 1 2"},
    {"an identifier",    "A",   "JST",  ERR_OK,    "JST:is M:mz N:mz | x 1 2" },
    {"a swap",           "M N", "N M",  ERR_OK,    "A:is N:mz M:mz | x 1 2"   },
    {"to its own name",  "M",   "M",    ERR_OK,    "A:is M:mz N:mz | x 1 2"   },
    {"to one there is",  "M",   "N",    ERR_USAGE, "'N'"                      },
    {"two to one",       "M N", "X X",  ERR_USAGE, "'X'"                      },
    {"to that of an id", "M",   "A",    ERR_USAGE, "'A'"                      },
};

static void
renames_follow_the_table(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(renames); i++) {
        struct fixture         fixture = fixture_create();
        struct relation        in = fixture_relation(&fixture, 0, "A:is M:mz N:mz | x 1 2");
        struct relation        out = {0};
        struct fault           fault = {0};
        size_t                 numbers[4];
        size_t                 count = fixture_numbers(&in, renames[i].from, numbers);
        struct projection_name names[4];
        struct str             rest = str_of(renames[i].to);
        for (size_t at = 0; at < count; at++) {
            names[at].component = numbers[at];
            assert_true(str_cut(&rest, ' ', &names[at].name));
        }
        EXPECT(projection_rename(fixture.arena, &in, names, count, &out, &fault) == renames[i].want,
               renames[i].name);
        if (renames[i].want == ERR_OK) {
            assert_string_equal(fixture_text(&fixture, &out), renames[i].result);
        } else {
            EXPECT(strstr(fault.text, renames[i].result) != NULL, renames[i].name);
        }
        arena_destroy(fixture.arena);
    }
}

/* calc: the components of another relation with as many rows are added. */
static const struct {
    const char *name;
    const char *added;
    enum err    want;
    const char *result;
} calcs[] = {
    {"a new measure",      "X:mz | 5 | _",             ERR_OK,    "A:is M:mz X:mz | x 1 5 | y 2 _"         },
    {"over another",       "M:mn1 | 0.5 | ?",          ERR_OK,    "A:is M:mn1 | x 0.5 | y ?"               },
    {"with another role",  "M:az | 7 | 8",             ERR_OK,    "A:is M:az | x 7 | y 8"                  },
    {"an identifier",      "P:it | 2026A | 2026Q1",    ERR_OK,    "A:is M:mz P:it | x 1 2026A | y 2 2026Q1"},
    {"two at once",        "X:mz M:mb | 5 true | 6 _", ERR_OK,    "A:is M:mb X:mz | x true 5 | y _ 6"      },
    {"over an identifier", "A:ms | p | q",             ERR_USAGE, "'A' is an identifier"                   },
};

static void
calc_follows_the_table(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(calcs); i++) {
        struct fixture             fixture = fixture_create();
        struct relation            in = fixture_relation(&fixture, 0, "A:is M:mz | x 1 | y 2");
        struct relation            added = fixture_relation(&fixture, 1, calcs[i].added);
        struct relation            out = {0};
        struct fault               fault = {0};
        struct projection_addition additions[4];
        for (size_t at = 0; at < added.component_count; at++) {
            additions[at] = (struct projection_addition){added.components[at], added.columns[at]};
        }
        EXPECT(projection_calc(fixture.arena, &in, additions, added.component_count, &out, &fault)
                   == calcs[i].want,
               calcs[i].name);
        if (calcs[i].want == ERR_OK) {
            assert_string_equal(fixture_text(&fixture, &out), calcs[i].result);
            assert_string_equal(fixture_origins(&fixture, &out), "0:0, 0:1");
        } else {
            EXPECT(strstr(fault.text, calcs[i].result) != NULL, calcs[i].name);
        }
        arena_destroy(fixture.arena);
    }
}

static void
calc_refuses_what_would_not_identify(void **state)
{
    struct fixture             fixture = fixture_create();
    struct relation            in = fixture_relation(&fixture, 0, "A:is M:mz | x 1 | y _");
    struct relation            out = {0};
    struct fault               fault = {0};
    struct projection_addition twice[] = {
        {in.components[1], in.columns[1]},
        {in.components[1], in.columns[1]}
    };
    struct projection_addition null_id = {in.components[1], in.columns[1]};

    (void)state;
    assert_int_equal(projection_calc(fixture.arena, &in, twice, 2, &out, &fault), ERR_USAGE);
    assert_non_null(strstr(fault.text, "'M' is calculated twice"));
    null_id.component.name = STR("K");
    null_id.component.role = RELATION_IDENTIFIER;
    assert_int_equal(projection_calc(fixture.arena, &in, &null_id, 1, &out, &fault), ERR_USAGE);
    assert_non_null(strstr(fault.text, "identifier 'K', row 1: no value"));
    assert_int_equal(projection_role(fixture.arena, &in, 1, RELATION_IDENTIFIER, &out, &fault),
                     ERR_USAGE);
    assert_int_equal(projection_role(fixture.arena, &in, 2, RELATION_MEASURE, &out, &fault),
                     ERR_USAGE);
    assert_null(out.vocabulary);
    assert_int_equal(projection_role(fixture.arena, &in, 0, RELATION_ATTRIBUTE, &out, &fault),
                     ERR_OK);
    assert_string_equal(fixture_text(&fixture, &out), "A:as M:mz | x 1 | y _");
    arena_destroy(fixture.arena);
}

static void
calc_stops_at_the_most_components(void **state)
{
    (void)state;
    for (size_t more = 0; more <= 2; more++) {
        struct fixture              fixture = fixture_create();
        struct relation             in = fixture_relation(&fixture, 0, "A:iz | 1");
        struct relation             out = {0};
        size_t                      count = RELATION_COMPONENTS_MAX - 2 + more;
        struct projection_addition *additions =
            ARENA_NEW(fixture.arena, struct projection_addition, count);
        for (size_t i = 0; i < count; i++) {
            additions[i] = (struct projection_addition){in.components[0], in.columns[0]};
            additions[i].component.name = str_format(fixture.arena, "C%zu", i);
        }
        assert_int_equal(projection_calc(fixture.arena, &in, additions, count, &out, NULL),
                         more == 2 ? ERR_LIMIT : ERR_OK);
        arena_destroy(fixture.arena);
    }
}

static const struct {
    const char *name;
    const char *text;
    size_t      component;
    int         scale;
    enum err    want;
    const char *result;
} rescales[] = {
    {"more digits",            "A:is M:mn1 | x 1.5 | y _ | z ?",                              1, 3,  ERR_OK,
     "A:is M:mn3 | x 1.500 | y _ | z ?"                                                                                                                                  },
    {"an integer",             "A:is M:mz | x -7",                                            1, 0,  ERR_OK,    "A:is M:mn0 | x -7"                                      },
    {"an identifier",          "A:in0 | 5",                                                   0, 2,  ERR_OK,    "A:in2 | 5.00"                                           },
    {"out of 64 bits",         "A:is M:mz | x 9223372036854775807 | y 1",                     1, 18, ERR_OK,
     "A:is M:mn18 | x 9223372036854775807.000000000000000000 | y 1.000000000000000000"                                                                                   },
    {"at the end of 128 bits", "A:is M:mn0 | x 17014118346046923173168730371588410572",       1, 1,
     ERR_OK,                                                                                                    "A:is M:mn1 | x 17014118346046923173168730371588410572.0"},
    {"beyond it",              "A:is M:mn0 | w 1 | x 17014118346046923173168730371588410573", 1, 1,  ERR_LIMIT,
     "row 1: with 1 more digits"                                                                                                                                         },
    {"fewer digits",           "A:is M:mn2 | x 1.50",                                         1, 1,  ERR_USAGE, "cannot have the scale 1"                                },
    {"too many",               "A:is M:mn2 | x 1.50",                                         1, 19, ERR_USAGE, "cannot have the scale 19"                               },
    {"a string",               "A:is M:mn2 | x 1.50",                                         0, 2,  ERR_USAGE, "component 0"                                            },
    {"nothing there",          "A:is M:mn2 | x 1.50",                                         2, 2,  ERR_USAGE, "component 2"                                            },
};

static void
rescale_follows_the_table(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(rescales); i++) {
        struct fixture  fixture = fixture_create();
        struct relation in = fixture_relation(&fixture, 0, rescales[i].text);
        struct relation out = {0};
        struct fault    fault = {0};
        EXPECT(projection_rescale(fixture.arena, &in, rescales[i].component, rescales[i].scale,
                                  &out, &fault)
                   == rescales[i].want,
               rescales[i].name);
        if (rescales[i].want == ERR_OK) {
            assert_string_equal(fixture_text(&fixture, &out), rescales[i].result);
        } else {
            EXPECT(strstr(fault.text, rescales[i].result) != NULL, rescales[i].name);
            EXPECT(out.vocabulary == NULL, rescales[i].name);
        }
        arena_destroy(fixture.arena);
    }
}

static const struct {
    const char           *name;
    enum existence_retain retain;
    const char           *left;
    const char           *right;
    enum err              want;
    const char           *result;
    const char           *origins;
} existences[] = {
    {"all",                               EXISTENCE_ALL,   "A:is M:mz | x 1 | y 2",                   "A:is N:mz | y 9 | z 8",         ERR_OK,
     "A:is bool_var:mb | x false | y true",                                                                                                                                                                              "0:0, 0:1"},
    {"true",                              EXISTENCE_TRUE,  "A:is M:mz | x 1 | y 2",                   "A:is N:mz | y 9 | z 8",         ERR_OK,
     "A:is bool_var:mb | y true",                                                                                                                                                                                        "0:1"     },
    {"false",                             EXISTENCE_FALSE, "A:is M:mz | x 1 | y 2",                   "A:is N:mz | y 9 | z 8",         ERR_OK,
     "A:is bool_var:mb | x false",                                                                                                                                                                                       "0:0"     },
    {"right has fewer identifiers",       EXISTENCE_ALL,   "A:is B:it | x 2026A | z 2026A | x 2025A",
     "A:is | x",                                                                                                                       ERR_OK,    "A:is B:it bool_var:mb | x 2026A true | z 2026A false | x 2025A true",
     "0:0, 0:1, 0:2"                                                                                                                                                                                                               },
    {"right has more identifiers",        EXISTENCE_ALL,   "A:is | x | y",                            "A:is B:it | x 2026A | x 2025A",
     ERR_OK,                                                                                                                                      "A:is bool_var:mb | x true | y false",                                 "0:0, 0:1"},
    {"nothing on the left",               EXISTENCE_ALL,   "A:is",                                    "A:is | x",                      ERR_OK,    "A:is bool_var:mb",                                                    ""        },
    {"nothing on the right",              EXISTENCE_ALL,   "A:is | x",                                "A:is",                          ERR_OK,
     "A:is bool_var:mb | x false",                                                                                                                                                                                       "0:0"     },
    {"no common identifier, but rows",    EXISTENCE_ALL,   "A:is | x",                                "M:mz | 1",                      ERR_OK,
     "A:is bool_var:mb | x true",                                                                                                                                                                                        "0:0"     },
    {"no common identifier, and no rows", EXISTENCE_ALL,   "A:is | x",                                "M:mz",                          ERR_OK,
     "A:is bool_var:mb | x false",                                                                                                                                                                                       "0:0"     },
    {"identifiers that only overlap",     EXISTENCE_ALL,   "A:is B:is | x y",                         "A:is C:is | x z",
     ERR_USAGE,                                                                                                                                   "neither side",                                                        ""        },
    {"an identifier of another type",     EXISTENCE_ALL,   "A:is | x",                                "A:iz | 1",                      ERR_USAGE,
     "'A' differs",                                                                                                                                                                                                      ""        },
    {"an identifier of another scale",    EXISTENCE_ALL,   "A:in1 | 1.5",                             "A:in2 | 1.50",                  ERR_USAGE,
     "'A' differs",                                                                                                                                                                                                      ""        },
};

static void
exists_in_follows_the_table(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(existences); i++) {
        struct fixture   fixture = fixture_create();
        struct relation  left = fixture_relation(&fixture, 0, existences[i].left);
        struct relation  right = fixture_relation(&fixture, 1, existences[i].right);
        struct relation  out = {0};
        struct fault     fault = {0};
        struct existence existence = {&left, &right, existences[i].retain, STR("bool_var")};
        EXPECT(existence_run(fixture.arena, &existence, &out, &fault) == existences[i].want,
               existences[i].name);
        if (existences[i].want == ERR_OK) {
            assert_string_equal(fixture_text(&fixture, &out), existences[i].result);
            assert_string_equal(fixture_origins(&fixture, &out), existences[i].origins);
        } else {
            EXPECT(strstr(fault.text, existences[i].result) != NULL, existences[i].name);
        }
        arena_destroy(fixture.arena);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(filter_follows_the_table),
        cmocka_unit_test(sub_follows_the_table),
        cmocka_unit_test(sub_refuses_an_identifier_named_twice),
        cmocka_unit_test(projections_follow_the_table),
        cmocka_unit_test(renames_follow_the_table),
        cmocka_unit_test(calc_follows_the_table),
        cmocka_unit_test(calc_refuses_what_would_not_identify),
        cmocka_unit_test(calc_stops_at_the_most_components),
        cmocka_unit_test(rescale_follows_the_table),
        cmocka_unit_test(exists_in_follows_the_table),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

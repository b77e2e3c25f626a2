#include "tests/support/expect.h"
#include "tests/unit/validators/relation/relation_fixture.h"
#include "validators/relation/hierarchy.h"

#include <string.h>
#include <time.h>

enum { RULES_MAX = 8, ITEMS_MAX = 8 };

static const struct {
    const char             *sign;
    enum hierarchy_relation relation;
} relations[] = {
    {"=",  HIERARCHY_EQUAL           },
    {"<",  HIERARCHY_LESS            },
    {"<=", HIERARCHY_LESS_OR_EQUAL   },
    {">",  HIERARCHY_GREATER         },
    {">=", HIERARCHY_GREATER_OR_EQUAL},
};

struct ruleset {
    struct hierarchy_rule rules[RULES_MAX];
    struct hierarchy_item items[RULES_MAX][ITEMS_MAX];
    size_t                count;
};

static uint32_t
id_of(const struct fixture *fixture, struct str text)
{
    uint32_t id = 0;

    assert_int_equal(vocabulary_add(fixture->vocabulary, text, &id, NULL), ERR_OK);
    return id;
}

/* "R1 A = B + C - D; R2 B >= E": names, codes, signs, all with spaces between. */
static void
read_rules(const struct fixture *fixture, const char *text, struct ruleset *out)
{
    struct str rest = str_of(text);
    struct str line;
    struct str word;

    *out = (struct ruleset){0};
    while (rest.size > 0 && str_cut(&rest, ';', &line)) {
        struct hierarchy_rule *rule = &out->rules[out->count];
        bool                   negative = false;
        line = str_trim(line);
        assert_true(str_cut(&line, ' ', &word));
        rule->name = id_of(fixture, word);
        assert_true(str_cut(&line, ' ', &word));
        rule->left = id_of(fixture, word);
        assert_true(str_cut(&line, ' ', &word));
        for (size_t i = 0; i < ARRAY_COUNT(relations); i++) {
            rule->relation =
                str_equal(word, str_of(relations[i].sign)) ? relations[i].relation : rule->relation;
        }
        while (str_cut(&line, ' ', &word)) {
            if (str_equal(word, STR("+")) || str_equal(word, STR("-"))) {
                negative = str_equal(word, STR("-"));
                continue;
            }
            out->items[out->count][rule->item_count++] =
                (struct hierarchy_item){.code = id_of(fixture, word), .negative = negative};
        }
        rule->items = out->items[out->count++];
    }
}

static struct hierarchy
make_hierarchy(const struct relation *operand, const struct ruleset *ruleset)
{
    return (struct hierarchy){.operand = operand,
                              .code = relation_find(operand, STR("K")),
                              .measure = relation_find(operand, STR("M")),
                              .rules = ruleset->rules,
                              .rule_count = ruleset->count,
                              .ruleid = STR("ruleid"),
                              .bool_var = STR("bool_var"),
                              .imbalance = STR("imbalance")};
}

/* Of the result only K, ruleid, bool_var, M and imbalance; one place unless P is there too. */
static const struct {
    const char          *name;
    enum hierarchy_mode  mode;
    enum hierarchy_input input;
    const char          *operand;
    const char          *rules;
    const char          *want; /* rows alone */
    const char          *origins;
} rows[] = {
    {"a sum that holds, one that does not",                        HIERARCHY_NON_NULL,     HIERARCHY_DATASET,
     "K:is M:mz | A 5 | B 2 | C 3 | D 1",                                                                                                                    "R1 A = B + C; R2 A = B + C - D",
     " | A R1 true 5 0 | A R2 false 5 1",                                                                                                                                                                                                                                                         "0:0, 0:0"                              },
    {"all comparisons",                                            HIERARCHY_NON_NULL,     HIERARCHY_DATASET,          "K:is M:mn1 | A 1.5 | B 1.5 | C 2.0",
     "R1 A < B; R2 A <= B; R3 A > B; R4 A >= B; R5 A < C; R6 C > A; R7 C <= A; R8 A >= C",                                                                                                                               " | A R1 false 1.5 0.0 | A R2 true 1.5 0.0 | A R3 false 1.5 0.0 | A R4 true 1.5 0.0 "
     "| A R5 true 1.5 -0.5 | C R6 true 2.0 0.5 | C R7 false 2.0 0.5 | A R8 false 1.5 -0.5",                                                                                                             "0:0, 0:0, 0:0, 0:0, 0:0, 0:2, 0:2, 0:0"},
    {"non_null: nothing where one is missing or null",             HIERARCHY_NON_NULL,     HIERARCHY_DATASET,
     "K:is M:mz | A 5 | B 5 | C _",                                                                                                                          "R1 A = B; R2 A = B + C; R3 A = B + D; R4 C = A; R5 D = A",
     " | A R1 true 5 0",                                                                                                                                                                                                                                                                          "0:0"                                   },
    {"non_zero: missing is 0, null is null",                       HIERARCHY_NON_ZERO,     HIERARCHY_DATASET,
     "K:is M:mz | A 5 | B 5 | C _ | Z 0",                                                                                                                    "R1 A = B + D; R2 A = B + C; R3 Z = D; R4 D = E; R5 C = D",
     " | A R1 true 5 0 | A R2 _ 5 _ | C R5 _ _ _",                                                                                                                                                                                                                                                "0:0, 0:0, 0:2"                         },
    {"partial_null: one row is enough, missing is null",           HIERARCHY_PARTIAL_NULL, HIERARCHY_DATASET,
     "K:is M:mz | A 5 | B 5 | C _ | Z 0",                                                                                                                    "R1 A = B + D; R2 D = B; R3 C = D; R4 D = E; R5 Z = D",
     " | A R1 _ 5 _ | D R2 _ _ _ | C R3 _ _ _ | Z R5 _ 0 _",                                                                                                                                                                                                                                      "0:0, -, 0:2, 0:3"                      },
    {"partial_zero: one row is enough, missing is 0",              HIERARCHY_PARTIAL_ZERO, HIERARCHY_DATASET,
     "K:is M:mz | A 5 | B 5 | C _ | Z 0",                                                                                                                    "R1 A = B + D; R2 D = B; R3 C = D; R4 D = E; R5 Z = D",
     " | A R1 true 5 0 | D R2 false 0 -5 | C R3 _ _ _ | Z R5 true 0 0",                                                                                                                                                                                                                           "0:0, -, 0:2, 0:3"                      },
    {"always_null",                                                HIERARCHY_ALWAYS_NULL,  HIERARCHY_DATASET,          "K:is M:mz | A 5",
     "R1 A = B; R2 D = E",                                                                                                                                                                                               " | A R1 _ 5 _ | D R2 _ _ _",                                            "0:0, -"                                },
    {"always_zero",                                                HIERARCHY_ALWAYS_ZERO,  HIERARCHY_DATASET,          "K:is M:mz | A 5",
     "R1 A = B; R2 D = E",                                                                                                                                                                                               " | A R1 false 5 5 | D R2 true 0 0",                                     "0:0, -"                                },
    {"of nothing there is no place",                               HIERARCHY_ALWAYS_ZERO,  HIERARCHY_DATASET,          "K:is M:mz",
     "R1 A = B",                                                                                                                                                                                                         "",                                                                      ""                                      },
    {"without rules nothing is said",                              HIERARCHY_ALWAYS_ZERO,  HIERARCHY_DATASET,          "K:is M:mz | A 5",
     "",                                                                                                                                                                                                                 "",                                                                      ""                                      },
    {"a rule without items compares with 0",                       HIERARCHY_NON_NULL,     HIERARCHY_DATASET,
     "K:is M:mz | A 5",                                                                                                                                      "R1 A >=",                                                  " | A R1 true 5 5",                                                      "0:0"                                   },
    {"unknown and failed cells make the result so",                HIERARCHY_PARTIAL_ZERO, HIERARCHY_DATASET,
     "K:is M:mz | A 5 | B ? | C ! | D _",                                                                                                                    "R1 A = B + D; R2 B = C; R3 A = D + C; R4 B = A",
     " | A R1 ? 5 ? | B R2 ! ? ! | A R3 ! 5 ! | B R4 ? ? ?",                                                                                                                                                                                                                                      "0:0, 0:1, 0:0, 0:1"                    },
    {"of the data set only: no sum is taken for a missing item",   HIERARCHY_NON_NULL,
     HIERARCHY_DATASET,                                                                                                "K:is M:mz | A 6 | C 3 | D 3",        "R1 A = B; R2 B = C + D",                                   "",                                                                      ""                                      },
    {"dataset_priority: another rule's sum for a missing item",    HIERARCHY_NON_NULL,
     HIERARCHY_DATASET_PRIORITY,                                                                                       "K:is M:mz | A 6 | C 3 | D 3",        "R1 A = B; R2 B = C + D",
     " | A R1 true 6 0",                                                                                                                                                                                                                                                                          "0:0"                                   },
    {"for a null one",                                             HIERARCHY_NON_NULL,     HIERARCHY_DATASET_PRIORITY,
     "K:is M:mz | A 6 | B _ | C 3 | D 4",                                                                                                                    "R1 A = B; R2 B = C + D",                                   " | A R1 false 6 -1",                                                    "0:0"                                   },
    {"not for one that is there",                                  HIERARCHY_NON_NULL,     HIERARCHY_DATASET_PRIORITY,
     "K:is M:mz | A 6 | B 6 | C 3 | D 4",                                                                                                                    "R1 A = B; R2 B = C + D",
     " | A R1 true 6 0 | B R2 false 6 -1",                                                                                                                                                                                                                                                        "0:0, 0:1"                              },
    {"through two rules, in any order",                            HIERARCHY_NON_NULL,     HIERARCHY_DATASET_PRIORITY,
     "K:is M:mz | A 6 | D 6",                                                                                                                                "R1 A = B; R2 B = C; R3 C = D",                             " | A R1 true 6 0",                                                      "0:0"                                   },
    {"not from a rule that only compares",                         HIERARCHY_PARTIAL_NULL, HIERARCHY_DATASET_PRIORITY,
     "K:is M:mz | A 6 | C 6",                                                                                                                                "R1 A = B; R2 B >= C",                                      " | A R1 _ 6 _ | B R2 _ _ _",                                            "0:0, -"                                },
    {"the left item is taken from another rule, not from its own", HIERARCHY_NON_NULL,
     HIERARCHY_DATASET_PRIORITY,                                                                                       "K:is M:mz | C 6 | D 7",              "R1 B = C; R2 B = D",
     " | B R1 false 7 1 | B R2 false 6 -1",                                                                                                                                                                                                                                                       "-, -"                                  },
    {"a rule of its own alone has no left item",                   HIERARCHY_NON_NULL,     HIERARCHY_DATASET_PRIORITY,
     "K:is M:mz | C 6",                                                                                                                                      "R1 B = C",                                                 "",                                                                      ""                                      },
    {"the first rule that gives a value",                          HIERARCHY_NON_NULL,     HIERARCHY_DATASET_PRIORITY,
     "K:is M:mz | A 7 | D 7",                                                                                                                                "R1 A = B; R2 B = C; R3 B = D",                             " | A R1 true 7 0",                                                      "0:0"                                   },
    {"the first rule, though another was computed before it",      HIERARCHY_NON_NULL,
     HIERARCHY_DATASET_PRIORITY,                                                                                       "K:is M:mz | A 7 | D 8 | F 7",
     "R1 A = B; R2 B = E; R3 B = D; R4 B = D; R5 E = F",                                                                                                                                                                 " | A R1 true 7 0 | B R2 false 8 1 | B R3 false 7 -1 | B R4 false 7 -1", "0:0, -, -, -"                          },
    {"two places",                                                 HIERARCHY_NON_NULL,     HIERARCHY_DATASET,
     "P:it K:is M:mz | 2026Q1 A 5 | 2026Q2 B 4 | 2026Q1 B 5 | 2026Q2 A 5",                                                                                   "R1 A = B",
     " | 2026Q1 A R1 true 5 0 | 2026Q2 A R1 false 5 1",                                                                                                                                                                                                                                           "0:0, 0:3"                              },
    {"what one place has does not help another",                   HIERARCHY_PARTIAL_ZERO, HIERARCHY_DATASET,
     "P:iz K:is M:mz | 1 A 5 | 2 B 5 | 3 X 1",                                                                                                               "R1 A = B",
     " | 1 A R1 false 5 5 | 2 A R1 false 0 -5",                                                                                                                                                                                                                                                   "0:0, -"                                },
    {"beyond 64 bits",                                             HIERARCHY_NON_NULL,     HIERARCHY_DATASET,
     "K:is M:mz | A 9223372036854775808 | B 9223372036854775807 | C 1",                                                                                      "R1 A = B + C; R2 A = B",
     " | A R1 true 9223372036854775808 0 | A R2 false 9223372036854775808 1",                                                                                                                                                                                                                     "0:0, 0:0"                              },
};

static const char *
rows_of(const char *text)
{
    const char *found = strstr(text, " |");

    return found == NULL ? "" : found;
}

static void
check_hierarchy_follows_the_table(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(rows); i++) {
        struct fixture          fixture = fixture_create();
        struct relation         operand = fixture_relation(&fixture, 0, rows[i].operand);
        struct ruleset          ruleset;
        struct hierarchy_result out = {0};
        struct fault            fault = {0};

        read_rules(&fixture, rows[i].rules, &ruleset);
        struct hierarchy hierarchy = make_hierarchy(&operand, &ruleset);
        hierarchy.mode = rows[i].mode;
        hierarchy.input = rows[i].input;
        if (hierarchy_check(fixture.arena, &hierarchy, &out, &fault) != ERR_OK) {
            fail_msg("%s: %s", rows[i].name, fault.text);
        }
        const char *got = fixture_text(&fixture, &out.relation);
        if (strcmp(rows_of(got), rows[i].want) != 0
            || strcmp(fixture_origins(&fixture, &out.relation), rows[i].origins) != 0) {
            fail_msg("%s: %s; %s", rows[i].name, got, fixture_origins(&fixture, &out.relation));
        }
        arena_destroy(fixture.arena);
    }
}

/* A condition of a rule is asked of the first of its rows that is there, left first; one of an item
 * leaves the item out. */
static void
conditions_choose_places_and_items(void **state)
{
    static const char *text =
        "P:iz K:is M:mz | 1 A 5 | 1 B 5 | 1 C 1 | 2 A 7 | 2 B 5 | 2 C 2 | 3 B 4 | 3 C 4";
    static const uint8_t    places[] = {0, 0, 0, 1, 0, 0, 1, 0};
    static const uint8_t    items[] = {1, 1, 0, 1, 1, 1, 1, 0};
    struct fixture          fixture = fixture_create();
    struct relation         operand = fixture_relation(&fixture, 0, text);
    struct hierarchy_result out = {0};
    struct ruleset          ruleset;

    (void)state;
    read_rules(&fixture, "R1 A = B; R2 A = B + C", &ruleset);
    ruleset.rules[0].when = places;
    ruleset.items[1][1].when = items;
    struct hierarchy hierarchy = make_hierarchy(&operand, &ruleset);
    hierarchy.mode = HIERARCHY_PARTIAL_ZERO;
    assert_int_equal(hierarchy_check(fixture.arena, &hierarchy, &out, NULL), ERR_OK);
    assert_string_equal(rows_of(fixture_text(&fixture, &out.relation)),
                        " | 1 A R2 true 5 0 | 2 A R1 false 7 2 | 2 A R2 true 7 0 "
                        "| 3 A R1 false 0 -4 | 3 A R2 false 0 -4");
    const uint32_t rules[] = {1, 0, 1, 0, 1};
    assert_memory_equal(out.rules, rules, sizeof rules);
    arena_destroy(fixture.arena);
}

static void
a_rule_for_no_row_asks_the_first_of_the_place(void **state)
{
    static const uint8_t    first[] = {1, 0};
    struct fixture          fixture = fixture_create();
    struct relation         operand = fixture_relation(&fixture, 0, "K:is M:mz | X 5 | Y 5");
    struct hierarchy_result out = {0};
    struct ruleset          ruleset;

    (void)state;
    read_rules(&fixture, "R1 A = B", &ruleset);
    ruleset.rules[0].when = first;
    struct hierarchy hierarchy = make_hierarchy(&operand, &ruleset);
    hierarchy.mode = HIERARCHY_ALWAYS_ZERO;
    assert_int_equal(hierarchy_check(fixture.arena, &hierarchy, &out, NULL), ERR_OK);
    assert_string_equal(rows_of(fixture_text(&fixture, &out.relation)), " | A R1 true 0 0");
    arena_destroy(fixture.arena);
}

static const struct {
    const char          *name;
    enum hierarchy_input input;
    const char          *operand;
    const char          *rules;
    const char          *code;
    const char          *measure;
    const char          *imbalance;
    enum err             want;
    const char          *complaint;
} refusals[] = {
    {"fine",                                           HIERARCHY_DATASET_PRIORITY, "K:is M:mz | A 1",        "R1 A = B; R2 B = C", "K", "M",
     "imbalance",                                                                                                                                         ERR_OK,    ""                                           },
    {"a rule that has its left item on the right too", HIERARCHY_DATASET_PRIORITY,
     "K:is M:mz | A 1",                                                                                      "R1 A = A + B",       "K", "M", "imbalance", ERR_OK,    ""                                           },
    {"a circle of two",                                HIERARCHY_DATASET_PRIORITY, "K:is M:mz | A 1",        "R1 A = B; R2 B = A", "K",
     "M",                                                                                                                                    "imbalance", ERR_USAGE, "2 rules compute each other in a circle"     },
    {"a circle of three beside a rule that is none",   HIERARCHY_DATASET_PRIORITY, "K:is M:mz | A 1",
     "R0 X = Y; R1 A = B; R2 B = C; R3 C = A",                                                                                     "K", "M", "imbalance", ERR_USAGE, "3 rules compute"                            },
    {"a circle that nobody follows",                   HIERARCHY_DATASET,          "K:is M:mz | A 1",        "R1 A = B; R2 B = A",
     "K",                                                                                                                               "M", "imbalance", ERR_OK,    ""                                           },
    {"a comparison computes nothing",                  HIERARCHY_DATASET_PRIORITY, "K:is M:mz | A 1",
     "R1 A = B; R2 B >= A",                                                                                                        "K", "M", "imbalance", ERR_OK,    ""                                           },
    {"a code that is a measure",                       HIERARCHY_DATASET,          "I:iz K:ms M:mz | 1 A 1", "R1 A = B",           "K", "M",
     "imbalance",                                                                                                                                         ERR_USAGE, "component 1 is not an identifier of strings"},
    {"a code that is a number",                        HIERARCHY_DATASET,          "K:iz M:mz | 1 1",        "R1 A = B",           "K", "M",
     "imbalance",                                                                                                                                         ERR_USAGE, "component 0 is not an identifier of strings"},
    {"a measure that is a string",                     HIERARCHY_DATASET,          "K:is M:ms | A a",        "R1 A = B",           "K", "M",
     "imbalance",                                                                                                                                         ERR_USAGE, "component 1 is not a measure of numbers"    },
    {"a measure that is an identifier",                HIERARCHY_DATASET,          "K:is M:iz | A 1",        "R1 A = B",           "K", "M",
     "imbalance",                                                                                                                                         ERR_USAGE, "component 1 is not a measure of numbers"    },
    {"a name that there is",                           HIERARCHY_DATASET,          "K:is M:mz | A 1",        "R1 A = B",           "K", "M", "M",
     ERR_USAGE,                                                                                                                                                      "'M'"                                        },
    {"a sum at the end of 128 bits",                   HIERARCHY_DATASET,
     "K:is M:mz | A 0 | B 170141183460469231731687303715884105727",                                          "R1 A = A + B",       "K", "M",
     "imbalance",                                                                                                                                         ERR_OK,    ""                                           },
    {"a sum beyond it",                                HIERARCHY_DATASET,
     "K:is M:mz | A 1 | B 170141183460469231731687303715884105727",                                          "R1 A = A + B",       "K", "M",
     "imbalance",                                                                                                                                         ERR_LIMIT, "row 0, rule 'R1': the sum leaves 128 bits"  },
    {"an imbalance beyond it",                         HIERARCHY_DATASET,
     "K:is M:mz | A -2 | B 170141183460469231731687303715884105727",                                         "R1 A = B",           "K", "M",
     "imbalance",                                                                                                                                         ERR_LIMIT, "the imbalance leaves 128 bits"              },
};

static void
what_cannot_be_checked_is_refused(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(refusals); i++) {
        struct fixture          fixture = fixture_create();
        struct relation         operand = fixture_relation(&fixture, 0, refusals[i].operand);
        struct hierarchy_result out = {0};
        struct fault            fault = {0};
        struct ruleset          ruleset;

        read_rules(&fixture, refusals[i].rules, &ruleset);
        struct hierarchy hierarchy = make_hierarchy(&operand, &ruleset);
        hierarchy.mode = HIERARCHY_ALWAYS_ZERO;
        hierarchy.input = refusals[i].input;
        hierarchy.imbalance = str_of(refusals[i].imbalance);
        EXPECT(hierarchy_check(fixture.arena, &hierarchy, &out, &fault) == refusals[i].want,
               refusals[i].name);
        EXPECT(strstr(fault.text, refusals[i].complaint) != NULL, refusals[i].name);
        EXPECT((out.rules != NULL) == (refusals[i].want == ERR_OK), refusals[i].name);
        arena_destroy(fixture.arena);
    }
}

static void
rules_and_items_stop_at_their_limits(void **state)
{
    (void)state;
    for (size_t more = 0; more <= 2; more++) {
        struct fixture          fixture = fixture_create();
        struct relation         operand = fixture_relation(&fixture, 0, "K:is M:mz | A 3 | B 1");
        struct hierarchy_result out = {0};
        size_t                  rule_count = HIERARCHY_RULES_MAX - 1 + more;
        size_t                  item_count = HIERARCHY_ITEMS_MAX - 1 + more;
        uint32_t                a = id_of(&fixture, STR("A"));
        struct hierarchy_rule  *rules = ARENA_NEW(fixture.arena, struct hierarchy_rule, rule_count);
        struct hierarchy_item  *items = ARENA_NEW(fixture.arena, struct hierarchy_item, item_count);
        struct ruleset          none = {0};
        struct hierarchy        hierarchy = make_hierarchy(&operand, &none);
        for (size_t i = 0; i < rule_count; i++) {
            rules[i] = (struct hierarchy_rule){.name = a, .left = a};
        }
        for (size_t i = 0; i < item_count; i++) {
            items[i] = (struct hierarchy_item){.code = id_of(&fixture, STR("B"))};
        }
        hierarchy.rules = rules;
        hierarchy.rule_count = rule_count;
        hierarchy.input = HIERARCHY_DATASET_PRIORITY;
        assert_int_equal(hierarchy_check(fixture.arena, &hierarchy, &out, NULL),
                         more > 1 ? ERR_LIMIT : ERR_OK);
        rules[0].items = items;
        rules[0].item_count = item_count;
        hierarchy.rule_count = 1;
        assert_int_equal(hierarchy_check(fixture.arena, &hierarchy, &out, NULL),
                         more > 1 ? ERR_LIMIT : ERR_OK);
        rules[0] = (struct hierarchy_rule){.name = a, .left = 0};
        assert_int_equal(hierarchy_check(fixture.arena, &hierarchy, &out, NULL), ERR_USAGE);
        arena_destroy(fixture.arena);
    }
}

/*
 * CPU seconds of many long rules over one code, which as many rules equal without giving it a
 * value; or, for comparison, which they leave alone.
 */
static double
seconds_of_rules(bool meet)
{
    enum { RULES = 400, ITEMS = 100, REPEATS = 4 };
    struct fixture          fixture = fixture_create();
    struct relation         operand = fixture_relation(&fixture, 0, "K:is M:mz | Z 1");
    struct hierarchy_result out = {0};
    struct ruleset          none = {0};
    struct hierarchy        hierarchy = make_hierarchy(&operand, &none);
    uint32_t                a = id_of(&fixture, STR("A"));
    uint32_t                b = id_of(&fixture, STR("B"));
    struct hierarchy_rule  *rules =
        ARENA_NEW(fixture.arena, struct hierarchy_rule, (size_t)2 * RULES);
    struct hierarchy_item *items = ARENA_NEW(fixture.arena, struct hierarchy_item, ITEMS);

    assert_non_null(rules);
    assert_non_null(items);
    for (size_t i = 0; i < ITEMS; i++) {
        items[i] = (struct hierarchy_item){.code = a};
    }
    struct hierarchy_item missing = {.code = id_of(&fixture, STR("N"))};
    for (size_t i = 0; i < RULES; i++) {
        rules[i] = (struct hierarchy_rule){
            .name = a, .left = meet ? a : b, .items = &missing, .item_count = 1};
        rules[RULES + i] = (struct hierarchy_rule){
            .name = a, .left = id_of(&fixture, STR("C")), .items = items, .item_count = ITEMS};
    }
    hierarchy.rules = rules;
    hierarchy.rule_count = (size_t)2 * RULES;
    hierarchy.input = HIERARCHY_DATASET_PRIORITY;
    clock_t begun = clock();
    for (size_t i = 0; i < REPEATS; i++) {
        assert_int_equal(hierarchy_check(fixture.arena, &hierarchy, &out, NULL), ERR_OK);
    }
    double seconds = (double)(clock() - begun) / CLOCKS_PER_SEC;
    arena_destroy(fixture.arena);

    return seconds;
}

static void
rules_of_one_code_cost_no_more_than_others(void **state)
{
    (void)state;
    assert_true(seconds_of_rules(true) < 10 * seconds_of_rules(false));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(check_hierarchy_follows_the_table),
        cmocka_unit_test(conditions_choose_places_and_items),
        cmocka_unit_test(a_rule_for_no_row_asks_the_first_of_the_place),
        cmocka_unit_test(what_cannot_be_checked_is_refused),
        cmocka_unit_test(rules_and_items_stop_at_their_limits),
        cmocka_unit_test(rules_of_one_code_cost_no_more_than_others),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

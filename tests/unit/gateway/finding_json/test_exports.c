#include "gateway/finding_json/ess.h"
#include "gateway/finding_json/sarif.h"
#include "tests/support/expect.h"

#include <jansson.h>
#include <string.h>

/*
 * The two formats that others have defined, held against what their definitions require: SARIF
 * 2.1.0 (sections 3.13 to 3.58) and the validation report structure 1.0.0 of the ESSnet.
 */
enum { ROOM = 1 << 22, TEXT_MAX = 1 << 20 };

static struct contributor items[] = {
    {.cell = STR_INIT("kol. 4"),
     .amount = STR_INIT("-3,00"),
     .xpath = STR_INIT("/c"),
     .offset = 1,
     .line = 2,
     .column = 3},
    {.cell = STR_INIT("kol. 5"),                          .xpath = STR_INIT("/d"), .offset = 4, .line = 5, .column = 6},
};

static const struct contributors sides[CONTRIBUTORS_SIDES] = {
    [CONTRIBUTORS_EXPECTED] = {.items = items, .count = 2},
};

static const struct form form = {
    .title = STR_INIT("Rb-27S"),
    .vtl = STR_INIT("define datapoint ruleset R (variable A, B) is\n"
                    "  RB27S_001: when A > 0\n    then A = B errorcode \"RB27S-001\";\n"
                    "  RB27S_0011: A = 1 errorcode \"RB27S-0011\" end datapoint ruleset;"),
};

static const struct rule_entry entries[] = {
    {.code = STR_INIT("RB27S-001"),
     .title = STR_INIT("jest {found} zł"),
     .explain = STR_INIT("dlaczego"),
     .fix = STR_INIT("Sprawdź {PL}"),
     .basis = STR_INIT("§ 1"),
     .owner = STR_INIT("MF"),
     .form = 0},
    {.code = STR_INIT("XML-001"),
     .title = STR_INIT("nie XML"),
     .fix = STR_INIT("f"),
     .basis = STR_INIT("b"),
     .form = ENTRY_OF_NO_FORM     },
    {.code = STR_INIT("RB27S-014"),
     .title = STR_INIT("bez formuły"),
     .fix = STR_INIT("f"),
     .basis = STR_INIT("b"),
     .form = 0     },
};

static const struct catalogue catalogue = {
    .forms = &form, .form_count = 1, .entries = entries, .entry_count = ARRAY_COUNT(entries)};

static const unsigned char digest[32] = {0xAB};

static const struct export_artifact artifacts[] = {
    {STR_INIT("dochody ą%.xml"), digest},
    {STR_INIT("-"),               NULL  },
};

static const struct export_failure failures[] = {
    {STR_INIT("brak.xml"), STR_INIT("nie ma takiego pliku")},
};

static struct export_finding findings[] = {
    {.view = {.code = STR_INIT("RB27S-001"),
              .severity = STR_INIT("error"),
              .title = STR_INIT("jest 5,00 zł"),
              .cell = STR_INIT("kol. 7"),
              .line = 41,
              .column = 18,
              .offset = 1234,
              .xpath = STR_INIT("/a/b"),
              .found = STR_INIT("5,00"),
              .difference = STR_INIT("1,00"),
              .repeats = 2,
              .contributors = sides},
     .place = {.form = STR_INIT("Rb-27S"),
               .period = STR_INIT("2026-Q2"),
               .regon = STR_INIT("990001010")},
     .entry = &entries[0]},
    {.view = {.code = STR_INIT("XML-001"), .severity = STR_INIT("info")},
     .entry = &entries[1],
     .artifact = 1},
    {.view = {.code = STR_INIT("RB27S-014"),
              .severity = STR_INIT("query"),
              .title = STR_INIT("=1+1")},
     .entry = &entries[2]},
    {.view = {.code = STR_INIT("RB27S-001"),
              .severity = STR_INIT("warning"),
              .title = STR_INIT("t")},
     .entry = &entries[0]},
    {.view = {.code = STR_INIT("DAWNY-001"), .severity = STR_INIT("info"), .title = STR_INIT("t")}                           },
};

static struct export_run
run_of(size_t count)
{
    return (struct export_run){.version = STR("0.2.0"),
                               .trigger = STR("brama validate"),
                               .at = (instant)1783666800 * INSTANT_PER_SECOND,
                               .catalogue = &catalogue,
                               .artifacts = artifacts,
                               .artifact_count = ARRAY_COUNT(artifacts),
                               .failures = failures,
                               .failure_count = ARRAY_COUNT(failures),
                               .findings = findings,
                               .finding_count = count};
}

static json_t *
write(struct arena *arena, size_t count, void (*how)(struct json *, const struct export_run *))
{
    struct export_run run = run_of(count);
    struct buf        out = buf_create(arena, TEXT_MAX);
    struct json       json = json_create(&out);

    how(&json, &run);
    assert_true(buf_ok(&out));
    json_t *value = json_loadb(out.data, out.size, JSON_REJECT_DUPLICATES, NULL);
    assert_non_null(value);
    return value;
}

static json_t *
member(json_t *value, const char *path)
{
    struct str rest = str_of(path);
    struct str piece = {0};
    char       name[64];

    while (value != NULL && str_cut(&rest, '.', &piece)) {
        int64_t index = 0;
        (void)snprintf(name, sizeof name, "%.*s", STR_ARG(piece));
        value = str_to_number(piece, &index) ? json_array_get(value, (size_t)index)
                                             : json_object_get(value, name);
    }
    return value;
}

static const char *
text(json_t *value, const char *path)
{
    const char *found = json_string_value(member(value, path));

    return found == NULL ? "(none)" : found;
}

static const struct {
    const char *path;
    const char *text;
} told[] = {
    {"version",                                                            "2.1.0"                      },
    {"runs.0.tool.driver.name",                                            "brama"                      },
    {"runs.0.tool.driver.language",                                        "pl-PL"                      },
    {"runs.0.tool.driver.rules.0.id",                                      "RB27S-001"                  },
    {"runs.0.tool.driver.rules.0.shortDescription.text",                   "jest ‹jest› zł"        },
    {"runs.0.tool.driver.rules.0.fullDescription.text",                    "dlaczego"                   },
    {"runs.0.tool.driver.rules.0.help.text",                               "Sprawdź ‹PL›"          },
    {"runs.0.tool.driver.rules.3.id",                                      "DAWNY-001"                  },
    {"runs.0.tool.driver.rules.3.help.text",                               "(none)"                     },
    {"runs.0.artifacts.0.location.uri",                                    "dochody%20%C4%85%25.xml"    },
    {"runs.0.artifacts.1.hashes.sha-256",                                  "(none)"                     },
    {"runs.0.invocations.0.toolExecutionNotifications.0.message.text",
     "brak.xml: nie ma takiego pliku"                                                                   },
    {"runs.0.results.0.level",                                             "error"                      },
    {"runs.0.results.1.level",                                             "note"                       },
    {"runs.0.results.2.level",                                             "warning"                    },
    {"runs.0.results.3.level",                                             "warning"                    },
    {"runs.0.results.0.message.text",                                      "jest 5,00 zł"              },
    {"runs.0.results.1.message.text",                                      "XML-001"                    },
    {"runs.0.results.0.locations.0.logicalLocations.0.fullyQualifiedName", "/a/b"                       },
    {"runs.0.results.0.relatedLocations.0.message.text",                   "porównane z: -3,00, kol. 4"},
    {"runs.0.results.0.relatedLocations.1.message.text",                   "porównane z: brak, kol. 5" },
    {"runs.0.results.0.properties.difference",                             "1,00"                       },
    {"runs.0.results.1.properties.difference",                             "(none)"                     },
};

static void
sarif_says_what_the_findings_say(void **state)
{
    struct arena *arena = arena_create(ROOM);
    json_t       *log = write(arena, ARRAY_COUNT(findings), sarif_write);
    json_t       *region = member(log, "runs.0.results.0.locations.0.physicalLocation.region");
    json_t       *unknown = member(log, "runs.0.results.1.locations.0.physicalLocation.region");

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(told); i++) {
        if (strcmp(text(log, told[i].path), told[i].text) != 0) {
            fail_msg("%s: %s", told[i].path, text(log, told[i].path));
        }
    }
    assert_int_equal(json_integer_value(json_object_get(region, "startLine")), 41);
    assert_int_equal(json_integer_value(json_object_get(region, "startColumn")), 18);
    assert_int_equal(json_integer_value(json_object_get(region, "endColumn")), 18);
    assert_int_equal(json_integer_value(json_object_get(region, "byteOffset")), 1234);
    assert_null(json_object_get(unknown, "startLine"));
    assert_true(json_is_false(member(log, "runs.0.invocations.0.executionSuccessful")));
    json_decref(log);
    arena_destroy(arena);
}

/* Every value of a document, with the key that it stands under. */
struct visit {
    json_t     *value;
    const char *key;
};

/* What the schema of SARIF 2.1.0 requires of each kind of object, by a member that tells it. */
static const struct {
    const char *key;
    const char *required[2];
} requirements[] = {
    {"runs",        {"tool", NULL}               },
    {"driver",      {"name", NULL}               },
    {"rules",       {"id", NULL}                 },
    {"results",     {"message", NULL}            },
    {"invocations", {"executionSuccessful", NULL}},
    {"message",     {"text", NULL}               },
};

static void
check_value(const struct visit *visit)
{
    json_t *object = json_is_array(visit->value) ? json_array_get(visit->value, 0) : visit->value;

    EXPECT(!json_is_null(visit->value), visit->key); /* the schema knows no nulls */
    for (size_t i = 0; i < ARRAY_COUNT(requirements); i++) {
        if (strcmp(requirements[i].key, visit->key) == 0 && object != NULL) {
            EXPECT(json_object_get(object, requirements[i].required[0]) != NULL, visit->key);
        }
    }
}

static void
sarif_has_what_its_schema_requires_and_no_nulls(void **state)
{
    static struct visit stack[4096];
    struct arena       *arena = arena_create(ROOM);
    json_t             *log = write(arena, ARRAY_COUNT(findings), sarif_write);
    size_t              results = json_array_size(member(log, "runs.0.results"));
    size_t              rules = json_array_size(member(log, "runs.0.tool.driver.rules"));
    size_t              count = 1;

    (void)state;
    assert_int_equal(results, ARRAY_COUNT(findings));
    assert_int_equal(rules, 4);
    for (size_t i = 0; i < results; i++) {
        json_t *result = json_array_get(member(log, "runs.0.results"), i);
        size_t  rule = (size_t)json_integer_value(json_object_get(result, "ruleIndex"));
        json_t *id = member(json_array_get(member(log, "runs.0.tool.driver.rules"), rule), "id");
        assert_true(json_equal(id, json_object_get(result, "ruleId")));
    }
    stack[0] = (struct visit){log, ""};
    while (count > 0) {
        struct visit visit = stack[--count];
        const char  *key = NULL;
        json_t      *value = NULL;
        check_value(&visit);
        json_object_foreach(visit.value, key, value)
        {
            stack[count++] = (struct visit){value, key};
        }
        for (size_t i = 0; i < json_array_size(visit.value); i++) {
            stack[count++] = (struct visit){json_array_get(visit.value, i), ""};
        }
    }
    json_decref(log);
    arena_destroy(arena);
}

static const struct {
    const char *path;
    const char *text;
} reported[] = {
    {"0.type",             "validation"                   },
    {"0.id",               "dochody ą%.xml#1"            },
    {"1.id",               "-#2"                          },
    {"0.event.time",       "2026-07-10T09:00:00.000+02:00"},
    {"0.event.actor",      "brama"                        },
    {"0.event.agent",      "brama 0.2.0"                  },
    {"0.event.trigger",    "brama validate"               },
    {"0.rule.language",    "VTL 2.2"                      },
    {"0.rule.expression",  "when A > 0\n    then A = B"   },
    {"1.rule.language",    "brama"                        },
    {"1.rule.expression",  "XML-001"                      },
    {"2.rule.language",    "brama"                        },
    {"2.rule.expression",  "RB27S-014"                    },
    {"0.rule.severity",    "error"                        },
    {"1.rule.severity",    "information"                  },
    {"2.rule.severity",    "warning"                      },
    {"0.rule.description", "RB27S-001: jest 5,00 zł"     },
    {"0.data.source.0",    "990001010|Rb-27S|2026-Q2|/a/b"},
    {"0.data.source.1",    "990001010|Rb-27S|2026-Q2|/c"  },
    {"0.data.source.2",    "990001010|Rb-27S|2026-Q2|/d"  },
    {"0.data.source.3",    "(none)"                       },
    {"0.data.target.0",    "990001010|Rb-27S|2026-Q2|/a/b"},
    {"0.data.target.1",    "(none)"                       },
    {"0.data.description", "kol. 7"                       },
    {"0.value",            "0"                            },
    {"4.rule.expression",  "DAWNY-001"                    },
};

static void
an_ess_report_has_the_structure_of_version_1(void **state)
{
    struct arena *arena = arena_create(ROOM);
    json_t       *report = write(arena, ARRAY_COUNT(findings), ess_write);

    (void)state;
    assert_int_equal(json_array_size(report), ARRAY_COUNT(findings));
    for (size_t i = 0; i < ARRAY_COUNT(reported); i++) {
        if (strcmp(text(report, reported[i].path), reported[i].text) != 0) {
            fail_msg("%s: %s", reported[i].path, text(report, reported[i].path));
        }
    }
    json_decref(report);
    arena_destroy(arena);
}

static void
an_ess_report_is_a_table_too(void **state)
{
    struct arena     *arena = arena_create(ROOM);
    struct export_run run = run_of(ARRAY_COUNT(findings));
    struct buf        out = buf_create(arena, TEXT_MAX);
    struct csv        csv = csv_create(&out);

    (void)state;
    ess_write_csv(&csv, &run);
    struct str got = buf_str(&out);
    assert_true(str_starts_with(got, STR("\xEF\xBB\xBFid;type;event.time;event.actor;event.agent;"
                                         "event.trigger;rule.language;rule.expression;")));
    assert_non_null(memmem(got.data, got.size, "\n'-#2;validation;", 17));
    assert_null(memmem(got.data, got.size, ";=1+1", 5));
    arena_destroy(arena);
}

static void
nothing_found_is_an_empty_list(void **state)
{
    struct arena *arena = arena_create(ROOM);
    json_t       *log = write(arena, 0, sarif_write);
    json_t       *report = write(arena, 0, ess_write);

    (void)state;
    assert_true(json_is_array(member(log, "runs.0.results")));
    assert_int_equal(json_array_size(member(log, "runs.0.results")), 0);
    assert_int_equal(json_array_size(member(log, "runs.0.tool.driver.rules")), 0);
    assert_true(json_is_array(report));
    assert_int_equal(json_array_size(report), 0);
    json_decref(log);
    json_decref(report);
    arena_destroy(arena);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sarif_says_what_the_findings_say),
        cmocka_unit_test(sarif_has_what_its_schema_requires_and_no_nulls),
        cmocka_unit_test(an_ess_report_has_the_structure_of_version_1),
        cmocka_unit_test(an_ess_report_is_a_table_too),
        cmocka_unit_test(nothing_found_is_an_empty_list),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

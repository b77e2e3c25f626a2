#include "tests/support/expect.h"
#include "validators/decision/versions.h"

#include <string.h>

/* A pair of files with one report each; what is said of the second. */
static const struct {
    const char *name;
    const char *regon[2];
    const char *version[2];
    const char *bytes[2];
    bool        first_rejected;
    bool        told;
    const char *variant[2];
} cases[] = {
    {"equal Wersja, other bytes",        {"1", "1"},  {"0", "0"},  {"ab", "ac"}, false, true,  {NULL, NULL}  },
    {"lower Wersja beside a higher one",
     {"1", "1"},
     {"2", "1"},
     {"ab", "ac"},
     false,                                                                             false,
     {NULL, NULL}                                                                                            },
    {"as numbers, not as texts",         {"1", "1"},  {"9", "10"}, {"ab", "ac"}, false, false, {NULL, NULL}  },
    {"higher Wersja",                    {"1", "1"},  {"0", "1"},  {"ab", "ac"}, false, false, {NULL, NULL}  },
    {"the same bytes",                   {"1", "1"},  {"0", "0"},  {"ab", "ab"}, false, false, {NULL, NULL}  },
    {"another unit",                     {"1", "2"},  {"0", "0"},  {"ab", "ac"}, false, false, {NULL, NULL}  },
    {"the first was rejected",           {"1", "1"},  {"0", "0"},  {"ab", "ac"}, true,  false, {NULL, NULL}  },
    {"padding does not matter",          {"1", "1 "}, {"0", "0"},  {"ab", "ac"}, false, true,  {NULL, NULL}  },
    {"unreadable Wersja",                {"1", "1"},  {"x", "0"},  {"ab", "ac"}, false, false, {NULL, NULL}  },
    {"for two dysponents",               {"1", "1"},  {"0", "0"},  {"ab", "ac"}, false, false, {"kbw", "mf"} },
    {"for one dysponent",                {"1", "1"},  {"0", "0"},  {"ab", "ac"}, false, true,  {"kbw", "kbw"}},
    {"one of them named",                {"1", "1"},  {"0", "0"},  {"ab", "ac"}, false, false, {"kbw", NULL} },
};

static void
versions_compare_follows_the_table(void **state)
{
    static const struct applies    query = {.severity = SEVERITY_QUERY};
    static const struct rule_entry entry = {.code = STR_INIT(VERSIONS_CODE_NOT_HIGHER),
                                            .title = STR_INIT("t"),
                                            .fix = STR_INIT("f"),
                                            .applies = &query,
                                            .applies_count = 1};
    static const struct catalogue  catalogue = {.entries = &entry, .entry_count = 1};

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        struct arena        *arena = arena_create(1 << 20);
        struct fault         fault = {0};
        struct report        reports[2] = {0};
        struct docket        dockets[2] = {0};
        struct decision_file files[2] = {0};
        struct version_item  items[2] = {0};
        for (size_t j = 0; j < 2; j++) {
            reports[j].identity.fields[UNIT_REGON].text = str_of(cases[i].regon[j]);
            reports[j].header.version.text = str_of(cases[i].version[j]);
            if (cases[i].variant[j] != NULL) {
                reports[j].header.variants[0].text = str_of(cases[i].variant[j]);
            }
            reports[j].end = 2;
            dockets[j] =
                (struct docket){.arena = arena, .catalogue = &catalogue, .report = &reports[j]};
            files[j] =
                (struct decision_file){.name = STR("plik.xml"), .bytes = str_of(cases[i].bytes[j])};
            items[j] = (struct version_item){
                .file = &files[j], .file_ordinal = j, .report = &reports[j], .docket = &dockets[j]};
        }
        dockets[0].has_error = cases[i].first_rejected;
        EXPECT(versions_compare(arena, items, 2, &fault) == ERR_OK, cases[i].name);
        EXPECT(dockets[0].count == 0, cases[i].name);
        EXPECT(dockets[1].count == (cases[i].told ? 1 : 0), cases[i].name);
        EXPECT(docket_verdict(&dockets[1]) == VERDICT_ACCEPTED, cases[i].name);
        arena_destroy(arena);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(versions_compare_follows_the_table)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}

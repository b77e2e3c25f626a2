#include "tests/support/expect.h"
#include "tests/unit/validators/rules/shelf.h"
#include "validators/document/document.h"
#include "validators/rules/rules.h"
#include "validators/xml/guard.h"

#include <stdio.h>
#include <string.h>

/* What the rules say of the sample files, read by the one pass: every finding, file by file. */
enum { ARENA_MAX = 256 * 1024 * 1024, FILE_MAX = 256 * 1024, TEXT_MAX = 64 * 1024 };

static struct str
read_sample(struct arena *arena, const char *name)
{
    char *bytes = ARENA_NEW(arena, char, FILE_MAX);
    char  path[512];

    (void)snprintf(path, sizeof path, "%s/tests/samples/%s", BRAMA_SOURCE_DIR, name);
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    size_t size = fread(bytes, 1, FILE_MAX, file);
    assert_int_equal(fclose(file), 0);
    assert_in_range(size, 1, FILE_MAX - 1);
    return (struct str){bytes, size};
}

static void
write_findings(struct buf *out, const struct findings *findings)
{
    for (size_t i = 0; i < findings_count(findings); i++) {
        const struct finding *it = findings_at(findings, i);
        buf_format(out, "%d %s [%.*s] %.*s|%.*s|%.*s|%.*s\n", it->report, it->code,
                   STR_ARG(it->cell), STR_ARG(it->subject), STR_ARG(it->found),
                   STR_ARG(it->expected), STR_ARG(it->difference));
    }
}

static void
judge_all(struct arena *arena, const struct rules_request *request, struct findings *findings)
{
    struct fault fault = {0};

    if (rules_package(arena, request, findings, &fault) != ERR_OK) {
        fail_msg("%s", fault.text);
    }
    for (uint32_t i = 0; i < request->package->report_count; i++) {
        struct rules_tally tally = {0};
        if (rules_report(arena, request, i, findings, &tally, &fault) != ERR_OK) {
            fail_msg("%s", fault.text);
        }
        assert_int_equal(request->package->reports[i].state, REPORT_READ);
        assert_int_equal(tally.not_evaluated, 0);
        assert_int_equal(tally.failed, 0);
    }
}

#define NO_REGISTRY "-1 TOZSAMOSC-007 [] |||\n"
#define TEST_UNIT(report) #report " TOZSAMOSC-005 [WK (województwo)] |99||\n"
#define SHARED(report)                                                                                    \
#report " TOZSAMOSC-003 [REGON jednostki] „SZKOŁA PODSTAWOWA NR 1 W PRZYKŁADOWIE”, „SZKOŁA " \
            "PODSTAWOWA NR 2 W PRZYKŁADOWIE”|990001010||\n"

static const struct {
    const char *name;
    const char *findings;
} samples[] = {
    {"dochody-2026-q2.xml",           TEST_UNIT(0) TEST_UNIT(1) TEST_UNIT(2) NO_REGISTRY       },
    {"wydatki-2026-q2.xml",           TEST_UNIT(0) TEST_UNIT(1) TEST_UNIT(2) NO_REGISTRY       },
    {"oba-2026-q2-jedna-szkola.xml",  TEST_UNIT(0) TEST_UNIT(1) NO_REGISTRY                    },
    {"korekta-wydatki-2026-q2.xml",   TEST_UNIT(0) NO_REGISTRY                                 },
    {"zle-ten-sam-regon.xml",         TEST_UNIT(0) TEST_UNIT(1) SHARED(0) SHARED(1) NO_REGISTRY},
    {"zle-zmieniona-po-podpisie.xml", TEST_UNIT(0) NO_REGISTRY
     "0 RB28S-002 [dz. 801, rozdz. 80101, gr. 1300, § 302, P4 0, kol. 7 Wydatki wykonane] "
     "|98 477,95|82 279,59|16 198,36\n"                },
};

static void
the_rules_say_of_the_samples_what_is_written_here(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(samples); i++) {
        struct arena                  *arena = arena_create(ARENA_MAX);
        const struct catalogue        *catalogue = NULL;
        const struct rules            *rules = NULL;
        const struct document_schemas *schemas = NULL;
        struct package                 package = {0};
        struct findings               *structural = findings_create(arena);
        struct findings               *findings = findings_create(arena);
        struct buf                     text = buf_create(arena, TEXT_MAX);
        struct fault                   fault = {0};

        EXPECT(shelf_load(arena, NULL, &catalogue, &fault) == ERR_OK, fault.text);
        EXPECT(rules_compile(arena, catalogue, &rules, &fault) == ERR_OK, fault.text);
        EXPECT(document_schemas_compile(arena, catalogue, &schemas, &fault) == ERR_OK, fault.text);
        EXPECT(document_read(arena, read_sample(arena, samples[i].name), catalogue, schemas,
                             &package, structural, &fault)
                   == ERR_OK,
               fault.text);
        struct rules_request request = {.catalogue = catalogue,
                                        .rules = rules,
                                        .package = &package,
                                        .environment = ENVIRONMENT_TEST,
                                        .structural = structural};
        EXPECT(moment_parse_when(STR("2026-07-24"), &request.at), samples[i].name);
        EXPECT(findings_count(structural) == 0, samples[i].name);
        judge_all(arena, &request, findings);
        write_findings(&text, findings);
        if (!str_equal(buf_str(&text), str_of(samples[i].findings))) {
            fail_msg("%s:\n%.*s", samples[i].name, STR_ARG(buf_str(&text)));
        }
        arena_destroy(arena);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_rules_say_of_the_samples_what_is_written_here),
    };

    guard_initialise();
    return cmocka_run_group_tests(tests, NULL, NULL);
}

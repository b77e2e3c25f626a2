#include "tests/scenario/cli/program.h"
#include "tests/support/expect.h"

#include <jansson.h>
#include <string.h>

enum { ARENA_MAX = 256 * 1024 * 1024, FILES_MAX = 3 };

#define PERIOD "<Okres><Rok>2026</Rok><TypOkresu>Kwartal</TypOkresu><Okres>2</Okres></Okres>"
#define UNIT                                                                                      \
    "<Nazwa>GMINA PRZYKŁADOWA</Nazwa><Typ>ZB-TEST</Typ><Regon>990001010     </Regon><WK>99</WK>" \
    "<PK>01</PK><GK>02</GK><GT>3</GT><PT>0</PT>"
#define LINE(symbol, amount) "<Pozycja><Symbol>" symbol "</Symbol><P>" amount "</P></Pozycja>"
#define NDS(amount) LINE("A", amount) LINE("A1", amount) LINE("C", amount) LINE("C1", amount)
#define DOCHODY_1                                                                             \
    "<Pozycja><Dzial>801</Dzial><Rozdzial>80101</Rozdzial><Paragraf>069</Paragraf><P4>0</P4>" \
    "<PL>1.00</PL></Pozycja>"

/* A package of one unsigned report of the JST itself. */
static const char *
package(struct arena *arena, const char *element, const char *version, const char *rows)
{
    return program_temporary(
        arena,
        str_format(
            arena,
            "<?xml version=\"1.0\" encoding=\"utf-8\"?><PaczkaSprawozdan Wersja=\"0.3\">" PERIOD
            "<Jednostki><Jednostka>" UNIT "<Sprawozdania><%s Id=\"r%s\">" PERIOD "<Jednostka>" UNIT
            "</Jednostka><Naglowek><Wersja>%s</Wersja>"
            "<DataSprawozdania>2026-07-09</DataSprawozdania></Naglowek><Pozycje>%s</Pozycje>"
            "</%s></Sprawozdania></Jednostka></Jednostki></PaczkaSprawozdan>",
            element, version, version, rows, element));
}

static struct program_result
validate(struct arena *arena, const char *const *files, const char *format)
{
    struct program program = {
        .arguments = {"validate", PROGRAM_AT, format}
    };

    for (size_t i = 0; i < FILES_MAX && files[i] != NULL; i++) {
        program.arguments[4 + i] = files[i];
    }
    return program_run(arena, &program);
}

/* The first set in JSON; the caller's reference. */
static json_t *
first_set(struct arena *arena, const char *const *files)
{
    struct program_result got = validate(arena, files, "--json");
    json_error_t          error;
    json_t               *answer = json_loads(got.out.data, 0, &error);

    assert_non_null(answer);
    json_t *set = json_array_get(json_object_get(answer, "sets"), 0);
    assert_non_null(set);
    json_incref(set);
    json_decref(answer);
    return set;
}

static void
expect_text(const json_t *object, const char *key, const char *value)
{
    assert_string_equal(json_string_value(json_object_get(object, key)), value);
}

static void
files_that_disagree_make_an_inconsistent_set_in_any_order(void **state)
{
    struct arena *arena = arena_create(ARENA_MAX);
    const char   *nds = package(arena, "Rb-nds", "0", NDS("3.00"));
    const char   *dochody = package(arena, "Rb-27s", "0", DOCHODY_1);
    const char   *one[FILES_MAX] = {nds, dochody};
    const char   *other[FILES_MAX] = {dochody, nds};
    json_t       *set = first_set(arena, one);
    json_t       *turned = first_set(arena, other);

    (void)state;
    assert_true(json_equal(set, turned));
    expect_text(set, "scope", "jst");
    expect_text(set, "state", "inconsistent");
    expect_text(set, "period", "2026-Q2");
    assert_int_equal(json_array_size(json_object_get(set, "findings")), 1);
    const json_t *finding = json_array_get(json_object_get(set, "findings"), 0);
    expect_text(finding, "code", "ZESTAW-001");
    expect_text(finding, "severity", "query");
    expect_text(finding, "found", "3,00");
    expect_text(finding, "expected", "1,00");
    expect_text(json_object_get(finding, "report"), "form", "Rb-NDS");
    expect_text(json_object_get(finding, "report"), "file", nds);
    assert_non_null(strstr(json_string_value(json_object_get(finding, "xpath")), "Pozycja[1]/P"));
    json_decref(set);
    json_decref(turned);
    struct program_result text = validate(arena, one, "--no-color");
    assert_true(program_says(text.out, "Zestaw GMINA PRZYKŁADOWA  2026-Q2  niezgodny\n"));
    assert_true(program_says(text.out, "; między sprawozdaniami: 1 pytanie, "));
    assert_true(program_says(text.out, "ZESTAW-001  ? pytanie: Dochody ogółem (wiersz A) to 3,00"));
    assert_true(program_says(
        text.out,
        str_format(arena, "        1,00  Rb-27S 2026-Q2, GMINA PRZYKŁADOWA, plik %s  (", dochody)
            .data));
    program_forget(nds);
    program_forget(dochody);
    arena_destroy(arena);
}

/* A finding of a set stands in every form of the answer, and names the file of the other side. */
static void
every_format_tells_what_sets_found(void **state)
{
    static const struct {
        const char *option;
        const char *says;
    } formats[] = {
        {"--csv",            ";ZESTAW-001;query;Dochody ogółem (wiersz A) to 3,00" },
        {"--format=sarif",   "\"ruleId\":\"ZESTAW-001\""                             },
        {"--format=ess",     "\"expression\":\"ZESTAW-001\",\"severity\":\"warning\""},
        {"--format=ess-csv", ";ZESTAW-001;warning;"                                  },
    };
    struct arena *arena = arena_create(ARENA_MAX);
    const char   *nds = package(arena, "Rb-nds", "0", NDS("3.00"));
    const char   *dochody = package(arena, "Rb-27s", "0", DOCHODY_1);
    const char   *files[FILES_MAX] = {nds, dochody};

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(formats); i++) {
        struct program_result told = validate(arena, files, formats[i].option);
        EXPECT(program_says(told.out, formats[i].says), formats[i].option);
    }
    struct program_result csv = validate(arena, files, "--csv");
    EXPECT(program_says(csv.out, str_format(arena,
                                            "porównane z: 1,00 Rb-27S 2026-Q2, GMINA "
                                            "PRZYKŁADOWA, plik %s (wiersz 1,",
                                            dochody)
                                     .data),
           "csv");
    struct program_result sarif = validate(arena, files, "--format=sarif");
    EXPECT(program_says(sarif.out, str_format(arena,
                                              "PRZYKŁADOWA, plik %s\"},\"physicalLocation\":{"
                                              "\"artifactLocation\":{\"uri\":\"%s\",\"index\":1}",
                                              dochody, dochody)
                                       .data),
           "sarif");
    program_forget(nds);
    program_forget(dochody);
    arena_destroy(arena);
}

static void
a_file_alone_waits_for_what_it_is_compared_with(void **state)
{
    struct arena         *arena = arena_create(ARENA_MAX);
    const char           *nds = package(arena, "Rb-nds", "0", NDS("3.00"));
    const char           *files[FILES_MAX] = {nds};
    json_t               *set = first_set(arena, files);
    struct program_result text = validate(arena, files, "--no-color");

    (void)state;
    expect_text(set, "state", "incomplete");
    assert_int_equal(json_array_size(json_object_get(set, "findings")), 0);
    json_decref(set);
    assert_true(program_says(text.out, "Zestaw GMINA PRZYKŁADOWA  2026-Q2  niepełny\n"));
    assert_false(program_says(text.out, "między sprawozdaniami"));
    assert_true(program_says(text.out, "  ZESTAW-001 czeka na: Rb-27S zbiorcze za 2026-Q2\n"));
    program_forget(nds);
    arena_destroy(arena);
}

static void
of_several_versions_the_highest_counts(void **state)
{
    struct arena *arena = arena_create(ARENA_MAX);
    const char   *wrong = package(arena, "Rb-nds", "0", NDS("3.00"));
    const char   *right = package(arena, "Rb-nds", "1", NDS("1.00"));
    const char   *dochody = package(arena, "Rb-27s", "0", DOCHODY_1);
    const char   *files[FILES_MAX] = {right, wrong, dochody};
    json_t       *set = first_set(arena, files);

    (void)state;
    assert_int_equal(json_array_size(json_object_get(set, "findings")), 0);
    json_decref(set);
    program_forget(wrong);
    program_forget(right);
    program_forget(dochody);
    arena_destroy(arena);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(files_that_disagree_make_an_inconsistent_set_in_any_order),
        cmocka_unit_test(every_format_tells_what_sets_found),
        cmocka_unit_test(a_file_alone_waits_for_what_it_is_compared_with),
        cmocka_unit_test(of_several_versions_the_highest_counts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

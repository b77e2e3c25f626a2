#include "gateway/checker/checker.h"
#include "gateway/definitions/definitions.h"
#include "tests/support/expect.h"
#include "validators/decision/decision.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/*
 * Every proper prefix of a real-shaped file, as a broken transfer would leave it, goes through the
 * whole judgement: each is refused, by one code of its own, and none is accepted.
 */
#define ROOM ((size_t)64 << 20U)

/* What may be said of a file that ends too early. */
static const char *const cut_codes[] = {"XML-001", "XML-002", "XML-006", "XML-016",
                                        "XML-030", "XML-090", "XML-095"};

static struct arena      *kept;
static struct definitions definitions;
static struct str         sample;

static struct str
read_sample(struct arena *arena)
{
    FILE *file = fopen(BRAMA_SOURCE_DIR "/tests/samples/korekta-wydatki-2026-q2.xml", "rb");

    assert_non_null(file);
    assert_int_equal(fseek(file, 0, SEEK_END), 0);
    size_t size = (size_t)ftell(file);
    rewind(file);
    char *bytes = ARENA_NEW(arena, char, size);
    assert_non_null(bytes);
    assert_int_equal(fread(bytes, 1, size, file), size);
    (void)fclose(file); /* it was only read */
    return (struct str){bytes, size};
}

static int
load(void **state)
{
    struct fault fault = {0};

    (void)state;
    kept = arena_create((size_t)256 << 20U);
    sample = read_sample(kept);
    return definitions_load(kept, NULL, &definitions, &fault) == ERR_OK ? 0 : -1;
}

static int
unload(void **state)
{
    (void)state;
    arena_destroy(kept);
    return 0;
}

static const struct decided_file *
judge(struct arena *arena, struct str bytes)
{
    struct fault                 fault = {0};
    struct checker_answer        answer = {.end = CHECKER_NOT_RUN};
    const struct check_request   file = {.bytes = bytes,
                                         .limits = &prescan_limits_default,
                                         .catalogue = definitions.catalogue,
                                         .schemas = definitions.schemas,
                                         .at = INT64_C(1784930399)}; /* 2026-07-24 23:59:59 */
    const struct checker_request check = {
        .files = &file, .file_count = 1, .limits = checker_limits_default};
    const struct decided_file *decided = NULL;

    checker_run_here(arena, &check, &answer);
    assert_int_equal(answer.end, CHECKER_DONE);
    const struct decision_file judged = {
        .name = STR("prefix"), .bytes = bytes, .checked = &answer.checked};
    const struct decision_request request = {.catalogue = definitions.catalogue,
                                             .rules = definitions.rules,
                                             .environment = ENVIRONMENT_TEST,
                                             .at = file.at,
                                             .files = &judged,
                                             .file_count = 1};
    assert_int_equal(decision_make(arena, &request, &decided, &fault), ERR_OK);
    return decided;
}

static bool
is_cut_code(const char *code)
{
    for (size_t i = 0; i < ARRAY_COUNT(cut_codes); i++) {
        if (strcmp(cut_codes[i], code) == 0) {
            return true;
        }
    }
    return false;
}

/* Exactly one finding says that the file is cut; the rest may tell of what came before the cut. */
static void
check_prefix(size_t size)
{
    struct arena              *arena = arena_create(ROOM);
    char                      *copy = malloc(size + 1); /* of its own, so that ASan sees its end */
    const struct decided_file *decided = NULL;
    size_t                     cuts = 0;

    assert_non_null(copy);
    memcpy(copy, sample.data, size);
    char *exact = realloc(copy, size == 0 ? 1 : size);
    assert_non_null(exact);
    decided = judge(arena, (struct str){exact, size});
    for (size_t i = 0; i < decided->findings.count; i++) {
        cuts += is_cut_code(decided->findings.items[i].finding.code) ? 1 : 0;
    }
    if (decided->verdict != VERDICT_REJECTED || cuts != 1) {
        fail_msg("prefix of %zu bytes: verdict %d, %zu findings that it is cut", size,
                 (int)decided->verdict, cuts);
    }
    free(exact);
    arena_destroy(arena);
}

static void
no_proper_prefix_is_accepted(void **state)
{
    (void)state;
    for (size_t size = 0; size < sample.size; size++) {
        check_prefix(size);
    }
}

static void
whole_file_is_not_called_cut(void **state)
{
    struct arena              *arena = arena_create(ROOM);
    const struct decided_file *decided = judge(arena, sample);

    (void)state;
    for (size_t i = 0; i < decided->findings.count; i++) {
        assert_false(is_cut_code(decided->findings.items[i].finding.code));
    }
    assert_int_equal(decided->verdict, VERDICT_ACCEPTED);
    arena_destroy(arena);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(whole_file_is_not_called_cut),
        cmocka_unit_test(no_proper_prefix_is_accepted),
    };

    return cmocka_run_group_tests(tests, load, unload);
}

#include "tests/scenario/bad_input/answer.h"
#include "tests/scenario/bad_input/keys.h"
#include "tests/scenario/cli/program.h"
#include "tests/support/evil.h"
#include "tests/support/expect.h"
#include "tests/support/maker.h"

#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

/*
 * What bad input gets from the real `brama validate --json`: one row per input, with the exit
 * status, the verdict of the file, all codes and the verdict of each report. A finding, never a
 * crash, a hang or an accept.
 */
#define ROOM ((size_t)512 << 20U)

/*
 * Processor time of one run: a guard against hangs, not a benchmark. On a quiet machine the bound
 * is 0.8 s for anything within the caps (ops/bench has the figures); this is ten times that, once
 * more doubled for a sanitized build.
 */
enum { SECONDS_MAX = 16 };

static const struct row faults[] = {
#include "tests/scenario/bad_input/faults.def"
};

static const struct row features[] = {
#include "tests/scenario/bad_input/features.def"
};

static const struct row evils[] = {
#include "tests/scenario/bad_input/evils.def"
};

static const struct row samples[] = {
#include "tests/scenario/bad_input/samples.def"
};

static int64_t
seconds_of_children(void)
{
    struct rusage used;

    assert_int_equal(getrusage(RUSAGE_CHILDREN, &used), 0);
    return used.ru_utime.tv_sec + used.ru_stime.tv_sec;
}

static bool
file_agrees(struct arena *arena, const struct row *row, const char *path, const char *trust)
{
    struct program program = {
        .arguments = {"validate", "--json", "--trust", trust, "--at", "2026-07-24", path}
    };
    int64_t before = seconds_of_children();

    struct program_result result = program_run(arena, &program);
    EXPECT(seconds_of_children() - before <= SECONDS_MAX, row->name);
    json_t *answer = json_loadb(result.out.data, result.out.size, 0, NULL);
    bool    agrees = result.exit_code == row->exit_code
                  && answer_agrees(arena, row, json_array_get(json_object_get(answer, "files"), 0));
    if (!agrees) {
        print_error("  exit code %d, expected %d; %.*s\n", result.exit_code, row->exit_code,
                    STR_ARG(result.err));
    }
    json_decref(answer);
    return agrees;
}

static bool
bytes_agree(struct arena *arena, const struct row *row, struct str bytes)
{
    const char *path = program_temporary(arena, bytes);
    bool        agrees = file_agrees(arena, row, path, keys_trust);

    program_forget(path);
    return agrees;
}

static size_t
wrong_package(const struct row *row, const struct maker_options *options)
{
    struct arena *arena = arena_create(ROOM);
    struct fault  fault = {0};
    struct str    package = {0};

    EXPECT(maker_package(arena, options, keys_authority, &package, &fault) == ERR_OK, row->name);
    size_t wrong = bytes_agree(arena, row, package) ? 0 : 1;
    arena_destroy(arena);
    return wrong;
}

static void
packages_with_one_fault_get_just_its_codes(void **state)
{
    size_t wrong = 0;

    (void)state;
    assert_int_equal(maker_fault_count(), ARRAY_COUNT(faults));
    for (size_t i = 0; i < maker_fault_count(); i++) {
        struct maker_options options = {.fault = maker_fault_name(i), .rows = 8};
        wrong += wrong_package(answer_row(faults, ARRAY_COUNT(faults), options.fault), &options);
    }
    assert_int_equal(wrong, 0);
}

static void
packages_with_unusual_features_are_judged_by_them(void **state)
{
    size_t wrong = 0;

    (void)state;
    assert_int_equal(maker_feature_count(), ARRAY_COUNT(features));
    for (size_t i = 0; i < maker_feature_count(); i++) {
        const char          *name = maker_feature_name(i);
        struct maker_options options = {.features = maker_feature(name), .rows = 8};
        wrong += wrong_package(answer_row(features, ARRAY_COUNT(features), name), &options);
    }
    assert_int_equal(wrong, 0);
}

static void
evil_inputs_get_just_their_codes(void **state)
{
    size_t wrong = 0;

    (void)state;
    assert_int_equal(evil_count(), ARRAY_COUNT(evils));
    for (size_t i = 0; i < evil_count(); i++) {
        struct arena *arena = arena_create(ROOM);
        struct fault  fault = {0};
        struct str    bytes = {0};

        assert_int_equal(evil_write(arena, i, &bytes, &fault), ERR_OK);
        if (!bytes_agree(arena, answer_row(evils, ARRAY_COUNT(evils), evil_name(i)), bytes)) {
            wrong++;
        }
        arena_destroy(arena);
    }
    assert_int_equal(wrong, 0);
}

static void
samples_get_just_their_codes(void **state)
{
    size_t wrong = 0;

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(samples); i++) {
        struct arena *arena = arena_create(ROOM);
        struct str    path = str_format(arena, "tests/samples/%s", samples[i].name);

        if (!file_agrees(arena, &samples[i], path.data,
                         "tests/samples/urzad-certyfikacji-przyklad.pem")) {
            wrong++;
        }
        arena_destroy(arena);
    }
    assert_int_equal(wrong, 0);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(samples_get_just_their_codes),
        cmocka_unit_test(packages_with_unusual_features_are_judged_by_them),
        cmocka_unit_test(packages_with_one_fault_get_just_its_codes),
        cmocka_unit_test(evil_inputs_get_just_their_codes),
    };

    return cmocka_run_group_tests(tests, keys_make, keys_drop);
}

#include "tests/support/expect.h"
#include "tests/support/sketch.h"
#include "validators/base/buf.h"
#include "validators/check/checked.h"

/*
 * Units name their reports and signatures by ranges, these name their unit: whoever wrote the
 * answer must have said the same twice. The sketch has two units: reports [0, 1) and [1, 3),
 * signatures [0, 2) and none.
 */
enum { ENCODED_MAX = 1 << 20, ARENA_MAX = 8 << 20 };

struct ranges {
    const char *name;
    uint32_t    reports[2][2]; /* of each unit: from, count */
    uint32_t    signatures[2][2];
    uint32_t    report_units[3];
    uint32_t    signature_units[2];
};

static const struct ranges bad[] = {
    {"report in both units",            {{0, 2}, {1, 2}}, {{0, 2}, {2, 0}}, {0, 1, 1}, {0, 0}},
    {"every report in both units",      {{0, 3}, {0, 3}}, {{0, 2}, {2, 0}}, {0, 1, 1}, {0, 0}},
    {"first report in no unit",         {{1, 0}, {1, 2}}, {{0, 2}, {2, 0}}, {0, 1, 1}, {0, 0}},
    {"middle report in no unit",        {{0, 1}, {2, 1}}, {{0, 2}, {2, 0}}, {0, 1, 1}, {0, 0}},
    {"last report in no unit",          {{0, 1}, {1, 1}}, {{0, 2}, {2, 0}}, {0, 1, 1}, {0, 0}},
    {"no unit has a report",            {{0, 0}, {0, 0}}, {{0, 2}, {2, 0}}, {0, 1, 1}, {0, 0}},
    {"units in the wrong order",        {{2, 1}, {0, 2}}, {{0, 2}, {2, 0}}, {1, 1, 0}, {0, 0}},
    {"report names the unit before",    {{0, 1}, {1, 2}}, {{0, 2}, {2, 0}}, {0, 0, 1}, {0, 0}},
    {"report names the unit behind",    {{0, 1}, {1, 2}}, {{0, 2}, {2, 0}}, {1, 1, 1}, {0, 0}},
    {"reports name each other's unit",  {{0, 1}, {1, 2}}, {{0, 2}, {2, 0}}, {1, 0, 1}, {0, 0}},
    {"signature in both units",         {{0, 1}, {1, 2}}, {{0, 2}, {1, 1}}, {0, 1, 1}, {0, 0}},
    {"every signature in both units",   {{0, 1}, {1, 2}}, {{0, 2}, {0, 2}}, {0, 1, 1}, {0, 1}},
    {"first signature in no unit",      {{0, 1}, {1, 2}}, {{1, 1}, {2, 0}}, {0, 1, 1}, {0, 0}},
    {"last signature in no unit",       {{0, 1}, {1, 2}}, {{0, 1}, {1, 0}}, {0, 1, 1}, {0, 0}},
    {"signatures in the wrong order",   {{0, 1}, {1, 2}}, {{1, 1}, {0, 1}}, {0, 1, 1}, {1, 0}},
    {"signature names the other unit",  {{0, 1}, {1, 2}}, {{0, 2}, {2, 0}}, {0, 1, 1}, {0, 1}},
    {"signature names the unit before", {{0, 1}, {1, 2}}, {{0, 1}, {1, 1}}, {0, 1, 1}, {0, 0}},
};

static const struct ranges good[] = {
    {"as sketched",                {{0, 1}, {1, 2}}, {{0, 2}, {2, 0}}, {0, 1, 1}, {0, 0}},
    {"first unit has no reports",  {{0, 0}, {0, 3}}, {{0, 0}, {0, 2}}, {1, 1, 1}, {1, 1}},
    {"second unit has no reports", {{0, 3}, {3, 0}}, {{0, 2}, {2, 0}}, {0, 0, 0}, {0, 0}},
    {"one signature each",         {{0, 1}, {1, 2}}, {{0, 1}, {1, 1}}, {0, 1, 1}, {0, 1}},
};

static enum err
cross(const struct ranges *ranges)
{
    struct arena   *arena = arena_create(ARENA_MAX);
    struct checked  given = sketch_checked(arena);
    struct package *package = &given.package;
    struct buf      bytes = buf_create(arena, ENCODED_MAX);
    struct checked  got = {0};
    struct fault    fault = {0};

    for (size_t i = 0; i < package->unit_count; i++) {
        package->units[i].report_from = ranges->reports[i][0];
        package->units[i].report_count = ranges->reports[i][1];
        package->units[i].signature_from = ranges->signatures[i][0];
        package->units[i].signature_count = ranges->signatures[i][1];
    }
    for (size_t i = 0; i < package->report_count; i++) {
        package->reports[i].unit = ranges->report_units[i];
    }
    for (size_t i = 0; i < package->signature_count; i++) {
        package->signatures[i].unit = ranges->signature_units[i];
        package->signatures[i].report = REPORT_NONE;
        package->signatures[i].failed_step = SIGNATURE_STEP_REFERENCE;
    }
    EXPECT(checked_encode(&given, &bytes, &fault) == ERR_OK, ranges->name);
    enum err err = checked_decode(arena, buf_str(&bytes), SKETCH_FILE_SIZE, sketch_catalogue(arena),
                                  &got, &fault);
    EXPECT((err == ERR_OK) == (got.findings != NULL), ranges->name);
    arena_destroy(arena);
    return err;
}

static void
ranges_that_overlap_gape_or_disagree_are_malformed(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(bad); i++) {
        EXPECT(cross(&bad[i]) == ERR_WIRE, bad[i].name);
    }
}

static void
ranges_that_share_out_everything_in_order_are_read(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(good); i++) {
        EXPECT(cross(&good[i]) == ERR_OK, good[i].name);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ranges_that_overlap_gape_or_disagree_are_malformed),
        cmocka_unit_test(ranges_that_share_out_everything_in_order_are_read),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

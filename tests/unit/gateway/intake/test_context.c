#include "gateway/intake/context.h"
#include "tests/support/expect.h"
#include "validators/base/parcel.h"

#include <string.h>

#define ROOM ((size_t)16 << 20U)

enum { ENCODED_MAX = 1 << 20, REPORTS = 3, UNITS = 2 };

static const struct queued queued = {.subject = 42,
                                     .subject_name = STR_INIT("Gmina Przykładów"),
                                     .subject_regon = STR_INIT("990000022")};

static struct registry_answer units[UNITS] = {
    {.standing = STANDING_GOOD,
     .unit = 7,
     .top = 42,
     .period_top = 43,
     .name = STR_INIT("SP 1"),
     .kind = STR_INIT("jednostka-budzetowa"),
     .registered = STR_INIT("")},
    {.standing = STANDING_UNKNOWN, .unit = 0, .top = 0, .name = {0}, .kind = {0}},
};
static struct before before[REPORTS] = {
    {.exists = true,
     .corrected = true,
     .report = INT64_MAX,
     .version = INT32_MIN,
     .arrived = -1,
     .log_index = 9,
     .sha256 = {1, 2, 3}},
    {0},
    {.has_later = true      },
};
static struct filed filed[REPORTS] = {[1] = {.twin = TIMELINESS_CORRECTION}};

static struct concluding
item_of(const struct decided_file *decided)
{
    return (struct concluding){.queued = &queued,
                               .decided = decided,
                               .units = units,
                               .unit_count = UNITS,
                               .environment = ENVIRONMENT_PROD,
                               .receiver = STR("Brama próbna"),
                               .switched_off = STR("RB27S-001 RB28S-004"),
                               .before = before,
                               .filed = filed};
}

static struct str
encode(struct arena *arena, const struct concluding *item)
{
    struct buf out = buf_create(arena, ENCODED_MAX);

    context_encode(&out, item);
    assert_true(buf_ok(&out));
    return buf_str(&out);
}

static void
what_a_decision_read_comes_back_as_it_was(void **state)
{
    const struct decided_file decided = {.report_count = REPORTS};
    struct concluding         item = item_of(&decided);
    struct arena             *arena = arena_create(ROOM);
    struct context            got = {0};
    struct fault              fault = {0};

    (void)state;
    assert_int_equal(context_decode(arena, encode(arena, &item), &got, &fault), ERR_OK);
    assert_int_equal(got.environment, ENVIRONMENT_PROD);
    assert_true(str_equal(got.receiver, item.receiver) && got.sender == queued.subject);
    assert_true(str_equal(got.sender_name, queued.subject_name)
                && str_equal(got.sender_regon, queued.subject_regon));
    assert_true(str_equal(got.switched_off, item.switched_off));
    assert_int_equal(got.unit_count, UNITS);
    assert_true(got.units[0].unit == 7 && str_equal(got.units[0].kind, units[0].kind));
    assert_true(got.units[0].top == 42 && got.units[0].period_top == 43);
    assert_true(got.units[0].registered.data != NULL && got.units[1].name.data == NULL);
    assert_int_equal(got.report_count, REPORTS);
    assert_memory_equal(&got.before[0].sha256, &before[0].sha256, sizeof before[0].sha256);
    assert_true(got.before[0].exists && got.before[0].corrected && !got.before[0].has_later);
    assert_true(got.before[0].report == INT64_MAX && got.before[0].version == INT32_MIN
                && got.before[0].arrived == -1);
    assert_true(!got.before[1].exists && got.twins[1] == TIMELINESS_CORRECTION);
    assert_true(got.before[2].has_later && got.twins[2] == TIMELINESS_NONE);
    arena_destroy(arena);
}

/* What was kept before the JST of the period's end was asked for. */
static void
without_the_jst_of_the_period_that_of_the_day_is_read(void **state)
{
    struct arena  *arena = arena_create(ROOM);
    struct buf     out = buf_create(arena, ENCODED_MAX);
    struct context got = {0};
    struct fault   fault = {0};

    (void)state;
    parcel_put_number(&out, 3);
    parcel_put_number(&out, ENVIRONMENT_TEST);
    parcel_put_text(&out, STR("Brama próbna"));
    parcel_put_number(&out, 42);
    parcel_put_text(&out, STR("Gmina Przykładów"));
    parcel_put_text(&out, STR("990000022"));
    parcel_put_text(&out, STR(""));
    parcel_put_number(&out, 1);
    parcel_put_number(&out, STANDING_GOOD);
    parcel_put_number(&out, 7);
    parcel_put_number(&out, 42);
    parcel_put_text(&out, STR("SP 1"));
    parcel_put_text(&out, STR("jednostka-budzetowa"));
    parcel_put_text(&out, STR(""));
    parcel_put_number(&out, 0);
    parcel_put_number(&out, 0);
    assert_int_equal(context_decode(arena, buf_str(&out), &got, &fault), ERR_OK);
    assert_true(got.unit_count == 1 && got.units[0].top == 42 && got.units[0].period_top == 42);
    assert_true(str_equal(got.units[0].name, STR("SP 1")));
    arena_destroy(arena);
}

static void
delivery_has_neither_units_nor_reports(void **state)
{
    struct concluding item = item_of(NULL);
    struct arena     *arena = arena_create(ROOM);
    struct context    got = {0};
    struct fault      fault = {0};

    (void)state;
    item.units = NULL;
    assert_int_equal(context_decode(arena, encode(arena, &item), &got, &fault), ERR_OK);
    assert_int_equal(got.unit_count, 0);
    assert_int_equal(got.report_count, 0);
    arena_destroy(arena);
}

static void
bytes_cut_anywhere_or_followed_by_others_are_refused(void **state)
{
    const struct decided_file decided = {.report_count = REPORTS};
    struct concluding         item = item_of(&decided);
    struct arena             *kept = arena_create(ROOM);
    struct str                whole = encode(kept, &item);

    (void)state;
    for (size_t size = 0; size < whole.size; size++) {
        struct arena  *arena = arena_create(ROOM);
        struct context got = {0};
        struct fault   fault = {0};
        assert_int_equal(context_decode(arena, str_slice(whole, 0, size), &got, &fault), ERR_WIRE);
        assert_true(got.units == NULL && got.before == NULL);
        arena_destroy(arena);
    }
    struct buf out = buf_create(kept, ENCODED_MAX);
    buf_append(&out, whole);
    buf_byte(&out, '\0');
    struct str     longer = buf_str(&out);
    struct context got = {0};
    struct fault   fault = {0};
    assert_int_equal(context_decode(kept, longer, &got, &fault), ERR_WIRE);
    arena_destroy(kept);
}

static void
memory_that_is_too_little_is_said(void **state)
{
    const struct decided_file decided = {.report_count = REPORTS};
    struct concluding         item = item_of(&decided);
    struct arena             *kept = arena_create(ROOM);
    struct str                whole = encode(kept, &item);
    enum err                  got_last = ERR_MEMORY;

    (void)state;
    for (size_t room = 0; room < (size_t)8 * 1024; room += 16) {
        struct arena  *arena = arena_create(room);
        struct context got = {0};
        struct fault   fault = {0};
        enum err       result = context_decode(arena, whole, &got, &fault);
        assert_true(result == ERR_OK || (result == ERR_MEMORY && got.units == NULL));
        got_last = result;
        arena_destroy(arena);
    }
    assert_int_equal(got_last, ERR_OK);
    arena_destroy(kept);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_a_decision_read_comes_back_as_it_was),
        cmocka_unit_test(without_the_jst_of_the_period_that_of_the_day_is_read),
        cmocka_unit_test(delivery_has_neither_units_nor_reports),
        cmocka_unit_test(bytes_cut_anywhere_or_followed_by_others_are_refused),
        cmocka_unit_test(memory_that_is_too_little_is_said),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

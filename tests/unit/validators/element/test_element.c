#include "tests/support/expect.h"
#include "validators/element/element.h"

#include <string.h>

enum { PLENTY = 1024 * 1024 };

static enum err
open_named(struct element_table *table, const char *name)
{
    struct element event = {.name = str_of(name)};
    struct fault   fault = {0};

    return element_open(table, &event, &fault);
}

/* <a x="1"><b>one</b><c/><b>  two </b>tail</a> */
static void
fill(struct element_table *table)
{
    static const struct element_attribute attributes[] = {
        {.space = {"urn:n", 5}, .name = {"x", 1}, .value = {"0", 1}},
        {.name = {"x", 1},                     .value = {"1", 1}                     },
    };
    struct element top = {.name = STR("a"), .attributes = attributes, .attribute_count = 2};

    assert_int_equal(element_open(table, &top, NULL), ERR_OK);
    assert_int_equal(open_named(table, "b"), ERR_OK);
    assert_int_equal(element_text(table, STR("o"), NULL), ERR_OK);
    assert_int_equal(element_text(table, STR("ne"), NULL), ERR_OK);
    element_close(table, 10);
    assert_int_equal(open_named(table, "c"), ERR_OK);
    element_close(table, 20);
    assert_int_equal(open_named(table, "b"), ERR_OK);
    assert_int_equal(element_text(table, STR("  two "), NULL), ERR_OK);
    element_mark_impure(table);
    element_close(table, 30);
    assert_int_equal(element_text(table, STR("tail"), NULL), ERR_OK);
    element_close(table, 40);
}

static void
element_table_is_read_by_name(void **state)
{
    struct arena        *arena = arena_create(PLENTY);
    struct element_table table = element_table_create(arena, 100, 1000);

    (void)state;
    fill(&table);
    assert_int_equal(table.count, 4);
    int32_t first = element_child(&table, 0, (struct str){0}, STR("b"));
    int32_t second = element_next(&table, first);
    assert_int_equal(first, 1);
    assert_int_equal(second, 3);
    assert_int_equal(element_next(&table, second), ELEMENT_NONE);
    assert_int_equal(element_child(&table, 0, STR("urn:n"), STR("b")), ELEMENT_NONE);
    assert_int_equal(element_child(&table, first, (struct str){0}, STR("b")), ELEMENT_NONE);
    assert_true(str_equal(element_attribute(&table, 0, "x"), STR("1")));
    assert_null(element_attribute(&table, 0, "y").data);
    assert_null(element_attribute(&table, 1, "x").data);
    assert_true(str_equal(element_child_text(&table, 0, "b"), STR("one")));
    assert_int_equal(element_child_text(&table, 0, "c").size, 0);
    assert_int_equal(element_child_text(&table, 0, "d").size, 0);
    assert_true(str_equal(table.items[3].text, STR("  two ")));
    assert_true(str_equal(table.items[0].text, STR("tail")));
    assert_true(table.items[3].impure && !table.items[0].impure);
    assert_int_equal(table.items[1].end, 10);
    assert_int_equal(table.items[0].end, 40);
    assert_int_equal(table.items[3].parent, 0);
    assert_int_equal(table.open, ELEMENT_NONE);
    arena_destroy(arena);
}

static void
element_text_joins_the_pieces_round_a_child(void **state)
{
    struct arena        *arena = arena_create(PLENTY);
    struct element_table table = element_table_create(arena, 100, 1000);

    (void)state;
    assert_int_equal(open_named(&table, "a"), ERR_OK);
    assert_int_equal(element_text(&table, (struct str){0}, NULL), ERR_OK);
    assert_int_equal(element_text(&table, STR("one"), NULL), ERR_OK);
    assert_int_equal(open_named(&table, "b"), ERR_OK);
    assert_int_equal(element_text(&table, STR("child"), NULL), ERR_OK);
    element_close(&table, 0);
    assert_int_equal(element_text(&table, STR("two"), NULL), ERR_OK);
    assert_true(str_equal(table.items[0].text, STR("onetwo")));
    assert_true(str_equal(table.items[1].text, STR("child")));
    arena_destroy(arena);
}

static void
element_table_stops_at_its_count(void **state)
{
    (void)state;
    for (size_t count_max = 1; count_max < 70; count_max++) {
        struct arena        *arena = arena_create(PLENTY);
        struct element_table table = element_table_create(arena, count_max, 10);
        assert_int_equal(open_named(&table, "top"), ERR_OK);
        for (size_t i = 1; i < count_max; i++) {
            assert_int_equal(open_named(&table, "x"), ERR_OK);
            element_close(&table, 0);
        }
        assert_int_equal(open_named(&table, "x"), ERR_LIMIT);
        assert_int_equal(table.count, count_max);
        assert_int_equal(table.open, 0);
        arena_destroy(arena);
    }
}

static void
element_table_stops_at_its_depth(void **state)
{
    struct arena        *arena = arena_create(PLENTY);
    struct element_table table = element_table_create(arena, 1000, 10);

    (void)state;
    for (size_t i = 0; i < ELEMENT_DEPTH_MAX; i++) {
        assert_int_equal(open_named(&table, "x"), ERR_OK);
    }
    assert_int_equal(open_named(&table, "x"), ERR_LIMIT);
    element_close(&table, 0);
    assert_int_equal(open_named(&table, "x"), ERR_OK);
    arena_destroy(arena);
}

static void
element_table_stops_at_its_text(void **state)
{
    struct element_attribute long_value = {.name = STR("x"), .value = STR("123456")};
    struct element event = {.name = STR("a"), .attributes = &long_value, .attribute_count = 1};

    (void)state;
    struct arena        *arena = arena_create(PLENTY);
    struct element_table table = element_table_create(arena, 10, 5);
    assert_int_equal(element_open(&table, &event, NULL), ERR_LIMIT);
    assert_int_equal(table.count, 0);
    long_value.value.size = 5;
    assert_int_equal(element_open(&table, &event, NULL), ERR_OK);
    assert_int_equal(element_text(&table, STR("1234"), NULL), ERR_OK);
    assert_int_equal(element_text(&table, STR("56"), NULL), ERR_LIMIT);
    assert_true(str_equal(table.items[0].text, STR("1234")));
    assert_int_equal(element_text(&table, STR("5"), NULL), ERR_OK);
    assert_int_equal(element_text(&table, STR("6"), NULL), ERR_LIMIT);
    arena_destroy(arena);
}

static void
element_table_survives_every_memory_ceiling(void **state)
{
    bool complete = false;

    (void)state;
    for (size_t size_max = 0; size_max < 8192; size_max += 16) {
        struct arena              *arena = arena_create(size_max);
        struct element_table       table = element_table_create(arena, 100, 1000);
        struct fault               fault = {0};
        struct element_declaration space = {.prefix = STR("n"), .uri = STR("urn:n")};
        struct element event = {.name = STR("a"), .declarations = &space, .declaration_count = 1};
        enum err       got = element_open(&table, &event, &fault);
        if (got == ERR_OK) {
            got = element_text(&table, STR("text"), &fault);
        }
        assert_true(got == ERR_OK || (got == ERR_MEMORY && fault.code == ERR_MEMORY));
        assert_true(table.count <= 1 && arena_used(arena) <= size_max);
        complete = got == ERR_OK;
        arena_destroy(arena);
    }
    assert_true(complete);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(element_table_is_read_by_name),
        cmocka_unit_test(element_text_joins_the_pieces_round_a_child),
        cmocka_unit_test(element_table_stops_at_its_count),
        cmocka_unit_test(element_table_stops_at_its_depth),
        cmocka_unit_test(element_table_stops_at_its_text),
        cmocka_unit_test(element_table_survives_every_memory_ceiling),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

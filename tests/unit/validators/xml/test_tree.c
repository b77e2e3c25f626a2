#include "tests/support/expect.h"
#include "validators/xml/tree.h"

#include <string.h>

static const struct {
    const char *name;
    const char *bytes;
    const char *text;      /* of the top element; NULL: refused */
    const char *attribute; /* a of the top element */
} cases[] = {
    {"empty element",          "<a/>",                                         "",         NULL           },
    {"text and references",    "<a>x &lt; y &#233;</a>",                       "x < y é", NULL           },
    {"attribute",              "<a a='1'/>",                                   "",         "1"            },
    {"ampersand in attribute", "<a a='x &amp; y &amp;#38; z'/>",               "",         "x & y &#38; z"},
    {"character section",      "<a><![CDATA[<b>]]></a>",                       "<b>",      NULL           },
    {"comments are left out",  "<a>x<!-- y -->z</a>",                          "xz",       NULL           },
    {"text around a child",    "<a>x<b>y</b>z</a>",                            "xz",       NULL           },
    {"nothing",                "",                                             NULL,       NULL           },
    {"no element",             "<!-- a -->",                                   NULL,       NULL           },
    {"an open element",        "<a>",                                          NULL,       NULL           },
    {"two top elements",       "<a/><b/>",                                     NULL,       NULL           },
    {"a DTD",                  "<!DOCTYPE a><a/>",                             NULL,       NULL           },
    {"an entity",              "<!DOCTYPE a [<!ENTITY e 'x'>]><a>&e;</a>",     NULL,       NULL           },
    {"an external entity",     "<!DOCTYPE a SYSTEM 'file:///etc/passwd'><a/>", NULL,       NULL           },
    {"an undeclared entity",   "<a>&e;</a>",                                   NULL,       NULL           },
    {"a doubled attribute",    "<a a='1' a='2'/>",                             NULL,       NULL           },
};

static void
xml_tree_read_follows_the_table(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        struct arena        *arena = arena_create(1 << 20);
        struct fault         fault = {0};
        struct element_table table = {0};
        enum err             err =
            xml_tree_read(arena, str_of(cases[i].bytes), STR("plik.xml"), &table, &fault);

        EXPECT((err == ERR_OK) == (cases[i].text != NULL), cases[i].name);
        if (err == ERR_OK) {
            EXPECT(str_equal(table.items[0].text, str_of(cases[i].text)), cases[i].name);
            EXPECT(str_equal(element_attribute(&table, 0, "a"), str_of(cases[i].attribute)),
                   cases[i].name);
        } else {
            EXPECT(err == ERR_CATALOGUE && strstr(fault.text, "plik.xml:") != NULL, cases[i].name);
            EXPECT(table.items == NULL, cases[i].name);
        }
        arena_destroy(arena);
    }
}

static void
faults_name_the_line(void **state)
{
    struct arena        *arena = arena_create(1 << 20);
    struct fault         fault = {0};
    struct element_table table = {0};

    (void)state;
    assert_int_equal(xml_tree_read(arena, STR("<a>\n<b>\n</a>"), STR("plik.xml"), &table, &fault),
                     ERR_CATALOGUE);
    assert_non_null(strstr(fault.text, "plik.xml:3:"));
    arena_destroy(arena);
}

static void
xml_tree_read_survives_every_memory_ceiling(void **state)
{
    enum err err = ERR_MEMORY;

    (void)state;
    for (size_t size_max = 0; err == ERR_MEMORY; size_max += 16) {
        struct arena        *arena = arena_create(size_max);
        struct fault         fault = {0};
        struct element_table table = {0};
        err =
            xml_tree_read(arena, STR("<a b='1 &amp; 2'><c>text</c></a>"), STR("x"), &table, &fault);
        assert_true(err == ERR_OK || err == ERR_MEMORY);
        assert_true((err == ERR_OK) == (table.items != NULL));
        arena_destroy(arena);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(xml_tree_read_follows_the_table),
        cmocka_unit_test(faults_name_the_line),
        cmocka_unit_test(xml_tree_read_survives_every_memory_ceiling),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

#include "tests/support/expect.h"
#include "validators/catalogue/bundle.h"

#include <string.h>

static const struct {
    const char *name;
    const char *text;
    const char *complaint; /* part of the fault; NULL: it must be read */
} cases[] = {
    {"no files",             "BRAMA-BUNDLE 1\n\n",                  NULL            },
    {"one file",             "BRAMA-BUNDLE 1\n3 a\n\nxyz",          NULL            },
    {"an empty file",        "BRAMA-BUNDLE 1\n0 a\n1 b\n\nx",       NULL            },
    {"empty",                "",                                    "not a bundle"  },
    {"another magic",        "BRAMA-BUNDLE 2\n\n",                  "not a bundle"  },
    {"out of order",         "BRAMA-BUNDLE 1\n1 b\n1 a\n\nxy",      "out of order"  },
    {"one path twice",       "BRAMA-BUNDLE 1\n1 a\n1 a\n\nxy",      "out of order"  },
    {"size is no number",    "BRAMA-BUNDLE 1\nx a\n\nx",            "bad index line"},
    {"negative size",        "BRAMA-BUNDLE 1\n-1 a\n\nx",           "bad index line"},
    {"size beyond all",      "BRAMA-BUNDLE 1\n999999999999 a\n\nx", "bad index line"},
    {"no path",              "BRAMA-BUNDLE 1\n1 \n\nx",             "bad index line"},
    {"no blank",             "BRAMA-BUNDLE 1\n1\n\nx",              "bad index line"},
    {"one byte is missing",  "BRAMA-BUNDLE 1\n3 a\n\nxy",           "cut off"       },
    {"one byte too many",    "BRAMA-BUNDLE 1\n1 a\n\nxy",           "bytes behind"  },
    {"index without an end", "BRAMA-BUNDLE 1\n1 a\n",               "cut off"       },
};

static void
bundle_parse_follows_the_table(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        struct arena *arena = arena_create(1 << 20);
        struct fault  fault = {0};
        struct bundle bundle = {0};
        enum err      got = bundle_parse(arena, str_of(cases[i].text), &bundle, &fault);

        EXPECT((got == ERR_OK) == (cases[i].complaint == NULL), cases[i].name);
        if (cases[i].complaint != NULL) {
            EXPECT(got == ERR_CATALOGUE, cases[i].name);
            EXPECT(strstr(fault.text, cases[i].complaint) != NULL, cases[i].name);
            EXPECT(bundle.files == NULL, cases[i].name);
        }
        arena_destroy(arena);
    }
}

static void
bundle_write_and_parse_are_opposites(void **state)
{
    struct arena      *arena = arena_create(1 << 20);
    struct buf         out = buf_create(arena, 4096);
    struct fault       fault = {0};
    struct bundle      bundle = {0};
    struct bundle_file files[] = {
        {STR("b/2"),  STR("second\n\nfile")},
        {STR("a"),    STR("")              },
        {STR("b/10"), STR("\0binary")      },
    };

    (void)state;
    assert_int_equal(bundle_write(&out, files, ARRAY_COUNT(files), &fault), ERR_OK);
    assert_int_equal(bundle_parse(arena, buf_str(&out), &bundle, &fault), ERR_OK);
    assert_int_equal(bundle.file_count, 3);
    for (size_t i = 0; i < ARRAY_COUNT(files); i++) {
        struct str bytes = bundle_file(&bundle, files[i].path);
        EXPECT(bytes.data != NULL && str_equal(bytes, files[i].bytes), files[i].path.data);
    }
    assert_null(bundle_file(&bundle, STR("b/3")).data);
    arena_destroy(arena);
}

static void
bundle_write_refuses_what_cannot_be_read_back(void **state)
{
    struct arena      *arena = arena_create(1 << 20);
    struct fault       fault = {0};
    struct bundle_file line_break[] = {
        {STR("a\nb"), STR("x")}
    };
    struct bundle_file nameless[] = {
        {STR(""), STR("x")}
    };
    struct bundle_file large[] = {
        {STR("a"), STR("0123456789")}
    };
    struct buf roomy = buf_create(arena, 4096);
    struct buf exact = buf_create(arena, strlen("BRAMA-BUNDLE 1\n10 a\n\n0123456789") + 1);
    struct buf tight = buf_create(arena, 20);

    (void)state;
    assert_int_equal(bundle_write(&roomy, line_break, 1, &fault), ERR_USAGE);
    assert_int_equal(bundle_write(&roomy, nameless, 1, &fault), ERR_USAGE);
    assert_int_equal(bundle_write(&exact, large, 1, &fault), ERR_OK);
    assert_int_equal(bundle_write(&tight, large, 1, &fault), ERR_LIMIT);
    arena_destroy(arena);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bundle_parse_follows_the_table),
        cmocka_unit_test(bundle_write_and_parse_are_opposites),
        cmocka_unit_test(bundle_write_refuses_what_cannot_be_read_back),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

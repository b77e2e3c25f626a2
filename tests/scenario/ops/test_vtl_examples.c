#include "tests/support/command.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

/* ops/vtl-examples over a suite of our own: what is equal, differs, is outside the subset or has no
 * expected result is told apart. */
#define STRUCTURE                                                                            \
    "{\"components\":[{\"name\":\"Id_1\",\"role\":\"Identifier\",\"data_type\":\"String\"}," \
    "{\"name\":\"Me_1\",\"role\":\"Measure\",\"data_type\":\"Number\"}]}"

static char folder[] = "/tmp/brama-examples-XXXXXX";

static const struct {
    const char *name;
    const char *text;
} files[] = {
    {"ds_1.csv",      "Id_1,Me_1\na,1\nb,3\nc,\n"           },
    {"ds_1.json",     STRUCTURE                             },
    {"ex_right.vtl",  "DS_r := DS_1 / 3;"                   },
    {"ex_right.csv",  "Me_1,Id_1\n,c\n1.00,b\n0.33,\"a\"\n" },
    {"ex_true.vtl",   "DS_r := DS_1 > 1;"                   },
    {"ex_true.csv",   "Id_1,bool_var\nb,True\na,FALSE\nc,\n"},
    {"ex_wrong.vtl",  "DS_r := DS_1 + 1;"                   },
    {"ex_wrong.csv",  "Id_1,Me_1\na,2\nb,4.5\nc,\n"         },
    {"ex_fewer.vtl",  "DS_r := DS_1;"                       },
    {"ex_fewer.csv",  "Id_1,Me_1\na,1\nb,3\n"               },
    {"ex_beyond.vtl", "DS_r := ln(DS_1);"                   },
    {"ex_beyond.csv", "Id_1,Me_1\n"                         },
    {"ex_faulty.vtl", "DS_r := DS_9;"                       },
    {"ex_faulty.csv", "Id_1,Me_1\n"                         },
    {"ex_open.vtl",   "DS_r := DS_1;"                       },
};

static void
put(size_t i)
{
    char path[128];

    (void)snprintf(path, sizeof path, "%s/%s", folder, files[i].name);
    FILE *file = fopen(path, "wbe");
    assert_non_null(file);
    assert_int_equal(fwrite(files[i].text, 1, strlen(files[i].text), file), strlen(files[i].text));
    assert_int_equal(fclose(file), 0);
}

static int
examples(struct arena *arena, struct str *out)
{
    const char *words[] = {BRAMA_SOURCE_DIR "/ops/vtl-examples", folder, BRAMA_PROGRAM, NULL};
    struct buf  said = buf_create(arena, 65536);
    int         status = command_run(words, STR(""), &said);

    buf_byte(&said, '\0');
    assert_true(buf_ok(&said));
    *out = buf_str(&said);
    return status;
}

static void
a_suite_is_compared_example_by_example(void **state)
{
    static const char *const said[] = {
        "differs     ex_wrong.vtl",
        "    wanted |Id_1=b|Me_1=4.5",
        "    got    |Id_1=b|Me_1=4",
        "differs     ex_fewer.vtl",
        "outside     ex_beyond.vtl",
        "refused     ex_faulty.vtl",
        "incomplete  ex_open.vtl",
        "7 examples: 2 equal, 3 not, 1 outside the subset, 1 incomplete",
    };
    struct arena *arena = arena_create((size_t)1 << 20);
    struct str    out = {0};

    (void)state;
    assert_non_null(mkdtemp(folder));
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
        put(i);
    }
    assert_int_equal(examples(arena, &out), 1);
    for (size_t i = 0; i < sizeof said / sizeof said[0]; i++) {
        if (strstr(out.data, said[i]) == NULL) {
            print_error("not said: %s\n%s", said[i], out.data);
            fail();
        }
    }
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
        char path[128];
        (void)snprintf(path, sizeof path, "%s/%s", folder, files[i].name);
        bool kept = strstr(files[i].name, "right") != NULL || strncmp(files[i].name, "ds_", 3) == 0;
        assert_true(kept || unlink(path) == 0);
    }
    assert_int_equal(examples(arena, &out), 0); /* what is left is equal */
    assert_non_null(strstr(out.data, "1 examples: 1 equal, 0 not, 0 outside"));
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
        char path[128];
        (void)snprintf(path, sizeof path, "%s/%s", folder, files[i].name);
        (void)unlink(path); /* most have gone before */
    }
    assert_int_equal(rmdir(folder), 0);
    arena_destroy(arena);
}

int
main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_suite_is_compared_example_by_example),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

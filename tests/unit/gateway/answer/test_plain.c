#include "gateway/answer/plain.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define REPLACED "\xEF\xBF\xBD"

static void
plain_text_cannot_command_a_terminal_or_hide(void **state)
{
    const struct {
        const char *name;
        struct str  text;
        struct str  want;
    } cases[] = {
        {"Polish letters stay",          STR("Zażółć „gęślą” jaźń"), STR("Zażółć „gęślą” jaźń") },
        {"empty",                        STR(""),                                 STR("")                                 },
        {"no-break space stays",         STR("z\xC2\xA0z"),                       STR("z\xC2\xA0z")                       },
        {"colour",                       STR("\x1B[31mred"),                      STR("\xE2\x90\x9B[31mred")              },
        {"title of the window",          STR("\x1B]0;x\x07y"),                    STR("\xE2\x90\x9B]0;x\xE2\x90\x87y")    },
        {"NUL",                          STR("x\0y"),                             STR("x\xE2\x90\x80y")                   },
        {"DEL",                          STR("x\x7F"),                            STR("x\xE2\x90\xA1")                    },
        {"backspace",                    STR("xy\b"),                             STR("xy\xE2\x90\x88")                   },
        {"line feed and tab",            STR("x\ny\tz\rx"),                       STR("x y z x")                          },
        {"CSI as one C1 character",      STR("\xC2\x9B[31m"),                     STR(REPLACED "[31m")                    },
        {"last C1, first after",         STR("\xC2\x9F\xC2\xA0"),                 STR(REPLACED "\xC2\xA0")                },
        {"CSI as a raw byte",            STR("\x9B[31m"),                         STR(REPLACED "[31m")                    },
 /* NOLINTNEXTLINE(misc-misleading-bidirectional): the very thing that is tested */
        {"override of direction",        STR("x\xE2\x80\xAEy"),                   STR("x" REPLACED "y")                   },
 /* NOLINTNEXTLINE(misc-misleading-bidirectional): the very thing that is tested */
        {"isolate",                      STR("\xE2\x81\xA7"),                     STR(REPLACED)                           },
        {"zero width space",             STR("x\xE2\x80\x8B"),                    STR("x" REPLACED)                       },
        {"line separator",               STR("\xE2\x80\xA8"),                     STR(REPLACED)                           },
        {"en dash before them stays",    STR("\xE2\x80\x93"),                     STR("\xE2\x80\x93")                     },
        {"byte order mark",              STR("\xEF\xBB\xBFx"),                    STR(REPLACED "x")                       },
        {"tag characters",               STR("\xF3\xA0\x81\x81"),                 STR(REPLACED)                           },
        {"lone continuation",            STR("\x80"),                             STR(REPLACED)                           },
        {"overlong slash",               STR("\xC0\xAF"),                         STR(REPLACED REPLACED)                  },
        {"surrogate",                    STR("\xED\xA0\x80"),                     STR(REPLACED REPLACED REPLACED)         },
        {"beyond Unicode",               STR("\xF4\x90\x80\x80"),                 STR(REPLACED REPLACED REPLACED REPLACED)},
        {"cut sequence",                 STR("x\xC5"),                            STR("x" REPLACED)                       },
        {"cut sequence before a letter", STR("\xE2\x82x"),                        STR(REPLACED REPLACED "x")              },
        {"four bytes stay",              STR("\xF0\x9F\x93\x84"),                 STR("\xF0\x9F\x93\x84")                 },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        struct arena *arena = arena_create(4096);
        struct str    got = plain_copy(arena, cases[i].text);
        if (got.data == NULL || !str_equal(got, cases[i].want) || got.data[got.size] != '\0') {
            fail_msg("%s: \"%.*s\"", cases[i].name, STR_ARG(got));
        }
        arena_destroy(arena);
    }
}

static void
plain_copy_survives_every_memory_ceiling(void **state)
{
    size_t succeeded = 0;

    (void)state;
    for (size_t size_max = 0; size_max <= 512; size_max += 8) {
        struct arena *arena = arena_create(size_max);
        struct str    got = plain_copy(arena, STR("\x1Bxyz"));
        assert_true(got.data == NULL || got.size == 6);
        succeeded += got.data != NULL;
        arena_destroy(arena);
    }
    assert_in_range(succeeded, 1, 64);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(plain_text_cannot_command_a_terminal_or_hide),
        cmocka_unit_test(plain_copy_survives_every_memory_ceiling),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

#include "gateway/answer/json.h"

#include <jansson.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

/* Write one text and read it back with another implementation. */
static json_t *
text_read_back(struct arena *arena, struct str text)
{
    struct buf  out = buf_create(arena, 65536);
    struct json json = json_create(&out);

    json_text(&json, text);
    assert_true(buf_ok(&out));
    return json_loadb(out.data, out.size, JSON_DECODE_ANY | JSON_ALLOW_NUL, NULL);
}

static void
json_text_is_read_back_by_another_reader(void **state)
{
    const struct {
        const char *name;
        struct str  text;
        struct str  want;
    } cases[] = {
        {"empty",                      STR(""),                           STR("")                                    },
        {"Polish",                     STR("Zażółć gęślą jaźń"), STR("Zażółć gęślą jaźń")          },
        {"quotes",                     STR("a\"b\\c/d"),                  STR("a\"b\\c/d")                           },
        {"line ends",                  STR("\r\n\t\b\f"),                 STR("\r\n\t\b\f")                          },
        {"NUL",                        STR("a\0b"),                       STR("a\0b")                                },
        {"line separators",            STR("\xE2\x80\xA8\xE2\x80\xA9"),   STR("\xE2\x80\xA8\xE2\x80\xA9")            },
        {"four bytes",                 STR("\xF0\x9F\x93\x84"),           STR("\xF0\x9F\x93\x84")                    },
        {"lone continuation",          STR("a\x80"),                      STR("a\xEF\xBF\xBD")                       },
        {"lone lead",                  STR("\xC5"),                       STR("\xEF\xBF\xBD")                        },
        {"overlong NUL",               STR("\xC0\x80"),                   STR("\xEF\xBF\xBD\xEF\xBF\xBD")            },
        {"overlong of three",          STR("\xE0\x80\x80"),               STR("\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD")},
        {"surrogate",                  STR("\xED\xA0\x80"),               STR("\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD")},
        {"beyond Unicode",             STR("\xF5"),                       STR("\xEF\xBF\xBD")                        },
        {"escape eaten by a cut lead", STR("\xC5\""),                     STR("\xEF\xBF\xBD\"")                      },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        struct arena *arena = arena_create(131072);
        json_t       *got = text_read_back(arena, cases[i].text);
        if (got == NULL || json_string_length(got) != cases[i].want.size
            || memcmp(json_string_value(got), cases[i].want.data, cases[i].want.size) != 0) {
            fail_msg("%s", cases[i].name);
        }
        json_decref(got);
        arena_destroy(arena);
    }
}

static void
json_text_of_any_two_bytes_is_valid(void **state)
{
    (void)state;
    for (unsigned pair = 0; pair < 65536; pair++) {
        const char    bytes[] = {(char)(pair >> 8U), (char)(pair & 0xFFU)};
        struct arena *arena = arena_create(131072);
        json_t       *got = text_read_back(arena, (struct str){bytes, 2});
        if (got == NULL) {
            fail_msg("bytes %04x", pair);
        }
        json_decref(got);
        arena_destroy(arena);
    }
}

static void
json_every_control_character_is_escaped(void **state)
{
    struct arena *arena = arena_create(4096);

    (void)state;
    for (char control = 0; control < 0x20; control++) {
        struct buf  out = buf_create(arena, 64);
        struct json json = json_create(&out);
        json_text(&json, (struct str){&control, 1});
        for (size_t i = 0; i < out.size; i++) {
            assert_true(out.data[i] >= 0x20);
        }
    }
    arena_destroy(arena);
}

static void
json_structure_has_its_commas(void **state)
{
    struct arena *arena = arena_create(4096);
    struct buf    out = buf_create(arena, 4096);
    struct json   json = json_create(&out);

    (void)state;
    json_object_begin(&json);
    json_key(&json, "a");
    json_array_begin(&json);
    json_number(&json, INT64_MIN);
    json_object_begin(&json);
    json_object_end(&json);
    json_array_begin(&json);
    json_array_end(&json);
    json_truth(&json, true);
    json_truth(&json, false);
    json_array_end(&json);
    json_key(&json, "b\"");
    json_text_or_null(&json, (struct str){0});
    json_key(&json, "c");
    json_text_or_null(&json, STR("x"));
    json_object_end(&json);
    assert_true(str_equal(
        buf_str(&out),
        STR("{\"a\":[-9223372036854775808,{},[],true,false],\"b\\\"\":null,\"c\":\"x\"}")));
    arena_destroy(arena);
}

static void
json_says_when_its_buffer_is_full(void **state)
{
    struct arena *arena = arena_create(4096);

    (void)state;
    for (size_t size_max = 0; size_max <= 8; size_max++) {
        struct buf  out = buf_create(arena, size_max);
        struct json json = json_create(&out);
        json_text(&json, STR("abcde"));
        assert_int_equal(buf_ok(&out), size_max >= 7);
    }
    arena_destroy(arena);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(json_text_is_read_back_by_another_reader),
        cmocka_unit_test(json_text_of_any_two_bytes_is_valid),
        cmocka_unit_test(json_every_control_character_is_escaped),
        cmocka_unit_test(json_structure_has_its_commas),
        cmocka_unit_test(json_says_when_its_buffer_is_full),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

#include "gateway/config/config.h"
#include "validators/base/buf.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

/* ops/bramad.conf is what an operator begins with: whole, valid, and right about the defaults. */
enum { ARENA_MAX = 4 * 1024 * 1024, TEXT_MAX = 256 * 1024 };

#define PATH BRAMA_SOURCE_DIR "/ops/bramad.conf"

static struct str
text_of(struct arena *arena)
{
    char *text = ARENA_NEW(arena, char, TEXT_MAX);
    FILE *file = fopen(PATH, "re");

    assert_non_null(file);
    size_t size = fread(text, 1, TEXT_MAX, file);
    assert_int_equal(fclose(file), 0);
    return (struct str){text, size};
}

/* The lines "#name = value", which show defaults, as settings. */
static struct str
with_defaults_written_out(struct arena *arena, struct str text)
{
    struct buf out = buf_create(arena, TEXT_MAX);
    struct str line = {0};

    while (str_cut(&text, '\n', &line)) {
        bool is_default =
            line.size > 1 && line.data[0] == '#' && line.data[1] >= 'a' && line.data[1] <= 'z';
        buf_append(&out, is_default ? str_slice(line, 1, line.size) : line);
        buf_byte(&out, '\n');
    }
    assert_true(buf_ok(&out));
    return buf_str(&out);
}

static struct config
parse(struct arena *arena, struct str text)
{
    struct config_faults *faults = ARENA_NEW(arena, struct config_faults, 1);
    struct config         config = {0};
    struct fault          fault = {0};

    if (config_parse(arena, text, &config, faults, &fault) != ERR_OK) {
        fail_msg("line %zu: %.*s", faults->items[0].line, STR_ARG(faults->items[0].text));
    }
    return config;
}

static void
it_is_valid_as_it_stands(void **state)
{
    struct arena *arena = arena_create(ARENA_MAX);

    (void)state;
    assert_int_equal(parse(arena, text_of(arena)).environment, CONFIG_PROD);
    arena_destroy(arena);
}

static void
the_defaults_that_it_shows_are_the_defaults(void **state)
{
    struct arena       *arena = arena_create(ARENA_MAX);
    struct str          text = text_of(arena);
    const struct config as_it_stands = parse(arena, text);
    const struct config written_out = parse(arena, with_defaults_written_out(arena, text));

    (void)state;
#define TEXT(field, kind, value) assert_true(str_equal(as_it_stands.field, written_out.field));
#define NUMBER(field, min, max, value) assert_int_equal(as_it_stands.field, written_out.field);
#include "gateway/config/config.def"
#undef TEXT
#undef NUMBER
    arena_destroy(arena);
}

static void
it_names_every_setting_once(void **state)
{
    static const char *const names[] = {
        "environment",
#define TEXT(field, kind, value) #field,
#define NUMBER(field, min, max, value) #field,
#include "gateway/config/config.def"
#undef TEXT
#undef NUMBER
    };
    struct arena *arena = arena_create(ARENA_MAX);
    struct str    all = with_defaults_written_out(arena, text_of(arena));

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(names); i++) {
        struct str rest = all;
        struct str line = {0};
        size_t     count = 0;
        while (str_cut(&rest, '\n', &line)) {
            struct str name = line;
            struct str value = line;
            count += str_cut(&value, '=', &name) && str_equal(str_trim(name), str_of(names[i]));
        }
        if (count != 1) {
            fail_msg("%s stands there %zu times", names[i], count);
        }
    }
    arena_destroy(arena);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_is_valid_as_it_stands),
        cmocka_unit_test(the_defaults_that_it_shows_are_the_defaults),
        cmocka_unit_test(it_names_every_setting_once),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

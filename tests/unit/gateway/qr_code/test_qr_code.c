#include "gateway/people/totp.h"
#include "gateway/qr_code/qr_code.h"
#include "tests/support/expect.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <zbar.h>

/*
 * What is written is read back by another program's library (ZBar), from the pixels that a browser
 * and a terminal would show.
 */
enum { ROOM = 32 << 20, SCALE = 4, SIDE_MAX = (QR_CODE_WIDTH_MAX + 2 * QR_CODE_MARGIN) };

static struct arena *arena;

static int
start(void **state)
{
    (void)state;
    arena = arena_create(ROOM);
    return 0;
}

static int
stop(void **state)
{
    (void)state;
    arena_destroy(arena);
    return 0;
}

/* Modules as they are shown: 1 dark. */
struct picture {
    size_t        width;
    size_t        height;
    unsigned char dark[SIDE_MAX + 1][SIDE_MAX];
};

static size_t
number_at(const char **at)
{
    char *end = NULL;
    long  value = strtol(*at, &end, 10);

    assert_true(end != *at && value >= 0 && value <= SIDE_MAX);
    *at = end;
    return (size_t)value;
}

static void
expect(const char **at, const char *word)
{
    assert_int_equal(strncmp(*at, word, strlen(word)), 0);
    *at += strlen(word);
}

/* The rectangles of the last path: "M4 4h7v1h-7z", one behind the other. */
static void
draw_svg(struct str svg, struct picture *out)
{
    struct str  text = str_copy(arena, svg);
    const char *at = strstr(text.data, "viewBox=\"0 0 ");

    *out = (struct picture){0};
    assert_non_null(at);
    at += strlen("viewBox=\"0 0 ");
    out->width = number_at(&at);
    expect(&at, " ");
    out->height = number_at(&at);
    at = strstr(text.data, "fill=\"#000\" d=\"");
    assert_non_null(at);
    at += strlen("fill=\"#000\" d=\"");
    while (*at == 'M') {
        expect(&at, "M");
        size_t column = number_at(&at);
        expect(&at, " ");
        size_t row = number_at(&at);
        expect(&at, "h");
        size_t run = number_at(&at);
        expect(&at, "v1h-");
        assert_int_equal(number_at(&at), run);
        expect(&at, "z");
        for (size_t i = 0; i < run; i++) {
            out->dark[row][column + i] = 1;
        }
    }
    expect(&at, "\"/></svg>");
}

/* The characters of a terminal: each two modules, one above the other. */
static void
draw_blocks(struct str text, struct picture *out)
{
    static const struct {
        struct str    block;
        unsigned char upper;
        unsigned char lower;
    } blocks[] = {
        {STR_INIT("█"), 0, 0},
        {STR_INIT("▀"), 0, 1},
        {STR_INIT("▄"), 1, 0},
        {STR_INIT(" "),   1, 1},
    };
    struct str line = {0};

    *out = (struct picture){0};
    while (text.size > 0 && str_cut(&text, '\n', &line)) {
        out->width = 0;
        while (line.size > 0) {
            size_t i = 0;
            while (!str_starts_with(line, blocks[i].block)) {
                i++;
                assert_true(i < ARRAY_COUNT(blocks));
            }
            out->dark[out->height][out->width] = blocks[i].upper;
            out->dark[out->height + 1][out->width] = blocks[i].lower;
            line = str_slice(line, blocks[i].block.size, line.size);
            out->width++;
        }
        out->height += 2;
    }
}

/* What a camera makes of it. */
static struct str
decode(const struct picture *picture)
{
    size_t                width = picture->width * SCALE;
    size_t                height = picture->height * SCALE;
    unsigned char        *pixels = ARENA_NEW(arena, unsigned char, width *height);
    zbar_image_scanner_t *scanner = zbar_image_scanner_create();
    zbar_image_t         *image = zbar_image_create();
    struct str            out = {0};

    assert_non_null(pixels);
    for (size_t i = 0; i < width * height; i++) {
        pixels[i] = picture->dark[i / width / SCALE][i % width / SCALE] != 0 ? 0 : 255;
    }
    assert_int_equal(zbar_image_scanner_set_config(scanner, ZBAR_NONE, ZBAR_CFG_ENABLE, 0), 0);
    assert_int_equal(zbar_image_scanner_set_config(scanner, ZBAR_QRCODE, ZBAR_CFG_ENABLE, 1), 0);
    zbar_image_set_format(image, zbar_fourcc('Y', '8', '0', '0'));
    zbar_image_set_size(image, (unsigned)width, (unsigned)height);
    zbar_image_set_data(image, pixels, width * height, NULL);
    if (zbar_scan_image(scanner, image) == 1) {
        const zbar_symbol_t *symbol = zbar_image_first_symbol(image);
        out = str_copy(
            arena, (struct str){zbar_symbol_get_data(symbol), zbar_symbol_get_data_length(symbol)});
    }
    zbar_image_destroy(image);
    zbar_image_scanner_destroy(scanner);
    return out;
}

static void
expect_read_back(struct str text, const char *name)
{
    static struct picture picture;
    struct fault          fault = {0};
    struct qr_code        code = {0};
    struct buf            svg = buf_create(arena, QR_CODE_SVG_MAX);
    struct buf            blocks = buf_create(arena, QR_CODE_BLOCKS_MAX);

    assert_int_equal(qr_code_create(arena, text, &code, &fault), ERR_OK);
    qr_code_write_svg(&svg, &code, STR("Kod QR"));
    qr_code_write_blocks(&blocks, &code);
    assert_true(buf_ok(&svg) && buf_ok(&blocks));
    draw_svg(buf_str(&svg), &picture);
    EXPECT(str_equal(decode(&picture), text), name);
    draw_blocks(buf_str(&blocks), &picture);
    EXPECT(str_equal(decode(&picture), text), name);
}

/* So many bytes that are not all the same. */
static struct str
filled(size_t size)
{
    char *bytes = ARENA_NEW(arena, char, size);

    assert_non_null(bytes);
    for (size_t i = 0; i < size; i++) {
        bytes[i] = (char)('a' + (i * 7 + i / 26) % 26);
    }
    return (struct str){bytes, size};
}

static void
text_is_read_back_from_the_image_and_from_the_terminal(void **state)
{
    static const size_t sizes[] = {1, 2, 14, 15, 62, 100, 250, 500, QR_CODE_TEXT_MAX};

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(sizes); i++) {
        struct str name = str_format(arena, "%zu bytes", sizes[i]);
        expect_read_back(filled(sizes[i]), name.data);
    }
}

/* As an authenticator reads it, the longest account among them. */
static void
secret_of_an_authenticator_is_read_back(void **state)
{
    struct str accounts[] = {STR("a@b.pl"), STR("zofia+urzad@gmina-przyklad.example"), filled(254)};

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(accounts); i++) {
        struct buf uri = buf_create(arena, TOTP_URI_MAX);
        totp_write_uri(&uri, STR("12345678901234567890"), accounts[i]);
        assert_true(buf_ok(&uri));
        expect_read_back(buf_str(&uri), accounts[i].data);
    }
}

static void
text_that_no_code_holds_is_refused(void **state)
{
    static const struct {
        size_t   size;
        enum err want;
    } cases[] = {
        {0,                    ERR_LIMIT},
        {1,                    ERR_OK   },
        {QR_CODE_TEXT_MAX - 1, ERR_OK   },
        {QR_CODE_TEXT_MAX,     ERR_OK   },
        {QR_CODE_TEXT_MAX + 1, ERR_LIMIT},
    };
    struct fault fault = {0};

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        struct qr_code code = {0};
        struct str     name = str_format(arena, "%zu bytes", cases[i].size);
        EXPECT(qr_code_create(arena, filled(cases[i].size), &code, &fault) == cases[i].want,
               name.data);
        EXPECT((code.modules != NULL) == (cases[i].want == ERR_OK), name.data);
    }
}

/* An element that a page may take in: nothing in it runs or asks for anything. */
static void
image_is_one_element_without_scripts_and_references(void **state)
{
    struct fault   fault = {0};
    struct qr_code code = {0};
    struct buf     svg = buf_create(arena, QR_CODE_SVG_MAX);

    (void)state;
    assert_int_equal(qr_code_create(arena, STR("tajne"), &code, &fault), ERR_OK);
    qr_code_write_svg(&svg, &code, STR("Kod QR"));
    struct str text = str_copy(arena, buf_str(&svg));
    assert_true(str_starts_with(text, STR("<svg xmlns=\"http://www.w3.org/2000/svg\" ")));
    assert_non_null(strstr(text.data, "role=\"img\""));
    assert_non_null(strstr(text.data, "<title>Kod QR</title>"));
    assert_null(strstr(text.data, "tajne"));
    assert_null(strstr(text.data, "href"));
    assert_null(strstr(text.data, "style"));
    assert_null(strstr(text.data, "script"));
}

static void
code_survives_every_memory_ceiling(void **state)
{
    (void)state;
    for (size_t size_max = 0; size_max <= 4096; size_max += 32) {
        struct arena  *small = arena_create(size_max);
        struct fault   fault = {0};
        struct qr_code code = {0};
        enum err       got = qr_code_create(small, STR("otpauth://totp/x"), &code, &fault);
        EXPECT(got == ERR_OK || got == ERR_MEMORY, "ceiling");
        EXPECT((code.modules != NULL) == (got == ERR_OK), "out untouched");
        arena_destroy(small);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(text_is_read_back_from_the_image_and_from_the_terminal),
        cmocka_unit_test(secret_of_an_authenticator_is_read_back),
        cmocka_unit_test(text_that_no_code_holds_is_refused),
        cmocka_unit_test(image_is_one_element_without_scripts_and_references),
        cmocka_unit_test(code_survives_every_memory_ceiling),
    };

    return cmocka_run_group_tests(tests, start, stop);
}

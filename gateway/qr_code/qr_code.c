#include "gateway/qr_code/qr_code.h"

#include <qrencode.h>

#include <string.h>

enum err
qr_code_create(struct arena *arena, struct str text, struct qr_code *out, struct fault *fault)
{
    if (text.size == 0 || text.size > QR_CODE_TEXT_MAX) {
        return FAIL(fault, ERR_LIMIT, "a text of %zu bytes in a QR code", text.size);
    }
    QRcode *made =
        QRcode_encodeData((int)text.size, (const unsigned char *)text.data, 0, QR_ECLEVEL_M);
    if (made == NULL) {
        return FAIL(fault, ERR_MEMORY, "a QR code of %zu bytes", text.size);
    }
    size_t         width = (size_t)made->width;
    unsigned char *modules = ARENA_NEW(arena, unsigned char, width *width);
    for (size_t i = 0; modules != NULL && i < width * width; i++) {
        modules[i] = made->data[i] & 1; /* the other bits say what a module is for */
    }
    explicit_bzero(made->data, width * width);
    QRcode_free(made);
    if (modules == NULL) {
        return FAIL(fault, ERR_MEMORY, "a QR code of %zu modules", width);
    }
    *out = (struct qr_code){width, modules};
    return ERR_OK;
}

/* With the margin round it: 0, 0 is its corner. */
static bool
is_dark(const struct qr_code *code, size_t row, size_t column)
{
    bool inside = row >= QR_CODE_MARGIN && column >= QR_CODE_MARGIN
                  && row < code->width + QR_CODE_MARGIN && column < code->width + QR_CODE_MARGIN;

    return inside
           && code->modules[(row - QR_CODE_MARGIN) * code->width + column - QR_CODE_MARGIN] != 0;
}

static size_t
whole_width(const struct qr_code *code)
{
    return code->width + (size_t)2 * QR_CODE_MARGIN;
}

/* The dark runs of a row, a rectangle each. */
static void
write_row(struct buf *out, const struct qr_code *code, size_t row)
{
    size_t width = whole_width(code);
    size_t column = 0;

    while (column < width) {
        size_t from = column;
        while (column < width && is_dark(code, row, column)) {
            column++;
        }
        if (column > from) {
            buf_format(out, "M%zu %zuh%zuv1h-%zuz", from, row, column - from, column - from);
        } else {
            column++;
        }
    }
}

void
qr_code_write_svg(struct buf *out, const struct qr_code *code, struct str title)
{
    size_t width = whole_width(code);

    buf_format(out,
               "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %zu %zu\" width=\"%zu\" "
               "height=\"%zu\" role=\"img\" shape-rendering=\"crispEdges\"><title>%.*s</title>"
               "<path fill=\"#fff\" d=\"M0 0h%zuv%zuh-%zuz\"/><path fill=\"#000\" d=\"",
               width, width, width * 5, width * 5, STR_ARG(title), width, width, width);
    for (size_t row = 0; row < width; row++) {
        write_row(out, code, row);
    }
    buf_append(out, STR("\"/></svg>"));
}

void
qr_code_write_blocks(struct buf *out, const struct qr_code *code)
{
    static const struct str blocks[2][2] = {
        {STR_INIT("█"), STR_INIT("▀")},
        {STR_INIT("▄"), STR_INIT(" ")  },
    };
    size_t width = whole_width(code);

    for (size_t row = 0; row < width; row += 2) {
        for (size_t column = 0; column < width; column++) {
            bool upper = is_dark(code, row, column);
            bool lower = is_dark(code, row + 1, column);
            buf_append(out, blocks[upper][lower]);
        }
        buf_byte(out, '\n');
    }
}

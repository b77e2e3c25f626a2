#ifndef GATEWAY_QR_CODE_QR_CODE_H
#define GATEWAY_QR_CODE_QR_CODE_H

#include "validators/base/buf.h"
#include "validators/base/err.h"

/*
 * A text as a QR code (ISO/IEC 18004, bytes, error correction M), as an image for pages and as
 * characters for a terminal. It knows nothing of what the text is; a secret in it stays in arena
 * and in what is written. The only user of libqrencode.
 */
enum {
    QR_CODE_TEXT_MAX = 1024, /* bytes of a text */
    QR_CODE_MARGIN = 4,      /* light modules round it, as the standard wants them */
    QR_CODE_WIDTH_MAX = 177, /* modules of the largest there is */
    QR_CODE_SVG_MAX = 96 * 1024,
    QR_CODE_BLOCKS_MAX = 64 * 1024
};

struct qr_code {
    size_t               width;   /* modules, without margin */
    const unsigned char *modules; /* width * width, row by row; 1: dark */
};

/* ERR_LIMIT: an empty text, or one of more than QR_CODE_TEXT_MAX bytes; ERR_MEMORY. */
MUST_USE enum err qr_code_create(struct arena *arena, struct str text, struct qr_code *out,
                                 struct fault *fault);

/* <svg ...>...</svg>, dark on light whatever the page looks like. title: for who does not see it,
 * without characters that mean something to XML. At most QR_CODE_SVG_MAX bytes. */
void qr_code_write_svg(struct buf *out, const struct qr_code *code, struct str title);

/* Two rows of modules in a line of half blocks. Light modules are the blocks, so that it is read on
 * a dark terminal; cameras take the negative of a light one, too. */
void qr_code_write_blocks(struct buf *out, const struct qr_code *code);

#endif

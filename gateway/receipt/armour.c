#include "gateway/receipt/armour.h"

#include <openssl/evp.h>

enum { GROUP_BYTES = 3, GROUP_SIGNS = 4 };

/* Bytes encoded at a time; whole groups, so that only the last piece is padded. */
enum { PIECE = 240 * GROUP_BYTES };

struct piece {
    unsigned char text[PIECE / GROUP_BYTES * GROUP_SIGNS + 1];
    size_t        size;
};

static void
spell(struct str bytes, struct piece *out)
{
    out->size =
        (size_t)EVP_EncodeBlock(out->text, (const unsigned char *)bytes.data, (int)bytes.size);
}

void
armour_append(struct buf *out, struct str bytes)
{
    struct piece piece;

    for (size_t at = 0; at < bytes.size; at += PIECE) {
        spell(str_slice(bytes, at, PIECE), &piece);
        buf_append(out, (struct str){(const char *)piece.text, piece.size});
    }
}

/* OpenSSL's reader is generous (white space, any unused bits); writing anew shows what is not ours.
 */
static bool
spells(struct str text, struct str bytes)
{
    struct piece piece;
    size_t       at = 0;

    for (size_t i = 0; i < bytes.size; i += PIECE) {
        spell(str_slice(bytes, i, PIECE), &piece);
        if (!str_equal(str_slice(text, at, piece.size),
                       (struct str){(const char *)piece.text, piece.size})) {
            return false;
        }
        at += piece.size;
    }
    return at == text.size;
}

bool
armour_undo(struct str text, char *room, struct str *out)
{
    if (text.size == 0 || text.size % GROUP_SIGNS != 0 || text.size > INT32_MAX) {
        return false;
    }
    int size =
        EVP_DecodeBlock((unsigned char *)room, (const unsigned char *)text.data, (int)text.size);
    if (size != (int)(text.size / GROUP_SIGNS * GROUP_BYTES)) {
        return false;
    }
    size_t padding = 0;
    while (padding < GROUP_BYTES - 1 && text.data[text.size - 1 - padding] == '=') {
        padding++;
    }
    struct str bytes = {room, (size_t)size - padding};
    if (!spells(text, bytes)) {
        return false;
    }
    *out = bytes;
    return true;
}

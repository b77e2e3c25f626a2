#include "gateway/cli/query.h"

#include <string.h>

void
query_write(struct buf *out, const char *name, struct str value)
{
    static const struct str plain =
        STR_INIT("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.~");

    if (value.size == 0) {
        return;
    }
    buf_format(out, "&%s=", name);
    for (size_t i = 0; i < value.size; i++) {
        if (memchr(plain.data, value.data[i], plain.size) != NULL) {
            buf_byte(out, value.data[i]);
        } else {
            buf_format(out, "%%%02X", (unsigned)(unsigned char)value.data[i]);
        }
    }
}

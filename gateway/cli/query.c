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

bool
query_is_period(struct str text)
{
    enum { YEAR_SIZE = 4, REST_SIZE = 3, MONTHS = 12, QUARTERS = 4 };

    struct str rest = str_slice(text, YEAR_SIZE, text.size);
    int64_t    number = 0;

    if (text.size < YEAR_SIZE || !str_all_digits(str_slice(text, 0, YEAR_SIZE))) {
        return false;
    }
    if (rest.size != REST_SIZE || rest.data[0] != '-') {
        return rest.size == 0;
    }
    bool is_quarter = rest.data[1] == 'Q';
    return str_to_number(str_slice(rest, is_quarter ? 2 : 1, rest.size), &number) && number >= 1
           && number <= (is_quarter ? QUARTERS : MONTHS);
}

#ifndef VALIDATORS_BASE_STR_H
#define VALIDATORS_BASE_STR_H

#include "validators/base/arena.h"

#include <stdint.h>

/*
 * A read-only slice of bytes: UTF-8 text unless said otherwise, not NUL-terminated, owned by
 * someone else (most often an arena or the file being judged). A zeroed str is the empty text.
 */
struct str {
    const char *data;
    size_t      size; /* bytes */
};

#define STR(literal) ((struct str){"" literal, sizeof(literal) - 1})
/* The same as an initialiser of static data, where C17 allows no compound literal. */
#define STR_INIT(literal)               \
    {                                   \
        "" literal, sizeof(literal) - 1 \
    }
/* For printf: "%.*s", STR_ARG(text). */
#define STR_ARG(text) (int)(text).size, (text).data == NULL ? "" : (text).data

struct str str_of(const char *text); /* borrows text; NULL gives the empty text */
bool       str_equal(struct str a, struct str b);
int        str_compare(struct str a, struct str b); /* by bytes, as memcmp; shorter first */
bool       str_starts_with(struct str text, struct str prefix);
bool       str_ends_with(struct str text, struct str suffix);
struct str str_slice(struct str text, size_t from, size_t size); /* clipped to text */
struct str str_trim(struct str text);                            /* XML white space at both ends */
bool       str_all_digits(struct str text);                      /* false for the empty text */

/* Whether word (not empty) is one of the space-separated words of list. */
bool str_has_word(struct str list, struct str word);

/* Cut the first piece before separator off *rest; false when *rest is used up (data == NULL). */
bool str_cut(struct str *rest, char separator, struct str *piece);

/* UTF-8 in shortest form, without surrogates (RFC 3629). */
bool str_is_utf8(struct str text);

/* A non-negative decimal number of at most 18 digits and nothing else; false otherwise. */
MUST_USE bool str_to_number(struct str text, int64_t *out);

/* A copy that lives in arena, NUL-terminated behind its end; .data == NULL when arena is full. */
struct str str_copy(struct arena *arena, struct str text);

/* printf into arena; .data == NULL when arena is full. */
struct str str_format(struct arena *arena, const char *format, ...) PRINTF_LIKE(2, 3);

#endif

#ifndef GATEWAY_READER_CURSOR_H
#define GATEWAY_READER_CURSOR_H

#include "validators/base/buf.h"

/*
 * Where a list goes on, as a text that means nothing to who keeps it: the last row seen, with a
 * check that tells a cursor of ours from one that was typed, cut or taken from another list. It is
 * no secret and opens nothing: what may be seen is asked anew on every page.
 */
enum { CURSOR_SIZE = 24 };

/* list: which list it belongs to, a short word. at: not negative. */
void          cursor_write(struct buf *out, struct str list, int64_t at);
MUST_USE bool cursor_parse(struct str text, struct str list, int64_t *at);

#endif

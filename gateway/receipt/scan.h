#ifndef GATEWAY_RECEIPT_SCAN_H
#define GATEWAY_RECEIPT_SCAN_H

#include "validators/base/str.h"

/*
 * A reading position in the text of a receipt, for a reader that knows what must come next. The
 * first thing that is not there sets `bad` and the position stays at it; from then on every reader
 * gives nothing. Not a parser of XML: it knows only what our writer writes.
 */
struct scan {
    struct arena *arena; /* what is read lives here */
    struct str    text;
    size_t        at;
    bool          bad;
    bool          starved; /* the arena is full; then also bad */
};

/* Exactly this text must come. */
void scan_literal(struct scan *scan, struct str literal);

/* "<name>" and "</name>"; the try readers leave the position where it was when it is not there. */
MUST_USE bool scan_try_literal(struct scan *scan, struct str literal);
MUST_USE bool scan_try_open(struct scan *scan, struct str name);
void          scan_open(struct scan *scan, struct str name);
void          scan_close(struct scan *scan, struct str name);

/* The text up to the next '<', as it stands. */
struct str scan_raw(struct scan *scan);

/* The same with escapes taken back, a copy. */
struct str scan_text(struct scan *scan);

/* Bytes of the arena, or NULL, bad and starved. */
void *scan_room(struct scan *scan, size_t size);

/* The same as base64 in its only spelling, at most size_max bytes. */
struct str scan_base64(struct scan *scan, size_t size_max);

#endif

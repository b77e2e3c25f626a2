#ifndef GATEWAY_READER_LISTING_H
#define GATEWAY_READER_LISTING_H

#include "gateway/reader/wish.h"

/*
 * What lists have in common that are told page by page: how many rows a page may have, behind which
 * row it begins (asked_cut says where the next one does), which reports are wished, and its JSON.
 */
enum { LISTING_USUAL = 50, LISTING_MAX = 500 };

/* ?limit=, up to LISTING_MAX. */
struct wish_check listing_limit(const struct asked *asked, int64_t otherwise, int64_t *out);

/* ?cursor= of this list; *out stays as it is when there is none. */
struct wish_check listing_cursor(const struct asked *asked, struct str list, int64_t *out);

/* ?form=, ?period= (a year: all of its periods) and ?unit= of lists of reports; each empty when it
 * is not asked for. */
struct wish_check listing_form(const struct asked *asked, struct str *out);
struct wish_check listing_period(const struct asked *asked, struct str *out);
struct wish_check listing_unit(const struct asked *asked, struct str *out);

/* One row as an object, or whatever it is in "items". */
typedef void listing_item(struct json *json, const struct store_rows *rows, size_t row);

/* {"items":[...],"next_cursor":...} */
void listing_write(struct buf *out, const struct store_rows *rows, size_t count, struct str next,
                   listing_item *write);

/* The same as members of an object that is open. */
void listing_members(struct json *json, const struct store_rows *rows, size_t count,
                     struct str next, listing_item *write);

#endif

#ifndef GATEWAY_READER_PAGE_H
#define GATEWAY_READER_PAGE_H

#include "validators/base/buf.h"

/*
 * A page that a person reads: complete HTML in Polish with its style inside, no script and nothing
 * from elsewhere (PAGE_POLICY says so to the browser). Every text is escaped here.
 */
#define PAGE_POLICY                                                                        \
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; " \
    "frame-ancestors 'none'"

void page_begin(struct buf *out, struct str title);
void page_end(struct buf *out);
void page_text(struct buf *out, struct str text); /* escaped, for elements and attributes */
void page_paragraph(struct buf *out, struct str text);
void page_heading(struct buf *out, struct str text);

/* A list of facts: begin, facts, end. */
void page_facts_begin(struct buf *out);
void page_fact(struct buf *out, const char *name, struct str value);
void page_facts_end(struct buf *out);

#endif

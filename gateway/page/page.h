#ifndef GATEWAY_PAGE_PAGE_H
#define GATEWAY_PAGE_PAGE_H

#include "validators/base/buf.h"

/*
 * A page that a person reads: complete HTML in Polish with its style inside and nothing from
 * elsewhere, no script but where PAGE_POLICY_SCRIPT says so to the browser. Every text is escaped
 * here.
 */
#define PAGE_POLICY                                                                        \
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; " \
    "frame-ancestors 'none'"

/* The same for a page with a form of ours on it. */
#define PAGE_POLICY_FORM                                                                   \
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'self'; " \
    "frame-ancestors 'none'"

/* The same for a page with a script of ours, which speaks with us alone. */
#define PAGE_POLICY_SCRIPT                                                                   \
    "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'unsafe-inline'; " \
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

void page_begin(struct buf *out, struct str title);
void page_end(struct buf *out);                   /* with the way back to the start page */
void page_text(struct buf *out, struct str text); /* escaped, for elements and attributes */
void page_paragraph(struct buf *out, struct str text);
void page_heading(struct buf *out, struct str text);
void page_code(struct buf *out, struct str text); /* lines to be copied */

/* Says that this is no place for real filings; nothing where it is. */
void page_environment(struct buf *out, bool is_test);

/* A list of links, each with a few words behind it: begin, links, end. */
void page_list_begin(struct buf *out);
void page_link(struct buf *out, struct str address, const char *name, struct str note);
void page_list_end(struct buf *out);

/* A list of facts: begin, facts, end. */
void page_facts_begin(struct buf *out);
void page_fact(struct buf *out, const char *name, struct str value);
void page_facts_end(struct buf *out);

#endif

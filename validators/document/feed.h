#ifndef VALIDATORS_DOCUMENT_FEED_H
#define VALIDATORS_DOCUMENT_FEED_H

#include "validators/base/err.h"
#include "validators/base/str.h"

#include <libxml/xmlschemas.h>

/*
 * One schema validator of libxml2 that is fed by hand, element by element, so that several of them
 * can judge different parts of one document. It sees what it is given and nothing else: never a
 * namespace declaration, never an attribute of xsi.
 *
 * Names given to feed_start must outlive the feed (they are interned in the parser's dictionary).
 * After an internal failure of libxml2 a feed must not be used but for feed_close.
 */
struct feed {
    xmlSchemaValidCtxtPtr  validator; /* NULL: closed */
    xmlSchemaSAXPlugPtr    plug;
    xmlSAXHandlerPtr       handler;
    void                  *handler_user;
    xmlStructuredErrorFunc heard;
    void                  *user;
    size_t                 complaint_count;
};

/*
 * Every fault of validity goes to heard(user, error). The feed must not move while it is open.
 * False when out of memory.
 */
MUST_USE bool feed_open(struct feed *feed, xmlSchemaPtr schema, xmlStructuredErrorFunc heard,
                        void *user);

/* attributes: libxml2's SAX2 layout, five pointers each. */
void feed_start(struct feed *feed, const xmlChar *name, size_t attribute_count,
                const xmlChar **attributes);
void feed_text(struct feed *feed, struct str text);
void feed_end(struct feed *feed, const xmlChar *name);

/* The validator holds the document invalid and has told nobody why: it failed inside itself. */
bool feed_failed(const struct feed *feed);

/* Accepts a zeroed or closed feed. */
void feed_close(struct feed *feed);

#endif

#ifndef VALIDATORS_XML_GUARD_H
#define VALIDATORS_XML_GUARD_H

#include "validators/base/err.h"
#include "validators/xml/initialise.h"

#include <libxml/parser.h>
#include <stdbool.h>

/*
 * The only door to libxml2's parser, with the rules of security.md 2.4: XML_PARSE_NONET and
 * XML_PARSE_BIG_LINES and no other flag, no external entity is ever loaded, no catalogue is read,
 * no file or network input exists, an internal subset or an entity declaration stops the parser.
 * Includers: validators/xml and validators/document only (checked by ops/check_tree).
 */

/* What a SAX handler of ours gets as its first argument. */
struct guard {
    xmlParserCtxtPtr parser;
    void            *user; /* the caller's */
    bool refused;          /* a DTD or an entity declaration was met, the parser stopped for it */
};

/*
 * A push parser for handler, whose calls get guard; guard->user is the caller's. Both must outlive
 * the parser. The handler's subset and entity calls are overwritten with refusals. False when out
 * of memory. The parser is freed with guard_release.
 */
MUST_USE bool guard_parser(struct guard *guard, xmlSAXHandlerPtr handler, void *user);

/* Accepts a zeroed guard. */
void guard_release(struct guard *guard);

#endif

#ifndef VALIDATORS_XML_TREE_H
#define VALIDATORS_XML_TREE_H

#include "validators/element/element.h"

/*
 * A trusted XML file of ours (catalogue.xml, form.xml, rules.xml) as a table of elements. Untrusted
 * bytes never come here: they go through validators/document, inside the sandbox. In this table
 * element.start and element.end are line numbers, for messages to the author of the file.
 */
enum { XML_TREE_ELEMENTS_MAX = 20000, XML_TREE_TEXT_MAX = 65536 };

/* Fails with ERR_CATALOGUE (not well-formed: name and line are said), ERR_LIMIT or ERR_MEMORY. */
MUST_USE enum err xml_tree_read(struct arena *arena, struct str bytes, struct str name,
                                struct element_table *out, struct fault *fault);

#endif

#ifndef VALIDATORS_XML_ATTRIBUTE_H
#define VALIDATORS_XML_ATTRIBUTE_H

#include "validators/base/str.h"
#include "validators/element/element.h"

#include <libxml/tree.h>

/*
 * One attribute out of libxml2's SAX2 array, whose layout is local name, prefix, URI, first byte of
 * the value, byte behind the value.
 */
enum { ATTRIBUTE_PARTS = 5, ATTRIBUTE_COUNT_MAX = 64 };

/* Borrowed; the value still has libxml2's escape for '&'. */
struct element_attribute attribute_at(const xmlChar **attributes, size_t index);

/*
 * The value as the document means it: libxml2 hands every '&' of a value over as "&#38;". Lives in
 * arena when that occurs, else it is borrowed; .data == NULL when arena is full.
 */
struct str attribute_value(struct arena *arena, const struct element_attribute *attribute);

#endif

#ifndef VALIDATORS_DOCUMENT_MESSAGE_H
#define VALIDATORS_DOCUMENT_MESSAGE_H

#include "validators/base/str.h"

/*
 * What libxml2's schema validator says, in our words: its numeric code becomes a code of ours whose
 * Polish texts stand in schemas/package/0.3/xsd.rules.xml. From the English message only names are
 * taken (of an attribute, of expected children). Pure: knows no parser and no place.
 */
enum message_kind {
    MESSAGE_VALUE,     /* the text of the element or of an attribute is not as its type asks */
    MESSAGE_STRUCTURE, /* an element or text where it may not stand, or missing */
    MESSAGE_ATTRIBUTE, /* an attribute that may not stand there, or is missing */
    MESSAGE_INTERNAL,  /* libxml2 failed: the document is neither valid nor invalid */
};

struct message {
    int               libxml_code; /* enum xmlParserErrors */
    enum message_kind kind;
    const char       *code; /* "XSD-010" */
};

/* 1871 says two things; the one about missing children has this code of ours. */
extern const char message_missing_code[];

/* Never NULL: a libxml2 code that is not in the table gives XSD-019, of kind STRUCTURE. */
const struct message *message_find(int libxml_code);

/* The table row by row, for tests; NULL behind the last one. */
const struct message *message_at(size_t index);

/* The attribute that the message names; empty when it names none. */
struct str message_attribute(const char *text);

/* Whether a message of code 1871 says that children are missing at the end of an element. */
bool message_says_missing(const char *text);

/*
 * The next name of the list behind "Expected is"; *rest is NULL at first and is kept between calls.
 * False at the end. Wildcards and namespaces of libxml2's notation do not occur in our schemas.
 */
bool message_expected(const char *text, const char **rest, struct str *name);

#endif

#ifndef TESTS_UNIT_VALIDATORS_SIGNATURE_READING_H
#define TESTS_UNIT_VALIDATORS_SIGNATURE_READING_H

#include "validators/package/package.h"

/*
 * A package as far as signatures need it (units, reports with Id and byte range, Signatures as
 * tables), read with libxml2's tree and a byte scanner of its own: independent of
 * validators/document, whose work it does here. A file that is not well-formed is not complete.
 */
struct package reading_package(struct arena *arena, struct str bytes);

#endif

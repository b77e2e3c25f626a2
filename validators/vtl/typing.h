#ifndef VALIDATORS_VTL_TYPING_H
#define VALIDATORS_VTL_TYPING_H

#include "validators/vtl/meaning.h"

/*
 * The operators of VTL 2.2 on numbers and truth values: argument types, and the instructions that
 * they become. Every mistake names the operator and its place.
 */

/* Find the meaning of one node; its children have theirs. */
MUST_USE enum err typing_node(struct typing *typing, uint32_t node);

#endif

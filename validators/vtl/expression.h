#ifndef VALIDATORS_VTL_EXPRESSION_H
#define VALIDATORS_VTL_EXPRESSION_H

#include "validators/vtl/pending.h"

/*
 * One expression, as expr (SCOPE_DATASET) or exprComponent of Vtl.g4 (VTL 2.2), from the cursor to
 * the first token that cannot go on with it. Binding from tight to loose: clauses and #; unary
 * + - not; * /; + - ||; comparisons; in not_in; and; or xor; if, case. Everything to the left
 * first. *out is its root node. Needs no recursion: what is open stands on a stack of
 * VTL_DEPTH_MAX.
 */
MUST_USE enum err expression_parse(struct cursor *cursor, enum scope scope, uint32_t *out);

#endif

#ifndef VALIDATORS_EVALUATION_IMPLICIT_H
#define VALIDATORS_EVALUATION_IMPLICIT_H

#include "validators/evaluation/evaluator.h"

/* The name that a measure gets when an operator changes its type: "bool_var", "int_var" ... */
struct str implicit_default_name(enum relation_type type);

#endif

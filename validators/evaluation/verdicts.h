#ifndef VALIDATORS_EVALUATION_VERDICTS_H
#define VALIDATORS_EVALUATION_VERDICTS_H

#include "validators/evaluation/evaluator.h"

#include "validators/relation/projection.h"

/* errorcode and errorlevel of checks: columns that are null unless a row has failed its rule. */
struct verdicts_code {
    struct str text; /* .data == NULL: none */
    bool       is_text;
};

/* Of one rule per row; rules NULL: the first for all. broken: one byte per row. */
struct verdicts {
    const struct verdicts_code *codes;
    size_t                      code_count;
    const uint32_t             *rules;
    const uint8_t              *broken;
    size_t                      row_count;
};

/* name: "errorcode". Without any text its type is otherwise, a string or an integer. */
MUST_USE enum err verdicts_column(struct evaluator *evaluator, const struct verdicts *verdicts,
                                  struct str name, enum relation_type otherwise,
                                  struct projection_addition *out);

#endif

#ifndef VALIDATORS_VTL_STATEMENT_H
#define VALIDATORS_VTL_STATEMENT_H

#include "validators/vtl/problem.h"

#include "validators/base/str.h"

/* What a check returns: rows where a rule is false; every row; every row with measures. */
enum vtl_output { VTL_OUTPUT_INVALID, VTL_OUTPUT_ALL, VTL_OUTPUT_ALL_MEASURES };

/* result := expression over datasets; "<-" makes it persistent. */
struct vtl_statement {
    struct str       result;
    bool             persistent;
    uint32_t         first; /* nodes[first .. root] of the script are its expression */
    uint32_t         root;
    struct vtl_place place; /* of result */
};

#endif

#ifndef VALIDATORS_VTL_STATEMENT_H
#define VALIDATORS_VTL_STATEMENT_H

#include "validators/vtl/problem.h"

#include "validators/base/str.h"

/* What check_datapoint returns: rows where a rule is false; every row; every row with measures. */
enum vtl_output { VTL_OUTPUT_INVALID, VTL_OUTPUT_ALL, VTL_OUTPUT_ALL_MEASURES };

/* result := check_datapoint(dataset, ruleset output); "<-" makes it persistent. */
struct vtl_statement {
    struct str       result;
    struct str       dataset;
    struct str       ruleset;
    enum vtl_output  output;
    bool             persistent;
    struct vtl_place place;         /* of result */
    struct vtl_place dataset_place; /* of dataset */
};

#endif

#ifndef GATEWAY_READER_FORMAT_H
#define GATEWAY_READER_FORMAT_H

#include "validators/base/str.h"

/*
 * In which form an answer is wanted: by the parameter `format`, else by the header Accept (RFC
 * 9110, 12.5.1: weights, the most specific range counts), else the first one offered.
 */
enum format {
    FORMAT_NONE = 0,
    FORMAT_JSON,
    FORMAT_CSV,
    FORMAT_XML,
    FORMAT_HTML,
    FORMAT_PEM,
    FORMAT_ICS,
    FORMAT_JS,
    FORMAT_SARIF,
    FORMAT_ESS, /* a validation report of the European Statistical System */
    FORMAT_ESS_CSV,
    FORMAT_COUNT
};

enum format_fault {
    FORMAT_OK = 0,
    FORMAT_UNKNOWN,     /* the parameter names no form that we know */
    FORMAT_NOT_OFFERED, /* this resource is not to be had so */
};

/* offered: a list that ends with FORMAT_NONE, the one that is preferred first. */
enum format_fault format_choose(struct str parameter, struct str accept, const enum format *offered,
                                enum format *out);

const char *format_type(enum format format); /* "application/json" */
const char *format_name(enum format format); /* "json" */

#endif

#ifndef GATEWAY_READER_ADDRESS_H
#define GATEWAY_READER_ADDRESS_H

#include "validators/base/err.h"
#include "validators/base/str.h"

/*
 * The target of a GET, taken apart: segments of the path and parameters of the query, with percent
 * escapes undone once. Strict, because what two readers understand differently is a hole: a bad
 * escape, bytes that are not UTF-8, control characters (NUL first) and a parameter that stands
 * twice are refused. "." and ".." are words like any other, '+' is a plus, and a slash that was
 * escaped stays inside its segment. Knows no resource.
 */
enum { ADDRESS_SEGMENTS_MAX = 9, ADDRESS_PARAMETERS_MAX = 32, ADDRESS_SIZE_MAX = 8192 };

enum address_fault {
    ADDRESS_OK = 0,
    ADDRESS_NOWHERE, /* no resource of ours can have such a path */
    ADDRESS_PATH,    /* the path cannot be read */
    ADDRESS_QUERY,   /* a parameter cannot be read */
    ADDRESS_DOUBLED, /* a parameter stands twice */
};

struct address_parameter {
    struct str name;
    struct str value;
};

struct address {
    enum address_fault       fault;
    struct str               wrong; /* QUERY, DOUBLED: name of the parameter, if it can be read */
    struct str               segments[ADDRESS_SEGMENTS_MAX]; /* never empty texts */
    size_t                   segment_count;
    struct address_parameter parameters[ADDRESS_PARAMETERS_MAX];
    size_t                   parameter_count;
};

/* path begins with '/', query is without '?'. What is wrong with them is a result (out->fault);
 * ERR_MEMORY alone is a failure. */
MUST_USE enum err address_parse(struct arena *arena, struct str path, struct str query,
                                struct address *out, struct fault *fault);

/* The value of a parameter; empty when it is absent. An empty value counts as absent. */
struct str address_parameter(const struct address *address, const char *name);

#endif

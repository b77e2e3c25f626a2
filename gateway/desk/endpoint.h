#ifndef GATEWAY_DESK_ENDPOINT_H
#define GATEWAY_DESK_ENDPOINT_H

#include "gateway/people/permission.h"
#include "gateway/wire/petition.h"

/* The table of what can be asked of the desk (endpoint.def). */
struct call;
typedef enum err endpoint_answer(struct call *call, struct fault *fault);

struct endpoint {
    enum petition_method   method;
    const char            *path;
    enum permission_action action;
    endpoint_answer       *answer;
    const char            *names; /* of parameters or members; space-separated */
};

size_t                 endpoint_count(void);
const struct endpoint *endpoint_at(size_t index);

/* NULL: there is none. *id: the segment that stands for a brace; empty: none. */
const struct endpoint *endpoint_find(enum petition_method method, struct str path, struct str *id);

#endif

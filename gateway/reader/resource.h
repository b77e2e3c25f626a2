#ifndef GATEWAY_READER_RESOURCE_H
#define GATEWAY_READER_RESOURCE_H

#include "gateway/people/permission.h"
#include "gateway/reader/asked.h"

/*
 * Everything that can be read, one row each: the path, which action of the table of permissions it
 * is, in which forms it is to be had, and who answers. What stands here stands in openapi.json and
 * the other way round (a test compares them).
 */
enum resource_access {
    /* Nobody need say who they are. */
    RESOURCE_PUBLIC = PERMISSION_ACTION_READ_PUBLIC,
    /* Who asks is entered into the transaction before answering. */
    RESOURCE_SENDER = PERMISSION_ACTION_READ_REPORT,
    RESOURCE_RECEIPT = PERMISSION_ACTION_READ_RECEIPT,
};

enum resource_store {
    RESOURCE_APART, /* needs no database, and is answered without one */
    RESOURCE_STORED,
};

typedef enum err resource_answer(struct asked *asked, struct fault *fault);

enum { RESOURCE_FORMATS_MAX = 6 };

struct resource {
    const char          *path; /* "/api/v1/submissions/{id}"; a brace stands for any segment */
    enum resource_access access;
    enum resource_store  store;
    enum format
        formats[RESOURCE_FORMATS_MAX]; /* the preferred one first, the last one FORMAT_NONE */
    resource_answer *answer;
};

size_t                 resource_count(void);
const struct resource *resource_at(size_t index);

/* The resource of a path that has been taken apart; NULL: there is none. */
const struct resource *resource_find(const struct address *address);

#endif

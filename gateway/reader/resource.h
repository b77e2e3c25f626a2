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

/* What an answer is made of; they are added up. */
enum resource_need {
    RESOURCE_APART = 0, /* needs no database, and is answered without one */
    RESOURCE_STORED = 1,
    RESOURCE_DEFINED = 2, /* definitions: those in force (edition.h), with or without a database */
};

typedef enum err resource_answer(struct asked *asked, struct fault *fault);

enum { RESOURCE_FORMATS_MAX = 6 };

struct resource {
    const char          *path; /* "/api/v1/submissions/{id}"; a brace stands for any segment */
    enum resource_access access;
    unsigned             needs; /* of enum resource_need */
    enum format
        formats[RESOURCE_FORMATS_MAX]; /* the preferred one first, the last one FORMAT_NONE */
    const char      *parameters;       /* of the query; space-separated */
    resource_answer *answer;
};

size_t                 resource_count(void);
const struct resource *resource_at(size_t index);

/* The resource of a path that has been taken apart; NULL: there is none. */
const struct resource *resource_find(const struct address *address);

/* The first parameter that is not known there (unfamiliar.h); .data is NULL: none. */
struct str resource_unfamiliar(const struct resource *resource, const struct address *address);

#endif

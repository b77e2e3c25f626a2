#ifndef GATEWAY_FRONT_ROUTE_H
#define GATEWAY_FRONT_ROUTE_H

#include "gateway/wire/question.h"

/*
 * The table of everything that can be asked of the front: which path takes which methods, who may
 * use them, what is done. A path is compared as it came, not decoded. Knows no HTTP library.
 */
enum route_action {
    ROUTE_NOTHING = 0,
    ROUTE_READ,
    ROUTE_SUBMIT,
    ROUTE_VALIDATE,
    ROUTE_VERIFY,
    ROUTE_DESK,
    ROUTE_WITHDRAW,        /* a submission; it has no body */
    ROUTE_REASON,          /* of a correction: JSON */
    ROUTE_EXPLAIN,         /* one query: JSON */
    ROUTE_EXPLAIN_ALL,     /* queries of a submission: CSV */
    ROUTE_EXPLAIN_SET,     /* one query of a set: JSON */
    ROUTE_EXPLAIN_SET_ALL, /* queries of a set: CSV */
    ROUTE_OBJECT,          /* to a finding of a set: JSON */
};

/* Whoever is known and has the right; of the desk's own it finds out itself. */
enum route_access {
    ROUTE_PUBLIC = 0, /* nobody need say who they are */
    ROUTE_SUBMITTING = ACCESS_SUBMIT,
    ROUTE_READING = ACCESS_READ,
    ROUTE_OBLIGATIONS = ACCESS_OBLIGATIONS,
    ROUTE_CALENDAR = ACCESS_OBLIGATIONS | ACCESS_FEED, /* either */
    ROUTE_REVIEWING = ACCESS_REVIEW,
    ROUTE_VALIDATING = ACCESS_VALIDATE,
};

struct route_method {
    enum route_action action; /* ROUTE_NOTHING: not allowed */
    enum route_access access;
};

struct route {
    const char         *name;  /* template, for the log: "/api/v1/submissions/{}" */
    struct route_method get;   /* also HEAD */
    struct route_method post;  /* PUT instead, where allow names it */
    const char         *allow; /* value of the header Allow; of the desk, its other methods too */
};

size_t              route_count(void);
const struct route *route_at(size_t index);

/* The route of a path (without its query); NULL: there is none. */
const struct route *route_find(struct str path);

/* Segment number i of a path, from 0; empty when there is none. */
struct str route_segment(struct str path, size_t i);

/* What a method does there; action ROUTE_NOTHING when it is not allowed. */
struct route_method route_method(const struct route *route, struct str method);

#endif

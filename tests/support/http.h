#ifndef TESTS_SUPPORT_HTTP_H
#define TESTS_SUPPORT_HTTP_H

#include "validators/base/buf.h"

/*
 * HTTP for tests, by libcurl, over the front's Unix socket or over TLS to nginx. A request that
 * gets no answer has status 0: the caller decides whether that is a failure.
 */
enum { HTTP_HEADERS_MAX = 16, HTTP_ANSWER_MAX = 64 * 1024 * 1024 };

struct http_target {
    const char *base;        /* "https://localhost:8443" or "http://localhost" */
    const char *unix_socket; /* NULL: over the network */
    const char *authority;   /* PEM file that the server's certificate is checked with */
    const char *certificate; /* PEM file of the client's own, and its key; NULL: none */
    const char *key;
};

struct http_request {
    const char *method;                    /* "POST" */
    const char *path;                      /* "/api/v1/submissions" */
    const char *headers[HTTP_HEADERS_MAX]; /* "Name: value"; NULL ends */
    struct str  body;
    long        timeout_ms; /* 0: 60 s */
};

struct http_answer {
    int         status; /* 0: none came */
    struct str  headers;
    struct str  body;
    const char *failure; /* libcurl's words when status is 0 */
};

/* Ask and wait. Answers live in arena. */
struct http_answer http_ask(struct arena *arena, const struct http_target *target,
                            const struct http_request *request);

/* Several requests at once, each on a connection of its own. */
void http_ask_all(struct arena *arena, const struct http_target *target,
                  const struct http_request *requests, size_t count, struct http_answer *answers);

/* The value of a header of an answer; empty when it is not there. */
struct str http_header(const struct http_answer *answer, const char *name);

#endif

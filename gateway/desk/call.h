#ifndef GATEWAY_DESK_CALL_H
#define GATEWAY_DESK_CALL_H

#include "gateway/answer/json.h"
#include "gateway/config/config.h"
#include "gateway/desk/endpoint.h"
#include "gateway/people/people_session.h"
#include "gateway/problem/problem.h"
#include "gateway/wire/question.h"

/*
 * One request on its way through the desk: what was asked, by whom, and the answer that grows. A
 * refusal is an answer like any other, and takes back what was done before it; an error that goes
 * up means that we could not work, and becomes 500 or 503 in one place (desk.c).
 */
enum { CALL_BODY_MAX = 256 * 1024, CALL_HEADERS_MAX = 2048, CALL_ID_SIZE = 36 };

struct call {
    struct arena          *arena;
    struct store          *store;
    const struct config   *config;
    const struct petition *petition;
    const struct endpoint *endpoint;
    struct str             id; /* of the path; empty: none */
    struct people_session  session;
    struct buf             headers;
    struct reply          *reply;
};

void call_header(struct call *call, const char *name, struct str value);

/* An empty buffer for the body of an answer. */
struct buf call_body(const struct call *call);

/* Answer with this status and JSON; an empty body: without one. ERR_MEMORY when it did not fit. */
MUST_USE enum err call_answer(struct call *call, int status, const struct buf *body,
                              struct fault *fault);

/* A refusal; detail says what is wrong here and what to do, in Polish. */
MUST_USE enum err call_refuse(struct call *call, enum problem problem, struct str detail,
                              struct fault *fault);
/* 404: what is not there and what is not theirs, so that nobody learns which of the two. */
MUST_USE enum err call_refuse_absent(struct call *call, struct fault *fault);
/* What a module refused (ERR_DENIED, its words in *fault) becomes 422; any other error goes up. */
MUST_USE enum err call_refuse_denied(struct call *call, enum err got, struct fault *fault);

bool call_is_refused(const struct call *call);

/* Whether the one who asks may do this at a place (unit 0 and no office: none): the first fence. */
MUST_USE enum err call_may(struct call *call, enum permission_action action, int64_t unit,
                           struct str office, bool *allowed, struct fault *fault);

/* The unit of a REGON, 0 when there is none; of an empty one 0. */
MUST_USE enum err call_find_unit(struct call *call, struct str regon, int64_t *unit,
                                 struct fault *fault);

/* Value of a parameter of the query, not decoded; empty when it is absent. */
struct str call_parameter(const struct call *call, const char *name);

/* The id in the path, if it is one. */
MUST_USE bool call_uuid(const struct call *call, struct uuid *out);

/* The revision that If-Match names ("\"7\""). False: *call is refused, 428 or 412. */
MUST_USE enum err call_revision(struct call *call, int64_t *revision, bool *given,
                                struct fault *fault);

/* Members of an answer. */
void call_write_uuid(struct json *json, const struct call *call, const char *key, struct uuid id);
void call_write_date(struct json *json, const struct call *call, const char *key,
                     struct date date); /* null for year 0 */
void call_write_instant(struct json *json, const struct call *call, const char *key,
                        instant at); /* null for 0 */

#endif

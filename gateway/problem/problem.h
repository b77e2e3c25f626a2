#ifndef GATEWAY_PROBLEM_PROBLEM_H
#define GATEWAY_PROBLEM_PROBLEM_H

#include "gateway/answer/json.h"
#include "validators/base/uuid.h"

/*
 * The one form of every refusal: application/problem+json (RFC 9457), Polish, with the request's
 * id. Also written out as files for nginx's own errors, so that no proxy's HTML is ever seen.
 */
enum problem {
#define PROBLEM(name, status, slug, title) PROBLEM_##name,
#include "gateway/problem/problem.def"
#undef PROBLEM
    PROBLEM_COUNT
};

int         problem_status(enum problem problem);
const char *problem_slug(enum problem problem);
const char *problem_title(enum problem problem);

/*
 * {"type":"<base>/problemy/<slug>","title":...,"status":...,"detail":...,"instance":...,
 *  "trace_id":...}; detail and instance are left out when empty, trace_id when nil.
 * problem_begin leaves the object open for further members.
 */
void problem_begin(struct json *json, enum problem problem, struct str base_url, struct str detail,
                   struct str instance, struct uuid request);
void problem_write(struct buf *out, enum problem problem, struct str base_url, struct str detail,
                   struct str instance, struct uuid request);

#endif

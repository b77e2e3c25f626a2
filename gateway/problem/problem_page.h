#ifndef GATEWAY_PROBLEM_PROBLEM_PAGE_H
#define GATEWAY_PROBLEM_PROBLEM_PAGE_H

#include "gateway/page/page.h"
#include "gateway/problem/problem.h"

/*
 * A refusal for whoever came with a browser: a page that says the same as the JSON, what can be
 * done and where to go on. Complete HTML, no script, nothing from elsewhere.
 */
#define PROBLEM_PAGE_TYPE "text/html; charset=utf-8"
#define PROBLEM_PAGE_POLICY PAGE_POLICY

/* Whether Accept names text/html before anything of JSON: browsers do, programs do not. */
bool problem_page_is_wanted(struct str accept);

/* detail may be empty, request nil. */
void problem_page_write(struct buf *out, enum problem problem, struct str detail,
                        struct uuid request);

#endif

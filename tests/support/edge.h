#ifndef TESTS_SUPPORT_EDGE_H
#define TESTS_SUPPORT_EDGE_H

#include "tests/support/station.h"

/*
 * A real nginx with TLS before a station, from the template that production uses, on a free port of
 * the loopback. Ends with the test. What cannot be done here aborts with a message.
 */
struct edge;

struct edge              *edge_start(const struct station *station);
void                      edge_stop(struct edge *edge); /* accepts NULL */
const struct http_target *edge_target(const struct edge *edge);
pid_t                     edge_process(const struct edge *edge);
int                       edge_port(const struct edge *edge);

/* Where nginx-access.log and nginx-error.log stand. */
const char *edge_folder(const struct edge *edge);

/* One more location for yardsticks, "/yardstick", that nginx answers by itself with 200. */
struct edge *edge_start_yardstick(const struct station *station);

#endif

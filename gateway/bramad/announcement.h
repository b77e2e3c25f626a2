#ifndef GATEWAY_BRAMAD_ANNOUNCEMENT_H
#define GATEWAY_BRAMAD_ANNOUNCEMENT_H

#include "validators/base/err.h"
#include "validators/base/str.h"

/*
 * How others hear that bramad works: the service manager (NOTIFY_SOCKET, a path or an abstract name
 * behind '@'), whoever waits at the descriptor of --ready-fd (one line with the port of
 * health_address, then its end), and the log (bramad.ready, with health_port). Nobody there is no
 * failure: then nobody is told.
 */
void announcement_ready_line(int fd, unsigned health_port); /* closes fd; -1: nobody waits */

/* state: "READY=1", "STOPPING=1". address: the value of NOTIFY_SOCKET; NULL or "": nobody. */
MUST_USE enum err announcement_notify(const char *address, const char *state, struct fault *fault);

#endif

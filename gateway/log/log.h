#ifndef GATEWAY_LOG_LOG_H
#define GATEWAY_LOG_LOG_H

#include "validators/base/err.h"
#include "validators/base/uuid.h"

/*
 * One line of JSON is one event, written to stderr by one write(2), so that lines of several
 * processes never mix: ts (UTC), level, role, pid, event, then the fields given. Event names are
 * stable ("submission.decided") and listed in ops/runbook/events.md. No content of a report, no
 * token, no amount, no PESEL ever goes in: texts are given by our own code, and clipped.
 *
 * Nobody waits for whoever reads the log: a line that cannot be taken at once is lost, counted
 * (brama_log_lines_lost_total), and told of by "log.lost" before the next line that is taken.
 */
enum log_level { LOG_INFO, LOG_WARNING, LOG_ERROR };

enum { LOG_LINE_MAX = 4096 };

/*
 * Once, at the start of the program and before it starts others: make this descriptor (standard
 * error) one that never makes its writers wait. What it was is shared with whoever started us, so a
 * pipe or terminal is opened anew for us and all that we start; where that cannot be done the
 * descriptor stays, and log_open's processes look before they write.
 */
void log_detach(int fd);

/* Name this process in every line; fd: where lines go. Once, at start. */
void log_open(const char *role, unsigned slot, int fd);

/* log_begin(LOG_INFO, "front.listening"); log_text(...); log_end(): one line. Not nested. */
void log_begin(enum log_level level, const char *event);
void log_text(const char *key, struct str value);
void log_number(const char *key, int64_t value);
void log_uuid(const char *key, struct uuid value);
void log_fault(const struct fault *fault); /* err, text, place */
void log_end(void);

/* A line with nothing but a fault. */
void log_failure(const char *event, const struct fault *fault);

#endif

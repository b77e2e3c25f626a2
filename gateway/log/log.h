#ifndef GATEWAY_LOG_LOG_H
#define GATEWAY_LOG_LOG_H

#include "validators/base/err.h"
#include "validators/base/uuid.h"

/*
 * One line of JSON is one event, written to stderr by one write(2), so that lines of several
 * processes never mix: ts (UTC), level, role, pid, event, then the fields given. Event names are
 * stable ("submission.decided") and listed in ops/runbook/events.md. No content of a report, no
 * token, no amount, no PESEL ever goes in: texts are given by our own code, and clipped.
 * A line that cannot be written is lost; the role goes on.
 */
enum log_level { LOG_INFO, LOG_WARNING, LOG_ERROR };

enum { LOG_LINE_MAX = 4096 };

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

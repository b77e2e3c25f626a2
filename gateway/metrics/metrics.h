#ifndef GATEWAY_METRICS_METRICS_H
#define GATEWAY_METRICS_METRICS_H

#include "validators/base/buf.h"
#include "validators/base/err.h"

#include <stdint.h>

/*
 * Counters and gauges of all roles in one shared page (a memfd made by the supervisor and mapped by
 * each role), so that counting costs one atomic addition and reading asks nobody. Counters survive
 * a restart of a role. No label ever names a unit.
 */
enum metric {
#define COUNTER(name, text, help) METRIC_##name,
#define GAUGE(name, text, help) METRIC_##name,
#define MARKS(name, text, help) METRIC_##name,
#include "gateway/metrics/metrics.def"
#undef COUNTER
#undef GAUGE
#undef MARKS
    METRIC_COUNT
};

enum metric_duration { DURATION_REQUEST, DURATION_RECEIPT, DURATION_CHECK, DURATION_COUNT };

/* Use the page behind this descriptor; -1: count nowhere (tests). */
MUST_USE enum err metrics_create(int *fd, struct fault *fault);
MUST_USE enum err metrics_use(int fd, struct fault *fault);

void    metrics_add(enum metric metric, int64_t amount);
void    metrics_set(enum metric metric, int64_t value);
int64_t metrics_get(enum metric metric); /* of marks: how many stand */

/* Set or take away the mark of a process; slot: 0 to 62. */
void metrics_mark(enum metric metric, unsigned slot, bool stands);

/* A histogram: brama_http_request_duration_seconds, brama_receipt_latency_seconds (last byte to
 * commit of the decision), brama_check_duration_seconds. */
void metrics_observe(enum metric_duration duration, int64_t microseconds);

/* All of them in the text format of Prometheus 0.0.4, `promtool check metrics` clean. */
void metrics_write(struct buf *out, const char *version);

#endif

#ifndef TESTS_BENCH_GATEWAY_LOAD_H
#define TESTS_BENCH_GATEWAY_LOAD_H

#include "tests/support/http.h"

#include <stdint.h>

/*
 * Clients that file documents as fast as they are answered, over keep-alive connections, each
 * document once with a key of its own.
 */
enum { LOAD_STATUS_MAX = 600 };

struct load {
    const struct http_target *target;
    const char               *path;   /* "/api/v1/submissions" */
    const char *const        *tokens; /* "Authorization: ..."; document i uses i % count */
    size_t                    token_count;
    const struct str         *documents;
    size_t                    document_count;
    size_t                    connections;
    const char               *key_prefix;
};

struct load_result {
    double   seconds;
    uint32_t statuses[LOAD_STATUS_MAX]; /* answers by status; [0]: none came */
    double   p50_ms;
    double   p99_ms;
    double   longest_ms;
    double   cpu_seconds; /* of this process: the generator's own */
};

void load_run(const struct load *load, struct load_result *out);

#endif

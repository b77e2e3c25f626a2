#include "tests/bench/gateway/load.h"

#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { WAIT_MS = 1000, NS = 1000000000 };

/* One keep-alive connection, and the request that is on it. */
struct lane {
    CURL              *curl;
    struct curl_slist *headers;
    int64_t            began;
    bool               busy;
};

struct loading {
    const struct load  *load;
    struct load_result *result;
    CURLM              *multi;
    struct lane        *lanes;
    double             *latencies; /* ms */
    size_t              next;
    size_t              done;
};

static int64_t
clock_ns(clockid_t clock)
{
    struct timespec now = {0};

    ENSURE(clock_gettime(clock, &now) == 0);
    return (int64_t)now.tv_sec * NS + now.tv_nsec;
}

static size_t
drop(char *bytes, size_t one, size_t size, /* NOLINT(readability-non-const-parameter): libcurl's */
     void *user)
{
    (void)bytes;
    (void)user;
    return one * size;
}

static void
begin(struct loading *loading, struct lane *lane)
{
    const struct load *load = loading->load;
    size_t             document = loading->next++;
    char               key[128];
    const char        *fixed[] = {"Content-Type: application/xml",
                                  "Expect:", load->tokens[document % load->token_count]};

    (void)snprintf(key, sizeof key, "Idempotency-Key: %s-%zu", load->key_prefix, document);
    lane->headers = curl_slist_append(NULL, key);
    for (size_t i = 0; i < ARRAY_COUNT(fixed); i++) {
        lane->headers = curl_slist_append(lane->headers, fixed[i]);
    }
    struct str bytes = load->documents[document];
    ENSURE(curl_easy_setopt(lane->curl, CURLOPT_HTTPHEADER, lane->headers) == CURLE_OK);
    ENSURE(curl_easy_setopt(lane->curl, CURLOPT_POSTFIELDSIZE, (long)bytes.size) == CURLE_OK);
    ENSURE(curl_easy_setopt(lane->curl, CURLOPT_POSTFIELDS, bytes.data) == CURLE_OK);
    lane->began = clock_ns(CLOCK_MONOTONIC);
    lane->busy = true;
    ENSURE(curl_multi_add_handle(loading->multi, lane->curl) == CURLM_OK);
}

static void
end(struct loading *loading, struct lane *lane, CURLcode code)
{
    long status = 0;

    if (code == CURLE_OK) {
        ENSURE(curl_easy_getinfo(lane->curl, CURLINFO_RESPONSE_CODE, &status) == CURLE_OK);
    }
    loading->latencies[loading->done++] =
        (double)(clock_ns(CLOCK_MONOTONIC) - lane->began) / 1000000;
    loading->result->statuses[status < LOAD_STATUS_MAX ? status : 0]++;
    ENSURE(curl_multi_remove_handle(loading->multi, lane->curl) == CURLM_OK);
    curl_slist_free_all(lane->headers);
    lane->headers = NULL;
    lane->busy = false;
}

static void
prepare(const struct load *load, struct lane *lane)
{
    char url[512];

    lane->curl = curl_easy_init();
    ENSURE(lane->curl != NULL);
    (void)snprintf(url, sizeof url, "%s%s", load->target->base, load->path);
    ENSURE(curl_easy_setopt(lane->curl, CURLOPT_URL, url) == CURLE_OK);
    ENSURE(curl_easy_setopt(lane->curl, CURLOPT_POST, 1L) == CURLE_OK);
    ENSURE(curl_easy_setopt(lane->curl, CURLOPT_NOSIGNAL, 1L) == CURLE_OK);
    ENSURE(curl_easy_setopt(lane->curl, CURLOPT_WRITEFUNCTION, drop) == CURLE_OK);
    ENSURE(curl_easy_setopt(lane->curl, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1)
           == CURLE_OK);
    ENSURE(curl_easy_setopt(lane->curl, CURLOPT_PRIVATE, lane) == CURLE_OK);
    if (load->target->unix_socket != NULL) {
        ENSURE(curl_easy_setopt(lane->curl, CURLOPT_UNIX_SOCKET_PATH, load->target->unix_socket)
               == CURLE_OK);
    }
    if (load->target->authority != NULL) {
        ENSURE(curl_easy_setopt(lane->curl, CURLOPT_CAINFO, load->target->authority) == CURLE_OK);
    }
}

static void
collect(struct loading *loading)
{
    int      left = 0;
    CURLMsg *message = NULL;

    while ((message = curl_multi_info_read(loading->multi, &left)) != NULL) {
        struct lane *lane = NULL;
        CURLcode     code = message->data.result;
        ENSURE(curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, (char **)&lane)
               == CURLE_OK);
        end(loading, lane, code);
        if (loading->next < loading->load->document_count) {
            begin(loading, lane);
        }
    }
}

static int
by_size(const void *a, const void *b)
{
    double x = *(const double *)a;
    double y = *(const double *)b;

    return (x > y) - (x < y);
}

void
load_run(const struct load *load, struct load_result *out)
{
    struct loading loading = {.load = load,
                              .result = out,
                              .multi = curl_multi_init(),
                              .lanes = calloc(load->connections, sizeof(struct lane)),
                              .latencies = calloc(load->document_count, sizeof(double))};
    int64_t        began = clock_ns(CLOCK_MONOTONIC);
    int64_t        cpu = clock_ns(CLOCK_PROCESS_CPUTIME_ID);
    int            running = 0;

    *out = (struct load_result){0};
    ENSURE(loading.multi != NULL && loading.lanes != NULL && loading.latencies != NULL);
    for (size_t i = 0; i < load->connections && loading.next < load->document_count; i++) {
        prepare(load, &loading.lanes[i]);
        begin(&loading, &loading.lanes[i]);
    }
    while (loading.done < load->document_count) {
        ENSURE(curl_multi_perform(loading.multi, &running) == CURLM_OK);
        collect(&loading);
        ENSURE(running == 0 || curl_multi_poll(loading.multi, NULL, 0, WAIT_MS, NULL) == CURLM_OK);
    }
    out->seconds = (double)(clock_ns(CLOCK_MONOTONIC) - began) / NS;
    out->cpu_seconds = (double)(clock_ns(CLOCK_PROCESS_CPUTIME_ID) - cpu) / NS;
    qsort(loading.latencies, load->document_count, sizeof(double), by_size);
    out->p50_ms = loading.latencies[load->document_count / 2];
    out->p99_ms = loading.latencies[load->document_count * 99 / 100];
    out->longest_ms = loading.latencies[load->document_count - 1];
    for (size_t i = 0; i < load->connections; i++) {
        curl_easy_cleanup(loading.lanes[i].curl);
    }
    ENSURE(curl_multi_cleanup(loading.multi) == CURLM_OK);
    free(loading.lanes);
    free(loading.latencies);
}

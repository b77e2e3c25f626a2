#include "tests/support/http.h"

#include <curl/curl.h>
#include <strings.h>

enum { TIMEOUT_MS = 60000, WAIT_MS = 1000, HEADERS_SIZE_MAX = 64 * 1024 };

/* One request on its way. */
struct exchange {
    CURL              *curl;
    struct curl_slist *headers;
    struct buf         head;
    struct buf         body;
};

/* The signature of these two is libcurl's. */
static size_t
take_body(char *bytes, size_t one, size_t size, /* NOLINT(readability-non-const-parameter) */
          void *user)
{
    struct exchange *exchange = user;

    (void)one; /* always 1 */
    buf_append(&exchange->body, (struct str){bytes, size});
    return buf_ok(&exchange->body) ? size : 0;
}

static size_t
take_head(char *bytes, size_t one, size_t size, /* NOLINT(readability-non-const-parameter) */
          void *user)
{
    struct exchange *exchange = user;

    (void)one; /* always 1 */
    buf_append(&exchange->head, (struct str){bytes, size});
    return buf_ok(&exchange->head) ? size : 0;
}

static void
set(CURL *curl, CURLoption option, long value)
{
    ENSURE(curl_easy_setopt(curl, option, value) == CURLE_OK);
}

static void
set_target(struct arena *arena, CURL *curl, const struct http_target *target, const char *path)
{
    struct str url = str_format(arena, "%s%s", target->base, path);

    ENSURE(url.data != NULL);
    ENSURE(curl_easy_setopt(curl, CURLOPT_URL, url.data) == CURLE_OK);
    if (target->unix_socket != NULL) {
        ENSURE(curl_easy_setopt(curl, CURLOPT_UNIX_SOCKET_PATH, target->unix_socket) == CURLE_OK);
    }
    if (target->authority != NULL) {
        ENSURE(curl_easy_setopt(curl, CURLOPT_CAINFO, target->authority) == CURLE_OK);
    }
    if (target->certificate != NULL) {
        ENSURE(curl_easy_setopt(curl, CURLOPT_SSLCERT, target->certificate) == CURLE_OK);
        ENSURE(curl_easy_setopt(curl, CURLOPT_SSLKEY, target->key) == CURLE_OK);
    }
}

static struct exchange
begin(struct arena *arena, const struct http_target *target, const struct http_request *request)
{
    struct exchange exchange = {.curl = curl_easy_init(),
                                .head = buf_create(arena, HEADERS_SIZE_MAX),
                                .body = buf_create(arena, HTTP_ANSWER_MAX)};

    ENSURE(exchange.curl != NULL);
    set_target(arena, exchange.curl, target, request->path);
    ENSURE(curl_easy_setopt(exchange.curl, CURLOPT_CUSTOMREQUEST, request->method) == CURLE_OK);
    set(exchange.curl, CURLOPT_TIMEOUT_MS,
        request->timeout_ms == 0 ? TIMEOUT_MS : request->timeout_ms);
    set(exchange.curl, CURLOPT_NOSIGNAL, 1);
    if (request->body.data != NULL) {
        set(exchange.curl, CURLOPT_POSTFIELDSIZE, (long)request->body.size);
        ENSURE(curl_easy_setopt(exchange.curl, CURLOPT_POSTFIELDS, request->body.data) == CURLE_OK);
    }
    for (size_t i = 0; i < HTTP_HEADERS_MAX && request->headers[i] != NULL; i++) {
        exchange.headers = curl_slist_append(exchange.headers, request->headers[i]);
    }
    exchange.headers = curl_slist_append(exchange.headers, "Expect:");
    ENSURE(curl_easy_setopt(exchange.curl, CURLOPT_HTTPHEADER, exchange.headers) == CURLE_OK);
    return exchange;
}

/* After `exchange` has come to rest in memory: libcurl keeps its address. */
static void
connect_sinks(struct exchange *exchange)
{
    ENSURE(curl_easy_setopt(exchange->curl, CURLOPT_WRITEFUNCTION, take_body) == CURLE_OK);
    ENSURE(curl_easy_setopt(exchange->curl, CURLOPT_WRITEDATA, exchange) == CURLE_OK);
    ENSURE(curl_easy_setopt(exchange->curl, CURLOPT_HEADERFUNCTION, take_head) == CURLE_OK);
    ENSURE(curl_easy_setopt(exchange->curl, CURLOPT_HEADERDATA, exchange) == CURLE_OK);
}

static void
end(struct exchange *exchange, CURLcode code, struct http_answer *answer)
{
    long status = 0;

    if (code == CURLE_OK) {
        ENSURE(curl_easy_getinfo(exchange->curl, CURLINFO_RESPONSE_CODE, &status) == CURLE_OK);
    }
    *answer = (struct http_answer){.status = (int)status,
                                   .headers = buf_str(&exchange->head),
                                   .body = buf_str(&exchange->body),
                                   .failure = curl_easy_strerror(code)};
    curl_slist_free_all(exchange->headers);
    curl_easy_cleanup(exchange->curl);
}

struct http_answer
http_ask(struct arena *arena, const struct http_target *target, const struct http_request *request)
{
    struct exchange    exchange = begin(arena, target, request);
    struct http_answer answer = {0};

    connect_sinks(&exchange);
    end(&exchange, curl_easy_perform(exchange.curl), &answer);
    return answer;
}

/* Those that are finished: their codes. */
static void
collect(CURLM *multi, struct exchange *exchanges, size_t count, CURLcode *codes)
{
    int      left = 0;
    CURLMsg *message = NULL;

    while ((message = curl_multi_info_read(multi, &left)) != NULL) {
        for (size_t i = 0; i < count; i++) {
            if (message->msg == CURLMSG_DONE && exchanges[i].curl == message->easy_handle) {
                codes[i] = message->data.result;
            }
        }
    }
}

void
http_ask_all(struct arena *arena, const struct http_target *target,
             const struct http_request *requests, size_t count, struct http_answer *answers)
{
    CURLM           *multi = curl_multi_init();
    struct exchange *exchanges = ARENA_NEW(arena, struct exchange, count);
    CURLcode        *codes = ARENA_NEW(arena, CURLcode, count);
    int              running = 1;

    ENSURE(multi != NULL && exchanges != NULL && codes != NULL);
    for (size_t i = 0; i < count; i++) {
        exchanges[i] = begin(arena, target, &requests[i]);
        connect_sinks(&exchanges[i]);
        codes[i] = CURLE_OPERATION_TIMEDOUT;
        ENSURE(curl_multi_add_handle(multi, exchanges[i].curl) == CURLM_OK);
    }
    while (running > 0) {
        ENSURE(curl_multi_perform(multi, &running) == CURLM_OK);
        collect(multi, exchanges, count, codes);
        ENSURE(running == 0 || curl_multi_poll(multi, NULL, 0, WAIT_MS, NULL) == CURLM_OK);
    }
    for (size_t i = 0; i < count; i++) {
        ENSURE(curl_multi_remove_handle(multi, exchanges[i].curl) == CURLM_OK);
        end(&exchanges[i], codes[i], &answers[i]);
    }
    ENSURE(curl_multi_cleanup(multi) == CURLM_OK);
}

struct str
http_header(const struct http_answer *answer, const char *name)
{
    struct str rest = answer->headers;
    struct str line = {0};
    struct str want = str_of(name);

    while (str_cut(&rest, '\n', &line)) {
        struct str value = line;
        struct str key = {0};
        if (str_cut(&value, ':', &key) && key.size == want.size
            && strncasecmp(key.data, want.data, key.size) == 0) {
            return str_trim(value);
        }
    }
    return (struct str){0};
}

#include "gateway/front/response.h"

#include "gateway/log/log.h"
#include "gateway/metrics/metrics.h"
#include "gateway/ticks/ticks.h"

#include <dlfcn.h>
#include <microhttpd.h>
#include <openssl/rand.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>

enum { HEADER_SIZE_MAX = 1024, RAW_SIZE_MAX = 16 * 1024 };

/* What a page that a reader made may do: nothing but look as it says itself. */
#define PAGE_POLICY                                                                          \
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'none'; " \
    "base-uri 'none'; form-action 'none'"

static const struct {
    const char *name;
    const char *value;
    bool        page_only;
} always[] = {
    {"API-Version",             "1",           false},
    {"X-Content-Type-Options",  "nosniff",     false},
    {"Cache-Control",           "no-store",    false},
    {"Referrer-Policy",         "no-referrer", false},
    {"Content-Security-Policy", PAGE_POLICY,   true },
};

/* Where one header of an answer goes: name and value are NUL-terminated. */
typedef void header_sink(void *object, const char *name, const char *value);

static bool
has_header(struct str headers, const char *name)
{
    struct str line;
    size_t     size = strlen(name);

    while (str_cut(&headers, '\n', &line)) {
        if (line.size > size && line.data[size] == ':' && strncasecmp(line.data, name, size) == 0) {
            return true;
        }
    }
    return false;
}

/* The lines that a reader or a problem added. */
static void
pass_own(struct request *request, header_sink *sink, void *object)
{
    struct str headers = request->answer.headers;
    struct str line;

    while (str_cut(&headers, '\n', &line)) {
        struct str value = str_trim(line);
        struct str name;
        if (value.size == 0 || !str_cut(&value, ':', &name)) {
            continue;
        }
        struct str name_text = str_copy(request->arena, name);
        struct str value_text = str_copy(request->arena, str_trim(value));
        if (name_text.data != NULL && value_text.data != NULL) {
            sink(object, name_text.data, value_text.data);
        }
    }
}

static void
pass_headers(struct request *request, header_sink *sink, void *object)
{
    struct buf id = buf_create(request->arena, UUID_TEXT_SIZE + 1);
    struct str type = str_copy(request->arena, request->answer.content_type);

    uuid_write(&id, request->id);
    buf_byte(&id, '\0');
    if (buf_ok(&id)) {
        sink(object, "X-Request-Id", id.data);
    }
    if (type.data != NULL && type.size > 0) {
        sink(object, "Content-Type", type.data);
    }
    for (size_t i = 0; i < ARRAY_COUNT(always); i++) {
        bool fits = !always[i].page_only || str_starts_with(type, STR("text/html"));
        if (fits && !has_header(request->answer.headers, always[i].name)) {
            sink(object, always[i].name, always[i].value);
        }
    }
    pass_own(request, sink, object);
}

static void
add_header(void *object, const char *name, const char *value)
{
    /* What the library refuses is not a header: left out. */
    (void)MHD_add_response_header(object, name, value);
}

static void
write_header(void *object, const char *name, const char *value)
{
    buf_format(object, "%s: %s\r\n", name, value);
}

/* The library's own function of this name, found behind ours (below). */
static enum MHD_Result (*library_queue)(struct MHD_Connection *connection, unsigned status,
                                        struct MHD_Response *response);

static struct str problem_base;

enum err
response_prepare(struct str base_url, struct fault *fault)
{
    void *found = dlsym(RTLD_NEXT, "MHD_queue_response");
    void *first = dlsym(RTLD_DEFAULT, "MHD_queue_response");

    if (found == NULL || first == found) { /* first is ours, or the linker would not find it */
        return FAIL(fault, ERR_SYSTEM, "libmicrohttpd's own answers cannot be replaced");
    }
    memcpy(&library_queue, &found, sizeof library_queue);
    problem_base = base_url;
    return ERR_OK;
}

static bool
queue_as(struct request *request, enum MHD_ResponseMemoryMode mode)
{
    struct str           body = request->answer.body;
    struct MHD_Response *response =
        MHD_create_response_from_buffer(body.size, (void *)body.data, mode);

    if (response == NULL) {
        return false;
    }
    pass_headers(request, add_header, response);
    enum MHD_Result queued =
        library_queue(request->connection, (unsigned)request->answer.status, response);
    MHD_destroy_response(response);
    return queued == MHD_YES;
}

bool
response_queue(struct request *request)
{
    /* The body lives in the request's arena, which outlives the connection's use of it. */
    return queue_as(request, MHD_RESPMEM_PERSISTENT);
}

bool
response_queue_copy(struct request *request)
{
    return queue_as(request, MHD_RESPMEM_MUST_COPY);
}

void
response_write(struct request *request)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(request->connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    struct buf text = buf_create(request->arena, RAW_SIZE_MAX);

    ENSURE(info != NULL);
    buf_format(&text, "HTTP/1.1 %d Refused\r\nConnection: close\r\nContent-Length: %zu\r\n",
               request->answer.status, request->answer.body.size);
    pass_headers(request, write_header, &text);
    buf_append(&text, STR("\r\n"));
    buf_append(&text, request->answer.body);
    if (buf_ok(&text)) {
        /* A socket that cannot take so little belongs to somebody who is gone. */
        (void)send(info->connect_fd, text.data, text.size, MSG_NOSIGNAL | MSG_DONTWAIT);
    }
    (void)shutdown(info->connect_fd, SHUT_WR); /* likewise */
}

static const struct {
    unsigned     status;
    enum problem problem;
} translations[] = {
    {MHD_HTTP_REQUEST_TIMEOUT,                 PROBLEM_TIMEOUT          },
    {MHD_HTTP_LENGTH_REQUIRED,                 PROBLEM_LENGTH_REQUIRED  },
    {413,                                      PROBLEM_TOO_LARGE        },
    {MHD_HTTP_URI_TOO_LONG,                    PROBLEM_URI_TOO_LONG     },
    {MHD_HTTP_REQUEST_HEADER_FIELDS_TOO_LARGE, PROBLEM_HEADERS_TOO_LARGE},
    {MHD_HTTP_INTERNAL_SERVER_ERROR,           PROBLEM_INTERNAL         },
};

static enum problem
translate(unsigned status)
{
    for (size_t i = 0; i < ARRAY_COUNT(translations); i++) {
        if (translations[i].status == status) {
            return translations[i].problem;
        }
    }
    return PROBLEM_BAD_REQUEST;
}

static void
release_arena(void *object)
{
    arena_destroy(object);
}

/*
 * The library answers what it cannot parse with HTML of its own, and 0.9.75 has no setting against
 * it. It does so through this public function, which the dynamic linker resolves to ours: whatever
 * comes here is of the library's making (our own answers go to library_queue) and leaves as a
 * problem. nginx cannot do it for us: proxy_intercept_errors goes by the status alone and would
 * replace our own problems too, and no filter of it changes both body and type.
 *
 * This holds as long as the library is linked dynamically and calls the function by its name
 * (response_prepare looks at the first, tests/scenario/http at both). It is a second fence: nginx
 * parses every request first, and the front's memory for heads is larger than nginx's.
 */
enum MHD_Result
MHD_queue_response(struct MHD_Connection *connection, unsigned status, struct MHD_Response *foreign)
{
    struct arena  *arena = arena_create(REQUEST_ARENA_MAX);
    struct request request = {.arena = arena, .path = STR("/")};
    unsigned char  random[UUID_RANDOM_SIZE];

    (void)foreign;
    ENSURE(RAND_bytes(random, sizeof random) == 1);
    request.id = uuid_of_time((uint64_t)(ticks_wall() / 1000), random);
    request_refuse(&request, translate(status), problem_base, (struct str){0});
    struct str           body = request.answer.body;
    struct MHD_Response *response = MHD_create_response_from_buffer_with_free_callback_cls(
        body.size, (void *)body.data, release_arena, arena);
    if (response == NULL) {
        arena_destroy(arena);
        return MHD_NO;
    }
    pass_headers(&request, add_header, response);
    log_begin(LOG_WARNING, "http.malformed");
    log_uuid("request", request.id);
    log_number("status", request.answer.status);
    log_end();
    metrics_add(METRIC_REQUESTS_4XX, 1);
    enum MHD_Result queued = library_queue(connection, (unsigned)request.answer.status, response);
    MHD_destroy_response(response);
    return queued;
}

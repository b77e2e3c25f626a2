#include "gateway/courier/carrier.h"

#include "gateway/anchors/anchors.h"
#include "gateway/courier/trouble.h"
#include "gateway/ticks/ticks.h"
#include "validators/base/buf.h"

#include <curl/curl.h>
#include <openssl/ssl.h>
#include <string.h>
#include <unistd.h>

enum { CONNECT_MS = 5000, SILENCE_SECONDS = 10 };

/* One exchange. */
struct ride {
    struct carrier        *carrier;
    struct carrier_request request;
    CURL                  *curl; /* NULL: this place is free */
    struct curl_slist     *list; /* headers */
    struct smtp            smtp;
    struct buf             answer;
    int64_t                begun;
    void                  *object;
    bool                   forbidden; /* an address was not allowed */
    bool                   refused;   /* libcurl did not take an option */
    bool                   ended;
    CURLcode               code;
};

struct carrier {
    CURLM      *multi;
    X509_STORE *trust;
    bool        loopback;
    struct ride rides[CARRIER_RUNNING_MAX];
};

static void
forget(struct ride *ride)
{
    if (ride->curl != NULL) {
        (void)curl_multi_remove_handle(ride->carrier->multi, ride->curl);
        curl_easy_cleanup(ride->curl);
        curl_slist_free_all(ride->list);
        smtp_end(&ride->smtp);
    }
    *ride = (struct ride){0};
}

static void
release(void *object)
{
    struct carrier *carrier = object;

    for (size_t i = 0; i < CARRIER_RUNNING_MAX; i++) {
        forget(&carrier->rides[i]);
    }
    (void)curl_multi_cleanup(carrier->multi); /* accepts NULL */
    X509_STORE_free(carrier->trust);
    curl_global_cleanup();
}

enum err
carrier_create(struct arena *arena, const struct carrier_settings *settings, struct carrier **out,
               struct fault *fault)
{
    struct carrier *carrier = ARENA_NEW(arena, struct carrier, 1);

    if (carrier == NULL) {
        return FAIL(fault, ERR_MEMORY, "a carrier");
    }
    if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) {
        return FAIL(fault, ERR_SYSTEM, "libcurl cannot be had");
    }
    *carrier = (struct carrier){
        .multi = curl_multi_init(), .trust = X509_STORE_new(), .loopback = settings->loopback};
    if (!arena_defer(arena, release, carrier)) {
        release(carrier);
        return FAIL(fault, ERR_MEMORY, "a carrier");
    }
    if (carrier->multi == NULL || carrier->trust == NULL) {
        return FAIL(fault, ERR_SYSTEM, "libcurl cannot be had");
    }
    if (settings->trust_pem.size > 0 && !anchors_fill(carrier->trust, settings->trust_pem)) {
        return FAIL(fault, ERR_CRYPTO, "nie ma w nim certyfikatów PEM");
    }
    *out = carrier;
    return ERR_OK;
}

/* libcurl has resolved the name; this is the address that it is about to connect to. */
static curl_socket_t
open_socket(void *object, curlsocktype purpose, struct curl_sockaddr *address)
{
    struct ride *ride = object;
    enum reach   reach = reach_of(&address->addr, (socklen_t)address->addrlen);

    (void)purpose;
    if (ride->request.way == CARRIER_WEBHOOK && reach != REACH_PUBLIC
        && !(reach == REACH_LOOPBACK && ride->carrier->loopback)) {
        ride->forbidden = true;
        return CURL_SOCKET_BAD;
    }
    int fd = socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
    if (ride->request.way == CARRIER_MAIL && fd >= 0 && !smtp_opened(&ride->smtp, fd)) {
        (void)close(fd);
        return CURL_SOCKET_BAD;
    }
    return fd;
}

/* What does not fit ends the exchange; the status is known by then. */
static size_t
/* NOLINTNEXTLINE(readability-non-const-parameter): the type is libcurl's */
take_answer(char *bytes, size_t size, size_t count, void *object)
{
    struct ride *ride = object;

    buf_append(&ride->answer, (struct str){bytes, size * count});
    return buf_ok(&ride->answer) ? size * count : 0;
}

static CURLcode
/* NOLINTNEXTLINE(readability-non-const-parameter): the type is libcurl's */
use_trust(CURL *curl, void *context, void *object)
{
    struct ride *ride = object;

    (void)curl;
    SSL_CTX_set1_cert_store(context, ride->carrier->trust);
    return CURLE_OK;
}

static void
set_text(struct ride *ride, CURLoption option, const char *value)
{
    ride->refused |= curl_easy_setopt(ride->curl, option, value) != CURLE_OK;
}

static void
set_number(struct ride *ride, CURLoption option, long value)
{
    ride->refused |= curl_easy_setopt(ride->curl, option, value) != CURLE_OK;
}

/* The one place that decides what an exchange may do. */
static void
set_fences(struct ride *ride)
{
    static const char *const protocols[] = {
        [CARRIER_WEBHOOK] = "https",
        [CARRIER_POST] = "https,http",
        [CARRIER_MAIL] = "smtps,smtp",
    };

    set_text(ride, CURLOPT_PROTOCOLS_STR, protocols[ride->request.way]);
    set_number(ride, CURLOPT_FOLLOWLOCATION, 0);
    set_text(ride, CURLOPT_PROXY, ""); /* whatever the environment says */
    set_number(ride, CURLOPT_SSLVERSION, CURL_SSLVERSION_TLSv1_2);
    set_number(ride, CURLOPT_SSL_VERIFYPEER, 1);
    set_number(ride, CURLOPT_SSL_VERIFYHOST, 2);
    set_text(ride, CURLOPT_CAINFO, NULL);
    set_text(ride, CURLOPT_CAPATH, NULL);
    set_number(ride, CURLOPT_FRESH_CONNECT, 1); /* each connection's address is judged */
    set_number(ride, CURLOPT_FORBID_REUSE, 1);
    set_number(ride, CURLOPT_NOSIGNAL, 1);
    set_number(ride, CURLOPT_TIMEOUT_MS, (long)ride->request.time_max_ms);
    if (ride->request.way != CARRIER_MAIL) { /* a relay may greet late to try our patience */
        set_number(ride, CURLOPT_CONNECTTIMEOUT_MS, CONNECT_MS);
        set_number(ride, CURLOPT_LOW_SPEED_LIMIT, 1);
        set_number(ride, CURLOPT_LOW_SPEED_TIME, SILENCE_SECONDS);
    }
}

static void
set_functions(struct ride *ride)
{
    CURL *curl = ride->curl;

    ride->refused |= curl_easy_setopt(curl, CURLOPT_OPENSOCKETFUNCTION, open_socket) != CURLE_OK
                     || curl_easy_setopt(curl, CURLOPT_OPENSOCKETDATA, ride) != CURLE_OK
                     || curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take_answer) != CURLE_OK
                     || curl_easy_setopt(curl, CURLOPT_WRITEDATA, ride) != CURLE_OK
                     || curl_easy_setopt(curl, CURLOPT_SSL_CTX_FUNCTION, use_trust) != CURLE_OK
                     || curl_easy_setopt(curl, CURLOPT_SSL_CTX_DATA, ride) != CURLE_OK
                     || curl_easy_setopt(curl, CURLOPT_PRIVATE, ride) != CURLE_OK;
}

static void
add_to_list(struct ride *ride, const char *text)
{
    struct curl_slist *longer = curl_slist_append(ride->list, text);

    ride->refused |= longer == NULL;
    ride->list = longer == NULL ? ride->list : longer;
}

static void
set_post(struct ride *ride)
{
    const struct carrier_request *request = &ride->request;

    set_number(ride, CURLOPT_POST, 1);
    set_number(ride, CURLOPT_POSTFIELDSIZE, (long)request->body.size);
    set_text(ride, CURLOPT_POSTFIELDS, request->body.data);
    set_text(ride, CURLOPT_USERAGENT, "Brama");
    add_to_list(ride, "Expect:"); /* no waiting for 100 */
    for (size_t i = 0; i < CARRIER_HEADERS_MAX && request->headers[i] != NULL; i++) {
        add_to_list(ride, request->headers[i]);
    }
    ride->refused |= curl_easy_setopt(ride->curl, CURLOPT_HTTPHEADER, ride->list) != CURLE_OK;
}

static struct ride *
free_place(struct carrier *carrier)
{
    size_t i = 0;

    while (i < CARRIER_RUNNING_MAX && carrier->rides[i].curl != NULL) {
        i++;
    }
    return i < CARRIER_RUNNING_MAX ? &carrier->rides[i] : NULL;
}

enum err
carrier_begin(struct carrier *carrier, struct arena *arena, const struct carrier_request *request,
              void *object, struct fault *fault)
{
    struct ride *ride = free_place(carrier);

    if (ride == NULL) {
        return FAIL(fault, ERR_LIMIT, "%d exchanges run already", CARRIER_RUNNING_MAX);
    }
    *ride = (struct ride){.carrier = carrier,
                          .request = *request,
                          .curl = curl_easy_init(),
                          .answer = buf_create(arena, request->answer_max),
                          .begun = ticks_ms(),
                          .object = object};
    if (ride->curl == NULL) {
        return FAIL(fault, ERR_MEMORY, "an exchange");
    }
    set_text(ride, CURLOPT_URL, request->url);
    set_fences(ride);
    set_functions(ride);
    if (request->way == CARRIER_MAIL) {
        ride->refused |=
            !smtp_begin(&ride->smtp, ride->curl, &ride->request.envelope, request->body);
    } else {
        set_post(ride);
    }
    if (ride->refused || curl_multi_add_handle(carrier->multi, ride->curl) != CURLM_OK) {
        forget(ride);
        return FAIL(fault, ERR_SYSTEM, "libcurl refuses an exchange");
    }
    return ERR_OK;
}

size_t
carrier_running(const struct carrier *carrier)
{
    size_t count = 0;

    for (size_t i = 0; i < CARRIER_RUNNING_MAX; i++) {
        count += carrier->rides[i].curl != NULL ? 1 : 0;
    }
    return count;
}

/* Mark those that have ended. */
static void
note_ends(struct carrier *carrier)
{
    CURLMsg *message = NULL;
    int      left = 0;

    while ((message = curl_multi_info_read(carrier->multi, &left)) != NULL) {
        struct ride *ride = NULL;
        if (message->msg == CURLMSG_DONE
            && curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &ride) == CURLE_OK
            && ride != NULL) {
            ride->ended = true;
            ride->code = message->data.result;
        }
    }
}

enum err
carrier_turn(struct carrier *carrier, int fd, int wait_ms, bool *readable, struct fault *fault)
{
    struct curl_waitfd extra = {.fd = fd, .events = CURL_WAIT_POLLIN};
    int                running = 0;

    *readable = false;
    if (curl_multi_perform(carrier->multi, &running) != CURLM_OK) {
        return FAIL(fault, ERR_SYSTEM, "libcurl cannot go on");
    }
    note_ends(carrier);
    for (size_t i = 0; i < CARRIER_RUNNING_MAX; i++) {
        wait_ms = carrier->rides[i].ended ? 0 : wait_ms;
    }
    if (curl_multi_poll(carrier->multi, &extra, 1, wait_ms, NULL) != CURLM_OK) {
        return FAIL(fault, ERR_SYSTEM, "libcurl cannot wait");
    }
    *readable = extra.revents != 0;
    return ERR_OK;
}

static const char *
trouble_of(const struct ride *ride)
{
    return ride->forbidden ? "adres nie jest publiczny" : trouble_text((int)ride->code);
}

bool
carrier_take(struct carrier *carrier, void **object, struct carrier_answer *answer)
{
    for (size_t i = 0; i < CARRIER_RUNNING_MAX; i++) {
        struct ride *ride = &carrier->rides[i];
        long         status = 0;
        if (!ride->ended) {
            continue;
        }
        (void)curl_easy_getinfo(ride->curl, CURLINFO_RESPONSE_CODE, &status); /* 0 stays */
        bool whole = ride->code == CURLE_OK;
        *object = ride->object;
        *answer = (struct carrier_answer){.status = (int)status,
                                          .step = ride->smtp.step,
                                          .body = buf_str(&ride->answer),
                                          .whole = whole,
                                          .trouble = whole ? NULL : trouble_of(ride),
                                          .ms = ticks_ms() - ride->begun};
        forget(ride);
        return true;
    }
    return false;
}

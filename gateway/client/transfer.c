#include "gateway/client/transfer.h"

#include "validators/base/buf.h"

#include <curl/curl.h>
#include <string.h>

enum { CONNECT_MS = 10000, SILENCE_SECONDS = 60 };

struct transfer {
    CURL                    *curl;
    struct transfer_settings settings;
    bool                     refused; /* libcurl did not take an option */
};

static void
transfer_release(void *object)
{
    struct transfer *transfer = object;

    curl_easy_cleanup(transfer->curl); /* accepts NULL */
    curl_global_cleanup();
}

enum err
transfer_create(struct arena *arena, const struct transfer_settings *settings,
                struct transfer **out, struct fault *fault)
{
    struct transfer *transfer = ARENA_NEW(arena, struct transfer, 1);

    if (transfer == NULL) {
        return FAIL(fault, ERR_MEMORY, "brak pamięci na połączenie");
    }
    if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) {
        return FAIL(fault, ERR_SYSTEM, "biblioteki libcurl nie da się uruchomić");
    }
    transfer->settings = *settings;
    transfer->curl = curl_easy_init();
    if (!arena_defer(arena, transfer_release, transfer)) {
        transfer_release(transfer);
        return FAIL(fault, ERR_MEMORY, "brak pamięci na połączenie");
    }
    if (transfer->curl == NULL) {
        return FAIL(fault, ERR_SYSTEM, "biblioteki libcurl nie da się uruchomić");
    }
    *out = transfer;
    return ERR_OK;
}

/* What libcurl hands over goes into a bounded buf; what does not fit ends the exchange. */
static size_t
/* NOLINTNEXTLINE(readability-non-const-parameter): the type is libcurl's */
take_body(char *bytes, size_t size, size_t count, void *object)
{
    struct buf *body = object;

    buf_append(body, (struct str){bytes, size * count});
    return buf_ok(body) ? size * count : 0;
}

static void
set_text(struct transfer *transfer, CURLoption option, const char *value)
{
    transfer->refused |= curl_easy_setopt(transfer->curl, option, value) != CURLE_OK;
}

static void
set_number(struct transfer *transfer, CURLoption option, long value)
{
    transfer->refused |= curl_easy_setopt(transfer->curl, option, value) != CURLE_OK;
}

static void
set_security(struct transfer *transfer)
{
    const struct transfer_settings *settings = &transfer->settings;

    set_text(transfer, CURLOPT_PROTOCOLS_STR, "https");
    set_number(transfer, CURLOPT_FOLLOWLOCATION, 0);
    set_number(transfer, CURLOPT_SSLVERSION, CURL_SSLVERSION_TLSv1_2);
    set_number(transfer, CURLOPT_SSL_VERIFYPEER, 1);
    set_number(transfer, CURLOPT_SSL_VERIFYHOST, 2);
    if (settings->ca != NULL) {
        set_text(transfer, CURLOPT_CAINFO, settings->ca);
        set_text(transfer, CURLOPT_CAPATH, NULL); /* these issuers and no others */
    }
    if (settings->certificate != NULL) {
        set_text(transfer, CURLOPT_SSLCERT, settings->certificate);
        set_text(transfer, CURLOPT_SSLKEY,
                 settings->key != NULL ? settings->key : settings->certificate);
    }
}

static void
set_request(struct transfer *transfer, const struct transfer_request *request)
{
    set_text(transfer, CURLOPT_URL, request->url);
    set_number(transfer, CURLOPT_NOSIGNAL, 1);
    set_number(transfer, CURLOPT_CONNECTTIMEOUT_MS, CONNECT_MS);
    set_number(transfer, CURLOPT_TIMEOUT_MS, (long)request->time_max_ms);
    set_number(transfer, CURLOPT_LOW_SPEED_LIMIT, 1);
    set_number(transfer, CURLOPT_LOW_SPEED_TIME, SILENCE_SECONDS);
    if (request->is_post) {
        set_number(transfer, CURLOPT_POST, 1);
        transfer->refused |= curl_easy_setopt(transfer->curl, CURLOPT_POSTFIELDSIZE_LARGE,
                                              (curl_off_t)request->body.size)
                             != CURLE_OK;
        set_text(transfer, CURLOPT_POSTFIELDS, request->body.data);
        if (request->is_put) {
            set_text(transfer, CURLOPT_CUSTOMREQUEST, "PUT");
        }
    } else {
        set_number(transfer, CURLOPT_HTTPGET, 1);
    }
}

/* What a person reads instead of libcurl's English, and whether later may go better. */
static const struct {
    CURLcode    code;
    bool        again;
    enum err    error;
    const char *text;
} outcomes[] = {
    {CURLE_COULDNT_RESOLVE_HOST,     true,  ERR_NETWORK, "nazwy serwera nie da się odnaleźć"              },
    {CURLE_COULDNT_RESOLVE_PROXY,    true,  ERR_NETWORK,
     "nazwy pośrednika (proxy) nie da się odnaleźć"                                                      },
    {CURLE_COULDNT_CONNECT,          true,  ERR_NETWORK, "serwer nie przyjmuje połączeń"                  },
    {CURLE_OPERATION_TIMEDOUT,       true,  ERR_NETWORK, "serwer nie odpowiedział na czas"                  },
    {CURLE_GOT_NOTHING,              true,  ERR_NETWORK, "serwer zamknął połączenie bez odpowiedzi"      },
    {CURLE_SEND_ERROR,               true,  ERR_NETWORK, "połączenie urwało się przy wysyłaniu"         },
    {CURLE_RECV_ERROR,               true,  ERR_NETWORK, "połączenie urwało się przy odbiorze odpowiedzi"},
    {CURLE_PARTIAL_FILE,             true,  ERR_NETWORK, "odpowiedź urwała się przed końcem"             },
    {CURLE_SSL_CONNECT_ERROR,        true,  ERR_NETWORK,
     "bezpiecznego połączenia (TLS) nie udało się zawrzeć"                                              },
    {CURLE_HTTP2,                    true,  ERR_NETWORK, "połączenie HTTP/2 urwało się"                  },
    {CURLE_HTTP2_STREAM,             true,  ERR_NETWORK, "połączenie HTTP/2 urwało się"                  },
    {CURLE_PEER_FAILED_VERIFICATION, false, ERR_NETWORK,
     "certyfikatu serwera nie wystawił nikt zaufany albo nie jest dla tego adresu; wystawcę "
     "wskazuje --ca"                                                                                         },
    {CURLE_SSL_CACERT_BADFILE,       false, ERR_FILE,    "pliku z wystawcami (--ca) nie da się odczytać"   },
    {CURLE_SSL_CERTPROBLEM,          false, ERR_FILE,
     "własnego certyfikatu (--cert) albo klucza do niego (--cert-key) nie da się użyć"                   },
    {CURLE_URL_MALFORMAT,            false, ERR_NETWORK, "adresu serwera nie da się zrozumieć"             },
    {CURLE_UNSUPPORTED_PROTOCOL,     false, ERR_NETWORK, "adres serwera musi się zaczynać od https://"     },
    {CURLE_WEIRD_SERVER_REPLY,       false, ERR_NETWORK,
     "pod tym adresem odpowiada coś, co nie jest serwerem HTTP"                                             },
    {CURLE_OUT_OF_MEMORY,            false, ERR_MEMORY,  "brak pamięci na połączenie"                     },
};

static enum err
tell_failure(CURLcode code, const struct buf *body, bool *again, struct fault *fault)
{
    if (code == CURLE_WRITE_ERROR && !buf_ok(body)) {
        return FAIL(fault, ERR_LIMIT, "odpowiedź serwera jest dłuższa, niż może być (%d MiB)",
                    TRANSFER_ANSWER_MAX / 1024 / 1024);
    }
    for (size_t i = 0; i < ARRAY_COUNT(outcomes); i++) {
        if (outcomes[i].code == code) {
            *again = outcomes[i].again;
            return FAIL(fault, outcomes[i].error, "%s", outcomes[i].text);
        }
    }
    return FAIL(fault, ERR_NETWORK, "połączenie nie udało się: %s", curl_easy_strerror(code));
}

static struct str
header_of(CURL *curl, struct arena *arena, const char *name)
{
    struct curl_header *header = NULL;

    if (curl_easy_header(curl, name, 0, CURLH_HEADER, -1, &header) != CURLHE_OK) {
        return (struct str){0};
    }
    return str_copy(arena, str_of(header->value));
}

static void
take_answer(CURL *curl, struct arena *arena, const struct buf *body, struct transfer_answer *out)
{
    long status = 0;

    (void)curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status); /* 0 stays when it is unknown */
    *out = (struct transfer_answer){
        .status = (int)status,
        .content_type = header_of(curl, arena, "Content-Type"),
        .body = buf_str(body),
        .request_id = header_of(curl, arena, "X-Request-Id"),
        .retry_after = header_of(curl, arena, "Retry-After"),
        .etag = header_of(curl, arena, "ETag"),
        .replayed = str_equal(header_of(curl, arena, "Idempotent-Replayed"), STR("true")),
    };
}

static bool
add_headers(struct curl_slist **list, const char *const *headers)
{
    for (size_t i = 0; i < TRANSFER_HEADERS_MAX && headers[i] != NULL; i++) {
        struct curl_slist *longer = curl_slist_append(*list, headers[i]);
        if (longer == NULL) {
            return false;
        }
        *list = longer;
    }
    return true;
}

static CURLcode
perform(struct transfer *transfer, const struct transfer_request *request, struct buf *body)
{
    struct curl_slist *list = NULL;
    CURLcode           code = CURLE_OUT_OF_MEMORY;

    curl_easy_reset(transfer->curl); /* the connection stays open */
    transfer->refused = false;
    set_security(transfer);
    set_request(transfer, request);
    transfer->refused |=
        curl_easy_setopt(transfer->curl, CURLOPT_WRITEFUNCTION, take_body) != CURLE_OK
        || curl_easy_setopt(transfer->curl, CURLOPT_WRITEDATA, body) != CURLE_OK;
    if (add_headers(&list, request->headers) && !transfer->refused
        && curl_easy_setopt(transfer->curl, CURLOPT_HTTPHEADER, list) == CURLE_OK) {
        code = curl_easy_perform(transfer->curl);
    }
    curl_slist_free_all(list);
    return code;
}

enum err
transfer_run(struct transfer *transfer, struct arena *arena, const struct transfer_request *request,
             struct transfer_answer *out, bool *again, struct fault *fault)
{
    struct buf body = buf_create(arena, TRANSFER_ANSWER_MAX);

    *again = false;
    CURLcode code = perform(transfer, request, &body);
    if (code != CURLE_OK) {
        return tell_failure(code, &body, again, fault);
    }
    take_answer(transfer->curl, arena, &body, out);
    return ERR_OK;
}

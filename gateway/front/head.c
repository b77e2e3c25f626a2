#include "gateway/front/head.h"

#include "gateway/fingerprint/fingerprint.h"
#include "gateway/front/amendment.h"
#include "gateway/front/credential.h"
#include "gateway/front/feed.h"
#include "gateway/front/header.h"
#include "gateway/front/wishes.h"
#include "gateway/ticks/ticks.h"
#include "gateway/wire/petition.h"

#include <microhttpd.h>
#include <openssl/rand.h>
#include <string.h>
#include <strings.h>

enum { ACCEPT_SIZE_MAX = 1024, ETAG_SIZE_MAX = 256, DESK_TEXT_MAX = 512, PATH_MAX_OURS = 4096 };

/* Headers that decide something: each may stand at most once. */
enum heading {
    HEADING_ACCEPT,
    HEADING_ADDRESS,
    HEADING_AUTHORIZATION,
    HEADING_CERTIFICATE,
    HEADING_CODING,
    HEADING_CONTENT_DIGEST,
    HEADING_CONTENT_LENGTH,
    HEADING_CONTENT_TYPE,
    HEADING_COOKIE,
    HEADING_CSRF,
    HEADING_EXPECT,
    HEADING_HOST,
    HEADING_IF_MATCH,
    HEADING_IF_NONE_MATCH,
    HEADING_KEY,
    HEADING_ORIGIN,
    HEADING_PREFER,
    HEADING_REQUEST_ID,
    HEADING_TRANSFER_CODING,
    HEADING_COUNT
};

static const char *const names[HEADING_COUNT] = {
    [HEADING_ACCEPT] = "Accept",
    [HEADING_ADDRESS] = HEAD_ADDRESS,
    [HEADING_AUTHORIZATION] = "Authorization",
    [HEADING_CERTIFICATE] = HEAD_CERTIFICATE,
    [HEADING_CODING] = "Content-Encoding",
    [HEADING_CONTENT_DIGEST] = "Content-Digest",
    [HEADING_CONTENT_LENGTH] = "Content-Length",
    [HEADING_CONTENT_TYPE] = "Content-Type",
    [HEADING_COOKIE] = "Cookie",
    [HEADING_CSRF] = "X-CSRF-Token",
    [HEADING_EXPECT] = "Expect",
    [HEADING_HOST] = "Host",
    [HEADING_IF_MATCH] = "If-Match",
    [HEADING_IF_NONE_MATCH] = "If-None-Match",
    [HEADING_KEY] = "Idempotency-Key",
    [HEADING_ORIGIN] = "Origin",
    [HEADING_PREFER] = "Prefer",
    [HEADING_REQUEST_ID] = "X-Request-Id",
    [HEADING_TRANSFER_CODING] = "Transfer-Encoding",
};

struct headings {
    struct str   value[HEADING_COUNT];
    bool         given[HEADING_COUNT];
    enum heading doubled; /* the first one that may stand once and stands twice; COUNT: none */
    bool         malformed;
};

static enum MHD_Result
collect(void *object, enum MHD_ValueKind kind, const char *name, size_t name_size,
        const char *value, size_t value_size)
{
    struct headings *headings = object;

    (void)kind; /* headers are all that was asked for */
    if (!header_field_valid((struct str){name, name_size},
                            (struct str){value == NULL ? "" : value, value_size})) {
        headings->malformed = true;
    }
    for (size_t i = 0; i < HEADING_COUNT; i++) {
        struct str want = str_of(names[i]);
        if (want.size != name_size || strncasecmp(want.data, name, name_size) != 0) {
            continue;
        }
        if (headings->given[i] && i != HEADING_ACCEPT && i != HEADING_PREFER
            && headings->doubled == HEADING_COUNT) {
            headings->doubled = (enum heading)i;
        }
        headings->given[i] = true;
        headings->value[i] = (struct str){value == NULL ? "" : value, value_size};
    }
    return MHD_YES;
}

static struct headings
read_headings(const struct request *request)
{
    struct headings headings = {.doubled = HEADING_COUNT};

    (void)MHD_get_connection_values_n(request->connection, MHD_HEADER_KIND, collect, &headings);
    return headings;
}

static struct uuid
new_id(void)
{
    unsigned char random[UUID_RANDOM_SIZE];

    ENSURE(RAND_bytes(random, sizeof random) == 1);
    return uuid_of_time((uint64_t)(ticks_wall() / TICKS_PER_MS), random);
}

static void
refuse(struct exchange *exchange, struct request *request, enum problem problem, const char *detail)
{
    exchange_refuse(exchange, request, problem, str_of(detail));
}

/* The parts of the target; false when it is not a path. */
static bool
split_target(struct request *request)
{
    struct str rest = request->target;

    if (!str_cut(&rest, '?', &request->path)) {
        return false;
    }
    request->query = rest;
    return request->path.size > 0 && request->path.data[0] == '/'
           && request->target.size <= PATH_MAX_OURS && str_is_utf8(request->target);
}

/* What is shown of the sender: the token of a feed, a token, else a session, else a certificate.
 * The desk asks for its sessions itself, and for the certificate of who has none yet. */
static bool
read_credential(struct request *request, const struct headings *headings)
{
    struct fault fault = {0};
    struct str   token;
    struct str   certificate = headings->value[HEADING_CERTIFICATE];

    if (request->credential_kind == QUESTION_FEED) {
        return true;
    }
    if (headings->given[HEADING_AUTHORIZATION]) {
        request->petition.has_token = true;
        return header_bearer(headings->value[HEADING_AUTHORIZATION], &token)
               && fingerprint_of(token, request->known_by, &fault) == ERR_OK
               && fingerprint_of(token, request->shown, &fault) == ERR_OK;
    }
    if (request->petition.has_session && request->action.action != ROUTE_DESK) {
        request->credential_kind = QUESTION_SESSION;
        memcpy(request->known_by, request->petition.session, sizeof request->known_by);
        memcpy(request->shown, request->petition.session, sizeof request->shown);
        return true;
    }
    if (certificate.size == 0) {
        return true;
    }
    request->credential_kind = QUESTION_CERTIFICATE;
    return credential_of_certificate(request->arena, certificate, request->known_by, &fault)
               == ERR_OK
           && fingerprint_of(certificate, request->shown, &fault) == ERR_OK;
}

/* What a browser shows; each text short, or it is nothing that we have given out. */
static void
read_for_person(struct request *request, const struct headings *headings)
{
    struct petition *petition = &request->petition;
    const struct {
        struct str  *out;
        enum heading heading;
    } texts[] = {
        {&petition->content_type, HEADING_CONTENT_TYPE},
        {&petition->origin,       HEADING_ORIGIN      },
        {&petition->csrf,         HEADING_CSRF        },
        {&petition->if_match,     HEADING_IF_MATCH    },
        {&petition->address,      HEADING_ADDRESS     },
    };
    struct fault fault = {0};
    struct str   token = {0};

    for (size_t i = 0; i < ARRAY_COUNT(texts); i++) {
        struct str text = str_slice(headings->value[texts[i].heading], 0, DESK_TEXT_MAX);
        *texts[i].out = str_copy(request->arena, text);
    }
    petition->has_session = header_cookie(headings->value[HEADING_COOKIE], &token)
                            && fingerprint_of(token, petition->session, &fault) == ERR_OK;
}

static void
read_rest(struct exchange *exchange, struct request *request, const struct headings *headings)
{
    struct arena         *arena = request->arena;
    struct wishes_refusal refused = {0};

    request->if_none_match =
        str_copy(arena, str_slice(headings->value[HEADING_IF_NONE_MATCH], 0, ETAG_SIZE_MAX));
    read_for_person(request, headings);
    const char *wrong = feed_read(request, headings->given[HEADING_AUTHORIZATION]);
    if (wrong != NULL) {
        refuse(exchange, request, PROBLEM_BAD_PARAMETER, wrong);
    } else if (amendment_is_one(request)
               && !amendment_place(request, headings->value[HEADING_IF_MATCH])) {
        refuse(exchange, request, PROBLEM_NOT_FOUND, "");
    } else if (!read_credential(request, headings)) {
        refuse(exchange, request, PROBLEM_UNKNOWN_CREDENTIAL,
               "Nagłówek Authorization ma mieć postać: Bearer brk_...");
    } else if (!wishes_read(exchange->config, request, headings->value[HEADING_PREFER], &refused)) {
        exchange_refuse(exchange, request, refused.problem, refused.detail);
    }
}

/*
 * Whether the length of the body is said in one way only (RFC 9112, 6): a length in digits, or
 * "chunked" and nothing else. Anything else is how requests are smuggled.
 */
static bool
is_framed_once(const struct headings *headings)
{
    bool       length = headings->given[HEADING_CONTENT_LENGTH];
    bool       coding = headings->given[HEADING_TRANSFER_CODING];
    struct str chunked = headings->value[HEADING_TRANSFER_CODING];

    if (coding && (length || chunked.size != 7 || strncasecmp(chunked.data, "chunked", 7) != 0)) {
        return false;
    }
    return headings->doubled != HEADING_CONTENT_LENGTH
           && headings->doubled != HEADING_TRANSFER_CODING
           && (!length || str_all_digits(headings->value[HEADING_CONTENT_LENGTH]));
}

/* What makes a head one that is not gone on with; empty: nothing. */
static struct str
find_fault(struct arena *arena, const struct headings *headings)
{
    if (!is_framed_once(headings)) {
        return STR("Długość treści da się odczytać na dwa sposoby.");
    }
    if (headings->malformed) {
        return STR("Nazwa albo wartość nagłówka ma znak, którego tam być nie może.");
    }
    return headings->doubled == HEADING_COUNT
               ? (struct str){0}
               : str_format(arena, "Nagłówek %s stoi dwa razy. Zostaw jeden.",
                            names[headings->doubled]);
}

void
head_read(struct exchange *exchange, struct request *request, const char *method)
{
    struct headings headings = read_headings(request);
    bool            is_path = split_target(request);
    struct str      wrong = find_fault(request->arena, &headings);

    request->method = str_copy(request->arena, str_slice(str_of(method), 0, 32));
    /* First: a refusal, too, is written as it asks for. */
    request->accept =
        str_copy(request->arena, str_slice(headings.value[HEADING_ACCEPT], 0, ACCEPT_SIZE_MAX));
    request->has_body = (headings.given[HEADING_CONTENT_LENGTH]
                         && !str_equal(headings.value[HEADING_CONTENT_LENGTH], STR("0")))
                        || headings.given[HEADING_TRANSFER_CODING];
    if (!uuid_parse(headings.value[HEADING_REQUEST_ID], &request->id)) {
        request->id = new_id();
    }
    request->submission = (struct uuid){{0}};
    request->route = is_path ? route_find(request->path) : NULL;
    if (wrong.size > 0) {
        request->has_body = true; /* what follows is not to be taken for a request */
        exchange_refuse(exchange, request, PROBLEM_BAD_REQUEST, wrong);
    } else if (!is_path) {
        refuse(exchange, request, PROBLEM_BAD_REQUEST, "Adres ma zaczynać się od /.");
    } else if (request->route == NULL) {
        refuse(exchange, request, PROBLEM_NOT_FOUND, "");
    } else {
        request->action = route_method(request->route, request->method);
        if (request->action.action == ROUTE_NOTHING) {
            refuse(exchange, request, PROBLEM_METHOD, "");
        } else {
            read_rest(exchange, request, &headings);
        }
    }
}

/* Content-Length above the limit: known before a byte of it was taken. */
static bool
is_too_long(const struct exchange *exchange, const struct headings *headings)
{
    int64_t size = 0;

    return headings->given[HEADING_CONTENT_LENGTH]
           && (!str_to_number(headings->value[HEADING_CONTENT_LENGTH], &size)
               || size > exchange->config->body_bytes_max);
}

/* Faults of the headers that speak of a body, in the order in which they are told. */
static bool
find_body_fault(struct exchange *exchange, struct request *request, const struct headings *headings,
                enum problem *problem, const char **detail)
{
    enum header_coding coding = header_content_coding(headings->value[HEADING_CODING]);
    bool               filing = request->action.action == ROUTE_SUBMIT;
    bool               digest = headings->given[HEADING_CONTENT_DIGEST];

    /* clang-format off */
    const struct {
        bool         holds;
        enum problem problem;
        const char  *detail;
    } faults[] = {
        {filing && !headings->given[HEADING_KEY], PROBLEM_NO_KEY,
         "Nadaj każdemu plikowi własny klucz i powtarzaj go przy ponowieniu."},
        {filing && !header_key_valid(headings->value[HEADING_KEY]), PROBLEM_BAD_KEY, ""},
        {!request->has_body, PROBLEM_EMPTY_BODY, ""},
        {!header_is_xml(headings->value[HEADING_CONTENT_TYPE]), PROBLEM_MEDIA_TYPE, ""},
        {coding == HEADER_CODING_OTHER, PROBLEM_CONTENT_ENCODING, ""},
        {digest && !header_content_digest(headings->value[HEADING_CONTENT_DIGEST], request->digest),
         PROBLEM_BAD_DIGEST_HEADER, "Przykład: Content-Digest: sha-256=:<base64>:"},
        {is_too_long(exchange, headings), PROBLEM_TOO_LARGE, ""},
    };
    /* clang-format on */
    for (size_t i = 0; i < ARRAY_COUNT(faults); i++) {
        if (faults[i].holds) {
            *problem = faults[i].problem;
            *detail = faults[i].detail;
            return true;
        }
    }
    request->gzip = coding == HEADER_CODING_GZIP;
    request->digest_given = digest;
    return false;
}

/* What a person enters: small, as it is, or nothing at all. */
static void
judge_entry(struct exchange *exchange, struct request *request, const struct headings *headings)
{
    int64_t size = 0;
    bool reads = str_equal(request->method, STR("GET")) || str_equal(request->method, STR("HEAD"));

    if (reads && request->has_body) {
        refuse(exchange, request, PROBLEM_BAD_REQUEST, "Żądanie GET nie ma treści.");
    } else if (header_content_coding(headings->value[HEADING_CODING]) != HEADER_CODING_NONE) {
        refuse(exchange, request, PROBLEM_CONTENT_ENCODING, "");
    } else if (headings->given[HEADING_CONTENT_LENGTH]
               && (!str_to_number(headings->value[HEADING_CONTENT_LENGTH], &size)
                   || size > PETITION_BODY_MAX)) {
        refuse(exchange, request, PROBLEM_TOO_LARGE, "");
    }
}

void
head_judge_body(struct exchange *exchange, struct request *request)
{
    struct headings headings = read_headings(request);
    enum problem    problem = PROBLEM_INTERNAL;
    const char     *detail = "";

    if (request->action.action == ROUTE_READ) {
        if (request->has_body) {
            refuse(exchange, request, PROBLEM_BAD_REQUEST, "Żądanie GET nie ma treści.");
        }
        return;
    }
    if (request->action.action == ROUTE_DESK) {
        judge_entry(exchange, request, &headings);
        return;
    }
    const struct amendment amendment = {.content_type = headings.value[HEADING_CONTENT_TYPE],
                                        .coding = headings.value[HEADING_CODING],
                                        .length = headings.value[HEADING_CONTENT_LENGTH]};
    bool                   wrong = amendment_is_one(request)
                                       ? amendment_find_fault(request, &amendment, &problem, &detail)
                                       : find_body_fault(exchange, request, &headings, &problem, &detail);
    if (wrong) {
        refuse(exchange, request, problem, detail);
        return;
    }
    request->key = str_copy(request->arena, headings.value[HEADING_KEY]);
    request->submission = new_id();
}

bool
head_expects_continue(const struct request *request)
{
    return read_headings(request).given[HEADING_EXPECT];
}

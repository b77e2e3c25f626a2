#include "gateway/front/request.h"

#include "gateway/problem/problem_page.h"
#include "gateway/ticks/ticks.h"

#include <openssl/rand.h>

enum { SLOT_BITS = 20, PROBLEM_SIZE_MAX = 8 * 1024, PATH_SHOWN_MAX = 1024, RETRY_SECONDS = 2 };

static const uint64_t slot_mask = ((uint64_t)1 << SLOT_BITS) - 1;

/* Half of what fits above the slot is left to count on from there. */
static const uint64_t first_mask = ((uint64_t)1 << (63 - SLOT_BITS)) - 1;

enum err
requests_create(struct arena *arena, size_t capacity, struct requests *out, struct fault *fault)
{
    struct request **items = ARENA_NEW(arena, struct request *, capacity);
    uint32_t        *free_slots = ARENA_NEW(arena, uint32_t, capacity);
    uint64_t         first = 0;

    if (items == NULL || free_slots == NULL || capacity > slot_mask) {
        return FAIL(fault, ERR_MEMORY, "table of %zu requests", capacity);
    }
    if (RAND_bytes((unsigned char *)&first, sizeof first) != 1) {
        return FAIL(fault, ERR_CRYPTO, "no random number for the handles of requests");
    }
    for (size_t i = 0; i < capacity; i++) {
        free_slots[i] = (uint32_t)(capacity - 1 - i);
    }
    *out = (struct requests){
        .items = items, .capacity = capacity, .free = free_slots, .made = first & first_mask};
    return ERR_OK;
}

struct request *
requests_add(struct requests *requests)
{
    if (requests->count == requests->capacity) {
        return NULL;
    }
    struct arena   *arena = arena_create(REQUEST_ARENA_MAX);
    struct request *request = ARENA_NEW(arena, struct request, 1);
    if (request == NULL) {
        arena_destroy(arena);
        return NULL;
    }
    size_t slot = requests->free[requests->capacity - requests->count - 1];
    requests->made++;
    *request = (struct request){.arena = arena,
                                .handle = requests->made << SLOT_BITS | slot,
                                .began = ticks_steady(),
                                .peer = REQUEST_NO_PEER};
    request->active = request->began;
    request->since = request->began;
    requests->items[slot] = request;
    requests->count++;
    requests->top = slot < requests->top ? requests->top : slot + 1;
    return request;
}

struct request *
requests_find(const struct requests *requests, uint64_t handle)
{
    size_t slot = handle & slot_mask;

    if (slot >= requests->capacity || requests->items[slot] == NULL
        || requests->items[slot]->handle != handle) {
        return NULL;
    }
    return requests->items[slot];
}

void
requests_remove(struct requests *requests, struct request *request)
{
    size_t slot = request->handle & slot_mask;

    ENSURE(requests->items[slot] == request && request->sender == NULL);
    requests->items[slot] = NULL;
    requests->count--;
    requests->free[requests->capacity - requests->count - 1] = (uint32_t)slot;
    while (requests->top > 0 && requests->items[requests->top - 1] == NULL) {
        requests->top--;
    }
    arena_destroy(request->arena);
}

void
request_enter(struct request *request, enum request_phase phase)
{
    request->phase = phase;
    request->since = ticks_steady();
}

/* Headers that belong to a problem of this status. */
static struct str
problem_headers(struct request *request, enum problem problem)
{
    switch (problem_status(problem)) {
    case 401:
        return STR("WWW-Authenticate: Bearer realm=\"brama\"\r\n");
    case 405:
        return str_format(request->arena, "Allow: %s\r\n",
                          request->route == NULL ? "GET" : request->route->allow);
    case 415:
        return problem == PROBLEM_CONTENT_ENCODING ? STR("Accept-Encoding: gzip\r\n")
                                                   : STR("Accept-Post: application/xml\r\n");
    case 429:
    case 503:
        return str_format(request->arena, "Retry-After: %d\r\n", RETRY_SECONDS);
    default:
        return (struct str){0};
    }
}

void
request_refuse(struct request *request, enum problem problem, struct str base_url,
               struct str detail)
{
    struct buf body = buf_create(request->arena, PROBLEM_SIZE_MAX);
    bool       as_page = problem_page_is_wanted(request->accept);
    struct str path = str_is_utf8(request->path) ? request->path : STR("");
    struct str headers = problem_headers(request, problem);

    if (as_page) {
        problem_page_write(&body, problem, detail, request->id);
        headers = str_format(request->arena, "%.*sContent-Security-Policy: %s\r\n",
                             STR_ARG(headers), PROBLEM_PAGE_POLICY);
    } else {
        problem_write(&body, problem, base_url, detail, str_slice(path, 0, PATH_SHOWN_MAX),
                      request->id);
    }
    request->answer = (struct answer){.status = problem_status(problem),
                                      .content_type = as_page ? STR(PROBLEM_PAGE_TYPE)
                                                              : STR("application/problem+json"),
                                      .headers = headers,
                                      .body = buf_str(&body)};
    request_enter(request, REQUEST_ANSWERED);
}

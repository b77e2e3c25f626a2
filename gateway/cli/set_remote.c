#include "gateway/cli/set_remote.h"

#include "gateway/cli/member.h"

#include <inttypes.h>

enum { SETS_ASKED_MAX = 16, FOUND = 200 };

/* Sets that were asked for, by number; NULL: not to be had. */
struct asked_sets {
    struct {
        int64_t number;
        json_t *set;
    } items[SETS_ASKED_MAX];
    size_t count;
};

static json_t *
ask(const struct remote *remote, int64_t number)
{
    struct fault           fault = {0};
    struct transfer_answer answer = {0};
    struct client_request  request = {
         .path = str_format(remote->arena, "/api/v1/sets/%" PRId64, number).data,
         .accept = "application/json"};
    json_t *set = NULL;

    if (request.path != NULL
        && client_send(remote->client, remote->arena, &request, &answer, &fault) == ERR_OK
        && answer.status == FOUND) {
        set = json_loadb(answer.body.data, answer.body.size, JSON_REJECT_DUPLICATES, NULL);
    }
    if (set != NULL && !arena_defer(remote->arena, member_release, set)) {
        json_decref(set);
        set = NULL;
    }
    return set;
}

static json_t *
find_set(const struct remote *remote, struct asked_sets *asked, int64_t number)
{
    for (size_t i = 0; i < asked->count; i++) {
        if (asked->items[i].number == number) {
            return asked->items[i].set;
        }
    }
    if (asked->count == SETS_ASKED_MAX) {
        return NULL;
    }
    asked->items[asked->count].number = number;
    asked->items[asked->count].set = ask(remote, number);
    return asked->items[asked->count++].set;
}

static void
enrich(json_t *finding, json_t *set)
{
    size_t  i = 0;
    json_t *told = NULL;

    json_array_foreach(json_object_get(set, "findings"), i, told)
    {
        if (member_number(told, "id") == member_number(finding, "id")) {
            (void)json_object_update_missing(finding,
                                             told); /* -1: out of memory, told at the end */
        }
    }
}

void
set_remote_enrich(const struct remote *remote, json_t *submission)
{
    struct asked_sets asked = {0};
    size_t            i = 0;
    size_t            j = 0;
    json_t           *report = NULL;
    json_t           *finding = NULL;

    json_array_foreach(json_object_get(submission, "reports"), i, report)
    {
        json_t *findings = json_object_get(json_object_get(report, "set"), "findings");
        json_array_foreach(findings, j, finding)
        {
            enrich(finding, find_set(remote, &asked, member_number(finding, "set")));
        }
    }
}

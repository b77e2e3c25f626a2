#include "gateway/front/wishes.h"

#include "gateway/front/objecting.h"
#include "gateway/front/parameter.h"
#include "gateway/front/patience.h"
#include "gateway/problem/unfamiliar.h"

/* What is asked for by yes or no; empty: it can be read. */
static struct str
read_truths(struct request *request)
{
    const struct {
        struct str  name;
        bool       *out;
        const char *wrong;
    } truths[] = {
        {STR("strict"),  &request->strict,  "strict ma wartość true albo false, raz." },
        {STR("partial"), &request->partial, "partial ma wartość true albo false, raz."},
    };

    for (size_t i = 0; i < ARRAY_COUNT(truths); i++) {
        if (parameter_truth(request->query, truths[i].name, truths[i].out) == PARAMETER_BAD) {
            return str_of(truths[i].wrong);
        }
    }
    return (struct str){0};
}

/* Parameters of what the front itself reads; readers and the desk judge those of their own. */
static const char *const known[] = {
    [ROUTE_SUBMIT] = "strict objection reason",
    [ROUTE_VALIDATE] = "",
    [ROUTE_VERIFY] = "",
    [ROUTE_WITHDRAW] = "",
    [ROUTE_REASON] = "",
    [ROUTE_EXPLAIN] = "",
    [ROUTE_EXPLAIN_ALL] = "partial",
    [ROUTE_EXPLAIN_SET] = "",
    [ROUTE_EXPLAIN_SET_ALL] = "partial",
    [ROUTE_OBJECT] = "",
};

const char *
wishes_known(enum route_action action)
{
    return (size_t)action < ARRAY_COUNT(known) ? known[action] : NULL;
}

/* What is wrong with names of parameters; empty: nothing. */
static struct str
find_unfamiliar(const struct request *request)
{
    const char *names = wishes_known(request->action.action);
    struct str  name = {0};

    if (names != NULL) {
        name = unfamiliar_find(request->query, str_of(names));
    }
    return name.data == NULL
               ? (struct str){0}
               : unfamiliar_detail(request->arena, UNFAMILIAR_PARAMETER, name, str_of(names));
}

bool
wishes_read(const struct config *config, struct request *request, struct str prefer,
            struct wishes_refusal *refusal)
{
    const char *objection = "";

    refusal->problem = PROBLEM_BAD_PARAMETER;
    if (!patience_read(config, request, prefer)) {
        refusal->detail =
            str_format(request->arena, "wait to liczba sekund od 0 do %lld, podana raz.",
                       (long long)config->poll_wait_seconds_max);
        return false;
    }
    refusal->detail = find_unfamiliar(request);
    if (refusal->detail.size == 0) {
        refusal->detail = read_truths(request);
    }
    if (refusal->detail.size > 0) {
        return false;
    }
    if (!objecting_read(request, &refusal->problem, &objection)) {
        refusal->detail = str_of(objection);
        return false;
    }
    return true;
}

#include "gateway/desk/endpoint.h"

#include "gateway/desk/account_endpoint.h"
#include "gateway/desk/appointment_endpoint.h"
#include "gateway/desk/exemption_endpoint.h"
#include "gateway/desk/invitation_endpoint.h"
#include "gateway/desk/letter_endpoint.h"
#include "gateway/desk/objection_endpoint.h"
#include "gateway/desk/obligation_endpoint.h"
#include "gateway/desk/session_endpoint.h"
#include "gateway/desk/token_endpoint.h"
#include "gateway/desk/trail_endpoint.h"
#include "gateway/desk/trait_endpoint.h"
#include "gateway/desk/unit_endpoint.h"
#include "gateway/desk/unit_event_endpoint.h"
#include "gateway/desk/webhook_endpoint.h"

static const struct endpoint endpoints[] = {
#define ENDPOINT(method, path, action, answer, names) \
    {PETITION_##method, (path), PERMISSION_ACTION_##action, (answer), (names)},
#include "gateway/desk/endpoint.def"
#undef ENDPOINT
};

size_t
endpoint_count(void)
{
    return ARRAY_COUNT(endpoints);
}

const struct endpoint *
endpoint_at(size_t index)
{
    ENSURE(index < endpoint_count());
    return &endpoints[index];
}

static bool
is_at(const char *wanted, struct str path, struct str *id)
{
    struct str rest = str_of(wanted);
    struct str want = {0};
    struct str piece = {0};

    *id = (struct str){0};
    while (str_cut(&rest, '/', &want)) {
        if (!str_cut(&path, '/', &piece)) {
            return false;
        }
        if (want.size > 0 && want.data[0] == '{') {
            *id = piece;
        } else if (!str_equal(want, piece)) {
            return false;
        }
    }
    return path.data == NULL;
}

const struct endpoint *
endpoint_find(enum petition_method method, struct str path, struct str *id)
{
    for (size_t i = 0; i < ARRAY_COUNT(endpoints); i++) {
        if (endpoints[i].method == method && is_at(endpoints[i].path, path, id)) {
            return &endpoints[i];
        }
    }
    return NULL;
}

#include "gateway/wire/link.h"

#include "validators/base/parcel.h"

static const char *const names[ROLE_KIND_COUNT] = {"supervisor", "front",  "worker", "checker",
                                                   "signer",     "reader", "desk",   "courier"};

const char *
role_kind_name(enum role_kind role)
{
    ENSURE(role < ROLE_KIND_COUNT);
    return names[role];
}

void
link_encode(struct buf *out, const struct link *link)
{
    parcel_put_number(out, (uint64_t)link->peer);
    parcel_put_number(out, link->slot);
}

bool
link_decode(struct str body, struct link *out)
{
    struct parcel parcel = {.bytes = body};
    struct link   link = {0};

    link.peer = (enum role_kind)parcel_number(&parcel, ROLE_KIND_COUNT - 1);
    link.slot = (unsigned)parcel_number(&parcel, LINK_SLOTS_MAX - 1);
    if (parcel.bad || parcel.at != body.size) {
        return false;
    }
    *out = link;
    return true;
}

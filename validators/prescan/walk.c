#include "validators/prescan/walk.h"

bool
walk_refuse(struct walk *walk, enum prescan_code code, size_t offset, struct str found)
{
    *walk->refusal = (struct refusal){.code = code, .offset = offset, .found = found};
    return false;
}

bool
walk_refuse_limit(struct walk *walk, enum prescan_code code, size_t offset, size_t limit)
{
    *walk->refusal = (struct refusal){.code = code, .offset = offset, .value = limit};
    return false;
}

bool
walk_refuse_cut(struct walk *walk, size_t offset, struct str what)
{
    *walk->refusal = (struct refusal){.code = PRESCAN_CUT_OFF, .offset = offset, .subject = what};
    return false;
}

struct str
walk_slice(const struct walk *walk, size_t from, size_t to)
{
    return (struct str){walk->data + from, to - from};
}

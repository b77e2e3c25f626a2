#include "gateway/reader/objection_reply.h"

#include "gateway/reader/saying.h"

void
objection_reply_write(struct json *json, const struct objection_reply *reply)
{
    json_object_begin(json);
    json_member(json, "outcome", reply->outcome);
    json_member(json, "remedy", reply->remedy);
    saying_instant(json, "off_since", reply->off_since);
    json_member(json, "release", reply->release);
    json_member(json, "reason", reply->reason);
    saying_instant(json, "given_at", reply->given_at);
    json_object_end(json);
}

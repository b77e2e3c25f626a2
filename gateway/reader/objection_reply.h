#ifndef GATEWAY_READER_OBJECTION_REPLY_H
#define GATEWAY_READER_OBJECTION_REPLY_H

#include "gateway/answer/json.h"
#include "validators/base/moment.h"

/* What the owner of a rule has said of an objection to it. */
struct objection_reply {
    struct str outcome;   /* "accepted", "declined" */
    struct str remedy;    /* "rule-change", "rule-off", "release"; empty when declined */
    instant    off_since; /* 0: no switch is named */
    struct str release;   /* digest of the bundle, hexadecimal; empty: none is named */
    struct str reason;
    instant    given_at;
};

/* An objection to a rule, at the report that it came with. */
struct objection_at {
    struct str             rule;
    struct str             owner;
    bool                   answered;
    struct objection_reply reply; /* when answered */
};

struct objections_at {
    const struct objection_at *items; /* by code */
    size_t                     count;
};

/* The value of a member. */
void objection_reply_write(struct json *json, const struct objection_reply *reply);

#endif

#ifndef GATEWAY_PEOPLE_OBJECTION_ANSWER_H
#define GATEWAY_PEOPLE_OBJECTION_ANSWER_H

#include "gateway/store/store.h"

/*
 * What the owner of a rule says of an objection to it: accepted, and what follows from that (the
 * rule will be changed, is switched off, is replaced by a release), or declined; with a reason. An
 * answer changes no decision and no receipt. Who answers sees the rule and the sender's words,
 * never the report. As brama_desk, for the office in whose name one acts; or as brama_admin, for
 * all.
 */
enum { OBJECTION_REASON_MAX = 1000 /* characters */, OBJECTION_PAGE = 200 };

enum objection_answerer { OBJECTION_OWNER, OBJECTION_OPERATOR };

struct objection_told {
    int64_t    objection; /* 0: there is none */
    struct str code;
    struct str form_version;
    struct str owner;  /* "MF" */
    struct str reason; /* of the objection */
    instant    decided_at;
    int64_t    revision;  /* of the answer; 0: none */
    struct str outcome;   /* "accepted", "declined" */
    struct str remedy;    /* "rule-change", "rule-off", "release"; empty when declined */
    instant    off_since; /* of the switch; 0: none */
    struct str release;   /* digest of its bundle, hexadecimal */
    struct str answer;    /* the reason */
    instant    given_at;
};

struct objection_page {
    bool                         open;   /* asked: those without an answer alone */
    int64_t                      before; /* asked: older than this one */
    const struct objection_told *items;  /* the newest first, at most OBJECTION_PAGE */
    size_t                       count;
    int64_t                      next; /* `before` of the next page; 0: this is the last */
};

MUST_USE enum err objection_answer_list(struct store *store, struct arena *arena,
                                        enum objection_answerer who, struct objection_page *page,
                                        struct fault *fault);
/* The one whose number stands in *told. */
MUST_USE enum err objection_answer_find(struct store *store, struct arena *arena,
                                        enum objection_answerer who, struct objection_told *told,
                                        struct fault *fault);

enum objection_end {
    OBJECTION_ANSWERED = 0,
    OBJECTION_ABSENT, /* or not theirs */
    OBJECTION_CHANGED,
    OBJECTION_RULE_ON,
    OBJECTION_NO_RELEASE,
    OBJECTION_TOO_MANY, /* revisions */
};

struct objection_answer {
    int64_t            objection;
    int64_t            revision; /* of the answer that is known; 0: none */
    struct str         outcome;
    struct str         remedy;
    struct str         release; /* digest of its bundle, 64 hexadecimal digits; empty: none */
    struct str         reason;
    bool               alike; /* older objections to this rule that have no answer, too */
    enum objection_end end;   /* found */
    int64_t            count; /* found: how many were answered */
};

/* NULL: it is whole; or what is wrong with it, in Polish, the end of a sentence. */
const char *objection_answer_fault(const struct objection_answer *answer);

MUST_USE enum err objection_answer_put(struct store *store, struct arena *arena,
                                       enum objection_answerer who, struct objection_answer *answer,
                                       struct fault *fault);

#endif

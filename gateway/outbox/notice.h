#ifndef GATEWAY_OUTBOX_NOTICE_H
#define GATEWAY_OUTBOX_NOTICE_H

#include "gateway/store/store.h"

/*
 * What people are told without having asked: the digest of a day, results that somebody has to do
 * something about, receivers of webhooks that were switched off. Who is told what, the database
 * says (courier.*, as the owner); here are its rows. What is told and the letter that tells it are
 * written in one transaction of the caller's, so that nothing is told twice and nothing forgotten.
 */
struct notice_reader {
    bool        wants; /* false: no such letters, or there is no account any more */
    struct uuid person;
    struct str  email;
    struct str  name;
    int64_t     room; /* letters that they may still get today; 0: this one is left out */
};

struct notice_wish {
    struct uuid person;
    struct str  kind; /* "digest", "results", "agenda", "endpoint" */
    int64_t     day_max;
};

MUST_USE enum err notice_reader_of(struct store *store, struct arena *arena,
                                   const struct notice_wish *wish, struct notice_reader *out,
                                   struct fault *fault);

/* A letter to them; one that is left out is a row, too. */
MUST_USE enum err notice_write(struct store *store, struct arena *arena,
                               const struct notice_reader *reader, struct str kind,
                               const struct str text[2], struct fault *fault);

/* How many letters were left out that no digest told of; and that one does now. */
MUST_USE enum err notice_omitted(struct store *store, struct arena *arena, struct uuid person,
                                 int64_t *count, struct fault *fault);
MUST_USE enum err notice_tell_omitted(struct store *store, struct arena *arena, struct uuid person,
                                      struct fault *fault);

/* The digests of the gateway's today, from this hour on: taken up behind a person, for this
 * transaction. *found false: it is too early, all are made, or another courier makes them. */
struct notice_round {
    struct date day;
    struct uuid after; /* a person */
};

struct notice_people {
    const struct uuid *items;
    size_t             count;
};
MUST_USE enum err notice_round_take(struct store *store, struct arena *arena, int64_t hour,
                                    struct notice_round *out, bool *found, struct fault *fault);
MUST_USE enum err notice_round_people(struct store *store, struct arena *arena, struct uuid after,
                                      int64_t count_max, struct notice_people *out,
                                      struct fault *fault);
MUST_USE enum err notice_round_move(struct store *store, struct arena *arena,
                                    const struct notice_round *round, bool done,
                                    struct fault *fault);

/* A duty that is not filed. */
struct notice_duty {
    struct str  unit;
    struct str  form;
    struct str  period;
    struct date due;
    struct date internal; /* year 0: none */
    bool        late;
    int         last_verdict; /* of the newest attempt; -1: none */
    bool        pending;
};

struct notice_duties {
    const struct notice_duty *items; /* the most urgent */
    size_t                    count;
    int64_t                   late; /* all of them */
    int64_t                   soon;
    bool                      news; /* something is so today that was not yesterday */
};
MUST_USE enum err notice_duties_of(struct store *store, struct arena *arena, struct uuid person,
                                   int64_t count_max, struct notice_duties *out,
                                   struct fault *fault);

/* People whose oldest result, turned set or answer has waited for so long. */
MUST_USE enum err notice_result_people(struct store *store, struct arena *arena, int64_t minutes,
                                       int64_t count_max, struct notice_people *out,
                                       struct fault *fault);

struct notice_result {
    struct str unit; /* empty: it is not theirs to know */
    struct str form;
    struct str period;
    int        verdict; /* 1: accepted, with a question */
};

struct notice_results {
    const struct notice_result *items;
    size_t                      count;
    int64_t                     all; /* 0: all of it was settled meanwhile */
};
/* What waits for a person, and from here on does not. */
MUST_USE enum err notice_take_results(struct store *store, struct arena *arena, struct uuid person,
                                      int64_t count_max, struct notice_results *out,
                                      struct fault *fault);

/* A receiver of webhooks that is switched off, and whose people were not told; from here on they
 * are. One person a row; while there is nobody, it waits. */
struct notice_endpoint {
    int64_t     endpoint;
    struct str  label;
    struct str  reason;
    struct str  unit;
    struct uuid person;
};

MUST_USE enum err notice_take_endpoints(struct store *store, struct arena *arena,
                                        struct notice_endpoint **out, size_t *count,
                                        struct fault *fault);

#endif

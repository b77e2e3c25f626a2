#ifndef GATEWAY_DESK_ENTRY_H
#define GATEWAY_DESK_ENTRY_H

#include "gateway/desk/call.h"

/*
 * What a person has entered: the JSON object of a request's body, read strictly (UTF-8, no name
 * twice, at most PETITION_BODY_MAX bytes, one level and lists of texts; no member that endpoint.def
 * does not name). The first thing that is wrong is a refusal of the call: ask call_is_refused()
 * once, after the last member. The only user of libjansson here.
 */
struct entry {
    struct call *call;
    void        *object; /* json_t */
};

/* ERR_MEMORY alone is a failure; a body that is no such object refuses the call. */
MUST_USE enum err entry_read(struct call *call, struct entry *out, struct fault *fault);

/* A text, without white space around it; empty when it is absent or null. */
MUST_USE enum err entry_text(const struct entry *entry, const char *name, struct str *out,
                             struct fault *fault);
/* The same, which must be there. */
MUST_USE enum err entry_need(const struct entry *entry, const char *name, struct str *out,
                             struct fault *fault);
/* As it stands: for passwords. */
MUST_USE enum err entry_secret(const struct entry *entry, const char *name, struct str *out,
                               struct fault *fault);
/* "2026-07-01"; year 0 when it is absent. */
MUST_USE enum err entry_date(const struct entry *entry, const char *name, struct date *out,
                             struct fault *fault);
/* nil when it is absent. */
MUST_USE enum err entry_uuid(const struct entry *entry, const char *name, struct uuid *out,
                             struct fault *fault);
enum { ENTRY_WORDS_MAX = 16 };
MUST_USE enum err entry_words(const struct entry *entry, const char *name,
                              struct str out[ENTRY_WORDS_MAX], size_t *count, struct fault *fault);
/* The same, which may be empty. */
MUST_USE enum err entry_words_or_none(const struct entry *entry, const char *name,
                                      struct str out[ENTRY_WORDS_MAX], size_t *count,
                                      struct fault *fault);

#endif

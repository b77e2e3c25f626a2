#ifndef GATEWAY_SUBMISSION_CODED_H
#define GATEWAY_SUBMISSION_CODED_H

#include "gateway/submission/bench.h"

/*
 * A code of a dictionary with words of the sender, as reasons of corrections and explanations of
 * queries are entered: {"code":"...","text":"..."}; text may be left out or null. The code "inna"
 * says nothing without words.
 */
enum { CODED_TEXT_MAX = 1000 /* characters */ };

/* What to say of a body that is not such. */
#define CODED_SHAPE "Treść ma być obiektem JSON: {\"code\": \"...\", \"text\": \"...\"}."

struct coded {
    struct str code;
    struct str text;       /* trimmed; may be empty */
    struct str unfamiliar; /* name of a member that is neither; .data is NULL: none */
};

/* Where codes come from, and what the two are called where they were entered. */
struct coded_source {
    const char *dictionary;
    const char *codes_url;
    const char *code_name; /* "Pole code" */
    const char *text_name;
};

/* False: it is no such object. ERR_MEMORY is told as false, too. */
MUST_USE bool coded_read(struct arena *arena, struct str body, struct coded *out);

/* What is wrong with it on the day of `now`, in Polish; empty: nothing. */
struct str coded_find_fault(const struct bench *bench, struct arena *arena,
                            const struct coded_source *source, instant now,
                            const struct coded *coded);

/* Of UTF-8: characters; whether there is no control character but line feed and tab. */
size_t coded_count_characters(struct str text);
bool   coded_is_plain(struct str text);

#endif

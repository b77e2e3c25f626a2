#ifndef GATEWAY_READER_ASKED_H
#define GATEWAY_READER_ASKED_H

#include "gateway/answer/json.h"
#include "gateway/config/config.h"
#include "gateway/problem/problem.h"
#include "gateway/reader/address.h"
#include "gateway/reader/edition.h"
#include "gateway/reader/format.h"
#include "gateway/store/store.h"
#include "gateway/wire/question.h"

/*
 * One GET on its way through the reader: what was asked, what there is to answer with, and the
 * answer that grows. A refusal is an answer like any other (asked_refuse); an error that goes up
 * means that we could not work, and becomes 500 or 503 in one place (reader.c).
 */
struct reader_tools {
    struct store        *store;   /* NULL: not connected */
    struct edition      *edition; /* the definitions in force */
    const struct config *config;
    struct str           seal_pem; /* the certificate of the seal, then its chain */
    const char          *version;
    unsigned             slot; /* of this reader */
};

struct asked {
    struct arena              *arena;
    const struct reader_tools *tools;
    const struct question     *question;
    instant                    now; /* of the steady clock */
    struct address             address;
    enum format                format; /* chosen from those that the route offers */
    struct buf                 headers;
    struct reply              *reply;
};

/* The longest answer: a list of findings, a package of the largest size, its many receipts. */
enum { ASKED_BODY_MAX = 48 * 1024 * 1024, ASKED_HEADERS_MAX = 12288, ASKED_TAG_SIZE = 16 };

/* An empty buffer for the body. */
struct buf asked_body(const struct asked *asked);

void asked_header(struct asked *asked, const char *name, struct str value);

/* Answer with 200 and this body in the chosen format. ERR_MEMORY when it did not fit. */
MUST_USE enum err asked_answer(struct asked *asked, const struct buf *body, struct fault *fault);

/* The same with an ETag of these bytes: 304 without a body when the asker has it already. */
MUST_USE enum err asked_answer_tagged(struct asked *asked, const struct buf *body,
                                      struct fault *fault);

/* Whether If-None-Match names this tag (without its quotes). */
bool asked_has_tag(const struct asked *asked, struct str tag);

/* 304 when the asker has this tag, else false; either way the tag is among the headers. */
MUST_USE bool asked_is_known(struct asked *asked, struct str tag);

/* A refusal; detail says what is wrong here and what to do, in Polish. */
MUST_USE enum err asked_refuse(struct asked *asked, enum problem problem, struct str detail,
                               struct fault *fault);

/* 400 zly-parametr: "Parametr <name>: <what is wanted>". */
MUST_USE enum err asked_refuse_parameter(struct asked *asked, const char *name, const char *wanted,
                                         struct fault *fault);

/* 404 for a submission that is not there or not theirs: nobody learns which of the two. */
MUST_USE enum err asked_refuse_submission(struct asked *asked, struct fault *fault);

/*
 * A page of rows that were asked for with one more than limit: how many of them it shows. When one
 * is left over, *next is the cursor (cursor.h) behind the last one shown, and it stands in the
 * header Link: <...>; rel="next". ordinal: the column that the list goes by; NULL where there is no
 * row.
 */
size_t asked_cut(struct asked *asked, struct str list, const struct store_rows *rows,
                 size_t ordinal, size_t limit, struct str *next);

/* Segment number i of the path, from 0; empty when there is none. */
struct str asked_segment(const struct asked *asked, size_t i);
struct str asked_parameter(const struct asked *asked, const char *name);

#endif

#ifndef TESTS_UNIT_GATEWAY_DESK_COUNTER_H
#define TESTS_UNIT_GATEWAY_DESK_COUNTER_H

#include "gateway/desk/desk.h"
#include "gateway/desk/endpoint.h"
#include "tests/unit/gateway/people/town.h"

/*
 * The desk over the town, asked as a browser of ours would: with the cookie of a session, its CSRF
 * token and the origin of our pages. Two of a kind: one calls the desk (counter.c), one starts a
 * gateway and asks its front over HTTP (tests/scenario/gateway/counter_http.c), so that the same
 * tests are made of both. Answers live as long as the town; of headers only the desk's are kept.
 */
#define COUNTER_ORIGIN "https://localhost:8443"
#define COUNTER_ADDRESS "192.0.2.1"

struct station;
struct edge;

enum { COUNTER_TOKENS_MAX = 64 };

struct counter {
    struct town    *town;
    struct config   config;
    struct desk     desk;
    struct station *station; /* over HTTP */
    struct edge    *edge;    /* over TLS, through nginx */
    struct {                 /* what a browser would keep: a cookie for each digest */
        unsigned char digest[PETITION_DIGEST_SIZE];
        struct str    token;
    } tokens[COUNTER_TOKENS_MAX];
    size_t token_count;
};

void counter_begin(struct counter *counter, struct town *town);
void counter_end(struct counter *counter);

/* A petition as a page of ours makes it; word: of the session (NULL: nobody is signed in). */
struct petition counter_petition(struct counter *counter, enum petition_method method,
                                 const char *target, const char *word, const char *body);

/* The petition is that of the session with this token. */
void counter_sign(struct counter *counter, struct petition *petition, struct str token);

/* The same as a program that shows this token, and nothing else. */
void counter_bear(struct counter *counter, struct petition *petition, struct str token);

struct reply counter_send(struct counter *counter, const struct petition *petition);

/* Both at once. */
struct reply counter_ask(struct counter *counter, enum petition_method method, const char *target,
                         const char *word, const char *body);

/* Whether what was answered holds this text, in its headers or its body. */
bool counter_says(const struct reply *reply, const char *text);

#endif

#ifndef TESTS_UNIT_GATEWAY_SUBMISSION_WORKSHOP_H
#define TESTS_UNIT_GATEWAY_SUBMISSION_WORKSHOP_H

#include "gateway/submission/stage.h"
#include "tests/support/cluster.h"

/*
 * A worker's bench for tests: the real store, registry, definitions and seal, and neighbours that
 * live in this process. The registry has the gmina of the samples (unit 1) with their three schools
 * below it (2, 3, 4), and another gmina (5) with a school (6). Aborts when something cannot be had.
 */
enum { WORKSHOP_TOLD_MAX = 1024, WORKSHOP_GMINA = 1, WORKSHOP_OTHER_GMINA = 5 };

/* A document that holds this text kills its checker. */
#define WORKSHOP_KILLER "<zabija/>"

struct workshop_told {
    struct filing_news news;
    struct str         result; /* copied */
    bool               to_all;
};

struct workshop {
    struct arena        *arena;
    struct config        config;
    struct bench         bench;
    struct store_address address;
    struct str           name; /* of the database */
    bool                 signer_away;
    bool                 checker_away;
    bool                 checker_idle;   /* each ends before it has read anything */
    bool                 checker_greedy; /* takes all memory of the batch, and fails */
    size_t               sign_failures;  /* so many questions fail before one succeeds */
    struct str           refuses;        /* a receipt for this document fails; empty: none */
    bool                 signer_dies;    /* over that receipt, instead of saying so */
    bool                 session_dies;   /* so does the connection to the database */
    size_t               signed_at_once; /* receipts in one question, at most so far */
    bool                 ending;         /* the worker was told to end */
    size_t               checked;        /* documents that the checker was given */
    size_t               pauses;
    struct workshop_told told[WORKSHOP_TOLD_MAX];
    size_t               told_count;
};

int workshop_start(void **state); /* for cmocka_run_group_tests */
int workshop_stop(void **state);

/* Before workshop_open: whose certificates are trusted from now on, instead of the samples' issuer.
 * PEM, borrowed. */
void workshop_trust(struct str pem);

struct workshop *workshop_open(void);
void             workshop_close(struct workshop *workshop);

/* The same database with another owner: a second worker. */
struct workshop *workshop_second(const struct workshop *first, unsigned slot);

/* A file of tests/samples. */
struct str workshop_sample(struct workshop *workshop, const char *name);

/* Put one filing of this sender into a batch; number makes its identifier, key its key. */
struct submission *workshop_file(struct workshop *workshop, struct batch *batch, int64_t subject,
                                 uint64_t number, const char *key, struct str bytes);

struct batch workshop_batch(void);

/* File one document alone and lead it through all stages; what it was told last. */
struct workshop_told workshop_send(struct workshop *workshop, int64_t subject, uint64_t number,
                                   const char *key, struct str bytes);

/* Take from the queue once, what was put off too, and lead that from check on; how many there were.
 */
size_t workshop_take(struct workshop *workshop);

/* How many news of this kind were told. */
size_t workshop_count(const struct workshop *workshop, enum filing_news_kind kind);

struct uuid workshop_id(uint64_t number);

/* As superuser: the first column of the first row. */
struct str workshop_ask(const struct workshop *workshop, const char *sql);
int64_t    workshop_number(const struct workshop *workshop, const char *sql);
void       workshop_run(const struct workshop *workshop, const char *sql);

/* A JST of its own with this REGON and name, that files for itself, in the gmina of
 * tests/support/draft.h; its number in the registry. */
int64_t workshop_jst(const struct workshop *workshop, struct str regon, const char *name);

struct cluster *workshop_cluster(void);

#endif

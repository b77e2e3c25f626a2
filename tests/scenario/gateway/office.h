#ifndef TESTS_SCENARIO_GATEWAY_OFFICE_H
#define TESTS_SCENARIO_GATEWAY_OFFICE_H

#include "gateway/receipt/reading.h"
#include "tests/support/edge.h"
#include "tests/support/maker.h"

/*
 * A gmina at work: a fresh database, a gateway on it, nginx before it, and in the registry the
 * gmina with the three schools of tests/samples and three of tests/support/maker.h beside a foreign
 * school. Time is 10 July 2026, 9:00 in Warsaw. What cannot be done aborts the test.
 */
enum { OFFICE_ROOM = 192 << 20, OFFICE_SCHOOLS = 3, OFFICE_MADE_FROM = 100, OFFICE_MADE = 24 };

struct office {
    struct cluster           *cluster;
    const char               *database;
    struct station           *station;
    struct edge              *edge; /* NULL: filed at the front itself */
    const struct http_target *target;
    int64_t                   gmina;
    int64_t                   schools[OFFICE_SCHOOLS];
    int64_t                   foreign;
    const char               *gmina_token;
    const char               *school_token; /* of schools[0] */
    const char               *foreign_token;
};

void office_open(struct office *office, struct cluster *cluster, const char *database,
                 const struct station_options *options, bool with_edge);
void office_close(struct office *office);

/* A JST of its own that files its zbiorcze reports, as tests/support/quarter.h makes them; its
 * number in the registry. */
int64_t office_jst(const struct office *office, struct arena *arena, const char *regon);

/* Make the views of the monitoring store, as an operator does. */
void office_migrate(const struct office *office);

/* Set the clock of TEST. Who is known already may live in the old time for ten seconds. */
void office_set_clock(const struct office *office, const char *when);

/* A filing. Whatever is NULL is left out; path: NULL is /api/v1/submissions, token: the gmina's. */
struct office_filing {
    const char *path;
    const char *token;
    const char *key;
    const char *prefer;
    const char *digest; /* the whole header */
    struct str  body;
};

struct http_answer office_file(const struct office *office, struct arena *arena,
                               const struct office_filing *filing);

/* GET; token NULL: without any. accept: the media type; NULL: none. */
struct http_answer office_get(const struct office *office, struct arena *arena, const char *token,
                              const char *path, const char *accept);

/* A file of this run, which nobody else may read; its path. */
const char *office_keep(const struct office *office, struct arena *arena, const char *name,
                        struct str bytes);

/* The program `brama`, by whoever has this token; NULL ends its words. Its exit code, and what it
 * printed. */
int office_program(const struct office *office, struct arena *arena, const char *token,
                   const char *const *words, struct str *out);

/* /livez, /readyz, /metrics; and one number of the last, -1 when it is not there. */
struct http_answer office_health(const struct office *office, struct arena *arena,
                                 const char *path);
int64_t            office_metric(const struct office *office, const char *name);

/* Bytes of tests/samples/NAME. */
struct str office_sample(struct arena *arena, const char *name);

/* A package that nobody filed before, of one of the made schools, with three rows. */
struct str office_package(const struct office *office, struct arena *arena);

/* What stands at "reports.0.verdict" of a JSON answer, as text; "" when nothing does or null. */
const char *office_value(struct arena *arena, const struct http_answer *answer, const char *path);
bool        office_has(const struct http_answer *answer, const char *text);

/* A receipt, read with trust in this gateway's seal. */
struct reading office_receipt(const struct office *office, struct arena *arena, struct str bytes);

/* The first column of the first row, as superuser. */
struct str office_ask(const struct office *office, struct arena *arena, const char *sql);

/* Ask until this is the answer; false when it is not after two minutes. */
bool office_await(const struct office *office, const char *sql, const char *wanted);
bool office_await_metric(const struct office *office, const char *name, int64_t wanted);

#endif

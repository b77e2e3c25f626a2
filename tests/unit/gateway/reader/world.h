#ifndef TESTS_UNIT_GATEWAY_READER_WORLD_H
#define TESTS_UNIT_GATEWAY_READER_WORLD_H

#include "gateway/reader/clerk.h"
#include "tests/support/cluster.h"

/*
 * A database with a small world in it, and a clerk that reads it: two gminas, of one its urząd and
 * two schools; submissions in every state, written as the writer leaves them.
 *
 *     GMINA (jst) ── OFFICE, SCHOOL, SISTER          STRANGER (another jst)
 */
enum world_unit {
    WORLD_GMINA = 1,
    WORLD_OFFICE,
    WORLD_SCHOOL,
    WORLD_SISTER,
    WORLD_STRANGER,
};

/* Credentials have the numbers of their units; digests are 32 bytes of that number. */
enum { WORLD_EXPIRED = 6, WORLD_REVOKED = 7, WORLD_CERTIFICATE = 8 };

#define WORLD_PACKAGE "01980000-0000-7000-8000-000000000001"  /* of GMINA, for both schools */
#define WORLD_REJECTED "01980000-0000-7000-8000-000000000002" /* of SCHOOL */
#define WORLD_RECEIVED "01980000-0000-7000-8000-000000000003" /* of SCHOOL */
#define WORLD_CHECKING "01980000-0000-7000-8000-000000000004" /* of SCHOOL */
#define WORLD_PARKED "01980000-0000-7000-8000-000000000005"   /* of SCHOOL */
#define WORLD_FOREIGN "01980000-0000-7000-8000-000000000006"  /* of STRANGER */
#define WORLD_MISSING "01980000-0000-7000-8000-0000000000ff"

struct world {
    struct cluster *cluster;
    struct arena   *arena;
    struct config   config;
    struct clerk    clerk;
    instant         now; /* of the steady clock, as the clerk is told */
    const char     *database;
    struct str      summary; /* numbers of receipts of WORLD_PACKAGE */
    struct str      school;
    struct str      sister;
    struct str      delivery; /* of WORLD_PARKED */
    struct str      receipt;  /* bytes of the summary */
};

/* A world in a database of its own: name is new. */
void world_begin(struct world *world, struct cluster *cluster, const char *name);
void world_end(struct world *world);

void world_run(const struct world *world, const char *sql); /* as superuser */

/* Buffers of the database that were touched so far; what an answer costs, whatever the machine's
 * load. */
int64_t world_buffers(const struct world *world);

/* GET; target is path and query. The answer lives until the world ends. */
struct reply world_get(struct world *world, int64_t credential, const char *target);
struct reply world_get_as(struct world *world, int64_t credential, const char *target,
                          const char *accept);
struct reply world_ask(struct world *world, const struct question *question);

/* Value of a header of the answer; empty when it is not there. */
struct str world_header(const struct reply *reply, const char *name);

#endif

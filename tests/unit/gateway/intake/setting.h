#ifndef TESTS_UNIT_GATEWAY_INTAKE_SETTING_H
#define TESTS_UNIT_GATEWAY_INTAKE_SETTING_H

#include "gateway/intake/admission.h"
#include "gateway/intake/conclusion.h"
#include "tests/support/cluster.h"

/*
 * What the tests of intake stand on: a private PostgreSQL, in it a fresh database for each test
 * with units 1 .. SETTING_UNITS and credential 1 of unit 1, and decisions made by hand. Aborts when
 * something of that cannot be had.
 */
enum { SETTING_UNITS = 8 };

int setting_start(void **state); /* for cmocka_run_group_tests */
int setting_stop(void **state);
int setting_start_durable(void **state); /* fsync on */

struct setting {
    struct arena        *arena;
    struct store_address address;
    struct store        *store; /* as brama_writer */
    const char          *name;
    int64_t              lock_key; /* that setting_conclude holds */
};

struct setting setting_open(void);
void           setting_close(struct setting *setting);
struct store  *setting_connect(const struct setting *setting); /* one more */

void       setting_run(const struct setting *setting, const char *sql); /* as superuser */
struct str setting_ask(const struct setting *setting, const char *sql);
int64_t    setting_number(const struct setting *setting, const char *sql);

/* End the connection whoever touches the table by this ("INSERT", "UPDATE"); "COMMIT": at the
 * commit after an insertion. Until setting_mend. */
void setting_cut_at(const struct setting *setting, const char *table, const char *when);
void setting_mend(const struct setting *setting, const char *table);

/* Identifiers that differ by their number; the digest of the body is made. */
struct uuid    setting_id(uint64_t number);
struct arrival setting_arrival(const struct setting *setting, uint64_t number, const char *key,
                               struct str body);

/* Admit one document of subject 1 under a key of its own, and look at its row. */
struct queued setting_admit(const struct setting *setting, struct store *store, uint64_t number,
                            const char *body);

/* One report of a decision. */
struct setting_report {
    int64_t      unit; /* 0: unknown */
    int          version;
    enum verdict verdict;
    size_t       rows;
    const char  *period_type; /* NULL: "Kwartal" */
    const char  *number;      /* NULL: "2" */
};

/* A decision on a queued submission, ready for conclusion_context; its number is the next one. */
struct concluding setting_decide(const struct setting *setting, const struct queued *queued,
                                 const struct setting_report *reports, size_t count);

/* All steps of the conclusion and the commit; every lock must be obtained. With one receipt of
 * delivery or summary each. At is the time of the decision, 0: now. */
enum err setting_conclude(const struct setting *setting, struct store *store,
                          struct concluding *items, size_t count, instant at, struct fault *fault);

#endif

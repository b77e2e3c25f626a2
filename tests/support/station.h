#ifndef TESTS_SUPPORT_STATION_H
#define TESTS_SUPPORT_STATION_H

#include "gateway/failpoint/failpoint.h"
#include "gateway/wire/link.h"
#include "tests/support/authority.h"
#include "tests/support/cluster.h"
#include "tests/support/http.h"

#include <sys/types.h>

/*
 * A whole gateway for tests: the real bramad of this build on a database of a private cluster, with
 * keys and certificates made for it, reached over its Unix socket. It trusts the authority of the
 * tests and that of tests/samples. Its folder, its processes and
 * its keys end with it; it also ends when the test does. What cannot be done here aborts the test
 * with a message.
 */
struct station;

struct station_options {
    const char *settings;   /* further lines of its configuration; NULL: none */
    bool        failpoints; /* with a page of failpoints */
    const char *bin;        /* folder of the build to use; NULL: this one */
    int64_t     disk_reserve_bytes;
    bool        log_pipe; /* the log is a named pipe, which only the test may read */
};

struct station *station_create(struct cluster *cluster, const char *database,
                               const struct station_options *options);
void            station_destroy(struct station *station); /* accepts NULL */

/* Start bramad and wait until it is ready; station_create does it the first time. */
void station_start(struct station *station);
void station_stop(struct station *station); /* SIGTERM, and wait; it must exit with 0 */
void station_kill(struct station *station); /* SIGKILL to the supervisor; wait for all its roles */

const struct http_target *station_target(const struct station *station);
const struct http_target *station_health(const struct station *station); /* /livez and so on */
struct store_address      station_database(const struct station *station);
const char               *station_folder(const struct station *station);
const char               *station_log(const struct station *station); /* file */
const char *
station_certificate(const struct station *station); /* PEM: who issued that of the seal */
const struct authority *station_authority(const struct station *station); /* signs reports */

/* Page of the failpoints; NULL without. */
struct failpoint_page *station_failpoints(const struct station *station);

/* The supervisor; and the process of a role that lives now, 0: none. */
pid_t station_process(const struct station *station);
pid_t station_role(const struct station *station, enum role_kind role, unsigned slot);

/* Enter a unit into the registry by SQL: the identity as BeSTi@ writes it. parent 0: none. */
int64_t station_unit(struct station *station, const char *regon, const char *name, const char *kind,
                     int64_t parent);

/* A bearer token for a unit, stored by SQL: "Authorization: Bearer brk_test_...", ready to send. */
const char *station_token(struct station *station, int64_t unit);

/* Bind a certificate (PEM file) to a unit, by SQL. */
void station_bind(struct station *station, int64_t unit, const char *certificate);

#endif

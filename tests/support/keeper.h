#ifndef TESTS_SUPPORT_KEEPER_H
#define TESTS_SUPPORT_KEEPER_H

#include <stdbool.h>

/*
 * The processes and the folder of one private PostgreSQL (cluster.h): the postmaster, and a
 * keeper, a process that waits for the end of the test and then ends what is left and removes the
 * folder. It knows of the end by a pipe, so that a test that is killed leaves nothing either.
 * Whatever fails here aborts with a message.
 */
struct keeper;

enum { KEEPER_PORT = 5432 };
#define KEEPER_PORT_TEXT "5432"

enum keeper_place {
    KEEPER_ON_DISK,
    KEEPER_IN_MEMORY, /* when there is enough of it: making files is dear on a disk */
};

/* Make the folder; for the data in it: */
struct keeper *keeper_start(enum keeper_place place);

/* An empty cluster; */
void keeper_initialize(struct keeper *keeper);

/* or the copy of one that was halted (mould.h). */
void keeper_copy(struct keeper *keeper, const char *data);

const char *keeper_folder(const struct keeper *keeper); /* of the socket and the server's log */
const char *keeper_data(const struct keeper *keeper);   /* of the data */

/* Start the postmaster and wait until it accepts connections. */
void keeper_launch(struct keeper *keeper, bool durable);

/* Run a file of SQL as superuser. */
void keeper_psql(struct keeper *keeper, const char *path);

/* Kill the postmaster and all its children; or let it stop in good order, when it runs. */
void keeper_kill(struct keeper *keeper);
void keeper_halt(struct keeper *keeper);

void keeper_open_to_all(struct keeper *keeper);

/* Stop, remove the folder, forget. */
void keeper_end(struct keeper *keeper);

#endif

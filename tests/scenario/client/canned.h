#ifndef TESTS_SCENARIO_CLIENT_CANNED_H
#define TESTS_SCENARIO_CLIENT_CANNED_H

#include "tests/scenario/cli/program.h"

#include <sys/types.h>

/*
 * A real HTTPS server with answers out of a can, for what a good gateway never does: answers that
 * are cut, endless, no JSON, lost. A process of its own on a free port of 127.0.0.1, with the
 * development certificates (certs/make). It keeps every request, as it came.
 */
enum canned_manner {
    CANNED_WHOLE,
    CANNED_CUT,     /* more is announced than comes */
    CANNED_ENDLESS, /* the body never ends */
    CANNED_SILENT,  /* the connection ends without an answer */
};

enum { CANNED_STEPS_MAX = 8 };

struct canned_step {
    const char        *request; /* beginning of its first line; NULL ends the list */
    unsigned           times;   /* then the next step that fits; 0: for ever */
    const char        *status;  /* "201 Created" */
    const char        *headers; /* further ones, "Name: value\r\n" each; may be NULL */
    const char        *body;
    enum canned_manner manner;
};

struct canned {
    pid_t process;
    int   port;
    int   requests; /* memfd */
};

/* Certificates into a new folder; its name lives in arena. */
const char *canned_certificates(struct arena *arena);
void        canned_forget(const char *folder);

/* Fails the running test when it cannot be started. */
struct canned canned_start(const char *certificates, const struct canned_step *steps);

/* Have the program ask this server, and trust it: two more options behind its arguments. */
void canned_aim(struct arena *arena, const char *certificates, const struct canned *canned,
                struct program *program);

/* End it; all requests, one after the other, NUL-terminated behind their end. */
struct str canned_stop(struct arena *arena, const struct canned *canned);

#endif

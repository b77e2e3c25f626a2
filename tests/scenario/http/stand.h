#ifndef TESTS_SCENARIO_HTTP_STAND_H
#define TESTS_SCENARIO_HTTP_STAND_H

#include "gateway/config/config.h"
#include "tests/scenario/http/peers.h"

#include <sys/types.h>

/*
 * A real front between test peers, and nginx with TLS before it when asked for, each a process of
 * its own in a temporary folder. The stand plays the supervisor.
 */
enum { STAND_WORKERS = 2, STAND_READERS = 2 };

struct stand {
    char               folder[64];
    char               socket[96];
    int                port; /* of nginx; 0: none */
    int                health_port;
    int                control;
    pid_t              front;
    pid_t              nginx;
    pid_t              workers[STAND_WORKERS];
    pid_t              readers[STAND_READERS];
    struct peers_page *page;
    struct config      config;
};

/* Limits small enough to be reached in a test. */
void stand_start(struct stand *stand, bool with_nginx);
void stand_stop(struct stand *stand);

/* End a worker or reader that is there and link a new one in its slot. */
void stand_replace_worker(struct stand *stand, unsigned slot);
void stand_end_worker(struct stand *stand, unsigned slot);
void stand_replace_reader(struct stand *stand, unsigned slot);

/* What the other roles would say in the page of metrics; not well: one worker has no signer. */
void stand_say_all_is_well(bool well);

int     stand_descriptors(const struct stand *stand); /* open in the front */
int64_t stand_memory(const struct stand *stand);      /* resident bytes of the front */
int64_t stand_cpu_us(pid_t process);                  /* used so far, with its children's */

#endif

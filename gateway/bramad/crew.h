#ifndef GATEWAY_BRAMAD_CREW_H
#define GATEWAY_BRAMAD_CREW_H

#include "gateway/bramad/process.h"

/*
 * All processes of one bramad: who shall run, who runs, who is due to start again and when. Whoever
 * says that it is ready is linked with every peer that is: a fresh pair of sockets for each link,
 * its ends handed over and our copies closed, so that a death is seen as EOF by those it concerns
 * and by nobody else. Before that nobody can give it work: what ends while it starts has not ended
 * over somebody's document. A process that ends unasked starts again at once, then after pauses
 * that double. Time is an argument: milliseconds of any clock that only goes forward.
 */
enum { CREW_MAX = 3 * LINK_SLOTS_MAX + 4 };

struct crew_times {
    int64_t pause_first_ms; /* after the second failure in a row */
    int64_t pause_max_ms;
    int64_t calm_ms;   /* who lived so long starts from the beginning of the pauses */
    int64_t stop_ms;   /* between the order to stop and SIGKILL */
    int64_t absent_ms; /* who is not back after it does not just start again */
};

/*
 * 100 ms, 1 s, 10 s, 10 s, 10 s: what everybody waits for is back at once, and a role that cannot
 * start tries no more than once a second.
 */
extern const struct crew_times crew_times_default;

/* What processes are made of. Descriptors of -1 are not there; all stay the caller's. */
struct crew_supplies {
    const char              *program;
    const struct role_table *table;
    const struct config     *config;
    struct process_user      users[ROLE_KIND_COUNT];
    struct crew_times        times;
    int                      config_fd;
    int                      metrics;
    int                      listen;
    int                      health;
    int                      key;
    int                      webhook_key;
    int                      failpoints;
};

struct member {
    const struct role_entry *entry;
    unsigned                 slot;
    struct process           process;
    bool                     ready;
    bool                     joined;     /* has said so, and is linked with its peers */
    bool                     was_ready;  /* it, or one before it in its place */
    bool                     asked;      /* we wanted its end: no failure */
    bool                     recycle;    /* shall be replaced, when its turn comes */
    unsigned                 failures;   /* in a row */
    int64_t                  started;    /* when */
    int64_t                  due;        /* not running: when to start */
    int64_t                  away_since; /* not ready: since when, once it was */
    int64_t                  kill_from;  /* 0: not told to stop */
    int64_t                  ask_at;     /* vigil: when to ask for a sign of life, or look for it */
    bool                     was_asked;  /* vigil: for one, and has not given it */
    unsigned                 unheard;    /* vigil: looks in a row without one */
};

struct crew {
    const struct crew_supplies *supplies;
    bool                        stopping; /* nobody starts again */
    size_t                      count;
    struct member               members[CREW_MAX];
};

/* Everybody of the table, due at once. ERR_CONFIG: more processes than there is room for. */
MUST_USE enum err crew_create(const struct crew_supplies *supplies, struct crew *out,
                              struct fault *fault);

/* Start whoever is due. A failure is logged and tried again later. */
void crew_start_due(struct crew *crew, int64_t now);

/* A member says that it can work: link it. False: it has said so before. */
MUST_USE bool crew_ready(struct crew *crew, struct member *member);

/* Tell a member to stop, and kill it later if it does not; crew_kill at once. */
void crew_stop(struct crew *crew, struct member *member, int64_t now);
void crew_kill(struct member *member);

/* Kill those who were told to stop too long ago. */
void crew_enforce(struct crew *crew, int64_t now);

/* The pidfd of this member can be read: take its end and say when it starts again. */
void crew_ended(struct crew *crew, struct member *member, int64_t now);

/* Kill the checker of this worker; it starts again without a pause. */
void crew_renew_checker(struct crew *crew, const struct member *worker);

bool crew_all_ready(const struct crew *crew);

/* How many of a role were never ready, or have not been for absent_ms: more than a replacement. */
size_t crew_absent(const struct crew *crew, enum role_kind role, int64_t now);

size_t crew_alive(const struct crew *crew, bool first_to_stop_only);

/* Milliseconds until something has to be done without an event; -1: nothing. */
int crew_wait_ms(const struct crew *crew, int64_t now);

#endif

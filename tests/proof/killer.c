#include "tests/proof/killer.h"

#include "tests/support/dice.h"

#include <signal.h>
#include <stdio.h>
#include <time.h>

enum { REACH_MS = 60000, STUCK_MS = 120000, LOOK_NS = 1000000, SKIP_MAX = 4, QUIET_LOOKS = 100 };

/* Who dies. */
enum victim {
    VICTIM_HELD, /* the process that reached the point */
    VICTIM_FRONT,
    VICTIM_FRONT_BEFORE, /* the next front has taken the senders before the held one goes on */
    VICTIM_READER,
    VICTIM_CHECKER,
    VICTIM_SIGNER,
    VICTIM_POSTGRES,
    VICTIM_BRAMAD, /* the supervisor and all roles at once, as when the machine is switched off */
};

static const char *const victims[] = {"itself",  "front",  "front before", "reader",
                                      "checker", "signer", "postgres",     "bramad"};

struct pair {
    enum failpoint point;
    enum victim    victim;
};

/* clang-format off */
#define IN_WORKER(X) \
    X(ADMIT_BEGIN) X(ADMIT_CLAIMED) X(ADMIT_BEFORE_COMMIT) X(ADMIT_AFTER_COMMIT) X(ADMIT_TOLD) \
    X(CHECK_SENT) X(CHECK_DONE) X(DECIDE_LOCKED) X(DECIDE_DONE) X(CONCLUDE_COPIED) \
    X(CONCLUDE_HEAD) X(CONCLUDE_SIGNED) X(CONCLUDE_BEFORE_COMMIT) X(CONCLUDE_AFTER_COMMIT) \
    X(CONCLUDE_TOLD)
#define OUTSIDE(X) \
    X(FRONT_TAKEN) X(FRONT_HANDED) X(FRONT_ANSWERING) X(CHECK_READ) X(CHECK_WRITTEN) \
    X(SIGNER_TAKEN) X(SIGNER_SIGNED) X(READER_ASKED) X(READER_READ)

/* Every point with the death of who reached it; and who else may die there. */
static const struct pair pairs[] = {
#define ITSELF(point) {FAILPOINT_##point, VICTIM_HELD},
    IN_WORKER(ITSELF) OUTSIDE(ITSELF)
#define POSTGRES(point) {FAILPOINT_##point, VICTIM_POSTGRES},
    IN_WORKER(POSTGRES)
    {FAILPOINT_FRONT_HANDED, VICTIM_POSTGRES},
    {FAILPOINT_READER_ASKED, VICTIM_POSTGRES},
    {FAILPOINT_ADMIT_AFTER_COMMIT, VICTIM_FRONT},
    {FAILPOINT_CONCLUDE_BEFORE_COMMIT, VICTIM_FRONT},
    {FAILPOINT_CONCLUDE_AFTER_COMMIT, VICTIM_READER},
    {FAILPOINT_CHECK_SENT, VICTIM_FRONT_BEFORE},
    {FAILPOINT_CHECK_SENT, VICTIM_CHECKER},
    {FAILPOINT_CONCLUDE_HEAD, VICTIM_SIGNER},
    {FAILPOINT_CONCLUDE_COPIED, VICTIM_SIGNER},
    {FAILPOINT_ADMIT_BEFORE_COMMIT, VICTIM_BRAMAD},
    {FAILPOINT_ADMIT_AFTER_COMMIT, VICTIM_BRAMAD},
    {FAILPOINT_CHECK_SENT, VICTIM_BRAMAD},
    {FAILPOINT_CONCLUDE_SIGNED, VICTIM_BRAMAD},
    {FAILPOINT_CONCLUDE_AFTER_COMMIT, VICTIM_BRAMAD},
};
/* clang-format on */

size_t
killer_pairs(void)
{
    return ARRAY_COUNT(pairs);
}

static int64_t
now_ms(void)
{
    struct timespec now = {0};

    (void)clock_gettime(CLOCK_MONOTONIC, &now); /* it exists on every Linux */
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void
look_again(void)
{
    const struct timespec pause = {.tv_nsec = LOOK_NS};

    (void)nanosleep(&pause, NULL); /* a condition is asked for again, nothing depends on it */
}

static bool
wait_reached(const struct failpoint_page *page, enum failpoint point)
{
    int64_t deadline = now_ms() + REACH_MS;

    while (page->reached != (uint32_t)point) {
        if (now_ms() > deadline) {
            return false;
        }
        look_again();
    }
    return true;
}

static void
let_go(struct failpoint_page *page)
{
    page->armed = FAILPOINT_NONE;
    page->reached = FAILPOINT_NONE;
    page->turn++;
}

static void
kill_role(const struct station *station, enum role_kind role, unsigned slot)
{
    pid_t pid = station_role(station, role, slot);

    if (pid > 0) {
        (void)kill(pid, SIGKILL); /* it may have ended just now */
    }
}

/* Until there is another front, and no sender is turned away any more. */
static void
wait_next_front(const struct station *station, const struct filer_board *board, pid_t before)
{
    int64_t  deadline = now_ms() + REACH_MS;
    uint32_t unanswered = 0;
    int      quiet = 0;

    while (quiet < QUIET_LOOKS && now_ms() < deadline) {
        pid_t front = station_role(station, ROLE_FRONT, 0);
        bool  same = board->unanswered == unanswered && front > 0 && front != before;
        quiet = same ? quiet + 1 : 0;
        unanswered = board->unanswered;
        look_again();
    }
}

static void
replace_front(const struct station *station, const struct filer_board *board)
{
    pid_t before = station_role(station, ROLE_FRONT, 0);

    kill_role(station, ROLE_FRONT, 0);
    wait_next_front(station, board, before);
}

static void
kill_victim(struct station *station, struct cluster *cluster, const struct filer_board *board,
            enum victim victim, unsigned slot)
{
    struct failpoint_page *page = station_failpoints(station);

    switch (victim) {
    case VICTIM_HELD:
        (void)kill((pid_t)page->pid, SIGKILL); /* it waits for exactly this */
        break;
    case VICTIM_FRONT:
        kill_role(station, ROLE_FRONT, 0);
        break;
    case VICTIM_FRONT_BEFORE:
        replace_front(station, board);
        break;
    case VICTIM_READER:
        kill_role(station, ROLE_READER, 0);
        break;
    case VICTIM_CHECKER:
        kill_role(station, ROLE_CHECKER, slot);
        break;
    case VICTIM_SIGNER:
        kill_role(station, ROLE_SIGNER, 0);
        break;
    case VICTIM_POSTGRES:
        cluster_kill(cluster);
        break;
    case VICTIM_BRAMAD:
        station_kill(station);
        break;
    }
}

/* What does not come back by itself. */
static void
bring_back(struct station *station, struct cluster *cluster, enum victim victim)
{
    if (victim == VICTIM_POSTGRES) {
        cluster_restart(cluster);
    } else if (victim == VICTIM_BRAMAD) {
        station_start(station);
    }
}

/* Until somebody is acknowledged again. */
static bool
wait_progress(const struct filer_board *board, uint32_t before, int64_t since,
              const struct pair *pair, struct killer_tally *tally)
{
    while (board->acknowledged == before) {
        if (now_ms() - since > STUCK_MS) {
            tally->stuck++;
            return false;
        }
        look_again();
    }
    int64_t took = now_ms() - since;
    tally->recovery_sum_ms += took;
    if (took > tally->recovery_max_ms) {
        tally->recovery_max_ms = took;
        tally->slowest_victim = victims[pair->victim];
        tally->slowest_point = failpoint_name(pair->point);
    }
    return true;
}

static bool
kill_once(struct station *station, struct cluster *cluster, struct filer_board *board,
          const struct pair *pair, struct killer_tally *tally)
{
    struct failpoint_page *page = station_failpoints(station);

    page->armed = (uint32_t)pair->point;
    if (!wait_reached(page, pair->point)) {
        let_go(page);
        tally->unreached++;
        (void)fprintf(stderr, "proof: %s is not reached\n", failpoint_name(pair->point));
        return false;
    }
    uint32_t before = board->acknowledged;
    int64_t  since = now_ms();
    kill_victim(station, cluster, board, pair->victim, (unsigned)(tally->kills % 2));
    let_go(page);
    bring_back(station, cluster, pair->victim);
    tally->kills++;
    if (!wait_progress(board, before, since, pair, tally)) {
        (void)fprintf(stderr, "proof: stuck after %s died at %s\n", victims[pair->victim],
                      failpoint_name(pair->point));
        return false;
    }
    return true;
}

void
killer_run(struct station *station, struct cluster *cluster, struct filer_board *board,
           size_t kills, uint64_t seed, struct killer_tally *tally)
{
    struct dice dice = {.state = seed};
    size_t      order[ARRAY_COUNT(pairs)];
    bool        hit[ARRAY_COUNT(pairs)] = {false};

    for (size_t i = 0; i < ARRAY_COUNT(pairs); i++) {
        order[i] = i;
    }
    for (size_t i = 0; i < kills; i++) {
        size_t turn = i % ARRAY_COUNT(pairs);
        if (turn == 0) { /* a new round in a new order */
            for (size_t j = ARRAY_COUNT(pairs); j > 1; j--) {
                size_t other = (size_t)dice_below(&dice, j);
                size_t kept = order[j - 1];
                order[j - 1] = order[other];
                order[other] = kept;
            }
        }
        station_failpoints(station)->skip = (uint32_t)dice_below(&dice, SKIP_MAX);
        if (kill_once(station, cluster, board, &pairs[order[turn]], tally)) {
            tally->distinct += hit[order[turn]] ? 0 : 1;
            hit[order[turn]] = true;
        }
    }
}

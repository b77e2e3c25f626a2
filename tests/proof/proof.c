#include "tests/proof/audit.h"
#include "tests/proof/killer.h"

#include "tests/support/maker.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

/*
 * proof --kills N [--seed S] [--bin FOLDER]: nothing acknowledged is lost. Eight senders file while
 * parts of the gateway are killed at every point of the way of a submission; then the senders
 * finish, and the database is audited. Exits 0 when every claim holds; prints figures.
 */
enum { ROOM = 16 << 20, TEXT_ROOM = 256 };

static const char database[] = "proof";

struct proof {
    struct arena       *arena;
    struct cluster     *cluster;
    struct station     *station;
    struct filer_board *board;
    struct filer        filers[FILERS];
    const char         *notes[FILERS];
    pid_t               pids[FILERS];
};

/* One JST and its schools for each sender, so that locks of several JST are at work. */
static void
register_units(struct proof *proof, unsigned number, uint64_t seed)
{
    struct str jst = maker_regon(proof->arena, 5000 + number);
    struct str notes =
        str_format(proof->arena, "%s/notes-%u", station_folder(proof->station), number);
    int64_t top = station_unit(proof->station, jst.data, "GMINA PRZYKŁADOWO", "jst", 0);

    for (size_t i = 0; i < FILER_UNITS; i++) {
        size_t     unit = (size_t)number * FILER_UNITS + i;
        struct str regon = maker_regon(proof->arena, unit);
        struct str name =
            str_format(proof->arena, "SZKOŁA PODSTAWOWA NR %zu W PRZYKŁADOWIE", unit + 1);
        (void)station_unit(proof->station, regon.data, name.data, "jednostka-budzetowa", top);
    }
    proof->notes[number] = notes.data;
    proof->filers[number] = (struct filer){.number = number,
                                           .seed = seed,
                                           .token = station_token(proof->station, top),
                                           .station = proof->station,
                                           .board = proof->board,
                                           .notes = notes.data};
}

static void
start_filers(struct proof *proof)
{
    for (size_t i = 0; i < FILERS; i++) {
        pid_t parent = getpid();
        proof->pids[i] = fork();
        if (proof->pids[i] == 0) {
            if (prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) != 0 || getppid() != parent) {
                _exit(1);
            }
            filer_run(&proof->filers[i]);
            _exit(0);
        }
        ENSURE(proof->pids[i] > 0);
    }
}

static size_t
finish_filers(struct proof *proof)
{
    size_t broken = 0;

    proof->board->stop = 1;
    for (size_t i = 0; i < FILERS; i++) {
        int status = 0;
        ENSURE(waitpid(proof->pids[i], &status, 0) == proof->pids[i]);
        broken += status == 0 ? 0 : 1;
    }
    return broken;
}

static size_t
report(const struct proof *proof, const struct killer_tally *tally, size_t wrong)
{
    const struct filer_board *board = proof->board;
    size_t                    bad = wrong + tally->unreached + tally->stuck + board->faults;

    (void)printf("proof: %zu kills, %zu of %zu different ones; %zu points not reached, %zu times "
                 "stuck\n",
                 tally->kills, tally->distinct, killer_pairs(), tally->unreached, tally->stuck);
    (void)printf(
        "proof: from a kill to the next acknowledgement: mean %lld ms, longest %lld ms "
        "(%s at %s)\n",
        (long long)(tally->kills == 0 ? 0 : tally->recovery_sum_ms / (int64_t)tally->kills),
        (long long)tally->recovery_max_ms,
        tally->slowest_victim == NULL ? "-" : tally->slowest_victim,
        tally->slowest_point == NULL ? "-" : tally->slowest_point);
    (void)printf("proof: %u acknowledged, %u seen decided, %u filed twice at once, %u requests "
                 "without an answer or with 5xx sent again\n",
                 board->acknowledged, board->decided, board->repeats, board->unanswered);
    (void)printf("proof: %u answers that must never be; %zu claims that do not hold\n",
                 board->faults, wrong);
    (void)printf("proof: %s\n", bad == 0 ? "nothing acknowledged is lost" : "FAILED");
    return bad;
}

static size_t
run(struct proof *proof, size_t kills, uint64_t seed)
{
    struct killer_tally tally = {0};

    start_filers(proof);
    killer_run(proof->station, proof->cluster, proof->board, kills, seed, &tally);
    size_t wrong = finish_filers(proof);
    if (!audit_settled(proof->cluster, database)) {
        (void)fprintf(stderr, "proof: something stays undecided\n");
        wrong++;
    }
    for (size_t i = 0; i < FILERS; i++) {
        wrong += filer_replay(&proof->filers[i]);
    }
    wrong += audit_run(proof->cluster, database, proof->station, proof->notes, FILERS);
    return report(proof, &tally, wrong);
}

static bool
read_arguments(int argc, char **argv, int64_t *kills, int64_t *seed, const char **bin)
{
    for (int i = 1; i + 1 < argc; i += 2) {
        if (strcmp(argv[i], "--bin") == 0) {
            *bin = argv[i + 1];
            continue;
        }
        int64_t *number = strcmp(argv[i], "--kills") == 0  ? kills
                          : strcmp(argv[i], "--seed") == 0 ? seed
                                                           : NULL;
        if (number == NULL || !str_to_number(str_of(argv[i + 1]), number)) {
            return false;
        }
    }
    return argc % 2 == 1 && *kills > 0;
}

int
main(int argc, char **argv)
{
    struct proof           proof = {.arena = arena_create(ROOM)};
    struct station_options options = {.failpoints = true};
    int64_t                kills = 0;
    int64_t                seed = 1;

    if (!read_arguments(argc, argv, &kills, &seed, &options.bin)) {
        (void)fprintf(stderr, "usage: proof --kills N [--seed S] [--bin FOLDER]\n");
        return 2;
    }
    proof.board =
        mmap(NULL, sizeof *proof.board, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    ENSURE(proof.board != MAP_FAILED);
    proof.cluster = cluster_start(CLUSTER_DURABLE);
    (void)cluster_database(proof.cluster, database);
    proof.station = station_create(proof.cluster, database, &options);
    for (unsigned i = 0; i < FILERS; i++) {
        register_units(&proof, i, (uint64_t)seed);
    }
    size_t bad = run(&proof, (size_t)kills, (uint64_t)seed);
    station_destroy(proof.station);
    cluster_stop(proof.cluster);
    arena_destroy(proof.arena);
    return bad == 0 ? 0 : 1;
}

#include "tests/support/expect.h"
#include "tests/support/self_signed.h"
#include "tests/support/station.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/*
 * What serves for development and tests does not start as PROD: each reason is told, and without it
 * the next one is. The gateway of the tests, stopped, lends its keys and its database.
 */
enum { ROOM = 4 << 20, PATH_ROOM = 256, TOLD_MAX = 65536 };

static struct cluster *cluster;
static struct station *station;

static int
start(void **state)
{
    (void)state;
    cluster = cluster_start(CLUSTER_FAST);
    cluster_open_to_all(cluster);
    (void)cluster_database(cluster, "prod");
    station = station_create(cluster, "prod", &(struct station_options){.settings = NULL});
    station_stop(station);
    return 0;
}

static int
stop(void **state)
{
    (void)state;
    station_start(station); /* as TEST it is still good */
    station_destroy(station);
    cluster_stop(cluster);
    return 0;
}

/* A seal that nothing says is of development. */
static void
make_seal(void)
{
    char key[PATH_ROOM];
    char certificate[PATH_ROOM];

    (void)snprintf(key, sizeof key, "%s/urzad.key", station_folder(station));
    (void)snprintf(certificate, sizeof certificate, "%s/urzad.pem", station_folder(station));
    self_signed_make(key, certificate, "/CN=Pieczec urzedu",
                     "keyUsage=digitalSignature,nonRepudiation");
}

/* The station's settings, in production, with these instead of its own. */
static const char *
write_settings(struct arena *arena, const char *const *lines)
{
    const char *path = str_format(arena, "%s/prod.conf", station_folder(station)).data;
    FILE *from = fopen(str_format(arena, "%s/bramad.conf", station_folder(station)).data, "re");
    FILE *to = fopen(path, "we");
    char  line[PATH_ROOM * 2];

    ENSURE(from != NULL && to != NULL);
    while (fgets(line, sizeof line, from) != NULL) {
        bool replaced = strncmp(line, "environment", strlen("environment")) == 0;
        for (size_t i = 0; lines[i] != NULL; i++) {
            size_t name = strcspn(lines[i], " ");
            replaced = replaced || strncmp(line, lines[i], name + 1) == 0;
        }
        ENSURE(replaced || fputs(line, to) >= 0);
    }
    ENSURE(fputs("environment = prod\n", to) >= 0);
    for (size_t i = 0; lines[i] != NULL; i++) {
        ENSURE(fprintf(to, "%s\n", lines[i]) > 0);
    }
    ENSURE(fclose(from) == 0 && fclose(to) == 0);
    return path;
}

/* What bramad says on standard error before it ends, which it must do with a failure. */
static struct str
told_by_bramad(struct arena *arena, const char *settings)
{
    int        told[2] = {-1, -1};
    int        status = 0;
    struct buf text = buf_create(arena, TOLD_MAX);
    char       piece[1024];
    ssize_t    size = 0;

    ENSURE(pipe2(told, O_CLOEXEC) == 0);
    pid_t child = fork();
    if (child == 0) {
        (void)dup2(told[1], STDERR_FILENO);
        (void)execl(BRAMA_BINARY_DIR "/gateway/bramad/bramad", "bramad", "--config", settings,
                    (char *)NULL);
        _exit(127);
    }
    (void)close(told[1]);
    while ((size = read(told[0], piece, sizeof piece)) > 0) {
        buf_append(&text, (struct str){piece, (size_t)size});
    }
    (void)close(told[0]);
    ENSURE(waitpid(child, &status, 0) == child);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) != 0 && WEXITSTATUS(status) != 127);
    buf_byte(&text, '\0');
    ENSURE(buf_ok(&text));
    return buf_str(&text);
}

static void
expect_told(const char *const *lines, const char *reason)
{
    struct arena *arena = arena_create(ROOM);
    struct str    told = told_by_bramad(arena, write_settings(arena, lines));

    if (strstr(told.data, reason) == NULL) {
        print_error("wanted: %s; told: %s\n", reason, told.data);
    }
    EXPECT(strstr(told.data, reason) != NULL, reason);
    arena_destroy(arena);
}

static const char *users =
    "user_front = daemon\nuser_worker = nobody\nuser_checker = bin\n"
    "user_signer = sys\nuser_reader = games\nuser_desk = man\nuser_courier = lp";

/* Everything that a production may not have, taken away one by one. */
static const char *good[] = {
    NULL, NULL, "receiver = Brama", "public_url = https://brama.gov.example", NULL, NULL, NULL};

static void
fill_good(struct arena *arena)
{
    const char *folder = station_folder(station);

    good[0] = str_format(arena, "seal_key = %s/urzad.key", folder).data;
    good[1] = str_format(arena, "seal_certificate = %s/urzad.pem", folder).data;
    good[4] = users;
    good[5] = str_format(arena, "trust = %s/urzad.pem", folder).data;
    ENSURE(good[0] != NULL && good[1] != NULL && good[5] != NULL);
}

static void
production_refuses_what_is_for_development(void **state)
{
    static const struct {
        const char *name;
        size_t      place; /* of good, that is bad */
        const char *bad;   /* NULL: the station's own */
        const char *reason;
        bool        as_root; /* matters to root alone */
    } cases[] = {
        {"seal",       1, NULL,                                                                         "seal_certificate: pieczęć „Brama – pieczęć (TEST)” jest rozwojowa",
         false                                                                                                                                                                              },
        {"trust",      5, "trust = " BRAMA_SOURCE_DIR "/tests/samples/urzad-certyfikacji-przyklad.pem",
         "trust: wystawca „CN=PUC Kwalifikowany (przyklad)",                                                                                                                         false},
        {"receiver",   2, "receiver = Brama (TEST)",                                                    "receiver: nazwa z dopiskiem (TEST)",                                          false},
        {"localhost",  3, "public_url = https://localhost:8443",                                        "public_url: adres tej maszyny",
         false                                                                                                                                                                              },
        {"127.0.0.1",  3, "public_url = https://127.0.0.1",                                             "public_url: adres tej maszyny",                                               false},
        {"::1",        3, "public_url = https://[::1]:8443",                                            "public_url: ",                                                                false},
        {"no users",   4, "silence_seconds = 600",                                                      ": brakuje użytkownika; w środowisku prod",                                  true },
        {"root users", 4,
         "user_front = root\nuser_worker = nobody\nuser_checker = nobody\n"
         "user_signer = nobody\nuser_reader = nobody\nuser_desk = nobody\nuser_courier = nobody",       "user_front: w środowisku prod żadna rola nie działa jako root",            true },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        struct arena *arena = arena_create(ROOM);
        fill_good(arena);
        if (cases[i].bad == NULL) { /* the seal goes with its key */
            good[0] =
                str_format(arena, "seal_key = %s/keys/seal.key", station_folder(station)).data;
            good[1] =
                str_format(arena, "seal_certificate = %s/keys/seal.pem", station_folder(station))
                    .data;
        } else {
            good[cases[i].place] = cases[i].bad;
        }
        if (!cases[i].as_root || geteuid() == 0) {
            expect_told(good, cases[i].reason);
        }
        good[2] = "receiver = Brama";
        good[3] = "public_url = https://brama.gov.example";
        arena_destroy(arena);
    }
}

/* All else being good, the database has its say. */
static void
production_refuses_a_database_of_tests_and_a_clock_that_was_set(void **state)
{
    struct arena *arena = arena_create(ROOM);

    (void)state;
    fill_good(arena);
    expect_told(good, "środowisko bazy (registry.setting) jest inne");
    cluster_run(cluster, "prod", "UPDATE registry.setting SET environment = 'PROD'");
    /* The database itself holds it, too; this is for one whose constraint was taken away. */
    cluster_run(cluster, "prod",
                "ALTER TABLE registry.setting DROP CONSTRAINT setting_check;"
                " UPDATE registry.setting SET clock_offset = interval '1 second'");
    expect_told(good, "zegar bazy jest przesunięty");
    cluster_run(cluster, "prod",
                "UPDATE registry.setting SET environment = 'TEST', clock_offset = interval '0'");
    arena_destroy(arena);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(production_refuses_what_is_for_development),
        cmocka_unit_test(production_refuses_a_database_of_tests_and_a_clock_that_was_set),
    };

    if (start(NULL) != 0) {
        return 1;
    }
    make_seal();
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    (void)stop(NULL);
    return failed;
}

#include "tests/bench/gateway/cost.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { TEXT_ROOM = 4096 };

struct times {
    long   parent;
    double own;      /* microseconds */
    double children; /* of those that have ended */
};

/* Fields 4, 14 to 17 of /proc/PID/stat; zeros when there is no such process. */
static struct times
times_of(long pid)
{
    char          path[64];
    char          line[TEXT_ROOM] = "";
    unsigned long user = 0;
    unsigned long system = 0;
    long          ended_user = 0;
    long          ended_system = 0;
    long          parent = 0;
    double        tick = 1e6 / (double)sysconf(_SC_CLK_TCK);

    (void)snprintf(path, sizeof path, "/proc/%ld/stat", pid);
    FILE *file = fopen(path, "re");
    if (file == NULL) {
        return (struct times){0};
    }
    const char *behind = fgets(line, sizeof line, file) == NULL ? NULL : strrchr(line, ')');
    (void)fclose(file);
    if (behind == NULL
        /* NOLINTNEXTLINE(cert-err34-c): the kernel wrote the numbers */
        || sscanf(behind, ") %*c %ld %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu %ld %ld", &parent,
                  &user, &system, &ended_user, &ended_system)
               != 5) {
        return (struct times){0};
    }
    return (struct times){parent, (double)(user + system) * tick,
                          (double)(ended_user + ended_system) * tick};
}

double
cost_of(pid_t process)
{
    return times_of(process).own;
}

double
cost_of_tree(pid_t root)
{
    struct times times = times_of(root);
    double       sum = times.own + times.children;
    DIR         *folder = opendir("/proc");

    ENSURE(folder != NULL);
    for (struct dirent *entry = readdir(folder); entry != NULL; entry = readdir(folder)) {
        long pid = strtol(entry->d_name, NULL, 10);
        if (pid > 0) {
            struct times child = times_of(pid);
            sum += child.parent == root ? child.own + child.children : 0;
        }
    }
    (void)closedir(folder);
    return sum;
}

pid_t
cost_postmaster(const struct cluster *cluster)
{
    char path[TEXT_ROOM];
    char line[64] = "";
    (void)snprintf(path, sizeof path, "%s/postmaster.pid", cluster_folder(cluster));
    FILE *file = fopen(path, "re");

    ENSURE(file != NULL && fgets(line, sizeof line, file) != NULL && fclose(file) == 0);
    return (pid_t)strtol(line, NULL, 10);
}

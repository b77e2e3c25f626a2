#include "tests/support/family.h"

#include "validators/base/ensure.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PATH_ROOM = 256, TEXT_ROOM = 8192, SLOT_ROOM = 16 };

size_t
family_visit(pid_t head, bool (*visit)(pid_t pid, void *user), void *user)
{
    char  path[PATH_ROOM];
    char  line[TEXT_ROOM];
    FILE *file = NULL;
    DIR  *folder = opendir("/proc");

    ENSURE(folder != NULL);
    size_t count = 0;
    for (struct dirent *entry = readdir(folder); entry != NULL; entry = readdir(folder)) {
        long pid = strtol(entry->d_name, NULL, 10);
        long parent = 0;
        (void)snprintf(path, sizeof path, "/proc/%ld/stat", pid);
        file = pid > 0 ? fopen(path, "re") : NULL;
        if (file == NULL) {
            continue;
        }
        const char *behind = fgets(line, sizeof line, file) == NULL ? NULL : strrchr(line, ')');
        char        state = 'Z';
        /* NOLINTNEXTLINE(cert-err34-c): the kernel wrote the number */
        if (behind != NULL && sscanf(behind, ") %c %ld", &state, &parent) == 2 && parent == head
            && state != 'Z') {
            count++;
            if (visit((pid_t)pid, user)) {
                (void)fclose(file);
                break;
            }
        }
        (void)fclose(file);
    }
    (void)closedir(folder);
    return count;
}

/* Which role a process is: from its command line, as the supervisor wrote it. */
struct wanted {
    const char *role;
    char        slot[SLOT_ROOM];
    pid_t       found;
};

static bool
is_wanted(pid_t pid, void *user)
{
    struct wanted *wanted = user;
    char           path[PATH_ROOM];
    char           line[TEXT_ROOM] = {0};
    bool           role = false;
    bool           slot = false;

    (void)snprintf(path, sizeof path, "/proc/%d/cmdline", (int)pid);
    FILE  *file = fopen(path, "re");
    size_t size = file == NULL ? 0 : fread(line, 1, sizeof line - 1, file);
    if (file != NULL) {
        (void)fclose(file);
    }
    for (const char *word = line; word < line + size; word += strlen(word) + 1) {
        const char *next = word + strlen(word) + 1;
        role = role || (strcmp(word, "--role") == 0 && strcmp(next, wanted->role) == 0);
        slot = slot || (strcmp(word, "--slot") == 0 && strcmp(next, wanted->slot) == 0);
    }
    wanted->found = role && slot ? pid : wanted->found;
    return role && slot;
}

pid_t
family_role(pid_t head, enum role_kind role, unsigned slot)
{
    struct wanted wanted = {.role = role_kind_name(role)};

    (void)snprintf(wanted.slot, sizeof wanted.slot, "%u", slot);
    (void)family_visit(head, is_wanted, &wanted);
    return wanted.found;
}

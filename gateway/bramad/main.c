#include "gateway/bramad/birth.h"
#include "gateway/bramad/check_command.h"
#include "gateway/bramad/migrate_command.h"
#include "gateway/bramad/options.h"
#include "gateway/bramad/roles.h"
#include "gateway/bramad/run_command.h"

#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

/* `bramad`: one program for the supervisor and all its roles. */
static int
version_command(const struct options *options)
{
    (void)options;
    (void)printf("bramad %s\n", BRAMA_VERSION);
    return STATUS_OK;
}

static int
help_command(const struct options *options)
{
    (void)options;
    (void)fputs(options_help, stdout);
    return STATUS_OK;
}

/* A program started without its standard descriptors would take its files for them. */
static bool
open_standard_descriptors(void)
{
    int fd = open("/dev/null", O_RDWR | O_CLOEXEC);

    while (fd >= 0 && fd <= STDERR_FILENO) {
        (void)fcntl(fd, F_SETFD, 0); /* it is one of the three now */
        fd = open("/dev/null", O_RDWR | O_CLOEXEC);
    }
    return fd >= 0 && close(fd) == 0;
}

int
main(int argc, char **argv)
{
    static int (*const commands[])(const struct options *) = {
        [OPTIONS_RUN] = run_command,         [OPTIONS_CHECK_CONFIG] = check_command,
        [OPTIONS_MIGRATE] = migrate_command, [OPTIONS_VERSION] = version_command,
        [OPTIONS_HELP] = help_command,
    };
    struct options options = {0};

    if (birth_is_asked(argc, argv)) {
        birth_run(&roles_table, argc, argv);
    }
    if (!open_standard_descriptors()) {
        return STATUS_FAILED;
    }
    if (!options_parse(argc, argv, &options)) {
        return STATUS_USAGE;
    }
    int status = commands[options.command](&options);
    return fflush(stdout) == 0 ? status : STATUS_FAILED;
}

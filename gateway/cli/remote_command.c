#include "gateway/cli/remote_command.h"

#define MEMORY_MAX ((size_t)2 * 1024 * 1024 * 1024)

static enum exit_code
run(struct arena *arena, const struct remote_command *command, const struct remote_options *options)
{
    struct screen screen =
        screen_create(arena, options->no_colour ? SCREEN_COLOUR_NEVER : SCREEN_COLOUR_AS_FITS);
    struct remote remote = {0};

    if (options->help) {
        buf_append(&screen.out, str_of(command->help));
        buf_append(&screen.out, STR("\n"));
        buf_append(&screen.out, str_of(remote_options_help));
        return screen_flush(&screen) ? EXIT_ACCEPTED : EXIT_UNREADABLE;
    }
    if (options->word_count < command->words_min || options->word_count > command->words_max) {
        screen_complain((struct str){0}, command->words_fault);
        return EXIT_USAGE;
    }
    enum exit_code code = remote_open(arena, options, command->identity, &remote);
    if (code == EXIT_ACCEPTED) {
        code = command->run(&remote, &screen);
    }
    return screen_flush(&screen) ? code : EXIT_UNREADABLE;
}

int
remote_command_run(const struct remote_command *command, int argc, char **argv)
{
    struct arena         *arena = arena_create(MEMORY_MAX);
    struct remote_options options = {0};
    struct fault          fault = {0};
    int                   code = EXIT_USAGE;

    if (remote_options_read(arena, command->group, argc, argv, &options, &fault) == ERR_OK) {
        code = (int)run(arena, command, &options);
    } else {
        screen_complain((struct str){0}, fault.text);
        (void)fprintf(stderr, "brama: zobacz: brama %s --help\n", command->name);
    }
    arena_destroy(arena);
    return code;
}

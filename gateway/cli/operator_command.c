#include "gateway/cli/operator_command.h"

#define MEMORY_MAX ((size_t)3 << 30U)

static int
exit_code_of(enum err got)
{
    if (got == ERR_USAGE) {
        return EXIT_USAGE;
    }
    if (got == ERR_FILE || got == ERR_CONFIG) {
        return EXIT_UNREADABLE;
    }
    return got == ERR_STORE_LOST || got == ERR_STORE_CONFLICT ? EXIT_UNAVAILABLE
                                                              : EXIT_NOT_ACCEPTED;
}

static void
run(const struct operator_command *command, int argc, char **argv, struct operator_turn *turn)
{
    uint64_t known = command->options | ADMIN_OPTION(OPTION_CONFIG) | ADMIN_OPTION(OPTION_DATABASE);
    struct fault fault = {0};

    enum err got = admin_options_read(argc - command->words, argv + command->words, known,
                                      command->argument, &turn->admin.options, &fault);
    if (got == ERR_OK) {
        got = command->run(turn, &fault);
    }
    if (got != ERR_OK) {
        screen_complain(command->about, fault.text);
        turn->code = exit_code_of(got);
    }
}

int
operator_command_run(const struct operator_command *command, int argc, char **argv)
{
    struct arena        *arena = arena_create(MEMORY_MAX);
    struct screen        screen = screen_create(arena, SCREEN_COLOUR_NEVER);
    struct operator_turn turn = {
        .admin = {.arena = arena}, .screen = &screen, .code = EXIT_ACCEPTED};

    if (admin_options_ask_help(argc - 1, argv + 1)) {
        buf_append(&screen.out, str_of(command->help));
    } else {
        run(command, argc, argv, &turn);
    }
    if (!screen_flush(&screen)) {
        turn.code = EXIT_UNREADABLE;
    }
    arena_destroy(arena);
    return turn.code;
}

enum err
operator_command_open(struct operator_turn *turn, struct fault *fault)
{
    struct admin        *admin = &turn->admin;
    struct store_address address = {0};

    TRY(admin_address(admin, &address, fault));
    TRY(store_open(admin->arena, &address, STORE_ADMIN, &admin->store, fault));
    return store_begin(admin->store, fault);
}

enum err
operator_command_snapshot(struct operator_turn *turn, struct fault *fault)
{
    TRY(operator_command_open(turn, fault));
    return store_script(turn->admin.store,
                        "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY", fault);
}

#include "gateway/cli/local_command.h"

#include "gateway/cli/arguments.h"
#include "gateway/definitions/definitions.h"

#define MEMORY_MAX ((size_t)1024 * 1024 * 1024)

struct call {
    struct local local;
    bool         help;
    const char  *wrong; /* NULL: nothing */
};

static void
read_words(const struct local_command *command, int argc, char **argv, struct call *out)
{
    struct local         *local = &out->local;
    struct fault          fault = {0};
    const struct argument options[] = {
        {"--help",  &out->help, NULL,          false},
        {"-h",      &out->help, NULL,          false},
        {"--rules", NULL,       &local->rules, false},
    };
    struct arguments arguments = {.options = options, .option_count = ARRAY_COUNT(options)};

    if (arguments_read(local->arena, argc, argv, &arguments, &fault) != ERR_OK) {
        out->wrong = str_copy(local->arena, str_of(fault.text)).data;
        out->wrong = out->wrong == NULL ? command->wrong : out->wrong;
    } else if (arguments.word_count < command->words_min
               || arguments.word_count > command->words_max) {
        out->wrong = command->wrong;
    }
    for (size_t i = 0; i < arguments.word_count && i < command->words_max; i++) {
        local->words[i] = arguments.words[i];
        local->word_count++;
    }
}

static int
answer(const struct local_command *command, const struct call *call, struct screen *screen)
{
    if (call->help) {
        buf_append(&screen->out, str_of(command->help));
        return EXIT_ACCEPTED;
    }
    if (call->wrong != NULL) {
        screen_complain((struct str){0}, call->wrong);
        return EXIT_USAGE;
    }
    return command->run(&call->local, screen);
}

int
local_command_run(const struct local_command *command, int argc, char **argv)
{
    struct arena *arena = arena_create(MEMORY_MAX);
    struct screen screen = screen_create(arena, command->colouring);
    struct call   call = {.local = {.arena = arena}};

    ENSURE(command->words_max <= LOCAL_WORDS_MAX);
    read_words(command, argc, argv, &call);
    int code = answer(command, &call, &screen);
    if (!screen_flush(&screen)) {
        code = EXIT_UNREADABLE;
    }
    arena_destroy(arena);
    return code;
}

int
local_command_refuse(const struct local *local, const struct fault *fault, int otherwise)
{
    struct complaints all = {0};
    bool              surveyed = fault->code == ERR_CATALOGUE
                    && definitions_survey(local->arena, local->rules, &all, NULL) == ERR_OK
                    && all.count > 0;

    for (size_t i = 0; surveyed && i < all.count; i++) {
        screen_complain(str_of(local->rules), all.items[i].data);
    }
    if (!surveyed) {
        screen_complain(str_of(local->rules), fault->text);
    }
    return fault->code == ERR_FILE ? EXIT_UNREADABLE : otherwise;
}

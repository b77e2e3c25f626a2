#include "gateway/cli/version_command.h"

#include "gateway/cli/exit_code.h"
#include "gateway/cli/screen.h"
#include "gateway/definitions/definitions.h"

#define MEMORY_MAX ((size_t)512 * 1024 * 1024)

static int
write_version(struct arena *arena, struct screen *screen)
{
    const struct catalogue *catalogue = NULL;
    struct fault            fault = {0};

    if (definitions_catalogue(arena, NULL, &catalogue, &fault) != ERR_OK) {
        screen_complain((struct str){0}, fault.text);
        return EXIT_NOT_ACCEPTED;
    }
    struct buf digest = buf_create(arena, 2 * sizeof catalogue->sha256);
    buf_hex(&digest, catalogue->sha256, sizeof catalogue->sha256);
    screen_format(screen, "brama %s\ndefinicje sha256:%.*s\n", BRAMA_VERSION,
                  STR_ARG(buf_str(&digest)));
    return EXIT_ACCEPTED;
}

int
version_command(int argc, char **argv)
{
    struct arena *arena = arena_create(MEMORY_MAX);
    struct screen screen = screen_create(arena, SCREEN_COLOUR_NEVER);
    int           code = EXIT_USAGE;

    if (argc == 2
        && (str_equal(str_of(argv[1]), STR("--help")) || str_equal(str_of(argv[1]), STR("-h")))) {
        screen_format(&screen, "Użycie: brama version\n\nPodaje wersję programu i skrót SHA-256 "
                               "wbudowanych definicji (formularzy i reguł).\n");
        code = EXIT_ACCEPTED;
    } else if (argc > 1) {
        screen_complain(str_of(argv[1]), "„version” nie ma argumentów");
    } else {
        code = write_version(arena, &screen);
    }
    if (!screen_flush(&screen)) {
        code = EXIT_UNREADABLE;
    }
    arena_destroy(arena);
    return code;
}

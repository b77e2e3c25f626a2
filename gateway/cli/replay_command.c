#include "gateway/cli/replay_command.h"

#include "gateway/admin/admin.h"
#include "gateway/cli/exit_code.h"
#include "gateway/cli/screen.h"
#include "gateway/replay/replay.h"

#include <string.h>

#define MEMORY_MAX ((size_t)2 << 30U)

enum { SHORT_DIGEST = 8 };

static const char help[] =
    "Użycie: brama replay UPO [--database MIEJSCE:PORT/NAZWA | --config PLIK]\n"
    "\n"
    "Rozstrzyga jeszcze raz to, co stwierdza UPO: z zapisanych bajtów dokumentu, z definicji\n"
    "i certyfikatów, które rozstrzygnięcie wskazuje skrótami, i z zapisanych z nim odpowiedzi\n"
    "rejestru. Porównuje wynik z tym, co jest w bazie: fakty wszystkich UPO rozstrzygnięcia bajt\n"
    "w bajt (bez samej pieczęci), liść dziennika, wiersze sprawozdań, uwag, podpisów i pozycji.\n"
    "Wymienia każdą część, której brakuje albo która jest inna. Niczego nie zapisuje.\n"
    "\n"
    "UPO to numer UPO albo numer złożenia (wtedy najnowsze rozstrzygnięcie). Polecenie działa\n"
    "u operatora bramy, z uprawnieniami brama_admin. Pieczęć sprawdza brama verify.\n"
    "\n"
    "Przykład:\n"
    "  brama replay 990001018-20260710-00000000002A-6E --database /run/postgresql:5432/brama\n"
    "\n"
    "Kody wyjścia: 0 wszystko jest takie samo, 1 czegoś brakuje albo coś jest inne, 2 wywołanie\n"
    "jest błędne albo nie ma takiego UPO, 3 pliku konfiguracji nie da się odczytać, 5 baza danych\n"
    "jest nieosiągalna.\n";

static void
write_remark(struct screen *screen, const struct replay_remark *remark)
{
    screen_format(screen, remark->state == REPLAY_MISSING ? "brakuje: " : "inne: ");
    screen_text(screen, remark->what);
    if (remark->recorded.size > 0 || remark->again.size > 0) {
        screen_format(screen, "\n  zapisano:   ");
        screen_text(screen, remark->recorded);
        screen_format(screen, "\n  odtworzono: ");
        screen_text(screen, remark->again);
    }
    screen_format(screen, "\n");
}

static void
write_outcome(struct screen *screen, const struct replay_target *target,
              const struct replay *replay)
{
    screen_format(screen, "złożenie ");
    uuid_write(&screen->out, target->submission);
    screen_format(screen, ", %s %d, definicje ",
                  str_equal(replay->kind, STR("delivery")) ? "doręczenie" : "rozstrzygnięcie",
                  target->n);
    buf_hex(&screen->out, replay->definitions_sha256, SHORT_DIGEST);
    screen_format(screen, ", program ");
    screen_text(screen, replay->engine);
    screen_format(screen, replay->engine_differs ? " (tu odtwarza inny)\n" : "\n");
    for (size_t i = 0; i < replay->remark_count; i++) {
        write_remark(screen, &replay->remarks[i]);
    }
    if (replay->more > 0) {
        screen_format(screen, "różnic ponad te wymienione: %zu\n", replay->more);
    }
    screen_format(screen, "UPO tego rozstrzygnięcia: %zu, odtworzonych co do bajtu: %zu\n",
                  replay->receipt_count, replay->same_count);
    screen_format(screen, replay->state == REPLAY_SAME
                              ? "Wszystko jest takie samo.\n"
                              : "Nie wszystko udało się odtworzyć albo nie wszystko jest takie "
                                "samo.\n");
}

/* One snapshot, in which nothing can be written. */
static enum err
open_snapshot(struct admin *admin, struct fault *fault)
{
    struct store_address address = {0};

    TRY(admin_address(admin, &address, fault));
    TRY(store_open(admin->arena, &address, STORE_ADMIN, &admin->store, fault));
    TRY(store_begin(admin->store, fault));
    return store_script(admin->store, "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY",
                        fault);
}

static enum err
run(struct admin *admin, struct screen *screen, int *code, struct fault *fault)
{
    struct replay_target target = {0};
    struct replay        replay = {0};

    TRY(open_snapshot(admin, fault));
    TRY(replay_target_find(admin->store, admin->arena, admin->options.argument, &target, fault));
    TRY(replay_run(admin->store, admin->arena, &target, STR("brama " BRAMA_VERSION), &replay,
                   fault));
    write_outcome(screen, &target, &replay);
    *code = replay.state == REPLAY_SAME ? EXIT_ACCEPTED : EXIT_NOT_ACCEPTED;
    return ERR_OK;
}

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

static bool
asks_for_help(int argc, char **argv)
{
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0) {
            return true;
        }
    }
    return false;
}

static int
answer(struct admin *admin, int argc, char **argv, struct screen *screen)
{
    const uint64_t known = ADMIN_OPTION(OPTION_CONFIG) | ADMIN_OPTION(OPTION_DATABASE);
    struct fault   fault = {0};
    int            code = EXIT_ACCEPTED;

    enum err got = admin_options_read(argc - 1, argv + 1, known, true, &admin->options, &fault);
    if (got == ERR_OK && admin->options.argument.data == NULL) {
        got = FAIL(&fault, ERR_USAGE, "podaj numer UPO albo złożenia; zobacz: brama replay --help");
    }
    if (got == ERR_OK) {
        got = run(admin, screen, &code, &fault);
    }
    if (got != ERR_OK) {
        screen_complain((struct str){0}, fault.text);
        code = exit_code_of(got);
    }
    return code;
}

int
replay_command(int argc, char **argv)
{
    struct admin  admin = {.arena = arena_create(MEMORY_MAX)};
    struct screen screen = screen_create(admin.arena, SCREEN_COLOUR_NEVER);
    int           code = EXIT_ACCEPTED;

    if (asks_for_help(argc, argv)) {
        buf_append(&screen.out, str_of(help));
    } else {
        code = answer(&admin, argc, argv, &screen);
    }
    if (!screen_flush(&screen)) {
        code = EXIT_UNREADABLE;
    }
    arena_destroy(admin.arena);
    return code;
}

#include "gateway/cli/replay_command.h"

#include "gateway/cli/operator_command.h"
#include "gateway/replay/replay.h"

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

static enum err
run(struct operator_turn *turn, struct fault *fault)
{
    struct admin        *admin = &turn->admin;
    struct replay_target target = {0};
    struct replay        replay = {0};

    if (admin->options.argument.data == NULL) {
        return FAIL(fault, ERR_USAGE, "podaj numer UPO albo złożenia; zobacz: brama replay --help");
    }
    TRY(operator_command_snapshot(turn, fault));
    TRY(replay_target_find(admin->store, admin->arena, admin->options.argument, &target, fault));
    TRY(replay_run(admin->store, admin->arena, &target, STR("brama " BRAMA_VERSION), &replay,
                   fault));
    write_outcome(turn->screen, &target, &replay);
    turn->code = replay.state == REPLAY_SAME ? EXIT_ACCEPTED : EXIT_NOT_ACCEPTED;
    return ERR_OK;
}

int
replay_command(int argc, char **argv)
{
    static const struct operator_command command = {
        .help = help, .words = 1, .argument = true, .run = run};

    return operator_command_run(&command, argc, argv);
}

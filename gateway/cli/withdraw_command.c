#include "gateway/cli/withdraw_command.h"

#include "gateway/cli/member.h"
#include "gateway/cli/remote_command.h"
#include "gateway/cli/submission_remote.h"
#include "gateway/cli/submission_text.h"

#include <inttypes.h>

static const char help[] =
    "Użycie: brama withdraw ZŁOŻENIE [opcje]\n"
    "\n"
    "Wycofuje złożenie, z którego nic nie zostało przyjęte: czeka na sprawdzenie, na podpis\n"
    "albo na rozstrzygnięcie. Przyjętego nie można wycofać: zastępuje je korekta z wyższą\n"
    "Wersją. Wycofać może tylko ten, kto złożył. Wycofanie zostaje w dzienniku bramy; ten sam\n"
    "plik można potem złożyć jeszcze raz, z nową datą wpływu. Polecenie można powtórzyć.\n"
    "\n"
    "Opcje:\n"
    "  --json             odpowiedź bramy jako dokument JSON\n";

static enum exit_code
withdraw(const struct remote *remote, struct screen *screen)
{
    const char            *id = remote->options->words[0];
    struct transfer_answer answer = {0};
    json_t                *withdrawn = NULL;

    if (!submission_remote_is_id(id)) {
        return EXIT_USAGE;
    }
    struct client_request request = {
        .path = str_format(remote->arena, "/api/v1/submissions/%s/withdrawal", id).data,
        .accept = "application/json",
        .change = CLIENT_POST_NOTHING};
    if (request.path == NULL) {
        remote_complain("brak pamięci", (struct str){0});
        return EXIT_NOT_ACCEPTED;
    }
    enum exit_code code = remote_ask(remote, &request, &answer, &withdrawn);
    if (code != EXIT_ACCEPTED) {
        return code;
    }
    if (remote->options->json) {
        remote_write_json(screen, withdrawn);
        return EXIT_ACCEPTED;
    }
    screen_format(screen, "Wycofane: złożenie ");
    screen_text(screen, member_text(withdrawn, "id"));
    submission_text_write_time(screen, ", ", member_text(withdrawn, "withdrawn_at"));
    screen_format(screen, "; wpis %" PRId64 " dziennika\n", member_number(withdrawn, "log_index"));
    return EXIT_ACCEPTED;
}

int
withdraw_command(int argc, char **argv)
{
    static const struct remote_command command = {
        .name = "withdraw",
        .help = help,
        .group = REMOTE_WITHDRAW,
        .identity = REMOTE_SENDER,
        .words_min = 1,
        .words_max = 1,
        .words_fault = "podaj jeden numer złożenia",
        .run = withdraw,
    };

    return remote_command_run(&command, argc, argv);
}

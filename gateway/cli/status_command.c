#include "gateway/cli/status_command.h"

#include "gateway/cli/member.h"
#include "gateway/cli/progress.h"
#include "gateway/cli/remote_command.h"
#include "gateway/cli/set_remote.h"
#include "gateway/cli/submission_remote.h"
#include "gateway/cli/submission_text.h"

#include <inttypes.h>

static const char help[] =
    "Użycie: brama status [ZŁOŻENIE] [opcje]\n"
    "\n"
    "Podaje stan złożenia: wynik każdego sprawozdania, uwagi i numery UPO. Bez numeru "
    "złożenia\n"
    "podaje stan samej bramy.\n"
    "\n"
    "Opcje:\n"
    "  --wait[=SEKUNDY]   czekaj na rozstrzygnięcie; domyślnie najwyżej 300 s\n"
    "  --json             odpowiedź bramy jako dokument JSON\n";

static void
write_gateway(struct screen *screen, const json_t *status)
{
    screen_text(screen, member_text(status, "state_text"));
    screen_format(screen, "\n  środowisko ");
    screen_text(screen, member_text(status, "environment"));
    screen_format(screen, ", wersja ");
    screen_text(screen, member_text(status, "version"));
    screen_format(screen, ", w kolejce: %" PRId64 "\n", member_number(status, "backlog"));
}

static enum exit_code
ask_gateway(const struct remote *remote, struct screen *screen)
{
    struct transfer_answer answer = {0};
    json_t                *status = NULL;
    struct client_request  request = {.path = "/api/v1/status", .accept = "application/json"};
    enum exit_code         code = remote_ask(remote, &request, &answer, &status);

    if (code != EXIT_ACCEPTED) {
        return code;
    }
    if (remote->options->json) {
        remote_write_json(screen, status);
    } else {
        write_gateway(screen, status);
    }
    return EXIT_ACCEPTED;
}

static enum exit_code
ask_submission(const struct remote *remote, struct screen *screen)
{
    struct submission_remote submission = {0};
    enum exit_code code = submission_remote_get(remote, remote->options->words[0], &submission);

    if (code == EXIT_ACCEPTED && remote->options->wait) {
        code = submission_remote_wait(&submission, str_of(remote->options->words[0]));
        progress_end();
    }
    if (code == EXIT_ACCEPTED) {
        code = submission_remote_findings(&submission);
    }
    if (code != EXIT_ACCEPTED) {
        return code;
    }
    if (remote->options->json) {
        remote_write_json(screen, submission.submission);
    } else {
        set_remote_enrich(remote, submission.submission);
        submission_text_write(screen, &(struct submission_text){.news = SUBMISSION_TEXT_ASKED,
                                                                .submission = submission.submission,
                                                                .findings = submission.findings});
    }
    return submission_remote_exit_code(submission.submission);
}

static enum exit_code
ask(const struct remote *remote, struct screen *screen)
{
    return remote->options->word_count == 0 ? ask_gateway(remote, screen)
                                            : ask_submission(remote, screen);
}

int
status_command(int argc, char **argv)
{
    static const struct remote_command command = {
        .name = "status",
        .help = help,
        .group = REMOTE_STATUS,
        .identity = REMOTE_ANYBODY,
        .words_min = 0,
        .words_max = 1,
        .words_fault = "podaj najwyżej jeden numer złożenia",
        .run = ask,
    };

    return remote_command_run(&command, argc, argv);
}

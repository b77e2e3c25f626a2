#include "gateway/cli/reason_command.h"

#include "gateway/cli/entry_remote.h"
#include "gateway/cli/member.h"
#include "gateway/cli/remote_command.h"
#include "gateway/cli/submission_remote.h"
#include "gateway/cli/submission_text.h"

#include <inttypes.h>

static const char help[] =
    "Użycie: brama reason [ZŁOŻENIE] [opcje]\n"
    "\n"
    "Podaje przyczynę korekty albo, bez --code, pokazuje tę, którą podano, i wcześniejsze.\n"
    "Brama pyta o nią po przyjęciu korekty i niczego od niej nie uzależnia. Podaną można\n"
    "zastąpić; wcześniejsze zostają. Bez numeru złożenia wypisuje kody do wyboru.\n"
    "\n"
    "Opcje:\n"
    "  --code KOD         przyczyna: jeden z kodów, które wypisuje brama reason\n"
    "  --text TEKST       opis słowami, najwyżej 1000 znaków; konieczny przy kodzie inna\n"
    "  --report LICZBA    które sprawozdanie z pliku; potrzebne, gdy korekt jest w nim kilka\n"
    "  --json             odpowiedź bramy jako dokument JSON\n";

/* The one report of a submission that is a correction; 0 when there is none or are several. */
static int64_t
find_correction(const json_t *submission)
{
    size_t        i = 0;
    const json_t *report = NULL;
    int64_t       found = 0;
    size_t        count = 0;

    json_array_foreach(member_object(submission, "reports"), i, report)
    {
        if (member_object(report, "correction") != NULL) {
            found = member_number(report, "ordinal");
            count++;
        }
    }
    return count == 1 ? found : 0;
}

static bool
has_report(const json_t *submission, int64_t ordinal)
{
    size_t        i = 0;
    const json_t *report = NULL;

    json_array_foreach(member_object(submission, "reports"), i, report)
    {
        if (member_number(report, "ordinal") == ordinal) {
            return true;
        }
    }
    return false;
}

static enum exit_code
choose_report(const struct remote *remote, int64_t *out)
{
    int64_t                  wanted = remote->options->report;
    struct submission_remote submission = {0};
    enum exit_code code = submission_remote_get(remote, remote->options->words[0], &submission);

    if (code != EXIT_ACCEPTED) {
        return code;
    }
    *out = wanted > 0 ? wanted : find_correction(submission.submission);
    if (*out == 0) {
        screen_complain(str_of(remote->options->words[0]),
                        "nie ma w nim jednej korekty: wybierz sprawozdanie przez --report; numery "
                        "stoją przed sprawozdaniami w wyniku brama status");
        return EXIT_USAGE;
    }
    if (!has_report(submission.submission, *out)) {
        struct str words = str_format(remote->arena,
                                      "nie ma w nim sprawozdania %" PRId64 "; numery stoją przed "
                                      "sprawozdaniami w wyniku brama status",
                                      *out);
        screen_complain(str_of(remote->options->words[0]), words.data);
        return EXIT_USAGE;
    }
    return EXIT_ACCEPTED;
}

static void
write_reason(struct screen *screen, const json_t *reason)
{
    struct str title = member_text(reason, "title");
    struct str text = member_text(reason, "text");

    screen_text(screen, title.size > 0 ? title : member_text(reason, "code"));
    if (text.size > 0) {
        screen_format(screen, ": ");
        screen_text(screen, text);
    }
    submission_text_write_time(screen, "; podano ", member_text(reason, "given_at"));
    screen_format(screen, ", ");
    screen_text(screen, member_text(member_object(reason, "given_by"), "name"));
    screen_format(screen, "\n");
}

static void
write_all(struct screen *screen, const json_t *reasons)
{
    const json_t *reason = member_object(reasons, "reason");
    size_t        i = 0;
    const json_t *earlier = NULL;

    if (reason == NULL) {
        screen_format(screen, member_truth(reasons, "wanted")
                                  ? "Przyczyny jeszcze nie podano: brama reason ZŁOŻENIE "
                                    "--code KOD\n"
                                  : "To sprawozdanie nie jest przyjętą korektą.\n");
        return;
    }
    screen_format(screen, "Przyczyna: ");
    write_reason(screen, reason);
    json_array_foreach(member_object(reasons, "history"), i, earlier)
    {
        screen_format(screen, "  wcześniej: ");
        write_reason(screen, earlier);
    }
}

static enum exit_code
give(const struct remote *remote, struct screen *screen, struct str path, struct str etag)
{
    json_t        *kept = NULL;
    enum exit_code code = entry_remote_give(remote, path, etag, &kept);

    if (code == EXIT_ACCEPTED && remote->options->json) {
        remote_write_json(screen, kept);
    } else if (code == EXIT_ACCEPTED) {
        screen_format(screen, "Zapisano przyczynę korekty: ");
        screen_text(screen, member_text(kept, "code"));
        screen_format(screen, ", zapis %" PRId64 "\n", member_number(kept, "revision"));
    }
    return code;
}

static enum exit_code
ask_or_give(const struct remote *remote, struct screen *screen)
{
    struct client_request  request = {0};
    struct transfer_answer answer = {0};
    json_t                *reasons = NULL;
    int64_t                report = 0;
    enum exit_code         code = choose_report(remote, &report);

    if (code != EXIT_ACCEPTED) {
        return code;
    }
    struct str path = str_format(remote->arena, "/api/v1/submissions/%s/reports/%" PRId64 "/reason",
                                 remote->options->words[0], report);
    code = entry_remote_ask(remote, &request, path, &answer, &reasons);
    if (code != EXIT_ACCEPTED) {
        return code;
    }
    if (remote->options->code != NULL) {
        return give(remote, screen, path, answer.etag);
    }
    if (remote->options->json) {
        remote_write_json(screen, reasons);
    } else {
        write_all(screen, reasons);
    }
    return EXIT_ACCEPTED;
}

static enum exit_code
run(const struct remote *remote, struct screen *screen)
{
    const struct remote_options *options = remote->options;

    if (options->text != NULL && options->code == NULL) {
        screen_complain((struct str){0}, "--text opisuje przyczynę; podaj też --code");
        return EXIT_USAGE;
    }
    return options->word_count == 0
               ? entry_remote_tell_codes(remote, screen, STR("/api/v1/correction-reasons"))
               : ask_or_give(remote, screen);
}

int
reason_command(int argc, char **argv)
{
    static const struct remote_command command = {
        .name = "reason",
        .help = help,
        .group = REMOTE_REASON,
        .identity = REMOTE_ANYBODY,
        .words_min = 0,
        .words_max = 1,
        .words_fault = "podaj najwyżej jeden numer złożenia",
        .run = run,
    };

    return remote_command_run(&command, argc, argv);
}

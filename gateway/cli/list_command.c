#include "gateway/cli/list_command.h"

#include "gateway/cli/member.h"
#include "gateway/cli/query.h"
#include "gateway/cli/remote_command.h"
#include "gateway/cli/remote_list.h"
#include "gateway/cli/report_text.h"
#include "gateway/cli/submission_text.h"
#include "gateway/cli/verdict_line.h"

#include <inttypes.h>

static const char help[] =
    "Użycie: brama list [opcje]\n"
    "\n"
    "Wypisuje złożenia, najnowsze najpierw: numer, formularze i okresy, nadawcę, chwilę\n"
    "wpływu, wynik; pod każdym jego sprawozdania z jednostkami i wynikami.\n"
    "\n"
    "Opcje:\n"
    "  --state STAN       received (wpłynęło), checking (sprawdzane), parked (odłożone: zajmie\n"
    "                     się tym operator), decided (rozstrzygnięte) albo withdrawn (wycofane)\n"
    "  --period OKRES     na przykład 2026-Q2, 2026-06; 2026 to wszystkie okresy roku\n"
    "  --limit LICZBA     najwyżej tyle złożeń, do 10000; domyślnie 50\n"
    "  --json             jeden dokument JSON\n";

static enum exit_code
make_address(const struct remote *remote, int64_t limit, struct str cursor, struct buf *out)
{
    buf_format(out, "/api/v1/submissions?limit=%" PRId64, limit);
    query_write(out, "state", str_of(remote->options->state));
    query_write(out, "period", str_of(remote->options->period));
    query_write(out, "cursor", cursor);
    buf_byte(out, '\0');
    if (!buf_ok(out)) {
        remote_complain("adres zapytania jest za długi; skróć --state albo --period",
                        (struct str){0});
        return EXIT_USAGE;
    }
    return EXIT_ACCEPTED;
}

/* "  Rb-27S 2026-Q2, SZKOŁA NR 1": what was filed and by whom. */
static void
write_contents(struct screen *screen, const json_t *submission)
{
    const struct str pieces[] = {member_text(submission, "contents"),
                                 member_text(member_object(submission, "sender"), "name")};
    const char      *separator = "  ";

    for (size_t i = 0; i < ARRAY_COUNT(pieces); i++) {
        if (pieces[i].size > 0) {
            screen_format(screen, "%s", separator);
            screen_text(screen, pieces[i]);
            separator = ", ";
        }
    }
}

/* "Rb-27S  2026-Q2  SZKOŁA NR 1, REGON 990001010  przyjęte przez bramę" of each report. */
static void
write_reports(struct screen *screen, const json_t *submission)
{
    size_t        i = 0;
    const json_t *report = NULL;
    const json_t *reports = member_object(submission, "reports");
    int64_t       count = json_integer_value(json_object_get(submission, "report_count"));

    json_array_foreach(reports, i, report)
    {
        const json_t *unit = member_object(report, "unit");

        screen_format(screen, "      ");
        screen_text(screen, member_text(report, "form"));
        screen_format(screen, "  ");
        screen_text(screen, member_text(report, "period"));
        screen_format(screen, "  ");
        screen_text(screen, member_text(unit, "name"));
        screen_format(screen, ", REGON ");
        screen_text(screen, member_text(unit, "regon"));
        screen_format(screen, "  ");
        verdict_line_write_words(screen, submission, report);
        report_text_write_force(screen, report);
        screen_format(screen, "\n");
    }
    if (count > (int64_t)i) {
        screen_format(screen, "      … i jeszcze %lld; wszystkie pokaże brama status\n",
                      (long long)(count - (int64_t)i));
    }
}

static void
write_submission(struct screen *screen, const json_t *submission)
{
    screen_text(screen, member_text(submission, "id"));
    write_contents(screen, submission);
    submission_text_write_time(screen, "  ", member_text(submission, "received_at"));
    screen_format(screen, "  ");
    verdict_line_write_words(screen, submission, submission);
    screen_format(screen, "\n");
    write_reports(screen, submission);
}

static enum exit_code
check_wishes(const struct remote_options *options)
{
    static const struct str states = STR_INIT("received checking parked decided withdrawn");
    struct str              state = str_of(options->state);

    if (options->state != NULL && (state.size == 0 || !str_has_word(states, state))) {
        screen_complain(state, "takiego stanu nie ma; --state przyjmuje: received, checking, "
                               "parked, decided, withdrawn");
        return EXIT_USAGE;
    }
    return remote_list_check_period(options);
}

static enum exit_code
list(const struct remote *remote, struct screen *screen)
{
    static const struct remote_list submissions = {
        .address = make_address, .write_item = write_submission, .none = "nie ma takich złożeń"};
    enum exit_code code = check_wishes(remote->options);

    return code == EXIT_ACCEPTED ? remote_list_write(remote, screen, &submissions) : code;
}

int
list_command(int argc, char **argv)
{
    static const struct remote_command command = {
        .name = "list",
        .help = help,
        .group = REMOTE_LIST,
        .identity = REMOTE_SENDER,
        .words_min = 0,
        .words_max = 0,
        .words_fault = "brama list nie przyjmuje niczego poza opcjami",
        .run = list,
    };

    return remote_command_run(&command, argc, argv);
}

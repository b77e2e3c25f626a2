#include "gateway/cli/obligations_command.h"

#include "gateway/cli/member.h"
#include "gateway/cli/query.h"
#include "gateway/cli/remote_command.h"
#include "gateway/cli/remote_list.h"

#include <inttypes.h>

static const char help[] =
    "Użycie: brama obligations [opcje]\n"
    "\n"
    "Wypisuje obowiązki sprawozdawcze, od najbliższego terminu: termin, stan, formularz i okres,\n"
    "jednostkę, a pod każdym jedno zdanie wyjaśnienia z podstawą.\n"
    "\n"
    "Opcje:\n"
    "  --period OKRES     na przykład 2026-Q2, 2026-06\n"
    "  --state STAN       not_due (jeszcze nie czas), due (do złożenia), submitted (czeka na\n"
    "                     wynik), late (po terminie), fulfilled (w terminie), waived (zwolnione)\n"
    "                     albo superseded (przejęte)\n"
    "  --missing          tylko to, czego brakuje po terminie\n"
    "  --limit LICZBA     najwyżej tyle, do 10000; domyślnie 50\n"
    "  --json             jeden dokument JSON\n"
    "  --csv              jedna strona dla arkusza, najwyżej 500 wierszy\n"
    "  --ics              to, co jest jeszcze do złożenia, jako kalendarz\n";

static enum exit_code
make_address(const struct remote *remote, const char *path, int64_t limit, struct str cursor,
             struct buf *out)
{
    const struct remote_options *options = remote->options;

    buf_format(out, "%s?limit=%" PRId64, path, limit);
    query_write(out, "period", str_of(options->period));
    query_write(out, "state", str_of(options->state));
    query_write(out, "only", options->missing ? STR("missing") : STR(""));
    query_write(out, "cursor", cursor);
    buf_byte(out, '\0');
    if (!buf_ok(out)) {
        remote_complain("adres zapytania jest za długi; skróć --period", (struct str){0});
        return EXIT_USAGE;
    }
    return EXIT_ACCEPTED;
}

static enum exit_code
page_address(const struct remote *remote, int64_t limit, struct str cursor, struct buf *out)
{
    return make_address(remote, "/api/v1/obligations", limit, cursor, out);
}

/* As the gateway gives it, for another program. */
static enum exit_code
pass_on(const struct remote *remote, struct screen *screen, const char *path, const char *accept)
{
    struct transfer_answer answer = {0};
    struct buf             address = buf_create(remote->arena, REMOTE_LIST_ADDRESS_MAX);
    enum exit_code         code =
        make_address(remote, path, REMOTE_LIST_PAGE_MAX, (struct str){0}, &address);

    if (code == EXIT_ACCEPTED) {
        code = remote_send(remote, &(struct client_request){.path = address.data, .accept = accept},
                           &answer);
    }
    if (code == EXIT_ACCEPTED) {
        buf_append(&screen->out, answer.body);
    }
    return code;
}

static void
write_item(struct screen *screen, const json_t *item)
{
    struct str internal = member_text(item, "internal_due_on");

    screen_text(screen, member_text(item, "due_on"));
    if (internal.size > 0) {
        screen_format(screen, " (wewnętrzny ");
        screen_text(screen, internal);
        screen_format(screen, ")");
    }
    screen_format(screen, "  ");
    screen_text(screen, member_text(item, "state_text"));
    screen_format(screen, "  ");
    screen_text(screen, member_text(item, "form_title"));
    screen_format(screen, " ");
    screen_text(screen, member_text(item, "level"));
    screen_format(screen, " ");
    screen_text(screen, member_text(item, "period"));
    screen_format(screen, "  ");
    screen_text(screen, member_text(member_object(item, "unit"), "name"));
    screen_format(screen, "\n      ");
    screen_text(screen, member_text(item, "explanation"));
    screen_format(screen, "\n");
}

static enum exit_code
check_wishes(const struct remote_options *options)
{
    static const struct str states =
        STR_INIT("not_due due submitted late fulfilled waived superseded");
    struct str state = str_of(options->state);

    if (options->state != NULL && (state.size == 0 || !str_has_word(states, state))) {
        screen_complain(state, "takiego stanu nie ma; --state przyjmuje: not_due, due, submitted, "
                               "late, fulfilled, waived, superseded");
        return EXIT_USAGE;
    }
    if ((int)options->json + (int)options->csv + (int)options->ics > 1) {
        screen_complain(STR("obligations"), "wybierz jedno: --json, --csv albo --ics");
        return EXIT_USAGE;
    }
    return remote_list_check_period(options);
}

static enum exit_code
obligations(const struct remote *remote, struct screen *screen)
{
    static const struct remote_list list = {
        .address = page_address, .write_item = write_item, .none = "nie ma takich obowiązków"};
    enum exit_code code = check_wishes(remote->options);

    if (code != EXIT_ACCEPTED) {
        return code;
    }
    if (remote->options->csv) {
        return pass_on(remote, screen, "/api/v1/obligations", "text/csv");
    }
    if (remote->options->ics) {
        return pass_on(remote, screen, "/api/v1/obligations.ics", "text/calendar");
    }
    return remote_list_write(remote, screen, &list);
}

int
obligations_command(int argc, char **argv)
{
    static const struct remote_command command = {
        .name = "obligations",
        .help = help,
        .group = REMOTE_OBLIGATIONS,
        .identity = REMOTE_SENDER,
        .words_min = 0,
        .words_max = 0,
        .words_fault = "brama obligations nie przyjmuje niczego poza opcjami",
        .run = obligations,
    };

    return remote_command_run(&command, argc, argv);
}

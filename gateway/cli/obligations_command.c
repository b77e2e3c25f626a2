#include "gateway/cli/obligations_command.h"

#include "gateway/cli/member.h"
#include "gateway/cli/query.h"
#include "gateway/cli/remote_command.h"
#include "validators/identifier/identifier.h"

#include <inttypes.h>

enum { PAGE_MAX = 500, ADDRESS_MAX = 1024 };

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

    buf_format(out, "%s?limit=%" PRId64, path, limit < PAGE_MAX ? limit : PAGE_MAX);
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
fetch(const struct remote *remote, json_t *all)
{
    int64_t        limit = remote->options->limit;
    struct str     cursor = {0};
    enum exit_code code = EXIT_ACCEPTED;

    do {
        struct transfer_answer answer = {0};
        struct buf             path = buf_create(remote->arena, ADDRESS_MAX);
        json_t                *page = NULL;
        int64_t                had = (int64_t)json_array_size(all);

        code = make_address(remote, "/api/v1/obligations", limit - had, cursor, &path);
        if (code == EXIT_ACCEPTED) {
            code = remote_ask(
                remote, &(struct client_request){.path = path.data, .accept = "application/json"},
                &answer, &page);
        }
        if (code != EXIT_ACCEPTED) {
            return code;
        }
        (void)json_array_extend(all, json_object_get(page, "items")); /* -1: there are none */
        /* A page without anything on it ends the list, whatever its cursor says. */
        cursor = (int64_t)json_array_size(all) > had ? member_text(page, "next_cursor")
                                                     : (struct str){0};
    } while (cursor.size > 0 && (int64_t)json_array_size(all) < limit);
    return EXIT_ACCEPTED;
}

/* As the gateway gives it, for another program. */
static enum exit_code
pass_on(const struct remote *remote, struct screen *screen, const char *path, const char *accept)
{
    struct transfer_answer answer = {0};
    struct buf             address = buf_create(remote->arena, ADDRESS_MAX);
    enum exit_code         code = make_address(remote, path, PAGE_MAX, (struct str){0}, &address);

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

static void
write_all(struct screen *screen, const json_t *all)
{
    size_t        i = 0;
    const json_t *item = NULL;

    json_array_foreach(all, i, item)
    {
        write_item(screen, item);
    }
    if (json_array_size(all) == 0) {
        screen_format(screen, "nie ma takich obowiązków\n");
    }
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
    if (options->period != NULL && !identifier_period(str_of(options->period))) {
        screen_complain(str_of(options->period),
                        "to nie jest okres; --period ma postać 2026-Q2, 2026-06 albo 2026");
        return EXIT_USAGE;
    }
    if ((int)options->json + (int)options->csv + (int)options->ics > 1) {
        screen_complain(STR("obligations"), "wybierz jedno: --json, --csv albo --ics");
        return EXIT_USAGE;
    }
    return EXIT_ACCEPTED;
}

static enum exit_code
obligations(const struct remote *remote, struct screen *screen)
{
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
    json_t *all = json_array();
    code = fetch(remote, all);
    if (code == EXIT_ACCEPTED && remote->options->json) {
        json_t *document = json_pack("{s:O}", "items", all);
        remote_write_json(screen, document);
        json_decref(document);
    } else if (code == EXIT_ACCEPTED) {
        write_all(screen, all);
    }
    json_decref(all);
    return code;
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

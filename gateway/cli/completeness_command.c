#include "gateway/cli/completeness_command.h"

#include "gateway/cli/member.h"
#include "gateway/cli/query.h"
#include "gateway/cli/remote_command.h"
#include "validators/identifier/identifier.h"

#include <inttypes.h>

enum { ADDRESS_MAX = 1024 };

static const char help[] =
    "Użycie: brama completeness [opcje]\n"
    "\n"
    "Podaje, ile z tego, co ma być złożone, już jest: oczekiwane, złożone w terminie i po\n"
    "terminie, czekające na wynik, brakujące, jeszcze przed terminem, z zapytaniem.\n"
    "\n"
    "Opcje:\n"
    "  --by PODZIAŁ       form (formularz i poziom, domyślnie), period, wojewodztwo, powiat,\n"
    "                     office (odbiorca) albo jst\n"
    "  --period OKRES     na przykład 2026-Q2, 2026-06\n"
    "  --json             jeden dokument JSON\n"
    "  --csv              dla arkusza\n";

static const struct {
    const char *key;
    const char *title;
} columns[] = {
    {"expected",   "oczekiwane"    },
    {"in_time",    "w terminie"    },
    {"late",       "po terminie"   },
    {"submitted",  "czeka na wynik"},
    {"missing",    "brak"          },
    {"awaited",    "przed terminem"},
    {"questioned", "z zapytaniem"  },
};

static void
write_row(struct screen *screen, struct str title, const json_t *counts)
{
    screen_text(screen, title);
    screen_format(screen, "\n     ");
    for (size_t i = 0; i < ARRAY_COUNT(columns); i++) {
        screen_format(screen, "%s %s: %" PRId64, i == 0 ? "" : ",", columns[i].title,
                      member_number(counts, columns[i].key));
    }
    screen_format(screen, "\n");
}

static void
write_table(struct screen *screen, const json_t *table)
{
    size_t        i = 0;
    const json_t *item = NULL;

    json_array_foreach(member_object(table, "items"), i, item)
    {
        write_row(screen, member_text(item, "title"), item);
    }
    write_row(screen, STR("razem"), member_object(table, "total"));
}

static enum exit_code
check_wishes(const struct remote_options *options)
{
    static const struct str words = STR_INIT("form period wojewodztwo powiat office jst");
    struct str              by = str_of(options->by);

    if (options->by != NULL && (by.size == 0 || !str_has_word(words, by))) {
        screen_complain(by, "takiego podziału nie ma; --by przyjmuje: form, period, wojewodztwo, "
                            "powiat, office, jst");
        return EXIT_USAGE;
    }
    if (options->period != NULL && !identifier_period(str_of(options->period))) {
        screen_complain(str_of(options->period),
                        "to nie jest okres; --period ma postać 2026-Q2, 2026-06 albo 2026");
        return EXIT_USAGE;
    }
    if (options->json && options->csv) {
        screen_complain(STR("completeness"), "wybierz jedno: --json albo --csv");
        return EXIT_USAGE;
    }
    return EXIT_ACCEPTED;
}

static enum exit_code
print_answer(const struct remote *remote, struct screen *screen, const char *path)
{
    struct transfer_answer answer = {0};
    json_t                *table = NULL;
    struct client_request  request = {.path = path, .accept = "application/json"};
    enum exit_code         code = EXIT_ACCEPTED;

    if (remote->options->csv) {
        request.accept = "text/csv";
        code = remote_send(remote, &request, &answer);
        if (code == EXIT_ACCEPTED) {
            buf_append(&screen->out, answer.body);
        }
        return code;
    }
    code = remote_ask(remote, &request, &answer, &table);
    if (code == EXIT_ACCEPTED && remote->options->json) {
        remote_write_json(screen, table);
    } else if (code == EXIT_ACCEPTED) {
        write_table(screen, table);
    }
    return code;
}

static enum exit_code
completeness(const struct remote *remote, struct screen *screen)
{
    const struct remote_options *options = remote->options;
    struct buf                   path = buf_create(remote->arena, ADDRESS_MAX);
    enum exit_code               code = check_wishes(options);

    if (code != EXIT_ACCEPTED) {
        return code;
    }
    buf_format(&path, "/api/v1/completeness?by=%s", options->by == NULL ? "form" : options->by);
    query_write(&path, "period", str_of(options->period));
    buf_byte(&path, '\0');
    return print_answer(remote, screen, path.data);
}

int
completeness_command(int argc, char **argv)
{
    static const struct remote_command command = {
        .name = "completeness",
        .help = help,
        .group = REMOTE_COMPLETENESS,
        .identity = REMOTE_SENDER,
        .words_min = 0,
        .words_max = 0,
        .words_fault = "brama completeness nie przyjmuje niczego poza opcjami",
        .run = completeness,
    };

    return remote_command_run(&command, argc, argv);
}

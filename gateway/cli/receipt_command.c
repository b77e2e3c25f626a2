#include "gateway/cli/receipt_command.h"

#include "gateway/cli/output.h"
#include "gateway/cli/remote_command.h"
#include "gateway/cli/submission_remote.h"
#include "validators/identifier/identifier.h"

#include <inttypes.h>

enum { ADDRESS_MAX = 256 };

static const char help[] =
    "Użycie: brama receipt ZŁOŻENIE [opcje]\n"
    "\n"
    "Pobiera UPO złożenia, bajt w bajt takie, jak je podpisano. Sprawdza je: brama verify.\n"
    "\n"
    "Opcje:\n"
    "  -o, --output PLIK  zapisz do pliku; domyślnie na wyjście\n"
    "  --html             do czytania i wydruku zamiast podpisanego XML\n"
    "  --n LICZBA         UPO starszego rozstrzygnięcia; domyślnie najnowszego\n"
    "  --unit REGON       UPO jednej jednostki z pliku; domyślnie UPO całego pliku, a gdy plik\n"
    "                     dotyczy jednej jednostki albo tylko jedną z niego widzisz, UPO tej\n"
    "                     jednostki\n";

static enum exit_code
write_address(const struct remote_options *options, struct buf *out)
{
    struct str unit = str_of(options->unit);

    if (!submission_remote_is_id(options->words[0])) {
        return EXIT_USAGE;
    }
    if (options->unit != NULL && identifier_regon(unit) != IDENTIFIER_OK) {
        screen_complain(unit, "to nie jest REGON: ma 9 albo 14 cyfr i zgodną cyfrę kontrolną");
        return EXIT_USAGE;
    }
    buf_format(out, "/api/v1/submissions/%s/receipt?format=%s", options->words[0],
               options->html ? "html" : "xml");
    if (options->n > 0) {
        buf_format(out, "&n=%" PRId64, options->n);
    }
    if (unit.size > 0) {
        buf_format(out, "&unit=%s", unit.data);
    }
    buf_byte(out, '\0');
    ENSURE(buf_ok(out));
    return EXIT_ACCEPTED;
}

static enum exit_code
fetch(const struct remote *remote, struct screen *screen)
{
    const struct remote_options *options = remote->options;
    struct buf                   path = buf_create(remote->arena, ADDRESS_MAX);
    struct transfer_answer       answer = {0};
    struct fault                 fault = {0};
    enum exit_code               code = write_address(options, &path);

    if (code != EXIT_ACCEPTED) {
        return code;
    }
    code = remote_send(
        remote,
        &(struct client_request){.path = path.data,
                                 .accept = options->html ? "text/html" : "application/xml"},
        &answer);
    if (code == EXIT_REFUSED && (options->n > 0 || options->unit != NULL)) {
        screen_complain((struct str){0},
                        str_format(remote->arena,
                                   "bez --n i --unit pobierzesz najnowsze UPO tego pliku; jakie "
                                   "UPO są, pokaże brama status %s",
                                   options->words[0])
                            .data);
    }
    if (code != EXIT_ACCEPTED) {
        return code;
    }
    if (options->output == NULL) {
        buf_append(&screen->out, answer.body);
        return EXIT_ACCEPTED;
    }
    if (output_write(remote->arena, options->output, answer.body, &fault) != ERR_OK) {
        screen_complain(str_of(options->output), fault.text);
        return EXIT_UNREADABLE;
    }
    return EXIT_ACCEPTED;
}

int
receipt_command(int argc, char **argv)
{
    static const struct remote_command command = {
        .name = "receipt",
        .help = help,
        .group = REMOTE_RECEIPT,
        .identity = REMOTE_SENDER,
        .words_min = 1,
        .words_max = 1,
        .words_fault = "podaj jeden numer złożenia",
        .run = fetch,
    };

    return remote_command_run(&command, argc, argv);
}

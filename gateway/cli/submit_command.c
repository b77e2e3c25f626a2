#include "gateway/cli/submit_command.h"

#include "gateway/cli/filing.h"
#include "gateway/cli/remote_command.h"

#include <string.h>

static const char help[] =
    "Użycie: brama submit PLIK... [opcje]\n"
    "\n"
    "Składa pliki eksportu (BeSTi@, paczka sprawozdań XML) w bramie i podaje wynik każdego\n"
    "sprawozdania z numerem UPO. To samo polecenie można powtórzyć: ten sam plik tego samego\n"
    "nadawcy nie zostanie złożony drugi raz, wróci jego pierwszy wynik i UPO (po zwrocie do\n"
    "poprawy jest to nowa próba). „-” oznacza wejście standardowe.\n"
    "\n"
    "Opcje:\n"
    "  --wait[=SEKUNDY]   czekaj na rozstrzygnięcie; domyślnie najwyżej 300 s\n"
    "  --receipts KATALOG zapisz każde UPO jako KATALOG/NUMER.xml\n"
    "  --key KLUCZ|auto   klucz idempotencji; auto (domyślnie) to skrót treści pliku; własny\n"
    "                     klucz tylko przy jednym pliku\n"
    "  --strict           odmów, gdy zestaw byłby niespójny; brama nie ocenia jeszcze zestawów,\n"
    "                     więc na razie odmawia każdemu plikowi wysłanemu z tą opcją\n"
    "  --dry-run          tylko sprawdź w bramie, niczego nie składaj\n"
    "  --json             wynik jako jeden dokument JSON\n"
    "\n"
    "Kod wyjścia 7: przy --receipts serwer przysłał inne UPO, niż zapowiedział; nie zapisano go.\n";

static enum exit_code
check_key(const struct remote_options *options)
{
    if (options->key == NULL || strcmp(options->key, "auto") == 0) {
        return EXIT_ACCEPTED;
    }
    if (options->word_count > 1) {
        screen_complain((struct str){0}, "--key jest jeden, a plików kilka; użyj --key auto");
        return EXIT_USAGE;
    }
    if (!client_key_valid(str_of(options->key))) {
        screen_complain((struct str){0},
                        "--key: klucz ma mieć od 1 do 255 drukowalnych znaków ASCII, bez odstępów");
        return EXIT_USAGE;
    }
    return EXIT_ACCEPTED;
}

/* What stands in the way of one file does not always stand in the way of the next. */
static bool
goes_on_after(enum exit_code code)
{
    return code != EXIT_DENIED && code != EXIT_UNAVAILABLE;
}

/* A failure of ours or of the way there says more than a verdict. */
static enum exit_code
worse(enum exit_code a, enum exit_code b)
{
    if (a == EXIT_ACCEPTED || (a == EXIT_NOT_ACCEPTED && b != EXIT_ACCEPTED)) {
        return b;
    }
    return a;
}

static enum exit_code
submit(const struct remote *remote, struct screen *screen)
{
    const struct remote_options *options = remote->options;
    enum exit_code               worst = check_key(options);
    json_t                      *files = NULL;

    if (worst != EXIT_ACCEPTED) {
        return worst;
    }
    files = json_array();
    for (size_t i = 0; i < options->word_count; i++) {
        enum exit_code code = filing_make(remote, screen, options->words[i], files);
        worst = worse(worst, code);
        if (!goes_on_after(code)) {
            for (size_t rest = i + 1; rest < options->word_count; rest++) {
                screen_complain(str_of(options->words[rest]), "nie wysłano");
            }
            break;
        }
    }
    if (options->json) {
        filing_write_json(screen, files);
    }
    json_decref(files);
    return worst;
}

int
submit_command(int argc, char **argv)
{
    static const struct remote_command command = {
        .name = "submit",
        .help = help,
        .group = REMOTE_SUBMIT,
        .identity = REMOTE_SENDER,
        .words_min = 1,
        .words_max = SIZE_MAX,
        .words_fault = "nie podano żadnego pliku",
        .run = submit,
    };

    return remote_command_run(&command, argc, argv);
}

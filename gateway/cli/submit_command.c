#include "gateway/cli/submit_command.h"

#include "gateway/cli/filing.h"
#include "gateway/cli/input.h"
#include "gateway/cli/output.h"
#include "gateway/cli/remote_command.h"

#include <string.h>

static const char help[] =
    "Użycie: brama submit PLIK... [opcje]\n"
    "\n"
    "Składa pliki eksportu (BeSTi@, paczka sprawozdań XML) w bramie i podaje wynik każdego\n"
    "sprawozdania z numerem UPO. To samo polecenie można powtórzyć: ten sam plik tego samego\n"
    "nadawcy nie zostanie złożony drugi raz, wróci jego pierwszy wynik i UPO, także gdy zwrócono\n"
    "go do poprawy; niezmieniony plik można wtedy złożyć jako nową próbę z innym kluczem (--key).\n"
    "Plik, którego złożenie wycofano (brama withdraw), zostanie złożony od nowa.\n"
    "„-” oznacza wejście standardowe. Pliki i katalog na UPO są sprawdzane, zanim cokolwiek\n"
    "zostanie wysłane.\n"
    "\n"
    "Opcje:\n"
    "  --wait[=SEKUNDY]   czekaj na rozstrzygnięcie; domyślnie najwyżej 300 s\n"
    "  --receipts KATALOG zapisz każde UPO jako KATALOG/NUMER.xml; katalog powstanie, gdy go nie "
    "ma\n"
    "  --key KLUCZ|auto   klucz idempotencji; auto (domyślnie) to skrót treści pliku; własny\n"
    "                     klucz tylko przy jednym pliku\n"
    "  --strict           nie przyjmuj pliku, po którym zestaw byłby niezgodny; nic z niego nie\n"
    "                     wejdzie wtedy w życie, a złożenie będzie wycofane, z powodem\n"
    "  --objection KOD    złóż z zastrzeżeniem do reguły, która zwraca sprawozdanie, choć jest\n"
    "                     błędna; kilka kodów rozdziel przecinkami; wymaga --reason\n"
    "  --reason TEKST     powód zastrzeżenia, najwyżej 500 znaków; stanie na UPO\n"
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

/* "--wait 5" reads as a file called 5. */
static bool
is_lost_value(const struct remote_options *options, const char *word)
{
    return options->wait && options->wait_value == NULL && str_all_digits(str_of(word));
}

/* Whether all files can be read: told of each of them before the first one is sent. */
static enum exit_code
check_files(const struct remote_options *options)
{
    enum exit_code code = EXIT_ACCEPTED;

    for (size_t i = 0; i < options->word_count; i++) {
        struct fault fault = {0};
        if (input_look(options->words[i], &fault) != ERR_OK) {
            screen_complain(str_of(options->words[i]), fault.text);
            if (is_lost_value(options, options->words[i])) {
                screen_complain((struct str){0}, "liczbę sekund podaje się po znaku równości: "
                                                 "--wait=60");
            }
            code = EXIT_UNREADABLE;
        }
    }
    if (code != EXIT_ACCEPTED) {
        screen_complain((struct str){0}, "nie wysłano niczego");
    }
    return code;
}

/* What a check alone has nothing to do with, and whether receipts have a place to go to. */
static enum exit_code
check_wishes(const struct remote_options *options)
{
    struct fault fault = {0};

    if (options->dry_run && (options->receipts != NULL || options->strict)) {
        screen_complain((struct str){0},
                        options->strict ? "--dry-run niczego nie składa, więc --strict nie ma "
                                          "czego odmówić; podaj jedno z nich"
                                        : "--dry-run niczego nie składa, więc nie będzie UPO do "
                                          "zapisania; podaj --dry-run albo --receipts");
        return EXIT_USAGE;
    }
    if ((options->objection != NULL) != (options->why != NULL)) {
        screen_complain((struct str){0},
                        "zastrzeżenie wymaga obu: --objection KOD i --reason TEKST");
        return EXIT_USAGE;
    }
    if (options->dry_run && options->objection != NULL) {
        screen_complain((struct str){0}, "--dry-run niczego nie składa, więc nie ma zastrzeżenia; "
                                         "podaj --dry-run albo --objection");
        return EXIT_USAGE;
    }
    if (options->receipts != NULL && output_folder(options->receipts, &fault) != ERR_OK) {
        screen_complain(str_of(options->receipts), fault.text);
        screen_complain((struct str){0}, "nie wysłano niczego: nie byłoby gdzie zapisać UPO");
        return EXIT_UNREADABLE;
    }
    return EXIT_ACCEPTED;
}

/* Everything that can be known to be wrong before anything is sent. */
static enum exit_code
check_call(const struct remote_options *options)
{
    enum exit_code code = check_key(options);

    if (code == EXIT_ACCEPTED) {
        code = check_files(options);
    }
    return code == EXIT_ACCEPTED ? check_wishes(options) : code;
}

/* What stands in the way of one file does not always stand in the way of the next: whoever may not
 * read what became of a file could file it. */
static bool
goes_on_after(enum exit_code code, const json_t *told)
{
    bool was_filed = json_is_object(json_object_get(told, "submission"));

    return code != EXIT_UNAVAILABLE && (code != EXIT_DENIED || was_filed);
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
    enum exit_code               worst = check_call(options);
    json_t                      *files = NULL;

    if (worst != EXIT_ACCEPTED) {
        return worst;
    }
    files = json_array();
    for (size_t i = 0; i < options->word_count; i++) {
        enum exit_code code = filing_make(remote, screen, options->words[i], files);
        worst = worse(worst, code);
        if (!goes_on_after(code, json_array_get(files, i))) {
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

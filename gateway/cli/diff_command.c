#include "gateway/cli/diff_command.h"

#include "gateway/cli/diff_files.h"
#include "gateway/cli/diff_text.h"
#include "gateway/cli/remote.h"
#include "gateway/ticks/ticks.h"
#include "validators/base/uuid.h"
#include "validators/identifier/receipt_number.h"

#define MEMORY_MAX ((size_t)2 * 1024 * 1024 * 1024)
#define JSON_SIZE_MAX ((size_t)256 * 1024 * 1024)

static const char help[] =
    "Użycie: brama diff WCZEŚNIEJSZE PÓŹNIEJSZE [opcje]\n"
    "\n"
    "Podaje, co się zmieniło między dwiema wersjami sprawozdania: pozycje zmienione, dodane\n"
    "i usunięte, a w każdej kwoty przed i po. Porównuje dwa pliki, bez łączenia się z bramą,\n"
    "albo dwa złożenia w bramie, podane numerem złożenia lub numerem UPO (UPO jednostki\n"
    "porównuje tylko jej sprawozdania). Pozycje łączy klucz formularza: dział, rozdział,\n"
    "paragraf; ich kolejność w pliku nic nie znaczy. Brak kwoty to 0.\n"
    "\n"
    "Opcje:\n"
    "  --json             wynik jako jeden dokument JSON\n"
    "  --csv              wynik jako CSV; tylko dla złożeń w bramie\n"
    "\n"
    "Kod wyjścia 1: nie ma czego porównać.\n"
    "\n"
    "Przykłady:\n"
    "  brama diff wydatki-2026-q2.xml korekta-wydatki-2026-q2.xml\n"
    "  brama diff 990001033-20260710-000000000003-4C 990001033-20260725-000000000009-1F\n"
    "\n";

/* Whether a word names something at a gateway, also with a slip of the pen. */
static bool
is_name(const char *word)
{
    struct receipt_number number;
    struct uuid           id;
    enum identifier_fault wrong = receipt_number_parse(str_of(word), &number);

    return uuid_parse(str_of(word), &id) || wrong == IDENTIFIER_OK
           || wrong == IDENTIFIER_CHECK_DIGIT || wrong == IDENTIFIER_BASE;
}

static enum exit_code
tell(struct screen *screen, const struct remote_options *options, const json_t *difference)
{
    if (options->json) {
        remote_write_json(screen, difference);
    } else {
        diff_text_write(screen, difference);
    }
    return diff_text_has_compared(difference) ? EXIT_ACCEPTED : EXIT_NOT_ACCEPTED;
}

static enum exit_code
compare_files(struct arena *arena, struct screen *screen, const struct remote_options *options)
{
    const struct validate_options how = {.environment = ENVIRONMENT_TEST,
                                         .files = options->words,
                                         .file_count = options->word_count};
    struct judgement              judgement = {0};
    struct buf                    text = buf_create(arena, JSON_SIZE_MAX);
    struct fault                  fault = {0};
    enum err                      got =
        judgement_make(arena, &how, ticks_wall() / INSTANT_PER_SECOND, &judgement, &fault);

    if (got == ERR_OK && judgement.unreadable_count > 0) {
        return EXIT_UNREADABLE; /* told already */
    }
    if (got == ERR_OK) {
        got = diff_files_write(arena, &judgement, &text, &fault);
    }
    if (got != ERR_OK) {
        screen_complain((struct str){0}, fault.text);
        return EXIT_NOT_ACCEPTED;
    }
    json_t        *difference = json_loadb(buf_str(&text).data, buf_str(&text).size, 0, NULL);
    enum exit_code code = tell(screen, options, difference);
    json_decref(difference);
    return code;
}

static enum exit_code
compare_at_gateway(struct arena *arena, struct screen *screen, const struct remote_options *options)
{
    struct remote          remote = {0};
    struct transfer_answer answer = {0};
    json_t                *difference = NULL;
    struct client_request  request = {.accept = options->csv ? "text/csv" : "application/json"};
    enum exit_code         code = remote_open(arena, options, REMOTE_SENDER, &remote);

    if (code != EXIT_ACCEPTED) {
        return code;
    }
    request.path = str_format(arena, "/api/v1/submissions/%s/diff?against=%s&format=%s",
                              options->words[1], options->words[0], options->csv ? "csv" : "json")
                       .data;
    if (request.path == NULL) {
        screen_complain((struct str){0}, "brak pamięci");
        return EXIT_NOT_ACCEPTED;
    }
    if (options->csv) {
        code = remote_send(&remote, &request, &answer);
        buf_append(&screen->out, code == EXIT_ACCEPTED ? answer.body : (struct str){0});
        return code;
    }
    code = remote_ask(&remote, &request, &answer, &difference);
    return code == EXIT_ACCEPTED ? tell(screen, options, difference) : code;
}

static const char *
find_fault(const struct remote_options *options)
{
    if (options->word_count != 2) {
        return "podaj dwa pliki albo dwa numery: najpierw wcześniejszą wersję, potem późniejszą";
    }
    if (is_name(options->words[0]) != is_name(options->words[1])) {
        return "jedno to plik, a drugie numer; podaj dwa pliki albo dwa numery";
    }
    if (options->csv && options->json) {
        return "--json i --csv wykluczają się";
    }
    if (options->csv && !is_name(options->words[0])) {
        return "--csv jest tylko dla złożeń w bramie; pliki porównuje --json";
    }
    return NULL;
}

static enum exit_code
run(struct arena *arena, const struct remote_options *options)
{
    struct screen screen =
        screen_create(arena, options->no_colour ? SCREEN_COLOUR_NEVER : SCREEN_COLOUR_AS_FITS);
    const char *wrong = find_fault(options);

    if (options->help) {
        buf_append(&screen.out, str_of(help));
        buf_append(&screen.out, str_of(remote_options_help));
        return screen_flush(&screen) ? EXIT_ACCEPTED : EXIT_UNREADABLE;
    }
    if (wrong != NULL) {
        screen_complain((struct str){0}, wrong);
        return EXIT_USAGE;
    }
    enum exit_code code = is_name(options->words[0]) ? compare_at_gateway(arena, &screen, options)
                                                     : compare_files(arena, &screen, options);
    return screen_flush(&screen) ? code : EXIT_UNREADABLE;
}

int
diff_command(int argc, char **argv)
{
    struct arena         *arena = arena_create(MEMORY_MAX);
    struct remote_options options = {0};
    struct fault          fault = {0};
    int                   code = EXIT_USAGE;

    if (remote_options_read(arena, REMOTE_DIFF, argc, argv, &options, &fault) == ERR_OK) {
        code = (int)run(arena, &options);
    } else {
        screen_complain((struct str){0}, fault.text);
        (void)fputs("brama: zobacz: brama diff --help\n", stderr); /* only a hint */
    }
    arena_destroy(arena);
    return code;
}

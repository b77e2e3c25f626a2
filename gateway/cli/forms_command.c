#include "gateway/cli/forms_command.h"

#include "gateway/cli/local_command.h"
#include "gateway/definitions/definitions.h"
#include "gateway/ticks/ticks.h"
#include "validators/rules/example.h"

#include <string.h>

static const char help[] =
    "Użycie: brama forms list [--rules KATALOG]\n"
    "        brama forms example KOD [--rules KATALOG]\n"
    "\n"
    "list wypisuje formularze: kod, wersję, okresy obowiązywania i nazwę.\n"
    "example wypisuje syntetyczną paczkę z jednym sprawozdaniem formularza, złożoną z przypadków,\n"
    "które stoją obok jego reguł. Spełnia schemat i reguły, nie ma podpisów i nie zawiera\n"
    "niczyich danych. KOD to kod formularza z listy, na przykład RB27S; z kilku wersji brana jest\n"
    "najnowsza.\n"
    "\n"
    "Przykład:\n"
    "  brama forms example RBNDS > przyklad.xml\n"
    "\n"
    "Kody wyjścia: 0 wypisano, 1 żaden przypadek nie nadaje się na przykład, 2 wywołanie jest\n"
    "błędne albo nie ma takiego formularza, 3 katalogu z definicjami nie da się odczytać.\n";

static const char wrong[] = "zobacz: brama forms --help";

static void
write_list(struct screen *screen, const struct catalogue *catalogue)
{
    for (size_t i = 0; i < catalogue->form_count; i++) {
        const struct form *form = &catalogue->forms[i];
        screen_text(screen, form->code);
        screen_format(screen, "  ");
        screen_text(screen, form->version);
        screen_format(screen, "  %s  ", form->model ? "model" : "urzędowy");
        screen_text(screen, form->title);
        screen_format(screen, ": ");
        screen_text(screen, form->name);
        screen_format(screen, "\n");
    }
}

/* The version of a form that holds for the latest periods; -1: there is none. */
static int32_t
find_form(const struct catalogue *catalogue, const char *code)
{
    int32_t found = -1;

    for (size_t i = 0; i < catalogue->form_count; i++) {
        bool named = str_equal(catalogue->forms[i].code, str_of(code));
        bool later =
            found < 0 || date_compare(catalogue->forms[i].from, catalogue->forms[found].from) > 0;
        found = named && later ? (int32_t)i : found;
    }
    return found;
}

static int
write_example(const struct local *local, const struct definitions *definitions,
              struct screen *screen)
{
    const char             *code = local->words[1];
    struct example_question of = {.catalogue = definitions->catalogue,
                                  .rules = definitions->rules,
                                  .form = find_form(definitions->catalogue, code),
                                  .today = moment_warsaw_date(ticks_wall() / INSTANT_PER_SECOND)};
    struct fault            fault = {0};
    bool                    found = false;

    if (of.form < 0) {
        screen_complain(str_of(code), "nie ma takiego formularza; zobacz: brama forms list");
        return EXIT_USAGE;
    }
    if (example_write(local->arena, &of, &screen->out, &found, &fault) != ERR_OK) {
        screen_complain(str_of(code), fault.text);
        return EXIT_USAGE;
    }
    if (!found) {
        screen_complain(str_of(code), "żaden przypadek obok reguł nie spełnia ich wszystkich; "
                                      "dopisz taki do tests/");
        return EXIT_NOT_ACCEPTED;
    }
    return EXIT_ACCEPTED;
}

static int
run(const struct local *local, struct screen *screen)
{
    bool               example = strcmp(local->words[0], "example") == 0;
    struct definitions definitions = {0};
    struct fault       fault = {0};

    if ((!example && strcmp(local->words[0], "list") != 0) || (local->word_count == 2) != example) {
        screen_complain((struct str){0}, wrong);
        return EXIT_USAGE;
    }
    if (definitions_load(local->arena, local->rules, &definitions, &fault) != ERR_OK) {
        return local_command_refuse(local, &fault, EXIT_USAGE);
    }
    if (example) {
        return write_example(local, &definitions, screen);
    }
    write_list(screen, definitions.catalogue);
    return EXIT_ACCEPTED;
}

int
forms_command(int argc, char **argv)
{
    static const struct local_command command = {
        .help = help,
        .wrong = wrong,
        .words_min = 1,
        .words_max = 2,
        .colouring = SCREEN_COLOUR_NEVER,
        .run = run,
    };

    return local_command_run(&command, argc, argv);
}

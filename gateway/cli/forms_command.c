#include "gateway/cli/forms_command.h"

#include "gateway/cli/exit_code.h"
#include "gateway/cli/screen.h"
#include "gateway/definitions/definitions.h"
#include "validators/rules/example.h"

#include <string.h>

#define MEMORY_MAX ((size_t)1024 * 1024 * 1024)

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

struct question {
    const char *action; /* "list", "example" */
    const char *code;
    const char *rules;
    bool        help;
    bool        wrong;
};

static struct question
question_read(int argc, char **argv)
{
    struct question question = {0};

    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0) {
            question.help = true;
        } else if (strcmp(argv[i], "--rules") == 0 && i + 1 < argc) {
            i++;
            question.rules = argv[i];
        } else if (argv[i][0] != '-' && question.action == NULL) {
            question.action = argv[i];
        } else if (argv[i][0] != '-' && question.code == NULL) {
            question.code = argv[i];
        } else {
            question.wrong = true;
        }
    }
    bool list = question.action != NULL && strcmp(question.action, "list") == 0;
    bool example = question.action != NULL && strcmp(question.action, "example") == 0;
    question.wrong = question.wrong || !(list || example) || (question.code != NULL) != example;
    return question;
}

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
write_example(struct arena *arena, const struct question *question,
              const struct definitions *definitions, struct screen *screen)
{
    struct example_question of = {.catalogue = definitions->catalogue,
                                  .rules = definitions->rules,
                                  .form = find_form(definitions->catalogue, question->code)};
    struct fault            fault = {0};
    bool                    found = false;

    if (of.form < 0) {
        screen_complain(str_of(question->code),
                        "nie ma takiego formularza; zobacz: brama forms list");
        return EXIT_USAGE;
    }
    if (example_write(arena, &of, &screen->out, &found, &fault) != ERR_OK) {
        screen_complain(str_of(question->code), fault.text);
        return EXIT_USAGE;
    }
    if (!found) {
        screen_complain(str_of(question->code), "żaden przypadek obok reguł nie spełnia ich "
                                                "wszystkich; dopisz taki do tests/");
        return EXIT_NOT_ACCEPTED;
    }
    return EXIT_ACCEPTED;
}

static int
answer(struct arena *arena, const struct question *question, struct screen *screen)
{
    struct definitions definitions = {0};
    struct fault       fault = {0};

    if (definitions_load(arena, question->rules, &definitions, &fault) != ERR_OK) {
        screen_complain(str_of(question->rules), fault.text);
        return fault.code == ERR_FILE ? EXIT_UNREADABLE : EXIT_USAGE;
    }
    if (question->code != NULL) {
        return write_example(arena, question, &definitions, screen);
    }
    write_list(screen, definitions.catalogue);
    return EXIT_ACCEPTED;
}

int
forms_command(int argc, char **argv)
{
    struct arena   *arena = arena_create(MEMORY_MAX);
    struct screen   screen = screen_create(arena, SCREEN_COLOUR_NEVER);
    struct question question = question_read(argc, argv);
    int             code = EXIT_ACCEPTED;

    if (question.help) {
        buf_append(&screen.out, str_of(help));
    } else if (question.wrong) {
        screen_complain((struct str){0}, "zobacz: brama forms --help");
        code = EXIT_USAGE;
    } else {
        code = answer(arena, &question, &screen);
    }
    if (!screen_flush(&screen)) {
        code = EXIT_UNREADABLE;
    }
    arena_destroy(arena);
    return code;
}

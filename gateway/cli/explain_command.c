#include "gateway/cli/explain_command.h"

#include "gateway/cli/exit_code.h"
#include "gateway/cli/rule_words.h"
#include "gateway/cli/screen.h"
#include "gateway/cli/severity_words.h"
#include "gateway/definitions/definitions.h"

#include <string.h>

#define MEMORY_MAX ((size_t)512 * 1024 * 1024)

static const char help[] =
    "Użycie: brama explain KOD [--rules KATALOG]\n"
    "\n"
    "Objaśnia kod uwagi: co sprawdzamy i dlaczego, co zrobić, na jakiej podstawie i kiedy uwaga\n"
    "jest błędem, pytaniem albo ostrzeżeniem. W ‹nawiasach› stoi to, co wstawiamy z pliku.\n"
    "\n"
    "Przykład:\n"
    "  brama explain RB27S-001\n"
    "\n"
    "Kody wyjścia: 0 objaśniono, 2 nie ma takiego kodu albo wywołanie jest błędne, 3 katalogu\n"
    "z definicjami nie da się odczytać.\n";

static void
write_part(struct screen *screen, const char *heading, struct str text)
{
    if (text.size > 0) {
        screen_coloured(screen, SCREEN_BOLD, heading);
        screen_format(screen, " ");
        rule_words_write(screen, text);
        screen_format(screen, "\n");
    }
}

static void
write_form(struct screen *screen, const struct catalogue *catalogue, const struct rule_entry *entry)
{
    if (entry->form != ENTRY_OF_NO_FORM) {
        const struct form *form = &catalogue->forms[entry->form];
        screen_coloured(screen, SCREEN_BOLD, "Formularz:");
        screen_format(screen, " ");
        screen_text(screen, form->title);
        screen_format(screen, ", wersja ");
        screen_text(screen, form->version);
        screen_format(screen, "\n");
    }
}

/* What follows from the severities, so that no text of a rule has to say it. */
static void
write_standing(struct screen *screen, const struct rule_entry *entry)
{
    size_t proposed = 0;

    for (size_t i = 0; i < entry->applies_count; i++) {
        proposed += entry->applies[i].severity == SEVERITY_PROPOSED ? 1 : 0;
    }
    if (proposed > 0) {
        screen_format(screen, "%s\n\n",
                      proposed == entry->applies_count
                          ? "Reguła jest na próbie: jej wynik liczymy, ale nie pokazujemy."
                          : "Reguła jest częściowo na próbie (niżej, przy wadze): tam jej wynik "
                            "liczymy, ale nie pokazujemy.");
    }
}

static void
write_entry(struct screen *screen, const struct catalogue *catalogue,
            const struct rule_entry *entry)
{
    screen_text(screen, entry->code);
    screen_format(screen, "  ");
    rule_words_write(screen, entry->title);
    screen_format(screen, "\n\n");
    if (entry->explain.size > 0) {
        rule_words_write(screen, entry->explain);
        screen_format(screen, "\n\n");
    }
    write_standing(screen, entry);
    write_form(screen, catalogue, entry);
    write_part(screen, "Co zrobić:", entry->fix);
    write_part(screen, "Podstawa:", entry->basis);
    write_part(screen, "Właściciel reguły:", entry->owner);
    write_part(screen, "Oznaczenie w dokumentacji:", entry->domain);
    screen_coloured(screen, SCREEN_BOLD, "Waga:");
    screen_format(screen, "\n");
    for (size_t i = 0; i < entry->applies_count; i++) {
        screen_format(screen, "  ");
        severity_words_write(screen, &entry->applies[i]);
        screen_format(screen, "\n");
    }
    if (entry->applies_count == 0) {
        screen_format(screen, "  reguła jest wyłączona\n");
    } else if (!severity_words_always(&entry->applies[entry->applies_count - 1])) {
        screen_format(screen, "  w pozostałych przypadkach reguła nie działa\n");
    }
}

/* The newest version's entry, then what other versions say under the same code. */
static void
write_versions(struct screen *screen, const struct catalogue *catalogue,
               const struct rule_entry *newest)
{
    write_entry(screen, catalogue, newest);
    for (size_t i = 0; i < catalogue->entry_count; i++) {
        const struct rule_entry *entry = &catalogue->entries[i];
        if (entry != newest && str_equal(entry->code, newest->code)) {
            screen_format(screen, "\n");
            write_entry(screen, catalogue, entry);
        }
    }
}

/* What the command line asks for. */
struct question {
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
        } else if (argv[i][0] != '-' && question.code == NULL) {
            question.code = argv[i];
        } else {
            question.wrong = true;
        }
    }
    question.wrong = question.wrong || (question.code == NULL && !question.help);
    return question;
}

/* Codes are in capitals, and people type them as they like. */
static const struct rule_entry *
find(struct arena *arena, const struct catalogue *catalogue, const char *typed)
{
    size_t size = strlen(typed);
    char  *capitals = ARENA_NEW(arena, char, size + 1);

    if (capitals == NULL) {
        return NULL;
    }
    for (size_t i = 0; i < size; i++) {
        bool is_small = typed[i] >= 'a' && typed[i] <= 'z';
        capitals[i] = (char)(is_small ? typed[i] - 'a' + 'A' : typed[i]);
    }
    return catalogue_entry(catalogue, ENTRY_OF_NO_FORM, capitals);
}

static int
answer(struct arena *arena, const struct question *question, struct screen *screen)
{
    const struct catalogue *catalogue = NULL;
    struct fault            fault = {0};

    if (definitions_catalogue(arena, question->rules, &catalogue, &fault) != ERR_OK) {
        screen_complain(str_of(question->rules), fault.text);
        return fault.code == ERR_FILE ? EXIT_UNREADABLE : EXIT_USAGE;
    }
    const struct rule_entry *entry = find(arena, catalogue, question->code);
    if (entry == NULL) {
        screen_complain(str_of(question->code), "nie ma takiego kodu; zobacz: brama rules list");
        return EXIT_USAGE;
    }
    write_versions(screen, catalogue, entry);
    return EXIT_ACCEPTED;
}

int
explain_command(int argc, char **argv)
{
    struct arena   *arena = arena_create(MEMORY_MAX);
    struct screen   screen = screen_create(arena, SCREEN_COLOUR_AS_FITS);
    struct question question = question_read(argc, argv);
    int             code = EXIT_ACCEPTED;

    if (question.help) {
        buf_append(&screen.out, str_of(help));
    } else if (question.wrong) {
        screen_complain((struct str){0}, "podaj jeden kod uwagi; zobacz: brama explain --help");
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

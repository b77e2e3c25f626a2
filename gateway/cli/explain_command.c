#include "gateway/cli/explain_command.h"

#include "gateway/cli/local_command.h"
#include "gateway/cli/near_code.h"
#include "gateway/cli/rule_words.h"
#include "gateway/cli/severity_words.h"
#include "gateway/definitions/definitions.h"

#include <string.h>

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

/* A gateway may have released definitions after this program was made. */
static int
refuse(const struct local *local, const struct catalogue *catalogue)
{
    struct str near = near_code_find(catalogue, str_of(local->words[0]));
    struct str words =
        str_format(local->arena, "nie ma takiego kodu%s%.*s; zobacz: brama rules list",
                   near.size > 0 ? ", najbliższy to " : "", STR_ARG(near));

    screen_complain(str_of(local->words[0]),
                    words.data == NULL ? "nie ma takiego kodu" : words.data);
    screen_complain(
        (struct str){0},
        "jeśli kod podała brama, ma definicje nowsze niż ten program: objaśni go program z "
        "jej wydania albo brama explain KOD --rules KATALOG z jej definicjami");
    return EXIT_USAGE;
}

static int
run(const struct local *local, struct screen *screen)
{
    const struct catalogue *catalogue = NULL;
    struct fault            fault = {0};

    if (definitions_catalogue(local->arena, local->rules, &catalogue, &fault) != ERR_OK) {
        return local_command_refuse(local, &fault, EXIT_USAGE);
    }
    const struct rule_entry *entry = find(local->arena, catalogue, local->words[0]);
    if (entry == NULL) {
        return refuse(local, catalogue);
    }
    write_versions(screen, catalogue, entry);
    return EXIT_ACCEPTED;
}

int
explain_command(int argc, char **argv)
{
    static const struct local_command command = {
        .help = help,
        .wrong = "podaj jeden kod uwagi; zobacz: brama explain --help",
        .words_min = 1,
        .words_max = 1,
        .colouring = SCREEN_COLOUR_AS_FITS,
        .run = run,
    };

    return local_command_run(&command, argc, argv);
}

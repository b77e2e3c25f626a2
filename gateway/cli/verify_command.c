#include "gateway/cli/verify_command.h"

#include "gateway/cli/arguments.h"
#include "gateway/cli/exit_code.h"
#include "gateway/cli/input.h"
#include "gateway/cli/screen.h"
#include "gateway/cli/verify_text.h"
#include "gateway/receipt/reading.h"

#include <stdio.h>
#include <string.h>

#define MEMORY_MAX ((size_t)512 * 1024 * 1024)

enum { DOCUMENT_MAX = 64 * 1024 * 1024, TRUST_MAX = 1024 * 1024, DIGEST_SIZE = 32 };

static const char help[] =
    "Użycie: brama verify UPO.xml [SPRAWOZDANIE.xml] [opcje]\n"
    "\n"
    "Sprawdza, czy UPO wystawiła brama i czy nikt go nie zmienił, oraz czy dotyczy podanego "
    "pliku.\n"
    "Nie łączy się z siecią, nie wymaga konta.\n"
    "\n"
    "Opcje:\n"
    "  --trust PLIK  certyfikaty pieczęci bramy albo ich wystawców (PEM)\n"
    "  --offline     tylko na podstawie plików; tak jest zawsze, opcja jest dla skryptów\n"
    "  --json        wynik w JSON\n"
    "  --help        ta pomoc\n"
    "\n"
    "Kody wyjścia: 0 UPO jest ważne, 7 nie jest albo dotyczy innego pliku, 3 pliku nie da się\n"
    "odczytać, 2 błędne wywołanie.\n";

struct verify_options {
    bool        help;
    bool        offline; /* always so; scripts may say it */
    bool        json;
    const char *trust;
    const char *receipt;
    const char *document;
};

static enum err
read_options(struct arena *arena, int argc, char **argv, struct verify_options *out,
             struct fault *fault)
{
    struct verify_options options = {0};
    const struct argument table[] = {
        {"--help",    &options.help,    NULL,           false},
        {"-h",        &options.help,    NULL,           false},
        {"--offline", &options.offline, NULL,           false},
        {"--json",    &options.json,    NULL,           false},
        {"--trust",   NULL,             &options.trust, false},
    };
    struct arguments arguments = {.options = table, .option_count = ARRAY_COUNT(table)};

    TRY(arguments_read(arena, argc, argv, &arguments, fault));
    if (!options.help && (arguments.word_count < 1 || arguments.word_count > 2)) {
        return FAIL(fault, ERR_USAGE, "podaj plik UPO i najwyżej jeden plik sprawozdania");
    }
    options.receipt = arguments.word_count > 0 ? arguments.words[0] : NULL;
    options.document = arguments.word_count > 1 ? arguments.words[1] : NULL;
    if (options.document != NULL && strcmp(options.document, "-") == 0
        && strcmp(options.receipt, "-") == 0) {
        return FAIL(fault, ERR_USAGE, "wejście standardowe (-) można podać tylko raz");
    }
    *out = options;
    return ERR_OK;
}

/* A named file, or a complaint. */
static bool
take_file(struct arena *arena, const char *path, size_t size_max, struct input *out)
{
    struct fault fault = {0};

    if (input_read(arena, path, size_max, out, &fault) != ERR_OK) {
        screen_complain(str_of(path), fault.text);
        return false;
    }
    if (!out->whole) {
        screen_complain(str_of(path), "plik jest za duży");
        return false;
    }
    return true;
}

static int
print(struct arena *arena, const struct verify_options *options, const struct verification *told)
{
    struct screen screen = screen_create(arena, SCREEN_COLOUR_AS_FITS);

    if (options->json) {
        verify_text_json(&screen, told);
    } else {
        verify_text_write(&screen, told);
    }
    if (!screen_flush(&screen)) {
        return EXIT_UNREADABLE;
    }
    return told->reading.step == READING_GOOD && (!told->has_document || told->matches)
               ? EXIT_ACCEPTED
               : EXIT_UNVERIFIED;
}

static int
verify(struct arena *arena, const struct verify_options *options)
{
    struct input        receipt = {0};
    struct input        document = {0};
    struct input        trust = {0};
    struct verification told = {.has_document = options->document != NULL};
    struct fault        fault = {0};

    if (!take_file(arena, options->receipt, RECEIPT_SIZE_MAX, &receipt)
        || (options->trust != NULL && !take_file(arena, options->trust, TRUST_MAX, &trust))
        || (told.has_document && !take_file(arena, options->document, DOCUMENT_MAX, &document))) {
        return EXIT_UNREADABLE;
    }
    enum err got = reading_make(arena, receipt.bytes, trust.bytes, &told.reading, &fault);
    if (got == ERR_CRYPTO && options->trust != NULL) {
        screen_complain(trust.name, "to nie są certyfikaty w postaci PEM");
        return EXIT_UNREADABLE;
    }
    if (got != ERR_OK) {
        screen_complain(receipt.name, "UPO nie udało się sprawdzić: zabrakło pamięci albo zawiodła "
                                      "biblioteka kryptograficzna");
        return EXIT_UNREADABLE;
    }
    told.receipt_name = receipt.name;
    told.document_name = document.name;
    memcpy(told.sha256, document.sha256, DIGEST_SIZE);
    told.matches = told.has_document && told.reading.has_facts
                   && memcmp(document.sha256, told.reading.facts.document_sha256, DIGEST_SIZE) == 0;
    return print(arena, options, &told);
}

int
verify_command(int argc, char **argv)
{
    struct arena         *arena = arena_create(MEMORY_MAX);
    struct verify_options options = {0};
    struct fault          fault = {0};
    int                   code = EXIT_USAGE;

    if (read_options(arena, argc, argv, &options, &fault) != ERR_OK) {
        screen_complain((struct str){0}, fault.text);
        (void)fputs("zobacz: brama verify --help\n", stderr); /* only a hint */
    } else if (options.help) {
        (void)fputs(help, stdout); /* whether it arrived is looked at by the caller */
        code = EXIT_ACCEPTED;
    } else {
        code = verify(arena, &options);
    }
    arena_destroy(arena);
    return code;
}

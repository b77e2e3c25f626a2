#include "gateway/cli/vtl_command.h"

#include "gateway/vtl_files/vtl_files.h"

#include <stdio.h>
#include <string.h>

#define MEMORY_MAX ((size_t)3 * 1024 * 1024 * 1024)

enum { EXIT_DONE = 0, EXIT_PROBLEMS = 1, EXIT_USAGE = 2, EXIT_UNREADABLE = 3 };

static const char help[] =
    "Użycie: brama vtl SKRYPT --in KATALOG --out KATALOG\n"
    "\n"
    "Wykonuje skrypt VTL 2.2 na plikach, bez bazy i bez sieci. Brama przyjmuje część języka:\n"
    "zestawy reguł (datapoint i hierarchical), operatory na zbiorach danych i składowych,\n"
    "klauzule, złączenia, agregaty, check, check_datapoint, check_hierarchy. Operator spoza niej\n"
    "jest wymieniany z nazwy. Wszystkie wyniki są zapisywane.\n"
    "\n"
    "  --in KATALOG   skąd wziąć zbiory danych: <zbiór>.csv (pierwszy wiersz to nazwy\n"
    "                 składowych, puste pole to brak wartości) i <zbiór>.json (name,\n"
    "                 components: name, role, data_type)\n"
    "  --out KATALOG  dokąd zapisać wyniki: <wynik>.csv i <wynik>.json\n"
    "  --help         ten opis\n"
    "\n"
    "Kod wyjścia: 0 wyniki zapisane; 1 skrypt ma błędy albo reguła nie dała się obliczyć;\n"
    "2 złe wywołanie; 3 pliku nie można odczytać lub zapisać.\n";

struct request {
    const char *script;
    const char *in;
    const char *out;
    bool        help;
};

static int
complain(const char *what, const char *value)
{
    (void)fprintf(stderr, "brama vtl: %s%s\nSposób użycia pokaże „brama vtl --help”.\n", what,
                  value);
    return EXIT_USAGE;
}

/* One argument, and the folder behind it; *at moves over what was read. */
static int
read_argument(int argc, char **argv, int *at, struct request *request)
{
    const char *argument = argv[*at];
    bool        in = strcmp(argument, "--in") == 0;

    if (in || strcmp(argument, "--out") == 0) {
        if (*at + 1 == argc) {
            return complain("brakuje katalogu po ", argument);
        }
        *(in ? &request->in : &request->out) = argv[++*at];
        return EXIT_DONE;
    }
    if (strcmp(argument, "--help") == 0) {
        request->help = true;
        return EXIT_DONE;
    }
    if (argument[0] == '-' && argument[1] != '\0') {
        return complain("nieznana opcja ", argument);
    }
    if (request->script != NULL) {
        return complain("podano więcej niż jeden skrypt: ", argument);
    }
    request->script = argument;
    return EXIT_DONE;
}

/* EXIT_DONE, or EXIT_USAGE with the reason printed. */
static int
read_request(int argc, char **argv, struct request *request)
{
    for (int i = 1; i < argc && !request->help; i++) {
        int usage = read_argument(argc, argv, &i, request);
        if (usage != EXIT_DONE) {
            return usage;
        }
    }
    if (request->help) {
        return EXIT_DONE;
    }
    if (request->script == NULL) {
        return complain("podaj plik skryptu", "");
    }
    return request->in != NULL && request->out != NULL
               ? EXIT_DONE
               : complain("podaj katalogi --in i --out", "");
}

/* Names of files come from outside: no control bytes reach the terminal. */
static void
print_harmless(struct str text)
{
    for (size_t i = 0; i < text.size; i++) {
        unsigned char byte = (unsigned char)text.data[i];
        (void)fputc(byte < 0x20 || byte == 0x7F ? '?' : byte, stderr);
    }
}

static void
print_report(const struct vtl_files_report *report)
{
    for (size_t i = 0; i < report->message_count; i++) {
        const struct vtl_files_message *message = &report->messages[i];
        print_harmless(message->file);
        if (message->problem.line > 0) {
            (void)fprintf(stderr, ": wiersz %u, znak %u", message->problem.line,
                          message->problem.column);
        }
        (void)fputs(": ", stderr);
        print_harmless(str_of(message->problem.text));
        (void)fputc('\n', stderr);
    }
}

static int
run(struct arena *arena, const struct request *request)
{
    struct vtl_files files = {
        .script_name = str_of(request->script), .in = request->in, .out = request->out};
    struct fault             fault = {0};
    struct vtl_files_report *report = ARENA_NEW(arena, struct vtl_files_report, 1);

    ENSURE(report != NULL);
    if (vtl_files_read(arena, request->script, &files.script, &fault) != ERR_OK) {
        (void)fprintf(stderr, "brama vtl: %s\n", fault.text);
        return EXIT_UNREADABLE;
    }
    enum err got = vtl_files_run(arena, &files, report, &fault);
    print_report(report);
    if (got == ERR_OK) {
        (void)printf("Zapisane wyniki: %zu\n", report->result_count);
        return report->failed_rows ? EXIT_PROBLEMS : EXIT_DONE;
    }
    if (got == ERR_MEMORY) {
        (void)fprintf(stderr,
                      "brama vtl: dane są za duże, zabrakło pamięci; podziel je na mniejsze "
                      "pliki\n");
    }
    return got == ERR_SYNTAX || got == ERR_LIMIT ? EXIT_PROBLEMS : EXIT_UNREADABLE;
}

int
vtl_command(int argc, char **argv)
{
    struct request request = {0};
    int            usage = read_request(argc, argv, &request);

    if (usage != EXIT_DONE) {
        return usage;
    }
    if (request.help) {
        (void)fputs(help, stdout);
        return EXIT_DONE;
    }
    struct arena *arena = arena_create(MEMORY_MAX);
    int           code = run(arena, &request);
    arena_destroy(arena);
    return code;
}

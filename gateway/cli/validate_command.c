#include "gateway/cli/validate_command.h"

#include "gateway/cli/csv_report.h"
#include "gateway/cli/exit_code.h"
#include "gateway/cli/export_report.h"
#include "gateway/cli/json_report.h"
#include "gateway/cli/judgement.h"
#include "gateway/cli/text_report.h"
#include "gateway/cli/validate_options.h"
#include "gateway/ticks/ticks.h"

#define MEMORY_MAX ((size_t)4 * 1024 * 1024 * 1024)

static const char help[] =
    "Użycie: brama validate PLIK... [opcje]\n"
    "\n"
    "Sprawdza pliki eksportu (BeSTi@, paczka sprawozdań XML) bez łączenia się z czymkolwiek:\n"
    "budowę pliku, dane jednostek, reguły formularzy i podpisy. Kilka plików sprawdza razem.\n"
    "„-” zamiast nazwy oznacza wejście standardowe.\n"
    "\n"
    "Opcje:\n"
    "  --trust PEM      certyfikaty wystawców, którym ufasz (bez tej opcji nieznany wystawca\n"
    "                   jest tylko ostrzeżeniem)\n"
    "  --at KIEDY       chwila wpływu: data (2026-07-24, czyli 23:59:59 w Warszawie) albo\n"
    "                   2026-07-24T09:00:00+02:00; domyślnie teraz\n"
    "  --env test|prod  środowisko; domyślnie test (w prod jednostki przykładowe, WK 99, to błąd)\n"
    "  --rules KATALOG  formularze i reguły z katalogu zamiast wbudowanych\n"
    "  --json           wynik jako jeden dokument JSON\n"
    "  --csv            wynik jako CSV dla arkusza: UTF-8 ze znacznikiem BOM, średniki, jeden\n"
    "                   wiersz na uwagę; kolumny: plik, formularz, okres, regon, jednostka,\n"
    "                   wersja, wynik, kod, waga, tytuł, gdzie, wiersz, znak, bajt, xpath, jest,\n"
    "                   powinno być, różnica, różnica w komórkach, najpierw sprawdź, składniki,\n"
    "                   co zrobić, podstawa, szczegóły techniczne; wynik\n"
    "                   to słowo dla programów: accepted, held, rejected albo undecided, tak jak\n"
    "                   w JSON, a waga: error, query, warning albo info\n"
    "  --format POSTAĆ  text, json, csv, sarif (SARIF 2.1.0, dla edytorów i serwerów kodu), ess\n"
    "                   albo ess-csv (raport walidacji Europejskiego Systemu Statystycznego)\n"
    "  -q, --quiet      nic nie wypisuj; wynik mówi tylko kod wyjścia\n"
    "  --no-color       bez kolorów (tak samo zmienna NO_COLOR)\n"
    "  -h, --help       ta pomoc\n"
    "\n"
    "Kody wyjścia: 0 wszystko bez błędów, 1 coś do poprawy, do podpisu albo nierozstrzygnięte,\n"
    "2 złe wywołanie, 3 pliku nie da się odczytać (pozostałe są sprawdzane).\n"
    "\n"
    "Przykłady:\n"
    "  brama validate dochody-2026-q2.xml wydatki-2026-q2.xml\n"
    "  brama validate paczka.xml --trust wystawcy.pem --at 2026-07-24 --json\n"
    "  cat paczka.xml | brama validate - --csv > uwagi.csv\n";

static int
exit_code_of(const struct judgement *judgement)
{
    if (judgement->unreadable_count > 0) {
        return EXIT_UNREADABLE;
    }
    for (size_t i = 0; i < judgement->file_count; i++) {
        if (judgement->files[i].decided->verdict != VERDICT_ACCEPTED) {
            return EXIT_NOT_ACCEPTED;
        }
    }
    return EXIT_ACCEPTED;
}

/* When nothing could be judged at all. */
static int
exit_code_of_fault(const struct fault *fault)
{
    switch (fault->code) {
    case ERR_FILE:
        return EXIT_UNREADABLE;
    case ERR_USAGE:
    case ERR_SYNTAX:
    case ERR_LIMIT:
    case ERR_CATALOGUE:
        return EXIT_USAGE; /* --rules or --trust name something that is not what they must be */
    default:
        return EXIT_NOT_ACCEPTED;
    }
}

static int
print(struct screen *screen, const struct validate_options *options,
      const struct judgement *judgement, int64_t elapsed_ms)
{
    const struct text_report_end end = {.elapsed_ms = elapsed_ms,
                                        .exit_code = exit_code_of(judgement)};

    if (options->quiet) {
        return end.exit_code;
    }
    switch (options->format) {
    case VALIDATE_JSON:
        json_report_write(&screen->out, judgement);
        break;
    case VALIDATE_CSV:
        csv_report_write(&screen->out, judgement);
        break;
    case VALIDATE_SARIF:
    case VALIDATE_ESS:
    case VALIDATE_ESS_CSV:
        export_report_write(&screen->out, judgement, options->format);
        break;
    case VALIDATE_TEXT:
        text_report_write(screen, judgement, &end);
        break;
    }
    return screen_flush(screen) ? end.exit_code : EXIT_UNREADABLE;
}

static int
run(struct arena *arena, const struct validate_options *options)
{
    struct screen    screen = screen_create(arena, options->colouring);
    struct judgement judgement = {0};
    struct fault     fault = {0};
    int64_t          began = ticks_ms();

    if (options->help) {
        buf_append(&screen.out, str_of(help));
        return screen_flush(&screen) ? EXIT_ACCEPTED : EXIT_UNREADABLE;
    }
    if (judgement_make(arena, options, ticks_wall() / INSTANT_PER_SECOND, &judgement, &fault)
        != ERR_OK) {
        screen_complain((struct str){0}, fault.text);
        return exit_code_of_fault(&fault);
    }
    return print(&screen, options, &judgement, ticks_ms() - began);
}

int
validate_command(int argc, char **argv)
{
    struct arena           *arena = arena_create(MEMORY_MAX);
    struct validate_options options = {0};
    struct fault            fault = {0};
    int                     code = EXIT_USAGE;

    if (validate_options_read(arena, argc, argv, &options, &fault) == ERR_OK) {
        code = run(arena, &options);
    } else {
        screen_complain((struct str){0}, fault.text);
        screen_complain((struct str){0}, "zobacz: brama validate --help");
    }
    arena_destroy(arena);
    return code;
}

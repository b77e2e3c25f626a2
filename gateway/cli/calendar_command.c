#include "gateway/cli/calendar_command.h"

#include "gateway/cli/arguments.h"
#include "gateway/cli/calendar_list.h"
#include "gateway/cli/exit_code.h"
#include "gateway/definitions/definitions.h"

#include <strings.h>

#define MEMORY_MAX ((size_t)512 * 1024 * 1024)

static const char help[] =
    "Użycie: brama calendar --year ROK | --period OKRES | --due MIESIĄC [opcje]\n"
    "\n"
    "Wypisuje terminy sprawozdań: kto, co, komu i do kiedy, z podstawą prawną. Dzień wolny od\n"
    "pracy przesuwa termin na najbliższy dzień roboczy. Nie łączy się z niczym.\n"
    "\n"
    "Opcje:\n"
    "  --year ROK         sprawozdania za cały rok\n"
    "  --period OKRES     za jeden okres: 2026-Q2 albo 2026-07\n"
    "  --due MIESIĄC      z terminem w tym miesiącu: 2026-02\n"
    "  --form FORMULARZ   tylko ten formularz, na przykład Rb-27S\n"
    "  --json             jeden dokument JSON\n"
    "  --csv              CSV dla arkusza kalkulacyjnego; status „niepotwierdzony”: dnia nie\n"
    "                     potwierdza żaden przepis, który brama ma u siebie\n"
    "  --rules KATALOG    kalendarz z katalogu definicji zamiast wbudowanego\n"
    "\n"
    "Przykłady:\n"
    "  brama calendar --due 2026-02\n"
    "  brama calendar --period 2026-Q2 --form Rb-NDS\n"
    "\n"
    "Kody wyjścia: 0 wypisano, także gdy takich terminów nie ma, 2 wywołanie jest błędne,\n"
    "3 kalendarza nie da się odczytać albo wyniku zapisać.\n";

/* What the command line asks for. */
struct request {
    const char *year;
    const char *period;
    const char *due;
    const char *form;
    const char *rules;
    bool        json;
    bool        csv;
    bool        help;
};

static enum err
request_read(struct arena *arena, int argc, char **argv, struct request *out, struct fault *fault)
{
    const struct argument options[] = {
        {"--year",   NULL,       &out->year,   false},
        {"--period", NULL,       &out->period, false},
        {"--due",    NULL,       &out->due,    false},
        {"--form",   NULL,       &out->form,   false},
        {"--rules",  NULL,       &out->rules,  false},
        {"--json",   &out->json, NULL,         false},
        {"--csv",    &out->csv,  NULL,         false},
        {"--help",   &out->help, NULL,         false},
        {"-h",       &out->help, NULL,         false},
    };
    struct arguments arguments = {.options = options,
                                  .option_count = ARRAY_COUNT(options),
                                  .words = ARENA_NEW(arena, const char *, (size_t)argc)};

    if (arguments.words == NULL) {
        return FAIL(fault, ERR_MEMORY, "brak pamięci");
    }
    TRY(arguments_read(arena, argc, argv, &arguments, fault));
    if (out->help) {
        return ERR_OK;
    }
    if (arguments.word_count > 0) {
        return FAIL(fault, ERR_USAGE, "„%s” nie jest opcją; zobacz: brama calendar --help",
                    arguments.words[0]);
    }
    if ((out->year != NULL) + (out->period != NULL) + (out->due != NULL) != 1) {
        return FAIL(fault, ERR_USAGE, "podaj jedno z: --year, --period, --due");
    }
    if (out->json && out->csv) {
        return FAIL(fault, ERR_USAGE, "--json i --csv wykluczają się");
    }
    return ERR_OK;
}

/* "2026" in front of a separator or the end; the rest is left behind the separator. */
static bool
read_year(struct str *text, int *out)
{
    struct str piece = {0};
    int64_t    year = 0;

    if (!str_cut(text, '-', &piece) || piece.size != 4 || !str_to_number(piece, &year)
        || year < MOMENT_YEAR_MIN || year > MOMENT_YEAR_MAX) {
        return false;
    }
    *out = (int)year;
    return true;
}

/* Two digits, a month. */
static bool
read_month(struct str text, int *out)
{
    int64_t month = 0;

    if (text.size != 2 || !str_to_number(text, &month) || month < 1 || month > 12) {
        return false;
    }
    *out = (int)month;
    return true;
}

static enum err
read_period(const struct catalogue *catalogue, struct str text, struct calendar_span *out,
            struct fault *fault)
{
    struct str rest = text;
    bool       known = read_year(&rest, &out->year);
    bool       quarter = rest.size == 2 && rest.data[0] == 'Q';
    int        months = quarter ? 3 : 1;

    if (quarter) {
        out->number = rest.data[1] - '0';
        known = known && out->number >= 1 && out->number <= 4;
    } else {
        known = known && read_month(rest, &out->number);
    }
    for (size_t i = 0; known && i < catalogue->period_type_count; i++) {
        if (catalogue->period_types[i].months == months) {
            out->period_type = catalogue->period_types[i].name;
            return ERR_OK;
        }
    }
    return FAIL(fault, ERR_USAGE,
                "--period ma postać 2026-Q2 (kwartał) albo 2026-07 (miesiąc), a jest „%.*s”",
                STR_ARG(text));
}

static enum err
read_due(struct str text, struct calendar_span *out, struct fault *fault)
{
    struct str rest = text;
    int        year = 0;
    int        month = 0;

    if (!read_year(&rest, &year) || !read_month(rest, &month)) {
        return FAIL(fault, ERR_USAGE, "--due ma postać 2026-02, a jest „%.*s”", STR_ARG(text));
    }
    out->due_from = (struct date){year, month, 1};
    out->due_to = date_month_end(year, month);
    return ERR_OK;
}

/* The code of a form that is given as people write it (Rb-27S) or by its code, in any case. */
static enum err
read_form(const struct calendar *calendar, const char *text, struct str *out, struct fault *fault)
{
    struct str wanted = str_of(text);

    for (size_t i = 0; i < calendar->entry_count; i++) {
        const struct calendar_entry *entry = &calendar->entries[i];
        const struct str             names[] = {entry->form, entry->title};
        for (size_t j = 0; j < ARRAY_COUNT(names); j++) {
            if (names[j].size == wanted.size
                && strncasecmp(names[j].data, wanted.data, wanted.size) == 0) {
                *out = entry->form;
                return ERR_OK;
            }
        }
    }
    return FAIL(fault, ERR_USAGE, "kalendarz nie zna formularza „%s”", text);
}

static enum err
read_span(const struct catalogue *catalogue, const struct calendar *calendar,
          const struct request *request, struct calendar_span *out, struct fault *fault)
{
    struct str year = str_of(request->year);

    if (request->form != NULL) {
        TRY(read_form(calendar, request->form, &out->form, fault));
    }
    if (request->period != NULL) {
        return read_period(catalogue, str_of(request->period), out, fault);
    }
    if (request->due != NULL) {
        return read_due(str_of(request->due), out, fault);
    }
    if (year.size != 4 || !read_year(&year, &out->year)) {
        return FAIL(fault, ERR_USAGE, "--year to rok od %d do %d, a jest „%s”", MOMENT_YEAR_MIN,
                    MOMENT_YEAR_MAX, request->year);
    }
    return ERR_OK;
}

static enum err
run(struct arena *arena, const struct request *request, struct screen *screen, struct fault *fault)
{
    const struct catalogue *catalogue = NULL;
    struct calendar_list    list = {0};
    struct calendar_span    span = {0};

    TRY(definitions_catalogue(arena, request->rules, &catalogue, fault));
    TRY(calendar_load(arena, catalogue, &list.calendar, fault));
    TRY(read_span(catalogue, list.calendar, request, &span, fault));
    TRY(calendar_terms(arena, list.calendar, &span, &list.terms, &list.count, fault));
    if (request->json) {
        calendar_list_json(arena, &screen->out, &list);
    } else if (request->csv) {
        calendar_list_csv(arena, &screen->out, &list);
    } else {
        calendar_list_text(arena, screen, &list);
    }
    return ERR_OK;
}

static int
answer(struct arena *arena, int argc, char **argv, struct screen *screen)
{
    struct request request = {0};
    struct fault   fault = {0};
    enum err       got = request_read(arena, argc, argv, &request, &fault);

    if (got == ERR_OK && request.help) {
        buf_append(&screen->out, str_of(help));
    } else if (got == ERR_OK) {
        got = run(arena, &request, screen, &fault);
    }
    if (got == ERR_OK) {
        return EXIT_ACCEPTED;
    }
    screen_complain(got == ERR_USAGE ? (struct str){0} : str_of(request.rules), fault.text);
    return got == ERR_FILE ? EXIT_UNREADABLE : EXIT_USAGE;
}

int
calendar_command(int argc, char **argv)
{
    struct arena *arena = arena_create(MEMORY_MAX);
    struct screen screen = screen_create(arena, SCREEN_COLOUR_NEVER);
    int           code = answer(arena, argc, argv, &screen);

    if (!screen_flush(&screen)) {
        code = EXIT_UNREADABLE;
    }
    arena_destroy(arena);
    return code;
}

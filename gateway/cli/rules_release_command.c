#include "gateway/cli/rules_release_command.h"

#include "gateway/admin/admin.h"
#include "gateway/cli/exit_code.h"
#include "gateway/cli/rules_command.h"
#include "gateway/cli/screen.h"
#include "gateway/definitions/definitions.h"
#include "gateway/release/release_history.h"
#include "gateway/release/release_notice.h"
#include "gateway/release/rule_switch.h"

#include <string.h>

#define MEMORY_MAX ((size_t)3 << 30U)
#define BIT(option) ADMIN_OPTION(OPTION_##option)

enum { SHORT_DIGEST = 8 };

static const char help[] =
    "Użycie: brama rules publish KATALOG --author AUTOR --from KIEDY --reason POWÓD\n"
    "        brama rules bundles\n"
    "        brama rules count\n"
    "        brama rules off KOD [--from KIEDY] --reason POWÓD\n"
    "        brama rules on  KOD [--from KIEDY] --reason POWÓD\n"
    "\n"
    "publish zapisuje katalog definicji w bazie jako niezmienną całość i wyznacza, od kiedy\n"
    "obowiązuje. Odmawia, gdy lint, test albo mutate mają coś do poprawienia, gdy autor jest tym\n"
    "samym, kto publikuje (--operator, domyślnie użytkownik komputera), albo gdy reguła zaczęłaby\n"
    "odrzucać bez zapowiedzi (publication.xml). Bramę przestawia się bez zatrzymywania.\n"
    "bundles wypisuje wydania, od najnowszego; obowiązujące ma gwiazdkę.\n"
    "count liczy, jak często występują uwagi; liczby podaje GET /api/v1/rules (timer, raz na "
    "dobę).\n"
    "off wyłącza regułę dla tego, co wpłynęło od KIEDY (bez --from: od początku), i rozstrzyga\n"
    "ponownie to, co odrzuciła tylko ona; data wpływu zostaje. on włącza ją z powrotem dla tego,\n"
    "co wpłynie od KIEDY (bez --from: od teraz); niczego nie rozstrzyga ponownie.\n"
    "\n"
    "KIEDY to dzień (jego początek w Warszawie) albo chwila z przesunięciem, np.\n"
    "2026-12-23T00:00:00+01:00. Wszystkie działają u operatora bramy, z --database albo --config.\n"
    "\n"
    "Przykład:\n"
    "  brama rules off RB27S-002 --reason \"wzór nie obejmuje potrąceń\" --config bramad.conf\n"
    "\n"
    "Kody wyjścia: 0 zrobione, 1 odmowa i dlaczego, 2 wywołanie jest błędne, 3 katalogu albo "
    "pliku\n"
    "nie da się odczytać, 5 baza danych jest nieosiągalna.\n";

/* One run: what was asked, where it is printed, what comes of it. */
struct turn {
    struct admin   admin;
    struct screen *screen;
    int            code;
};

/* When, or the given time when it was not said. */
static enum err
read_when(const struct turn *turn, instant otherwise, instant *out, struct fault *fault)
{
    struct str  text = turn->admin.options.values[OPTION_FROM];
    struct date day = {0};
    moment      at = 0;

    if (text.data == NULL) {
        *out = otherwise;
        return ERR_OK;
    }
    if (date_parse(text, &day)) {
        *out = admin_begin_of(day);
        return ERR_OK;
    }
    if (!moment_parse(text, &at)) {
        return FAIL(fault, ERR_USAGE,
                    "--from: „%.*s” to nie jest dzień (RRRR-MM-DD) ani chwila z przesunięciem",
                    STR_ARG(str_slice(text, 0, 40)));
    }
    *out = at * INSTANT_PER_SECOND;
    return ERR_OK;
}

static enum err
need_argument(const struct turn *turn, const char *what, struct fault *fault)
{
    if (turn->admin.options.argument.data == NULL) {
        return FAIL(fault, ERR_USAGE, "podaj %s", what);
    }
    return ERR_OK;
}

static enum err
open_store(struct turn *turn, struct fault *fault)
{
    struct store_address address = {0};

    TRY(admin_address(&turn->admin, &address, fault));
    TRY(store_open(turn->admin.arena, &address, STORE_ADMIN, &turn->admin.store, fault));
    return store_begin(turn->admin.store, fault);
}

static void
write_complaints(struct screen *screen, const struct release_complaints *complaints)
{
    for (size_t i = 0; i < complaints->count; i++) {
        screen_text(screen, complaints->items[i].path);
        screen_format(screen, "  ");
        screen_text(screen, complaints->items[i].code);
        screen_format(screen, "  ");
        screen_text(screen, complaints->items[i].text);
        screen_format(screen, "\n");
    }
}

/* Whether the periods of notice are kept; what is not is printed. */
static enum err
check_notice(struct turn *turn, const struct definitions *after, const struct release *release,
             struct fault *fault)
{
    struct arena             *arena = turn->admin.arena;
    struct definitions        before = {0};
    struct release_history    trial = {0};
    struct release_complaints complaints = {0};
    struct date               day = moment_warsaw_date(release->active_from / INSTANT_PER_SECOND);
    int                       days = 0;
    struct release_notice_request request = {
        .before = &before,
        .after = after,
        .published = moment_warsaw_date(release->published / INSTANT_PER_SECOND),
        .active_from = day};

    TRY(release_history_at(turn->admin.store, arena, release->active_from, &before, fault));
    TRY(release_notice_days(arena, before.catalogue, after->catalogue, &days, fault));
    TRY(release_history_since(turn->admin.store, arena, date_of_days(date_days(day) - days),
                              release->active_from, &trial, fault));
    request.trial = trial.items;
    request.trial_count = trial.count;
    TRY(release_notice_check(arena, &request, &complaints, fault));
    write_complaints(turn->screen, &complaints);
    turn->code = complaints.count == 0 ? EXIT_ACCEPTED : EXIT_NOT_ACCEPTED;
    return ERR_OK;
}

static void
write_release(struct screen *screen, const struct release *release)
{
    screen_format(screen, "%s %lld  ", release->in_force ? "*" : " ", (long long)release->release);
    buf_hex(&screen->out, release->sha256, SHORT_DIGEST);
    screen_format(screen, "  od ");
    moment_write(&screen->out, release->active_from / INSTANT_PER_SECOND);
    screen_format(screen, "  autor ");
    screen_text(screen, release->author);
    screen_format(screen, ", publikuje ");
    screen_text(screen, release->publisher);
    screen_format(screen, ": ");
    screen_text(screen, release->reason);
    screen_format(screen, "\n");
}

static enum err
store_release(struct turn *turn, const struct definitions *after, struct fault *fault)
{
    const struct admin_options *options = &turn->admin.options;
    struct release              release = {.author = options->values[OPTION_AUTHOR],
                                           .reason = options->values[OPTION_REASON]};

    TRY(admin_operator(&turn->admin, &release.publisher, fault));
    TRY(admin_now(&turn->admin, &release.published, fault));
    TRY(read_when(turn, 0, &release.active_from, fault));
    TRY(check_notice(turn, after, &release, fault));
    if (turn->code != EXIT_ACCEPTED) {
        return ERR_OK;
    }
    TRY(release_publish(turn->admin.store, turn->admin.arena, after->catalogue->bundle->bytes,
                        &release, fault));
    write_release(turn->screen, &release);
    return store_commit(turn->admin.store, fault);
}

static enum err
publish(struct turn *turn, struct fault *fault)
{
    const struct admin_options *options = &turn->admin.options;
    struct definitions          after = {0};

    TRY(need_argument(turn, "katalog definicji", fault));
    TRY(admin_options_need(options, OPTION_AUTHOR, fault));
    TRY(admin_options_need(options, OPTION_FROM, fault));
    TRY(admin_options_need(options, OPTION_REASON, fault));
    enum err got =
        definitions_catalogue(turn->admin.arena, options->argument.data, &after.catalogue, fault);
    if (got == ERR_OK) {
        got = rules_command_prove(turn->admin.arena, after.catalogue, turn->screen, &turn->code,
                                  fault);
    }
    if (got == ERR_OK && turn->code == EXIT_ACCEPTED) {
        got = definitions_load_bundle(turn->admin.arena, after.catalogue->bundle->bytes, &after,
                                      fault);
    }
    TRY(got);
    if (turn->code != EXIT_ACCEPTED) {
        return ERR_OK;
    }
    TRY(open_store(turn, fault));
    return store_release(turn, &after, fault);
}

static enum err
list_bundles(struct turn *turn, struct fault *fault)
{
    struct release *releases = NULL;
    size_t          count = 0;

    TRY(open_store(turn, fault));
    TRY(release_list(turn->admin.store, turn->admin.arena, &releases, &count, fault));
    for (size_t i = 0; i < count; i++) {
        write_release(turn->screen, &releases[i]);
    }
    if (count == 0) {
        screen_format(turn->screen, "Nie ma wydań: obowiązują definicje, z którymi przyszedł "
                                    "program.\n");
    }
    return ERR_OK;
}

/* Only what stands in a form's own rules can be switched: never the schema, signatures, identity.
 */
static enum err
need_rule(struct turn *turn, instant at, struct fault *fault)
{
    struct definitions       definitions = {0};
    const struct rule_entry *entry = NULL;
    struct str               code = turn->admin.options.argument;

    TRY(release_history_at(turn->admin.store, turn->admin.arena, at, &definitions, fault));
    entry = catalogue_entry(definitions.catalogue, ENTRY_OF_NO_FORM, code.data);
    if (entry == NULL) {
        return FAIL(fault, ERR_USAGE, "„%.*s”: nie ma takiego kodu; zobacz: brama rules list",
                    STR_ARG(str_slice(code, 0, 40)));
    }
    if (entry->form == ENTRY_OF_NO_FORM || entry->of_schema) {
        return FAIL(fault, ERR_DENIED, "%.*s nie jest regułą formularza; wyłączyć można tylko taką",
                    STR_ARG(code));
    }
    return ERR_OK;
}

/* Transactions of their own, so that whoever concludes after the first sees the switch, and the
 * second sees what was concluded before. */
static enum err
turn_rule(struct turn *turn, bool off, struct fault *fault)
{
    struct store      *store = NULL;
    struct rule_switch wanted = {.code = turn->admin.options.argument,
                                 .off = off,
                                 .reason = turn->admin.options.values[OPTION_REASON]};
    size_t             count = 0;

    TRY(need_argument(turn, "kod reguły", fault));
    TRY(admin_options_need(&turn->admin.options, OPTION_REASON, fault));
    TRY(open_store(turn, fault));
    store = turn->admin.store;
    TRY(admin_now(&turn->admin, &wanted.at, fault));
    TRY(need_rule(turn, wanted.at, fault));
    TRY(admin_operator(&turn->admin, &wanted.publisher, fault));
    TRY(read_when(turn, off ? 0 : wanted.at, &wanted.since, fault));
    TRY(rule_switch_turn(store, turn->admin.arena, &wanted, fault));
    TRY(store_commit(store, fault));
    TRY(rule_switch_wake(store, turn->admin.arena, &wanted, &count, fault));
    screen_text(turn->screen, wanted.code);
    screen_format(turn->screen, off ? " jest wyłączona" : " jest włączona");
    if (off) {
        screen_format(turn->screen, "; złożeń do ponownego rozstrzygnięcia: %zu", count);
    }
    screen_format(turn->screen, "\n");
    return ERR_OK;
}

static enum err
switch_off(struct turn *turn, struct fault *fault)
{
    return turn_rule(turn, true, fault);
}

static enum err
switch_on(struct turn *turn, struct fault *fault)
{
    return turn_rule(turn, false, fault);
}

static enum err
count_findings(struct turn *turn, struct fault *fault)
{
    TRY(open_store(turn, fault));
    TRY(rule_switch_count(turn->admin.store, turn->admin.arena, fault));
    TRY(store_commit(turn->admin.store, fault));
    screen_format(turn->screen, "Policzono, jak często występują uwagi.\n");
    return ERR_OK;
}

static const struct action {
    const char *word;
    enum err (*run)(struct turn *turn, struct fault *fault);
    uint64_t options; /* beside those of the connection */
    bool     argument;
} actions[] = {
    {"publish", publish,        BIT(AUTHOR) | BIT(FROM) | BIT(REASON), true },
    {"bundles", list_bundles,   0,                                     false},
    {"count",   count_findings, 0,                                     false},
    {"off",     switch_off,     BIT(FROM) | BIT(REASON),               true },
    {"on",      switch_on,      BIT(FROM) | BIT(REASON),               true },
};

static const struct action *
find_action(const char *word)
{
    for (size_t i = 0; i < ARRAY_COUNT(actions); i++) {
        if (strcmp(actions[i].word, word) == 0) {
            return &actions[i];
        }
    }
    return NULL;
}

bool
rules_release_command_knows(const char *word)
{
    return find_action(word) != NULL;
}

static int
exit_code_of(enum err got)
{
    if (got == ERR_USAGE) {
        return EXIT_USAGE;
    }
    if (got == ERR_FILE || got == ERR_CONFIG) {
        return EXIT_UNREADABLE;
    }
    return got == ERR_STORE_LOST || got == ERR_STORE_CONFLICT ? EXIT_UNAVAILABLE
                                                              : EXIT_NOT_ACCEPTED;
}

static bool
asks_for_help(int argc, char **argv)
{
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0) {
            return true;
        }
    }
    return false;
}

static void
run(struct turn *turn, int argc, char **argv)
{
    const struct action *action = find_action(argv[1]);
    uint64_t             known = action->options | BIT(CONFIG) | BIT(DATABASE) | BIT(OPERATOR);
    struct fault         fault = {0};

    enum err got = admin_options_read(argc - 2, argv + 2, known, action->argument,
                                      &turn->admin.options, &fault);
    if (got == ERR_OK) {
        got = action->run(turn, &fault);
    }
    if (got != ERR_OK) {
        screen_complain(str_of(action->word), fault.text);
        turn->code = exit_code_of(got);
    }
}

int
rules_release_command(int argc, char **argv)
{
    struct arena *arena = arena_create(MEMORY_MAX);
    struct screen screen = screen_create(arena, SCREEN_COLOUR_NEVER);
    struct turn   turn = {.admin = {.arena = arena}, .screen = &screen, .code = EXIT_ACCEPTED};

    if (asks_for_help(argc, argv)) {
        buf_append(&screen.out, str_of(help));
    } else {
        run(&turn, argc, argv);
    }
    if (!screen_flush(&screen)) {
        turn.code = EXIT_UNREADABLE;
    }
    arena_destroy(arena);
    return turn.code;
}

#include "gateway/cli/rules_release_command.h"

#include "gateway/cli/operator_command.h"
#include "gateway/cli/rule_turning.h"
#include "gateway/cli/rules_command.h"
#include "gateway/definitions/definitions.h"
#include "gateway/release/release_history.h"
#include "gateway/release/release_notice.h"
#include "gateway/release/rule_switch.h"

#include <string.h>

#define BIT(option) ADMIN_OPTION(OPTION_##option)

enum { SHORT_DIGEST = 8, SINCE_MAX = 48 };

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
    "bundles wypisuje wydania, od najnowszego; obowiązujące ma gwiazdkę; pod nimi reguły, które "
    "są\n"
    "wyłączone.\n"
    "count liczy, jak często występują uwagi; liczby podaje GET /api/v1/rules (timer, raz na "
    "dobę).\n"
    "off wyłącza regułę dla tego, co wpłynęło od KIEDY (bez --from: od początku), i rozstrzyga\n"
    "ponownie to, co odrzuciła tylko ona; data wpływu zostaje. on włącza ją z powrotem dla tego,\n"
    "co wpłynie od KIEDY (bez --from: od teraz); niczego nie rozstrzyga ponownie. Przerwane\n"
    "w połowie dokończy brama albo następne off lub on. Reguła zestawu\n"
    "(ZESTAW-...) niczego nie odrzuca: off i on porównują od KIEDY ponownie zestawy, których "
    "dotyczy.\n"
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

/* When, or the given time when it was not said. */
static enum err
read_when(const struct operator_turn *turn, instant otherwise, instant *out, struct fault *fault)
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
need_argument(const struct operator_turn *turn, const char *what, struct fault *fault)
{
    if (turn->admin.options.argument.data == NULL) {
        return FAIL(fault, ERR_USAGE, "podaj %s", what);
    }
    return ERR_OK;
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
check_notice(struct operator_turn *turn, const struct definitions *after,
             const struct release *release, struct fault *fault)
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
store_release(struct operator_turn *turn, const struct definitions *after, struct fault *fault)
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

/* The catalogue of a folder; of one that is wrong at several places each is told. */
static enum err
read_catalogue(struct operator_turn *turn, const struct catalogue **out, struct fault *fault)
{
    struct arena     *arena = turn->admin.arena;
    const char       *folder = turn->admin.options.argument.data;
    struct complaints all = {0};
    enum err          got = definitions_catalogue(arena, folder, out, fault);

    if (got != ERR_CATALOGUE || definitions_survey(arena, folder, &all, NULL) != ERR_OK
        || all.count < 2) {
        return got;
    }
    for (size_t i = 0; i < all.count; i++) {
        screen_complain(str_of(folder), all.items[i].data);
    }
    return FAIL(fault, ERR_CATALOGUE, "definicje są błędne, niczego nie wydano");
}

static enum err
publish(struct operator_turn *turn, struct fault *fault)
{
    const struct admin_options *options = &turn->admin.options;
    struct definitions          after = {0};

    TRY(need_argument(turn, "katalog definicji", fault));
    TRY(admin_options_need(options, OPTION_AUTHOR, fault));
    TRY(admin_options_need(options, OPTION_FROM, fault));
    TRY(admin_options_need(options, OPTION_REASON, fault));
    enum err got = read_catalogue(turn, &after.catalogue, fault);
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
    TRY(operator_command_open(turn, fault));
    return store_release(turn, &after, fault);
}

/* Whether a later switch of the same code says otherwise, by now or from the same moment on. */
static bool
is_turned_again(const struct rule_switches *switches, size_t at, instant now)
{
    for (size_t i = at + 1; i < switches->count; i++) {
        const struct rule_switch *later = &switches->items[i];
        bool holds = later->since <= now || later->since <= switches->items[at].since;
        if (holds && str_equal(later->code, switches->items[at].code)) {
            return true;
        }
    }
    return false;
}

/* Rules that are off now, or will be: who has turned them, from when, and why. */
static enum err
write_off(struct operator_turn *turn, struct fault *fault)
{
    struct rule_switches switches = {0};
    instant              now = 0;

    TRY(admin_now(&turn->admin, &now, fault));
    TRY(rule_switches_read(turn->admin.store, turn->admin.arena, &switches, fault));
    for (size_t i = 0; i < switches.count; i++) {
        const struct rule_switch *one = &switches.items[i];
        struct buf                since = buf_create(turn->admin.arena, SINCE_MAX);
        if (!one->off || is_turned_again(&switches, i, now)) {
            continue;
        }
        if (one->since > 0) {
            moment_write(&since, one->since / INSTANT_PER_SECOND);
        }
        screen_piece(turn->screen, "Wyłączona reguła ", one->code);
        screen_piece(turn->screen, " dla tego, co wpłynęło od ", buf_str(&since));
        screen_piece(turn->screen, ", przez ", one->publisher);
        screen_piece(turn->screen, ": ", one->reason);
        screen_format(turn->screen, "\n");
    }
    return ERR_OK;
}

static enum err
list_bundles(struct operator_turn *turn, struct fault *fault)
{
    struct release *releases = NULL;
    size_t          count = 0;

    TRY(operator_command_open(turn, fault));
    TRY(release_list(turn->admin.store, turn->admin.arena, &releases, &count, fault));
    for (size_t i = 0; i < count; i++) {
        write_release(turn->screen, &releases[i]);
    }
    if (count == 0) {
        screen_format(turn->screen, "Nie ma wydań: obowiązują definicje, z którymi przyszedł "
                                    "program.\n");
    }
    return write_off(turn, fault);
}

static enum err
turn_rule(struct operator_turn *turn, bool off, struct fault *fault)
{
    struct rule_switch wanted = {.code = turn->admin.options.argument,
                                 .off = off,
                                 .reason = turn->admin.options.values[OPTION_REASON]};

    TRY(need_argument(turn, "kod reguły", fault));
    TRY(admin_options_need(&turn->admin.options, OPTION_REASON, fault));
    TRY(operator_command_open(turn, fault));
    TRY(admin_now(&turn->admin, &wanted.at, fault));
    TRY(read_when(turn, off ? 0 : wanted.at, &wanted.since, fault));
    return rule_turning_run(&turn->admin, turn->screen, &wanted, fault);
}

static enum err
switch_off(struct operator_turn *turn, struct fault *fault)
{
    return turn_rule(turn, true, fault);
}

static enum err
switch_on(struct operator_turn *turn, struct fault *fault)
{
    return turn_rule(turn, false, fault);
}

static enum err
count_findings(struct operator_turn *turn, struct fault *fault)
{
    TRY(operator_command_open(turn, fault));
    TRY(rule_switch_count(turn->admin.store, turn->admin.arena, fault));
    TRY(store_commit(turn->admin.store, fault));
    screen_format(turn->screen, "Policzono, jak często występują uwagi.\n");
    return ERR_OK;
}

static const struct action {
    const char    *word;
    operator_task *run;
    uint64_t       options; /* beside those of the connection */
    bool           argument;
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

int
rules_release_command(int argc, char **argv)
{
    const struct action          *action = find_action(argv[1]);
    const struct operator_command command = {.help = help,
                                             .about = str_of(action->word),
                                             .words = 2,
                                             .options = action->options | BIT(OPERATOR),
                                             .argument = action->argument,
                                             .run = action->run};

    return operator_command_run(&command, argc, argv);
}

#include "gateway/cli/rules_command.h"

#include "gateway/answer/plural.h"
#include "gateway/cli/local_command.h"
#include "gateway/cli/rule_words.h"
#include "gateway/cli/rules_backtest_command.h"
#include "gateway/cli/rules_release_command.h"
#include "gateway/cli/severity_words.h"
#include "gateway/definitions/definitions.h"
#include "validators/rules/cases.h"
#include "validators/rules/lints.h"
#include "validators/rules/mutants.h"
#include "validators/sets/remarks.h"
#include "validators/sets/trials.h"
#include "validators/sets/variations.h"

#include <inttypes.h>
#include <string.h>

static const char help[] =
    "Użycie: brama rules list   [--rules KATALOG]\n"
    "        brama rules lint   [--rules KATALOG]\n"
    "        brama rules test   [--rules KATALOG]\n"
    "        brama rules mutate [--rules KATALOG]\n"
    "\n"
    "list wypisuje wszystkie kody uwag: kod, wagę i tytuł.\n"
    "lint wypisuje wszystko, co trzeba poprawić w formułach (rules.vtl, sets/*/KOD.vtl), z "
    "wierszem\n"
    "i znakiem; w regułach między sprawozdaniami także złączenia, które po cichu pomijają to, "
    "czego\n"
    "po jednej stronie brakuje.\n"
    "test przelicza przypadki, które stoją obok reguł (tests/KOD.xml), wypisuje te, które wyszły\n"
    "inaczej, oraz reguły bez przypadku dobrego albo złego.\n"
    "mutate psuje każdą regułę na każdy drobny sposób (znak, porównanie, sąsiednia kolumna, "
    "stała,\n"
    "„not”, „abs”) i wypisuje te zmiany, których przypadki reguły nie zauważyły: brakuje wtedy\n"
    "przypadku, albo reguła mówi za dużo.\n"
    "\n"
    "Przykład:\n"
    "  brama rules test --rules ./schemas\n"
    "\n"
    "U operatora bramy: brama rules publish, bundles, off, on, count, backtest; zobacz: brama "
    "rules publish --help\n"
    "\n"
    "Kody wyjścia: 0 dobrze, 1 definicje są błędne, przypadek wyszedł inaczej, reguła go nie ma\n"
    "albo zmiana reguły przeszła niezauważona, 2 wywołanie jest błędne, 3 katalogu z definicjami\n"
    "nie da się odczytać.\n";

/* Severities of an entry without repetition: "błąd, pytanie". */
static void
write_severities(struct screen *screen, const struct rule_entry *entry)
{
    bool        seen[SEVERITY_ERROR + 1] = {false};
    const char *separator = "";

    for (size_t i = 0; i < entry->applies_count; i++) {
        enum severity severity = entry->applies[i].severity;
        if (!seen[severity]) {
            seen[severity] = true;
            screen_format(screen, "%s%s", separator, severity_words(severity));
            separator = ", ";
        }
    }
    if (entry->applies_count == 0) {
        screen_format(screen, "%s", severity_words(SEVERITY_OFF));
    }
}

static bool
same_code(const struct catalogue *catalogue, size_t a, size_t b)
{
    return str_equal(catalogue->entries[a].code, catalogue->entries[b].code);
}

/* " (2025-1)" where the code stands once more, in another version of its form. */
static void
write_version(struct screen *screen, const struct catalogue *catalogue, size_t index)
{
    const struct rule_entry *entry = &catalogue->entries[index];

    if ((index > 0 && same_code(catalogue, index, index - 1))
        || (index + 1 < catalogue->entry_count && same_code(catalogue, index, index + 1))) {
        screen_format(screen, " (");
        screen_text(screen, catalogue->forms[entry->form].version);
        screen_format(screen, ")");
    }
}

static void
write_failure(struct screen *screen, const struct case_result *result)
{
    if (result->passed) {
        return;
    }
    screen_text(screen, result->path);
    screen_format(screen, ":%" PRIu32 "  ", result->line);
    screen_text(screen, result->entry->code);
    screen_format(screen, "  „");
    screen_text(screen, result->name);
    screen_format(screen, "”: miało być ");
    screen_text(screen, result->wanted);
    screen_format(screen, "; jest ");
    screen_text(screen, result->got);
    screen_format(screen, "\n");
}

static void
write_gap(struct screen *screen, const struct rule_entry *entry, size_t count, const char *what)
{
    if (count == 0) {
        screen_text(screen, entry->path);
        screen_format(screen, "  ");
        screen_text(screen, entry->code);
        screen_format(screen, "  brak przypadku, %s\n", what);
    }
}

static int
write_summary(struct screen *screen, const struct cases_summary *forms,
              const struct trials_summary *sets)
{
    size_t count = forms->result_count + sets->result_count;
    size_t failed = forms->failed + sets->failed;
    size_t uncovered = forms->uncovered + sets->uncovered;
    size_t covered = forms->coverage_count + sets->coverage_count - uncovered;

    for (size_t i = 0; i < count; i++) {
        bool of_form = i < forms->result_count;
        write_failure(screen,
                      of_form ? &forms->results[i] : &sets->results[i - forms->result_count]);
    }
    for (size_t i = 0; i < forms->coverage_count; i++) {
        const struct case_coverage *coverage = &forms->coverage[i];
        write_gap(screen, coverage->entry, coverage->loud, "który reguła ma wskazać");
        write_gap(screen, coverage->entry, coverage->quiet, "który reguła ma przepuścić");
    }
    for (size_t i = 0; i < sets->coverage_count; i++) {
        const struct trial_coverage *coverage = &sets->coverage[i];
        write_gap(screen, coverage->rule->entry, coverage->loud, "który reguła ma wskazać");
        write_gap(screen, coverage->rule->entry, coverage->quiet, "który reguła ma przepuścić");
        write_gap(screen, coverage->rule->entry, coverage->missing,
                  "w którym reguła czeka na brakujące sprawozdanie");
    }
    screen_format(screen, "%zu %s: %zu zgodnie z oczekiwaniem, %zu inaczej\n", count,
                  plural_form(&plural_case, count), count - failed, failed);
    screen_format(screen, "%zu %s z przypadkiem dobrym i złym, %zu bez któregoś z nich\n", covered,
                  plural_form(&plural_rule, covered), uncovered);
    return failed == 0 && uncovered == 0 ? EXIT_ACCEPTED : EXIT_NOT_ACCEPTED;
}

static void
write_survivor(struct screen *screen, const struct mutant *mutant)
{
    const struct mutation *mutation = &mutant->mutation;

    screen_text(screen, mutant->path);
    screen_format(screen, ":%" PRIu32 ":%" PRIu32 "  ", mutation->place.line,
                  mutation->place.column);
    screen_text(screen, mutant->entry->code);
    screen_format(screen, "  żaden przypadek nie zauważa zmiany „");
    screen_text(screen, mutation->was);
    screen_format(screen, mutation->becomes.size > 0 ? "” na „" : "” na nic");
    screen_text(screen, mutation->becomes);
    screen_format(screen, mutation->becomes.size > 0 ? "”\n" : "\n");
}

static int
write_mutants(struct screen *screen, const struct mutants_summary *forms,
              const struct mutants_summary *sets)
{
    size_t noticed = forms->noticed + sets->noticed;
    size_t survived = forms->survivor_count + sets->survivor_count;
    size_t tried = noticed + survived;

    for (size_t i = 0; i < survived; i++) {
        write_survivor(screen, i < forms->survivor_count
                                   ? &forms->survivors[i]
                                   : &sets->survivors[i - forms->survivor_count]);
    }
    screen_format(screen, "%zu %s: %zu zauważonych przez przypadki, %zu niezauważonych\n", tried,
                  plural_form(&plural_change, tried), noticed, survived);
    return survived == 0 ? EXIT_ACCEPTED : EXIT_NOT_ACCEPTED;
}

static enum err
run_list(struct arena *arena, const struct catalogue *catalogue, struct screen *screen, int *code,
         struct fault *fault)
{
    (void)arena;
    (void)fault;
    for (size_t i = 0; i < catalogue->entry_count; i++) {
        const struct rule_entry *entry = &catalogue->entries[i];
        screen_text(screen, entry->code);
        write_version(screen, catalogue, i);
        screen_format(screen, "  ");
        write_severities(screen, entry);
        screen_format(screen, "  ");
        rule_words_write(screen, entry->title);
        screen_format(screen, "\n");
    }
    *code = EXIT_ACCEPTED;
    return ERR_OK;
}

/* The scripts that something is refused in; remarks are by script. */
static size_t
count_faulty(const struct lints_summary *summary)
{
    struct str last = {0};
    size_t     count = 0;

    for (size_t i = 0; i < summary->remark_count; i++) {
        const struct lint_remark *remark = &summary->remarks[i];
        if (!remark->notice && !str_equal(remark->path, last)) {
            last = remark->path;
            count++;
        }
    }
    return count;
}

static void
write_remarks(struct screen *screen, const struct lints_summary *summary)
{
    for (size_t i = 0; i < summary->remark_count; i++) {
        const struct lint_remark *remark = &summary->remarks[i];
        screen_text(screen, remark->path);
        screen_format(screen, ":%" PRIu32 ":%" PRIu32 "  %s%s\n", remark->problem.line,
                      remark->problem.column, remark->notice ? "uwaga: " : "",
                      remark->problem.text);
    }
}

static enum err
run_lint(struct arena *arena, const struct catalogue *catalogue, struct screen *screen, int *code,
         struct fault *fault)
{
    struct lints_summary forms = {0};
    struct lints_summary sets = {0};

    TRY(lints_run(arena, catalogue, &forms, fault));
    TRY(remarks_run(arena, catalogue, &sets, fault));
    size_t scripts = forms.script_count + sets.script_count;
    size_t refused = count_faulty(&forms) + count_faulty(&sets);
    write_remarks(screen, &forms);
    write_remarks(screen, &sets);
    screen_format(screen, "%zu %s z formułami: %zu do poprawienia\n", scripts,
                  plural_form(&plural_file, scripts), refused);
    if (refused == 0) { /* what else a release would be refused for: schemas, the calendar, ... */
        struct definitions whole = {0};
        TRY(definitions_load_bundle(arena, catalogue->bundle->bytes, &whole, fault));
    }
    *code = refused == 0 ? EXIT_ACCEPTED : EXIT_NOT_ACCEPTED;
    return ERR_OK;
}

static enum err
run_test(struct arena *arena, const struct catalogue *catalogue, struct screen *screen, int *code,
         struct fault *fault)
{
    const struct rules   *rules = NULL;
    const struct sets    *sets = NULL;
    struct cases_summary  cases = {0};
    struct trials_summary trials = {0};

    TRY(rules_compile(arena, catalogue, &rules, fault));
    TRY(sets_compile(arena, catalogue, &sets, fault));
    TRY(cases_run(arena, catalogue, rules, &cases, fault));
    TRY(trials_run(arena, sets, &trials, fault));
    *code = write_summary(screen, &cases, &trials);
    return ERR_OK;
}

/* Mutants of a rule whose cases already fail would all count as noticed. */
static enum err
run_mutate(struct arena *arena, const struct catalogue *catalogue, struct screen *screen, int *code,
           struct fault *fault)
{
    const struct rules    *rules = NULL;
    const struct sets     *sets = NULL;
    struct cases_summary   cases = {0};
    struct trials_summary  trials = {0};
    struct mutants_summary of_forms = {0};
    struct mutants_summary of_sets = {0};

    TRY(rules_compile(arena, catalogue, &rules, fault));
    TRY(sets_compile(arena, catalogue, &sets, fault));
    TRY(cases_run(arena, catalogue, rules, &cases, fault));
    TRY(trials_run(arena, sets, &trials, fault));
    if (cases.failed + trials.failed > 0) {
        *code = write_summary(screen, &cases, &trials);
        return ERR_OK;
    }
    TRY(mutants_run(arena, catalogue, rules, &of_forms, fault));
    TRY(variations_run(arena, sets, &of_sets, fault));
    *code = write_mutants(screen, &of_forms, &of_sets);
    return ERR_OK;
}

static const char wrong[] = "podaj list, lint, test albo mutate; zobacz: brama rules --help";

static const struct action {
    const char *word;
    enum err (*run)(struct arena *arena, const struct catalogue *catalogue, struct screen *screen,
                    int *code, struct fault *fault);
} actions[] = {
    {"list",   run_list  },
    {"lint",   run_lint  },
    {"test",   run_test  },
    {"mutate", run_mutate},
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

static int
run(const struct local *local, struct screen *screen)
{
    const struct action    *action = find_action(local->words[0]);
    const struct catalogue *catalogue = NULL;
    struct fault            fault = {0};
    int                     code = EXIT_ACCEPTED;

    if (action == NULL) {
        screen_complain((struct str){0}, wrong);
        return EXIT_USAGE;
    }
    if (definitions_catalogue(local->arena, local->rules, &catalogue, &fault) != ERR_OK
        || action->run(local->arena, catalogue, screen, &code, &fault) != ERR_OK) {
        return local_command_refuse(local, &fault, EXIT_NOT_ACCEPTED);
    }
    return code;
}

enum err
rules_command_prove(struct arena *arena, const struct catalogue *catalogue, struct screen *screen,
                    int *code, struct fault *fault)
{
    static const struct {
        enum err (*run)(struct arena *arena, const struct catalogue *catalogue,
                        struct screen *screen, int *code, struct fault *fault);
    } proofs[] = {{run_lint}, {run_test}, {run_mutate}};

    *code = EXIT_ACCEPTED;
    for (size_t i = 0; i < ARRAY_COUNT(proofs) && *code == EXIT_ACCEPTED; i++) {
        TRY(proofs[i].run(arena, catalogue, screen, code, fault));
    }
    return ERR_OK;
}

int
rules_command(int argc, char **argv)
{
    static const struct local_command command = {
        .help = help,
        .wrong = wrong,
        .words_min = 1,
        .words_max = 1,
        .colouring = SCREEN_COLOUR_NEVER,
        .run = run,
    };

    if (argc > 1 && rules_release_command_knows(argv[1])) {
        return rules_release_command(argc, argv);
    }
    if (argc > 1 && strcmp(argv[1], "backtest") == 0) {
        return rules_backtest_command(argc, argv);
    }
    return local_command_run(&command, argc, argv);
}

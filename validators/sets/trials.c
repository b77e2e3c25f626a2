#include "validators/sets/trials.h"

#include "validators/catalogue/source.h"
#include "validators/sets/exhibit.h"
#include "validators/sets/judge.h"
#include "validators/xml/tree.h"

#include <stdlib.h>

enum { SCRATCH_MAX = 256 * 1024 * 1024 };

/* What a case asks for: the words of its attribute `expect`. */
enum wish { WISH_OFF = SETS_OUTCOMES, WISH_COUNT };

static const struct {
    const char *word;
    const char *polish;
} wishes[WISH_COUNT] = {
    [SETS_NOT_EVALUATED] = {"not-evaluated", "reguły nie da się policzyć"    },
    [SETS_HOLDS] = {"holds",         "reguła milczy"                   },
    [SETS_FAILS] = {"fails",         "reguła coś wskazuje"            },
    [SETS_PENDING] = {"pending",       "reguła czeka na sprawozdanie"    },
    [SETS_IDLE] = {"idle",          "reguła nie ma czego porównać"  },
    [WISH_OFF] = {"off",           "reguła nie działa w tym okresie"},
};

struct run {
    struct arena          *arena;
    struct arena          *scratch; /* of one case */
    const struct sets     *sets;
    size_t                 rule;
    struct case_result    *results;
    size_t                 result_count;
    size_t                 result_capacity;
    struct trial_coverage *coverage; /* of the rule at hand */
};

static enum err
add_result(struct run *run, const struct case_result *result, struct fault *fault)
{
    struct case_result *results = arena_reserve(run->arena, run->results, run->result_count,
                                                &run->result_capacity, sizeof *results);

    if (results == NULL) {
        return FAIL(fault, ERR_MEMORY, "%zu cases", run->result_count + 1);
    }
    run->results = results;
    run->results[run->result_count] = *result;
    run->result_count++;
    return ERR_OK;
}

static enum wish
wish_of(const struct sets_judgement *judgement)
{
    return judgement->answer_count == 0 ? WISH_OFF : (enum wish)judgement->answers[0].outcome;
}

static enum err
read_wish(const struct exhibit_source *source, int32_t item, enum wish *out, struct fault *fault)
{
    struct str word = element_attribute(source->table, item, "expect");

    for (int i = 0; i < (int)WISH_COUNT; i++) {
        if (str_equal(word, str_of(wishes[i].word))) {
            *out = (enum wish)i;
            return ERR_OK;
        }
    }
    return exhibit_refuse(source, item, "nieznana wartość atrybutu expect:", word, fault);
}

/* Amounts carry no-break spaces; authors write spaces. */
static struct str
with_spaces(struct arena *arena, struct str text)
{
    struct buf copy = buf_create(arena, text.size + 1);

    for (size_t i = 0; i < text.size; i++) {
        bool no_break = text.data[i] == '\xC2' && i + 1 < text.size && text.data[i + 1] == '\xA0';
        char byte = text.data[i];
        if (no_break) {
            byte = ' ';
            i++;
        }
        buf_byte(&copy, byte);
    }
    return buf_str(&copy);
}

/* What a finding says under the name of an attribute of `expect`. */
static struct str
said(struct run *run, const struct sets_finding *finding, int index)
{
    switch (index) {
    case 0:
        return str_format(run->arena, "%u", finding->report + 1);
    case 1:
        return str_format(run->arena, "%u", finding->row == SETS_NO_ROW ? 0 : finding->row + 1);
    case 2:
        return finding->column;
    case 3:
        return finding->finding.found;
    case 4:
        return finding->finding.expected;
    case 5:
        return finding->finding.difference;
    default:
        return finding->finding.cell;
    }
}

/* The first finding against the element `expect`, if the case has one. */
static void
compare_finding(struct run *run, const struct exhibit_source *source, int32_t item,
                const struct sets_judgement *judgement, struct case_result *result)
{
    static const char *const names[] = {"report",   "row",        "column", "found",
                                        "expected", "difference", "cell"};
    int32_t expect = element_child(source->table, item, (struct str){0}, STR("expect"));

    for (int i = 0; expect != ELEMENT_NONE && i < (int)ARRAY_COUNT(names); i++) {
        struct str wanted = element_attribute(source->table, expect, names[i]);
        struct str got = judgement->finding_count == 0
                             ? (struct str){0}
                             : with_spaces(run->arena, said(run, &judgement->findings[0], i));
        if (wanted.data != NULL && !str_equal(wanted, got)) {
            result->passed = false;
            result->wanted = str_format(run->arena, "%s „%.*s”", names[i], STR_ARG(wanted));
            result->got = str_format(run->arena, "%s „%.*s”", names[i], STR_ARG(got));
        }
    }
}

/* The same reports from the last to the first. */
static enum err
turn(struct arena *arena, const struct sets_facts *facts, struct sets_facts *out,
     struct fault *fault)
{
    struct sets_report *reports = ARENA_NEW(arena, struct sets_report, facts->report_count + 1);

    if (reports == NULL) {
        return FAIL(fault, ERR_MEMORY, "reports of a case");
    }
    for (size_t i = 0; i < facts->report_count; i++) {
        reports[i] = facts->reports[facts->report_count - 1 - i];
    }
    *out = *facts;
    out->reports = reports;
    return ERR_OK;
}

/* Whether two judgements of the same reports in opposite orders say the same. */
static bool
says_the_same(const struct sets_judgement *a, const struct sets_judgement *b, size_t report_count)
{
    bool same =
        a->state == b->state && wish_of(a) == wish_of(b) && a->finding_count == b->finding_count;

    for (size_t i = 0; same && i < a->finding_count; i++) {
        const struct sets_finding *finding_a = &a->findings[i];
        const struct sets_finding *finding_b = &b->findings[i];
        same = finding_a->report == report_count - 1 - finding_b->report
               && finding_a->row == finding_b->row && str_equal(finding_a->title, finding_b->title)
               && str_equal(finding_a->finding.cell, finding_b->finding.cell)
               && finding_a->contributor_total == finding_b->contributor_total;
    }
    return same;
}

static enum err
judge_case(struct run *run, const struct exhibit_source *source, int32_t item,
           struct sets_judgement *out, bool *steady, struct fault *fault)
{
    struct sets_facts     facts;
    struct sets_facts     turned;
    struct sets_judgement other;

    TRY(exhibit_build(run->scratch, source, item, &facts, fault));
    TRY(turn(run->scratch, &facts, &turned, fault));
    TRY(judge_run(run->scratch, run->sets, &facts, run->rule, out, fault));
    TRY(judge_run(run->scratch, run->sets, &turned, run->rule, &other, fault));
    *steady = says_the_same(out, &other, facts.report_count);
    return ERR_OK;
}

/* What is misspelt would silently stay as it is when nothing is said of it. */
static enum err
check_words(const struct exhibit_source *source, int32_t item, struct fault *fault)
{
    static const struct {
        const char *name;
        const char *attributes;
        const char *children;
    } words[] = {
        {"report",  "of level unit variant",                            "row"},
        {"awaited", "of level unit name",                               ""   },
        {"expect",  "report row column found expected difference cell", ""   },
    };

    const struct source file = {.path = source->path, .table = *source->table};
    int32_t             it = file.table.items[item].first_child;

    TRY(source_only(&file, item, "name expect rok okres-typ okres known", "report awaited expect",
                    fault));
    for (; it != ELEMENT_NONE; it = file.table.items[it].next_sibling) {
        for (size_t i = 0; i < ARRAY_COUNT(words); i++) {
            if (str_equal(file.table.items[it].name, str_of(words[i].name))) {
                TRY(source_only(&file, it, words[i].attributes, words[i].children, fault));
            }
        }
    }
    return ERR_OK;
}

static enum err
run_case(struct run *run, const struct exhibit_source *source, int32_t item, struct fault *fault)
{
    enum wish             wish = WISH_OFF;
    bool                  steady = false;
    struct sets_judgement judgement = {0};
    struct case_result    result = {.entry = run->sets->rules[run->rule].entry,
                                    .path = source->path,
                                    .line = source->table->items[item].start,
                                    .name = element_attribute(source->table, item, "name")};

    TRY(check_words(source, item, fault));
    TRY(read_wish(source, item, &wish, fault));
    TRY(judge_case(run, source, item, &judgement, &steady, fault));
    enum wish got = wish_of(&judgement);
    result.passed = got == wish && steady;
    if (got != wish) {
        result.wanted = str_of(wishes[wish].polish);
        result.got = str_of(wishes[got].polish);
    } else if (!steady) {
        result.wanted = STR("wynik niezależny od kolejności sprawozdań");
        result.got = STR("w odwrotnej kolejności inny");
    } else {
        compare_finding(run, source, item, &judgement, &result);
    }
    run->coverage->quiet += result.passed && wish == (enum wish)SETS_HOLDS ? 1 : 0;
    run->coverage->loud += result.passed && wish == (enum wish)SETS_FAILS ? 1 : 0;
    run->coverage->missing += result.passed && wish == (enum wish)SETS_PENDING ? 1 : 0;
    return add_result(run, &result, fault);
}

/* "sets/2025-1/tests/ZESTAW-001.xml" */
static struct str
path_of(struct arena *arena, const struct rule_entry *entry)
{
    size_t folder = entry->path.size;

    while (folder > 0 && entry->path.data[folder - 1] != '/') {
        folder--;
    }
    return str_format(arena, "%.*stests/%.*s.xml", (int)folder, entry->path.data,
                      STR_ARG(entry->code));
}

static enum err
run_cases(struct run *run, const struct exhibit_source *source, struct fault *fault)
{
    int32_t item = element_child(source->table, 0, (struct str){0}, STR("case"));

    while (item != ELEMENT_NONE) {
        run->scratch = arena_create(SCRATCH_MAX);
        enum err got = run_case(run, source, item, fault);
        arena_destroy(run->scratch);
        TRY(got);
        item = element_next(source->table, item);
    }
    return ERR_OK;
}

static enum err
run_rule(struct run *run, struct fault *fault)
{
    const struct sets_rule *rule = &run->sets->rules[run->rule];
    struct element_table    table = {0};
    struct str              path = path_of(run->arena, rule->entry);
    struct exhibit_source   source = {
          .sets = run->sets, .scope = rule->scope, .path = path, .table = &table};

    run->coverage->rule = rule;
    struct str bytes = bundle_file(run->sets->catalogue->bundle, path);
    if (bytes.data == NULL) {
        return ERR_OK; /* the coverage says so */
    }
    TRY(xml_tree_read(run->arena, bytes, path, &table, fault));
    if (!str_equal(element_attribute(&table, 0, "rule"), rule->entry->code)) {
        return exhibit_refuse(&source, 0, "plik jest o innej regule niż", rule->entry->code, fault);
    }
    return run_cases(run, &source, fault);
}

enum err
trials_run(struct arena *arena, const struct sets *sets, struct trials_summary *out,
           struct fault *fault)
{
    struct trial_coverage *coverage = ARENA_NEW(arena, struct trial_coverage, sets->rule_count + 1);
    struct run             run = {.arena = arena, .sets = sets};

    if (coverage == NULL) {
        return FAIL(fault, ERR_MEMORY, "coverage of %zu rules", sets->rule_count);
    }
    *out = (struct trials_summary){.coverage = coverage, .coverage_count = sets->rule_count};
    for (run.rule = 0; run.rule < sets->rule_count; run.rule++) {
        run.coverage = &coverage[run.rule];
        TRY(run_rule(&run, fault));
        bool covered =
            run.coverage->quiet > 0 && run.coverage->loud > 0 && run.coverage->missing > 0;
        out->uncovered += covered ? 0 : 1;
    }
    out->results = run.results;
    out->result_count = run.result_count;
    for (size_t i = 0; i < run.result_count; i++) {
        out->failed += run.results[i].passed ? 0 : 1;
    }
    return ERR_OK;
}

enum err
trials_pass(struct arena *arena, const struct sets *sets, size_t rule, bool *out,
            struct fault *fault)
{
    struct trial_coverage coverage = {0};
    struct run            run = {.arena = arena, .sets = sets, .rule = rule, .coverage = &coverage};

    TRY(run_rule(&run, fault));
    *out = true;
    for (size_t i = 0; i < run.result_count; i++) {
        *out = *out && run.results[i].passed;
    }
    return ERR_OK;
}

#include "validators/rules/cases.h"

#include "validators/catalogue/source.h"
#include "validators/rules/compiled.h"
#include "validators/rules/judge.h"
#include "validators/rules/specimen.h"
#include "validators/xml/tree.h"

#include <string.h>

enum { SCRATCH_MAX = 64 * 1024 * 1024 };

/* What a case asks for: the words of its attribute `expect`. */
enum wish { WISH_PASS, WISH_FAIL, WISH_NOT_EVALUATED, WISH_COUNT };

static const struct {
    const char *word;
    const char *polish;
} wishes[WISH_COUNT] = {
    [WISH_PASS] = {"pass",          "reguła milczy"               },
    [WISH_FAIL] = {"fail",          "reguła coś wskazuje"        },
    [WISH_NOT_EVALUATED] = {"not-evaluated", "reguły nie da się policzyć"},
};

/* The run of all cases: what is collected on the way. */
struct run {
    struct arena           *arena;
    struct arena           *scratch; /* of one case */
    const struct catalogue *catalogue;
    const struct rules     *rules;
    struct case_result     *results;
    size_t                  result_count;
    size_t                  result_capacity;
    struct case_coverage   *coverage;
    size_t                  coverage_count;
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

/* What came of a case. */
struct outcome {
    const struct findings *findings;
    struct rules_tally     tally;
};

static enum err
run_specimen(struct run *run, struct specimen *specimen, struct str code, struct outcome *out,
             struct fault *fault)
{
    struct rules_request request = {.catalogue = run->catalogue,
                                    .rules = run->rules,
                                    .package = &specimen->package,
                                    .environment = ENVIRONMENT_TEST,
                                    .at = specimen->at,
                                    .figures = specimen->figures};
    struct findings     *findings = findings_create(run->scratch);
    struct inspection    inspection = {.scratch = run->scratch,
                                       .request = &request,
                                       .findings = findings,
                                       .tally = &out->tally,
                                       .only = code,
                                       .list_proposed = true};

    if (findings == NULL) {
        return FAIL(fault, ERR_MEMORY, "findings of a case");
    }
    out->findings = findings;
    if (!inspection_open(&inspection, 0)) {
        return ERR_OK;
    }
    return judge_report(&inspection, fault);
}

static enum wish
wish_of(const struct outcome *outcome)
{
    if (findings_count(outcome->findings) > 0) {
        return WISH_FAIL;
    }
    return outcome->tally.not_evaluated + outcome->tally.failed > 0 ? WISH_NOT_EVALUATED
                                                                    : WISH_PASS;
}

/* Amounts carry no-break spaces; authors write spaces. */
static struct str
with_spaces(struct arena *arena, struct str text)
{
    char  *copy = ARENA_NEW(arena, char, text.size + 1);
    size_t size = 0;

    if (copy == NULL) {
        return text;
    }
    for (size_t i = 0; i < text.size; i++) {
        bool no_break = text.data[i] == '\xC2' && i + 1 < text.size && text.data[i + 1] == '\xA0';
        copy[size] = text.data[i];
        if (no_break) {
            copy[size] = ' ';
            i++;
        }
        size++;
    }
    return (struct str){copy, size};
}

/* One attribute of `expect` against the finding; false and a description when they differ. */
static bool
same_value(struct run *run, struct str wanted, struct str got, const char *name,
           struct case_result *result)
{
    struct str plain = with_spaces(run->arena, got);

    if (wanted.data == NULL || str_equal(wanted, plain)) {
        return true;
    }
    result->wanted = str_format(run->arena, "%s „%.*s”", name, STR_ARG(wanted));
    result->got = str_format(run->arena, "%s „%.*s”", name, STR_ARG(plain));
    return false;
}

static bool
same_place(struct run *run, const struct case_source *source, int32_t expect,
           const struct finding *finding, struct case_result *result)
{
    const struct form *form = &source->catalogue->forms[source->form];
    struct str         row = element_attribute(source->table, expect, "row");
    struct str         column = element_attribute(source->table, expect, "column");
    struct str         got = str_format(run->arena, "%u", finding->offset / SPECIMEN_ROW_STEP);

    if (!same_value(run, row, got, "pozycja", result)) {
        return false;
    }
    struct str title = form_column_title(run->arena, form, column);
    if (column.data != NULL && !str_ends_with(finding->cell, title)) {
        result->wanted = str_format(run->arena, "komórka %.*s", STR_ARG(title));
        result->got = str_format(run->arena, "komórka %.*s", STR_ARG(finding->cell));
        return false;
    }
    return true;
}

/* The first finding against the element `expect`, if the case has one. */
static bool
same_finding(struct run *run, const struct case_source *source, int32_t item,
             const struct outcome *outcome, struct case_result *result)
{
    const struct element_table *table = source->table;
    int32_t                     expect = element_child(table, item, (struct str){0}, STR("expect"));

    if (expect == ELEMENT_NONE || findings_count(outcome->findings) == 0) {
        return true;
    }
    const struct finding *finding = findings_at(outcome->findings, 0);
    return same_place(run, source, expect, finding, result)
           && same_value(run, element_attribute(table, expect, "found"), finding->found, "jest",
                         result)
           && same_value(run, element_attribute(table, expect, "expected"), finding->expected,
                         "powinno być", result)
           && same_value(run, element_attribute(table, expect, "difference"), finding->difference,
                         "różnica", result);
}

static enum err
read_wish(const struct case_source *source, int32_t item, enum wish *out, struct fault *fault)
{
    struct str word = element_attribute(source->table, item, "expect");

    for (int i = 0; i < WISH_COUNT; i++) {
        if (str_equal(word, str_of(wishes[i].word))) {
            *out = (enum wish)i;
            return ERR_OK;
        }
    }
    return specimen_refuse(source, item, "nieznana wartość atrybutu expect:", word, fault);
}

/* What is misspelt would silently stay as it is when nothing is said of it. */
static enum err
check_words(const struct case_source *source, int32_t item, struct fault *fault)
{
    const struct source file = {.path = source->path, .table = *source->table};
    int32_t             it = file.table.items[item].first_child;

    TRY(source_only(&file, item, "name expect typ rok okres-typ okres date at", "row figure expect",
                    fault));
    for (; it != ELEMENT_NONE; it = file.table.items[it].next_sibling) {
        if (str_equal(file.table.items[it].name, STR("figure"))) {
            TRY(source_only(&file, it, "kind by key amount spread peers", "", fault));
        } else if (str_equal(file.table.items[it].name, STR("expect"))) {
            TRY(source_only(&file, it, "row column found expected difference", "", fault));
        }
    }
    return ERR_OK;
}

static enum err
run_case(struct run *run, const struct case_source *source, int32_t item,
         struct case_coverage *coverage, struct fault *fault)
{
    enum wish          wish = WISH_PASS;
    struct specimen    specimen = {0};
    struct outcome     outcome = {0};
    struct case_result result = {.entry = coverage->entry,
                                 .path = source->path,
                                 .line = source->table->items[item].start,
                                 .name = element_attribute(source->table, item, "name")};

    TRY(check_words(source, item, fault));
    TRY(read_wish(source, item, &wish, fault));
    TRY(specimen_build(run->scratch, source, item, &specimen, fault));
    TRY(run_specimen(run, &specimen, coverage->entry->code, &outcome, fault));
    enum wish got = wish_of(&outcome);
    if (got != wish) {
        result.wanted = str_of(wishes[wish].polish);
        result.got = str_of(wishes[got].polish);
    }
    result.passed = got == wish && same_finding(run, source, item, &outcome, &result);
    coverage->loud += result.passed && wish == WISH_FAIL ? 1 : 0;
    coverage->quiet += result.passed && wish == WISH_PASS ? 1 : 0;
    return add_result(run, &result, fault);
}

static enum err
run_file(struct run *run, int32_t form, struct case_coverage *coverage, struct fault *fault)
{
    struct str  folder = run->catalogue->forms[form].folder;
    const char *slash = str_ends_with(folder, STR("/")) ? "" : "/";
    struct str  path = str_format(run->arena, "%.*s%stests/%.*s.xml", STR_ARG(folder), slash,
                                  STR_ARG(coverage->entry->code));
    struct str  bytes = bundle_file(run->catalogue->bundle, path);
    struct element_table table = {0};
    struct case_source   source = {.catalogue = run->catalogue,
                                   .form = form,
                                   .path = path,
                                   .table = &table,
                                   .points = coverage->entry->points};

    if (bytes.data == NULL) {
        return ERR_OK; /* the coverage says so */
    }
    TRY(xml_tree_read(run->arena, bytes, path, &table, fault));
    if (!str_equal(element_attribute(&table, 0, "rule"), coverage->entry->code)) {
        return specimen_refuse(&source, 0, "plik jest o innej regule niż", coverage->entry->code,
                               fault);
    }
    int32_t item = element_child(&table, 0, (struct str){0}, STR("case"));
    while (item != ELEMENT_NONE) {
        run->scratch = arena_create(SCRATCH_MAX);
        enum err got = run_case(run, &source, item, coverage, fault);
        arena_destroy(run->scratch);
        TRY(got);
        item = element_next(&table, item);
    }
    return ERR_OK;
}

static enum err
run_form(struct run *run, int32_t form, struct fault *fault)
{
    const struct compiled_form *compiled = &run->rules->forms[form];

    for (size_t i = 0; i < compiled->rule_count; i++) {
        struct case_coverage *coverage = &run->coverage[run->coverage_count];
        coverage->entry = compiled->rules[i].entry;
        run->coverage_count++;
        TRY(run_file(run, form, coverage, fault));
    }
    return ERR_OK;
}

static struct str
folder_of(struct str path)
{
    size_t name = path.size;

    while (name > 0 && path.data[name - 1] != '/') {
        name--;
    }
    return str_slice(path, 0, name);
}

static bool
is_below(struct str folder, struct str code, struct str path)
{
    struct str name = str_slice(path, folder.size + STR("tests/").size, SIZE_MAX);

    return str_starts_with(path, folder) && name.size == code.size + STR(".xml").size
           && str_starts_with(name, code);
}

/* Whether path is tests/CODE.xml beside the rules of the entry or beside its form. */
static bool
is_of(const struct catalogue *catalogue, const struct rule_entry *entry, struct str path)
{
    return is_below(folder_of(entry->path), entry->code, path)
           || (entry->form != ENTRY_OF_NO_FORM
               && is_below(catalogue->forms[entry->form].folder, entry->code, path));
}

static bool
is_case_file(struct str path)
{
    return str_ends_with(folder_of(path), STR("/tests/"))
           && !str_ends_with(path, STR("/example.xml"));
}

/* Cases of a rule that is not there would never run: their name is misspelt, or the code is. */
static enum err
refuse_strays(const struct catalogue *catalogue, struct fault *fault)
{
    for (size_t i = 0; i < catalogue->bundle->file_count; i++) {
        struct str path = catalogue->bundle->files[i].path;
        bool       known = !is_case_file(path);
        for (size_t j = 0; !known && j < catalogue->entry_count; j++) {
            known = is_of(catalogue, &catalogue->entries[j], path);
        }
        if (!known) {
            return FAIL(fault, ERR_CATALOGUE,
                        "%.*s: obok, w pliku reguł, nie ma reguły o tym kodzie", STR_ARG(path));
        }
    }
    return ERR_OK;
}

static void
sum_up(const struct run *run, struct cases_summary *out)
{
    *out = (struct cases_summary){.results = run->results,
                                  .result_count = run->result_count,
                                  .coverage = run->coverage,
                                  .coverage_count = run->coverage_count};
    for (size_t i = 0; i < run->result_count; i++) {
        out->failed += run->results[i].passed ? 0 : 1;
    }
    for (size_t i = 0; i < run->coverage_count; i++) {
        bool covered = run->coverage[i].quiet > 0 && run->coverage[i].loud > 0;
        out->uncovered += covered ? 0 : 1;
    }
}

enum err
cases_run(struct arena *arena, const struct catalogue *catalogue, const struct rules *rules,
          struct cases_summary *out, struct fault *fault)
{
    struct run run = {.arena = arena, .catalogue = catalogue, .rules = rules};

    run.coverage = ARENA_NEW(arena, struct case_coverage, catalogue->entry_count + 1);
    if (run.coverage == NULL) {
        return FAIL(fault, ERR_MEMORY, "coverage of %zu rules", catalogue->entry_count);
    }
    TRY(refuse_strays(catalogue, fault));
    for (size_t i = 0; i < catalogue->form_count; i++) {
        TRY(run_form(&run, (int32_t)i, fault));
    }
    sum_up(&run, out);
    return ERR_OK;
}

enum err
cases_pass(struct arena *arena, const struct case_question *question, bool *out,
           struct fault *fault)
{
    struct case_coverage coverage = {.entry = question->entry};
    struct run run = {.arena = arena, .catalogue = question->catalogue, .rules = question->rules};

    TRY(run_file(&run, question->form, &coverage, fault));
    *out = true;
    for (size_t i = 0; i < run.result_count; i++) {
        *out = *out && run.results[i].passed;
    }
    return ERR_OK;
}

#include "validators/vtl/lint.h"

enum { CODE_DIGITS = 3 };

struct lint {
    const struct vtl_script *script;
    struct vtl_problem      *problems;
    size_t                   problem_max;
    size_t                   count; /* found, also those that did not fit */
    struct vtl_problem       unkept;
};

static struct vtl_problem *
next_problem(struct lint *lint)
{
    size_t at = lint->count++;

    return at < lint->problem_max ? &lint->problems[at] : &lint->unkept;
}

/* [A-Z0-9]+-[0-9]{3} */
static bool
is_code(struct str code)
{
    if (code.size < CODE_DIGITS + 2 || code.data[code.size - CODE_DIGITS - 1] != '-'
        || !str_all_digits(str_slice(code, code.size - CODE_DIGITS, CODE_DIGITS))) {
        return false;
    }
    for (size_t i = 0; i < code.size - CODE_DIGITS - 1; i++) {
        char byte = code.data[i];
        if (!(byte >= 'A' && byte <= 'Z') && !(byte >= '0' && byte <= '9')) {
            return false;
        }
    }
    return true;
}

/* A rule before this one has the same code. */
static bool
is_repeated(const struct vtl_script *script, const struct script_rule *rule)
{
    for (size_t i = 0; i < script->ruleset_count; i++) {
        for (size_t j = 0; j < script->rulesets[i].rule_count; j++) {
            const struct script_rule *other = &script->rulesets[i].rules[j];
            if (other == rule) {
                return false;
            }
            if (str_equal(other->errorcode.text, rule->errorcode.text)) {
                return true;
            }
        }
    }
    return false;
}

static void
lint_codes(struct lint *lint, const struct script_rule *rule)
{
    struct str code = rule->errorcode.text;

    if (!rule->named) {
        (void)problem_set(next_problem(lint), rule->place, NULL,
                          "reguła nie ma nazwy; zacznij ją od nazwy i dwukropka, np. „R_001: ...”");
    }
    if (code.data == NULL) {
        (void)problem_set(next_problem(lint), rule->place, NULL,
                          "reguła „%.*s” nie ma kodu; dopisz „errorcode”", STR_ARG(rule->name));
    } else if (!is_code(code)) {
        (void)problem_set(next_problem(lint), rule->errorcode.place, NULL,
                          "kod „%.*s” powinien składać się z wielkich liter i cyfr, łącznika "
                          "i trzech cyfr, np. „RB27S-001”",
                          STR_ARG(code));
    } else if (is_repeated(lint->script, rule)) {
        (void)problem_set(next_problem(lint), rule->errorcode.place, NULL,
                          "kod „%.*s” ma już inna reguła; każda ma własny", STR_ARG(code));
    }
    if (rule->errorlevel.text.data != NULL) {
        (void)problem_set(next_problem(lint), rule->errorlevel.place, NULL,
                          "wagę uwagi podaje rules.xml; usuń „errorlevel”");
    }
}

/* round(x / y, n): the only place where a quotient has a scale that the author chose. */
static bool
is_rounded(const struct vtl_script *script, const struct script_rule *rule, uint32_t quotient)
{
    for (uint32_t i = quotient; i <= rule->last_node; i++) {
        const struct node *node = &script->nodes[i];
        if (node->kind == NODE_ROUND && node->count == 2 && script->links[node->first] == quotient
            && script->nodes[script->links[node->first + 1]].kind != NODE_OMITTED) {
            return true;
        }
    }
    return false;
}

static void
lint_quotients(struct lint *lint, const struct script_rule *rule)
{
    for (uint32_t i = rule->first_node; i <= rule->last_node; i++) {
        const struct node *node = &lint->script->nodes[i];
        if (node->kind == NODE_DIVIDE && !is_rounded(lint->script, rule, i)) {
            (void)problem_set(next_problem(lint), node->place, NULL,
                              "iloraz powinien stać w „round(x / y, n)”, aby liczba miejsc po "
                              "przecinku była ustalona");
        }
    }
}

/* Rules of a form are datapoint rulesets: nobody would run anything else that stands beside them.
 */
static void
lint_datasets(struct lint *lint)
{
    const struct vtl_script *script = lint->script;

    for (size_t i = 0; i < script->hierarchy_count; i++) {
        (void)problem_set(
            next_problem(lint), script->hierarchies[i].place, NULL,
            "reguły formularza to zestawy „datapoint ruleset”; „hierarchical ruleset” "
            "nie byłby tu wykonany");
    }
    for (size_t i = 0; i < script->statement_count; i++) {
        const struct node *root = &script->nodes[script->statements[i].root];
        if (root->kind != NODE_CHECK_DATAPOINT
            || script_child(script, root, 0)->kind != NODE_NAME) {
            (void)problem_set(next_problem(lint), script->statements[i].place, NULL,
                              "reguły formularza to zestawy „datapoint ruleset”; wyrażenie na "
                              "zbiorach danych nie byłoby tu wykonane");
        }
    }
}

size_t
lint_script(const struct vtl_script *script, struct vtl_problem *problems, size_t problem_max)
{
    struct lint lint = {.script = script, .problems = problems, .problem_max = problem_max};

    for (size_t i = 0; i < script->ruleset_count; i++) {
        const struct script_ruleset *ruleset = &script->rulesets[i];
        for (size_t j = 0; j < ruleset->rule_count; j++) {
            lint_codes(&lint, &ruleset->rules[j]);
            lint_quotients(&lint, &ruleset->rules[j]);
        }
    }
    lint_datasets(&lint);
    return lint.count;
}

#include "validators/vtl/binder.h"

#include "validators/vtl/typing.h"

static enum err
find_ruleset(struct typing *typing)
{
    for (size_t i = 0; i < typing->script->ruleset_count; i++) {
        if (str_equal(typing->script->rulesets[i].name, typing->binding->ruleset)) {
            typing->ruleset = &typing->script->rulesets[i];
            return ERR_OK;
        }
    }
    return problem_set(typing->problem, (struct vtl_place){1, 1}, typing->fault,
                       "skrypt nie określa zestawu reguł „%.*s”",
                       STR_ARG(typing->binding->ruleset));
}

static bool
has_component(const struct vtl_structure *structure, struct str name)
{
    for (size_t i = 0; i < structure->count; i++) {
        if (str_equal(structure->components[i].name, name)) {
            return true;
        }
    }
    return false;
}

/* Every variable of the signature is a component of the data (VTL 2.2, check_datapoint). */
static enum err
check_signature(struct typing *typing)
{
    const struct script_ruleset *ruleset = typing->ruleset;

    ENSURE(ruleset != NULL);
    if (typing->binding->structure.count > VTL_COMPONENTS_MAX) {
        return problem_set(typing->problem, ruleset->place, typing->fault,
                           "zbiór danych ma więcej niż %d składowych", VTL_COMPONENTS_MAX);
    }
    for (size_t i = 0; i < ruleset->variable_count; i++) {
        const struct script_variable *variable = &ruleset->variables[i];
        if (!has_component(&typing->binding->structure, variable->name)) {
            return problem_set(typing->problem, variable->place, typing->fault,
                               "zbiór danych nie ma składowej „%.*s”; wielkie i małe litery się "
                               "różnią",
                               STR_ARG(variable->name));
        }
    }
    return ERR_OK;
}

static enum err
need_condition(struct typing *typing, uint32_t node, const char *what, uint32_t *out)
{
    struct meaning meaning = typing->meanings[node];

    if (meaning.type == MEANING_NULL) {
        *out = meaning_null(typing, MEANING_BOOLEAN);
        return ERR_OK;
    }
    if (meaning.type != MEANING_BOOLEAN) {
        return problem_set(typing->problem, typing->script->nodes[node].place, typing->fault,
                           "%s powinien być wartością logiczną (np. porównaniem), a jest to: %s",
                           what, meaning_name(meaning.type));
    }
    *out = meaning.at;
    return ERR_OK;
}

/* If the root is a comparison of two numbers, its sides at their common scale. */
static void
find_sides(struct typing *typing, const struct script_rule *source, struct plan_rule *rule)
{
    const struct node *root = &typing->script->nodes[source->then];

    rule->left = PLAN_NONE;
    rule->right = PLAN_NONE;
    if (root->kind < NODE_EQUAL || root->kind > NODE_GREATER_EQUAL) {
        return;
    }
    struct meaning left = meaning_child(typing, root, 0);
    struct meaning right = meaning_child(typing, root, 1);
    if (!meaning_is_number(left.type) || !meaning_is_number(right.type)) {
        return;
    }
    rule->left = left.at;
    rule->right = right.at;
    code_align(typing->code, &rule->left, &rule->right);
    rule->rule.compares = true;
    rule->rule.scale = typing->code->instructions[rule->left].scale;
}

static enum err
bind_rule(struct typing *typing, const struct script_rule *source, uint32_t index,
          struct plan_rule *out)
{
    struct plan_instruction outcome = {
        .op = PLAN_RULE, .b = PLAN_NONE, .c = PLAN_NONE, .index = index};
    uint32_t when = 0;

    typing->components = 0;
    for (uint32_t node = source->first_node; node <= source->last_node; node++) {
        TRY(typing_node(typing, node));
    }
    TRY(need_condition(typing, source->then, "warunek reguły", &outcome.a));
    if (source->when != NODE_NONE) {
        TRY(need_condition(typing, source->when, "warunek po „when”", &when));
        outcome.a = code_truth(typing->code, PLAN_WHEN, when, outcome.a);
    }
    out->rule = (struct vtl_rule){.name = source->name,
                                  .errorcode = source->errorcode.text,
                                  .errorlevel = source->errorlevel.text,
                                  .errorlevel_is_text = source->errorlevel.is_text,
                                  .components = typing->components,
                                  .place = source->place};
    find_sides(typing, source, out);
    (void)code_emit(typing->code, outcome);
    return ERR_OK;
}

static enum err
bind_rules(struct typing *typing, struct vtl_plan *plan)
{
    for (size_t i = 0; i < plan->rule_count; i++) {
        TRY(bind_rule(typing, &typing->ruleset->rules[i], (uint32_t)i, &plan->rules[i]));
        plan->components |= plan->rules[i].rule.components;
    }
    if (typing->code->full) {
        return FAIL(typing->fault, ERR_MEMORY, "code of %zu rules", plan->rule_count);
    }
    return ERR_OK;
}

static void
finish(struct vtl_plan *plan, const struct typing *typing)
{
    plan->instructions = typing->code->instructions;
    plan->instruction_count = typing->code->count;
    plan->set_count = typing->set_count;
    plan->notice_count = typing->notice_count;
    plan->domain_count = typing->binding->domains.count;
    for (size_t i = 0; i < plan->instruction_count; i++) {
        plan->uses_texts |= plan_uses_texts(plan->instructions[i].op);
    }
}

enum err
binder_bind(struct arena *arena, const struct vtl_script *script, const struct vtl_binding *binding,
            struct vtl_plan **out, struct vtl_problem *problem, struct fault *fault)
{
    struct code   code = {0};
    struct typing typing = {
        .code = &code, .script = script, .binding = binding, .problem = problem, .fault = fault};
    struct vtl_plan *plan = ARENA_NEW(arena, struct vtl_plan, 1);

    TRY(find_ruleset(&typing));
    TRY(check_signature(&typing));
    if (plan != NULL && code_create(arena, &code)) {
        plan->rule_count = typing.ruleset->rule_count;
        plan->rules = ARENA_NEW(arena, struct plan_rule, plan->rule_count);
        plan->notices = ARENA_NEW(arena, struct vtl_problem, TYPING_NOTICES_MAX);
        plan->sets = ARENA_NEW(arena, struct vtl_domain_values, script->node_count + 1);
        typing.meanings = ARENA_NEW(arena, struct meaning, script->node_count + 1);
    }
    if (plan == NULL || plan->rules == NULL || plan->notices == NULL || plan->sets == NULL
        || typing.meanings == NULL) {
        return FAIL(fault, ERR_MEMORY, "plan of a ruleset");
    }
    typing.sets = plan->sets;
    typing.notices = plan->notices;
    TRY(bind_rules(&typing, plan));
    finish(plan, &typing);
    TRY(plan_assign(arena, plan, fault));
    *out = plan;
    return ERR_OK;
}

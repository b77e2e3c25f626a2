#include "validators/vtl/vtl.h"

#include "validators/vtl/binder.h"
#include "validators/vtl/lint.h"
#include "validators/vtl/parser.h"
#include "validators/vtl/run.h"
#include "validators/vtl/script.h"

enum err
vtl_parse(struct arena *arena, struct str text, struct vtl_script **out,
          struct vtl_problem *problem, struct fault *fault)
{
    return parser_parse(arena, text, out, problem, fault);
}

const struct vtl_statement *
vtl_statements(const struct vtl_script *script, size_t *count)
{
    *count = script->statement_count;
    return script->statements;
}

size_t
vtl_ruleset_count(const struct vtl_script *script)
{
    return script->ruleset_count;
}

struct str
vtl_ruleset_name(const struct vtl_script *script, size_t ruleset)
{
    ENSURE(ruleset < script->ruleset_count);
    return script->rulesets[ruleset].name;
}

size_t
vtl_lint(const struct vtl_script *script, struct vtl_problem *problems, size_t problem_max)
{
    return lint_script(script, problems, problem_max);
}

enum err
vtl_bind(struct arena *arena, const struct vtl_script *script, const struct vtl_binding *binding,
         struct vtl_plan **out, struct vtl_problem *problem, struct fault *fault)
{
    return binder_bind(arena, script, binding, out, problem, fault);
}

size_t
vtl_rule_count(const struct vtl_plan *plan)
{
    return plan->rule_count;
}

const struct vtl_rule *
vtl_rule(const struct vtl_plan *plan, size_t rule)
{
    ENSURE(rule < plan->rule_count);
    return &plan->rules[rule].rule;
}

const struct vtl_problem *
vtl_notices(const struct vtl_plan *plan, size_t *count)
{
    *count = plan->notice_count;
    return plan->notices;
}

enum err
vtl_run(struct arena *scratch, const struct vtl_plan *plan, const struct vtl_data *data,
        const struct vtl_options *options, struct vtl_rule_result *results, struct fault *fault)
{
    return run_rules(scratch, plan, data, options, results, fault);
}

enum err
vtl_operands(struct arena *scratch, const struct vtl_plan *plan, const struct vtl_data *data,
             const struct vtl_question *question, struct vtl_operands *out, struct fault *fault)
{
    return run_operands(scratch, plan, data, question, out, fault);
}

#include "validators/rules/lints.h"

#include "validators/rules/formulas.h"

struct lints {
    struct arena       *arena;
    struct str          path; /* of the script at hand */
    struct lint_remark *remarks;
    size_t              count;
    size_t              capacity;
    size_t              refused;
};

static enum err
add(struct lints *lints, const struct vtl_problem *problem, bool notice, struct fault *fault)
{
    struct lint_remark *remarks = arena_reserve(lints->arena, lints->remarks, lints->count,
                                                &lints->capacity, sizeof *remarks);

    if (remarks == NULL) {
        return FAIL(fault, ERR_MEMORY, "%zu remarks", lints->count + 1);
    }
    lints->remarks = remarks;
    remarks[lints->count] =
        (struct lint_remark){.path = lints->path, .problem = *problem, .notice = notice};
    lints->count++;
    lints->refused += notice ? 0 : 1;
    return ERR_OK;
}

/* What the script alone says; *clean: nothing that is refused. */
static enum err
read_script(struct lints *lints, const struct form *form, bool *clean, struct fault *fault)
{
    struct vtl_script  *script = NULL;
    struct vtl_problem *problems = ARENA_NEW(lints->arena, struct vtl_problem, LINTS_OF_FORM_MAX);

    if (problems == NULL) {
        return FAIL(fault, ERR_MEMORY, "remarks on %.*s", STR_ARG(lints->path));
    }
    *clean = false;
    enum err got = vtl_parse(lints->arena, form->vtl, &script, &problems[0], fault);
    if (got == ERR_SYNTAX) {
        return add(lints, &problems[0], false, fault);
    }
    TRY(got);
    size_t count = vtl_lint(script, problems, LINTS_OF_FORM_MAX);
    for (size_t i = 0; i < count; i++) {
        TRY(add(lints, &problems[i], false, fault));
    }
    *clean = count == 0;
    return ERR_OK;
}

/* What it says as rules of the form: types, columns, dictionaries, entries of rules.xml. */
static enum err
bind_script(struct lints *lints, const struct formulas_source *source, struct fault *fault)
{
    struct formulas    formulas = {0};
    struct vtl_problem problem = {0};
    size_t             count = 0;

    enum err got = formulas_compile(lints->arena, source, &formulas, &problem, fault);
    if (got == ERR_CATALOGUE) {
        return add(lints, &problem, false, fault);
    }
    TRY(got);
    if (formulas.plan == NULL) {
        return ERR_OK;
    }
    const struct vtl_problem *notices = vtl_notices(formulas.plan, &count);
    for (size_t i = 0; i < count; i++) {
        TRY(add(lints, &notices[i], true, fault));
    }
    return ERR_OK;
}

enum err
lints_run(struct arena *arena, const struct catalogue *catalogue, struct lints_summary *out,
          struct fault *fault)
{
    struct lints lints = {.arena = arena};
    size_t       script_count = 0;

    for (size_t i = 0; i < catalogue->form_count; i++) {
        const struct form *form = &catalogue->forms[i];
        bool               clean = false;
        if (form->vtl.size == 0) {
            continue;
        }
        script_count++;
        lints.path = str_format(arena, "%.*srules.vtl", STR_ARG(form->folder));
        TRY(read_script(&lints, form, &clean, fault));
        if (clean) {
            struct formulas_source positions = {catalogue, form, FORMULAS_BY_POSITION};
            struct formulas_source columns = {catalogue, form, FORMULAS_BY_COLUMN};
            TRY(bind_script(&lints, &positions, fault));
            TRY(bind_script(&lints, &columns, fault));
        }
    }
    *out = (struct lints_summary){.remarks = lints.remarks,
                                  .remark_count = lints.count,
                                  .script_count = script_count,
                                  .refused = lints.refused};
    return ERR_OK;
}

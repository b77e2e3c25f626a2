#include "validators/rules/lints.h"

#include "validators/rules/formulas.h"
#include "validators/vtl/omission.h"

struct lints {
    struct arena       *arena;
    struct str          path; /* of the script at hand */
    struct lint_remark *remarks;
    size_t              count;
    size_t              capacity;
    size_t              refused;
    size_t              first; /* remark of the script at hand */
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

/* The script without the rule that has the problem; without data: it has none that can go. */
static enum err
omit(struct lints *lints, const struct vtl_problem *problem, struct str text, struct str *out,
     struct fault *fault)
{
    struct vtl_place place = {problem->line, problem->column};

    *out = (struct str){0};
    return lints->count - lints->first < LINTS_OF_FORM_MAX
               ? omission_make(lints->arena, text, place, out, fault)
               : ERR_OK;
}

/* The script once it can be read: rule by rule what cannot is left out. */
static enum err
parse(struct lints *lints, struct str *text, struct vtl_script **out, struct fault *fault)
{
    struct vtl_problem problem = {0};
    enum err           got = vtl_parse(lints->arena, *text, out, &problem, fault);

    while (got == ERR_SYNTAX) {
        TRY(add(lints, &problem, false, fault));
        TRY(omit(lints, &problem, *text, text, fault));
        if (text->data == NULL) {
            return ERR_OK;
        }
        got = vtl_parse(lints->arena, *text, out, &problem, fault);
    }
    return got;
}

/* What the script alone says; *text: without the rules that are refused, or without data. */
static enum err
read_script(struct lints *lints, struct str *text, struct fault *fault)
{
    struct vtl_script  *script = NULL;
    struct vtl_problem *problems = ARENA_NEW(lints->arena, struct vtl_problem, LINTS_OF_FORM_MAX);
    struct str          left = {0};

    if (problems == NULL) {
        return FAIL(fault, ERR_MEMORY, "remarks on %.*s", STR_ARG(lints->path));
    }
    TRY(parse(lints, text, &script, fault));
    size_t count = text->data == NULL ? 0 : vtl_lint(script, problems, LINTS_OF_FORM_MAX);
    for (size_t i = 0; i < count; i++) {
        TRY(add(lints, &problems[i], false, fault));
        TRY(omit(lints, &problems[i], *text, &left, fault));
        *text = left.data == NULL ? *text : left; /* gone with an earlier one, or not to be left */
    }
    if (count > 0) {
        TRY(parse(lints, text, &script, fault));
        *text = vtl_lint(script, problems, LINTS_OF_FORM_MAX) > 0 ? (struct str){0} : *text;
    }
    return ERR_OK;
}

/* What it says as rules of the form: types, columns, dictionaries, entries of rules.xml. */
static enum err
bind_script(struct lints *lints, struct formulas_source *source, struct form *form,
            struct fault *fault)
{
    struct formulas    formulas = {0};
    struct vtl_problem problem = {0};
    size_t             count = 0;
    enum err           got = ERR_CATALOGUE;

    while (form->vtl.data != NULL && got == ERR_CATALOGUE) {
        got = formulas_compile(lints->arena, source, &formulas, &problem, fault);
        if (got == ERR_CATALOGUE) {
            TRY(add(lints, &problem, false, fault));
            TRY(omit(lints, &problem, form->vtl, &form->vtl, fault));
        }
    }
    if (form->vtl.data == NULL) {
        return ERR_OK;
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

static bool
is_behind(const struct vtl_problem *a, const struct vtl_problem *b)
{
    return a->line > b->line || (a->line == b->line && a->column > b->column);
}

/* In the order of the script: what was found after others may stand before them. */
static void
sort(struct lints *lints)
{
    for (size_t i = lints->first + 1; i < lints->count; i++) {
        struct lint_remark moved = lints->remarks[i];
        size_t             at = i;
        for (; at > lints->first && is_behind(&lints->remarks[at - 1].problem, &moved.problem);
             at--) {
            lints->remarks[at] = lints->remarks[at - 1];
        }
        lints->remarks[at] = moved;
    }
}

/* Its script, again and again without what is wrong in it. */
static enum err
lint_form(struct lints *lints, const struct catalogue *catalogue, const struct form *of,
          struct fault *fault)
{
    struct form            form = *of;
    struct formulas_source positions = {catalogue, &form, FORMULAS_BY_POSITION};
    struct formulas_source columns = {catalogue, &form, FORMULAS_BY_COLUMN};

    lints->first = lints->count;
    TRY(read_script(lints, &form.vtl, fault));
    TRY(bind_script(lints, &positions, &form, fault));
    TRY(bind_script(lints, &columns, &form, fault));
    sort(lints);
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
        if (form->vtl.size == 0) {
            continue;
        }
        script_count++;
        lints.path = str_format(arena, "%.*srules.vtl", STR_ARG(form->folder));
        TRY(lint_form(&lints, catalogue, form, fault));
    }
    *out = (struct lints_summary){.remarks = lints.remarks,
                                  .remark_count = lints.count,
                                  .script_count = script_count,
                                  .refused = lints.refused};
    return ERR_OK;
}

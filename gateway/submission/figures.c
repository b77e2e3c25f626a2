#include "gateway/submission/figures.h"

#include "gateway/reference/reference.h"

#include <string.h>

/* The questions, and which report of which subject each is about. */
struct asking {
    const struct figures_request *request;
    struct reference_question    *questions;
    struct reference_answer      *answers;
    uint32_t                     *reports;
    struct figures_subject      **subjects;
    size_t                        count;
};

static bool
asks(const struct asking *asking, const struct report *report)
{
    return report->state == REPORT_READ && report->form != FORM_UNKNOWN
           && rules_ask_figures(asking->request->definitions->rules, report->form);
}

static enum err
add_report(struct arena *arena, struct asking *asking, struct figures_subject *subject,
           uint32_t ordinal, const struct period *period, struct fault *fault)
{
    const struct report       *report = &subject->package->reports[ordinal];
    const struct catalogue    *catalogue = asking->request->definitions->catalogue;
    struct reference_question *question = &asking->questions[asking->count];
    int64_t                    unit = registry_unit_of(&subject->units[report->unit]);

    if (unit == 0 || !asks(asking, report)) {
        return ERR_OK;
    }
    const struct form *form = &catalogue->forms[report->form];
    *question = (struct reference_question){
        .unit = unit,
        .form = form->code,
        .level = catalogue_level(catalogue, form, package_trim(&report->identity.fields[UNIT_TYPE]),
                                 asking->request->environment),
        .variant = package_variant(arena, report),
        .period_end = period->end,
        .period_type = period->type->name};
    if (question->variant.data == NULL) {
        return FAIL(fault, ERR_MEMORY, "variant of a report");
    }
    asking->reports[asking->count] = ordinal;
    asking->subjects[asking->count] = subject;
    asking->count++;
    return ERR_OK;
}

static enum err
add_subject(struct arena *arena, struct asking *asking, struct figures_subject *subject,
            struct fault *fault)
{
    const struct period_fields *fields = &subject->package->period;
    struct period               period = {0};

    if (!catalogue_period(asking->request->definitions->catalogue, package_trim(&fields->year),
                          package_trim(&fields->type), package_trim(&fields->number), &period)) {
        return ERR_OK;
    }
    for (uint32_t i = 0; i < subject->package->report_count; i++) {
        TRY(add_report(arena, asking, subject, i, &period, fault));
    }
    return ERR_OK;
}

/* The answers to questions [from, to), all of one subject, as its figures. */
static enum err
give(struct arena *arena, const struct asking *asking, size_t from, size_t to, struct fault *fault)
{
    struct figures_subject *subject = asking->subjects[from];
    size_t                  count = 0;

    for (size_t i = from; i < to; i++) {
        count += asking->answers[i].count;
    }
    struct figure *figures = ARENA_NEW(arena, struct figure, count + 1);
    if (figures == NULL) {
        return FAIL(fault, ERR_MEMORY, "%zu figures", count);
    }
    subject->figures = (struct figures){.items = figures};
    for (size_t i = from; i < to; i++) {
        const struct reference_answer *answer = &asking->answers[i];
        for (size_t j = 0; j < answer->count; j++) {
            figures[subject->figures.count] = answer->items[j];
            figures[subject->figures.count].report = asking->reports[i];
            subject->figures.count++;
        }
        if (answer->exists) {
            memcpy(subject->sha256, answer->sha256, sizeof answer->sha256);
        }
    }
    return ERR_OK;
}

static enum err
give_all(struct arena *arena, const struct asking *asking, struct fault *fault)
{
    size_t to = 0;

    for (size_t from = 0; from < asking->count; from = to) {
        to = from + 1;
        while (to < asking->count && asking->subjects[to] == asking->subjects[from]) {
            to++;
        }
        TRY(give(arena, asking, from, to, fault));
    }
    return ERR_OK;
}

enum err
figures_find(struct arena *arena, const struct figures_request *request,
             struct figures_subject *subjects, size_t count, struct fault *fault)
{
    size_t most = 0;

    for (size_t i = 0; i < count; i++) {
        most += subjects[i].package->report_count;
    }
    struct asking asking = {.request = request,
                            .questions = ARENA_NEW(arena, struct reference_question, most + 1),
                            .answers = ARENA_NEW(arena, struct reference_answer, most + 1),
                            .reports = ARENA_NEW(arena, uint32_t, most + 1),
                            .subjects = ARENA_NEW(arena, struct figures_subject *, most + 1)};
    if (asking.questions == NULL || asking.answers == NULL || asking.reports == NULL
        || asking.subjects == NULL) {
        return FAIL(fault, ERR_MEMORY, "figures for %zu reports", most);
    }
    for (size_t i = 0; i < count; i++) {
        subjects[i].figures = (struct figures){0};
        memset(subjects[i].sha256, 0, sizeof subjects[i].sha256);
        TRY(add_subject(arena, &asking, &subjects[i], fault));
    }
    const struct reference_request reference = {
        .questions = asking.questions, .count = asking.count, .reading = request->reading};
    TRY(reference_ask(request->store, arena, &reference, asking.answers, fault));
    return give_all(arena, &asking, fault);
}

#include "gateway/reference/plausibility.h"

/* One amount by one code that some rule asks for. */
struct question {
    const struct form *form;
    struct str         field;
    struct str         by;
};

struct making {
    struct store              *store;
    struct arena              *arena;
    const struct catalogue    *catalogue;
    const struct period       *period;
    struct date                before; /* the last day of the period a year before */
    struct plausibility_counts counts;
};

static bool
asks_for_others(const struct rule_entry *entry)
{
    return str_equal(entry->check, STR("like-last-year"))
           || str_equal(entry->check, STR("like-peers"));
}

static bool
same_question(const struct question *a, const struct question *b)
{
    return str_equal(a->form->code, b->form->code) && str_equal(a->field, b->field)
           && str_equal(a->by, b->by);
}

/* Each once, of the version of a form that holds for the period. */
static enum err
list_questions(const struct making *making, struct question **out, size_t *count,
               struct fault *fault)
{
    const struct catalogue *catalogue = making->catalogue;
    struct question        *questions =
        ARENA_NEW(making->arena, struct question, catalogue->entry_count + 1);
    size_t kept = 0;

    if (questions == NULL) {
        return FAIL(fault, ERR_MEMORY, "what rules ask for");
    }
    for (size_t i = 0; i < catalogue->entry_count; i++) {
        const struct rule_entry *entry = &catalogue->entries[i];
        bool                     again = false;
        if (entry->form == ENTRY_OF_NO_FORM || !asks_for_others(entry)) {
            continue;
        }
        questions[kept] =
            (struct question){&catalogue->forms[entry->form], entry->points, entry->by};
        for (size_t j = 0; j < kept; j++) {
            again = again || same_question(&questions[j], &questions[kept]);
        }
        kept += again ? 0 : 1;
    }
    *out = questions;
    *count = kept;
    return ERR_OK;
}

/* Reports of a year before may be of another version of the form, with other places for a name. */
static enum err
gather(struct making *making, const struct question *wish, const struct form *form,
       struct fault *fault)
{
    static const char sql[] =
        "SELECT reference.gather_units($1, $2, $3, $4, $5::integer, $6, $7::integer, $8::date, $9)";

    struct store_parameters parameters = store_parameters_create(making->arena);
    struct store_rows       rows = {0};
    int                     code = form_code_index(form, wish->by);
    int                     slot = form_amount_index(form, wish->field);

    if (code < 0 || slot < 0) {
        return ERR_OK;
    }
    store_put_number(&parameters, making->counts.edition);
    store_put_text(&parameters, form->code);
    store_put_text(&parameters, form->version);
    store_put_text(&parameters, wish->by);
    store_put_number(&parameters, code + 1);
    store_put_text(&parameters, wish->field);
    store_put_number(&parameters, slot + 1);
    store_put_date(&parameters, making->before);
    store_put_text(&parameters, making->period->type->name);
    TRY(store_run(making->store, sql, &parameters, making->arena, &rows, fault));
    making->counts.units += store_number(&rows, 0, 0);
    return ERR_OK;
}

static enum err
gather_all(struct making *making, struct fault *fault)
{
    struct question *questions = NULL;
    size_t           count = 0;

    TRY(list_questions(making, &questions, &count, fault));
    for (size_t i = 0; i < count; i++) {
        for (size_t j = 0; j < making->catalogue->form_count; j++) {
            const struct form *form = &making->catalogue->forms[j];
            if (str_equal(form->code, questions[i].form->code)) {
                TRY(gather(making, &questions[i], form, fault));
            }
        }
    }
    return ERR_OK;
}

static enum err
seal(struct making *making, struct str by, struct fault *fault)
{
    struct store_parameters parameters = store_parameters_create(making->arena);
    struct store_rows       rows = {0};
    struct buf              basis = buf_create(making->arena, 128);

    buf_append(&basis, STR("sprawozdania obowiązujące za okres kończący się "));
    date_write(&basis, making->before);
    if (!buf_ok(&basis)) {
        return FAIL(fault, ERR_MEMORY, "basis of an edition");
    }
    store_put_number(&parameters, making->counts.edition);
    store_put_date(&parameters, making->period->end);
    store_put_text(&parameters, making->period->type->name);
    store_put_text(&parameters, by);
    store_put_text(&parameters, buf_str(&basis));
    TRY(store_run(making->store, "SELECT reference.seal($1, 'plausibility', $2::date, $3, $4, $5)",
                  &parameters, making->arena, &rows, fault));
    making->counts.is_new = store_truth(&rows, 0, 0);
    return ERR_OK;
}

enum err
plausibility_make(struct store *store, struct arena *arena, const struct plausibility_wish *wish,
                  struct plausibility_counts *out, struct fault *fault)
{
    const struct period *period = wish->period;
    struct making        making = {
               .store = store,
               .arena = arena,
               .catalogue = wish->catalogue,
               .period = period,
               .before = date_month_end(period->year - 1, period->number * period->type->months)};
    struct store_parameters parameters = store_parameters_create(arena);
    struct store_rows       rows = {0};

    TRY(store_run(store, "SELECT reference.begin_edition()", NULL, arena, &rows, fault));
    making.counts.edition = store_number(&rows, 0, 0);
    TRY(gather_all(&making, fault));
    store_put_number(&parameters, making.counts.edition);
    TRY(store_run(store, "SELECT reference.gather_peers($1)", &parameters, arena, &rows, fault));
    making.counts.peers = store_number(&rows, 0, 0);
    TRY(seal(&making, wish->by, fault));
    *out = making.counts;
    return ERR_OK;
}

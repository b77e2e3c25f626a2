#include "gateway/reader/obligation_filter.h"

#include "gateway/reader/listing.h"

enum { WORD_MAX = 40 };

static const char now_sql[] = "SELECT now() + s.clock_offset, cardinality(registry.seen_offices())"
                              " > 0 FROM registry.setting s";

/* The planner cannot know how many duties a policy lets an office see, takes them for few, and
 * would sort a country or go through it in loops. For this transaction. */
static const char plan_sql[] = "SELECT set_config('enable_nestloop', 'off', true),"
                               " set_config('enable_sort', 'off', true),"
                               " set_config('jit', 'off', true)";

static bool
wish_region(const struct asked *asked, struct str *out)
{
    struct str text = asked_parameter(asked, "region");

    *out = text.size > 0 ? text : STR("");
    return text.size == 0 || (str_all_digits(text) && (text.size == 2 || text.size == 4));
}

/* clang-format off */
static struct wish_check
read_filter(const struct asked *asked, struct str list, struct obligation_filter *out)
{
    static const char text_wanted[] = "ma mieć najwyżej 40 bajtów";
    static const char regon_wanted[] = "ma być numerem REGON: 9 albo 14 cyfr";
    const struct wish_check checks[] = {
        listing_limit(asked, OBLIGATION_FILTER_LIMIT, &out->limit),
        listing_cursor(asked, list, &out->after),
        {"period", "nie ma takiego okresu; okres ma postać 2026-Q2 (kwartały Q1 do Q4), 2026-03 albo 2026 (roczne)",
         wish_period(asked, "period", &out->period)},
        {"form", text_wanted, wish_text(asked, "form", WORD_MAX, &out->form)},
        {"level", text_wanted, wish_text(asked, "level", WORD_MAX, &out->level)},
        {"state", "ma być jednym ze słów: not_due, due, submitted, late, fulfilled, waived, superseded",
         wish_word(asked, "state", STR("not_due due submitted late fulfilled waived superseded"), &out->state)},
        {"unit", regon_wanted, wish_regon(asked, "unit", &out->unit)},
        {"jst", regon_wanted, wish_regon(asked, "jst", &out->jst)},
        {"region", "ma mieć 2 cyfry województwa albo 4 cyfry powiatu", wish_region(asked, &out->region)},
        {"office", text_wanted, wish_text(asked, "office", WORD_MAX, &out->office)},
        {"only", "ma być jednym ze słów: open, missing, questioned, after_window",
         wish_word(asked, "only", STR("open missing questioned after_window"), &out->only)},
    };

    return wish_first_bad(checks, ARRAY_COUNT(checks));
}
/* clang-format on */

enum err
obligation_filter_read(struct asked *asked, struct str list, struct obligation_filter *out,
                       bool *refused, struct fault *fault)
{
    struct store_rows rows = {0};

    out->list = list;
    out->after = -1;
    struct wish_check wrong = read_filter(asked, list, out);
    *refused = wrong.name != NULL;
    if (*refused) {
        return asked_refuse_parameter(asked, wrong.name, wrong.wanted, fault);
    }
    TRY(store_run(asked->tools->store, now_sql, NULL, asked->arena, &rows, fault));
    if (store_row_count(&rows) != 1) {
        return FAIL(fault, ERR_STORE, "registry.setting must have one row");
    }
    out->at = store_instant(&rows, 0, 0);
    out->for_office = store_truth(&rows, 0, 1);
    return ERR_OK;
}

enum err
obligation_filter_plan(const struct asked *asked, struct fault *fault)
{
    return store_run(asked->tools->store, plan_sql, NULL, asked->arena, NULL, fault);
}

void
obligation_filter_put(const struct obligation_filter *filter, struct store_parameters *parameters)
{
    const struct str texts[] = {filter->period, filter->form,   filter->level,
                                filter->state,  filter->unit,   filter->jst,
                                filter->region, filter->office, filter->only};

    store_put_instant(parameters, filter->at);
    for (size_t i = 0; i < ARRAY_COUNT(texts); i++) {
        store_put_text(parameters, texts[i]);
    }
}

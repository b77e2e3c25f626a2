#include "gateway/reader/obligation_row.h"

enum { LAST_PARAMETER = 13 };

/* A due date and a number in one, so that a cursor is one number: 40 bits for the number. */
#define PLACE "(((s.due_on - date '1970-01-01')::bigint << 40) + s.duty)"

enum column {
    DUTY,
    PLACE_OF,
    UNIT_NAME,
    UNIT_REGON,
    FORM,
    FORM_TITLE,
    LEVEL,
    VARIANT,
    PERIOD,
    RECIPIENT,
    RECIPIENT_TITLE,
    OFFICE,
    COPIES,
    PERIOD_END,
    INTERNAL_ON,
    EMPTY_ALLOWED,
    NOTHING_ALLOWED,
    CREATED_AT,
    FIRST_ARRIVED,
    OPEN_QUERIES,
    OPENS_AT,
    DUE_BEFORE,
    FILED_AT,
    PENDING_AT,
    DUE_ON,
    NOMINAL_ON,
    RULE,
    BASIS,
    CALENDAR,
    ACCEPTED_AT,
    NOTHING_AT,
    ELSEWHERE_ON,
    LAST_ARRIVED,
    LAST_VERDICT,
    AFTER_WINDOW,
    CORRECTION_UNTIL,
    WAIVED,
    EXEMPTION_BASIS,
    SUPERSEDED_ON,
    SUPERSEDED_WHY,
    SUCCESSOR,
    OUTAGE_BEGAN,
    OUTAGE_ENDED,
    MOVED,
    MOVED_AT,
    INTERNAL_MOVED,
    INTERNAL_MOVED_AT,
    TRAIT,
    TRAIT_TITLE,
    TRAIT_BELOW
};

#define COLUMNS                                                                                    \
    "SELECT f.duty, f.place, u.name, u.regon, f.form, f.form_title, f.level, f.variant, f.period," \
    " f.recipient, f.recipient_title, f.office, f.copies, f.period_end, nullif(f.internal_on, "    \
    "f.due_on),"                                                                                   \
    " f.empty_allowed, f.nothing_allowed, f.created_at, f.first_arrived, f.open_queries,"          \
    " f.opens_at, f.due_before, f.filed_at, f.pending_at, f.due_on, f.nominal_on, f.rule,"         \
    " f.basis, f.calendar, f.accepted_at, f.nothing_at,"                                           \
    " (f.elsewhere_at AT TIME ZONE 'Europe/Warsaw')::date, f.last_arrived, f.last_verdict,"        \
    " f.after_window, f.correction_until, f.exemption IS NOT NULL,"                                \
    " (SELECT e.basis FROM obligation.exemption e WHERE e.exemption = f.exemption),"               \
    " f.superseded_on, f.superseded_why,"                                                          \
    " (SELECT n.name FROM registry.unit n WHERE n.unit = f.superseded_by), o.began, o.ended,"      \
    " v.term, v.term_at, v.internal, v.internal_at,"                                               \
    " f.trait, (SELECT x.title FROM registry.trait x WHERE x.trait = f.trait),"                    \
    " f.kind IN ('jst', 'zwiazek')"

#define LIST(scope)                                                                            \
    COLUMNS " FROM (SELECT s.*, " PLACE " AS place" scope " AND " PLACE " > $11"               \
            "  ORDER BY s.due_on, s.duty LIMIT $12) f"                                         \
            " JOIN registry.unit u ON u.unit = f.unit"                                         \
            " LEFT JOIN LATERAL (SELECT t.began, t.ended FROM obligation.outage t"             \
            "  WHERE t.ended > f.due_before - interval '1 day' AND t.began < f.due_before"     \
            "   AND NOT EXISTS (SELECT 1 FROM obligation.revocation r WHERE r.what = 'outage'" \
            "    AND r.number = t.outage) ORDER BY t.began LIMIT 1) o ON true"                 \
            " LEFT JOIN LATERAL obligation.moves(f.duty) v ON $13"                             \
            " ORDER BY f.place"

static const char units_sql[] = LIST(OBLIGATION_FILTER_UNITS);
static const char offices_sql[] = LIST(OBLIGATION_FILTER_OFFICES);
static const char missing_sql[] = LIST(OBLIGATION_FILTER_MISSING);

static instant
instant_or_0(const struct store_rows *rows, size_t row, size_t column)
{
    return store_is_null(rows, row, column) ? 0 : store_instant(rows, row, column);
}

static int64_t
number_or_0(const struct store_rows *rows, size_t row, size_t column)
{
    return store_is_null(rows, row, column) ? 0 : store_number(rows, row, column);
}

static struct date
date_or_0(const struct store_rows *rows, size_t row, size_t column)
{
    return store_is_null(rows, row, column) ? (struct date){0} : store_date(rows, row, column);
}

static struct duty_story
read_story(const struct store_rows *rows, size_t row)
{
    return (struct duty_story){
        .facts = {.opens_at = store_instant(rows, row, OPENS_AT),
                  .due_before = store_instant(rows, row, DUE_BEFORE),
                  .superseded = !store_is_null(rows, row, SUPERSEDED_ON),
                  .waived = store_truth(rows, row, WAIVED),
                  .filed_at = instant_or_0(rows, row, FILED_AT),
                  .pending_at = instant_or_0(rows, row, PENDING_AT)},
        .due_on = store_date(rows, row, DUE_ON),
        .nominal_on = store_date(rows, row, NOMINAL_ON),
        .rule = store_text(rows, row, RULE),
        .basis = store_text(rows, row, BASIS),
        .calendar = store_text(rows, row, CALENDAR),
        .accepted_at = instant_or_0(rows, row, ACCEPTED_AT),
        .nothing_at = instant_or_0(rows, row, NOTHING_AT),
        .elsewhere_on = date_or_0(rows, row, ELSEWHERE_ON),
        .last_arrived = instant_or_0(rows, row, LAST_ARRIVED),
        .last_verdict = (int)store_number(rows, row, LAST_VERDICT),
        .after_window = store_truth(rows, row, AFTER_WINDOW),
        .correction_until = date_or_0(rows, row, CORRECTION_UNTIL),
        .exemption_basis = store_text(rows, row, EXEMPTION_BASIS),
        .superseded_on = date_or_0(rows, row, SUPERSEDED_ON),
        .superseded_why = store_text(rows, row, SUPERSEDED_WHY),
        .successor = store_text(rows, row, SUCCESSOR),
        .outage_began = instant_or_0(rows, row, OUTAGE_BEGAN),
        .outage_ended = instant_or_0(rows, row, OUTAGE_ENDED),
        .trait = store_text(rows, row, TRAIT_TITLE),
        .trait_below = store_truth(rows, row, TRAIT_BELOW)
    };
}

static struct obligation_row
read_row(const struct store_rows *rows, size_t row)
{
    return (struct obligation_row){.duty = store_number(rows, row, DUTY),
                                   .unit_name = store_text(rows, row, UNIT_NAME),
                                   .unit_regon = store_text(rows, row, UNIT_REGON),
                                   .form = store_text(rows, row, FORM),
                                   .form_title = store_text(rows, row, FORM_TITLE),
                                   .level = store_text(rows, row, LEVEL),
                                   .variant = store_text(rows, row, VARIANT),
                                   .period = store_text(rows, row, PERIOD),
                                   .recipient = store_text(rows, row, RECIPIENT),
                                   .recipient_title = store_text(rows, row, RECIPIENT_TITLE),
                                   .office = store_text(rows, row, OFFICE),
                                   .copies = store_text(rows, row, COPIES),
                                   .period_end = store_date(rows, row, PERIOD_END),
                                   .internal_on = date_or_0(rows, row, INTERNAL_ON),
                                   .empty_allowed = store_truth(rows, row, EMPTY_ALLOWED),
                                   .nothing_allowed = store_truth(rows, row, NOTHING_ALLOWED),
                                   .created_at = store_instant(rows, row, CREATED_AT),
                                   .first_arrived = instant_or_0(rows, row, FIRST_ARRIVED),
                                   .open_queries = store_number(rows, row, OPEN_QUERIES),
                                   .moved = number_or_0(rows, row, MOVED),
                                   .moved_at = instant_or_0(rows, row, MOVED_AT),
                                   .internal_moved = number_or_0(rows, row, INTERNAL_MOVED),
                                   .internal_moved_at = instant_or_0(rows, row, INTERNAL_MOVED_AT),
                                   .trait = store_text(rows, row, TRAIT),
                                   .story = read_story(rows, row)};
}

static enum err
choose(const struct asked *asked, const struct obligation_filter *filter, const char **sql,
       struct fault *fault)
{
    if (!filter->for_office) {
        return ERR_OK;
    }
    bool missing = str_equal(filter->only, STR("missing"));
    *sql = missing ? missing_sql : offices_sql;
    return missing ? ERR_OK : obligation_filter_plan(asked, fault);
}

enum err
obligation_row_read(struct asked *asked, const struct obligation_filter *filter,
                    struct obligation_row **out, size_t *count, struct str *next,
                    struct fault *fault)
{
    struct store_parameters parameters = store_parameters_create(asked->arena);
    struct store_rows       rows = {0};
    const char             *sql = units_sql;

    obligation_filter_put(filter, &parameters);
    store_put_number(&parameters, filter->after);
    store_put_number(&parameters, filter->limit + 1);
    store_put_truth(&parameters, filter->with_moves);
    ENSURE(parameters.count == LAST_PARAMETER);
    TRY(choose(asked, filter, &sql, fault));
    TRY(store_run(asked->tools->store, sql, &parameters, asked->arena, &rows, fault));
    *count = asked_cut(asked, filter->list, &rows, PLACE_OF, (size_t)filter->limit, next);
    *out = ARENA_NEW(asked->arena, struct obligation_row, *count + 1);
    if (*out == NULL) {
        return FAIL(fault, ERR_MEMORY, "%zu duties", *count);
    }
    for (size_t i = 0; i < *count; i++) {
        struct obligation_row *row = &(*out)[i];
        *row = read_row(&rows, i);
        row->state = duty_state(&row->story.facts, filter->at);
        row->explanation = duty_text(asked->arena, &row->story, filter->at);
    }
    return ERR_OK;
}

#include "gateway/setbook/owed.h"

enum { OWED_AT, OWED_ANY, OWED_OWN, OWED_OTHERS };
enum { LACKING_AT, LACKING_UNIT, LACKING_NAME };

#define ASKED                                                                  \
    "unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::text[], $5::text[]," \
    "       $6::bigint[], $7::text[])"                                         \
    " q (at, owner, scope, form, levels, days, period_type) "                  \
    "JOIN obligation.matter m ON m.form = q.form"                              \
    "    AND m.level = ANY (string_to_array(q.levels, ' '))"                   \
    "    AND m.period_end = DATE 'epoch' + q.days::integer"                    \
    "    AND m.period_type = q.period_type "
#define OPEN                                                                   \
    "d.superseded_on IS NULL AND d.exemption IS NULL AND d.nothing_at IS NULL" \
    " AND d.elsewhere_at IS NULL"

static const char owed_sql[] =
    "SELECT q.at, bool_or(true), bool_or(d.unit = q.owner AND " OPEN "),"
    "       bool_or(d.unit <> q.owner AND " OPEN ") "
    "FROM " ASKED "JOIN obligation.duty d ON d.matter = m.matter AND d.jst = q.owner "
    "WHERE q.scope = 0 GROUP BY q.at "
    "UNION ALL "
    "SELECT q.at, bool_or(true), bool_or(" OPEN "), false "
    "FROM " ASKED "JOIN obligation.duty d ON d.matter = m.matter AND d.unit = q.owner "
    "WHERE q.scope = 1 GROUP BY q.at";

static const char units_sql[] =
    "SELECT DISTINCT q.at, d.unit, u.name "
    "FROM " ASKED "JOIN obligation.duty d ON d.matter = m.matter AND d.jst = q.owner "
    "JOIN registry.unit u ON u.unit = d.unit "
    "WHERE d.unit <> q.owner AND " OPEN " AND NOT EXISTS ("
    "    SELECT FROM intake.report r WHERE r.unit = d.unit AND r.form = q.form"
    "        AND r.period_end = m.period_end AND r.period_type = q.period_type"
    "        AND r.level = m.level AND upper_inf(r.in_force)) "
    "ORDER BY q.at, d.unit";

/* What a statement is asked: wanted reports of one or many sets. */
struct questions {
    int64_t    *at;
    int64_t    *owners;
    int64_t    *scopes;
    struct str *forms;
    struct str *levels;
    int64_t    *days;
    struct str *types;
    size_t      count;
};

static enum err
questions_create(struct arena *arena, size_t room, struct questions *out, struct fault *fault)
{
    *out = (struct questions){.at = ARENA_NEW(arena, int64_t, room + 1),
                              .owners = ARENA_NEW(arena, int64_t, room + 1),
                              .scopes = ARENA_NEW(arena, int64_t, room + 1),
                              .forms = ARENA_NEW(arena, struct str, room + 1),
                              .levels = ARENA_NEW(arena, struct str, room + 1),
                              .days = ARENA_NEW(arena, int64_t, room + 1),
                              .types = ARENA_NEW(arena, struct str, room + 1)};
    if (out->at == NULL || out->owners == NULL || out->scopes == NULL || out->forms == NULL
        || out->levels == NULL || out->days == NULL || out->types == NULL) {
        return FAIL(fault, ERR_MEMORY, "what is owed of %zu reports", room);
    }
    return ERR_OK;
}

static void
questions_add(struct questions *list, int64_t at, const struct holding *holding, size_t wanted)
{
    const struct sets_want *asked = &holding->wanted[wanted];

    list->at[list->count] = at;
    list->owners[list->count] = holding->place->owner;
    list->scopes[list->count] = holding->place->key.scope;
    list->forms[list->count] = asked->operand->form;
    list->levels[list->count] = asked->operand->levels;
    list->days[list->count] = date_days(asked->period.end);
    list->types[list->count] = asked->period.type->name;
    list->count++;
}

static enum err
ask(const struct setbook_tools *tools, struct arena *arena, const char *sql,
    const struct questions *list, struct store_rows *rows, struct fault *fault)
{
    struct store_parameters parameters = store_parameters_create(arena);

    store_put_numbers(&parameters, list->at, list->count);
    store_put_numbers(&parameters, list->owners, list->count);
    store_put_numbers(&parameters, list->scopes, list->count);
    store_put_texts(&parameters, list->forms, list->count);
    store_put_texts(&parameters, list->levels, list->count);
    store_put_numbers(&parameters, list->days, list->count);
    store_put_texts(&parameters, list->types, list->count);
    return store_run(tools->store, sql, &parameters, arena, rows, fault);
}

static bool
is_to_be_asked(const struct holding *holding, bool anew)
{
    return anew || !holding->exists || !holding->is_current
           || holding->owed.size != holding->wanted_count;
}

struct str
owed_unit(struct arena *arena, int64_t unit)
{
    return str_format(arena, "%lld", (long long)unit);
}

/* The digits of one set, from its rows: at = number of the set * SETS_OPERANDS_MAX + wanted one. */
static enum err
note_digits(struct arena *arena, struct holding *holding, const struct store_rows *rows,
            size_t number, struct fault *fault)
{
    char *digits = ARENA_NEW(arena, char, holding->wanted_count + 1);

    if (digits == NULL) {
        return FAIL(fault, ERR_MEMORY, "what is owed of %zu reports", holding->wanted_count);
    }
    for (size_t i = 0; i < holding->wanted_count; i++) {
        digits[i] = '0';
    }
    for (size_t row = 0; row < store_row_count(rows); row++) {
        size_t at = (size_t)store_number(rows, row, OWED_AT);
        if (at / SETS_OPERANDS_MAX == number) {
            int sum = (store_truth(rows, row, OWED_ANY) ? HOLDING_OWED_ANY : 0)
                      + (store_truth(rows, row, OWED_OWN) ? HOLDING_OWED_OWN : 0)
                      + (store_truth(rows, row, OWED_OTHERS) ? HOLDING_OWED_OTHERS : 0);
            digits[at % SETS_OPERANDS_MAX] = (char)('0' + sum);
        }
    }
    holding->owed = (struct str){digits, holding->wanted_count};
    holding->owed_is_new = true;
    return ERR_OK;
}

static enum err
ask_owed(const struct setbook_tools *tools, struct arena *arena, struct holdings *holdings,
         bool anew, struct fault *fault)
{
    struct questions  list = {0};
    struct store_rows rows = {0};
    size_t            room = 0;

    for (size_t i = 0; i < holdings->count; i++) {
        room += is_to_be_asked(&holdings->items[i], anew) ? holdings->items[i].wanted_count : 0;
    }
    if (room == 0) {
        return ERR_OK;
    }
    TRY(questions_create(arena, room, &list, fault));
    for (size_t i = 0; i < holdings->count; i++) {
        const struct holding *holding = &holdings->items[i];
        for (size_t j = 0; is_to_be_asked(holding, anew) && j < holding->wanted_count; j++) {
            questions_add(&list, (int64_t)(i * SETS_OPERANDS_MAX + j), holding, j);
        }
    }
    TRY(ask(tools, arena, owed_sql, &list, &rows, fault));
    for (size_t i = 0; i < holdings->count; i++) {
        if (is_to_be_asked(&holdings->items[i], anew)) {
            TRY(note_digits(arena, &holdings->items[i], &rows, i, fault));
        }
    }
    return ERR_OK;
}

/* What is here of a wanted report: HOLDING_OWED_ANY some unit's, HOLDING_OWED_OWN the owner's. */
static int
presence(const struct holding *holding, const struct sets_want *wanted)
{
    int present = 0;

    for (size_t i = 0; i < holding->report_count; i++) {
        if (holding_matches(holding, wanted, &holding->reports[i])) {
            present |= HOLDING_OWED_ANY;
            present |= holding->reports[i].unit == holding->place->owner ? HOLDING_OWED_OWN : 0;
        }
    }
    return present;
}

/* Whether anything is known to be owed for a period: somebody has computed it then. */
static bool
is_known_for(const struct holding *holding, const struct period *period)
{
    for (size_t i = 0; i < holding->wanted_count; i++) {
        if (date_days(holding->wanted[i].period.end) == date_days(period->end)
            && str_equal(holding->wanted[i].period.type->name, period->type->name)
            && holding->owed.data[i] != '0') {
            return true;
        }
    }
    return false;
}

bool
owed_is_known(const struct holding *holding)
{
    return is_known_for(holding, &holding->place->key.period);
}

/* Of several levels the first: the rules take any of them. */
static struct str
level_of(const struct sets_operand *operand)
{
    struct str rest = operand->levels;
    struct str level = {0};

    return str_cut(&rest, ' ', &level) ? level : operand->levels;
}

static void
add_awaited(struct holding *holding, const struct sets_want *wanted, struct str unit,
            struct str name)
{
    holding->awaited[holding->awaited_count] =
        (struct sets_awaited){.form = wanted->operand->form,
                              .level = level_of(wanted->operand),
                              .period = wanted->period,
                              .unit = unit,
                              .name = name};
    holding->awaited_count++;
}

/* Of other units "somebody's" is enough as long as nothing of them is here: then no rule can be
 * judged anyway. Of a period of which nothing was computed nobody knows what will come. */
static enum err
await(struct arena *arena, struct holding *holding, struct fault *fault)
{
    struct str owner = owed_unit(arena, holding->place->owner);

    holding->awaited = ARENA_NEW(arena, struct sets_awaited, 2 * holding->wanted_count + 1);
    if (holding->awaited == NULL || owner.data == NULL) {
        return FAIL(fault, ERR_MEMORY, "what a set waits for");
    }
    for (size_t i = 0; i < holding->wanted_count; i++) {
        const struct sets_want *wanted = &holding->wanted[i];
        int                     owed = holding->owed.data[i] - '0';
        int                     present = presence(holding, wanted);
        if ((owed & HOLDING_OWED_OWN) != 0 && (present & HOLDING_OWED_OWN) == 0) {
            add_awaited(holding, wanted, owner, STR(""));
        }
        bool others = wanted->operand->many && (owed & HOLDING_OWED_OTHERS) != 0;
        if (present == 0 && (others || !is_known_for(holding, &wanted->period))) {
            add_awaited(holding, wanted, STR(""), STR(""));
        }
    }
    return ERR_OK;
}

enum err
owed_complete(const struct setbook_tools *tools, struct arena *arena, struct holdings *holdings,
              bool anew, struct fault *fault)
{
    TRY(ask_owed(tools, arena, holdings, anew, fault));
    for (size_t i = 0; i < holdings->count; i++) {
        TRY(await(arena, &holdings->items[i], fault));
    }
    return ERR_OK;
}

/* Whether a rule that sums up reports of this kind has all its operands. */
static bool
is_needed(const struct holding *holding, const struct sets_want *wanted)
{
    for (size_t i = 0; i < holding->report_count; i++) {
        if (holding->needs[i] && holding_matches(holding, wanted, &holding->reports[i])) {
            return true;
        }
    }
    return false;
}

static enum err
take_units(struct arena *arena, struct holding *holding, const struct store_rows *rows,
           struct fault *fault)
{
    size_t               count = store_row_count(rows);
    struct sets_awaited *awaited =
        ARENA_NEW(arena, struct sets_awaited, holding->awaited_count + count + 1);

    if (awaited == NULL) {
        return FAIL(fault, ERR_MEMORY, "%zu reports that a set waits for", count);
    }
    for (size_t i = 0; i < holding->awaited_count; i++) {
        awaited[i] = holding->awaited[i];
    }
    holding->awaited = awaited;
    for (size_t i = 0; i < count; i++) {
        struct str unit = owed_unit(arena, store_number(rows, i, LACKING_UNIT));
        if (unit.data == NULL) {
            return FAIL(fault, ERR_MEMORY, "a unit that a set waits for");
        }
        add_awaited(holding, &holding->wanted[store_number(rows, i, LACKING_AT)], unit,
                    store_text(rows, i, LACKING_NAME));
    }
    return ERR_OK;
}

enum err
holding_ask_units(const struct setbook_tools *tools, struct arena *arena, struct holding *holding,
                  struct fault *fault)
{
    struct questions  list = {0};
    struct store_rows rows = {0};

    TRY(questions_create(arena, holding->wanted_count, &list, fault));
    for (size_t i = 0; i < holding->wanted_count; i++) {
        bool others = holding->wanted[i].operand->many
                      && ((holding->owed.data[i] - '0') & HOLDING_OWED_OTHERS) != 0;
        if (others && is_needed(holding, &holding->wanted[i])) {
            questions_add(&list, (int64_t)i, holding, i);
        }
    }
    if (list.count == 0) {
        return ERR_OK;
    }
    TRY(ask(tools, arena, units_sql, &list, &rows, fault));
    return take_units(arena, holding, &rows, fault);
}

#include "gateway/setbook/holdings.h"

#include "gateway/fingerprint/fingerprint.h"
#include "gateway/setbook/owed.h"
#include "gateway/setbook/table.h"

#include <string.h>

/* What a row of the answer is about. */
enum { ABOUT_SET, ABOUT_REPORT, ABOUT_FINDING };

enum column {
    COLUMN_ABOUT,
    COLUMN_AT,
    COLUMN_NUMBER1,
    COLUMN_NUMBER2,
    COLUMN_NUMBER3,
    COLUMN_FLAG,
    COLUMN_TEXT1,
    COLUMN_TEXT2,
    COLUMN_TEXT3,
    COLUMN_TEXT4,
    COLUMN_TEXT5,
};

#define DAY(days) "DATE 'epoch' + " days "::integer"
#define REPORT                                                                                  \
    "r.report, r.unit, r.row_count::bigint, false, r.form, r.form_version, r.level, r.variant," \
    " r.unit_name "

/*
 * Sets as they were judged; the reports of each period that their rules read; open findings. These
 * are looked up place by place (OFFSET 0 keeps it so): a plan of before the first finding would
 * begin with all that are open in the country.
 */
/* clang-format off */
static const char read_sql[] =
    "WITH place AS ("
    "    SELECT p.owner, p.scope, " DAY("p.days") " AS period_end, p.period_type, p.at "
    "    FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::text[]) WITH ORDINALITY"
    "        p (owner, scope, days, period_type, at)), "
    "pair AS ("
    "    SELECT p.owner, p.scope, " DAY("p.days") " AS period_end, p.period_type, p.at "
    "    FROM unnest($5::bigint[], $6::bigint[], $7::bigint[], $8::text[]) WITH ORDINALITY"
    "        p (owner, scope, days, period_type, at)), "
    "fresh AS ("
    "    SELECT f.jst, " DAY("f.days") " AS period_end, f.period_type, f.report "
    "    FROM unnest($9::bigint[], $10::bigint[], $11::text[], $12::bigint[])"
    "        f (jst, days, period_type, report)) "
    "SELECT 0, p.at, s.set, s.findings::bigint, 0::bigint, s.definitions = $13, s.state, s.reason,"
    "    s.pending::text, s.owed, NULL "
    "FROM place p JOIN intake.report_set s USING (owner, scope, period_end, period_type) "
    "UNION ALL "
    "SELECT 1, p.at, " REPORT "FROM pair p CROSS JOIN LATERAL ("
    "    SELECT m.report FROM intake.set_member m WHERE m.jst = p.owner"
    "        AND m.period_end = p.period_end AND m.period_type = p.period_type "
    "    UNION SELECT f.report FROM fresh f WHERE f.jst = p.owner"
    "        AND f.period_end = p.period_end AND f.period_type = p.period_type) m "
    "JOIN intake.report r ON r.report = m.report AND upper_inf(r.in_force) WHERE p.scope = 0 "
    "UNION ALL "
    "SELECT 1, p.at, " REPORT "FROM pair p JOIN intake.report r ON r.unit = p.owner"
    "    AND r.period_end = p.period_end AND r.period_type = p.period_type"
    "    AND upper_inf(r.in_force) WHERE p.scope = 1 "
    "UNION ALL "
    "SELECT 2, p.at, f.finding, f.report, 0, false, f.code, f.severity, f.cell, v.found, v.expected "
    "FROM place p CROSS JOIN LATERAL ("
    "    SELECT o.finding, o.report, o.code, o.severity, o.cell FROM intake.set_finding o"
    "    WHERE o.owner = p.owner AND o.scope = p.scope AND o.period_end = p.period_end"
    "        AND o.period_type = p.period_type AND o.closed_at IS NULL OFFSET 0) f "
    "CROSS JOIN LATERAL (SELECT w.found, w.expected FROM intake.set_finding_value w"
    "    WHERE w.finding = f.finding OFFSET 0) v ORDER BY 1, 2, 3";
/* clang-format on */

/* A period of a set whose reports are asked for. */
struct pair {
    size_t        place;
    struct period period;
};

struct reading {
    const struct setbook_tools    *tools;
    struct arena                  *arena;
    const struct holdings_request *request;
    struct pair                   *pairs;
    size_t                         pair_count;
    struct holding                *holdings;
};

static bool
same_period(const struct period *a, const struct period *b)
{
    return date_days(a->end) == date_days(b->end) && str_equal(a->type->name, b->type->name);
}

/* Each period that the rules of this set read, once. */
static void
add_pairs(struct reading *reading, size_t place)
{
    const struct holding *holding = &reading->holdings[place];
    size_t                from = reading->pair_count;

    for (size_t i = 0; i < holding->wanted_count; i++) {
        bool known = false;
        for (size_t j = from; j < reading->pair_count; j++) {
            known = known || same_period(&reading->pairs[j].period, &holding->wanted[i].period);
        }
        if (!known) {
            reading->pairs[reading->pair_count] =
                (struct pair){.place = place, .period = holding->wanted[i].period};
            reading->pair_count++;
        }
    }
}

static enum err
find_pairs(struct reading *reading, struct fault *fault)
{
    const struct places *places = reading->request->places;
    size_t               room = 0;

    reading->holdings = ARENA_NEW(reading->arena, struct holding, places->now_count + 1);
    if (reading->holdings == NULL) {
        return FAIL(fault, ERR_MEMORY, "%zu sets", places->now_count);
    }
    for (size_t i = 0; i < places->now_count; i++) {
        struct holding *holding = &reading->holdings[i];
        holding->place = &places->now[i];
        holding->wanted_count =
            sets_wanted(reading->tools->sets, &places->now[i].key, holding->wanted);
        room += holding->wanted_count;
    }
    reading->pairs = ARENA_NEW(reading->arena, struct pair, room + 1);
    if (reading->pairs == NULL) {
        return FAIL(fault, ERR_MEMORY, "periods of %zu sets", places->now_count);
    }
    for (size_t i = 0; i < places->now_count; i++) {
        add_pairs(reading, i);
    }
    return ERR_OK;
}

/* Whose, of what scope, of which period. */
static void
add_key(struct table *table, const struct place *place, const struct period *period)
{
    table_number(table, 0, place->owner);
    table_number(table, 1, place->key.scope);
    table_number(table, 2, date_days(period->end));
    table_text(table, 3, period->type->name);
    table_next(table);
}

/* Places, their periods, and the batch's own reports, which are in the store, but no members yet.
 */
static enum err
put_all(const struct reading *reading, struct store_parameters *parameters, struct fault *fault)
{
    const struct places *places = reading->request->places;
    struct table         keys = {0};
    struct table         pairs = {0};
    struct table         fresh = {0};

    TRY(table_create(reading->arena, "nnnt", places->now_count, &keys, fault));
    TRY(table_create(reading->arena, "nnnt", reading->pair_count, &pairs, fault));
    TRY(table_create(reading->arena, "nntn", places->member_count, &fresh, fault));
    for (size_t i = 0; i < places->now_count; i++) {
        add_key(&keys, &places->now[i], &places->now[i].key.period);
    }
    for (size_t i = 0; i < reading->pair_count; i++) {
        add_key(&pairs, &places->now[reading->pairs[i].place], &reading->pairs[i].period);
    }
    for (size_t i = 0; i < places->member_count; i++) {
        const struct place_member *member = &places->members[i];
        const struct filed *filed = &reading->request->items[member->item].filed[member->ordinal];
        table_number(&fresh, 0, member->jst);
        table_number(&fresh, 1, date_days(filed->period.end));
        table_text(&fresh, 2, filed->period.type->name);
        table_number(&fresh, 3, filed->report);
        table_next(&fresh);
    }
    table_put(&keys, 0, 4, parameters);
    table_put(&pairs, 0, 4, parameters);
    table_put(&fresh, 0, 4, parameters);
    return ERR_OK;
}

static const struct form *
form_of(const struct catalogue *catalogue, struct str code, struct str version)
{
    for (size_t i = 0; i < catalogue->form_count; i++) {
        if (str_equal(catalogue->forms[i].code, code)
            && str_equal(catalogue->forms[i].version, version)) {
            return &catalogue->forms[i];
        }
    }
    return NULL;
}

static void
take_set(const struct store_rows *rows, size_t row, struct holding *holding)
{
    holding->exists = true;
    holding->is_current = store_truth(rows, row, COLUMN_FLAG);
    holding->state = store_text(rows, row, COLUMN_TEXT1);
    holding->reason = store_text(rows, row, COLUMN_TEXT2);
    holding->pending = store_text(rows, row, COLUMN_TEXT3);
    holding->owed = store_text(rows, row, COLUMN_TEXT4);
}

bool
holding_matches(const struct holding *holding, const struct sets_want *want,
                const struct holding_report *report)
{
    return str_equal(want->operand->form, report->facts.form->code)
           && str_has_word(want->operand->levels, report->facts.level)
           && same_period(&want->period, &report->facts.period)
           && (want->operand->many || report->unit == holding->place->owner);
}

bool
holding_reads(const struct setbook_tools *tools, const struct holding *holding,
              const struct sets_rule *rule, const struct holding_report *report)
{
    size_t                     known = 0;
    const struct sets_operand *operands = sets_operands(tools->sets, &known);

    for (size_t i = 0; i < holding->wanted_count; i++) {
        size_t operand = (size_t)(holding->wanted[i].operand - operands);
        if ((rule->operands >> operand & 1U) != 0
            && holding_matches(holding, &holding->wanted[i], report)) {
            return true;
        }
    }
    return false;
}

static bool
is_wanted(const struct holding *holding, const struct holding_report *report)
{
    for (size_t i = 0; i < holding->wanted_count; i++) {
        if (holding_matches(holding, &holding->wanted[i], report)) {
            return true;
        }
    }
    return false;
}

/* Reports that no rule of the set reads are left out. */
static enum err
take_report(struct reading *reading, const struct store_rows *rows, size_t row, struct fault *fault)
{
    ENSURE(reading->pairs != NULL); /* whatever comes back was asked for */
    const struct pair *pair = &reading->pairs[store_number(rows, row, COLUMN_AT) - 1];
    struct holding    *holding = &reading->holdings[pair->place];
    const struct form *form =
        form_of(reading->tools->catalogue, store_text(rows, row, COLUMN_TEXT1),
                store_text(rows, row, COLUMN_TEXT2));

    if (form == NULL) {
        holding->unreadable = true;
        return ERR_OK;
    }
    struct holding_report *report = &holding->reports[holding->report_count];
    *report = (struct holding_report){
        .report = store_number(rows, row, COLUMN_NUMBER1),
        .unit = store_number(rows, row, COLUMN_NUMBER2),
        .row_count = store_number(rows, row, COLUMN_NUMBER3),
        .unit_name = store_text(rows, row, COLUMN_TEXT5),
        .facts = {.form = form,
                  .level = store_text(rows, row, COLUMN_TEXT3),
                  .variant = store_text(rows, row, COLUMN_TEXT4),
                  .period = pair->period}
    };
    if (!is_wanted(holding, report)) {
        return ERR_OK;
    }
    report->facts.unit = owed_unit(reading->arena, report->unit);
    if (report->facts.unit.data == NULL) {
        return FAIL(fault, ERR_MEMORY, "a unit of a set");
    }
    holding->report_count++;
    return ERR_OK;
}

static void
take_finding(const struct store_rows *rows, size_t row, struct holding_finding *out)
{
    *out = (struct holding_finding){.finding = store_number(rows, row, COLUMN_NUMBER1),
                                    .report = store_number(rows, row, COLUMN_NUMBER2),
                                    .code = store_text(rows, row, COLUMN_TEXT1),
                                    .severity = store_text(rows, row, COLUMN_TEXT2),
                                    .cell = store_text(rows, row, COLUMN_TEXT3),
                                    .found = store_text(rows, row, COLUMN_TEXT4),
                                    .expected = store_text(rows, row, COLUMN_TEXT5)};
}

/* Rows come by kind, then by place; so each place's reports and findings are runs. */
static enum err
make_room(struct reading *reading, const struct store_rows *rows, struct fault *fault)
{
    size_t *reports = ARENA_NEW(reading->arena, size_t, reading->request->places->now_count + 1);
    size_t  count = store_row_count(rows);

    if (reports == NULL) {
        return FAIL(fault, ERR_MEMORY, "%zu sets", reading->request->places->now_count);
    }
    for (size_t i = 0; i < count; i++) {
        ENSURE(reading->pairs != NULL);
        if (store_number(rows, i, COLUMN_ABOUT) == ABOUT_REPORT) {
            reports[reading->pairs[store_number(rows, i, COLUMN_AT) - 1].place]++;
        }
    }
    for (size_t i = 0; i < reading->request->places->now_count; i++) {
        reading->holdings[i].reports =
            ARENA_NEW(reading->arena, struct holding_report, reports[i] + 1);
        if (reading->holdings[i].reports == NULL) {
            return FAIL(fault, ERR_MEMORY, "a set of %zu reports", reports[i]);
        }
    }
    return ERR_OK;
}

static enum err
take_rows(struct reading *reading, const struct store_rows *rows, struct fault *fault)
{
    size_t                  count = store_row_count(rows);
    struct holding_finding *findings = ARENA_NEW(reading->arena, struct holding_finding, count + 1);

    if (findings == NULL) {
        return FAIL(fault, ERR_MEMORY, "%zu rows of sets", count);
    }
    for (size_t i = 0; i < count; i++) {
        size_t at = (size_t)store_number(rows, i, COLUMN_AT) - 1;
        switch (store_number(rows, i, COLUMN_ABOUT)) {
        case ABOUT_SET:
            take_set(rows, i, &reading->holdings[at]);
            break;
        case ABOUT_REPORT:
            TRY(take_report(reading, rows, i, fault));
            break;
        default:
            take_finding(rows, i, &findings[i]);
            if (reading->holdings[at].finding_count == 0) {
                reading->holdings[at].findings = &findings[i];
            }
            reading->holdings[at].finding_count++;
            break;
        }
    }
    return ERR_OK;
}

enum err
holdings_read(const struct setbook_tools *tools, struct arena *arena,
              const struct holdings_request *request, struct holdings *out, struct fault *fault)
{
    struct reading          reading = {.tools = tools, .arena = arena, .request = request};
    struct store_parameters parameters = store_parameters_create(arena);
    struct store_rows       rows = {0};

    TRY(find_pairs(&reading, fault));
    TRY(put_all(&reading, &parameters, fault));
    store_put_bytes(&parameters, fingerprint_str(tools->catalogue->sha256));
    TRY(store_run(tools->store, read_sql, &parameters, arena, &rows, fault));
    TRY(make_room(&reading, &rows, fault));
    TRY(take_rows(&reading, &rows, fault));
    *out = (struct holdings){.items = reading.holdings, .count = request->places->now_count};
    return owed_complete(tools, arena, out, request->anew, fault);
}

enum err
holding_facts(const struct setbook_tools *tools, struct arena *arena, const struct holding *holding,
              struct sets_facts *out, struct fault *fault)
{
    struct sets_report *reports = ARENA_NEW(arena, struct sets_report, holding->report_count + 1);

    if (reports == NULL) {
        return FAIL(fault, ERR_MEMORY, "a set of %zu reports", holding->report_count);
    }
    for (size_t i = 0; i < holding->report_count; i++) {
        reports[i] = holding->reports[i].facts;
    }
    *out = (struct sets_facts){.key = holding->place->key,
                               .reports = reports,
                               .report_count = holding->report_count,
                               .awaited = holding->awaited,
                               .awaited_count = holding->awaited_count,
                               .awaited_known = owed_is_known(holding),
                               .environment = tools->environment,
                               .seed = tools->seed};
    return ERR_OK;
}

#include "gateway/setbook/record.h"

#include "gateway/fingerprint/fingerprint.h"
#include "gateway/setbook/table.h"
#include "validators/calendar/workday.h"

enum { DAY_TEXT_SIZE = 16 };

#define DAY(days) "DATE 'epoch' + " days "::integer"
#define NOBODY "'00000000-0000-0000-0000-000000000000'::uuid"

/*
 * Members, what was judged, and work: for later sets that read what has changed here, and for the
 * sets of what a decision again has changed elsewhere.
 */
static const char state_sql[] =
    "WITH members AS ("
    "    INSERT INTO intake.set_member (jst, period_end, period_type, report) "
    "    SELECT q.jst, " DAY(
        "q.days") ", q.period_type, q.report "
                  "    FROM unnest($1::bigint[], $2::bigint[], $3::text[], $4::bigint[])"
                  "        q (jst, days, period_type, report) ON CONFLICT DO NOTHING), "
                  "judged AS ("
                  "    INSERT INTO intake.report_set AS s (owner, scope, period_end, period_type, "
                  "year,"
                  "        period_number, period, state, reason, pending, owed, findings, "
                  "judged_at, definitions) "
                  "    SELECT q.owner, q.scope, " DAY(
                      "q.days") ", q.period_type, q.year, q.number, q.period,"
                                "           q.state, q.reason, q.pending::json, q.owed, "
                                "q.findings, $15, $16 "
                                "    FROM unnest($5::bigint[], $6::bigint[], $7::bigint[], "
                                "$8::text[], $9::bigint[],"
                                "                $10::bigint[], $11::text[], $12::text[], "
                                "$13::text[], $14::text[],"
                                "                $17::text[], $18::bigint[])"
                                "        q (owner, scope, days, period_type, year, number, period, "
                                "state, reason, pending,"
                                "           owed, findings) "
                                "    ON CONFLICT (owner, period_end, period_type, scope) DO UPDATE "
                                "SET"
                                "        state = EXCLUDED.state, reason = EXCLUDED.reason, pending "
                                "= EXCLUDED.pending,"
                                "        owed = EXCLUDED.owed, findings = EXCLUDED.findings, "
                                "judged_at = EXCLUDED.judged_at,"
                                "        definitions = EXCLUDED.definitions, revision = s.revision "
                                "+ 1), "
                                "later AS ("
                                "    INSERT INTO intake.set_work (set, cause) "
                                "    SELECT s.set, 'operand' "
                                "    FROM unnest($19::bigint[], $20::bigint[], $21::bigint[], "
                                "$22::text[])"
                                "        q (owner, scope, days, period_type) "
                                "    JOIN intake.report_set s ON s.owner = q.owner AND s.scope = "
                                "q.scope"
                                "        AND s.period_end = " DAY(
                                    "q.days") " AND s.period_type = q.period_type), "
                                              "elsewhere AS ("
                                              "    INSERT INTO intake.set_work (set, cause) "
                                              "    SELECT DISTINCT s.set, 'operand' "
                                              "    FROM intake.report r "
                                              "    LEFT JOIN intake.set_member m ON m.period_end = "
                                              "r.period_end"
                                              "        AND m.period_type = r.period_type AND "
                                              "m.report = r.report "
                                              "    JOIN intake.report_set s ON s.period_end = "
                                              "r.period_end"
                                              "        AND s.period_type = r.period_type"
                                              "        AND ((s.scope = 0 AND s.owner = m.jst) OR "
                                              "(s.scope = 1 AND s.owner = r.unit)) "
                                              "    WHERE r.submission = ANY ($23::uuid[]) AND "
                                              "r.verdict = 1 AND r.unit IS NOT NULL) "
                                              "SELECT 1";

/*
 * Findings that are gone are closed, new ones are opened; both name the decision that did it. A
 * query has its day from the first time that it is found with these amounts. What is closed is
 * found by its numbers as one list: a join, or a partial index, would let a plan of before the
 * first finding go through all that there ever were.
 */
static const char finding_sql[] =
    "WITH closed AS ("
    "    UPDATE intake.set_finding f SET closed_at = greatest($1, f.opened_at),"
    "        closed_by = nullif(($3::uuid[])[array_position($2::bigint[], f.finding)], " NOBODY "),"
    "        closed_n = nullif(($4::bigint[])[array_position($2::bigint[], f.finding)], 0) "
    "    WHERE f.finding = ANY ($2::bigint[])"
    "        AND coalesce(f.closed_at, 'infinity') = 'infinity'), "
    "fresh AS MATERIALIZED ("
    "    SELECT nextval('intake.set_finding_id') AS finding,"
    "        intake.finding_mark(q.code, '', q.cell, '', q.found, q.expected) AS mark, q.* "
    "    FROM unnest($5::bigint[], $6::bigint[], $7::bigint[], $8::text[], $9::bigint[],"
    "                $10::text[], $11::text[], $12::text[], $13::text[], $14::text[], $15::uuid[],"
    "                $16::bigint[], $17::text[], $18::text[], $19::text[], $20::text[],"
    "                $21::text[], $22::text[], $23::bigint[], $24::text[])"
    "        q (owner, scope, days, period_type, report, code, severity, cell, about, basis,"
    "           submission, n, title, fix, found, expected, difference, contributors, total,"
    "           reports)), "
    "opened AS ("
    "    INSERT INTO intake.set_finding (finding, owner, scope, period_end, period_type, report,"
    "        code, severity, cell, about, basis, definitions, opened_at, opened_by, opened_n, "
    "mark) "
    "    SELECT q.finding, q.owner, q.scope, " DAY(
        "q.days") ", q.period_type, q.report, q.code,"
                  "           q.severity, q.cell, q.about, q.basis, $25, $1, "
                  "nullif(q.submission, " NOBODY "),"
                  "           nullif(q.n, 0), q.mark FROM fresh q), "
                  "asked AS ("
                  "    INSERT INTO intake.set_question (submission, report, mark, unit, subject,"
                  "        asked_at, days, until, calendar) "
                  "    SELECT r.submission, r.ordinal, q.mark, r.unit, s.subject, $1, $26,"
                  "        nullif($27, '')::date, $28 "
                  "    FROM fresh q JOIN intake.report r ON r.report = q.report "
                  "    JOIN intake.submission s ON s.submission = r.submission "
                  "    WHERE q.severity = 'query' AND $26 > 0 ON CONFLICT DO NOTHING) "
                  "INSERT INTO intake.set_finding_value (finding, title, fix, found, expected, "
                  "difference,"
                  "    contributors, total, reports) "
                  "SELECT q.finding, q.title, q.fix, q.found, q.expected, q.difference, "
                  "q.contributors::json,"
                  "       q.total, q.reports::bigint[] FROM fresh q";

/* Sets that are in the store by now. */
static const char deferred_sql[] =
    "INSERT INTO intake.set_work (set, cause) "
    "SELECT s.set, 'operand' FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::text[])"
    "    q (owner, scope, days, period_type) "
    "JOIN intake.report_set s ON s.owner = q.owner AND s.scope = q.scope"
    "    AND s.period_end = " DAY("q.days") " AND s.period_type = q.period_type";

/* Only reports that were accepted are members: of a rejected one there is nothing to read. */
static void
add_members(struct table *out, const struct record *record)
{
    for (size_t i = 0; i < record->places->member_count; i++) {
        const struct place_member *member = &record->places->members[i];
        const struct concluding   *item = &record->items[member->item];
        const struct filed        *filed = &item->filed[member->ordinal];
        if (item->decided->reports[member->ordinal].verdict == VERDICT_ACCEPTED) {
            table_number(out, 0, member->jst);
            table_number(out, 1, date_days(filed->period.end));
            table_text(out, 2, filed->period.type->name);
            table_number(out, 3, filed->report);
            table_next(out);
        }
    }
}

static void
add_states(struct arena *arena, struct table *out, const struct record *record)
{
    for (size_t i = 0; i < record->account_count; i++) {
        const struct account *account = &record->accounts[i];
        const struct place   *place = account->holding->place;
        const struct period  *period = &place->key.period;
        if (account_has_changed(account)) {
            table_number(out, 0, place->owner);
            table_number(out, 1, place->key.scope);
            table_number(out, 2, date_days(period->end));
            table_text(out, 3, period->type->name);
            table_number(out, 4, period->year);
            table_number(out, 5, period->number);
            table_text(out, 6, place_period(arena, period));
            table_text(out, 7, account->state);
            table_text(out, 8, account->reason);
            table_text(out, 9, account->pending);
            table_text(out, 10, account->holding->owed);
            table_number(out, 11,
                         (int64_t)(account->deferred ? account->holding->finding_count
                                                     : account->finding_count));
            table_next(out);
        }
    }
}

static void
add_place(struct table *out, const struct place *place)
{
    table_number(out, 0, place->owner);
    table_number(out, 1, place->key.scope);
    table_number(out, 2, date_days(place->key.period.end));
    table_text(out, 3, place->key.period.type->name);
    table_next(out);
}

static void
add_later(struct table *out, const struct places *places)
{
    for (size_t i = 0; i < places->later_count; i++) {
        add_place(out, &places->later[i]);
    }
}

static enum err
put_again(struct store_parameters *parameters, struct arena *arena, const struct record *record,
          struct fault *fault)
{
    struct uuid *ids = ARENA_NEW(arena, struct uuid, record->count + 1);
    size_t       count = 0;

    if (ids == NULL) {
        return FAIL(fault, ERR_MEMORY, "%zu decisions", record->count);
    }
    for (size_t i = 0; i < record->count; i++) {
        if (record->items[i].n > 1 && record->items[i].decided != NULL) {
            ids[count] = record->items[i].queued->id;
            count++;
        }
    }
    store_put_uuids(parameters, ids, count);
    return ERR_OK;
}

static enum err
write_states(const struct setbook_tools *tools, struct arena *arena, const struct record *record,
             struct fault *fault)
{
    struct store_parameters parameters = store_parameters_create(arena);
    struct table            members = {0};
    struct table            states = {0};
    struct table            later = {0};

    TRY(table_create(arena, "nntn", record->places->member_count, &members, fault));
    TRY(table_create(arena, "nnntnntttttn", record->account_count, &states, fault));
    TRY(table_create(arena, "nnnt", record->places->later_count, &later, fault));
    add_members(&members, record);
    add_states(arena, &states, record);
    add_later(&later, record->places);
    table_put(&members, 0, 4, &parameters);
    table_put(&states, 0, 10, &parameters);
    store_put_instant(&parameters, record->now);
    store_put_bytes(&parameters, fingerprint_str(tools->catalogue->sha256));
    table_put(&states, 10, 12, &parameters);
    table_put(&later, 0, 4, &parameters);
    TRY(put_again(&parameters, arena, record, fault));
    return store_run(tools->store, state_sql, &parameters, arena, NULL, fault);
}

static enum err
write_deferred(const struct setbook_tools *tools, struct arena *arena, const struct record *record,
               struct fault *fault)
{
    struct store_parameters parameters = store_parameters_create(arena);
    struct table            deferred = {0};
    size_t                  count = 0;

    TRY(table_create(arena, "nnnt", record->account_count, &deferred, fault));
    for (size_t i = 0; i < record->account_count; i++) {
        if (record->accounts[i].deferred) {
            add_place(&deferred, record->accounts[i].holding->place);
            count++;
        }
    }
    if (count == 0) {
        return ERR_OK;
    }
    table_put(&deferred, 0, 4, &parameters);
    return store_run(tools->store, deferred_sql, &parameters, arena, NULL, fault);
}

/* Which decision it was; nobody's when a set is judged by itself. */
static void
name_decision(struct table *out, size_t column, const struct record *record,
              const struct account *account)
{
    if (record->count > 0) {
        const struct concluding *item = &record->items[account->holding->place->item];
        table_uuid(out, column, item->queued->id);
        table_number(out, column + 1, item->n);
    } else {
        table_uuid(out, column, (struct uuid){0});
        table_number(out, column + 1, 0);
    }
}

static bool
is_kept(const struct account *account, int64_t finding)
{
    for (size_t i = 0; i < account->finding_count; i++) {
        if (account->findings[i].kept == finding) {
            return true;
        }
    }
    return false;
}

static void
add_closed(struct table *out, const struct record *record, const struct account *account)
{
    for (size_t i = 0; !account->deferred && i < account->holding->finding_count; i++) {
        int64_t finding = account->holding->findings[i].finding;
        if (!is_kept(account, finding)) {
            table_number(out, 0, finding);
            name_decision(out, 1, record, account);
            table_next(out);
        }
    }
}

static void
add_opened(struct table *out, const struct record *record, const struct account *account)
{
    const struct place *place = account->holding->place;

    for (size_t i = 0; i < account->finding_count; i++) {
        const struct account_finding *finding = &account->findings[i];
        const struct str texts[] = {finding->code, finding->severity, finding->cell, finding->about,
                                    finding->basis};
        const struct str values[] = {finding->title,    finding->fix,        finding->found,
                                     finding->expected, finding->difference, finding->contributors};
        if (finding->kept != 0) {
            continue;
        }
        table_number(out, 0, place->owner);
        table_number(out, 1, place->key.scope);
        table_number(out, 2, date_days(place->key.period.end));
        table_text(out, 3, place->key.period.type->name);
        table_number(out, 4, finding->report);
        for (size_t j = 0; j < ARRAY_COUNT(texts); j++) {
            table_text(out, 5 + j, texts[j]);
        }
        name_decision(out, 10, record, account);
        for (size_t j = 0; j < ARRAY_COUNT(values); j++) {
            table_text(out, 12 + j, values[j]);
        }
        table_number(out, 18, finding->total);
        table_text(out, 19, finding->reports);
        table_next(out);
    }
}

/* The last working day for answers to what is asked now; a calendar that gives no term asks nobody.
 */
static enum err
put_term(const struct setbook_tools *tools, struct arena *arena, instant now,
         struct store_parameters *parameters, struct fault *fault)
{
    const struct calendar *calendar = tools->calendar;
    struct buf             until = buf_create(arena, DAY_TEXT_SIZE);
    int                    days = calendar == NULL ? 0 : calendar->question_days;

    if (days > 0) {
        date_write(&until, workday_after(moment_warsaw_date(now / INSTANT_PER_SECOND), days));
    }
    if (!buf_ok(&until)) {
        return FAIL(fault, ERR_MEMORY, "the last day of a query");
    }
    store_put_integer(parameters, days);
    store_put_text(parameters, days > 0 ? buf_str(&until) : STR(""));
    store_put_text(parameters, days > 0 ? calendar->version : STR(""));
    return ERR_OK;
}

static enum err
write_findings(const struct setbook_tools *tools, struct arena *arena, const struct record *record,
               struct fault *fault)
{
    struct store_parameters parameters = store_parameters_create(arena);
    struct table            closed = {0};
    struct table            opened = {0};
    size_t                  before = 0;
    size_t                  after = 0;

    for (size_t i = 0; i < record->account_count; i++) {
        before += record->accounts[i].holding->finding_count;
        after += record->accounts[i].finding_count;
    }
    TRY(table_create(arena, "nun", before, &closed, fault));
    TRY(table_create(arena, "nnntntttttunttttttnt", after, &opened, fault));
    for (size_t i = 0; i < record->account_count; i++) {
        add_closed(&closed, record, &record->accounts[i]);
        add_opened(&opened, record, &record->accounts[i]);
    }
    store_put_instant(&parameters, record->now);
    table_put(&closed, 0, 3, &parameters);
    table_put(&opened, 0, 20, &parameters);
    store_put_bytes(&parameters, fingerprint_str(tools->catalogue->sha256));
    TRY(put_term(tools, arena, record->now, &parameters, fault));
    return store_run(tools->store, finding_sql, &parameters, arena, NULL, fault);
}

enum err
record_write(const struct setbook_tools *tools, struct arena *arena, const struct record *record,
             struct fault *fault)
{
    bool moved = false;

    for (size_t i = 0; i < record->account_count; i++) {
        moved = moved || account_has_moved(&record->accounts[i]);
    }
    TRY(write_states(tools, arena, record, fault));
    TRY(write_deferred(tools, arena, record, fault));
    return moved ? write_findings(tools, arena, record, fault) : ERR_OK;
}

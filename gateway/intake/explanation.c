#include "gateway/intake/explanation.h"

#include "gateway/intake/conclusion.h"
#include "gateway/intake/race.h"

enum column {
    COLUMN_AT,
    COLUMN_N,
    COLUMN_REPORT,
    COLUMN_RULE,
    COLUMN_ASKS,
    COLUMN_MARK,
    COLUMN_REVISION,
    COLUMN_SAME,
    COLUMN_SUBMISSION,
    COLUMN_CLOSED
};

#define ANSWERED                                                                         \
    " LEFT JOIN LATERAL (SELECT x.revision, x.code, x.text FROM intake.explanation x"    \
    "    WHERE x.submission = r.submission AND x.report = r.ordinal AND x.mark = m.mark" \
    "    ORDER BY x.revision DESC LIMIT 1) e ON true "                                   \
    "WHERE s.subject = $6 OR (r.unit IS NOT NULL"                                        \
    "    AND registry.acts_for($6, r.unit, registry.today())) ORDER BY q.at"

/* Each entry's finding as the newest decision has it, with the explanation that holds. */
static const char look_sql[] =
    "SELECT q.at, s.decided_n::integer, r.ordinal, f.code,"
    "       f.severity = 'query' AND r.verdict = 1,"
    "       m.mark, coalesce(e.revision, 0), coalesce(e.code = q.code AND e.text = q.text, false),"
    "       r.submission, false "
    "FROM unnest($2::bigint[], $3::bigint[], $4::text[], $5::text[])"
    "    WITH ORDINALITY q (report, finding, code, text, at) "
    "JOIN intake.submission s ON s.submission = $1 "
    "JOIN intake.finding f ON f.submission = $1 AND f.n = s.decided_n AND f.ordinal = q.finding "
    "JOIN intake.report r ON r.submission = $1 AND r.n = s.decided_n AND r.ordinal = f.report"
    "    AND (q.report = 0 OR r.ordinal = q.report - 1) "
    "CROSS JOIN LATERAL intake.finding_mark(f.code, f.xpath, f.cell, f.subject, f.found,"
    "    f.expected) m (mark)" ANSWERED;

/* The same of findings of set $1; the decision is that of the charged report. */
static const char look_set_sql[] =
    "SELECT q.at, r.n::integer, r.ordinal, f.code, f.severity = 'query',"
    "       m.mark, coalesce(e.revision, 0), coalesce(e.code = q.code AND e.text = q.text, false),"
    "       r.submission, f.closed_at IS NOT NULL "
    "FROM unnest($2::bigint[], $3::bigint[], $4::text[], $5::text[])"
    "    WITH ORDINALITY q (report, finding, code, text, at) "
    "JOIN intake.report_set t ON t.set = $1 "
    "JOIN intake.set_finding f ON f.finding = q.finding AND f.owner = t.owner"
    "    AND f.scope = t.scope AND f.period_end = t.period_end AND f.period_type = t.period_type "
    "JOIN intake.report r ON r.report = f.report "
    "JOIN intake.submission s ON s.submission = r.submission "
    "CROSS JOIN LATERAL (SELECT f.mark) m" ANSWERED;

/* Findings that are alike in everything are one question, and have one answer. */
static const char keep_sql[] =
    "INSERT INTO intake.explanation (submission, report, mark, revision, code, text, given_at,"
    " unit, credential, appointment, n, finding, set_finding) "
    "SELECT DISTINCT ON (q.submission, q.report, q.mark) q.submission, q.report, q.mark, "
    "q.revision,"
    "  q.code, q.text, $8, $9, $10::bigint, $11::uuid, q.n,"
    "  CASE WHEN NOT $13 THEN q.finding END, CASE WHEN $13 THEN q.finding END "
    "FROM unnest($1::uuid[], $2::bigint[], $3::bigint[], $4::uuid[], $5::bigint[], $6::text[],"
    "            $7::text[], $12::bigint[])"
    "    AS q (submission, finding, report, mark, revision, code, text, n) "
    "ORDER BY q.submission, q.report, q.mark, q.finding";

/* What was found out of the entries that will be kept. */
struct keeping {
    struct uuid *submissions;
    int64_t     *findings;
    int64_t     *reports;
    struct uuid *marks;
    int64_t     *revisions;
    struct str  *codes;
    struct str  *texts;
    int64_t     *decisions;
    size_t       count;
};

static enum err
keeping_create(struct arena *arena, size_t room, struct keeping *out, struct fault *fault)
{
    *out = (struct keeping){.submissions = ARENA_NEW(arena, struct uuid, room + 1),
                            .findings = ARENA_NEW(arena, int64_t, room + 1),
                            .reports = ARENA_NEW(arena, int64_t, room + 1),
                            .marks = ARENA_NEW(arena, struct uuid, room + 1),
                            .revisions = ARENA_NEW(arena, int64_t, room + 1),
                            .codes = ARENA_NEW(arena, struct str, room + 1),
                            .texts = ARENA_NEW(arena, struct str, room + 1),
                            .decisions = ARENA_NEW(arena, int64_t, room + 1)};
    if (out->submissions == NULL || out->findings == NULL || out->reports == NULL
        || out->marks == NULL || out->revisions == NULL || out->codes == NULL || out->texts == NULL
        || out->decisions == NULL) {
        return FAIL(fault, ERR_MEMORY, "%zu explanations", room);
    }
    return ERR_OK;
}

static struct str
text_of(struct str text)
{
    return text.data == NULL ? STR("") : text;
}

static enum err
ask(struct store *store, struct arena *arena, const struct explanation_request *request,
    struct store_rows *rows, struct fault *fault)
{
    struct store_parameters parameters = store_parameters_create(arena);
    struct keeping          asked = {0};

    TRY(keeping_create(arena, request->count, &asked, fault));
    for (size_t i = 0; i < request->count; i++) {
        asked.reports[i] = request->entries[i].report;
        asked.findings[i] = (int64_t)request->entries[i].finding;
        asked.codes[i] = text_of(request->entries[i].code);
        asked.texts[i] = text_of(request->entries[i].text);
    }
    if (request->set == 0) {
        store_put_uuid(&parameters, request->id);
    } else {
        store_put_number(&parameters, (int64_t)request->set);
    }
    store_put_numbers(&parameters, asked.reports, request->count);
    store_put_numbers(&parameters, asked.findings, request->count);
    store_put_texts(&parameters, asked.codes, request->count);
    store_put_texts(&parameters, asked.texts, request->count);
    store_put_number(&parameters, request->mandate.subject);
    return store_run(store, request->set == 0 ? look_sql : look_set_sql, &parameters, arena, rows,
                     fault);
}

static enum explanation_end
judge(const struct store_rows *rows, size_t row, const struct explanation_entry *entry)
{
    if (entry->wanted.size > 0 && !str_equal(entry->wanted, store_text(rows, row, COLUMN_RULE))) {
        return EXPLANATION_OTHER;
    }
    if (!store_truth(rows, row, COLUMN_ASKS)) {
        return EXPLANATION_NO_QUERY;
    }
    if (store_truth(rows, row, COLUMN_CLOSED)) {
        return EXPLANATION_CLOSED;
    }
    if (store_truth(rows, row, COLUMN_SAME)) {
        return EXPLANATION_SAME;
    }
    if (entry->tag != entry->now) {
        return EXPLANATION_CHANGED;
    }
    return store_number(rows, row, COLUMN_REVISION) >= EXPLANATION_REVISION_MAX ? EXPLANATION_FULL
                                                                                : EXPLANATION_KEPT;
}

/* Findings that are alike are one question: the first entry is kept, the others can only agree. */
static enum explanation_end
judge_alike(const struct keeping *keeping, const struct store_rows *rows, size_t row,
            const struct explanation_entry *entry)
{
    for (size_t i = 0; i < keeping->count; i++) {
        if (uuid_equal(keeping->submissions[i], store_uuid(rows, row, COLUMN_SUBMISSION))
            && keeping->reports[i] == store_number(rows, row, COLUMN_REPORT)
            && uuid_equal(keeping->marks[i], store_uuid(rows, row, COLUMN_MARK))) {
            return str_equal(keeping->codes[i], entry->code)
                           && str_equal(keeping->texts[i], text_of(entry->text))
                       ? EXPLANATION_SAME
                       : EXPLANATION_TWICE;
        }
    }
    return EXPLANATION_KEPT;
}

/* An entry that will be kept is also put among them. */
static void
settle(const struct store_rows *rows, size_t row, struct explanation_entry *entry,
       struct keeping *keeping)
{
    int64_t n = store_number(rows, row, COLUMN_N);
    int64_t revision = store_number(rows, row, COLUMN_REVISION);

    entry->now = (uint32_t)(n * EXPLANATION_TAG_UNIT + revision);
    entry->end = judge(rows, row, entry);
    if (entry->end == EXPLANATION_KEPT) {
        entry->end = judge_alike(keeping, rows, row, entry);
    }
    if (entry->end == EXPLANATION_KEPT) {
        size_t at = keeping->count;
        keeping->submissions[at] = store_uuid(rows, row, COLUMN_SUBMISSION);
        keeping->findings[at] = (int64_t)entry->finding;
        keeping->reports[at] = store_number(rows, row, COLUMN_REPORT);
        keeping->marks[at] = store_uuid(rows, row, COLUMN_MARK);
        keeping->revisions[at] = revision + 1;
        keeping->codes[at] = entry->code;
        keeping->texts[at] = text_of(entry->text);
        keeping->decisions[at] = n;
        keeping->count++;
    }
}

static enum err
look(struct store *store, struct arena *arena, const struct explanation_request *request,
     struct explanation *out, struct keeping *keeping, struct fault *fault)
{
    struct store_rows rows = {0};

    TRY(ask(store, arena, request, &rows, fault));
    TRY(keeping_create(arena, request->count, keeping, fault));
    for (size_t i = 0; i < request->count; i++) {
        request->entries[i].end = EXPLANATION_ABSENT;
        request->entries[i].now = 0;
    }
    for (size_t row = 0; row < store_row_count(&rows); row++) {
        size_t at = (size_t)store_number(&rows, row, COLUMN_AT) - 1;
        ENSURE(at < request->count);
        settle(&rows, row, &request->entries[at], keeping);
    }
    for (size_t i = 0; i < request->count; i++) {
        enum explanation_end end = request->entries[i].end;
        out->kept += end == EXPLANATION_KEPT;
        out->same += end == EXPLANATION_SAME;
        out->faults += end != EXPLANATION_KEPT && end != EXPLANATION_SAME;
    }
    return ERR_OK;
}

static enum err
keep(struct store *store, struct arena *arena, const struct explanation_request *request,
     const struct keeping *keeping, instant at, struct fault *fault)
{
    struct store_parameters parameters = store_parameters_create(arena);

    store_put_uuids(&parameters, keeping->submissions, keeping->count);
    store_put_numbers(&parameters, keeping->findings, keeping->count);
    store_put_numbers(&parameters, keeping->reports, keeping->count);
    store_put_uuids(&parameters, keeping->marks, keeping->count);
    store_put_numbers(&parameters, keeping->revisions, keeping->count);
    store_put_texts(&parameters, keeping->codes, keeping->count);
    store_put_texts(&parameters, keeping->texts, keeping->count);
    store_put_instant(&parameters, at);
    store_put_number(&parameters, request->mandate.subject);
    mandate_put(&parameters, &request->mandate);
    store_put_numbers(&parameters, keeping->decisions, keeping->count);
    store_put_truth(&parameters, request->set != 0);
    return race_tell(store, store_run(store, keep_sql, &parameters, arena, NULL, fault), fault);
}

static void
tell_kept(const struct explanation_request *request)
{
    for (size_t i = 0; i < request->count; i++) {
        request->entries[i].now += request->entries[i].end == EXPLANATION_KEPT;
    }
}

static enum err
give(struct store *store, struct arena *arena, const struct explanation_request *request,
     struct explanation *out, struct fault *fault)
{
    struct keeping keeping = {0};
    instant        now = 0;

    TRY(conclusion_begin(store, arena, &now, fault));
    TRY(mandate_look(store, arena, &request->mandate, PERMISSION_ACTION_FILE, &out->mandate,
                     fault));
    if (out->mandate != MANDATE_HOLDS) {
        store_rollback(store);
        return ERR_OK;
    }
    TRY(look(store, arena, request, out, &keeping, fault));
    if (request->look_only || keeping.count == 0 || (out->faults > 0 && !request->partial)) {
        store_rollback(store);
        return ERR_OK;
    }
    TRY(keep(store, arena, request, &keeping, now, fault));
    tell_kept(request);
    out->open = true;
    return ERR_OK;
}

enum err
explanation_give(struct store *store, struct arena *arena,
                 const struct explanation_request *request, struct explanation *out,
                 struct fault *fault)
{
    struct explanation made = {0};
    enum err           got = give(store, arena, request, &made, fault);

    if (got == ERR_STORE_CONFLICT) { /* between look and keep somebody has given one */
        store_rollback(store);
        made = (struct explanation){0};
        got = give(store, arena, request, &made, fault);
    }
    if (got != ERR_OK) {
        store_rollback(store);
        return got;
    }
    *out = made;
    return ERR_OK;
}

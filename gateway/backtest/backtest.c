#include "gateway/backtest/backtest.h"

#include "gateway/checker/checker.h"
#include "gateway/intake/context.h"
#include "gateway/intake/packing.h"
#include "gateway/release/rule_switch.h"
#include "gateway/submission/deciding.h"
#include "validators/signature/signature.h"

/* Of documents that are held at a time; each may have 16 MiB. */
#define BATCH_MEMORY ((size_t)3 << 30U)
#define SWITCHES_MEMORY ((size_t)32 << 20U)

enum { SIDES = 2, BEFORE = 0, AFTER = 1 };

enum column {
    COLUMN_ORDINAL,
    COLUMN_SIZE,
    COLUMN_ARRIVED,
    COLUMN_ENCODING,
    COLUMN_BYTES,
    COLUMN_CONTEXT,
    COLUMN_TRUST,
    COLUMN_IS_PROD,
};

/* What was decided, in the order in which it was admitted. */
static const char next_sql[] =
    "SELECT s.ordinal, s.size, s.arrived, o.encoding, o.bytes, c.bytes, m.bytes,"
    "       t.environment = 'PROD' "
    "FROM intake.submission s CROSS JOIN registry.setting t "
    "JOIN intake.document o USING (submission) "
    "JOIN intake.decision d ON d.submission = s.submission AND d.n = s.decided_n "
    "JOIN intake.material m ON m.sha256 = d.trust AND m.kind = 'trust' "
    "LEFT JOIN intake.context c ON c.submission = s.submission AND c.n = s.decided_n "
    "WHERE s.ordinal > $1 AND s.arrived >= $2 AND s.arrived < $3 AND s.decided_n > 0 "
    "ORDER BY s.ordinal LIMIT 4";

struct testing {
    struct store                  *store;
    const struct backtest_request *request;
    struct backtest_tally         *tally;
    struct rule_switches           switches;
    int64_t                        last; /* ordinal */
};

/* One document while both sides judge it. */
struct trial {
    struct arena              *arena;
    struct str                 bytes;
    instant                    arrived;
    enum environment           environment;
    struct context             context;
    struct signature_trust    *trust;
    const struct decided_file *decided[SIDES];
    struct checked             checked[SIDES];
};

/* *ready: false when it cannot be judged here, and is only counted. */
static enum err
open_trial(struct arena *arena, const struct store_rows *rows, size_t row, struct trial *out,
           bool *ready, struct fault *fault)
{
    const struct packed packed = {.bytes = store_text(rows, row, COLUMN_BYTES),
                                  .encoding = store_text(rows, row, COLUMN_ENCODING),
                                  .size = (size_t)store_number(rows, row, COLUMN_SIZE)};
    struct fault        why = {0};
    bool                damaged = false;

    *out = (struct trial){.arena = arena,
                          .arrived = store_instant(rows, row, COLUMN_ARRIVED),
                          .environment = store_truth(rows, row, COLUMN_IS_PROD) ? ENVIRONMENT_PROD
                                                                                : ENVIRONMENT_TEST};
    *ready = false;
    TRY(packing_unpack(arena, &packed, &out->bytes, &damaged, fault));
    if (damaged || store_is_null(rows, row, COLUMN_CONTEXT)) {
        return ERR_OK;
    }
    if (context_decode(arena, store_text(rows, row, COLUMN_CONTEXT), &out->context, &why) != ERR_OK
        || signature_trust_parse(arena, store_text(rows, row, COLUMN_TRUST), &out->trust, &why)
               != ERR_OK) {
        return why.code == ERR_MEMORY ? FAIL(fault, ERR_MEMORY, "brak pamięci") : ERR_OK;
    }
    *ready = true;
    return ERR_OK;
}

static enum err
check_side(struct trial *trial, const struct definitions *definitions, int side, bool *ready,
           struct fault *fault)
{
    const struct check_request file = {.bytes = trial->bytes,
                                       .limits = &prescan_limits_default,
                                       .catalogue = definitions->catalogue,
                                       .schemas = definitions->schemas,
                                       .trust = trial->trust,
                                       .at = trial->arrived / INSTANT_PER_SECOND};
    struct checker_request     request = {
            .files = &file, .file_count = 1, .limits = checker_limits_default};
    struct checker_answer answer = {0};

    request.limits.parallel = 1;
    TRY(checker_run(trial->arena, &request, &answer, fault));
    *ready = answer.end == CHECKER_DONE
             && answer.checked.package.unit_count == trial->context.unit_count;
    trial->checked[side] = answer.checked;
    return ERR_OK;
}

static enum err
judge_side(struct trial *trial, const struct definitions *definitions, int side,
           struct str switched_off, struct fault *fault)
{
    struct decision_unit *units = NULL;

    TRY(deciding_standings(trial->arena, trial->context.units, trial->context.unit_count, &units,
                           fault));
    const struct decision_file file = {
        .bytes = trial->bytes, .checked = &trial->checked[side], .units = units};
    const struct decision_request request = {.catalogue = definitions->catalogue,
                                             .rules = definitions->rules,
                                             .environment = trial->environment,
                                             .trust_given = true,
                                             .at = trial->arrived / INSTANT_PER_SECOND,
                                             .switched_off = switched_off,
                                             .files = &file,
                                             .file_count = 1};

    return decision_make(trial->arena, &request, &trial->decided[side], fault);
}

static bool
has_error(const struct told_list *list, const char *code)
{
    for (size_t i = 0; i < list->count; i++) {
        if (list->items[i].severity == SEVERITY_ERROR
            && str_equal(str_of(list->items[i].finding.code), str_of(code))) {
            return true;
        }
    }
    return false;
}

static size_t
count_queries(const struct told_list *list)
{
    size_t count = 0;

    for (size_t i = 0; i < list->count; i++) {
        count += list->items[i].severity == SEVERITY_QUERY ? 1 : 0;
    }
    return count;
}

/* Whether this finding is the first of its code in its list. */
static bool
is_first(const struct told_list *list, size_t at)
{
    for (size_t i = 0; i < at; i++) {
        if (str_equal(str_of(list->items[i].finding.code), str_of(list->items[at].finding.code))) {
            return false;
        }
    }
    return true;
}

/* Errors of one side that the other has not, once for each report and code. */
static enum err
count_codes(struct backtest_tally *tally, const struct told_list *here,
            const struct told_list *there, bool stops, struct fault *fault)
{
    for (size_t i = 0; i < here->count; i++) {
        struct backtest_code *code = NULL;
        const char           *name = here->items[i].finding.code;
        if (here->items[i].severity == SEVERITY_ERROR && is_first(here, i)
            && !has_error(there, name)) {
            TRY(backtest_tally_code(tally, str_of(name), &code, fault));
            code->stopped += stops ? 1 : 0;
            code->freed += stops ? 0 : 1;
        }
    }
    return ERR_OK;
}

static enum err
count_report(struct backtest_tally *tally, const struct trial *trial, size_t at,
             struct fault *fault)
{
    const struct decided_report *before = &trial->decided[BEFORE]->reports[at];
    const struct decided_report *after = &trial->decided[AFTER]->reports[at];
    size_t                       unit = after->report->unit;
    const struct package        *package = trial->decided[AFTER]->package;
    struct str             region = package_trim(&package->units[unit].identity.fields[UNIT_WK]);
    struct backtest_group *group = NULL;

    TRY(backtest_tally_group(tally, after->form_title, trial->context.units[unit].kind,
                             str_slice(region, 0, 2), &group, fault));
    group->reports++;
    group->stopped +=
        after->verdict == VERDICT_REJECTED && before->verdict != VERDICT_REJECTED ? 1 : 0;
    group->freed +=
        after->verdict != VERDICT_REJECTED && before->verdict == VERDICT_REJECTED ? 1 : 0;
    group->asked += count_queries(&after->findings) > count_queries(&before->findings) ? 1 : 0;
    TRY(count_codes(tally, &after->findings, &before->findings, true, fault));
    return count_codes(tally, &before->findings, &after->findings, false, fault);
}

static enum err
count_trial(struct testing *testing, struct trial *trial, bool *ready, struct fault *fault)
{
    const struct backtest_request *request = testing->request;
    struct str off = rule_switches_off(trial->arena, &testing->switches, trial->arrived);

    TRY(check_side(trial, request->before, BEFORE, ready, fault));
    if (*ready) {
        TRY(check_side(trial, request->after, AFTER, ready, fault));
    }
    if (!*ready) {
        return ERR_OK;
    }
    TRY(judge_side(trial, request->before, BEFORE, off, fault));
    TRY(judge_side(trial, request->after, AFTER, (struct str){0}, fault));
    size_t count = trial->decided[AFTER]->report_count;
    *ready = count == trial->decided[BEFORE]->report_count;
    for (size_t i = 0; *ready && i < count; i++) {
        TRY(count_report(testing->tally, trial, i, fault));
    }
    return ERR_OK;
}

static enum err
take_some(struct testing *testing, struct arena *arena, size_t *count, struct fault *fault)
{
    struct store_parameters parameters = store_parameters_create(arena);
    struct store_rows       rows = {0};

    store_put_number(&parameters, testing->last);
    store_put_instant(&parameters, testing->request->from);
    store_put_instant(&parameters, testing->request->to);
    TRY(store_run(testing->store, next_sql, &parameters, arena, &rows, fault));
    *count = store_row_count(&rows);
    for (size_t i = 0; i < *count; i++) {
        struct trial trial = {0};
        bool         ready = false;
        TRY(open_trial(arena, &rows, i, &trial, &ready, fault));
        if (ready) {
            TRY(count_trial(testing, &trial, &ready, fault));
        }
        testing->tally->submissions++;
        testing->tally->unread += ready ? 0 : 1;
        testing->last = store_number(&rows, i, COLUMN_ORDINAL);
    }
    return ERR_OK;
}

enum err
backtest_run(struct store *store, const struct backtest_request *request,
             struct backtest_tally *tally, struct fault *fault)
{
    struct testing testing = {.store = store, .request = request, .tally = tally};
    struct arena  *kept = arena_create(SWITCHES_MEMORY);
    size_t         count = 0;

    signature_warm_up();
    enum err got = rule_switches_read(store, kept, &testing.switches, fault);
    do {
        struct arena *arena = arena_create(BATCH_MEMORY);
        got = got == ERR_OK ? take_some(&testing, arena, &count, fault) : got;
        arena_destroy(arena);
    } while (got == ERR_OK && count > 0);
    arena_destroy(kept);
    TRY(got);
    backtest_tally_sort(tally);
    return ERR_OK;
}

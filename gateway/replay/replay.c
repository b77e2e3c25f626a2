#include "gateway/replay/replay.h"

#include "gateway/checker/checker.h"
#include "gateway/definitions/definitions.h"
#include "gateway/fingerprint/fingerprint.h"
#include "gateway/intake/conclusion_leaf.h"
#include "gateway/intake/packing.h"
#include "gateway/intake/timeliness.h"
#include "gateway/replay/replay_record.h"
#include "gateway/replay/replay_remarks.h"
#include "gateway/replay/replay_rows.h"
#include "gateway/replay/replay_text.h"
#include "gateway/submission/deciding.h"
#include "gateway/submission/facts.h"
#include "gateway/submission/figures.h"
#include "validators/signature/signature.h"

#include <string.h>

/* One decision on its way through a replay. */
struct replaying {
    struct arena         *arena;
    struct store         *store;
    struct replay_record  record;
    struct context        context;
    struct replay_remarks remarks;
    bool                  ready; /* every input is there and is what the decision names */
    struct str            bytes; /* the document */
    struct definitions    definitions;
    struct checked        checked;
    struct decision_unit *standings;
    struct figures        figures;
    struct concluding     item;
};

static enum err
miss(struct replaying *replaying, struct str what, struct fault *fault)
{
    replaying->ready = false;
    return replay_remarks_missing(&replaying->remarks, what, fault);
}

static enum err
differ(struct replaying *replaying, struct str what, struct str recorded,
       const unsigned char *again, struct fault *fault)
{
    struct buf one = buf_create(replaying->arena, (size_t)2 * FINGERPRINT_SIZE);
    struct buf other = buf_create(replaying->arena, (size_t)2 * FINGERPRINT_SIZE);

    buf_hex(&one, (const unsigned char *)recorded.data, recorded.size);
    buf_hex(&other, again, FINGERPRINT_SIZE);
    return replay_remarks_differ(&replaying->remarks, what, buf_str(&one), buf_str(&other), fault);
}

/* Whether these bytes are what the decision names by its digest. */
static enum err
check_input(struct replaying *replaying, const char *what, struct str bytes, struct str sha256,
            struct fault *fault)
{
    unsigned char now[FINGERPRINT_SIZE];

    if (bytes.data == NULL) {
        return miss(replaying, str_of(what), fault);
    }
    TRY(fingerprint_of(bytes, now, fault));
    if (str_equal(sha256, fingerprint_str(now))) {
        return ERR_OK;
    }
    replaying->ready = false;
    return differ(replaying, str_of(what), sha256, now, fault);
}

static enum err
read_document(struct replaying *replaying, struct fault *fault)
{
    const struct replay_record *record = &replaying->record;
    const struct packed         packed = {
                .bytes = record->packed, .encoding = record->encoding, .size = record->queued.size};
    bool damaged = false;

    if (packed.bytes.data == NULL) {
        return miss(replaying, STR("dokument"), fault);
    }
    TRY(packing_unpack(replaying->arena, &packed, &replaying->bytes, &damaged, fault));
    if (damaged) {
        return miss(replaying, STR("dokument: zapisanych bajtów nie da się rozpakować"), fault);
    }
    return check_input(replaying, "dokument", replaying->bytes,
                       fingerprint_str(record->queued.sha256), fault);
}

static enum err
read_context(struct replaying *replaying, struct fault *fault)
{
    struct fault why = {0};

    if (replaying->record.context.data == NULL) {
        return miss(replaying,
                    STR("odpowiedzi rejestru i sprawozdania, które obowiązywały (rozstrzygnięcie "
                        "z czasu, gdy ich nie zapisywano)"),
                    fault);
    }
    enum err got =
        context_decode(replaying->arena, replaying->record.context, &replaying->context, &why);
    if (got == ERR_WIRE) {
        return miss(replaying, STR("odpowiedzi rejestru: zapisu nie da się odczytać"), fault);
    }
    return got == ERR_OK ? ERR_OK : FAIL(fault, got, "%s", why.text);
}

static enum err
read_inputs(struct replaying *replaying, struct fault *fault)
{
    const struct replay_record *record = &replaying->record;

    replaying->ready = true;
    TRY(read_document(replaying, fault));
    TRY(check_input(replaying, "definicje", record->definitions, record->definitions_sha256,
                    fault));
    TRY(check_input(replaying, "zaufane certyfikaty", record->trust, record->trust_sha256, fault));
    TRY(read_context(replaying, fault));
    if (record->leaf.size != FINGERPRINT_SIZE) {
        TRY(miss(replaying, STR("wpis w dzienniku"), fault));
    }
    return ERR_OK;
}

/* Definitions of the decision, which this program must still understand. */
static enum err
load_definitions(struct replaying *replaying, struct fault *fault)
{
    struct fault why = {0};
    enum err     got = definitions_load_bundle(replaying->arena, replaying->record.definitions,
                                               &replaying->definitions, &why);

    if (got == ERR_CATALOGUE) {
        struct str what =
            str_format(replaying->arena, "definicje: ten program ich nie rozumie: %s", why.text);
        return miss(replaying, what, fault);
    }
    return got == ERR_OK ? ERR_OK : FAIL(fault, got, "%s", why.text);
}

/* The document read again, in the sandbox. */
static enum err
check_document(struct replaying *replaying, struct fault *fault)
{
    const struct replay_record *record = &replaying->record;
    struct signature_trust     *trust = NULL;
    struct checker_answer       answer = {0};

    signature_warm_up();
    TRY(signature_trust_parse(replaying->arena, record->trust, &trust, fault));
    const struct check_request file = {.bytes = replaying->bytes,
                                       .limits = &prescan_limits_default,
                                       .catalogue = replaying->definitions.catalogue,
                                       .schemas = replaying->definitions.schemas,
                                       .trust = trust,
                                       .at = record->queued.arrived / INSTANT_PER_SECOND};
    struct checker_request     request = {
            .files = &file, .file_count = 1, .limits = checker_limits_default};
    request.limits.parallel = 1;
    TRY(checker_run(replaying->arena, &request, &answer, fault));
    if (answer.end != CHECKER_DONE) {
        const char *end = checker_end_text(answer.end);
        return miss(replaying, str_format(replaying->arena, "odczyt dokumentu: %s", end), fault);
    }
    replaying->checked = answer.checked;
    return ERR_OK;
}

static enum err
find_figures(struct replaying *replaying, struct fault *fault)
{
    struct str                   named = replaying->record.reference_sha256;
    const struct figures_request request = {.store = replaying->store,
                                            .definitions = &replaying->definitions,
                                            .environment = replaying->context.environment,
                                            .reading = (const unsigned char *)named.data};
    struct figures_subject       subject = {.package = &replaying->checked.package,
                                            .units = replaying->context.units};

    if (named.size != FINGERPRINT_SIZE) {
        return ERR_OK;
    }
    TRY(figures_find(replaying->arena, &request, &subject, 1, fault));
    replaying->figures = subject.figures;
    memcpy(replaying->item.reference_sha256, subject.sha256, FINGERPRINT_SIZE);
    return str_equal(named, fingerprint_str(subject.sha256))
               ? ERR_OK
               : miss(replaying, STR("kwoty, z którymi porównano sprawozdania"), fault);
}

static enum err
decide(struct replaying *replaying, struct fault *fault)
{
    struct concluding            *item = &replaying->item;
    const struct decision_file    file = {.bytes = replaying->bytes,
                                          .checked = &replaying->checked,
                                          .units = replaying->standings,
                                          .objection = item->queued->objection,
                                          .figures = replaying->figures};
    const struct decision_request request = {.catalogue = replaying->definitions.catalogue,
                                             .rules = replaying->definitions.rules,
                                             .environment = replaying->context.environment,
                                             .trust_given = true,
                                             .at = item->queued->arrived / INSTANT_PER_SECOND,
                                             .switched_off = replaying->context.switched_off,
                                             .files = &file,
                                             .file_count = 1};

    TRY(decision_make(replaying->arena, &request, &item->decided, fault));
    TRY(deciding_registry_digest(replaying->arena, &replaying->checked.package,
                                 replaying->context.units, item->registry_sha256, fault));
    if (!str_equal(replaying->record.registry_sha256, fingerprint_str(item->registry_sha256))) {
        TRY(differ(replaying, STR("odpowiedzi rejestru"), replaying->record.registry_sha256,
                   item->registry_sha256, fault));
    }
    return ERR_OK;
}

/* What stood before each report, and what the calendar says of it. */
static enum err
place_reports(struct replaying *replaying, struct fault *fault)
{
    struct concluding    *item = &replaying->item;
    const struct context *context = &replaying->context;
    size_t                count = conclusion_report_count(item);

    TRY(conclusion_context_file(replaying->arena, item, fault));
    if (count != context->report_count || count != replaying->record.report_count) {
        return miss(replaying, STR("tyle samo sprawozdań, ile ich rozstrzygnięto"), fault);
    }
    for (size_t i = 0; i < count; i++) {
        item->before[i] = context->before[i];
        item->filed[i].twin = context->twins[i];
        item->filed[i].set = context->sets[i];
        item->filed[i].report = replaying->record.reports[i];
    }
    TRY(deciding_tell_predecessors(replaying->arena, context->environment, item, fault));
    timeliness_settle(replaying->definitions.calendar, context->environment, item);
    return ERR_OK;
}

static void
fill(struct replaying *replaying)
{
    const struct replay_record *record = &replaying->record;
    const struct context       *context = &replaying->context;
    struct concluding          *item = &replaying->item;

    replaying->record.queued.subject_name = context->sender_name;
    replaying->record.queued.subject_regon = context->sender_regon;
    *item = (struct concluding){.queued = &record->queued,
                                .bytes = replaying->bytes,
                                .engine = record->engine,
                                .environment = context->environment,
                                .receiver = context->receiver,
                                .n = record->queued.n + 1,
                                .outages = context->outages,
                                .reason = record->reason,
                                .decided_at = record->decided_at,
                                .log_index = (uint64_t)record->log_index};
    memcpy(item->definitions_sha256, record->definitions_sha256.data, FINGERPRINT_SIZE);
    memcpy(item->trust_sha256, record->trust_sha256.data, FINGERPRINT_SIZE);
    memcpy(item->calendar_sha256, replaying->definitions.calendar->sha256, FINGERPRINT_SIZE);
}

/* From the inputs to what conclusion_finish would be given; ready: all of it could be done. */
static enum err
judge(struct replaying *replaying, struct fault *fault)
{
    struct context *context = &replaying->context;

    TRY(load_definitions(replaying, fault));
    if (!replaying->ready) {
        return ERR_OK;
    }
    fill(replaying);
    if (str_equal(replaying->record.kind, STR("delivery"))) {
        return ERR_OK;
    }
    TRY(check_document(replaying, fault));
    if (!replaying->ready) {
        return ERR_OK;
    }
    if (replaying->checked.package.unit_count != context->unit_count) {
        return miss(replaying, STR("odpowiedzi rejestru o każdej jednostce pliku"), fault);
    }
    TRY(deciding_standings(replaying->arena, context->units, context->unit_count,
                           &replaying->standings, fault));
    replaying->item.catalogue = replaying->definitions.catalogue;
    replaying->item.units = context->units;
    replaying->item.unit_count = context->unit_count;
    TRY(find_figures(replaying, fault));
    TRY(decide(replaying, fault));
    return place_reports(replaying, fault);
}

static enum err
compare_leaf(struct replaying *replaying, struct fault *fault)
{
    struct concluding *item = &replaying->item;

    TRY(conclusion_leaf(replaying->arena, item, item->log_leaf, fault));
    if (str_equal(replaying->record.leaf, fingerprint_str(item->log_leaf))) {
        return ERR_OK;
    }
    return differ(replaying, STR("liść dziennika"), replaying->record.leaf, item->log_leaf, fault);
}

static enum err
compare_receipts(struct replaying *replaying, struct replay *out, struct fault *fault)
{
    const struct replay_record *record = &replaying->record;
    const struct context       *context = &replaying->context;
    const struct facts_frame    frame = facts_frame_of(context->environment, context->receiver,
                                                       replaying->definitions.catalogue->bundle);
    struct dossier              dossier = {0};

    TRY(facts_make(replaying->arena, &frame, &replaying->item, &dossier, fault));
    if (dossier.count != record->receipt_count) {
        struct str then = str_format(replaying->arena, "%zu", record->receipt_count);
        struct str now = str_format(replaying->arena, "%zu", dossier.count);
        return replay_remarks_differ(&replaying->remarks, STR("liczba UPO"), then, now, fault);
    }
    for (size_t i = 0; i < dossier.count; i++) {
        bool same = false;
        TRY(replay_text_compare(replaying->arena, &record->receipts[i], &dossier.facts[i], &same,
                                &replaying->remarks, fault));
        out->same_count += same && record->receipts[i].intact ? 1 : 0;
    }
    return ERR_OK;
}

/* A receipt whose digest is not that of its bytes was changed in the store. */
static enum err
check_receipts(struct replaying *replaying, struct fault *fault)
{
    for (size_t i = 0; i < replaying->record.receipt_count; i++) {
        const struct replay_receipt *receipt = &replaying->record.receipts[i];
        struct str what = str_format(replaying->arena, "UPO %.*s: bajty i ich zapisany skrót",
                                     STR_ARG(receipt->number));
        if (!receipt->intact) {
            TRY(replay_remarks_differ(&replaying->remarks, what, (struct str){0}, (struct str){0},
                                      fault));
        }
    }
    return ERR_OK;
}

static void
tell(const struct replaying *replaying, struct str engine, struct replay *out)
{
    const struct replay_record *record = &replaying->record;

    out->state = replaying->remarks.worst;
    out->kind = record->kind;
    out->engine = record->engine;
    out->engine_differs = !str_equal(record->engine, engine);
    memcpy(out->definitions_sha256, record->definitions_sha256.data, FINGERPRINT_SIZE);
    out->remarks = replaying->remarks.items;
    out->remark_count = replaying->remarks.count;
    out->more = replaying->remarks.more;
    out->receipt_count = record->receipt_count;
}

enum err
replay_run(struct store *store, struct arena *arena, const struct replay_target *target,
           struct str engine, struct replay *out, struct fault *fault)
{
    struct replaying *replaying = ARENA_NEW(arena, struct replaying, 1);
    struct replay     told = {0};

    if (replaying == NULL) {
        return FAIL(fault, ERR_MEMORY, "brak pamięci");
    }
    replaying->arena = arena;
    replaying->store = store;
    replaying->remarks.arena = arena;
    replaying->remarks.items = ARENA_NEW(arena, struct replay_remark, REPLAY_REMARKS_MAX);
    if (replaying->remarks.items == NULL) {
        return FAIL(fault, ERR_MEMORY, "brak pamięci");
    }
    TRY(replay_record_read(store, arena, target, &replaying->record, fault));
    TRY(read_inputs(replaying, fault));
    TRY(check_receipts(replaying, fault));
    if (replaying->ready) {
        TRY(judge(replaying, fault));
    }
    if (replaying->ready) {
        TRY(compare_leaf(replaying, fault));
        TRY(compare_receipts(replaying, &told, fault));
        TRY(replay_rows_compare(store, arena, target, &replaying->item, &replaying->remarks,
                                fault));
    }
    tell(replaying, engine, &told);
    *out = told;
    return ERR_OK;
}

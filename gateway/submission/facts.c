#include "gateway/submission/facts.h"

#include "gateway/submission/facts_package.h"
#include "gateway/submission/facts_report.h"
#include "validators/identifier/receipt_number.h"

#include <string.h>

#define NOTE_PATH "package/0.3/receipt-note.txt"

/* One submission while the facts of its receipts are gathered. */
struct gathering {
    struct arena             *arena;
    const struct facts_frame *frame;
    const struct concluding  *item;
    struct receipt_report    *reports; /* all of the package, in its order */
    struct facts_package      package;
    struct receipt_outage    *outages;
    struct dossier            dossier;
};

static const char *const kinds[] = {
    [RECEIPT_UNIT] = "unit",
    [RECEIPT_SUMMARY] = "summary",
    [RECEIPT_DELIVERY] = "delivery",
};

static bool
is_regon(struct str text)
{
    return identifier_regon(text) == IDENTIFIER_OK;
}

/* A REGON that cannot be one names nobody; the number is then made with the sender's. The registry
 * may hold an impossible one, too: that is no reason to leave a sender without a receipt. */
static struct str
regon_of_number(const struct concluding *item, struct str unit)
{
    if (is_regon(unit)) {
        return unit;
    }
    return is_regon(item->queued->subject_regon) ? item->queued->subject_regon
                                                 : STR(RECEIPT_NUMBER_NOBODY);
}

/* The number of the receipt that comes next. */
static enum err
write_number(const struct gathering *gathering, struct str unit, struct str *out,
             struct fault *fault)
{
    const struct concluding *item = gathering->item;
    struct str               regon = regon_of_number(item, unit);
    struct receipt_number    number = {
           .date = moment_warsaw_date(item->queued->arrived / INSTANT_PER_SECOND),
           .serial = item->log_index * FACTS_RECEIPTS_MAX + gathering->dossier.count};
    struct buf text = buf_create(gathering->arena, RECEIPT_NUMBER_SIZE_MAX);

    memcpy(number.regon, regon.data, regon.size);
    receipt_number_write(&text, &number);
    if (!buf_ok(&text)) {
        return FAIL(fault, ERR_MEMORY, "number of a receipt");
    }
    *out = buf_str(&text);
    return ERR_OK;
}

/* What is the same on every receipt of this decision. */
static struct receipt_facts
common_facts(const struct gathering *gathering, enum receipt_kind kind)
{
    const struct concluding *item = gathering->item;
    const struct queued     *queued = item->queued;
    struct receipt_facts     facts = {.kind = kind,
                                      .environment = gathering->frame->environment,
                                      .receiver = gathering->frame->receiver,
                                      .submission = queued->id,
                                      .n = item->n,
                                      .sender_name = queued->subject_name,
                                      .sender_regon = queued->subject_regon,
                                      .first_byte = queued->first_byte,
                                      .last_byte = queued->arrived,
                                      .arrived = queued->arrived,
                                      .decided = item->decided_at,
                                      .document_size = queued->size,
                                      .first_submission = queued->follows,
                                      .first_arrived = queued->first_arrived,
                                      .outages = gathering->outages,
                                      .outage_count = item->outages.count,
                                      .engine = item->engine,
                                      .log_index = item->log_index,
                                      .note = gathering->frame->note};

    memcpy(facts.document_sha256, queued->sha256, sizeof facts.document_sha256);
    memcpy(facts.definitions_sha256, item->definitions_sha256, sizeof facts.definitions_sha256);
    memcpy(facts.trust_sha256, item->trust_sha256, sizeof facts.trust_sha256);
    memcpy(facts.registry_sha256, item->registry_sha256, sizeof facts.registry_sha256);
    memcpy(facts.reference_sha256, item->reference_sha256, sizeof facts.reference_sha256);
    memcpy(facts.calendar_sha256, item->calendar_sha256, sizeof facts.calendar_sha256);
    memcpy(facts.log_leaf, item->log_leaf, sizeof facts.log_leaf);
    return facts;
}

/* Number the facts and put them behind those that are there. */
static enum err
enter(struct gathering *gathering, struct receipt_facts *facts, int64_t unit, struct str regon,
      struct fault *fault)
{
    struct dossier *dossier = &gathering->dossier;

    TRY(write_number(gathering, regon, &facts->number, fault));
    dossier->facts[dossier->count] = *facts;
    dossier->receipts[dossier->count] = (struct concluded_receipt){
        .number = facts->number,
        .kind = kinds[facts->kind],
        .unit = unit,
        .regon = regon,
        .report_from = facts->report_count == 0 ? 0 : (size_t)(facts->reports - gathering->reports),
        .report_count = facts->report_count};
    dossier->count++;
    return ERR_OK;
}

static enum err
enter_delivery(struct gathering *gathering, struct fault *fault)
{
    struct receipt_facts facts = common_facts(gathering, RECEIPT_DELIVERY);

    facts.verdict = str_of(verdict_name(VERDICT_UNDECIDED));
    facts.reason = gathering->item->reason;
    return enter(gathering, &facts, 0, gathering->item->queued->subject_regon, fault);
}

static enum err
enter_summary(struct gathering *gathering, struct fault *fault)
{
    const struct decided_file *file = gathering->item->decided;
    struct receipt_facts       facts = common_facts(gathering, RECEIPT_SUMMARY);

    facts.verdict = str_of(verdict_name(file->verdict));
    facts.reason = file->reason;
    facts.reports = gathering->reports;
    facts.report_count = file->report_count;
    facts.findings = gathering->package.all;
    facts.finding_count = gathering->package.count;
    return enter(gathering, &facts, 0, gathering->item->queued->subject_regon, fault);
}

/* The only unit has no summary beside it: all is stated here. */
static void
put_package_findings(const struct gathering *gathering, size_t unit, struct receipt_facts *facts)
{
    const struct dossier       *dossier = &gathering->dossier;
    const struct facts_package *package = &gathering->package;

    facts->findings = package->all;
    facts->finding_count = package->count;
    if (dossier->count > 0 && dossier->facts[0].kind == RECEIPT_SUMMARY) {
        facts->findings = &package->by_unit[package->from[unit]];
        facts->finding_count = package->from[unit + 1] - package->from[unit];
        facts->listed_count = facts->finding_count < package->count ? package->count : 0;
        facts->listed_on = facts->listed_count > 0 ? dossier->facts[0].number : (struct str){0};
    }
}

static enum err
enter_unit(struct gathering *gathering, size_t ordinal, struct fault *fault)
{
    const struct concluding   *item = gathering->item;
    const struct decided_file *file = item->decided;
    const struct package_unit *unit = &file->package->units[ordinal];
    const struct field        *fields = unit->identity.fields;
    struct receipt_facts       facts = common_facts(gathering, RECEIPT_UNIT);
    enum verdict               verdict = file->reports[unit->report_from].verdict;
    int64_t known = item->units != NULL ? registry_unit_of(&item->units[ordinal]) : 0;

    for (uint32_t i = 1; i < unit->report_count; i++) {
        verdict = decision_worse(verdict, file->reports[unit->report_from + i].verdict);
    }
    facts.verdict = str_of(verdict_name(verdict));
    facts.reason = file->reason;
    facts.unit_name = package_trim(&fields[UNIT_NAME]);
    facts.unit_regon = package_trim(&fields[UNIT_REGON]);
    facts.unit_codes = str_format(
        gathering->arena, "%.*s/%.*s/%.*s/%.*s/%.*s", STR_ARG(package_trim(&fields[UNIT_WK])),
        STR_ARG(package_trim(&fields[UNIT_PK])), STR_ARG(package_trim(&fields[UNIT_GK])),
        STR_ARG(package_trim(&fields[UNIT_GT])), STR_ARG(package_trim(&fields[UNIT_PT])));
    if (facts.unit_codes.data == NULL) {
        return FAIL(fault, ERR_MEMORY, "codes of a unit");
    }
    facts.reports = &gathering->reports[unit->report_from];
    facts.report_count = unit->report_count;
    put_package_findings(gathering, ordinal, &facts);
    return enter(gathering, &facts, known, facts.unit_regon, fault);
}

static size_t
count_filing_units(const struct package *package)
{
    size_t count = 0;

    for (size_t i = 0; package != NULL && i < package->unit_count; i++) {
        count += package->units[i].report_count > 0 ? 1 : 0;
    }
    return count;
}

static enum err
make_room(struct gathering *gathering, size_t receipts, size_t reports, struct fault *fault)
{
    struct dossier *dossier = &gathering->dossier;

    dossier->facts = ARENA_NEW(gathering->arena, struct receipt_facts, receipts);
    dossier->receipts = ARENA_NEW(gathering->arena, struct concluded_receipt, receipts);
    gathering->reports = ARENA_NEW(gathering->arena, struct receipt_report, reports);
    if (dossier->facts == NULL || dossier->receipts == NULL || gathering->reports == NULL) {
        return FAIL(fault, ERR_MEMORY, "facts of %zu receipts", receipts);
    }
    return ERR_OK;
}

instant
facts_first_attempt(const struct queued *queued)
{
    return queued->first_arrived != 0 && queued->first_arrived < queued->first_byte
               ? queued->first_arrived
               : queued->first_byte;
}

static enum err
tell_outages(struct gathering *gathering, struct fault *fault)
{
    const struct concluding *item = gathering->item;
    instant                  tried = facts_first_attempt(item->queued);

    gathering->outages = ARENA_NEW(gathering->arena, struct receipt_outage, item->outages.count);
    if (gathering->outages == NULL) {
        return FAIL(fault, ERR_MEMORY, "%zu outages", item->outages.count);
    }
    for (size_t i = 0; i < item->outages.count; i++) {
        const struct filed_outage *outage = &item->outages.items[i];
        gathering->outages[i] = (struct receipt_outage){
            .began = outage->began,
            .ended = outage->ended,
            .tried = tried >= outage->began && tried < outage->ended ? tried : 0,
            .what = outage->what};
    }
    return ERR_OK;
}

static enum err
gather(struct gathering *gathering, struct fault *fault)
{
    const struct concluding   *item = gathering->item;
    const struct decided_file *file = item->decided;
    size_t                     units = count_filing_units(file->package);

    TRY(make_room(gathering, units + 1, file->report_count, fault));
    for (size_t i = 0; i < file->report_count; i++) {
        TRY(facts_report_make(gathering->arena, item, i, &gathering->reports[i], fault));
    }
    TRY(facts_package_make(gathering->arena, file, &gathering->package, fault));
    if (units != 1) {
        TRY(enter_summary(gathering, fault));
    }
    for (size_t i = 0; units > 0 && i < file->package->unit_count; i++) {
        if (file->package->units[i].report_count > 0) {
            TRY(enter_unit(gathering, i, fault));
        }
    }
    return ERR_OK;
}

struct facts_frame
facts_frame_of(enum environment environment, struct str receiver, const struct bundle *bundle)
{
    return (struct facts_frame){.environment =
                                    environment == ENVIRONMENT_PROD ? STR("PROD") : STR("TEST"),
                                .receiver = receiver,
                                .note = str_trim(bundle_file(bundle, STR(NOTE_PATH)))};
}

enum err
facts_make(struct arena *arena, const struct facts_frame *frame, const struct concluding *item,
           struct dossier *out, struct fault *fault)
{
    struct gathering gathering = {.arena = arena, .frame = frame, .item = item};

    TRY(tell_outages(&gathering, fault));
    if (item->decided == NULL) {
        TRY(make_room(&gathering, 1, 0, fault));
        TRY(enter_delivery(&gathering, fault));
    } else {
        TRY(gather(&gathering, fault));
    }
    *out = gathering.dossier;
    return ERR_OK;
}

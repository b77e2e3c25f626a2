#include "gateway/intake/redecision.h"
#include "gateway/submission/deciding.h"
#include "gateway/submission/figures.h"
#include "gateway/submission/stage.h"

#include <string.h>

enum { KEY_BYTES = 8, BYTE_BITS = 8 };

static bool
is_to_be_decided(const struct submission *submission)
{
    return stage_goes_on(submission) && !submission->delivery;
}

/* Somebody who is nobody in the registry may have a file checked, and is told nothing of it. */
static bool
asks(const struct submission *submission)
{
    return is_to_be_decided(submission) && submission->queued.subject != 0;
}

static struct date
day_of(const struct submission *submission)
{
    return moment_warsaw_date(submission->queued.arrived / INSTANT_PER_SECOND);
}

/* The last day of the package's period; year 0 when that cannot be read. */
static struct date
period_end_of(const struct bench *bench, const struct package *package)
{
    const struct period_fields *fields = &package->period;
    struct period               period = {0};

    if (!catalogue_period(bench->definitions.catalogue, package_trim(&fields->year),
                          package_trim(&fields->type), package_trim(&fields->number), &period)) {
        return (struct date){0};
    }
    return period.end;
}

/* What all reports of the part say of their units is asked at once. */
static enum err
ask_registry(struct bench *bench, struct batch *batch, const struct part *part, struct fault *fault)
{
    struct submission *items = &batch->items[part->from];
    size_t             total = 0;
    size_t             count = 0;

    for (size_t i = 0; i < part->count; i++) {
        total += asks(&items[i]) ? items[i].checked->package.unit_count : 0;
    }
    struct registry_claim  *claims = ARENA_NEW(batch->arena, struct registry_claim, total);
    struct registry_answer *answers = ARENA_NEW(batch->arena, struct registry_answer, total);
    if (claims == NULL || answers == NULL) {
        return FAIL(fault, ERR_MEMORY, "%zu units", total);
    }
    for (size_t i = 0; i < part->count; i++) {
        const struct package *package = asks(&items[i]) ? &items[i].checked->package : NULL;
        items[i].units = package == NULL ? items[i].units : &answers[count];
        for (size_t unit = 0; package != NULL && unit < package->unit_count; unit++) {
            claims[count] = deciding_claim(&package->units[unit]);
            claims[count].subject = items[i].queued.subject;
            claims[count].day = day_of(&items[i]);
            claims[count].period_end = period_end_of(bench, package);
            count++;
        }
    }
    return registry_ask(bench->store, batch->arena, claims, count, answers, fault);
}

/* A key that no unit's number can be: it is negative. */
static int64_t
key_of_bytes(const unsigned char *bytes)
{
    uint64_t key = 0;

    for (size_t i = 0; i < KEY_BYTES; i++) {
        key = key << BYTE_BITS | bytes[i];
    }
    return -(int64_t)(key >> 1U) - 1;
}

/* The five codes of a unit that nobody knows. */
static enum err
key_of_codes(struct arena *arena, const struct package_unit *unit, int64_t *out,
             struct fault *fault)
{
    const struct registry_claim claim = deciding_claim(unit);
    unsigned char               digest[FINGERPRINT_SIZE];
    struct str                  codes =
        str_format(arena, "%.*s/%.*s/%.*s/%.*s/%.*s", STR_ARG(claim.wk), STR_ARG(claim.pk),
                   STR_ARG(claim.gk), STR_ARG(claim.gt), STR_ARG(claim.pt));

    if (codes.data == NULL) {
        return FAIL(fault, ERR_MEMORY, "codes of a unit");
    }
    TRY(fingerprint_of(codes, digest, fault));
    *out = key_of_bytes(digest);
    return ERR_OK;
}

static void
add_key(struct submission *submission, int64_t *keys, int64_t key)
{
    for (size_t i = 0; i < submission->lock_key_count; i++) {
        if (keys[i] == key) {
            return;
        }
    }
    keys[submission->lock_key_count] = key;
    submission->lock_key_count++;
}

/* Without a unit that is certain nothing comes into force, and the key only keeps alike packages
 * apart; what has no unit at all has a key of its own. */
static enum err
find_other_key(struct arena *arena, const struct submission *submission, int64_t *out,
               struct fault *fault)
{
    const struct package *package = &submission->checked->package;

    if (package->unit_count > 0) {
        return key_of_codes(arena, &package->units[0], out, fault);
    }
    *out = key_of_bytes(submission->queued.id.bytes + UUID_SIZE - KEY_BYTES);
    return ERR_OK;
}

/* The JST whose reports or sets may change: as a rule one, but a body may serve units of several, a
 * unit may have stood below another when the period ended, and what was decided before may have
 * stood elsewhere. */
static enum err
set_lock_keys(struct arena *arena, struct submission *submission,
              const struct redecision_tops *before, struct fault *fault)
{
    size_t   most = 2 * submission->checked->package.unit_count + before->count + 1;
    int64_t *keys = ARENA_NEW(arena, int64_t, most);
    int64_t  other = 0;

    if (keys == NULL) {
        return FAIL(fault, ERR_MEMORY, "%zu keys of locks", most);
    }
    submission->lock_keys = keys;
    submission->lock_key_count = 0;
    for (size_t i = 0; i < submission->checked->package.unit_count; i++) {
        if (registry_unit_of(&submission->units[i]) != 0) {
            add_key(submission, keys, submission->units[i].top);
            add_key(submission, keys, submission->units[i].period_top);
        }
    }
    if (submission->lock_key_count == 0) {
        TRY(find_other_key(arena, submission, &other, fault));
        add_key(submission, keys, other);
    }
    for (size_t i = 0; i < before->count; i++) {
        add_key(submission, keys, before->items[i].top);
    }
    return ERR_OK;
}

/* Of those of a part that were decided before. */
static enum err
ask_tops(struct bench *bench, struct batch *batch, const struct part *part,
         struct redecision_tops *out, struct fault *fault)
{
    struct uuid ids[BATCH_DOCUMENTS_MAX];
    size_t      count = 0;

    for (size_t i = part->from; i < part->from + part->count; i++) {
        if (asks(&batch->items[i]) && batch->items[i].queued.decided_n > 0) {
            ids[count] = batch->items[i].queued.id;
            count++;
        }
    }
    return count == 0 ? ERR_OK
                      : redecision_tops(bench->store, batch->arena, ids, count, out, fault);
}

/* The run of those of submission number `at`, taken off the front of what is left. */
static struct redecision_tops
take_tops(struct redecision_tops *left, size_t at)
{
    struct redecision_tops taken = {.items = left->items};

    while (taken.count < left->count && left->items[taken.count].at == at) {
        taken.count++;
    }
    if (taken.count > 0) {
        left->items += taken.count;
        left->count -= taken.count;
    }
    return taken;
}

static enum err
find_lock_keys(struct bench *bench, struct batch *batch, const struct part *part,
               struct fault *fault)
{
    struct redecision_tops left = {0};
    size_t                 again = 0;

    TRY(ask_tops(bench, batch, part, &left, fault));
    for (size_t i = part->from; i < part->from + part->count; i++) {
        struct submission     *submission = &batch->items[i];
        struct redecision_tops before = {0};
        if (!asks(submission)) {
            continue;
        }
        if (submission->queued.decided_n > 0) {
            before = take_tops(&left, again);
            again++;
        }
        TRY(set_lock_keys(batch->arena, submission, &before, fault));
    }
    return ERR_OK;
}

static enum err
decide(struct bench *bench, struct arena *arena, struct submission *submission, struct fault *fault)
{
    submission->switches = rule_switches_newest(&bench->switches);
    submission->switched_off =
        rule_switches_off(arena, &bench->switches, submission->queued.arrived);
    if (submission->switched_off.data == NULL) {
        return FAIL(fault, ERR_MEMORY, "rules that are off");
    }
    const struct decision_file    file = {.bytes = submission->bytes,
                                          .checked = submission->checked,
                                          .units = submission->standings,
                                          .objection = submission->queued.objection,
                                          .figures = submission->figures};
    const struct decision_request request = {.catalogue = bench->definitions.catalogue,
                                             .rules = bench->definitions.rules,
                                             .environment = bench->environment,
                                             .trust_given = true,
                                             .at = submission->queued.arrived / INSTANT_PER_SECOND,
                                             .switched_off = submission->switched_off,
                                             .files = &file,
                                             .file_count = 1};

    return decision_make(arena, &request, &submission->decided, fault);
}

/* What all reports of the part are held against is asked at once. */
static enum err
ask_figures(struct bench *bench, struct batch *batch, const struct part *part, struct fault *fault)
{
    const struct figures_request request = {.store = bench->store,
                                            .definitions = &bench->definitions,
                                            .environment = bench->environment};
    struct figures_subject      *subjects =
        ARENA_NEW(batch->arena, struct figures_subject, part->count + 1);
    size_t count = 0;

    if (subjects == NULL) {
        return FAIL(fault, ERR_MEMORY, "figures for %zu submissions", part->count);
    }
    for (size_t i = part->from; i < part->from + part->count; i++) {
        if (asks(&batch->items[i])) {
            subjects[count] = (struct figures_subject){.package = &batch->items[i].checked->package,
                                                       .units = batch->items[i].units};
            count++;
        }
    }
    TRY(figures_find(batch->arena, &request, subjects, count, fault));
    count = 0;
    for (size_t i = part->from; i < part->from + part->count; i++) {
        struct submission *submission = &batch->items[i];
        if (asks(submission)) {
            submission->figures = subjects[count].figures;
            memcpy(submission->reference_sha256, subjects[count].sha256,
                   sizeof submission->reference_sha256);
            count++;
        }
    }
    return ERR_OK;
}

enum err
stage_decide(struct bench *bench, struct batch *batch, const struct part *part, struct fault *fault)
{
    TRY(ask_registry(bench, batch, part, fault));
    TRY(ask_figures(bench, batch, part, fault));
    for (size_t i = part->from; i < part->from + part->count; i++) {
        struct submission *submission = &batch->items[i];
        if (asks(submission)) {
            TRY(deciding_standings(batch->arena, submission->units,
                                   submission->checked->package.unit_count, &submission->standings,
                                   fault));
            TRY(deciding_registry_digest(batch->arena, &submission->checked->package,
                                         submission->units, submission->registry_sha256, fault));
        }
        if (is_to_be_decided(submission)) {
            TRY(decide(bench, batch->arena, submission, fault));
        }
    }
    return find_lock_keys(bench, batch, part, fault);
}

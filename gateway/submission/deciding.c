#include "gateway/submission/deciding.h"

#include "gateway/fingerprint/fingerprint.h"
#include "validators/base/parcel.h"
#include "validators/decision/predecessor.h"

enum { REGISTRY_TEXT_MAX = 16 * 1024 * 1024 };

static const enum decision_standing standings[] = {
    [STANDING_UNKNOWN] = DECISION_UNIT_UNKNOWN,     [STANDING_DIFFERS] = DECISION_UNIT_DIFFERS,
    [STANDING_CLOSED] = DECISION_UNIT_CLOSED,       [STANDING_FOREIGN] = DECISION_UNIT_FOREIGN,
    [STANDING_SUCCEEDED] = DECISION_UNIT_SUCCEEDED, [STANDING_GOOD] = DECISION_UNIT_GOOD,
};

static void
put_claim(struct buf *out, const struct registry_claim *claim)
{
    parcel_put_text(out, claim->regon);
    parcel_put_text(out, claim->type);
    parcel_put_text(out, claim->wk);
    parcel_put_text(out, claim->pk);
    parcel_put_text(out, claim->gk);
    parcel_put_text(out, claim->gt);
    parcel_put_text(out, claim->pt);
}

struct registry_claim
deciding_claim(const struct package_unit *unit)
{
    const struct field *fields = unit->identity.fields;

    return (struct registry_claim){.regon = package_trim(&fields[UNIT_REGON]),
                                   .type = package_trim(&fields[UNIT_TYPE]),
                                   .wk = package_trim(&fields[UNIT_WK]),
                                   .pk = package_trim(&fields[UNIT_PK]),
                                   .gk = package_trim(&fields[UNIT_GK]),
                                   .gt = package_trim(&fields[UNIT_GT]),
                                   .pt = package_trim(&fields[UNIT_PT])};
}

enum err
deciding_standings(struct arena *arena, const struct registry_answer *answers, size_t count,
                   struct decision_unit **out, struct fault *fault)
{
    struct decision_unit *units = ARENA_NEW(arena, struct decision_unit, count);

    if (units == NULL) {
        return FAIL(fault, ERR_MEMORY, "%zu units", count);
    }
    for (size_t i = 0; i < count; i++) {
        ENSURE((size_t)answers[i].standing < ARRAY_COUNT(standings));
        units[i] = (struct decision_unit){.standing = standings[answers[i].standing],
                                          .registered = answers[i].registered};
    }
    *out = units;
    return ERR_OK;
}

/* Where the unit stood below another JST when the period ended: all others, and those of before
 * this was asked, have the digest that they had. */
static void
put_period_top(struct buf *out, const struct registry_answer *answer)
{
    if (answer->period_top != answer->top) {
        parcel_put_text(out, STR("period_top"));
        parcel_put_number(out, (uint64_t)answer->period_top);
    }
}

enum err
deciding_registry_digest(struct arena *arena, const struct package *package,
                         const struct registry_answer *answers, unsigned char sha256[32],
                         struct fault *fault)
{
    struct buf text = buf_create(arena, REGISTRY_TEXT_MAX);

    for (size_t i = 0; i < package->unit_count; i++) {
        const struct registry_claim claim = deciding_claim(&package->units[i]);
        put_claim(&text, &claim);
        parcel_put_number(&text, (uint64_t)answers[i].standing);
        parcel_put_number(&text, (uint64_t)answers[i].unit);
        parcel_put_number(&text, (uint64_t)answers[i].top);
        parcel_put_text(&text, answers[i].name);
        parcel_put_text(&text, answers[i].kind);
        parcel_put_text(&text, answers[i].registered);
        put_period_top(&text, &answers[i]);
    }
    if (!buf_ok(&text)) {
        return FAIL(fault, ERR_MEMORY, "answers of the registry");
    }
    return fingerprint_of(buf_str(&text), sha256, fault);
}

enum err
deciding_tell_predecessors(struct arena *arena, enum environment environment,
                           struct concluding *item, struct fault *fault)
{
    size_t              count = item->decided->report_count;
    struct predecessor *predecessors = ARENA_NEW(arena, struct predecessor, count);

    if (predecessors == NULL) {
        return FAIL(fault, ERR_MEMORY, "%zu reports", count);
    }
    for (size_t i = 0; i < count; i++) {
        const struct before *before = &item->before[i];
        predecessors[i] = (struct predecessor){
            .exists = before->exists,
            .version = before->version,
            .same_bytes = fingerprint_equal(before->sha256, item->filed[i].sha256),
            .arrived = before->arrived};
    }
    const struct predecessor_request request = {.catalogue = item->catalogue,
                                                .environment = environment,
                                                .trust_given = true,
                                                .bytes = item->bytes,
                                                .arrived = item->queued->arrived,
                                                .predecessors = predecessors};
    return predecessor_tell(arena, &request, item->decided, &item->decided, fault);
}

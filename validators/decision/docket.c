#include "validators/decision/docket.h"

#include "validators/decision/objection.h"
#include "validators/decision/wording.h"

static enum err
append(struct docket *docket, const struct told *told, struct fault *fault)
{
    struct told *items = arena_reserve(docket->arena, docket->items, docket->count,
                                       &docket->capacity, sizeof *items);

    if (items == NULL) {
        return FAIL(fault, ERR_MEMORY, "%zu findings", docket->count + 1);
    }
    docket->items = items;
    docket->items[docket->count] = *told;
    docket->count++;
    return ERR_OK;
}

/* Whether the definition of the form says so: a rule of it, or its schema inside the report. */
static bool
of_definition(const struct docket *docket, const struct told *told)
{
    const struct report *report = docket->report;
    uint32_t             offset = told->finding.offset;

    if (report == NULL) {
        return false;
    }
    return told->entry->form != ENTRY_OF_NO_FORM
           || (told->entry->of_schema && offset >= report->start && offset < report->end);
}

static void
weigh(struct docket *docket, struct told *told, const struct applies *applies)
{
    if (applies->severity == SEVERITY_ERROR
        && entry_objected(told->entry, docket->objection.codes)) {
        told->objected = true;
        docket->has_objected = true;
        docket->fired_objected |= entry_named(told->entry, docket->objection.codes);
    } else if (applies->severity == SEVERITY_ERROR) {
        bool *kind = of_definition(docket, told) ? &docket->has_form_error : &docket->has_error;
        *kind = true;
        docket->fired_barred |= entry_named(told->entry, docket->objection.codes);
    }
    if (applies->has_verdict && applies->verdict == VERDICT_UNDECIDED) {
        docket->has_undecided = true;
        docket->only_model =
            docket->only_model || str_equal(told->entry->code, STR(DOCKET_CODE_MODEL));
    }
    if (applies->has_verdict && applies->verdict == VERDICT_HELD) {
        docket->has_held = true;
    }
}

/* The entry of a finding and what holds of it here; *applies NULL: the check is off. */
static enum err
look_up(const struct docket *docket, const struct finding *finding, struct told *told,
        const struct applies **applies, struct fault *fault)
{
    int32_t form = docket->report == NULL ? ENTRY_OF_NO_FORM : docket->report->form;
    const struct rule_entry *entry = catalogue_entry(docket->catalogue, form, finding->code);

    if (entry == NULL) {
        return FAIL(fault, ERR_CATALOGUE, "finding %s has no texts", finding->code);
    }
    *applies = entry_applies(entry, &docket->circumstances);
    *told = (struct told){.finding = *finding, .entry = entry};
    told->severity = *applies == NULL ? SEVERITY_OFF : (*applies)->severity;
    return ERR_OK;
}

enum err
docket_add(struct docket *docket, const struct finding *finding, struct fault *fault)
{
    const struct applies *applies = NULL;
    struct told           told = {0};

    TRY(look_up(docket, finding, &told, &applies, fault));
    if (told.severity == SEVERITY_OFF) {
        return ERR_OK;
    }
    if (told.severity == SEVERITY_PROPOSED) {
        docket->proposed++;
        return ERR_OK;
    }
    weigh(docket, &told, applies);
    return append(docket, &told, fault);
}

enum err
docket_add_aside(struct docket *docket, const struct finding *finding, struct fault *fault)
{
    const struct applies *applies = NULL;
    struct told           told = {0};

    TRY(look_up(docket, finding, &told, &applies, fault));
    if (told.severity <= SEVERITY_PROPOSED) {
        return ERR_OK;
    }
    told.aside = true;
    return append(docket, &told, fault);
}

enum verdict
docket_verdict(const struct docket *docket)
{
    if (docket->has_error || (docket->has_form_error && !docket->only_model)) {
        return VERDICT_REJECTED;
    }
    if (docket->has_undecided) {
        return VERDICT_UNDECIDED;
    }
    return docket->has_held ? VERDICT_HELD : VERDICT_ACCEPTED;
}

/* Most severe first, then by place, then by code, then by what is found there. */
int
docket_order(const struct told *a, const struct told *b)
{
    if (a->severity != b->severity) {
        return a->severity > b->severity ? -1 : 1;
    }
    if (a->finding.offset != b->finding.offset) {
        return a->finding.offset < b->finding.offset ? -1 : 1;
    }
    int order = str_compare(str_of(a->finding.code), str_of(b->finding.code));
    return order != 0 ? order : str_compare(a->finding.found, b->finding.found);
}

static int
compare_told(const void *a, const void *b)
{
    return docket_order(a, b);
}

/* Lines and columns of what an amount is made of, as of the finding itself. */
static enum err
place_contributors(struct docket *docket, const struct place_index *places, struct finding *finding,
                   struct fault *fault)
{
    struct contributors *sides = contributors_copy(docket->arena, finding->contributors);

    if (sides == NULL) {
        return FAIL(fault, ERR_MEMORY, "contributors of a finding");
    }
    for (size_t i = 0; i < CONTRIBUTORS_SIDES; i++) {
        for (size_t j = 0; j < sides[i].count; j++) {
            struct place place = place_at(places, sides[i].items[j].offset);
            sides[i].items[j].line = place.line;
            sides[i].items[j].column = place.column;
        }
    }
    finding->contributors = sides;
    return ERR_OK;
}

static enum err
word(struct docket *docket, const struct place_index *places, struct told *told,
     struct fault *fault)
{
    struct wording wording = {
        .finding = &told->finding, .report = docket->report, .form = docket->form};
    struct place place = place_at(places, told->finding.offset);

    told->line = place.line;
    told->column = place.column;
    if (told->finding.contributors != NULL) {
        TRY(place_contributors(docket, places, &told->finding, fault));
    }
    TRY(wording_fill(docket->arena, &wording, told->entry->title, &told->title, fault));
    return wording_fill(docket->arena, &wording, told->entry->fix, &told->fix, fault);
}

/* By difference, then by cell. */
static int
compare_differences(const void *a, const void *b)
{
    const struct told *left = *(const struct told *const *)a;
    const struct told *right = *(const struct told *const *)b;
    int                order = str_compare(left->finding.difference, right->finding.difference);

    return order != 0 ? order : str_compare(left->finding.cell, right->finding.cell);
}

/* Whether a difference is any amount but zero. */
static bool
is_amount(struct str difference)
{
    for (size_t i = 0; i < difference.size; i++) {
        if (difference.data[i] >= '1' && difference.data[i] <= '9') {
            return true;
        }
    }
    return false;
}

/* Findings with one difference: how many cells they are about. */
static void
count_cells(struct told **items, size_t count)
{
    uint32_t cells = 0;

    for (size_t i = 0; i < count; i++) {
        cells += i == 0 || !str_equal(items[i]->finding.cell, items[i - 1]->finding.cell) ? 1 : 0;
    }
    for (size_t i = 0; i < count; i++) {
        items[i]->repeats = cells;
    }
}

/*
 * A difference that stands in several cells is most likely one operation that was booked wrongly,
 * to be looked for in the books. Also what is cut from the list counts.
 */
static enum err
count_repeats(struct docket *docket, struct fault *fault)
{
    struct told **items = ARENA_NEW(docket->arena, struct told *, docket->count + 1);
    size_t        count = 0;
    size_t        from = 0;

    if (items == NULL) {
        return FAIL(fault, ERR_MEMORY, "%zu findings", docket->count);
    }
    for (size_t i = 0; i < docket->count; i++) {
        if (is_amount(docket->items[i].finding.difference)) {
            items[count] = &docket->items[i];
            count++;
        }
    }
    qsort(items, count, sizeof(struct told *), compare_differences);
    for (size_t i = 1; i <= count; i++) {
        if (i == count
            || !str_equal(items[i]->finding.difference, items[from]->finding.difference)) {
            count_cells(items + from, i - from);
            from = i;
        }
    }
    return ERR_OK;
}

/* The finding that explains an undecided or held verdict, or an objection; or NULL. */
static const struct told *
explaining(const struct docket *docket, enum verdict verdict)
{
    for (size_t i = 0; i < docket->count; i++) {
        const struct applies *applies =
            entry_applies(docket->items[i].entry, &docket->circumstances);
        if (verdict == VERDICT_ACCEPTED && docket->objected.size > 0
            && str_equal(docket->items[i].entry->code, STR(OBJECTION_CODE_FILED))) {
            return &docket->items[i];
        }
        if (applies != NULL && applies->has_verdict && applies->verdict == verdict) {
            return &docket->items[i];
        }
    }
    return NULL;
}

/* What all findings of this kind wait for: "główny księgowy, kierownik jednostki". */
static struct str
join_expected(const struct docket *docket, const struct told *first)
{
    struct str joined = first->finding.expected;

    for (size_t i = (size_t)(first - docket->items) + 1; i < docket->count; i++) {
        const struct told *next = &docket->items[i];
        if (next->entry == first->entry && joined.data != NULL
            && !str_equal(next->finding.expected, first->finding.expected)) {
            joined = str_format(docket->arena, "%.*s, %.*s", STR_ARG(joined),
                                STR_ARG(next->finding.expected));
        }
    }
    return joined;
}

static enum err
give_reason(struct docket *docket, struct str *out, struct fault *fault)
{
    enum verdict       verdict = docket_verdict(docket);
    const struct told *told = verdict == VERDICT_REJECTED ? NULL : explaining(docket, verdict);
    struct wording     wording = {.report = docket->report, .form = docket->form};
    struct finding     finding = {0};

    if (told == NULL) {
        return ERR_OK;
    }
    finding = told->finding;
    if (verdict == VERDICT_HELD && finding.expected.size > 0) {
        finding.expected = join_expected(docket, told);
        if (finding.expected.data == NULL) {
            return FAIL(fault, ERR_MEMORY, "reason of a verdict");
        }
    }
    wording.finding = &finding;
    return wording_fill(docket->arena, &wording, told->entry->title, out, fault);
}

/* Keep the first room findings of the sorted items, and those aside; how many that are. */
static size_t
select_listed(struct docket *docket, size_t room)
{
    size_t listed = 0;

    for (size_t i = 0; i < docket->count; i++) {
        if (docket->items[i].aside || room > 0) {
            room -= docket->items[i].aside ? 0 : 1;
            docket->items[listed] = docket->items[i];
            listed++;
        }
    }
    return listed;
}

enum err
docket_close(struct docket *docket, const struct place_index *places, size_t room,
             struct told_list *out, struct str *reason, struct fault *fault)
{
    if (docket->count > 0) {
        qsort(docket->items, docket->count, sizeof *docket->items, compare_told);
        TRY(count_repeats(docket, fault));
    }
    TRY(give_reason(docket, reason, fault));
    size_t listed = select_listed(docket, room);
    for (size_t i = 0; i < listed; i++) {
        TRY(word(docket, places, &docket->items[i], fault));
    }
    *out = (struct told_list){.items = docket->items,
                              .count = listed,
                              .cut = docket->cut + docket->count - listed,
                              .proposed = docket->proposed};
    return ERR_OK;
}

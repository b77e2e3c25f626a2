#include "validators/catalogue/read.h"

#include "validators/base/amount.h"

enum { APPLIES_MAX = 32, CODE_DIGITS = 3, CODE_MAX = 15, LIMIT_MAX = 100000 };

static const char *const severities[] = {"off",   "proposed", "info", "warning",
                                         "query", "error",    NULL};
static const char *const period_kinds[] = {"month", "quarter", "year", NULL};
static const char *const environments[] = {"test", "prod", NULL};
static const char *const trusts[] = {"any", "given", "absent", NULL};
static const char *const schemas[] = {"", "form", NULL};
static const char *const verdicts[] = {"undecided", "accepted", "held", NULL};

/* PREFIX-NNN: capitals and digits, a hyphen, three digits. */
static bool
is_code(struct str code)
{
    struct str digits = str_slice(code, code.size - CODE_DIGITS, CODE_DIGITS);

    if (code.size < CODE_DIGITS + 2 || code.size > CODE_MAX || !str_all_digits(digits)
        || code.data[code.size - CODE_DIGITS - 1] != '-') {
        return false;
    }
    for (size_t i = 0; i < code.size - CODE_DIGITS - 1; i++) {
        char byte = code.data[i];
        if (!((byte >= 'A' && byte <= 'Z') || (byte >= '0' && byte <= '9'))) {
            return false;
        }
    }
    return true;
}

static enum err
read_applies(const struct source *source, int32_t item, struct applies *out, struct fault *fault)
{
    int severity = -1;
    int verdict = -1;
    int levels = 0;

    TRY(source_only(source, item, "severity verdict levels periods env trust from to", "", fault));
    TRY(source_choice(source, item, "severity", severities, &severity, fault));
    TRY(source_choice(source, item, "verdict", verdicts, &verdict, fault));
    TRY(source_mask(source, item, "levels", catalogue_level_names, &levels, fault));
    TRY(source_mask(source, item, "periods", period_kinds, &out->periods, fault));
    TRY(source_mask(source, item, "env", environments, &out->environments, fault));
    TRY(source_choice(source, item, "trust", trusts, &out->trust, fault));
    TRY(source_days(source, item, &out->from, &out->to, fault));
    if (severity < 0) {
        return source_fail(source, item, fault, "brakuje atrybutu", STR("severity"));
    }
    if (verdict == VERDICT_ACCEPTED) {
        return source_fail(source, item, fault, "uwaga nie może dać sprawozdaniu wyniku",
                           STR("accepted"));
    }
    out->severity = (enum severity)severity;
    out->has_verdict = verdict >= 0;
    out->verdict = verdict >= 0 ? (enum verdict)verdict : VERDICT_UNDECIDED;
    out->levels = element_attribute(&source->table, item, "levels");
    return ERR_OK;
}

static enum err
read_all_applies(const struct source *source, int32_t item, struct rule_entry *out,
                 struct fault *fault)
{
    size_t          count = source_count(source, item, "applies");
    struct applies *applies = ARENA_NEW(source->arena, struct applies, count);
    int32_t         it = element_child(&source->table, item, (struct str){0}, STR("applies"));

    if (applies == NULL) {
        return FAIL(fault, ERR_MEMORY, "circumstances of a rule");
    }
    if (count == 0 || count > APPLIES_MAX) {
        return source_fail(source, item, fault, "elementu applies nie ma albo jest ich za dużo w",
                           out->code);
    }
    for (size_t i = 0; i < count; i++) {
        TRY(read_applies(source, it, &applies[i], fault));
        it = element_next(&source->table, it);
    }
    out->applies = applies;
    out->applies_count = count;
    return ERR_OK;
}

/* A number that may be left out. */
static enum err
read_limit(const struct source *source, int32_t item, const char *name, int *out,
           struct fault *fault)
{
    return element_attribute(&source->table, item, name).data == NULL
               ? ERR_OK
               : source_number(source, item, name, LIMIT_MAX, out, fault);
}

static enum err
read_limits(const struct source *source, int32_t item, struct entry_limits *out,
            struct fault *fault)
{
    struct str floor = element_attribute(&source->table, item, "floor");

    TRY(read_limit(source, item, "peers", &out->peers, fault));
    TRY(read_limit(source, item, "spreads", &out->spreads, fault));
    TRY(read_limit(source, item, "factor", &out->factor, fault));
    if (floor.data != NULL
        && (amount_parse(floor, 2, &out->floor) != AMOUNT_OK || out->floor < 0)) {
        return source_fail(source, item, fault, "to nie jest kwota:", floor);
    }
    return ERR_OK;
}

static enum err
read_rule(const struct source *source, int32_t item, struct str owner, struct rule_entry *out,
          struct fault *fault)
{
    const struct element_table *table = &source->table;
    struct str                  own_owner = element_attribute(table, item, "owner");
    int                         schema = 0;

    TRY(source_only(source, item,
                    "code owner domain points check by peers spreads factor floor schema charges "
                    "numbers",
                    "title explain fix basis applies", fault));
    TRY(source_text(source, item, "code", &out->code, fault));
    if (!is_code(out->code)) {
        return source_fail(source, item, fault,
                           "to nie jest kod w postaci PRZEDROSTEK-NNN:", out->code);
    }
    TRY(source_choice(source, item, "schema", schemas, &schema, fault));
    out->of_schema = schema == 1;
    out->domain = element_attribute(table, item, "domain");
    out->points = element_attribute(table, item, "points");
    out->check = element_attribute(table, item, "check");
    out->by = element_attribute(table, item, "by");
    TRY(read_limits(source, item, &out->limits, fault));
    out->owner = own_owner.size > 0 ? own_owner : owner;
    out->title = element_child_text(table, item, "title");
    out->explain = element_child_text(table, item, "explain");
    out->fix = element_child_text(table, item, "fix");
    out->basis = element_child_text(table, item, "basis");
    out->path = source->path;
    out->form = ENTRY_OF_NO_FORM;
    if (out->title.size == 0 || out->fix.size == 0 || out->basis.size == 0) {
        return source_fail(source, item, fault,
                           "brakuje tytułu, rady albo podstawy (title, fix, basis) w", out->code);
    }
    return read_all_applies(source, item, out, fault);
}

static enum err
add_entry(struct arena *arena, struct entry_list *list, const struct rule_entry *entry,
          struct fault *fault)
{
    struct rule_entry *items =
        arena_reserve(arena, list->items, list->count, &list->capacity, sizeof *items);

    if (items == NULL) {
        return FAIL(fault, ERR_MEMORY, "%zu rules", list->count + 1);
    }
    list->items = items;
    list->items[list->count] = *entry;
    list->count++;
    return ERR_OK;
}

enum err
read_rules(struct arena *arena, const struct bundle *bundle, struct str path,
           struct entry_list *list, struct fault *fault)
{
    struct source source = {0};
    struct str    owner = {0};

    TRY(source_open(arena, bundle, path, "rules", &source, fault));
    TRY(source_only(&source, 0, "owner", "operand rule", fault));
    TRY(source_text(&source, 0, "owner", &owner, fault));
    int32_t it = element_child(&source.table, 0, (struct str){0}, STR("rule"));
    while (it != ELEMENT_NONE) {
        struct rule_entry entry = {0};
        TRY(complaints_keep(list->complaints, read_rule(&source, it, owner, &entry, fault), fault));
        TRY(add_entry(arena, list, &entry, fault));
        it = element_next(&source.table, it);
    }
    return ERR_OK;
}

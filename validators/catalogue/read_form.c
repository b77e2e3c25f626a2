#include "validators/catalogue/read.h"

#include "validators/columns/columns.h"

enum { SCALE_MAX = 6, DIGITS_MAX = 18, PERIODS_MAX = 8, SYMBOL_MAX = 20 };

static const char *const statuses[] = {"certain", "model", NULL};
static const char *const repetitions[] = {"", "dysponent", NULL};
static const char *const places[] = {"Naglowek", NULL};
static const char *const variant_kinds[] = {[FORM_VARIANT_DYSPONENT] = "dysponent",
                                            [FORM_VARIANT_TASK] = "rodzaj-zadania",
                                            [FORM_VARIANT_JOP] = "jop",
                                            [FORM_VARIANT_JOP + 1] = NULL};
static const char *const booleans[] = {"false", "true", NULL};

static enum err
read_code(const struct source *source, int32_t item, struct form_code *out, struct fault *fault)
{
    int key = 0;
    int detail = 1;
    int digits = 0;

    TRY(source_text(source, item, "name", &out->name, fault));
    TRY(source_text(source, item, "title", &out->title, fault));
    TRY(source_text(source, item, "label", &out->label, fault));
    TRY(source_choice(source, item, "key", booleans, &key, fault));
    TRY(source_choice(source, item, "detail", booleans, &detail, fault));
    TRY(source_number(source, item, "digits", DIGITS_MAX, &digits, fault));
    out->number = element_attribute(&source->table, item, "number");
    out->key = key == 1;
    out->detail = key == 1 && detail == 1;
    out->digits = (size_t)digits;
    return ERR_OK;
}

static enum err
read_amount(const struct source *source, int32_t item, struct form_amount *out, struct fault *fault)
{
    TRY(source_text(source, item, "name", &out->name, fault));
    TRY(source_text(source, item, "title", &out->title, fault));
    out->number = element_attribute(&source->table, item, "number");
    TRY(source_number(source, item, "scale", SCALE_MAX, &out->scale, fault));
    return ERR_OK;
}

static enum err
read_codes(const struct source *source, struct form *out, struct fault *fault)
{
    size_t            count = source_count(source, 0, "code");
    struct form_code *codes = ARENA_NEW(source->arena, struct form_code, count);
    int32_t           it = element_child(&source->table, 0, (struct str){0}, STR("code"));

    if (codes == NULL) {
        return FAIL(fault, ERR_MEMORY, "columns of a form");
    }
    if (count > COLUMNS_CODES_MAX) {
        return source_fail(source, it, fault, "za dużo kolumn klasyfikacji:", source->path);
    }
    for (out->code_count = 0; out->code_count < count; out->code_count++) {
        struct form_code *code = &codes[out->code_count];
        TRY(read_code(source, it, code, fault));
        out->codes = codes;
        if (form_code_index(out, code->name) >= 0) {
            return source_fail(source, it, fault, "kolumna podana dwa razy:", code->name);
        }
        it = element_next(&source->table, it);
    }
    return ERR_OK;
}

static enum err
read_amounts(const struct source *source, struct form *out, struct fault *fault)
{
    size_t              count = source_count(source, 0, "amount");
    struct form_amount *amounts = ARENA_NEW(source->arena, struct form_amount, count);
    int32_t             it = element_child(&source->table, 0, (struct str){0}, STR("amount"));

    if (amounts == NULL) {
        return FAIL(fault, ERR_MEMORY, "columns of a form");
    }
    if (count == 0 || count > COLUMNS_AMOUNTS_MAX) {
        return source_fail(source, 0, fault,
                           "kolumn kwot nie ma albo jest ich za dużo:", source->path);
    }
    for (out->amount_count = 0; out->amount_count < count; out->amount_count++) {
        struct form_amount *amount = &amounts[out->amount_count];
        TRY(read_amount(source, it, amount, fault));
        out->amounts = amounts;
        if (form_amount_index(out, amount->name) >= 0 || form_code_index(out, amount->name) >= 0) {
            return source_fail(source, it, fault, "kolumna podana dwa razy:", amount->name);
        }
        it = element_next(&source->table, it);
    }
    return ERR_OK;
}

/* A letter, then letters, digits, '_' and '.': what VTL reads as one name. */
static bool
is_symbol(struct str text)
{
    for (size_t i = 0; i < text.size; i++) {
        char byte = text.data[i];
        bool letter = (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z');
        bool other = (byte >= '0' && byte <= '9') || byte == '_' || byte == '.';
        if (!letter && (i == 0 || !other)) {
            return false;
        }
    }
    return text.size > 0 && text.size <= SYMBOL_MAX;
}

static enum err
read_line(const struct source *source, int32_t item, struct form *out, struct form_line *line,
          struct fault *fault)
{
    TRY(source_text(source, item, "symbol", &line->symbol, fault));
    TRY(source_text(source, item, "title", &line->title, fault));
    if (!is_symbol(line->symbol)) {
        return source_fail(source, item, fault, "to nie jest symbol wiersza:", line->symbol);
    }
    if (form_line_index(out, line->symbol) >= 0) {
        return source_fail(source, item, fault, "wiersz podany dwa razy:", line->symbol);
    }
    return ERR_OK;
}

/* The code that says lines="true"; a form without lines has none. */
static enum err
find_line_code(const struct source *source, struct form *out, struct fault *fault)
{
    int32_t it = element_child(&source->table, 0, (struct str){0}, STR("code"));
    size_t  found = 0;

    for (size_t i = 0; i < out->code_count; i++) {
        int lines = 0;
        TRY(source_choice(source, it, "lines", booleans, &lines, fault));
        if (lines == 1 && !out->codes[i].key) {
            return source_fail(source, it, fault,
                               "symbol wiersza nie jest kluczem pozycji:", out->codes[i].name);
        }
        out->line_code = lines == 1 ? i : out->line_code;
        found += (size_t)lines;
        it = element_next(&source->table, it);
    }
    if (found != (out->line_count > 0 ? 1 : 0)) {
        return source_fail(source, 0, fault,
                           "wiersze (line) potrzebują jednego elementu code z lines=\"true\" w",
                           source->path);
    }
    return ERR_OK;
}

static enum err
read_lines(const struct source *source, struct form *out, struct fault *fault)
{
    size_t            count = source_count(source, 0, "line");
    struct form_line *lines = ARENA_NEW(source->arena, struct form_line, count + 1);
    int32_t           it = element_child(&source->table, 0, (struct str){0}, STR("line"));

    if (lines == NULL) {
        return FAIL(fault, ERR_MEMORY, "lines of a form");
    }
    if (count > FORM_LINES_MAX) {
        return source_fail(source, it, fault, "za dużo wierszy:", source->path);
    }
    out->lines = lines;
    for (out->line_count = 0; out->line_count < count; out->line_count++) {
        TRY(read_line(source, it, out, &lines[out->line_count], fault));
        it = element_next(&source->table, it);
    }
    for (size_t i = 1; count > 0 && i < out->amount_count; i++) {
        if (out->amounts[i].scale != out->amounts[0].scale) {
            return source_fail(source, 0, fault,
                               "kwoty formularza z wierszami mają jedną skalę:", source->path);
        }
    }
    return find_line_code(source, out, fault);
}

/* Numbers of periods in an attribute: "1 2 3". */
static enum err
read_numbers(const struct source *source, int32_t item, int *out, struct fault *fault)
{
    struct str rest = {0};
    struct str word = {0};

    *out = 0;
    TRY(source_text(source, item, "numbers", &rest, fault));
    while (str_cut(&rest, ' ', &word)) {
        int64_t number = 0;
        if (!str_to_number(word, &number) || number < 1 || number > FORM_PERIOD_NUMBER_MAX) {
            return source_fail(source, item, fault, "to nie jest numer okresu:", word);
        }
        *out |= 1 << (int)number;
    }
    return ERR_OK;
}

static enum err
read_periods(const struct source *source, struct form *out, struct fault *fault)
{
    size_t              count = source_count(source, 0, "period");
    struct form_period *periods = ARENA_NEW(source->arena, struct form_period, count + 1);
    int32_t             it = element_child(&source->table, 0, (struct str){0}, STR("period"));

    if (periods == NULL) {
        return FAIL(fault, ERR_MEMORY, "periods of a form");
    }
    if (count > PERIODS_MAX) {
        return source_fail(source, it, fault, "za dużo okresów:", source->path);
    }
    for (size_t i = 0; i < count; i++) {
        TRY(source_text(source, it, "type", &periods[i].type, fault));
        TRY(read_numbers(source, it, &periods[i].numbers, fault));
        it = element_next(&source->table, it);
    }
    out->periods = periods;
    out->period_count = count;
    return ERR_OK;
}

static enum err
read_levels(const struct source *source, struct form *out, struct fault *fault)
{
    size_t      count = source_count(source, 0, "level");
    struct str *levels = ARENA_NEW(source->arena, struct str, count + 1);
    int32_t     it = element_child(&source->table, 0, (struct str){0}, STR("level"));
    int         known = 0;

    if (levels == NULL) {
        return FAIL(fault, ERR_MEMORY, "levels of a form");
    }
    for (size_t i = 0; i < count; i++) {
        TRY(source_text(source, it, "name", &levels[i], fault));
        TRY(source_choice(source, it, "name", catalogue_level_names, &known, fault));
        it = element_next(&source->table, it);
    }
    out->levels = levels;
    out->level_count = count;
    return ERR_OK;
}

/* A choice that has no default. */
static enum err
read_choice(const struct source *source, int32_t item, const char *name, const char *const *choices,
            int *out, struct fault *fault)
{
    struct str text = {0};

    TRY(source_text(source, item, name, &text, fault));
    return source_choice(source, item, name, choices, out, fault);
}

/* Name and place of an element that nobody has published make a form a model. */
static enum err
read_variant(const struct source *source, int32_t item, const struct form *form,
             struct form_variant *out, struct fault *fault)
{
    int kind = 0;
    int place = 0;
    int model = 0;

    TRY(source_text(source, item, "element", &out->name, fault));
    TRY(read_choice(source, item, "kind", variant_kinds, &kind, fault));
    TRY(read_choice(source, item, "place", places, &place, fault));
    TRY(read_choice(source, item, "status", statuses, &model, fault));
    if (model == 1 && !form->model) {
        return source_fail(source, item, fault,
                           "formularz jest pewny, a jego wariant jest tylko wzorem:", out->name);
    }
    for (size_t i = 0; i < form->variant_count; i++) {
        if ((int)form->variants[i].kind == kind || str_equal(form->variants[i].name, out->name)) {
            return source_fail(source, item, fault, "wariant podany dwa razy:", out->name);
        }
    }
    out->kind = (enum form_variant_kind)kind;
    return ERR_OK;
}

static enum err
read_variants(const struct source *source, struct form *out, struct fault *fault)
{
    size_t  count = source_count(source, 0, "variant");
    int32_t it = element_child(&source->table, 0, (struct str){0}, STR("variant"));

    if (count > FORM_VARIANTS_MAX) {
        return source_fail(source, it, fault, "za dużo wariantów:", source->path);
    }
    for (out->variant_count = 0; out->variant_count < count; out->variant_count++) {
        TRY(read_variant(source, it, out, &out->variants[out->variant_count], fault));
        it = element_next(&source->table, it);
    }
    return ERR_OK;
}

/* Rules for each position, rules over lines, or both. */
static enum err
read_rulesets(const struct source *source, struct form *out, struct fault *fault)
{
    out->vtl_ruleset = element_attribute(&source->table, 0, "ruleset");
    out->line_ruleset = element_attribute(&source->table, 0, "line-ruleset");
    if (out->line_ruleset.size > 0 && out->line_count == 0) {
        return source_fail(source, 0, fault, "formularz nie ma wierszy dla zestawu reguł",
                           out->line_ruleset);
    }
    if (out->vtl_ruleset.size == 0 && out->line_ruleset.size == 0) {
        return source_fail(source, 0, fault, "brakuje atrybutu", STR("ruleset"));
    }
    return ERR_OK;
}

/* The bytes of a file beside form.xml that an attribute names. */
static enum err
read_beside(const struct source *source, const char *attribute, struct str *path, struct str *bytes,
            struct fault *fault)
{
    struct str name = {0};

    TRY(source_text(source, 0, attribute, &name, fault));
    TRY(source_beside(source, name, path, fault));
    *bytes = bundle_file(source->bundle, *path);
    if (bytes->data == NULL) {
        return source_fail(source, 0, fault, "nie ma takiego pliku:", *path);
    }
    return ERR_OK;
}

static enum err
read_head(const struct source *source, struct form *out, struct fault *fault)
{
    int model = 0;
    int repeats = 0;

    TRY(source_only(source, 0,
                    "code element title name version basis status repeats from to xsd rules vtl "
                    "ruleset line-ruleset",
                    "code amount line period level variant owner", fault));
    TRY(source_text(source, 0, "code", &out->code, fault));
    TRY(source_text(source, 0, "element", &out->element, fault));
    TRY(source_text(source, 0, "title", &out->title, fault));
    TRY(source_text(source, 0, "name", &out->name, fault));
    TRY(source_text(source, 0, "version", &out->version, fault));
    TRY(source_text(source, 0, "basis", &out->basis, fault));
    TRY(source_choice(source, 0, "status", statuses, &model, fault));
    TRY(source_choice(source, 0, "repeats", repetitions, &repeats, fault));
    TRY(source_days(source, 0, &out->from, &out->to, fault));
    out->model = model == 1;
    out->repeats = repeats == 1;
    return ERR_OK;
}

enum err
read_form(struct arena *arena, const struct bundle *bundle, struct str path, struct form *out,
          struct entry_list *list, struct fault *fault)
{
    struct source source = {0};
    struct str    beside = {0};
    struct str    rules = {0};

    TRY(source_open(arena, bundle, path, "form", &source, fault));
    TRY(read_head(&source, out, fault));
    TRY(read_variants(&source, out, fault));
    TRY(read_codes(&source, out, fault));
    TRY(read_amounts(&source, out, fault));
    TRY(read_lines(&source, out, fault));
    TRY(read_periods(&source, out, fault));
    TRY(read_levels(&source, out, fault));
    TRY(read_rulesets(&source, out, fault));
    TRY(read_beside(&source, "xsd", &beside, &out->xsd, fault));
    TRY(read_beside(&source, "vtl", &beside, &out->vtl, fault));
    TRY(read_beside(&source, "rules", &beside, &rules, fault));
    TRY(source_beside(&source, STR(""), &out->folder, fault));
    return read_rules(arena, bundle, beside, list, fault);
}

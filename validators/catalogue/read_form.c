#include "validators/catalogue/read.h"

#include "validators/columns/columns.h"

enum { SCALE_MAX = 6, DIGITS_MAX = 18 };

static const char *const statuses[] = {"certain", "model", NULL};
static const char *const booleans[] = {"false", "true", NULL};

static enum err
read_code(const struct source *source, int32_t item, struct form_code *out, struct fault *fault)
{
    int key = 0;
    int digits = 0;

    TRY(source_text(source, item, "name", &out->name, fault));
    TRY(source_text(source, item, "title", &out->title, fault));
    TRY(source_text(source, item, "label", &out->label, fault));
    TRY(source_choice(source, item, "key", booleans, &key, fault));
    TRY(source_number(source, item, "digits", DIGITS_MAX, &digits, fault));
    out->number = element_attribute(&source->table, item, "number");
    out->key = key == 1;
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

    TRY(source_text(source, 0, "code", &out->code, fault));
    TRY(source_text(source, 0, "element", &out->element, fault));
    TRY(source_text(source, 0, "title", &out->title, fault));
    TRY(source_text(source, 0, "name", &out->name, fault));
    TRY(source_text(source, 0, "version", &out->version, fault));
    TRY(source_text(source, 0, "basis", &out->basis, fault));
    TRY(source_text(source, 0, "ruleset", &out->vtl_ruleset, fault));
    TRY(source_choice(source, 0, "status", statuses, &model, fault));
    TRY(source_date(source, 0, "from", &out->from, fault));
    TRY(source_date(source, 0, "to", &out->to, fault));
    out->model = model == 1;
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
    TRY(read_codes(&source, out, fault));
    TRY(read_amounts(&source, out, fault));
    TRY(read_beside(&source, "xsd", &beside, &out->xsd, fault));
    TRY(read_beside(&source, "vtl", &beside, &out->vtl, fault));
    TRY(read_beside(&source, "rules", &beside, &rules, fault));
    TRY(source_beside(&source, STR(""), &out->folder, fault));
    return read_rules(arena, bundle, beside, list, fault);
}

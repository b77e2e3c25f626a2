#include "gateway/admin/published.h"
#include "gateway/answer/plural.h"

enum { LIST_MAX = 200 };
enum { REGON, FORM, FIRST_CODE, AMOUNT = FIRST_CODE + 5, FIELDS };

static const char *const columns[FIELDS] = {"regon",    "formularz", "dzial",  "rozdzial",
                                            "paragraf", "p4",        "wiersz", "kwota"};

/* The codes of a form that the columns from FIRST_CODE on are. */
static const char *const codes[AMOUNT - FIRST_CODE] = {"Dzial", "Rozdzial", "Paragraf", "P4",
                                                       "Symbol"};

/* What is held against a plan: a form with the rule that does it. */
struct target {
    const struct form       *form;
    const struct rule_entry *entry;
};

/* Of the versions of a form the one that holds for the period. */
static bool
find_target(const struct catalogue *catalogue, struct str code, const struct period *period,
            struct target *out)
{
    for (size_t i = 0; i < catalogue->entry_count; i++) {
        const struct rule_entry *entry = &catalogue->entries[i];
        if (entry->form == ENTRY_OF_NO_FORM || !str_equal(entry->check, STR("plan-amount"))) {
            continue;
        }
        const struct form *form = &catalogue->forms[entry->form];
        if (str_equal(form->code, code)
            && catalogue_form(catalogue, form->element, period->end) == entry->form) {
            *out = (struct target){form, entry};
            return true;
        }
    }
    return false;
}

/* Whether a text can be a value of a code of the form. */
static bool
can_be(const struct form *form, size_t code, struct str text)
{
    return form->line_count > 0 && code == form->line_code
               ? form_line_index(form, text) >= 0
               : text.size == form->codes[code].digits && str_all_digits(text);
}

static const struct plural plural_digit = {"cyfrę", "cyfry", "cyfr"};

/* What is to be written instead: so many digits, or one of the form's symbols. */
static enum err
refuse_code(struct arena *arena, const struct form *form, size_t at, struct str field,
            struct fault *fault)
{
    int        code = form_code_index(form, str_of(codes[at]));
    struct buf want = buf_create(arena, LIST_MAX);

    if (code >= 0 && form->line_count > 0 && (size_t)code == form->line_code) {
        buf_format(&want, "symbol wiersza tego formularza, na przykład „%.*s”",
                   STR_ARG(form->lines[0].symbol));
    } else if (code >= 0) {
        buf_format(&want, "%zu %s", form->codes[code].digits,
                   plural_form(&plural_digit, form->codes[code].digits));
    }
    if (!buf_ok(&want)) {
        return FAIL(fault, ERR_MEMORY, "a row of a plan");
    }
    return FAIL(fault, ERR_SYNTAX, "„%.*s” nie może stać w kolumnie „%s” dla %.*s; wpisz %.*s",
                STR_ARG(str_slice(field, 0, 40)), columns[FIRST_CODE + at], STR_ARG(form->title),
                STR_ARG(buf_str(&want)));
}

/* The value of one code in a line, checked; every other place for a code is looked at, too. */
static enum err
read_code(struct arena *arena, const struct target *target, const struct str *fields, size_t at,
          struct fault *fault)
{
    struct str field = fields[FIRST_CODE + at];
    struct str name = str_of(codes[at]);
    int        code = form_code_index(target->form, name);

    if (!str_has_word(target->entry->by, name)) {
        return field.size == 0 ? ERR_OK
                               : FAIL(fault, ERR_SYNTAX, "kolumna „%s” ma być pusta dla %.*s",
                                      columns[FIRST_CODE + at], STR_ARG(target->form->title));
    }
    return code >= 0 && can_be(target->form, (size_t)code, field)
               ? ERR_OK
               : refuse_code(arena, target->form, at, field, fault);
}

/* "801 80101 401 0": the values in the order in which the rule names the codes. */
static enum err
write_key(struct arena *arena, const struct target *target, const struct str *fields,
          struct str *out, struct fault *fault)
{
    struct buf key = buf_create(arena, 128);
    struct str names = target->entry->by;
    struct str name = {0};

    while (str_cut(&names, ' ', &name)) {
        for (size_t i = 0; i < ARRAY_COUNT(codes); i++) {
            if (str_equal(name, str_of(codes[i]))) {
                buf_append(&key, key.size == 0 ? STR("") : STR(" "));
                buf_append(&key, fields[FIRST_CODE + i]);
            }
        }
    }
    *out = buf_str(&key);
    return buf_ok(&key) ? ERR_OK : FAIL(fault, ERR_MEMORY, "a row of a plan");
}

/* "RB27S, RB28S, RBNDS": whose plans are held against reports of the period. */
static void
list_forms(struct buf *out, const struct catalogue *catalogue, const struct period *period)
{
    struct target target = {0};

    for (size_t i = 0; i < catalogue->form_count; i++) {
        if (find_target(catalogue, catalogue->forms[i].code, period, &target)
            && target.form == &catalogue->forms[i]) {
            buf_append(out, out->size == 0 ? STR("") : STR(", "));
            buf_append(out, target.form->code);
        }
    }
}

static enum err
refuse_form(struct arena *arena, const struct catalogue *catalogue, const struct period *period,
            struct str code, struct fault *fault)
{
    struct buf forms = buf_create(arena, LIST_MAX);

    list_forms(&forms, catalogue, period);
    if (!buf_ok(&forms)) {
        return FAIL(fault, ERR_MEMORY, "forms that have plans");
    }
    return forms.size == 0
               ? FAIL(fault, ERR_SYNTAX,
                      "planu formularza „%.*s” nie porównuje się za ten okres ani planu żadnego "
                      "innego; sprawdź --period",
                      STR_ARG(str_slice(code, 0, 40)))
               : FAIL(fault, ERR_SYNTAX,
                      "planu formularza „%.*s” nie porównuje się za ten okres; w kolumnie „%s” "
                      "wpisz jeden z: %.*s",
                      STR_ARG(str_slice(code, 0, 40)), columns[FORM], STR_ARG(buf_str(&forms)));
}

/* What plans are of. */
struct plans {
    const struct catalogue *catalogue;
    const struct period    *period;
};

static enum err
read_row(struct arena *arena, const void *about, const struct str *fields, struct control_row *out,
         struct fault *fault)
{
    const struct plans *plans = about;
    struct target       target = {0};

    if (!find_target(plans->catalogue, fields[FORM], plans->period, &target)) {
        return refuse_form(arena, plans->catalogue, plans->period, fields[FORM], fault);
    }
    for (size_t i = 0; i < ARRAY_COUNT(codes); i++) {
        TRY(read_code(arena, &target, fields, i, fault));
    }
    TRY(published_amount(fields[AMOUNT], &out->amount, fault));
    out->regon = fields[REGON];
    out->form = target.form->code;
    out->field = target.entry->points;
    out->by = target.entry->by;
    return write_key(arena, &target, fields, &out->key, fault);
}

enum err
plan_task_import(struct admin *admin, struct fault *fault)
{
    struct definitions definitions = {0};
    struct period      period = {0};
    struct published   list = {.kind = CONTROL_PLANNED, .period = &period};

    TRY(published_begin(admin, &definitions, &period, fault));
    const struct plans          plans = {.catalogue = definitions.catalogue, .period = &period};
    const struct published_file file = {columns, FIELDS, read_row, &plans};
    TRY(published_read(admin, &file, &list, fault));
    return published_enter(admin, &list, fault);
}

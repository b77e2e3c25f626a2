#include "validators/catalogue/placeholder.h"
#include "validators/catalogue/read.h"

#include <openssl/sha.h>

enum { COUNT_MAX = 366 };

static const char *const booleans[] = {"false", "true", NULL};
static const char *const period_statuses[] = {"confirmed", "model", NULL};
static const char *const environments[] = {"test", "prod", NULL};

/* One kind of children of catalogue.xml: their name, and how one of them is read. */
struct kind {
    const char *name;
    size_t      size;
    enum err (*read)(const struct source *source, int32_t item, void *out, struct fault *fault);
};

/* Read all children of a kind into a new array. */
static enum err
load_kind(const struct source *source, const struct kind *kind, void **items, size_t *count,
          struct complaints *complaints, struct fault *fault)
{
    *count = source_count(source, 0, kind->name);
    unsigned char *read = arena_array(source->arena, *count, kind->size, alignof(max_align_t));
    int32_t        it = element_child(&source->table, 0, (struct str){0}, str_of(kind->name));

    if (read == NULL) {
        return FAIL(fault, ERR_MEMORY, "%s of the catalogue", kind->name);
    }
    for (size_t i = 0; i < *count; i++) {
        TRY(complaints_keep(complaints, kind->read(source, it, read + i * kind->size, fault),
                            fault));
        it = element_next(&source->table, it);
    }
    *items = read;
    return ERR_OK;
}

static enum err
load_period_type(const struct source *source, int32_t item, void *read, struct fault *fault)
{
    struct period_type *out = read;
    int                 model = 0;

    TRY(source_text(source, item, "name", &out->name, fault));
    TRY(source_text(source, item, "title", &out->title, fault));
    TRY(source_number(source, item, "count", COUNT_MAX, &out->count, fault));
    TRY(source_number(source, item, "months", 12, &out->months, fault));
    TRY(source_choice(source, item, "status", period_statuses, &model, fault));
    out->model = model == 1;
    if (out->count * out->months != 12) {
        return source_fail(source, item, fault,
                           "liczba okresów razy ich miesiące to nie rok:", out->name);
    }
    return ERR_OK;
}

static enum err
load_level(const struct source *source, int32_t item, void *read, struct fault *fault)
{
    struct level_type *out = read;
    int                known = 0;

    TRY(source_only(source, item, "type forms level environments status", "", fault));
    TRY(source_text(source, item, "type", &out->name, fault));
    TRY(source_text(source, item, "level", &out->level, fault));
    TRY(source_choice(source, item, "level", catalogue_level_names, &known, fault));
    out->forms = element_attribute(&source->table, item, "forms");
    return source_mask(source, item, "environments", environments, &out->environments, fault);
}

static enum err
load_dictionary(const struct source *source, int32_t item, void *read, struct fault *fault)
{
    struct dictionary *out = read;
    struct str         path = {0};
    int                complete = 0;

    TRY(source_only(source, item, "name path complete", "", fault));
    TRY(source_text(source, item, "name", &out->name, fault));
    TRY(source_text(source, item, "path", &path, fault));
    TRY(source_choice(source, item, "complete", booleans, &complete, fault));
    out->complete = complete == 1;
    return read_dictionary(source->arena, source->bundle, path, out, fault);
}

static enum err
load_texts(const struct source *source, struct entry_list *list, struct fault *fault)
{
    int32_t it = element_child(&source->table, 0, (struct str){0}, STR("texts"));

    while (it != ELEMENT_NONE) {
        struct str path = {0};
        TRY(source_text(source, it, "path", &path, fault));
        TRY(complaints_keep(list->complaints,
                            read_rules(source->arena, source->bundle, path, list, fault), fault));
        it = element_next(&source->table, it);
    }
    return ERR_OK;
}

static enum err
load_forms(const struct source *source, struct catalogue *out, struct entry_list *list,
           struct fault *fault)
{
    size_t       count = source_count(source, 0, "form");
    struct form *forms = ARENA_NEW(source->arena, struct form, count);
    int32_t      it = element_child(&source->table, 0, (struct str){0}, STR("form"));

    if (forms == NULL) {
        return FAIL(fault, ERR_MEMORY, "forms of the catalogue");
    }
    for (size_t i = 0; i < count; i++) {
        struct str path = {0};
        TRY(source_text(source, it, "path", &path, fault));
        size_t before = list->count;
        TRY(complaints_keep(list->complaints,
                            read_form(source->arena, source->bundle, path, &forms[i], list, fault),
                            fault));
        for (size_t j = before; j < list->count; j++) {
            list->items[j].form = (int32_t)i;
        }
        it = element_next(&source->table, it);
    }
    out->forms = forms;
    out->form_count = count;
    return ERR_OK;
}

static enum err
load_package(const struct source *source, struct catalogue *out, struct fault *fault)
{
    struct str path = {0};
    int32_t    item = element_child(&source->table, 0, (struct str){0}, STR("package"));
    int32_t    policy = element_child(&source->table, 0, (struct str){0}, STR("policy"));

    if (item == ELEMENT_NONE || policy == ELEMENT_NONE) {
        return source_fail(source, 0, fault, "brakuje elementu", STR("package albo policy"));
    }
    TRY(source_text(source, item, "version", &out->package_version, fault));
    TRY(source_text(source, item, "xsd", &path, fault));
    out->package_xsd = bundle_file(source->bundle, path);
    if (out->package_xsd.data == NULL) {
        return source_fail(source, item, fault, "nie ma takiego pliku:", path);
    }
    TRY(source_text(source, policy, "path", &path, fault));
    return read_policy(source->arena, source->bundle, path, &out->policy, fault);
}

static int
compare_entries(const void *a, const void *b)
{
    const struct rule_entry *entry_a = a;
    const struct rule_entry *entry_b = b;
    int                      order = str_compare(entry_a->code, entry_b->code);

    return order != 0 ? order : str_compare(entry_a->path, entry_b->path);
}

/* Two versions of one form have their own entry of a code each. */
static bool
are_versions(const struct catalogue *catalogue, const struct rule_entry *a,
             const struct rule_entry *b)
{
    return a->form != b->form && a->form != ENTRY_OF_NO_FORM && b->form != ENTRY_OF_NO_FORM
           && str_equal(catalogue->forms[a->form].code, catalogue->forms[b->form].code);
}

static enum err
sort_entries(struct entry_list *list, struct catalogue *out, struct fault *fault)
{
    if (list->count > 0) {
        qsort(list->items, list->count, sizeof *list->items, compare_entries);
    }
    for (size_t i = 1; i < list->count; i++) {
        if (str_equal(list->items[i - 1].code, list->items[i].code)
            && !are_versions(out, &list->items[i - 1], &list->items[i])) {
            return FAIL(fault, ERR_CATALOGUE, "kod %.*s stoi dwa razy: %.*s, %.*s",
                        STR_ARG(list->items[i].code), STR_ARG(list->items[i - 1].path),
                        STR_ARG(list->items[i].path));
        }
    }
    out->entries = list->items;
    out->entry_count = list->count;
    return ERR_OK;
}

static enum err
load_kinds(const struct source *source, struct catalogue *out, struct complaints *complaints,
           struct fault *fault)
{
    static const struct kind period_type = {"period-type", sizeof(struct period_type),
                                            load_period_type};
    static const struct kind level = {"level", sizeof(struct level_type), load_level};
    static const struct kind dictionary = {"dictionary", sizeof(struct dictionary),
                                           load_dictionary};
    void                    *items = NULL;

    TRY(load_kind(source, &period_type, &items, &out->period_type_count, complaints, fault));
    out->period_types = items;
    TRY(load_kind(source, &level, &items, &out->level_count, complaints, fault));
    out->levels = items;
    TRY(load_kind(source, &dictionary, &items, &out->dictionary_count, complaints, fault));
    out->dictionaries = items;
    return ERR_OK;
}

static bool
has_form(const struct catalogue *catalogue, struct str code)
{
    for (size_t i = 0; i < catalogue->form_count; i++) {
        if (str_equal(catalogue->forms[i].code, code)) {
            return true;
        }
    }
    return false;
}

/* A form that is misspelt would get another level, and nobody would see it. */
static enum err
check_levels(const struct catalogue *catalogue, struct fault *fault)
{
    for (size_t i = 0; i < catalogue->level_count; i++) {
        ENSURE(catalogue->levels != NULL);
        struct str rest = catalogue->levels[i].forms;
        struct str word = {0};
        while (str_cut(&rest, ' ', &word)) {
            if (!has_form(catalogue, word)) {
                return FAIL(fault, ERR_CATALOGUE, "Typ %.*s: nie ma formularza „%.*s”",
                            STR_ARG(catalogue->levels[i].name), STR_ARG(word));
            }
        }
    }
    return ERR_OK;
}

/* The calendar is read by validators/calendar; a catalogue without one still judges reports. */
static enum err
load_calendar_path(const struct source *source, struct catalogue *out, struct fault *fault)
{
    int32_t item = element_child(&source->table, 0, (struct str){0}, STR("calendar"));

    if (item == ELEMENT_NONE) {
        return ERR_OK;
    }
    return source_text(source, item, "path", &out->calendar_path, fault);
}

/* Their texts and severities are entries like all others; the rest is read by validators/sets. */
static enum err
load_sets(const struct source *source, struct catalogue *out, struct entry_list *list,
          struct fault *fault)
{
    size_t      count = source_count(source, 0, "sets");
    struct str *paths = ARENA_NEW(source->arena, struct str, count + 1);
    int32_t     it = element_child(&source->table, 0, (struct str){0}, STR("sets"));

    if (paths == NULL) {
        return FAIL(fault, ERR_MEMORY, "rules between reports");
    }
    for (size_t i = 0; i < count; i++) {
        size_t before = list->count;
        TRY(source_text(source, it, "path", &paths[i], fault));
        TRY(complaints_keep(list->complaints,
                            read_rules(source->arena, source->bundle, paths[i], list, fault),
                            fault));
        for (size_t j = before; j < list->count; j++) {
            list->items[j].of_set = true;
        }
        it = element_next(&source->table, it);
    }
    out->sets = paths;
    out->set_count = count;
    return ERR_OK;
}

static bool
ends_before(const struct form *form, const struct form *other)
{
    return form->to.year != 0 && other->from.year != 0 && date_compare(form->to, other->from) < 0;
}

/* Two versions of one form have one name and one element, and never hold for one period both. */
static enum err
compare_forms(const struct form *form, const struct form *other, struct fault *fault)
{
    bool same_code = str_equal(form->code, other->code);

    if (same_code != str_equal(form->element, other->element)) {
        return FAIL(fault, ERR_CATALOGUE,
                    "%.*s i %.*s: wersje jednego formularza mają ten sam kod"
                    " i ten sam element, a różne formularze różne",
                    STR_ARG(form->folder), STR_ARG(other->folder));
    }
    if (same_code && str_equal(form->version, other->version)) {
        return FAIL(fault, ERR_CATALOGUE, "%.*s i %.*s mają tę samą nazwę wersji",
                    STR_ARG(form->folder), STR_ARG(other->folder));
    }
    if (same_code && !ends_before(form, other) && !ends_before(other, form)) {
        return FAIL(fault, ERR_CATALOGUE, "%.*s i %.*s obowiązują w tych samych okresach",
                    STR_ARG(form->folder), STR_ARG(other->folder));
    }
    return ERR_OK;
}

static enum err
compare_all_forms(const struct catalogue *catalogue, struct fault *fault)
{
    for (size_t i = 0; i < catalogue->form_count; i++) {
        for (size_t j = 0; j < i; j++) {
            TRY(compare_forms(&catalogue->forms[i], &catalogue->forms[j], fault));
        }
    }
    return ERR_OK;
}

/* What is wrong within one file does not keep the others from being read; what is wrong between
 * them is looked for when nothing is. */
static enum err
load(struct arena *arena, const struct bundle *bundle, struct complaints *complaints,
     struct catalogue *out, struct fault *fault)
{
    struct source     source = {0};
    struct entry_list list = {.complaints = complaints};

    TRY(source_open(arena, bundle, STR("catalogue.xml"), "catalogue", &source, fault));
    TRY(complaints_keep(complaints, load_package(&source, out, fault), fault));
    TRY(load_texts(&source, &list, fault));
    TRY(load_forms(&source, out, &list, fault));
    TRY(load_sets(&source, out, &list, fault));
    TRY(load_kinds(&source, out, complaints, fault));
    if (complaints != NULL && complaints->count > 0) {
        return ERR_OK;
    }
    TRY(compare_all_forms(out, fault));
    TRY(sort_entries(&list, out, fault));
    TRY(placeholder_check(out, fault));
    TRY(check_levels(out, fault));
    return load_calendar_path(&source, out, fault);
}

enum err
catalogue_load(struct arena *arena, const struct bundle *bundle, const struct catalogue **out,
               struct fault *fault)
{
    struct catalogue *catalogue = ARENA_NEW(arena, struct catalogue, 1);

    if (catalogue == NULL) {
        return FAIL(fault, ERR_MEMORY, "catalogue");
    }
    catalogue->bundle = bundle;
    (void)SHA256((const unsigned char *)bundle->bytes.data, bundle->bytes.size, catalogue->sha256);
    TRY(load(arena, bundle, NULL, catalogue, fault));
    *out = catalogue;
    return ERR_OK;
}

enum err
catalogue_survey(struct arena *arena, const struct bundle *bundle, struct complaints *out,
                 struct fault *fault)
{
    struct catalogue catalogue = {.bundle = bundle};
    struct fault     own = {0};

    *out = (struct complaints){.arena = arena};
    enum err got = complaints_keep(out, load(arena, bundle, out, &catalogue, &own), &own);
    if (got == ERR_CATALOGUE) {
        return ERR_OK; /* it holds as many as are told */
    }
    return got == ERR_OK ? ERR_OK : FAIL(fault, got, "%s", own.text);
}

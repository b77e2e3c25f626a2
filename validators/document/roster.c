#include "validators/document/roster.h"

#include "validators/xml/attribute.h"

#include <string.h>

enum { DECLARATION_PARTS = 2 };

bool
roster_add_unit(struct pass *pass)
{
    struct package      *package = &pass->package;
    struct package_unit *units = arena_reserve(pass->arena, package->units, package->unit_count,
                                               &pass->unit_capacity, sizeof *units);

    if (units == NULL) {
        return false;
    }
    package->units = units;
    package->units[package->unit_count] =
        (struct package_unit){.identity = {.offset = frame_top(&pass->frames)->start},
                              .report_from = (uint32_t)package->report_count,
                              .signature_from = (uint32_t)package->signature_count};
    package->unit_count++;
    return true;
}

struct element_declaration
roster_declaration(const struct start_tag *tag, size_t index)
{
    const xmlChar **parts = tag->declarations + index * DECLARATION_PARTS;

    return (struct element_declaration){.prefix = str_of((const char *)parts[0]),
                                        .uri = str_of((const char *)parts[1])};
}

bool
roster_declare(struct pass *pass, const struct start_tag *tag)
{
    struct frame *top = frame_top(&pass->frames);

    for (size_t i = 0; i < tag->declaration_count; i++) {
        struct element_declaration  given = roster_declaration(tag, i);
        struct element_declaration *kept = &pass->declarations[pass->declaration_count];
        kept->prefix = str_copy(pass->arena, given.prefix);
        kept->uri = str_copy(pass->arena, given.uri);
        if (kept->prefix.data == NULL || kept->uri.data == NULL) {
            return false;
        }
        pass->declaration_count++;
        top->declaration_count++;
        pass->scope_known = false;
    }
    return true;
}

void
roster_undeclare(struct pass *pass, const struct frame *frame)
{
    if (frame->declaration_count > 0) {
        pass->declaration_count -= frame->declaration_count;
        pass->scope_known = false;
    }
}

/* A copy of what is in scope now, shared by all that see the same. */
static bool
take_scope(struct pass *pass)
{
    if (pass->scope_known) {
        return true;
    }
    struct element_declaration *scope =
        ARENA_NEW(pass->arena, struct element_declaration, pass->declaration_count);
    if (scope == NULL) {
        return false;
    }
    if (pass->declaration_count > 0) {
        memcpy(scope, pass->declarations, pass->declaration_count * sizeof *scope);
    }
    pass->scope = scope;
    pass->scope_count = pass->declaration_count;
    pass->scope_known = true;
    return true;
}

bool
roster_add_signature(struct pass *pass)
{
    struct package           *package = &pass->package;
    struct package_unit      *unit = pass_unit(pass);
    struct package_signature *signatures =
        arena_reserve(pass->arena, package->signatures, package->signature_count,
                      &pass->signature_capacity, sizeof *signatures);

    if (signatures == NULL) {
        return false;
    }
    package->signatures = signatures;
    if (!take_scope(pass)) {
        return false;
    }
    unit->signature_count++;
    package->signatures[package->signature_count] = (struct package_signature){
        .table = element_table_create(pass->arena, DOCUMENT_SIGNATURE_ELEMENTS_MAX,
                                      DOCUMENT_SIGNATURE_TEXT_MAX),
        .scope = pass->scope,
        .scope_count = pass->scope_count,
        .unit = (uint32_t)package->unit_count - 1,
        .ordinal = unit->signature_count,
        .start = frame_top(&pass->frames)->start,
        .report = REPORT_NONE};
    package->signature_count++;
    return true;
}

/* The ordinal among reports of this name in the unit, when the frame could not count it. */
static uint32_t
count_reports(const struct pass *pass, const struct package_unit *unit, struct str element)
{
    uint32_t count = 1;

    for (size_t i = unit->report_from; i < pass->package.report_count; i++) {
        count += str_equal(pass->package.reports[i].element, element) ? 1 : 0;
    }
    return count;
}

static void
choose_form(const struct pass *pass, struct report *report)
{
    const struct period_fields *fields = &pass->package.period;
    struct period               period = {0};
    int32_t                     index = (int32_t)pass->package.report_count;
    bool known = catalogue_period(pass->catalogue, fields->year.text, fields->type.text,
                                  fields->number.text, &period);

    report->form =
        known ? catalogue_form(pass->catalogue, report->element, period.end) : FORM_UNKNOWN;
    if (findings_room(pass->findings, index) == 0) {
        report->state = REPORT_LIMIT;
    } else if (report->form != FORM_UNKNOWN) {
        report->state = REPORT_READ;
    } else if (catalogue_knows_element(pass->catalogue, report->element)) {
        report->state = REPORT_NO_DEFINITION;
    } else {
        report->state = REPORT_NO_FORM;
    }
}

static bool
read_id(struct pass *pass, const struct start_tag *tag, struct str *id)
{
    for (size_t i = 0; i < tag->attribute_count; i++) {
        struct element_attribute attribute = attribute_at(tag->attributes, i);
        if (attribute.space.size == 0 && str_equal(attribute.name, STR("Id"))) {
            *id = str_copy(pass->arena, attribute_value(pass->arena, &attribute));
            return id->data != NULL;
        }
    }
    return true;
}

bool
roster_add_report(struct pass *pass, const struct start_tag *tag)
{
    struct package      *package = &pass->package;
    struct package_unit *unit = pass_unit(pass);
    const struct frame  *top = frame_top(&pass->frames);
    struct report *reports = arena_reserve(pass->arena, package->reports, package->report_count,
                                           &pass->report_capacity, sizeof *reports);
    struct report  report = {.unit = (uint32_t)package->unit_count - 1,
                             .element = str_copy(pass->arena, str_of(top->name)),
                             .start = top->start};

    if (reports == NULL) {
        return false;
    }
    package->reports = reports;
    if (report.element.data == NULL || !take_scope(pass) || !read_id(pass, tag, &report.id)) {
        return false;
    }
    report.ordinal = top->ordinal > 0 ? top->ordinal : count_reports(pass, unit, report.element);
    report.scope = pass->scope;
    report.scope_count = pass->scope_count;
    choose_form(pass, &report);
    if (report.form != FORM_UNKNOWN) {
        const struct form *form = &pass->catalogue->forms[report.form];
        if (!columns_create(pass->arena, form->code_count, form->amount_count, &report.columns)) {
            return false;
        }
    }
    package->reports[package->report_count] = report;
    package->report_count++;
    unit->report_count++;
    return true;
}

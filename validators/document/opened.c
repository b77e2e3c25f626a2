#include "validators/document/opened.h"

#include "validators/document/leaf.h"
#include "validators/document/remark.h"
#include "validators/document/roster.h"
#include "validators/document/signing.h"
#include "validators/xml/attribute.h"

#include <string.h>

#define XSI_SPACE "http://www.w3.org/2001/XMLSchema-instance"
#define XML_SPACE "http://www.w3.org/XML/1998/namespace"
#define XINCLUDE_SPACE_PREFIX "http://www.w3.org/200" /* 2001/XInclude and 2003/XInclude */

static bool
space_is(const xmlChar *space, const char *uri)
{
    return space != NULL && strcmp((const char *)space, uri) == 0;
}

static bool
is_signature(const struct pass *pass, const struct frame *frame, const struct start_tag *tag)
{
    return frame->name == pass->signature_name && space_is(tag->space, SIGNING_SPACE);
}

static void
skip(struct frame *frame)
{
    frame->role = ROLE_SKIPPED;
    frame->judge = JUDGE_NONE;
}

/* A report or a signature where none may stand; true when this element is one. */
static bool
hidden(struct pass *pass, const struct frame *frame, const struct start_tag *tag)
{
    if (is_signature(pass, frame, tag)) {
        remark_add(pass, "XSD-026", &(struct finding){0});
        return true;
    }
    if (catalogue_knows_element(pass->catalogue, str_of(frame->name))) {
        remark_add(pass, "XSD-025", &(struct finding){0});
        return true;
    }
    return false;
}

/* An element of a namespace, outside Podpisy. */
static void
classify_foreign(struct pass *pass, struct frame *frame, const struct start_tag *tag)
{
    const char *space = (const char *)tag->space;
    bool        xinclude = strncmp(space, XINCLUDE_SPACE_PREFIX, strlen(XINCLUDE_SPACE_PREFIX)) == 0
                    && strstr(space, "/XInclude") != NULL;

    if (!hidden(pass, frame, tag) && frame->judge != JUDGE_NONE) {
        remark_add(pass, xinclude ? "XSD-024" : "XSD-023",
                   &(struct finding){.found = str_of(space)});
    }
    skip(frame);
}

static bool
repeats(enum role role)
{
    return role == ROLE_UNIT || role == ROLE_ROW || role == ROLE_REPORT;
}

/* Known to the grammar, but given a second time. */
static bool
given_again(struct pass *pass, const struct frame *frame)
{
    if (frame->role == ROLE_CODE || frame->role == ROLE_AMOUNT) {
        return leaf_given(pass, frame->role, frame->slot);
    }
    return frame->role != ROLE_OTHER && !repeats(frame->role) && frame->ordinal != 1;
}

static void
refuse_again(struct pass *pass, struct frame *frame)
{
    if (frame->role == ROLE_CODE || frame->role == ROLE_AMOUNT) {
        leaf_spoil(pass, frame->role, frame->slot);
    }
    if (frame->judge != JUDGE_NONE) {
        remark_add(pass, "XSD-003", &(struct finding){0});
    }
    skip(frame);
}

static void
classify_plain(struct pass *pass, const struct frame *parent, struct frame *frame,
               const struct start_tag *tag)
{
    frame->judge = parent->role == ROLE_DOCUMENT ? JUDGE_SHELL : parent->judge;
    if (tag->space != NULL) {
        classify_foreign(pass, frame, tag);
        return;
    }
    frame->role = parent->role == ROLE_REPORTS
                      ? ROLE_REPORT
                      : grammar_role(&pass->grammar, parent->role, frame->name, &frame->slot);
    if (given_again(pass, frame)) {
        refuse_again(pass, frame);
    } else if ((frame->role == ROLE_OTHER && hidden(pass, frame, tag)) || pass->report_cut
               || (frame->role == ROLE_ROWS && frame->judge == JUDGE_NONE)) {
        skip(frame);
    }
}

void
opened_classify(struct pass *pass, const struct frame *parent, struct frame *frame,
                const struct start_tag *tag)
{
    switch (parent->role) {
    case ROLE_SIGNATURE:
    case ROLE_SIGNATURE_PART:
        frame->role = ROLE_SIGNATURE_PART;
        (void)hidden(pass, frame, tag);
        break;
    case ROLE_SKIPPED:
        frame->role = ROLE_SKIPPED;
        (void)hidden(pass, frame, tag);
        break;
    case ROLE_SIGNATURES:
        frame->role = is_signature(pass, frame, tag) ? ROLE_SIGNATURE : ROLE_SKIPPED;
        if (frame->role == ROLE_SKIPPED && !hidden(pass, frame, tag)) {
            remark_add(pass, "XSD-027", &(struct finding){0});
        }
        break;
    default:
        classify_plain(pass, parent, frame, tag);
        break;
    }
}

static void
enter_package(struct pass *pass, const struct frame *frame, const struct start_tag *tag)
{
    for (size_t i = 0; i < tag->attribute_count; i++) {
        struct element_attribute attribute = attribute_at(tag->attributes, i);
        if (attribute.space.size > 0 || !str_equal(attribute.name, STR("Wersja"))) {
            continue;
        }
        struct str text = str_copy(pass->arena, attribute_value(pass->arena, &attribute));
        if (text.data == NULL) {
            pass_keep(pass, FAIL(pass->fault, ERR_MEMORY, "version of the package"));
            return;
        }
        pass->package.version = (struct field){.text = text, .offset = frame->start};
    }
}

/* A list of the package is full: told once, what is beyond it is not looked into. */
static void
refuse_more(struct pass *pass, struct frame *frame, const char *code, bool *told)
{
    if (!*told) {
        *told = true;
        remark_add(pass, code, &(struct finding){0});
    }
    skip(frame);
}

static void
enter_unit(struct pass *pass, struct frame *frame)
{
    if (pass->package.unit_count == PACKAGE_UNITS_MAX) {
        refuse_more(pass, frame, "XSD-060", &pass->units_full);
    } else if (!roster_add_unit(pass)) {
        pass_keep(pass, FAIL(pass->fault, ERR_MEMORY, "units"));
    }
}

static void
enter_report(struct pass *pass, struct frame *frame, const struct start_tag *tag)
{
    if (pass->package.report_count == PACKAGE_REPORTS_MAX) {
        refuse_more(pass, frame, "XSD-061", &pass->reports_full);
        return;
    }
    if (!roster_add_report(pass, tag)) {
        skip(frame);
        pass_keep(pass, FAIL(pass->fault, ERR_MEMORY, "reports"));
        return;
    }
    const struct report *report = pass_report(pass);
    pass->report_open = true;
    pass->report_cut = false;
    frame->judge = JUDGE_NONE;
    if (report->state != REPORT_READ) {
        return;
    }
    frame->judge = JUDGE_REPORT;
    const struct form *form = &pass->catalogue->forms[report->form];
    if (!grammar_use_form(&pass->grammar, form, pass->guard.parser->dict)
        || !feed_open(&pass->report, pass->schemas->forms[report->form].compiled, remark_heard,
                      pass)) {
        pass_keep(pass, FAIL(pass->fault, ERR_MEMORY, "validator of a report"));
    }
}

/* The first one, should there be two. */
static void
enter_rows(struct pass *pass, const struct frame *frame)
{
    struct report *report = pass_report(pass);

    report->rows_start = report->rows_start == 0 ? frame->start : report->rows_start;
}

static void
enter_row(struct pass *pass, const struct frame *frame)
{
    if (!columns_add_row(&pass_report(pass)->columns, frame->start)) {
        pass_keep(pass, FAIL(pass->fault, ERR_MEMORY, "rows of a report"));
    }
}

void
opened_enter(struct pass *pass, struct frame *frame, const struct start_tag *tag)
{
    switch (frame->role) {
    case ROLE_PACKAGE:
        enter_package(pass, frame, tag);
        break;
    case ROLE_PERIOD:
        pass->package.period.offset = frame->start;
        break;
    case ROLE_UNIT:
        enter_unit(pass, frame);
        break;
    case ROLE_REPORT:
        enter_report(pass, frame, tag);
        break;
    case ROLE_REPORT_PERIOD:
        pass_report(pass)->period.offset = frame->start;
        break;
    case ROLE_REPORT_UNIT:
        pass_report(pass)->identity.offset = frame->start;
        break;
    case ROLE_ROWS:
        enter_rows(pass, frame);
        break;
    case ROLE_ROW:
        enter_row(pass, frame);
        break;
    case ROLE_SIGNATURE:
        signing_open(pass, tag);
        break;
    case ROLE_SIGNATURE_PART:
        signing_part(pass, tag);
        break;
    default:
        break;
    }
}

static const char *
foreign_code(struct pass *pass, const struct frame *frame, const xmlChar *space)
{
    if (space_is(space, XSI_SPACE)) {
        return "XSD-020";
    }
    if (space_is(space, XML_SPACE)) {
        pass->package.foreign_attribute |= frame->judge == JUDGE_SHELL;
        return "XSD-021";
    }
    return "XSD-022";
}

size_t
opened_filter(struct pass *pass, const struct frame *frame, const struct start_tag *tag,
              const xmlChar **kept)
{
    size_t count = 0;

    for (size_t i = 0; i < tag->attribute_count; i++) {
        const xmlChar **parts = tag->attributes + i * ATTRIBUTE_PARTS;
        if (parts[2] == NULL) {
            memcpy(kept + count * ATTRIBUTE_PARTS, parts, ATTRIBUTE_PARTS * sizeof *parts);
            count++;
        } else {
            remark_attribute(pass, foreign_code(pass, frame, parts[2]),
                             str_of((const char *)parts[0]), NULL);
        }
    }
    return count;
}

#include "validators/document/remark.h"

#include "validators/document/message.h"
#include "validators/xml/attribute.h"

#include <string.h>

enum { XPATH_MAX = 4096, LIST_MAX = 1024 };

static int32_t
report_index(const struct pass *pass)
{
    return pass->report_open ? (int32_t)pass->package.report_count - 1 : FINDING_OF_PACKAGE;
}

/* No more room: the open report is judged no further, or the shell is not. */
static void
cut(struct pass *pass)
{
    if (!pass->report_open) {
        pass->shell_cut = true;
        pass->package.shell_cut = true;
        return;
    }
    pass->report_cut = true;
    if (pass_report(pass)->state == REPORT_READ) {
        pass_report(pass)->state = REPORT_CUT;
    }
}

static void
describe_cell(struct pass *pass, struct finding *finding)
{
    const struct form *form = pass->grammar.form;
    struct str         values[COLUMNS_CODES_MAX] = {{0}};
    struct frame      *top = frame_top(&pass->frames);

    if (!frame_inside(&pass->frames, ROLE_ROW) || pass_report(pass)->columns.row_count == 0) {
        return;
    }
    const struct columns *columns = &pass_report(pass)->columns;
    for (size_t i = 0; i < columns->code_count; i++) {
        values[i] = columns_code(columns, i, columns->row_count - 1);
    }
    bool       is_column = top->role == ROLE_CODE || top->role == ROLE_AMOUNT;
    struct str name = is_column ? str_of(top->name) : (struct str){0};
    finding->cell = form_cell(pass->arena, form, values, name);
    if (is_column && finding->subject.size == 0) {
        finding->subject = form_column_title(pass->arena, form, name);
    }
}

static void
describe_place(struct pass *pass, struct finding *finding)
{
    struct buf path = buf_create(pass->arena, XPATH_MAX);

    frame_xpath(&pass->frames, &path);
    finding->xpath = buf_str(&path);
    finding->offset = frame_top(&pass->frames)->start;
    describe_cell(pass, finding);
    if (finding->subject.size == 0) {
        finding->subject = str_format(pass->arena, "‹%s›", frame_top(&pass->frames)->name);
    }
}

void
remark_add(struct pass *pass, const char *code, const struct finding *partial)
{
    struct finding finding = *partial;

    (void)snprintf(finding.code, sizeof finding.code, "%s", code);
    finding.report = report_index(pass);
    if (findings_room(pass->findings, finding.report) > 0) {
        describe_place(pass, &finding); /* not for what will not be added: floods are cheap */
    }
    switch (findings_add(pass->findings, &finding)) {
    case FINDING_ADDED:
        break;
    case FINDING_NO_MEMORY:
        pass_keep(pass, FAIL(pass->fault, ERR_MEMORY, "finding %s", code));
        break;
    case FINDING_REPORT_FULL:
    case FINDING_PACKAGE_FULL:
        cut(pass);
        break;
    }
}

/* As the document means it; nothing when the tag has no such attribute. */
static struct str
value_of(struct arena *arena, const struct start_tag *tag, struct str name)
{
    for (size_t i = 0; tag != NULL && i < tag->attribute_count; i++) {
        struct element_attribute attribute = attribute_at(tag->attributes, i);
        if (str_equal(attribute.name, name)) {
            return attribute_value(arena, &attribute);
        }
    }
    return (struct str){0};
}

void
remark_attribute(struct pass *pass, const char *code, struct str name, const char *technical)
{
    struct finding finding = {.subject = str_format(pass->arena, "%.*s", STR_ARG(name)),
                              .found = value_of(pass->arena, pass->tag, name),
                              .expected = remark_expected(pass, name),
                              .technical = str_trim(str_of(technical))};

    (void)snprintf(pass->attribute_told, sizeof pass->attribute_told, "%.*s", STR_ARG(name));
    remark_add(pass, code, &finding);
}

struct str
remark_expected(const struct pass *pass, struct str name)
{
    const struct schema      *schema = &pass->schemas->package;
    const struct report      *report = NULL;
    const struct schema_word *word = NULL;

    if (pass->report_open) {
        report = &pass->package.reports[pass->package.report_count - 1];
        schema = report->form == FORM_UNKNOWN ? NULL : &pass->schemas->forms[report->form];
    }
    word = schema == NULL ? NULL : schema_word(schema, name);
    return word == NULL ? (struct str){0} : word->expected;
}

/* "‹Rok›, ‹Typ› albo ‹Okres›" out of "Expected is one of ( Rok, Typ, Okres )." */
static struct str
list_expected(struct pass *pass, const char *text, size_t *count)
{
    struct buf  list = buf_create(pass->arena, LIST_MAX);
    const char *rest = NULL;
    struct str  name = {0};
    struct str  next = {0};
    bool        more = message_expected(text, &rest, &name);

    *count = 0;
    while (more) {
        more = message_expected(text, &rest, &next);
        const char *before = *count == 0 ? "" : more ? ", " : " albo ";
        buf_format(&list, "%s‹%.*s›", before, STR_ARG(name));
        name = next;
        (*count)++;
    }
    return buf_str(&list);
}

/* "przed ‹Paragraf› powinien stać ‹Rozdzial›": what to put where an element is not expected. */
static struct str
expected_here(struct pass *pass, const char *text)
{
    const struct frame *top = frame_top(&pass->frames);
    size_t              count = 0;
    struct str          list = list_expected(pass, text, &count);
    bool                in_row =
        pass->frames.count > 1 && pass->frames.items[pass->frames.count - 2].role == ROLE_ROW;

    if (in_row) {
        return STR("w pozycji stoją tylko kolumny formularza, każda najwyżej raz");
    }
    if (count == 0) {
        return STR("w tym miejscu nie ma już żadnego elementu");
    }
    return str_format(pass->arena, "%s ‹%s› powinien stać %.*s",
                      top->role == ROLE_OTHER ? "zamiast" : "przed", top->name, STR_ARG(list));
}

/* The codes that the form requires and the row does not have: xs:all names optional ones too. */
static struct str
missing_in_row(struct pass *pass)
{
    const struct report  *report = pass_report(pass);
    const struct columns *columns = &report->columns;
    struct buf            list = buf_create(pass->arena, LIST_MAX);

    for (size_t i = 0; i < columns->code_count; i++) {
        struct str                name = pass->grammar.form->codes[i].name;
        const struct schema_word *word = schema_word(&pass->schemas->forms[report->form], name);
        bool absent = columns->code_states[i][columns->row_count - 1] == CELL_ABSENT;
        if (absent && word != NULL && word->required) {
            buf_format(&list, "%s‹%.*s›", list.size == 0 ? "" : ", ", STR_ARG(name));
        }
    }
    return buf_str(&list);
}

static void
hear_structure(struct pass *pass, const struct message *message, const xmlError *error)
{
    struct finding finding = {.technical = str_trim(str_of(error->message))};
    const char    *code = message->code;
    size_t         count = 0;

    if (error->code == XML_SCHEMAV_ELEMENT_CONTENT && message_says_missing(error->message)) {
        code = message_missing_code;
        finding.expected = frame_top(&pass->frames)->role == ROLE_ROW
                               ? missing_in_row(pass)
                               : list_expected(pass, error->message, &count);
    } else if (error->code == XML_SCHEMAV_ELEMENT_CONTENT) {
        finding.expected = expected_here(pass, error->message);
    }
    if (pass->text_size > 0) {
        finding.found = str_trim((struct str){pass->text, pass->text_size});
    }
    remark_add(pass, code, &finding);
}

/* A facet's complaint is followed by one of the type about the same value: the first counts. */
static void
hear_value(struct pass *pass, const struct message *message, const xmlError *error)
{
    struct str attribute = message_attribute(error->message);

    if (attribute.size > 0 && !str_equal(attribute, str_of(pass->attribute_told))) {
        remark_attribute(pass, message->code, attribute, error->message);
    }
    if (attribute.size == 0 && pass->pending.code == NULL) {
        pass->pending.code = message->code;
        (void)snprintf(pass->pending.technical, sizeof pass->pending.technical, "%s",
                       error->message == NULL ? "" : error->message);
    }
}

void
remark_heard(void *user, xmlErrorPtr error)
{
    struct pass          *pass = user;
    const struct message *message = message_find(error->code);

    switch (message->kind) {
    case MESSAGE_VALUE:
        hear_value(pass, message, error);
        break;
    case MESSAGE_STRUCTURE:
        hear_structure(pass, message, error);
        break;
    case MESSAGE_ATTRIBUTE:
        remark_attribute(pass, message->code, message_attribute(error->message), error->message);
        break;
    case MESSAGE_INTERNAL:
        pass_keep(pass, FAIL(pass->fault, ERR_PARSER, "schema validator: %s",
                             error->message == NULL ? "" : error->message));
        break;
    }
}

void
remark_pending(struct pass *pass)
{
    if (pass->pending.code == NULL) {
        return;
    }
    struct str     name = str_of(frame_top(&pass->frames)->name);
    struct finding finding = {
        .found = {pass->text, pass->text_size},
        .expected = remark_expected(pass, name),
        .technical = str_trim(str_of(pass->pending.technical))
    };

    remark_add(pass, pass->pending.code, &finding);
    pass->pending.code = NULL;
}

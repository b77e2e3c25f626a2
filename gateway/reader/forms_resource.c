#include "gateway/reader/forms_resource.h"

#include "gateway/reader/saying.h"
#include "gateway/reader/wish.h"

enum { DATE_SIZE = 10 };

static void
date_member(struct json *json, const char *key, struct date date)
{
    struct buf text = buf_create(json->out->arena, DATE_SIZE);

    if (date.year != 0) {
        date_write(&text, date);
    }
    json_member(json, key, buf_str(&text));
}

/* What the list and the single answer have in common. */
static void
write_members(struct json *json, const struct form *form)
{
    struct arena *arena = json->out->arena;

    json_member(json, "code", form->code);
    json_member(json, "version", form->version);
    json_member(json, "title", form->title);
    json_member(json, "name", form->name);
    json_member(json, "element", form->element);
    json_member(json, "status", form->model ? STR("model") : STR("official"));
    json_member(json, "status_text",
                form->model ? STR("Definicja wzorcowa: rozstrzyga tylko w środowisku TEST")
                            : STR("Definicja zgodna z rozporządzeniem"));
    date_member(json, "periods_from", form->from);
    date_member(json, "periods_to", form->to);
    json_member(json, "basis", form->basis);
    json_member(
        json, "url",
        str_format(arena, "/api/v1/forms/%.*s/%.*s", STR_ARG(form->code), STR_ARG(form->version)));
    json_member(json, "schema",
                str_format(arena, "/api/v1/forms/%.*s/%.*s/schema.xsd", STR_ARG(form->code),
                           STR_ARG(form->version)));
    json_member(json, "structure",
                str_format(arena, "/api/v1/forms/%.*s/%.*s/structure", STR_ARG(form->code),
                           STR_ARG(form->version)));
    json_member(json, "example",
                str_format(arena, "/api/v1/forms/%.*s/%.*s/example", STR_ARG(form->code),
                           STR_ARG(form->version)));
}

static void
write_periods(struct json *json, const struct catalogue *catalogue)
{
    json_key(json, "period_types");
    json_array_begin(json);
    for (size_t i = 0; i < catalogue->period_type_count; i++) {
        const struct period_type *type = &catalogue->period_types[i];
        json_object_begin(json);
        json_member(json, "name", type->name);
        json_key(json, "count");
        json_number(json, type->count);
        json_member(json, "status", type->model ? STR("model") : STR("official"));
        json_object_end(json);
    }
    json_array_end(json);
}

enum err
forms_resource_answer_all(struct asked *asked, struct fault *fault)
{
    const struct catalogue *catalogue = asked->tools->edition->catalogue;
    struct buf              body = asked_body(asked);
    struct json             json = json_create(&body);
    struct str              digest = {(const char *)catalogue->sha256, sizeof catalogue->sha256};

    json_object_begin(&json);
    json_member(&json, "definitions_sha256", saying_hex(asked->arena, digest));
    json_key(&json, "items");
    json_array_begin(&json);
    for (size_t i = 0; i < catalogue->form_count; i++) {
        json_object_begin(&json);
        write_members(&json, &catalogue->forms[i]);
        json_object_end(&json);
    }
    json_array_end(&json);
    write_periods(&json, catalogue);
    json_object_end(&json);
    return asked_answer_tagged(asked, &body, fault);
}

/* The form version that the path names, or NULL. */
static const struct form *
find_form(const struct asked *asked)
{
    const struct catalogue *catalogue = asked->tools->edition->catalogue;

    for (size_t i = 0; i < catalogue->form_count; i++) {
        const struct form *form = &catalogue->forms[i];
        if (str_equal(form->code, asked_segment(asked, 3))
            && str_equal(form->version, asked_segment(asked, 4))) {
            return form;
        }
    }
    return NULL;
}

static enum err
refuse_unknown(struct asked *asked, struct fault *fault)
{
    return asked_refuse(asked, PROBLEM_NOT_FOUND,
                        STR("Brama nie zna tej wersji tego formularza. Spis formularzy i ich "
                            "wersji jest pod /api/v1/forms."),
                        fault);
}

static void
write_columns(struct json *json, const struct form *form)
{
    json_key(json, "codes");
    json_array_begin(json);
    for (size_t i = 0; i < form->code_count; i++) {
        json_object_begin(json);
        json_member(json, "element", form->codes[i].name);
        json_member(json, "number", form->codes[i].number);
        json_member(json, "title", form->codes[i].title);
        json_key(json, "key");
        json_truth(json, form->codes[i].key);
        json_object_end(json);
    }
    json_array_end(json);
    json_key(json, "amounts");
    json_array_begin(json);
    for (size_t i = 0; i < form->amount_count; i++) {
        json_object_begin(json);
        json_member(json, "element", form->amounts[i].name);
        json_member(json, "number", form->amounts[i].number);
        json_member(json, "title", form->amounts[i].title);
        json_key(json, "scale");
        json_number(json, form->amounts[i].scale);
        json_object_end(json);
    }
    json_array_end(json);
}

static void
write_lines(struct json *json, const struct form *form)
{
    json_key(json, "lines");
    json_array_begin(json);
    for (size_t i = 0; i < form->line_count; i++) {
        json_object_begin(json);
        json_member(json, "symbol", form->lines[i].symbol);
        json_member(json, "title", form->lines[i].title);
        json_object_end(json);
    }
    json_array_end(json);
}

/* For which periods and at which levels it is filed; empty lists: not stated. */
static void
write_occasions(struct json *json, const struct form *form)
{
    json_key(json, "periods");
    json_array_begin(json);
    for (size_t i = 0; i < form->period_count; i++) {
        json_object_begin(json);
        json_member(json, "type", form->periods[i].type);
        json_key(json, "numbers");
        json_array_begin(json);
        for (int number = 1; number <= FORM_PERIOD_NUMBER_MAX; number++) {
            if ((form->periods[i].numbers & 1 << number) != 0) {
                json_number(json, number);
            }
        }
        json_array_end(json);
        json_object_end(json);
    }
    json_array_end(json);
    json_key(json, "levels");
    json_array_begin(json);
    for (size_t i = 0; i < form->level_count; i++) {
        json_text(json, form->levels[i]);
    }
    json_array_end(json);
}

enum err
forms_resource_answer_one(struct asked *asked, struct fault *fault)
{
    const struct form *form = find_form(asked);
    struct buf         body = asked_body(asked);
    struct json        json = json_create(&body);

    if (form == NULL) {
        return refuse_unknown(asked, fault);
    }
    json_object_begin(&json);
    write_members(&json, form);
    write_columns(&json, form);
    write_lines(&json, form);
    write_occasions(&json, form);
    json_object_end(&json);
    return asked_answer_tagged(asked, &body, fault);
}

enum err
forms_resource_answer_schema(struct asked *asked, struct fault *fault)
{
    const struct form *form = find_form(asked);
    struct buf         body = asked_body(asked);

    if (form == NULL) {
        return refuse_unknown(asked, fault);
    }
    buf_append(&body, form->xsd);
    return asked_answer_tagged(asked, &body, fault);
}

static void
write_component(struct json *json, struct str name, const char *role, const char *type)
{
    json_object_begin(json);
    json_member(json, "name", name);
    json_member(json, "role", str_of(role));
    json_member(json, "data_type", str_of(type));
    json_object_end(json);
}

/* A position is a data point; what tells two apart are its key codes. */
static void
write_position_components(struct json *json, const struct form *form)
{
    for (size_t i = 0; i < form->code_count; i++) {
        write_component(json, form->codes[i].name, form->codes[i].key ? "Identifier" : "Attribute",
                        "String");
    }
    for (size_t i = 0; i < form->amount_count; i++) {
        write_component(json, form->amounts[i].name, "Measure", "Number");
    }
}

/* A column of amounts is a data point; the lines stand in it under their symbols. */
static void
write_line_components(struct json *json, const struct form *form)
{
    write_component(json, STR("Kolumna"), "Identifier", "String");
    for (size_t i = 0; i < form->line_count; i++) {
        write_component(json, form->lines[i].symbol, "Measure", "Number");
    }
}

enum err
forms_resource_answer_structure(struct asked *asked, struct fault *fault)
{
    const struct form *form = find_form(asked);
    struct buf         body = asked_body(asked);
    struct json        json = json_create(&body);
    struct str         view = {0};

    if (form == NULL) {
        return refuse_unknown(asked, fault);
    }
    bool known = wish_word(asked, "view", STR("positions lines"), &view);
    bool lines = known && str_equal(view, STR("lines"));
    if (!known || (lines && form->line_count == 0)) {
        return asked_refuse_parameter(asked, "view",
                                      "ma być jednym ze słów: positions, lines, a lines ma tylko "
                                      "formularz wierszy",
                                      fault);
    }
    json_object_begin(&json);
    json_member(&json, "name",
                str_format(asked->arena, "%.*s%s", STR_ARG(form->code), lines ? "_WIERSZE" : ""));
    json_key(&json, "components");
    json_array_begin(&json);
    if (lines) {
        write_line_components(&json, form);
    } else {
        write_position_components(&json, form);
    }
    json_array_end(&json);
    json_object_end(&json);
    return asked_answer_tagged(asked, &body, fault);
}

enum err
forms_resource_answer_example(struct asked *asked, struct fault *fault)
{
    const struct form *form = find_form(asked);
    struct buf         body = asked_body(asked);

    if (form == NULL) {
        return refuse_unknown(asked, fault);
    }
    struct str example =
        asked->tools->edition->examples[form - asked->tools->edition->catalogue->forms];
    if (example.size == 0) {
        return asked_refuse(asked, PROBLEM_NOT_FOUND,
                            STR("Ten formularz nie ma jeszcze syntetycznego sprawozdania na wzór. "
                                "Schemat jest obok, pod schema.xsd."),
                            fault);
    }
    buf_append(&body, example);
    return asked_answer_tagged(asked, &body, fault);
}

#include "gateway/finding_json/ess.h"

#include "validators/catalogue/form.h"

#include <string.h>

enum { TIME_MAX = 64, KEY_MAX = 2048, KEYS_MAX = 32 * 1024 };

/* One validation as texts; keys stand in lines. */
struct validation {
    struct str id;
    struct str time;
    struct str agent;
    struct str trigger;
    struct str language;
    struct str expression;
    struct str severity;
    struct str description;
    struct str source;
    struct str target;
    struct str about;
};

static const struct {
    const char *severity;
    const char *word;
} severities[] = {
    {"error",   "error"      },
    {"query",   "warning"    },
    {"warning", "warning"    },
    {"info",    "information"},
};

static struct str
severity_of(struct str severity)
{
    for (size_t i = 0; i < ARRAY_COUNT(severities); i++) {
        if (str_equal(severity, str_of(severities[i].severity))) {
            return str_of(severities[i].word);
        }
    }
    return STR("information");
}

static struct str
find_text(struct str text, struct str part)
{
    const char *found = text.size == 0 || part.size == 0
                            ? NULL
                            : memmem(text.data, text.size, part.data, part.size);

    return found == NULL ? (struct str){0}
                         : (struct str){found, text.size - (size_t)(found - text.data)};
}

/* A rule of rules.vtl behind its name, up to its code; empty when it does not stand there. */
static struct str
formula_of(struct arena *arena, const struct form *form, struct str code)
{
    struct str number = code;
    struct str prefix = {0};

    (void)str_cut(&number, '-', &prefix);
    struct str label = str_format(arena, "%.*s_%.*s:", STR_ARG(prefix), STR_ARG(number));
    struct str rest = find_text(form->vtl, label);
    struct str end = find_text(rest, STR("errorcode"));
    return end.data == NULL ? (struct str){0}
                            : str_trim((struct str){rest.data + label.size,
                                                    (size_t)(end.data - rest.data) - label.size});
}

static struct str
key_of(struct arena *arena, const struct export_finding *finding, struct str xpath)
{
    struct buf out = buf_create(arena, KEY_MAX);

    buf_format(&out, "%.*s|%.*s|%.*s|%.*s", STR_ARG(finding->place.regon),
               STR_ARG(finding->place.form), STR_ARG(finding->place.period), STR_ARG(xpath));
    return buf_str(&out);
}

/* The cell itself, then the cells that its sums are made of. */
static struct str
sources_of(struct arena *arena, const struct export_finding *finding)
{
    struct buf                 out = buf_create(arena, KEYS_MAX);
    const struct contributors *sides = finding->view.contributors;

    buf_append(&out, key_of(arena, finding, finding->view.xpath));
    for (size_t i = 0; sides != NULL && i < CONTRIBUTORS_SIDES; i++) {
        for (size_t j = 0; j < sides[i].count; j++) {
            buf_byte(&out, '\n');
            buf_append(&out, key_of(arena, finding, sides[i].items[j].xpath));
        }
    }
    return buf_str(&out);
}

static struct validation
validation_of(struct arena *arena, const struct export_run *run, size_t index)
{
    const struct export_finding *finding = &run->findings[index];
    const struct rule_entry     *entry = finding->entry;
    struct buf                   time = buf_create(arena, TIME_MAX);
    struct str                   formula = {0};

    instant_write(&time, run->at);
    if (entry != NULL && entry->form != ENTRY_OF_NO_FORM && run->catalogue != NULL) {
        formula = formula_of(arena, &run->catalogue->forms[entry->form], entry->code);
    }
    return (struct validation){
        .id = str_format(arena, "%.*s#%zu", STR_ARG(run->artifacts[finding->artifact].name),
                         index + 1),
        .time = buf_str(&time),
        .agent = str_format(arena, "brama %.*s", STR_ARG(run->version)),
        .trigger = run->trigger,
        .language = formula.size > 0 ? STR("VTL 2.2") : STR("brama"),
        .expression = formula.size > 0 ? formula : finding->view.code,
        .severity = severity_of(finding->view.severity),
        .description = str_format(arena, "%.*s: %.*s", STR_ARG(finding->view.code),
                                  STR_ARG(finding->view.title)),
        .source = sources_of(arena, finding),
        .target = key_of(arena, finding, finding->view.xpath),
        .about = finding->view.cell,
    };
}

static void
text(struct json *json, const char *key, struct str value)
{
    json_key(json, key);
    json_text(json, value);
}

/* Lines as an array of texts. */
static void
lines(struct json *json, const char *key, struct str value)
{
    struct str line = {0};

    json_key(json, key);
    json_array_begin(json);
    while (str_cut(&value, '\n', &line)) {
        json_text(json, line);
    }
    json_array_end(json);
}

static void
write_validation(struct json *json, const struct validation *it)
{
    json_object_begin(json);
    text(json, "id", it->id);
    text(json, "type", STR("validation"));
    json_key(json, "event");
    json_object_begin(json);
    text(json, "time", it->time);
    text(json, "actor", STR("brama"));
    text(json, "agent", it->agent);
    text(json, "trigger", it->trigger);
    json_object_end(json);
    json_key(json, "rule");
    json_object_begin(json);
    text(json, "language", it->language);
    text(json, "expression", it->expression);
    text(json, "severity", it->severity);
    text(json, "description", it->description);
    json_object_end(json);
    json_key(json, "data");
    json_object_begin(json);
    lines(json, "source", it->source);
    lines(json, "target", it->target);
    text(json, "description", it->about);
    json_object_end(json);
    text(json, "value", STR("0"));
    json_object_end(json);
}

void
ess_write(struct json *json, const struct export_run *run)
{
    json_array_begin(json);
    for (size_t i = 0; i < run->finding_count; i++) {
        struct validation validation = validation_of(json->out->arena, run, i);
        write_validation(json, &validation);
    }
    json_array_end(json);
}

void
ess_write_csv(struct csv *csv, const struct export_run *run)
{
    static const char *const names[] = {"id",
                                        "type",
                                        "event.time",
                                        "event.actor",
                                        "event.agent",
                                        "event.trigger",
                                        "rule.language",
                                        "rule.expression",
                                        "rule.severity",
                                        "rule.description",
                                        "data.source",
                                        "data.target",
                                        "data.description",
                                        "value"};

    for (size_t i = 0; i < ARRAY_COUNT(names); i++) {
        csv_field(csv, str_of(names[i]));
    }
    csv_row_end(csv);
    for (size_t i = 0; i < run->finding_count; i++) {
        struct validation it = validation_of(csv->out->arena, run, i);
        const struct str  fields[] = {it.id,       STR("validation"), it.time,     STR("brama"),
                                      it.agent,    it.trigger,        it.language, it.expression,
                                      it.severity, it.description,    it.source,   it.target,
                                      it.about,    STR("0")};
        for (size_t j = 0; j < ARRAY_COUNT(fields); j++) {
            csv_field(csv, fields[j]);
        }
        csv_row_end(csv);
    }
}

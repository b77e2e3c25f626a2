#include "gateway/finding_json/sarif.h"

#include "validators/catalogue/placeholder.h"

enum { SHA256_SIZE = 32 };

static const char schema[] =
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

static const struct {
    const char *severity;
    const char *level;
} levels[] = {
    {"error",   "error"  },
    {"query",   "warning"},
    {"warning", "warning"},
    {"info",    "note"   },
};

static struct str
level_of(struct str severity)
{
    for (size_t i = 0; i < ARRAY_COUNT(levels); i++) {
        if (str_equal(severity, str_of(levels[i].severity))) {
            return str_of(levels[i].level);
        }
    }
    return STR("none");
}

static void
number(struct json *json, const char *key, int64_t value)
{
    json_key(json, key);
    json_number(json, value);
}

/* A member that is left out when it is empty: the schema knows no nulls. */
static void
text(struct json *json, const char *key, struct str value)
{
    if (value.size > 0) {
        json_key(json, key);
        json_text(json, value);
    }
}

/* {"text": ...} under a key. */
static void
message(struct json *json, const char *key, struct str value)
{
    json_key(json, key);
    json_object_begin(json);
    json_key(json, "text");
    json_text(json, value);
    json_object_end(json);
}

static bool
is_plain(unsigned char byte)
{
    return (byte >= '0' && byte <= '9') || (byte >= 'a' && byte <= 'z')
           || (byte >= 'A' && byte <= 'Z') || byte == '-' || byte == '.' || byte == '_'
           || byte == '~' || byte == '/';
}

/* A file name as a URI reference (RFC 3986). */
static struct str
uri_of(struct arena *arena, struct str name)
{
    struct buf out = buf_create(arena, 3 * name.size + 1);

    for (size_t i = 0; i < name.size; i++) {
        unsigned char byte = (unsigned char)name.data[i];
        if (is_plain(byte)) {
            buf_byte(&out, name.data[i]);
        } else {
            buf_format(&out, "%%%02X", byte);
        }
    }
    return buf_str(&out);
}

static void
write_artifact_location(struct json *json, const struct export_run *run, size_t artifact)
{
    json_object_begin(json);
    json_key(json, "uri");
    json_text(json, uri_of(json->out->arena, run->artifacts[artifact].name));
    number(json, "index", (int64_t)artifact);
    json_object_end(json);
}

/* A point of a file. Lines begin at 1; where none was counted, the byte is all that is known. */
struct point {
    size_t   artifact;
    uint32_t line;
    uint32_t column;
    uint32_t offset;
};

static void
write_physical(struct json *json, const struct export_run *run, const struct point *point)
{
    json_key(json, "physicalLocation");
    json_object_begin(json);
    json_key(json, "artifactLocation");
    write_artifact_location(json, run, point->artifact);
    json_key(json, "region");
    json_object_begin(json);
    if (point->line > 0 && point->column > 0) {
        number(json, "startLine", point->line);
        number(json, "startColumn", point->column);
        number(json, "endColumn", point->column);
    }
    number(json, "byteOffset", point->offset);
    number(json, "byteLength", 0);
    json_object_end(json);
    json_object_end(json);
}

static void
write_logical(struct json *json, struct str cell, struct str xpath)
{
    if (cell.size == 0 && xpath.size == 0) {
        return;
    }
    json_key(json, "logicalLocations");
    json_array_begin(json);
    json_object_begin(json);
    text(json, "name", cell);
    text(json, "fullyQualifiedName", xpath);
    text(json, "kind", STR("element"));
    json_object_end(json);
    json_array_end(json);
}

static void
write_contributor(struct json *json, const struct export_run *run, size_t artifact,
                  const struct contributor *item, const char *side)
{
    size_t             file = item->file.size > 0 ? export_artifact_of(run, item->file) : artifact;
    const struct point point = {file, item->line, item->column, item->offset};
    struct str         amount = item->amount.size > 0 ? item->amount : STR("brak");

    json_object_begin(json);
    message(
        json, "message",
        str_format(json->out->arena, "%s: %.*s, %.*s", side, STR_ARG(amount), STR_ARG(item->cell)));
    write_physical(json, run, &point);
    write_logical(json, item->cell, item->xpath);
    json_object_end(json);
}

static void
write_related(struct json *json, const struct export_run *run, const struct export_finding *finding)
{
    static const char *const   sides[CONTRIBUTORS_SIDES] = {"jest", "porównane z"};
    const struct contributors *contributors = finding->view.contributors;

    if (contributors == NULL) {
        return;
    }
    json_key(json, "relatedLocations");
    json_array_begin(json);
    for (size_t side = 0; side < CONTRIBUTORS_SIDES; side++) {
        for (size_t i = 0; i < contributors[side].count; i++) {
            write_contributor(json, run, finding->artifact, &contributors[side].items[i],
                              sides[side]);
        }
    }
    json_array_end(json);
}

static void
write_properties(struct json *json, const struct export_finding *finding)
{
    const struct finding_view *view = &finding->view;

    json_key(json, "properties");
    json_object_begin(json);
    text(json, "severity", view->severity);
    text(json, "form", finding->place.form);
    text(json, "period", finding->place.period);
    text(json, "unit", finding->place.regon);
    text(json, "found", view->found);
    text(json, "expected", view->expected);
    text(json, "difference", view->difference);
    number(json, "differenceRepeats", view->repeats);
    text(json, "suspect", view->suspect);
    text(json, "fix", view->fix);
    text(json, "basis", view->basis);
    text(json, "technical", view->technical);
    json_object_end(json);
}

static void
write_result(struct json *json, const struct export_run *run, const struct export_finding *finding,
             size_t rule)
{
    const struct finding_view *view = &finding->view;
    const struct point         point = {finding->artifact, view->line, view->column, view->offset};

    json_object_begin(json);
    json_key(json, "ruleId");
    json_text(json, view->code);
    number(json, "ruleIndex", (int64_t)rule);
    text(json, "level", level_of(view->severity));
    message(json, "message", view->title.size > 0 ? view->title : view->code);
    json_key(json, "locations");
    json_array_begin(json);
    json_object_begin(json);
    write_physical(json, run, &point);
    write_logical(json, view->cell, view->xpath);
    json_object_end(json);
    json_array_end(json);
    write_related(json, run, finding);
    write_properties(json, finding);
    json_object_end(json);
}

/* The rules that were hit: of each the first finding, and of each finding its rule. */
struct hits {
    size_t *first;
    size_t *rule;
    size_t  count;
};

static bool
find_hits(struct arena *arena, const struct export_run *run, struct hits *out)
{
    out->first = ARENA_NEW(arena, size_t, run->finding_count + 1);
    out->rule = ARENA_NEW(arena, size_t, run->finding_count + 1);
    out->count = 0;
    if (out->first == NULL || out->rule == NULL) {
        return false;
    }
    for (size_t i = 0; i < run->finding_count; i++) {
        struct str code = run->findings[i].view.code;
        size_t     at = 0;
        while (at < out->count && !str_equal(run->findings[out->first[at]].view.code, code)) {
            at++;
        }
        if (at == out->count) {
            out->first[at] = i;
            out->count++;
        }
        out->rule[i] = at;
    }
    return true;
}

static void
write_rule(struct json *json, const struct export_finding *finding)
{
    struct arena            *arena = json->out->arena;
    const struct rule_entry *entry = finding->entry;

    json_object_begin(json);
    json_key(json, "id");
    json_text(json, finding->view.code);
    if (entry != NULL) {
        message(json, "shortDescription", placeholder_words(arena, entry->title));
        if (entry->explain.size > 0) {
            message(json, "fullDescription", placeholder_words(arena, entry->explain));
        }
        message(json, "help", placeholder_words(arena, entry->fix));
        json_key(json, "properties");
        json_object_begin(json);
        text(json, "basis", entry->basis);
        text(json, "owner", entry->owner);
        json_object_end(json);
    }
    json_object_end(json);
}

static void
write_driver(struct json *json, const struct export_run *run, const struct hits *hits)
{
    json_key(json, "tool");
    json_object_begin(json);
    json_key(json, "driver");
    json_object_begin(json);
    text(json, "name", STR("brama"));
    text(json, "version", run->version);
    text(json, "language", STR("pl-PL"));
    json_key(json, "rules");
    json_array_begin(json);
    for (size_t i = 0; i < hits->count; i++) {
        write_rule(json, &run->findings[hits->first[i]]);
    }
    json_array_end(json);
    json_object_end(json);
    json_object_end(json);
}

static void
write_artifacts(struct json *json, const struct export_run *run)
{
    json_key(json, "artifacts");
    json_array_begin(json);
    for (size_t i = 0; i < run->artifact_count; i++) {
        json_object_begin(json);
        json_key(json, "location");
        write_artifact_location(json, run, i);
        if (run->artifacts[i].sha256 != NULL) {
            json_key(json, "hashes");
            json_object_begin(json);
            json_hex(json, "sha-256", run->artifacts[i].sha256, SHA256_SIZE);
            json_object_end(json);
        }
        json_object_end(json);
    }
    json_array_end(json);
}

static void
write_invocation(struct json *json, const struct export_run *run)
{
    json_key(json, "invocations");
    json_array_begin(json);
    json_object_begin(json);
    json_key(json, "executionSuccessful");
    json_truth(json, run->failure_count == 0);
    json_key(json, "toolExecutionNotifications");
    json_array_begin(json);
    for (size_t i = 0; i < run->failure_count; i++) {
        json_object_begin(json);
        text(json, "level", STR("error"));
        message(json, "message",
                str_format(json->out->arena, "%.*s: %.*s", STR_ARG(run->failures[i].name),
                           STR_ARG(run->failures[i].why)));
        json_object_end(json);
    }
    json_array_end(json);
    json_object_end(json);
    json_array_end(json);
}

static void
write_run(struct json *json, const struct export_run *run, const struct hits *hits)
{
    json_object_begin(json);
    write_driver(json, run, hits);
    write_invocation(json, run);
    write_artifacts(json, run);
    text(json, "columnKind", STR("unicodeCodePoints"));
    json_key(json, "results");
    json_array_begin(json);
    for (size_t i = 0; i < run->finding_count; i++) {
        write_result(json, run, &run->findings[i], hits->rule[i]);
    }
    json_array_end(json);
    json_object_end(json);
}

void
sarif_write(struct json *json, const struct export_run *run)
{
    struct hits hits = {0};

    if (!find_hits(json->out->arena, run, &hits)) {
        json->out->full = true;
        return;
    }
    json_object_begin(json);
    text(json, "$schema", str_of(schema));
    text(json, "version", STR("2.1.0"));
    json_key(json, "runs");
    json_array_begin(json);
    write_run(json, run, &hits);
    json_array_end(json);
    json_object_end(json);
}

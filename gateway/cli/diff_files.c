#include "gateway/cli/diff_files.h"

#include "gateway/answer/json.h"
#include "gateway/difference_view/difference_view.h"

/* One report of one of the files. */
struct version {
    struct str                   file;
    const struct decided_report *report;
    size_t                       ordinal; /* in its file, from 0 */
    struct str                   key;
    bool                         taken; /* it stands beside another already */
};

struct versions {
    struct version *items;
    size_t          count;
};

/* What makes two reports versions of one: the unit with its codes, form, period, level, variant. */
static struct str
key_of(struct arena *arena, const struct decided_report *decided)
{
    enum { KEY_MAX = 4096 };

    struct buf key = buf_create(arena, KEY_MAX);

    for (size_t i = 0; i < ARRAY_COUNT(decided->report->identity.fields); i++) {
        buf_append(&key, package_trim(&decided->report->identity.fields[i]));
        buf_byte(&key, '/');
    }
    buf_append(&key, decided->report->element);
    buf_byte(&key, '/');
    buf_append(&key, decided->period);
    buf_byte(&key, '/');
    buf_append(&key, decided->level);
    buf_byte(&key, '/');
    buf_append(&key, decided->variant);
    return buf_str(&key);
}

static enum err
list_versions(struct arena *arena, const struct judged_file *file, struct versions *out,
              struct fault *fault)
{
    size_t          count = file->decided->report_count;
    struct version *items = ARENA_NEW(arena, struct version, count + 1);

    if (items == NULL) {
        return FAIL(fault, ERR_MEMORY, "brak pamięci");
    }
    for (size_t i = 0; i < count; i++) {
        const struct decided_report *report = &file->decided->reports[i];
        items[i] = (struct version){.file = file->input->name,
                                    .report = report,
                                    .ordinal = i,
                                    .key = key_of(arena, report)};
    }
    *out = (struct versions){.items = items, .count = count};
    return ERR_OK;
}

static struct version *
find_other(struct versions *versions, struct str key)
{
    for (size_t i = 0; i < versions->count; i++) {
        if (!versions->items[i].taken && str_equal(versions->items[i].key, key)) {
            return &versions->items[i];
        }
    }
    return NULL;
}

static struct str
why_not(const struct version *before, const struct version *after)
{
    if (before == NULL) {
        return STR("Tego sprawozdania nie ma we wcześniejszym pliku.");
    }
    if (after == NULL) {
        return STR("Tego sprawozdania nie ma w późniejszym pliku.");
    }
    if (before->report->form == NULL || after->report->form == NULL) {
        return STR("Brama nie zna wzoru tego sprawozdania za ten okres.");
    }
    if (before->report->form != after->report->form) {
        return STR("Te wersje są według różnych wzorów formularza.");
    }
    if (before->report->report->state != REPORT_READ
        || after->report->report->state != REPORT_READ) {
        return STR("Sprawozdania nie dało się odczytać do końca: zobacz brama validate.");
    }
    return (struct str){0};
}

static void
write_version(struct json *json, const char *key, const struct version *version)
{
    json_key(json, key);
    if (version == NULL) {
        json_absent(json);
        return;
    }
    json_object_begin(json);
    json_member(json, "file", version->file);
    json_key(json, "ordinal");
    json_number(json, (int64_t)version->ordinal + 1);
    json_member(json, "version", version->report->version);
    json_member(json, "verdict", str_of(verdict_name(version->report->verdict)));
    json_object_end(json);
}

static void
write_head(struct json *json, const struct decided_report *report)
{
    json_member(json, "form", report->form_title);
    json_member(json, "form_version",
                report->form == NULL ? (struct str){0} : report->form->version);
    json_key(json, "unit");
    json_object_begin(json);
    json_member(json, "name", report->unit_name);
    json_member(json, "regon", report->unit_regon);
    json_object_end(json);
    json_member(json, "period", report->period);
    json_member(json, "level", report->level);
    json_member(json, "variant", report->variant);
}

static enum err
write_pair(struct arena *arena, struct json *json, const struct version *before,
           const struct version *after, struct fault *fault)
{
    struct str        reason = why_not(before, after);
    struct difference difference = {0};

    if (reason.size == 0 && before != NULL && after != NULL) { /* no reason: both are there */
        TRY(difference_make(arena, after->report->form, &before->report->report->columns,
                            &after->report->report->columns, &difference, fault));
    }
    json_object_begin(json);
    write_head(json, after == NULL ? before->report : after->report);
    write_version(json, "before", before);
    write_version(json, "after", after);
    json_key(json, "compared");
    json_truth(json, reason.size == 0);
    json_member(json, "reason", reason);
    if (reason.size == 0) {
        difference_view_members(json, &difference);
    }
    json_object_end(json);
    return ERR_OK;
}

enum err
diff_files_write(struct arena *arena, const struct judgement *judgement, struct buf *out,
                 struct fault *fault)
{
    struct versions before = {0};
    struct versions after = {0};
    struct json     json = json_create(out);

    ENSURE(judgement->file_count == 2);
    TRY(list_versions(arena, &judgement->files[0], &before, fault));
    TRY(list_versions(arena, &judgement->files[1], &after, fault));
    json_object_begin(&json);
    json_key(&json, "reports");
    json_array_begin(&json);
    for (size_t i = 0; i < after.count; i++) {
        struct version *other = find_other(&before, after.items[i].key);
        if (other != NULL) {
            other->taken = true;
        }
        TRY(write_pair(arena, &json, other, &after.items[i], fault));
    }
    for (size_t i = 0; i < before.count; i++) {
        if (!before.items[i].taken) {
            TRY(write_pair(arena, &json, &before.items[i], NULL, fault));
        }
    }
    json_array_end(&json);
    json_object_end(&json);
    return buf_ok(out) ? ERR_OK : FAIL(fault, ERR_MEMORY, "brak pamięci");
}

#include "gateway/backtest/backtest_tally.h"

#include "gateway/backtest/backtest_set_text.h"

#include <inttypes.h>
#include <stdlib.h>

enum { CSV_GROUP_FIELDS = 3 };

enum err
backtest_tally_create(struct arena *arena, struct backtest_tally *out, struct fault *fault)
{
    *out = (struct backtest_tally){
        .arena = arena,
        .groups = ARENA_NEW(arena, struct backtest_group, BACKTEST_GROUPS_MAX),
        .codes = ARENA_NEW(arena, struct backtest_code, BACKTEST_CODES_MAX)};
    return out->groups == NULL || out->codes == NULL ? FAIL(fault, ERR_MEMORY, "brak pamięci")
                                                     : ERR_OK;
}

enum err
backtest_tally_group(struct backtest_tally *tally, struct str form, struct str kind,
                     struct str region, struct backtest_group **out, struct fault *fault)
{
    for (size_t i = 0; i < tally->group_count; i++) {
        struct backtest_group *group = &tally->groups[i];
        if (str_equal(group->form, form) && str_equal(group->kind, kind)
            && str_equal(group->region, region)) {
            *out = group;
            return ERR_OK;
        }
    }
    if (tally->group_count == BACKTEST_GROUPS_MAX) {
        return FAIL(fault, ERR_LIMIT, "więcej niż %d grup", BACKTEST_GROUPS_MAX);
    }
    struct backtest_group *group = &tally->groups[tally->group_count];
    *group = (struct backtest_group){.form = str_copy(tally->arena, form),
                                     .kind = str_copy(tally->arena, kind),
                                     .region = str_copy(tally->arena, region)};
    if (group->form.data == NULL || group->kind.data == NULL || group->region.data == NULL) {
        return FAIL(fault, ERR_MEMORY, "brak pamięci");
    }
    tally->group_count++;
    *out = group;
    return ERR_OK;
}

enum err
backtest_tally_code(struct backtest_tally *tally, struct str code, struct backtest_code **out,
                    struct fault *fault)
{
    for (size_t i = 0; i < tally->code_count; i++) {
        if (str_equal(tally->codes[i].code, code)) {
            *out = &tally->codes[i];
            return ERR_OK;
        }
    }
    if (tally->code_count == BACKTEST_CODES_MAX) {
        return FAIL(fault, ERR_LIMIT, "więcej niż %d kodów", BACKTEST_CODES_MAX);
    }
    struct backtest_code *item = &tally->codes[tally->code_count];
    *item = (struct backtest_code){.code = str_copy(tally->arena, code)};
    if (item->code.data == NULL) {
        return FAIL(fault, ERR_MEMORY, "brak pamięci");
    }
    tally->code_count++;
    *out = item;
    return ERR_OK;
}

static int
compare_groups(const void *left, const void *right)
{
    const struct backtest_group *a = left;
    const struct backtest_group *b = right;

    int order = str_compare(a->form, b->form);
    if (order == 0) {
        order = str_compare(a->kind, b->kind);
    }
    return order != 0 ? order : str_compare(a->region, b->region);
}

static int
compare_codes(const void *left, const void *right)
{
    const struct backtest_code *a = left;
    const struct backtest_code *b = right;

    return str_compare(a->code, b->code);
}

void
backtest_tally_sort(struct backtest_tally *tally)
{
    qsort(tally->groups, tally->group_count, sizeof *tally->groups, compare_groups);
    qsort(tally->codes, tally->code_count, sizeof *tally->codes, compare_codes);
}

/* Or is one between reports, which stops nobody. */
static bool
stops_somebody(const struct backtest_code *code)
{
    return code->stopped + code->freed > 0;
}

static void
write_groups(struct json *json, const struct backtest_tally *tally)
{
    json_key(json, "groups");
    json_array_begin(json);
    for (size_t i = 0; i < tally->group_count; i++) {
        const struct backtest_group *group = &tally->groups[i];
        if (group->reports == 0) {
            continue;
        }
        json_object_begin(json);
        json_member(json, "form", group->form);
        json_member(json, "kind", group->kind);
        json_member(json, "region", group->region);
        backtest_set_text_count(json, "reports", group->reports);
        backtest_set_text_count(json, "stopped", group->stopped);
        backtest_set_text_count(json, "freed", group->freed);
        backtest_set_text_count(json, "asked", group->asked);
        json_object_end(json);
    }
    json_array_end(json);
}

void
backtest_tally_write_json(struct buf *out, const struct backtest_tally *tally)
{
    struct json json = json_create(out);

    json_object_begin(&json);
    backtest_set_text_count(&json, "submissions", tally->submissions);
    backtest_set_text_count(&json, "unread", tally->unread);
    write_groups(&json, tally);
    json_key(&json, "codes");
    json_array_begin(&json);
    for (size_t i = 0; i < tally->code_count; i++) {
        if (stops_somebody(&tally->codes[i])) {
            json_object_begin(&json);
            json_member(&json, "code", tally->codes[i].code);
            backtest_set_text_count(&json, "stopped", tally->codes[i].stopped);
            backtest_set_text_count(&json, "freed", tally->codes[i].freed);
            json_object_end(&json);
        }
    }
    json_array_end(&json);
    backtest_set_text_json(&json, tally);
    json_object_end(&json);
    buf_byte(out, '\n');
}

static void
write_csv_group(struct csv *csv, const struct backtest_group *group)
{
    const uint64_t figures[] = {group->reports, group->stopped, group->freed, group->asked};

    csv_field(csv, group->form);
    csv_field(csv, group->kind);
    csv_field(csv, group->region);
    csv_field(csv, STR(""));
    for (size_t i = 0; i < ARRAY_COUNT(figures); i++) {
        csv_number(csv, figures[i]);
    }
    backtest_set_text_csv_group(csv, group);
    csv_row_end(csv);
}

static void
write_csv_code(struct csv *csv, const struct backtest_code *code)
{
    for (size_t i = 0; i < CSV_GROUP_FIELDS; i++) {
        csv_field(csv, STR(""));
    }
    csv_field(csv, code->code);
    csv_field(csv, STR(""));
    csv_number(csv, code->stopped);
    csv_number(csv, code->freed);
    csv_field(csv, STR(""));
    backtest_set_text_csv_code(csv, code);
    csv_row_end(csv);
}

/* One table: of codes alone form, kind and region are empty, of groups the code is. */
void
backtest_tally_write_csv(struct buf *out, const struct backtest_tally *tally)
{
    static const char *const head[] = {"formularz",     "rodzaj jednostki", "województwo",
                                       "kod",           "sprawozdań",       "zatrzymane",
                                       "przepuszczone", "więcej pytań"};
    struct csv               csv = csv_create(out);

    for (size_t i = 0; i < ARRAY_COUNT(head); i++) {
        csv_field(&csv, str_of(head[i]));
    }
    backtest_set_text_csv_head(&csv);
    csv_row_end(&csv);
    for (size_t i = 0; i < tally->group_count; i++) {
        write_csv_group(&csv, &tally->groups[i]);
    }
    for (size_t i = 0; i < tally->code_count; i++) {
        write_csv_code(&csv, &tally->codes[i]);
    }
    backtest_set_text_csv_strict(&csv, tally);
}

void
backtest_tally_write_text(struct buf *out, const struct backtest_tally *tally)
{
    uint64_t reports = 0;
    uint64_t stopped = 0;
    uint64_t freed = 0;

    for (size_t i = 0; i < tally->group_count; i++) {
        const struct backtest_group *group = &tally->groups[i];
        reports += group->reports;
        stopped += group->stopped;
        freed += group->freed;
        if (group->stopped + group->freed + group->asked > 0) {
            buf_format(out, "%.*s, %.*s, województwo %.*s: ", STR_ARG(group->form),
                       STR_ARG(group->kind.size == 0 ? STR("rodzaj nieznany") : group->kind),
                       STR_ARG(group->region));
            buf_format(out,
                       "sprawozdań %" PRIu64 ", zatrzymane %" PRIu64 ", przepuszczone %" PRIu64
                       ", z nowymi pytaniami %" PRIu64 "\n",
                       group->reports, group->stopped, group->freed, group->asked);
        }
    }
    for (size_t i = 0; i < tally->code_count; i++) {
        if (stops_somebody(&tally->codes[i])) {
            buf_format(out, "%.*s: zatrzymuje %" PRIu64 ", przestaje zatrzymywać %" PRIu64 "\n",
                       STR_ARG(tally->codes[i].code), tally->codes[i].stopped,
                       tally->codes[i].freed);
        }
    }
    buf_format(out,
               "Złożeń %" PRIu64 ", sprawozdań %" PRIu64 ": szkic zatrzymałby %" PRIu64
               ", przepuściłby %" PRIu64 " z zatrzymanych. Nie do odczytania tutaj: %" PRIu64 "\n",
               tally->submissions, reports, stopped, freed, tally->unread);
    backtest_set_text_write(out, tally);
}

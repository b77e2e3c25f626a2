#include "gateway/reader/diff_resource.h"

#include "gateway/difference_view/difference_view.h"
#include "gateway/reader/diff_version.h"
#include "gateway/reader/saying.h"

/* One pair with its difference, or why there is none. */
struct compared {
    struct difference difference;
    struct str        reason; /* empty: compared */
};

static const struct form *
find_form(const struct catalogue *catalogue, const struct diff_pair *pair)
{
    for (size_t i = 0; i < catalogue->form_count; i++) {
        const struct form *form = &catalogue->forms[i];
        if (str_equal(form->code, pair->form) && str_equal(form->version, pair->form_version)) {
            return form;
        }
    }
    return NULL;
}

static struct str
why_not(const struct diff_pair *pair, const struct form *form)
{
    if (!pair->before.exists) {
        return STR("Tego sprawozdania nie ma we wcześniejszym z porównywanych złożeń.");
    }
    if (!pair->after.exists) {
        return STR("Tego sprawozdania nie ma w późniejszym z porównywanych złożeń.");
    }
    if (pair->before.verdict != VERDICT_ACCEPTED || pair->after.verdict != VERDICT_ACCEPTED) {
        return STR("Brama przechowuje pozycje tylko przyjętych sprawozdań. Wersje, których nie "
                   "przyjęto, porówna z plików: brama diff PLIK PLIK.");
    }
    if (form == NULL) {
        return STR("Brama nie ma już wzoru, według którego odczytano to sprawozdanie. Porówna je z "
                   "plików: brama diff PLIK PLIK.");
    }
    return (struct str){0};
}

static enum err
compare(const struct asked *asked, const struct diff_pair *pair, struct compared *out,
        struct fault *fault)
{
    const struct form *form = find_form(asked->tools->edition->catalogue, pair);
    struct columns    *columns = ARENA_NEW(asked->arena, struct columns, 2);

    if (columns == NULL) {
        return FAIL(fault, ERR_MEMORY, "positions of two reports");
    }
    *out = (struct compared){.reason = why_not(pair, form)};
    if (out->reason.size > 0) {
        return ERR_OK;
    }
    TRY(diff_version_columns(asked, pair, &pair->before, form, &columns[0], fault));
    TRY(diff_version_columns(asked, pair, &pair->after, form, &columns[1], fault));
    return difference_make(asked->arena, form, &columns[0], &columns[1], &out->difference, fault);
}

static void
write_version(struct json *json, const char *key, const struct diff_version *version)
{
    json_key(json, key);
    if (!version->exists) {
        json_absent(json);
        return;
    }
    json_object_begin(json);
    json_member(json, "submission", saying_uuid(json->out->arena, version->submission));
    json_key(json, "ordinal");
    json_number(json, version->ordinal + 1);
    json_key(json, "version");
    if (version->version < 0) {
        json_absent(json);
    } else {
        json_number(json, version->version);
    }
    saying_verdict(json, version->verdict, true);
    json_object_end(json);
}

static void
write_pair(struct json *json, const struct diff_pair *pair, const struct compared *compared)
{
    json_object_begin(json);
    json_member(json, "form", pair->form_title);
    json_member(json, "form_version", pair->form_version);
    json_key(json, "unit");
    json_object_begin(json);
    json_member(json, "name", pair->unit_name);
    json_member(json, "regon", pair->regon);
    json_object_end(json);
    json_member(json, "period", pair->period);
    json_member(json, "level", pair->level);
    json_member(json, "variant", pair->variant);
    write_version(json, "before", &pair->before);
    write_version(json, "after", &pair->after);
    json_key(json, "compared");
    json_truth(json, compared->reason.size == 0);
    json_member(json, "reason", compared->reason);
    if (compared->reason.size == 0) {
        difference_view_members(json, &compared->difference);
    }
    json_object_end(json);
}

static struct str
version_text(struct arena *arena, const struct diff_version *version)
{
    return version->version < 0 ? (struct str){0}
                                : str_format(arena, "%lld", (long long)version->version);
}

static void
put_pair(struct csv *csv, const struct diff_pair *pair, const struct compared *compared)
{
    struct arena                 *arena = csv->out->arena;
    const struct difference_place place = {.form = pair->form_title,
                                           .period = pair->period,
                                           .regon = pair->regon,
                                           .unit = pair->unit_name,
                                           .level = pair->level,
                                           .variant = pair->variant,
                                           .before = version_text(arena, &pair->before),
                                           .after = version_text(arena, &pair->after)};

    if (compared->reason.size == 0) {
        difference_view_csv(csv, &place, &compared->difference);
    }
}

static enum err
write_json(const struct asked *asked, const struct diff_pairs *pairs, struct buf *out,
           struct fault *fault)
{
    struct json json = json_create(out);

    json_object_begin(&json);
    json_key(&json, "reports");
    json_array_begin(&json);
    for (size_t i = 0; i < pairs->count; i++) {
        struct compared compared = {0};
        TRY(compare(asked, &pairs->items[i], &compared, fault));
        write_pair(&json, &pairs->items[i], &compared);
    }
    json_array_end(&json);
    json_object_end(&json);
    return ERR_OK;
}

static enum err
write_csv(const struct asked *asked, const struct diff_pairs *pairs, struct buf *out,
          struct fault *fault)
{
    struct csv csv = csv_create(out);

    difference_view_csv_head(&csv);
    for (size_t i = 0; i < pairs->count; i++) {
        struct compared compared = {0};
        TRY(compare(asked, &pairs->items[i], &compared, fault));
        put_pair(&csv, &pairs->items[i], &compared);
    }
    return ERR_OK;
}

/* Positions that would have to be read, of both versions together. */
static int64_t
count_rows(const struct diff_pairs *pairs)
{
    int64_t count = 0;

    for (size_t i = 0; i < pairs->count; i++) {
        const struct diff_pair *pair = &pairs->items[i];
        if (pair->before.exists && pair->after.exists) {
            count += pair->before.row_count + pair->after.row_count;
        }
    }
    return count;
}

enum err
diff_resource_answer(struct asked *asked, struct fault *fault)
{
    struct str        against = asked_parameter(asked, "against");
    struct diff_pairs pairs = {0};
    struct buf        body = asked_body(asked);

    if (against.size == 0 || against.size > DIFF_VERSION_NAME_MAX) {
        return asked_refuse_parameter(asked, "against",
                                      "ma być numerem złożenia albo UPO, z którym porównać", fault);
    }
    TRY(diff_version_read(asked, against, asked_segment(asked, 3), &pairs, fault));
    if (!pairs.found) {
        return asked_refuse_submission(asked, fault);
    }
    if (count_rows(&pairs) > DIFF_VERSION_ROWS_MAX) {
        return asked_refuse(asked, PROBLEM_DIFF_TOO_LARGE,
                            STR("Podaj numery UPO jednostki zamiast numerów złożeń: brama porówna "
                                "wtedy tylko jej sprawozdania. Bez ograniczenia porównuje pliki "
                                "brama diff PLIK PLIK."),
                            fault);
    }
    if (asked->format == FORMAT_CSV) {
        asked_header(asked, "Content-Disposition", STR("attachment; filename=\"roznice.csv\""));
        TRY(write_csv(asked, &pairs, &body, fault));
    } else {
        TRY(write_json(asked, &pairs, &body, fault));
    }
    return asked_answer_tagged(asked, &body, fault);
}

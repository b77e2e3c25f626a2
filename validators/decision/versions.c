#include "validators/decision/versions.h"

/* Report key of design.md 1, of the parts that stand in the file, and the Wersja. */
static enum err
make_key(struct arena *arena, struct version_item *item, struct fault *fault)
{
    const struct report *report = item->report;
    const struct field  *unit = report->identity.fields;

    item->key = str_format(
        arena, "%.*s/%.*s/%.*s/%.*s/%.*s/%.*s/%.*s/%.*s/%.*s/%.*s/%.*s/%.*s/%.*s/%.*s",
        STR_ARG(package_trim(&unit[UNIT_REGON])), STR_ARG(package_trim(&unit[UNIT_TYPE])),
        STR_ARG(package_trim(&unit[UNIT_WK])), STR_ARG(package_trim(&unit[UNIT_PK])),
        STR_ARG(package_trim(&unit[UNIT_GK])), STR_ARG(package_trim(&unit[UNIT_GT])),
        STR_ARG(package_trim(&unit[UNIT_PT])), STR_ARG(report->element),
        STR_ARG(package_trim(&report->period.year)), STR_ARG(package_trim(&report->period.type)),
        STR_ARG(package_trim(&report->period.number)),
        STR_ARG(package_trim(&report->header.variants[0])),
        STR_ARG(package_trim(&report->header.variants[1])),
        STR_ARG(package_trim(&report->header.version)));
    if (item->key.data == NULL) {
        return FAIL(fault, ERR_MEMORY, "key of a report");
    }
    return ERR_OK;
}

static int
compare_items(const void *a, const void *b)
{
    const struct version_item *item_a = a;
    const struct version_item *item_b = b;
    int                        order = str_compare(item_a->key, item_b->key);

    if (order != 0) {
        return order;
    }
    if (item_a->file_ordinal != item_b->file_ordinal) {
        return item_a->file_ordinal < item_b->file_ordinal ? -1 : 1;
    }
    return (item_a->report_ordinal > item_b->report_ordinal)
           - (item_a->report_ordinal < item_b->report_ordinal);
}

static struct str
bytes_of(const struct version_item *item)
{
    return str_slice(item->file->bytes, item->report->start,
                     item->report->end - item->report->start);
}

/* Both are the same report in the same Wersja, and not the same bytes. */
static bool
clash(const struct version_item *earlier, const struct version_item *later)
{
    return earlier->file_ordinal != later->file_ordinal && str_equal(earlier->key, later->key)
           && !str_equal(bytes_of(earlier), bytes_of(later));
}

static enum err
tell(struct arena *arena, const struct version_item *earlier, const struct version_item *later,
     struct fault *fault)
{
    struct finding finding = {.code = VERSIONS_CODE_NOT_HIGHER,
                              .report = later->report_ordinal,
                              .offset = later->report->header.version.offset};

    finding.xpath = package_report_xpath(arena, later->report, STR("/Naglowek/Wersja"));
    finding.subject = earlier->file->name;
    finding.found = package_trim(&later->report->header.version);
    if (finding.xpath.data == NULL) {
        return FAIL(fault, ERR_MEMORY, "finding of a version");
    }
    return docket_add_aside(later->docket, &finding, fault);
}

enum err
versions_compare(struct arena *arena, struct version_item *items, size_t count, struct fault *fault)
{
    for (size_t i = 0; i < count; i++) {
        TRY(make_key(arena, &items[i], fault));
    }
    if (count > 0) {
        qsort(items, count, sizeof *items, compare_items);
    }
    const struct version_item *earlier = NULL;
    for (size_t i = 0; i < count; i++) {
        if (docket_verdict(items[i].docket) == VERDICT_REJECTED) {
            continue;
        }
        if (earlier != NULL && clash(earlier, &items[i])) {
            TRY(tell(arena, earlier, &items[i], fault));
        }
        earlier = &items[i];
    }
    return ERR_OK;
}

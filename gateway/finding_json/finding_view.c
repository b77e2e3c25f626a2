#include "gateway/finding_json/finding_view.h"

#include "gateway/finding_json/contributors_view.h"

#include <string.h>

enum kind { KIND_TEXT, KIND_NUMBER, KIND_CONTRIBUTORS };

/* The fields in their order, with the key of JSON and the column of CSV. */
static const struct {
    const char *key;
    const char *column;
    size_t      at;
    enum kind   kind;
} fields[] = {
    {"code",               "kod",                    offsetof(struct finding_view, code),         KIND_TEXT        },
    {"severity",           "waga",                   offsetof(struct finding_view, severity),     KIND_TEXT        },
    {"title",              "tytuł",                 offsetof(struct finding_view, title),        KIND_TEXT        },
    {"cell",               "gdzie",                  offsetof(struct finding_view, cell),         KIND_TEXT        },
    {"line",               "wiersz",                 offsetof(struct finding_view, line),         KIND_NUMBER      },
    {"column",             "znak",                   offsetof(struct finding_view, column),       KIND_NUMBER      },
    {"offset",             "bajt",                   offsetof(struct finding_view, offset),       KIND_NUMBER      },
    {"xpath",              "xpath",                  offsetof(struct finding_view, xpath),        KIND_TEXT        },
    {"found",              "jest",                   offsetof(struct finding_view, found),        KIND_TEXT        },
    {"expected",           "powinno być",           offsetof(struct finding_view, expected),     KIND_TEXT        },
    {"difference",         "różnica",              offsetof(struct finding_view, difference),   KIND_TEXT        },
    {"difference_repeats", "różnica w komórkach", offsetof(struct finding_view, repeats),
     KIND_NUMBER                                                                                                   },
    {"suspect",            "najpierw sprawdź",      offsetof(struct finding_view, suspect),      KIND_TEXT        },
    {"contributors",       "składniki",             offsetof(struct finding_view, contributors), KIND_CONTRIBUTORS},
    {"fix",                "co zrobić",             offsetof(struct finding_view, fix),          KIND_TEXT        },
    {"basis",              "podstawa",               offsetof(struct finding_view, basis),        KIND_TEXT        },
    {"technical",          "szczegóły techniczne", offsetof(struct finding_view, technical),    KIND_TEXT        },
};

static const struct {
    const char *column;
    size_t      at;
} places[] = {
    {"plik",      offsetof(struct finding_place, file)   },
    {"formularz", offsetof(struct finding_place, form)   },
    {"okres",     offsetof(struct finding_place, period) },
    {"regon",     offsetof(struct finding_place, regon)  },
    {"jednostka", offsetof(struct finding_place, unit)   },
    {"wersja",    offsetof(struct finding_place, version)},
    {"wynik",     offsetof(struct finding_place, verdict)},
};

static struct str
text_at(const void *record, size_t at)
{
    struct str text;

    memcpy(&text, (const char *)record + at, sizeof text);
    return text;
}

static uint32_t
number_at(const void *record, size_t at)
{
    uint32_t number;

    memcpy(&number, (const char *)record + at, sizeof number);
    return number;
}

static const struct contributors *
contributors_at(const void *record, size_t at)
{
    const struct contributors *contributors;

    memcpy(&contributors, (const char *)record + at, sizeof(const void *));
    return contributors;
}

struct finding_view
finding_view_of(const struct told *told)
{
    const struct finding *finding = &told->finding;

    return (struct finding_view){.code = str_of(finding->code),
                                 .severity = str_of(severity_name(told->severity)),
                                 .title = told->title,
                                 .cell = finding->cell,
                                 .line = told->line,
                                 .column = told->column,
                                 .offset = finding->offset,
                                 .xpath = finding->xpath,
                                 .found = finding->found,
                                 .expected = finding->expected,
                                 .difference = finding->difference,
                                 .repeats = told->repeats,
                                 .suspect = finding->suspect,
                                 .fix = told->fix,
                                 .basis = told->entry->basis,
                                 .technical = finding->technical,
                                 .contributors = finding->contributors};
}

void
finding_view_members(struct json *json, const struct finding_view *view)
{
    for (size_t i = 0; i < ARRAY_COUNT(fields); i++) {
        json_key(json, fields[i].key);
        if (fields[i].kind == KIND_NUMBER) {
            json_number(json, number_at(view, fields[i].at));
        } else if (fields[i].kind == KIND_CONTRIBUTORS) {
            contributors_view_json(json, contributors_at(view, fields[i].at));
        } else {
            json_text_or_null(json, text_at(view, fields[i].at));
        }
    }
}

void
finding_view_json(struct json *json, const struct finding_view *view)
{
    json_object_begin(json);
    finding_view_members(json, view);
    json_object_end(json);
}

void
finding_view_csv_head(struct csv *csv)
{
    for (size_t i = 0; i < ARRAY_COUNT(places); i++) {
        csv_field(csv, str_of(places[i].column));
    }
    for (size_t i = 0; i < ARRAY_COUNT(fields); i++) {
        csv_field(csv, str_of(fields[i].column));
    }
}

void
finding_view_csv(struct csv *csv, const struct finding_place *place,
                 const struct finding_view *view)
{
    for (size_t i = 0; i < ARRAY_COUNT(places); i++) {
        csv_field(csv, text_at(place, places[i].at));
    }
    for (size_t i = 0; i < ARRAY_COUNT(fields); i++) {
        if (fields[i].kind == KIND_NUMBER) {
            csv_number(csv, number_at(view, fields[i].at));
        } else if (fields[i].kind == KIND_CONTRIBUTORS) {
            csv_field(csv,
                      contributors_view_text(csv->out->arena, contributors_at(view, fields[i].at)));
        } else {
            csv_field(csv, text_at(view, fields[i].at));
        }
    }
}

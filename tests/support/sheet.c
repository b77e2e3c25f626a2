#include "tests/support/sheet.h"

#include <string.h>

/* clang-format off */
#define SHEET(the_tag, the_stem, the_kind, the_year, the_quarter, the_rows) \
    {(the_tag), (the_stem), (the_kind), (the_year), (the_quarter), the_rows},
#define SHEET_FAULT(the_tag, the_name, the_line, what, instead)
static const struct sheet sheets[] = {
#include "tests/support/sheet.def"
};
#undef SHEET
#undef SHEET_FAULT

#define SHEET(the_tag, the_stem, the_kind, the_year, the_quarter, the_rows)
#define SHEET_FAULT(the_tag, the_name, the_line, what, instead) \
    {(the_tag), (the_name), (the_line), what, instead},
static const struct sheet_fault faults[] = {
#include "tests/support/sheet.def"
};
/* clang-format on */

size_t
sheet_count(void)
{
    return ARRAY_COUNT(sheets);
}

const struct sheet *
sheet_at(size_t index)
{
    ENSURE(index < ARRAY_COUNT(sheets));
    return &sheets[index];
}

const struct sheet *
sheet_find(const char *tag)
{
    for (size_t i = 0; i < ARRAY_COUNT(sheets); i++) {
        if (strcmp(sheets[i].tag, tag) == 0) {
            return &sheets[i];
        }
    }
    return NULL;
}

size_t
sheet_fault_count(void)
{
    return ARRAY_COUNT(faults);
}

const struct sheet_fault *
sheet_fault_at(size_t index)
{
    ENSURE(index < ARRAY_COUNT(faults));
    return &faults[index];
}

const struct sheet_fault *
sheet_fault_find(const char *tag, const char *name)
{
    for (size_t i = 0; i < ARRAY_COUNT(faults); i++) {
        if (strcmp(faults[i].tag, tag) == 0 && strcmp(faults[i].name, name) == 0) {
            return &faults[i];
        }
    }
    return NULL;
}

enum err
sheet_rows(struct arena *arena, const struct sheet *sheet, const struct sheet_fault *wrong,
           struct str *out, struct fault *fault)
{
    const char *at = wrong == NULL ? sheet->rows : strstr(sheet->rows, wrong->from);

    if (wrong == NULL) {
        *out = str_of(sheet->rows);
        return ERR_OK;
    }
    if (at == NULL) {
        return FAIL(fault, ERR_USAGE, "%s finds no place in %s", wrong->name, sheet->tag);
    }
    *out = str_format(arena, "%.*s%s%s", (int)(at - sheet->rows), sheet->rows, wrong->to,
                      at + strlen(wrong->from));
    return out->data == NULL ? FAIL(fault, ERR_MEMORY, "rows of %s", sheet->tag) : ERR_OK;
}

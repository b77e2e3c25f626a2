#include "validators/catalogue/form.h"

enum { CELL_TEXT_MAX = 1024 };

int
form_code_index(const struct form *form, struct str name)
{
    for (size_t i = 0; i < form->code_count; i++) {
        if (str_equal(form->codes[i].name, name)) {
            return (int)i;
        }
    }
    return -1;
}

int
form_amount_index(const struct form *form, struct str name)
{
    for (size_t i = 0; i < form->amount_count; i++) {
        if (str_equal(form->amounts[i].name, name)) {
            return (int)i;
        }
    }
    return -1;
}

bool
form_has_level(const struct form *form, struct str level)
{
    for (size_t i = 0; i < form->level_count; i++) {
        if (str_equal(form->levels[i], level)) {
            return true;
        }
    }
    return form->level_count == 0;
}

int
form_line_index(const struct form *form, struct str symbol)
{
    for (size_t i = 0; i < form->line_count; i++) {
        if (str_equal(form->lines[i].symbol, symbol)) {
            return (int)i;
        }
    }
    return -1;
}

static void
write_title(struct buf *out, const struct form *form, struct str name)
{
    int amount = form_amount_index(form, name);
    int code = form_code_index(form, name);

    if (amount >= 0 && form->amounts[amount].number.size > 0) {
        buf_format(out, "kol. %.*s %.*s", STR_ARG(form->amounts[amount].number),
                   STR_ARG(form->amounts[amount].title));
    } else if (amount >= 0) {
        buf_append(out, form->amounts[amount].title);
    } else if (code >= 0) {
        buf_append(out, form->codes[code].title);
    } else {
        buf_append(out, name);
    }
}

struct str
form_column_title(struct arena *arena, const struct form *form, struct str name)
{
    struct buf out = buf_create(arena, CELL_TEXT_MAX);

    write_title(&out, form, name);
    return buf_str(&out);
}

/* "§ 069"; of a line with its title: "wiersz A1 Dochody bieżące". */
static void
write_code(struct buf *out, const struct form *form, size_t code, struct str value)
{
    int line = form->line_count > 0 && code == form->line_code ? form_line_index(form, value) : -1;

    buf_format(out, "%.*s %.*s", STR_ARG(form->codes[code].label), STR_ARG(value));
    if (line >= 0) {
        buf_format(out, " %.*s", STR_ARG(form->lines[line].title));
    }
}

struct str
form_cell(struct arena *arena, const struct form *form, const struct str *values, struct str name)
{
    struct buf out = buf_create(arena, CELL_TEXT_MAX);

    for (size_t i = 0; i < form->code_count; i++) {
        if (values[i].size > 0) {
            buf_append(&out, out.size == 0 ? STR("") : STR(", "));
            write_code(&out, form, i, values[i]);
        }
    }
    if (name.size > 0) {
        buf_append(&out, out.size == 0 ? STR("") : STR(", "));
        write_title(&out, form, name);
    }
    return buf_str(&out);
}

#include "gateway/difference_view/difference_view.h"

#include <string.h>

static const char *const kind_names[] = {[DIFFERENCE_CHANGED] = "changed",
                                         [DIFFERENCE_ADDED] = "added",
                                         [DIFFERENCE_REMOVED] = "removed"};

static const char *const kind_words[] = {[DIFFERENCE_CHANGED] = "zmieniona",
                                         [DIFFERENCE_ADDED] = "dodana",
                                         [DIFFERENCE_REMOVED] = "usunięta"};

static const char unreadable[] = "?";

static struct str
amount_text(struct arena *arena, int64_t amount, int scale)
{
    struct buf text = buf_create(arena, AMOUNT_TEXT_MAX);

    amount_write(&text, amount, scale);
    return buf_str(&text);
}

/* Empty for what is absent. */
static struct str
amount_cell_text(struct arena *arena, enum cell_state state, int64_t amount, int scale)
{
    if (state == CELL_PRESENT) {
        return amount_text(arena, amount, scale);
    }
    return state == CELL_UNKNOWN ? str_of(unreadable) : (struct str){0};
}

static struct str
code_cell_text(const struct columns *columns, enum cell_state state, size_t code, size_t row)
{
    return state == CELL_UNKNOWN ? str_of(unreadable) : difference_code(columns, code, row);
}

/* A cell in words. */
struct words {
    struct str column;
    struct str title;
    struct str before;
    struct str after;
    struct str difference;
};

static struct words
words_of(struct arena *arena, const struct difference *it, const struct difference_row *row,
         const struct difference_cell *cell)
{
    const struct form *form = it->form;
    size_t             column = cell->column;
    struct words       words = {.column = cell->is_amount ? form->amounts[column].name
                                                          : form->codes[column].name};

    words.title = form_column_title(arena, form, words.column);
    if (!cell->is_amount) {
        words.before = code_cell_text(it->before, cell->before, column, row->before);
        words.after = code_cell_text(it->after, cell->after, column, row->after);
        return words;
    }
    int scale = form->amounts[column].scale;
    words.before = amount_cell_text(arena, cell->before, cell->before_amount, scale);
    words.after = amount_cell_text(arena, cell->after, cell->after_amount, scale);
    if (cell->known) {
        words.difference = amount_text(arena, cell->difference, scale);
    }
    return words;
}

static void
number(struct json *json, const char *key, size_t value)
{
    json_key(json, key);
    json_number(json, (int64_t)value);
}

/* A position from 1, as it stands in its file. */
static void
write_ordinal(struct json *json, const char *key, size_t row)
{
    json_key(json, key);
    if (row == DIFFERENCE_NO_ROW) {
        json_absent(json);
    } else {
        json_number(json, (int64_t)row + 1);
    }
}

static void
write_key(struct json *json, const struct difference *it, const struct difference_row *row)
{
    const struct columns *columns = row->before == DIFFERENCE_NO_ROW ? it->after : it->before;
    size_t                at = row->before == DIFFERENCE_NO_ROW ? row->after : row->before;

    json_key(json, "key");
    json_object_begin(json);
    for (size_t i = 0; i < it->form->code_count; i++) {
        if (it->form->codes[i].key) {
            json_member(json, it->form->codes[i].name.data, difference_code(columns, i, at));
        }
    }
    json_object_end(json);
}

static void
write_cell(struct json *json, const struct words *words)
{
    json_object_begin(json);
    json_member(json, "column", words->column);
    json_member(json, "title", words->title);
    json_member(json, "before", words->before);
    json_member(json, "after", words->after);
    json_member(json, "difference", words->difference);
    json_object_end(json);
}

static void
write_change(struct json *json, const struct difference *it, const struct difference_row *row)
{
    struct arena *arena = json->out->arena;

    json_object_begin(json);
    json_member(json, "kind", str_of(kind_names[row->kind]));
    json_member(json, "place", difference_place(arena, it, row));
    write_key(json, it, row);
    write_ordinal(json, "before_row", row->before);
    write_ordinal(json, "after_row", row->after);
    json_key(json, "cells");
    json_array_begin(json);
    for (size_t i = 0; i < row->cell_count; i++) {
        struct words words = words_of(arena, it, row, &row->cells[i]);
        write_cell(json, &words);
    }
    json_array_end(json);
    json_object_end(json);
}

static void
write_total(struct json *json, const struct difference *it, size_t slot)
{
    struct arena                  *arena = json->out->arena;
    const struct form_amount      *amount = &it->form->amounts[slot];
    const struct difference_total *total = &it->totals[slot];
    struct words                   words = {.column = amount->name,
                                            .title = form_column_title(arena, it->form, amount->name)};

    if (total->known) {
        words.before = amount_text(arena, total->before, amount->scale);
        words.after = amount_text(arena, total->after, amount->scale);
        words.difference = amount_text(arena, total->difference, amount->scale);
    }
    write_cell(json, &words);
}

void
difference_view_members(struct json *json, const struct difference *difference)
{
    json_key(json, "rows");
    json_object_begin(json);
    number(json, "before", difference->before->row_count);
    number(json, "after", difference->after->row_count);
    number(json, "same", difference->same);
    number(json, "changed", difference->changed);
    number(json, "added", difference->added);
    number(json, "removed", difference->removed);
    json_object_end(json);
    number(json, "not_listed", difference->not_listed);
    json_key(json, "changes");
    json_array_begin(json);
    for (size_t i = 0; i < difference->row_count; i++) {
        write_change(json, difference, &difference->rows[i]);
    }
    json_array_end(json);
    json_key(json, "totals");
    json_array_begin(json);
    for (size_t i = 0; i < difference->form->amount_count; i++) {
        write_total(json, difference, i);
    }
    json_array_end(json);
}

void
difference_view_csv_head(struct csv *csv)
{
    static const char *const names[] = {"formularz", "okres",   "regon",        "jednostka",
                                        "poziom",    "wariant", "wersja przed", "wersja po",
                                        "pozycja",   "gdzie",   "kolumna",      "tytuł",
                                        "było",      "jest",    "różnica"};

    for (size_t i = 0; i < ARRAY_COUNT(names); i++) {
        csv_field(csv, str_of(names[i]));
    }
    csv_row_end(csv);
}

/* Amounts are numbers of ours, never formulas: a minus sign at the beginning is one. */
static void
put_amount(struct csv *csv, const struct difference_cell *cell, struct str text)
{
    bool is_number = cell->is_amount && text.size > 0 && !str_equal(text, str_of(unreadable));

    if (is_number) {
        csv_decimal(csv, text);
    } else {
        csv_field(csv, text);
    }
}

static void
put_place(struct csv *csv, const struct difference_place *place, const struct difference *it,
          const struct difference_row *row)
{
    const struct str fields[] = {place->form,  place->period,  place->regon,  place->unit,
                                 place->level, place->variant, place->before, place->after};

    for (size_t i = 0; i < ARRAY_COUNT(fields); i++) {
        csv_field(csv, fields[i]);
    }
    csv_field(csv, str_of(kind_words[row->kind]));
    csv_field(csv, difference_place(csv->out->arena, it, row));
}

static void
put_cell(struct csv *csv, const struct difference *it, const struct difference_row *row,
         const struct difference_cell *cell)
{
    struct words words = words_of(csv->out->arena, it, row, cell);

    csv_field(csv, words.column);
    csv_field(csv, words.title);
    put_amount(csv, cell, words.before);
    put_amount(csv, cell, words.after);
    put_amount(csv, cell, words.difference);
    csv_row_end(csv);
}

void
difference_view_csv(struct csv *csv, const struct difference_place *place,
                    const struct difference *difference)
{
    static const struct difference_cell none = {0};

    for (size_t i = 0; i < difference->row_count; i++) {
        const struct difference_row *row = &difference->rows[i];
        for (size_t j = 0; j < row->cell_count; j++) {
            put_place(csv, place, difference, row);
            put_cell(csv, difference, row, &row->cells[j]);
        }
        if (row->cell_count == 0) {
            put_place(csv, place, difference, row);
            for (size_t k = 0; k < 5; k++) {
                put_amount(csv, &none, (struct str){0});
            }
            csv_row_end(csv);
        }
    }
}

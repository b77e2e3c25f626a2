#include "gateway/admin/published.h"

#include "validators/base/amount.h"

#include <string.h>

enum { AMOUNT_TEXT = 64, CHANGES_SHOWN = 200 };

enum err
published_period(const struct admin *admin, const struct catalogue *catalogue, struct period *out,
                 struct fault *fault)
{
    struct str text = admin->options.values[OPTION_PERIOD];
    struct str rest = text;
    struct str year = {0};

    if (!str_cut(&rest, '-', &year) || rest.size != 2 || rest.data[0] != 'Q'
        || !catalogue_period(catalogue, year, STR("Kwartal"), str_slice(rest, 1, 1), out)) {
        return FAIL(fault, ERR_USAGE, "--period: „%.*s” to nie jest okres w postaci 2026-Q2",
                    STR_ARG(str_slice(text, 0, 40)));
    }
    return ERR_OK;
}

/* "1234,50" and "1234.50"; nothing else that a spreadsheet may write. */
static bool
read_amount(struct str text, int64_t *out)
{
    char copy[AMOUNT_TEXT];

    if (text.size >= sizeof copy) {
        return false;
    }
    memcpy(copy, text.data, text.size);
    for (size_t i = 0; i < text.size; i++) {
        if (copy[i] == ',') {
            copy[i] = '.';
        }
    }
    return amount_parse((struct str){copy, text.size}, 2, out) == AMOUNT_OK;
}

enum err
published_amount(struct str text, int64_t *out, struct fault *fault)
{
    return read_amount(text, out)
               ? ERR_OK
               : FAIL(fault, ERR_SYNTAX, "„%.*s” to nie jest kwota w postaci 1234,50",
                      STR_ARG(str_slice(text, 0, 40)));
}

enum err
published_begin(struct admin *admin, struct definitions *definitions, struct period *period,
                struct fault *fault)
{
    TRY(admin_options_need(&admin->options, OPTION_PERIOD, fault));
    TRY(admin_options_need(&admin->options, OPTION_BY, fault));
    TRY(admin_options_need(&admin->options, OPTION_BASIS, fault));
    TRY(admin_definitions(admin, definitions, fault));
    return published_period(admin, definitions->catalogue, period, fault);
}

static enum err
add_row(struct arena *arena, struct published *published, struct control_row **out,
        struct fault *fault)
{
    struct control_row *rows =
        arena_reserve(arena, published->rows, published->count, &published->capacity, sizeof *rows);

    if (rows == NULL) {
        return FAIL(fault, ERR_MEMORY, "%zu amounts", published->count);
    }
    published->rows = rows;
    *out = &rows[published->count++];
    **out = (struct control_row){0};
    return ERR_OK;
}

enum err
published_read(struct admin *admin, const struct published_file *file, struct published *out,
               struct fault *fault)
{
    struct csv_reader   reader = {0};
    struct control_row *row = NULL;
    struct str          text = {0};
    struct fault        why = {0};
    struct str         *fields = ARENA_NEW(admin->arena, struct str, file->column_count);

    if (fields == NULL) {
        return FAIL(fault, ERR_MEMORY, "%zu columns", file->column_count);
    }
    TRY(admin_file(admin, &text, fault));
    TRY(csv_reader_open(admin->arena, text, file->columns, file->column_count, &reader, fault));
    while (!csv_reader_ended(&reader)) {
        size_t line = reader.line;
        TRY(csv_reader_row(&reader, admin->arena, fields, fault));
        TRY(add_row(admin->arena, out, &row, fault));
        enum err got = file->read_row(admin->arena, file->about, fields, row, &why);
        if (got != ERR_OK) {
            return FAIL(fault, got, "wiersz %zu: %s; nie wczytano niczego", line, why.text);
        }
    }
    return ERR_OK;
}

static void
print_amount(struct admin *admin, bool stands, int64_t amount, bool last)
{
    struct buf text = buf_create(admin->arena, AMOUNT_TEXT);

    if (stands) {
        amount_write(&text, amount, 2);
    }
    admin_print(admin, stands ? buf_str(&text) : STR("-"), last);
}

static void
print_changes(struct admin *admin, const struct published *published,
              const struct control_changes *list)
{
    const struct control_change *changes = list->items;
    size_t                       count = list->count;

    size_t added = 0;
    size_t gone = 0;

    buf_append(&admin->out, published->kind == CONTROL_PLANNED
                                ? STR("regon\tformularz\tpozycja\tbyło\tjest\n")
                                : STR("regon\tpozycja\tbyło\tjest\n"));
    for (size_t i = 0; i < count; i++) {
        added += changes[i].has_before ? 0 : 1;
        gone += changes[i].has_after ? 0 : 1;
        if (i < CHANGES_SHOWN) {
            admin_print(admin, changes[i].regon, false);
            if (published->kind == CONTROL_PLANNED) {
                admin_print(admin, changes[i].form, false);
            }
            admin_print(admin, changes[i].key, false);
            print_amount(admin, changes[i].has_before, changes[i].before, false);
            print_amount(admin, changes[i].has_after, changes[i].after, true);
        }
    }
    if (count > CHANGES_SHOWN) {
        buf_format(&admin->out, "(i jeszcze %zu)\n", count - CHANGES_SHOWN);
    }
    buf_format(&admin->out, "Dopisane: %zu, usunięte: %zu, zmienione: %zu\n", added, gone,
               count - added - gone);
}

static enum err
load(struct admin *admin, const struct control_list *list, struct fault *fault)
{
    const struct control_ground ground = {.by = admin->options.values[OPTION_BY],
                                          .basis = admin->options.values[OPTION_BASIS],
                                          .level = STR("zbiorcze")};
    int64_t                     edition = 0;

    if (admin->options.values[OPTION_DRY_RUN].data != NULL) {
        admin->end = ADMIN_LOOK;
        buf_append(&admin->out, STR("To była próba: nie wczytano niczego\n"));
        return ERR_OK;
    }
    TRY(control_load(admin->store, admin->arena, list, &ground, &edition, fault));
    buf_format(&admin->out, "Wczytano %zu kwot jako wydanie %lld\n", list->count,
               (long long)edition);
    return ERR_OK;
}

enum err
published_enter(struct admin *admin, const struct published *published, struct fault *fault)
{
    struct control_changes    changes = {0};
    const struct control_list whole = {.kind = published->kind,
                                       .end = published->period->end,
                                       .type = published->period->type->name,
                                       .rows = published->rows,
                                       .count = published->count};

    TRY(control_compare(admin->store, admin->arena, &whole, &changes, fault));
    print_changes(admin, published, &changes);
    if (changes.count == 0) {
        buf_append(&admin->out, STR("Taka sama lista już obowiązuje; nie wczytano niczego\n"));
        return ERR_OK;
    }
    return load(admin, &whole, fault);
}

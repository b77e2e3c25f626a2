#include "gateway/admin/admin.h"
#include "gateway/answer/csv_reader.h"
#include "gateway/definitions/definitions.h"
#include "gateway/reference/control.h"
#include "gateway/reference/plausibility.h"
#include "validators/base/amount.h"

#include <string.h>

enum { REGON, CHAPTER, PARAGRAPH, AMOUNT, FIELDS };

enum { AMOUNT_TEXT = 64, CHANGES_SHOWN = 200 };

static const char *const columns[FIELDS] = {"regon", "rozdzial", "paragraf", "kwota"};

/* What a list may speak of, and when. */
#define POSITIONS STR("kwoty-kontrolne")

/* "2026-Q2" as the catalogue knows it: only quarters are held against figures. */
static enum err
read_period(const struct admin *admin, const struct catalogue *catalogue, struct period *out,
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

/* The quarter that has ended last: its reports are coming in. */
static enum err
last_period(struct admin *admin, const struct catalogue *catalogue, struct period *out,
            struct fault *fault)
{
    struct date today = {0};

    TRY(admin_today(admin, &today, fault));
    int        quarter = (today.month - 1) / 3;
    struct str year = str_format(admin->arena, "%d", quarter == 0 ? today.year - 1 : today.year);
    struct str number = str_format(admin->arena, "%d", quarter == 0 ? 4 : quarter);
    return catalogue_period(catalogue, year, STR("Kwartal"), number, out)
               ? ERR_OK
               : FAIL(fault, ERR_USAGE, "there is no quarter before %d-%d", today.year,
                      today.month);
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

static enum err
read_row(struct admin *admin, const struct str *fields, const struct dictionary *positions,
         struct date on, struct control_row *out, struct fault *fault)
{
    bool       chapter = fields[CHAPTER].size > 0;
    struct str key = chapter ? str_format(admin->arena, "%.*s %.*s", STR_ARG(fields[CHAPTER]),
                                          STR_ARG(fields[PARAGRAPH]))
                             : fields[PARAGRAPH];

    if (key.data == NULL) {
        return FAIL(fault, ERR_MEMORY, "a row of a list");
    }
    if (dictionary_find(positions, key, on) == NULL) {
        return FAIL(fault, ERR_SYNTAX,
                    "„%.*s” nie ma w słowniku kwot kontrolnych na ostatni dzień okresu",
                    STR_ARG(str_slice(key, 0, 40)));
    }
    if (!read_amount(fields[AMOUNT], &out->amount)) {
        return FAIL(fault, ERR_SYNTAX, "„%.*s” to nie jest kwota w postaci 1234,50",
                    STR_ARG(str_slice(fields[AMOUNT], 0, 40)));
    }
    out->regon = fields[REGON];
    out->by = chapter ? STR("Rozdzial Paragraf") : STR("Paragraf");
    out->key = key;
    return ERR_OK;
}

struct list {
    struct control_row *rows;
    size_t              count;
    size_t              capacity;
};

/* The first line that cannot be read stops all. */
static enum err
read_list(struct admin *admin, const struct dictionary *positions, struct date on, struct list *out,
          struct fault *fault)
{
    struct csv_reader reader = {0};
    struct str        text = {0};

    TRY(admin_file(admin, &text, fault));
    TRY(csv_reader_open(admin->arena, text, columns, FIELDS, &reader, fault));
    while (!csv_reader_ended(&reader)) {
        struct str   fields[FIELDS] = {{0}};
        size_t       line = reader.line;
        struct fault of_row = {0};
        TRY(csv_reader_row(&reader, admin->arena, fields, fault));
        struct control_row *rows =
            arena_reserve(admin->arena, out->rows, out->count, &out->capacity, sizeof *rows);
        if (rows == NULL) {
            return FAIL(fault, ERR_MEMORY, "%zu amounts", out->count);
        }
        out->rows = rows;
        enum err got = read_row(admin, fields, positions, on, &rows[out->count], &of_row);
        if (got != ERR_OK) {
            return FAIL(fault, got, "wiersz %zu: %s; nie wczytano niczego", line, of_row.text);
        }
        out->count++;
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
print_changes(struct admin *admin, const struct control_changes *list)
{
    const struct control_change *changes = list->items;
    size_t                       count = list->count;

    size_t added = 0;
    size_t gone = 0;

    buf_append(&admin->out, STR("regon\tpozycja\tbyło\tjest\n"));
    for (size_t i = 0; i < count; i++) {
        added += changes[i].has_before ? 0 : 1;
        gone += changes[i].has_after ? 0 : 1;
        if (i < CHANGES_SHOWN) {
            admin_print(admin, changes[i].regon, false);
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
                                          .form = STR("RB27S"),
                                          .level = STR("zbiorcze"),
                                          .field = STR("DW")};
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
figure_task_control(struct admin *admin, struct fault *fault)
{
    struct definitions     definitions = {0};
    struct period          period = {0};
    struct list            list = {0};
    struct control_changes changes = {0};

    TRY(admin_options_need(&admin->options, OPTION_PERIOD, fault));
    TRY(admin_options_need(&admin->options, OPTION_BY, fault));
    TRY(admin_options_need(&admin->options, OPTION_BASIS, fault));
    TRY(definitions_load(admin->arena, NULL, &definitions, fault));
    const struct dictionary *positions = catalogue_dictionary(definitions.catalogue, POSITIONS);
    if (positions == NULL) {
        return FAIL(fault, ERR_CATALOGUE, "there is no dictionary %.*s", STR_ARG(POSITIONS));
    }
    TRY(read_period(admin, definitions.catalogue, &period, fault));
    ENSURE(period.type != NULL);
    TRY(read_list(admin, positions, period.end, &list, fault));
    const struct control_list whole = {
        .end = period.end, .type = period.type->name, .rows = list.rows, .count = list.count};
    TRY(control_compare(admin->store, admin->arena, &whole, &changes, fault));
    print_changes(admin, &changes);
    if (changes.count == 0) {
        buf_append(&admin->out, STR("Taka sama lista już obowiązuje; nie wczytano niczego\n"));
        return ERR_OK;
    }
    return load(admin, &whole, fault);
}

enum err
figure_task_plausibility(struct admin *admin, struct fault *fault)
{
    struct definitions         definitions = {0};
    struct period              period = {0};
    struct plausibility_counts counts = {0};
    struct str                 by = admin->options.values[OPTION_BY];

    TRY(definitions_load(admin->arena, NULL, &definitions, fault));
    TRY(admin->options.values[OPTION_PERIOD].data == NULL
            ? last_period(admin, definitions.catalogue, &period, fault)
            : read_period(admin, definitions.catalogue, &period, fault));
    const struct plausibility_wish wish = {.catalogue = definitions.catalogue,
                                           .period = &period,
                                           .by = by.data == NULL ? STR("brama admin") : by};
    TRY(plausibility_make(admin->store, admin->arena, &wish, &counts, fault));
    buf_format(&admin->out, "kwoty jednostek\t%lld\nkwoty rodzajów jednostek\t%lld\n",
               (long long)counts.units, (long long)counts.peers);
    if (!counts.is_new || admin->options.values[OPTION_DRY_RUN].data != NULL) {
        admin->end = ADMIN_LOOK;
        buf_append(&admin->out, counts.is_new
                                    ? STR("To była próba: nie zapisano niczego\n")
                                    : STR("Takie samo wydanie już obowiązuje; nie zapisano "
                                          "niczego\n"));
        return ERR_OK;
    }
    buf_format(&admin->out, "Zapisano jako wydanie %lld\n", (long long)counts.edition);
    return ERR_OK;
}

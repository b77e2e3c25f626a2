#include "gateway/admin/unit_csv.h"

#include "gateway/answer/csv.h"
#include "gateway/answer/csv_reader.h"

enum { FIELDS = 15, DAY_MAX = 16 };

enum { REGON, NIP, WK, PK, GK, GT, PT, TYPE, KIND, NAME, PARENT, FROM, TO, JOP, OFFICES };

static const char *const columns[FIELDS] = {"regon",     "nip", "wk",  "pk",     "gk",
                                            "gt",        "pt",  "typ", "rodzaj", "nazwa",
                                            "nadrzedna", "od",  "do",  "jop",    "odbiorcy"};

static void
fill(const struct str *fields, struct unit_import_row *row)
{
    row->unit = (struct registry_unit){.regon = fields[REGON],
                                       .nip = fields[NIP],
                                       .wk = fields[WK],
                                       .pk = fields[PK],
                                       .gk = fields[GK],
                                       .gt = fields[GT],
                                       .pt = fields[PT],
                                       .type = fields[TYPE],
                                       .kind = fields[KIND],
                                       .name = fields[NAME],
                                       .jop = fields[JOP]};
    row->parent = fields[PARENT];
    row->offices = fields[OFFICES];
}

/* One line, and *reader behind it. ERR_SYNTAX: *row is what could be read of it. */
static enum err
take_row(struct csv_reader *reader, struct arena *arena, struct unit_import_row *row,
         struct fault *fault)
{
    const struct csv_reader begin = *reader;
    struct str              fields[FIELDS];

    for (size_t i = 0; i < FIELDS; i++) {
        fields[i] = STR("");
    }
    *row = (struct unit_import_row){.line = begin.line};
    enum err got = csv_reader_row(reader, arena, fields, fault);
    if (got == ERR_SYNTAX) {
        csv_reader_skip(reader, &begin);
    }
    fill(fields, row);
    TRY(got);
    TRY(csv_reader_day(fields[FROM], begin.line, &row->unit.valid_from, fault));
    return csv_reader_day(fields[TO], begin.line, &row->unit.valid_to, fault);
}

/* Behind "wiersz 3: ", which stands beside the row anyway. */
static struct str
cause_of(struct arena *arena, const struct fault *fault)
{
    struct str rest = str_of(fault->text);
    struct str line = {0};

    (void)str_cut(&rest, ':', &line);
    return str_copy(arena, str_trim(rest));
}

enum err
unit_csv_read(struct arena *arena, struct str text, struct unit_import_row **out, size_t *count,
              struct fault *fault)
{
    struct csv_reader       reader = {0};
    struct unit_import_row *rows = NULL;
    size_t                  capacity = 0;
    size_t                  filled = 0;

    TRY(csv_reader_open(arena, text, columns, FIELDS, &reader, fault));
    while (!csv_reader_ended(&reader)) {
        struct fault            of_row = {0};
        struct unit_import_row *grown = arena_reserve(arena, rows, filled, &capacity, sizeof *rows);
        if (grown == NULL) {
            return FAIL(fault, ERR_MEMORY, "więcej niż %zu jednostek naraz", filled);
        }
        rows = grown;
        enum err got = take_row(&reader, arena, &rows[filled], &of_row);
        if (got == ERR_SYNTAX) {
            rows[filled].cause = cause_of(arena, &of_row);
        }
        if (got != ERR_OK && rows[filled].cause.data == NULL) {
            return FAIL(fault, ERR_MEMORY, "wiersz %zu", rows[filled].line);
        }
        filled++;
    }
    *out = rows;
    *count = filled;
    return ERR_OK;
}

static struct str
day_text(struct arena *arena, struct date day)
{
    struct buf text = buf_create(arena, DAY_MAX);

    if (day.year == 0) {
        return STR("");
    }
    date_write(&text, day);
    return buf_str(&text);
}

/* As csv_field; what looks guarded already gets one apostrophe more, so that a reader's one less
 * gives the text back. */
static void
write_field(struct csv *csv, struct arena *arena, struct str text)
{
    bool looks_guarded = csv_reader_text(text).size != text.size;

    csv_field(csv, looks_guarded ? str_format(arena, "'%.*s", STR_ARG(text)) : text);
}

void
unit_csv_write(struct arena *arena, const struct unit_import_row *rows, size_t count,
               struct buf *out)
{
    struct csv csv = csv_create(out);

    for (size_t i = 0; i < FIELDS; i++) {
        csv_field(&csv, str_of(columns[i]));
    }
    csv_row_end(&csv);
    for (size_t i = 0; i < count; i++) {
        const struct registry_unit *unit = &rows[i].unit;
        const struct str            fields[FIELDS] = {
                       [REGON] = unit->regon,
                       [NIP] = unit->nip,
                       [WK] = unit->wk,
                       [PK] = unit->pk,
                       [GK] = unit->gk,
                       [GT] = unit->gt,
                       [PT] = unit->pt,
                       [TYPE] = unit->type,
                       [KIND] = unit->kind,
                       [NAME] = unit->name,
                       [PARENT] = rows[i].parent,
                       [FROM] = day_text(arena, unit->valid_from),
                       [TO] = day_text(arena, unit->valid_to),
                       [JOP] = unit->jop,
                       [OFFICES] = rows[i].offices,
        };
        for (size_t field = 0; field < FIELDS; field++) {
            write_field(&csv, arena, fields[field]);
        }
        csv_row_end(&csv);
    }
}

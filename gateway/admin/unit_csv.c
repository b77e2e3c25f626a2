#include "gateway/admin/unit_csv.h"

#include "gateway/answer/csv.h"
#include "gateway/answer/csv_reader.h"

enum { FIELDS = 15, DAY_MAX = 16 };

enum { REGON, NIP, WK, PK, GK, GT, PT, TYPE, KIND, NAME, PARENT, FROM, TO, JOP, OFFICES };

static const char *const columns[FIELDS] = {"regon",     "nip", "wk",  "pk",     "gk",
                                            "gt",        "pt",  "typ", "rodzaj", "nazwa",
                                            "nadrzedna", "od",  "do",  "jop",    "odbiorcy"};

static enum err
read_row(const struct str *fields, size_t line, struct unit_import_row *row, struct fault *fault)
{
    *row = (struct unit_import_row){
        .unit = {.regon = fields[REGON],
                 .nip = fields[NIP],
                 .wk = fields[WK],
                 .pk = fields[PK],
                 .gk = fields[GK],
                 .gt = fields[GT],
                 .pt = fields[PT],
                 .type = fields[TYPE],
                 .kind = fields[KIND],
                 .name = fields[NAME],
                 .jop = fields[JOP]},
        .parent = fields[PARENT],
        .offices = fields[OFFICES],
        .line = line,
    };
    TRY(csv_reader_day(fields[FROM], line, &row->unit.valid_from, fault));
    return csv_reader_day(fields[TO], line, &row->unit.valid_to, fault);
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
        struct str fields[FIELDS] = {{0}};
        size_t     line = reader.line;
        TRY(csv_reader_row(&reader, arena, fields, fault));
        struct unit_import_row *grown = arena_reserve(arena, rows, filled, &capacity, sizeof *rows);
        if (grown == NULL) {
            return FAIL(fault, ERR_MEMORY, "więcej niż %zu jednostek naraz", filled);
        }
        rows = grown;
        TRY(read_row(fields, line, &rows[filled], fault));
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

#include "gateway/admin/unit_csv.h"

#include "gateway/answer/csv.h"

#include <string.h>

enum { FIELDS = 15, FIELD_MAX = 4096, DAY_MAX = 16 };

enum { REGON, NIP, WK, PK, GK, GT, PT, TYPE, KIND, NAME, PARENT, FROM, TO, JOP, OFFICES };

static const char *const columns[FIELDS] = {"regon",     "nip", "wk",  "pk",     "gk",
                                            "gt",        "pt",  "typ", "rodzaj", "nazwa",
                                            "nadrzedna", "od",  "do",  "jop",    "odbiorcy"};

/* OWASP, CSV injection: what makes a spreadsheet compute instead of show (gateway/answer/csv.h). */
#define FORMULA_SIGNS "=+-@\t\r"

/* A reading position; it never moves past text.size. */
struct cursor {
    struct str text;
    size_t     at;
    size_t     line;
};

static int
peek(const struct cursor *cursor)
{
    return cursor->at < cursor->text.size ? (unsigned char)cursor->text.data[cursor->at] : -1;
}

static bool
at_field_end(const struct cursor *cursor)
{
    int next = peek(cursor);

    return next < 0 || next == ';' || next == '\n' || next == '\r';
}

/* Behind the first quote: up to the closing one; two quotes are one. */
static bool
take_quoted(struct cursor *cursor, struct arena *arena, struct str *out)
{
    struct buf field = buf_create(arena, FIELD_MAX + 1);

    for (;;) {
        int next = peek(cursor);
        if (next < 0) {
            return false;
        }
        cursor->at++;
        cursor->line += next == '\n';
        if (next == '"' && peek(cursor) != '"') {
            *out = buf_str(&field);
            return at_field_end(cursor) && !(field.full && field.size <= FIELD_MAX);
        }
        cursor->at += next == '"';
        buf_byte(&field, (char)next);
    }
}

/* A spreadsheet is kept from computing by an apostrophe before the sign; it is no part of the text.
 */
static struct str
without_apostrophe(struct str text)
{
    size_t count = 0;

    while (count < text.size && text.data[count] == '\'') {
        count++;
    }
    bool guarded = count > 0 && count < text.size
                   && memchr(FORMULA_SIGNS, text.data[count], sizeof FORMULA_SIGNS - 1) != NULL;
    return guarded ? str_slice(text, 1, text.size - 1) : text;
}

static enum err
take_field(struct cursor *cursor, struct arena *arena, struct str *out, struct fault *fault)
{
    struct str field = {0};
    bool       whole = true;

    if (peek(cursor) == '"') {
        cursor->at++;
        whole = take_quoted(cursor, arena, &field);
    } else {
        size_t from = cursor->at;
        while (!at_field_end(cursor)) {
            cursor->at++;
        }
        field = str_slice(cursor->text, from, cursor->at - from);
    }
    if (!whole) {
        return FAIL(fault, ERR_SYNTAX,
                    "wiersz %zu: cudzysłów nie jest zamknięty tam, gdzie kończy "
                    "się pole",
                    cursor->line);
    }
    if (field.size > FIELD_MAX) {
        return FAIL(fault, ERR_SYNTAX, "wiersz %zu: pole jest dłuższe niż %d bajtów", cursor->line,
                    FIELD_MAX);
    }
    *out = without_apostrophe(str_trim(field));
    return ERR_OK;
}

/* One line with exactly FIELDS fields. */
static enum err
take_row(struct cursor *cursor, struct arena *arena, struct str *fields, struct fault *fault)
{
    size_t line = cursor->line;

    for (size_t i = 0; i < FIELDS; i++) {
        TRY(take_field(cursor, arena, &fields[i], fault));
        bool last = i + 1 == FIELDS;
        if (last == (peek(cursor) == ';')) {
            return FAIL(fault, ERR_SYNTAX, "wiersz %zu: ma mieć %d pól rozdzielonych średnikami",
                        line, FIELDS);
        }
        cursor->at += !last;
    }
    cursor->at += peek(cursor) == '\r';
    cursor->at += peek(cursor) == '\n';
    cursor->line++;
    return ERR_OK;
}

static enum err
read_day(struct str text, size_t line, struct date *out, struct fault *fault)
{
    if (text.size > 0 && !date_parse(text, out)) {
        return FAIL(fault, ERR_SYNTAX, "wiersz %zu: „%.*s” to nie jest dzień w postaci RRRR-MM-DD",
                    line, STR_ARG(str_slice(text, 0, 40)));
    }
    return ERR_OK;
}

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
    TRY(read_day(fields[FROM], line, &row->unit.valid_from, fault));
    return read_day(fields[TO], line, &row->unit.valid_to, fault);
}

static enum err
take_head(struct cursor *cursor, struct arena *arena, struct fault *fault)
{
    struct str fields[FIELDS] = {{0}};

    TRY(take_row(cursor, arena, fields, fault));
    for (size_t i = 0; i < FIELDS; i++) {
        if (!str_equal(fields[i], str_of(columns[i]))) {
            return FAIL(fault, ERR_SYNTAX, "wiersz 1: kolumna %zu ma mieć nazwę „%s”", i + 1,
                        columns[i]);
        }
    }
    return ERR_OK;
}

enum err
unit_csv_read(struct arena *arena, struct str text, struct unit_import_row **out, size_t *count,
              struct fault *fault)
{
    struct str              mark = STR("\xEF\xBB\xBF");
    struct cursor           cursor = {text, str_starts_with(text, mark) ? mark.size : 0, 1};
    struct unit_import_row *rows = NULL;
    size_t                  capacity = 0;
    size_t                  filled = 0;

    if (!str_is_utf8(text)) {
        return FAIL(fault, ERR_SYNTAX, "plik nie jest zapisany w UTF-8");
    }
    TRY(take_head(&cursor, arena, fault));
    while (peek(&cursor) >= 0) {
        struct str fields[FIELDS] = {{0}};
        size_t     line = cursor.line;
        TRY(take_row(&cursor, arena, fields, fault));
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
    bool looks_guarded = without_apostrophe(text).size != text.size;

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

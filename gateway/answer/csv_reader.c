#include "gateway/answer/csv_reader.h"

#include <string.h>

enum { FIELD_MAX = 4096 };

/* OWASP, CSV injection: what makes a spreadsheet compute instead of show (gateway/answer/csv.h). */
#define FORMULA_SIGNS "=+-@\t\r"

static int
peek(const struct csv_reader *reader)
{
    return reader->at < reader->text.size ? (unsigned char)reader->text.data[reader->at] : -1;
}

static bool
at_field_end(const struct csv_reader *reader)
{
    int next = peek(reader);

    return next < 0 || next == ';' || next == '\n' || next == '\r';
}

/* Behind the first quote: up to the closing one; two quotes are one. */
static bool
take_quoted(struct csv_reader *reader, struct arena *arena, struct str *out)
{
    struct buf field = buf_create(arena, FIELD_MAX + 1);

    for (;;) {
        int next = peek(reader);
        if (next < 0) {
            return false;
        }
        reader->at++;
        reader->line += next == '\n';
        if (next == '"' && peek(reader) != '"') {
            *out = buf_str(&field);
            return at_field_end(reader) && !(field.full && field.size <= FIELD_MAX);
        }
        reader->at += next == '"';
        buf_byte(&field, (char)next);
    }
}

/* A spreadsheet is kept from computing by an apostrophe before the sign; it is no part of the text.
 */
struct str
csv_reader_text(struct str text)
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
take_field(struct csv_reader *reader, struct arena *arena, struct str *out, struct fault *fault)
{
    struct str field = {0};
    bool       whole = true;

    if (peek(reader) == '"') {
        reader->at++;
        whole = take_quoted(reader, arena, &field);
    } else {
        size_t from = reader->at;
        while (!at_field_end(reader)) {
            reader->at++;
        }
        field = str_slice(reader->text, from, reader->at - from);
    }
    if (!whole) {
        return FAIL(fault, ERR_SYNTAX,
                    "wiersz %zu: cudzysłów nie jest zamknięty tam, gdzie kończy "
                    "się pole",
                    reader->line);
    }
    if (field.size > FIELD_MAX) {
        return FAIL(fault, ERR_SYNTAX, "wiersz %zu: pole jest dłuższe niż %d bajtów", reader->line,
                    FIELD_MAX);
    }
    *out = csv_reader_text(str_trim(field));
    return ERR_OK;
}

enum err
csv_reader_row(struct csv_reader *reader, struct arena *arena, struct str *fields,
               struct fault *fault)
{
    size_t line = reader->line;

    for (size_t i = 0; i < reader->field_count; i++) {
        TRY(take_field(reader, arena, &fields[i], fault));
        bool last = i + 1 == reader->field_count;
        if (last == (peek(reader) == ';')) {
            return FAIL(fault, ERR_SYNTAX, "wiersz %zu: ma mieć %zu pól rozdzielonych średnikami",
                        line, reader->field_count);
        }
        reader->at += !last;
    }
    reader->at += peek(reader) == '\r';
    reader->at += peek(reader) == '\n';
    reader->line++;
    return ERR_OK;
}

void
csv_reader_skip(struct csv_reader *reader, const struct csv_reader *row)
{
    const char *end = memchr(row->text.data + row->at, '\n', row->text.size - row->at);

    *reader = *row;
    reader->at = end == NULL ? row->text.size : (size_t)(end - row->text.data) + 1;
    reader->line++;
}

bool
csv_reader_ended(const struct csv_reader *reader)
{
    return reader->at >= reader->end;
}

/* The first line, of so many columns. */
static enum err
begin(struct arena *arena, struct str text, size_t count, struct str *fields,
      struct csv_reader *out, struct fault *fault)
{
    struct str mark = STR("\xEF\xBB\xBF");

    size_t     at = str_starts_with(text, mark) ? mark.size : 0;
    struct str rows = str_trim(str_slice(text, at, text.size));

    *out = (struct csv_reader){.text = text, .at = at, .line = 1, .field_count = count};
    if (!str_is_utf8(text)) {
        return FAIL(fault, ERR_SYNTAX,
                    "plik nie jest zapisany w UTF-8; w arkuszu wybierz „Zapisz jako” i typ "
                    "„CSV UTF-8”");
    }
    if (rows.size == 0) {
        return FAIL(fault, ERR_SYNTAX, "plik jest pusty; pierwszy wiersz ma nazwać kolumny");
    }
    out->end = (size_t)(rows.data - text.data) + rows.size;
    return csv_reader_row(out, arena, fields, fault);
}

enum err
csv_reader_open(struct arena *arena, struct str text, const char *const *columns, size_t count,
                struct csv_reader *out, struct fault *fault)
{
    struct str fields[CSV_READER_FIELDS_MAX] = {{0}};

    ENSURE(count <= CSV_READER_FIELDS_MAX);
    TRY(begin(arena, text, count, fields, out, fault));
    for (size_t i = 0; i < count; i++) {
        if (!str_equal(fields[i], str_of(columns[i]))) {
            return FAIL(fault, ERR_SYNTAX, "wiersz 1: kolumna %zu ma mieć nazwę „%s”", i + 1,
                        columns[i]);
        }
    }
    return ERR_OK;
}

/* Fields of the first line; names of columns hold no separator. */
static size_t
count_columns(struct str text)
{
    struct str rest = text;
    struct str head = {0};
    struct str piece = {0};
    size_t     count = 0;

    (void)str_cut(&rest, '\n', &head); /* of an empty text nothing is cut off */
    while (str_cut(&head, ';', &piece)) {
        count++;
    }
    return count;
}

static bool
find_column(const struct str *fields, size_t count, struct str wanted, size_t *out)
{
    for (size_t i = 0; i < count; i++) {
        if (str_equal(fields[i], wanted)) {
            *out = i;
            return true;
        }
    }
    return false;
}

enum err
csv_reader_open_any(struct arena *arena, struct str text, const struct csv_columns *columns,
                    struct csv_reader *out, struct fault *fault)
{
    struct str fields[CSV_READER_FIELDS_MAX] = {{0}};
    size_t     count = count_columns(text);

    if (count > CSV_READER_FIELDS_MAX) {
        return FAIL(fault, ERR_SYNTAX, "wiersz 1: plik ma więcej niż %d kolumny",
                    CSV_READER_FIELDS_MAX);
    }
    TRY(begin(arena, text, count, fields, out, fault));
    for (size_t i = 0; i < columns->count; i++) {
        if (!find_column(fields, count, str_of(columns->names[i]), &columns->places[i])) {
            return FAIL(fault, ERR_SYNTAX,
                        "wiersz 1: brakuje kolumny „%s”; kolumny rozdziela średnik",
                        columns->names[i]);
        }
    }
    return ERR_OK;
}

enum err
csv_reader_day(struct str text, size_t line, struct date *out, struct fault *fault)
{
    if (text.size > 0 && !date_parse(text, out)) {
        return FAIL(fault, ERR_SYNTAX, "wiersz %zu: „%.*s” to nie jest dzień w postaci RRRR-MM-DD",
                    line, STR_ARG(str_slice(text, 0, 40)));
    }
    return ERR_OK;
}

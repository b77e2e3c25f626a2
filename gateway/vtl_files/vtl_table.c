#include "gateway/vtl_files/vtl_table.h"

#include "validators/base/buf.h"

#include <string.h>

enum { COLUMNS_MAX = 1024 };

/* A reading position; it never moves past text.size. */
struct reader {
    struct arena       *arena;
    struct str          text;
    size_t              at;
    uint32_t            line;
    struct str         *cells;
    size_t              cell_count;
    size_t              cell_capacity;
    uint32_t           *lines;
    size_t              row_count;
    size_t              row_capacity;
    struct vtl_problem *problem;
    struct fault       *fault;
};

static enum err
keep_cell(struct reader *reader, struct str cell)
{
    struct str *cells = arena_reserve(reader->arena, reader->cells, reader->cell_count,
                                      &reader->cell_capacity, sizeof *cells);

    if (cells == NULL) {
        return FAIL(reader->fault, ERR_MEMORY, "%zu cells of a table", reader->cell_count + 1);
    }
    reader->cells = cells;
    reader->cells[reader->cell_count++] = cell;
    return ERR_OK;
}

static enum err
open_row(struct reader *reader)
{
    uint32_t *lines = arena_reserve(reader->arena, reader->lines, reader->row_count,
                                    &reader->row_capacity, sizeof *lines);

    if (lines == NULL) {
        return FAIL(reader->fault, ERR_MEMORY, "%zu rows of a table", reader->row_count + 1);
    }
    reader->lines = lines;
    reader->lines[reader->row_count++] = reader->line;
    return ERR_OK;
}

/* Quotes doubled inside stand for one. */
static struct str
undouble(struct arena *arena, struct str text)
{
    char  *out = ARENA_NEW(arena, char, text.size + 1);
    size_t size = 0;

    for (size_t i = 0; out != NULL && i < text.size; i++) {
        i += text.data[i] == '"' ? 1 : 0;
        out[size++] = text.data[i];
    }
    return (struct str){out, size};
}

/* The reading position is behind the opening quote. */
static enum err
read_quoted(struct reader *reader, struct str *out)
{
    size_t   start = reader->at;
    uint32_t line = reader->line;
    bool     doubled = false;

    for (; reader->at < reader->text.size; reader->at++) {
        char byte = reader->text.data[reader->at];
        reader->line += byte == '\n' ? 1 : 0;
        if (byte != '"') {
            continue;
        }
        if (!str_starts_with(str_slice(reader->text, reader->at + 1, 1), STR("\""))) {
            *out = str_slice(reader->text, start, reader->at - start);
            reader->at++;
            if (doubled) {
                *out = undouble(reader->arena, *out);
            }
            return doubled && out->data == NULL ? FAIL(reader->fault, ERR_MEMORY, "a quoted field")
                                                : ERR_OK;
        }
        doubled = true;
        reader->at++;
    }
    return problem_set(reader->problem, (struct vtl_place){line, 1}, reader->fault,
                       "pole otwarte w tym wierszu cudzysłowem nie jest zamknięte");
}

static size_t
plain_size(struct str rest)
{
    size_t size = 0;

    while (size < rest.size && rest.data[size] != ',' && rest.data[size] != '\n') {
        size++;
    }
    return size > 0 && size < rest.size && rest.data[size] == '\n' && rest.data[size - 1] == '\r'
               ? size - 1
               : size;
}

static enum err
read_cell(struct reader *reader)
{
    struct str rest = str_slice(reader->text, reader->at, SIZE_MAX);
    struct str cell = {rest.data, 0};

    if (str_starts_with(rest, STR("\""))) {
        reader->at++;
        TRY(read_quoted(reader, &cell));
    } else {
        cell.size = plain_size(rest);
        reader->at += cell.size;
    }
    return keep_cell(reader, cell);
}

static bool
take(struct reader *reader, struct str what)
{
    bool found = str_starts_with(str_slice(reader->text, reader->at, SIZE_MAX), what);

    reader->at += found ? what.size : 0;
    return found;
}

static enum err
read_row(struct reader *reader, size_t *column_count)
{
    size_t   before = reader->cell_count;
    uint32_t line = reader->line;

    TRY(open_row(reader));
    do {
        TRY(read_cell(reader));
    } while (take(reader, STR(",")));
    (void)take(reader, STR("\r")); /* CRLF and LF both end a row */
    if (!take(reader, STR("\n")) && reader->at < reader->text.size) {
        return problem_set(reader->problem, (struct vtl_place){line, 1}, reader->fault,
                           "po zamkniętym cudzysłowie stoi coś poza przecinkiem i końcem wiersza");
    }
    reader->line++;
    size_t count = reader->cell_count - before;
    if (*column_count == 0) {
        *column_count = count;
    }
    if (count != *column_count || count > COLUMNS_MAX) {
        return problem_set(reader->problem, (struct vtl_place){line, 1}, reader->fault,
                           "wiersz ma %zu pól, a nagłówek %zu", count, *column_count);
    }
    return ERR_OK;
}

/* In another encoding no text of the file would equal one of the script. */
static enum err
check_encoding(const struct reader *reader)
{
    struct vtl_place place = {1, 1};
    struct str       line = {0};

    for (struct str rest = reader->text; str_cut(&rest, '\n', &line); place.line++) {
        if (!str_is_utf8(line)) {
            return problem_set(reader->problem, place, reader->fault,
                               "plik nie jest zapisany w UTF-8; w arkuszu wybierz „Zapisz jako” i "
                               "typ „CSV UTF-8”");
        }
    }
    return ERR_OK;
}

enum err
vtl_table_read(struct arena *arena, struct str text, struct vtl_table *out,
               struct vtl_problem *problem, struct fault *fault)
{
    struct reader reader = {
        .arena = arena, .text = text, .line = 1, .problem = problem, .fault = fault};
    size_t column_count = 0;

    TRY(check_encoding(&reader));
    (void)take(&reader, STR("\xEF\xBB\xBF"));
    if (reader.at == text.size) {
        return problem_set(problem, (struct vtl_place){1, 1}, fault,
                           "plik jest pusty; w pierwszym wierszu powinny stać nazwy składowych");
    }
    while (reader.at < text.size) {
        TRY(read_row(&reader, &column_count));
    }
    *out = (struct vtl_table){.cells = reader.cells,
                              .column_count = column_count,
                              .row_count = reader.row_count,
                              .lines = reader.lines};
    return ERR_OK;
}

void
vtl_table_write(struct buf *out, struct str field)
{
    bool quoted = false;

    for (size_t i = 0; i < field.size; i++) {
        char byte = field.data[i];
        quoted |= byte == '"' || byte == ',' || byte == '\n' || byte == '\r';
    }
    if (!quoted) {
        buf_append(out, field);
        return;
    }
    buf_byte(out, '"');
    for (size_t i = 0; i < field.size; i++) {
        buf_append(out, field.data[i] == '"' ? STR("\"\"") : str_slice(field, i, 1));
    }
    buf_byte(out, '"');
}

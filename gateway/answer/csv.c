#include "gateway/answer/csv.h"

#include "validators/base/scalar.h"

#include <inttypes.h>
#include <string.h>

struct csv
csv_create(struct buf *out)
{
    buf_append(out, STR("\xEF\xBB\xBF"));
    return (struct csv){.out = out};
}

static void
begin_field(struct csv *csv)
{
    if (csv->in_row) {
        buf_byte(csv->out, ';');
    }
    csv->in_row = true;
}

static bool
contains_any(struct str text, const char *bytes)
{
    for (size_t i = 0; i < text.size; i++) {
        if (text.data[i] != '\0' && strchr(bytes, text.data[i]) != NULL) {
            return true;
        }
    }
    return false;
}

/* OWASP, CSV injection: what makes a spreadsheet compute instead of show. */
static bool
begins_formula(struct str text)
{
    return contains_any(str_slice(text, 0, 1), "=+-@\t\r");
}

static void
write_character(struct buf *out, const struct scalar *character)
{
    if (character->value == '"') {
        buf_append(out, STR("\"\""));
    } else if (character->value == 0) {
        buf_byte(out, ' ');
    } else {
        buf_append(out, character->bytes);
    }
}

void
csv_field(struct csv *csv, struct str text)
{
    struct scalar character;
    bool          quoted = contains_any(text, "\";\r\n\t");

    begin_field(csv);
    if (quoted) {
        buf_byte(csv->out, '"');
    }
    if (begins_formula(text)) {
        buf_byte(csv->out, '\'');
    }
    while (scalar_next(&text, &character)) {
        write_character(csv->out, &character);
    }
    if (quoted) {
        buf_byte(csv->out, '"');
    }
}

void
csv_number(struct csv *csv, uint64_t number)
{
    begin_field(csv);
    buf_format(csv->out, "%" PRIu64, number);
}

void
csv_decimal(struct csv *csv, struct str amount)
{
    begin_field(csv);
    for (size_t i = 0; i < amount.size; i++) {
        char byte = amount.data[i];
        ENSURE((byte >= '0' && byte <= '9') || byte == '.' || (byte == '-' && i == 0));
        buf_byte(csv->out, (char)(byte == '.' ? ',' : byte));
    }
}

void
csv_row_end(struct csv *csv)
{
    buf_append(csv->out, STR("\r\n"));
    csv->in_row = false;
}

#include "validators/package/package.h"

#include "validators/base/buf.h"

struct str
package_trim(const struct field *field)
{
    return str_trim(field->text);
}

static bool
is_variant_byte(char byte)
{
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z')
           || (byte >= '0' && byte <= '9') || byte == '-' || byte == '_' || byte == '.';
}

/* A value that may stand in a key; what is not there may, too. */
static bool
is_variant(const struct field *field)
{
    struct str text = package_trim(field);

    for (size_t i = 0; i < text.size; i++) {
        if (!is_variant_byte(text.data[i])) {
            return false;
        }
    }
    return field->text.data == NULL || (text.size > 0 && text.size <= PACKAGE_VARIANT_MAX);
}

struct str
package_variant(struct arena *arena, const struct report *report)
{
    struct buf out = buf_create(arena, (PACKAGE_VARIANT_MAX + 1) * (size_t)REPORT_VARIANTS_MAX);
    size_t     pending = 0; /* slashes that stand only if another value follows */

    for (size_t i = 0; i < REPORT_VARIANTS_MAX; i++) {
        const struct field *field = &report->header.variants[i];
        if (!is_variant(field)) {
            return STR("");
        }
        for (; field->text.data != NULL && pending > 0; pending--) {
            buf_byte(&out, '/');
        }
        buf_append(&out, package_trim(field));
        pending++;
    }
    if (!buf_ok(&out)) {
        return (struct str){0};
    }
    return out.size == 0 ? STR("") : buf_str(&out);
}

struct str
package_unit_xpath(struct arena *arena, uint32_t unit)
{
    return str_format(arena, "/PaczkaSprawozdan/Jednostki/Jednostka[%u]", unit + 1U);
}

struct str
package_report_xpath(struct arena *arena, const struct report *report, struct str suffix)
{
    return str_format(arena, "/PaczkaSprawozdan/Jednostki/Jednostka[%u]/Sprawozdania/%.*s[%u]%.*s",
                      report->unit + 1U, STR_ARG(report->element), report->ordinal,
                      STR_ARG(suffix));
}

struct str
package_rows_xpath(struct arena *arena, const struct report *report, uint32_t *offset)
{
    bool stands = report->rows_start > report->start;

    *offset = stands ? report->rows_start : report->start;
    return package_report_xpath(arena, report, stands ? STR("/Pozycje") : (struct str){0});
}

struct str
package_cell_xpath(struct arena *arena, const struct report *report, size_t row, struct str name)
{
    struct str suffix = str_format(arena, "/Pozycje/Pozycja[%zu]%s%.*s", row + 1,
                                   name.size == 0 ? "" : "/", STR_ARG(name));

    return suffix.data == NULL ? suffix : package_report_xpath(arena, report, suffix);
}

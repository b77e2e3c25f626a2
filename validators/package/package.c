#include "validators/package/package.h"

struct str
package_trim(const struct field *field)
{
    return str_trim(field->text);
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
package_cell_xpath(struct arena *arena, const struct report *report, size_t row, struct str name)
{
    struct str suffix = str_format(arena, "/Pozycje/Pozycja[%zu]%s%.*s", row + 1,
                                   name.size == 0 ? "" : "/", STR_ARG(name));

    return suffix.data == NULL ? suffix : package_report_xpath(arena, report, suffix);
}

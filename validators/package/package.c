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

const char *
unit_field_name(enum unit_field field)
{
    static const char *const names[] = {
        [UNIT_NAME] = "Nazwa", [UNIT_TYPE] = "Typ", [UNIT_REGON] = "Regon", [UNIT_WK] = "WK",
        [UNIT_PK] = "PK",      [UNIT_GK] = "GK",    [UNIT_GT] = "GT",       [UNIT_PT] = "PT"};

    ENSURE((size_t)field < ARRAY_COUNT(names));
    return names[field];
}

const char *
signature_step_name(enum signature_step step)
{
    static const char *const names[] = {
        [SIGNATURE_STEP_NONE] = "",
        [SIGNATURE_STEP_PROFILE] = "profil-podpisu",
        [SIGNATURE_STEP_REFERENCE] = "wskazanie-sprawozdania",
        [SIGNATURE_STEP_REPORT] = "skrot-sprawozdania",
        [SIGNATURE_STEP_PROPERTIES] = "skrot-wlasciwosci-podpisu",
        [SIGNATURE_STEP_CERTIFICATE] = "certyfikat-podpisujacego",
        [SIGNATURE_STEP_VALUE] = "wartosc-podpisu",
        [SIGNATURE_STEP_TIME] = "czas-podpisu",
        [SIGNATURE_STEP_VALIDITY] = "waznosc-certyfikatu",
        [SIGNATURE_STEP_ISSUER] = "wystawca-certyfikatu",
        [SIGNATURE_STEP_ROLE] = "rola-podpisujacego",
    };

    ENSURE((size_t)step < ARRAY_COUNT(names));
    return names[step];
}

#include "validators/package/unit.h"

const char *
unit_field_name(enum unit_field field)
{
    static const char *const names[] = {
        [UNIT_NAME] = "Nazwa", [UNIT_TYPE] = "Typ", [UNIT_REGON] = "Regon", [UNIT_WK] = "WK",
        [UNIT_PK] = "PK",      [UNIT_GK] = "GK",    [UNIT_GT] = "GT",       [UNIT_PT] = "PT"};

    ENSURE((size_t)field < ARRAY_COUNT(names));
    return names[field];
}

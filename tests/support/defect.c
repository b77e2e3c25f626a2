#include "tests/support/defect.h"

#include <string.h>

static const struct defect *(*const parts[])(size_t *count) = {
    defect_cells, defect_rules, defect_references, defect_signatures, defect_hidings,
};

size_t
defect_count(void)
{
    size_t sum = 0;

    for (size_t i = 0; i < ARRAY_COUNT(parts); i++) {
        size_t count = 0;
        (void)parts[i](&count);
        sum += count;
    }
    return sum;
}

const struct defect *
defect_at(size_t index)
{
    size_t left = index;

    for (size_t i = 0; i < ARRAY_COUNT(parts); i++) {
        size_t               count = 0;
        const struct defect *part = parts[i](&count);
        if (left < count) {
            return &part[left];
        }
        left -= count;
    }
    ENSURE(index < defect_count());
    return NULL;
}

const struct defect *
defect_find(const char *name)
{
    for (size_t i = 0; i < defect_count(); i++) {
        if (strcmp(defect_at(i)->name, name) == 0) {
            return defect_at(i);
        }
    }
    return NULL;
}

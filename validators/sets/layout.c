#include "validators/sets/layout.h"

#include "validators/sets/scheme.h"

#include <string.h>

static const struct relation_component fixed[LAYOUT_CODES] = {
    [LAYOUT_SET] = {.name = STR_INIT("Zestaw"),    .type = RELATION_STRING },
    [LAYOUT_UNIT] = {.name = STR_INIT("Jednostka"), .type = RELATION_STRING },
    [LAYOUT_VARIANT] = {.name = STR_INIT("Wariant"),   .type = RELATION_STRING },
    [LAYOUT_ROW] = {.name = STR_INIT("Lp"),        .type = RELATION_INTEGER},
    [LAYOUT_KIND] = {.name = STR_INIT("Rodzaj"),    .type = RELATION_STRING },
};

size_t
layout_column(const struct form *form)
{
    return LAYOUT_CODES + form->code_count;
}

size_t
layout_amount(const struct form *form)
{
    return layout_column(form) + 1;
}

size_t
layout_count(const struct form *form)
{
    return layout_amount(form) + 1;
}

const struct relation_component *
layout_make(struct arena *arena, const struct form *form)
{
    struct relation_component *made =
        ARENA_NEW(arena, struct relation_component, layout_count(form));

    if (made == NULL) {
        return NULL;
    }
    memcpy(made, fixed, sizeof fixed);
    for (size_t i = 0; i < form->code_count; i++) {
        made[LAYOUT_CODES + i] =
            (struct relation_component){.name = form->codes[i].name, .type = RELATION_STRING};
    }
    made[layout_column(form)] =
        (struct relation_component){.name = SCHEME_COLUMN, .type = RELATION_STRING};
    made[layout_amount(form)] = (struct relation_component){.name = STR("Kwota"),
                                                            .role = RELATION_MEASURE,
                                                            .type = RELATION_NUMBER,
                                                            .scale = form->amounts[0].scale};
    return made;
}

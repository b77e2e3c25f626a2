#include "validators/prescan/reference.h"

#include "validators/prescan/characters.h"

enum { REFERENCE_NAME_MAX = 64 };

static bool
is_known_entity(struct str name)
{
    static const struct str known[] = {
        {"amp",  3},
        {"lt",   2},
        {"gt",   2},
        {"quot", 4},
        {"apos", 4},
    };

    for (size_t i = 0; i < ARRAY_COUNT(known); i++) {
        if (str_equal(name, known[i])) {
            return true;
        }
    }
    return false;
}

static int
digit_of(char byte, uint32_t base)
{
    if (byte >= '0' && byte <= '9') {
        return byte - '0';
    }
    char lower = (char)(byte | 0x20);
    return base == 16 && lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

/* &#13; or &#xD; with "&" at from; the walk goes on behind it. */
static bool
character_reference(struct walk *walk, size_t from)
{
    static const uint32_t beyond = 0x110000;
    bool                  hex = from + 2 < walk->size && walk->data[from + 2] == 'x';
    uint32_t              base = hex ? 16 : 10;
    size_t                begin = from + (hex ? 3 : 2);
    size_t                at = begin;
    uint32_t              point = 0;

    while (at < walk->size && digit_of(walk->data[at], base) >= 0) {
        point = point * base + (uint32_t)digit_of(walk->data[at], base);
        point = point < beyond ? point : beyond;
        at++;
    }
    if (at >= walk->size) {
        return walk_refuse_cut(walk, from, STR("odwołania do znaku"));
    }
    if (at == begin || walk->data[at] != ';') {
        return walk_refuse(walk, PRESCAN_AMPERSAND, from, walk_slice(walk, from, at));
    }
    if (!characters_allowed(point)) {
        return walk_refuse(walk, PRESCAN_BAD_CHARACTER_REFERENCE, from,
                           walk_slice(walk, from, at + 1));
    }
    walk->at = at + 1;
    return true;
}

bool
reference_walk(struct walk *walk)
{
    size_t from = walk->at;
    size_t left = walk->size - from;
    size_t end = from + (left < REFERENCE_NAME_MAX ? left : REFERENCE_NAME_MAX);
    size_t at = scan_skip_name(walk->data, from + 1, end);

    walk->references++;
    if (walk->references > walk->limits->references_max) {
        return walk_refuse_limit(walk, PRESCAN_REFERENCES, from, walk->limits->references_max);
    }
    if (at == from + 1 && at < end && walk->data[at] == '#') {
        return character_reference(walk, from);
    }
    if (at == walk->size) {
        return walk_refuse_cut(walk, from, STR("odwołania"));
    }
    if (at < end && (at == from + 1 || walk->data[at] != ';')) {
        return walk_refuse(walk, PRESCAN_AMPERSAND, from, walk_slice(walk, from, at));
    }
    if (!is_known_entity(walk_slice(walk, from + 1, at))) {
        return walk_refuse(walk, PRESCAN_ENTITY, from,
                           walk_slice(walk, from, at < end ? at + 1 : at));
    }
    walk->at = at + 1;
    return true;
}

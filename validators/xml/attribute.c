#include "validators/xml/attribute.h"

#include <string.h>

struct element_attribute
attribute_at(const xmlChar **attributes, size_t index)
{
    const xmlChar **parts = attributes + index * ATTRIBUTE_PARTS;

    return (struct element_attribute){
        .name = str_of((const char *)parts[0]),
        .space = str_of((const char *)parts[2]),
        .value = {(const char *)parts[3], (size_t)(parts[4] - parts[3])}
    };
}

struct str
attribute_value(struct arena *arena, const struct element_attribute *attribute)
{
    static const char escape[] = "&#38;";
    struct str        raw = attribute->value;
    size_t            size = 0;

    if (raw.size == 0 || memchr(raw.data, '&', raw.size) == NULL) {
        return raw;
    }
    char *value = ARENA_NEW(arena, char, raw.size);
    if (value == NULL) {
        return (struct str){0};
    }
    for (size_t at = 0; at < raw.size; at++) {
        value[size] = raw.data[at];
        size++;
        if (str_starts_with(str_slice(raw, at, raw.size), STR("&#38;"))) {
            at += sizeof escape - 2;
        }
    }
    return (struct str){value, size};
}

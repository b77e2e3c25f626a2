#include "validators/signature/tag.h"

#include <string.h>

/* Bytes that end a name in well-formed XML; whether it is a good name was decided before. */
static const bool ends_name[256] = {
    [0] = true,   [' '] = true, ['\t'] = true, ['\n'] = true, ['\r'] = true, ['/'] = true,
    ['>'] = true, ['='] = true, ['<'] = true,  ['"'] = true,  ['\''] = true, ['&'] = true,
};

static bool
is_space(char byte)
{
    return byte == ' ' || byte == '\t' || byte == '\n' || byte == '\r';
}

size_t
tag_name_size(struct str bytes)
{
    size_t size = 0;

    while (size < bytes.size && !ends_name[(unsigned char)bytes.data[size]]) {
        size++;
    }
    return size;
}

static void
skip_space(struct str bytes, size_t *at)
{
    while (*at < bytes.size && is_space(bytes.data[*at])) {
        (*at)++;
    }
}

static void
split_name(struct str full, struct str *prefix, struct str *name)
{
    const char *colon = memchr(full.data, ':', full.size);
    size_t      at = colon == NULL ? 0 : (size_t)(colon - full.data);

    *prefix = str_slice(full, 0, at);
    *name = colon == NULL ? full : str_slice(full, at + 1, full.size);
}

/* name = "value" at *at; moves on. */
static bool
take_attribute(struct str bytes, size_t *at, struct tag_attribute *out)
{
    struct str full = str_slice(bytes, *at, tag_name_size(str_slice(bytes, *at, bytes.size)));
    size_t     next = *at + full.size;

    skip_space(bytes, &next);
    if (full.size == 0 || next >= bytes.size || bytes.data[next] != '=') {
        return false;
    }
    next++;
    skip_space(bytes, &next);
    if (next >= bytes.size || (bytes.data[next] != '"' && bytes.data[next] != '\'')) {
        return false;
    }
    const char *value = bytes.data + next + 1;
    const char *quote = memchr(value, bytes.data[next], bytes.size - next - 1);
    if (quote == NULL) {
        return false;
    }
    *out = (struct tag_attribute){
        .full = full, .value = {value, (size_t)(quote - value)}
    };
    split_name(full, &out->prefix, &out->name);
    *at = (size_t)(quote + 1 - bytes.data);
    return true;
}

static bool
is_declaration(const struct tag_attribute *attribute)
{
    return str_equal(attribute->full, STR("xmlns")) || str_equal(attribute->prefix, STR("xmlns"));
}

static enum err
keep_attribute(struct tag *tag, const struct tag_attribute *attribute, struct fault *fault)
{
    if (tag->attribute_count + tag->declaration_count == C14N_ATTRIBUTES_MAX) {
        return FAIL(fault, ERR_LIMIT, "more than %d attributes", C14N_ATTRIBUTES_MAX);
    }
    if (!is_declaration(attribute)) {
        tag->attributes[tag->attribute_count] = *attribute;
        tag->attribute_count++;
        return ERR_OK;
    }
    tag->declarations[tag->declaration_count] = (struct element_declaration){
        .prefix = attribute->prefix.size == 0 ? (struct str){0} : attribute->name,
        .uri = attribute->value};
    tag->declaration_count++;
    return ERR_OK;
}

/* "/>" or ">" at `at`: its size, else 0. */
static size_t
end_size(struct str bytes, size_t at)
{
    if (at < bytes.size && bytes.data[at] == '>') {
        return 1;
    }
    return at + 1 < bytes.size && bytes.data[at] == '/' && bytes.data[at + 1] == '>' ? 2 : 0;
}

enum err
tag_read(struct str bytes, struct tag *tag, struct fault *fault)
{
    struct str           start = str_slice(bytes, 0, C14N_TAG_MAX);
    struct str           local = {0};
    struct tag_attribute attribute = {0};
    size_t               at = 1;

    tag->full = str_slice(start, 1, tag_name_size(str_slice(start, 1, start.size)));
    tag->attribute_count = 0;
    tag->declaration_count = 0;
    at += tag->full.size;
    skip_space(start, &at);
    while (tag->full.size > 0 && end_size(start, at) == 0) {
        if (!take_attribute(start, &at, &attribute)) {
            return start.size < bytes.size
                       ? FAIL(fault, ERR_LIMIT, "a start tag above %d bytes", C14N_TAG_MAX)
                       : FAIL(fault, ERR_SYNTAX, "a start tag that does not end");
        }
        TRY(keep_attribute(tag, &attribute, fault));
        skip_space(start, &at);
    }
    if (tag->full.size == 0) {
        return FAIL(fault, ERR_SYNTAX, "a start tag without a name");
    }
    size_t end = end_size(start, at);
    split_name(tag->full, &tag->prefix, &local);
    tag->empty = end == 2;
    tag->raw = str_slice(start, 0, at + end);
    return ERR_OK;
}

#include "validators/prescan/tag.h"

#include "validators/prescan/reference.h"

/* A start tag that is being read: where it may end at most, and what it has so far. */
struct tag {
    size_t open;  /* of "<" */
    size_t limit; /* no byte of the tag stands here or behind */
    size_t attributes;
    size_t declarations;
};

/* The end of the file, or of what a tag may be long. */
static bool
refuse_end(struct walk *walk, const struct tag *tag)
{
    if (tag->limit == walk->size) {
        return walk_refuse_cut(walk, tag->open, STR("znacznika"));
    }
    return walk_refuse_limit(walk, PRESCAN_TAG_LENGTH, tag->open, walk->limits->start_tag_max);
}

static bool
note_name(struct walk *walk, size_t from, size_t to)
{
    return names_note(walk->names, from, to - from)
           || walk_refuse_limit(walk, PRESCAN_NAMES, from, walk->limits->names_max);
}

/* ="value" behind an attribute's name; the walk goes on behind the closing quote. */
static bool
take_value(struct walk *walk, const struct tag *tag, size_t name, size_t name_end)
{
    const char *data = walk->data;
    size_t      equals = scan_skip_blanks(data, name_end, tag->limit);

    if (equals == tag->limit) {
        return refuse_end(walk, tag);
    }
    size_t quote = data[equals] == '=' ? scan_skip_blanks(data, equals + 1, tag->limit) : equals;
    if (quote == tag->limit) {
        return refuse_end(walk, tag);
    }
    if (data[quote] != '"' && data[quote] != '\'') {
        return walk_refuse(walk, PRESCAN_BAD_ATTRIBUTE, name, walk_slice(walk, name, name_end));
    }
    walk->at = scan_find_special(data, quote + 1, tag->limit, data[quote]);
    while (walk->at < tag->limit && data[walk->at] == '&') {
        if (!reference_walk(walk)) {
            return false;
        }
        if (walk->at < tag->limit) {
            walk->at = scan_find_special(data, walk->at, tag->limit, data[quote]);
        }
    }
    if (walk->at >= tag->limit) {
        return refuse_end(walk, tag);
    }
    if (data[walk->at] == '<') {
        return walk_refuse(walk, PRESCAN_LESS_IN_ATTRIBUTE, walk->at,
                           walk_slice(walk, name, name_end));
    }
    walk->at++;
    return true;
}

static bool
is_declaration(struct str name)
{
    static const struct str xmlns = {"xmlns", 5};

    return str_starts_with(name, xmlns)
           && (name.size == xmlns.size || name.data[xmlns.size] == ':');
}

static bool
take_attribute(struct walk *walk, struct tag *tag)
{
    size_t name = walk->at;
    size_t name_end = scan_skip_name(walk->data, name, tag->limit);

    if (name_end == tag->limit) {
        return refuse_end(walk, tag);
    }
    if (name_end == name || !scan_is_name_start(walk->data[name])) {
        return walk_refuse(walk, PRESCAN_BAD_TAG, name, walk_slice(walk, tag->open, name));
    }
    tag->attributes++;
    if (tag->attributes > walk->limits->attributes_max) {
        return walk_refuse_limit(walk, PRESCAN_ATTRIBUTES, name, walk->limits->attributes_max);
    }
    if (is_declaration(walk_slice(walk, name, name_end))) {
        tag->declarations++;
        if (walk->declarations + tag->declarations > walk->limits->declarations_max) {
            return walk_refuse_limit(walk, PRESCAN_DECLARATIONS, name,
                                     walk->limits->declarations_max);
        }
    }
    return note_name(walk, name, name_end) && take_value(walk, tag, name, name_end);
}

/* Attributes until ">" or "/>"; the walk goes on behind it. */
static bool
take_rest(struct walk *walk, struct tag *tag, bool *empty)
{
    const char *data = walk->data;

    for (;;) {
        walk->at = scan_skip_blanks(data, walk->at, tag->limit);
        if (walk->at == tag->limit) {
            return refuse_end(walk, tag);
        }
        if (data[walk->at] == '>') {
            walk->at++;
            return true;
        }
        if (data[walk->at] == '/') {
            break;
        }
        if (!take_attribute(walk, tag)) {
            return false;
        }
    }
    if (walk->at + 1 == tag->limit) {
        return refuse_end(walk, tag);
    }
    if (data[walk->at + 1] != '>') {
        return walk_refuse(walk, PRESCAN_BAD_TAG, walk->at, walk_slice(walk, tag->open, walk->at));
    }
    *empty = true;
    walk->at += 2;
    return true;
}

static size_t
limit_of(const struct walk *walk)
{
    size_t left = walk->size - walk->at;
    size_t most = walk->limits->start_tag_max;

    return walk->at + (left < most ? left : most);
}

bool
tag_walk_start(struct walk *walk)
{
    struct tag tag = {.open = walk->at, .limit = limit_of(walk)};
    size_t     name = tag.open + 1;
    size_t     name_end = scan_skip_name(walk->data, name, tag.limit);
    bool       empty = false;

    if (name_end == tag.limit) {
        return refuse_end(walk, &tag);
    }
    if (name_end == name || !scan_is_name_start(walk->data[name])) {
        return walk_refuse(walk, PRESCAN_BAD_TAG, tag.open, (struct str){0});
    }
    if (walk->depth == walk->limits->depth_max) {
        return walk_refuse_limit(walk, PRESCAN_DEPTH, tag.open, walk->limits->depth_max);
    }
    walk->at = name_end;
    if (!note_name(walk, name, name_end) || !take_rest(walk, &tag, &empty)) {
        return false;
    }
    if (!empty) {
        walk->depth++;
        walk->declared[walk->depth] = (uint32_t)tag.declarations;
        walk->declarations += tag.declarations;
    }
    return true;
}

bool
tag_walk_end(struct walk *walk)
{
    struct tag tag = {.open = walk->at, .limit = limit_of(walk)};
    size_t     name = tag.open + 2;
    size_t     name_end = scan_skip_name(walk->data, name, tag.limit);
    size_t     close = scan_skip_blanks(walk->data, name_end, tag.limit);

    if (close >= tag.limit) {
        return refuse_end(walk, &tag);
    }
    if (name_end == name || walk->data[close] != '>') {
        return walk_refuse(walk, PRESCAN_BAD_TAG, tag.open, walk_slice(walk, tag.open, name_end));
    }
    if (walk->depth > 0) {
        walk->declarations -= walk->declared[walk->depth];
        walk->depth--;
    }
    walk->at = close + 1;
    return true;
}

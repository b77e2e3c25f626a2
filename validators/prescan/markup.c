#include "validators/prescan/markup.h"

#include "validators/prescan/reference.h"
#include "validators/prescan/tag.h"

#include <string.h>

/* More of an instruction's name is not needed to refuse it. */
enum { TARGET_MAX = 64 };

/* Character data up to the next "<" or the end of the file. */
static bool
walk_text(struct walk *walk)
{
    size_t from = walk->at;
    size_t text_max = walk->limits->text_max;
    size_t end = walk->size - from > text_max ? from + text_max + 1 : walk->size;

    walk->at = scan_find_special(walk->data, from, end, '<');
    while (walk->at < end && walk->data[walk->at] == '&') {
        if (!reference_walk(walk)) {
            return false;
        }
        walk->at = walk->at < end ? scan_find_special(walk->data, walk->at, end, '<') : walk->at;
    }
    if (walk->at - from > text_max) {
        return walk_refuse_limit(walk, PRESCAN_TEXT_LENGTH, from, text_max);
    }
    return true;
}

/* What a comment and a CDATA section have in common. */
struct section {
    struct str        begin;
    struct str        end;
    struct str        name; /* in the genitive, as after "wewnątrz" */
    enum prescan_code too_long;
    enum prescan_code too_many;
};

static const struct section comment = {
    {"<!--",       4 },
    {"-->",        3 },
    {"komentarza", 10},
    PRESCAN_COMMENT_LENGTH, PRESCAN_COMMENTS
};
static const struct section cdata = {
    {"<![CDATA[",    9 },
    {"]]>",          3 },
    {"sekcji CDATA", 12},
    PRESCAN_CDATA_LENGTH,
    PRESCAN_CDATA_SECTIONS
};

static bool
walk_section(struct walk *walk, const struct section *section, size_t *count, size_t count_max)
{
    size_t from = walk->at;
    size_t begin = from + section->begin.size;
    size_t most = walk->limits->text_max + section->end.size;
    size_t left = walk->size - begin;

    (*count)++;
    if (*count > count_max) {
        return walk_refuse_limit(walk, section->too_many, from, count_max);
    }
    const char *end =
        memmem(walk->data + begin, left < most ? left : most, section->end.data, section->end.size);
    if (end != NULL) {
        walk->at = (size_t)(end - walk->data) + section->end.size;
        return true;
    }
    if (left < most) {
        return walk_refuse_cut(walk, from, section->name);
    }
    return walk_refuse_limit(walk, section->too_long, from, walk->limits->text_max);
}

/* "<!" at walk->at. */
static bool
walk_exclamation(struct walk *walk)
{
    static const struct str doctype = {"<!DOCTYPE", 9};
    struct str              rest = walk_slice(walk, walk->at, walk->size);
    struct str              seen = str_slice(rest, 0, doctype.size);

    if (str_starts_with(rest, comment.begin)) {
        return walk_section(walk, &comment, &walk->comments, walk->limits->comments_max);
    }
    if (str_starts_with(rest, cdata.begin)) {
        return walk_section(walk, &cdata, &walk->cdata, walk->limits->cdata_max);
    }
    if (str_starts_with(rest, doctype)) {
        return walk_refuse(walk, PRESCAN_DOCTYPE, walk->at, seen);
    }
    if (str_starts_with(comment.begin, rest) || str_starts_with(cdata.begin, rest)
        || str_starts_with(doctype, rest)) {
        return walk_refuse_cut(walk, walk->at, STR("znacznika"));
    }
    return walk_refuse(walk, PRESCAN_BAD_MARKUP, walk->at,
                       str_slice(rest, 0, scan_skip_name(rest.data, 2, seen.size)));
}

/* "<?" at walk->at. */
static bool
walk_question(struct walk *walk)
{
    size_t from = walk->at;
    size_t left = walk->size - from;
    size_t end =
        scan_skip_name(walk->data, from + 2, from + (left < TARGET_MAX ? left : TARGET_MAX));
    struct str target = walk_slice(walk, from + 2, end);

    if (end == walk->size) {
        return walk_refuse_cut(walk, from, STR("instrukcji przetwarzania"));
    }
    enum prescan_code code =
        str_equal(target, STR("xml")) ? PRESCAN_MISPLACED_DECLARATION : PRESCAN_INSTRUCTION;
    return walk_refuse(walk, code, from, target);
}

static bool
walk_markup(struct walk *walk)
{
    if (walk->at + 1 == walk->size) {
        return walk_refuse_cut(walk, walk->at, STR("znacznika"));
    }
    switch (walk->data[walk->at + 1]) {
    case '/':
        return tag_walk_end(walk);
    case '!':
        return walk_exclamation(walk);
    case '?':
        return walk_question(walk);
    default:
        return tag_walk_start(walk);
    }
}

void
markup_check(struct str bytes, size_t from, const struct prescan_limits *limits,
             struct names *names, struct refusal *out)
{
    struct walk walk = {.data = bytes.data,
                        .size = bytes.size,
                        .at = from,
                        .limits = limits,
                        .names = names,
                        .refusal = out};
    bool        on = true;

    while (on && walk.at < walk.size) {
        on = walk.data[walk.at] == '<' ? walk_markup(&walk) : walk_text(&walk);
    }
}

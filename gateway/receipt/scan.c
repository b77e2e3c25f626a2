#include "gateway/receipt/scan.h"

#include "gateway/receipt/armour.h"
#include "gateway/receipt/escape.h"

#include <string.h>

static struct str
rest(const struct scan *scan)
{
    return (struct str){scan->text.data + scan->at, scan->text.size - scan->at};
}

bool
scan_try_literal(struct scan *scan, struct str literal)
{
    if (scan->bad || !str_starts_with(rest(scan), literal)) {
        return false;
    }
    scan->at += literal.size;
    return true;
}

void
scan_literal(struct scan *scan, struct str literal)
{
    if (scan->bad || scan_try_literal(scan, literal)) {
        return;
    }
    struct str there = rest(scan);
    size_t     same = 0;
    while (same < there.size && same < literal.size && there.data[same] == literal.data[same]) {
        same++;
    }
    scan->at += same;
    scan->bad = true;
}

bool
scan_try_open(struct scan *scan, struct str name)
{
    size_t begin = scan->at;
    bool   found = scan_try_literal(scan, STR("<")) && scan_try_literal(scan, name)
                 && scan_try_literal(scan, STR(">"));

    if (!found) {
        scan->at = begin;
    }
    return found;
}

void
scan_open(struct scan *scan, struct str name)
{
    scan_literal(scan, STR("<"));
    scan_literal(scan, name);
    scan_literal(scan, STR(">"));
}

void
scan_close(struct scan *scan, struct str name)
{
    scan_literal(scan, STR("</"));
    scan_literal(scan, name);
    scan_literal(scan, STR(">"));
}

struct str
scan_raw(struct scan *scan)
{
    struct str  there = rest(scan);
    const char *end = scan->bad || there.size == 0 ? NULL : memchr(there.data, '<', there.size);

    if (end == NULL) {
        scan->bad = true;
        return (struct str){0};
    }
    struct str text = {there.data, (size_t)(end - there.data)};
    scan->at += text.size;
    return text;
}

void *
scan_room(struct scan *scan, size_t size)
{
    void *room = scan->bad ? NULL : arena_alloc(scan->arena, size, 1);

    scan->starved = scan->starved || (room == NULL && !scan->bad);
    scan->bad = scan->bad || room == NULL;
    return room;
}

struct str
scan_text(struct scan *scan)
{
    size_t     begin = scan->at;
    struct str raw = scan_raw(scan);
    char      *room = scan_room(scan, raw.size + 1);
    struct str text = {0};

    if (room != NULL && !escape_undo(raw, room, &text)) {
        scan->at = begin;
        scan->bad = true;
    }
    return text;
}

struct str
scan_base64(struct scan *scan, size_t size_max)
{
    size_t     begin = scan->at;
    struct str raw = scan_raw(scan);
    char      *room = scan_room(scan, raw.size + 1);
    struct str bytes = {0};

    if (room == NULL) {
        return bytes;
    }
    if (!armour_undo(raw, room, &bytes) || bytes.size > size_max) {
        scan->at = begin;
        scan->bad = true;
        return (struct str){0};
    }
    return bytes;
}

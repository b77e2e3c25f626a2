#include "validators/element/element.h"

#include <string.h>

enum { ITEMS_FIRST = 16, TEXT_FIRST = 64 };

struct element_table
element_table_create(struct arena *arena, size_t count_max, size_t text_max)
{
    return (struct element_table){.arena = arena,
                                  .count_max = count_max,
                                  .text_max = text_max,
                                  .open = ELEMENT_NONE,
                                  .last = ELEMENT_NONE};
}

static enum err
copy_text(struct element_table *table, struct str text, struct str *out, struct fault *fault)
{
    if (text.size > table->text_max) {
        return FAIL(fault, ERR_LIMIT, "text of %zu bytes, at most %zu", text.size, table->text_max);
    }
    struct str copy = str_copy(table->arena, text);
    if (copy.data == NULL) {
        return FAIL(fault, ERR_MEMORY, "text of an element");
    }
    *out = copy;
    return ERR_OK;
}

static enum err
copy_attributes(struct element_table *table, struct element *item, struct fault *fault)
{
    const struct element_attribute *given = item->attributes;
    struct element_attribute       *kept =
        ARENA_NEW(table->arena, struct element_attribute, item->attribute_count);

    if (kept == NULL) {
        return FAIL(fault, ERR_MEMORY, "attributes of an element");
    }
    for (size_t i = 0; i < item->attribute_count; i++) {
        TRY(copy_text(table, given[i].space, &kept[i].space, fault));
        TRY(copy_text(table, given[i].name, &kept[i].name, fault));
        TRY(copy_text(table, given[i].value, &kept[i].value, fault));
    }
    item->attributes = kept;
    return ERR_OK;
}

static enum err
copy_declarations(struct element_table *table, struct element *item, struct fault *fault)
{
    const struct element_declaration *given = item->declarations;
    struct element_declaration       *kept =
        ARENA_NEW(table->arena, struct element_declaration, item->declaration_count);

    if (kept == NULL) {
        return FAIL(fault, ERR_MEMORY, "namespaces of an element");
    }
    for (size_t i = 0; i < item->declaration_count; i++) {
        TRY(copy_text(table, given[i].prefix, &kept[i].prefix, fault));
        TRY(copy_text(table, given[i].uri, &kept[i].uri, fault));
    }
    item->declarations = kept;
    return ERR_OK;
}

static enum err
make_room(struct element_table *table, struct fault *fault)
{
    if (table->count == table->count_max) {
        return FAIL(fault, ERR_LIMIT, "more than %zu elements", table->count_max);
    }
    if ((table->count & (table->count - 1)) != 0
        || (table->count > 0 && table->count < ITEMS_FIRST)) {
        return ERR_OK; /* capacity is the next power of two, at least ITEMS_FIRST */
    }
    size_t          capacity = table->count < ITEMS_FIRST ? ITEMS_FIRST : table->count * 2;
    struct element *items =
        arena_extend(table->arena, table->items, table->count, capacity, sizeof *items);
    if (items == NULL) {
        return FAIL(fault, ERR_MEMORY, "%zu elements", capacity);
    }
    table->items = items;
    return ERR_OK;
}

static size_t
depth_of(const struct element_table *table, int32_t item)
{
    size_t depth = 0;

    while (item != ELEMENT_NONE) {
        item = table->items[item].parent;
        depth++;
    }
    return depth;
}

enum err
element_open(struct element_table *table, const struct element *event, struct fault *fault)
{
    struct element item = *event;

    if (depth_of(table, table->open) >= ELEMENT_DEPTH_MAX) {
        return FAIL(fault, ERR_LIMIT, "elements nested deeper than %d", ELEMENT_DEPTH_MAX);
    }
    TRY(copy_text(table, event->space, &item.space, fault));
    TRY(copy_text(table, event->name, &item.name, fault));
    TRY(copy_attributes(table, &item, fault));
    TRY(copy_declarations(table, &item, fault));
    TRY(make_room(table, fault));
    item.text = (struct str){0};
    item.parent = table->open;
    item.first_child = ELEMENT_NONE;
    item.next_sibling = ELEMENT_NONE;
    item.impure = false;

    int32_t index = (int32_t)table->count;
    table->items[index] = item;
    table->count++;
    if (table->last != ELEMENT_NONE) {
        table->items[table->last].next_sibling = index;
    } else if (table->open != ELEMENT_NONE) {
        table->items[table->open].first_child = index;
    }
    table->open = index;
    table->last = ELEMENT_NONE;
    table->text_capacity = 0;
    return ERR_OK;
}

enum err
element_text(struct element_table *table, struct str piece, struct fault *fault)
{
    ENSURE(table->open != ELEMENT_NONE);
    struct element *item = &table->items[table->open];
    size_t          size = item->text.size + piece.size;

    if (size > table->text_max) {
        return FAIL(fault, ERR_LIMIT, "text of more than %zu bytes", table->text_max);
    }
    if (size + 1 > table->text_capacity) {
        size_t capacity = size + 1 < TEXT_FIRST ? TEXT_FIRST : 2 * (size + 1);
        char  *text = ARENA_NEW(table->arena, char, capacity);
        if (text == NULL) {
            return FAIL(fault, ERR_MEMORY, "text of %zu bytes", size);
        }
        if (item->text.size > 0) {
            memcpy(text, item->text.data, item->text.size);
        }
        item->text.data = text;
        table->open_text = text;
        table->text_capacity = capacity;
    }
    if (piece.size == 0) {
        return ERR_OK;
    }
    memcpy(table->open_text + item->text.size, piece.data, piece.size);
    item->text.size = size;
    return ERR_OK;
}

void
element_mark_impure(struct element_table *table)
{
    ENSURE(table->open != ELEMENT_NONE);
    table->items[table->open].impure = true;
}

void
element_close(struct element_table *table, uint32_t end)
{
    ENSURE(table->open != ELEMENT_NONE);
    struct element *item = &table->items[table->open];

    item->end = end;
    table->last = table->open;
    table->open = item->parent;
    table->text_capacity = 0; /* text behind a child starts a new copy */
}

int32_t
element_child(const struct element_table *table, int32_t parent, struct str space, struct str name)
{
    int32_t it = table->items[parent].first_child;

    while (
        it != ELEMENT_NONE
        && !(str_equal(table->items[it].name, name) && str_equal(table->items[it].space, space))) {
        it = table->items[it].next_sibling;
    }
    return it;
}

int32_t
element_next(const struct element_table *table, int32_t item)
{
    const struct element *this = &table->items[item];
    int32_t it = this->next_sibling;

    while (it != ELEMENT_NONE
           && !(str_equal(table->items[it].name, this->name)
                && str_equal(table->items[it].space, this->space))) {
        it = table->items[it].next_sibling;
    }
    return it;
}

struct str
element_attribute(const struct element_table *table, int32_t item, const char *name)
{
    const struct element *this = &table->items[item];

    for (size_t i = 0; i < this->attribute_count; i++) {
        const struct element_attribute *attribute = &this->attributes[i];
        if (attribute->space.size == 0 && str_equal(attribute->name, str_of(name))) {
            return attribute->value;
        }
    }
    return (struct str){0};
}

struct str
element_child_text(const struct element_table *table, int32_t parent, const char *name)
{
    int32_t child = element_child(table, parent, (struct str){0}, str_of(name));

    return child == ELEMENT_NONE ? (struct str){0} : str_trim(table->items[child].text);
}

#include "validators/vtl/list.h"

enum err
list_add(struct cursor *cursor, struct list *list, uint32_t node)
{
    if (list->count == LIST_MAX) {
        return problem_set(cursor->problem, cursor->token->place, cursor->fault,
                           "lista ma więcej niż %d nazw i wartości", LIST_MAX - 1);
    }
    list->nodes[list->count++] = node;
    return ERR_OK;
}

enum err
list_name(struct cursor *cursor, struct list *list)
{
    struct node node = {.kind = NODE_NAME, .place = cursor->token->place};
    struct node alias = {.kind = NODE_ALIAS, .place = cursor->token->place};

    TRY(cursor_need_name(cursor, "nazwa składowej", &node.text));
    if (!cursor_take_sign(cursor, "#")) {
        return list_add(cursor, list, cursor_add(cursor, node, NULL, 0));
    }
    alias.text = node.text;
    node.kind = NODE_QUALIFIED;
    TRY(cursor_need_name(cursor, "nazwa składowej", &node.text));
    uint32_t child = cursor_add(cursor, alias, NULL, 0);
    return list_add(cursor, list, cursor_add(cursor, node, &child, 1));
}

enum err
list_names(struct cursor *cursor, struct list *list)
{
    do {
        TRY(list_name(cursor, list));
    } while (cursor_take_sign(cursor, ","));
    return ERR_OK;
}

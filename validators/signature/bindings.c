#include "validators/signature/bindings.h"

void
bindings_start(struct bindings *bindings)
{
    static const struct str xml = {"http://www.w3.org/XML/1998/namespace", 36};

    bindings->count = 2;
    bindings->change_count = 0;
    bindings->items[BINDINGS_DEFAULT] = (struct binding){0};
    bindings->items[BINDINGS_XML] =
        (struct binding){.prefix = STR("xml"), .uri = xml, .rendered = xml};
}

enum err
bindings_find(struct bindings *bindings, struct str prefix, size_t *index, struct fault *fault)
{
    size_t at = 0;

    while (at < bindings->count && !str_equal(bindings->items[at].prefix, prefix)) {
        at++;
    }
    if (at == C14N_PREFIXES_MAX) {
        return FAIL(fault, ERR_LIMIT, "more than %d namespace prefixes", C14N_PREFIXES_MAX);
    }
    if (at == bindings->count) {
        bindings->items[at] = (struct binding){.prefix = prefix};
        bindings->count++;
    }
    *index = at;
    return ERR_OK;
}

static enum err
remember(struct bindings *bindings, size_t index, struct fault *fault)
{
    const struct binding *binding = &bindings->items[index];

    if (bindings->change_count == C14N_CHANGES_MAX) {
        return FAIL(fault, ERR_LIMIT, "more than %d namespace declarations in force",
                    C14N_CHANGES_MAX);
    }
    bindings->changes[bindings->change_count] =
        (struct binding_change){.index = index, .uri = binding->uri, .rendered = binding->rendered};
    bindings->change_count++;
    return ERR_OK;
}

/* Compared and sorted as it stands, so nothing in it may need decoding. */
static bool
is_plain_namespace(struct str uri)
{
    for (size_t i = 0; i < uri.size; i++) {
        unsigned char byte = (unsigned char)uri.data[i];
        if (byte <= ' ' || byte == '"' || byte == '&' || byte == '<') {
            return false;
        }
    }
    return uri.size <= C14N_NAMESPACE_MAX;
}

enum err
bindings_declare(struct bindings *bindings, const struct element_declaration *declaration,
                 size_t *index, struct fault *fault)
{
    if (!is_plain_namespace(declaration->uri)) {
        return FAIL(fault, ERR_LIMIT, "a namespace name that is too long or not plain");
    }
    TRY(bindings_find(bindings, declaration->prefix, index, fault));
    if (str_equal(bindings->items[*index].uri, declaration->uri)) {
        return ERR_OK;
    }
    TRY(remember(bindings, *index, fault));
    bindings->items[*index].uri = declaration->uri;
    return ERR_OK;
}

enum err
bindings_render(struct bindings *bindings, size_t index, struct fault *fault)
{
    TRY(remember(bindings, index, fault));
    bindings->items[index].rendered = bindings->items[index].uri;
    return ERR_OK;
}

void
bindings_undo(struct bindings *bindings, size_t mark)
{
    while (bindings->change_count > mark) {
        bindings->change_count--;
        const struct binding_change *change = &bindings->changes[bindings->change_count];
        bindings->items[change->index].uri = change->uri;
        bindings->items[change->index].rendered = change->rendered;
    }
}

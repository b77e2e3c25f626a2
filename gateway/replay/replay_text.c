#include "gateway/replay/replay_text.h"

#include "gateway/receipt/layout.h"

#include <string.h>

static const struct str seal_begins = STR_INIT("<ds:Signature ");

/* The element in which the byte stands: from its '<' on. */
static struct str
element_at(struct str text, size_t at)
{
    size_t from = at < text.size ? at : text.size;

    while (from > 0
           && (text.data[from - 1] != '<' || from == text.size || text.data[from] == '/')) {
        from--;
    }
    return str_slice(text, from, text.size);
}

/* "Name" and what stands behind its '>' up to the next tag. */
static void
take_apart(struct str element, struct str *name, struct str *value)
{
    struct str rest = element;

    if (!str_cut(&rest, '>', name) || !str_cut(&rest, '<', value)) {
        *value = (struct str){0};
    }
}

static enum err
tell_element(struct arena *arena, struct str number, struct str stored, struct str again,
             struct replay_remarks *remarks, struct fault *fault)
{
    size_t     at = 0;
    struct str name = {0};
    struct str value = {0};
    struct str other_name = {0};
    struct str other = {0};

    while (at < stored.size && at < again.size && stored.data[at] == again.data[at]) {
        at++;
    }
    take_apart(element_at(stored, at), &name, &value);
    take_apart(element_at(again, at), &other_name, &other);
    struct str what = str_format(arena, "UPO %.*s: element %.*s, bajt %zu", STR_ARG(number),
                                 STR_ARG(str_slice(name, 0, 60)), at);
    if (what.data == NULL) {
        return FAIL(fault, ERR_MEMORY, "brak pamięci");
    }
    return replay_remarks_differ(remarks, what, value, str_equal(name, other_name) ? other : again,
                                 fault);
}

enum err
replay_text_compare(struct arena *arena, const struct replay_receipt *stored,
                    const struct receipt_facts *facts, bool *same, struct replay_remarks *remarks,
                    struct fault *fault)
{
    struct buf text = buf_create(arena, RECEIPT_SIZE_MAX);

    TRY(receipt_write(&text, facts, fault));
    struct str again = str_slice(buf_str(&text), 0, text.size - LAYOUT_END.size);
    struct str then = str_slice(stored->bytes, 0, again.size);
    struct str rest = str_slice(stored->bytes, again.size, stored->bytes.size);

    *same = str_equal(then, again) && str_starts_with(rest, seal_begins)
            && str_ends_with(rest, LAYOUT_END);
    if (*same) {
        return ERR_OK;
    }
    const char *seal = stored->bytes.size == 0 ? NULL
                                               : memmem(stored->bytes.data, stored->bytes.size,
                                                        seal_begins.data, seal_begins.size);
    size_t      size = seal == NULL ? stored->bytes.size : (size_t)(seal - stored->bytes.data);
    return tell_element(arena, stored->number, str_slice(stored->bytes, 0, size), again, remarks,
                        fault);
}

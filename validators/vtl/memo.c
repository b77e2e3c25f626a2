#include "validators/vtl/memo.h"

uint32_t
memo_number(struct machine *machine, struct str text)
{
    uint32_t number = texts_number(machine->texts, text);

    machine->memory &= number != 0;
    return number;
}

/* substr with constants */
static uint32_t
substr_of(struct machine *machine, const struct plan_instruction *in, struct str text)
{
    const struct plan_instruction *instructions = machine->plan->instructions;
    int64_t                        start = (int64_t)instructions[in->b].number;
    int64_t size = in->c == PLAN_NONE ? INT64_MAX : (int64_t)instructions[in->c].number;

    return memo_number(machine, texts_substr(text, start, size));
}

static uint32_t
apply(struct machine *machine, const struct plan_instruction *in, struct str text)
{
    char converted[VTL_STRING_SIZE_MAX];

    switch (in->op) {
    case PLAN_TRIM:
        return memo_number(machine, texts_ltrim(texts_rtrim(text)));
    case PLAN_LTRIM:
        return memo_number(machine, texts_ltrim(text));
    case PLAN_RTRIM:
        return memo_number(machine, texts_rtrim(text));
    case PLAN_SUBSTR:
        return substr_of(machine, in, text);
    case PLAN_LENGTH:
        return (uint32_t)texts_length(text);
    default:
        break;
    }
    char *out =
        text.size <= sizeof converted ? converted : ARENA_NEW(machine->scratch, char, text.size);
    if (out == NULL) {
        machine->memory = false;
        return 0;
    }
    texts_convert(text, in->op == PLAN_UPPER ? TEXTS_UPPER : TEXTS_LOWER, out);
    return memo_number(machine, (struct str){out, text.size});
}

/* True: the text stands in the sorted list. */
static bool
is_listed(const struct vtl_domain_values *list, struct str text)
{
    size_t from = 0;
    size_t to = list->count;

    while (from < to) {
        size_t middle = from + (to - from) / 2;
        int    order = str_compare(text, list->texts[middle]);
        if (order == 0) {
            return true;
        }
        if (order < 0) {
            to = middle;
        } else {
            from = middle + 1;
        }
    }
    return false;
}

/* Never UINT32_MAX: strings are numbered far below, and no string is so long. */
static uint32_t
compute(struct machine *machine, const struct plan_instruction *in, uint32_t id)
{
    struct str text = machine->texts->items[id];

    if (in->op == PLAN_IN_SET) {
        return is_listed(&machine->plan->sets[in->index], text) ? VTL_TRUE : VTL_FALSE;
    }
    if (in->op == PLAN_IN_DOMAIN) {
        return is_listed(&machine->data->domains[in->index], text) ? VTL_TRUE : VTL_FALSE;
    }
    return apply(machine, in, text);
}

uint32_t *
memo_open(struct machine *machine, const struct plan_instruction *in)
{
    struct memo *memo = &machine->memos[in - machine->plan->instructions];

    if (memo->size < machine->texts->count) {
        size_t    wanted = machine->texts->capacity;
        uint32_t *results =
            arena_extend(machine->scratch, memo->results, memo->size, wanted, sizeof *results);
        if (results == NULL) {
            machine->memory = false;
            return NULL;
        }
        *memo = (struct memo){results, wanted};
    }
    return memo->results;
}

uint32_t
memo_get(struct machine *machine, const struct plan_instruction *in, uint32_t *memo, uint32_t id)
{
    if (memo[id] == 0) {
        memo[id] = compute(machine, in, id) + 1;
    }
    return memo[id] - 1;
}

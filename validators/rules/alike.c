#include "validators/rules/alike.h"

/* Sort order by the codes of one column, keeping the order of equal ones. */
static void
sort_by(const struct alike_question *question, size_t code, uint32_t *counts, const uint32_t *order,
        uint32_t *sorted)
{
    const struct columns *columns = question->columns;
    const uint32_t       *codes = columns->codes[code];

    for (size_t i = 0; i <= columns->text_count; i++) {
        counts[i] = 0;
    }
    for (size_t i = 0; i < question->row_count; i++) {
        counts[codes[question->rows[i]] + 1]++;
    }
    for (size_t i = 0; i < columns->text_count; i++) {
        counts[i + 1] += counts[i];
    }
    for (size_t i = 0; i < question->row_count; i++) {
        uint32_t id = codes[question->rows[order[i]]];
        sorted[counts[id]] = order[i];
        counts[id]++;
    }
}

static bool
same_codes(const struct alike_question *question, size_t a, size_t b)
{
    const struct columns *columns = question->columns;
    uint32_t              row_a = question->rows[a];
    uint32_t              row_b = question->rows[b];

    for (size_t code = 0; code < columns->code_count; code++) {
        if ((question->mask >> code & 1U) != 0
            && columns->codes[code][row_a] != columns->codes[code][row_b]) {
            return false;
        }
    }
    return true;
}

bool
alike_first(struct arena *scratch, const struct alike_question *question, uint32_t *first)
{
    size_t    count = question->row_count;
    uint32_t *order = ARENA_NEW(scratch, uint32_t, count + 1);
    uint32_t *sorted = ARENA_NEW(scratch, uint32_t, count + 1);
    uint32_t *counts = ARENA_NEW(scratch, uint32_t, question->columns->text_count + 1);

    if (order == NULL || sorted == NULL || counts == NULL) {
        return false;
    }
    for (uint32_t i = 0; i < count; i++) {
        order[i] = i;
    }
    for (size_t code = 0; code < question->columns->code_count; code++) {
        if ((question->mask >> code & 1U) != 0) {
            sort_by(question, code, counts, order, sorted);
            uint32_t *swap = order;
            order = sorted;
            sorted = swap;
        }
    }
    for (size_t i = 0; i < count; i++) {
        bool repeated = i > 0 && same_codes(question, order[i - 1], order[i]);
        first[order[i]] = repeated ? first[order[i - 1]] : order[i];
    }
    return true;
}

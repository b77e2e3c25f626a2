#include "validators/difference/difference.h"

#include "validators/difference/pairing.h"

static enum cell_state
amount_state(const struct columns *columns, size_t slot, size_t row)
{
    return row == DIFFERENCE_NO_ROW ? CELL_ABSENT
                                    : (enum cell_state)columns->amount_states[slot][row];
}

static int64_t
amount_at(const struct columns *columns, size_t slot, size_t row)
{
    return row == DIFFERENCE_NO_ROW ? 0 : columns->amounts[slot][row];
}

static enum cell_state
code_state(const struct columns *columns, size_t code, size_t row)
{
    return row == DIFFERENCE_NO_ROW ? CELL_ABSENT
                                    : (enum cell_state)columns->code_states[code][row];
}

struct str
difference_code(const struct columns *columns, size_t code, size_t row)
{
    return row == DIFFERENCE_NO_ROW ? (struct str){0} : columns_code(columns, code, row);
}

/* False when there is nothing to tell of the cell. */
static bool
compare_amount(const struct difference *it, size_t slot, struct pairing_pair pair,
               struct difference_cell *out)
{
    struct difference_cell cell = {.is_amount = true,
                                   .column = slot,
                                   .before = amount_state(it->before, slot, pair.before),
                                   .after = amount_state(it->after, slot, pair.after),
                                   .before_amount = amount_at(it->before, slot, pair.before),
                                   .after_amount = amount_at(it->after, slot, pair.after)};

    cell.known = cell.before != CELL_UNKNOWN && cell.after != CELL_UNKNOWN
                 && amount_subtract(cell.after_amount, cell.before_amount, &cell.difference);
    *out = cell;
    return !cell.known || cell.difference != 0;
}

static bool
compare_code(const struct difference *it, size_t code, struct pairing_pair pair,
             struct difference_cell *out)
{
    struct difference_cell cell = {.column = code,
                                   .before = code_state(it->before, code, pair.before),
                                   .after = code_state(it->after, code, pair.after)};

    *out = cell;
    return cell.before != cell.after || cell.before == CELL_UNKNOWN
           || !str_equal(difference_code(it->before, code, pair.before),
                         difference_code(it->after, code, pair.after));
}

/* Cells that differ, into room for all of a position. Codes of the key do not, unless unreadable.
 */
static size_t
compare_cells(const struct difference *it, struct pairing_pair pair, struct difference_cell *cells)
{
    bool   paired = pair.before != DIFFERENCE_NO_ROW && pair.after != DIFFERENCE_NO_ROW;
    size_t count = 0;

    for (size_t i = 0; i < it->form->code_count; i++) {
        bool tells = compare_code(it, i, pair, &cells[count]);
        count += tells && (paired || !it->form->codes[i].key) ? 1 : 0;
    }
    for (size_t i = 0; i < it->form->amount_count; i++) {
        count += compare_amount(it, i, pair, &cells[count]) ? 1 : 0;
    }
    return count;
}

static enum difference_kind
kind_of(struct pairing_pair pair)
{
    if (pair.before == DIFFERENCE_NO_ROW) {
        return DIFFERENCE_ADDED;
    }
    return pair.after == DIFFERENCE_NO_ROW ? DIFFERENCE_REMOVED : DIFFERENCE_CHANGED;
}

static void
count_row(struct difference *it, enum difference_kind kind)
{
    it->changed += kind == DIFFERENCE_CHANGED ? 1 : 0;
    it->added += kind == DIFFERENCE_ADDED ? 1 : 0;
    it->removed += kind == DIFFERENCE_REMOVED ? 1 : 0;
}

static enum err
list_rows(struct arena *arena, struct difference *it, const struct pairing *pairing,
          struct fault *fault)
{
    struct difference_cell found[COLUMNS_CODES_MAX + COLUMNS_AMOUNTS_MAX];
    struct difference_row *rows = ARENA_NEW(arena, struct difference_row, pairing->pair_count + 1);
    size_t                 listed = 0;

    if (rows == NULL) {
        return FAIL(fault, ERR_MEMORY, "%zu positions that differ", pairing->pair_count);
    }
    for (size_t i = 0; i < pairing->pair_count; i++) {
        struct pairing_pair pair = pairing->pairs[i];
        size_t              count = compare_cells(it, pair, found);
        count_row(it, kind_of(pair));
        if (it->not_listed > 0 || listed + count > DIFFERENCE_CELLS_MAX) {
            it->not_listed++;
            continue;
        }
        struct difference_cell *cells = ARENA_NEW(arena, struct difference_cell, count + 1);
        if (cells == NULL) {
            return FAIL(fault, ERR_MEMORY, "%zu cells that differ", listed + count);
        }
        for (size_t j = 0; j < count; j++) {
            cells[j] = found[j];
        }
        listed += count;
        rows[it->row_count++] = (struct difference_row){.kind = kind_of(pair),
                                                        .before = pair.before,
                                                        .after = pair.after,
                                                        .cells = cells,
                                                        .cell_count = count};
    }
    it->rows = rows;
    return ERR_OK;
}

/* The sum of a column; false when a cell cannot be read. */
static bool
sum(const struct columns *columns, size_t slot, int64_t *out)
{
    amount_wide wide = 0;

    for (size_t i = 0; i < columns->row_count; i++) {
        if (columns->amount_states[slot][i] == CELL_UNKNOWN) {
            return false;
        }
        wide += columns->amounts[slot][i];
    }
    return amount_narrow(wide, out);
}

static struct difference_total
total_of(const struct difference *it, size_t slot)
{
    struct difference_total total = {0};

    total.known = sum(it->before, slot, &total.before) && sum(it->after, slot, &total.after)
                  && amount_subtract(total.after, total.before, &total.difference);
    return total;
}

enum err
difference_make(struct arena *arena, const struct form *form, const struct columns *before,
                const struct columns *after, struct difference *out, struct fault *fault)
{
    struct difference it = {.form = form, .before = before, .after = after};
    struct pairing    pairing = {0};

    if (before->row_count > DIFFERENCE_ROWS_MAX || after->row_count > DIFFERENCE_ROWS_MAX) {
        return FAIL(fault, ERR_LIMIT, "more than %d positions", DIFFERENCE_ROWS_MAX);
    }
    TRY(pairing_make(arena, form, before, after, &pairing, fault));
    it.same = pairing.same;
    TRY(list_rows(arena, &it, &pairing, fault));
    for (size_t i = 0; i < form->amount_count; i++) {
        it.totals[i] = total_of(&it, i);
    }
    *out = it;
    return ERR_OK;
}

struct str
difference_place(struct arena *arena, const struct difference *difference,
                 const struct difference_row *row)
{
    struct str values[COLUMNS_CODES_MAX] = {{0}};
    bool       added = row->before == DIFFERENCE_NO_ROW;

    for (size_t i = 0; i < difference->form->code_count; i++) {
        if (difference->form->codes[i].key) {
            values[i] = added ? difference_code(difference->after, i, row->after)
                              : difference_code(difference->before, i, row->before);
        }
    }
    return form_cell(arena, difference->form, values, (struct str){0});
}

#include "tests/unit/validators/sets/sheaf.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

struct sheaf
sheaf_open_edited(const struct shelf_edit *edit)
{
    struct sheaf sheaf = {.arena = arena_create((size_t)512 << 20)};
    struct fault fault = {0};

    assert_int_equal(shelf_load(sheaf.arena, edit, &sheaf.catalogue, &fault), ERR_OK);
    if (sets_compile(sheaf.arena, sheaf.catalogue, &sheaf.sets, &fault) != ERR_OK) {
        fail_msg("%s", fault.text);
    }
    return sheaf;
}

struct sheaf
sheaf_open(void)
{
    return sheaf_open_edited(NULL);
}

struct period
sheaf_quarter(const struct sheaf *sheaf, int year, int number)
{
    struct period period;

    assert_true(catalogue_period_at(catalogue_period_type(sheaf->catalogue, STR("Kwartal")), year,
                                    number, &period));
    return period;
}

static void
fill_cell(const struct form *form, struct columns *columns, struct str cell)
{
    struct str name = {0};
    int64_t    amount = 0;

    assert_true(str_cut(&cell, '=', &name));
    int code = form_code_index(form, name);
    int slot = form_amount_index(form, name);
    assert_true(code >= 0 || slot >= 0);
    if (code >= 0) {
        assert_true(columns_set_code(columns, (size_t)code, CELL_PRESENT, cell, 1));
        return;
    }
    assert_int_equal(amount_parse(cell, 2, &amount), AMOUNT_OK);
    columns_set_amount(columns, (size_t)slot, CELL_PRESENT, amount,
                       (uint32_t)(columns->row_count * 64 + 1));
}

struct sets_report
sheaf_report(const struct sheaf *sheaf, const char *element, const struct sheaf_place *place,
             const char *rows)
{
    struct str         rest = str_of(rows);
    struct str         row = {0};
    int32_t            form = catalogue_form(sheaf->catalogue, str_of(element), place->period.end);
    struct columns    *columns = ARENA_NEW(sheaf->arena, struct columns, 1);
    struct sets_report made = {.level = str_of(place->level),
                               .period = place->period,
                               .unit = str_of(place->unit),
                               .columns = columns};

    assert_true(form >= 0);
    made.form = &sheaf->catalogue->forms[form];
    assert_true(
        columns_create(sheaf->arena, made.form->code_count, made.form->amount_count, columns));
    while (str_cut(&rest, '|', &row)) {
        struct str cell = {0};
        if (row.size == 0) {
            continue;
        }
        assert_true(columns_add_row(columns, (uint32_t)(columns->row_count + 1) * 64));
        while (str_cut(&row, ' ', &cell)) {
            fill_cell(made.form, columns, cell);
        }
    }
    return made;
}

const struct sets_answer *
sheaf_answer(const struct sets_judgement *judgement, const char *code)
{
    for (size_t i = 0; i < judgement->answer_count; i++) {
        if (str_equal(judgement->answers[i].rule->entry->code, str_of(code))) {
            return &judgement->answers[i];
        }
    }
    fail_msg("no answer of %s", code);
    return NULL;
}

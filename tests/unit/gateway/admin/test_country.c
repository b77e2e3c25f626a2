#include "gateway/admin/country.h"
#include "tests/support/expect.h"
#include "validators/identifier/identifier.h"

#include <stdlib.h>
#include <string.h>

#define ROOM ((size_t)256 << 20U)

static struct arena  *arena;
static struct country country;

static int
start(void **state)
{
    struct fault fault = {0};

    (void)state;
    arena = arena_create(ROOM);
    assert_int_equal(country_make(arena, 1, &country, &fault), ERR_OK);
    return 0;
}

static int
stop(void **state)
{
    (void)state;
    arena_destroy(arena);
    return 0;
}

static int
by_regon(const void *a, const void *b)
{
    const struct unit_import_row *const *left = a;
    const struct unit_import_row *const *right = b;

    return strcmp((*left)->unit.regon.data, (*right)->unit.regon.data);
}

/* The rows in the order of REGON. */
static const struct unit_import_row **
sorted(const struct country *of, struct arena *room)
{
    const struct unit_import_row **list =
        ARENA_NEW(room, const struct unit_import_row *, of->row_count);

    assert_non_null(list);
    for (size_t i = 0; i < of->row_count; i++) {
        list[i] = &of->rows[i];
    }
    qsort(list, of->row_count, sizeof(void *), by_regon);
    return list;
}

static size_t
count_jst(const char *pt, const char *kind)
{
    size_t count = 0;

    for (size_t i = 0; i < country.row_count; i++) {
        const struct registry_unit *unit = &country.rows[i].unit;
        count +=
            str_equal(unit->kind, str_of(kind)) && (pt == NULL || str_equal(unit->pt, str_of(pt)));
    }
    return count;
}

static void
counts_are_those_of_poland(void **state)
{
    (void)state;
    assert_int_equal(count_jst("0", "jst") + count_jst("2", "jst"), COUNTRY_GMINY);
    assert_int_equal(count_jst("2", "jst"), 66);
    assert_int_equal(count_jst("1", "jst"), COUNTRY_POWIATY);
    assert_int_equal(count_jst("3", "jst"), COUNTRY_WOJEWODZTWA);
    assert_int_equal(count_jst(NULL, "zwiazek"), COUNTRY_ZWIAZKI);
    assert_int_equal(count_jst(NULL, "urzad"), 2809 + COUNTRY_ZWIAZKI);
    assert_int_equal(count_jst(NULL, "organ"), 2809 + COUNTRY_ZWIAZKI);
    print_message("%zu units, %zu served, %zu merged\n", country.row_count, country.service_count,
                  country.succession_count);
    assert_true(country.row_count > 55000 && country.row_count < 65000);
    assert_true(country.service_count > 1000 && country.succession_count > 100);
}

static void
every_number_is_right_and_given_once(void **state)
{
    const struct unit_import_row **list = sorted(&country, arena);

    (void)state;
    for (size_t i = 0; i < country.row_count; i++) {
        const struct registry_unit *unit = &list[i]->unit;
        EXPECT(identifier_regon(unit->regon) == IDENTIFIER_OK, unit->regon.data);
        EXPECT(identifier_nip(unit->nip) == IDENTIFIER_OK, unit->nip.data);
        EXPECT(i == 0 || !str_equal(unit->regon, list[i - 1]->unit.regon), unit->regon.data);
        EXPECT(str_starts_with(unit->regon, STR("99")), unit->regon.data);
        EXPECT(str_starts_with(unit->nip, STR("999")), unit->nip.data);
    }
}

static void
codes_fit_each_other_and_those_of_the_parent(void **state)
{
    const struct registry_unit *jst = NULL;

    (void)state;
    for (size_t i = 0; i < country.row_count; i++) {
        const struct registry_unit       *unit = &country.rows[i].unit;
        const struct identifier_territory codes = {unit->wk, unit->pk, unit->gk, unit->gt,
                                                   unit->pt};
        EXPECT(identifier_territory_judge(&codes).fault == IDENTIFIER_OK, unit->name.data);
        jst = country.rows[i].parent.size == 0 ? unit : jst;
        assert_non_null(jst);
        if (unit != jst) {
            EXPECT(str_equal(country.rows[i].parent, jst->regon), unit->name.data);
            EXPECT(str_equal(unit->wk, jst->wk) && str_equal(unit->gk, jst->gk)
                       && str_equal(unit->pk, jst->pk),
                   unit->name.data);
        }
        EXPECT((country.rows[i].offices.size > 0) == (unit == jst), unit->name.data);
    }
}

static void
no_two_jst_have_the_same_codes(void **state)
{
    static bool taken[33][100][32][2];

    (void)state;
    for (size_t i = 0; i < country.row_count; i++) {
        const struct registry_unit *unit = &country.rows[i].unit;
        if (country.rows[i].parent.size == 0) {
            int64_t wk = 0;
            int64_t pk = 0;
            int64_t gk = 0;
            assert_true(str_to_number(unit->wk, &wk) && str_to_number(unit->pk, &pk)
                        && str_to_number(unit->gk, &gk));
            bool *place = &taken[wk][pk][gk][str_equal(unit->gt, STR("Z"))];
            /* Of the związki of one województwo two may sit in one gmina: PT tells them apart. */
            EXPECT(!*place || str_equal(unit->gt, STR("Z")), unit->name.data);
            *place = true;
        }
    }
}

static void
merged_schools_end_where_their_successor_begins(void **state)
{
    const struct unit_import_row **list = sorted(&country, arena);

    (void)state;
    for (size_t i = 0; i < country.succession_count; i++) {
        const struct unit_import_row  key[] = {{.unit.regon = country.successions[i].unit},
                                               {.unit.regon = country.successions[i].other}};
        const struct unit_import_row *found[2];
        for (size_t end = 0; end < 2; end++) {
            const struct unit_import_row        *wanted = &key[end];
            const struct unit_import_row *const *hit =
                bsearch(&wanted, list, country.row_count, sizeof(void *), by_regon);
            assert_non_null(hit);
            found[end] = *hit;
        }
        assert_int_equal(date_days(found[0]->unit.valid_to) + 1,
                         date_days(found[1]->unit.valid_from));
        assert_int_equal(date_compare(found[1]->unit.valid_from, country_merger_day), 0);
        assert_true(str_equal(found[0]->parent, found[1]->parent));
    }
}

static void
one_seed_is_one_country_and_another_seed_shares_no_regon(void **state)
{
    struct arena  *room = arena_create(ROOM * 2);
    struct country again = {0};
    struct country other = {0};
    struct fault   fault = {0};
    size_t         at = 0;

    (void)state;
    assert_int_equal(country_make(room, 1, &again, &fault), ERR_OK);
    assert_int_equal(country_make(room, 2, &other, &fault), ERR_OK);
    assert_int_equal(again.row_count, country.row_count);
    for (size_t i = 0; i < country.row_count; i++) {
        assert_true(str_equal(again.rows[i].unit.regon, country.rows[i].unit.regon));
        assert_true(str_equal(again.rows[i].unit.name, country.rows[i].unit.name));
    }
    const struct unit_import_row **mine = sorted(&country, room);
    const struct unit_import_row **theirs = sorted(&other, room);
    for (size_t i = 0; i < country.row_count; i++) {
        while (at < other.row_count && by_regon(&theirs[at], &mine[i]) < 0) {
            at++;
        }
        assert_true(at == other.row_count || by_regon(&theirs[at], &mine[i]) != 0);
    }
    arena_destroy(room);
}

static void
country_that_does_not_fit_is_refused(void **state)
{
    (void)state;
    for (size_t ceiling = 1024; ceiling < ROOM / 2; ceiling *= 4) {
        struct arena  *room = arena_create(ceiling);
        struct fault   fault = {0};
        struct country out = {0};
        enum err       got = country_make(room, 1, &out, &fault);
        EXPECT(got == ERR_OK || (got == ERR_MEMORY && out.row_count == 0), "ceiling");
        arena_destroy(room);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(counts_are_those_of_poland),
        cmocka_unit_test(every_number_is_right_and_given_once),
        cmocka_unit_test(codes_fit_each_other_and_those_of_the_parent),
        cmocka_unit_test(no_two_jst_have_the_same_codes),
        cmocka_unit_test(merged_schools_end_where_their_successor_begins),
        cmocka_unit_test(one_seed_is_one_country_and_another_seed_shares_no_regon),
        cmocka_unit_test(country_that_does_not_fit_is_refused),
    };

    return cmocka_run_group_tests(tests, start, stop);
}

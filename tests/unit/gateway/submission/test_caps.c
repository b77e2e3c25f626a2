#include "tests/support/expect.h"
#include "tests/support/maker.h"
#include "tests/unit/gateway/submission/workshop.h"

#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

/* The largest package that prescan lets through: it must be decided and receipted like any other.
 */
#define ROOM ((size_t)1 << 30U)
#define DOCUMENT_MAX ((size_t)16 << 20U)
#define BEGIN "<Jednostki>"

enum {
    UNITS = 5000,
    OF_PACKAGE = 100,  /* findings of the package itself that are listed */
    FINDINGS = 2000,   /* of the package and its reports together */
    SECONDS_MAX = 300, /* ten times what it takes here */
    UNIT_RECEIPT_MAX = 16 * 1024,
};

/* In each unit: this text by another of the same length. */
static void
replace_all(char *text, size_t size, struct str old, struct str new)
{
    char *at = memmem(text, size, old.data, old.size);

    ENSURE(old.size == new.size);
    for (; at != NULL; at = memmem(at, (size_t)(text + size - at), old.data, old.size)) {
        memcpy(at, new.data, new.size);
    }
}

static void
put_empty_units(struct buf *out, size_t from, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct str regon = maker_regon(out->arena, from + i);
        buf_format(out,
                   "<Jednostka><Nazwa>PUSTA</Nazwa><Typ>JB</Typ><Regon>%.*s     </Regon><WK>99</WK>"
                   "<PK>01</PK><GK>02</GK><GT>3</GT><PT>0</PT><Sprawozdania></Sprawozdania><Obce/>"
                   "</Jednostka>",
                   STR_ARG(regon));
    }
}

/* The rest of the package, each unit's name made so much longer. */
static void
put_longer(struct buf *out, struct str rest, struct str more)
{
    static const char tag[] = "<Nazwa>";
    size_t            at = 0;

    for (size_t i = 0; i + sizeof tag - 1 <= rest.size && more.size > 0; i++) {
        if (memcmp(rest.data + i, tag, sizeof tag - 1) == 0) {
            buf_append(out, str_slice(rest, at, i + sizeof tag - 1 - at));
            buf_append(out, more);
            at = i + sizeof tag - 1;
        }
    }
    buf_append(out, str_slice(rest, at, rest.size));
}

/* Empty units with what no format has, each a finding of the package; behind them so many units
 * with one report each. */
static struct str
make_package(struct arena *arena, size_t filing, size_t empty, struct str more)
{
    const struct maker_options options = {
        .units = filing, .rows = 1, .forms = MAKER_RB27S, .features = maker_feature("unsigned")};
    struct str   bytes = {0};
    struct fault fault = {0};

    ENSURE(options.features != 0);
    ENSURE(maker_package(arena, &options, NULL, &bytes, &fault) == ERR_OK);
    const char *begin = memmem(bytes.data, bytes.size, BEGIN, sizeof BEGIN - 1);
    struct buf  out = buf_create(arena, DOCUMENT_MAX);
    ENSURE(begin != NULL);
    size_t head = (size_t)(begin - bytes.data) + sizeof BEGIN - 1;
    buf_append(&out, str_slice(bytes, 0, head));
    put_empty_units(&out, filing, empty);
    put_longer(&out, str_slice(bytes, head, bytes.size), more);
    ENSURE(buf_ok(&out));
    replace_all(out.data, out.size, STR("<DataSprawozdania>2026"), STR("<DataSprawozdania>2o26"));
    return buf_str(&out);
}

static void
register_units(const struct workshop *workshop)
{
    struct arena *arena = arena_create(ROOM);
    struct buf    sql = buf_create(arena, ROOM);

    buf_append(&sql, STR("INSERT INTO registry.unit (regon, wk, pk, gk, gt, pt, type, kind, name,"
                         " parent, valid_from) VALUES "));
    for (size_t i = 0; i < UNITS; i++) { /* some are there */
        struct str regon = maker_regon(arena, i);
        buf_format(&sql,
                   "%s('%.*s', '99', '01', '02', '3', '0', 'JB', 'jednostka-budzetowa', 'SP', 1,"
                   " '2020-01-01')",
                   i == 0 ? "" : ", ", STR_ARG(regon));
    }
    buf_append(&sql, STR(" ON CONFLICT DO NOTHING"));
    buf_byte(&sql, '\0');
    ENSURE(buf_ok(&sql));
    workshop_run(workshop, sql.data);
    arena_destroy(arena);
}

/* Beside the 37 letters that a name has. */
static struct str
filler(struct arena *arena)
{
    enum { LETTERS = 460 };
    struct buf out = buf_create(arena, ROOM);

    for (size_t i = 0; i < LETTERS; i++) {
        buf_append(&out, STR("Ż"));
    }
    return buf_str(&out);
}

static double
seconds(void)
{
    struct timespec now = {0};

    ENSURE(clock_gettime(CLOCK_MONOTONIC, &now) == 0);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

#define LARGEST "SELECT max(length(bytes)) FROM intake.receipt WHERE kind = 'unit'"

#define TELLING                                                                                   \
    "SELECT count(*) FROM intake.receipt u, intake.receipt s WHERE u.kind = 'unit'"               \
    " AND s.kind = 'summary' AND position('<UwagDoPaczki>%lld</UwagDoPaczki><UwagiDoPaczkiWUPO>'" \
    " || s.number || '<' IN convert_from(u.bytes, 'UTF8')) > 0"

#define STATED "SELECT count(*) FROM intake.finding WHERE report < 0 AND severity <> 'info'"

#define LISTED                                                                            \
    "SELECT count(*) FROM (SELECT regexp_matches(split_part(convert_from(bytes, 'UTF8')," \
    " '<Sprawozdania>', 1), '<Kod>', 'g') FROM intake.receipt WHERE kind = 'summary') q"

static const struct {
    const char *name;
    size_t      filing;
    size_t      empty;
    int64_t     of_package;
    bool        long_names; /* as long as the format allows, in letters of two bytes */
} cases[] = {
    {"reports, units and names", UNITS,              0,          0,          true },
    {"findings of the package",  UNITS - OF_PACKAGE, OF_PACKAGE, OF_PACKAGE, false},
};

static void
expect_receipts(const struct workshop *workshop, size_t i)
{
    int64_t filing = (int64_t)cases[i].filing;

    EXPECT(workshop_number(workshop, "SELECT count(*) FROM intake.receipt") == filing + 1,
           cases[i].name);
    EXPECT(workshop_number(workshop, "SELECT count(*) FROM intake.receipt WHERE kind = 'unit'"
                                     " AND convert_from(bytes, 'UTF8') ~ '</Dziennik><Uwagi>'")
               == 0,
           cases[i].name);
    EXPECT(workshop_number(workshop, LARGEST) < UNIT_RECEIPT_MAX, cases[i].name);
    int64_t    stated = workshop_number(workshop, STATED);
    struct str telling = str_format(workshop->arena, TELLING, (long long)stated);
    EXPECT(stated >= cases[i].of_package && stated <= OF_PACKAGE + 1, cases[i].name);
    EXPECT(workshop_number(workshop, telling.data) == (cases[i].of_package > 0 ? filing : 0),
           cases[i].name);
    EXPECT(workshop_number(workshop, LISTED) == stated, cases[i].name);
}

static void
the_largest_package_is_decided_and_each_unit_gets_what_concerns_it(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        struct workshop *workshop = workshop_open();
        struct str       bytes =
            make_package(workshop->arena, cases[i].filing, cases[i].empty,
                         cases[i].long_names ? filler(workshop->arena) : (struct str){0});
        struct rusage usage = {0};
        register_units(workshop);
        double               begun = seconds();
        struct workshop_told told = workshop_send(workshop, WORKSHOP_GMINA, 1, "k", bytes);
        double               taken = seconds() - begun;
        ENSURE(getrusage(RUSAGE_SELF, &usage) == 0);
        EXPECT(told.news.kind == FILING_DECIDED && taken < SECONDS_MAX, cases[i].name);
        EXPECT(str_equal(workshop_ask(workshop, "SELECT state || ' ' || attempts FROM"
                                                " intake.submission"),
                         STR("decided 0")),
               cases[i].name);
        EXPECT(workshop_number(workshop, "SELECT count(*) FROM intake.report")
                   == (int64_t)cases[i].filing,
               cases[i].name);
        EXPECT(workshop_number(workshop, "SELECT count(*) FROM intake.finding") >= FINDINGS,
               cases[i].name);
        expect_receipts(workshop, i);
        printf("%s: %zu bytes, %.1f s, %ld MiB at most; receipts: the summary %lld bytes, of a unit"
               " %lld at most\n",
               cases[i].name, bytes.size, taken, usage.ru_maxrss / 1024,
               (long long)workshop_number(workshop, "SELECT length(bytes) FROM intake.receipt"
                                                    " WHERE kind = 'summary'"),
               (long long)workshop_number(workshop, LARGEST));
        workshop_close(workshop);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_largest_package_is_decided_and_each_unit_gets_what_concerns_it),
    };

    return cmocka_run_group_tests(tests, workshop_start, workshop_stop);
}

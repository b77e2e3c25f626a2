#include "tests/scenario/bad_input/answer.h"
#include "tests/scenario/bad_input/keys.h"
#include "tests/scenario/cli/program.h"
#include "tests/support/expect.h"
#include "tests/support/maker.h"
#include "tests/support/sheet.h"

#include <string.h>

/*
 * Every form beside Rb-27s and Rb-28s against the real `brama validate --json`: a good report, what
 * can be wrong with any, and what is wrong with each (sheet.def). The packages of a form are judged
 * in one run, each of a unit of its own, so that none speaks of another.
 */
enum { NAME_SIZE = 64, BATCH_MAX = 16 };

#define ROOM ((size_t)512 << 20U)

static const struct row sheets[] = {
#include "tests/scenario/bad_input/sheets.def"
};

/* Packages that wait for their run. */
struct batch {
    struct arena     *arena;
    const struct row *rows[BATCH_MAX];
    const char       *paths[BATCH_MAX];
    size_t            count;
    size_t            told;  /* rows so far */
    size_t            wrong; /* answers that are not their row's */
};

static void
run_batch(struct batch *batch)
{
    struct program program = {
        .arguments = {"validate", "--json", "--trust", keys_trust, "--at", "2026-07-24"}
    };
    int wanted = 0;

    for (size_t i = 0; i < batch->count; i++) {
        program.arguments[6 + i] = batch->paths[i];
        wanted = batch->rows[i]->exit_code > wanted ? batch->rows[i]->exit_code : wanted;
    }
    struct program_result result = program_run(batch->arena, &program);
    json_t               *answer = json_loadb(result.out.data, result.out.size, 0, NULL);
    json_t               *files = json_object_get(answer, "files");
    EXPECT(result.exit_code == wanted && json_array_size(files) == batch->count, result.err.data);
    for (size_t i = 0; i < batch->count; i++) {
        bool agrees = answer_agrees(batch->arena, batch->rows[i], json_array_get(files, i));
        batch->wrong += agrees ? 0 : 1;
        program_forget(batch->paths[i]);
    }
    json_decref(answer);
    batch->told += batch->count;
    batch->count = 0;
}

/* "Rb-nds", "Rb-nds sum-missing": the row of a sheet and of what is done to it. */
static void
add_sheet(struct batch *batch, const struct sheet *sheet, const char *what,
          const struct maker_options *asked)
{
    struct arena        *arena = arena_create(ROOM);
    struct maker_options options = *asked;
    struct fault         fault = {0};
    struct str           package = {0};
    char                 name[NAME_SIZE];

    options.sheet = sheet->tag;
    options.first_unit = batch->told + batch->count;
    (void)snprintf(name, sizeof name, "%s%s%s", sheet->tag, what[0] == '\0' ? "" : " ", what);
    EXPECT(maker_package(arena, &options, keys_authority, &package, &fault) == ERR_OK, fault.text);
    batch->rows[batch->count] = answer_row(sheets, ARRAY_COUNT(sheets), name);
    batch->paths[batch->count] = program_temporary(batch->arena, package);
    batch->count++;
    arena_destroy(arena);
    if (batch->count == BATCH_MAX) {
        run_batch(batch);
    }
}

/* What can be wrong with a report of any form, and is judged by rules of its own. */
static const struct {
    const char *name;
    const char *level; /* Typ; NULL: the sheet's */
    const char *period_kind;
    int         year;
    int         period;
    const char *fault;
    const char *date;
    const char *feature;
} anyhow[] = {
    {"of-a-month",   NULL,      "Miesiac", 0,    5, NULL,             NULL,         NULL      },
    {"of-a-unit",    "JB",      NULL,      0,    0, NULL,             NULL,         NULL      },
    {"of-a-council", "ZB-TEST", NULL,      0,    0, NULL,             NULL,         NULL      },
    {"of-quarter-3", NULL,      "Kwartal", 2025, 3, NULL,             NULL,         NULL      },
    {"dated-early",  NULL,      NULL,      0,    0, NULL,             "2025-11-03", NULL      },
    {"dated-late",   NULL,      NULL,      0,    0, NULL,             "2026-07-25", NULL      },
    {"no-rows",      NULL,      NULL,      0,    0, "rows-missing",   NULL,         NULL      },
    {"no-header",    NULL,      NULL,      0,    0, "header-missing", NULL,         NULL      },
    {"unsigned",     NULL,      NULL,      0,    0, NULL,             NULL,         "unsigned"},
};

static void
every_form_is_judged_by_its_own_rules(void **state)
{
    struct batch batch = {.arena = arena_create(ROOM)};

    (void)state;
    for (size_t i = 0; i < sheet_count(); i++) {
        add_sheet(&batch, sheet_at(i), "", &(struct maker_options){0});
        for (size_t j = 0; j < ARRAY_COUNT(anyhow); j++) {
            struct maker_options options = {.kind = anyhow[j].level,
                                            .period_kind = anyhow[j].period_kind,
                                            .year = anyhow[j].year,
                                            .period = anyhow[j].period,
                                            .fault = anyhow[j].fault,
                                            .date = anyhow[j].date};
            options.features = anyhow[j].feature == NULL ? 0 : maker_feature(anyhow[j].feature);
            add_sheet(&batch, sheet_at(i), anyhow[j].name, &options);
        }
    }
    for (size_t i = 0; i < sheet_fault_count(); i++) {
        const struct sheet_fault *it = sheet_fault_at(i);
        add_sheet(&batch, sheet_find(it->tag), it->name,
                  &(struct maker_options){.fault = it->name});
    }
    run_batch(&batch);
    assert_int_equal(batch.wrong, 0);
    assert_int_equal(batch.told, ARRAY_COUNT(sheets));
    arena_destroy(batch.arena);
}

/* What is only a model decides nothing in PROD, however good it is. */
static void
a_model_says_so_in_prod(void **state)
{
    (void)state;
    for (size_t i = 0; i < sheet_count(); i++) {
        struct arena        *arena = arena_create(ROOM);
        struct maker_options options = {.sheet = sheet_at(i)->tag};
        struct fault         fault = {0};
        struct str           package = {0};

        EXPECT(maker_package(arena, &options, keys_authority, &package, &fault) == ERR_OK,
               fault.text);
        const char    *path = program_temporary(arena, package);
        struct program program = {
            .arguments = {"validate", "--json", "--env", "prod", "--trust", keys_trust, "--at",
                          "2026-07-24", path}
        };
        struct program_result result = program_run(arena, &program);
        EXPECT(program_says(result.out, "PACZKA-011"), options.sheet);
        EXPECT(!program_says(result.out, "\"verdict\": \"accepted\"")
                   && !program_says(result.out, "\"verdict\":\"accepted\""),
               options.sheet);
        program_forget(path);
        arena_destroy(arena);
    }
}

/* Of a model only what is wrong with the package itself rejects in PROD; the rest is listed. */
static const struct {
    const char *fault;
    const char *territory; /* WK, in the package and in the report; 99 is there for tests alone */
    const char *code;
    const char *verdict;
} broken[] = {
    {"total",                "10", "RBZ-001",       "undecided"},
    {"twice",                "10", "RBZ-010",       "undecided"},
    {"column",               "10", "XSD-001",       "undecided"},
    {"amount",               "10", "XSD-045",       "undecided"},
    {"rows-missing",         "10", "PACZKA-011",    "undecided"},
    {"total",                "99", "TOZSAMOSC-005", "rejected" },
    {"header-regon-differs", "10", "PACZKA-003",    "rejected" },
};

/* A copy of an unsigned package that has every WK changed. */
static struct str
settle(struct arena *arena, struct str package, const char *territory)
{
    char *bytes = ARENA_NEW(arena, char, package.size);

    memcpy(bytes, package.data, package.size);
    for (size_t i = 0; i + 6 < package.size; i++) {
        if (memcmp(bytes + i, "<WK>99", 6) == 0) {
            memcpy(bytes + i + 4, territory, 2);
        }
    }
    return (struct str){bytes, package.size};
}

static void
what_a_model_finds_wrong_does_not_reject_in_prod(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(broken); i++) {
        struct arena        *arena = arena_create(ROOM);
        struct maker_options options = {
            .sheet = "Rb-z", .fault = broken[i].fault, .features = maker_feature("unsigned")};
        struct fault fault = {0};
        struct str   package = {0};

        EXPECT(maker_package(arena, &options, keys_authority, &package, &fault) == ERR_OK,
               fault.text);
        const char    *path = program_temporary(arena, settle(arena, package, broken[i].territory));
        struct program program = {
            .arguments = {"validate", "--json", "--env", "prod", "--trust", keys_trust, "--at",
                          "2026-07-24", path}
        };
        struct program_result result = program_run(arena, &program);
        struct str            said = str_format(arena, "\"verdict\":\"%s\"", broken[i].verdict);
        EXPECT(program_says(result.out, broken[i].code), broken[i].code);
        EXPECT(program_says(result.out, "PACZKA-011"), broken[i].code);
        EXPECT(program_says(result.out, said.data), broken[i].code);
        EXPECT(program_says(result.out, "\"verdict\":\"rejected\"")
                   == (strcmp(broken[i].verdict, "rejected") == 0),
               broken[i].code);
        program_forget(path);
        arena_destroy(arena);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_form_is_judged_by_its_own_rules),
        cmocka_unit_test(a_model_says_so_in_prod),
        cmocka_unit_test(what_a_model_finds_wrong_does_not_reject_in_prod),
    };

    return cmocka_run_group_tests(tests, keys_make, keys_drop);
}

#include "tests/scenario/cli/program.h"
#include "tests/support/command.h"
#include "tests/support/expect.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/*
 * The guide for authors of rules (schemas/README.md), done as it says: its blocks are put where it
 * puts them in a copy of schemas/, and its commands are run.
 */
enum { ARENA_MAX = 256 * 1024 * 1024, COMMANDS = 6 };

#define FORM "rb-27s/2025-1/"
#define SETS "sets/2025-1/"

/* The block of the guide that begins with ```kind. */
static struct str
block(struct arena *arena, struct str guide, const char *kind)
{
    struct str  begin = str_format(arena, "\n```%s\n", kind);
    const char *from = memmem(guide.data, guide.size, begin.data, begin.size);

    assert_non_null(from);
    from += begin.size;
    const char *end = memmem(from, guide.size - (size_t)(from - guide.data), "\n```\n", 5);
    assert_non_null(end);
    return (struct str){from, (size_t)(end - from)};
}

static void
write_file(const char *path, struct str bytes)
{
    FILE *file = fopen(path, "wb");

    assert_non_null(file);
    assert_int_equal(fwrite(bytes.data, 1, bytes.size, file), bytes.size);
    assert_int_equal(fclose(file), 0);
}

/* Put text before what stands at the end of a file. */
static void
insert(struct arena *arena, const char *path, const char *end, struct str text)
{
    struct str with = str_format(arena, "%.*s\n%s", STR_ARG(text), end);

    write_file(path, program_replace(arena, program_file(arena, path), end, with.data));
}

/* A copy of schemas/ with the rules of the guide. */
static const char *
follow_guide(struct arena *arena, struct str guide)
{
    static char folder[] = "/tmp/brama-guide.XXXXXX";
    struct str  formula = block(arena, guide, "vtl");

    assert_non_null(mkdtemp(folder));
    const char *const copy[] = {"cp", "-r", "schemas/.", folder, NULL};
    assert_int_equal(command_run(copy, STR(""), NULL), 0);
    insert(arena, str_format(arena, "%s/" FORM "rules.vtl", folder).data,
           "\nend datapoint ruleset;", str_format(arena, ";\n%.*s", STR_ARG(formula)));
    insert(arena, str_format(arena, "%s/" FORM "rules.xml", folder).data, "</rules>",
           block(arena, guide, "xml"));
    write_file(str_format(arena, "%s/" FORM "tests/RB27S-900.xml", folder).data,
               block(arena, guide, "cases"));
    insert(arena, str_format(arena, "%s/" SETS "rules.xml", folder).data, "</rules>",
           block(arena, guide, "set-xml"));
    write_file(str_format(arena, "%s/" SETS "ZESTAW-900.vtl", folder).data,
               block(arena, guide, "set-vtl"));
    write_file(str_format(arena, "%s/" SETS "tests/ZESTAW-900.xml", folder).data,
               block(arena, guide, "set-cases"));
    return folder;
}

/* One line of the guide, "$ brama ...", with the copy for its folder. */
static struct program_result
run_line(struct arena *arena, struct str line, const char *folder)
{
    struct program program = {0};
    struct str     word = {0};
    size_t         count = 0;

    assert_true(str_starts_with(line, STR("$ brama ")));
    line = str_slice(line, strlen("$ brama "), line.size);
    while (str_cut(&line, ' ', &word)) {
        assert_true(count + 1 < PROGRAM_ARGUMENTS_MAX);
        program.arguments[count] =
            str_equal(word, STR("schemas")) ? folder : str_copy(arena, word).data;
        count++;
    }
    return program_run(arena, &program);
}

/* What each command of the guide must say, in its order. */
static const char *const said[COMMANDS] = {
    "",
    "",
    "0 niezauważonych",
    "Reguła jest na próbie",
    "<PaczkaSprawozdan Wersja=\"0.3\">",
    "bez błędów",
};

static void
the_guide_for_authors_works_as_it_stands(void **state)
{
    struct arena *arena = arena_create(ARENA_MAX);
    struct str    guide = program_file(arena, "schemas/README.md");
    const char   *folder = follow_guide(arena, guide);
    struct str    lines = block(arena, guide, "console");
    struct str    line = {0};
    size_t        count = 0;

    (void)state;
    while (str_cut(&lines, '\n', &line)) {
        struct program_result got = run_line(arena, line, folder);
        assert_true(count < COMMANDS);
        if (got.exit_code != 0 || !program_says(got.out, said[count])) {
            fail_msg("%.*s: %d\n%s%s", STR_ARG(line), got.exit_code, got.out.data, got.err.data);
        }
        count++;
    }
    assert_int_equal(count, COMMANDS);
    const char *const clear[] = {"rm", "-r", folder, NULL};
    assert_int_equal(command_run(clear, STR(""), NULL), 0);
    arena_destroy(arena);
}

/* Of every form, on the day on which it is asked for: it meets its schema and all its rules, its
 * period is over, and it waits for nothing but signatures. */
static void
every_form_has_an_example_that_nothing_is_said_of(void **state)
{
    struct arena  *arena = arena_create(ARENA_MAX);
    struct program list = {
        .arguments = {"forms", "list", NULL}
    };
    struct program_result forms = program_run(arena, &list);
    struct str            line = {0};
    size_t                count = 0;

    (void)state;
    assert_int_equal(forms.exit_code, 0);
    while (str_cut(&forms.out, '\n', &line) && line.size > 0) {
        struct str rest = line;
        struct str code = {0};
        (void)str_cut(&rest, ' ', &code);
        struct program example = {
            .arguments = {"forms", "example", str_copy(arena, code).data, NULL}
        };
        struct program_result made = program_run(arena, &example);
        assert_int_equal(made.exit_code, 0);
        const char    *path = program_temporary(arena, made.out);
        struct program validate = {
            .arguments = {"validate", path, "--csv", NULL}
        };
        struct program_result judged = program_run(arena, &validate);
        if (program_says(judged.out, ";error;") || program_says(judged.out, ";query;")
            || program_says(judged.out, ";warning;") || !program_says(judged.out, ";held;")) {
            fail_msg("%.*s:\n%s", STR_ARG(code), judged.out.data);
        }
        program_forget(path);
        count++;
    }
    assert_true(count >= 14);
    arena_destroy(arena);
}

static void
what_forms_does_not_know_is_refused(void **state)
{
    static const struct {
        const char *arguments[5];
        int         exit_code;
    } rows[] = {
        {{"forms", NULL},                                      2},
        {{"forms", "show", NULL},                              2},
        {{"forms", "example", NULL},                           2},
        {{"forms", "list", "RB27S", NULL},                     2},
        {{"forms", "example", "RB99", NULL},                   2},
        {{"forms", "example", "rb27s", NULL},                  2},
        {{"forms", "list", "--rules", "no-such-folder", NULL}, 3},
        {{"forms", "--help", NULL},                            0},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(rows); i++) {
        struct arena  *arena = arena_create(ARENA_MAX);
        struct program program = {0};
        memcpy(program.arguments, rows[i].arguments, sizeof rows[i].arguments);
        assert_int_equal(program_run(arena, &program).exit_code, rows[i].exit_code);
        arena_destroy(arena);
    }
}

/* lint finds whatever would keep a folder from being published, and all of it within its files. */
static void
lint_tells_what_a_release_would_be_refused_for(void **state)
{
    static const struct {
        const char *path;
        const char *end; /* of the file; text is put before it */
        const char *text;
        const char *says[2];
    } cases[] = {
        {"rb-27s/2025-1/report.xsd",
         "</xs:schema>", "<xs:element name=\"x\" type=\"Kwotta\"/>",
         {"rb-27s/2025-1/report.xsd:", "Kwotta"}                                                                                                     },
        {"rb-27s/2025-1/rules.xml",
         "</rules>",     "<rule code=\"RB27S-991\" domain=\"S27-01\"><title>t</title><explain>e</explain>"
         "<fix>f</fix><basis>b</basis><applies severity=\"proposed\"/></rule>", {"reguła RB27S-991: nie ma jej w rules.vtl", ""}},
        {"rb-27s/2025-1/rules.xml",
         "</rules>",     "<rule code=\"RB27S-99\"/><rule code=\"RB27S-992\" titel=\"t\"/>",
         {"to nie jest kod w postaci PRZEDROSTEK-NNN: „RB27S-99”", "nieznany atrybut „titel”"}                                               },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        struct arena  *arena = arena_create(ARENA_MAX);
        char           folder[] = "/tmp/brama-lint.XXXXXX";
        struct program lint = {
            .arguments = {"rules", "lint", "--rules", folder}
        };
        const char *const copy[] = {"cp", "-r", "schemas/.", folder, NULL};
        const char *const clear[] = {"rm", "-r", folder, NULL};

        assert_non_null(mkdtemp(folder));
        assert_int_equal(command_run(copy, STR(""), NULL), 0);
        insert(arena, str_format(arena, "%s/%s", folder, cases[i].path).data, cases[i].end,
               str_of(cases[i].text));
        struct program_result got = program_run(arena, &lint);
        EXPECT(got.exit_code == 1, cases[i].text);
        for (size_t j = 0; j < ARRAY_COUNT(cases[i].says); j++) {
            EXPECT(program_says(got.err, cases[i].says[j]), cases[i].says[j]);
        }
        assert_int_equal(command_run(clear, STR(""), NULL), 0);
        arena_destroy(arena);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_guide_for_authors_works_as_it_stands),
        cmocka_unit_test(every_form_has_an_example_that_nothing_is_said_of),
        cmocka_unit_test(what_forms_does_not_know_is_refused),
        cmocka_unit_test(lint_tells_what_a_release_would_be_refused_for),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

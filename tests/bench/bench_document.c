/*
 * What the pass over a package costs: libxml2's push parser alone (SAX calls that do nothing), the
 * whole pass (parse, schemas, columns, places), and `xmllint --stream --noout --schema` over the
 * same report as a process of its own.
 *
 * Usage: bench_document [ROUNDS]. All three take their turn in each round; medians of CPU time are
 * printed per report and in MB/s. The schema of a report is the yardstick's schema too; the package
 * around the report, which xmllint does not read, is 0.6 KB.
 */
#include "tests/unit/validators/document/forms.h"
#include "validators/document/pass.h"

#include <spawn.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

extern char **environ;

enum {
    MEBIBYTE = 1024 * 1024,
    ROUNDS_MAX = 101,
    ROUNDS = 15,
    CHUNK_SIZE = 16 * 1024,
    PATH_SIZE_MAX = 4096
};

enum step { STEP_PARSE, STEP_PASS, STEP_XMLLINT, STEP_XMLLINT_START, STEP_COUNT };

static const char *const step_names[] = {"push parser alone", "the whole pass", "xmllint --stream",
                                         "xmllint of no row"};

static double
cpu_of(int who)
{
    struct rusage usage = {0};

    ENSURE(getrusage(who, &usage) == 0);
    return (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec)
           + (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

static struct str
make_report(struct arena *arena, size_t rows)
{
    struct buf   text = buf_create(arena, 256 * (size_t)MEBIBYTE);
    unsigned int seed = 1;

    buf_append(&text, STR("<Rb-27s Id=\"Rb27s_c2c1732d7d849bb5184bceceed63a7a7\"><Okres><Rok>2026"
                          "</Rok><TypOkresu>Kwartal</TypOkresu><Okres>2</Okres></Okres><Jednostka>"
                          "<Nazwa>SZKOŁA</Nazwa><Typ>JB</Typ><Regon>990001010     </Regon><WK>99"
                          "</WK><PK>01</PK><GK>02</GK><GT>3</GT><PT>0</PT></Jednostka><Naglowek>"
                          "<Wersja>0</Wersja><DataSprawozdania>2026-07-09</DataSprawozdania>"
                          "</Naglowek><Pozycje>"));
    for (size_t i = 0; i < rows; i++) {
        seed = seed * 1103515245U + 12345U;
        unsigned int whole = seed % 100000U + 1U;
        buf_format(&text,
                   "<Pozycja><Dzial>801</Dzial><Rozdzial>80101</Rozdzial><Paragraf>%03u</Paragraf>"
                   "<P4>0</P4><PL>%u.00</PL><NA>%u.37</NA><DW>%u.50</DW></Pozycja>",
                   seed / 65536U % 100U, whole, whole / 2U + 1U, whole / 3U + 1U);
    }
    buf_append(&text, STR("</Pozycje></Rb-27s>"));
    ENSURE(buf_ok(&text));
    return buf_str(&text);
}

static struct str
wrap(struct arena *arena, struct str report)
{
    struct buf text = buf_create(arena, 256 * (size_t)MEBIBYTE);

    buf_append(&text, STR("\xEF\xBB\xBF<?xml version=\"1.0\" encoding=\"utf-8\"?><PaczkaSprawozdan"
                          " Wersja=\"0.3\"><Okres><Rok>2026</Rok><TypOkresu>Kwartal</TypOkresu>"
                          "<Okres>2</Okres></Okres><Jednostki><Jednostka><Nazwa>SZKOŁA</Nazwa><Typ>"
                          "JB</Typ><Regon>990001010     </Regon><WK>99</WK><PK>01</PK><GK>02</GK>"
                          "<GT>3</GT><PT>0</PT><Sprawozdania>"));
    buf_append(&text, report);
    buf_append(&text, STR("</Sprawozdania></Jednostka></Jednostki></PaczkaSprawozdan>"));
    ENSURE(buf_ok(&text));
    return buf_str(&text);
}

static void
on_start(void *user, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri,
         int namespace_count, const xmlChar **namespaces, int attribute_count, int default_count,
         const xmlChar **attributes)
{
    (void)user;
    (void)name;
    (void)prefix;
    (void)uri;
    (void)namespace_count;
    (void)namespaces;
    (void)attribute_count;
    (void)default_count;
    (void)attributes;
}

static void
on_end(void *user, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri)
{
    (void)user;
    (void)name;
    (void)prefix;
    (void)uri;
}

static void
on_text(void *user, const xmlChar *text, int size)
{
    (void)user;
    (void)text;
    (void)size;
}

static void
parse_only(struct str bytes)
{
    struct guard  guard = {0};
    xmlSAXHandler handler = {.initialized = XML_SAX2_MAGIC,
                             .startElementNs = on_start,
                             .endElementNs = on_end,
                             .characters = on_text,
                             .ignorableWhitespace = on_text};

    ENSURE(guard_parser(&guard, &handler, NULL));
    while (bytes.size > 0) {
        struct str piece = str_slice(bytes, 0, CHUNK_SIZE);
        ENSURE(xmlParseChunk(guard.parser, piece.data, (int)piece.size, 0) == 0);
        bytes = str_slice(bytes, piece.size, bytes.size);
    }
    ENSURE(xmlParseChunk(guard.parser, NULL, 0, 1) == 0);
    guard_release(&guard);
}

/* Bytes of the arena beyond the rows' columns. */
static size_t
whole_pass(const struct forms *forms, struct str bytes)
{
    struct arena    *arena = arena_create(512 * (size_t)MEBIBYTE);
    struct findings *findings = findings_create(arena);
    struct package   package = {0};

    ENSURE(findings != NULL);
    ENSURE(document_read(arena, bytes, &forms->catalogue, forms->schemas, &package, findings, NULL)
           == ERR_OK);
    ENSURE(package.complete && findings_count(findings) == 0);
    size_t beyond = arena_used(arena) - columns_bytes(&package.reports[0].columns);
    arena_destroy(arena);
    return beyond;
}

static void
run_xmllint(const char *path)
{
    char        schema[] = BRAMA_SOURCE_DIR "/schemas/rb-27s/2025-1/report.xsd";
    char        file[PATH_SIZE_MAX];
    char *const arguments[] = {"xmllint", "--stream", "--noout", "--schema", schema, file, NULL};
    posix_spawn_file_actions_t actions;
    pid_t                      child = 0;
    int                        status = 0;

    (void)snprintf(file, sizeof file, "%s", path);
    ENSURE(posix_spawn_file_actions_init(&actions) == 0);
    ENSURE(posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", 1, 0) == 0);
    ENSURE(posix_spawnp(&child, "xmllint", &actions, NULL, arguments, environ) == 0);
    ENSURE(waitpid(child, &status, 0) == child && status == 0);
    ENSURE(posix_spawn_file_actions_destroy(&actions) == 0);
}

static void
write_file(struct arena *arena, struct str text, char path[])
{
    int fd = mkstemp(path);

    (void)arena;
    ENSURE(fd >= 0 && write(fd, text.data, text.size) == (ssize_t)text.size && close(fd) == 0);
}

static int
compare(const void *a, const void *b)
{
    double left = *(const double *)a;
    double right = *(const double *)b;

    return (left > right) - (left < right);
}

static void
bench(const struct forms *forms, size_t rows, size_t rounds)
{
    struct arena *arena = arena_create(1024 * (size_t)MEBIBYTE);
    struct str    report = make_report(arena, rows);
    struct str    package = wrap(arena, report);
    char          path[] = "/tmp/bench-document-XXXXXX";
    char          empty_path[] = "/tmp/bench-document-XXXXXX";
    double        seconds[STEP_COUNT][ROUNDS_MAX];
    size_t        beyond = 0;
    size_t        times = 2000000 / package.size + 1; /* short ones are repeated */

    write_file(arena, report, path);
    write_file(arena, make_report(arena, 0), empty_path);
    for (size_t round = 0; round < rounds; round++) {
        double start = cpu_of(RUSAGE_SELF);
        for (size_t i = 0; i < times; i++) {
            parse_only(package);
        }
        double parsed = cpu_of(RUSAGE_SELF);
        for (size_t i = 0; i < times; i++) {
            beyond = whole_pass(forms, package);
        }
        double passed = cpu_of(RUSAGE_SELF);
        double children = cpu_of(RUSAGE_CHILDREN);
        run_xmllint(path);
        double linted = cpu_of(RUSAGE_CHILDREN);
        run_xmllint(empty_path);
        seconds[STEP_PARSE][round] = (parsed - start) / (double)times;
        seconds[STEP_PASS][round] = (passed - parsed) / (double)times;
        seconds[STEP_XMLLINT][round] = linted - children;
        seconds[STEP_XMLLINT_START][round] = cpu_of(RUSAGE_CHILDREN) - linted;
    }
    (void)printf("%zu rows, %zu bytes; memory beyond columns %zu KiB\n", rows, package.size,
                 beyond / 1024);
    for (size_t step = 0; step < STEP_COUNT; step++) {
        qsort(seconds[step], rounds, sizeof(double), compare);
        double median = seconds[step][rounds / 2];
        (void)printf("  %-20s %10.1f us %8.1f MB/s\n", step_names[step], median * 1e6,
                     (double)package.size / median / 1e6);
    }
    (void)printf(
        "  pass / xmllint %.2f, with xmllint's start taken off %.2f\n",
        seconds[STEP_PASS][rounds / 2] / seconds[STEP_XMLLINT][rounds / 2],
        seconds[STEP_PASS][rounds / 2]
            / (seconds[STEP_XMLLINT][rounds / 2] - seconds[STEP_XMLLINT_START][rounds / 2]));
    (void)unlink(path);
    (void)unlink(empty_path);
    arena_destroy(arena);
}

int
main(int argc, char **argv)
{
    struct arena *arena = arena_create(16 * (size_t)MEBIBYTE);
    struct forms  forms;
    int64_t       rounds = ROUNDS;
    bool          good = argc == 1
                || (argc == 2 && str_to_number(str_of(argv[1]), &rounds) && rounds >= 1
                    && rounds <= ROUNDS_MAX);

    if (!good) {
        (void)fprintf(stderr, "usage: %s [ROUNDS]\n", argv[0]);
        return 2;
    }
    forms_load(arena, BRAMA_SOURCE_DIR, &forms);
    bench(&forms, 50, (size_t)rounds);
    bench(&forms, 1000, (size_t)rounds);
    bench(&forms, 10000, (size_t)rounds);
    arena_destroy(arena);
    return 0;
}

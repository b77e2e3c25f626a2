/*
 * What signatures cost: canonical XML in MB/s and microseconds per signature
 * of the sample packages, certificates cached (median of CPU times). Usage: bench_signature.
 */
#include "tests/unit/validators/signature/reading.h"
#include "validators/signature/c14n.h"
#include "validators/signature/signature.h"

#include <string.h>
#include <time.h>

enum { RUNS = 51, PASSES = 20, FILE_MAX = 1000000, ELEMENT_SIZE = 8 * 1000 * 1000 };

static double
cpu_seconds(void)
{
    struct timespec now = {0};

    ENSURE(clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now) == 0);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static int
compare(const void *a, const void *b)
{
    const double *left = a;
    const double *right = b;

    return (*left > *right) - (*left < *right);
}

static double
median(double *values)
{
    qsort(values, RUNS, sizeof values[0], compare);
    return values[RUNS / 2];
}

static struct str
read_file(struct arena *arena, const char *path)
{
    FILE *file = fopen(path, "rb");
    char *data = ARENA_NEW(arena, char, FILE_MAX);

    ENSURE(file != NULL && data != NULL);
    size_t size = fread(data, 1, FILE_MAX, file);
    (void)fclose(file);
    return (struct str){data, size};
}

static bool
count_bytes(void *user, struct str piece)
{
    size_t *size = user;

    *size += piece.size;
    return true;
}

static void
bench_c14n(const char *name, const char *row, enum c14n_method method)
{
    struct arena *arena = arena_create((size_t)4 * ELEMENT_SIZE);
    struct buf    text = buf_create(arena, (size_t)2 * ELEMENT_SIZE);
    double        times[RUNS];
    size_t        size = 0;

    buf_append(&text, STR("<a>"));
    while (text.size < ELEMENT_SIZE) {
        buf_append(&text, str_of(row));
    }
    buf_append(&text, STR("</a>"));
    ENSURE(buf_ok(&text));
    struct c14n_sink    sink = {count_bytes, &size};
    struct c14n_request request = {.bytes = buf_str(&text), .method = method};
    for (size_t i = 0; i < RUNS; i++) {
        double from = cpu_seconds();
        ENSURE(c14n_write(&request, &sink, NULL) == ERR_OK);
        times[i] = cpu_seconds() - from;
    }
    (void)printf("c14n %-28s %7.0f MB/s\n", name, (double)request.bytes.size / 1e6 / median(times));
    arena_destroy(arena);
}

static void
bench_file(const char *path)
{
    struct arena *source = arena_create((size_t)64 * 1024 * 1024);
    struct str    bytes = read_file(source, path);
    struct str    pem =
        read_file(source, BRAMA_SOURCE_DIR "/tests/samples/urzad-certyfikacji-przyklad.pem");
    struct package          package = reading_package(source, bytes);
    struct signature_trust *trust = NULL;
    struct signature_policy policy = {.clock_skew_seconds = 300, .rsa_bits_min = 2048};
    double                  times[RUNS];
    size_t                  memory = 0;

    ENSURE(signature_trust_parse(source, pem, &trust, NULL) == ERR_OK);
    struct signature_request request = {
        .bytes = bytes, .package = &package, .policy = &policy, .trust = trust, .at = 1784930399};
    for (size_t i = 0; i < RUNS; i++) {
        double from = cpu_seconds();
        for (size_t j = 0; j < PASSES; j++) {
            struct arena    *arena = arena_create((size_t)16 * 1024 * 1024);
            struct findings *findings = findings_create(arena);
            ENSURE(findings != NULL && signature_check(arena, &request, findings, NULL) == ERR_OK);
            memory = arena_used(arena);
            arena_destroy(arena);
        }
        times[i] = (cpu_seconds() - from) / PASSES;
    }
    (void)printf("%-34s %zu signatures, %6.1f us each, %zu kB of memory\n", strrchr(path, '/') + 1,
                 package.signature_count, median(times) * 1e6 / (double)package.signature_count,
                 memory / 1024);
    arena_destroy(source);
}

int
main(void)
{
    static const char row[] = "<Pozycja><Dzial>801</Dzial><Rozdzial>80101</Rozdzial>"
                              "<Paragraf>069</Paragraf><P4>0</P4><PL>68000.00</PL>"
                              "<NA>55523.99</NA><DW>55523.99</DW></Pozycja>";

    signature_warm_up();
    bench_c14n("report, exclusive", row, C14N_EXCLUSIVE);
    bench_c14n("report, inclusive", row, C14N_INCLUSIVE);
    bench_c14n("attributes, references", "<b  z='1' y=\"&amp;\" x=\"2\" />a &amp; b &gt;\r\n",
               C14N_EXCLUSIVE);
    bench_file(BRAMA_SOURCE_DIR "/tests/samples/dochody-2026-q2.xml");
    bench_file(BRAMA_SOURCE_DIR "/tests/samples/wydatki-2026-q2.xml");
    return 0;
}

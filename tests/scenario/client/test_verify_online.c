#include "tests/scenario/cli/program.h"
#include "tests/scenario/client/canned.h"
#include "tests/support/expect.h"
#include "tests/support/receipts.h"

#include <string.h>

/* What `brama verify` says when it asks a gateway as well. */
enum { ARENA_MAX = 64 * 1024 * 1024 };

#define QUESTION "POST /api/v1/receipts/verification "
#define LOOK "GET /api/v1/receipts/"
#define LOST                                                                                       \
    "{\"reports\":[{\"form\":\"Rb-27S\",\"period\":\"2026-Q2\",\"regon\":\"990001010\","           \
    "\"verdict\":\"accepted\",\"in_force\":false},{\"form\":\"Rb-28S\",\"period\":\"2026-Q2\","    \
    "\"regon\":\"990001027\",\"verdict\":\"accepted\",\"in_force\":true},{\"form\":\"Rb-28S\","    \
    "\"period\":\"2026-Q2\",\"regon\":\"990001033\",\"verdict\":\"rejected\",\"in_force\":false}]" \
    "}"
#define ANSWER(status) "{\"signature\":\"valid\",\"status\":\"" status "\"}"

static char nobody[] = "BRAMA_TOKEN=brk_test_0123456789abcdefghijklmnopqrstuvwxyzABCDEFG";

static const char *certificates;
static const char *receipt;
static const char *trust;

/* "@good" becomes the good receipt, "@trust" those who vouch for it. */
static const struct {
    const char        *name;
    const char        *arguments[8];
    struct canned_step steps[CANNED_STEPS_MAX];
    int                exit_code;
    unsigned           questions;
    const char        *out[2];
    const char        *err;
} cases[] = {
  /* clang-format off */
    {"current", {"@good", "--trust", "@trust"}, {{QUESTION, 0, "200 OK", NULL, ANSWER("current"), CANNED_WHOLE}},
     0, 1, {"✔ pieczęć jest ważna", "Stan w bramie: aktualne"}, ""},
    {"superseded is still genuine", {"@good", "--trust", "@trust"}, {{QUESTION, 0, "200 OK", NULL, ANSWER("superseded"), CANNED_WHOLE}},
     0, 1, {"✔ pieczęć jest ważna", "Stan w bramie: zastąpione"}, ""},
    {"superseded in part", {"@good", "--trust", "@trust"}, {{QUESTION, 0, "200 OK", NULL, ANSWER("superseded"), CANNED_WHOLE}, {LOOK, 0, "200 OK", NULL, LOST, CANNED_WHOLE}},
     0, 1, {"zastąpione: Rb-27S za 2026-Q2, REGON 990001010"}, ""},
    {"superseded in part, as JSON", {"@good", "--trust", "@trust", "--json"}, {{QUESTION, 0, "200 OK", NULL, ANSWER("superseded"), CANNED_WHOLE}, {LOOK, 0, "200 OK", NULL, LOST, CANNED_WHOLE}},
     0, 1, {"\"superseded_reports\":[{\"form\":\"Rb-27S\",\"period\":\"2026-Q2\",\"regon\":\"990001010\"}]"}, ""},
    {"not of this gateway", {"@good", "--trust", "@trust"}, {{QUESTION, 0, "200 OK", NULL, ANSWER("unknown"), CANNED_WHOLE}},
     0, 1, {"Stan w bramie: nieznane"}, ""},
    {"a word of a later version", {"@good", "--trust", "@trust"}, {{QUESTION, 0, "200 OK", NULL, ANSWER("withdrawn"), CANNED_WHOLE}},
     0, 1, {"słowem, którego ten program nie zna"}, ""},
    {"JSON", {"@good", "--trust", "@trust", "--json"}, {{QUESTION, 0, "200 OK", NULL, ANSWER("superseded"), CANNED_WHOLE}},
     0, 1, {"\"valid\":true", "\"status\":\"superseded\""}, ""},
    {"offline asks nobody", {"@good", "--trust", "@trust", "--offline"}, {{QUESTION, 0, "200 OK", NULL, ANSWER("current"), CANNED_WHOLE}},
     0, 0, {"✔ pieczęć jest ważna", "nie pytano (--offline)"}, ""},
    {"what does not verify is not sent", {"@good"}, {{QUESTION, 0, "200 OK", NULL, ANSWER("current"), CANNED_WHOLE}},
     7, 0, {"● treść jest niezmieniona, ale nie wiadomo, czyja to pieczęć", "/api/v1/keys?format=pem i wskaż"}, ""},
    {"the file of another report", {"@good", PROGRAM_DOCHODY, "--trust", "@trust"}, {{QUESTION, 0, "200 OK", NULL, ANSWER("current"), CANNED_WHOLE}},
     7, 1, {"✖ to nie jest plik", "Stan w bramie: aktualne"}, ""},
    {"no answer", {"@good", "--trust", "@trust", "--retry", "0"}, {{QUESTION, 0, "", NULL, "", CANNED_SILENT}},
     5, 1, {"✔ pieczęć jest ważna", "Stan w bramie: nie wiadomo (brama nie odpowiedziała)"}, "brama: https://localhost"},
    {"no answer, as JSON", {"@good", "--trust", "@trust", "--retry", "0", "--json"}, {{QUESTION, 0, "", NULL, "", CANNED_SILENT}},
     5, 1, {"\"valid\":true", "\"status\":null"}, "brama: https://localhost"},
    {"busy", {"@good", "--trust", "@trust", "--retry", "0"}, {{QUESTION, 0, "503 Service Unavailable", NULL, "", CANNED_WHOLE}},
     5, 1, {"✔ pieczęć jest ważna"}, "HTTP 503"},
    {"refused", {"@good", "--trust", "@trust"}, {{QUESTION, 0, "413 Too Large", NULL, "", CANNED_WHOLE}},
     6, 1, {"✔ pieczęć jest ważna", "nie wiadomo (brama odmówiła"}, "HTTP 413"},
    {"no answer of a gateway", {"@good", "--trust", "@trust"}, {{QUESTION, 0, "200 OK", NULL, "[]", CANNED_WHOLE}},
     5, 1, {"✔ pieczęć jest ważna"}, "nie jest tym, co przysyła brama"},
  /* clang-format on */
};

static struct program
program_for(struct arena *arena, const char *const *arguments, const struct canned *canned)
{
    struct program program = {.environment = nobody};
    size_t         count = 0;

    program.arguments[count++] = "verify";
    for (size_t i = 0; arguments[i] != NULL; i++) {
        bool good = strcmp(arguments[i], "@good") == 0;
        bool root = strcmp(arguments[i], "@trust") == 0;
        program.arguments[count++] = good ? receipt : root ? trust : arguments[i];
    }
    canned_aim(arena, certificates, canned, &program);
    return program;
}

static unsigned
count_of(struct str text, const char *what)
{
    unsigned    count = 0;
    const char *end = text.data + text.size;
    const char *at = text.data;

    while ((at = memmem(at, (size_t)(end - at), what, strlen(what))) != NULL) {
        count++;
        at++;
    }
    return count;
}

static void
every_answer_of_a_gateway_has_its_words_and_exit_code(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        struct arena         *arena = arena_create(ARENA_MAX);
        struct canned         canned = canned_start(certificates, cases[i].steps);
        struct program        program = program_for(arena, cases[i].arguments, &canned);
        struct program_result result = program_run(arena, &program);
        struct str            requests = canned_stop(arena, &canned);

        EXPECT(result.exit_code == cases[i].exit_code, cases[i].name);
        EXPECT(count_of(requests, QUESTION) == cases[i].questions, cases[i].name);
        EXPECT(count_of(requests, "Authorization") == 0, cases[i].name); /* anybody may ask */
        for (size_t j = 0; j < ARRAY_COUNT(cases[i].out) && cases[i].out[j] != NULL; j++) {
            EXPECT(program_says(result.out, cases[i].out[j]), cases[i].name);
        }
        EXPECT(cases[i].err[0] == '\0' || program_says(result.err, cases[i].err), cases[i].name);
        arena_destroy(arena);
    }
}

static int
make_files(void **state)
{
    struct arena        *arena = arena_create(ARENA_MAX);
    struct receipts_seal made = {0};
    struct seal         *seal = NULL;
    struct receipt_facts facts = receipts_typical(arena);
    struct str           bytes = {0};
    struct fault         fault = {0};

    assert_int_equal(receipts_seal(arena, RECEIPTS_ECDSA, &made, &fault), ERR_OK);
    assert_int_equal(seal_create(arena, made.key, made.chain, &seal, &fault), ERR_OK);
    assert_int_equal(seal_receipt(arena, seal, &facts, RECEIPTS_MORNING, &bytes, &fault), ERR_OK);
    receipt = program_temporary(arena, bytes);
    trust = program_temporary(arena, made.root);
    certificates = canned_certificates(arena);
    *state = arena;
    return 0;
}

static int
forget_files(void **state)
{
    program_forget(receipt);
    program_forget(trust);
    canned_forget(certificates);
    arena_destroy(*state);
    return 0;
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_answer_of_a_gateway_has_its_words_and_exit_code),
    };

    return cmocka_run_group_tests(tests, make_files, forget_files);
}

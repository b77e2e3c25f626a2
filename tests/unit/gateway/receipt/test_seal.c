#include "gateway/receipt/seal.h"

#include "gateway/receipt/layout.h"
#include "tests/support/expect.h"
#include "tests/support/receipts.h"

#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

/*
 * Others verify what we seal: xmllint by the schema, xmlsec1 (C14N of libxml2), the JDK (a C14N of
 * its own). All three see the same files, good ones and mutants; each program is started once for
 * many files, or once for each where it knows no other way.
 */
extern char **environ;

enum { MEMORY = 64 << 20, FILES_MAX = 256, GOOD_RANDOM = 40, ARGUMENTS_MAX = 300 };

struct specimen {
    char name[96];
    bool good;
    bool rsa;
};

static const char           schema[] = BRAMA_SOURCE_DIR "/schemas/upo/1.0/upo-1-0.xsd";
static const char           verifier[] = BRAMA_SOURCE_DIR "/tests/support/VerifyReceipt.java";
static char                 folder[64];
static struct arena        *shop;
static struct receipts_seal ecdsa;
static struct receipts_seal rsa;
static struct specimen      specimens[FILES_MAX];
static size_t               specimen_count;

static void
save(const char *name, struct str bytes)
{
    FILE *file = fopen(name, "wbe");

    assert_non_null(file);
    assert_int_equal(fwrite(bytes.data, 1, bytes.size, file), bytes.size);
    assert_int_equal(fclose(file), 0);
}

static void
add_specimen(struct str bytes, bool good, bool is_rsa)
{
    struct specimen *specimen = &specimens[specimen_count];

    assert_true(specimen_count < FILES_MAX);
    (void)snprintf(specimen->name, sizeof specimen->name, "%s/%s-%zu.xml", folder,
                   good ? "good" : "mutant", specimen_count);
    specimen->good = good;
    specimen->rsa = is_rsa;
    save(specimen->name, bytes);
    specimen_count++;
}

static struct str
sealed(struct arena *arena, const struct receipts_seal *with, struct str chain,
       const struct receipt_facts *facts)
{
    struct seal *seal = NULL;
    struct str   receipt = {0};
    struct fault fault = {0};

    assert_int_equal(seal_create(arena, with->key, chain, &seal, &fault), ERR_OK);
    assert_int_equal(seal_receipt(arena, seal, facts, RECEIPTS_MORNING, &receipt, &fault), ERR_OK);
    return receipt;
}

/* A digit or letter of what is signed, not of our words that a verifier of XML knows nothing of. */
static void
add_mutants(struct str bytes, bool is_rsa)
{
    static const char *const places[] = {
        "<Numer>",   "<DataWplywu>",        "<Indeks>",         "<SkrotSHA256>",
        "<Okres>",   "<xades:SigningTime>", "<ds:DigestValue>", "<ds:SignatureValue>",
        "<Werdykt>", "<NumerDecyzji>",      "<RozmiarBajtow>",  "<Kod>"};

    for (size_t i = 0; i < ARRAY_COUNT(places); i++) {
        struct arena *arena = arena_create(MEMORY);
        struct str    mutant = str_copy(arena, bytes);
        char         *found = memmem(mutant.data, mutant.size, places[i], strlen(places[i]));
        assert_non_null(found);
        char *byte = found + strlen(places[i]);
        *byte = *byte == '1' ? '2' : '1';
        add_specimen(mutant, false, is_rsa);
        arena_destroy(arena);
    }
}

static struct receipt_facts
long_facts(struct arena *arena)
{
    struct receipt_facts facts = receipts_typical(arena);
    struct buf           text = buf_create(arena, MEMORY);

    for (size_t i = 0; i < 20000; i++) {
        buf_append(&text, STR("zażółć & <gęślą>\r\n"));
    }
    facts.reason = buf_str(&text);
    return facts;
}

static int
make_specimens(void **state)
{
    struct fault fault = {0};
    struct dice  dice = {7};

    (void)state;
    (void)snprintf(folder, sizeof folder, "%s", "/tmp/brama-receipts-XXXXXX");
    assert_non_null(mkdtemp(folder));
    shop = arena_create(MEMORY);
    assert_int_equal(receipts_seal(shop, RECEIPTS_ECDSA, &ecdsa, &fault), ERR_OK);
    assert_int_equal(receipts_seal(shop, RECEIPTS_RSA, &rsa, &fault), ERR_OK);
    for (size_t i = 0; i < GOOD_RANDOM; i++) {
        struct arena        *arena = arena_create(MEMORY);
        struct receipt_facts facts = receipts_random(arena, &dice);
        add_specimen(
            sealed(arena, i % 4 == 0 ? &rsa : &ecdsa, i % 4 == 0 ? rsa.chain : ecdsa.chain, &facts),
            true, i % 4 == 0);
        arena_destroy(arena);
    }
    struct receipt_facts typical = receipts_typical(shop);
    struct receipt_facts large = long_facts(shop);
    add_specimen(sealed(shop, &ecdsa, ecdsa.chain, &large), true, false);
    add_specimen(sealed(shop, &ecdsa, ecdsa.chain, &typical), true, false);
    add_specimen(sealed(shop, &rsa, rsa.chain, &typical), true, true);
    add_mutants(sealed(shop, &ecdsa, ecdsa.chain, &typical), false);
    add_mutants(sealed(shop, &rsa, rsa.chain, &typical), true);
    return 0;
}

static int
remove_specimens(void **state)
{
    char name[128];

    (void)state;
    for (size_t i = 0; i < specimen_count; i++) {
        (void)unlink(specimens[i].name);
    }
    static const char *const others[] = {"ecdsa.pem", "rsa.pem", "list", "output"};
    for (size_t i = 0; i < ARRAY_COUNT(others); i++) {
        (void)snprintf(name, sizeof name, "%s/%s", folder, others[i]);
        (void)unlink(name);
    }
    (void)rmdir(folder);
    arena_destroy(shop);
    return 0;
}

/* Run a program, its two outputs into folder/output; its exit status. */
static int
run(const char *const *arguments)
{
    posix_spawn_file_actions_t actions;
    char                       output[128];
    pid_t                      pid = 0;
    int                        status = 0;

    (void)snprintf(output, sizeof output, "%s/output", folder);
    assert_int_equal(posix_spawn_file_actions_init(&actions), 0);
    assert_int_equal(posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, output,
                                                      O_WRONLY | O_CREAT | O_TRUNC, 0600),
                     0);
    assert_int_equal(posix_spawn_file_actions_adddup2(&actions, STDOUT_FILENO, STDERR_FILENO), 0);
    assert_int_equal(
        posix_spawnp(&pid, arguments[0], &actions, NULL, (char *const *)arguments, environ), 0);
    (void)posix_spawn_file_actions_destroy(&actions);
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_true(WIFEXITED(status));
    return WEXITSTATUS(status);
}

static struct str
output_of(struct arena *arena)
{
    char  name[128];
    char *text = ARENA_NEW(arena, char, 1 << 20);

    (void)snprintf(name, sizeof name, "%s/output", folder);
    FILE *file = fopen(name, "rbe");
    assert_non_null(file);
    size_t size = fread(text, 1, 1 << 20, file);
    (void)fclose(file);
    return (struct str){text, size};
}

static void
every_receipt_is_valid_by_the_schema(void **state)
{
    const char   *arguments[ARGUMENTS_MAX] = {"xmllint", "--noout", "--nonet", "--schema", schema};
    size_t        count = 5;
    struct arena *arena = arena_create(MEMORY);

    (void)state;
    for (size_t i = 0; i < specimen_count; i++) {
        if (specimens[i].good) {
            arguments[count++] = specimens[i].name;
        }
    }
    int code = run(arguments);
    if (code != 0) {
        struct str said = output_of(arena);
        fail_msg("%.*s", STR_ARG(str_slice(said, 0, 2000)));
    }
    arena_destroy(arena);
}

/* The schema is not one that takes anything. */
static void
the_schema_refuses_what_is_no_receipt(void **state)
{
    static const struct {
        const char *from;
        const char *to;
    } changes[] = {
        {"<Werdykt>rejected",                "<Werdykt>rejectee"               },
        {"<Rodzaj>unit",                     "<Rodzaj>unid"                    },
        {"<NumerDecyzji>1",                  "<NumerDecyzji>x"                 },
        {"T09:00:00.412+02:00</DataWplywu>", "T09:00:00.412+03:00</DataWplywu>"},
        {"<Nadawca>",                        "<Nadawcb>"                       },
        {"<Waga>error",                      "<Waga>errar"                     },
    };
    struct receipt_facts facts = receipts_typical(shop);
    char                 name[128];

    (void)state;
    (void)snprintf(name, sizeof name, "%s/list", folder);
    const char *const arguments[] = {"xmllint", "--noout", "--nonet", "--schema",
                                     schema,    name,      NULL};
    for (size_t i = 0; i < ARRAY_COUNT(changes); i++) {
        struct str bytes = sealed(shop, &ecdsa, ecdsa.chain, &facts);
        char      *found = memmem(bytes.data, bytes.size, changes[i].from, strlen(changes[i].from));
        assert_non_null(found);
        memcpy(found, changes[i].to, strlen(changes[i].to));
        save(name, bytes);
        EXPECT(run(arguments) != 0, changes[i].to);
    }
}

static void
xmlsec_agrees_on_every_receipt_and_every_mutant(void **state)
{
    char ecdsa_pem[128];
    char rsa_pem[128];

    (void)state;
    (void)snprintf(ecdsa_pem, sizeof ecdsa_pem, "%s/ecdsa.pem", folder);
    (void)snprintf(rsa_pem, sizeof rsa_pem, "%s/rsa.pem", folder);
    save(ecdsa_pem, ecdsa.root);
    save(rsa_pem, rsa.root);
    for (size_t i = 0; i < specimen_count; i++) {
        const char *const arguments[] = {"xmlsec1",
                                         "--verify",
                                         "--id-attr:Id",
                                         "http://uri.etsi.org/01903/v1.3.2#:SignedProperties",
                                         "--trusted-pem",
                                         specimens[i].rsa ? rsa_pem : ecdsa_pem,
                                         "--enabled-key-data",
                                         "x509",
                                         "--verification-gmt-time",
                                         "2026-07-10 07:00:00",
                                         specimens[i].name,
                                         NULL};
        EXPECT((run(arguments) == 0) == specimens[i].good, specimens[i].name);
    }
}

/* One start of the JVM for all files of one root. */
static void
ask_java(struct arena *arena, const char *root, bool is_rsa)
{
    char       list[128];
    struct buf names = buf_create(arena, MEMORY);

    (void)snprintf(list, sizeof list, "%s/list", folder);
    for (size_t i = 0; i < specimen_count; i++) {
        if (specimens[i].rsa == is_rsa) {
            buf_format(&names, "%s\n", specimens[i].name);
        }
    }
    save(list, buf_str(&names));
    const char *const arguments[] = {
        "java", "-Xshare:auto", "-XX:TieredStopAtLevel=1", verifier, root, list, NULL};
    assert_int_equal(run(arguments), 0);
    struct str said = output_of(arena);
    for (size_t i = 0; i < specimen_count; i++) {
        if (specimens[i].rsa != is_rsa) {
            continue;
        }
        struct str line =
            str_format(arena, "%s %s", specimens[i].good ? "good" : "bad", specimens[i].name);
        EXPECT(memmem(said.data, said.size, line.data, line.size) != NULL, line.data);
    }
}

static void
the_jdk_agrees_on_every_receipt_and_every_mutant(void **state)
{
    struct arena *arena = arena_create(MEMORY);
    char          root[128];

    (void)state;
    (void)snprintf(root, sizeof root, "%s/ecdsa.pem", folder);
    save(root, ecdsa.root);
    ask_java(arena, root, false);
    (void)snprintf(root, sizeof root, "%s/rsa.pem", folder);
    save(root, rsa.root);
    ask_java(arena, root, true);
    arena_destroy(arena);
}

/* The whole receipt is its own Exclusive C14N, so that nobody's canonicalisation changes it. */
static void
a_receipt_is_its_own_canonical_form(void **state)
{
    (void)state;
    for (size_t i = 0; i < specimen_count; i++) {
        struct arena     *arena = arena_create(MEMORY);
        const char *const arguments[] = {"xmllint", "--nonet", "--exc-c14n", specimens[i].name,
                                         NULL};
        if (specimens[i].good && i % 8 == 0) {
            char  *text = ARENA_NEW(arena, char, 1 << 20);
            FILE  *file = fopen(specimens[i].name, "rbe");
            size_t size = fread(text, 1, 1 << 20, file);
            (void)fclose(file);
            assert_int_equal(run(arguments), 0);
            EXPECT(str_equal(output_of(arena), (struct str){text, size}), specimens[i].name);
        }
        arena_destroy(arena);
    }
}

static void
a_seal_refuses_keys_and_certificates_that_do_not_fit(void **state)
{
    struct receipts_seal weak = {0};
    struct receipts_seal curve = {0};
    struct receipts_seal usage = {0};
    struct fault         fault = {0};
    struct arena        *arena = arena_create(MEMORY);

    (void)state;
    assert_int_equal(receipts_seal(arena, RECEIPTS_WEAK, &weak, &fault), ERR_OK);
    assert_int_equal(receipts_seal(arena, RECEIPTS_OTHER_CURVE, &curve, &fault), ERR_OK);
    assert_int_equal(receipts_seal(arena, RECEIPTS_WRONG_USAGE, &usage, &fault), ERR_OK);
    struct buf five = buf_create(arena, MEMORY);
    for (size_t i = 0; i < 5; i++) {
        buf_append(&five, ecdsa.certificate);
    }
    struct buf four = buf_create(arena, MEMORY);
    for (size_t i = 0; i < 4; i++) {
        buf_append(&four, ecdsa.certificate);
    }
    const struct str half_key = str_slice(ecdsa.key, 0, 100);
    const struct str half_chain = str_slice(ecdsa.chain, 0, 300);
    const struct {
        const char *name;
        struct str  key;
        struct str  chain;
        enum err    want;
    } cases[] = {
        {"fits",                    ecdsa.key,         ecdsa.certificate, ERR_OK    },
        {"fits with its issuer",    ecdsa.key,         ecdsa.chain,       ERR_OK    },
        {"RSA fits",                rsa.key,           rsa.chain,         ERR_OK    },
        {"four certificates",       ecdsa.key,         buf_str(&four),    ERR_OK    },
        {"five certificates",       ecdsa.key,         buf_str(&five),    ERR_CRYPTO},
        {"another's certificate",   ecdsa.key,         rsa.chain,         ERR_CRYPTO},
        {"the issuer's first",      ecdsa.key,         ecdsa.issuer,      ERR_CRYPTO},
        {"RSA 1024",                weak.key,          weak.chain,        ERR_CRYPTO},
        {"P-384",                   curve.key,         curve.chain,       ERR_CRYPTO},
        {"a key for encryption",    usage.key,         usage.chain,       ERR_CRYPTO},
        {"no key",                  STR(""),           ecdsa.chain,       ERR_CRYPTO},
        {"no certificate",          ecdsa.key,         STR(""),           ERR_CRYPTO},
        {"a certificate for a key", ecdsa.certificate, ecdsa.chain,       ERR_CRYPTO},
        {"a key for a certificate", ecdsa.key,         ecdsa.key,         ERR_CRYPTO},
        {"half a key",              half_key,          ecdsa.chain,       ERR_CRYPTO},
        {"half a certificate",      ecdsa.key,         half_chain,        ERR_CRYPTO},
    };
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        struct seal *seal = NULL;
        fault = (struct fault){0};
        EXPECT(seal_create(arena, cases[i].key, cases[i].chain, &seal, &fault) == cases[i].want,
               cases[i].name);
        EXPECT((seal != NULL) == (cases[i].want == ERR_OK), cases[i].name);
    }
    arena_destroy(arena);
}

static void
a_seal_survives_every_memory_ceiling(void **state)
{
    struct receipt_facts facts = receipts_typical(shop);
    enum err             last = ERR_MEMORY;

    (void)state;
    for (size_t ceiling = 0; last != ERR_OK; ceiling += 256) {
        struct arena *small = arena_create(ceiling);
        struct seal  *seal = NULL;
        struct str    receipt = {0};
        struct fault  fault = {0};
        last = seal_create(small, ecdsa.key, ecdsa.chain, &seal, &fault);
        if (last == ERR_OK) {
            last = seal_receipt(small, seal, &facts, RECEIPTS_MORNING, &receipt, &fault);
        }
        assert_true(last == ERR_OK || last == ERR_MEMORY || last == ERR_LIMIT);
        assert_int_equal(receipt.size > 0, last == ERR_OK);
        arena_destroy(small);
    }
}

static void
a_time_that_no_calendar_has_is_not_signed(void **state)
{
    struct arena        *arena = arena_create(MEMORY);
    struct receipt_facts facts = receipts_typical(arena);
    struct seal         *seal = NULL;
    struct str           receipt = {0};
    struct fault         fault = {0};

    (void)state;
    assert_int_equal(seal_create(arena, ecdsa.key, ecdsa.chain, &seal, &fault), ERR_OK);
    assert_int_equal(seal_receipt(arena, seal, &facts, 0, &receipt, &fault), ERR_USAGE);
    assert_int_equal(seal_receipt(arena, seal, &facts, INT64_MAX, &receipt, &fault), ERR_USAGE);
    assert_null(receipt.data);
    arena_destroy(arena);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_seal_refuses_keys_and_certificates_that_do_not_fit),
        cmocka_unit_test(a_seal_survives_every_memory_ceiling),
        cmocka_unit_test(a_time_that_no_calendar_has_is_not_signed),
        cmocka_unit_test(every_receipt_is_valid_by_the_schema),
        cmocka_unit_test(the_schema_refuses_what_is_no_receipt),
        cmocka_unit_test(a_receipt_is_its_own_canonical_form),
        cmocka_unit_test(xmlsec_agrees_on_every_receipt_and_every_mutant),
        cmocka_unit_test(the_jdk_agrees_on_every_receipt_and_every_mutant),
    };

    return cmocka_run_group_tests(tests, make_specimens, remove_specimens);
}

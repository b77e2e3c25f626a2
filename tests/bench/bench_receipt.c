/*
 * What a receipt costs: facts out of a parcel, the text, the seal; and reading one back. Beside it,
 * in the same run, the bare ECDSA P-256 of OpenSSL (EVP_PKEY_sign and _verify of a digest), which
 * nobody can go below.
 *
 * Usage: bench_receipt [ROUNDS]. Medians over rounds of CPU time, in microseconds per receipt.
 */
#include "gateway/receipt/reading.h"
#include "tests/support/receipts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <openssl/ec.h>
#include <openssl/evp.h>

enum { MEMORY = 64 << 20, ROUNDS_MAX = 101, ROUNDS = 21, REPEATS = 500, DIGEST_SIZE = 32 };

enum step {
    STEP_BARE_SIGN,
    STEP_BARE_VERIFY,
    STEP_DECODE,
    STEP_WRITE,
    STEP_SIGNER,
    STEP_READ,
    STEP_COUNT
};

static const char *const step_names[STEP_COUNT] = {
    "bare EVP_PKEY_sign P-256", "bare EVP_PKEY_verify P-256", "facts out of the parcel",
    "text of the receipt",      "decode + write + seal",      "reading_make, trusted root"};

struct bench {
    struct receipt_facts facts;
    struct seal         *seal;
    struct str           root;
    struct str           parcel;
    struct str           receipt;
    EVP_PKEY_CTX        *signer;
    EVP_PKEY_CTX        *verifier;
    unsigned char        value[128];
    size_t               value_size;
};

static double
now_us(void)
{
    struct timespec now;

    ENSURE(clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now) == 0);
    return (double)now.tv_sec * 1e6 + (double)now.tv_nsec / 1e3;
}

static void
work(struct bench *bench, enum step step, struct arena *arena)
{
    static const unsigned char digest[DIGEST_SIZE];
    struct receipt_facts       facts = {0};
    struct buf                 text = buf_create(arena, RECEIPT_SIZE_MAX);
    struct reading             reading = {0};
    struct fault               fault = {0};
    size_t                     used = 0;

    switch (step) {
    case STEP_BARE_SIGN:
        bench->value_size = sizeof bench->value;
        ENSURE(EVP_PKEY_sign(bench->signer, bench->value, &bench->value_size, digest, DIGEST_SIZE)
               == 1);
        return;
    case STEP_BARE_VERIFY:
        ENSURE(
            EVP_PKEY_verify(bench->verifier, bench->value, bench->value_size, digest, DIGEST_SIZE)
            == 1);
        return;
    case STEP_DECODE:
        ENSURE(receipt_facts_decode(arena, bench->parcel, &used, &facts, &fault) == ERR_OK);
        return;
    case STEP_WRITE:
        ENSURE(receipt_write(&text, &bench->facts, &fault) == ERR_OK);
        return;
    case STEP_SIGNER:
        ENSURE(receipt_facts_decode(arena, bench->parcel, &used, &facts, &fault) == ERR_OK);
        ENSURE(seal_receipt(arena, bench->seal, &facts, RECEIPTS_MORNING, &bench->receipt, &fault)
               == ERR_OK);
        return;
    default:
        ENSURE(reading_make(arena, bench->receipt, bench->root, &reading, &fault) == ERR_OK);
        ENSURE(reading.step == READING_GOOD);
    }
}

static int
compare(const void *a, const void *b)
{
    double first = *(const double *)a;
    double second = *(const double *)b;

    return (first > second) - (first < second);
}

static void
prepare(struct arena *arena, struct bench *bench)
{
    struct receipts_seal seal = {0};
    struct fault         fault = {0};
    struct buf           parcel = buf_create(arena, MEMORY);
    EVP_PKEY            *key = EVP_EC_gen("P-256");

    ENSURE(receipts_seal(arena, RECEIPTS_ECDSA, &seal, &fault) == ERR_OK);
    ENSURE(seal_create(arena, seal.key, seal.chain, &bench->seal, &fault) == ERR_OK);
    bench->root = seal.root;
    bench->facts = receipts_typical(arena);
    receipt_facts_encode(&parcel, &bench->facts);
    bench->parcel = buf_str(&parcel);
    ENSURE(
        seal_receipt(arena, bench->seal, &bench->facts, RECEIPTS_MORNING, &bench->receipt, &fault)
        == ERR_OK);
    bench->receipt = str_copy(arena, bench->receipt);
    bench->signer = EVP_PKEY_CTX_new_from_pkey(NULL, key, NULL);
    bench->verifier = EVP_PKEY_CTX_new_from_pkey(NULL, key, NULL);
    ENSURE(EVP_PKEY_sign_init(bench->signer) == 1 && EVP_PKEY_verify_init(bench->verifier) == 1);
    EVP_PKEY_free(key);
}

int
main(int argc, char **argv)
{
    static double times[STEP_COUNT][ROUNDS_MAX];
    struct arena *arena = arena_create(MEMORY);
    struct bench  bench = {0};
    long          asked = argc > 1 ? strtol(argv[1], NULL, 10) : ROUNDS;
    size_t        rounds = asked < 1 || asked > ROUNDS_MAX ? ROUNDS : (size_t)asked;

    prepare(arena, &bench);
    struct str kept = bench.receipt;
    for (size_t round = 0; round < rounds; round++) {
        for (enum step step = 0; step < STEP_COUNT; step++) {
            double before = now_us();
            for (size_t i = 0; i < REPEATS; i++) {
                struct arena *one = arena_create(MEMORY);
                work(&bench, step, one);
                bench.receipt = kept; /* what was sealed dies with its arena */
                arena_destroy(one);
            }
            times[step][round] = (now_us() - before) / REPEATS;
        }
    }
    printf("receipt of %zu bytes, parcel of %zu bytes, median of %zu rounds\n", kept.size,
           bench.parcel.size, rounds);
    for (enum step step = 0; step < STEP_COUNT; step++) {
        qsort(times[step], rounds, sizeof(double), compare);
        printf("%-28s %8.2f us\n", step_names[step], times[step][rounds / 2]);
    }
    EVP_PKEY_CTX_free(bench.signer);
    EVP_PKEY_CTX_free(bench.verifier);
    arena_destroy(arena);
    return 0;
}

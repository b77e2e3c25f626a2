#include "gateway/cli/verify_reading.h"

#include "gateway/checker/checker.h"
#include "validators/signature/signature.h"

/* First byte of what the child says: the reading follows, or the trust store is none. */
enum { SAYS_READING = 'R', SAYS_NO_TRUST = 'T' };

/* A file to check, and what our work needs besides; the child inherits it. */
struct receipt_request {
    struct check_request file; /* first: the work is given its address */
    struct str           trust_pem;
};

static enum err
read_receipt(struct arena *arena, const struct check_request *request, struct buf *out,
             struct fault *fault)
{
    const struct receipt_request *receipt = (const void *)request;
    struct reading                reading = {0};
    enum err got = reading_make(arena, request->bytes, receipt->trust_pem, &reading, fault);

    if (got == ERR_CRYPTO) {
        buf_byte(out, SAYS_NO_TRUST);
        return ERR_OK;
    }
    if (got == ERR_OK) {
        buf_byte(out, SAYS_READING);
        reading_encode(out, &reading);
    }
    return got;
}

enum err
verify_reading(struct arena *arena, struct str bytes, struct str trust_pem, struct reading *out,
               struct fault *fault)
{
    const struct receipt_request receipt = {.file = {.bytes = bytes}, .trust_pem = trust_pem};
    const struct checker_request request = {.files = &receipt.file,
                                            .file_count = 1,
                                            .limits = checker_limits_default,
                                            .work = read_receipt,
                                            .raw = true};
    struct checker_answer        answer = {0};

    signature_warm_up(); /* nothing can be opened in the sandbox */
    TRY(checker_run(arena, &request, &answer, fault));
    if (answer.end != CHECKER_DONE) {
        return FAIL(fault, ERR_CHECKER, "%s", checker_end_text(answer.end));
    }
    if (answer.bytes.size == 1 && answer.bytes.data[0] == SAYS_NO_TRUST) {
        return FAIL(fault, ERR_CRYPTO, "wskazanych certyfikatów nie da się użyć");
    }
    if (answer.bytes.size == 0 || answer.bytes.data[0] != SAYS_READING) {
        return FAIL(fault, ERR_CHECKER, "%s", checker_end_text(CHECKER_MALFORMED));
    }
    return reading_decode(arena, str_slice(answer.bytes, 1, answer.bytes.size), out, fault);
}

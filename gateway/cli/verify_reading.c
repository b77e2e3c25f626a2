#include "gateway/cli/verify_reading.h"

#include "gateway/checker/checker.h"
#include "gateway/receipt/stamped.h"
#include "gateway/stamp/stamp.h"
#include "validators/signature/signature.h"

/* First byte of what the child says: the reading follows, or a trust store is none. */
enum { SAYS_READING = 'R', SAYS_NO_TRUST = 'T' };

/* After it: one digit for the stamp, then when it was made, then the reading. */
enum { TIME_DIGITS = 18, HEAD_SIZE = 2 + TIME_DIGITS };

/* A file to check, and what our work needs besides; the child inherits it. */
struct receipt_request {
    struct check_request       file; /* first: the work is given its address */
    const struct verify_input *input;
};

static enum err
judge_stamp(struct arena *arena, const struct verify_input *input, struct str receipt,
            struct str token, struct verify_output *out, struct fault *fault)
{
    struct stamp_trust *trust = NULL;
    struct stamp        stamp = {0};
    unsigned char       imprint[STAMPED_IMPRINT_SIZE];

    if (token.size == 0 || input->stamp_trust_pem.size == 0) {
        out->stamp = token.size == 0 ? VERIFY_STAMP_NONE : VERIFY_STAMP_UNKNOWN;
        return ERR_OK;
    }
    TRY(stamp_trust_create(arena, input->stamp_trust_pem, (struct str){0}, &trust, fault));
    out->stamp = VERIFY_STAMP_BAD;
    enum err got = stamped_imprint(arena, receipt, imprint, fault);
    if (got == ERR_OK) {
        got = stamp_check(arena, trust, token, imprint, &stamp, fault);
    }
    if (got == ERR_OK) {
        out->stamp = VERIFY_STAMP_GOOD;
        out->stamped_at = stamp.at;
    }
    return got == ERR_SYNTAX || got == ERR_DENIED ? ERR_OK : got;
}

static enum err
read_all(struct arena *arena, const struct verify_input *input, struct verify_output *out,
         struct fault *fault)
{
    struct str receipt = {0};
    struct str token = {0};

    TRY(stamped_split(arena, input->bytes, &receipt, &token, fault));
    TRY(reading_make(arena, receipt, input->trust_pem, &out->reading, fault));
    return judge_stamp(arena, input, receipt, token, out, fault);
}

static enum err
read_receipt(struct arena *arena, const struct check_request *request, struct buf *out,
             struct fault *fault)
{
    const struct receipt_request *receipt = (const void *)request;
    struct verify_output          found = {0};
    enum err                      got = read_all(arena, receipt->input, &found, fault);

    if (got == ERR_CRYPTO) {
        buf_byte(out, SAYS_NO_TRUST);
        return ERR_OK;
    }
    if (got == ERR_OK) {
        buf_format(out, "%c%d%0*lld", SAYS_READING, (int)found.stamp, TIME_DIGITS,
                   (long long)found.stamped_at);
        reading_encode(out, &found.reading);
    }
    return got;
}

/* What the child says is not believed to be well formed. */
static bool
decode_stamp(struct str head, struct verify_output *out)
{
    int64_t at = 0;
    int     stamp = head.data[1] - '0';

    if (stamp < 0 || stamp >= VERIFY_STAMP_COUNT
        || !str_to_number(str_slice(head, 2, TIME_DIGITS), &at)) {
        return false;
    }
    out->stamp = (enum verify_stamp)stamp;
    out->stamped_at = at;
    return true;
}

enum err
verify_reading(struct arena *arena, const struct verify_input *input, struct verify_output *out,
               struct fault *fault)
{
    const struct receipt_request receipt = {.file = {.bytes = input->bytes}, .input = input};
    const struct checker_request request = {.files = &receipt.file,
                                            .file_count = 1,
                                            .limits = checker_limits_default,
                                            .work = read_receipt,
                                            .raw = true};
    struct checker_answer        answer = {0};
    struct verify_output         found = {0};

    signature_warm_up(); /* nothing can be opened in the sandbox */
    TRY(checker_run(arena, &request, &answer, fault));
    if (answer.end != CHECKER_DONE) {
        return FAIL(fault, ERR_CHECKER, "%s", checker_end_text(answer.end));
    }
    if (answer.bytes.size == 1 && answer.bytes.data[0] == SAYS_NO_TRUST) {
        return FAIL(fault, ERR_CRYPTO, "wskazanych certyfikatów nie da się użyć");
    }
    if (answer.bytes.size < HEAD_SIZE || answer.bytes.data[0] != SAYS_READING
        || !decode_stamp(answer.bytes, &found)) {
        return FAIL(fault, ERR_CHECKER, "%s", checker_end_text(CHECKER_MALFORMED));
    }
    TRY(reading_decode(arena, str_slice(answer.bytes, HEAD_SIZE, answer.bytes.size), &found.reading,
                       fault));
    *out = found;
    return ERR_OK;
}

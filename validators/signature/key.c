#include "validators/signature/key.h"

#include "validators/signature/complaint.h"

enum { BITS_SQUARED_PER_UNIT = 1024 * 1024 };

enum err
key_check(struct verification *verification, bool *sound, struct fault *fault)
{
    const struct certificate *certificate = verification->certificate;
    int32_t                   item = verification->shape.items[SHAPE_CERTIFICATE];
    int                       bits_min = verification->shared->request->policy->rsa_bits_min;
    struct arena             *arena = verification->shared->arena;
    struct complaint_values   values = {.found = certificate->key_name};

    *sound = false;
    if (certificate->key == NULL || certificate->key_kind == CERTIFICATE_NOT_RSA) {
        return complaint_add(verification, COMPLAINT_KEY_KIND, item, &values, fault);
    }
    values.found = str_format(arena, "%d", certificate->key_bits);
    values.expected = str_format(arena, "%d", bits_min);
    if (certificate->key_bits < bits_min) {
        return complaint_add(verification, COMPLAINT_KEY_SHORT, item, &values, fault);
    }
    if (certificate->key_bits > SIGNATURE_RSA_BITS_MAX
        || certificate->key_kind == CERTIFICATE_BAD_EXPONENT) {
        return complaint_add(verification, COMPLAINT_KEY_ODD, item, &values, fault);
    }
    *sound = true;
    return ERR_OK;
}

bool
key_take_work(struct verification *verification)
{
    const struct certificate *certificate = verification->certificate;
    uint64_t                  bits = (uint64_t)certificate->key_bits;
    uint64_t work = bits * bits * (uint64_t)certificate->exponent_bits / BITS_SQUARED_PER_UNIT;
    bool     enough = work <= verification->shared->work_left;

    verification->shared->work_left -= enough ? work : 0;
    return enough;
}

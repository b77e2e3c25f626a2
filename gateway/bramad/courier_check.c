#include "gateway/bramad/courier_check.h"

#include "gateway/courier/webhook.h"
#include "gateway/stamp/stamp.h"

static void
check_stamps(const struct check *check)
{
    const struct config *config = check->config;
    struct str           issuers = check_read(check, "tsa_trust", config->tsa_trust);
    struct stamp_trust  *trust = NULL;
    struct fault         why = {0};

    if (issuers.size > 0
        && stamp_trust_create(check->arena, issuers, config->tsa_policy, &trust, &why) != ERR_OK) {
        check_add(check, "tsa_trust", str_of(why.text));
    }
}

static void
check_webhooks(const struct check *check)
{
    const struct config *config = check->config;
    struct str           pem = check_read(check, "webhook_key", config->webhook_key);
    struct str           issuers = check_read(check, "courier_trust", config->courier_trust);
    struct webhook_key  *key = NULL;
    struct fault         why = {0};

    check_private(check, "webhook_key", config->webhook_key);
    if (pem.size > 0 && webhook_key_create(check->arena, pem, &key, &why) != ERR_OK) {
        check_add(check, "webhook_key", str_of(why.text));
    }
    (void)check_certificates(check, "courier_trust", issuers); /* only whether it is one */
}

void
courier_check(const struct check *check)
{
    if (check->config->tsa_url.size > 0) {
        check_stamps(check);
    }
    if (check->config->webhook_key.size > 0) {
        check_webhooks(check);
    }
}

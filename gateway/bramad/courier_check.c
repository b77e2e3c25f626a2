#include "gateway/bramad/courier_check.h"

#include "gateway/courier/webhook.h"
#include "gateway/letter/letter.h"
#include "gateway/stamp/stamp.h"

#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

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

/* The courier reads it as its own user, so that this must be whose it is. */
static void
check_owner(const struct check *check, const char *setting, struct str path)
{
    struct str           name = str_copy(check->arena, path);
    struct str           user = str_copy(check->arena, check->config->user_courier);
    const struct passwd *entry =
        user.size == 0 ? NULL : getpwnam(user.data); /* NOLINT: one thread */
    struct stat status = {0};

    if (geteuid() == 0 && entry != NULL && name.data != NULL && stat(name.data, &status) == 0
        && status.st_uid != entry->pw_uid) {
        check_add(check, setting,
                  str_format(check->arena, "właścicielem pliku ma być %.*s, który go czyta",
                             STR_ARG(user)));
    }
}

static void
check_mail(const struct check *check)
{
    const struct config *config = check->config;

    if (!letter_address_ok(config->mail_from)) {
        check_add(check, "mail_from", STR("z takiego adresu nie da się wysłać listu"));
    }
    (void)check_certificates(check, "courier_trust", /* only whether it is one */
                             check_read(check, "courier_trust", config->courier_trust));
    if (config->mail_password.size > 0) {
        struct str text = check_read(check, "mail_password", config->mail_password);
        struct str line = {0};
        (void)str_cut(&text, '\n', &line);
        if (str_trim(line).size == 0) {
            check_add(check, "mail_password", STR("pierwszy wiersz pliku ma być hasłem"));
        }
        check_private(check, "mail_password", config->mail_password);
        check_owner(check, "mail_password", config->mail_password);
    }
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
    if (check->config->mail_url.size > 0) {
        check_mail(check);
    }
}

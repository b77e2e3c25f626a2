#include "gateway/admin/admin.h"
#include "gateway/people/account.h"
#include "gateway/people/invitation.h"
#include "gateway/people/permission.h"

#include <stdio.h>

enum { REASON_SIZE_MAX = 1000 };

/* The role, and where it is held: a unit by its REGON, an office by its code, or nowhere. */
static enum err
read_place(struct admin *admin, struct invitation *out, struct fault *fault)
{
    const struct str    *values = admin->options.values;
    enum permission_role role = PERMISSION_ROLE_PUBLIC;
    struct registry_unit unit = {0};

    if (!permission_role_of(values[OPTION_ROLE], &role) || role == PERMISSION_ROLE_PUBLIC) {
        return FAIL(fault, ERR_USAGE,
                    "--role: „%.*s”; role są opisane w ops/runbook/permissions.md",
                    STR_ARG(str_slice(values[OPTION_ROLE], 0, 40)));
    }
    if (values[OPTION_UNIT].data != NULL && values[OPTION_OFFICE].data != NULL) {
        return FAIL(fault, ERR_USAGE, "Podaj --unit albo --office, nie oba");
    }
    if (values[OPTION_UNIT].data != NULL) {
        TRY(admin_find_unit(admin, values[OPTION_UNIT], &unit, fault));
    }
    out->role = values[OPTION_ROLE];
    out->unit = unit.unit;
    out->office = values[OPTION_OFFICE];
    return ERR_OK;
}

enum err
person_task_invite(struct admin *admin, struct fault *fault)
{
    const struct str *values = admin->options.values;
    struct invitation invitation = {0};
    struct str        token = {0};
    instant           now = 0;

    TRY(admin_options_need(&admin->options, OPTION_EMAIL, fault));
    TRY(admin_options_need(&admin->options, OPTION_NAME, fault));
    TRY(admin_options_need(&admin->options, OPTION_ROLE, fault));
    TRY(read_place(admin, &invitation, fault));
    TRY(admin_now(admin, &now, fault));
    invitation.email = values[OPTION_EMAIL];
    invitation.name = values[OPTION_NAME];
    invitation.valid_from = moment_warsaw_date(now / INSTANT_PER_SECOND);
    TRY(invitation_make(admin->store, admin->arena, &invitation, &invitation.invitation, &token,
                        fault));
    /* The secret of the link alone on stdout, so that a script can keep it; it is stored nowhere.
     */
    buf_append(&admin->out, token);
    buf_byte(&admin->out, '\n');
    (void)fprintf(stderr, "Zaproszenie działa raz, przez %d dni. Nie da się go pokazać ponownie.\n",
                  INVITATION_DAYS);
    return ERR_OK;
}

enum err
person_task_restore(struct admin *admin, struct fault *fault)
{
    const struct str   *values = admin->options.values;
    struct account_help help = {.email = values[OPTION_EMAIL],
                                .operator= values[OPTION_BY],
                                .reason = values[OPTION_BASIS]};
    struct str          token = {0};

    TRY(admin_options_need(&admin->options, OPTION_EMAIL, fault));
    TRY(admin_options_need(&admin->options, OPTION_BY, fault));
    TRY(admin_options_need(&admin->options, OPTION_BASIS, fault));
    if (str_trim(help.operator).size == 0 || str_trim(help.reason).size == 0
        || help.reason.size > REASON_SIZE_MAX) {
        return FAIL(fault, ERR_USAGE,
                    "--by: podaj, kto przywraca dostęp; --basis: dlaczego i jak sprawdzono, kto o "
                    "to prosi (najwyżej %d bajtów)",
                    REASON_SIZE_MAX);
    }
    TRY(account_help(admin->store, admin->arena, &help, &token, fault));
    if (token.size == 0) {
        return FAIL(fault, ERR_DENIED,
                    "Z adresem „%.*s” nikt się jeszcze nie logował, albo konto jest zamknięte; "
                    "nową osobę zaprasza person invite",
                    STR_ARG(str_slice(help.email, 0, 40)));
    }
    buf_append(&admin->out, token);
    buf_byte(&admin->out, '\n');
    (void)fprintf(stderr,
                  "Odnośnik działa raz, przez %d dni. Użycie go kończy wszystko, czym ta osoba "
                  "logowała się dotąd.\n",
                  INVITATION_DAYS);
    return ERR_OK;
}

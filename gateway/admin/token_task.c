#include "gateway/admin/admin.h"

#include "gateway/fingerprint/fingerprint.h"
#include "gateway/people/secret.h"

#include <stdio.h>

enum { DAYS_VALID = 365, DAY_ROOM = 64 };

/* In the order in which they are listed. */
static const struct {
    const char *word;
    int         scope;
} words[] = {
    {"submit",      SCOPE_SUBMIT     },
    {"read",        SCOPE_READ       },
    {"obligations", SCOPE_OBLIGATIONS},
    {"registry",    SCOPE_REGISTRY   },
    {"review",      SCOPE_REVIEW     },
    {"feed",        SCOPE_FEED       },
};
enum {
    GIVEN_COUNT = 3,
    FEED_AT = 5
}; /* what is given at the machine: the first three, or a feed */

static enum err
make_token(struct admin *admin, int scopes, struct str *out, unsigned char digest[FINGERPRINT_SIZE],
           struct fault *fault)
{
    static const struct str prefixes[2][2] = {
        {STR_INIT("brk_test_"), STR_INIT("brk_live_")},
        {STR_INIT("brf_test_"), STR_INIT("brf_live_")}
    };
    struct store_rows rows = {0};

    TRY(store_run(admin->store, "SELECT environment = 'PROD' FROM registry.setting", NULL,
                  admin->arena, &rows, fault));
    return secret_make(admin->arena,
                       prefixes[scopes == SCOPE_FEED ? 1 : 0][store_truth(&rows, 0, 0) ? 1 : 0],
                       out, digest, fault);
}

static int
scope_of(struct str word)
{
    for (size_t i = 0; i < ARRAY_COUNT(words); i++) {
        if (str_equal(word, str_of(words[i].word)) && (i < GIVEN_COUNT || i == FEED_AT)) {
            return words[i].scope;
        }
    }
    return 0;
}

/* submit,read,obligations in any order; or feed. */
static enum err
read_scopes(struct str text, int *out, struct fault *fault)
{
    int        scopes = 0;
    struct str rest = text;
    struct str word = {0};

    while (str_cut(&rest, ',', &word)) {
        int scope = scope_of(word);
        if (scope == 0) {
            return FAIL(fault, ERR_USAGE,
                        "--scopes: „%.*s”; można podać submit, read i obligations po przecinku "
                        "albo samo feed",
                        STR_ARG(str_slice(word, 0, 40)));
        }
        scopes |= scope;
    }
    if ((scopes & SCOPE_FEED) != 0 && scopes != SCOPE_FEED) {
        return FAIL(fault, ERR_USAGE,
                    "--scopes: token z zakresem feed stoi w adresie kalendarza, więc nie może mieć "
                    "żadnego innego; utwórz dwa tokeny");
    }
    *out = scopes;
    return ERR_OK;
}

/* Nobody begins to file for a unit that is no more; what it still owes, its parent files. */
static enum err
need_open(struct admin *admin, const struct registry_unit *unit, struct fault *fault)
{
    struct buf  day = buf_create(admin->arena, DAY_ROOM);
    struct date today = {0};

    TRY(admin_today(admin, &today, fault));
    if (unit->valid_to.year == 0 || date_compare(unit->valid_to, today) >= 0) {
        return ERR_OK;
    }
    date_write(&day, unit->valid_to);
    return FAIL(fault, ERR_DENIED, "jednostka o REGON %.*s jest zamknięta z końcem dnia %.*s",
                STR_ARG(unit->regon), STR_ARG(buf_str(&day)));
}

enum err
admin_credential(struct admin *admin, struct registry_credential *out, struct fault *fault)
{
    const struct str    *values = admin->options.values;
    struct registry_unit unit = {0};
    struct store_rows    rows = {0};
    moment               expires = 0;

    TRY(admin_options_need(&admin->options, OPTION_UNIT, fault));
    TRY(admin_find_unit(admin, values[OPTION_UNIT], &unit, fault));
    TRY(need_open(admin, &unit, fault));
    /* Credentials end by the real clock, whatever TEST's offset is. */
    TRY(store_run(admin->store, "SELECT now()", NULL, admin->arena, &rows, fault));
    instant now = store_instant(&rows, 0, 0);
    *out = (struct registry_credential){
        .unit = unit.unit,
        .regon = unit.regon,
        .scopes = SCOPE_SUBMIT | SCOPE_READ | SCOPE_OBLIGATIONS,
        .label = values[OPTION_LABEL],
        .expires = now + (instant)DAYS_VALID * 24 * 3600 * INSTANT_PER_SECOND,
    };
    if (values[OPTION_SCOPES].data != NULL) {
        TRY(read_scopes(values[OPTION_SCOPES], &out->scopes, fault));
    }
    if (values[OPTION_EXPIRES].data == NULL) {
        return ERR_OK;
    }
    if (!moment_parse_when(values[OPTION_EXPIRES], &expires)
        || expires * INSTANT_PER_SECOND <= now) {
        return FAIL(fault, ERR_USAGE,
                    "--expires: „%.*s” to nie jest przyszły dzień w postaci "
                    "RRRR-MM-DD",
                    STR_ARG(str_slice(values[OPTION_EXPIRES], 0, 40)));
    }
    out->expires = expires * INSTANT_PER_SECOND;
    return ERR_OK;
}

enum err
token_task_create(struct admin *admin, struct fault *fault)
{
    struct registry_credential credential = {0};
    unsigned char              digest[FINGERPRINT_SIZE];
    struct str                 token = {0};

    TRY(admin_credential(admin, &credential, fault));
    TRY(make_token(admin, credential.scopes, &token, digest, fault));
    TRY(registry_bind(admin->store, admin->arena, &credential, digest, &credential.credential,
                      fault));
    /* The token alone on stdout, so that a script can keep it; it is stored nowhere. */
    buf_append(&admin->out, token);
    buf_byte(&admin->out, '\n');
    (void)fprintf(stderr, "Token nr %lld jednostki %.*s. Nie da się go pokazać ponownie.\n",
                  (long long)credential.credential, STR_ARG(credential.regon));
    if (credential.scopes == SCOPE_FEED) {
        (void)fprintf(stderr,
                      "Adres kalendarza: <adres bramy>/api/v1/obligations.ics?token=<token>\n");
    }
    return ERR_OK;
}

static struct str
scope_words(struct arena *arena, int scopes)
{
    enum { WORDS_MAX = 64 };
    struct buf out = buf_create(arena, WORDS_MAX);

    for (size_t i = 0; i < ARRAY_COUNT(words); i++) {
        if ((scopes & words[i].scope) != 0) {
            buf_format(&out, "%s%s", out.size > 0 ? "," : "", words[i].word);
        }
    }
    return out.size > 0 ? buf_str(&out) : STR("-");
}

enum err
admin_list_credentials(struct admin *admin, bool certificates, struct fault *fault)
{
    struct registry_credential *list = NULL;
    struct registry_unit        unit = {0};
    size_t                      count = 0;

    if (admin->options.values[OPTION_UNIT].data != NULL) {
        TRY(admin_find_unit(admin, admin->options.values[OPTION_UNIT], &unit, fault));
    }
    TRY(registry_list_credentials(admin->store, admin->arena, unit.unit, &list, &count, fault));
    buf_append(&admin->out,
               STR("nr\tjednostka\tuprawnienia\tważny do\tunieważniony\tużyty\topis\n"));
    for (size_t i = 0; i < count; i++) {
        if (list[i].is_certificate != certificates) {
            continue;
        }
        buf_format(&admin->out, "%lld\t", (long long)list[i].credential);
        admin_print(admin, list[i].regon, false);
        admin_print(admin, scope_words(admin->arena, list[i].scopes), false);
        admin_print_instant(admin, list[i].expires, false);
        admin_print_instant(admin, list[i].revoked, false);
        admin_print_instant(admin, list[i].last_used, false);
        admin_print(admin, list[i].label, true);
    }
    return ERR_OK;
}

enum err
admin_revoke(struct admin *admin, bool certificate, struct fault *fault)
{
    struct registry_credential *list = NULL;
    size_t                      count = 0;
    int64_t                     number = 0;
    bool                        found = false;

    TRY(registry_list_credentials(admin->store, admin->arena, 0, &list, &count, fault));
    if (str_to_number(admin->options.argument, &number)) {
        for (size_t i = 0; i < count && !found; i++) {
            found = list[i].credential == number && list[i].is_certificate == certificate
                    && list[i].revoked == 0;
        }
    }
    if (found) {
        TRY(registry_revoke(admin->store, admin->arena, number, &found, fault));
    }
    if (!found) {
        return FAIL(fault, ERR_DENIED, "„%.*s”: nie ma ważnego %s o tym numerze",
                    STR_ARG(str_slice(admin->options.argument, 0, 40)),
                    certificate ? "certyfikatu" : "tokenu");
    }
    buf_format(&admin->out, "Unieważniono %s nr %lld\n", certificate ? "certyfikat" : "token",
               (long long)number);
    return ERR_OK;
}

enum err
token_task_list(struct admin *admin, struct fault *fault)
{
    return admin_list_credentials(admin, false, fault);
}

enum err
token_task_revoke(struct admin *admin, struct fault *fault)
{
    return admin_revoke(admin, false, fault);
}

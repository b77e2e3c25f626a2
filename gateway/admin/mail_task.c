#include "gateway/admin/admin.h"
#include "gateway/outbox/mail_log.h"

enum { SHOWN_MAX = 80, ADDRESS_MAX = 254, MINUTE = 60 };

static const struct admin_word words[] = {
    {STR_INIT("waiting"),     STR_INIT("czeka")                  },
    {STR_INIT("sent"),        STR_INIT("wysłany")               },
    {STR_INIT("refused"),     STR_INIT("odmowa")                 },
    {STR_INIT("dropped"),     STR_INIT("zbędny")                },
    {STR_INIT("omitted"),     STR_INIT("pominięty")             },
    {STR_INIT("invitation"),  STR_INIT("zaproszenie")            },
    {STR_INIT("restoration"), STR_INIT("powrót do konta")       },
    {STR_INIT("digest"),      STR_INIT("przypomnienie")          },
    {STR_INIT("results"),     STR_INIT("wyniki")                 },
    {STR_INIT("agenda"),      STR_INIT("zastrzeżenia i korekty")},
    {STR_INIT("endpoint"),    STR_INIT("wyłączony webhook")    },
    {STR_INIT("test"),        STR_INIT("próba")                 },
};

/* A word of the database in an operator's words. */
static struct str
say(struct str word)
{
    return admin_say(words, ARRAY_COUNT(words), word);
}

enum err
mail_task_status(struct admin *admin, struct fault *fault)
{
    struct mail_log_sum *list = NULL;
    size_t               count = 0;

    TRY(mail_log_sums(admin->store, admin->arena, &list, &count, fault));
    buf_append(&admin->out, STR("stan\trodzaj\tlistów\tnajstarszy sprzed minut\n"));
    for (size_t i = 0; i < count; i++) {
        admin_print(admin, say(list[i].state), false);
        admin_print(admin, say(list[i].kind), false);
        buf_format(&admin->out, "%lld\t%lld\n", (long long)list[i].count,
                   (long long)(list[i].oldest_seconds / MINUTE));
    }
    return ERR_OK;
}

enum err
mail_task_list(struct admin *admin, struct fault *fault)
{
    struct mail_log_line *list = NULL;
    size_t                count = 0;

    TRY(mail_log_list(admin->store, admin->arena, &list, &count, fault));
    buf_append(&admin->out, STR("kiedy\trodzaj\tdo\tstan\tprób\tkod\twynik\tnastępna\n"));
    for (size_t i = 0; i < count; i++) {
        admin_print_instant(admin, list[i].made, false);
        admin_print(admin, say(list[i].kind), false);
        admin_print(admin, list[i].email, false);
        admin_print(admin, say(list[i].state), false);
        buf_format(&admin->out, "%lld\t%lld\t", (long long)list[i].attempts,
                   (long long)list[i].status);
        admin_print(admin, list[i].outcome, false);
        admin_print_instant(admin, list[i].next, true);
    }
    if (count == MAIL_LOG_LINES_MAX) {
        buf_format(
            &admin->out,
            "To nie wszystko: pokazano %zu najnowszych; ile jest razem, podaje mail status\n",
            count);
    }
    return ERR_OK;
}

enum err
mail_task_test(struct admin *admin, struct fault *fault)
{
    struct str email = str_trim(admin->options.argument);
    struct str rest = email;
    struct str local = {0};

    if (!str_cut(&rest, '@', &local) || local.size == 0 || rest.size == 0
        || email.size > ADDRESS_MAX) {
        return FAIL(fault, ERR_USAGE, "„%.*s” to nie jest adres",
                    STR_ARG(str_slice(email, 0, SHOWN_MAX)));
    }
    TRY(mail_log_test(admin->store, admin->arena, email, fault));
    buf_append(&admin->out, STR("List czeka na wysłanie; co się z nim stało, pokaże „brama admin "
                                "mail list”.\n"));
    return ERR_OK;
}

enum err
mail_task_retry(struct admin *admin, struct fault *fault)
{
    int64_t count = 0;

    TRY(mail_log_retry(admin->store, admin->arena, &count, fault));
    buf_format(&admin->out, "Do wysłania od razu: %lld\n", (long long)count);
    return ERR_OK;
}

static enum err
change(struct admin *admin,
       enum err (*how)(struct store *store, struct arena *arena, struct str email, struct str kind,
                       bool *found, struct fault *fault),
       const char *done, struct fault *fault)
{
    const struct str known = STR("digest results agenda endpoint");
    struct str       kind = admin->options.values[OPTION_KIND];
    bool             found = false;

    TRY(admin_options_need(&admin->options, OPTION_KIND, fault));
    if (!str_has_word(known, kind)) {
        return FAIL(fault, ERR_USAGE, "--kind: „%.*s”; można podać: %.*s",
                    STR_ARG(str_slice(kind, 0, SHOWN_MAX)), STR_ARG(known));
    }
    TRY(how(admin->store, admin->arena, admin->options.argument, kind, &found, fault));
    if (!found) {
        return FAIL(fault, ERR_DENIED, "nikt nie ma konta z adresem %.*s",
                    STR_ARG(str_slice(admin->options.argument, 0, SHOWN_MAX)));
    }
    buf_format(&admin->out, "%s: %.*s\n", done, STR_ARG(say(kind)));
    return ERR_OK;
}

enum err
mail_task_mute(struct admin *admin, struct fault *fault)
{
    return change(admin, mail_log_mute, "Wyłączono", fault);
}

enum err
mail_task_unmute(struct admin *admin, struct fault *fault)
{
    return change(admin, mail_log_unmute, "Włączono", fault);
}

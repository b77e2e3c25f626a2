#include "gateway/admin/admin.h"
#include "gateway/people/objection_answer.h"

enum { SHOWN_MAX = 80 };

static const struct admin_word words[] = {
    {STR_INIT(""),            STR_INIT("-")                  },
    {STR_INIT("accepted"),    STR_INIT("uznane")             },
    {STR_INIT("declined"),    STR_INIT("nieuznane")          },
    {STR_INIT("rule-change"), STR_INIT("reguła do zmiany")  },
    {STR_INIT("rule-off"),    STR_INIT("reguła wyłączona")},
    {STR_INIT("release"),     STR_INIT("wydanie")            },
};

/* A word of the database in an operator's words. */
static struct str
say(struct str word)
{
    return admin_say(words, ARRAY_COUNT(words), word);
}

static void
print_one(struct admin *admin, const struct objection_told *told)
{
    buf_format(&admin->out, "%lld\t", (long long)told->objection);
    admin_print_instant(admin, told->decided_at, false);
    admin_print(admin, told->code, false);
    admin_print(admin, told->form_version, false);
    admin_print(admin, told->owner, false);
    admin_print(admin, told->reason, false);
    admin_print(admin, say(told->outcome), false);
    admin_print(admin, say(told->remedy), false);
    admin_print(admin, told->answer, true);
}

/* Page by page, the newest first. */
enum err
objection_task_list(struct admin *admin, struct fault *fault)
{
    struct objection_page page = {.open = admin->options.values[OPTION_OPEN].data != NULL};

    buf_append(&admin->out, STR("numer\tkiedy\treguła\tdefinicja\twłaściciel\tpowód\t"
                                "odpowiedź\tskutek\tuzasadnienie\n"));
    do {
        page.before = page.next;
        TRY(objection_answer_list(admin->store, admin->arena, OBJECTION_OPERATOR, &page, fault));
        for (size_t i = 0; i < page.count; i++) {
            print_one(admin, &page.items[i]);
        }
    } while (page.next > 0);
    return ERR_OK;
}

static enum err
refuse(enum objection_end end, struct fault *fault)
{
    static const char *const ends[] = {
        [OBJECTION_ABSENT] =
            "nie ma takiego zastrzeżenia; numery wypisuje „brama admin objection list”",
        [OBJECTION_CHANGED] = "ktoś właśnie odpowiedział na to zastrzeżenie; obejrzyj listę",
        [OBJECTION_RULE_ON] = "reguła nie jest wyłączona; wyłącza ją „brama rules off”",
        [OBJECTION_NO_RELEASE] = "nie ma takiego wydania; wypisuje je „brama rules bundles”",
        [OBJECTION_TOO_MANY] =
            "odpowiedź zmieniono 100 razy, więcej brama nie przyjmie; napisz do składającego",
    };

    return FAIL(fault, ERR_DENIED, "%s", ends[end]);
}

/* Over whatever answer there is: an operator at the machine has just seen the list. */
enum err
objection_task_answer(struct admin *admin, struct fault *fault)
{
    const struct str       *values = admin->options.values;
    struct objection_told   told = {0};
    struct objection_answer answer = {.outcome = values[OPTION_DECISION],
                                      .remedy = values[OPTION_REMEDY],
                                      .release = values[OPTION_RELEASE],
                                      .reason = str_trim(values[OPTION_REASON]),
                                      .alike = values[OPTION_ALIKE].data != NULL};

    TRY(admin_options_need(&admin->options, OPTION_DECISION, fault));
    TRY(admin_options_need(&admin->options, OPTION_REASON, fault));
    if (!str_to_number(admin->options.argument, &answer.objection)) {
        return FAIL(fault, ERR_USAGE, "„%.*s”: podaj numer z „brama admin objection list”",
                    STR_ARG(str_slice(admin->options.argument, 0, SHOWN_MAX)));
    }
    const char *wrong = objection_answer_fault(&answer);
    if (wrong != NULL) {
        return FAIL(fault, ERR_USAGE, "%s", wrong);
    }
    told.objection = answer.objection;
    TRY(objection_answer_find(admin->store, admin->arena, OBJECTION_OPERATOR, &told, fault));
    answer.revision = told.revision;
    TRY(objection_answer_put(admin->store, admin->arena, OBJECTION_OPERATOR, &answer, fault));
    if (answer.end != OBJECTION_ANSWERED) {
        return refuse(answer.end, fault);
    }
    buf_format(&admin->out, "Odpowiedziano na zastrzeżenia: %lld\n", (long long)answer.count);
    return ERR_OK;
}

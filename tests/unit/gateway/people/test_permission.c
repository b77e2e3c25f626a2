#include "gateway/people/permission.h"
#include "tests/support/expect.h"

static void
nobody_may_what_does_not_stand_in_the_table(void **state)
{
    /* The few cells that a slip would cost most. */
    static const struct {
        enum permission_role     role;
        enum permission_action   action;
        enum permission_relation relation;
        bool                     want;
    } cases[] = {
        {PERMISSION_ROLE_PUBLIC,     PERMISSION_ACTION_READ_REPORT,   PERMISSION_RELATION_NONE,      false},
        {PERMISSION_ROLE_PUBLIC,     PERMISSION_ACTION_SELF,          PERMISSION_RELATION_NONE,      false},
        {PERMISSION_ROLE_SENDER,     PERMISSION_ACTION_FILE,          PERMISSION_RELATION_OWN,       true },
        {PERMISSION_ROLE_SENDER,     PERMISSION_ACTION_FILE,          PERMISSION_RELATION_SERVED,    true },
        {PERMISSION_ROLE_SENDER,     PERMISSION_ACTION_FILE,          PERMISSION_RELATION_SIBLING,   false},
        {PERMISSION_ROLE_SENDER,     PERMISSION_ACTION_FILE,          PERMISSION_RELATION_PARENT,    false},
        {PERMISSION_ROLE_SENDER,     PERMISSION_ACTION_KEEP_TOKENS,   PERMISSION_RELATION_OWN,       false},
        {PERMISSION_ROLE_HEAD,       PERMISSION_ACTION_GIVE_HEAD,     PERMISSION_RELATION_OWN,       false},
        {PERMISSION_ROLE_HEAD,       PERMISSION_ACTION_GIVE_SENDER,   PERMISSION_RELATION_CHILD,     false},
        {PERMISSION_ROLE_SUPERVISOR, PERMISSION_ACTION_GIVE_OPERATOR, PERMISSION_RELATION_NONE,
         false                                                                                            },
        {PERMISSION_ROLE_SUPERVISOR, PERMISSION_ACTION_KEEP_UNIT,     PERMISSION_RELATION_OWN,       false},
        {PERMISSION_ROLE_REVIEWER,   PERMISSION_ACTION_READ_REPORT,   PERMISSION_RELATION_ADDRESSED,
         true                                                                                             },
        {PERMISSION_ROLE_REVIEWER,   PERMISSION_ACTION_READ_REPORT,   PERMISSION_RELATION_FOREIGN,
         false                                                                                            },
        {PERMISSION_ROLE_REVIEWER,   PERMISSION_ACTION_FILE,          PERMISSION_RELATION_ADDRESSED, false},
        {PERMISSION_ROLE_OPERATOR,   PERMISSION_ACTION_READ_REPORT,   PERMISSION_RELATION_FOREIGN,
         false                                                                                            },
        {PERMISSION_ROLE_AUDITOR,    PERMISSION_ACTION_READ_REPORT,   PERMISSION_RELATION_FOREIGN,
         false                                                                                            },
        {PERMISSION_ROLE_AUDITOR,    PERMISSION_ACTION_GIVE_AUDITOR,  PERMISSION_RELATION_NONE,      false},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        EXPECT(permission_holds(cases[i].role, cases[i].action, cases[i].relation) == cases[i].want,
               permission_action_word(cases[i].action));
    }
}

/* Whoever may give something away may invite to it there, and the other way round. */
static void
inviting_is_giving_of_any_kind(void **state)
{
    (void)state;
    for (int role = 0; role < PERMISSION_ROLE_COUNT; role++) {
        for (int relation = 0; relation < PERMISSION_RELATION_COUNT; relation++) {
            bool gives = false;
            for (int given = 0; given < PERMISSION_ROLE_COUNT; given++) {
                enum permission_action gift = PERMISSION_ACTION_READ_PUBLIC;
                if (permission_gift((enum permission_role)given, &gift)) {
                    gives = gives
                            || permission_holds((enum permission_role)role, gift,
                                                (enum permission_relation)relation);
                }
            }
            EXPECT(gives
                       == permission_holds((enum permission_role)role, PERMISSION_ACTION_INVITE,
                                           (enum permission_relation)relation),
                   permission_role_word((enum permission_role)role));
        }
    }
}

static void
words_and_roles_are_each_others(void **state)
{
    enum permission_role     role = PERMISSION_ROLE_PUBLIC;
    enum permission_relation relation = PERMISSION_RELATION_OWN;

    (void)state;
    for (int i = 0; i < PERMISSION_ROLE_COUNT; i++) {
        const char *word = permission_role_word((enum permission_role)i);
        EXPECT(permission_role_of(str_of(word), &role) && (int)role == i, word);
    }
    for (int i = 0; i < PERMISSION_RELATION_COUNT; i++) {
        const char *word = permission_relation_word((enum permission_relation)i);
        EXPECT(permission_relation_of(str_of(word), &relation) && (int)relation == i, word);
    }
    assert_false(permission_role_of(STR(""), &role));
    assert_false(permission_role_of(STR("Operator"), &role));
    assert_false(permission_relation_of(STR("owner"), &relation));
}

static void
every_role_but_the_public_is_a_gift_of_its_own(void **state)
{
    bool                   seen[PERMISSION_ACTION_COUNT] = {false};
    enum permission_action gift = PERMISSION_ACTION_READ_PUBLIC;

    (void)state;
    assert_false(permission_gift(PERMISSION_ROLE_PUBLIC, &gift));
    assert_false(permission_gift(PERMISSION_ROLE_COUNT, &gift));
    for (int i = PERMISSION_ROLE_PUBLIC + 1; i < PERMISSION_ROLE_COUNT; i++) {
        assert_true(permission_gift((enum permission_role)i, &gift));
        EXPECT(!seen[gift], permission_action_word(gift));
        seen[gift] = true;
    }
}

/* A row that allows an action to nobody is a mistake of the table's. */
static void
every_action_is_somebodys(void **state)
{
    (void)state;
    for (int action = 0; action < PERMISSION_ACTION_COUNT; action++) {
        bool somebody = false;
        for (int role = 0; role < PERMISSION_ROLE_COUNT; role++) {
            somebody =
                somebody
                || permission_ever((enum permission_role)role, (enum permission_action)action);
        }
        EXPECT(somebody, permission_action_word((enum permission_action)action));
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nobody_may_what_does_not_stand_in_the_table),
        cmocka_unit_test(inviting_is_giving_of_any_kind),
        cmocka_unit_test(words_and_roles_are_each_others),
        cmocka_unit_test(every_role_but_the_public_is_a_gift_of_its_own),
        cmocka_unit_test(every_action_is_somebodys),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

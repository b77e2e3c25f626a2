#include "gateway/people/permission.h"

static const char *const role_words[] = {
#define PERMISSION_ROLE(name, word) [PERMISSION_ROLE_##name] = (word),
#include "gateway/people/permission.def"
#undef PERMISSION_ROLE
};

static const char *const relation_words[] = {
#define PERMISSION_RELATION(name, word) [PERMISSION_RELATION_##name] = (word),
#include "gateway/people/permission.def"
#undef PERMISSION_RELATION
};

static const char *const action_words[] = {
#define PERMISSION_ACTION(name, word) [PERMISSION_ACTION_##name] = (word),
#include "gateway/people/permission.def"
#undef PERMISSION_ACTION
};

/* Sets of relations, as the table writes them. */
enum relation_set {
#define PERMISSION_RELATION(name, word) name = 1 << PERMISSION_RELATION_##name,
#include "gateway/people/permission.def"
#undef PERMISSION_RELATION
    ANY = (1 << PERMISSION_RELATION_COUNT) - 1
};

static const unsigned char allowed[PERMISSION_ROLE_COUNT][PERMISSION_ACTION_COUNT] = {
#define PERMISSION(role, action, relations) \
    [PERMISSION_ROLE_##role][PERMISSION_ACTION_##action] = (relations),
#include "gateway/people/permission.def"
#undef PERMISSION
};

bool
permission_holds(enum permission_role role, enum permission_action action,
                 enum permission_relation relation)
{
    ENSURE(role < PERMISSION_ROLE_COUNT && action < PERMISSION_ACTION_COUNT
           && relation < PERMISSION_RELATION_COUNT);
    return (allowed[role][action] & (1U << relation)) != 0;
}

bool
permission_ever(enum permission_role role, enum permission_action action)
{
    ENSURE(role < PERMISSION_ROLE_COUNT && action < PERMISSION_ACTION_COUNT);
    return allowed[role][action] != 0;
}

const char *
permission_role_word(enum permission_role role)
{
    ENSURE(role < PERMISSION_ROLE_COUNT);
    return role_words[role];
}

const char *
permission_action_word(enum permission_action action)
{
    ENSURE(action < PERMISSION_ACTION_COUNT);
    return action_words[action];
}

const char *
permission_relation_word(enum permission_relation relation)
{
    ENSURE(relation < PERMISSION_RELATION_COUNT);
    return relation_words[relation];
}

bool
permission_role_of(struct str word, enum permission_role *out)
{
    for (size_t i = 0; i < ARRAY_COUNT(role_words); i++) {
        if (str_equal(word, str_of(role_words[i]))) {
            *out = (enum permission_role)i;
            return true;
        }
    }
    return false;
}

bool
permission_relation_of(struct str word, enum permission_relation *out)
{
    for (size_t i = 0; i < ARRAY_COUNT(relation_words); i++) {
        if (str_equal(word, str_of(relation_words[i]))) {
            *out = (enum permission_relation)i;
            return true;
        }
    }
    return false;
}

bool
permission_gift(enum permission_role role, enum permission_action *out)
{
    static const enum permission_action gifts[PERMISSION_ROLE_COUNT] = {
        [PERMISSION_ROLE_SENDER] = PERMISSION_ACTION_GIVE_SENDER,
        [PERMISSION_ROLE_HEAD] = PERMISSION_ACTION_GIVE_HEAD,
        [PERMISSION_ROLE_TREASURER] = PERMISSION_ACTION_GIVE_TREASURER,
        [PERMISSION_ROLE_SERVICE_HEAD] = PERMISSION_ACTION_GIVE_SERVICE_HEAD,
        [PERMISSION_ROLE_SUPERVISOR] = PERMISSION_ACTION_GIVE_SUPERVISOR,
        [PERMISSION_ROLE_REVIEWER] = PERMISSION_ACTION_GIVE_REVIEWER,
        [PERMISSION_ROLE_RULE_OWNER] = PERMISSION_ACTION_GIVE_RULE_OWNER,
        [PERMISSION_ROLE_OPERATOR] = PERMISSION_ACTION_GIVE_OPERATOR,
        [PERMISSION_ROLE_AUDITOR] = PERMISSION_ACTION_GIVE_AUDITOR,
    };

    if (role >= PERMISSION_ROLE_COUNT || role == PERMISSION_ROLE_PUBLIC) {
        return false;
    }
    *out = gifts[role];
    return true;
}

#ifndef GATEWAY_PEOPLE_PERMISSION_H
#define GATEWAY_PEOPLE_PERMISSION_H

#include "validators/base/str.h"

/*
 * The table of permissions (permission.def): who may do what with what belongs to whom. Pure data;
 * how a place stands to a person is the store's to say (people.relation). What is not in the table
 * is refused: a new role, action or relation may nothing until it is given something.
 *
 * PERMISSION_RELATION_NONE is a thing that belongs to no place, and one that is not there.
 */
enum permission_role {
#define PERMISSION_ROLE(name, word) PERMISSION_ROLE_##name,
#include "gateway/people/permission.def"
#undef PERMISSION_ROLE
    PERMISSION_ROLE_COUNT
};

enum permission_relation {
#define PERMISSION_RELATION(name, word) PERMISSION_RELATION_##name,
#include "gateway/people/permission.def"
#undef PERMISSION_RELATION
    PERMISSION_RELATION_COUNT
};

enum permission_action {
#define PERMISSION_ACTION(name, word) PERMISSION_ACTION_##name,
#include "gateway/people/permission.def"
#undef PERMISSION_ACTION
    PERMISSION_ACTION_COUNT
};

bool permission_holds(enum permission_role role, enum permission_action action,
                      enum permission_relation relation);

/* Whether there is anything at all with which a role may do this: if not, a refusal says so;
 * otherwise what may not be touched is not there (404), so that nobody learns that it is. */
bool permission_ever(enum permission_role role, enum permission_action action);

const char *permission_role_word(enum permission_role role);
const char *permission_action_word(enum permission_action action);
const char *permission_relation_word(enum permission_relation relation);

/* By their words; false: there is none, *out untouched. */
MUST_USE bool permission_role_of(struct str word, enum permission_role *out);
MUST_USE bool permission_relation_of(struct str word, enum permission_relation *out);

/* GIVE_SENDER for SENDER, ...; false for PUBLIC, which nobody gives. */
MUST_USE bool permission_gift(enum permission_role role, enum permission_action *out);

#endif

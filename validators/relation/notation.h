#ifndef VALIDATORS_RELATION_NOTATION_H
#define VALIDATORS_RELATION_NOTATION_H

/*
 * What the texts of a string component are. They are compared as strings, whatever they are: a
 * notation is carried along with the component and says how a result is described.
 */
enum relation_notation {
    RELATION_PLAIN,
    RELATION_DATE,
    RELATION_TIME, /* an interval */
    RELATION_DURATION,
};

#endif

#ifndef GATEWAY_PEOPLE_GUESSABLE_H
#define GATEWAY_PEOPLE_GUESSABLE_H

#include "validators/base/str.h"

/*
 * Passwords that anybody would try first (NIST SP 800-63B, 5.1.1.2): what is left of one when the
 * obvious is taken out of it. Obvious are characters in a row or repeated (three and more), years,
 * pieces of guessable.def, and what the person is called: words of the name, the parts of the
 * e-mail address. Large letters and Polish diacritics hide nothing. Knows nothing of lengths.
 */
enum { GUESSABLE_LEFT_MIN = 6 };

/* Characters that are left, spaces aside; of an empty text 0. Below GUESSABLE_LEFT_MIN it is
 * guessable. At most PASSWORD_SIZE_MAX bytes are looked at. */
size_t guessable_left(struct str password, struct str email, struct str name);

#endif

#ifndef VALIDATORS_DECISION_PLACE_H
#define VALIDATORS_DECISION_PLACE_H

#include "validators/base/err.h"
#include "validators/base/str.h"

/*
 * Byte offsets of a file as lines and columns, the way an editor counts: from 1, columns in
 * characters, a byte order mark not counted, lines ended by LF. Made only for files that have
 * findings; a question costs at most PLACE_STEP bytes of reading, also in a file that is one line.
 */
enum { PLACE_STEP = 4096 };

struct place {
    uint32_t line;
    uint32_t column;
};

struct place_index {
    struct str    bytes;
    struct place *marks; /* place of the character at or behind every PLACE_STEP-th byte */
    size_t        mark_count;
};

/* Borrows bytes (UTF-8 or not: every byte that is no continuation byte counts as a character). */
MUST_USE enum err place_index_create(struct arena *arena, struct str bytes, struct place_index *out,
                                     struct fault *fault);

/* offset may be the size of the file: the place behind its last character. */
struct place place_at(const struct place_index *index, uint32_t offset);

#endif

#ifndef VALIDATORS_BASE_PARCEL_H
#define VALIDATORS_BASE_PARCEL_H

#include "validators/base/buf.h"

/*
 * Numbers, texts and arrays in and out of a run of bytes, for messages between processes. Writing
 * goes to a struct buf, whose `full` says at the end whether everything fitted. Reading never fails
 * at the call: the first thing that is not there or not allowed sets `bad`, and from then on every
 * reader gives zero; whoever reads asks once, at the end (and before any loop that a number from
 * the bytes bounds). Little-endian; private to one build on one machine.
 */
struct parcel {
    struct arena *arena; /* copies of what is read */
    struct str    bytes;
    size_t        at;
    bool          bad;     /* malformed */
    bool          starved; /* the arena is full */
};

void parcel_put_number(struct buf *out, uint64_t number);
void parcel_put_truth(struct buf *out, bool value);
void parcel_put_text(struct buf *out, struct str text); /* keeps the difference to an absent text */
void parcel_put_array(struct buf *out, const void *items, size_t count, size_t size);

/* A number of at most max, else `bad`. */
uint64_t parcel_number(struct parcel *parcel, uint64_t max);

/* What parcel_put_truth wrote; any other number is `bad`, and false. */
bool parcel_truth(struct parcel *parcel);

/* A copy of a UTF-8 text; .data == NULL when it was absent. */
struct str parcel_text(struct parcel *parcel);

/* A copy of an array of count items; NULL when bad. */
void *parcel_array(struct parcel *parcel, size_t count, size_t size);

/* Copy exactly size bytes to *out. */
void parcel_bytes(struct parcel *parcel, void *out, size_t size);

/* Zeroed room for count items that cost at least one byte each in the rest of the parcel. */
void *parcel_room(struct parcel *parcel, uint64_t count, size_t size);

#endif

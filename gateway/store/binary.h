#ifndef GATEWAY_STORE_BINARY_H
#define GATEWAY_STORE_BINARY_H

#include "validators/base/moment.h"

/* Numbers and times in PostgreSQL's binary form: big-endian, times since 2000-01-01. */
void binary_write16(char *out, int16_t number);
void binary_write32(char *out, int32_t number);
void binary_write64(char *out, int64_t number);

int16_t binary_read16(const char *bytes);
int32_t binary_read32(const char *bytes);
int64_t binary_read64(const char *bytes);

int64_t     binary_of_instant(instant at);
instant     binary_to_instant(int64_t number); /* "infinity" stays the largest number */
int32_t     binary_of_date(struct date date);
struct date binary_to_date(int32_t number);

#endif

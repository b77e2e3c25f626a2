#include "gateway/store/binary.h"

#include <endian.h>
#include <string.h>

/* Where PostgreSQL begins to count: 2000-01-01. */
static const int64_t epoch_days = 10957;
static const int64_t epoch = INT64_C(946684800) * INSTANT_PER_SECOND;

void
binary_write16(char *out, int16_t number)
{
    uint16_t wire = htobe16((uint16_t)number);

    memcpy(out, &wire, sizeof wire);
}

void
binary_write32(char *out, int32_t number)
{
    uint32_t wire = htobe32((uint32_t)number);

    memcpy(out, &wire, sizeof wire);
}

void
binary_write64(char *out, int64_t number)
{
    uint64_t wire = htobe64((uint64_t)number);

    memcpy(out, &wire, sizeof wire);
}

int16_t
binary_read16(const char *bytes)
{
    uint16_t wire = 0;

    memcpy(&wire, bytes, sizeof wire);
    return (int16_t)be16toh(wire);
}

int32_t
binary_read32(const char *bytes)
{
    uint32_t wire = 0;

    memcpy(&wire, bytes, sizeof wire);
    return (int32_t)be32toh(wire);
}

int64_t
binary_read64(const char *bytes)
{
    uint64_t wire = 0;

    memcpy(&wire, bytes, sizeof wire);
    return (int64_t)be64toh(wire);
}

int64_t
binary_of_instant(instant at)
{
    return at < INT64_MIN + epoch ? INT64_MIN : at - epoch;
}

instant
binary_to_instant(int64_t number)
{
    return number > INT64_MAX - epoch ? INT64_MAX : number + epoch;
}

int32_t
binary_of_date(struct date date)
{
    return (int32_t)(date_days(date) - epoch_days);
}

struct date
binary_to_date(int32_t number)
{
    return date_of_days(number + epoch_days);
}

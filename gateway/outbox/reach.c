#include "gateway/outbox/reach.h"

#include "validators/base/ensure.h"

#include <netinet/in.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

enum { IPV6_SIZE = 16, BITS = 8, IPV4_BITS = 32 };

#define IPV4(a, b, c, d) \
    (((uint32_t)(a) << 24U) | ((uint32_t)(b) << 16U) | ((uint32_t)(c) << 8U) | (uint32_t)(d))

/* IPv4: everything but these is public. */
static const struct {
    uint32_t   address;
    unsigned   bits;
    enum reach reach;
} ipv4[] = {
    {IPV4(0,   0,   0,   0), 8,  REACH_NONE    }, /* this network */
    {IPV4(10,  0,   0,   0), 8,  REACH_NONE    }, /* private */
    {IPV4(100, 64,  0,   0), 10, REACH_NONE    }, /* shared by carriers */
    {IPV4(127, 0,   0,   0), 8,  REACH_LOOPBACK},
    {IPV4(169, 254, 0,   0), 16, REACH_NONE    }, /* link-local, metadata of clouds */
    {IPV4(172, 16,  0,   0), 12, REACH_NONE    }, /* private */
    {IPV4(192, 0,   0,   0), 24, REACH_NONE    }, /* protocol assignments */
    {IPV4(192, 0,   2,   0), 24, REACH_NONE    }, /* documentation */
    {IPV4(192, 31,  196, 0), 24, REACH_NONE    }, /* AS112 */
    {IPV4(192, 52,  193, 0), 24, REACH_NONE    }, /* AMT */
    {IPV4(192, 88,  99,  0), 24, REACH_NONE    }, /* 6to4 relays */
    {IPV4(192, 168, 0,   0), 16, REACH_NONE    }, /* private */
    {IPV4(192, 175, 48,  0), 24, REACH_NONE    }, /* AS112 */
    {IPV4(198, 18,  0,   0), 15, REACH_NONE    }, /* benchmarks */
    {IPV4(198, 51,  100, 0), 24, REACH_NONE    }, /* documentation */
    {IPV4(203, 0,   113, 0), 24, REACH_NONE    }, /* documentation */
    {IPV4(224, 0,   0,   0), 4,  REACH_NONE    }, /* multicast */
    {IPV4(240, 0,   0,   0), 4,  REACH_NONE    }, /* reserved, broadcast */
};

/* IPv6: of 2000::/3 everything but these is public; nothing else is. */
static const struct {
    unsigned char begin[4];
    unsigned      bits;
} ipv6_not_public[] = {
    {{0x20, 0x01, 0x00, 0x00}, 23}, /* protocol assignments, Teredo, ORCHID */
    {{0x20, 0x01, 0x0d, 0xb8}, 32}, /* documentation */
    {{0x20, 0x02, 0x00, 0x00}, 16}, /* 6to4: an IPv4 address inside */
    {{0x3f, 0xff, 0x00, 0x00}, 20}, /* documentation */
};

static const unsigned char mapped_begin[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};

static enum reach
of_ipv4(uint32_t address)
{
    for (size_t i = 0; i < ARRAY_COUNT(ipv4); i++) {
        if (((address ^ ipv4[i].address) >> (IPV4_BITS - ipv4[i].bits)) == 0) {
            return ipv4[i].reach;
        }
    }
    return REACH_PUBLIC;
}

static bool
begins_with(const unsigned char *address, const unsigned char *begin, unsigned bits)
{
    unsigned whole = bits / BITS;
    unsigned rest = bits % BITS;

    return memcmp(address, begin, whole) == 0
           && (rest == 0 || (address[whole] ^ begin[whole]) >> (BITS - rest) == 0);
}

static enum reach
of_ipv6(const unsigned char address[IPV6_SIZE])
{
    static const unsigned char loopback[IPV6_SIZE] = {[IPV6_SIZE - 1] = 1};

    if (memcmp(address, loopback, IPV6_SIZE) == 0) {
        return REACH_LOOPBACK;
    }
    if (memcmp(address, mapped_begin, sizeof mapped_begin) == 0) {
        const unsigned char *last = address + sizeof mapped_begin;
        return of_ipv4(IPV4(last[0], last[1], last[2], last[3]));
    }
    if (address[0] >> 5U != 1) {
        return REACH_NONE;
    }
    for (size_t i = 0; i < ARRAY_COUNT(ipv6_not_public); i++) {
        if (begins_with(address, ipv6_not_public[i].begin, ipv6_not_public[i].bits)) {
            return REACH_NONE;
        }
    }
    return REACH_PUBLIC;
}

enum reach
reach_of(const struct sockaddr *address, socklen_t size)
{
    if (address->sa_family == AF_INET && size >= sizeof(struct sockaddr_in)) {
        struct sockaddr_in in;
        memcpy(&in, address, sizeof in);
        return of_ipv4(ntohl(in.sin_addr.s_addr));
    }
    if (address->sa_family == AF_INET6 && size >= sizeof(struct sockaddr_in6)) {
        struct sockaddr_in6 in;
        memcpy(&in, address, sizeof in);
        return of_ipv6(in.sin6_addr.s6_addr);
    }
    return REACH_NONE;
}

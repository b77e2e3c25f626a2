#include "gateway/outbox/reach.h"
#include "tests/support/expect.h"
#include "validators/base/ensure.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>
#include <sys/un.h>

#include <cmocka.h>

/* Where a stranger may send us, first and last of each range and its neighbours. */
static const struct {
    const char *address;
    enum reach  want;
} cases[] = {
    {"0.0.0.0",                REACH_NONE    },
    {"0.255.255.255",          REACH_NONE    },
    {"1.0.0.0",                REACH_PUBLIC  },
    {"9.255.255.255",          REACH_PUBLIC  },
    {"10.0.0.0",               REACH_NONE    },
    {"10.255.255.255",         REACH_NONE    },
    {"11.0.0.0",               REACH_PUBLIC  },
    {"100.63.255.255",         REACH_PUBLIC  },
    {"100.64.0.0",             REACH_NONE    },
    {"100.127.255.255",        REACH_NONE    },
    {"100.128.0.0",            REACH_PUBLIC  },
    {"126.255.255.255",        REACH_PUBLIC  },
    {"127.0.0.1",              REACH_LOOPBACK},
    {"127.255.255.255",        REACH_LOOPBACK},
    {"128.0.0.0",              REACH_PUBLIC  },
    {"169.253.255.255",        REACH_PUBLIC  },
    {"169.254.169.254",        REACH_NONE    },
    {"169.255.0.0",            REACH_PUBLIC  },
    {"172.15.255.255",         REACH_PUBLIC  },
    {"172.16.0.0",             REACH_NONE    },
    {"172.31.255.255",         REACH_NONE    },
    {"172.32.0.0",             REACH_PUBLIC  },
    {"192.0.0.8",              REACH_NONE    },
    {"192.0.1.0",              REACH_PUBLIC  },
    {"192.0.2.1",              REACH_NONE    },
    {"192.31.196.1",           REACH_NONE    },
    {"192.52.193.1",           REACH_NONE    },
    {"192.88.99.1",            REACH_NONE    },
    {"192.167.255.255",        REACH_PUBLIC  },
    {"192.168.0.0",            REACH_NONE    },
    {"192.168.255.255",        REACH_NONE    },
    {"192.169.0.0",            REACH_PUBLIC  },
    {"192.175.48.1",           REACH_NONE    },
    {"198.17.255.255",         REACH_PUBLIC  },
    {"198.18.0.0",             REACH_NONE    },
    {"198.19.255.255",         REACH_NONE    },
    {"198.51.100.7",           REACH_NONE    },
    {"203.0.113.7",            REACH_NONE    },
    {"223.255.255.255",        REACH_PUBLIC  },
    {"224.0.0.1",              REACH_NONE    },
    {"239.255.255.255",        REACH_NONE    },
    {"240.0.0.1",              REACH_NONE    },
    {"255.255.255.255",        REACH_NONE    },
    {"::",                     REACH_NONE    },
    {"::1",                    REACH_LOOPBACK},
    {"::2",                    REACH_NONE    },
    {"::127.0.0.1",            REACH_NONE    },
    {"::ffff:127.0.0.1",       REACH_LOOPBACK},
    {"::ffff:10.0.0.1",        REACH_NONE    },
    {"::ffff:169.254.169.254", REACH_NONE    },
    {"::ffff:193.0.6.139",     REACH_PUBLIC  },
    {"64:ff9b::10.0.0.1",      REACH_NONE    },
    {"64:ff9b::193.0.6.139",   REACH_NONE    },
    {"100::1",                 REACH_NONE    },
    {"1fff:ffff::1",           REACH_NONE    },
    {"2000::1",                REACH_PUBLIC  },
    {"2001::1",                REACH_NONE    },
    {"2001:1ff:ffff::1",       REACH_NONE    },
    {"2001:200::1",            REACH_PUBLIC  },
    {"2001:db7:ffff::1",       REACH_PUBLIC  },
    {"2001:db8::1",            REACH_NONE    },
    {"2001:db9::1",            REACH_PUBLIC  },
    {"2002:7f00:1::1",         REACH_NONE    },
    {"2003::1",                REACH_PUBLIC  },
    {"2a00:1450::1",           REACH_PUBLIC  },
    {"3ffe:ffff::1",           REACH_PUBLIC  },
    {"3fff::1",                REACH_NONE    },
    {"3fff:fff:ffff::1",       REACH_NONE    },
    {"3fff:1000::1",           REACH_PUBLIC  },
    {"4000::1",                REACH_NONE    },
    {"fc00::1",                REACH_NONE    },
    {"fd12:3456::1",           REACH_NONE    },
    {"fe80::1",                REACH_NONE    },
    {"fec0::1",                REACH_NONE    },
    {"ff02::1",                REACH_NONE    },
};

static enum reach
ask(const char *text)
{
    struct sockaddr_in  four = {.sin_family = AF_INET};
    struct sockaddr_in6 six = {.sin6_family = AF_INET6};

    if (inet_pton(AF_INET, text, &four.sin_addr) == 1) {
        return reach_of((struct sockaddr *)&four, sizeof four);
    }
    assert_int_equal(inet_pton(AF_INET6, text, &six.sin6_addr), 1);
    return reach_of((struct sockaddr *)&six, sizeof six);
}

static void
every_address_is_judged_as_the_table_says(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        EXPECT(ask(cases[i].address) == cases[i].want, cases[i].address);
    }
}

static void
what_is_no_address_of_the_internet_is_not_public(void **state)
{
    struct sockaddr_un local = {.sun_family = AF_UNIX};
    struct sockaddr_in four = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(0x08080808)};

    (void)state;
    assert_int_equal(reach_of((struct sockaddr *)&local, sizeof local), REACH_NONE);
    assert_int_equal(reach_of((struct sockaddr *)&four, sizeof four), REACH_PUBLIC);
    assert_int_equal(reach_of((struct sockaddr *)&four, sizeof four - 1), REACH_NONE);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_address_is_judged_as_the_table_says),
        cmocka_unit_test(what_is_no_address_of_the_internet_is_not_public),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

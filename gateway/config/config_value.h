#ifndef GATEWAY_CONFIG_CONFIG_VALUE_H
#define GATEWAY_CONFIG_CONFIG_VALUE_H

#include "validators/base/str.h"

/* What the text of a setting must look like. Whether the thing behind it exists is not asked. */
enum config_kind {
    CONFIG_TEXT,          /* 1 .. 200 bytes of UTF-8 without control characters */
    CONFIG_NAME,          /* a-z A-Z 0-9 . _ -, at most 63 */
    CONFIG_OPTIONAL_NAME, /* the same, or nothing */
    CONFIG_PATH,          /* absolute, without ".." */
    CONFIG_OPTIONAL_PATH,
    CONFIG_SOCKET,           /* a path short enough for the address of a Unix socket */
    CONFIG_LOOPBACK,         /* 127.x.x.x:port or [::1]:port */
    CONFIG_URL,              /* https://host[:port], no slash at the end */
    CONFIG_OPTIONAL_ADDRESS, /* http or https and printable ASCII; or nothing */
    CONFIG_OPTIONAL_RELAY,   /* smtp://host[:port] or smtps://host[:port]; or nothing */
    CONFIG_OPTIONAL_MAILBOX, /* name@host in ASCII; or nothing */
    CONFIG_OPTIONAL_TEXT,    /* as CONFIG_TEXT; or nothing */
    CONFIG_KIND_COUNT
};

enum {
    CONFIG_TEXT_MAX = 200,
    CONFIG_NAME_MAX = 63,
    CONFIG_SOCKET_MAX = 100,
    CONFIG_PATH_MAX = 1000
};

/* NULL when the text is of this kind; else what is expected, as the end of a Polish sentence. */
const char *config_value_fault(enum config_kind kind, struct str text);

#endif

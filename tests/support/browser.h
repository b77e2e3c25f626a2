#ifndef TESTS_SUPPORT_BROWSER_H
#define TESTS_SUPPORT_BROWSER_H

#include "validators/base/arena.h"
#include "validators/base/str.h"

/*
 * A real Chromium (Debian's package) without a window, driven over a pipe by its own protocol: what
 * a person sees and types. One page. It takes any certificate. It notes every request that leaves,
 * and every complaint of the page (console, exceptions, its policy). What cannot be done aborts.
 */
struct browser;

/* folder: new, its own. port: where https://localhost:8443 is to be found, which is the address
 * that a gateway under test gives itself. */
struct browser *browser_start(struct arena *arena, const char *folder, int port);
void            browser_stop(struct browser *browser);

/* Before browser_open: no script of a page runs. */
void browser_without_scripts(struct browser *browser);

void browser_open(struct browser *browser, const char *url);

/* The value of an expression as text; "" for none. Lives in the arena. */
const char *browser_ask(struct browser *browser, const char *expression);

/* Until an expression is true; false: it was not in a minute. */
bool browser_await(struct browser *browser, const char *expression);

/* Where the focus is: text at once, or one key: "Tab", "Enter". */
void browser_type(struct browser *browser, const char *text);
void browser_press(struct browser *browser, const char *key);

/* Whether an address, or a header, of any request had this text; how many requests there were. */
bool   browser_sent(const struct browser *browser, const char *text);
size_t browser_request_count(const struct browser *browser);

/* Complaints of the page, one behind the other; "": none. */
const char *browser_complaints(const struct browser *browser);

#endif

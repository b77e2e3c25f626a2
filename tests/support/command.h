#ifndef TESTS_SUPPORT_COMMAND_H
#define TESTS_SUPPORT_COMMAND_H

#include "validators/base/buf.h"

/*
 * Runs a program and waits for its end, without a shell: what its words are cannot change what is
 * run. Its standard error is the caller's.
 */
enum { COMMAND_CANNOT_RUN = 127 };

/*
 * words: the program, looked for in PATH, and its arguments; NULL at the end. input is its standard
 * input; out, unless NULL, receives its standard output. Its exit status; -1: ended by a signal;
 * COMMAND_CANNOT_RUN: there is no such program. What the system refuses aborts the test.
 */
int command_run(const char *const *words, struct str input, struct buf *out);

#endif

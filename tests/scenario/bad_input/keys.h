#ifndef TESTS_SCENARIO_BAD_INPUT_KEYS_H
#define TESTS_SCENARIO_BAD_INPUT_KEYS_H

#include "tests/support/authority.h"

/* Who signs the packages of a group of tests, and a file with the certificate to trust: there
 * between the group's set-up and its end. */
extern struct authority *keys_authority;
extern const char       *keys_trust;

int keys_make(void **state);
int keys_drop(void **state);

#endif

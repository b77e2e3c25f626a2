#ifndef TESTS_SUPPORT_SKETCH_H
#define TESTS_SUPPORT_SKETCH_H

#include "validators/check/check.h"

/*
 * A small catalogue and a small result of a check made by hand, for tests that need no files: one
 * form with two columns of codes and two of amounts, two units, three reports (one of a form that
 * nobody knows), two signatures and a few findings, one of them cut.
 */
enum { SKETCH_FILE_SIZE = 4000 };

const struct catalogue *sketch_catalogue(struct arena *arena);
struct checked          sketch_checked(struct arena *arena);

#endif

#ifndef GATEWAY_ADMIN_ADMIN_OPTIONS_H
#define GATEWAY_ADMIN_ADMIN_OPTIONS_H

#include "validators/base/err.h"
#include "validators/base/str.h"

#include <stdint.h>

/* What stands behind `brama admin NOUN VERB`: options with a value, and at most one argument. */
enum admin_option {
    OPTION_CONFIG,
    OPTION_DATABASE,
    OPTION_REGON,
    OPTION_NIP,
    OPTION_CODES,
    OPTION_TYPE,
    OPTION_KIND,
    OPTION_NAME,
    OPTION_PARENT,
    OPTION_FROM,
    OPTION_TO,
    OPTION_UNIT,
    OPTION_LABEL,
    OPTION_EXPIRES,
    OPTION_SCOPES,
    OPTION_EMAIL,
    OPTION_ROLE,
    OPTION_BASIS,
    OPTION_OPERATOR,
    OPTION_AT,
    OPTION_BY,
    OPTION_JOP,
    OPTION_OFFICE,
    OPTION_SEED,
    OPTION_PERIOD,
    OPTION_FORM,
    OPTION_LEVEL,
    OPTION_VARIANT,
    OPTION_ON,
    OPTION_PLACE,
    OPTION_DESCRIPTION,
    OPTION_EVIDENCE,
    OPTION_URL,
    OPTION_EVENTS,
    OPTION_TRAIT,
    OPTION_AUTHOR,
    OPTION_REASON,
    OPTION_RULES,
    OPTION_FORMAT,
    OPTION_DECISION,
    OPTION_REMEDY,
    OPTION_RELEASE,
    OPTION_PARKED, /* from here on without a value */
    OPTION_ALL_PARKED,
    OPTION_DRY_RUN,
    OPTION_ADD,
    OPTION_OPEN,
    OPTION_ALIKE,
    OPTION_COUNT
};

struct admin_options {
    struct str values[OPTION_COUNT]; /* .data == NULL: not given */
    struct str argument;             /* .data == NULL: none */
};

/* "--regon" */
const char *admin_option_name(enum admin_option option);

/* A set of options. */
#define ADMIN_OPTION(option) (UINT64_C(1) << (option))

/*
 * Read argv[0 .. count - 1]. allowed: the options that this task knows; argument: whether it takes
 * one. ERR_USAGE in the words of the person who called: unknown, doubled, without its value.
 */
MUST_USE enum err admin_options_read(int count, char **argv, uint64_t allowed, bool argument,
                                     struct admin_options *out, struct fault *fault);

/* Whether --help or -h stands anywhere: then nothing else counts. */
bool admin_options_ask_help(int count, char **argv);

/* ERR_USAGE unless it was given and is not empty. */
MUST_USE enum err admin_options_need(const struct admin_options *options, enum admin_option option,
                                     struct fault *fault);

#endif

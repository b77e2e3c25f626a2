#ifndef VALIDATORS_VTL_LIMITS_H
#define VALIDATORS_VTL_LIMITS_H

/* How large a script and its structures may be. Beyond them stands a problem, never a crash. */
enum {
    VTL_SCRIPT_SIZE_MAX = 1024 * 1024, /* bytes */
    VTL_TOKENS_MAX = 200000,
    VTL_DEPTH_MAX = 64, /* parentheses, functions, conditions and operators open at once */
    VTL_RULESETS_MAX = 64,
    VTL_RULES_MAX = 1000, /* per ruleset */
    VTL_STATEMENTS_MAX = 512,
    VTL_COMPONENTS_MAX = 64,
    VTL_STRING_SIZE_MAX = 4096, /* bytes: constants, and results of || (longer: VTL_ERROR) */
    VTL_SCALE_MAX = 18,
    VTL_OPERANDS_MAX = 16, /* datasets of one join or set operator */
    VTL_ITEMS_MAX = 64,    /* code items of one hierarchical rule */
    VTL_CHUNK_ROWS = 512,
};

#endif

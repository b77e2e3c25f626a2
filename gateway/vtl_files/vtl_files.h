#ifndef GATEWAY_VTL_FILES_VTL_FILES_H
#define GATEWAY_VTL_FILES_VTL_FILES_H

#include "validators/vtl/vtl.h"

/*
 * A VTL script over files, in the layout of the specification's own examples: DIR/<dataset>.csv
 * (RFC 4180 with a header, UTF-8, an empty field is null) beside DIR/<dataset>.json (name,
 * components[name, role, data_type]). Read is every dataset that the script names and does not
 * make; every result, persistent or not, is written as <result>.csv and <result>.json: identifiers,
 * measures, attributes. The scale of a Number column is the most digits found; numbers are written
 * without zeros at their end, periods as 2026Q1, years as 2026. Other types of time (Date, Time,
 * Duration) are compared as strings. No value domains are known.
 */
enum {
    VTL_FILES_SIZE_MAX = 256 * 1024 * 1024, /* bytes per data file */
    VTL_FILES_MESSAGES_MAX = 64,
};

struct vtl_files {
    struct str  script;      /* text */
    struct str  script_name; /* for messages */
    const char *in;
    const char *out;
};

/* One sentence for the author; line 0: it concerns the file as a whole. */
struct vtl_files_message {
    struct str         file;
    struct vtl_problem problem;
};

struct vtl_files_report {
    struct vtl_files_message messages[VTL_FILES_MESSAGES_MAX];
    size_t                   message_count;
    size_t                   result_count; /* datasets written */
    bool                     failed_rows;  /* something overflowed or was divided by zero */
};

/*
 * Run all statements. ERR_SYNTAX: the script has problems; ERR_FILE: a data file is missing,
 * malformed or holds the same identifiers twice, or a result cannot be written; both are described
 * in *report. ERR_LIMIT: a result is too large for the engine. ERR_MEMORY:
 * the arena is full. Notices and failed rows are messages of a success.
 */
MUST_USE enum err vtl_files_run(struct arena *arena, const struct vtl_files *files,
                                struct vtl_files_report *report, struct fault *fault);

/* A whole file of at most VTL_FILES_SIZE_MAX bytes; ERR_FILE. */
MUST_USE enum err vtl_files_read(struct arena *arena, const char *path, struct str *out,
                                 struct fault *fault);

#endif

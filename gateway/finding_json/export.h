#ifndef GATEWAY_FINDING_JSON_EXPORT_H
#define GATEWAY_FINDING_JSON_EXPORT_H

#include "gateway/finding_json/finding_view.h"
#include "validators/catalogue/catalogue.h"

/*
 * Findings on their way to a format that others have defined (sarif.h, ess.h): those of one run
 * over one file or more, decided a moment ago or read back from the store. Only what the findings
 * say leaves, nothing else of the files.
 */
struct export_artifact {
    struct str           name;   /* of a file as it was given, or the address of what was filed */
    const unsigned char *sha256; /* 32 bytes; NULL: not known, because it was not read to its end */
};

/* What could not be read at all. */
struct export_failure {
    struct str name;
    struct str why;
};

struct export_finding {
    struct finding_view      view;
    struct finding_place     place;
    const struct rule_entry *entry; /* NULL: the definitions at hand know the code no more */
    size_t                   artifact;
};

struct export_run {
    struct str                    version;   /* of brama: "0.2.0" */
    struct str                    trigger;   /* what asked for it: "brama validate" */
    instant                       at;        /* when it was judged */
    const struct catalogue       *catalogue; /* NULL: none at hand */
    const struct export_artifact *artifacts;
    size_t                        artifact_count;
    const struct export_failure  *failures;
    size_t                        failure_count;
    struct export_finding        *findings; /* by export_add */
    size_t                        finding_count;
    size_t                        capacity;
};

/* Add a copy of *finding; its texts are borrowed. False when arena is full. */
MUST_USE bool export_add(struct arena *arena, struct export_run *run,
                         const struct export_finding *finding);

/* All findings of a decided file, the package's before its reports'. */
MUST_USE bool export_add_file(struct arena *arena, struct export_run *run,
                              const struct decided_file *decided, size_t artifact);

/* The artifact of this name; the first when there is none. */
size_t export_artifact_of(const struct export_run *run, struct str name);

/* The first entry of a code, or NULL. */
const struct rule_entry *export_entry(const struct catalogue *catalogue, struct str code);

#endif

#ifndef VALIDATORS_DOCUMENT_PASS_H
#define VALIDATORS_DOCUMENT_PASS_H

#include "validators/document/feed.h"
#include "validators/document/grammar.h"
#include "validators/document/schema.h"
#include "validators/xml/guard.h"

/*
 * The state of the one pass over a file, shared by the files of this folder: which elements are
 * open, which validators are fed, what has been read. pass.c owns libxml2's SAX calls; leaf.c,
 * signing.c and remark.c work on the element that is innermost at that moment.
 */
enum { PASS_TEXT_MAX = 64 * 1024, PASS_DECLARATIONS_MAX = 128, PASS_TECHNICAL_MAX = 512 };

/* A start tag as libxml2 gives it; borrowed for the call. */
struct start_tag {
    const xmlChar  *name;
    const xmlChar  *space; /* NULL: none */
    size_t          declaration_count;
    const xmlChar **declarations; /* prefix, URI */
    size_t          attribute_count;
    const xmlChar **attributes; /* local name, prefix, URI, value, end of value */
};

/* What the schema said of the text of the element that is just ending; its first complaint. */
struct pending {
    const char *code; /* NULL: nothing */
    char        technical[PASS_TECHNICAL_MAX];
};

struct pass {
    struct arena                  *arena;
    struct str                     bytes;
    const struct catalogue        *catalogue;
    const struct document_schemas *schemas;
    struct findings               *findings;
    struct fault                  *fault;
    struct guard                   guard;
    struct package                 package;
    struct frames                  frames;
    struct grammar                 grammar;
    const char                    *signature_name; /* "Signature", interned */

    struct feed shell;
    struct feed report;

    const struct start_tag *tag;                                /* while it is fed */
    char                    attribute_told[PASS_TECHNICAL_MAX]; /* last one with a finding */
    struct pending          pending;
    char                   *text; /* PASS_TEXT_MAX bytes: the innermost element's, since its start
                                     tag or its last child */
    size_t text_size;

    struct element_declaration        declarations[PASS_DECLARATIONS_MAX]; /* in scope */
    size_t                            declaration_count;
    const struct element_declaration *scope; /* the copy handed out last */
    size_t                            scope_count;

    size_t signature_elements; /* of all signatures so far */
    size_t unit_capacity;
    size_t report_capacity;
    size_t signature_capacity;

    enum err err;        /* our own failure; the parser was stopped for it */
    bool     tag_broken; /* the last start tag does not end */
    bool     root_closed;
    bool     refused; /* XML-09x was found; the parser was stopped */
    bool     shell_cut;
    bool     report_open; /* inside a report element */
    bool     report_cut;  /* its findings reached a limit: only its end is looked for */
    bool     text_cut;
    bool     scope_known;
    bool     signature_recorded; /* the open Signature is being recorded */
    bool     signatures_full;    /* told once */
    bool     units_full;
    bool     reports_full;
};

/* What document_read was given, and how much of it the parser gets at a time. */
struct pass_input {
    struct str                     bytes;
    const struct catalogue        *catalogue;
    const struct document_schemas *schemas;
    size_t                         chunk_size;
};

/* As document_read. The result does not depend on chunk_size (tested); it is a matter of speed. */
MUST_USE enum err pass_run(struct arena *arena, const struct pass_input *input, struct package *out,
                           struct findings *findings, struct fault *fault);

/* Our own failure: remember it and stop the parser. ERR_OK changes nothing. */
void pass_keep(struct pass *pass, enum err err);

/* The byte behind what the parser has taken. */
size_t pass_position(const struct pass *pass);

/* The report and the unit whose elements are open. */
struct report       *pass_report(struct pass *pass);
struct package_unit *pass_unit(struct pass *pass);

#endif

#ifndef VALIDATORS_SIGNATURE_C14N_H
#define VALIDATORS_SIGNATURE_C14N_H

#include "validators/base/err.h"
#include "validators/element/element.h"

/*
 * Canonical XML 1.0 and Exclusive XML Canonicalization 1.0 (both without comments) of one element
 * and all that stands in it, straight from the bytes of the file: one pass, no tree, memory on the
 * stack only. Bytes that are canonical already are handed on as long runs of the file itself.
 *
 * The input is one element of a file already known to be well-formed, namespace-well-formed UTF-8
 * without DTD. The writer does not check that again, but it never leaves the bytes given and its
 * time is linear in them whatever they are. No xml:* attribute may stand on an ancestor (inclusive
 * C14N would inherit it): the caller refuses such files.
 *
 * Beyond these limits the answer is ERR_LIMIT, the same for everybody who sees the file. A
 * namespace name must be a plain one: no white space, no quotation mark, no reference in it.
 */
enum c14n_method { C14N_INCLUSIVE, C14N_EXCLUSIVE };

enum {
    C14N_DEPTH_MAX = 64,
    C14N_ATTRIBUTES_MAX = 64, /* of one element, declarations included */
    C14N_TAG_MAX = 16 * 1024, /* bytes of one start tag */
    C14N_PREFIXES_MAX = 32,   /* different ones in scope or used, the default and xml included */
    C14N_NAMESPACE_MAX = 512, /* bytes of one namespace name */
    C14N_CHANGES_MAX = 256,   /* declarations and renderings in force at one place */
    C14N_GROWTH_MAX = 8,      /* output: at most so many times the input ... */
    C14N_GROWTH_FREE = 65536, /* ... plus this */
};

struct c14n_request {
    struct str                        bytes; /* from '<' of the start tag to behind the end tag */
    const struct element_declaration *scope; /* standing on ancestors, innermost last */
    size_t                            scope_count;
    enum c14n_method                  method;
};

/* Where the canonical bytes go, in pieces; false stops the work with ERR_CRYPTO. */
struct c14n_sink {
    bool (*write)(void *user, struct str piece);
    void *user;
};

/*
 * Fails with ERR_LIMIT, ERR_SYNTAX (not what was promised above) or ERR_CRYPTO (the sink). What was
 * written before a failure is worthless.
 */
MUST_USE enum err c14n_write(const struct c14n_request *request, const struct c14n_sink *sink,
                             struct fault *fault);

#endif

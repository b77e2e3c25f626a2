#ifndef VALIDATORS_ELEMENT_ELEMENT_H
#define VALIDATORS_ELEMENT_ELEMENT_H

#include "validators/base/err.h"
#include "validators/base/str.h"

/*
 * A small XML element with all that stands in it, as a flat table in document order.
 *
 * Two things are kept so: a ds:Signature of a package (filled by the one pass over the package, so
 * that what is verified is what is consumed) and a trusted file of the catalogue (filled by
 * xml_tree_read). Never a whole package: there is no DOM here. The table knows nothing of XML
 * parsing; it is filled by events and read by name.
 */
enum {
    ELEMENT_NONE = -1,
    ELEMENT_DEPTH_MAX = 64,
};

struct element_attribute {
    struct str space; /* namespace URI, empty for none; declarations (xmlns) are not attributes */
    struct str name;  /* local name */
    struct str value; /* normalised by the parser */
};

/* A namespace declaration that stands on the element itself. */
struct element_declaration {
    struct str prefix; /* empty for the default namespace */
    struct str uri;
};

struct element {
    struct str                        space; /* namespace URI, empty for none */
    struct str                        name;  /* local name */
    struct str                        text;  /* its own character data, children's not included */
    const struct element_attribute   *attributes;
    size_t                            attribute_count;
    const struct element_declaration *declarations;
    size_t                            declaration_count;
    int32_t                           parent;      /* index in the table, ELEMENT_NONE at the top */
    int32_t                           first_child; /* or ELEMENT_NONE */
    int32_t                           next_sibling; /* or ELEMENT_NONE */
    uint32_t                          start;        /* byte of '<' in the file */
    uint32_t                          end;          /* byte behind the last '>' */
    bool                              impure;       /* a comment, CDATA or PI directly inside it */
};

/* Read it freely; it changes only through the calls below. */
struct element_table {
    struct arena   *arena;
    struct element *items; /* items[0] is the top element */
    size_t          count;
    size_t          count_max;
    size_t          text_max;  /* of one element's text and of one attribute value, bytes */
    int32_t         open;      /* the element being filled, or ELEMENT_NONE */
    int32_t         last;      /* the last closed child of `open`, or ELEMENT_NONE */
    char           *open_text; /* of the open element, writable; text_capacity bytes */
    size_t          text_capacity;
};

struct element_table element_table_create(struct arena *arena, size_t count_max, size_t text_max);

/*
 * Filling: open, text (in pieces), impurity, close, in the order of the document. The event's texts
 * are copied. ERR_LIMIT when count_max, text_max or ELEMENT_DEPTH_MAX is exceeded, ERR_MEMORY when
 * the arena is full. attributes and declarations are copied too.
 */
MUST_USE enum err element_open(struct element_table *table, const struct element *event,
                               struct fault *fault);
MUST_USE enum err element_text(struct element_table *table, struct str piece, struct fault *fault);
void              element_mark_impure(struct element_table *table);
void              element_close(struct element_table *table, uint32_t end);

/* The first child of parent with this name (space: namespace URI), or ELEMENT_NONE. */
int32_t element_child(const struct element_table *table, int32_t parent, struct str space,
                      struct str name);

/* The next sibling of item with the same name and namespace, or ELEMENT_NONE. */
int32_t element_next(const struct element_table *table, int32_t item);

/* The value of an attribute without namespace; .data == NULL when absent. */
struct str element_attribute(const struct element_table *table, int32_t item, const char *name);

/* The trimmed text of a child without namespace; empty when there is no such child. */
struct str element_child_text(const struct element_table *table, int32_t parent, const char *name);

#endif

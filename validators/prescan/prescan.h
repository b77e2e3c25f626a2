#ifndef VALIDATORS_PRESCAN_PRESCAN_H
#define VALIDATORS_PRESCAN_PRESCAN_H

#include "validators/finding/finding.h"

/*
 * The first look at a file, on its raw bytes: refuses what an XML parser must never see.
 *
 * libxml2 takes seconds to hours over inputs of a few megabytes (thousands of attributes, a million
 * names, a DTD), so that everything beyond the caps below, every DOCTYPE, every processing
 * instruction and every byte that is not UTF-8 ends here. What passes is UTF-8 made of characters
 * of XML 1.0 (production 2), and its tags, comments, CDATA sections and references could be told
 * apart. It need not be well-formed: whether tags match is the parser's question (XML-090 and on).
 *
 * One refusal, the first: what the file is at its very beginning, then its size, then whatever a
 * reader meets first on the way through. A file is read at most twice from front to back, whatever
 * it contains. The verdict depends on the bytes and the limits alone.
 *
 * A byte order mark is allowed as the first three bytes; a second one right behind it is refused;
 * U+FEFF anywhere else is an ordinary character, as in XML 1.0.
 */

/* The number is that of the code: PRESCAN_DOCTYPE is reported as XML-020. Never renumbered. */
enum prescan_code {
    PRESCAN_CLEAN = 0,
    PRESCAN_EMPTY = 1,   /* no byte, or only white space */
    PRESCAN_NOT_XML = 2, /* a spreadsheet, an archive, a PDF, HTML, JSON, a plain text */
    PRESCAN_DECLARED_ENCODING = 3,
    PRESCAN_WIDE_ENCODING = 4, /* UTF-16, UTF-32, UTF-7, EBCDIC, told by the bytes */
    PRESCAN_VERSION = 5,
    PRESCAN_BAD_DECLARATION = 6,
    PRESCAN_MISPLACED_DECLARATION = 7,
    PRESCAN_SECOND_BOM = 8,
    PRESCAN_TOO_LARGE = 9,
    PRESCAN_NUL = 10,
    PRESCAN_CONTROL = 11, /* raw; U+007F and U+0080..U+009F are allowed by XML 1.0 */
    PRESCAN_BAD_CHARACTER_REFERENCE = 12,
    PRESCAN_OVERLONG = 13,
    PRESCAN_SURROGATE = 14,
    PRESCAN_BEYOND_UNICODE = 15,
    PRESCAN_CUT_SEQUENCE = 16,
    PRESCAN_STRAY_BYTE = 17,   /* a continuation byte alone, or a byte that UTF-8 never has */
    PRESCAN_NONCHARACTER = 18, /* U+FFFE, U+FFFF */
    PRESCAN_DOCTYPE = 20,
    PRESCAN_INSTRUCTION = 21,
    PRESCAN_ENTITY = 22,        /* &name; beyond lt gt amp quot apos */
    PRESCAN_AMPERSAND = 23,     /* & that begins no reference */
    PRESCAN_BAD_MARKUP = 24,    /* <! that begins no comment and no CDATA section */
    PRESCAN_BAD_TAG = 25,       /* < or </ without a name; something odd inside a tag */
    PRESCAN_BAD_ATTRIBUTE = 26, /* no = or no quotes */
    PRESCAN_LESS_IN_ATTRIBUTE = 27,
    PRESCAN_CUT_OFF = 30, /* the file ends inside a tag, a comment, a CDATA section */
    PRESCAN_DEPTH = 40,
    PRESCAN_ATTRIBUTES = 41,
    PRESCAN_TAG_LENGTH = 42,
    PRESCAN_NAMES = 43,
    PRESCAN_TEXT_LENGTH = 44,
    PRESCAN_COMMENT_LENGTH = 45,
    PRESCAN_CDATA_LENGTH = 46,
    PRESCAN_COMMENTS = 47,
    PRESCAN_CDATA_SECTIONS = 48,
    PRESCAN_REFERENCES = 49,
    PRESCAN_DECLARATIONS = 50,
};

enum {
    PRESCAN_DEPTH_CEILING = 256,     /* the largest depth_max that prescan can be given */
    PRESCAN_NAMES_CEILING = 4096,    /* the largest names_max */
    PRESCAN_TAG_FLOOR = 16,          /* the smallest start_tag_max */
    PRESCAN_MEMORY_MAX = 256 * 1024, /* what one call takes from its arena, at most */
};

/* Each value is the largest that passes. */
struct prescan_limits {
    size_t bytes_max;        /* of the file; at most UINT32_MAX */
    size_t depth_max;        /* elements open at once */
    size_t attributes_max;   /* of one element, namespace declarations included */
    size_t start_tag_max;    /* bytes from < to >, also of an end tag and the XML declaration */
    size_t names_max;        /* distinct names of elements and attributes, prefixes included */
    size_t text_max;         /* bytes of one text between two pieces of markup, one comment, one
                                CDATA section; delimiters not counted, references as they stand */
    size_t comments_max;     /* in the file */
    size_t cdata_max;        /* CDATA sections in the file */
    size_t references_max;   /* &amp; and &#13; alike, in texts and attributes */
    size_t declarations_max; /* namespace declarations in force at one element; libxml2 searches
                                them one by one for every prefix */
};

/*
 * 16 MiB, depth 64, 64 attributes, 16 KiB, 2,000 names, 64 KiB, 10,000 comments, 10,000 CDATA
 * sections, 250,000 references (signatures written by .NET carry &#13; on every line of base64),
 * 64 declarations. The first six stand in design.md 9.
 */
extern const struct prescan_limits prescan_limits_default;

struct prescan_result {
    bool           refused;
    struct finding refusal; /* when refused: report is FINDING_OF_PACKAGE; offset <= size of the
                               file; its texts live in the arena or borrow the file's bytes */
};

/*
 * Judge the bytes of one file. Borrows bytes; takes at most PRESCAN_MEMORY_MAX from arena.
 * A refusal is a result, not an error: ERR_MEMORY (arena full) is the only failure, and *out is
 * then untouched.
 */
MUST_USE enum err prescan_check(struct arena *arena, struct str bytes,
                                const struct prescan_limits *limits, struct prescan_result *out,
                                struct fault *fault);

#endif

#include "tests/support/evil.h"

#include "validators/base/buf.h"

enum { EVIL_SIZE_MAX = 128 * 1024 * 1024 };

#define DECLARATION "<?xml version=\"1.0\" encoding=\"utf-8\"?>"
#define START "<PaczkaSprawozdan Wersja=\"0.3\">"
#define END "</PaczkaSprawozdan>"
#define BOM "\xef\xbb\xbf"
#define PERIOD "<Okres><Rok>2026</Rok><TypOkresu>Kwartal</TypOkresu><Okres>2</Okres></Okres>"
#define UNIT                                                          \
    "<Nazwa>SZKOLA</Nazwa><Typ>JB</Typ><Regon>990001010     </Regon>" \
    "<WK>99</WK><PK>01</PK><GK>02</GK><GT>3</GT><PT>0</PT>"

/* How the bytes are made of the row's texts and number. */
enum recipe {
    RECIPE_BYTES,      /* first, as it stands */
    RECIPE_INSIDE,     /* first, as the content of the root */
    RECIPE_REPEAT,     /* the same, number times */
    RECIPE_NEST,       /* first number times, then second number times */
    RECIPE_FILL,       /* first, number letters, second */
    RECIPE_ATTRIBUTES, /* an element with number attributes */
    RECIPE_NAMES,      /* number empty elements, each of its own name */
    RECIPE_NAMESPACES, /* an element with number namespace declarations */
    RECIPE_CELLS,      /* a report with number rows, each with a bad PL */
    RECIPE_REPORTS,    /* number empty reports */
    RECIPE_WIDE,       /* a small package in number bytes per character, big end first */
    RECIPE_WIDE_LITTLE,
    RECIPE_EXACT, /* a package of number bytes */
};

struct row {
    const char *name;
    enum recipe recipe;
    struct str  first;
    struct str  second;
    size_t      number;
};

#define ROW(title, how, one, two, many)                                             \
    {                                                                               \
        .name = (title), .recipe = RECIPE_##how, .first = {(one), sizeof(one) - 1}, \
        .second = {(two), sizeof(two) - 1}, .number = (many)                        \
    }
#define BYTES(title, text) ROW(title, BYTES, text, "", 0),
#define INSIDE(title, text) ROW(title, INSIDE, text, "", 0),
#define REPEAT(title, text, many) ROW(title, REPEAT, text, "", many),
#define NEST(title, one, two, many) ROW(title, NEST, one, two, many),
#define FILL(title, one, two, many) ROW(title, FILL, one, two, many),
#define MADE(title, how, many) ROW(title, how, "", "", many),

static const struct row rows[] = {
#include "tests/support/evil.def"
};

static void
repeat(struct buf *out, struct str piece, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        buf_append(out, piece);
    }
}

/* before and after with the numbers 0, 1, 2, ... between them. */
static void
numbered(struct buf *out, struct str before, struct str after, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        buf_append(out, before);
        buf_format(out, "%zu", i);
        buf_append(out, after);
    }
}

static void
cells(struct buf *out, size_t count)
{
    buf_append(out, STR(PERIOD "<Jednostki><Jednostka>" UNIT "<Sprawozdania>"
                               "<Rb-28s Id=\"Rb28s_0123456789abcdef0123456789abcdef\">" PERIOD
                               "<Jednostka>" UNIT "</Jednostka><Naglowek><Wersja>0</Wersja>"
                               "<DataSprawozdania>2026-07-09</DataSprawozdania></Naglowek>"
                               "<Pozycje>"));
    for (size_t i = 0; i < count; i++) {
        buf_format(out,
                   "<Pozycja><Dzial>801</Dzial><Rozdzial>80%03zu</Rozdzial><Paragraf>%03zu"
                   "</Paragraf><P4>0</P4><PL>x</PL></Pozycja>",
                   100 + i / 900, 100 + i % 900);
    }
    buf_append(out, STR("</Pozycje></Rb-28s></Sprawozdania><Podpisy/></Jednostka></Jednostki>"));
}

static void
reports(struct buf *out, size_t count)
{
    buf_append(out, STR(PERIOD "<Jednostki><Jednostka>" UNIT "<Sprawozdania>"));
    for (size_t i = 0; i < count; i++) {
        buf_format(out, "<Rb-28s Id=\"Rb28s_%032zu\">" PERIOD "<Jednostka>" UNIT "</Jednostka>", i);
        buf_append(out, STR("<Naglowek><Wersja>0</Wersja><DataSprawozdania>2026-07-09"
                            "</DataSprawozdania></Naglowek><Pozycje/></Rb-28s>"));
    }
    buf_append(out, STR("</Sprawozdania><Podpisy/></Jednostka></Jednostki>"));
}

/* One character in size bytes. */
static void
wide_character(struct buf *out, unsigned character, size_t size, bool little)
{
    for (size_t i = 0; i < size; i++) {
        size_t place = little ? i : size - 1 - i; /* 0: the low byte */
        buf_byte(out, (char)(character >> (8 * place) & 0xffU));
    }
}

/* A byte order mark and a small package in 2 or 4 bytes per character. */
static void
wide(struct buf *out, size_t size, bool little)
{
    static const char text[] = "<?xml version=\"1.0\"?>" START END;

    wide_character(out, 0xfeff, size, little);
    for (size_t i = 0; i < sizeof text - 1; i++) {
        wide_character(out, (unsigned char)text[i], size, little);
    }
}

static void
content(struct buf *out, const struct row *row)
{
    switch (row->recipe) {
    case RECIPE_REPEAT:
        repeat(out, row->first, row->number);
        return;
    case RECIPE_NEST:
        repeat(out, row->first, row->number);
        repeat(out, row->second, row->number);
        return;
    case RECIPE_FILL:
        buf_append(out, row->first);
        repeat(out, STR("x"), row->number);
        buf_append(out, row->second);
        return;
    case RECIPE_ATTRIBUTES:
        buf_append(out, STR("<a"));
        numbered(out, STR(" a"), STR("=\"\""), row->number);
        buf_append(out, STR("/>"));
        return;
    case RECIPE_NAMES:
        numbered(out, STR("<n"), STR("/>"), row->number);
        return;
    case RECIPE_NAMESPACES:
        buf_append(out, STR("<a"));
        numbered(out, STR(" xmlns:p"), STR("=\"u\""), row->number);
        buf_append(out, STR("/>"));
        return;
    case RECIPE_CELLS:
        cells(out, row->number);
        return;
    case RECIPE_REPORTS:
        reports(out, row->number);
        return;
    default:
        buf_append(out, row->first);
        return;
    }
}

static void
document(struct buf *out, const struct row *row)
{
    switch (row->recipe) {
    case RECIPE_BYTES:
        buf_append(out, row->first);
        return;
    case RECIPE_WIDE:
    case RECIPE_WIDE_LITTLE:
        wide(out, row->number, row->recipe == RECIPE_WIDE_LITTLE);
        return;
    case RECIPE_EXACT:
        buf_append(out, STR(BOM DECLARATION START));
        while (out->size < row->number - (sizeof END - 1)) {
            buf_byte(out, '\n');
        }
        break;
    default:
        buf_append(out, STR(BOM DECLARATION START));
        content(out, row);
        break;
    }
    buf_append(out, STR(END));
}

size_t
evil_count(void)
{
    return ARRAY_COUNT(rows);
}

const char *
evil_name(size_t index)
{
    ENSURE(index < ARRAY_COUNT(rows));
    return rows[index].name;
}

enum err
evil_write(struct arena *arena, size_t index, struct str *out, struct fault *fault)
{
    struct buf bytes = buf_create(arena, EVIL_SIZE_MAX);

    ENSURE(index < ARRAY_COUNT(rows));
    document(&bytes, &rows[index]);
    if (!buf_ok(&bytes)) {
        return FAIL(fault, ERR_MEMORY, "%s", rows[index].name);
    }
    *out = buf_str(&bytes);
    return ERR_OK;
}

#include "validators/prescan/prescan.h"

#include "validators/base/amount.h"
#include "validators/prescan/characters.h"
#include "validators/prescan/markup.h"
#include "validators/prescan/opening.h"

enum { NUMBER_TEXT_MAX = 64, KIB = 1024, MIB = 1024 * KIB };

const struct prescan_limits prescan_limits_default = {
    .bytes_max = (size_t)16 * MIB,
    .depth_max = 64,
    .attributes_max = 64,
    .start_tag_max = (size_t)16 * KIB,
    .names_max = 2000,
    .text_max = (size_t)64 * KIB,
    .comments_max = 10000,
    .cdata_max = 10000,
    .references_max = 250000,
    .declarations_max = 64,
};

/* How the number of a refusal is written, and into which field of the finding. */
enum wording { WORDING_NONE, WORDING_BYTE, WORDING_CHARACTER, WORDING_LIMIT };

static enum wording
wording_of(enum prescan_code code)
{
    switch (code) {
    case PRESCAN_CUT_SEQUENCE:
    case PRESCAN_STRAY_BYTE:
        return WORDING_BYTE;
    case PRESCAN_NUL:
    case PRESCAN_CONTROL:
    case PRESCAN_OVERLONG:
    case PRESCAN_SURROGATE:
    case PRESCAN_BEYOND_UNICODE:
    case PRESCAN_NONCHARACTER:
        return WORDING_CHARACTER;
    default:
        return code == PRESCAN_TOO_LARGE || code >= PRESCAN_DEPTH ? WORDING_LIMIT : WORDING_NONE;
    }
}

/* A limit has its thousands apart: "16 777 216". */
static struct str
write_number(struct arena *arena, enum wording wording, uint64_t value)
{
    struct buf text = buf_create(arena, NUMBER_TEXT_MAX);

    if (wording == WORDING_BYTE) {
        buf_format(&text, "0x%02X", (unsigned)value);
    } else if (wording == WORDING_CHARACTER) {
        buf_format(&text, "U+%04X", (unsigned)value);
    } else {
        amount_write_polish(&text, (int64_t)value, 0);
    }
    return buf_ok(&text) ? buf_str(&text) : (struct str){0};
}

static struct str
expected_of(enum prescan_code code)
{
    if (code == PRESCAN_DECLARED_ENCODING || code == PRESCAN_WIDE_ENCODING) {
        return STR("UTF-8");
    }
    return code == PRESCAN_VERSION ? STR("1.0") : (struct str){0};
}

/* The finding that the refusal amounts to, its number written out; false when arena is full. */
static bool
word_refusal(struct arena *arena, const struct refusal *refusal, struct finding *out)
{
    enum wording wording = wording_of(refusal->code);
    struct str   number = write_number(arena, wording, refusal->value);

    *out = (struct finding){.report = FINDING_OF_PACKAGE,
                            .offset = (uint32_t)refusal->offset,
                            .subject = refusal->subject,
                            .found = refusal->found,
                            .expected = expected_of(refusal->code)};
    (void)snprintf(out->code, sizeof out->code, "XML-%03d", (int)refusal->code);
    if (wording == WORDING_LIMIT) {
        out->expected = number;
    } else if (wording != WORDING_NONE) {
        out->found = number;
    }
    return number.data != NULL;
}

/* Characters and markup of a file whose opening is that of XML; the earlier refusal wins. */
static void
judge_content(struct str bytes, size_t from, const struct prescan_limits *limits,
              struct names *names, struct refusal *out)
{
    struct refusal character = {0};
    struct str     clean = str_slice(bytes, 0, characters_check(bytes, &character));
    size_t         begin = opening_declaration(clean, from, limits->start_tag_max, out);

    if (out->code == PRESCAN_CLEAN) {
        markup_check(clean, begin, limits, names, out);
    }
    if (character.code != PRESCAN_CLEAN
        && (out->code == PRESCAN_CLEAN || out->code == PRESCAN_CUT_OFF)) {
        *out = character;
    }
}

enum err
prescan_check(struct arena *arena, struct str bytes, const struct prescan_limits *limits,
              struct prescan_result *out, struct fault *fault)
{
    struct refusal        refusal = {0};
    struct names          names = {0};
    struct prescan_result result = {0};
    size_t                from = opening_check(bytes, &refusal);

    ENSURE(limits->bytes_max <= UINT32_MAX && limits->depth_max <= PRESCAN_DEPTH_CEILING
           && limits->names_max <= PRESCAN_NAMES_CEILING
           && limits->start_tag_max >= PRESCAN_TAG_FLOOR);
    if (refusal.code == PRESCAN_CLEAN && bytes.size > limits->bytes_max) {
        refusal = (struct refusal){
            .code = PRESCAN_TOO_LARGE, .offset = limits->bytes_max, .value = limits->bytes_max};
    }
    if (refusal.code == PRESCAN_CLEAN) {
        if (!names_create(arena, bytes.data, limits->names_max, &names)) {
            return FAIL(fault, ERR_MEMORY, "prescan of %zu bytes", bytes.size);
        }
        judge_content(bytes, from, limits, &names, &refusal);
    }
    result.refused = refusal.code != PRESCAN_CLEAN;
    if (result.refused && !word_refusal(arena, &refusal, &result.refusal)) {
        return FAIL(fault, ERR_MEMORY, "refusal of a file of %zu bytes", bytes.size);
    }
    *out = result;
    return ERR_OK;
}

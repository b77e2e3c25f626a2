#include "gateway/reader/format.h"

#include <string.h>
#include <strings.h>

enum { WEIGHT_FULL = 1000, WEIGHT_DIGITS = 3, BASE = 10 };

/* clang-format off */
static const struct {
    const char *name;
    const char *type; /* with parameters, as it is sent */
    const char *media;
    const char *wide; /* the range of its whole family */
} formats[FORMAT_COUNT] = {
    [FORMAT_NONE] = {"",     "",                                        "",                       ""             },
    [FORMAT_JSON] = {"json", "application/json",                        "application/json",       "application/*"},
    [FORMAT_CSV] = {"csv",  "text/csv; charset=utf-8; header=present", "text/csv",               "text/*"       },
    [FORMAT_XML] = {"xml",  "application/xml",                         "application/xml",        "application/*"},
    [FORMAT_HTML] = {"html", "text/html; charset=utf-8",                "text/html",              "text/*"       },
    [FORMAT_PEM] = {"pem",  "application/x-pem-file",                  "application/x-pem-file", "application/*"},
    [FORMAT_JS] = {"js",   "text/javascript; charset=utf-8",          "text/javascript",        "text/*"       },
    [FORMAT_ICS] = {"ics",  "text/calendar; charset=utf-8",            "text/calendar",          "text/*"       },
    [FORMAT_SARIF] = {"sarif", "application/sarif+json", "application/sarif+json", "application/*"},
    [FORMAT_ESS] = {"ess", "application/vnd.ess.validation-report+json", "application/vnd.ess.validation-report+json", "application/*"},
    [FORMAT_ESS_CSV] = {"ess-csv", "text/vnd.ess.validation-report+csv; charset=utf-8", "text/vnd.ess.validation-report+csv", "text/*"},
};
/* clang-format on */

/* One media range of the header. */
struct range {
    struct str media;
    int        weight; /* in thousandths */
};

/* Whether text is word, which is in lower case, in any case. */
static bool
is_equal_in_any_case(struct str text, const char *word)
{
    return strlen(word) == text.size && strncasecmp(text.data, word, text.size) == 0;
}

/* "0.85" -> 850; what is no weight counts as full. */
static int
weight_of(struct str text)
{
    if (text.size == 0 || text.data[0] != '0') {
        return WEIGHT_FULL;
    }
    int weight = 0;
    int unit = WEIGHT_FULL;
    for (size_t i = 2; i < text.size && i < 2 + WEIGHT_DIGITS; i++) {
        if (text.data[i] < '0' || text.data[i] > '9') {
            return WEIGHT_FULL;
        }
        unit /= BASE;
        weight += (text.data[i] - '0') * unit;
    }
    return weight;
}

static struct range
range_of(struct str piece)
{
    struct range range = {.weight = WEIGHT_FULL};
    struct str   rest = piece;
    struct str   part = {0};

    (void)str_cut(&rest, ';', &range.media);
    range.media = str_trim(range.media);
    while (str_cut(&rest, ';', &part)) {
        struct str parameter = str_trim(part);
        if (str_starts_with(parameter, STR("q=")) || str_starts_with(parameter, STR("Q="))) {
            range.weight = weight_of(str_slice(parameter, 2, parameter.size));
        }
    }
    return range;
}

/* How closely a range names the format: 3 itself, 2 its family, 1 anything, 0 not at all. */
static int
closeness(const struct range *range, enum format format)
{
    if (is_equal_in_any_case(range->media, formats[format].media)) {
        return 3;
    }
    if (format == FORMAT_XML && is_equal_in_any_case(range->media, "text/xml")) {
        return 3;
    }
    if (is_equal_in_any_case(range->media, formats[format].wide)) {
        return 2;
    }
    return str_equal(range->media, STR("*/*")) ? 1 : 0;
}

static int
weight_in(struct str accept, enum format format)
{
    struct str rest = accept;
    struct str piece = {0};
    int        closest = 0;
    int        weight = 0;

    while (str_cut(&rest, ',', &piece)) {
        struct range range = range_of(piece);
        int          close = closeness(&range, format);
        if (close > closest) {
            closest = close;
            weight = range.weight;
        }
    }
    return weight;
}

static enum format_fault
choose_by_name(struct str name, const enum format *offered, enum format *out)
{
    for (size_t i = 0; offered[i] != FORMAT_NONE; i++) {
        if (str_equal(name, str_of(formats[offered[i]].name))) {
            *out = offered[i];
            return FORMAT_OK;
        }
    }
    for (size_t i = 1; i < FORMAT_COUNT; i++) {
        if (str_equal(name, str_of(formats[i].name))) {
            return FORMAT_NOT_OFFERED;
        }
    }
    return FORMAT_UNKNOWN;
}

enum format_fault
format_choose(struct str parameter, struct str accept, const enum format *offered, enum format *out)
{
    int best = 0;

    if (parameter.size > 0) {
        return choose_by_name(parameter, offered, out);
    }
    if (str_trim(accept).size == 0) {
        *out = offered[0];
        return FORMAT_OK;
    }
    for (size_t i = 0; offered[i] != FORMAT_NONE; i++) {
        int weight = weight_in(accept, offered[i]);
        if (weight > best) {
            best = weight;
            *out = offered[i];
        }
    }
    return best > 0 ? FORMAT_OK : FORMAT_NOT_OFFERED;
}

const char *
format_type(enum format format)
{
    ENSURE(format < FORMAT_COUNT);
    return formats[format].type;
}

const char *
format_name(enum format format)
{
    ENSURE(format < FORMAT_COUNT);
    return formats[format].name;
}

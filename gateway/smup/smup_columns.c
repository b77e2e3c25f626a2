#include "gateway/smup/smup_columns.h"

#include <string.h>

static const struct smup_fixed fixed[] = {
    {"unit",          "bigint",      "r.unit"                                                   },
    {"regon",         "text",        "r.regon"                                                  },
    {"unit_name",     "text",        "r.unit_name"                                              },
    {"type",          "text",        "r.type"                                                   },
    {"wk",            "text",        "r.wk"                                                     },
    {"pk",            "text",        "r.pk"                                                     },
    {"gk",            "text",        "r.gk"                                                     },
    {"gt",            "text",        "r.gt"                                                     },
    {"pt",            "text",        "r.pt"                                                     },
    {"year",          "integer",     "r.year"                                                   },
    {"period_type",   "text",        "r.period_type"                                            },
    {"period_number", "integer",     "r.period_number"                                          },
    {"period",        "text",        "r.period"                                                 },
    {"period_end",    "date",        "r.period_end"                                             },
    {"variant",       "text",        "r.variant"                                                },
    {"form_version",  "text",        "r.form_version"                                           },
    {"version",       "integer",     "r.version"                                                },
    {"submission",    "uuid",        "r.submission"                                             },
    {"n",             "smallint",    "r.n"                                                      },
    {"log_index",     "bigint",      "r.log_index"                                              },
    {"arrived",       "timestamptz", "r.arrived"                                                },
    {"in_force_from", "timestamptz", "(SELECT lower(x) FROM unnest(r.in_force) x WHERE x @> at)"},
    {"ordinal",       "integer",     "l.ordinal + 1"                                            },
};

const struct smup_fixed *
smup_columns_fixed(size_t *count)
{
    *count = ARRAY_COUNT(fixed);
    return fixed;
}

/* A letter of an element name as it stands in the database. */
static char
folded(char letter)
{
    if (letter == '-') {
        return '_';
    }
    if (letter >= 'A' && letter <= 'Z') {
        return (char)(letter + ('a' - 'A'));
    }
    return letter;
}

enum err
smup_columns_identifier(struct arena *arena, struct str name, struct str *out, struct fault *fault)
{
    enum { IDENTIFIER_MAX = 40 }; /* room for "_jednostki_as_of" in PostgreSQL's 63 */
    struct buf text = buf_create(arena, IDENTIFIER_MAX);

    for (size_t i = 0; i < name.size; i++) {
        char letter = name.data[i];
        bool upper = letter >= 'A' && letter <= 'Z';
        bool plain = (letter >= 'a' && letter <= 'z') || letter == '_'
                     || (i > 0 && letter >= '0' && letter <= '9');
        if (!upper && !plain && letter != '-') {
            return FAIL(fault, ERR_CATALOGUE, "„%.*s” cannot be a name in the database",
                        STR_ARG(name));
        }
        buf_byte(&text, folded(letter));
    }
    if (name.size == 0 || !buf_ok(&text)) {
        return FAIL(fault,
                    name.size > IDENTIFIER_MAX || name.size == 0 ? ERR_CATALOGUE : ERR_MEMORY,
                    "„%.*s” cannot be a name in the database", STR_ARG(name));
    }
    *out = buf_str(&text);
    return ERR_OK;
}

static struct smup_column *
find(struct smup_columns *columns, struct str name)
{
    for (size_t i = 0; i < columns->count; i++) {
        if (str_equal(columns->items[i].name, name)) {
            return &columns->items[i];
        }
    }
    return NULL;
}

static bool
is_fixed(struct str name)
{
    for (size_t i = 0; i < ARRAY_COUNT(fixed); i++) {
        if (str_equal(name, str_of(fixed[i].name))) {
            return true;
        }
    }
    return false;
}

/* Add a column unless a newer version has had it. */
static enum err
add(struct arena *arena, const struct form *form, const struct smup_column *column, struct str name,
    struct smup_columns *out, struct fault *fault)
{
    struct smup_column fresh = *column;

    TRY(smup_columns_identifier(arena, name, &fresh.name, fault));
    const struct smup_column *there = find(out, fresh.name);
    if (there != NULL && (there->is_amount != fresh.is_amount || there->scale != fresh.scale)) {
        return FAIL(fault, ERR_CATALOGUE, "%.*s %.*s: %.*s is another thing in a newer version",
                    STR_ARG(form->code), STR_ARG(form->version), STR_ARG(name));
    }
    if (there != NULL) {
        return ERR_OK;
    }
    if (is_fixed(fresh.name) || out->count == SMUP_COLUMNS_MAX) {
        return FAIL(fault, ERR_CATALOGUE, "%.*s: no room for a column %.*s in its view",
                    STR_ARG(form->code), STR_ARG(name));
    }
    fresh.comment = form_column_title(arena, form, name);
    if (fresh.comment.data == NULL) {
        return FAIL(fault, ERR_MEMORY, "columns of %.*s", STR_ARG(form->code));
    }
    out->items[out->count++] = fresh;
    return ERR_OK;
}

static enum err
add_version(struct arena *arena, const struct form *form, struct smup_columns *out,
            struct fault *fault)
{
    for (size_t i = 0; i < form->code_count; i++) {
        struct smup_column column = {.is_amount = false};
        TRY(add(arena, form, &column, form->codes[i].name, out, fault));
    }
    for (size_t i = 0; i < form->amount_count; i++) {
        struct smup_column column = {.is_amount = true, .scale = form->amounts[i].scale};
        TRY(add(arena, form, &column, form->amounts[i].name, out, fault));
    }
    return ERR_OK;
}

/* The version of a form that follows this one in age; NULL: the newest (before == NULL). Versions
 * of one form are ordered by the periods that they are for. */
static const struct form *
next_older(const struct catalogue *catalogue, struct str code, const struct form *before)
{
    const struct form *best = NULL;

    for (size_t i = 0; i < catalogue->form_count; i++) {
        const struct form *form = &catalogue->forms[i];
        bool               older = before == NULL || date_compare(form->from, before->from) < 0
                     || (date_compare(form->from, before->from) == 0 && form < before);
        if (!str_equal(form->code, code) || !older) {
            continue;
        }
        if (best == NULL || date_compare(form->from, best->from) >= 0) {
            best = form;
        }
    }
    return best;
}

enum err
smup_columns_read(struct arena *arena, const struct catalogue *catalogue, struct str code,
                  struct smup_columns *out, struct fault *fault)
{
    const struct form *form = next_older(catalogue, code, NULL);

    out->count = 0;
    while (form != NULL) {
        TRY(add_version(arena, form, out, fault));
        form = next_older(catalogue, code, form);
    }
    return ERR_OK;
}

/* Whether an element name is the lower-case name of a column. */
static bool
same_name(struct str element, struct str column)
{
    if (element.size != column.size) {
        return false;
    }
    for (size_t i = 0; i < element.size; i++) {
        if (folded(element.data[i]) != column.data[i]) {
            return false;
        }
    }
    return true;
}

size_t
smup_columns_slot(const struct form *form, const struct smup_column *column)
{
    size_t count = column->is_amount ? form->amount_count : form->code_count;

    for (size_t i = 0; i < count; i++) {
        struct str name = column->is_amount ? form->amounts[i].name : form->codes[i].name;
        if (same_name(name, column->name)) {
            return i + 1;
        }
    }
    return 0;
}

#include "tests/support/defect.h"

/*
 * Signature wrapping (McIntosh, Austel 2005): the signed report is moved where a careless verifier
 * still finds it by its Id, and an altered copy stands where the consumer looks.
 */
#define HIDDEN(title, line, place, own_id)                                                 \
    {                                                                                      \
        .name = (title), .says = (line), .units = 2, .forms = 1U << POSTING_RB27S,         \
        .form = POSTING_RB27S, .hiding = DEFECT_HIDES_##place, .copy_has_own_id = (own_id) \
    }

static const struct defect table[] = {
    HIDDEN("wrapping-1", "the signed report in ds:Object, a copy with its Id in its place",
           IN_OBJECT, false),
    HIDDEN("wrapping-2", "the signed report in ds:Object, a copy with another Id in its place",
           IN_OBJECT, true),
    HIDDEN("wrapping-3", "the signed report with another unit, a copy with its Id in its place",
           IN_OTHER_UNIT, false),
    HIDDEN("wrapping-4", "the signed report in Uwagi of a copy with its Id", IN_REMARKS, false),
    HIDDEN("wrapping-5", "the signed report in Uwagi of a copy with another Id", IN_REMARKS, true),
    HIDDEN("wrapping-6", "the signed report behind a copy with its Id", BEHIND, false),
    HIDDEN("wrapping-7", "the signed report behind Jednostki, a copy with its Id in its place",
           AT_END, false),
    HIDDEN("wrapping-8", "the signed report in UnsignedProperties, a copy with its Id in its place",
           IN_UNSIGNED, false),
    HIDDEN("wrapping-before", "the signed report before a copy with its Id", BEFORE, false),
    HIDDEN("wrapping-unsigned-copy", "behind the signed report a copy with another Id, unsigned",
           BEFORE, true),
};

const struct defect *
defect_hidings(size_t *count)
{
    *count = ARRAY_COUNT(table);
    return table;
}

/* The report with another plan, perhaps under another Id. */
static enum err
alter(struct arena *arena, const struct defect *defect, struct str *report, struct fault *fault)
{
    static const struct edit amount = DEFECT_EDIT(CONTENT, LATE, "PL", "999900.00", NULL);
    static const struct edit id =
        DEFECT_EDIT(VALUE, LATE, "<Rb-27s Id=\"", "Rb27s_0123456789abcdef0123456789abcdef", NULL);

    struct edit_names names = {{0}, {0}};

    TRY(edit_apply(arena, &amount, EDIT_RAW, &names, report, fault));
    return defect->copy_has_own_id ? edit_apply(arena, &id, EDIT_RAW, &names, report, fault)
                                   : ERR_OK;
}

/* words, with %.*s for the signed report, as the last child of element in *text. */
static enum err
put_into(struct arena *arena, const char *element, struct str what, struct str *text,
         struct fault *fault)
{
    struct edit       addition = DEFECT_EDIT(LAST, LATE, element, what.data, NULL);
    struct edit_names names = {{0}, {0}};

    if (what.data == NULL) {
        return FAIL(fault, ERR_MEMORY, "hidden report");
    }
    return edit_apply(arena, &addition, EDIT_RAW, &names, text, fault);
}

#define WRAPPED(before, after) str_format(arena, before "%.*s" after, STR_ARG(original))

enum err
defect_hide(struct arena *arena, const struct defect *defect, struct envelope *package,
            struct fault *fault)
{
    struct envelope_report *report = &package->units[0].reports[POSTING_RB27S];
    struct str              original = report->raw;

    if (defect->hiding == DEFECT_HIDES_NOTHING) {
        return ERR_OK;
    }
    TRY(alter(arena, defect, &report->raw, fault));
    switch (defect->hiding) {
    case DEFECT_HIDES_IN_OBJECT:
        return put_into(arena, "ds:Signature", WRAPPED("<ds:Object>", "</ds:Object>"),
                        &report->signatures[0], fault);
    case DEFECT_HIDES_IN_UNSIGNED:
        return put_into(arena, "xades:QualifyingProperties",
                        WRAPPED("<xades:UnsignedProperties>", "</xades:UnsignedProperties>"),
                        &report->signatures[0], fault);
    case DEFECT_HIDES_IN_REMARKS:
        return put_into(arena, "Naglowek", WRAPPED("<Uwagi>", "</Uwagi>"), &report->raw, fault);
    case DEFECT_HIDES_IN_OTHER_UNIT:
        package->units[1].more_reports = original;
        return ERR_OK;
    case DEFECT_HIDES_BEHIND:
        package->units[0].more_reports = original;
        return ERR_OK;
    case DEFECT_HIDES_BEFORE:
        package->units[0].more_reports = report->raw;
        report->raw = original;
        return ERR_OK;
    default:
        package->tail = original;
        return ERR_OK;
    }
}

#include "validators/document/wellformed.h"

#include "validators/document/place.h"

static const struct {
    int         libxml_code;
    const char *code;
} kinds[] = {
    {XML_ERR_TAG_NAME_MISMATCH,       "XML-091"},
    {XML_ERR_ATTRIBUTE_REDEFINED,     "XML-092"},
    {XML_NS_ERR_ATTRIBUTE_REDEFINED,  "XML-092"},
    {XML_NS_ERR_UNDEFINED_NAMESPACE,  "XML-093"},
    {XML_NS_ERR_XML_NAMESPACE,        "XML-093"},
    {XML_NS_ERR_QNAME,                "XML-093"},
    {XML_NS_ERR_EMPTY,                "XML-093"},
    {XML_NS_ERR_COLON,                "XML-093"},
    {XML_ERR_DOCUMENT_EMPTY,          "XML-095"},
    {XML_ERR_DOCUMENT_START,          "XML-095"},
    {XML_ERR_MISPLACED_CDATA_END,     "XML-096"},
    {XML_ERR_HYPHEN_IN_COMMENT,       "XML-096"},
    {XML_ERR_COMMENT_NOT_FINISHED,    "XML-096"},
    {XML_ERR_UNDECLARED_ENTITY,       "XML-096"},
    {XML_ERR_INVALID_CHAR,            "XML-096"},
    {XML_ERR_INVALID_CHARREF,         "XML-096"},
    {XML_ERR_LT_IN_ATTRIBUTE,         "XML-096"},
    {XML_ERR_ATTRIBUTE_NOT_STARTED,   "XML-096"},
    {XML_ERR_ATTRIBUTE_WITHOUT_VALUE, "XML-096"},
    {XML_ERR_SPACE_REQUIRED,          "XML-096"},
    {XML_ERR_NAME_REQUIRED,           "XML-096"},
    {XML_ERR_GT_REQUIRED,             "XML-096"},
    {XML_ERR_LTSLASH_REQUIRED,        "XML-096"},
    {XML_ERR_RESERVED_XML_NAME,       "XML-096"},
};

static const char cut_off[] = "XML-090";
static const char behind_the_end[] = "XML-094";
static const char too_deep[] = "XML-097";
static const char has_dtd[] = "XML-098";
static const char other[] = "XML-099";

/* At most one per file; where: the byte that it points at. */
static void
refuse(struct pass *pass, const char *code, size_t where, const struct finding *partial)
{
    struct finding finding = *partial;
    struct buf     path = buf_create(pass->arena, FINDING_FIELD_MAX);

    if (pass->refused) {
        return;
    }
    pass->refused = true;
    frame_xpath(&pass->frames, &path);
    finding.xpath = buf_str(&path);
    finding.report = FINDING_OF_PACKAGE;
    finding.offset = (uint32_t)where;
    (void)snprintf(finding.code, sizeof finding.code, "%s", code);
    if (findings_add(pass->findings, &finding) == FINDING_NO_MEMORY) {
        pass_keep(pass, FAIL(pass->fault, ERR_MEMORY, "finding %s", code));
    }
    xmlStopParser(pass->guard.parser);
}

static const char *
kind_of(const struct pass *pass, const xmlError *error, size_t where)
{
    bool root_open = pass->frames.count > 0 || pass->tag_broken;
    bool whole_tag =
        error->code == XML_ERR_TAG_NAME_MISMATCH && where > 0 && pass->bytes.data[where - 1] == '>';

    if (pass->root_closed) {
        return behind_the_end;
    }
    if (root_open && !whole_tag
        && (where == pass->bytes.size || error->code == XML_ERR_DOCUMENT_END)) {
        return cut_off;
    }
    for (size_t i = 0; i < ARRAY_COUNT(kinds); i++) {
        if (kinds[i].libxml_code == error->code) {
            return kinds[i].code;
        }
    }
    return root_open ? other : "XML-095";
}

/* Faults of one tag point at its beginning. */
static bool
in_tag(const char *code)
{
    struct str name = str_of(code);

    return str_equal(name, STR("XML-091")) || str_equal(name, STR("XML-092"))
           || str_equal(name, STR("XML-093"));
}

static struct str
quoted(const struct pass *pass, const char *name)
{
    return name == NULL ? (struct str){0} : str_format(pass->arena, "‹%s›", name);
}

void
wellformed_heard(void *user, xmlErrorPtr error)
{
    struct guard *guard = user;
    struct pass  *pass = guard->user;

    if (error->level < XML_ERR_ERROR || pass->refused || pass->err != ERR_OK) {
        return;
    }
    if (error->code == XML_ERR_NO_MEMORY || error->code == XML_ERR_INTERNAL_ERROR) {
        pass_keep(pass, FAIL(pass->fault, ERR_PARSER, "XML parser: %s",
                             error->message == NULL ? "" : error->message));
        return;
    }
    size_t         where = pass_position(pass);
    const char    *open = pass->frames.count == 0 ? NULL : frame_top(&pass->frames)->name;
    struct finding finding = {.subject = quoted(pass, open),
                              .technical = str_trim(str_of(error->message))};
    const char    *code = kind_of(pass, error, where);
    if (error->code == XML_ERR_TAG_NAME_MISMATCH) {
        finding.expected = str_format(pass->arena, "‹/%s›", open == NULL ? "" : open);
        finding.found = str_format(pass->arena, "‹/%s›", error->str2 == NULL ? "" : error->str2);
    } else {
        finding.found = quoted(pass, error->str1);
    }
    if (in_tag(code)) {
        where = place_tag_start(pass->bytes, where);
    }
    refuse(pass, code, where, &finding);
}

void
wellformed_limit(struct pass *pass)
{
    refuse(pass, too_deep, pass_position(pass), &(struct finding){0});
}

void
wellformed_finish(struct pass *pass)
{
    size_t where = pass->guard.refused ? 0 : pass->bytes.size;

    if (pass->guard.refused) {
        refuse(pass, has_dtd, where, &(struct finding){0});
    } else if (!pass->root_closed || !pass->guard.parser->wellFormed
               || !pass->guard.parser->nsWellFormed) {
        refuse(pass, cut_off, where, &(struct finding){0});
    }
}

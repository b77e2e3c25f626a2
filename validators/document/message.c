#include "validators/document/message.h"

#include <libxml/xmlerror.h>
#include <string.h>

const char message_missing_code[] = "XSD-002";

static const struct message messages[] = {
    {XML_SCHEMAV_ELEMENT_CONTENT,          MESSAGE_STRUCTURE, "XSD-001"}, /* or XSD-002 */
    {XML_SCHEMAV_CVC_ELT_1,                MESSAGE_STRUCTURE, "XSD-004"},
    {XML_SCHEMAV_CVC_COMPLEX_TYPE_2_1,     MESSAGE_STRUCTURE, "XSD-005"},
    {XML_SCHEMAV_CVC_COMPLEX_TYPE_2_3,     MESSAGE_STRUCTURE, "XSD-005"},
    {XML_SCHEMAV_CVC_TYPE_3_1_2,           MESSAGE_STRUCTURE, "XSD-006"},
    {XML_SCHEMAV_CVC_COMPLEX_TYPE_2_2,     MESSAGE_STRUCTURE, "XSD-006"},
    {XML_SCHEMAV_CVC_TYPE_3_1_1,           MESSAGE_ATTRIBUTE, "XSD-007"},
    {XML_SCHEMAV_CVC_COMPLEX_TYPE_3_2_1,   MESSAGE_ATTRIBUTE, "XSD-007"},
    {XML_SCHEMAV_CVC_COMPLEX_TYPE_3_2_2,   MESSAGE_ATTRIBUTE, "XSD-007"},
    {XML_SCHEMAV_CVC_COMPLEX_TYPE_4,       MESSAGE_ATTRIBUTE, "XSD-008"},
    {XML_SCHEMAV_CVC_PATTERN_VALID,        MESSAGE_VALUE,     "XSD-010"},
    {XML_SCHEMAV_CVC_ENUMERATION_VALID,    MESSAGE_VALUE,     "XSD-011"},
    {XML_SCHEMAV_CVC_MINLENGTH_VALID,      MESSAGE_VALUE,     "XSD-012"},
    {XML_SCHEMAV_CVC_MAXLENGTH_VALID,      MESSAGE_VALUE,     "XSD-013"},
    {XML_SCHEMAV_CVC_LENGTH_VALID,         MESSAGE_VALUE,     "XSD-014"},
    {XML_SCHEMAV_CVC_DATATYPE_VALID_1_2_1, MESSAGE_VALUE,     "XSD-015"},
    {XML_SCHEMAV_CVC_MININCLUSIVE_VALID,   MESSAGE_VALUE,     "XSD-016"},
    {XML_SCHEMAV_CVC_MINEXCLUSIVE_VALID,   MESSAGE_VALUE,     "XSD-016"},
    {XML_SCHEMAV_CVC_MAXINCLUSIVE_VALID,   MESSAGE_VALUE,     "XSD-017"},
    {XML_SCHEMAV_CVC_MAXEXCLUSIVE_VALID,   MESSAGE_VALUE,     "XSD-017"},
    {XML_SCHEMAV_CVC_TOTALDIGITS_VALID,    MESSAGE_VALUE,     "XSD-018"},
    {XML_SCHEMAV_CVC_FRACTIONDIGITS_VALID, MESSAGE_VALUE,     "XSD-018"},
    {XML_SCHEMAV_INTERNAL,                 MESSAGE_INTERNAL,  ""       },
};

/* What is not in the table cannot be raised by our schemas; if it is, the file is not accepted. */
static const struct message unknown = {0, MESSAGE_STRUCTURE, "XSD-019"};

const struct message *
message_find(int libxml_code)
{
    for (size_t i = 0; i < ARRAY_COUNT(messages); i++) {
        if (messages[i].libxml_code == libxml_code) {
            return &messages[i];
        }
    }
    return &unknown;
}

const struct message *
message_at(size_t index)
{
    return index < ARRAY_COUNT(messages) ? &messages[index] : NULL;
}

struct str
message_attribute(const char *text)
{
    static const char before[] = "attribute '";
    const char       *from = text == NULL ? NULL : strstr(text, before);

    if (from == NULL) {
        return (struct str){0};
    }
    from += sizeof before - 1;
    return (struct str){from, strcspn(from, "'")};
}

bool
message_says_missing(const char *text)
{
    return text != NULL && strstr(text, "Missing child element(s)") != NULL;
}

bool
message_expected(const char *text, const char **rest, struct str *name)
{
    static const char separators[] = " ,\n";

    if (*rest == NULL) {
        const char *from = text == NULL ? NULL : strstr(text, "Expected is");
        from = from == NULL ? NULL : strchr(from, '(');
        if (from == NULL) {
            return false;
        }
        *rest = from + 1;
    }
    *rest += strspn(*rest, separators);
    size_t size = strcspn(*rest, " ,\n)");
    if (size == 0) {
        return false;
    }
    *name = (struct str){*rest, size};
    *rest += size;
    return true;
}

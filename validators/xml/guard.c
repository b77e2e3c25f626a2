#include "validators/xml/guard.h"

#include <libxml/catalog.h>
#include <libxml/xmlIO.h>
#include <libxml/xmlschemastypes.h>

static xmlParserInputPtr
refuse_entity(const char *url, const char *id, xmlParserCtxtPtr parser)
{
    (void)url;
    (void)id;
    (void)parser;
    return NULL;
}

static void
stay_silent(void *user, const char *format, ...)
{
    (void)user;
    (void)format;
}

void
guard_initialise(void)
{
    xmlInitParser();
    xmlSetExternalEntityLoader(refuse_entity);
    xmlCleanupInputCallbacks();
    xmlCatalogSetDefaults(XML_CATA_ALLOW_NONE);
    xmlSetGenericErrorFunc(NULL, stay_silent);
    (void)xmlSchemaInitTypes();
}

static void
refuse(void *user)
{
    struct guard *guard = user;

    guard->refused = true;
    xmlStopParser(guard->parser);
}

static void
on_subset(void *user, const xmlChar *name, const xmlChar *public_id, const xmlChar *system_id)
{
    (void)name;
    (void)public_id;
    (void)system_id;
    refuse(user);
}

/* NOLINTBEGIN(readability-non-const-parameter): the signature is libxml2's. */
static void
on_entity(void *user, const xmlChar *name, int type, const xmlChar *public_id,
          const xmlChar *system_id, xmlChar *content)
{
    (void)name;
    (void)type;
    (void)public_id;
    (void)system_id;
    (void)content;
    refuse(user);
}
/* NOLINTEND(readability-non-const-parameter) */

bool
guard_parser(struct guard *guard, xmlSAXHandlerPtr handler, void *user)
{
    handler->internalSubset = on_subset;
    handler->externalSubset = on_subset;
    handler->entityDecl = on_entity;

    *guard = (struct guard){.user = user};
    guard->parser = xmlCreatePushParserCtxt(handler, guard, NULL, 0, NULL);
    if (guard->parser == NULL) {
        return false;
    }
    (void)xmlCtxtUseOptions(guard->parser, XML_PARSE_NONET | XML_PARSE_BIG_LINES);
    return true;
}

void
guard_release(struct guard *guard)
{
    if (guard->parser != NULL) {
        xmlFreeDoc(guard->parser->myDoc);
        xmlFreeParserCtxt(guard->parser);
        guard->parser = NULL;
    }
}

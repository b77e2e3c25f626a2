#include "validators/document/feed.h"

static void
hear(void *user, xmlErrorPtr error)
{
    struct feed *feed = user;

    feed->complaint_count++;
    feed->heard(feed->user, error);
}

bool
feed_open(struct feed *feed, xmlSchemaPtr schema, xmlStructuredErrorFunc heard, void *user)
{
    *feed = (struct feed){.validator = xmlSchemaNewValidCtxt(schema), .heard = heard, .user = user};
    if (feed->validator == NULL) {
        return false;
    }
    xmlSchemaSetValidStructuredErrors(feed->validator, hear, feed);
    /* Plugged onto no handler at all: the plug's own calls are the way in. */
    feed->plug = xmlSchemaSAXPlug(feed->validator, &feed->handler, &feed->handler_user);
    if (feed->plug == NULL) {
        feed_close(feed);
        return false;
    }
    return true;
}

void
feed_start(struct feed *feed, const xmlChar *name, size_t attribute_count,
           const xmlChar **attributes)
{
    feed->handler->startElementNs(feed->handler_user, name, NULL, NULL, 0, NULL,
                                  (int)attribute_count, 0, attributes);
}

void
feed_text(struct feed *feed, struct str text)
{
    feed->handler->characters(feed->handler_user, (const xmlChar *)text.data, (int)text.size);
}

void
feed_end(struct feed *feed, const xmlChar *name)
{
    feed->handler->endElementNs(feed->handler_user, name, NULL, NULL);
}

bool
feed_failed(const struct feed *feed)
{
    return xmlSchemaIsValid(feed->validator) != 1 && feed->complaint_count == 0;
}

void
feed_close(struct feed *feed)
{
    if (feed->plug != NULL) {
        (void)xmlSchemaSAXUnplug(feed->plug); /* fails only when it was never plugged */
    }
    xmlSchemaFreeValidCtxt(feed->validator);
    *feed = (struct feed){0};
}

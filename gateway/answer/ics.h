#ifndef GATEWAY_ANSWER_ICS_H
#define GATEWAY_ANSWER_ICS_H

#include "validators/base/moment.h"

/*
 * A writer of iCalendar (RFC 5545): lines end with CR LF, none is longer than ICS_LINE_MAX octets,
 * a longer one goes on behind CR LF and a space, and never breaks a character of UTF-8. Values are
 * escaped; a byte that is not UTF-8 becomes U+FFFD, a control character a space.
 */
enum { ICS_LINE_MAX = 75 };

/* Of the whole calendar; who subscribes to it is told to look again every few hours. */
void ics_begin(struct buf *out, struct str product, struct str title);
void ics_end(struct buf *out);

/* One whole day. uid: the same for the same event for ever; stamp: when it was last changed. What
 * a calendar program knows is replaced by the event of the same uid and a higher sequence. */
struct ics_event {
    struct str  uid;
    instant     stamp;
    int64_t     sequence; /* how often it was moved */
    struct date on;
    struct str  summary;
    struct str  description;
};

void ics_event(struct buf *out, const struct ics_event *event);

/* NAME:value, folded; the value is text and is escaped. name may bear parameters. */
void ics_text(struct buf *out, const char *name, struct str value);

#endif

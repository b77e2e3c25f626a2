#ifndef GATEWAY_CLI_CALENDAR_LIST_H
#define GATEWAY_CLI_CALENDAR_LIST_H

#include "gateway/cli/screen.h"
#include "validators/calendar/calendar.h"

/* An enumeration of terms as it is printed. */
struct calendar_list {
    const struct calendar      *calendar;
    const struct calendar_term *terms;
    size_t                      count;
};

void calendar_list_text(struct arena *arena, struct screen *screen,
                        const struct calendar_list *list);
/* One document: {calendar: {version, sha256}, terms: [...]}; words of data, days as RFC 3339. */
void calendar_list_json(struct arena *arena, struct buf *out, const struct calendar_list *list);
void calendar_list_csv(struct arena *arena, struct buf *out, const struct calendar_list *list);

#endif

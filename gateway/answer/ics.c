#include "gateway/answer/ics.h"

#include "validators/base/scalar.h"

/* A line that grows: how many octets stand on the physical line already. */
struct line {
    struct buf *out;
    size_t      size;
};

/* Bytes that belong together. */
static void
put(struct line *line, struct str bytes)
{
    if (line->size + bytes.size > ICS_LINE_MAX) {
        buf_append(line->out, STR("\r\n "));
        line->size = 1;
    }
    buf_append(line->out, bytes);
    line->size += bytes.size;
}

static struct str
escape(const struct scalar *scalar)
{
    enum { CONTROLS = 0x20, DELETE = 0x7F };

    switch (scalar->value) {
    case '\\':
        return STR("\\\\");
    case ';':
        return STR("\\;");
    case ',':
        return STR("\\,");
    case '\n':
        return STR("\\n");
    default:
        return scalar->value < CONTROLS || scalar->value == DELETE ? STR(" ") : scalar->bytes;
    }
}

void
ics_text(struct buf *out, const char *name, struct str value)
{
    struct line   line = {.out = out};
    struct str    rest = value;
    struct scalar scalar = {0};

    put(&line, str_of(name));
    put(&line, STR(":"));
    while (scalar_next(&rest, &scalar)) {
        put(&line, escape(&scalar));
    }
    buf_append(out, STR("\r\n"));
}

static void
write_line(struct buf *out, const char *text)
{
    buf_append(out, str_of(text));
    buf_append(out, STR("\r\n"));
}

void
ics_begin(struct buf *out, struct str product, struct str title)
{
    write_line(out, "BEGIN:VCALENDAR");
    write_line(out, "VERSION:2.0");
    ics_text(out, "PRODID", product);
    write_line(out, "CALSCALE:GREGORIAN");
    ics_text(out, "X-WR-CALNAME", title);
    write_line(out, "REFRESH-INTERVAL;VALUE=DURATION:PT4H");
    write_line(out, "X-PUBLISHED-TTL:PT4H");
}

void
ics_end(struct buf *out)
{
    write_line(out, "END:VCALENDAR");
}

/* "20260710" */
static void
write_day(struct buf *out, const char *name, struct date day)
{
    buf_format(out, "%s;VALUE=DATE:%04d%02d%02d\r\n", name, day.year, day.month, day.day);
}

/* "DTSTAMP:20260710T070000Z" */
static void
write_stamp(struct buf *out, const char *name, instant at)
{
    enum { HOUR = 3600, MINUTE = 60, DAY = 86400 };

    int64_t     seconds = at / INSTANT_PER_SECOND;
    struct date day = date_of_days(seconds / DAY);
    int         rest = (int)(seconds % DAY);

    buf_format(out, "%s:%04d%02d%02dT%02d%02d%02dZ\r\n", name, day.year, day.month, day.day,
               rest / HOUR, rest % HOUR / MINUTE, rest % MINUTE);
}

void
ics_event(struct buf *out, const struct ics_event *event)
{
    write_line(out, "BEGIN:VEVENT");
    ics_text(out, "UID", event->uid);
    write_stamp(out, "DTSTAMP", event->stamp);
    write_stamp(out, "LAST-MODIFIED", event->stamp);
    buf_format(out, "SEQUENCE:%lld\r\n", (long long)event->sequence);
    write_day(out, "DTSTART", event->on);
    write_day(out, "DTEND", date_of_days(date_days(event->on) + 1));
    ics_text(out, "SUMMARY", event->summary);
    ics_text(out, "DESCRIPTION", event->description);
    write_line(out, "TRANSP:TRANSPARENT");
    write_line(out, "END:VEVENT");
}

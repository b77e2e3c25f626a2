#include "validators/calendar/workday.h"

enum { WEEK = 7, SATURDAY = 5, EPOCH_WEEKDAY = 3 }; /* 1970-01-01 was a Thursday */

static const struct {
    int         month;
    int         day;
    int         since; /* the first year in which it is a day off */
    const char *name;
} fixed[] = {
    {1,  1,  0,    "Nowy Rok"                                 },
    {1,  6,  2011, "Święto Trzech Króli"                   },
    {5,  1,  0,    "Święto Państwowe 1 maja"               },
    {5,  3,  0,    "Święto Narodowe Trzeciego Maja"         },
    {8,  15, 0,    "Wniebowzięcie Najświętszej Maryi Panny"},
    {11, 1,  0,    "Wszystkich Świętych"                    },
    {11, 11, 0,    "Narodowe Święto Niepodległości"       },
    {12, 24, 2025, "Wigilia Bożego Narodzenia"               },
    {12, 25, 0,    "pierwszy dzień Bożego Narodzenia"       },
    {12, 26, 0,    "drugi dzień Bożego Narodzenia"          },
};

static const struct {
    int64_t     after; /* days after Easter Sunday */
    const char *name;
} movable[] = {
    {0,  "Wielkanoc"                },
    {1,  "Poniedziałek Wielkanocny"},
    {49, "Zielone Świątki"        },
    {60, "Boże Ciało"             },
};

/* The letters are those of the published algorithm. */
struct date
workday_easter(int year)
{
    ENSURE(year > 1582);
    int a = year % 19;
    int b = year / 100;
    int c = year % 100;
    int d = b / 4;
    int e = b % 4;
    int g = (b - (b + 8) / 25 + 1) / 3;
    int h = (19 * a + b - d - g + 15) % 30;
    int i = c / 4;
    int k = c % 4;
    int l = (32 + 2 * e + 2 * i - h - k) % 7;
    int m = (a + 11 * h + 22 * l) / 451;
    int n = h + l - 7 * m + 114;

    return (struct date){year, n / 31, n % 31 + 1};
}

const char *
workday_holiday(struct date date)
{
    for (size_t i = 0; i < ARRAY_COUNT(fixed); i++) {
        if (fixed[i].month == date.month && fixed[i].day == date.day
            && fixed[i].since <= date.year) {
            return fixed[i].name;
        }
    }
    int64_t after = date_days(date) - date_days(workday_easter(date.year));
    for (size_t i = 0; i < ARRAY_COUNT(movable); i++) {
        if (movable[i].after == after) {
            return movable[i].name;
        }
    }
    return NULL;
}

int
workday_weekday(struct date date)
{
    int64_t rest = (date_days(date) + EPOCH_WEEKDAY) % WEEK;

    return (int)(rest < 0 ? rest + WEEK : rest);
}

const char *
workday_name(struct date date)
{
    static const char *const names[WEEK] = {"poniedziałek", "wtorek", "środa",    "czwartek",
                                            "piątek",       "sobota", "niedziela"};

    return names[workday_weekday(date)];
}

bool
workday_is(struct date date)
{
    return workday_weekday(date) < SATURDAY && workday_holiday(date) == NULL;
}

struct date
workday_next(struct date date)
{
    struct date next = date;

    while (!workday_is(next)) {
        next = date_of_days(date_days(next) + 1);
    }
    return next;
}

struct date
workday_after(struct date date, int count)
{
    ENSURE(count >= 1);
    for (int i = 0; i < count; i++) {
        date = workday_next(date_of_days(date_days(date) + 1));
    }
    return date;
}

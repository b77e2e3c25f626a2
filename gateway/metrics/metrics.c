#include "gateway/metrics/metrics.h"

#include <errno.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum { BOUND_COUNT = 12, MARKS_MAX = 63 };

/* Upper bounds of the buckets, in microseconds and as Prometheus reads them. */
static const struct {
    int64_t     microseconds;
    const char *seconds;
} bounds[BOUND_COUNT] = {
    {1000,    "0.001" },
    {2500,    "0.0025"},
    {5000,    "0.005" },
    {10000,   "0.01"  },
    {25000,   "0.025" },
    {50000,   "0.05"  },
    {100000,  "0.1"   },
    {250000,  "0.25"  },
    {500000,  "0.5"   },
    {1000000, "1"     },
    {2500000, "2.5"   },
    {5000000, "5"     },
};

static const struct {
    const char *name;
    const char *help;
} durations[DURATION_COUNT] = {
    {"brama_http_request_duration_seconds", "From the first byte of a request to its answer."    },
    {"brama_receipt_latency_seconds",       "From the last byte of a submission to its receipts."},
    {"brama_check_duration_seconds",        "Of one document in the checker, waiting included."  },
};

struct histogram {
    _Atomic int64_t buckets[BOUND_COUNT + 1]; /* not cumulated; the last one is +Inf */
    _Atomic int64_t sum;                      /* microseconds */
};

struct page {
    _Atomic int64_t  values[METRIC_COUNT];
    struct histogram histograms[DURATION_COUNT];
};

/* Shared by all processes of one bramad; a private one until metrics_use. */
static struct page  own_page;
static struct page *page = &own_page;

enum metric_type { TYPE_COUNTER, TYPE_GAUGE, TYPE_MARKS };

static const struct {
    enum metric_type type;
    const char      *name; /* with labels */
    const char      *help;
} metrics[METRIC_COUNT] = {
#define COUNTER(name, text, help) {TYPE_COUNTER, text, help},
#define GAUGE(name, text, help) {TYPE_GAUGE, text, help},
#define MARKS(name, text, help) {TYPE_MARKS, text, help},
#include "gateway/metrics/metrics.def"
#undef COUNTER
#undef GAUGE
#undef MARKS
};

enum err
metrics_create(int *fd, struct fault *fault)
{
    int made = memfd_create("metrics", MFD_CLOEXEC);

    if (made < 0 || ftruncate(made, sizeof(struct page)) != 0) {
        return FAIL(fault, ERR_SYSTEM, "the page of metrics: %s", strerrordesc_np(errno));
    }
    *fd = made;
    return ERR_OK;
}

enum err
metrics_use(int fd, struct fault *fault)
{
    void *mapped = mmap(NULL, sizeof *page, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);

    if (mapped == MAP_FAILED) {
        return FAIL(fault, ERR_SYSTEM, "mmap of the page of metrics: %s", strerrordesc_np(errno));
    }
    page = mapped;
    return ERR_OK;
}

void
metrics_add(enum metric metric, int64_t amount)
{
    (void)atomic_fetch_add(&page->values[metric], amount); /* the old value is of no interest */
}

void
metrics_set(enum metric metric, int64_t value)
{
    page->values[metric] = value;
}

int64_t
metrics_get(enum metric metric)
{
    int64_t value = page->values[metric];

    return metrics[metric].type == TYPE_MARKS ? __builtin_popcountll((uint64_t)value) : value;
}

void
metrics_mark(enum metric metric, unsigned slot, bool stands)
{
    int64_t mark = (int64_t)1 << slot;

    ENSURE(slot < MARKS_MAX && metrics[metric].type == TYPE_MARKS);
    if (stands) {
        (void)atomic_fetch_or(&page->values[metric], mark); /* the old value is of no interest */
    } else {
        (void)atomic_fetch_and(&page->values[metric], ~mark);
    }
}

void
metrics_observe(enum metric_duration duration, int64_t microseconds)
{
    struct histogram *histogram = &page->histograms[duration];
    size_t            bucket = 0;

    while (bucket < BOUND_COUNT && microseconds > bounds[bucket].microseconds) {
        bucket++;
    }
    (void)atomic_fetch_add(&histogram->buckets[bucket], 1);
    (void)atomic_fetch_add(&histogram->sum, microseconds);
}

/* The name without labels. */
static struct str
family(size_t metric)
{
    struct str rest = str_of(metrics[metric].name);
    struct str name = {0};

    (void)str_cut(&rest, '{', &name); /* a name is never empty */
    return name;
}

static void
write_head(struct buf *out, struct str name, const char *help, const char *type)
{
    buf_format(out, "# HELP %.*s %s\n# TYPE %.*s %s\n", STR_ARG(name), help, STR_ARG(name), type);
}

/* "1.000250": whole microseconds as seconds. */
static void
write_seconds(struct buf *out, int64_t microseconds)
{
    buf_format(out, "%lld.%06lld", (long long)(microseconds / 1000000),
               (long long)(microseconds % 1000000));
}

static void
write_histogram(struct buf *out, size_t duration)
{
    struct histogram *histogram = &page->histograms[duration];
    const char       *name = durations[duration].name;
    int64_t           count = 0;

    write_head(out, str_of(name), durations[duration].help, "histogram");
    for (size_t i = 0; i < BOUND_COUNT; i++) {
        count += histogram->buckets[i];
        buf_format(out, "%s_bucket{le=\"%s\"} %lld\n", name, bounds[i].seconds, (long long)count);
    }
    count += histogram->buckets[BOUND_COUNT];
    buf_format(out, "%s_bucket{le=\"+Inf\"} %lld\n%s_sum ", name, (long long)count, name);
    write_seconds(out, histogram->sum);
    buf_format(out, "\n%s_count %lld\n", name, (long long)count);
}

void
metrics_write(struct buf *out, const char *version)
{
    struct str last = {0};

    write_head(out, STR("brama_build_info"), "Which program this is.", "gauge");
    buf_format(out, "brama_build_info{version=\"%s\"} 1\n", version);
    for (size_t i = 0; i < METRIC_COUNT; i++) {
        struct str name = family(i);
        if (!str_equal(name, last)) {
            write_head(out, name, metrics[i].help,
                       metrics[i].type == TYPE_COUNTER ? "counter" : "gauge");
        }
        last = name;
        buf_format(out, "%s %lld\n", metrics[i].name, (long long)metrics_get((enum metric)i));
    }
    for (size_t i = 0; i < DURATION_COUNT; i++) {
        write_histogram(out, i);
    }
}

#include "gateway/failpoint/failpoint.h"

#include <errno.h>
#include <stdatomic.h>
#include <stddef.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

enum { LOOK_AGAIN_NS = 1000000 };

/* One page for the life of the process; NULL in all but tests. */
static struct failpoint_page *page_in_use;

static const char *const names[] = {
    "NONE",
#define FAILPOINT(name) #name,
#include "gateway/failpoint/failpoint.def"
#undef FAILPOINT
};

const char *
failpoint_name(enum failpoint point)
{
    ENSURE(point < FAILPOINT_COUNT);
    return names[point];
}

void
failpoint_use(struct failpoint_page *page)
{
    page_in_use = page;
}

enum err
failpoint_map(int fd, struct failpoint_page **out, struct fault *fault)
{
    void *page = mmap(NULL, sizeof **out, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);

    if (page == MAP_FAILED) {
        return FAIL(fault, ERR_SYSTEM, "mmap of the page of failpoints: %s",
                    strerrordesc_np(errno));
    }
    *out = page;
    return ERR_OK;
}

void
failpoint_reach(enum failpoint point)
{
    struct failpoint_page *page = page_in_use;
    const struct timespec  pause = {.tv_nsec = LOOK_AGAIN_NS};

    uint32_t turn = page == NULL ? 0 : page->turn;
    if (page == NULL || page->armed != (uint32_t)point) {
        return;
    }
    uint32_t skip = page->skip;
    while (skip > 0) {
        if (atomic_compare_exchange_weak(&page->skip, &skip, skip - 1)) {
            return;
        }
    }
    page->pid = (uint32_t)getpid();
    page->reached = (uint32_t)point;
    while (page->armed == (uint32_t)point && page->turn == turn) {
        (void)nanosleep(&pause, NULL); /* woken early or late: it looks again */
    }
}

#include "tests/scenario/http/stand_fixture.h"

struct stand stand;

int
stand_set_up(void **state)
{
    (void)state;
    stand_start(&stand, true);
    return 0;
}

int
stand_tear_down(void **state)
{
    (void)state;
    stand_stop(&stand);
    return 0;
}

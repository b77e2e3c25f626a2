#ifndef GATEWAY_READER_COMPLETENESS_RESOURCE_H
#define GATEWAY_READER_COMPLETENESS_RESOURCE_H

#include "gateway/reader/resource.h"

/*
 * GET /api/v1/completeness?by=: of what is owed, how much is here. One row for each form and level,
 * period, region, recipient or JST, and their sum:
 *
 *     expected    all duties but those waived and superseded = the next five together
 *     in_time     filed in time              late        filed, too late
 *     submitted   received, not decided yet
 *     missing     nothing is here, the term is over
 *     awaited     nothing is here, the term is not over
 *     filed       in_time + late             questioned  filed or not, with open queries
 */
resource_answer completeness_resource_answer;

#endif

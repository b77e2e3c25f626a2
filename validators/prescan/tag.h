#ifndef VALIDATORS_PRESCAN_TAG_H
#define VALIDATORS_PRESCAN_TAG_H

#include "validators/prescan/walk.h"

/*
 * One tag with "<" at walk->at. Counts depth, attributes, namespace declarations in force and
 * distinct names; a tag longer than start_tag_max is given up there, so no tag is read further. An
 * end tag too many, or with another name, is left to the parser.
 */
bool tag_walk_start(struct walk *walk);
bool tag_walk_end(struct walk *walk);

#endif

#ifndef GATEWAY_CLI_NEAR_CODE_H
#define GATEWAY_CLI_NEAR_CODE_H

#include "validators/catalogue/catalogue.h"

/*
 * The code of a catalogue that somebody most likely meant: at most two letters are added, left out
 * or typed for others; blanks, small letters and '_' for '-' do not count. Empty: none is near.
 */
struct str near_code_find(const struct catalogue *catalogue, struct str typed);

#endif

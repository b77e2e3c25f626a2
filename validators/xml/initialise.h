#ifndef VALIDATORS_XML_INITIALISE_H
#define VALIDATORS_XML_INITIALISE_H

/*
 * For whoever starts a process and must not see libxml2 itself: make the library ready, close its
 * doors to files, network and catalogues. Once per process, before any other thread and before the
 * sandbox is entered.
 */
void guard_initialise(void);

#endif

#ifndef GATEWAY_SUBMISSION_DISK_WATCH_H
#define GATEWAY_SUBMISSION_DISK_WATCH_H

#include "gateway/config/config.h"

/*
 * The disks that a filing needs: that of state_folder, and that of database_folder where PostgreSQL
 * is on this machine. A disk that cannot be asked refuses nobody, and is told once.
 */
#define DISK_WATCH_UNKNOWN INT64_MAX

/* Bytes left on the fuller one; DISK_WATCH_UNKNOWN: neither can be asked. */
int64_t disk_watch_left(const struct config *config);

/* Log the folders that are named and cannot be asked. */
void disk_watch_say(const struct config *config);

#endif

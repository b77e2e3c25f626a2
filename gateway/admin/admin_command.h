#ifndef GATEWAY_ADMIN_ADMIN_COMMAND_H
#define GATEWAY_ADMIN_ADMIN_COMMAND_H

/*
 * `brama admin NOUN VERB`: the registry of units, credentials, the clock of TEST, the demonstration
 * registry, parked submissions. Talks to the database as brama_admin. argv[0] is "admin".
 * Exit codes: 0 done; 1 refused, and why; 2 the call is wrong; 3 a file cannot be read; 5 the
 * database cannot be reached. The caller flushes stdout.
 */
int admin_command(int argc, char **argv);

#endif

#ifndef GATEWAY_CLI_VTL_COMMAND_H
#define GATEWAY_CLI_VTL_COMMAND_H

/*
 * brama vtl SCRIPT --in DIR --out DIR. argv[0] is "vtl". Exit codes: 0 results are written; 1 the
 * script has problems, or a rule could not be computed in some row; 2 usage; 3 a file is missing,
 * malformed or cannot be written.
 */
int vtl_command(int argc, char **argv);

#endif

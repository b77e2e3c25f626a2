#ifndef GATEWAY_CLI_RULES_BACKTEST_COMMAND_H
#define GATEWAY_CLI_RULES_BACKTEST_COMMAND_H

/*
 * `brama rules backtest --rules DRAFT --from DAY --to DAY`: what a draft of definitions would have
 * stopped of what was filed (backtest.h), against the rules in force. With the rights of
 * brama_admin, in a transaction that can write nothing.
 */
int rules_backtest_command(int argc, char **argv);

#endif

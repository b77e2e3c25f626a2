#ifndef GATEWAY_CLI_ANSWER_COMMAND_H
#define GATEWAY_CLI_ANSWER_COMMAND_H

/* `brama answer`: queries of a submission, shown or answered, one by one or by a list. */
int answer_command(int argc, char **argv);

#endif

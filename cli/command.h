// What main's table holds: one command each, in its own cmd_<name>.c.
#ifndef BANTAM_CLI_COMMAND_H
#define BANTAM_CLI_COMMAND_H

struct command {
    const char *name;
    const char *summary; // one line for `bantam --help`
    int (*run)(int argc,
               const char **argv); // argv[0] is the command's name; returns an enum exit_code
};

int command_triage(int argc, const char **argv);
int command_baseline(int argc, const char **argv);
int command_history(int argc, const char **argv);
int command_learn(int argc, const char **argv);
int command_run(int argc, const char **argv);
int command_show(int argc, const char **argv);
int command_fetch(int argc, const char **argv);
int command_mcp(int argc, const char **argv);
int command_add(int argc, const char **argv);
int command_eval(int argc, const char **argv);
int command_complete(int argc, const char **argv);
int command_train(int argc, const char **argv);
int command_predict(int argc, const char **argv);
int command_explain(int argc, const char **argv);
int command_inspect(int argc, const char **argv);
int command_export(int argc, const char **argv);
int command_shrink(int argc, const char **argv);
int command_tune(int argc, const char **argv);

#endif

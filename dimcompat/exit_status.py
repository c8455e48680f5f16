"""The exit statuses of the command.

A module of its own because the process needs one of them while the command's modules are still loading.
"""

DONE, WRONG, FAULT, INTERRUPTED = 0, 1, 2, 130
"""The work is done; the claim is wrong, or a verification failed; the input is at fault; Ctrl-C."""

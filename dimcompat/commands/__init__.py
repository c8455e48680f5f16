"""The commands that read a source, a module for each.

A room of its own because a command is loaded when it is asked for, and no other one with it.
"""

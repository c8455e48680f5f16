"""From a program to its derivation: links, the principle, the textbook form, the steps."""

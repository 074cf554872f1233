"""Wrong answers, one module for each assignment (see solutions/banks.py): they try the checks, and explain failures."""

"""Right answers in another style, one module for each assignment (see solutions/banks.py): they try the checks."""

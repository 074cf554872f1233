"""How the files that belong to the reference were made."""

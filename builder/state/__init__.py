"""What the last build knew, kept in SQLite under `.morgue/` and given back to the next build."""

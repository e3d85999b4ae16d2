"""What a build knows in, SQLite under `.morgue/` out; and back, for the next build."""

"""One file's bytes in, an article with safe HTML out, or the problems that keep it from being one."""

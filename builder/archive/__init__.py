"""All files of content/ in, the archive out: every article scanned, sorted, grouped, addressed and checked."""

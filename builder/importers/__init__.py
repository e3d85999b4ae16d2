"""Foreign bytes in, article files and a loss report out: sources → pieces → stories → clean Markdown → files below content/."""

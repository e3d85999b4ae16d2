"""General helpers that know nothing of news and that every room may use: problems, files, URLs, dates, YAML, languages."""

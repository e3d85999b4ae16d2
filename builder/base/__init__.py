"""What every room may use and none of which knows news: problems, files, addresses, dates, YAML positions, languages."""

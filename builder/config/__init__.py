"""site.yml in, checked settings out."""

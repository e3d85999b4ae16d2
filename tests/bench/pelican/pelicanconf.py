"""Pelican with its own plain theme and what it has of ours: lists by topic, section and byline, calendar, full-text RSS.

It knows no agencies and no sources, and neighbours and related stories only with plugins: they are left out, in its favour.
"""

SITENAME = "Bench"
SITEURL = FEED_DOMAIN = "https://bench.example"
TIMEZONE = "UTC"
DEFAULT_LANG = "en"
PATH = "content"
OUTPUT_PATH = "public"
STATIC_PATHS: list[str] = []
THEME = "simple"
ARTICLE_URL = ARTICLE_SAVE_AS = "{date:%Y}/{date:%m}/{date:%d}/{slug}.html"
YEAR_ARCHIVE_SAVE_AS = "{date:%Y}/index.html"
MONTH_ARCHIVE_SAVE_AS = "{date:%Y}/{date:%m}/index.html"
DAY_ARCHIVE_SAVE_AS = "{date:%Y}/{date:%m}/{date:%d}/index.html"
DEFAULT_PAGINATION = 100
FEED_ALL_ATOM = CATEGORY_FEED_ATOM = AUTHOR_FEED_ATOM = TRANSLATION_FEED_ATOM = None
FEED_ALL_RSS = "feed.xml"
CATEGORY_FEED_RSS = "feeds/section-{slug}.xml"
TAG_FEED_RSS = "feeds/tag-{slug}.xml"
AUTHOR_FEED_RSS = "feeds/byline-{slug}.xml"
FEED_MAX_ITEMS = 50
RSS_FEED_SUMMARY_ONLY = False
CACHE_CONTENT = LOAD_CONTENT_CACHE = False

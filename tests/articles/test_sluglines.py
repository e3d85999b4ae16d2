"""Sluglines of the wires: the leading run is places, the rest topics, each as it is spelt."""

from __future__ import annotations

import pytest

from builder.articles.sluglines import parse_slugline


@pytest.mark.parametrize(
    ("slugline", "places", "topics"),
    [
        ("FRANCE-DIPLOMACY-AI-SUMMIT", ("FRANCE",), ("DIPLOMACY", "AI-SUMMIT")),
        ("US-CHINA-trade", ("US", "CHINA"), ("trade",)),
        ("BRITAIN-EU/FISHING", ("BRITAIN", "EU"), ("FISHING",)),
        ("HARBOUR-FERRY", (), ("HARBOUR", "FERRY")),
        ("", (), ()),
    ],
)
def test_places_lead_and_topics_follow(slugline: str, places: tuple[str, ...], topics: tuple[str, ...]) -> None:
    assert parse_slugline(slugline) == (places, topics)


def test_a_country_after_a_topic_is_a_topic() -> None:
    assert parse_slugline("FRANCE-SUMMIT-INDIA") == (("FRANCE",), ("SUMMIT", "INDIA"))

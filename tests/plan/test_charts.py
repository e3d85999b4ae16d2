"""Charts: no gap between the first bar and the last, by years where months would be too many."""

from __future__ import annotations

from builder.plan.charts import MAX_BARS, by_year, chart, month_range


def test_months_without_articles_have_a_bar_that_leads_nowhere() -> None:
    bars = chart({"2024-12": 2, "2025-02": 3}, lambda label: f"{label}/index.html")
    assert bars.unit == "month"
    assert [(bar.label, bar.count, bar.path) for bar in bars.bars] == [
        ("2024-12", 2, "2024-12/index.html"),
        ("2025-01", 0, ""),
        ("2025-02", 3, "2025-02/index.html"),
    ]
    assert [(group.year, len(group.bars)) for group in by_year(bars.bars)] == [("2024", 1), ("2025", 2)]


def test_a_long_time_is_shown_by_years_with_the_same_sum() -> None:
    counts = {f"{year}-06": year % 7 for year in range(1900, 1900 + MAX_BARS // 12 + 2)}
    bars = chart(counts, lambda label: label)
    assert bars.unit == "year"
    assert sum(bar.count for bar in bars.bars) == sum(counts.values())


def test_the_range_of_no_month_is_empty() -> None:
    assert (month_range([]), month_range(["2025-02", "2024-12"])) == ([], ["2024-12", "2025-01", "2025-02"])

"""What a query means as plain data, from either of its parsers: how the two are compared.

A text is its parts and offsets, a character with `?` behind it, a prefix with `*`.
"""

from __future__ import annotations

from typing import Any

from builder.search.text.query import And, Character, FacetFilter, Node, Not, Period, Phrase, Prefix, QueryTerm

BY_JAVASCRIPT = """(node) => {
  const marks = { term: "", character: "?", prefix: "*" };
  const asData = (node) => {
    if (node.kind === "phrase") {
      const data = { text: node.parts.map((part) => part.text + marks[part.kind]), at: node.offsets };
      return node.title ? { ...data, title: true } : data;
    }
    if (node.kind === "facet") return { [node.name]: node.slug };
    if (node.kind === "period") return { since: node.since, until: node.until };
    if (node.kind === "not") return { not: asData(node.node) };
    return { [node.kind === "and" ? "all" : "some"]: node.nodes.map(asData) };
  };
  return asData(node);
}"""
"""Does what `as_data` does, in a page."""


def as_data(node: Node) -> Any:
    """Return `node` as plain data for JSON."""
    if isinstance(node, Phrase):
        marks = {QueryTerm: "", Character: "?", Prefix: "*"}
        data: dict[str, Any] = {"text": [part.text + marks[type(part)] for part in node.parts], "at": list(node.offsets)}
        return data | {"title": True} if node.title else data
    if isinstance(node, FacetFilter):
        return {node.name: node.slug}
    if isinstance(node, Period):
        return {"since": node.since, "until": node.until}
    if isinstance(node, Not):
        return {"not": as_data(node.node)}
    return {"all" if isinstance(node, And) else "some": [as_data(inner) for inner in node.nodes]}

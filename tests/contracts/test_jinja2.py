"""jinja2: what `builder/render/templating.py` relies on: how templates are translated, and what its sandbox goes by."""

from __future__ import annotations

import inspect
from types import SimpleNamespace

import jinja2
from jinja2 import nodes
from jinja2.sandbox import SandboxedEnvironment

PRIVATE = {"_parse": "templates are translated between parsing and compiling"}


def test_every_template_goes_through_parse() -> None:
    parameters = list(inspect.signature(jinja2.Environment._parse).parameters)
    assert parameters == ["self", "source", "name", "filename"], f"Environment._parse has changed: {PRIVATE['_parse']}"
    seen: list[str] = []

    class Watching(jinja2.Environment):
        def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
            seen.append(source)
            return super()._parse(source, name, filename)

    environment = Watching(loader=jinja2.DictLoader({"a.html": "{% include 'b.html' %}", "b.html": "{{ 1 }}"}))
    assert environment.get_template("a.html").render() == "1"
    assert seen == ["{% include 'b.html' %}", "{{ 1 }}"]


def test_a_call_that_became_a_constant_is_printed_as_it_is() -> None:
    class Saying(jinja2.Environment):
        def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
            template = super()._parse(source, name, filename)
            for output in template.find_all(nodes.Output):
                output.nodes = [nodes.Const("said", lineno=1) if isinstance(node, nodes.Call) else node for node in output.nodes]
            return template

    assert Saying().from_string("a {{ _('text') }} b").render() == "a said b"


def test_what_is_printed_goes_through_escape_of_the_template_s_module() -> None:
    environment = jinja2.Environment(autoescape=True)
    template = environment.from_string("{% macro m(x) %}{{ x }}{% endmacro %}{{ a }} {{ m(a) }} {% block b %}{{ a }}{% endblock %}")
    template.root_render_func.__globals__["escape"] = lambda value: f"({value})"
    assert template.render(a="<") == "(<) ((<)) (<)"


def test_the_sandbox_goes_by_a_value_s_type_and_the_attribute_s_name() -> None:
    templates = SandboxedEnvironment()
    kinds: list[tuple[object, object]] = [
        (str, int), ("a", "b"), (lambda: 1, test_the_sandbox_goes_by_a_value_s_type_and_the_attribute_s_name),
        ("a".upper, "b".lower), ([].append, {}.get), (SimpleNamespace(a=1), SimpleNamespace(a=2)), ((x for x in "a"), (y for y in "b")),
    ]  # fmt: skip
    for one, other in kinds:
        for name in ("a", "_a", "__class__", "mro", "upper", "__code__", "__self__", "gi_frame", "gi_code"):
            assert templates.is_safe_attribute(one, name, None) == templates.is_safe_attribute(other, name, None), (one, name)

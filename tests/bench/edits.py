"""What an editor does to an archive between two builds: a sentence more, a story more, a story found late."""

from __future__ import annotations

import re
from pathlib import Path

_DATE = re.compile(r"(?m)^date:\s*[\"']?(\S.*)")
_HEADLINE = re.compile(r"(?m)^title:.*\n(?:[ \t]+.*\n)*")
_OWN = re.compile(r"(?m)^(?:id|slug|aliases|original_\w+|archived_url):.*\n(?:[ \t]+.*\n|- .*\n)*")
"""What no two articles share."""
_FRONT = re.compile(r"---\n(.*?\n)---\n(.*)", re.DOTALL)


class Editor:
    """Edits the archive whose articles lie in `content`. Each edit is of another article, numbered by `turn` from 0."""

    def __init__(self, content: Path) -> None:
        dated = ((_DATE.search(_text(file)[:2000]), file) for file in sorted(content.rglob("*.md")))
        self.files = [file for _, file in sorted((found[1], file) for found, file in dated if found)]

    def mend(self, turn: int) -> None:
        """Give an article in the middle of the archive one sentence more, of words that it has."""
        file = self.files[len(self.files) // 2 + turn * max(1, len(self.files) // 97)]
        text = _text(file)
        file.write_text(f"{text.rstrip()} {_sentence(text)}\n", encoding="utf-8")

    def add(self, turn: int) -> None:
        """Add a story to the newest day."""
        self._copy(self.files[-1 - turn], self.files[-1], f"added-{turn}")

    def file_late(self, turn: int) -> None:
        """Add a story to a day of the archive's first tenth."""
        file = self.files[len(self.files) // 10 + turn * max(1, len(self.files) // 97)]
        self._copy(file, file, f"late-{turn}")

    def _copy(self, file: Path, neighbour: Path, name: str) -> None:
        """Put a story beside `neighbour`: of its date and with the words of `file`, its headline and address its own."""
        text = _text(file)
        found, date = _FRONT.fullmatch(text), _DATE.search(_text(neighbour))
        if found is None or date is None:
            raise SystemExit(f"{file}: has no front matter to copy")
        front = _DATE.sub(lambda _: date[0], _HEADLINE.sub("", _OWN.sub("", found[1])), count=1)
        title = f'title: "{_sentence(text)[:60].rstrip(".")} ({name})"'
        neighbour.with_name(f"{neighbour.stem}-{name}.md").write_text(f"---\n{title}\n{front}---\n{found[2]}", encoding="utf-8")


def _sentence(text: str) -> str:
    """Return the first dozen words (or what stands for them) of the body of an article's `text`, as a sentence."""
    found = _FRONT.fullmatch(text)
    words = re.findall(r"\w+", found[2] if found else text)
    return f"{' '.join(words[:12])[:80]}."


def _text(file: Path) -> str:
    return file.read_bytes().decode("utf-8-sig", errors="replace").replace("\r\n", "\n")

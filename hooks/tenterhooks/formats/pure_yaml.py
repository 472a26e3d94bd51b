"""ruamel.yaml's own parser, held to what libyaml makes of the same text.

It is there for where no wheel of the C extension is, and has the last word where that one finds
fault: the libyaml in it is 0.1.7, which refuses ``{image: python:3.12}``; GitHub does not.
Whatever libyaml takes must come out the same here, places included, and a test fuzzes for that.
So what is overridden is what differs; the algorithms are those of libyaml's ``scanner.c``.
"""

from __future__ import annotations

from ruamel.yaml.docinfo import DocInfo
from ruamel.yaml.events import ScalarEvent
from ruamel.yaml.loader import BaseLoader
from ruamel.yaml.scanner import ScannerError
from ruamel.yaml.tokens import (
    AnchorToken,
    BlockEndToken,
    FlowEntryToken,
    FlowMappingEndToken,
    FlowSequenceEndToken,
    KeyToken,
    ScalarToken,
    TagToken,
    ValueToken,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_BREAKS = "\r\n\x85\u2028\u2029"
_BLANKS = " \t" + _BREAKS
_ENDS = "\0" + _BLANKS
_NAME = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-_"


class Parser(BaseLoader):
    """Events by ``get_event``."""

    # A %YAML 1.2 in the text must not change how it is read: libyaml does not mind it.
    processing_version = (1, 1)

    def __init__(self, text: str) -> None:
        self.doc_infos = [DocInfo()]
        self._last_token: Any = None
        super().__init__(text)

    def forward(self, length: int = 1) -> None:
        for character in self.buffer[self.pointer : self.pointer + length]:
            self.pointer += 1
            self.index += 1
            if character in _BREAKS and not (
                character == "\r" and self.buffer[self.pointer] == "\n"
            ):
                self.line += 1
                self.column = 0
            else:
                self.column += 1

    def get_token(self) -> Any:
        token = super().get_token()
        if isinstance(token, AnchorToken) and isinstance(self._last_token, TagToken):
            # The node begins with its tag; the original begins it with the anchor.
            token.start_mark = self._last_token.start_mark
        self._last_token = token
        return token

    def get_event(self) -> Any:
        event = super().get_event()
        if isinstance(event, ScalarEvent):
            if not event.value.isascii():
                self._refuse_surrogates(event)
            if event.tag == "!" and not event.value and not event.style:
                event.implicit = (False, False)
        return event

    def _refuse_surrogates(self, event: Any) -> None:
        try:
            event.value.encode("utf-8")
        except UnicodeEncodeError:
            raise _error("an escape names half of a character", event.start_mark) from None

    def parse_block_mapping_value(self) -> Any:
        """The original puts an empty value behind the token that follows it."""
        if not self.check_token(ValueToken):
            self.state = self.parse_block_mapping_key
            return self.process_empty_scalar(self.peek_token().start_mark)
        token = self.get_token()
        if self.check_token(KeyToken, ValueToken, BlockEndToken):
            self.state = self.parse_block_mapping_key
            return self.process_empty_scalar(token.end_mark)
        self.states.append(self.parse_block_mapping_key)
        return self.parse_block_node_or_indentless_sequence()

    def parse_flow_sequence_entry_mapping_key(self) -> Any:
        """libyaml puts an empty key behind the colon that follows it."""
        event = super().parse_flow_sequence_entry_mapping_key()
        if isinstance(event, ScalarEvent) and event.start_mark.index == event.end_mark.index:
            event.start_mark = event.end_mark = self.peek_token().end_mark
        return event

    def parse_flow_sequence_entry_mapping_value(self) -> Any:
        """libyaml puts an empty value before the bracket or comma that follows it."""
        if self.check_token(ValueToken):
            self.get_token()
            if not self.check_token(FlowEntryToken, FlowSequenceEndToken):
                self.states.append(self.parse_flow_sequence_entry_mapping_end)
                return self.parse_flow_node()
        self.state = self.parse_flow_sequence_entry_mapping_end
        return self.process_empty_scalar(self.peek_token().start_mark)

    def parse_flow_mapping_key(self, first: bool = False) -> Any:
        """Likewise an empty key."""
        event = super().parse_flow_mapping_key(first)
        if isinstance(event, ScalarEvent) and event.start_mark.index == event.end_mark.index:
            event.start_mark = event.end_mark = self.peek_token().start_mark
        return event

    def parse_flow_mapping_value(self) -> Any:
        """Likewise, before the brace or comma."""
        if self.check_token(ValueToken):
            self.get_token()
            if not self.check_token(FlowEntryToken, FlowMappingEndToken):
                self.states.append(self.parse_flow_mapping_key)
                return self.parse_flow_node()
        self.state = self.parse_flow_mapping_key
        return self.process_empty_scalar(self.peek_token().start_mark)

    def scan_to_next_token(self) -> None:
        while True:
            if self.column == 0 and self.peek() == "\ufeff":
                self.forward()
            # Behind a token a tab is a blank; where a token may begin a block it is an error.
            while self.peek() == " " or (
                self.peek() == "\t" and (self.flow_level or not self.allow_simple_key)
            ):
                self.forward()
            self._skip_comment()
            if not self.scan_line_break():
                return
            if not self.flow_level:
                self.allow_simple_key = True

    def _skip_comment(self) -> None:
        if self.peek() == "#":
            while self.peek() not in "\0" + _BREAKS:
                self.forward()

    def scan_anchor(self, token_class: Any) -> Any:
        start = self.get_mark()
        self.forward()
        length = self._count(_NAME)
        if not length or self.peek(length) not in _ENDS + "?:,]}%@`":
            length = 0
            while self.peek(length) not in _ENDS + ",[]{}":
                length += 1
        if not length:
            raise _error("found no name of an anchor or alias", self.get_mark())
        name = self.prefix(length)
        self.forward(length)
        return token_class(name, start, self.get_mark())

    def _count(self, wanted: str, start: int = 0) -> int:
        end = start
        while self.peek(end) in wanted:
            end += 1
        return end - start

    def scan_tag(self) -> TagToken:
        start = self.get_mark()
        handle: str | None
        if self.peek(1) == "<":
            handle = None
            self.forward(2)
            suffix = self.scan_tag_uri("tag", start)
            if self.peek() != ">":
                raise _error("did not find the expected '>'", self.get_mark())
            self.forward()
        else:
            length = 1 + self._count(_NAME, 1)
            if self.peek(length) == "!":
                handle = self.prefix(length + 1)
                self.forward(length + 1)
                suffix = self.scan_tag_uri("tag", start)
            else:
                self.forward()
                bare = self.peek() in _ENDS
                handle, suffix = (None, "!") if bare else ("!", self.scan_tag_uri("tag", start))
        if self.peek() not in _ENDS:
            raise _error("did not find expected whitespace or line break", self.get_mark())
        # Nobody reads it, and the time that ruamel.yaml takes is quadratic in its length.
        return TagToken((handle, suffix[:100]), start, self.get_mark())

    def scan_plain(self) -> ScalarToken:
        indent = self.indent + 1
        start = end = self.get_mark()
        chunks: list[str] = []
        blanks = ""
        broken = False
        while not self._at_document_marker() and self.peek() != "#":
            length = 0
            while not self._ends_plain(length):
                length += 1
            if length:
                chunks += [blanks, self.prefix(length)]
                self.forward(length)
                self.allow_simple_key = broken = False
                end = self.get_mark()
            if self.peek() not in _BLANKS:
                break
            blanks, broken = self._scan_blanks(indent)
            if not self.flow_level and self.column < indent:
                break
        if broken:
            self.allow_simple_key = True
        return ScalarToken("".join(chunks), True, start, end)

    def _at_document_marker(self) -> bool:
        return self.column == 0 and self.prefix(3) in ("---", "...") and self.peek(3) in _ENDS

    def _ends_plain(self, ahead: int) -> bool:
        character = self.peek(ahead)
        if character == ":":
            return self.peek(ahead + 1) in _ENDS or (
                self.flow_level > 0 and self.peek(ahead + 1) in ",[]{}"
            )
        return character in _ENDS or (self.flow_level > 0 and character in ",[]{}")

    def _scan_blanks(self, indent: int) -> tuple[str, bool]:
        """Blanks within a plain scalar, folded, and whether there is a line break in them."""
        blanks, first = "", ""
        breaks: list[str] = []
        while self.peek() in _BLANKS:
            if self.peek() in _BREAKS:
                if first:
                    breaks.append(self.scan_line_break())
                else:
                    first = self.scan_line_break()
            elif first and self.peek() == "\t" and self.column < indent:
                raise _error("found a tab character that violates indentation", self.get_mark())
            else:
                blanks += self.peek()
                self.forward()
        return (_folded(first, breaks), True) if first else (blanks, False)

    def scan_block_scalar(self, style: str, rt: bool | None = False) -> ScalarToken:  # noqa: ARG002
        start = self.get_mark()
        self.forward()
        chomping, indent = self._block_header()
        if indent:
            indent += max(self.indent, 0)
        breaks, indent, end = self._block_breaks(indent)
        chunks: list[str] = []
        first, was_blank = "", False
        while self.column == indent and self.peek() != "\0":
            is_blank = self.peek() in " \t"
            if style == ">" and not was_blank and not is_blank:
                chunks.append(_folded(first, breaks))
            else:
                chunks += [first, *breaks]
            was_blank = is_blank
            length = 0
            while self.peek(length) not in "\0" + _BREAKS:
                length += 1
            chunks.append(self.prefix(length))
            self.forward(length)
            first = self.scan_line_break()
            breaks, indent, end = self._block_breaks(indent)
        if chomping != "-":
            chunks.append(first)
        if chomping == "+":
            chunks += breaks
        return ScalarToken("".join(chunks), False, start, end, style)

    def _block_header(self) -> tuple[str, int]:
        """How to treat the line breaks at the end, and the indentation where it is given."""
        header = self.prefix(self._count("+-0123456789"))
        signs = header.strip("0123456789")
        digits = header.strip("+-")
        if len(signs) > 1 or len(digits) > 1 or digits == "0":
            raise _error("found a wrong indicator of a block scalar", self.get_mark())
        self.forward(len(header))
        self.forward(self._count(" \t"))
        self._skip_comment()
        if self.peek() not in "\0" + _BREAKS:
            raise _error("did not find expected comment or line break", self.get_mark())
        self.scan_line_break()
        return signs, int(digits or 0)

    def _block_breaks(self, indent: int) -> tuple[list[str], int, Any]:
        """Empty lines, the indentation behind them (``indent``, unless that is 0), their end."""
        breaks: list[str] = []
        widest = 0
        end = self.get_mark()
        while True:
            while self.peek() == " " and (not indent or self.column < indent):
                self.forward()
            widest = max(widest, self.column)
            if self.peek() == "\t" and (not indent or self.column < indent):
                raise _error("found a tab where an indentation space is expected", self.get_mark())
            if self.peek() not in _BREAKS:
                return breaks, indent or max(widest, self.indent + 1, 1), end
            breaks.append(self.scan_line_break())
            end = self.get_mark()

    def scan_flow_scalar_non_spaces(self, double: Any, start_mark: Any) -> Any:
        try:
            return super().scan_flow_scalar_non_spaces(double, start_mark)
        except (ValueError, OverflowError):
            raise _error("an escape names no character", self.get_mark()) from None


def _folded(first: str, breaks: list[str]) -> str:
    if first == "\n":
        return "".join(breaks) or " "
    return first + "".join(breaks)


def _error(problem: str, mark: Any) -> ScannerError:
    return ScannerError(None, None, problem, mark)

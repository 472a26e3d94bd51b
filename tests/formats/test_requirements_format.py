"""Requirements files: whatever pip's own parser makes of a text, we make of it too."""

from __future__ import annotations

import codecs
import os
import subprocess
import sys
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st
from pip._internal.exceptions import CommandError
from pip._internal.req import req_file

from tenterhooks.core.files import File, Unreadable
from tenterhooks.formats import requirements
from tenterhooks.formats.requirements import Line, Requirements

HOOKS = Path(requirements.__file__).parents[2]
DIGEST = "0123456789abcdef" * 4
HASH = f"--hash=sha256:{DIGEST}"
FLAGS = {
    "--no-index": "no_index",
    "--prefer-binary": "prefer_binary",
    "--require-hashes": "require_hashes",
    "--no-require-hashes": "no_require_hashes",
    "--pre": "pre",
}
LISTS = {
    "--requirement": "requirements",
    "--constraint": "constraints",
    "--editable": "editables",
    "--find-links": "find_links",
    "--extra-index-url": "extra_index_urls",
    "--trusted-host": "trusted_hosts",
}


class Read(NamedTuple):
    """What a logical line says: all that pip and we have to agree about."""

    text: str
    refused: bool
    arguments: str = ""
    requirement: str | None = None
    editable: bool = False
    hashes: tuple[str, ...] = ()
    include: tuple[str, bool] | None = None
    options: tuple[tuple[str, tuple[str, ...]], ...] = ()


def load(text: str | bytes) -> Requirements:
    data = text.encode() if isinstance(text, str) else text
    return requirements.load(File("a.txt", "/nowhere/a.txt", "a.txt", data))


def pip_reads(text: str | bytes) -> list[Read]:
    """pip's answer. Raises UnicodeError, LookupError: pip cannot decode it."""
    data = text.encode() if isinstance(text, str) else text
    parse = req_file.get_line_parser(None)
    read = []
    for number, line in req_file.preprocess(req_file._decode_req_file(data, "a.txt")):
        try:
            arguments, options = parse(line)
        except (req_file.OptionParsingError, CommandError):
            read.append(Read(line, refused=True))
            continue
        parsed = req_file.ParsedLine("a.txt", number, arguments, options, constraint=False)
        include = None
        if parsed.requirement is None and (options.requirements or options.constraints):
            name = (options.requirements or options.constraints)[0]
            include = name, not options.requirements
        read.append(
            Read(
                line,
                refused=False,
                arguments=arguments,
                requirement=parsed.requirement,
                editable=parsed.is_editable,
                hashes=tuple(sorted(f"{k}:{v}" for k, vs in options.hashes.items() for v in vs))
                if options.hashes
                else (),
                include=include,
                options=tuple(pip_options(options)),
            )
        )
    return read


def pip_options(options: Any) -> list[tuple[str, tuple[str, ...]]]:
    said: list[tuple[str, tuple[str, ...]]] = [
        (name, ("",)) for name, field in FLAGS.items() if getattr(options, field, False)
    ]
    for name, field in LISTS.items():
        if values := getattr(options, field, None):
            said.append((name, tuple(values)))
    # Given twice, the last one counts; given empty, pip goes on with its default.
    if options.index_url:
        said.append(("--index-url", (options.index_url,)))
    if options.config_settings:
        said.append(("--config-settings", tuple(sorted(options.config_settings))))
    return sorted(said)


def our_options(line: Line) -> list[tuple[str, tuple[str, ...]]]:
    said: list[tuple[str, tuple[str, ...]]] = []
    for name, values in line.options.items():
        if name in FLAGS:
            said.append((name, ("",)))
        elif name in LISTS:
            said.append((name, tuple(values)))
        elif name == "--index-url" and values[-1]:
            said.append((name, (values[-1],)))
        elif name == "--config-settings":
            keys = {value.partition("=")[0] for value in values}
            said.append((name, tuple(sorted(keys))))
    return sorted(said)


def we_read(text: str | bytes) -> list[Read]:
    read = []
    for line in load(text).lines:
        if line.error is not None:
            read.append(Read(line.text, refused=True))
            continue
        read.append(
            Read(
                line.text,
                refused=False,
                arguments=line.arguments,
                requirement=line.requirement,
                editable=line.is_editable,
                hashes=tuple(sorted(line.hashes)),
                include=line.include,
                options=tuple(our_options(line)),
            )
        )
    return read


def check_places(text: str | bytes) -> None:
    read = load(text)
    for line in read.lines:
        assert read.text[line.start] == line.text[0]
        assert "".join(read.text[line.offset(n)] for n in range(len(line.text))) == line.text


TEXTS: list[str | bytes] = [
    # Nothing there.
    "",
    "\n",
    " \t\n\n",
    "# only a comment",
    "# one\n   # two\n",
    "\\",
    "\\\n",
    "\\\n\\\n\\",
    "\\\\\\\n",
    # No end of the last line.
    "a==1",
    "a==1\nb==2",
    "a==1 \\",
    f"a==1 \\\n    {HASH}",
    # Joins.
    f"a==1 \\\n    {HASH} \\\n    --hash=sha256:00\n",
    f"a==1\\\n{HASH}\n",
    f"a==1 \\ \n    {HASH}\n",
    f"a==1 \\\\\n    {HASH}\n",
    f"a==1 \\\\\\\\\n    {HASH}\n",
    f"a==1 \\\n\n    {HASH}\n",
    f"a==1 \\\n\\\n    {HASH}\n",
    "a\\\n==\\\n1\n",
    "\\a==1\n",
    "\\a==1\\\nb\n",
    "  \\\n  a==1\n",
    "a==1\n  \\\n  b==1\n",
    "a==1 \\\nb==2\n",
    "a==1 \\\n-r b.txt\n",
    # Comments in every position.
    f"a==1 # why\n    {HASH}\n",
    f"a==1 \\ # why\n    {HASH}\n",
    f"a==1 \\\n    # why\n    {HASH}\n",
    f"a==1 \\\n# why \\\n    {HASH}\n",
    f"a==1 \\\n    {HASH} \\\n    # via b\nc==1\n",
    f"a==1 \\\n    {HASH}  # why \\\n    --hash=sha256:00\n",
    f"# a comment goes on \\\na==1 {HASH}\n",
    f" # a comment goes on \\\na==1 {HASH}\n",
    f"a==1 # goes on \\\n {HASH}\n",
    "a==1 # goes on \\\n\\\nb==1\n",
    "a#b\n",
    "a ##b\n",
    "a# b\n",
    "a\t# b\n",
    "a\u00a0# b\n",
    "a\x1f# b\n",
    "#a\n",
    "a @ https://example.org/a.zip#sha256=00\n",
    "a @ https://example.org/a.zip #sha256=00\n",
    "a @ https://example.org/a.zip#egg=a # why\n",
    "a @ https://example.org/a.zip \\\n#sha256=00\n",
    "a @ https://example.org/a.zip\\\n#sha256=00\n",
    "a#\\\nb # c\n",
    # Blanks of all kinds.
    f"a==1\t{HASH}\n",
    f"a==1 \t{HASH}\n",
    f"a==1\t {HASH}\n",
    f"a==1 {HASH}\t--hash=sha256:00\n",
    f"a==1 {HASH}\u00a0--hash=sha256:00\n",
    f"a==1 {HASH}\x1f--hash=sha256:00\n",
    f"a==1 {HASH}\u3000b\n",
    f"a==1  {HASH}   --hash=sha256:00  \n",
    f"  a==1   {HASH}\n",
    "\u00a0a==1\u00a0\n",
    "-r\tb.txt\n",
    "-r\u00a0b.txt\n",
    "-r  b.txt  \n",
    # Line ends of all kinds.
    f"a==1 \\\r\n    {HASH}\r\nb==1\r\n",
    f"a==1 \\\r    {HASH}\rb==1\r",
    f"a==1 \\\f    {HASH}\fb==1\f",
    f"a==1 \\\v    {HASH}\vb==1",
    f"a==1 \\\x85    {HASH}\x85b==1",
    f"a==1 \\\u2028    {HASH}\u2028b==1\u2029c==1",
    "a==1\x1cb==1\x1dc==1\x1ed==1\x1fe==1",
    "a==1\n\rb==1\r\r\nc==1",
    "a\0b==1\n\0\n",
    "# a comment\fb==1\n",
    # Encodings.
    codecs.BOM_UTF8 + b"a==1\n",
    codecs.BOM_UTF8 + codecs.BOM_UTF8 + b"a==1\n",
    codecs.BOM_UTF8 + b"# coding: latin-1\n\xc3\xa9==1\n",
    codecs.BOM_UTF8 + b"x\n# coding: latin-1\n\xc3\xa9==1\n",
    codecs.BOM_UTF16_LE + f"a==1 \\\n {HASH}\r\nb".encode("utf-16-le"),
    codecs.BOM_UTF16_BE + f"a==1 \\\n {HASH}\r\nb".encode("utf-16-be"),
    codecs.BOM_UTF32_LE + f"a==1 \\\n {HASH}\r\nb".encode("utf-32-le"),
    codecs.BOM_UTF32_BE + f"a==1 \\\n {HASH}\r\nb".encode("utf-32-be"),
    codecs.BOM_UTF16_LE + b"a",
    codecs.BOM_UTF16_LE,
    codecs.BOM_UTF16_LE + codecs.BOM_UTF16_LE + b"a\0",
    codecs.BOM_UTF16_BE + codecs.BOM_UTF16_BE + b"\0a",
    codecs.BOM_UTF16_LE + b"\0\0a\0\0\0",
    "a==1\n".encode("utf-16-le"),
    b"# -*- coding: latin-1 -*-\na==1 # \xe9\n",
    b"#\n# vim: set fileencoding=latin-1 :\na==1 # \xe9\n",
    b"#\n#\n# coding: latin-1\na==1 # \xc3\xa9\n",
    b" # coding: latin-1\na==1 # \xc3\xa9\n",
    b"a # coding: latin-1\na==1 # \xc3\xa9\n",
    b"#\r# coding: latin-1\ra==1 # \xe9\r",
    b"# coding: UTF8\na==1 # \xc3\xa9\n",
    b"# coding: utf-16\n#a==1\n",
    b"# coding: nonsense\na==1\n",
    b"# coding: rot13\na==1\n",
    b"# coding: ascii\na==1 # \xc3\xa9\n",
    # Options: how they may be written.
    "-r b.txt\n",
    "-rb.txt\n",
    "-r=b.txt\n",
    "-r 'b c.txt'\n",
    '-r "b c.txt" -c d.txt\n',
    "-r b\\ c.txt\n",
    "-r b.txt c.txt\n",
    "-r b.txt -r c.txt\n",
    "-c b.txt -r c.txt\n",
    "-c b.txt\n",
    "-r\n",
    "-r ''\n",
    "-r \"\"b''c\n",
    "--requirement b.txt\n",
    "--requirement=b.txt\n",
    "--requirement = b.txt\n",
    "--requirement=\n",
    "--requirement\n",
    "--req b.txt\n",
    "--re b.txt\n",
    "--require b.txt\n",
    "--constraint=b.txt\n",
    "--con b.txt\n",
    "--con=b.txt\n",
    "--config a=b\n",
    "--config-setting a=b\n",
    "a==1 --config-settings a=b --config-setting=c=d -Ce=f\n",
    "a==1 --config-settings='a=b c'\n",
    "a==1 --config-settings a\n",
    "-C a=b\n",
    "-e .\n",
    "-e. --config-settings a=b\n",
    "-e git+https://example.org/a@main#egg=a\n",
    "-e 'a b' -e c\n",
    "-e ''\n",
    "--editable=./a[b]\n",
    "a -e b\n",
    "a -r b.txt\n",
    "-e a -r b.txt\n",
    "-i https://example.org/simple --extra-index-url=https://example.com/simple\n",
    "--index-url https://example.org/1 -ihttps://example.org/2\n",
    "--pypi-url=https://example.org/simple\n",
    "-i ''\n",
    "-f https://example.org/files -f ./files\n",
    "--find-links=./files --no-index\n",
    "--no-index=1\n",
    "--pre\n",
    "--pr\n",
    "--pre --prefer-binary\n",
    "--require-hashes\n",
    "--require-hashes=yes\n",
    "--require-hashes yes\n",
    "--no-require-hashes\n",
    "--no-r\n",
    "--trusted-host example.org --trusted-host=example.com:8443\n",
    "--no-binary :all:\n",
    "--no-binary=-a\n",
    "--only-binary -a\n",
    "--only-binary a,b\n",
    "--all-releases=:none: --only-final a\n",
    "--all-releases -x\n",
    "--use-feature fast-deps\n",
    # Options: what there is not.
    "--unknown\n",
    "--unknown=1\n",
    "-x\n",
    "-\n",
    "--\n",
    "-- -r b.txt\n",
    "-r b.txt -- -x\n",
    "a -- --hash=sha256:00\n",
    "a - --hash=sha256:00\n",
    "--=b\n",
    "-=b\n",
    "a --upgrade\n",
    "a -U\n",
    "-h\n",
    "--help\n",
    "\u2010r b.txt\n",
    # Before and behind the name.
    f"{HASH} a==1\n",
    f"{HASH}\n",
    f"{HASH} \\\n a==1\n",
    f"-r b.txt {HASH}\n",
    f"a==1 {HASH} b==1\n",
    "a -b\n",
    "a-b==1\n",
    "a >= -1\n",
    "a; python_version < '3' and '-' in x\n",
    "a ; extra == ' -x'\n",
    "a [b] == 1\n",
    # Quotes.
    "a '\n",
    "a ' -r b.txt\n",
    "-r 'b\n",
    '-r "b\n',
    "-r b'\n",
    "-r b\\\\c\n",
    '-r "b\\\\c\\"d\\e\\\'f"\n',
    "-r 'b\\'\n",
    "-r b\\'c\\\"d\n",
    "-r b\\ # c\n",
    "-r 'b # c'\n",
    "-r 'b#c'\n",
    "-r b;c\n",
    "-r $(b)`c`|d&e\n",
    # Hashes in all shapes.
    f"a==1 --hash sha256:{DIGEST}\n",
    f"a==1 --hash 'sha256:{DIGEST}'\n",
    f"a==1 '--hash=sha256:{DIGEST}'\n",
    f"a==1 -'-hash=sha256:{DIGEST}'\n",
    f"a==1 --has=sha256:{DIGEST} --h sha512:00\n",
    f"a==1 --hash =sha256:{DIGEST}\n",
    f"a==1 --hash= sha256:{DIGEST}\n",
    f"a==1 --hash=sha256 :{DIGEST}\n",
    f"a==1 --hash=SHA256:{DIGEST}\n",
    f"a==1 --hash=sha256={DIGEST}\n",
    "a==1 --hash=sha384:00 --hash=sha512:00 --hash=sha256:zz\n",
    "a==1 --hash=md5:00\n",
    "a==1 --hash=sha1:00\n",
    "a==1 --hash=blake2b:00\n",
    "a==1 --hash=sha256\n",
    "a==1 --hash=sha256:\n",
    "a==1 --hash=:00\n",
    "a==1 --hash=sha256:00:11\n",
    "a==1 --hash=\n",
    "a==1 --hash\n",
    "a==1 --hash=sha256:00--hash=sha256:11\n",
    "a==1 -hash=sha256:00\n",
    f"a==1{HASH}\n",
    f"a==1;{HASH}\n",
    # Environment variables that are not there.
    "-i https://${TENTERHOOKS_IS_NOT_SET}@example.org/simple\n",
    "a==${TENTERHOOKS_IS_NOT_SET}\n",
    "a==${lower} $HOME ${}\n",
]


@pytest.mark.parametrize("text", TEXTS)
def test_reads_what_pip_reads(text: str | bytes) -> None:
    try:
        expected = pip_reads(text)
    except (UnicodeError, LookupError):
        with pytest.raises(Unreadable):
            load(text)
        return
    assert we_read(text) == expected
    check_places(text)


def test_the_table_is_large() -> None:
    assert len(set(map(repr, TEXTS))) == len(TEXTS) > 200


LINES = st.lists(
    st.sampled_from(
        (
            *(
                "a==1",
                "b",
                "==",
                "2",
                "-",
                "--",
                "-e",
                "-r",
                "-c",
                "-C",
                "-i",
                "-f",
                "x.txt",
                "k=v",
            ),
            *("--hash=sha256:00", "--hash", "sha512:11", "--hash=md5:22", ":", "=", "sha256"),
            *("--require-hashes", "--requirement", "--re", "--pre", "--pr", "--no-index", "--bad"),
            *("--config-settings", "--config", "--index-url=", "--no-binary", "--only-final"),
            *(" ", " ", " ", "  ", "\t", "\u00a0", "\x1f", "\\", "\\", "\\\n", " \\\n", "\n", "\n"),
            *("\r\n", "\r", "\f", "\x85", "\u2028", "#", " #", "# c", "'", '"', "\ufeff", "\0"),
        )
    ),
    max_size=30,
).map("".join)
LETTERS = st.text(alphabet="ab-=:# \\\n\r\t'\"hrec\u00a0\x1f\u2028", max_size=60)


@given(LINES | LETTERS)
@example("a \\\n #")
@example("\\\n")
@example("-C '=' \\\n \"\"")
def test_reads_any_text_as_pip_does(text: str) -> None:
    assert we_read(text) == pip_reads(text)
    check_places(text)


@given(LINES | LETTERS | st.text(), st.sampled_from(["utf-8-sig", "utf-16", "utf-32"]))
def test_a_byte_order_mark_decides(text: str, encoding: str) -> None:
    # With a NUL behind it, the mark of UTF-16 is that of UTF-32, to pip as well.
    assume(encoding != "utf-16" or not text.startswith("\0"))
    data = text.encode(encoding)
    assert we_read(data) == pip_reads(data)
    check_places(data)


@given(st.binary(max_size=60))
def test_any_bytes_are_text_or_unreadable(data: bytes) -> None:
    try:
        load(data)
    except Unreadable:
        return
    assert we_read(data) == pip_reads(data)


@pytest.mark.parametrize(
    "data", [b"a \xe9\n", b"# coding: utf-8\n\xe9", b"\xff\xfe\x00", b"\xff\xff"]
)
def test_the_locale_is_not_guessed_at(data: bytes) -> None:
    with pytest.raises(Unreadable):
        load(data)


@pytest.mark.parametrize(
    "codec",
    ["punycode", "idna", "unicode_escape", "Raw_Unicode-Escape", "hex", "zlib", "undefined"],
)
def test_codecs_that_write_no_files(codec: str) -> None:
    with pytest.raises(Unreadable):
        load(f"# coding: {codec}\na==1 \\d\n")


def test_the_features_of_one_pip_are_not_held_against_a_file() -> None:
    text = "--use-feature from-a-later-pip\n"
    assert pip_reads(text) == [Read(text.strip(), refused=True)]
    (line,) = load(text).lines
    assert line.error is None
    assert line.options == {"--use-feature": ["from-a-later-pip"]}


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("-x", "no such option: -x"),
        ("--bad=1", "no such option: --bad"),
        ("--re", "ambiguous option: --re"),
        ("-r", "--requirement lacks its value"),
        ("--pre=1", "--pre takes no value"),
        ("--no-binary=-a", "--no-binary lacks its value"),
        ("a --hash=md5:00", "--hash does not take md5, only sha256, sha384, sha512"),
        ("a --hash=00", "--hash takes sha256:<digest>, sha384:<digest> or sha512:<digest>"),
        ("a -C b", "--config-settings takes KEY=VALUE"),
        ("-r 'b", "a quotation or a backslash has no end"),
    ],
)
def test_errors_say_what_is_wrong(text: str, error: str) -> None:
    (line,) = load(text).lines
    assert line.error == error


def test_places() -> None:
    read = load(f"# why\n\n  a==1 \\\n\n\n\tb==2 \\\r\n  {HASH}\r\n")
    first, second = read.lines
    assert [read.text.count("\n", 0, line.start) for line in read.lines] == [2, 5]
    assert first.start == read.text.index("a==1")
    assert second.offset(second.text.index("--hash")) == read.text.index("--hash")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
@given(text=st.text(alphabet="a \r\n\f\u2028", max_size=40))
def test_positions_are_those_of_an_editor(encoding: str, text: str) -> None:
    read = load(text.encode(encoding))
    assert read.is_utf8 is encoding.startswith("utf-8")
    for offset in range(len(text)):
        before = text[:offset]
        if text[offset] == "\n" and before.endswith("\r"):
            continue
        before = before.replace("\r\n", "\n").replace("\r", "\n")
        column = len(before) - before.rfind("\n")
        assert read.position(offset) == (before.count("\n") + 1, column)


HOSTILE = {
    "a long line": "b'a' * SIZE",
    "a long option": "b'a --hash=sha256:' + b'0' * (SIZE - 20)",
    "blanks": "b'a' + b' ' * (SIZE - 2) + b'b'",
    "blanks and no comment": "b' ' * (SIZE - 2) + b'a'",
    "tabs behind an option": "b'-r b' + b'\\t' * (SIZE - 10) + b'c'",
    "words": "b'-r b ' + b'a ' * (SIZE // 2 - 10)",
    "joined lines": "b'a' + b' \\\\\\n --hash=sha256:00' * (SIZE // 32)",
    "joined empty lines": "b'a' + b'\\\\\\n' * (SIZE // 4)",
    "hashes that are no comment": "b'#' + b'a#' * (SIZE // 4)",
    "hashes behind a letter": "b'a' + b'#' * (SIZE - 1)",
    "comments": "b'#\\n' * (SIZE // 4)",
    "backslashes": "b'\\\\' * (SIZE - 1) + b'a'",
    "escapes in a quotation": "b'-r \"' + b'\\\\\"' * (SIZE // 2 - 10) + b'\"'",
    "escapes in a quotation without end": "b'-r \"' + b'\\\\\"' * (SIZE // 2 - 10)",
    "quotations": "b'-r ' + b'\\'\\'' * (SIZE // 2 - 10)",
    "quotations without end": "b'-r ' + b'\\'' * (SIZE // 2 * 2 - 9)",
    "line separators": "'\\u2028'.encode() * (SIZE // 4)",
    "options": "b'-rb ' * (SIZE // 4 - 1)",
    "dashes": "b'-' * SIZE",
}
MEASURE = """\
import sys, time
from tenterhooks.core.files import File, Unreadable
from tenterhooks.formats import requirements
SIZE = 2 * 1024 * 1024
data = {source}
assert len(data) <= SIZE
start = time.process_time()
read = requirements.load(File("a.txt", "/nowhere/a.txt", "a.txt", data))
for line in read.lines[:100000]:
    step = max(1, len(line.text) // 100000)
    for index in range(0, len(line.text), step):
        line.offset(index)
print(time.process_time() - start)
"""


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_input_takes_linear_time(name: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", MEASURE.format(source=HOSTILE[name])],
        env={**os.environ, "PYTHONPATH": str(HOOKS)},
        capture_output=True,
        check=False,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    assert float(done.stdout) < 30

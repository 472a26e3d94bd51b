"""Simple commands in the text of shells; bash itself says what quotes and escapes mean."""

from __future__ import annotations

import shutil
import subprocess

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tools import examples

from tenterhooks.formats.shell import assigned, commands
from tenterhooks.formats.shell.words import Command, Word


def argv(text: str, shell: str = "sh") -> list[list[str]]:
    return [[word.text for word in it.words] for it in commands(text, shell) if it.words]


def values(found: list[tuple[str, Word]]) -> dict[str, str]:
    return {name: word.text for name, word in found}


def only(text: str, shell: str = "sh") -> Command:
    (command,) = commands(text, shell)
    return command


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", []),
        (" \t\n\n;", []),
        ("a b", [["a", "b"]]),
        ("a\nb; c && d || e & f", [["a"], ["b"], ["c"], ["d"], ["e"], ["f"]]),
        ("a\r\nb c\r\n", [["a"], ["b", "c"]]),
        ("a | b |& c", [["a"], ["b"], ["c"]]),
        ("(a; (b)); { c; }", [["a"], ["b"], ["c"]]),
        ("if a; then b; elif c; then d; else e; fi", [["a"], ["b"], ["c"], ["d"], ["e"]]),
        ("while ! a; do b; done; until c; do d; done", [["a"], ["b"], ["c"], ["d"]]),
        ("for x in a $(b c); do d $x; done", [["b", "c"], ["d", "$x"]]),
        ("for x\ndo a\ndone", [["a"]]),
        ("for x do a; done", [["a"]]),
        ("for ((i=0;i<3;i++)); do a; done", [["a"]]),
        ("select x in a b; do c; done", [["c"]]),
        ("case $x in a|b) c;; (d) e;& *) f;;& esac; g", [["c"], ["e"], ["f"], ["g"]]),
        ("case x\nin\n# no\nin) a ;;\nesac", [["a"]]),
        ("$(case x in a) b;; esac) c", [["$(case x in a) b;; esac)", "c"], ["b"]]),
        ("f() { a; }; function g { b; }; function h() { c; }", [["a"], ["b"], ["c"]]),
        ("f () (a)", [["a"]]),
        ("time -p a; time b; coproc c", [["a"], ["b"], ["c"]]),
        ("((i++)); a $((1 + 2 << 3))", [["a", "$((1 + 2 << 3))"]]),
        ("a $((b) | c)", [["a", "$((b) | c)"], ["b"], ["c"]]),
        ("a $(( $(b) + `c` ))", [["a", "$(( $(b) + `c` ))"], ["b"], ["c"]]),
        ("[[ a && b =~ ^(x|y)$ ]] && c", [["[[", "a", "&&", "b", "=~", "^(x|y)$", "]]"], ["c"]]),
        ("[[ a\n|| b ]]; c", [["[[", "a", "||", "b", "]]"], ["c"]]),
        ("[[ a; b", [["[[", "a"], ["b"]]),
        # Reserved words are words where no command begins, and where they are quoted.
        ("a if then { } for", [["a", "if", "then", "{", "}", "for"]]),
        ("'if' a; \\for b; \"{\" c", [["if", "a"], ["for", "b"], ["{", "c"]]),
        ("A=1 if b", [["if", "b"]]),
        # Comments and joined lines.
        ("a # b\n# c\nd#e #f", [["a"], ["d#e"]]),
        ("a ${#b} $# '#'", [["a", "${#b}", "$#", "#"]]),
        ("a \\\n  b\\\nc \\\r\n d", [["a", "bc", "d"]]),
        ("# a \\\nb", [["b"]]),
        # Quotes.
        ("a 'b  c'\"d $e\"f\\ g ''", [["a", "b  cd $ef g", ""]]),
        ('a "b\\"c\\$d\\e\\\nf"', [["a", 'b"c$d\\ef']]),
        ("a $'b\\'\\nc' $\"d e\"", [["a", "b'\nc", "d e"]]),
        ("a ${b:-c d} ${b:-'}\n", [["a", "${b:-c d}", "${b:-'}"]]),
        ("a \"${b:-\"c }d\"}\" ${b//'\"'/}", [["a", '${b:-"c }d"}', "${b//'\"'/}"]]),
        # Substitutions: their commands follow the one that holds them.
        ("a $(b $(c)) d; e", [["a", "$(b $(c))", "d"], ["b", "$(c)"], ["c"], ["e"]]),
        ('a "$(b "c d" | e)"', [["a", '$(b "c d" | e)'], ["b", "c d"], ["e"]]),
        ("a `b \\`c d\\` e`", [["a", "`b \\`c d\\` e`"], ["b", "\\`c d\\`", "e"], ["c", "d"]]),
        ('a "x `b` y"', [["a", "x `b` y"], ["b"]]),
        ("a ${b:-$(c)} <(d) >(e)", [["a", "${b:-$(c)}", "<(d)", ">(e)"], ["c"], ["d"], ["e"]]),
        ("a '$(b)' \\$(c)", [["a", "$(b)", "$"], ["c"]]),
        # What a CI service puts in is one piece of a word.
        ("a x${{ b || 'c }}' && d }}y e", [["a", "x${{ b || 'c }}' && d }}y", "e"]]),
        ("a \"${{ b == 'c' }}\" '${{ d == 'e f' }}'", [
            ["a", "${{ b == 'c' }}", "${{ d == 'e f' }}"],
        ]),
        ("a ${{ it's }} b\nc", [["a", "${{ it's }}", "b"], ["c"]]),
        ("a ${{ b\nc", [["a", "${{", "b"], ["c"]]),
        ("a $[[ inputs.b | c ]] d", [["a", "$[[ inputs.b | c ]]", "d"]]),
        ("a << parameters.b >> <<x.y-z>>w <<#c.d>>", [
            ["a", "<< parameters.b >>", "<<x.y-z>>w", "<<#c.d>>"],
        ]),
        ("a {{ b c }} x{{d}} {e,f}", [["a", "{{ b c }}", "x{{d}}", "{e,f}"]]),
        # What has no end.
        ("a don't b\nc d", [["a", "dont b"], ["c", "d"]]),
        ('a "b $(c)\nd e', [["a", "b $(c)"], ["d", "e"]]),
        ("a $(b\nc", [["a", "$(b\nc"], ["b"], ["c"]]),
        ("a `b\nc", [["a", "`b"], ["c"]]),
        ("a ${b\nc", [["a", "${b"], ["c"]]),
        ("a )\nb; } fi", [["a"], ["b"]]),
        ("a \\", [["a", "\\"]]),
    ],
)  # fmt: skip
def test_commands(text: str, found: list[list[str]]) -> None:
    assert argv(text) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("a `\n  b; c", [["a", "b"], ["c"]]),
        ('& "x y/twine.exe" upload', [["x y/twine.exe", "upload"]]),
        ("a | b && c || d", [["a"], ["b"], ["c"], ["d"]]),
        ("if ($a) { b } elseif($c) { d } else{ e }", [["$a"], ["b"], ["$c"], ["d"], ["e"]]),
        ("try { a } catch { b } finally { c }", [["a"], ["b"], ["c"]]),
        ("function F { a }", [["a"]]),
        ("a | ForEach-Object { b $_ }", [["a"], ["ForEach-Object"], ["b", "$_"]]),
        ("a (b c).d e", [["a", "(b c).d", "e"], ["b", "c"]]),
        ("a # b\n<# c\nd #> e", [["a"], ["e"]]),
        ("a <# b", [["a"]]),
        ('a \'b\'\'c$d\' "e`"f""g"', [["a", "b'c$d", 'e"f"g']]),
        ("a \"$(b c)\" '$(d)'", [["a", "$(b c)", "$(d)"], ["b", "c"]]),
        ("@'\na 'b\n'@ | c", [["a 'b"], ["c"]]),
        ('a @"\nb "c\n"@ d', [["a", 'b "c', "d"]]),
        ("a @('b'; 'c') d", [["a", "@('b'; 'c')", "d"], ["b"], ["c"]]),
        ("a @{ b = '}'; c = $(d) } e", [["a", "@{ b = '}'; c = $(d) }", "e"], ["d"]]),
        ("a ${env:B} ${{ c || 'd' }} e@f", [["a", "${env:B}", "${{ c || 'd' }}", "e@f"]]),
        ("a << parameters.b >> {{ c }}", [["a", "<< parameters.b >>", "{{ c }}"]]),
        ("a 'b\nc", [["a", "b"], ["c"]]),
        ("$x = twine upload a", [["twine", "upload", "a"]]),
        ("$x = & a b", [["a", "b"]]),
    ],
)
@pytest.mark.parametrize("shell", ["pwsh", "powershell"])
def test_powershell(shell: str, text: str, found: list[list[str]]) -> None:
    assert argv(text, shell) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("a b\r\nc", [["a", "b"], ["c"]]),
        ("a & b && c || d | e", [["a"], ["b"], ["c"], ["d"], ["e"]]),
        ("@echo off\nREM a & b\n@rem c\n:: d\n:e\nremote", [["echo", "off"], ["remote"]]),
        ("call a.bat b\n@call c\n@ d", [["a.bat", "b"], ["c"], ["d"]]),
        ('a ^\r\n b^ c "d ^ & e" %X% f^&g', [["a", "b c", "d ^ & e", "%X%", "f&g"]]),
        ("a 'b c'", [["a", "'b", "c'"]]),
        ('if "%A%"=="b" (\n c\n) else (\n d\n)\ne', [["c"], ["d"], ["e"]]),
        ("if /i not exist a b c", [["b", "c"]]),
        ("if not defined A b", [["b"]]),
        ("if errorlevel 1 exit /b 1", [["exit", "/b", "1"]]),
        ("if %A% equ b c", [["c"]]),
        ("for %%i in (a b) do (\n c %%i\n)\nd", [["c", "%%i"], ["d"]]),
        ("FOR /L %%i in (1,1,3) DO a", [["a"]]),
        ("(a (b) c)", [["a", "(b"]]),
        ("a (b) c) d", [["a", "(b)", "c)", "d"]]),
        ("a ${{ b && 'c' }} << parameters.d >>", [["a", "${{ b && 'c' }}", "<< parameters.d >>"]]),
        ('a "b\nc', [["a", "b"], ["c"]]),
    ],
)
def test_cmd(text: str, found: list[list[str]]) -> None:
    assert argv(text, "cmd")[: len(found)] == found


@pytest.mark.parametrize(
    ("text", "shell", "wanted"),
    [
        ("A=b C='d e' F=", "sh", {"A": "b", "C": "d e", "F": ""}),
        ("A+=b C[1]=d E[${#E[@]}]=f", "sh", {"A": "b", "C": "d", "E": "f"}),
        ("A=(b 'c d' $e)", "sh", {"A": "(b 'c d' $e)"}),
        ("A=(b # )\n c)", "sh", {"A": "(b # )\n c)"}),
        ("A=b c", "sh", {}),
        ("a B=c", "sh", {}),
        ("1A=b", "sh", {}),
        ("export A=b \"C=d e\" F='g' H", "sh", {"A": "b", "C": "d e", "F": "g"}),
        ("declare -x A=b", "bash", {"A": "b"}),
        ("readonly A=b", "sh", {"A": "b"}),
        ("A=${{ b || 'c' }}", "sh", {"A": "${{ b || 'c' }}"}),
        ('$env:Ab = "c d"', "pwsh", {"Ab": "c d"}),
        ("$env:A='b'", "pwsh", {"A": "b"}),
        ("$a=${env:B}", "pwsh", {"a": "${env:B}"}),
        ("${env:A} ='b'", "pwsh", {"A": "b"}),
        ("$a = $b + 'c'", "pwsh", {"a": "$b + 'c'"}),
        ("$a = ", "pwsh", {"a": ""}),
        ("A = 'b'", "pwsh", {}),
        ("set A=b c", "cmd", {"A": "b c"}),
        ('@SET "A=b c"', "cmd", {"A": "b c"}),
        ("set A=", "cmd", {"A": ""}),
        ("set /p A=b", "cmd", {}),
        ("setlocal A=b", "cmd", {}),
    ],
)
def test_assigned(text: str, shell: str, wanted: dict[str, str]) -> None:
    assert values(assigned(commands(text, shell)[0])) == wanted


@pytest.mark.parametrize(
    ("text", "shell", "raw"),
    [
        ("x; A='b c'", "sh", "'b c'"),
        ("x; export A=b", "sh", "b"),
        ("x; export 'A=b c'", "sh", "b c"),
        ('x\nexport A="b $C"', "sh", '"b $C"'),
        ("x $(A=b)", "sh", "b"),
        ("x `A=b`", "sh", "b"),
        ("x\n$env:A = 'b c'", "pwsh", "'b c'"),
        ("x\n$A=$b -c d", "pwsh", "$b -c d"),
        ("x\nset A=b c & y", "cmd", "b c"),
        ('x\n@set "A=b c"', "cmd", "b c"),
    ],
)
def test_where_a_value_is(text: str, shell: str, raw: str) -> None:
    ((name, word),) = assigned(commands(text, shell)[1])
    assert (name, text[word.start : word.end]) == ("A", raw)


def test_what_stands_before_a_command() -> None:
    command = only("A=${{ secrets.X || 'y' }} B=c twine upload")
    assert values(command.assignments) == {"A": "${{ secrets.X || 'y' }}", "B": "c"}
    assert [word.text for word in command.words] == ["twine", "upload"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("a >b", [(">", "b")]),
        ("a 2>&1 >>b 2> 'c d' &>e", [("2>&", "1"), (">>", "b"), ("2>", "c d"), ("&>", "e")]),
        (">b a <c", [(">", "b"), ("<", "c")]),
        ("a <<<\"b c\" {fd}>d >|e <>f", [
            ("<<<", "b c"), ("{fd}>", "d"), (">|", "e"), ("<>", "f"),
        ]),
        ("a 2 >b c3>d", [(">", "b"), (">", "d")]),
        ("a >", [(">", "")]),
        ("{ :; } >b", [(">", "b")]),
        ("a <<b.c>d", [("<<", "b.c"), (">", "d")]),
    ],
)  # fmt: skip
def test_redirects(text: str, found: list[tuple[str, str]]) -> None:
    redirects = [it for command in commands(text) for it in command.redirects]
    assert [(it.operator, it.target.text) for it in redirects] == found


@pytest.mark.parametrize(
    ("text", "bodies", "behind"),
    [
        ("a <<EOF\nb 'c\nEOF\nd", ["b 'c\n"], ["d"]),
        ("a << EOF >> f\nb\nEOF\nd", ["b\n"], ["d"]),
        ("a <<-EOF\n\tb\n\tEOF\nd", ["\tb\n"], ["d"]),
        ("a <<'E F'\nb\nE F\nd", ["b\n"], ["d"]),
        ("a <<A <<B | x\nb\nA\nc\nB\nd", ["b\n", "c\n"], ["x", "d"]),
        ("a <<A\nb\n A\nA \nd", ["b\n A\nA \nd"], []),
        ("a <<A\r\nb\r\nA\r\nd", ["b\r\n"], ["d"]),
        ("a <<A\nA\nd", [""], ["d"]),
        ("a <<A", [""], []),
        ("a <<A <<B\nb", ["b", ""], []),
        ('a "$(b <<A\n"\nA\n)"\nd', ['"\n'], ["b", "d"]),
        ("for x in y; do a; done <<A\nb\nA\nd", ["b\n"], ["d"]),
    ],
)
def test_here_documents(text: str, bodies: list[str], behind: list[str]) -> None:
    redirects = [
        it for command in commands(text) for it in command.redirects if it.body is not None
    ]
    assert [it.body for it in redirects] == bodies
    assert [text[it.body_start :].startswith(it.body or "") for it in redirects] == [True] * len(
        bodies
    )
    assert [words[0] for words in argv(text)][1:] == behind


@pytest.mark.parametrize(
    ("text", "literal"),
    [
        ("$X", False),
        ('"$X"', False),
        ("'$X'", True),
        ("a'b'$X", True),
        ("\\$X", True),
        ('"\\$X"', True),
        ("$'$X'", True),
        ("\\a$X", False),
        ('"it\'s $X"', False),
        ("$(echo 'a')", False),
        ("${X:-'a'}", False),
    ],
)
def test_literal(text: str, literal: bool) -> None:
    assert commands(f"a {text}")[0].words[1].literal is literal


@pytest.mark.parametrize(
    ("mark", "literal"), [("E", False), ("'E'", True), ('"E"', True), ("\\E", True)]
)
def test_literal_here_document(mark: str, literal: bool) -> None:
    assert only(f"a <<{mark}\n$X\nE\n").redirects[0].target.literal is literal


@pytest.mark.parametrize(
    ("text", "shell", "pairs"),
    [
        ("a | b | c; d", "sh", [("b", "a"), ("c", "b")]),
        ("a |\n b", "sh", [("b", "a")]),
        ("a |& while b; do c; done", "sh", [("b", "a")]),
        ("a $(x | y) | b", "sh", [("y", "x"), ("b", "a")]),
        ("{ a; b; } | (c; d)", "sh", [("c", "b")]),
        ("a | for x in y; do b; done", "sh", [("b", "a")]),
        ("a || b && c & d", "sh", []),
        ("'a' | b", "pwsh", [("b", "a")]),
        ("echo a|b", "cmd", [("b", "echo")]),
    ],
)
def test_pipes(text: str, shell: str, pairs: list[tuple[str, str]]) -> None:
    found = [
        (it.words[0].text, it.pipe_from.words[0].text)
        for it in commands(text, shell)
        if it.pipe_from is not None
    ]
    assert found == pairs


@pytest.mark.parametrize(
    ("text", "raw"),
    [
        ("x; A=b  c 'd' >e ; f", "A=b  c 'd' >e"),
        ("x && ! c d | e", "c d"),
        ("x; c <<E | d\nb\nE\n", "c <<E"),
    ],
)
def test_range(text: str, raw: str) -> None:
    command = commands(text)[1]
    assert text[command.start : command.end] == raw


def test_depth_is_bounded() -> None:
    found = argv("$(" * 1000 + "a" + ")" * 1000 + " b; c")
    assert found[0][1:] == ["b"]
    assert found[-1] == ["c"]
    assert len(found) < 50


@pytest.mark.parametrize("shell", ["sh", "pwsh", "cmd"])
@pytest.mark.parametrize(
    "bit",
    [
        *(
            "$(",
            '"',
            "'",
            "\\",
            "`",
            "${",
            "${{ ",
            "${{'",
            "((",
            "$((",
            "( ",
            "{{ ",
            "<<A ",
            "<<A\n",
        ),
        *(
            '"$(',
            '"${x:-',
            "A=(",
            "[[ ",
            "case x in ",
            "for x in ",
            "$'\\'",
            "\\`",
            "@(",
            "@{",
            "@'\n",
        ),
        *("<#", 'if "&', "for (", "}}", "'${{", "<<a.b ", "$[[ ", "a|", "\"'", '"`', "\\\n"),
    ],
)
def test_hostile_text_is_read_to_its_end(shell: str, bit: str) -> None:
    text = bit * (12_000 // len(bit))
    found = commands(text, shell)
    assert all(0 <= it.start < it.end <= len(text) for it in found)


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("'" * 49_999, 1),
        ('"' * 49_999, 1),
        ("\\" * 50_000, 1),
        ("a <<A\n" * 8_000, 1),
        ("a;" * 20_000, 20_000),
        ("a $(b)\n" * 5_000, 10_000),
    ],
)
def test_hostile_text_gives_the_right_answer(text: str, count: int) -> None:
    assert len(commands(text)) == count


def test_hostile_words() -> None:
    assert argv("\\" * 50_000) == [["\\" * 25_000]]
    (command,) = commands("a" + " <<A" * 10_000 + "\nb")
    assert [it.body for it in command.redirects] == ["b"] + [""] * 9_999


MARKS = "ab =\n\t'\"\\`$(){}[]<>|&;#!%^@:*~\r1"
BITS = ["$(", "${{", "}}", "<<A\n", "[[", "]]", "case a in", "esac", "for x in", "do", "@{", "A=("]
SOUP = st.lists(st.sampled_from([*MARKS, *BITS, "if ", "${", "\\\n", "@'\n", "set A="])).map(
    "".join
)


@given(SOUP, st.sampled_from(["sh", "pwsh", "cmd"]))
@settings(max_examples=examples(300))
def test_any_text_is_read(text: str, shell: str) -> None:
    for command in commands(text, shell):
        assert 0 <= command.start < command.end <= len(text)
        words = command.words + [it.target for it in command.redirects]
        for word in words + [word for _, word in command.assignments + assigned(command)]:
            assert 0 <= word.start <= word.end <= len(text)
        for redirect in command.redirects:
            body = redirect.body or ""
            assert text[redirect.body_start :].startswith(body)


@given(st.lists(st.text("abc-./=:,", min_size=1), min_size=1))
@pytest.mark.parametrize("shell", ["sh", "pwsh", "cmd"])
def test_plain_words_are_as_written(shell: str, words: list[str]) -> None:
    text = "x " + "  ".join(words)
    command = only(text, shell)
    assert [word.text for word in command.words] == ["x", *words]
    assert [text[word.start : word.end] for word in command.words] == ["x", *words]


@pytest.mark.skipif(not shutil.which("bash"), reason="the oracle is bash")
@given(st.lists(st.sampled_from(["a", "b ", "'", '"', "\\", "#", " ", "\t", "=", "\\\n", "'c d'"])))
@settings(max_examples=examples(100), deadline=None)
def test_bash_agrees(pieces: list[str]) -> None:
    line = "set -- " + "".join(pieces)
    script = f"{line}\nprintf '%s\\0' x \"$@\"\n"
    ran = subprocess.run(["bash", "-c", script], capture_output=True, check=False)
    if ran.returncode == 0 and ran.stdout.startswith(b"x\0"):
        said = ran.stdout.decode().split("\0")[1:-1]
        assert argv(script)[0] == ["set", "--", *said]

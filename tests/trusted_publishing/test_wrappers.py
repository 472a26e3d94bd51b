"""What a command line comes down to when the wrappers are taken off."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenterhooks.formats import shell
from tenterhooks.trusted_publishing import wrappers
from tenterhooks.trusted_publishing.wrappers import Invocation

TWINE = "twine upload dist/*"


def reduced(line: str) -> Invocation:
    (command, *_) = shell.commands(line)
    return wrappers.reduce(command.words)


def text(found: Invocation) -> str:
    return " ".join(word.text for word in found.words)


@pytest.mark.parametrize(
    "before",
    [
        "",
        *("sudo", "sudo -E", "sudo -u builder", "sudo --user=builder", "sudo -E --"),
        *("doas", "doas -u builder", "env", "env -i", "env -u A", "env --unset A", "env -- "),
        *(
            "command",
            "exec",
            "exec -a name",
            "builtin",
            "time",
            "/usr/bin/time -f %e",
            "nice",
            "nice -n 5",
        ),
        *("nohup", "stdbuf -o L", "winpty", "unbuffer", "xvfb-run -s x", "dbus-run-session"),
        *("then", "retry", "retry -t 3", "retry --times=3 --", "chronic", "call", "start"),
        *("dotenv -f .env", "pipenv", "coverage", "timeout 10", "timeout -s KILL 10m"),
        *("timeout --signal=KILL 10", "uv run", "uv run --with twine", "uv run --group=release"),
        *("uv run --no-project --python 3.12 --", "uv --quiet run", "uv --directory x run"),
        *("pipx run", "pipx run --spec twine", "poetry run", "poetry run -C x", "pdm run"),
        *("pdm run -p x", "pipenv run", "rye run", "pixi run", "pixi run -e release", "conda run"),
        *("conda run -n release", "mamba run --name=x", "micromamba run -p x", "dotenv run"),
        *("coverage run -m", "coverage run --source x -m", "uvx", "uvx --from twine", "uvx -q"),
        *("uvx --with keyring --python 3.12", "uv tool run", "uv tool run --from twine"),
        *("op run --", "op run --env-file=x --", "op run --env-file x --", "doppler run --"),
        *("doppler run -p x -c y --", "infisical run --env=prod --", "teller run --"),
        *("chamber exec service --", "chamber exec a b --", "aws-vault exec profile --"),
        *("aws-vault exec -d 1h profile --", "chamber exec service", "aws-vault exec profile"),
        *("hatch run", "hatch -e release run", "hatch run release:", "hatch env run"),
        *("hatch env run -e release --", "hatch --env=x run"),
        *("python -m", "python3 -m", "python3.12 -I -m", "py -m", "pypy3 -m", "pythonw -m"),
        *("/usr/bin/python3 -m", "$PYTHON -m", "${PYTHON} -m", "%PYTHON% -m", "$(which py) -m"),
        *("sudo -E env A=b nice -n 5 poetry run python -m", "uv run uvx"),
    ],
)
def test_wrappers_are_taken_off(before: str) -> None:
    separator = "" if before.endswith("release:") else " "
    assert text(reduced(f"{before}{separator}{TWINE}".strip())) == TWINE


@pytest.mark.parametrize(
    ("line", "wanted"),
    [
        ("twine", "twine"),
        ("echo twine upload", "echo twine upload"),
        ("python release.py -m twine", "python release.py -m twine"),
        ("python -c 'import twine' -m x", "python -c import twine -m x"),
        ("python -m", "python -m"),
        ("python setup.py sdist upload", "setup.py sdist upload"),
        ("python ./setup.py upload", "./setup.py upload"),
        ("python -W ignore setup.py upload", "python -W ignore setup.py upload"),
        ("hatch publish", "hatch publish"),
        ("hatch run release", "hatch run release"),
        ("hatch run release:publish", "hatch run release:publish"),
        ("hatch run python -m twine upload", "twine upload"),
        ("hatch run", "hatch run"),
        ("uv publish", "uv publish"),
        ("uv run", "uv run"),
        ("uv tool run", "uv tool run"),
        ("uv tool install twine", "uv tool install twine"),
        ("uvx", "uvx"),
        ("pipx install twine", "pipx install twine"),
        ("poetry publish", "poetry publish"),
        ("pdm publish", "pdm publish"),
        ("sudo", "sudo"),
        ("timeout 10", "timeout 10"),
        ("op read x", "op read x"),
        ("op run --", "op run --"),
        ("bash release.sh", "bash release.sh"),
        ("bash -e release.sh -c x", "bash -e release.sh -c x"),
        ("eval a b", "eval a b"),
        ("bash -c", "bash -c"),
        ("$PYTHON release.py", "$PYTHON release.py"),
        ("uvx twine@6.1 upload", "twine upload"),
        ("uvx 'twine>=6.1' upload", "twine upload"),
        ("uvx 'twine[keyring]==6.1' upload", "twine upload"),
    ],
)
def test_what_stays(line: str, wanted: str) -> None:
    assert text(reduced(line)) == wanted


@pytest.mark.parametrize(
    ("line", "specs"),
    [
        ("twine upload", []),
        ("uvx twine upload", []),
        ("uvx twine@6.1 upload", ["twine==6.1"]),
        ("uvx twine@latest upload", []),
        ("uvx twine==6.1 upload", ["twine==6.1"]),
        ("uvx 'twine >= 6' upload", ["twine >= 6"]),
        ("uvx --from twine==6.1 twine upload", ["twine==6.1"]),
        ("uvx --from=twine==6.1 --with keyring twine upload", ["twine==6.1", "keyring"]),
        ("uv tool run --from twine==6.1 twine upload", ["twine==6.1"]),
        ("uv run --with twine==5 twine upload", ["twine==5"]),
        ("uv run -w twine==5 twine upload", ["twine==5"]),
        ("pipx run --spec twine==5 twine upload", ["twine==5"]),
        ("pipx run twine==5 upload", ["twine==5"]),
        ("uv run --with", [""]),
    ],
)
def test_versions_are_noted(line: str, specs: list[str]) -> None:
    assert reduced(line).specs == specs


@pytest.mark.parametrize(
    ("line", "script", "kind"),
    [
        ("bash -c 'twine upload'", "twine upload", "sh"),
        ("bash -euxc 'twine upload'", "twine upload", "sh"),
        ("/bin/sh -e -c 'twine upload'", "twine upload", "sh"),
        ("zsh -lc x", "x", "sh"),
        ("cmd /c 'twine upload'", "twine upload", "cmd"),
        ("cmd.exe /C x", "x", "cmd"),
        ("pwsh -Command x", "x", "pwsh"),
        ("powershell -NoProfile -command x", "x", "pwsh"),
        ("eval 'twine upload'", "twine upload", "sh"),
        ("sudo bash -c x", "x", "sh"),
        ("poetry run bash -c x", "x", "sh"),
        ("bash -o pipefail -c x", None, "sh"),
        ("bash --rcfile -c", None, "sh"),
        ("bash x.sh -c y", None, "sh"),
        ("twine upload -c x", None, "sh"),
    ],
)
def test_scripts_in_a_word(line: str, script: str | None, kind: str) -> None:
    found = reduced(line)
    assert (found.script.text if found.script else None) == script
    assert found.shell == kind


@pytest.mark.parametrize(
    ("line", "wanted"),
    [
        ("env A=b C='d e' twine upload", ["A=b", "C=d e"]),
        ("sudo A=b twine upload", ["A=b"]),
        ("sudo env A=b twine upload", ["A=b"]),
        ("retry A=b twine upload", ["A=b"]),
        ("env -u X A=b twine upload", ["A=b"]),
        ("nice A=b", []),
        ("twine upload A=b", []),
    ],
)
def test_variables_of_env(line: str, wanted: list[str]) -> None:
    assert [word.text for word in reduced(line).assignments] == wanted


@pytest.mark.parametrize(
    ("line", "injector"),
    [
        ("op run -- twine upload", "op run"),
        ("doppler run -- twine upload", "doppler run"),
        ("infisical run twine upload", "infisical run"),
        ("chamber exec pypi -- twine upload", "chamber exec"),
        ("aws-vault exec x -- twine upload", "aws-vault exec"),
        ("teller run twine upload", "teller run"),
        ("sudo op run -- poetry run twine upload", "op run"),
        ("op read x", None),
        ("twine upload op run", None),
    ],
)
def test_who_injects_secrets(line: str, injector: str | None) -> None:
    assert reduced(line).injector == injector


@pytest.mark.parametrize(
    ("word", "name"),
    [
        ("twine", "twine"),
        ("/usr/bin/twine", "twine"),
        (".venv/Scripts/twine.exe", "twine"),
        ("venv\\Scripts\\TWINE.EXE", "TWINE"),
        ("twine.py", "twine.py"),
        ("", ""),
        ("a/", ""),
    ],
)
def test_the_name_of_a_program(word: str, name: str) -> None:
    assert wrappers.plain(word) == name


@pytest.mark.parametrize(
    "line",
    [
        "sudo -E env A=b uvx twine==6.1 upload 'dist/*'",
        "poetry run python -m twine upload 'dist/*'",
        "hatch run release:twine upload 'dist/*'",
        "bash -c 'twine upload'",
    ],
)
def test_every_word_keeps_its_place(line: str) -> None:
    found = reduced(line)
    for word in found.words[1:]:
        assert line[word.start : word.end].strip("'") == word.text
    assert found.words[0].text in line[found.words[0].start : found.words[0].end]


def test_the_interpreter_is_the_place_of_a_module() -> None:
    found = reduced("sudo python -m twine upload")
    assert found.at is not None
    assert (found.at.text, found.at.start) == ("python", 5)
    assert reduced("twine upload").at is None
    assert reduced("python setup.py upload").at is None


def test_no_end_of_wrappers() -> None:
    assert text(reduced("sudo " * 5 + TWINE)) == TWINE
    assert text(reduced("sudo " * 500 + TWINE)).startswith("sudo sudo")
    assert wrappers.reduce([]).name == ""


WORDS = st.sampled_from(
    [
        *("sudo", "env", "-u", "A=b", "--", "-", "uv", "run", "tool", "uvx", "--from", "twine==1"),
        *("twine@1", "pipx", "poetry", "hatch", "-e", "x:twine", "python", "-m", "-c", "bash"),
        *("-ec", "timeout", "5", "op", "chamber", "exec", "eval", "twine", "upload", "''", "$P"),
        "\\",
    ]
)


@given(st.lists(WORDS, max_size=12))
def test_any_line_comes_down_to_a_part_of_itself(words: list[str]) -> None:
    for command in shell.commands(" ".join(words)):
        found = wrappers.reduce(command.words)
        texts = [word.text for word in command.words]
        ours = [word.text for word in found.words]
        assert len(ours) <= len(texts)
        assert ours[1:] == texts[len(texts) - len(ours) + 1 :]
        assert ours or not texts

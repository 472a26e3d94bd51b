"""What the tools of a job have been told: .pypirc, their own configuration, versions."""

from __future__ import annotations

import pytest
from conftest import MakeRepository

from tenterhooks.core.files import File, Repository
from tenterhooks.formats import workflow
from tenterhooks.trusted_publishing import budget, known, reading
from tenterhooks.trusted_publishing.flow import Flow
from tenterhooks.trusted_publishing.follow import follow
from tenterhooks.trusted_publishing.known import PRIVATE, PYPI, TESTPYPI
from tenterhooks.trusted_publishing.logins import Logins
from tenterhooks.trusted_publishing.uploads import Upload

HOST = next(host for host, name in known.HOSTS.items() if name == PYPI)
TEST_HOST = next(host for host, name in known.HOSTS.items() if name == TESTPYPI)
OWN = "https://index.example.org/"
SECRET = "${{ secrets.PYPI }}"
HEAD = "on: push\njobs:\n  release:\n    runs-on: ubuntu-latest\n    steps:\n      - run: |\n"


def flow(script: str, repository: Repository | None = None) -> Flow:
    """What goes on in a workflow whose only step runs ``script``."""
    lines = "".join(f"          {line}\n" for line in script.splitlines())
    path = ".github/workflows/release.yml"
    file = File(path, f"/nowhere/{path}", path, (HEAD + lines).encode())
    where = repository or Repository("/nowhere")
    assert workflow.load(file).is_workflow
    (job,) = reading.jobs(file, where)
    return follow(job, where, budget.of(job.where.file))


def upload(script: str) -> Upload:
    """The last upload of a script."""
    return flow(script).uploads[-1]


def credentials(script: str) -> list[tuple[str, str]]:
    return [(name, source.value) for name, source in upload(script).credentials]


BODY = f"[pypi]\nusername = __token__\npassword = {SECRET}\n"


@pytest.mark.parametrize(
    "written",
    [
        f"cat > ~/.pypirc <<EOF\n{BODY}EOF",
        f"cat <<EOF > ~/.pypirc\n{BODY}EOF",
        f"cat >> $HOME/.pypirc <<'EOF'\n{BODY}EOF",
        f'cat > "$HOME/.pypirc" <<-EOF\n{BODY}EOF',
        f"tee ~/.pypirc <<EOF > ~/.pypirc\n{BODY}EOF",
        f"cat <<EOF | tee x > ~/.pypirc\n{BODY}EOF",
        f"echo '[pypi]' > ~/.pypirc\necho 'password = {SECRET}' >> ~/.pypirc",
        f'echo "[pypi]" > ~/.pypirc\necho "password={SECRET}" >> ~/.pypirc',
        f'echo "[pypi]" > ~/.pypirc\necho "password: {SECRET}" >> ~/.pypirc',
        f'echo "password = {SECRET}" > .pypirc',
        f'echo -e "[pypi]\\nusername = __token__\\npassword = {SECRET}" > ~/.pypirc',
        f'printf "[pypi]\\npassword = {SECRET}\\n" > ~/.pypirc',
        f"printf '[pypi]\\nusername = %s\\npassword = %s\\n' __token__ \"{SECRET}\" > ~/.pypirc",
        f"printf '[pypi]\\npassword = %s\\n' '{SECRET}' > $PYPIRC",
        f"(\necho '[pypi]'\necho 'password = {SECRET}'\n) > ~/.pypirc",
        f"{{ echo '[pypi]'; echo 'password = {SECRET}'; }} > ~/.pypirc",
    ],
)
def test_a_password_in_pypirc(written: str) -> None:
    found = credentials(f"{written}\ntwine upload dist/*")
    assert found == [("the password in .pypirc", SECRET)]


@pytest.mark.parametrize(
    "written",
    [
        'echo "${{ secrets.PYPIRC }}" > ~/.pypirc',
        "echo '${{ secrets.PYPIRC }}' > ~/.pypirc",
        'printf "%s" "${{ secrets.PYPIRC }}" > ~/.pypirc',
        'echo "$PYPIRC" > ~/.pypirc',
        'echo "%PYPIRC%" > ~/.pypirc',
    ],
)
def test_a_whole_pypirc(written: str) -> None:
    ((name, value),) = credentials(f"{written}\ntwine upload dist/*")
    assert name == ".pypirc"
    assert "PYPIRC" in value


@pytest.mark.parametrize(
    "written",
    [
        "echo hello > ~/.pypirc",
        "echo '[pypi]' > ~/.pypirc",
        "echo 'password =' > ~/.pypirc",
        f"echo 'password = {SECRET}'",
        f"echo 'password = {SECRET}' > ~/.netrc",
        f"echo 'password = {SECRET}' < ~/.pypirc",
        f"printf '[private]\\npassword = {SECRET}\\n' > ~/.pypirc",
        f"echo '[private]' > ~/.pypirc\necho 'password = {SECRET}' >> ~/.pypirc",
    ],
)
def test_no_password_in_pypirc(written: str) -> None:
    assert credentials(f"{written}\ntwine upload dist/*") == []


@pytest.mark.parametrize(
    ("tool", "reads"),
    [
        ("twine upload x", True),
        ("flit publish", True),
        ("python setup.py upload", True),
        ("maturin publish", True),
        ("rye publish", True),
        ("poetry publish", False),
        ("uv publish", False),
        ("pdm publish", False),
    ],
)
def test_who_reads_pypirc(tool: str, reads: bool) -> None:
    assert bool(credentials(f"cat > ~/.pypirc <<EOF\n{BODY}EOF\n{tool}")) is reads


@pytest.mark.parametrize(
    ("section", "address", "name", "wanted"),
    [
        ("pypi", "", "", PYPI),
        ("pypi", OWN, "", PRIVATE),
        ("pypi", OWN, "pypi", PRIVATE),
        ("other", OWN, "other", PRIVATE),
        ("other", f"https://{HOST}/", "other", PYPI),
        ("other", f"https://{TEST_HOST}/", "other", TESTPYPI),
        ("testpypi", OWN, "testpypi", PRIVATE),
        ("testpypi", "", "testpypi", TESTPYPI),
    ],
)
def test_the_address_in_pypirc(section: str, address: str, name: str, wanted: str) -> None:
    lines = f"[{section}]\n" + (f"repository = {address}\n" if address else "")
    option = f"-r {name}" if name else ""
    found = upload(f"cat > ~/.pypirc <<EOF\n{lines}EOF\ntwine upload {option} dist/*")
    assert found.index == wanted


def test_each_section_of_pypirc_has_its_password() -> None:
    body = f"[pypi]\npassword = {SECRET}\n[testpypi]\npassword = ${{{{ secrets.TEST }}}}\n"
    body += "[private]\npassword = ${{ secrets.OWN }}\n"
    found = upload(f"cat > ~/.pypirc <<EOF\n{body}EOF\ntwine upload -r private dist/*")
    values = [source.value for _, source in found.credentials]
    assert "${{ secrets.OWN }}" in values
    assert found.index == PRIVATE


def test_each_line_of_pypirc_written_by_itself() -> None:
    lines = ["[pypi]", f"password = {SECRET}", "[testpypi]", "password = ${{ secrets.TEST }}"]
    script = "\n".join(f"echo '{line}' >> ~/.pypirc" for line in lines)
    values = [value for _, value in credentials(f"{script}\ntwine upload dist/*")]
    assert values == [SECRET, "${{ secrets.TEST }}"]


@pytest.mark.parametrize(
    ("told", "tool"),
    [
        (f"poetry config pypi-token.pypi {SECRET}", "poetry"),
        (f"poetry config --local pypi-token.pypi '{SECRET}'", "poetry"),
        (f"poetry -n config pypi-token.pypi {SECRET}", "poetry"),
        (f"python -m poetry config pypi-token.pypi {SECRET}", "poetry"),
        (f"poetry config http-basic.pypi __token__ {SECRET}", "poetry"),
        (f"poetry config -- http-basic.pypi __token__ {SECRET}", "poetry"),
        (f"pdm config repository.pypi.password {SECRET}", "pdm"),
        (f"pdm config set repository.pypi.password {SECRET}", "pdm"),
        (f"hatch config set publish.index.auth {SECRET}", "hatch"),
        (f"hatch config set publish.index.repos.main.auth {SECRET}", "hatch"),
    ],
)
def test_what_a_tool_is_told(told: str, tool: str) -> None:
    ((name, value),) = credentials(f"{told}\n{tool} publish")
    assert tool in name
    assert value == SECRET
    assert [it.source.value for it in flow(told).mentions] == [SECRET]


@pytest.mark.parametrize(
    "told",
    [
        "poetry config pypi-token.pypi",
        f"poetry config virtualenvs.create {SECRET}",
        f"poetry config pypi-token {SECRET}",
        f"poetry publish pypi-token.pypi {SECRET} -r config",
        f"pdm config repository.pypi.username {SECRET}",
        f"hatch config set publish.index.user {SECRET}",
        f"pip config set pypi-token.pypi {SECRET}",
        f"echo poetry config pypi-token.pypi {SECRET}",
    ],
)
def test_what_is_no_credential(told: str) -> None:
    assert credentials(f"{told}\npoetry publish") == []
    assert flow(told).mentions == []


def test_what_is_told_of_a_private_index_is_no_mention() -> None:
    told = f"poetry config http-basic.private me {SECRET}"
    assert flow(told).mentions == []
    assert credentials(f"{told}\npoetry publish") == []
    ((_, value),) = credentials(f"{told}\npoetry publish -r private")
    assert value == SECRET


@pytest.mark.parametrize(
    ("told", "command", "wanted"),
    [
        (f"poetry config repositories.mine {OWN}", "poetry publish -r mine", PRIVATE),
        (f"poetry config repositories.mine.url {OWN}", "poetry publish -r mine", PRIVATE),
        (f"poetry config repositories.mine https://{HOST}/", "poetry publish -r mine", PYPI),
        (f"poetry config repositories.a https://{TEST_HOST}/", "poetry publish -r a", TESTPYPI),
        (f"export POETRY_REPOSITORIES_A_B_URL=https://{HOST}/", "poetry publish -r a-b", PYPI),
        (f"pdm config repository.mine.url https://{TEST_HOST}/", "pdm publish -r mine", TESTPYPI),
        (f"pdm config repository.pypi.url {OWN}", "pdm publish", PRIVATE),
        (f"pdm config repository.mine.url https://{TEST_HOST}/", "twine upload -r mine", PRIVATE),
    ],
)
def test_addresses_that_a_tool_is_told(told: str, command: str, wanted: str) -> None:
    assert upload(f"{told}\n{command}").index == wanted


@pytest.mark.parametrize(
    ("variable", "command", "is_given"),
    [
        *(
            (variable, f"{tool.name} {tool.uploads[0]}", True)
            for tool in known.TOOLS.values()
            for variable in tool.env_passwords
        ),
        ("POETRY_HTTP_BASIC_MINE_PASSWORD", "poetry publish", False),
        ("POETRY_PYPI_TOKEN_TESTPYPI", "poetry publish", False),
        ("TWINE_PASSWORD", "uv publish", False),
        ("UV_PUBLISH_TOKEN", "twine upload", False),
        ("TWINE_USERNAME", "twine upload", False),
        ("twine_password", "twine upload", False),
    ],
)
def test_variables_of_a_tool(variable: str, command: str, is_given: bool) -> None:
    found = credentials(f"export {variable}={SECRET}\n{command}")
    assert found == ([(variable, SECRET)] if is_given else [])


def test_the_first_choice_comes_first() -> None:
    script = f"cat > ~/.pypirc <<EOF\n{BODY}EOF\nTWINE_PASSWORD=a twine upload -p b"
    names = [name for name, _ in credentials(script)]
    assert names == ["-p", "TWINE_PASSWORD", "the password in .pypirc"]


@pytest.mark.parametrize(
    ("host", "is_given"), [(HOST, True), (TEST_HOST, True), ("index.example.org", False)]
)
def test_keyring(host: str, is_given: bool) -> None:
    script = f"echo '{SECRET}' | keyring set https://{host}/legacy/ __token__\ntwine upload x"
    assert bool(credentials(script)) is is_given


@pytest.mark.parametrize(
    ("requirement", "specs"),
    [
        ("twine==6.1", {"twine": ["twine==6.1"]}),
        ("'twine==6.1'", {"twine": ["twine==6.1"]}),
        ("twine >= 5, <6", {"twine": ["twine>= 5, <6"]}),
        ("Twine~=6.0", {"twine": ["twine~=6.0"]}),
        ("twine[keyring]==6.1", {"twine": ["twine==6.1"]}),
        ("uv!=0.4", {"uv": ["uv!=0.4"]}),
        ("twine", {}),
        ("requests==2", {}),
        ("-r", {}),
        ("", {}),
    ],
)
def test_pins(requirement: str, specs: dict[str, list[str]]) -> None:
    logins = Logins(Repository("/nowhere"))
    logins.pin(requirement)
    assert logins.specs == specs


@pytest.mark.parametrize(
    ("command", "specs"),
    [
        ("pip install twine==5.0 build", ["twine==5.0"]),
        ("pip install 'twine<6' 'twine>4'", ["twine<6", "twine>4"]),
        ("python -m pip install --upgrade twine==5.0", ["twine==5.0"]),
        ("uv tool install twine==5.0", ["twine==5.0"]),
        ("uv add twine==5.0", ["twine==5.0"]),
        ("pip install -r requirements/release.txt", ["twine==4.0.2"]),
        ("pip install --requirement ./requirements/release.txt", ["twine==4.0.2"]),
        ("pip install -r $FILE", []),
        ("pip install -r ../outside.txt", []),
        ("pip install -r missing.txt", []),
        ("pip install -r binary.txt", []),
        ("pip download twine==5.0", []),
        ("echo twine==5.0", []),
    ],
)
def test_versions_that_get_installed(
    command: str, specs: list[str], make_repository: MakeRepository
) -> None:
    locked = (
        "twine==4.0.2 ; python_version > '3' \\\n    --hash=sha256:abc\nrequests==2 # twine==1\n"
    )
    top = make_repository({"requirements/release.txt": locked, "binary.txt": b"\xff"})
    (top.parent / "outside.txt").write_text("twine==1\n", "utf-8")
    (found,) = flow(f"{command}\ntwine upload dist/*", Repository(str(top))).uploads
    assert found.specs == specs

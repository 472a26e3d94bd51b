"""What is done to a hostile file that says what runs: workflows, pipelines, scripts, tasks."""

from __future__ import annotations

from fuzz.readers import Act, Broken, spent
from fuzz.seeds import Seed

from tenterhooks.trusted_publishing import services


def of_actions_lock(seed: Seed, data: bytes) -> None:
    from tenterhooks.formats import actions_lock

    actions_lock.locked(seed.repository(data), ".github/workflows/ci.yml")


def of_workflow(seed: Seed, data: bytes) -> None:
    from tenterhooks.formats import uses, workflow

    file = seed.file(data)
    workflow.is_run(file)
    read = workflow.load(file)
    for root in read.document.roots:
        for _, node in root.named():
            try:
                uses.parse(node)
            except uses.MalformedUses:
                continue


def of_expression(seed: Seed, data: bytes) -> None:
    from tenterhooks.formats import expression

    text = seed.file(data).text
    inner = expression.whole(text)
    expression.values(text if inner is None else inner)


def pipeline(name: str) -> Act:
    def act(seed: Seed, data: bytes) -> None:
        if name == "activestate":
            from tenterhooks.formats.pipelines import activestate

            spent(activestate.publishers(seed.file(data)))
            return
        repository = seed.repository(data)
        services.jobs(name, repository.file(seed.path), repository)

    return act


def of_shell(shell: str) -> Act:
    def act(seed: Seed, data: bytes) -> None:
        from tenterhooks.formats import shell as shells

        text = seed.file(data).text
        for command in shells.commands(text, shell):
            shells.assigned(command)
            if command.start < 0 or command.end > len(text):
                raise Broken("a command outside of its text")

    return act


def task(*commands: str) -> Act:
    """What a runner would run, whatever of these it is told."""

    def act(seed: Seed, data: bytes) -> None:
        from tenterhooks.formats import tasks

        repository = seed.repository(data)
        for command in commands:
            for found in tasks.followed(command.split(), "", repository):
                if found.text.file.path not in repository.tracked():
                    raise Broken(f"a command from {found.text.file.path}")

    return act

"""Following a job step by step: what uploads, to where, and what it is given to log in with.

Nothing is run: variables, configuration files and commands are read off the text, in the order in
which they stand. Conditions are taken to hold.
"""

from __future__ import annotations

from tenterhooks.trusted_publishing import actions
from tenterhooks.trusted_publishing.flow import Flow
from tenterhooks.trusted_publishing.script import Script

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tenterhooks.core.files import Repository
    from tenterhooks.formats.pipeline import Job, Step
    from tenterhooks.trusted_publishing.budget import Budget

# Inputs of actions that run what they are given: retries, containers, remote machines.
_SHELL_INPUTS = ("run", "command", "commands", "script", "cmd")


def follow(job: Job, repository: Repository, budget: Budget) -> Flow:
    """What goes on in a job. Raises Unreadable: it comes to more than the budget allows."""
    flow = Flow(job, repository, budget)
    for step in job.steps:
        _step(flow, step)
    flow.mention_hidden()
    return flow


def _step(flow: Flow, step: Step) -> None:
    scope = flow.begin(step)
    if step.script is not None:
        script = Script(flow, step, scope)
        script.run(step.script, step.shell, step.folder or flow.folder, 0)
        if flow.shares_shell:
            flow.folder = script.folder
    if step.uses is not None:
        for name in _SHELL_INPUTS:
            if name in step.inputs:
                Script(flow, step, scope).run(step.inputs[name][1], "sh", step.folder, 0)
        actions.uses(flow, step, scope)

"""What is done to a hostile security policy, to hostile Python, and to what Bandit reads beside."""

from __future__ import annotations

from fuzz.readers import Broken, spent
from fuzz.seeds import Seed


def of_policy(seed: Seed, data: bytes) -> None:
    from tenterhooks.security_policy import document as documents
    from tenterhooks.security_policy import prose, versions

    document = documents.Document(seed.file(data).text)
    prose.has_private_channel(document)
    prose.asks_for_channel(list(prose.templates(document)))
    spent(prose.public_reports(document))
    prose.speaks_of_reporting(document.text)
    spent(versions.outdated(seed.repository(data), document))


def of_security_txt(seed: Seed, data: bytes) -> None:
    from tenterhooks.security_policy import security_txt

    text = seed.file(data).text
    security_txt.contact(text)
    spent(security_txt.expiry(text, str(seed.case.folder)))


def of_nosec(seed: Seed, data: bytes) -> None:
    from tenterhooks.bandit import baseline, nosec

    nosec.is_plain(data)
    baseline.source_lines(data)
    found = nosec.comments(data)
    if any(line < 1 for line in found):
        raise Broken("a nosec comment at no place")


def of_baseline(seed: Seed, data: bytes) -> None:
    from tenterhooks.bandit import baseline

    repository = seed.repository(data)
    file = repository.file(seed.path)
    read = baseline.read(repository, file)
    baseline.text_of(read)


def bandit_settings(seed: Seed, data: bytes) -> None:
    from tenterhooks.bandit import PRACTICE, settings

    repository = seed.repository(data)
    settings.load(repository, PRACTICE.defaults(bandit_config=seed.path))


def of_pth(seed: Seed, data: bytes) -> None:
    from tenterhooks.bandit import plain
    from tenterhooks.bandit.detections import pth

    plain.pack(pth.scan(seed.path, data))


def bandit_scan(seed: Seed, data: bytes) -> None:
    from tenterhooks.bandit import driver, plain
    from tenterhooks.bandit.ruleset import Ruleset

    plain.pack(driver.scan(data, seed.path, Ruleset((), (), None, False)))

"""What a policy says in prose: its private channel, its public one, and what a template left.

Words decide here, so each test errs on the side of silence. All was tried on a hundred policies
of real projects.
"""

from __future__ import annotations

import functools
import re

from tenterhooks.security_policy.document import MAX_LINE, Document

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_POINTER = 300

# Any of these words names a private channel, wherever it stands.
_CHANNELS = (
    "/security/advisories", "tidelift", "hackerone", "bugcrowd", "intigriti", "huntr.", "immunefi",
    "yeswehack", "hackenproof", "openbugbounty", "msrc.microsoft", "msrc@", "g.co/vulnz",
    "bughunters.google", "zerodayinitiative", "psirt", "cert/cc", "kb.cert.org",
    "private vulnerability report", "privately report", "private security report",
    "privately on ", "privately via ", "privately through ", "privately using ", "privately in ",
    "security tab", "github security", "gitlab security", "confidential issue",
    "confidential=true", "confidential%5d=true", "[confidential]", "confidential bug",
    "confidential ticket", "private mailing list", "private issue", "private bug",
    "private ticket", "private security", "private message", "direct message", "direct-message",
    "keybase", "threema", "matrix.to/", "signal.me/", "via signal", "on signal", "over signal",
    "via matrix", "on matrix", "t.me/", "contact form", "private form", "secure form",
    "reporting form", "report form", "disclosure form", "forms.gle/", "docs.google.com/forms",
    "forms.office.com", "typeform.com", "mailto:",
)  # fmt: skip
_MAIL = r"[\w.+'-]{1,64} ?@ ?([\w-]{1,63}(?:\.[\w-]{1,63}){0,6}\.[a-z]{2,24})\b"
_HIDDEN_MAIL = (
    r"[\[({<] ?(?:at|@) ?[\])}>]"
    r"|\bat\W{1,6}[\w-]{1,63}\W{1,6}dot\W{1,6}[a-z]{2}"
    r"|\b(?:security|secure|contact|info|vuln\w{0,20})(?:[\w-]{0,20}) at [\w-]{1,63}\.[a-z]{2}"
)
_BY_MAIL = (
    r"(?m)\b(?:an|by|via|through|over|or|please|directly)\se-?mail|\bsend\b[^.\n]{0,40}\be-?mail"
    r"|\be-?mail(?:ing)?\s(?:me|us|the|one of|address(?:es)? (?:is|are|listed|found))\b"
    r"|^\W{0,9}e-?mail\W{0,3}:"
)
_BUTTON = (
    r"[\"'\u201c\u2018`*_\[]report a (?:security )?vulnerability"
    r"|\breport a (?:security )?vulnerability[\"'\u201d\u2019`*_]{0,3} (?:button|link|form|option)"
    r"|\b(?:open|draft|create|submit|use|via|through|file|using)\b[^.\n]{0,60}\bsecurity advisor"
)
_URL = r"(?:https?:)?//[^\s<>\"'`)\]]{4,500}"
_TELLING_URL = r"secur|vuln|disclos|bounty|responsible"
_BADGE_URL = r"//(?:img\.shields\.io|badge|[^/]{1,100}/badge)|\.svg$|\.png$"
_LINK_TO_POLICY = r"\]\((?!https?:|//)[^)\s]{0,300}(?:secur|vuln|disclos)[^)\s]{0,300}\)"
_EXAMPLE = r"(?:^|\.)example\.(?:com|org|net)$|^(?:your-?)?(?:domain|company|project)\."

# Expressions are kept as text: to make all of them would take half as long as Python's start.
_REPORT = r"(?:report|disclos|notif|contact|submit|e-?mail|reach out|let us know|get in touch)"
_HOLE = (
    r"(?:vulnerabilit|security[- ](?:relevant )?(?:issue|bug|hole|flaw|problem|concern|risk|report"
    r"|defect|incident|finding|breach|polic|vuln|weakness)|exploit)"
)
_HAS_HOLE = _HOLE
_REPORTS_HOLE = rf"\b{_REPORT}.{{0,200}}\b{_HOLE}|\b{_HOLE}.{{0,200}}\b{_REPORT}"

_INVITES = (
    r"\b(?:please|you|report(?:ing)? (?:it|them|to|any|a|security|vuln)|e-?mail|contact|send)\b"
)


_KIND = r"(?:(?:new|public|github|gitlab|regular|normal|standard|detailed|bug|project|repo) ){0,4}"
_OPEN = (
    r"(?<!\w)(?:(?:open|file|create|submit|raise|post|start|log|make)(?: up)?"
    r"|by (?:opening|filing|creating|submitting|raising|posting|starting|logging|making))"
    rf" (?:an?|your|the) \[?{_KIND}\[?(?:issue|ticket|discussion(?! channel| list))\b"
    rf"|(?<!\w)(?:open|file|create|submit|raise|post) \[?{_KIND}\[?issues? (?:on|in|at) "
)
_VIA = (
    r"\b(?:report|disclos|submit|notify|contact)\w{0,5}\b.{0,80}?"
    r"\b(?:via|through|using|in|on|to|with|as|at) "
    r"(?:(?:an?|the|our|this|its|regular|normal|public|new|project|project's|repository|"
    r"repository's|repo's|github|github's|gitlab) ){0,5}\[?(?:github |gitlab )?"
    r"(?:issues?\b(?! (?:with|in|that|of|tab)\b)|(?:issue|bug)[ -]?tracker"
    r"|discussions\b|discussion (?:thread|forum|board))"
)
_TRACKER_URL = r"//[\w./~-]{1,200}/(?:issues|discussions)(?:/new\S{0,200})?/?(?=[\s)>\],.]|$)"
# A sentence with any of these speaks of another way, another time, or another kind of report.
_OTHERWISE = (
    r"\b(?:do|does|did|should|must|can|may|will|would|need) ?(?:not|n['\u2019]?t)\b|\bcannot\b"
    r"|\b(?:never|avoid|refrain|rather than|instead of|without|before|after|unless|until|minimal)\b"
    r"|\b(?:once|when|as soon as) (?:a|an|the|it|we|fixed|you open|opening|filing)\b|privat"
    r"|confidential|\b(?:we|i|team|maintainers?|developers?) (?:\w{1,12} )?"
    r"(?:open|file|create|post)\b"
    r"|\bnon-?(?:security|sensitive|critical|vuln)|advisor|upstream|third[- ]part|\btheir\b"
    r"|\bthem\b|dependenc|\bsecure\b|\bask|request|already|publicly (?:known|disclosed)|feature"
    r"|\b(?:other|general|ordinary|minor|regular) (?:bug|issue|problem|question)s\b(?! tracker)"
    r"|\bnot? (?:an? |considered|security|sensitive|severe|critical|exploitable|vulnerab|urgent)"
    r"|\bno (?:response|reply|answer)|\bhear\b|respon[ds]|acknowledg|everything else|all else"
    r"|\bif you (?:open|file|create|post)\b|minor|low[- ](?:severity|risk|impact)|hardening"
)
_NOT = r"\bnot?\b|n['\u2019]t\b"
_TRACKERS = ("an issue", "new issue", "issues", "issue]", "ticket", "discussion", "tracker")
_FORBIDS = (
    r"(?:\bnot|n['\u2019]t|\bnever|\bavoid|\brefrain from|\binstead of|\brather than)"
    r" (?:\w{1,15} ){0,3}(?:open|fil|creat|submit|report|disclos|post|us|rais|send|log|publish"
    r"|discuss|shar)[a-z]{0,4}\b"
    r"[^.]{0,80}\b(?:issue|ticket|tracker|discussion)"
)

_NO_DETAILS = (
    r"(?:\bnot\b|n['\u2019]t\b|\bnever\b|\bwithout\b|\bno\b)[^.]{0,60}"
    r"\b(?:details?|exploits?|specifics|sensitive|proof|poc)\b"
)

_TEMPLATES = (
    r"use this section to tell people\s(?:about which versions|how to report a vulnerability)"
    r"|\[(?:insert|your|add|enter|replace|todo)\b[^\]\n]{0,60}\](?!\()"
    r"|<(?:insert|your|add|enter|replace)[ _-][^>\n]{0,60}>"
    r"|[\w.+-]{1,64}@(?:[\w-]{1,63}\.)?"
    r"(?:example\.(?:com|org|net)|your-?(?:domain|company|project)\.[a-z]{2,10})\b"
)
# A search for words costs nothing beside the making of an expression.
_TEMPLATE_WORDS = (
    "use this section", "[insert", "[your", "[add", "[enter", "[replace", "[todo", "<insert",
    "<your", "<add", "<enter", "<replace", "example.", "yourdomain.", "your-domain.",
    "yourcompany.", "your-company.", "yourproject.", "your-project.",
)  # fmt: skip
_ASKS_FOR_CHANNEL = ("how to report", "contact", "mail", "@")


@functools.lru_cache(8)  # a paragraph is asked for with each of its sentences
def _bare(text: str) -> str:
    """``text`` without emphasis, and with single blanks."""
    return " ".join(text.replace("*", " ").replace("`", " ").replace("__", " ").split())


def speaks_of_reporting(text: str) -> bool:
    """Whether a text says anything on how to report a hole, or includes one that may."""
    document = Document(text)
    if re.search(
        r"^\.\. include:: \S{0,200}secur|\{include\} ?\S{0,200}secur", document.plain, re.MULTILINE
    ):
        return True
    if re.search(r"//\S{1,200}/security(?:\.(?:md|rst|txt)|/policy|/advisories)\b", document.plain):
        return True
    return any(
        re.search(_REPORTS_HOLE, _bare(paragraph)[:MAX_LINE])
        and re.search(_INVITES, _bare(paragraph))
        for _, paragraph, _, _ in document.paragraphs()
    ) or any(
        re.search(_REPORTS_HOLE, heading) for _, _, heading, first in document.paragraphs() if first
    )


def has_private_channel(document: Document) -> bool:
    """Whether a reporter learns of any way that is not public. Generous."""
    plain = document.plain
    if any(word in plain for word in _CHANNELS):
        return True
    if "@" in plain and any(not re.search(_EXAMPLE, m.group(1)) for m in re.finditer(_MAIL, plain)):
        return True
    urls = (match.group() for match in re.finditer(_URL, plain))
    if any(re.search(_TELLING_URL, url) and not re.search(_BADGE_URL, url) for url in urls):
        return True
    short = "\n".join(line[:MAX_LINE] for line in plain.split("\n"))
    if any(
        re.search(pattern, short) for pattern in (_HIDDEN_MAIL, _BY_MAIL, _BUTTON, _LINK_TO_POLICY)
    ):
        return True
    if len(plain) <= MAX_POINTER and _elsewhere(plain):
        return True  # nothing but a pointer to the policy proper
    return any(_points_elsewhere(sentence) for _, sentence, _, _ in document.sentences())


def _points_elsewhere(sentence: str) -> bool:
    """Whether a sentence on reports links to a page that is not the tracker."""
    if not re.search(_REPORTS_HOLE, _bare(sentence)[:MAX_LINE]):
        return False
    return _elsewhere(sentence[:MAX_LINE])


def _elsewhere(text: str) -> bool:
    """Whether ``text`` holds a link that leads neither to a tracker nor to a picture."""
    urls = [match.group() for match in re.finditer(_URL, text)]
    return any(
        not re.search(r"/(?:issues|discussions)\b|/(?:www\.)?example\.", url)
        for url in urls
        if not re.search(_BADGE_URL, url)
    )


def public_reports(document: Document) -> Iterator[tuple[int, str]]:
    """Sentences that tell people to report a vulnerability where all can read it. Precise."""
    plain = document.plain
    if not any(word in plain for word in _TRACKERS):
        return
    if re.search(_FORBIDS, _bare(plain.replace("\n\n", ". ").replace("\n-", ". -"))):
        return  # what looks like a public report then speaks of something else
    if re.search(_NO_DETAILS, _bare(plain)):
        return  # a public issue that only asks for a private talk
    for start, sentence, paragraph, heading in document.sentences():
        if _is_public(_bare(sentence)[:MAX_LINE], _bare(paragraph)[:MAX_LINE], heading):
            yield start, document.text[start : start + len(sentence)]


def _is_public(sentence: str, paragraph: str, heading: str) -> bool:
    action = re.search(_OPEN, sentence) or re.search(_VIA, sentence)
    url = re.search(_TRACKER_URL, sentence)
    named = re.search(_HAS_HOLE, re.sub(_URL, " ", sentence)) is not None
    if heading and re.search(_REPORTS_HOLE, heading):
        bare_link = url is not None and len(sentence) - len(url.group()) < 20
        named = named or bare_link or action is not None
        action = action or (url if bare_link else None)
    if url and named and re.search(r"\breport|\bopen\b|\bfile\b|\bsubmit", sentence):
        action = action or url
    if not named or action is None or re.search(_OTHERWISE, sentence):
        return False
    if re.search(r"\bnot (?:considered|treated|regarded|a |an )|out of scope", paragraph):
        return False
    # "If it is not in X, open an issue": there the condition says no, and not the demand.
    clause = sentence.rfind(",", 0, action.start()) + 1 if sentence.startswith("if ") else 0
    mail = "@" in sentence and " or " not in sentence
    return not mail and not re.search(_NOT, sentence[clause:])


def templates(document: Document) -> Iterator[tuple[int, str]]:
    """Where and how the text of a template was left, once for each."""
    if not any(word in document.plain for word in _TEMPLATE_WORDS):
        return
    seen = set()
    for match in re.finditer(_TEMPLATES, document.plain):
        words = " ".join(document.text[match.start() : match.end()].split())
        if words.lower() not in seen:
            seen.add(words.lower())
            yield match.start(), words


def asks_for_channel(found: list[tuple[int, str]]) -> bool:
    """Whether a template that was left is the part that should name the channel."""
    return any(word in words.lower() for _, words in found for word in _ASKS_FOR_CHANNEL)

"""Whether the sender a mail names sent it: by the word of our own receiving servers, and of nobody else."""

from collections.abc import Collection, Iterable

from goodword.mail.parsing import Claim, ParsedMail, Result

UNNAMED = "unnamed"
CONFIRMED, FORGED = "confirmed", "forged"
SPF_FAILED = {"fail", "softfail", "hardfail"}


def authentication(mail: ParsedMail, *, trusted: Collection[str]) -> dict[str, str]:
    """What the servers called `trusted` found, as it is kept with the mail; empty when none of them spoke.

    `by` names the server, `spf`, `dkim` and `dmarc` are what it found, and `sender` is 'confirmed' or
    'forged' where that can be told. `unnamed` among the trusted stands for a server that writes no name.
    """
    spoken = _believed(mail.verdicts.claims, {name.casefold().rstrip(".") for name in trusted})
    if not spoken:
        return {}
    results = [result for claim in spoken for result in claim.results]
    domain = mail.from_.email.rpartition("@")[2].casefold() if mail.from_ else ""
    found = {"by": spoken[0].server or UNNAMED}
    for method in ("spf", "dkim", "dmarc"):
        told = _told(method, results, domain)
        if told:
            found[method] = told.result
            found |= {f"{method}_domain": told.domain} if told.domain else {}
    verdict = _verdict(results, domain)
    return found | ({"sender": verdict} if verdict else {})


def _believed(claims: Iterable[Claim], trusted: Collection[str]) -> list[Claim]:
    """The topmost block of a trusted server. What stands further down may have come with the mail: whoever
    forges a sender forges such fields, too.
    """
    found: list[Claim] = []
    for claim in claims:
        known = (claim.server.rstrip(".") or UNNAMED) in trusted
        if known and (not found or claim.block == found[0].block):
            found.append(claim)
        elif found:
            break
    return found


def _told(method: str, results: Iterable[Result], domain: str) -> Result | None:
    """The result that speaks for the sender's own domain, else the first one."""
    of_method = [result for result in results if result.method == method]
    own = [result for result in of_method if _aligned(result.domain, domain)]
    passed = [result for result in own if result.result == "pass"]
    return next(iter([*passed, *own, *of_method]), None)


def _verdict(results: list[Result], domain: str) -> str:
    policy = next((result for result in results if result.method == "dmarc"), None)
    if policy and policy.result == "fail":
        return FORGED
    if policy and policy.result == "pass":
        return CONFIRMED if not policy.domain or _aligned(policy.domain, domain) else ""
    own = [result for result in results if _aligned(result.domain, domain)]
    if any(result.result == "pass" for result in own):
        return CONFIRMED
    failed = {result.method for result in own if _failed(result)}
    return FORGED if {"spf", "dkim"} <= failed else ""


def _failed(result: Result) -> bool:
    return result.result in (SPF_FAILED if result.method == "spf" else {"fail"})


def _aligned(checked: str, sender: str) -> bool:
    """Whether the domain that was checked is the sender's, or one that the sender's belongs to.

    Not the other way round: a domain below a shared one may be anybody's.
    """
    return "." in checked and (checked == sender or sender.endswith(f".{checked}"))

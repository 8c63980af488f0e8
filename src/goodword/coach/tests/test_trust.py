"""A doubtful remark is made beside others or on a few words, and not alone on an otherwise good reply."""

from goodword.coach import review
from goodword.coach.pack import load_pack

REPLY = """Dear Ms Okafor,

Thank you for telling us about the lamp, and for the photograph. I can see the crack in the foot, and I am
sorry that it reached you like that.

I have sent a new lamp today by courier; it is with you on Thursday before noon. {} You can keep the broken
one or put it into the recycling, just as you like.

Kind regards,
Tom"""
DOUBTFUL, SURE, GRAVE = "It is what it is.", "You should have read the label first.", "[courier name]"


def rules(draft):
    return {finding.rule for finding in review(draft).findings}


def test_the_doubtful_rule_is_one_and_the_sure_one_is_none():
    trust = load_pack().trust
    assert trust.shares["thats-life"] < trust.by_rule.sure <= trust.shares["you-should-have"]


def test_a_good_reply_is_spared_a_doubtful_remark():
    assert rules(REPLY.format("")) == set()
    assert rules(REPLY.format(DOUBTFUL)) == set()


def test_a_sure_remark_is_made_alone():
    assert rules(REPLY.format(SURE)) == {"you-should-have"}


def test_what_must_not_be_sent_is_always_said():
    found = review(REPLY.format(GRAVE)).findings
    assert [finding.severity for finding in found] == ["stop"]


def test_doubtful_remarks_are_made_beside_others():
    assert rules(REPLY.format(f"{DOUBTFUL} {SURE}")) == {"thats-life", "you-should-have"}


def test_everything_is_said_of_a_few_words():
    assert rules(DOUBTFUL) == {"thats-life"}


def test_every_rule_that_is_weighed_exists():
    assert set(load_pack().trust.shares) <= {rule.id for rule in load_pack().rules}

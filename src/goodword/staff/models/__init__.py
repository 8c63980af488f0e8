"""The people who answer: who they are, when they work, what they can and what they may decide."""

from .authority import AuthorityLevel
from .hours import Holiday, Shift
from .looks import Look
from .people import Agent, Membership, Team
from .work import AgentSkill, Availability, Capacity, Skill

__all__ = [
    "Agent",
    "AgentSkill",
    "AuthorityLevel",
    "Availability",
    "Capacity",
    "Holiday",
    "Look",
    "Membership",
    "Shift",
    "Skill",
    "Team",
]

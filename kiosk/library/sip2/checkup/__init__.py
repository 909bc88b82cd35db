"""Talks to a library system nobody has met yet, step by step, says in words what fits, and proposes the settings."""

from kiosk.library.sip2.checkup.checkup import Asked, Checkup
from kiosk.library.sip2.checkup.finding import Finding, Level

__all__ = ["Asked", "Checkup", "Finding", "Level"]

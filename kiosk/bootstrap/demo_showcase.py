"""What the screens of the demo show of their house: a notice, events in the days to come, a shelf of its own titles."""

from datetime import datetime, timedelta

from kiosk.central.centre import Centre
from kiosk.central.policies import Policies
from kiosk.central.showcase import Posting, Sort, post
from kiosk.demo_network import DemoNetwork

_SHELVED = 6
_WHY = (
    {"uk": "З цього варто почати", "en": "A good place to begin", "pl": "Dobre na początek"},
    {"uk": "Читається за вечір", "en": "Read in an evening", "pl": "Na jeden wieczór"},
    {"uk": "Радять бібліотекарі", "en": "The librarians’ choice", "pl": "Polecają bibliotekarze"},
)


def show_house(centre: Centre, policies: Policies, network: DemoNetwork, by: str) -> None:
    """Write what a librarian would. Raises: CentreUnavailable."""
    now = centre.now().astimezone(policies.zone)
    for posting in (_notice(now), *_events(now), _shelf(now, network)):
        post(centre, posting, by)


def _notice(now: datetime) -> Posting:
    words = {
        "uk": "Повернути книжки можна в будь-якій бібліотеці міста.",
        "en": "Books can be returned at any library of the city.",
        "pl": "Książki można oddać w każdej bibliotece miasta.",
    }
    return Posting(Sort.NOTICE, "", words, now.date(), (now + timedelta(days=30)).date())


def _events(now: datetime) -> tuple[Posting, ...]:
    told = (
        (2, 11, "Казки вголос", "Tales aloud", "Bajki na głos", "для дітей від 4 років", "for children from 4"),
        (5, 17, "Читацький клуб", "Reading club", "Klub czytelniczy", "для дорослих", "for adults"),
    )
    return tuple(_event(now + timedelta(days=days), hour, *words) for days, hour, *words in told)


def _event(day: datetime, hour: int, uk: str, en: str, pl: str, whom: str, whom_en: str) -> Posting:
    at = day.replace(hour=hour, minute=0, second=0, microsecond=0)
    facts = {
        "at": at.replace(tzinfo=None).isoformat(timespec="minutes"),
        "where": {"uk": "читальна зала", "en": "reading hall", "pl": "czytelnia"},
        "for": {"uk": whom, "en": whom_en},
    }
    first = (day - timedelta(days=14)).date()
    return Posting(Sort.EVENT, "", {"uk": uk, "en": en, "pl": pl}, first, at.date(), facts)


def _shelf(now: datetime, network: DemoNetwork) -> Posting:
    words = {"uk": "Радимо прочитати", "en": "Worth reading", "pl": "Warto przeczytać"}
    titles = [{"id": name, "why": _WHY[n % len(_WHY)]} for n, name in enumerate(list(network.titles)[:_SHELVED])]
    return Posting(Sort.SHELF, "", words, now.date(), (now + timedelta(days=30)).date(), {"titles": titles})

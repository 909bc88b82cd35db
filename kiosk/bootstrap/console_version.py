"""The console's page of versions, put together: what is at work here, and the folder a new one is handed in to."""

import platform
from collections.abc import Mapping
from datetime import datetime
from importlib.metadata import version
from pathlib import Path

from kiosk.releases.counter import Counter
from kiosk.releases.package import KEY, this_python
from kiosk.settings import Settings
from web_ui.console.pages import Part
from web_ui.console.version_pages import version_pages


def versions_of(settings: Settings, *, only_say: bool) -> Part:
    since = datetime.now().astimezone().strftime("%Y-%m-%d %H:%M")
    counter = Counter(Path(settings.store.path).parent / "update", KEY, version("littera-kiosk"))

    def about() -> Mapping[str, str]:
        return {
            "python": this_python(),
            "computer": f"{platform.machine()}, {platform.system()} {platform.release()}",
            "database": settings.store.path,
            "since": since,
        }

    return version_pages(counter, about, only_say=only_say)

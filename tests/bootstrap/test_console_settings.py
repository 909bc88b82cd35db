"""The settings as a form: every key with its words, and answers that become settings only when the whole is right."""

from collections.abc import Mapping
from typing import Any

import pytest

from kiosk.bootstrap.console_settings import fields_of, form_of
from kiosk.settings import Problem, SettingsError, load_settings
from tests.stand import CONFIG
from web_ui.console.settings_pages import NotApplied

SETTINGS = load_settings(CONFIG, "children-2")
FIELDS = {one.path: one for one in fields_of(SETTINGS, None)}


def test_every_key_has_its_words_and_says_how_it_is_asked_for() -> None:
    assert len(FIELDS) > 150
    assert [path for path, one in FIELDS.items() if not one.says] == []
    assert (FIELDS["station.lends"].kind, FIELDS["station.lends"].value) == ("switch", "true")
    assert FIELDS["station.receipt"].choices == ("ask", "always", "never")
    assert (FIELDS["timing.idle_s"].kind, FIELDS["timing.idle_s"].value) == ("number", "45.0")
    assert FIELDS["lending.categories.child.max_loans"].value == "8"


@pytest.mark.parametrize("path", ["branch.name", "store.path", "web.port", "sync.url", "pin.pepper_file"])
def test_what_a_form_could_lock_somebody_out_with_is_for_the_files(path: str) -> None:
    assert FIELDS[path].kind == ""


def test_answers_become_a_table_of_values() -> None:
    chosen: list[Mapping[str, Any]] = []
    form = form_of(SETTINGS, None, chosen.append, str)
    assert form.apply is not None

    form.apply({"station.lends": "false", "timing.idle_s": "20,5", "pin.tries": "5", "station.receipt": "never"})

    assert chosen == [
        {"station": {"lends": False, "receipt": "never"}, "timing": {"idle_s": 20.5}, "pin": {"tries": 5}}
    ]


def test_a_number_that_is_none_and_settings_that_do_not_fit_are_said() -> None:
    def refuse(_: Mapping[str, Any]) -> None:
        raise SettingsError("branch children-2", [Problem("form", "timing.idle_s", "must be more than 0", None)])

    form = form_of(SETTINGS, None, refuse, str)
    assert form.apply is not None

    with pytest.raises(NotApplied, match="'soon' is no number"):
        form.apply({"timing.idle_s": "soon"})
    with pytest.raises(NotApplied, match="must be more than 0"):
        form.apply({"timing.idle_s": "-1"})

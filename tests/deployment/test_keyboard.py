"""The keys of the touchscreen, compiled by the library the compositor compiles them with."""

import ctypes
import os
from collections.abc import Iterator

import pytest

from tests.deployment.projects import ROOT


class Names(ctypes.Structure):
    """`struct xkb_rule_names`: rules, model, layout, variant, options."""

    _fields_ = [(name, ctypes.c_char_p) for name in ("rules", "model", "layout", "variant", "options")]


@pytest.fixture(scope="module")
def symbols() -> Iterator[frozenset[str]]:
    """Every symbol any key gives, in any group, with any modifier."""
    os.environ["XKB_CONFIG_EXTRA_PATH"] = str(ROOT / "config/deploy/xkb")
    yield frozenset(_symbols(ctypes.CDLL("libxkbcommon.so.0")))
    del os.environ["XKB_CONFIG_EXTRA_PATH"]


def _symbols(xkb: ctypes.CDLL) -> Iterator[str]:
    for name in ("xkb_context_new", "xkb_keymap_new_from_names"):
        getattr(xkb, name).restype = ctypes.c_void_p
    context = ctypes.c_void_p(xkb.xkb_context_new(0))
    keymap = ctypes.c_void_p(xkb.xkb_keymap_new_from_names(context, ctypes.byref(Names(rules=b"littera")), 0))
    assert keymap.value, "the keymap does not compile"
    found, name = ctypes.POINTER(ctypes.c_uint32)(), ctypes.create_string_buffer(64)
    for key in range(xkb.xkb_keymap_min_keycode(keymap), xkb.xkb_keymap_max_keycode(keymap) + 1):
        for group in range(xkb.xkb_keymap_num_layouts_for_key(keymap, key)):
            for level in range(xkb.xkb_keymap_num_levels_for_key(keymap, key, group)):
                count = xkb.xkb_keymap_key_get_syms_by_level(keymap, key, group, level, ctypes.byref(found))
                for index in range(count):
                    xkb.xkb_keysym_get_name(found[index], name, 64)
                    yield name.value.decode()
    xkb.xkb_keymap_unref(keymap)
    xkb.xkb_context_unref(context)


def test_no_key_leads_out_of_a_page(symbols: frozenset[str]) -> None:
    leads_out = ("XF86", "Control_", "Alt_", "Super_", "Meta_", "Hyper_", "Sun")
    alone = {"Menu", "Print", "Sys_Req", "Cancel", "Help", "Find", "Execute", "Undo", "Redo", "Pause", "Break"}

    assert [symbol for symbol in sorted(symbols) if symbol.startswith(leads_out)] == []
    assert symbols & (alone | {f"F{number}" for number in range(1, 36)}) == set()


def test_whatever_a_person_types_is_there(symbols: frozenset[str]) -> None:
    latin = {chr(code) for code in (*range(ord("a"), ord("z") + 1), *range(ord("A"), ord("Z") + 1))}
    ukrainian = {
        "Ukrainian_i",
        "Ukrainian_yi",
        "Ukrainian_ie",
        "Ukrainian_ghe_with_upturn",
        "apostrophe",
        "Cyrillic_softsign",
    }
    moves = {
        "Up",
        "Down",
        "Left",
        "Right",
        "Home",
        "End",
        "Prior",
        "Next",
        "Return",
        "Tab",
        "BackSpace",
        "Delete",
        "space",
    }

    assert latin | ukrainian | moves | {str(digit) for digit in range(10)} | {"KP_Enter", "Shift_L"} <= symbols

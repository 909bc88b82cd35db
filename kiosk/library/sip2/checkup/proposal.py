"""The lines a branch's file needs for a system that was examined: the profile, and what this server does otherwise."""

import json
from collections.abc import Mapping

from kiosk.library.sip2.connection import Endpoint
from kiosk.library.sip2.profile import Lists, load_profile


def proposed_lines(endpoint: Endpoint, profile: str, keys: Mapping[str, str], learnt: Mapping[str, object]) -> str:
    """Write TOML. *keys* stand in `[library.sip2]`; of what was *learnt* only what the profile has otherwise.

    A profile that tells titles from barcodes by itself is left to do so, unless loans were missing altogether.
    """
    manner = load_profile(profile)
    lines = ["[library]", 'kind = "sip2"', "", "[library.sip2]", f"host = {_toml(endpoint.host)}"]
    lines += [f"port = {endpoint.port}", f"profile = {_toml(profile)}"]
    lines += [f"{key} = {_toml(value)}" for key, value in keys.items() if value]
    otherwise = {key: value for key, value in learnt.items() if getattr(manner, key) != value}
    if manner.lists is Lists.AUTO and learnt.get("lists") == Lists.BARCODES:
        otherwise.pop("lists")
    if otherwise:
        lines += ["", "[library.sip2.overrides]", *(f"{key} = {_toml(value)}" for key, value in otherwise.items())]
    if endpoint.tls is not None:
        lines += ["", "[library.sip2.tls]", "on = true"]
        lines += [f"ca_file = {_toml(endpoint.tls.ca_file)}"] if endpoint.tls.ca_file else []
    return "\n".join(lines) + "\n"


def _toml(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)

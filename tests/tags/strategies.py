"""Item ids, owners and texts as libraries have them, for properties."""

from hypothesis import strategies as st

from kiosk.tags.model import Usage

_UKRAINIAN = "АБВГҐДЕЄЖЗИІЇЙКЛМНОПРСТУФХЦЧШЩЬЮЯабвгґдеєжзиіїйклмнопрстуфхцчшщьюя'’"
_ANY_PRINTABLE = st.characters(exclude_categories=("C", "Z"))

item_ids = st.one_of(
    st.from_regex(r"\A[0-9]{1,19}\Z"),
    st.from_regex(r"\A[0-9]{20,30}\Z"),
    st.from_regex(r"\A[A-Z][A-Z0-9.-]{0,30}\Z"),
    st.text(st.sampled_from(_UKRAINIAN + "0123456789-"), min_size=1, max_size=24),
    st.text(_ANY_PRINTABLE, min_size=1, max_size=24),
)
owners = st.one_of(
    st.just(""),
    st.from_regex(r"\A[A-Z]{2}-[A-Za-z0-9][A-Za-z0-9/:-]{0,10}\Z"),
    st.from_regex(r"\A([A-Za-z]|[A-Za-z]{3,4})-[A-Za-z0-9][A-Za-z0-9/:-]{0,10}\Z"),
)
short_owners = st.from_regex(r"\A[A-Z]{2}-[A-Za-z0-9]{1,9}\Z")
texts = st.one_of(st.just(""), st.text(_ANY_PRINTABLE, max_size=20), st.just("Захар Беркут. Том 2"))
usages = st.sampled_from([usage for usage in Usage if usage is not Usage.UNKNOWN])

"""The colours and measures that every part of the window draws with. Decides values; applies nothing.

Text on its background reaches a contrast of 4.5 : 1 (WCAG 2.2, 1.4.3); the high-contrast set reaches 7 : 1 (1.4.6).
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace

from PySide6.QtGui import QColor

SPACE_XS, SPACE_S, SPACE_M, SPACE_L, SPACE_XL, SPACE_XXL = 4, 8, 12, 16, 24, 40
RADIUS_XS, RADIUS_S, RADIUS_M, RADIUS_L, RADIUS_XL = 4, 6, 8, 9, 12
CONTROL = 30
MOTION_MS = 120

BODY_PX, H1_PX, H2_PX, H3_PX, CODE_PX = 16, 28, 22, 19, 14
UI_PX, SMALL_PX, META_PX = 13, 12, 11
LINE_HEIGHT_PERCENT = 145
COLUMN_PX = 720
ZOOM_MIN_PX, ZOOM_MAX_PX = 12, 24


@dataclass(frozen=True)
class Tokens:
    """One theme: named colours. `peers` are the eight colours that people get, stable by index."""

    name: str
    dark: bool
    bg: QColor
    sidebar: QColor
    list_bg: QColor
    elev: QColor
    hover: QColor
    sel: QColor
    sel_note: QColor
    line: QColor
    line_strong: QColor
    text: QColor
    text2: QColor
    text3: QColor
    disabled: QColor
    marker: QColor
    accent: QColor
    accent_hover: QColor
    on_accent: QColor
    accent_soft: QColor
    link: QColor
    selection: QColor
    code_bg: QColor
    code: QColor
    inline_code: QColor
    quote: QColor
    highlight: QColor
    tag_bg: QColor
    tag: QColor
    ok: QColor
    warn: QColor
    err: QColor
    syn_kw: QColor
    syn_str: QColor
    syn_num: QColor
    syn_com: QColor
    syn_fn: QColor
    syn_type: QColor
    peers: tuple[QColor, ...]

    def colour(self, name: str) -> QColor:
        """A colour by its token's name, for style sheets and icons."""
        found = getattr(self, name)
        if not isinstance(found, QColor):
            raise KeyError(name)
        return found

    @classmethod
    def colour_names(cls) -> tuple[str, ...]:
        """The names of all single colours."""
        return tuple(field.name for field in fields(cls) if field.name not in ("name", "dark", "peers"))


_PAIRS = {
    "bg": "FFFFFF|1B1C1F",
    "sidebar": "F5F4F1|151618",
    "list_bg": "FBFAF8|18191C",
    "elev": "FFFFFF|242529",
    "hover": "ECEAE5|232428",
    "sel": "E6E3DC|2A2C31",
    "sel_note": "E3ECFB|22324F",
    "line": "E7E4DE|2A2B2F",
    "line_strong": "D6D2CA|3A3B40",
    "text": "1F2328|E4E5E8",
    "text2": "5C6068|A3A6AD",
    "text3": "6B6F77|8B8E97",
    "disabled": "B9BBC0|54565C",
    "marker": "A3A6AD|6A6D75",
    "accent": "2B68E0|6C9EFF",
    "accent_hover": "245FD0|85AEFF",
    "on_accent": "FFFFFF|0E1420",
    "accent_soft": "E8F0FE|1F2A40",
    "link": "2A62CF|8AB1FF",
    "selection": "CFE0FC|2F4A7A",
    "code_bg": "F6F5F2|141517",
    "code": "30343B|D5D7DC",
    "inline_code": "F0EEEA|2A2B30",
    "quote": "C9C4B8|4A4C53",
    "highlight": "FFF1B8|5A4A12",
    "tag_bg": "EEF3FD|202B40",
    "tag": "2A62CF|9CBDFF",
    "ok": "1A7A43|55C185",
    "warn": "8C5D00|E0AE4A",
    "err": "C93A30|F0776C",
    "syn_kw": "A626A4|D18BE8",
    "syn_str": "2E7D32|8CCB8F",
    "syn_num": "A84E00|E5A66B",
    "syn_com": "666970|8B8E97",
    "syn_fn": "245FD0|8AB1FF",
    "syn_type": "8A5800|E3C078",
}
_PEERS = (
    "C92A61|F783AC",
    "0A7386|4FC3D3",
    "7048E8|A08BF5",
    "25793A|6FCF82",
    "B34E08|F2A65A",
    "1971C2|64B0F4",
    "9C36B5|D98BEB",
    "846200|D9BC4F",
)


def _hex(value: str) -> QColor:
    return QColor("#" + value)


def _theme(name: str, side: int) -> Tokens:
    colours = {key: _hex(pair.split("|")[side]) for key, pair in _PAIRS.items()}
    peers = tuple(_hex(pair.split("|")[side]) for pair in _PEERS)
    return Tokens(name=name, dark=side == 1, peers=peers, **colours)


LIGHT = _theme("light", 0)
DARK = _theme("dark", 1)
CONTRAST_LIGHT = replace(
    LIGHT,
    name="contrast-light",
    sidebar=_hex("FFFFFF"),
    list_bg=_hex("FFFFFF"),
    hover=_hex("E2E2E2"),
    sel=_hex("DCE7FB"),
    sel_note=_hex("DCE7FB"),
    line=_hex("767676"),
    line_strong=_hex("3A3A3A"),
    text=_hex("000000"),
    text2=_hex("262626"),
    text3=_hex("3D3D3D"),
    disabled=_hex("6B6B6B"),
    marker=_hex("595959"),
    accent=_hex("0A389A"),
    accent_hover=_hex("062C7A"),
    link=_hex("0A389A"),
    tag=_hex("0A389A"),
    ok=_hex("0B5A2C"),
    warn=_hex("6B4500"),
    err=_hex("A1140B"),
    syn_com=_hex("4A4D54"),
    quote=_hex("595959"),
)
CONTRAST_DARK = replace(
    DARK,
    name="contrast-dark",
    bg=_hex("000000"),
    sidebar=_hex("000000"),
    list_bg=_hex("000000"),
    elev=_hex("101010"),
    hover=_hex("2B2B2B"),
    sel=_hex("173066"),
    sel_note=_hex("173066"),
    line=_hex("8A8A8A"),
    line_strong=_hex("C4C4C4"),
    text=_hex("FFFFFF"),
    text2=_hex("E6E6E6"),
    text3=_hex("CFCFCF"),
    disabled=_hex("9A9A9A"),
    marker=_hex("B0B0B0"),
    accent=_hex("9DBEFF"),
    accent_hover=_hex("BDD3FF"),
    on_accent=_hex("000000"),
    link=_hex("B5CEFF"),
    tag=_hex("B5CEFF"),
    code_bg=_hex("0A0A0A"),
    quote=_hex("B0B0B0"),
)


def luminance(colour: QColor) -> float:
    """Relative luminance 0–1 (WCAG 2.2, “relative luminance”)."""

    def linear(part: float) -> float:
        return part / 12.92 if part <= 0.04045 else float(((part + 0.055) / 1.055) ** 2.4)

    return 0.2126 * linear(colour.redF()) + 0.7152 * linear(colour.greenF()) + 0.0722 * linear(colour.blueF())


def contrast(one: QColor, other: QColor) -> float:
    """The contrast ratio of two opaque colours, 1–21 (WCAG 2.2)."""
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)

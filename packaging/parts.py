"""Lists what the bundle is made of, once, for three readers: About (parts.json), an SBOM (CycloneDX), and copyright.

Runs in the build environment, where exactly the packages are that are bundled. Python packages tell their own licences;
Qt's third parties, the interpreter and C libraries stand in parts.toml.
"""

from __future__ import annotations

import importlib.metadata as metadata
import json
import platform
import re
import ssl
import sys
import tomllib
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from common import HERE, ROOT, BuildFailed, epoch_s, say, version, write
from cyclonedx.contrib.license.factories import LicenseFactory
from cyclonedx.model import ExternalReference, ExternalReferenceType, XsUri
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.output import make_outputter
from cyclonedx.schema import OutputFormat, SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from packageurl import PackageURL
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

# Wheels that name no licence; what stands in their upstream's repository.
_KNOWN = {
    "automerge": "MIT", "spake2": "MIT", "mnemonic": "MIT", "miniupnpc": "BSD-3-Clause", "libtorrent": "BSD-3-Clause",
    "zxing-cpp": "Apache-2.0",
}  # fmt: skip
_CLASSIFIERS = {
    "MIT License": "MIT", "BSD License": "BSD-3-Clause", "Apache Software License": "Apache-2.0",
    "ISC License (ISCL)": "ISC", "Python Software Foundation License": "PSF-2.0",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
}  # fmt: skip
_SPELT = {
    "BSD": "BSD-3-Clause",
    "Apache 2.0": "Apache-2.0",
    "OSI Approved": "Zlib",
    "MIT License": "MIT",
    "ISC License": "ISC",
    "Apache License, Version 2.0": "Apache-2.0",
}
_QT_LIST = "https://doc.qt.io/qt-6/licenses-used-in-qt.html"


@dataclass(frozen=True)
class Part:
    """One thing that somebody else made: its licence (SPDX), its text, and where the sources are."""

    name: str
    version: str
    licence: str
    text: str
    sources: str
    python: bool
    within: str = ""

    @property
    def title(self) -> str:
        return f"{self.name} {self.version}".strip()


def all_parts() -> list[Part]:
    """Everything, Python packages first, each sorted by name."""
    packages = sorted((_package(one) for one in _closure()), key=lambda part: part.name.lower())
    table = tomllib.loads((HERE / "parts.toml").read_text(encoding="utf-8"))
    here = {"linux": "linux", "win32": "windows", "darwin": "macos"}[sys.platform]
    others = [_native(entry) for entry in table["part"] if here in entry.get("systems", [here])]
    qt = [
        Part(name, "", group["licence"], f"{name}, in Qt. Licence: {group['licence']}", _QT_LIST, False, "Qt")
        for group in table["qt"]
        for name in group["names"]
    ]  # fmt: skip
    return packages + others + sorted(qt, key=lambda part: part.name.lower())


def _closure() -> Iterator[metadata.Distribution]:
    seen: set[str] = set()
    waiting = [("notesapp", "")]
    while waiting:
        name, extra = waiting.pop()
        for line in metadata.requires(name) or []:
            wish = Requirement(line)
            key = canonicalize_name(wish.name)
            if wish.marker is not None and not any(wish.marker.evaluate({"extra": one}) for one in {extra, ""}):
                continue
            if key not in seen:
                seen.add(key)
                yield metadata.distribution(key)
            waiting += [(key, one) for one in wish.extras]
            if not wish.extras and key not in {done for done, _ in waiting}:
                waiting.append((key, ""))


def _package(found: metadata.Distribution) -> Part:
    facts = found.metadata
    texts = [
        Path(str(found.locate_file(file))).read_text(encoding="utf-8", errors="replace")
        for file in found.files or []
        if ".dist-info/" in str(file) and re.match(r"(licen[cs]e|copying|notice)", Path(str(file)).name, re.IGNORECASE)
    ]
    licence = _licence(facts)
    name, number = facts["Name"], facts["Version"]
    if "LGPL-3.0" in licence:
        texts = [(HERE / "licences" / "LGPL-3.0.txt").read_text(encoding="utf-8")]
    text = "\n\n".join(texts) or f"{name} {number}. Licence: {licence}"
    return Part(name, number, licence, text, _sources(facts), True)


def _sources(facts: metadata.PackageMetadata) -> str:
    named = [line.partition(", ")[2] for line in facts.get_all("Project-URL") or []]
    found = [line for line in facts.get_all("Home-page") or [] if line.startswith("http")] + named
    return next((url for url in found if url.startswith("http")), _QT_LIST)


def _licence(facts: metadata.PackageMetadata) -> str:
    def field(key: str) -> str:
        return " ".join(facts.get_all(key) or []).strip()

    key = canonicalize_name(facts["Name"])
    if key in ("pyside6-essentials", "shiboken6"):
        return "LGPL-3.0-only"  # of the three that are offered
    if key == "zeroconf":
        return "LGPL-2.1-or-later"
    said = field("License-Expression") or _SPELT.get(field("License"), field("License"))
    if said and len(said) < 60 and "\n" not in said:
        return said
    for line in facts.get_all("Classifier") or []:
        last = line.rpartition(" :: ")[2]
        if line.startswith("License") and last in _CLASSIFIERS:
            return _CLASSIFIERS[last]
    if key in _KNOWN:
        return _KNOWN[key]
    say(f"  ! {facts['Name']} names no licence: look it up and put it into _KNOWN of packaging/parts.py")
    return "LicenseRef-see-sources"


def _native(entry: dict[str, str]) -> Part:
    name, licence, within = entry["name"], entry["licence"], entry["in"]
    kind = entry.get("text", "")
    if kind == "python":
        path = next((one for one in _python_licences() if one.exists()), None)
    elif kind.startswith("resources/"):
        path = ROOT / kind
    else:
        path = HERE / "licences" / kind if kind else None
    head = f"{name}. Licence: {licence}. Sources: {entry['sources']}"
    text = f"{head}\n\n{path.read_text(encoding='utf-8')}" if path is not None else head
    return Part(name, _version_of(entry.get("version", ""), within), licence, text, entry["sources"], False, within)


def _python_licences() -> list[Path]:
    base, short = Path(sys.base_prefix), f"{sys.version_info[0]}.{sys.version_info[1]}"
    return [
        base / "lib" / f"python{short}" / "LICENSE.txt",
        base / "LICENSE.txt",
        Path(f"/usr/share/doc/python{short}-minimal/copyright"),
        Path(f"/usr/share/doc/python{short}/copyright"),
    ]


def _version_of(what: str, within: str) -> str:
    match what:
        case "python":
            return platform.python_version()
        case "openssl":
            return ssl.OPENSSL_VERSION.split()[1]
        case "qt":
            return metadata.version("PySide6-Essentials")
        case "pyinstaller":
            return metadata.version("pyinstaller")
        case "icu":
            folder = Path(str(metadata.distribution("PySide6-Essentials").locate_file("PySide6/Qt/lib")))
            return next((path.name.rpartition(".")[2] for path in folder.glob("libicuuc.so.*")), "")
        case "" if within in {canonicalize_name(one.name) for one in metadata.distributions()} | {"PyNaCl", "PyYAML"}:
            return f"as in {within} {metadata.version(within)}" if within != "notesapp" else ""
        case _:
            return what


def about(parts: list[Part]) -> str:
    """What the page About shows, as JSON: [[title, text] …]."""
    return json.dumps([[part.title, part.text] for part in parts], ensure_ascii=False, indent=0) + "\n"


def sbom(parts: list[Part]) -> str:
    """A CycloneDX 1.6 document, the same for the same parts and commit; BuildFailed if it breaks the schema."""
    licences = LicenseFactory()
    bom = Bom(serial_number=uuid.uuid5(uuid.NAMESPACE_URL, f"notesapp {version()} {epoch_s()}"))
    bom.metadata.timestamp = datetime.fromtimestamp(epoch_s(), UTC)
    bom.metadata.component = Component(
        type=ComponentType.APPLICATION, name="notesapp", version=version(), bom_ref="notesapp",
        licenses=[licences.make_from_string("MIT")],
    )  # fmt: skip
    for part in parts:
        if part.within == "text":
            continue
        purl = PackageURL("pypi", name=canonicalize_name(part.name), version=part.version) if part.python else None
        bom.components.add(
            Component(
                type=ComponentType.LIBRARY, name=part.name, version=part.version or None, purl=purl,
                bom_ref=f"{part.within or 'pypi'}/{part.name}", licenses=[licences.make_from_string(part.licence)],
                description=f"inside {part.within}" if part.within else None,
                external_references=[ExternalReference(type=ExternalReferenceType.WEBSITE, url=XsUri(part.sources))],
            )
        )  # fmt: skip
    bom.register_dependency(bom.metadata.component, bom.components)
    text: str = make_outputter(bom, OutputFormat.JSON, SchemaVersion.V1_6).output_as_string(indent=1)
    wrong = JsonStrictValidator(SchemaVersion.V1_6).validate_str(text)
    if wrong is not None:
        raise BuildFailed(f"The SBOM breaks its schema: {wrong}")
    return text + "\n"


def copyright_file(parts: list[Part]) -> str:
    """Debian's machine-readable copyright file."""

    def indent(text: str) -> str:
        return "\n".join(" " + (line.rstrip() or ".") for line in text.strip().splitlines())

    mit = (ROOT / "LICENSE").read_text(encoding="utf-8")
    owner = next(line for line in mit.splitlines() if line.startswith("Copyright"))
    lines = [
        "Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/",
        "Upstream-Name: Notesapp",
        "Comment:",
        " The package holds an interpreter and libraries that others made; each is listed below by its own paragraph.",
        " LGPL: Qt, PySide6, shiboken6 and zeroconf are files of their own in /usr/lib/notesapp/_internal; they may be",
        " replaced by versions that you built; /usr/share/doc/notesapp/README.Debian says how.",
        "",
        "Files: *",
        f"Copyright: {owner.removeprefix('Copyright').replace('(c)', '').strip()}",
        "License: Expat",
        indent(mit),
    ]
    for part in parts:
        if part.within == "text":
            continue
        name = re.sub(r"[^A-Za-z0-9.+-]+", "-", part.name)
        lines += ["", f"Files: usr/lib/notesapp/_internal/{name}*", f"Copyright: the makers of {part.name}"]
        common = {"Apache-2.0": "Apache-2.0", "LGPL-2.1-or-later": "LGPL-2.1", "LGPL-3.0-only": "LGPL-3"}.get(
            part.licence
        )
        if common is None and "Version 2.0, January 2004" in part.text:
            common = "Apache-2.0"  # as one of two to choose from
        if common is not None:
            text = f"The full text is in /usr/share/common-licenses/{common}. Sources: {part.sources}"
        else:
            text = part.text
        lines += [f"License: {re.sub(r'[^A-Za-z0-9.+-]+', '-', part.licence)}-{name}", indent(text)]
    return "\n".join(lines) + "\n"


def main() -> None:
    """Writes parts.json, sbom.cdx.json and copyright into the folder given."""
    target = Path(sys.argv[1])
    parts = all_parts()
    write(target / "parts.json", about(parts))
    write(target / "sbom.cdx.json", sbom(parts))
    write(target / "copyright", copyright_file(parts))


if __name__ == "__main__":
    try:
        main()
    except BuildFailed as error:
        sys.exit(str(error))

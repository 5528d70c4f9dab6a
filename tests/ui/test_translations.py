"""The second language is complete, and no translation loses a placeholder."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path
from types import ModuleType

import pytest
from PySide6.QtCore import QCoreApplication, QLocale
from PySide6.QtWidgets import QApplication

from notesapp.control import calls, calls_people
from notesapp.errors import DiskFull, NotesError, TooLarge
from notesapp.net.dht import DhtHealth, DhtState
from notesapp.net.diagnosis import Cause, Remedy
from notesapp.net.internet import InternetReport
from notesapp.net.nat import NatReport
from notesapp.node import codes, joining, seeking
from notesapp.node.faraway import Choice, InternetView
from notesapp.store import backup, recovery
from notesapp.ui.dialogs.findings import as_text, in_words
from notesapp.ui.languages import languages, speak
from notesapp.ui.sayings import said
from notesapp.ui.sentences import SENTENCES
from notesapp.ui.shell import Shell
from notesapp.ui.style.resources import resource
from notesapp.ui.when import short_time
from tests.store.damage import DAY, KEY, NOW, filled_home, hurt, is_genuine, zero_pages
from tests.ui.driving import story
from tests.ui.fakes import NOW_MS
from tests.ui.window_parts import write

pytestmark = pytest.mark.gui


@pytest.fixture(scope="module")
def words() -> ModuleType:
    path = Path(__file__).resolve().parents[2] / "scripts" / "translations.py"
    spec = importlib.util.spec_from_file_location("translations", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    import sys

    sys.modules["translations"] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("language", ["en", "de"])
def test_every_word_of_the_window_is_translated(words: ModuleType, language: str) -> None:
    assert words.missing(language) == [], "run scripts/translations.py and fill in resources/translations"


@pytest.mark.parametrize("language", ["en", "de"])
def test_no_placeholder_is_lost(words: ModuleType, language: str) -> None:
    for message, forms in words.read(language).items():
        wanted = sorted(re.findall(r"%[1-9]", message.text))
        for form in forms:
            assert sorted(re.findall(r"%[1-9]", form)) == wanted, message


@pytest.mark.parametrize("language", ["en", "de"])
def test_what_is_loaded_is_made_of_what_is_written(words: ModuleType, language: str, qapp: QApplication) -> None:
    speak(qapp, language)
    try:
        for message, forms in words.read(language).items():
            n = 2 if message.counted else -1
            said = QCoreApplication.translate(message.context, message.text, "", n)
            assert said == forms[-1].replace("%n", "2"), f"{message}: run scripts/translations.py"
    finally:
        speak(qapp, "en")


def test_one_is_one_and_many_are_many(qapp: QApplication) -> None:
    speak(qapp, "en")
    translate = QCoreApplication.translate
    assert [translate("Foot", "%n words", "", n) for n in (1, 2)] == ["1 word", "2 words"]
    speak(qapp, "de")
    try:
        assert [translate("Foot", "%n words", "", n) for n in (1, 2)] == ["1 Wort", "2 Wörter"]
        assert short_time(NOW_MS, NOW_MS) == "jetzt"
        assert QLocale().language() == QLocale.Language.German
    finally:
        speak(qapp, "en")


def test_a_language_that_is_not_shipped_is_english(qapp: QApplication) -> None:
    assert speak(qapp, "tlh") == "en"
    assert [code for code, _ in languages()] == ["", "de", "en"]
    assert resource("translations", "notesapp_en.qm").exists()


def test_what_the_node_says_is_said_in_the_windows_language_with_its_names(qapp: QApplication) -> None:
    full = DiskFull(path="/home/ana/notes.db").sentence
    far = "Ana can't be reached: the other device has not been seen."
    assert said(full) == full, "English stays as it is"
    speak(qapp, "de")
    try:
        assert said(full).startswith("Der Datenträger mit „/home/ana/notes.db“ ist voll;")
        assert said(far) == "Ana nicht erreichbar: Das andere Gerät wurde noch nicht gesehen."
        assert said(TooLarge(what="The note", size="3 MB", limit="2 MB").sentence).startswith("Die Notiz hat 3 MB")
        assert said("Something that nobody foresaw.") == "Something that nobody foresaw."
        for text in SENTENCES:
            assert said(re.sub(r"\{(\w+)\}", r"<\1>", text)) != text, text
    finally:
        speak(qapp, "en")


def test_the_list_of_sentences_holds_what_is_said(qapp: QApplication) -> None:
    assert {str(one) for one in (*Cause, *Remedy)} <= set(SENTENCES)
    whys = [it for room in (seeking, codes, joining) for it in vars(room).values() if isinstance(it, seeking.Why)]
    assert len(whys) >= 6
    states = [DhtState.ALONE, DhtState.MISSING]
    for bootstrap in ((), ("192.0.2.1:7",)):
        choice = Choice(agreed=True, bootstrap=bootstrap)
        for state in states:
            report = InternetReport(DhtHealth(state), NatReport(), None, None)
            found = seeking.on_the_way(InternetView(choice, True, report))
            assert found is not None
            whys.append(found)
    assert {text for it in whys for text in (it.cause, it.remedy)} <= set(SENTENCES)

    def kinds(kind: type[NotesError]) -> set[str]:
        return {(kind.__doc__ or "").strip()}.union(*(kinds(one) for one in kind.__subclasses__()))

    assert len(kinds(NotesError) & set(SENTENCES)) >= 40, "the sentences of errors have changed: take them over"


def test_what_the_doctor_finds_is_said_in_german(qapp: QApplication, tmp_path: Path) -> None:
    speak(qapp, "de")

    async def tell(shell: Shell) -> None:
        await write(shell, "# Beete")
        door = shell.desk.door
        found = (*await door.call(calls.Doctor()), *(await door.call(calls_people.NetworkDoctor())).findings)
        assert len(found) > 8
        for row in found:
            parts = (row.sentence.removesuffix(row.remedy).strip(), row.remedy)
            assert all(said(part) != part for part in parts if part), row
            assert in_words(row) == " ".join(said(part) for part in parts if part)
        words = as_text(found)
        assert "Es gibt noch keine Sicherung." in words or "Es gibt eine Sicherung; sie ist heute" in words
        assert "Die Suche kennt den Text jeder Notiz." in words
        assert "Menschen in der Ferne werden nicht gesucht." in words

    try:
        story(qapp, tmp_path / "home", tell)
        reach = "Ana: direct, 3 ms (routers: none here, not known yet there)."
        assert said(reach) == "Ana: direkt, 3 ms (Router: hier keiner, dort noch unbekannt)."
        assert said("Ana: same network, 3 ms.") == "Ana: gleiches Netz, 3 ms."
        nat = (
            "The router is friendly: all see this computer at 192.0.2.1:7. "
            "3 of 4 mirrors answered (seen at b by a, c; seen at e by d)."
        )
        assert said(nat) == (
            "Der Router ist freundlich: Alle sehen diesen Computer bei 192.0.2.1:7. "
            "3 von 4 Spiegeln haben geantwortet (zu sehen bei b für a, c; zu sehen bei e für d)."
        )
        lost = "Bo: being looked for (routers: friendly here, strict there). The other device has not been seen."
        assert (
            said(lost)
            == "Bo: wird gesucht (Router: hier freundlich, dort streng). Das andere Gerät wurde noch nicht gesehen."
        )
    finally:
        speak(qapp, "en")


def test_what_a_repair_did_is_said_in_german(qapp: QApplication, tmp_path: Path) -> None:
    speak(qapp, "de")
    try:
        told: set[str] = set()
        for seed in range(4):
            home = filled_home(tmp_path / str(seed))
            if seed == 1:
                backup.make(home, KEY, NOW - 3 * DAY, "daily")
            hurt(home.database, zero_pages, seed)
            told.update(recovery.heal(home, KEY, NOW, verify_entry=is_genuine, check=True).sentences)
        assert len(told) > 4
        assert {one for one in told if said(one) == one} == set()
        assert said("Lost pieces of attachments: 1,200.") == "Verloren – Stücke von Anhängen: 1,200."
    finally:
        speak(qapp, "en")


def test_texts_that_are_missing_are_told_of_in_german(qapp: QApplication) -> None:
    speak(qapp, "de")
    try:
        lost = (
            "The text of some changes is missing here, and no note deleted for ever explains it: "
            "2 by Bo in “Garden”, brought by Ana."
        )
        assert said(lost).endswith("erklärt das: 2 von Bo in “Garden”, gebracht von Ana.")
        assert said(lost.replace(", brought by Ana", "")).endswith("erklärt das: 2 von Bo in “Garden”.")
    finally:
        speak(qapp, "en")

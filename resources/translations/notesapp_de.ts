<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="de" sourcelanguage="en">
 <context>
  <name>Ask</name>
  <message>
   <source>Cancel</source>
   <translation>Abbrechen</translation>
  </message>
 </context>
 <context>
  <name>Asking</name>
  <message>
   <source>Don’t let in</source>
   <translation>Nicht einlassen</translation>
  </message>
  <message>
   <source>Let %1 in only if the same words stand on both screens:</source>
   <translation>Lass %1 nur ein, wenn auf beiden Bildschirmen dieselben Wörter stehen:</translation>
  </message>
  <message>
   <source>Let in</source>
   <translation>Einlassen</translation>
  </message>
  <message>
   <source>Let it in only if the same words stand on both screens:</source>
   <translation>Nur einlassen, wenn auf beiden Bildschirmen dieselben Wörter stehen:</translation>
  </message>
 </context>
 <context>
  <name>AvatarStack</name>
  <message>
   <source>Also here: %1</source>
   <translation>Auch hier: %1</translation>
  </message>
  <message>
   <source>Follow %1</source>
   <translation>%1 folgen</translation>
  </message>
  <message>
   <source>Stop following %1</source>
   <translation>%1 nicht mehr folgen</translation>
  </message>
 </context>
 <context>
  <name>Canvas</name>
  <message>
   <source>Text of the note</source>
   <translation>Text der Notiz</translation>
  </message>
 </context>
 <context>
  <name>Checkup</name>
  <message numerus="yes">
   <source>%n things need attention</source>
   <translation>
    <numerusform>%n Punkt braucht Aufmerksamkeit</numerusform>
    <numerusform>%n Punkte brauchen Aufmerksamkeit</numerusform>
   </translation>
  </message>
  <message>
   <source>Asking what others see of this computer…</source>
   <translation>Andere werden gefragt, was sie von diesem Computer sehen …</translation>
  </message>
  <message>
   <source>Checking the connections</source>
   <translation>Verbindungen werden geprüft</translation>
  </message>
  <message>
   <source>Close</source>
   <translation>Schließen</translation>
  </message>
  <message>
   <source>Copied</source>
   <translation>Kopiert</translation>
  </message>
  <message>
   <source>Copy</source>
   <translation>Kopieren</translation>
  </message>
  <message>
   <source>Everything is well</source>
   <translation>Alles in Ordnung</translation>
  </message>
  <message>
   <source>Look again</source>
   <translation>Noch einmal prüfen</translation>
  </message>
  <message>
   <source>Sending some probes to %1, and asking how it stands there…</source>
   <translation>Proben gehen an %1, mit der Frage, wie es dort steht …</translation>
  </message>
  <message>
   <source>Test with %1</source>
   <translation>Mit %1 testen</translation>
  </message>
  <message>
   <source>Test with…</source>
   <translation>Testen mit …</translation>
  </message>
  <message>
   <source>Testing with %1</source>
   <translation>Test mit %1</translation>
  </message>
 </context>
 <context>
  <name>Commands</name>
  <message>
   <source>About Notesapp</source>
   <translation>Über Notesapp</translation>
  </message>
  <message>
   <source>All commands…</source>
   <translation>Alle Befehle…</translation>
  </message>
  <message>
   <source>Back</source>
   <translation>Zurück</translation>
  </message>
  <message>
   <source>Back to the list</source>
   <translation>Zurück zur Liste</translation>
  </message>
  <message>
   <source>Back up now</source>
   <translation>Jetzt sichern</translation>
  </message>
  <message>
   <source>Check the connections</source>
   <translation>Verbindungen prüfen</translation>
  </message>
  <message>
   <source>Check the notes on this computer</source>
   <translation>Notizen auf diesem Computer prüfen</translation>
  </message>
  <message>
   <source>Close the window</source>
   <translation>Fenster schließen</translation>
  </message>
  <message>
   <source>Delete for ever…</source>
   <translation>Endgültig löschen…</translation>
  </message>
  <message>
   <source>Duplicate</source>
   <translation>Duplizieren</translation>
  </message>
  <message>
   <source>Edits that were set aside…</source>
   <translation>Beiseitegelegte Änderungen …</translation>
  </message>
  <message>
   <source>Empty the trash…</source>
   <translation>Papierkorb leeren…</translation>
  </message>
  <message>
   <source>Export note as Markdown…</source>
   <translation>Notiz als Markdown exportieren…</translation>
  </message>
  <message>
   <source>Export note as PDF…</source>
   <translation>Notiz als PDF exportieren…</translation>
  </message>
  <message>
   <source>Export note as web page…</source>
   <translation>Notiz als Webseite exportieren…</translation>
  </message>
  <message>
   <source>Export this notebook…</source>
   <translation>Dieses Notizbuch exportieren…</translation>
  </message>
  <message>
   <source>Favourite, or not</source>
   <translation>Favorit oder nicht</translation>
  </message>
  <message>
   <source>File</source>
   <translation>Datei</translation>
  </message>
  <message>
   <source>Find</source>
   <translation>Suchen</translation>
  </message>
  <message>
   <source>Focus mode</source>
   <translation>Fokusmodus</translation>
  </message>
  <message>
   <source>Follow who is here</source>
   <translation>Wer hier ist, folgen</translation>
  </message>
  <message>
   <source>Forward</source>
   <translation>Vorwärts</translation>
  </message>
  <message>
   <source>Go</source>
   <translation>Gehe zu</translation>
  </message>
  <message>
   <source>Go to a note…</source>
   <translation>Zu einer Notiz gehen…</translation>
  </message>
  <message>
   <source>Hide where I am, or show it</source>
   <translation>Verbergen, wo ich bin, oder zeigen</translation>
  </message>
  <message>
   <source>Import a folder or vault…</source>
   <translation>Ordner oder Vault importieren…</translation>
  </message>
  <message>
   <source>Import files…</source>
   <translation>Dateien importieren…</translation>
  </message>
  <message>
   <source>Join a notebook…</source>
   <translation>Einem Notizbuch beitreten …</translation>
  </message>
  <message>
   <source>Keyboard shortcuts</source>
   <translation>Tastenkürzel</translation>
  </message>
  <message>
   <source>Larger text</source>
   <translation>Größerer Text</translation>
  </message>
  <message>
   <source>Light or dark</source>
   <translation>Hell oder dunkel</translation>
  </message>
  <message>
   <source>Links to this note</source>
   <translation>Links zu dieser Notiz</translation>
  </message>
  <message>
   <source>Lock now</source>
   <translation>Jetzt sperren</translation>
  </message>
  <message>
   <source>Markdown source</source>
   <translation>Markdown-Quelltext</translation>
  </message>
  <message>
   <source>Move to the trash</source>
   <translation>In den Papierkorb</translation>
  </message>
  <message>
   <source>Move to…</source>
   <translation>Verschieben nach…</translation>
  </message>
  <message>
   <source>New note</source>
   <translation>Neue Notiz</translation>
  </message>
  <message>
   <source>New notebook…</source>
   <translation>Neues Notizbuch…</translation>
  </message>
  <message>
   <source>Next pane</source>
   <translation>Nächster Bereich</translation>
  </message>
  <message>
   <source>Normal text size</source>
   <translation>Normale Textgröße</translation>
  </message>
  <message>
   <source>Note</source>
   <translation>Notiz</translation>
  </message>
  <message>
   <source>Notebook</source>
   <translation>Notizbuch</translation>
  </message>
  <message>
   <source>Notesapp</source>
   <translation>Notesapp</translation>
  </message>
  <message>
   <source>Outline</source>
   <translation>Gliederung</translation>
  </message>
  <message>
   <source>People</source>
   <translation>Leute</translation>
  </message>
  <message>
   <source>People and status</source>
   <translation>Leute und Zustand</translation>
  </message>
  <message>
   <source>Pin to the top, or unpin</source>
   <translation>Oben anheften oder lösen</translation>
  </message>
  <message>
   <source>Previous pane</source>
   <translation>Voriger Bereich</translation>
  </message>
  <message>
   <source>Previous versions</source>
   <translation>Frühere Versionen</translation>
  </message>
  <message>
   <source>Print…</source>
   <translation>Drucken…</translation>
  </message>
  <message>
   <source>Quick note</source>
   <translation>Schnellnotiz</translation>
  </message>
  <message>
   <source>Quit</source>
   <translation>Beenden</translation>
  </message>
  <message>
   <source>Rename…</source>
   <translation>Umbenennen…</translation>
  </message>
  <message>
   <source>Restore from the trash</source>
   <translation>Aus dem Papierkorb holen</translation>
  </message>
  <message>
   <source>Search all notes</source>
   <translation>Alle Notizen durchsuchen</translation>
  </message>
  <message>
   <source>Settings</source>
   <translation>Einstellungen</translation>
  </message>
  <message>
   <source>Settings: sync and people</source>
   <translation>Einstellungen: Abgleich und Leute</translation>
  </message>
  <message>
   <source>Settings: your devices</source>
   <translation>Einstellungen: deine Geräte</translation>
  </message>
  <message>
   <source>Share only this note…</source>
   <translation>Nur diese Notiz teilen …</translation>
  </message>
  <message>
   <source>Share this notebook…</source>
   <translation>Dieses Notizbuch teilen …</translation>
  </message>
  <message>
   <source>Sidebar</source>
   <translation>Seitenleiste</translation>
  </message>
  <message>
   <source>Smaller text</source>
   <translation>Kleinerer Text</translation>
  </message>
  <message>
   <source>Text</source>
   <translation>Text</translation>
  </message>
  <message>
   <source>View</source>
   <translation>Ansicht</translation>
  </message>
 </context>
 <context>
  <name>CompanyNews</name>
  <message>
   <source>%1 joined “%2”</source>
   <translation>%1 ist „%2“ beigetreten</translation>
  </message>
  <message>
   <source>%1 wants to make you the owner of “%2”.</source>
   <translation>%1 möchte dir „%2“ übergeben.</translation>
  </message>
  <message>
   <source>%1 was removed from “%2”</source>
   <translation>%1 wurde aus „%2“ entfernt</translation>
  </message>
  <message numerus="yes">
   <source>%n edits were set aside in “%1”.</source>
   <translation>
    <numerusform>%n Änderung wurde in „%1“ beiseitegelegt.</numerusform>
    <numerusform>%n Änderungen wurden in „%1“ beiseitegelegt.</numerusform>
   </translation>
  </message>
  <message numerus="yes">
   <source>And %n more.</source>
   <translation>
    <numerusform>Und %n weitere Person.</numerusform>
    <numerusform>Und %n weitere.</numerusform>
   </translation>
  </message>
  <message>
   <source>Another device of yours has shut this computer out. You keep what you have and can read, copy and export it; changes no longer arrive, and nothing can be written here any more.</source>
   <translation>Ein anderes deiner Geräte hat diesen Computer ausgeschlossen. Du behältst, was du hast, und kannst es lesen, kopieren und exportieren; Änderungen kommen nicht mehr an, und hier kann nichts mehr geschrieben werden.</translation>
  </message>
  <message>
   <source>Compare words and let in…</source>
   <translation>Wörter vergleichen und einlassen …</translation>
  </message>
  <message>
   <source>Copy this note into my own</source>
   <translation>Diese Notiz zu meinen kopieren</translation>
  </message>
  <message>
   <source>Joining didn’t work.</source>
   <translation>Das Beitreten hat nicht geklappt.</translation>
  </message>
  <message>
   <source>Look</source>
   <translation>Ansehen</translation>
  </message>
  <message>
   <source>Look at them…</source>
   <translation>Ansehen …</translation>
  </message>
  <message>
   <source>Others get your changes only while Notesapp runs. Start it with the computer?</source>
   <translation>Andere bekommen deine Änderungen nur, solange Notesapp läuft. Mit dem Computer starten?</translation>
  </message>
  <message>
   <source>Start with the computer</source>
   <translation>Mit dem Computer starten</translation>
  </message>
  <message>
   <source>Take it over</source>
   <translation>Übernehmen</translation>
  </message>
  <message>
   <source>Try again</source>
   <translation>Noch einmal versuchen</translation>
  </message>
  <message>
   <source>You are no longer a member of “%1”. You keep what you have and can read, copy and export it; changes of others no longer arrive, and nothing can be written here any more.</source>
   <translation>Du bist nicht mehr Mitglied von „%1“. Du behältst, was du hast, und kannst es lesen, kopieren und exportieren; Änderungen anderer kommen nicht mehr an, und hier kann nichts mehr geschrieben werden.</translation>
  </message>
  <message>
   <source>You can read “%1”, but not write in it. Its owner can give you the right to write.</source>
   <translation>Du kannst „%1“ lesen, aber nicht darin schreiben. Der Eigentümer kann dir das Recht zu schreiben geben.</translation>
  </message>
  <message>
   <source>You were removed from “%2”</source>
   <translation>Du wurdest aus „%2“ entfernt</translation>
  </message>
  <message>
   <source>You would decide who is in it and what they may do.</source>
   <translation>Du entscheidest dann, wer dabei ist und was sie dürfen.</translation>
  </message>
  <message>
   <source>“%2” belongs to %1 now.</source>
   <translation>„%2“ gehört jetzt %1.</translation>
  </message>
  <message>
   <source>“%2” is yours now.</source>
   <translation>„%2“ gehört jetzt dir.</translation>
  </message>
 </context>
 <context>
  <name>Completion</name>
  <message numerus="yes">
   <source>%n suggestion(s)</source>
   <translation>
    <numerusform>%n Vorschlag</numerusform>
    <numerusform>%n Vorschläge</numerusform>
   </translation>
  </message>
  <message>
   <source>Suggestions</source>
   <translation>Vorschläge</translation>
  </message>
 </context>
 <context>
  <name>ContextMenu</name>
  <message>
   <source>Copy</source>
   <translation>Kopieren</translation>
  </message>
  <message>
   <source>Copy link</source>
   <translation>Link kopieren</translation>
  </message>
  <message>
   <source>Cut</source>
   <translation>Ausschneiden</translation>
  </message>
  <message>
   <source>Format</source>
   <translation>Format</translation>
  </message>
  <message>
   <source>Open link</source>
   <translation>Link öffnen</translation>
  </message>
  <message>
   <source>Paragraph</source>
   <translation>Absatz</translation>
  </message>
  <message>
   <source>Paste</source>
   <translation>Einfügen</translation>
  </message>
  <message>
   <source>Select all</source>
   <translation>Alles auswählen</translation>
  </message>
 </context>
 <context>
  <name>Desk</name>
  <message>
   <source>That note is no longer there.</source>
   <translation>Diese Notiz gibt es nicht mehr.</translation>
  </message>
 </context>
 <context>
  <name>EditCommand</name>
  <message>
   <source>Align the table's source</source>
   <translation>Quelltext der Tabelle ausrichten</translation>
  </message>
  <message>
   <source>Bold</source>
   <translation>Fett</translation>
  </message>
  <message>
   <source>Bullet list</source>
   <translation>Aufzählung</translation>
  </message>
  <message>
   <source>Code</source>
   <translation>Code</translation>
  </message>
  <message>
   <source>Delete line</source>
   <translation>Zeile löschen</translation>
  </message>
  <message>
   <source>Duplicate line</source>
   <translation>Zeile duplizieren</translation>
  </message>
  <message>
   <source>Heading 1</source>
   <translation>Überschrift 1</translation>
  </message>
  <message>
   <source>Heading 2</source>
   <translation>Überschrift 2</translation>
  </message>
  <message>
   <source>Heading 3</source>
   <translation>Überschrift 3</translation>
  </message>
  <message>
   <source>Heading 4</source>
   <translation>Überschrift 4</translation>
  </message>
  <message>
   <source>Highlight</source>
   <translation>Hervorheben</translation>
  </message>
  <message>
   <source>Indent</source>
   <translation>Einrücken</translation>
  </message>
  <message>
   <source>Insert a code block</source>
   <translation>Codeblock einfügen</translation>
  </message>
  <message>
   <source>Insert a line</source>
   <translation>Linie einfügen</translation>
  </message>
  <message>
   <source>Insert a table</source>
   <translation>Tabelle einfügen</translation>
  </message>
  <message>
   <source>Italic</source>
   <translation>Kursiv</translation>
  </message>
  <message>
   <source>Link</source>
   <translation>Link</translation>
  </message>
  <message>
   <source>Move line down</source>
   <translation>Zeile nach unten</translation>
  </message>
  <message>
   <source>Move line up</source>
   <translation>Zeile nach oben</translation>
  </message>
  <message>
   <source>Numbered list</source>
   <translation>Nummerierte Liste</translation>
  </message>
  <message>
   <source>Outdent</source>
   <translation>Ausrücken</translation>
  </message>
  <message>
   <source>Paste as plain text</source>
   <translation>Als reinen Text einfügen</translation>
  </message>
  <message>
   <source>Plain paragraph</source>
   <translation>Normaler Absatz</translation>
  </message>
  <message>
   <source>Quote</source>
   <translation>Zitat</translation>
  </message>
  <message>
   <source>Redo</source>
   <translation>Wiederholen</translation>
  </message>
  <message>
   <source>Strike through</source>
   <translation>Durchstreichen</translation>
  </message>
  <message>
   <source>Task list</source>
   <translation>Aufgabenliste</translation>
  </message>
  <message>
   <source>Tick the task or open the link</source>
   <translation>Aufgabe abhaken oder Link öffnen</translation>
  </message>
  <message>
   <source>Undo</source>
   <translation>Rückgängig</translation>
  </message>
 </context>
 <context>
  <name>Editing</name>
  <message>
   <source>Attach files…</source>
   <translation>Dateien anhängen…</translation>
  </message>
  <message>
   <source>Attach which files?</source>
   <translation>Welche Dateien anhängen?</translation>
  </message>
  <message>
   <source>Find and replace in this note</source>
   <translation>In dieser Notiz suchen und ersetzen</translation>
  </message>
  <message>
   <source>Find in this note</source>
   <translation>In dieser Notiz suchen</translation>
  </message>
  <message>
   <source>Next match</source>
   <translation>Nächster Treffer</translation>
  </message>
  <message>
   <source>Picture</source>
   <translation>Bild</translation>
  </message>
  <message>
   <source>Previous match</source>
   <translation>Voriger Treffer</translation>
  </message>
  <message>
   <source>“%1” is kept, but it can’t be shown as a picture.</source>
   <translation>„%1“ ist aufbewahrt, lässt sich aber nicht als Bild zeigen.</translation>
  </message>
 </context>
 <context>
  <name>EntryPage</name>
  <message>
   <source>Continue</source>
   <translation>Weiter</translation>
  </message>
  <message>
   <source>Is sharing. Ask to be invited: it opens here by itself.</source>
   <translation>Teilt gerade. Bitte um eine Einladung: sie öffnet sich hier von selbst.</translation>
  </message>
  <message>
   <source>Link or three words</source>
   <translation>Link oder drei Wörter</translation>
  </message>
  <message>
   <source>Nobody shows up yet. Ask the other person to press “Share” in the same network.</source>
   <translation>Noch zeigt sich niemand. Bitte die andere Person, im selben Netz auf „Teilen“ zu drücken.</translation>
  </message>
  <message>
   <source>Paste</source>
   <translation>Einfügen</translation>
  </message>
  <message>
   <source>Paste the link you were sent, type the three words, or drop a picture of the QR code here.</source>
   <translation>Füge den Link ein, den du bekommen hast, tippe die drei Wörter, oder lass ein Bild des QR-Codes hier los.</translation>
  </message>
  <message>
   <source>People nearby</source>
   <translation>Leute in der Nähe</translation>
  </message>
  <message>
   <source>Picture of a QR code…</source>
   <translation>Bild eines QR-Codes …</translation>
  </message>
  <message>
   <source>There is no invitation in what was pasted.</source>
   <translation>Im Eingefügten steht keine Einladung.</translation>
  </message>
 </context>
 <context>
  <name>FindBar</name>
  <message numerus="yes">
   <source>%n match(es) replaced</source>
   <translation>
    <numerusform>%n Treffer ersetzt</numerusform>
    <numerusform>%n Treffer ersetzt</numerusform>
   </translation>
  </message>
  <message>
   <source>Close (Esc)</source>
   <translation>Schließen (Esc)</translation>
  </message>
  <message>
   <source>Find</source>
   <translation>Suchen</translation>
  </message>
  <message>
   <source>Find in this note</source>
   <translation>In dieser Notiz suchen</translation>
  </message>
  <message>
   <source>Match case</source>
   <translation>Groß- und Kleinschreibung</translation>
  </message>
  <message>
   <source>Next match (Enter)</source>
   <translation>Nächster Treffer (Enter)</translation>
  </message>
  <message>
   <source>Not a pattern: %1</source>
   <translation>Kein gültiges Muster: %1</translation>
  </message>
  <message>
   <source>Nothing found</source>
   <translation>Nichts gefunden</translation>
  </message>
  <message>
   <source>Previous match (Shift+Enter)</source>
   <translation>Voriger Treffer (Umschalt+Enter)</translation>
  </message>
  <message>
   <source>Regular expression</source>
   <translation>Regulärer Ausdruck</translation>
  </message>
  <message>
   <source>Replace</source>
   <translation>Ersetzen</translation>
  </message>
  <message>
   <source>Replace all</source>
   <translation>Alle ersetzen</translation>
  </message>
  <message>
   <source>Replace with</source>
   <translation>Ersetzen durch</translation>
  </message>
  <message>
   <source>The pattern has no group %1</source>
   <translation>Das Muster hat keine Gruppe %1</translation>
  </message>
  <message>
   <source>This pattern takes too long</source>
   <translation>Dieses Muster braucht zu lange</translation>
  </message>
  <message>
   <source>This text can’t be changed here</source>
   <translation>Dieser Text kann hier nicht geändert werden</translation>
  </message>
  <message>
   <source>Whole words</source>
   <translation>Ganze Wörter</translation>
  </message>
 </context>
 <context>
  <name>Finding</name>
  <message>
   <source>Go to a note or notebook</source>
   <translation>Zu einer Notiz oder einem Notizbuch gehen</translation>
  </message>
  <message>
   <source>New note “%1”</source>
   <translation>Neue Notiz „%1“</translation>
  </message>
  <message>
   <source>No such command</source>
   <translation>Keinen solchen Befehl gefunden</translation>
  </message>
  <message>
   <source>Notebook</source>
   <translation>Notizbuch</translation>
  </message>
  <message>
   <source>Untitled</source>
   <translation>Ohne Titel</translation>
  </message>
  <message>
   <source>What do you want to do?</source>
   <translation>Was möchtest du tun?</translation>
  </message>
  <message>
   <source>↑↓ to choose · Enter to open · a new name makes a note</source>
   <translation>↑↓ wählt · Enter öffnet · ein neuer Name macht eine Notiz</translation>
  </message>
 </context>
 <context>
  <name>Foot</name>
  <message numerus="yes">
   <source>%1 of %n words</source>
   <translation>
    <numerusform>%1 von %n Wort</numerusform>
    <numerusform>%1 von %n Wörtern</numerusform>
   </translation>
  </message>
  <message numerus="yes">
   <source>%n min read</source>
   <translation>
    <numerusform>%n Min. Lesezeit</numerusform>
    <numerusform>%n Min. Lesezeit</numerusform>
   </translation>
  </message>
  <message numerus="yes">
   <source>%n words</source>
   <translation>
    <numerusform>%n Wort</numerusform>
    <numerusform>%n Wörter</numerusform>
   </translation>
  </message>
 </context>
 <context>
  <name>Herald</name>
  <message>
   <source>Show</source>
   <translation>Zeigen</translation>
  </message>
  <message>
   <source>There is a new version of Notesapp: %1</source>
   <translation>Es gibt eine neue Version von Notesapp: %1</translation>
  </message>
 </context>
 <context>
  <name>JoinSheet</name>
  <message numerus="yes">
   <source>Bring %n notes of this computer along?</source>
   <translation>
    <numerusform>Die Notiz dieses Computers mitnehmen?</numerusform>
    <numerusform>Die %n Notizen dieses Computers mitnehmen?</numerusform>
   </translation>
  </message>
  <message>
   <source>Bring them along</source>
   <translation>Mitnehmen</translation>
  </message>
  <message>
   <source>Cancel</source>
   <translation>Abbrechen</translation>
  </message>
  <message>
   <source>Choose the picture of the QR code</source>
   <translation>Das Bild des QR-Codes wählen</translation>
  </message>
  <message>
   <source>Close</source>
   <translation>Schließen</translation>
  </message>
  <message>
   <source>Don’t join</source>
   <translation>Nicht beitreten</translation>
  </message>
  <message>
   <source>Go on in the background</source>
   <translation>Im Hintergrund weiter</translation>
  </message>
  <message>
   <source>Join</source>
   <translation>Beitreten</translation>
  </message>
  <message>
   <source>Join a notebook</source>
   <translation>Einem Notizbuch beitreten</translation>
  </message>
  <message>
   <source>Joining</source>
   <translation>Beitreten</translation>
  </message>
  <message>
   <source>Make this computer one of yours</source>
   <translation>Diesen Computer zu deinem machen</translation>
  </message>
  <message>
   <source>Pictures and invitations</source>
   <translation>Bilder und Einladungen</translation>
  </message>
  <message>
   <source>The link says so; both computers prove who they are before anything is shared.</source>
   <translation>So sagt es der Link; beide Computer beweisen, wer sie sind, bevor etwas geteilt wird.</translation>
  </message>
  <message>
   <source>They are the same</source>
   <translation>Sie sind gleich</translation>
  </message>
  <message>
   <source>They become notes of yours on all your devices, in notebooks of their own. Folders, attachments and the trash come along; earlier versions of the notes don’t.</source>
   <translation>Auf allen deinen Geräten werden sie zu deinen Notizen, in eigenen Notizbüchern. Ordner, Anhänge und der Papierkorb kommen mit, frühere Fassungen der Notizen nicht.</translation>
  </message>
  <message>
   <source>They differ</source>
   <translation>Sie sind verschieden</translation>
  </message>
  <message>
   <source>Try again</source>
   <translation>Noch einmal versuchen</translation>
  </message>
  <message>
   <source>You are let in by a person.</source>
   <translation>Ein Mensch lässt dich ein.</translation>
  </message>
  <message>
   <source>the other person</source>
   <translation>die andere Person</translation>
  </message>
  <message>
   <source>your other computer</source>
   <translation>deinem anderen Computer</translation>
  </message>
 </context>
 <context>
  <name>LinkPart</name>
  <message>
   <source>Copied</source>
   <translation>Kopiert</translation>
  </message>
  <message>
   <source>Copies the link with a sentence that says what to do with it</source>
   <translation>Kopiert den Link mit einem Satz, der sagt, was damit zu tun ist</translation>
  </message>
  <message>
   <source>Copy</source>
   <translation>Kopieren</translation>
  </message>
  <message>
   <source>Link</source>
   <translation>Link</translation>
  </message>
  <message>
   <source>Make a link</source>
   <translation>Einen Link machen</translation>
  </message>
  <message>
   <source>New link</source>
   <translation>Neuer Link</translation>
  </message>
  <message>
   <source>Other links that still work</source>
   <translation>Andere Links, die noch gelten</translation>
  </message>
  <message>
   <source>The link is ready; press Copy to send it.</source>
   <translation>Der Link ist fertig; mit „Kopieren“ kannst du ihn verschicken.</translation>
  </message>
  <message>
   <source>Withdraw</source>
   <translation>Zurückziehen</translation>
  </message>
  <message>
   <source>Withdraw: %1</source>
   <translation>Zurückziehen: %1</translation>
  </message>
 </context>
 <context>
  <name>Links</name>
  <message>
   <source>Linked mentions</source>
   <translation>Verlinkte Erwähnungen</translation>
  </message>
  <message>
   <source>Make it a link</source>
   <translation>Als Link setzen</translation>
  </message>
  <message>
   <source>Nothing links here yet</source>
   <translation>Noch führt kein Link hierher</translation>
  </message>
  <message>
   <source>Unlinked mentions</source>
   <translation>Erwähnungen ohne Link</translation>
  </message>
  <message>
   <source>Write [[ in another note to link to this one.</source>
   <translation>Schreibe [[ in einer anderen Notiz, um hierher zu verlinken.</translation>
  </message>
 </context>
 <context>
  <name>MatchingWords</name>
  <message>
   <source>Words to compare: %1</source>
   <translation>Wörter zum Vergleichen: %1</translation>
  </message>
 </context>
 <context>
  <name>Members</name>
  <message>
   <source>%1 (you)</source>
   <translation>%1 (du)</translation>
  </message>
  <message>
   <source>%1: %2</source>
   <translation>%1: %2</translation>
  </message>
  <message>
   <source>Call this person…</source>
   <translation>Diese Person nennen …</translation>
  </message>
  <message>
   <source>Compare fingerprints…</source>
   <translation>Fingerabdrücke vergleichen …</translation>
  </message>
  <message>
   <source>Leave this notebook…</source>
   <translation>Dieses Notizbuch verlassen …</translation>
  </message>
  <message>
   <source>Make the owner…</source>
   <translation>Zum Eigentümer machen …</translation>
  </message>
  <message>
   <source>Remove…</source>
   <translation>Entfernen …</translation>
  </message>
  <message>
   <source>This computer</source>
   <translation>Dieser Computer</translation>
  </message>
  <message>
   <source>Writing now</source>
   <translation>Schreibt gerade</translation>
  </message>
 </context>
 <context>
  <name>Menus</name>
  <message>
   <source>Add to favourites</source>
   <translation>Zu den Favoriten</translation>
  </message>
  <message>
   <source>Created last</source>
   <translation>Zuletzt erstellt</translation>
  </message>
  <message>
   <source>Edited last</source>
   <translation>Zuletzt geändert</translation>
  </message>
  <message>
   <source>Export this notebook…</source>
   <translation>Dieses Notizbuch exportieren…</translation>
  </message>
  <message>
   <source>Keep as files, too…</source>
   <translation>Auch als Dateien ablegen…</translation>
  </message>
  <message>
   <source>Keep no files any more</source>
   <translation>Nicht mehr als Dateien ablegen</translation>
  </message>
  <message>
   <source>New folder…</source>
   <translation>Neuer Ordner…</translation>
  </message>
  <message>
   <source>New note here</source>
   <translation>Neue Notiz hier</translation>
  </message>
  <message>
   <source>Open the folder of its files</source>
   <translation>Ordner mit den Dateien öffnen</translation>
  </message>
  <message>
   <source>Pin to the top</source>
   <translation>Oben anheften</translation>
  </message>
  <message>
   <source>Remove from favourites</source>
   <translation>Aus den Favoriten nehmen</translation>
  </message>
  <message>
   <source>Remove the folder, keep its notes</source>
   <translation>Ordner entfernen, Notizen behalten</translation>
  </message>
  <message>
   <source>Remove the notebook…</source>
   <translation>Notizbuch entfernen…</translation>
  </message>
  <message>
   <source>Rename…</source>
   <translation>Umbenennen…</translation>
  </message>
  <message>
   <source>Search in #%1</source>
   <translation>In #%1 suchen</translation>
  </message>
  <message>
   <source>Share…</source>
   <translation>Teilen …</translation>
  </message>
  <message>
   <source>Title</source>
   <translation>Titel</translation>
  </message>
  <message>
   <source>Unpin</source>
   <translation>Lösen</translation>
  </message>
 </context>
 <context>
  <name>MirrorActs</name>
  <message>
   <source>Choose a folder…</source>
   <translation>Ordner wählen…</translation>
  </message>
  <message>
   <source>Each note becomes a Markdown file, with its pictures, in a folder that you choose, and the files follow what you write. They are not encrypted, and what is changed in them does not come back.</source>
   <translation>Jede Notiz wird eine Markdown-Datei mit ihren Bildern, in einem Ordner deiner Wahl; die Dateien folgen dem, was du schreibst. Sie sind nicht verschlüsselt, und was in ihnen geändert wird, kommt nicht zurück.</translation>
  </message>
  <message>
   <source>Keep the files in which folder?</source>
   <translation>In welchem Ordner sollen die Dateien liegen?</translation>
  </message>
  <message>
   <source>Keep “%1” as files, too?</source>
   <translation>„%1“ auch als Dateien ablegen?</translation>
  </message>
  <message>
   <source>No program on this computer opens “%1”.</source>
   <translation>Kein Programm auf diesem Computer öffnet „%1“.</translation>
  </message>
  <message>
   <source>Open the folder</source>
   <translation>Ordner öffnen</translation>
  </message>
  <message>
   <source>The files of “%1” stay as they are and follow no longer.</source>
   <translation>Die Dateien von „%1“ bleiben, wie sie sind, und folgen nicht mehr.</translation>
  </message>
  <message>
   <source>Writing the files of “%1”</source>
   <translation>Die Dateien von „%1“ werden geschrieben</translation>
  </message>
  <message>
   <source>“%1” is kept as files in “%2” now.</source>
   <translation>„%1“ liegt jetzt auch als Dateien in „%2“.</translation>
  </message>
 </context>
 <context>
  <name>Nearby</name>
  <message>
   <source>In this network</source>
   <translation>In diesem Netz</translation>
  </message>
  <message>
   <source>Invite</source>
   <translation>Einladen</translation>
  </message>
  <message>
   <source>Invite %1</source>
   <translation>%1 einladen</translation>
  </message>
  <message>
   <source>Invited</source>
   <translation>Eingeladen</translation>
  </message>
  <message>
   <source>Known to you</source>
   <translation>Dir bekannt</translation>
  </message>
  <message>
   <source>Nobody shows up yet. Ask the other person to open “Join a notebook” in the same network.</source>
   <translation>Noch zeigt sich niemand. Bitte die andere Person, im selben Netz „Einem Notizbuch beitreten“ zu öffnen.</translation>
  </message>
 </context>
 <context>
  <name>NoteActs</name>
  <message>
   <source>%1 (copy)</source>
   <translation>%1 (Kopie)</translation>
  </message>
  <message numerus="yes">
   <source>%n notes deleted for ever</source>
   <translation>
    <numerusform>%n Notiz endgültig gelöscht</numerusform>
    <numerusform>%n Notizen endgültig gelöscht</numerusform>
   </translation>
  </message>
  <message numerus="yes">
   <source>%n notes moved</source>
   <translation>
    <numerusform>%n Notiz verschoben</numerusform>
    <numerusform>%n Notizen verschoben</numerusform>
   </translation>
  </message>
  <message numerus="yes">
   <source>%n notes moved to the trash</source>
   <translation>
    <numerusform>Notiz in den Papierkorb gelegt</numerusform>
    <numerusform>%n Notizen in den Papierkorb gelegt</numerusform>
   </translation>
  </message>
  <message numerus="yes">
   <source>; %n links updated</source>
   <translation>
    <numerusform>; %n Link angepasst</numerusform>
    <numerusform>; %n Links angepasst</numerusform>
   </translation>
  </message>
  <message numerus="yes">
   <source>Delete %n notes for ever?</source>
   <translation>
    <numerusform>Diese Notiz endgültig löschen?</numerusform>
    <numerusform>%n Notizen endgültig löschen?</numerusform>
   </translation>
  </message>
  <message>
   <source>Delete for ever</source>
   <translation>Endgültig löschen</translation>
  </message>
  <message>
   <source>Empty the trash</source>
   <translation>Papierkorb leeren</translation>
  </message>
  <message>
   <source>Empty the trash?</source>
   <translation>Papierkorb leeren?</translation>
  </message>
  <message>
   <source>Its notes are erased here at once, and on other devices that have them 30 days after those hear of it. Only a backup brings them back.</source>
   <translation>Die Notizen darin werden hier sofort gelöscht, auf anderen Geräten, die sie haben, 30 Tage nachdem diese davon erfahren. Zurückholen geht danach nur noch aus einer Sicherung.</translation>
  </message>
  <message>
   <source>Move to…</source>
   <translation>Verschieben nach…</translation>
  </message>
  <message>
   <source>No such notebook or folder</source>
   <translation>Kein solches Notizbuch und kein solcher Ordner</translation>
  </message>
  <message>
   <source>Rename</source>
   <translation>Umbenennen</translation>
  </message>
  <message>
   <source>Rename the note</source>
   <translation>Notiz umbenennen</translation>
  </message>
  <message>
   <source>Renamed to “%1”</source>
   <translation>Umbenannt in „%1“</translation>
  </message>
  <message>
   <source>They are erased here at once, and on other devices that have them 30 days after those hear of it. Only a backup brings them back.</source>
   <translation>Hier werden sie sofort gelöscht, auf anderen Geräten, die sie haben, 30 Tage nachdem diese davon erfahren. Zurückholen geht danach nur noch aus einer Sicherung.</translation>
  </message>
  <message>
   <source>Undo</source>
   <translation>Rückgängig</translation>
  </message>
 </context>
 <context>
  <name>NoteEdit</name>
  <message>
   <source>That is more than a note can hold (2 MB); nothing was pasted. Attach it as a file.</source>
   <translation>Das ist mehr, als eine Notiz fasst (2 MB); nichts wurde eingefügt. Hänge es als Datei an.</translation>
  </message>
  <message>
   <source>What was pasted looks like a picture but can't be read as one.</source>
   <translation>Das Eingefügte sieht wie ein Bild aus, lässt sich aber nicht als eines lesen.</translation>
  </message>
 </context>
 <context>
  <name>NoteListPane</name>
  <message>
   <source>New note</source>
   <translation>Neue Notiz</translation>
  </message>
  <message>
   <source>Search all notes</source>
   <translation>Alle Notizen durchsuchen</translation>
  </message>
  <message>
   <source>Show the sidebar</source>
   <translation>Seitenleiste zeigen</translation>
  </message>
  <message>
   <source>Sort the list</source>
   <translation>Liste sortieren</translation>
  </message>
 </context>
 <context>
  <name>NoteListView</name>
  <message>
   <source>Notes</source>
   <translation>Notizen</translation>
  </message>
 </context>
 <context>
  <name>NotePainter</name>
  <message>
   <source>Untitled</source>
   <translation>Ohne Titel</translation>
  </message>
 </context>
 <context>
  <name>NotePane</name>
  <message>
   <source>Add to favourites</source>
   <translation>Zu den Favoriten</translation>
  </message>
  <message>
   <source>Back to the list</source>
   <translation>Zurück zur Liste</translation>
  </message>
  <message>
   <source>More</source>
   <translation>Mehr</translation>
  </message>
  <message>
   <source>Outline</source>
   <translation>Gliederung</translation>
  </message>
  <message>
   <source>Previous versions</source>
   <translation>Frühere Versionen</translation>
  </message>
  <message>
   <source>Remove from favourites</source>
   <translation>Aus den Favoriten entfernen</translation>
  </message>
  <message>
   <source>Share</source>
   <translation>Teilen</translation>
  </message>
  <message>
   <source>Share this notebook</source>
   <translation>Dieses Notizbuch teilen</translation>
  </message>
  <message>
   <source>Show the sidebar</source>
   <translation>Seitenleiste zeigen</translation>
  </message>
 </context>
 <context>
  <name>NoteRows</name>
  <message>
   <source>%1 here now</source>
   <translation>%1 gerade hier</translation>
  </message>
  <message>
   <source>Untitled</source>
   <translation>Ohne Titel</translation>
  </message>
  <message>
   <source>changed since you looked</source>
   <translation>geändert, seit du hinsahst</translation>
  </message>
  <message>
   <source>favourite</source>
   <translation>Favorit</translation>
  </message>
  <message>
   <source>pinned</source>
   <translation>angeheftet</translation>
  </message>
 </context>
 <context>
  <name>NotebookActs</name>
  <message>
   <source>A folder’s name has no slash in it.</source>
   <translation>Im Namen eines Ordners steht kein Schrägstrich.</translation>
  </message>
  <message>
   <source>Create</source>
   <translation>Anlegen</translation>
  </message>
  <message numerus="yes">
   <source>Its %n notes go to the trash. Restore one, and the notebook is back.</source>
   <translation>
    <numerusform>Seine Notiz kommt in den Papierkorb. Wird sie wiederhergestellt, ist auch das Notizbuch wieder da.</numerusform>
    <numerusform>Seine %n Notizen kommen in den Papierkorb. Wird eine wiederhergestellt, ist auch das Notizbuch wieder da.</numerusform>
   </translation>
  </message>
  <message>
   <source>New folder</source>
   <translation>Neuer Ordner</translation>
  </message>
  <message>
   <source>New notebook</source>
   <translation>Neues Notizbuch</translation>
  </message>
  <message>
   <source>Remove the notebook</source>
   <translation>Notizbuch entfernen</translation>
  </message>
  <message>
   <source>Remove “%1”?</source>
   <translation>„%1“ entfernen?</translation>
  </message>
  <message>
   <source>Rename</source>
   <translation>Umbenennen</translation>
  </message>
  <message>
   <source>Rename the folder</source>
   <translation>Ordner umbenennen</translation>
  </message>
  <message>
   <source>Rename the notebook</source>
   <translation>Notizbuch umbenennen</translation>
  </message>
  <message>
   <source>The folder is gone; its notes moved up.</source>
   <translation>Der Ordner ist weg; seine Notizen liegen jetzt darüber.</translation>
  </message>
  <message>
   <source>There is a notebook of this name already.</source>
   <translation>Ein Notizbuch dieses Namens gibt es schon.</translation>
  </message>
  <message>
   <source>Undo</source>
   <translation>Rückgängig</translation>
  </message>
  <message>
   <source>“%1” is removed.</source>
   <translation>„%1“ ist entfernt.</translation>
  </message>
 </context>
 <context>
  <name>Outline</name>
  <message>
   <source>%1, level %2</source>
   <translation>%1, Ebene %2</translation>
  </message>
  <message>
   <source>A line that begins with # becomes a heading.</source>
   <translation>Eine Zeile, die mit # beginnt, wird zur Überschrift.</translation>
  </message>
  <message>
   <source>No headings yet</source>
   <translation>Noch keine Überschriften</translation>
  </message>
  <message>
   <source>Outline</source>
   <translation>Gliederung</translation>
  </message>
  <message>
   <source>Untitled</source>
   <translation>Ohne Titel</translation>
  </message>
 </context>
 <context>
  <name>Panel</name>
  <message>
   <source>Close the panel</source>
   <translation>Bereich schließen</translation>
  </message>
  <message>
   <source>Links</source>
   <translation>Links</translation>
  </message>
  <message>
   <source>Outline</source>
   <translation>Gliederung</translation>
  </message>
  <message>
   <source>Versions</source>
   <translation>Versionen</translation>
  </message>
 </context>
 <context>
  <name>PartingSheet</name>
  <message>
   <source>Close</source>
   <translation>Schließen</translation>
  </message>
  <message>
   <source>Close Notesapp now?</source>
   <translation>Notesapp jetzt schließen?</translation>
  </message>
  <message>
   <source>Don’t close</source>
   <translation>Nicht schließen</translation>
  </message>
  <message>
   <source>Keep it running</source>
   <translation>Weiterlaufen lassen</translation>
  </message>
  <message>
   <source>The window goes, the program stays and sends; start it again to see the window.</source>
   <translation>Das Fenster geht zu, das Programm bleibt und sendet; ein neuer Start zeigt das Fenster wieder.</translation>
  </message>
  <message>
   <source>They are on their way to %1, and Notesapp closes by itself once they are there.</source>
   <translation>Unterwegs zu: %1. Notesapp schließt von selbst, sobald alles dort ist.</translation>
  </message>
  <message>
   <source>They are saved, and go to %1 the next time both computers run and reach each other.</source>
   <translation>Alles ist gespeichert und kommt an, sobald beide Computer laufen und einander erreichen. Noch nicht bei: %1.</translation>
  </message>
  <message>
   <source>your other devices</source>
   <translation>deine anderen Geräte</translation>
  </message>
 </context>
 <context>
  <name>People</name>
  <message>
   <source>%1 and %2</source>
   <translation>%1 und %2</translation>
  </message>
  <message>
   <source>%1 asks to read “%2”</source>
   <translation>%1 möchte „%2“ lesen</translation>
  </message>
  <message>
   <source>%1 asks to write in “%2”</source>
   <translation>%1 möchte in „%2“ schreiben</translation>
  </message>
  <message>
   <source>%1 invites you to “%2”</source>
   <translation>%1 lädt dich zu „%2“ ein</translation>
  </message>
  <message numerus="yes">
   <source>%1, %2 and %n more</source>
   <translation>
    <numerusform>%1, %2 und %n weitere Person</numerusform>
    <numerusform>%1, %2 und %n weitere</numerusform>
   </translation>
  </message>
  <message numerus="yes">
   <source>%n edits</source>
   <translation>
    <numerusform>%n Änderung</numerusform>
    <numerusform>%n Änderungen</numerusform>
   </translation>
  </message>
  <message numerus="yes">
   <source>%n edits only here</source>
   <translation>
    <numerusform>%n Änderung nur hier</numerusform>
    <numerusform>%n Änderungen nur hier</numerusform>
   </translation>
  </message>
  <message numerus="yes">
   <source>%n files</source>
   <translation>
    <numerusform>%n Datei</numerusform>
    <numerusform>%n Dateien</numerusform>
   </translation>
  </message>
  <message numerus="yes">
   <source>%n files only here</source>
   <translation>
    <numerusform>%n Datei nur hier</numerusform>
    <numerusform>%n Dateien nur hier</numerusform>
   </translation>
  </message>
  <message numerus="yes">
   <source>%n h ago</source>
   <translation>
    <numerusform>vor %n Std.</numerusform>
    <numerusform>vor %n Std.</numerusform>
   </translation>
  </message>
  <message numerus="yes">
   <source>%n min ago</source>
   <translation>
    <numerusform>vor %n Min.</numerusform>
    <numerusform>vor %n Min.</numerusform>
   </translation>
  </message>
  <message numerus="yes">
   <source>%n ms</source>
   <translation>
    <numerusform>%n ms</numerusform>
    <numerusform>%n ms</numerusform>
   </translation>
  </message>
  <message>
   <source>A new device asks to become one of yours</source>
   <translation>Ein neues Gerät möchte eines von deinen werden</translation>
  </message>
  <message>
   <source>Anyone with this link can read and edit every note in this notebook.</source>
   <translation>Alle mit diesem Link können jede Notiz in diesem Notizbuch lesen und ändern.</translation>
  </message>
  <message>
   <source>Anyone with this link can read every note in this notebook.</source>
   <translation>Alle mit diesem Link können jede Notiz in diesem Notizbuch lesen.</translation>
  </message>
  <message>
   <source>Can edit</source>
   <translation>Kann ändern</translation>
  </message>
  <message>
   <source>Can manage</source>
   <translation>Kann verwalten</translation>
  </message>
  <message>
   <source>Can read</source>
   <translation>Kann lesen</translation>
  </message>
  <message>
   <source>Compare these words with %1: do both screens show the same?</source>
   <translation>Vergleiche diese Wörter mit %1: Stehen auf beiden Bildschirmen dieselben?</translation>
  </message>
  <message>
   <source>Everything; there is one owner</source>
   <translation>Alles; es gibt genau einen Eigentümer</translation>
  </message>
  <message>
   <source>Fetching the notes…</source>
   <translation>Die Notizen werden geholt …</translation>
  </message>
  <message numerus="yes">
   <source>For %n people</source>
   <translation>
    <numerusform>Für %n Person</numerusform>
    <numerusform>Für %n Personen</numerusform>
   </translation>
  </message>
  <message>
   <source>For any number of people</source>
   <translation>Für beliebig viele</translation>
  </message>
  <message>
   <source>Found where %1’s computer is. Asking both routers to let you two through…</source>
   <translation>Der Computer von %1 ist gefunden. Beide Router werden gebeten, euch durchzulassen…</translation>
  </message>
  <message>
   <source>Found where the other computer is. Asking both routers to let you two through…</source>
   <translation>Gefunden, wo der andere Computer ist. Beide Router werden gebeten, euch durchzulassen …</translation>
  </message>
  <message>
   <source>Found. Both computers are proving who they are…</source>
   <translation>Gefunden. Beide Computer beweisen, wer sie sind …</translation>
  </message>
  <message>
   <source>Has ended</source>
   <translation>Abgelaufen</translation>
  </message>
  <message>
   <source>Has everything</source>
   <translation>Hat alles</translation>
  </message>
  <message>
   <source>Has everything up to %1</source>
   <translation>Hat alles bis %1</translation>
  </message>
  <message>
   <source>Here now</source>
   <translation>Gerade da</translation>
  </message>
  <message>
   <source>Here now · direct over the internet</source>
   <translation>Gerade da · direkt über das Internet</translation>
  </message>
  <message>
   <source>Here now · same network</source>
   <translation>Gerade da · selbes Netz</translation>
  </message>
  <message>
   <source>Here now · through %1</source>
   <translation>Gerade da · über %1</translation>
  </message>
  <message>
   <source>It didn’t work.</source>
   <translation>Es hat nicht geklappt.</translation>
  </message>
  <message>
   <source>Looking for %1’s computer…</source>
   <translation>Der Computer von %1 wird gesucht …</translation>
  </message>
  <message>
   <source>Looking for the other computer…</source>
   <translation>Der andere Computer wird gesucht …</translation>
  </message>
  <message>
   <source>Not known what is there</source>
   <translation>Unbekannt, was dort ist</translation>
  </message>
  <message>
   <source>Not seen yet</source>
   <translation>Noch nicht gesehen</translation>
  </message>
  <message>
   <source>Only here: %1</source>
   <translation>Nur hier: %1</translation>
  </message>
  <message>
   <source>Only on this computer: %1</source>
   <translation>Nur auf diesem Computer: %1</translation>
  </message>
  <message>
   <source>Owner</source>
   <translation>Eigentümer</translation>
  </message>
  <message>
   <source>Read and edit every note</source>
   <translation>Jede Notiz lesen und ändern</translation>
  </message>
  <message>
   <source>Read every note, change nothing</source>
   <translation>Jede Notiz lesen, nichts ändern</translation>
  </message>
  <message>
   <source>Read, edit, invite and remove people</source>
   <translation>Lesen, ändern, Leute einladen und entfernen</translation>
  </message>
  <message>
   <source>Seen %1</source>
   <translation>Gesehen %1</translation>
  </message>
  <message>
   <source>Seen a moment ago</source>
   <translation>Eben gesehen</translation>
  </message>
  <message>
   <source>Somebody</source>
   <translation>Jemand</translation>
  </message>
  <message>
   <source>Used up</source>
   <translation>Aufgebraucht</translation>
  </message>
  <message>
   <source>Waiting until %1 lets you in.</source>
   <translation>Warten, bis %1 dich einlässt.</translation>
  </message>
  <message>
   <source>Waiting until %1 lets you in. Both screens must show these words:</source>
   <translation>Warten, bis %1 dich einlässt. Beide Bildschirme müssen diese Wörter zeigen:</translation>
  </message>
  <message numerus="yes">
   <source>Waits for %n edits</source>
   <translation>
    <numerusform>Wartet auf %n Änderung</numerusform>
    <numerusform>Wartet auf %n Änderungen</numerusform>
   </translation>
  </message>
  <message>
   <source>Whoever you let in with this link can read and edit every note in this notebook.</source>
   <translation>Wen du mit diesem Link einlässt, kann jede Notiz in diesem Notizbuch lesen und ändern.</translation>
  </message>
  <message>
   <source>Whoever you let in with this link can read every note in this notebook.</source>
   <translation>Wen du mit diesem Link einlässt, kann jede Notiz in diesem Notizbuch lesen.</translation>
  </message>
  <message>
   <source>Withdrawn</source>
   <translation>Zurückgezogen</translation>
  </message>
  <message>
   <source>Works until %1</source>
   <translation>Gilt bis %1</translation>
  </message>
  <message>
   <source>Works until you withdraw it</source>
   <translation>Gilt, bis du ihn zurückziehst</translation>
  </message>
  <message>
   <source>You are in “%1” and can edit it.</source>
   <translation>Du bist in „%1“ und kannst es bearbeiten.</translation>
  </message>
  <message>
   <source>You are in “%1” and can manage it.</source>
   <translation>Du bist in „%1“ und kannst es verwalten.</translation>
  </message>
  <message>
   <source>You are in “%1” and can read it.</source>
   <translation>Du bist in „%1“ und kannst es lesen.</translation>
  </message>
  <message>
   <source>You are in “%1” and own it.</source>
   <translation>Du bist in „%1“; es gehört dir.</translation>
  </message>
  <message>
   <source>You are in.</source>
   <translation>Du bist drin.</translation>
  </message>
  <message>
   <source>You will be able to read and edit every note in it.</source>
   <translation>Du wirst jede Notiz darin lesen und ändern können.</translation>
  </message>
  <message>
   <source>You will be able to read every note in it.</source>
   <translation>Du wirst jede Notiz darin lesen können.</translation>
  </message>
  <message>
   <source>a day ago</source>
   <translation>vor einem Tag</translation>
  </message>
  <message>
   <source>a notebook</source>
   <translation>einem Notizbuch</translation>
  </message>
  <message>
   <source>on %1</source>
   <translation>am %1</translation>
  </message>
  <message>
   <source>you let each one in</source>
   <translation>du lässt jeden selbst ein</translation>
  </message>
 </context>
 <context>
  <name>PeopleActs</name>
  <message>
   <source>%1 is asked, and owns it as soon as %1 agrees.</source>
   <translation>%1 wird gefragt; sobald %1 zustimmt, ist es übergeben.</translation>
  </message>
  <message>
   <source>Call %1 and compare: these words must stand on the other screen, and yours here.</source>
   <translation>Ruf %1 an und vergleiche: Diese Wörter müssen auf dem anderen Bildschirm stehen, und deine hier.</translation>
  </message>
  <message>
   <source>Continue</source>
   <translation>Weiter</translation>
  </message>
  <message>
   <source>Done</source>
   <translation>Fertig</translation>
  </message>
  <message>
   <source>Hand over</source>
   <translation>Übergeben</translation>
  </message>
  <message>
   <source>Is this really %1?</source>
   <translation>Ist das wirklich %1?</translation>
  </message>
  <message>
   <source>Leave</source>
   <translation>Verlassen</translation>
  </message>
  <message>
   <source>Leave “%1”?</source>
   <translation>„%1“ verlassen?</translation>
  </message>
  <message>
   <source>Make %1 the owner of “%2”?</source>
   <translation>%1 zum Eigentümer von „%2“ machen?</translation>
  </message>
  <message>
   <source>Nobody sees where you are now.</source>
   <translation>Niemand sieht jetzt, wo du bist.</translation>
  </message>
  <message>
   <source>Others see where you are again.</source>
   <translation>Andere sehen wieder, wo du bist.</translation>
  </message>
  <message>
   <source>Remove</source>
   <translation>Entfernen</translation>
  </message>
  <message>
   <source>Remove %1 from “%2”?</source>
   <translation>%1 aus „%2“ entfernen?</translation>
  </message>
  <message>
   <source>Removing %1 stops future access. %1 keeps what %1 already has.</source>
   <translation>%1 zu entfernen beendet den künftigen Zugang. %1 behält, was %1 schon hat.</translation>
  </message>
  <message>
   <source>Save</source>
   <translation>Speichern</translation>
  </message>
  <message>
   <source>Share only this note: it moves into a notebook of this name</source>
   <translation>Nur diese Notiz teilen: Sie kommt in ein Notizbuch dieses Namens</translation>
  </message>
  <message>
   <source>The words of %1</source>
   <translation>Die Wörter von %1</translation>
  </message>
  <message>
   <source>There is one owner, and %1 is asked first. You stay and can manage it, until the new owner decides otherwise.</source>
   <translation>Es gibt genau einen Eigentümer, und %1 wird zuerst gefragt. Du bleibst und kannst es verwalten, bis der neue Eigentümer anders entscheidet.</translation>
  </message>
  <message>
   <source>This is your own copy now.</source>
   <translation>Das ist jetzt deine eigene Kopie.</translation>
  </message>
  <message>
   <source>Untitled</source>
   <translation>Ohne Titel</translation>
  </message>
  <message>
   <source>What do you call %1? Only you see it.</source>
   <translation>Wie nennst du %1? Nur du siehst es.</translation>
  </message>
  <message>
   <source>You get no more changes and can’t write in it any more. You keep what you already have.</source>
   <translation>Du bekommst keine Änderungen mehr und kannst nicht mehr darin schreiben. Du behältst, was du schon hast.</translation>
  </message>
  <message>
   <source>Your words</source>
   <translation>Deine Wörter</translation>
  </message>
  <message>
   <source>“%1” is yours as soon as the computer of %2 hears of it.</source>
   <translation>„%1“ gehört dir, sobald der Computer von %2 davon erfährt.</translation>
  </message>
 </context>
 <context>
  <name>Popover</name>
  <message>
   <source>Copied. Paste it into a terminal; everybody is found by itself then.</source>
   <translation>Kopiert. Füge es in ein Terminal ein; danach werden alle von selbst gefunden.</translation>
  </message>
  <message>
   <source>Copy the command</source>
   <translation>Befehl kopieren</translation>
  </message>
  <message>
   <source>In this network</source>
   <translation>In diesem Netz</translation>
  </message>
  <message>
   <source>Join a notebook…</source>
   <translation>Einem Notizbuch beitreten …</translation>
  </message>
  <message>
   <source>Keep it running until somebody has them.</source>
   <translation>Lass es laufen, bis jemand sie hat.</translation>
  </message>
  <message>
   <source>Look again</source>
   <translation>Noch einmal suchen</translation>
  </message>
  <message>
   <source>Nearby</source>
   <translation>In der Nähe</translation>
  </message>
  <message>
   <source>Nobody yet. Share a notebook, and you write in it together.</source>
   <translation>Noch niemand. Teile ein Notizbuch, dann schreibt ihr gemeinsam darin.</translation>
  </message>
  <message>
   <source>Open the settings</source>
   <translation>Einstellungen öffnen</translation>
  </message>
  <message>
   <source>People</source>
   <translation>Leute</translation>
  </message>
  <message>
   <source>Safe to close: nothing is on this computer only.</source>
   <translation>Kann geschlossen werden: Nichts ist nur auf diesem Computer.</translation>
  </message>
  <message>
   <source>Share…</source>
   <translation>Teilen …</translation>
  </message>
  <message>
   <source>Show the notebook</source>
   <translation>Notizbuch zeigen</translation>
  </message>
 </context>
 <context>
  <name>Presence</name>
  <message>
   <source>%1 is in this note now</source>
   <translation>%1 ist jetzt in dieser Notiz</translation>
  </message>
  <message>
   <source>Following %1</source>
   <translation>%1 wird gefolgt</translation>
  </message>
 </context>
 <context>
  <name>Program</name>
  <message>
   <source>Something went wrong in Notesapp</source>
   <translation>In Notesapp ist etwas schiefgegangen</translation>
  </message>
  <message>
   <source>Your text is safe. The report holds no note text; please pass it on.</source>
   <translation>Dein Text ist sicher. Der Bericht enthält keinen Text aus Notizen; bitte gib ihn weiter.</translation>
  </message>
 </context>
 <context>
  <name>ProgramActs</name>
  <message numerus="yes">
   <source>%n things need attention</source>
   <translation>
    <numerusform>%n Punkt braucht Aufmerksamkeit</numerusform>
    <numerusform>%n Punkte brauchen Aufmerksamkeit</numerusform>
   </translation>
  </message>
  <message>
   <source>Backed up; the file is checked</source>
   <translation>Gesichert; die Datei ist geprüft</translation>
  </message>
  <message>
   <source>Backing up</source>
   <translation>Sicherung läuft</translation>
  </message>
  <message>
   <source>Checking the notes on this computer</source>
   <translation>Die Notizen auf diesem Computer werden geprüft</translation>
  </message>
  <message>
   <source>Everything is well</source>
   <translation>Alles in Ordnung</translation>
  </message>
 </context>
 <context>
  <name>QrCode</name>
  <message>
   <source>QR code of the link</source>
   <translation>QR-Code des Links</translation>
  </message>
 </context>
 <context>
  <name>QuickNote</name>
  <message>
   <source>Ctrl+Enter keeps it · Esc throws it away</source>
   <translation>Strg+Enter behält sie · Esc verwirft sie</translation>
  </message>
  <message>
   <source>Keep</source>
   <translation>Behalten</translation>
  </message>
  <message>
   <source>Quick note</source>
   <translation>Schnellnotiz</translation>
  </message>
  <message>
   <source>Text of the quick note</source>
   <translation>Text der Schnellnotiz</translation>
  </message>
  <message>
   <source>What is on your mind?</source>
   <translation>Was geht dir durch den Kopf?</translation>
  </message>
 </context>
 <context>
  <name>Reading</name>
  <message>
   <source>Back to now</source>
   <translation>Zurück zu jetzt</translation>
  </message>
  <message>
   <source>Links of the kind “%1” are not opened.</source>
   <translation>Links der Art „%1“ werden nicht geöffnet.</translation>
  </message>
  <message>
   <source>No program on this computer opens “%1”.</source>
   <translation>Kein Programm auf diesem Computer öffnet „%1“.</translation>
  </message>
  <message>
   <source>Restore this version</source>
   <translation>Diese Version wiederherstellen</translation>
  </message>
  <message>
   <source>Restored; the text before it is kept as a version, too</source>
   <translation>Wiederhergestellt; der Text davor bleibt ebenfalls als Version erhalten</translation>
  </message>
  <message>
   <source>Save the attachment</source>
   <translation>Anhang speichern</translation>
  </message>
  <message>
   <source>That place has changed in the meantime.</source>
   <translation>Diese Stelle hat sich inzwischen geändert.</translation>
  </message>
  <message>
   <source>This is the version of %1.</source>
   <translation>Das ist die Version vom %1.</translation>
  </message>
  <message>
   <source>Undo</source>
   <translation>Rückgängig</translation>
  </message>
  <message>
   <source>“%1” is new</source>
   <translation>„%1“ ist neu</translation>
  </message>
 </context>
 <context>
  <name>RecoveredSheet</name>
  <message>
   <source>%1 in “%2”, %3</source>
   <translation>%1 in „%2“, %3</translation>
  </message>
  <message>
   <source>Done</source>
   <translation>Fertig</translation>
  </message>
  <message>
   <source>Edits that were set aside</source>
   <translation>Beiseitegelegte Änderungen</translation>
  </message>
  <message>
   <source>Nothing is set aside here.</source>
   <translation>Hier ist nichts beiseitegelegt.</translation>
  </message>
  <message>
   <source>Put away</source>
   <translation>Weglegen</translation>
  </message>
  <message>
   <source>Put back</source>
   <translation>Zurücklegen</translation>
  </message>
  <message>
   <source>These were written by somebody who was no longer allowed to. They are in no note. Whoever may write can put them back as an edit of their own.</source>
   <translation>Das schrieb jemand, der es nicht mehr durfte. Es steht in keiner Notiz. Wer schreiben darf, kann es als eigene Änderung zurücklegen.</translation>
  </message>
  <message>
   <source>Untitled</source>
   <translation>Ohne Titel</translation>
  </message>
  <message>
   <source>What was written</source>
   <translation>Was geschrieben wurde</translation>
  </message>
  <message>
   <source>You can only read here now, so you can’t put them back.</source>
   <translation>Du kannst hier jetzt nur lesen und sie darum nicht zurücklegen.</translation>
  </message>
 </context>
 <context>
  <name>Report</name>
  <message>
   <source>Close</source>
   <translation>Schließen</translation>
  </message>
  <message>
   <source>Copied</source>
   <translation>Kopiert</translation>
  </message>
  <message>
   <source>Copy</source>
   <translation>Kopieren</translation>
  </message>
  <message>
   <source>Details</source>
   <translation>Einzelheiten</translation>
  </message>
 </context>
 <context>
  <name>Sayings</name>
  <message>
   <source>1 hour ago</source>
   <translation>vor einer Stunde</translation>
  </message>
  <message>
   <source>A backup needs {needed} free on the disk of “{path}”, and only {free} are; nothing was changed.</source>
   <translation>Eine Sicherung braucht {needed} Platz auf dem Datenträger von „{path}“, und nur {free} sind frei; nichts wurde geändert.</translation>
  </message>
  <message>
   <source>A bug in Notesapp: {what}. Nothing was saved from this step; please report it.</source>
   <translation>Ein Fehler in Notesapp: {what}. Von diesem Schritt wurde nichts gespeichert; bitte melde ihn.</translation>
  </message>
  <message>
   <source>A code has three words of the list, and “{typed}” isn't one; did you mean {nearest}?</source>
   <translation>Es sind drei Wörter aus der Liste, und „{typed}“ ist keines davon; meintest du {nearest}?</translation>
  </message>
  <message>
   <source>A code has three words, and {found} were typed.</source>
   <translation>Es sind drei Wörter, und {found} wurden getippt.</translation>
  </message>
  <message>
   <source>A code with this first word is in use here already; use or end that one first.</source>
   <translation>Ein Code mit diesem ersten Wort wird hier schon benutzt; verwende oder beende zuerst den.</translation>
  </message>
  <message>
   <source>A firewall on this computer lets nothing in to Notesapp</source>
   <translation>Eine Firewall auf diesem Computer lässt nichts zu Notesapp herein</translation>
  </message>
  <message>
   <source>A firewall on this computer lets nothing in to UDP port {port}.</source>
   <translation>Eine Firewall auf diesem Computer lässt nichts zum UDP-Port {port} herein.</translation>
  </message>
  <message>
   <source>A firewall on this computer lets nothing of Notesapp out</source>
   <translation>Eine Firewall auf diesem Computer lässt nichts von Notesapp hinaus</translation>
  </message>
  <message>
   <source>A firewall on this computer lets nothing out of UDP port {port}.</source>
   <translation>Eine Firewall auf diesem Computer lässt nichts vom UDP-Port {port} hinaus.</translation>
  </message>
  <message>
   <source>A folder can't be called “{name}”: leave out line ends and control characters.</source>
   <translation>Ein Ordner kann nicht „{name}“ heißen: lass Zeilenenden und Steuerzeichen weg.</translation>
  </message>
  <message>
   <source>A folder needs a name.</source>
   <translation>Ein Ordner braucht einen Namen.</translation>
  </message>
  <message>
   <source>A helper process stopped while {doing} ({why}); the notes themselves are untouched, try again.</source>
   <translation>Ein Hilfsprozess blieb stehen bei: {doing} ({why}); die Notizen selbst sind unberührt, versuch es noch einmal.</translation>
  </message>
  <message>
   <source>A name can't be empty.</source>
   <translation>Ein Name kann nicht leer sein.</translation>
  </message>
  <message>
   <source>A name can't be longer than {count} characters.</source>
   <translation>Ein Name kann nicht länger als {count} Zeichen sein.</translation>
  </message>
  <message>
   <source>A name has 1 to 80 letters.</source>
   <translation>Ein Name hat 1 bis 80 Buchstaben.</translation>
  </message>
  <message>
   <source>A name has at most {count} letters.</source>
   <translation>Ein Name hat höchstens {count} Buchstaben.</translation>
  </message>
  <message>
   <source>A note can't be called “{name}”: a name needs letters or digits.</source>
   <translation>Eine Notiz kann nicht „{name}“ heißen: Ein Name braucht Buchstaben oder Ziffern.</translation>
  </message>
  <message>
   <source>A note can't be called “{name}”: leave out / \ [ ] # ^ | and line ends.</source>
   <translation>Eine Notiz kann nicht „{name}“ heißen: lass / \ [ ] # ^ | und Zeilenenden weg.</translation>
  </message>
  <message>
   <source>A notebook has one owner; hand it over instead.</source>
   <translation>Ein Notizbuch gehört genau einer Person; übergib es stattdessen.</translation>
  </message>
  <message>
   <source>A notebook is handed over to another member of it.</source>
   <translation>Übergeben wird ein Notizbuch an ein anderes Mitglied.</translation>
  </message>
  <message>
   <source>A person has at most {count} devices; take one away that you don't use.</source>
   <translation>Eine Person hat höchstens {count} Geräte; nimm eines weg, das du nicht benutzt.</translation>
  </message>
  <message>
   <source>A recovery kit has 24 words, and {found} were typed; check that no word is missing or doubled.</source>
   <translation>Es sind 24 Wiederherstellungswörter, und {found} wurden getippt; prüfe, ob eines fehlt oder doppelt ist.</translation>
  </message>
  <message>
   <source>All 24 words exist, but they don't belong together: one of them is another word, or two changed places. Compare each with the kit.</source>
   <translation>Alle 24 Wörter gibt es, aber sie gehören nicht zusammen: Eines ist ein anderes Wort, oder zwei sind vertauscht. Vergleiche jedes.</translation>
  </message>
  <message>
   <source>All {count} changes of {total} logs follow each other.</source>
   <translation>Alle {count} Änderungen aus {total} Verläufen folgen aufeinander.</translation>
  </message>
  <message>
   <source>All {total} snapshots are what was saved.</source>
   <translation>Alle {total} Momentaufnahmen sind, was gespeichert wurde.</translation>
  </message>
  <message>
   <source>Allow Notesapp’s UDP port in it.</source>
   <translation>Gib den UDP-Port von Notesapp darin frei.</translation>
  </message>
  <message>
   <source>Allow UDP port {port} in it, in both directions.</source>
   <translation>Gib UDP-Port {port} darin frei, in beide Richtungen.</translation>
  </message>
  <message>
   <source>Allow UDP port {port} in it: {command}</source>
   <translation>Gib UDP-Port {port} darin frei: {command}</translation>
  </message>
  <message>
   <source>Allow multicast (UDP port 5353) in the firewall; links with addresses work without it.</source>
   <translation>Erlaube Multicast (UDP-Port 5353) in der Firewall; Links mit Adressen gehen auch ohne.</translation>
  </message>
  <message>
   <source>An empty passphrase protects nothing; type one of several words.</source>
   <translation>Eine leere Passphrase schützt nichts; nimm eine aus mehreren Wörtern.</translation>
  </message>
  <message>
   <source>An invite can't end before it begins; choose a later end.</source>
   <translation>Eine Einladung kann nicht enden, bevor sie beginnt; wähle ein späteres Ende.</translation>
  </message>
  <message>
   <source>Another Notesapp is using “{path}” and doesn't answer; close it or choose another folder with --home.</source>
   <translation>Ein anderes Notesapp benutzt „{path}“ und antwortet nicht; schließ es, oder wähle mit --home einen anderen Ordner.</translation>
  </message>
  <message>
   <source>Another device edits this {kind} with a newer Notesapp, so it can only be read here; update the program to edit it.</source>
   <translation>Ein anderes Gerät bearbeitet dies mit einem neueren Notesapp, darum lässt es sich hier nur lesen ({kind}); aktualisiere das Programm, um es zu bearbeiten.</translation>
  </message>
  <message>
   <source>Another device sent something that can't be right: {reason}.</source>
   <translation>Ein anderes Gerät hat etwas geschickt, das nicht stimmen kann: {reason}.</translation>
  </message>
  <message>
   <source>Another device uses a newer Notesapp ({what}); update the program here to understand it.</source>
   <translation>Ein anderes Gerät hat ein neueres Notesapp ({what}); aktualisiere das Programm hier, um es zu verstehen.</translation>
  </message>
  <message>
   <source>Another file of this name is there; it was kept. Use --overwrite to replace it.</source>
   <translation>Eine andere Datei dieses Namens ist da; sie blieb erhalten.</translation>
  </message>
  <message>
   <source>Another program made or changed this file; it was kept.</source>
   <translation>Ein anderes Programm hat diese Datei angelegt oder verändert; sie blieb, wie sie ist.</translation>
  </message>
  <message>
   <source>Another program made or changed this file; it was kept. Move it away, and it is written anew.</source>
   <translation>Ein anderes Programm hat diese Datei angelegt oder verändert; sie blieb, wie sie ist. Leg sie woandershin, dann wird sie neu geschrieben.</translation>
  </message>
  <message>
   <source>Ask for a new invite.</source>
   <translation>Bitte um eine neue Einladung.</translation>
  </message>
  <message>
   <source>Ask the other person to open Notesapp, and check that both computers are in one network, or online.</source>
   <translation>Bitte die andere Person, Notesapp zu öffnen, und sieh nach, ob beide Computer in einem Netz oder online sind.</translation>
  </message>
  <message>
   <source>Ask the other person to open Notesapp, and check that both computers are online.</source>
   <translation>Bitte die andere Person, Notesapp zu öffnen, und sieh nach, ob beide Computer online sind.</translation>
  </message>
  <message>
   <source>Attachments already take {used} of the {quota} allowed on this device; remove some or allow more.</source>
   <translation>Anhänge nehmen schon {used} von {quota} ein, die auf diesem Gerät erlaubt sind; entferne einige, oder erlaube mehr.</translation>
  </message>
  <message>
   <source>Both routers use another port for each connection, so neither end can tell where to knock</source>
   <translation>Beide Router nehmen für jede Verbindung einen anderen Port, sodass keine Seite weiß, wo sie anklopfen soll</translation>
  </message>
  <message>
   <source>Carry for 1 to {pairs} pairs, with 8 to {rate} KiB a second each.</source>
   <translation>Vermittle für 1 bis {pairs} Paare, mit je 8 bis {rate} KiB in der Sekunde.</translation>
  </message>
  <message>
   <source>Changes are kept here and sent when one of you is back.</source>
   <translation>Änderungen bleiben hier und gehen hinaus, sobald eine Seite wieder da ist.</translation>
  </message>
  <message>
   <source>Changes are on their way to {names}.</source>
   <translation>Änderungen sind unterwegs zu {names}.</translation>
  </message>
  <message>
   <source>Characters that no note may hold were changed to line ends or left out.</source>
   <translation>Zeichen, die keine Notiz enthalten darf, wurden zu Zeilenenden oder weggelassen.</translation>
  </message>
  <message>
   <source>Check the first word; both computers must be in one network, or online.</source>
   <translation>Prüfe das erste Wort; beide Computer müssen in einem Netz oder online sein.</translation>
  </message>
  <message>
   <source>Check the first word; the other person must have Notesapp open, and be online or in this network.</source>
   <translation>Prüfe das erste Wort; die andere Person muss Notesapp offen haben und online oder in diesem Netz sein.</translation>
  </message>
  <message>
   <source>Close Notesapp and start it again: it repairs the store and says what could be saved.</source>
   <translation>Schließ Notesapp und starte es neu: Es setzt den Speicher instand und sagt, was zu retten war.</translation>
  </message>
  <message>
   <source>Connect it to a network; nothing is lost meanwhile.</source>
   <translation>Verbinde ihn mit einem Netz; inzwischen geht nichts verloren.</translation>
  </message>
  <message>
   <source>Connect it to one.</source>
   <translation>Verbinde ihn mit einem.</translation>
  </message>
  <message>
   <source>Connect this computer to a network.</source>
   <translation>Verbinde diesen Computer mit einem Netz.</translation>
  </message>
  <message>
   <source>Copy what you need from it.</source>
   <translation>Kopiere heraus, was du brauchst.</translation>
  </message>
  <message>
   <source>Devices in the same network are found by multicast DNS.</source>
   <translation>Geräte im gleichen Netz werden über Multicast-DNS gefunden.</translation>
  </message>
  <message>
   <source>Every page of the store was read and is sound.</source>
   <translation>Jede Seite des Speichers wurde gelesen und ist heil.</translation>
  </message>
  <message>
   <source>Files of an earlier repair or restore are kept at “{path}”.</source>
   <translation>Dateien einer früheren Reparatur oder Rettung liegen bei „{path}“.</translation>
  </message>
  <message>
   <source>Found where {names} is; asking both routers to let you two through.</source>
   <translation>{names} ist gefunden; beide Router werden gebeten, euch durchzulassen.</translation>
  </message>
  <message>
   <source>Free some space: backups and bulk sync wait, and soon nothing more can be saved.</source>
   <translation>Schaff Platz: Sicherungen und große Abgleiche warten, und bald kann nichts mehr gespeichert werden.</translation>
  </message>
  <message>
   <source>From both ends: {name} is reached by the path “{path}”; {answered} of {sent} probes were answered, in {lag} ms (at worst {worst} ms).</source>
   <translation>Von beiden Seiten: {name} ist auf dem Weg „{path}“ erreichbar; {answered} von {sent} Proben wurden beantwortet, nach {lag} ms (schlimmstenfalls {worst} ms).</translation>
  </message>
  <message>
   <source>From both ends: {name} is reached by the path “{path}”; {answered} of {sent} probes were answered.</source>
   <translation>Von beiden Seiten: {name} ist auf dem Weg „{path}“ erreichbar; {answered} von {sent} Proben wurden beantwortet.</translation>
  </message>
  <message>
   <source>Go online with another of your devices: it may have it. What they say is in new notes in “Recovered”.</source>
   <translation>Geh mit einem anderen deiner Geräte ins Netz: Vielleicht hat es sie. Was darin steht, ist in neuen Notizen unter „Recovered“.</translation>
  </message>
  <message>
   <source>If people aren't reached, name other nodes to ask first, or use another network.</source>
   <translation>Wenn Leute nicht erreicht werden: andere Knoten angeben, die zuerst gefragt werden, oder ein anderes Netz nehmen.</translation>
  </message>
  <message>
   <source>If that is hours wrong, nobody is found on the internet.</source>
   <translation>Geht sie Stunden falsch, wird im Internet niemand gefunden.</translation>
  </message>
  <message>
   <source>If the other person is in another one, press “Find people on the internet” on both computers.</source>
   <translation>Wenn die andere Person in einem anderen ist, drückt auf beiden Computern „Menschen im Internet finden“.</translation>
  </message>
  <message>
   <source>In the mirror “{mirror}” another program made or changed “{file}”{more}; it was kept.</source>
   <translation>Im Spiegel „{mirror}“ hat ein anderes Programm „{file}“ angelegt oder verändert{more}; es blieb, wie es ist.</translation>
  </message>
  <message>
   <source>It has ended; make a new one.</source>
   <translation>Sie gelten nicht mehr; mach neue.</translation>
  </message>
  <message>
   <source>It holds NUL bytes, so it is no text: kept as an attachment.</source>
   <translation>Sie enthält NUL-Bytes, ist also kein Text: als Anhang behalten.</translation>
  </message>
  <message>
   <source>It is in the notebook no more, but was changed here; it was kept.</source>
   <translation>Sie ist nicht mehr im Notizbuch, wurde aber hier verändert; sie blieb, wie sie ist.</translation>
  </message>
  <message>
   <source>It is larger than a note may be ({limit} bytes): kept as a file.</source>
   <translation>Es ist größer, als eine Notiz sein darf ({limit} Bytes): als Datei aufbewahrt.</translation>
  </message>
  <message>
   <source>It is larger than an attachment may be (200 MB): not imported.</source>
   <translation>Sie ist größer, als ein Anhang sein darf (200 MB): nicht importiert.</translation>
  </message>
  <message>
   <source>It is not UTF-8 text (byte {at}): kept as an attachment.</source>
   <translation>Es ist kein UTF-8-Text (Byte {at}): als Anhang aufbewahrt.</translation>
  </message>
  <message>
   <source>It is seen at {address}.</source>
   <translation>Er ist bei {address} zu sehen.</translation>
  </message>
  <message>
   <source>It is seen at {address}. The router there keeps {mapped} open.</source>
   <translation>Er ist bei {address} zu sehen. Der Router dort hält {mapped} offen.</translation>
  </message>
  <message>
   <source>It is tried again by itself; what you write is kept.</source>
   <translation>Es wird von selbst wieder versucht; was du schreibst, bleibt erhalten.</translation>
  </message>
  <message>
   <source>It may just have gone offline or changed its network: keep Notesapp open on both, the search goes on.</source>
   <translation>Vielleicht ist es gerade offline gegangen oder hat das Netz gewechselt: Lass Notesapp auf beiden offen, die Suche geht weiter.</translation>
  </message>
  <message>
   <source>It may need a newer Notesapp.</source>
   <translation>Vielleicht braucht es ein neueres Notesapp.</translation>
  </message>
  <message>
   <source>It shows as soon as the phone book (DHT) or a member answers.</source>
   <translation>Es zeigt sich, sobald das Telefonbuch (DHT) oder ein Mitglied antwortet.</translation>
  </message>
  <message>
   <source>It was cancelled.</source>
   <translation>Es wurde abgebrochen.</translation>
  </message>
  <message>
   <source>It was changed on disk and here since the last import: both texts were kept.</source>
   <translation>Sie wurde seit dem letzten Import in der Datei und hier verändert: Beide Texte wurden behalten.</translation>
  </message>
  <message>
   <source>It was deleted here and hasn't changed on disk since: not imported again.</source>
   <translation>Sie wurde hier gelöscht und hat sich seither in der Datei nicht geändert: nicht noch einmal importiert.</translation>
  </message>
  <message>
   <source>It was ended.</source>
   <translation>Sie wurden beendet.</translation>
  </message>
  <message>
   <source>It was repaired: {saved} rows were saved.</source>
   <translation>Sie wurde repariert: {saved} Zeilen sind gerettet.</translation>
  </message>
  <message>
   <source>Its line ends were changed from CR or CRLF to LF.</source>
   <translation>Ihre Zeilenenden wurden von CR oder CRLF in LF geändert.</translation>
  </message>
  <message>
   <source>Its name can't be kept as it is; it is “{name}” here.</source>
   <translation>Ihr Name lässt sich nicht so behalten; sie heißt hier „{name}“.</translation>
  </message>
  <message>
   <source>Its name differs from “{name}” only in letter case; an export renames one.</source>
   <translation>Ihr Name unterscheidet sich von „{name}“ nur durch Groß- und Kleinschreibung; ein Export benennt eine um.</translation>
  </message>
  <message>
   <source>Its text has not come to this device yet.</source>
   <translation>Der Text ist noch nicht auf diesem Gerät angekommen.</translation>
  </message>
  <message>
   <source>Keep a device of a member online that has both IPv4 and IPv6: it can relay. Or use a network that has both, for example a phone's hotspot.</source>
   <translation>Lass ein Gerät eines Mitglieds online, das IPv4 und IPv6 hat: Es kann weiterleiten. Oder nimm ein Netz, das beides hat, zum Beispiel den Hotspot eines Telefons.</translation>
  </message>
  <message>
   <source>Last: {error}.</source>
   <translation>Zuletzt: {error}.</translation>
  </message>
  <message>
   <source>Let the system set its clock by itself; more than three hours off, nobody is found on the internet.</source>
   <translation>Lass das System seine Uhr selbst stellen; geht sie mehr als drei Stunden falsch, wird im Internet niemand gefunden.</translation>
  </message>
  <message>
   <source>Log in if the network asks for it, look at “Nodes to ask first” under “Far away” in the settings, or use another network here.</source>
   <translation>Melde dich an, wenn das Netz es verlangt, sieh in den Einstellungen unter „Weit weg“ bei „Knoten, die zuerst gefragt werden“ nach, oder nimm hier ein anderes Netz.</translation>
  </message>
  <message>
   <source>Log in if the network asks for it, or use another network here, for example a phone’s hotspot.</source>
   <translation>Melde dich an, wenn das Netz es verlangt, oder nimm hier ein anderes Netz, zum Beispiel den Hotspot eines Telefons.</translation>
  </message>
  <message>
   <source>Log in if the network asks for it, use another one (a phone's hotspot), or ask its owner to allow UDP.</source>
   <translation>Melde dich an, wenn das Netz es verlangt, nimm ein anderes (das Handy als Hotspot), oder bitte, UDP zu erlauben.</translation>
  </message>
  <message>
   <source>Log in if the network asks for it, use another one (a phone's hotspot), or ask its owner to allow UDP. If other nodes are set to be asked first, look whether they are right.</source>
   <translation>Melde dich an, wenn das Netz es verlangt, nimm ein anderes (den Hotspot eines Telefons), oder bitte, UDP zu erlauben. Wenn andere Knoten zuerst gefragt werden sollen, sieh nach, ob sie stimmen.</translation>
  </message>
  <message>
   <source>Look again soon.</source>
   <translation>Sieh bald wieder nach.</translation>
  </message>
  <message>
   <source>Look at the firewall, at a page to log in on (hotels, trains), or name other nodes to ask first.</source>
   <translation>Prüfe die Firewall und ob eine Seite zum Anmelden wartet (Hotel, Zug), oder nenne andere Knoten, die zuerst gefragt werden.</translation>
  </message>
  <message>
   <source>Looking for {names}.</source>
   <translation>Gesucht: {names}.</translation>
  </message>
  <message>
   <source>Lost {what}: {count}.</source>
   <translation>Verloren – {what}: {count}.</translation>
  </message>
  <message>
   <source>Make a new code and try again.</source>
   <translation>Mach neue Wörter und versuch es noch einmal.</translation>
  </message>
  <message>
   <source>Make a new one now with `notesapp backup`.</source>
   <translation>Mach jetzt eine neue: „Jetzt sichern“ unter „Sicherung und Rettung“ oder `notesapp backup`.</translation>
  </message>
  <message>
   <source>Make one now with `notesapp backup`.</source>
   <translation>Mach jetzt eine: „Jetzt sichern“ unter „Sicherung und Rettung“ oder `notesapp backup`.</translation>
  </message>
  <message>
   <source>Make sure that both use the newest Notesapp; starting it again may help.</source>
   <translation>Sieh nach, ob beide das neueste Notesapp haben; ein Neustart hilft vielleicht.</translation>
  </message>
  <message>
   <source>Make sure that it is switched on, online and has Notesapp open.</source>
   <translation>Sieh nach, ob es eingeschaltet und online ist und Notesapp dort offen ist.</translation>
  </message>
  <message>
   <source>Meet once in one network, or join by a link of somebody who is reached without it.</source>
   <translation>Trefft euch einmal in einem Netz, oder tritt über einen Link von jemandem bei, der auch ohne es erreicht wird.</translation>
  </message>
  <message>
   <source>Meet once in one network, or type the other computer’s address behind the link.</source>
   <translation>Trefft euch einmal in einem Netz, oder schreib die Adresse des anderen Computers hinter den Link.</translation>
  </message>
  <message>
   <source>More may be lost than could be counted.</source>
   <translation>Vielleicht ist mehr verloren, als sich zählen ließ.</translation>
  </message>
  <message>
   <source>Move it away, and it is written anew.</source>
   <translation>Leg es woandershin, dann wird es neu geschrieben.</translation>
  </message>
  <message>
   <source>No link can lead to a note called “{name}”: leave out [ ] # ^ and |.</source>
   <translation>Zu einer Notiz namens „{name}“ kann kein Link führen: lass [ ] # ^ und | weg.</translation>
  </message>
  <message>
   <source>No network port could be opened ({why}); other programs of this computer may hold all of them, or a firewall forbids it.</source>
   <translation>Es ließ sich kein Netzwerkport öffnen ({why}); vielleicht belegen andere Programme alle, oder eine Firewall verbietet es.</translation>
  </message>
  <message>
   <source>No node of the DHT answers</source>
   <translation>kein Knoten der DHT antwortet</translation>
  </message>
  <message>
   <source>No node of the DHT answers: this network may block it, or the bootstrap nodes are wrong</source>
   <translation>kein Knoten der DHT antwortet: Dieses Netz sperrt sie vielleicht, oder die Knoten für den Anfang sind falsch</translation>
  </message>
  <message>
   <source>No port is open, because nobody is to be reached: nothing is shared yet.</source>
   <translation>Kein Port ist offen, weil niemand zu erreichen ist: Noch ist nichts geteilt.</translation>
  </message>
  <message>
   <source>No router is in the way: others see this computer at {where}. {told}.</source>
   <translation>Kein Router ist im Weg: Andere sehen diesen Computer bei {where}. {told}.</translation>
  </message>
  <message>
   <source>No router is in the way: others see this computer. {told}.</source>
   <translation>Kein Router ist im Weg: Andere sehen diesen Computer. {told}.</translation>
  </message>
  <message>
   <source>Nobody agreed in time.</source>
   <translation>Niemand hat rechtzeitig zugestimmt.</translation>
  </message>
  <message>
   <source>Nobody answers in this network.</source>
   <translation>In diesem Netz antwortet niemand.</translation>
  </message>
  <message>
   <source>Nobody compared the words in time.</source>
   <translation>Niemand hat rechtzeitig die Wörter verglichen.</translation>
  </message>
  <message>
   <source>Nobody in the same network sees this device by multicast DNS: {why}.</source>
   <translation>Niemand im gleichen Netz sieht dieses Gerät über Multicast-DNS: {why}.</translation>
  </message>
  <message>
   <source>Nobody offers you this notebook (any more).</source>
   <translation>Dieses Notizbuch bietet dir niemand (mehr) an.</translation>
  </message>
  <message>
   <source>Nobody who can let you in by this invite was found yet.</source>
   <translation>Es wurde noch niemand gefunden, der dich mit dieser Einladung einlassen kann.</translation>
  </message>
  <message>
   <source>Nobody who can let you in by this invite was found.</source>
   <translation>Niemand wurde gefunden, der dich mit dieser Einladung einlassen kann.</translation>
  </message>
  <message>
   <source>Nobody with this code was found yet.</source>
   <translation>Mit diesem Code wurde noch niemand gefunden.</translation>
  </message>
  <message>
   <source>Nobody with this code was found.</source>
   <translation>Niemand mit diesen Wörtern wurde gefunden.</translation>
  </message>
  <message>
   <source>None of the nodes that are set to be asked first answers.</source>
   <translation>Keiner der Knoten, die zuerst gefragt werden sollen, antwortet.</translation>
  </message>
  <message>
   <source>Notesapp indexes them at its next start.</source>
   <translation>Notesapp nimmt sie beim nächsten Start auf.</translation>
  </message>
  <message>
   <source>Nothing answers where the other device said it is</source>
   <translation>Wo das andere Gerät sein wollte, antwortet niemand</translation>
  </message>
  <message>
   <source>Nothing could be read from it, so the backup made {ago} took its place; what was written here since then is gone, unless another of your devices has it.</source>
   <translation>Aus ihr ließ sich nichts mehr lesen; an ihrer Stelle steht jetzt die Sicherung von {ago}. Was seitdem hier geschrieben wurde, ist weg, falls es kein anderes deiner Geräte hat.</translation>
  </message>
  <message>
   <source>Nothing is announced in this network: it is switched off.</source>
   <translation>In diesem Netz wird nichts angekündigt: Es ist ausgeschaltet.</translation>
  </message>
  <message>
   <source>Nothing is to be compared there (any more).</source>
   <translation>Da ist nichts (mehr) zu vergleichen.</translation>
  </message>
  <message>
   <source>Nothing needs to be done; changes are kept until then.</source>
   <translation>Es ist nichts zu tun; Änderungen bleiben bis dahin aufgehoben.</translation>
  </message>
  <message>
   <source>Nothing was changed; put a backup from elsewhere in its place: `notesapp backup restore FILE`.</source>
   <translation>Es wurde nichts geändert; setze eine Sicherung von anderswo an ihre Stelle: `notesapp backup restore FILE`.</translation>
  </message>
  <message>
   <source>Nothing was chosen.</source>
   <translation>Es wurde nichts ausgewählt.</translation>
  </message>
  <message>
   <source>Of {count} notes, changes behind a gap that the damage left could be read: what the notes say with them is in new notes in the folder “{folder}”.</source>
   <translation>Von {count} Notizen ließen sich Änderungen lesen, die hinter einer Lücke des Schadens stehen: Was die Notizen mit ihnen sagen, steht in neuen Notizen im Ordner „{folder}“.</translation>
  </message>
  <message>
   <source>One change</source>
   <translation>Eine Änderung</translation>
  </message>
  <message>
   <source>Only the owner and admins of “{name}” can invite people to it.</source>
   <translation>Nur wem „{name}“ gehört und wer es verwaltet, kann dazu einladen.</translation>
  </message>
  <message>
   <source>Only the owner can hand a notebook over.</source>
   <translation>Nur wem ein Notizbuch gehört, kann es übergeben.</translation>
  </message>
  <message>
   <source>Only you can look into “{path}”.</source>
   <translation>Nur du kannst in „{path}“ hineinsehen.</translation>
  </message>
  <message>
   <source>Other people may look into “{path}”.</source>
   <translation>Andere dürfen in „{path}“ hineinsehen.</translation>
  </message>
  <message>
   <source>Other people on this computer can read the key of the notes.</source>
   <translation>Andere auf diesem Computer können den Schlüssel der Notizen lesen.</translation>
  </message>
  <message>
   <source>People behind friendly routers are reached all the same; port mapping or IPv6 helps with others.</source>
   <translation>Menschen hinter freundlichen Routern sind trotzdem zu erreichen; bei anderen hilft Portfreigabe oder IPv6.</translation>
  </message>
  <message>
   <source>People far away are not looked for.</source>
   <translation>Menschen in der Ferne werden nicht gesucht.</translation>
  </message>
  <message>
   <source>People who have only IPv4 are reached through a member who has both.</source>
   <translation>Wer nur IPv4 hat, ist über ein Mitglied erreichbar, das beides hat.</translation>
  </message>
  <message>
   <source>Remove them once you miss nothing.</source>
   <translation>Lösch sie, sobald dir nichts fehlt.</translation>
  </message>
  <message>
   <source>Restore a backup, or begin anew.</source>
   <translation>Hol eine Sicherung zurück, oder beginne neu.</translation>
  </message>
  <message>
   <source>Set a passphrase with `notesapp passphrase`.</source>
   <translation>Setze eine Passphrase, unter „Sicherung und Rettung“ oder mit `notesapp passphrase`.</translation>
  </message>
  <message>
   <source>Sharing is switched off, so nobody is reached.</source>
   <translation>Das Teilen ist ausgeschaltet, darum wird niemand erreicht.</translation>
  </message>
  <message>
   <source>Sharing is switched off.</source>
   <translation>Das Teilen ist ausgeschaltet.</translation>
  </message>
  <message>
   <source>Some got lost on the way: a weak radio link, or a line that is full.</source>
   <translation>Einige gingen unterwegs verloren: schwacher Funk oder eine volle Leitung.</translation>
  </message>
  <message>
   <source>Somebody</source>
   <translation>Jemand</translation>
  </message>
  <message>
   <source>Somebody put this note into the trash while it was being edited, so it was kept.</source>
   <translation>Jemand hat diese Notiz in den Papierkorb gelegt, während daran geschrieben wurde; darum blieb sie.</translation>
  </message>
  <message>
   <source>Something that {who} wrote in “{name}” is no proper change ({reason}), so it and what follows it in that note is not shown; a newer Notesapp on that device may help, or end its right to write.</source>
   <translation>Etwas, das {who} in „{name}“ geschrieben hat, ist keine gültige Änderung ({reason}); es und was in dieser Notiz darauf folgt, wird nicht gezeigt. Ein neueres Notesapp auf jenem Gerät kann helfen; sonst nimm ihm das Recht zu schreiben.</translation>
  </message>
  <message>
   <source>Start Notesapp as the person whose folder it is.</source>
   <translation>Starte Notesapp als die Person, der der Ordner gehört.</translation>
  </message>
  <message>
   <source>Stopped on request: {notes} of {total} notes are in. Import the same folder again, and it goes on from there.</source>
   <translation>Auf Wunsch angehalten: {notes} von {total} Notizen sind aufgenommen. Importiere denselben Ordner noch einmal, dann geht es dort weiter.</translation>
  </message>
  <message>
   <source>Stopped on request; what was finished before is kept.</source>
   <translation>Auf Wunsch angehalten; was vorher fertig war, bleibt.</translation>
  </message>
  <message>
   <source>Switch it on in the settings.</source>
   <translation>Schalte es in den Einstellungen ein.</translation>
  </message>
  <message>
   <source>Switch on port mapping (UPnP or NAT-PMP) or IPv6 in one of the two routers, or keep a third device of a member online: it can relay.</source>
   <translation>Schalte in einem der beiden Router die Portfreigabe (UPnP oder NAT-PMP) oder IPv6 ein, oder lass ein drittes Gerät eines Mitglieds online: Es kann weiterleiten.</translation>
  </message>
  <message>
   <source>Take the right away: `{command}`.</source>
   <translation>Nimm ihnen das Recht: `{command}`.</translation>
  </message>
  <message>
   <source>That can't be done here: {why}.</source>
   <translation>Das geht hier nicht: {why}.</translation>
  </message>
  <message>
   <source>That can't be remembered: {why}.</source>
   <translation>Das lässt sich nicht merken: {why}.</translation>
  </message>
  <message>
   <source>That device can't be changed this way: {why}.</source>
   <translation>Dieses Gerät lässt sich so nicht ändern: {why}.</translation>
  </message>
  <message>
   <source>That device was taken away from you before, and it can't come back as what it was: put its folder of Notesapp aside, start the program on it anew, and link it then.</source>
   <translation>Dieses Gerät wurde dir schon einmal weggenommen und kann nicht als das zurückkommen, was es war: Leg seinen Ordner von Notesapp beiseite, starte das Programm darauf neu, und verbinde es dann.</translation>
  </message>
  <message>
   <source>That edit was put back or dismissed already.</source>
   <translation>Diese Änderung wurde schon übernommen oder verworfen.</translation>
  </message>
  <message>
   <source>That file is on other devices only, and none of them that has it can be reached now; it comes when one is.</source>
   <translation>Diese Datei ist nur auf anderen Geräten, und keines davon ist jetzt erreichbar; sie kommt, sobald eines es ist.</translation>
  </message>
  <message>
   <source>That invite has ended; ask for a new one.</source>
   <translation>Diese Einladung ist abgelaufen; bitte um eine neue.</translation>
  </message>
  <message>
   <source>That invite is damaged ({how}); copy the whole message again, or ask for a new one.</source>
   <translation>Diese Einladung ist beschädigt ({how}); kopiere die ganze Nachricht noch einmal, oder bitte um eine neue.</translation>
  </message>
  <message>
   <source>That invite was made by a newer Notesapp (kind {version}); update the program here, then open it again.</source>
   <translation>Diese Einladung stammt von einem neueren Notesapp (Art {version}); aktualisiere das Programm hier und öffne sie dann noch einmal.</translation>
  </message>
  <message>
   <source>That is your own invite; send it to somebody else.</source>
   <translation>Das ist deine eigene Einladung; schick sie jemand anderem.</translation>
  </message>
  <message>
   <source>That name has characters that can't be shown.</source>
   <translation>Dieser Name hat Zeichen, die sich nicht anzeigen lassen.</translation>
  </message>
  <message>
   <source>That passphrase doesn't open these notes; try again, or use the recovery kit: `notesapp recovery-kit --use`.</source>
   <translation>Diese Passphrase öffnet diese Notizen nicht; versuche es noch einmal, oder nimm das Rettungsblatt: `notesapp recovery-kit --use`.</translation>
  </message>
  <message>
   <source>That person</source>
   <translation>Diese Person</translation>
  </message>
  <message>
   <source>That person doesn't show himself any more; ask them to open “Join a notebook”.</source>
   <translation>Diese Person zeigt sich nicht mehr; bitte sie, „Einem Notizbuch beitreten“ zu öffnen.</translation>
  </message>
  <message>
   <source>That person is no member of this notebook.</source>
   <translation>Diese Person ist kein Mitglied dieses Notizbuchs.</translation>
  </message>
  <message>
   <source>That person's role is {role} already.</source>
   <translation>Diese Person hat diese Rolle schon ({role}).</translation>
  </message>
  <message>
   <source>That request isn't there any more; the other person can ask again.</source>
   <translation>Diese Anfrage gibt es nicht mehr; die andere Person kann noch einmal fragen.</translation>
  </message>
  <message>
   <source>The address there is {address}.</source>
   <translation>Die Adresse dort ist {address}.</translation>
  </message>
  <message>
   <source>The attachment</source>
   <translation>Der Anhang</translation>
  </message>
  <message>
   <source>The beginning of this {kind} has not come here yet, so nothing can be written into it; stay connected with somebody who has it, then try again.</source>
   <translation>Der Anfang ist noch nicht hier angekommen ({kind}), darum lässt sich noch nichts hineinschreiben; bleib mit jemandem verbunden, der ihn hat, und versuche es dann noch einmal.</translation>
  </message>
  <message>
   <source>The byte order mark at its start was left out.</source>
   <translation>Die Byte-Reihenfolge-Marke am Anfang wurde weggelassen.</translation>
  </message>
  <message>
   <source>The clock of {name} is {span} ahead of this one.</source>
   <translation>Die Uhr von {name} geht gegen diese um {span} vor.</translation>
  </message>
  <message>
   <source>The clock of {name} is {span} behind this one.</source>
   <translation>Die Uhr von {name} geht gegen diese um {span} nach.</translation>
  </message>
  <message>
   <source>The clock says {now}, and so it does at {whose}.</source>
   <translation>Die Uhr sagt {now}, ebenso bei {whose}.</translation>
  </message>
  <message>
   <source>The clock says {now}; nobody is connected with whose clock it could be compared.</source>
   <translation>Die Uhr sagt {now}; niemand ist verbunden, mit dessen Uhr sie sich vergleichen ließe.</translation>
  </message>
  <message>
   <source>The clocks of both say the same.</source>
   <translation>Beide Uhren zeigen dasselbe.</translation>
  </message>
  <message>
   <source>The connection to the other device ended: {why}.</source>
   <translation>Die Verbindung zum anderen Gerät endete: {why}.</translation>
  </message>
  <message>
   <source>The connection with {name} can't be looked at from both ends: {why}</source>
   <translation>Die Verbindung mit {name} lässt sich nicht von beiden Enden ansehen: {why}</translation>
  </message>
  <message>
   <source>The damaged files were kept at “{path}”.</source>
   <translation>Die beschädigten Dateien liegen in „{path}“.</translation>
  </message>
  <message>
   <source>The device of {name} doesn't say how it stands there.</source>
   <translation>Das Gerät von {name} sagt nicht, wie es dort steht.</translation>
  </message>
  <message>
   <source>The disk that holds “{path}” is full; free some space, nothing that was saved is lost.</source>
   <translation>Der Datenträger mit „{path}“ ist voll; mach etwas Platz, nichts Gespeichertes ist verloren.</translation>
  </message>
  <message>
   <source>The folder “{one}” can't become “{other}”.</source>
   <translation>Aus dem Ordner „{one}“ kann nicht „{other}“ werden.</translation>
  </message>
  <message>
   <source>The folder “{path}” belongs to somebody else.</source>
   <translation>Der Ordner „{path}“ gehört jemand anderem.</translation>
  </message>
  <message>
   <source>The folder “{path}” can't be written to, so notes can't be kept there; choose another with --home.</source>
   <translation>In den Ordner „{path}“ lässt sich nicht schreiben, also können dort keine Notizen liegen; wähle einen anderen mit --home.</translation>
  </message>
  <message>
   <source>The home notebook is for your own devices; use `notesapp link-device` instead.</source>
   <translation>Dieses Notizbuch ist nur für deine eigenen Geräte; verbinde sie unter „Deine Geräte“.</translation>
  </message>
  <message>
   <source>The internet’s phone book (DHT) doesn’t answer: this network may block it.</source>
   <translation>Das Telefonbuch des Internets (DHT) antwortet nicht: Vielleicht sperrt es dieses Netz.</translation>
  </message>
  <message>
   <source>The invite ended before it was used; try again.</source>
   <translation>Die Einladung war zu Ende, bevor sie benutzt wurde; versuche es noch einmal.</translation>
  </message>
  <message>
   <source>The key of the notes is kept by this computer's keyring.</source>
   <translation>Den Schlüssel der Notizen hat der Schlüsselbund dieses Computers.</translation>
  </message>
  <message>
   <source>The key of the notes is protected by your passphrase.</source>
   <translation>Den Schlüssel der Notizen schützt deine Passphrase.</translation>
  </message>
  <message>
   <source>The key of the notes lies beside them in “{path}”, without protection.</source>
   <translation>Der Schlüssel der Notizen liegt ungeschützt neben ihnen in „{path}“.</translation>
  </message>
  <message>
   <source>The key to these notes can't be read from “{path}” ({why}). Put a copy of a “.key” file from “{backups}” there; if its passphrase is forgotten too, the recovery kit opens it: `notesapp recovery-kit --use`.</source>
   <translation>Der Schlüssel zu diesen Notizen lässt sich nicht aus „{path}“ lesen ({why}). Leg eine Kopie einer „.key“-Datei aus „{backups}“ dorthin; wenn auch deren Passphrase vergessen ist, öffnet es das Rettungsblatt: `notesapp recovery-kit --use`.</translation>
  </message>
  <message>
   <source>The key to these notes isn't in {place} any more; use the recovery kit: `notesapp recovery-kit --use`.</source>
   <translation>Der Schlüssel zu diesen Notizen ist nicht mehr in {place}; nimm das Rettungsblatt: `notesapp recovery-kit --use`.</translation>
  </message>
  <message>
   <source>The kit opened these notes; from now on the new passphrase does.</source>
   <translation>Das Rettungsblatt hat diese Notizen geöffnet; von jetzt an tut es die neue Passphrase.</translation>
  </message>
  <message>
   <source>The last {count} changes made on this device are not in the store; devices that have them will bring them back.</source>
   <translation>Die letzten {count} Änderungen von diesem Gerät sind nicht im Speicher; Geräte, die sie haben, bringen sie zurück.</translation>
  </message>
  <message>
   <source>The mirror folder “{path}” isn't there, or isn't this notebook's mirror any more; bring it back (plug in its disk), or begin the mirror anew.</source>
   <translation>Der Ordner „{path}“ ist nicht da oder nicht mehr der Spiegel dieses Notizbuchs; bring ihn zurück (schließ seinen Datenträger an), oder beginne den Spiegel neu.</translation>
  </message>
  <message>
   <source>The network here lets no UDP through</source>
   <translation>Das Netz hier lässt kein UDP durch</translation>
  </message>
  <message>
   <source>The note</source>
   <translation>Die Notiz</translation>
  </message>
  <message>
   <source>The note's origin</source>
   <translation>Die Herkunft der Notiz</translation>
  </message>
  <message>
   <source>The notebook “{name}” can't be changed here: {why}.</source>
   <translation>Das Notizbuch „{name}“ lässt sich hier nicht ändern: {why}.</translation>
  </message>
  <message>
   <source>The notebook “{name}” isn't mirrored; `notesapp mirror` lists those that are.</source>
   <translation>Das Notizbuch „{name}“ wird nicht gespiegelt.</translation>
  </message>
  <message>
   <source>The notes in “{path}” are damaged; repairing them needs {needed} free and only {free} are. Nothing was changed.</source>
   <translation>Die Notizen in „{path}“ sind beschädigt; sie zu reparieren braucht {needed} freien Platz, und nur {free} sind da. Es wurde nichts geändert.</translation>
  </message>
  <message>
   <source>The notes in “{path}” can only be read now, because their disk or folder is read-only; nothing was changed.</source>
   <translation>Die Notizen in „{path}“ lassen sich jetzt nur lesen, weil ihr Datenträger oder Ordner schreibgeschützt ist; nichts wurde geändert.</translation>
  </message>
  <message>
   <source>The notes' database was damaged ({why}).</source>
   <translation>Die Datenbank der Notizen war beschädigt ({why}).</translation>
  </message>
  <message>
   <source>The other computer is out of reach just now.</source>
   <translation>Der andere Computer ist gerade nicht erreichbar.</translation>
  </message>
  <message>
   <source>The other device answers, but no link comes about</source>
   <translation>Das andere Gerät antwortet, aber es kommt keine Verbindung zustande</translation>
  </message>
  <message>
   <source>The other device broke off.</source>
   <translation>Das andere Gerät hat abgebrochen.</translation>
  </message>
  <message>
   <source>The other device declined.</source>
   <translation>Das andere Gerät hat abgelehnt.</translation>
  </message>
  <message>
   <source>The other device didn't answer in time.</source>
   <translation>Das andere Gerät hat nicht rechtzeitig geantwortet.</translation>
  </message>
  <message>
   <source>The other device has not been seen</source>
   <translation>Das andere Gerät wurde noch nicht gesehen</translation>
  </message>
  <message>
   <source>The other device needs another network, or one that allows UDP.</source>
   <translation>Das andere Gerät braucht ein anderes Netz oder eines, das UDP erlaubt.</translation>
  </message>
  <message>
   <source>The other device's network lets no UDP through</source>
   <translation>Das Netz des anderen Geräts lässt kein UDP durch</translation>
  </message>
  <message>
   <source>The other person declined.</source>
   <translation>Die andere Person hat abgelehnt.</translation>
  </message>
  <message>
   <source>The phone book (DHT) answers there: {count} nodes.</source>
   <translation>Das Telefonbuch (DHT) antwortet dort: {count} Knoten.</translation>
  </message>
  <message>
   <source>The phone book (DHT) answers: {count} nodes.</source>
   <translation>Das Telefonbuch (DHT) antwortet: {count} Knoten.</translation>
  </message>
  <message>
   <source>The phone book (DHT) can't be used: {why}.</source>
   <translation>Das Telefonbuch (DHT) ist nicht zu gebrauchen: {why}.</translation>
  </message>
  <message>
   <source>The phone book (DHT) doesn't answer there.</source>
   <translation>Das Telefonbuch (DHT) antwortet dort nicht.</translation>
  </message>
  <message>
   <source>The phone book (DHT) is being joined: {count} nodes so far.</source>
   <translation>Das Telefonbuch (DHT) wird aufgesucht: bisher {count} Knoten.</translation>
  </message>
  <message>
   <source>The recovery kit was confirmed before; its words are no longer on this computer.</source>
   <translation>Das Rettungsblatt wurde schon bestätigt; seine Wörter sind nicht mehr auf diesem Computer.</translation>
  </message>
  <message>
   <source>The role {role} is kept for a later version; choose writer or reader.</source>
   <translation>Die Rolle {role} ist für eine spätere Version vorgesehen; wähle Schreiben oder Lesen.</translation>
  </message>
  <message>
   <source>The router is friendly: all see this computer at {where}. {told}.</source>
   <translation>Der Router ist freundlich: Alle sehen diesen Computer bei {where}. {told}.</translation>
  </message>
  <message>
   <source>The router is friendly: all see this computer. {told}.</source>
   <translation>Der Router ist freundlich: Alle sehen diesen Computer. {told}.</translation>
  </message>
  <message>
   <source>The router is strict: it uses another port for each connection ({how}). {told}.</source>
   <translation>Der Router ist streng: Er nimmt für jede Verbindung einen anderen Port ({how}). {told}.</translation>
  </message>
  <message>
   <source>The router isn't asked to open a port.</source>
   <translation>Der Router wird nicht gebeten, einen Port zu öffnen.</translation>
  </message>
  <message>
   <source>The router keeps {where} open for this computer.</source>
   <translation>Der Router hält {where} für diesen Computer offen.</translation>
  </message>
  <message>
   <source>The router of {name}: {kind}.</source>
   <translation>Der Router von {name}: {kind}.</translation>
  </message>
  <message>
   <source>The router opens no port: {why}.</source>
   <translation>Der Router öffnet keinen Port: {why}.</translation>
  </message>
  <message>
   <source>The router there keeps {address} open.</source>
   <translation>Der Router dort hält {address} offen.</translation>
  </message>
  <message>
   <source>The search doesn't know the present text of {count} notes.</source>
   <translation>Die Suche kennt von {count} Notizen den jetzigen Text nicht.</translation>
  </message>
  <message>
   <source>The search knows the text of every note.</source>
   <translation>Die Suche kennt den Text jeder Notiz.</translation>
  </message>
  <message>
   <source>The store can't be opened: {why}</source>
   <translation>Der Speicher lässt sich nicht öffnen: {why}</translation>
  </message>
  <message>
   <source>The store is damaged ({what}).</source>
   <translation>Der Speicher ist beschädigt ({what}).</translation>
  </message>
  <message>
   <source>The store opens ({size} MB, format {format}).</source>
   <translation>Der Speicher lässt sich öffnen ({size} MB, Format {format}).</translation>
  </message>
  <message>
   <source>The store “{path}” is damaged: {what}. {todo}</source>
   <translation>Der Speicher „{path}“ ist beschädigt: {what}. {todo}</translation>
  </message>
  <message>
   <source>The stored text of every note holds all its changes.</source>
   <translation>Der gespeicherte Text jeder Notiz enthält alle ihre Änderungen.</translation>
  </message>
  <message>
   <source>The stored text of {count} notes is older than their changes.</source>
   <translation>Der gespeicherte Text von {count} Notizen ist älter als ihre Änderungen.</translation>
  </message>
  <message>
   <source>The tag “{tag}” can't be added to this note; write it into the text.</source>
   <translation>Der Tag „{tag}“ lässt sich dieser Notiz nicht hinzufügen; schreib ihn in den Text.</translation>
  </message>
  <message>
   <source>The text of some changes is missing here, and no note deleted for ever explains it: {count} by {names} in {books}, brought by {bringers}.</source>
   <translation>Der Text mancher Änderungen fehlt hier, und keine endgültig gelöschte Notiz erklärt das: {count} von {names} in {books}, gebracht von {bringers}.</translation>
  </message>
  <message>
   <source>The text of some changes is missing here, and no note deleted for ever explains it: {count} by {names} in {books}.</source>
   <translation>Der Text mancher Änderungen fehlt hier, und keine endgültig gelöschte Notiz erklärt das: {count} von {names} in {books}.</translation>
  </message>
  <message>
   <source>The text of some changes is missing here, as deleting for ever leaves it: {count} in {books}. Notes deleted so there: {deleted}; whether all of these changes were theirs can't be told.</source>
   <translation>Der Text mancher Änderungen fehlt hier, wie endgültiges Löschen es hinterlässt: {count} in {books}. So gelöschte Notizen dort: {deleted}; ob all diese Änderungen zu ihnen gehörten, lässt sich nicht sagen.</translation>
  </message>
  <message>
   <source>The text of “{name}” isn't here any more.</source>
   <translation>Der Text von „{name}“ ist nicht mehr hier.</translation>
  </message>
  <message>
   <source>The words didn't match.</source>
   <translation>Die Wörter waren nicht dieselben.</translation>
  </message>
  <message>
   <source>The words don't match; check the three words with the other person. {left} tries are left.</source>
   <translation>Die Wörter stimmen nicht; vergleicht die drei Wörter. Noch {left} Versuche.</translation>
  </message>
  <message>
   <source>There are {count} backups; the last was made {when}.</source>
   <translation>Es gibt {count} Sicherungen; die letzte ist {when} gemacht worden.</translation>
  </message>
  <message>
   <source>There are {count} colours, from 0 to {last}.</source>
   <translation>Es gibt {count} Farben, von 0 bis {last}.</translation>
  </message>
  <message>
   <source>There are {count} notebooks “{name}”; use the beginning of an id.</source>
   <translation>Es gibt {count} Notizbücher „{name}“; nimm den Anfang einer Kennung.</translation>
  </message>
  <message>
   <source>There is no attachment “{name}”; `notesapp attachments` lists them.</source>
   <translation>Es gibt keinen Anhang „{name}“.</translation>
  </message>
  <message>
   <source>There is no backup yet.</source>
   <translation>Es gibt noch keine Sicherung.</translation>
  </message>
  <message>
   <source>There is no folder “{name}”.</source>
   <translation>Es gibt keinen Ordner „{name}“.</translation>
  </message>
  <message>
   <source>There is no invite in that text; paste the whole message, with the line that begins with “notesapp://join#”.</source>
   <translation>In diesem Text ist keine Einladung; füge die ganze Nachricht ein, mit der Zeile, die mit „notesapp://join#“ beginnt.</translation>
  </message>
  <message>
   <source>There is no libtorrent for this system ({error}), so people outside this network can't be looked up; a link or an address from them still works</source>
   <translation>Für dieses System gibt es kein libtorrent ({error}), darum lassen sich Leute außerhalb dieses Netzes nicht nachschlagen; ein Link oder eine Adresse von ihnen geht trotzdem</translation>
  </message>
  <message>
   <source>There is no note “{name}”; `notesapp ls` lists the notes that exist.</source>
   <translation>Es gibt keine Notiz „{name}“.</translation>
  </message>
  <message>
   <source>There is no notebook “{name}”; `notesapp notebook ls` lists them, `notesapp notebook new` makes one.</source>
   <translation>Es gibt kein Notizbuch „{name}“.</translation>
  </message>
  <message>
   <source>There is no store at “{path}”.</source>
   <translation>Bei „{path}“ ist kein Speicher.</translation>
  </message>
  <message>
   <source>There is no such attempt to join.</source>
   <translation>Diesen Beitritt gibt es nicht (mehr).</translation>
  </message>
  <message>
   <source>There is no such invite in this notebook.</source>
   <translation>Diese Einladung gibt es in diesem Notizbuch nicht.</translation>
  </message>
  <message>
   <source>There is one backup; it was made {when}.</source>
   <translation>Es gibt eine Sicherung; sie ist {when} gemacht worden.</translation>
  </message>
  <message>
   <source>These 24 words are a valid recovery kit, but not the one of these notes; look for the kit that was made with them.</source>
   <translation>Diese 24 Wörter sind gültig, gehören aber nicht zu diesen Notizen; such die, die mit ihnen gemacht wurden.</translation>
  </message>
  <message>
   <source>These notes are encrypted, but their key lies beside them in “{path}”, because this computer offers no keyring: whoever can read your files can read your notes. Set a passphrase with `notesapp passphrase`.</source>
   <translation>Diese Notizen sind verschlüsselt, aber ihr Schlüssel liegt daneben in „{path}“, weil dieser Computer keinen Schlüsselbund bietet: Wer deine Dateien lesen kann, kann deine Notizen lesen. Setze eine Passphrase mit `notesapp passphrase`.</translation>
  </message>
  <message>
   <source>These notes are protected by a passphrase; type it when asked or set NOTESAPP_PASSPHRASE.</source>
   <translation>Diese Notizen sind durch eine Passphrase geschützt; tippe sie ein, wenn danach gefragt wird, oder setze NOTESAPP_PASSPHRASE.</translation>
  </message>
  <message>
   <source>These notes were written by a newer Notesapp (format {found}, this program knows {known}); update the program. Nothing was changed.</source>
   <translation>Diese Notizen schrieb ein neueres Notesapp (Format {found}, dieses Programm kennt {known}); aktualisiere das Programm. Nichts wurde geändert.</translation>
  </message>
  <message>
   <source>These words were used.</source>
   <translation>Diese Wörter wurden benutzt.</translation>
  </message>
  <message>
   <source>They are being read anew from the changes; nothing is lost.</source>
   <translation>Sie werden aus den Änderungen neu gelesen; nichts ist verloren.</translation>
  </message>
  <message>
   <source>They are made anew from the changes; nothing is lost.</source>
   <translation>Sie werden aus den Änderungen neu gemacht; nichts ist verloren.</translation>
  </message>
  <message>
   <source>This code has ended after three wrong tries; make a new one, and say its words only to the person you mean.</source>
   <translation>Diese Wörter gelten nach drei falschen Versuchen nicht mehr; mach neue und sag sie nur der Person, die du meinst.</translation>
  </message>
  <message>
   <source>This computer has no network</source>
   <translation>Dieser Computer hat kein Netz</translation>
  </message>
  <message>
   <source>This computer has no network.</source>
   <translation>Dieser Computer hat kein Netz.</translation>
  </message>
  <message>
   <source>This computer has only IPv4, and the other device has only IPv6</source>
   <translation>Dieser Computer hat nur IPv4, das andere Gerät nur IPv6</translation>
  </message>
  <message>
   <source>This computer has only IPv6, and the other device has only IPv4</source>
   <translation>Dieser Computer hat nur IPv6, das andere Gerät nur IPv4</translation>
  </message>
  <message>
   <source>This computer has only IPv6, where no router changes ports.</source>
   <translation>Dieser Computer hat nur IPv6; da ändert kein Router die Ports.</translation>
  </message>
  <message>
   <source>This computer's clock ({now}) is {span} ahead of the clock of {whose}.</source>
   <translation>Die Uhr dieses Computers ({now}) geht {span} vor gegen die von {whose}.</translation>
  </message>
  <message>
   <source>This computer's clock ({now}) is {span} ahead of the clock of {whose}: one of the two is wrong.</source>
   <translation>Die Uhr dieses Computers ({now}) geht {span} vor gegen die von {whose}: Eine von beiden ist falsch.</translation>
  </message>
  <message>
   <source>This computer's clock ({now}) is {span} behind the clock of {whose}.</source>
   <translation>Die Uhr dieses Computers ({now}) geht {span} nach gegen die von {whose}.</translation>
  </message>
  <message>
   <source>This computer's clock ({now}) is {span} behind the clock of {whose}: one of the two is wrong.</source>
   <translation>Die Uhr dieses Computers ({now}) geht {span} nach gegen die von {whose}: Eine von beiden ist falsch.</translation>
  </message>
  <message>
   <source>This computer's keyring doesn't give the key to these notes ({why}); log in to it and try again, or use the recovery kit: `notesapp recovery-kit --use`.</source>
   <translation>Der Schlüsselbund dieses Computers gibt den Schlüssel zu diesen Notizen nicht her ({why}); melde dich bei ihm an und versuche es noch einmal, oder nimm das Rettungsblatt: `notesapp recovery-kit --use`.</translation>
  </message>
  <message>
   <source>This could not be looked at now: {why}.</source>
   <translation>Das ließ sich jetzt nicht prüfen: {why}.</translation>
  </message>
  <message>
   <source>This device has notes of its own ({what}): `notesapp link-device WORDS --bring` brings them along, as new notes without their earlier versions.</source>
   <translation>Dieses Gerät hat eigene Notizen ({what}): `notesapp link-device WORDS --bring` nimmt sie mit, als neue Notizen ohne frühere Versionen.</translation>
  </message>
  <message>
   <source>This device is not trusted any more, so it can't link another.</source>
   <translation>Diesem Gerät wird nicht mehr vertraut, also kann es kein anderes verbinden.</translation>
  </message>
  <message>
   <source>This device shares notes with others ({who}), who know it as somebody else: leave them first (`notesapp leave`), link it, and be invited again.</source>
   <translation>Dieses Gerät teilt Notizen mit anderen ({who}), die es als jemand anderen kennen: Verlass deren Notizbücher zuerst, verbinde es dann, und lass dich neu einladen.</translation>
  </message>
  <message>
   <source>This is the device that you are at; take it away from another one of yours.</source>
   <translation>Das ist das Gerät, an dem du sitzt; nimm es von einem anderen deiner Geräte aus weg.</translation>
  </message>
  <message>
   <source>This is the only notebook; make another one first.</source>
   <translation>Das ist das einzige Notizbuch; lege zuerst ein anderes an.</translation>
  </message>
  <message>
   <source>This network lets no UDP through: none of {asked} mirrors answered.</source>
   <translation>Dieses Netz lässt kein UDP durch: Keiner von {asked} Spiegeln hat geantwortet.</translation>
  </message>
  <message>
   <source>This system has no engine for the internet’s phone book (libtorrent).</source>
   <translation>Diesem System fehlt, was das Telefonbuch des Internets liest (libtorrent).</translation>
  </message>
  <message>
   <source>Today's backup was not made yet: these notes are large, so it is left to you: `notesapp backup`.</source>
   <translation>Die Sicherung von heute fehlt noch: Diese Notizen sind groß, darum bleibt sie dir überlassen: `notesapp backup`.</translation>
  </message>
  <message>
   <source>Try again later.</source>
   <translation>Versuch es später noch einmal.</translation>
  </message>
  <message>
   <source>Try again with the same words.</source>
   <translation>Versuche es noch einmal mit denselben Wörtern.</translation>
  </message>
  <message>
   <source>Try again.</source>
   <translation>Versuch es noch einmal.</translation>
  </message>
  <message>
   <source>UDP port {port} (not the usual one, so a broadcast can't find it); this computer is at {where}.</source>
   <translation>UDP-Port {port} (nicht der übliche, darum findet ihn kein Rundruf); dieser Computer ist bei {where}.</translation>
  </message>
  <message>
   <source>UDP port {port}; this computer is at {where}.</source>
   <translation>UDP-Port {port}; dieser Computer ist bei {where}.</translation>
  </message>
  <message>
   <source>Use another network here, for example a phone's hotspot, or ask its owner to allow UDP.</source>
   <translation>Nimm hier ein anderes Netz, etwa den Hotspot eines Telefons, oder bitte den Betreiber, UDP zu erlauben.</translation>
  </message>
  <message>
   <source>What the router does can't be told, because nobody outside answers: this network may let no UDP through.</source>
   <translation>Was der Router tut, lässt sich nicht sagen, weil draußen niemand antwortet: Vielleicht lässt dieses Netz kein UDP durch.</translation>
  </message>
  <message>
   <source>What the router does isn't known yet. {told}.</source>
   <translation>Was der Router tut, ist noch nicht bekannt. {told}.</translation>
  </message>
  <message>
   <source>What the router does isn't known yet: nobody who could see it from outside has answered so far.</source>
   <translation>Was der Router tut, ist noch nicht bekannt: Bisher hat niemand geantwortet, der es von außen sehen könnte.</translation>
  </message>
  <message>
   <source>What was done is kept in memory and is not on the disk yet: {why} It will be saved as soon as the disk allows it; don't close Notesapp before.</source>
   <translation>Was getan wurde, ist im Speicher und noch nicht auf dem Datenträger: {why} Es wird gespeichert, sobald der Datenträger es zulässt; schließ Notesapp nicht vorher.</translation>
  </message>
  <message>
   <source>Whether there is a new version of Notesapp can't be seen now ({why}); this one goes on as it is.</source>
   <translation>Ob es ein neues Notesapp gibt, lässt sich gerade nicht sehen ({why}); dieses läuft weiter wie bisher.</translation>
  </message>
  <message>
   <source>Who sees this computer from outside doesn't agree where it is. {told}.</source>
   <translation>Wer diesen Rechner von außen sieht, ist sich nicht einig, wo er ist. {told}.</translation>
  </message>
  <message>
   <source>Whoever brought them may have left it out, or a deletion hasn't come here yet. It isn't fetched again: if this stays so, ask whoever wrote them, or others who have it, for an export or a copy in a new note.</source>
   <translation>Wer sie gebracht hat, kann ihn weggelassen haben, oder eine Löschung ist noch nicht angekommen. Er wird nicht noch einmal geholt: Bleibt es so, bitte die Verfasser, oder andere, die ihn haben, um einen Export oder eine Kopie in einer neuen Notiz.</translation>
  </message>
  <message>
   <source>Word {number} of the recovery kit, “{word}”, isn't one of its words; did you mean {nearest}?</source>
   <translation>Wort {number}, „{word}“, ist keines der Wiederherstellungswörter; meintest du {nearest}?</translation>
  </message>
  <message>
   <source>You</source>
   <translation>Du</translation>
  </message>
  <message>
   <source>You are a member already: the notes come as soon as it is back, also if this card is closed.</source>
   <translation>Du bist schon Mitglied: Die Notizen kommen, sobald er wieder da ist, auch wenn diese Karte zu ist.</translation>
  </message>
  <message>
   <source>You are a member of “{name}” already; that invite is for somebody else.</source>
   <translation>Du bist schon Mitglied von „{name}“; diese Einladung ist für jemand anderen.</translation>
  </message>
  <message>
   <source>You are no member of this notebook any more.</source>
   <translation>Du bist kein Mitglied dieses Notizbuchs mehr.</translation>
  </message>
  <message>
   <source>You are {name} ({words}); this device is {device}.</source>
   <translation>Du bist {name} ({words}); dieses Gerät ist {device}.</translation>
  </message>
  <message>
   <source>You can't join: {reason}.</source>
   <translation>Du kannst nicht beitreten: {reason}.</translation>
  </message>
  <message>
   <source>You can't join: {reason}. Ask for a new invite.</source>
   <translation>Du kannst nicht beitreten: {reason}. Bitte um eine neue Einladung.</translation>
  </message>
  <message>
   <source>You can't remove yourself; leave the notebook instead.</source>
   <translation>Du kannst dich nicht selbst entfernen; verlass das Notizbuch stattdessen.</translation>
  </message>
  <message>
   <source>You own this notebook; hand it over to somebody before you leave it.</source>
   <translation>Dieses Notizbuch gehört dir; übergib es jemandem, bevor du es verlässt.</translation>
  </message>
  <message>
   <source>`notesapp internet on`, or the switch in the settings, changes that.</source>
   <translation>Das ändert der Schalter in den Einstellungen, oder `notesapp internet on`.</translation>
  </message>
  <message>
   <source>a UPnP router doesn't finish its answer</source>
   <translation>ein UPnP-Router bringt seine Antwort nicht zu Ende</translation>
  </message>
  <message>
   <source>a backup of it lacks rows of {what}</source>
   <translation>in einer Sicherung davon fehlen Zeilen von {what}</translation>
  </message>
  <message>
   <source>a device of yours</source>
   <translation>einem deiner Geräte</translation>
  </message>
  <message>
   <source>a folder of that name is in its place; move it away</source>
   <translation>an ihrer Stelle ist ein Ordner dieses Namens; leg ihn woandershin</translation>
  </message>
  <message>
   <source>a part of it is missing</source>
   <translation>ein Teil davon fehlt</translation>
  </message>
  <message>
   <source>a part of it is missing or was changed</source>
   <translation>ein Teil davon fehlt oder wurde verändert</translation>
  </message>
  <message>
   <source>another encoding</source>
   <translation>eine andere Kodierung</translation>
  </message>
  <message>
   <source>another program holds it</source>
   <translation>ein anderes Programm hält sie fest</translation>
  </message>
  <message>
   <source>at random</source>
   <translation>zufällig</translation>
  </message>
  <message>
   <source>being looked for</source>
   <translation>wird gesucht</translation>
  </message>
  <message>
   <source>changes</source>
   <translation>Änderungen</translation>
  </message>
  <message>
   <source>devices' logs</source>
   <translation>Protokolle von Geräten</translation>
  </message>
  <message>
   <source>direct</source>
   <translation>direkt</translation>
  </message>
  <message>
   <source>friendly</source>
   <translation>freundlich</translation>
  </message>
  <message>
   <source>it asks for too much work for a passphrase</source>
   <translation>sie verlangt zu viel Rechenarbeit für eine Passphrase</translation>
  </message>
  <message>
   <source>it can't be read ({why})</source>
   <translation>sie lässt sich nicht lesen ({why})</translation>
  </message>
  <message>
   <source>it ended with code {code}</source>
   <translation>er endete mit dem Code {code}</translation>
  </message>
  <message>
   <source>it holds bytes that no text has</source>
   <translation>darin sind Bytes, die kein Text hat</translation>
  </message>
  <message>
   <source>it is a link that leads nowhere</source>
   <translation>es ist ein Verweis, der nirgendwohin führt</translation>
  </message>
  <message>
   <source>it is an unencrypted database of another program</source>
   <translation>sie ist eine unverschlüsselte Datenbank eines anderen Programms</translation>
  </message>
  <message>
   <source>it is cut off</source>
   <translation>sie ist abgeschnitten</translation>
  </message>
  <message>
   <source>it is damaged ({why})</source>
   <translation>sie ist beschädigt ({why})</translation>
  </message>
  <message>
   <source>it is damaged or cut off</source>
   <translation>sie ist beschädigt oder abgeschnitten</translation>
  </message>
  <message>
   <source>it is empty or cut off</source>
   <translation>sie ist leer oder abgeschnitten</translation>
  </message>
  <message>
   <source>it is gone</source>
   <translation>sie ist weg</translation>
  </message>
  <message>
   <source>it is no file</source>
   <translation>es ist keine Datei</translation>
  </message>
  <message>
   <source>it is no folder</source>
   <translation>es ist kein Ordner</translation>
  </message>
  <message>
   <source>it is not a key file of Notesapp ({why})</source>
   <translation>sie ist keine Schlüsseldatei von Notesapp ({why})</translation>
  </message>
  <message>
   <source>it is switched off</source>
   <translation>es ist ausgeschaltet</translation>
  </message>
  <message>
   <source>it is too long</source>
   <translation>er ist zu lang</translation>
  </message>
  <message>
   <source>it isn't of these notes, and “{path}”, made with it, isn't beside it</source>
   <translation>sie ist nicht von diesen Notizen, und „{path}“, die mit ihr gemacht wurde, liegt nicht daneben</translation>
  </message>
  <message>
   <source>it opens, but holds no notes</source>
   <translation>sie lässt sich öffnen, enthält aber keine Notizen</translation>
  </message>
  <message>
   <source>it was not asked yet</source>
   <translation>er wurde noch nicht gefragt</translation>
  </message>
  <message>
   <source>it was typed on top of an edit that was set aside</source>
   <translation>Getippt auf einer Änderung, die beiseitegelegt wurde</translation>
  </message>
  <message>
   <source>it was written by somebody who had no right to it (any more)</source>
   <translation>Geschrieben von jemandem, der es nicht (mehr) durfte</translation>
  </message>
  <message>
   <source>it would lie outside the folder, behind a link</source>
   <translation>es läge außerhalb des Ordners, hinter einer Verknüpfung</translation>
  </message>
  <message>
   <source>its address is known, nothing came through yet</source>
   <translation>Adresse bekannt, noch nicht durchgekommen</translation>
  </message>
  <message>
   <source>its copy can't be opened</source>
   <translation>ihre Kopie lässt sich nicht öffnen</translation>
  </message>
  <message>
   <source>its file is empty</source>
   <translation>ihre Datei ist leer</translation>
  </message>
  <message>
   <source>its file is gone</source>
   <translation>ihre Datei ist weg</translation>
  </message>
  <message>
   <source>its keys come as soon as another member is reached</source>
   <translation>seine Schlüssel kommen, sobald ein anderes Mitglied erreicht ist</translation>
  </message>
  <message>
   <source>its salt is cut off</source>
   <translation>ihr Salz ist abgeschnitten</translation>
  </message>
  <message>
   <source>key {number}</source>
   <translation>Schlüssel {number}</translation>
  </message>
  <message>
   <source>less than an hour ago</source>
   <translation>vor weniger als einer Stunde</translation>
  </message>
  <message>
   <source>lines of the list of notes (they are made anew)</source>
   <translation>Zeilen der Notizliste (sie werden neu gemacht)</translation>
  </message>
  <message>
   <source>more than {size}</source>
   <translation>mehr als {size}</translation>
  </message>
  <message>
   <source>no UDP</source>
   <translation>kein UDP</translation>
  </message>
  <message>
   <source>no answer within {count} seconds</source>
   <translation>keine Antwort innerhalb von {count} Sekunden</translation>
  </message>
  <message>
   <source>no device is linked now.</source>
   <translation>Gerade ist kein Gerät verbunden.</translation>
  </message>
  <message>
   <source>no router answers</source>
   <translation>kein Router antwortet</translation>
  </message>
  <message>
   <source>nobody is invited as {role}</source>
   <translation>als {role} wird niemand eingeladen</translation>
  </message>
  <message>
   <source>nobody was asked yet</source>
   <translation>noch wurde keiner gefragt</translation>
  </message>
  <message>
   <source>none</source>
   <translation>keiner</translation>
  </message>
  <message>
   <source>not known yet</source>
   <translation>noch unbekannt</translation>
  </message>
  <message>
   <source>not linked</source>
   <translation>nicht verbunden</translation>
  </message>
  <message>
   <source>note</source>
   <translation>Notiz</translation>
  </message>
  <message>
   <source>notebook</source>
   <translation>Notizbuch</translation>
  </message>
  <message>
   <source>nothing is heard any more</source>
   <translation>nichts mehr zu hören</translation>
  </message>
  <message>
   <source>on Windows, where pipes have no folder</source>
   <translation>auf Windows, wo Pipes keinen Ordner haben</translation>
  </message>
  <message>
   <source>one after the other</source>
   <translation>der Reihe nach</translation>
  </message>
  <message>
   <source>pieces of attachments</source>
   <translation>Stücke von Anhängen</translation>
  </message>
  <message>
   <source>records of people</source>
   <translation>Einträge über Leute</translation>
  </message>
  <message>
   <source>same network</source>
   <translation>gleiches Netz</translation>
  </message>
  <message>
   <source>seen at {us} by {mirrors}</source>
   <translation>zu sehen bei {us} für {mirrors}</translation>
  </message>
  <message>
   <source>snapshots (they are made anew from the changes)</source>
   <translation>Schnappschüsse (sie werden aus den Änderungen neu gemacht)</translation>
  </message>
  <message>
   <source>somebody</source>
   <translation>jemand</translation>
  </message>
  <message>
   <source>strict</source>
   <translation>streng</translation>
  </message>
  <message>
   <source>texts (they are made anew from the changes)</source>
   <translation>Texte (sie werden aus den Änderungen neu gemacht)</translation>
  </message>
  <message>
   <source>the attachment</source>
   <translation>der Anhang</translation>
  </message>
  <message>
   <source>the computer's memory is used up</source>
   <translation>der Arbeitsspeicher des Computers ist voll</translation>
  </message>
  <message>
   <source>the disk doesn't answer</source>
   <translation>der Datenträger antwortet nicht</translation>
  </message>
  <message>
   <source>the disk or the folder is read-only</source>
   <translation>auf den Datenträger oder in den Ordner darf nicht geschrieben werden</translation>
  </message>
  <message>
   <source>the disk reports an error ({why})</source>
   <translation>der Datenträger meldet einen Fehler ({why})</translation>
  </message>
  <message>
   <source>the program is closing</source>
   <translation>das Programm wird gerade beendet</translation>
  </message>
  <message>
   <source>the recovery slot</source>
   <translation>dem Feld für das Rettungsblatt</translation>
  </message>
  <message>
   <source>the router's outside address {address} is itself behind a NAT</source>
   <translation>die Außenadresse des Routers, {address}, liegt selbst hinter einem NAT</translation>
  </message>
  <message>
   <source>there is no engine for it on this system</source>
   <translation>diesem System fehlt, was es liest</translation>
  </message>
  <message>
   <source>there is no router</source>
   <translation>es gibt keinen Router</translation>
  </message>
  <message>
   <source>there is no such file</source>
   <translation>diese Datei gibt es nicht</translation>
  </message>
  <message>
   <source>there is no such folder</source>
   <translation>diesen Ordner gibt es nicht</translation>
  </message>
  <message>
   <source>there is none any more</source>
   <translation>es gibt keinen mehr</translation>
  </message>
  <message>
   <source>this computer's keyring</source>
   <translation>diesem Schlüsselbund</translation>
  </message>
  <message>
   <source>through another device</source>
   <translation>über ein anderes Gerät</translation>
  </message>
  <message>
   <source>through {name}</source>
   <translation>über {name}</translation>
  </message>
  <message>
   <source>today</source>
   <translation>heute</translation>
  </message>
  <message>
   <source>what was given</source>
   <translation>dem Angegebenen</translation>
  </message>
  <message>
   <source>yesterday</source>
   <translation>gestern</translation>
  </message>
  <message>
   <source>you are no member any more; copy its notes to go on with them</source>
   <translation>du bist kein Mitglied mehr; kopiere die Notizen, um daran weiterzuschreiben</translation>
  </message>
  <message>
   <source>you may only read it; ask its owner for the right to write</source>
   <translation>du darfst es nur lesen; bitte darum, darin schreiben zu dürfen</translation>
  </message>
  <message>
   <source>your other devices</source>
   <translation>deine anderen Geräte</translation>
  </message>
  <message>
   <source>{count} bytes</source>
   <translation>{count} Bytes</translation>
  </message>
  <message>
   <source>{count} changes that follow a missing one were set aside until it is found.</source>
   <translation>{count} Änderungen, die auf eine fehlende folgen, liegen beiseite, bis sie gefunden ist.</translation>
  </message>
  <message>
   <source>{count} changes wait for one before them that was lost.</source>
   <translation>{count} Änderungen warten auf eine davor, die verloren ging.</translation>
  </message>
  <message>
   <source>{count} days ago</source>
   <translation>vor {count} Tagen</translation>
  </message>
  <message>
   <source>{count} files could not be imported because of a bug in Notesapp (first “{path}”: {what}); all others are in. Please report it, and import the folder again.</source>
   <translation>{count} Dateien ließen sich wegen eines Fehlers in Notesapp nicht importieren (die erste: „{path}“: {what}); alle anderen sind aufgenommen. Bitte melde ihn, und importiere den Ordner noch einmal.</translation>
  </message>
  <message>
   <source>{count} hours ago</source>
   <translation>vor {count} Stunden</translation>
  </message>
  <message>
   <source>{count} of the folder's files did not come in as they are (first “{path}”: {why}); all others did. Mend or move them and import the folder again: nothing is doubled.</source>
   <translation>{count} Dateien des Ordners wurden nicht so aufgenommen, wie sie sind (die erste: „{path}“: {why}); alle anderen schon. Richte oder verschiebe sie und importiere den Ordner noch einmal: Nichts wird verdoppelt.</translation>
  </message>
  <message>
   <source>{count} of {asked} mirrors answered</source>
   <translation>{count} von {asked} Spiegeln haben geantwortet</translation>
  </message>
  <message>
   <source>{count} of {asked} mirrors answered ({heard})</source>
   <translation>{count} von {asked} Spiegeln haben geantwortet ({heard})</translation>
  </message>
  <message>
   <source>{count} of {total} logs have a break (at change {at}: {why}).</source>
   <translation>{count} von {total} Verläufen haben eine Lücke (bei Änderung {at}: {why}).</translation>
  </message>
  <message>
   <source>{count} of {total} snapshots are not what was saved.</source>
   <translation>{count} von {total} Momentaufnahmen sind nicht, was gespeichert wurde.</translation>
  </message>
  <message>
   <source>{count} rows were taken from the last backup.</source>
   <translation>{count} Zeilen kommen aus der letzten Sicherung.</translation>
  </message>
  <message>
   <source>{free} MB are free on the disk of the notes.</source>
   <translation>Auf dem Datenträger der Notizen sind {free} MB frei.</translation>
  </message>
  <message>
   <source>{heard}; seen at {us} by {mirrors}</source>
   <translation>{heard}; zu sehen bei {us} für {mirrors}</translation>
  </message>
  <message>
   <source>{names} can't be reached.</source>
   <translation>{names} nicht erreichbar.</translation>
  </message>
  <message>
   <source>{names} can't be reached: {why}.</source>
   <translation>{names} nicht erreichbar: {why}.</translation>
  </message>
  <message>
   <source>{names} can’t be reached: {why}</source>
   <translation>{names} nicht erreichbar: {why}</translation>
  </message>
  <message>
   <source>{names}, {count} more</source>
   <translation>{names} und {count} weiteren</translation>
  </message>
  <message>
   <source>{name} carries for members who can't reach each other.</source>
   <translation>{name} leitet für Mitglieder weiter, die einander nicht erreichen.</translation>
  </message>
  <message>
   <source>{name} doesn't wait any more: {why}.</source>
   <translation>{name} wartet nicht mehr: {why}.</translation>
  </message>
  <message>
   <source>{name} sees this computer at {address}.</source>
   <translation>{name} sieht diesen Computer bei {address}.</translation>
  </message>
  <message>
   <source>{name} was let in already, by another admin.</source>
   <translation>{name} wurde schon eingelassen, von jemand anderem, der das Notizbuch verwaltet.</translation>
  </message>
  <message>
   <source>{name}: same network, {lag} ms.</source>
   <translation>{name}: gleiches Netz, {lag} ms.</translation>
  </message>
  <message>
   <source>{name}: same network.</source>
   <translation>{name}: gleiches Netz.</translation>
  </message>
  <message>
   <source>{name}: {path} (routers: {mine} here, {theirs} there).</source>
   <translation>{name}: {path} (Router: hier {mine}, dort {theirs}).</translation>
  </message>
  <message>
   <source>{name}: {path}, silent now (routers: {mine} here, {theirs} there).</source>
   <translation>{name}: {path}, gerade still (Router: hier {mine}, dort {theirs}).</translation>
  </message>
  <message>
   <source>{name}: {path}, {lag} ms (routers: {mine} here, {theirs} there).</source>
   <translation>{name}: {path}, {lag} ms (Router: hier {mine}, dort {theirs}).</translation>
  </message>
  <message>
   <source>{name}: {stage} (routers: {mine} here, {theirs} there). {why}</source>
   <translation>{name}: {stage} (Router: hier {mine}, dort {theirs}). {why}</translation>
  </message>
  <message>
   <source>{what} has {size}, and the limit is {limit}; nothing was changed.</source>
   <translation>{what} hat {size}, und die Grenze ist {limit}; nichts wurde geändert.</translation>
  </message>
  <message>
   <source>{what}, and no backup that it could be made of is in “{path}”</source>
   <translation>{what}, und in „{path}“ ist keine Sicherung, aus der sie gemacht werden könnte</translation>
  </message>
  <message>
   <source>“{folder}” is no folder: write the folders from the notebook's top, like work/plans, without . and .. .</source>
   <translation>„{folder}“ ist kein Ordner: schreib die Ordner vom Notizbuch an, wie arbeit/pläne, ohne . und .. .</translation>
  </message>
  <message>
   <source>“{name}” has no key beside it: on a new computer only the recovery kit opens it.</source>
   <translation>Neben „{name}“ liegt kein Schlüssel: Auf einem neuen Computer öffnet es nur das Rettungsblatt.</translation>
  </message>
  <message>
   <source>“{name}” is in that notebook already.</source>
   <translation>„{name}“ ist schon in diesem Notizbuch.</translation>
  </message>
  <message>
   <source>“{name}” is not in the trash; put it there first.</source>
   <translation>„{name}“ liegt nicht im Papierkorb; leg es zuerst hinein.</translation>
  </message>
  <message>
   <source>“{name}” is shared; leave it instead of removing it.</source>
   <translation>„{name}“ ist geteilt; verlass es, statt es zu entfernen.</translation>
  </message>
  <message>
   <source>“{name}” is {what} in this notebook; its members are {members}.</source>
   <translation>„{name}“ ist in diesem Notizbuch {what}; seine Mitglieder sind {members}.</translation>
  </message>
  <message>
   <source>“{one}” and “{other}” would lie in each other; choose another folder.</source>
   <translation>„{one}“ und „{other}“ lägen ineinander; wähle einen anderen Ordner.</translation>
  </message>
  <message>
   <source>“{path}” begins with “~” and a person whom this computer doesn't know.</source>
   <translation>„{path}“ beginnt mit „~“ und jemandem, den dieser Computer nicht kennt.</translation>
  </message>
  <message>
   <source>“{path}” can't be read: {why}. Check the path and its permissions.</source>
   <translation>„{path}“ lässt sich nicht lesen: {why}. Prüfe den Pfad und die Rechte.</translation>
  </message>
  <message>
   <source>“{path}” can't be restored: {why}. The present notes were not touched.</source>
   <translation>„{path}“ lässt sich nicht wiederherstellen: {why}. Die jetzigen Notizen wurden nicht angerührt.</translation>
  </message>
  <message>
   <source>“{path}” can't be written: {why}. Nothing was changed there.</source>
   <translation>„{path}“ lässt sich nicht schreiben: {why}. Dort wurde nichts geändert.</translation>
  </message>
  <message>
   <source>“{path}” exists already; a new key would lock its notes away for ever.</source>
   <translation>„{path}“ gibt es schon; ein neuer Schlüssel schlösse diese Notizen für immer weg.</translation>
  </message>
  <message>
   <source>“{path}” exists already; name a new file.</source>
   <translation>„{path}“ gibt es schon; nimm einen neuen Dateinamen.</translation>
  </message>
  <message>
   <source>“{path}” holds no invitation: {why}. Ask for the link itself, or for the three words.</source>
   <translation>In „{path}“ ist keine Einladung: {why}. Bitte um den Link selbst oder um die drei Wörter.</translation>
  </message>
  <message>
   <source>“{path}” is a file; name a folder for the mirror.</source>
   <translation>„{path}“ ist eine Datei; wähle einen Ordner für den Spiegel.</translation>
  </message>
  <message>
   <source>“{path}” is a file; name a folder to export to.</source>
   <translation>„{path}“ ist eine Datei; wähle einen Ordner für den Export.</translation>
  </message>
  <message>
   <source>“{path}” is not UTF-8 text ({why}); convert it to UTF-8 and try again.</source>
   <translation>„{path}“ ist kein UTF-8-Text ({why}); wandle ihn in UTF-8 um und versuch es noch einmal.</translation>
  </message>
  <message>
   <source>“{path}” is the mirror of another notebook; choose another folder.</source>
   <translation>„{path}“ spiegelt schon ein anderes Notizbuch; wähle einen anderen Ordner.</translation>
  </message>
  <message>
   <source>“{path}” lies {where}; two computers writing there would destroy the store. Choose a folder on this computer's own disk with --home.</source>
   <translation>„{path}“ liegt {where}; zwei Computer, die dort schreiben, würden den Speicher zerstören. Wähle mit --home einen Ordner auf dem eigenen Datenträger dieses Computers.</translation>
  </message>
  <message>
   <source>“{tag}” can't be a tag: no blanks or punctuation but - _ /, and not only digits.</source>
   <translation>„{tag}“ kann kein Tag sein: keine Leerzeichen, von den Satzzeichen nur - _ /, und nicht nur Ziffern.</translation>
  </message>
  <message>
   <source>“{text}” is no address of a device; type it as the other device shows it, like 192.168.1.7:45654 or [fe80::1%eth0]:45654.</source>
   <translation>„{text}“ ist keine Adresse eines Geräts; schreib sie so, wie das andere Gerät sie zeigt, etwa 192.168.1.7:45654 oder [fe80::1%eth0]:45654.</translation>
  </message>
  <message>
   <source>“{text}” is no node of the DHT; write host:port, for example 192.0.2.1:6881, at most 16 with commas between them.</source>
   <translation>„{text}“ ist kein Knoten des DHT; schreib Rechner:Port, etwa 192.0.2.1:6881, höchstens 16 mit Kommas dazwischen.</translation>
  </message>
 </context>
 <context>
  <name>SelectionBar</name>
  <message>
   <source>Formatting</source>
   <translation>Formatierung</translation>
  </message>
 </context>
 <context>
  <name>Settings</name>
  <message>
   <source>24 words that open your notes</source>
   <translation>24 Wörter, die deine Notizen öffnen</translation>
  </message>
  <message>
   <source>A backup is made every day and checked</source>
   <translation>Jeden Tag wird eine Sicherung gemacht und geprüft</translation>
  </message>
  <message>
   <source>A new passphrase</source>
   <translation>Eine neue Passphrase</translation>
  </message>
  <message>
   <source>About Notesapp</source>
   <translation>Über Notesapp</translation>
  </message>
  <message>
   <source>Also with Ctrl and + or −, or Ctrl and the wheel.</source>
   <translation>Auch mit Strg und + oder − oder mit Strg und dem Mausrad.</translation>
  </message>
  <message>
   <source>Always</source>
   <translation>Immer</translation>
  </message>
  <message>
   <source>Another computer of yours</source>
   <translation>Ein anderer Computer von dir</translation>
  </message>
  <message>
   <source>Appearance</source>
   <translation>Aussehen</translation>
  </message>
  <message>
   <source>As the system</source>
   <translation>Wie das System</translation>
  </message>
  <message>
   <source>Ask for a passphrase at every start</source>
   <translation>Bei jedem Start nach einer Passphrase fragen</translation>
  </message>
  <message>
   <source>Ask the router to open a port</source>
   <translation>Den Router bitten, einen Port zu öffnen</translation>
  </message>
  <message>
   <source>Asks %1 once a day. Nothing about you or your notes is sent, nothing is installed.</source>
   <translation>Fragt einmal am Tag bei %1. Über dich und deine Notizen wird nichts gesendet, nichts wird installiert.</translation>
  </message>
  <message>
   <source>At least 8 characters.</source>
   <translation>Mindestens 8 Zeichen.</translation>
  </message>
  <message>
   <source>Back up now</source>
   <translation>Jetzt sichern</translation>
  </message>
  <message>
   <source>Backed up; the file is checked</source>
   <translation>Gesichert; die Datei ist geprüft</translation>
  </message>
  <message>
   <source>Backup and recovery</source>
   <translation>Sicherung und Rettung</translation>
  </message>
  <message>
   <source>Backups</source>
   <translation>Sicherungen</translation>
  </message>
  <message>
   <source>Blue</source>
   <translation>Blau</translation>
  </message>
  <message>
   <source>Carry for members who can’t reach each other</source>
   <translation>Für Mitglieder weiterleiten, die einander nicht erreichen</translation>
  </message>
  <message>
   <source>Check now</source>
   <translation>Jetzt prüfen</translation>
  </message>
  <message>
   <source>Check the connections</source>
   <translation>Verbindungen prüfen</translation>
  </message>
  <message>
   <source>Check the notes on this computer</source>
   <translation>Notizen auf diesem Computer prüfen</translation>
  </message>
  <message>
   <source>Choose…</source>
   <translation>Wählen…</translation>
  </message>
  <message>
   <source>Colours</source>
   <translation>Farben</translation>
  </message>
  <message>
   <source>Commands and their keys</source>
   <translation>Befehle und ihre Tasten</translation>
  </message>
  <message numerus="yes">
   <source>Connected with %n devices.</source>
   <translation>
    <numerusform>Mit %n Gerät verbunden.</numerusform>
    <numerusform>Mit %n Geräten verbunden.</numerusform>
   </translation>
  </message>
  <message>
   <source>Continue</source>
   <translation>Weiter</translation>
  </message>
  <message>
   <source>Copy</source>
   <translation>Kopieren</translation>
  </message>
  <message>
   <source>Dark</source>
   <translation>Dunkel</translation>
  </message>
  <message>
   <source>Default</source>
   <translation>Standard</translation>
  </message>
  <message>
   <source>Device</source>
   <translation>Gerät</translation>
  </message>
  <message>
   <source>Done</source>
   <translation>Fertig</translation>
  </message>
  <message>
   <source>Editor</source>
   <translation>Editor</translation>
  </message>
  <message>
   <source>Encrypted. There is no account and no server.</source>
   <translation>Verschlüsselt. Es gibt kein Konto und keinen Server.</translation>
  </message>
  <message>
   <source>Every device of yours has all your notebooks and keeps them equal.</source>
   <translation>Jedes deiner Geräte hat alle deine Notizbücher und hält sie gleich.</translation>
  </message>
  <message>
   <source>Far away</source>
   <translation>Weit weg</translation>
  </message>
  <message>
   <source>Find a command</source>
   <translation>Einen Befehl suchen</translation>
  </message>
  <message>
   <source>Find people on the internet</source>
   <translation>Menschen im Internet finden</translation>
  </message>
  <message>
   <source>Finds the people of your notebooks and sends changes to them, and only to them. No server.</source>
   <translation>Findet die Leute deiner Notizbücher und schickt ihnen Änderungen, und nur ihnen. Kein Server.</translation>
  </message>
  <message>
   <source>For a hot key that works everywhere, let your system run: notesapp --quick-note</source>
   <translation>Für eine Taste, die überall wirkt, lass dein System ausführen: notesapp --quick-note</translation>
  </message>
  <message>
   <source>For a network of your own: host:port, with commas.</source>
   <translation>Für ein eigenes Netz: Name:Port, mit Kommas.</translation>
  </message>
  <message>
   <source>For how many pairs at once</source>
   <translation>Für wie viele Paare zugleich</translation>
  </message>
  <message>
   <source>For quick notes and to come back.</source>
   <translation>Für Schnellnotizen und den Weg zurück.</translation>
  </message>
  <message>
   <source>From now on the passphrase is asked for at the start.</source>
   <translation>Ab jetzt wird beim Start nach der Passphrase gefragt.</translation>
  </message>
  <message>
   <source>General</source>
   <translation>Allgemein</translation>
  </message>
  <message>
   <source>Green</source>
   <translation>Grün</translation>
  </message>
  <message>
   <source>Helps where routers are strict.</source>
   <translation>Hilft, wo Router streng sind.</translation>
  </message>
  <message>
   <source>High contrast</source>
   <translation>Hoher Kontrast</translation>
  </message>
  <message>
   <source>How much for each pair</source>
   <translation>Wie viel für jedes Paar</translation>
  </message>
  <message>
   <source>In a folder of yours, not encrypted; the files follow what you write.</source>
   <translation>In einem Ordner deiner Wahl, nicht verschlüsselt; die Dateien folgen dem, was du schreibst.</translation>
  </message>
  <message>
   <source>In use</source>
   <translation>In Gebrauch</translation>
  </message>
  <message>
   <source>Internet</source>
   <translation>Internet</translation>
  </message>
  <message>
   <source>It gets no more changes, and nobody takes its edits any more. It keeps what it already has. Do this when it is lost or no longer yours.</source>
   <translation>Es bekommt keine Änderungen mehr, und niemand nimmt mehr welche von ihm. Es behält, was es schon hat. Tu das, wenn es verloren oder nicht mehr deins ist.</translation>
  </message>
  <message>
   <source>Keep a notebook as Markdown files, too</source>
   <translation>Ein Notizbuch auch als Markdown-Dateien ablegen</translation>
  </message>
  <message>
   <source>Keep running when the window is closed</source>
   <translation>Weiterlaufen, wenn das Fenster geschlossen wird</translation>
  </message>
  <message>
   <source>Keep “%1” as files no longer</source>
   <translation>„%1“ nicht mehr als Dateien ablegen</translation>
  </message>
  <message>
   <source>Keyboard shortcuts</source>
   <translation>Tastenkürzel</translation>
  </message>
  <message>
   <source>Keys</source>
   <translation>Tasten</translation>
  </message>
  <message>
   <source>Keys of the chosen command</source>
   <translation>Tasten des gewählten Befehls</translation>
  </message>
  <message>
   <source>Language</source>
   <translation>Sprache</translation>
  </message>
  <message>
   <source>Less motion</source>
   <translation>Weniger Bewegung</translation>
  </message>
  <message>
   <source>Let them find you</source>
   <translation>Dich finden lassen</translation>
  </message>
  <message>
   <source>Licence</source>
   <translation>Lizenz</translation>
  </message>
  <message>
   <source>Licences of what Notesapp is made of</source>
   <translation>Lizenzen dessen, woraus Notesapp besteht</translation>
  </message>
  <message>
   <source>Light</source>
   <translation>Hell</translation>
  </message>
  <message>
   <source>Link a device from here</source>
   <translation>Ein Gerät von hier aus verbinden</translation>
  </message>
  <message>
   <source>Make three words</source>
   <translation>Drei Wörter machen</translation>
  </message>
  <message>
   <source>Markdown</source>
   <translation>Markdown</translation>
  </message>
  <message>
   <source>Near the caret</source>
   <translation>Nahe der Schreibmarke</translation>
  </message>
  <message>
   <source>Network</source>
   <translation>Netz</translation>
  </message>
  <message>
   <source>Newest backup</source>
   <translation>Neueste Sicherung</translation>
  </message>
  <message>
   <source>Nodes that answer: %1.</source>
   <translation>Antwortende Knoten: %1.</translation>
  </message>
  <message>
   <source>Nodes to ask first</source>
   <translation>Knoten, die zuerst gefragt werden</translation>
  </message>
  <message>
   <source>None yet</source>
   <translation>Noch keine</translation>
  </message>
  <message>
   <source>Not seen yet</source>
   <translation>Noch nicht gesehen</translation>
  </message>
  <message>
   <source>Notes for people who write together, on their own computers, without a server.</source>
   <translation>Notizen für Menschen, die gemeinsam schreiben, auf ihren eigenen Computern, ohne Server.</translation>
  </message>
  <message>
   <source>Now only people in this network can meet. Farther away they are found through BitTorrent’s public phone book: its nodes see your IP address, but neither who you are nor anything of your notes.</source>
   <translation>Jetzt können sich nur Menschen in diesem Netz treffen. Weiter weg werden sie über das öffentliche Telefonbuch von BitTorrent gefunden: Dessen Knoten sehen deine IP-Adresse, aber weder, wer du bist, noch etwas von deinen Notizen.</translation>
  </message>
  <message>
   <source>Off</source>
   <translation>Aus</translation>
  </message>
  <message>
   <source>Olive</source>
   <translation>Oliv</translation>
  </message>
  <message>
   <source>On</source>
   <translation>An</translation>
  </message>
  <message>
   <source>On this computer</source>
   <translation>Auf diesem Computer</translation>
  </message>
  <message>
   <source>Once more, to be sure</source>
   <translation>Zur Sicherheit noch einmal</translation>
  </message>
  <message>
   <source>Open without a passphrase</source>
   <translation>Ohne Passphrase öffnen</translation>
  </message>
  <message>
   <source>Open without a passphrase?</source>
   <translation>Ohne Passphrase öffnen?</translation>
  </message>
  <message>
   <source>Orange</source>
   <translation>Orange</translation>
  </message>
  <message>
   <source>Otherwise only you can find them.</source>
   <translation>Sonst findest nur du sie.</translation>
  </message>
  <message>
   <source>Part</source>
   <translation>Teil</translation>
  </message>
  <message>
   <source>Passphrase</source>
   <translation>Passphrase</translation>
  </message>
  <message>
   <source>People far away are looked for as soon as there is somebody to look for.</source>
   <translation>Menschen weit weg werden gesucht, sobald es jemanden zu suchen gibt.</translation>
  </message>
  <message>
   <source>People far away are not looked for.</source>
   <translation>Menschen weit weg werden nicht gesucht.</translation>
  </message>
  <message>
   <source>People in other networks are found through BitTorrent’s public phone book (DHT). Its nodes see your IP address under keys that change each day. They learn neither who you are nor anything of your notes.</source>
   <translation>Menschen in anderen Netzen werden über das öffentliche Telefonbuch von BitTorrent (DHT) gefunden. Dessen Knoten sehen deine IP-Adresse unter Schlüsseln, die täglich wechseln. Sie erfahren weder, wer du bist, noch etwas von deinen Notizen.</translation>
  </message>
  <message>
   <source>Plain files</source>
   <translation>Dateien</translation>
  </message>
  <message>
   <source>Plain source</source>
   <translation>Reiner Quelltext</translation>
  </message>
  <message>
   <source>Purple</source>
   <translation>Purpur</translation>
  </message>
  <message>
   <source>Raspberry</source>
   <translation>Himbeere</translation>
  </message>
  <message>
   <source>Recovery kit</source>
   <translation>Rettungsblatt</translation>
  </message>
  <message>
   <source>Remove it</source>
   <translation>Entfernen</translation>
  </message>
  <message>
   <source>Remove…</source>
   <translation>Entfernen…</translation>
  </message>
  <message>
   <source>Router, phone book, clock, and each person.</source>
   <translation>Router, Telefonbuch, Uhr und jede Person.</translation>
  </message>
  <message>
   <source>Running</source>
   <translation>Laufen</translation>
  </message>
  <message>
   <source>Sea</source>
   <translation>Meer</translation>
  </message>
  <message>
   <source>Seen %1</source>
   <translation>Gesehen %1</translation>
  </message>
  <message>
   <source>Set or change…</source>
   <translation>Setzen oder ändern…</translation>
  </message>
  <message>
   <source>Share over the network</source>
   <translation>Über das Netz teilen</translation>
  </message>
  <message>
   <source>Show an icon beside the clock</source>
   <translation>Ein Symbol neben der Uhr zeigen</translation>
  </message>
  <message>
   <source>Show marks like ** and #</source>
   <translation>Zeichen wie ** und # zeigen</translation>
  </message>
  <message>
   <source>Show the words</source>
   <translation>Wörter zeigen</translation>
  </message>
  <message>
   <source>Shown to people with whom you write.</source>
   <translation>Sehen die Menschen, mit denen du schreibst.</translation>
  </message>
  <message>
   <source>Shut out</source>
   <translation>Aussperren</translation>
  </message>
  <message>
   <source>Shut out %1</source>
   <translation>%1 aussperren</translation>
  </message>
  <message>
   <source>Shut out “%1”?</source>
   <translation>„%1“ aussperren?</translation>
  </message>
  <message>
   <source>Shut out…</source>
   <translation>Aussperren …</translation>
  </message>
  <message>
   <source>Size</source>
   <translation>Größe</translation>
  </message>
  <message>
   <source>Sky</source>
   <translation>Himmel</translation>
  </message>
  <message>
   <source>Start with the computer</source>
   <translation>Mit dem Computer starten</translation>
  </message>
  <message>
   <source>Stop</source>
   <translation>Beenden</translation>
  </message>
  <message>
   <source>Switched off: nobody finds you, and nothing is sent.</source>
   <translation>Ausgeschaltet: Niemand findet dich, und nichts wird verschickt.</translation>
  </message>
  <message>
   <source>Sync and people</source>
   <translation>Abgleich und Leute</translation>
  </message>
  <message>
   <source>Tell me when there is a new version</source>
   <translation>Sagen, wenn es eine neue Version gibt</translation>
  </message>
  <message>
   <source>Text</source>
   <translation>Text</translation>
  </message>
  <message>
   <source>That key writes; take it together with Ctrl or Alt.</source>
   <translation>Diese Taste schreibt; nimm sie zusammen mit Strg oder Alt.</translation>
  </message>
  <message>
   <source>The notes open without a passphrase now.</source>
   <translation>Die Notizen öffnen sich jetzt ohne Passphrase.</translation>
  </message>
  <message>
   <source>The public ones</source>
   <translation>Die öffentlichen</translation>
  </message>
  <message>
   <source>The two were not the same; nothing was changed.</source>
   <translation>Die beiden waren verschieden; nichts wurde geändert.</translation>
  </message>
  <message>
   <source>The words are made on a device that you use already.</source>
   <translation>Die Wörter macht ein Gerät, das du schon benutzt.</translation>
  </message>
  <message>
   <source>There, open this page and choose “Type three words”.</source>
   <translation>Öffne dort diese Seite und wähle „Drei Wörter tippen“.</translation>
  </message>
  <message>
   <source>This build comes from nobody who announces versions.</source>
   <translation>Dieses Programm kommt von niemandem, der Versionen ankündigt.</translation>
  </message>
  <message>
   <source>This computer</source>
   <translation>Dieser Computer</translation>
  </message>
  <message>
   <source>This computer has no network now. Changes are kept until it has one.</source>
   <translation>Dieser Computer hat gerade kein Netz. Änderungen bleiben hier, bis er eines hat.</translation>
  </message>
  <message>
   <source>This computer is at %1.</source>
   <translation>Dieser Computer ist unter %1.</translation>
  </message>
  <message>
   <source>This computer is seen at %1.</source>
   <translation>Dieser Computer wird gesehen als %1.</translation>
  </message>
  <message>
   <source>This computer is the new one</source>
   <translation>Dieser Computer ist der neue</translation>
  </message>
  <message>
   <source>This desktop has no place for one.</source>
   <translation>Dieser Desktop hat keinen Platz dafür.</translation>
  </message>
  <message>
   <source>This file is missing from the installation.</source>
   <translation>Diese Datei fehlt in der Installation.</translation>
  </message>
  <message>
   <source>Type these words on the new device, under Settings, Your devices.</source>
   <translation>Tippe diese Wörter am neuen Gerät, unter Einstellungen, Deine Geräte.</translation>
  </message>
  <message>
   <source>Type three words…</source>
   <translation>Drei Wörter tippen …</translation>
  </message>
  <message>
   <source>Used from the next start on.</source>
   <translation>Gilt ab dem nächsten Start.</translation>
  </message>
  <message>
   <source>Violet</source>
   <translation>Violett</translation>
  </message>
  <message>
   <source>What passes is sealed: this computer can’t read it.</source>
   <translation>Was durchgeht, ist versiegelt: Dieser Computer kann es nicht lesen.</translation>
  </message>
  <message>
   <source>Whoever can use this computer as you can then read your notes.</source>
   <translation>Wer diesen Computer wie du benutzen kann, kann dann deine Notizen lesen.</translation>
  </message>
  <message>
   <source>Write them on paper. Whoever has them and a backup can read everything.</source>
   <translation>Schreib sie auf Papier. Wer sie und eine Sicherung hat, kann alles lesen.</translation>
  </message>
  <message>
   <source>Write these words down in this order and keep the paper safe.</source>
   <translation>Schreib diese Wörter in dieser Reihenfolge auf und verwahre das Blatt gut.</translation>
  </message>
  <message>
   <source>You</source>
   <translation>Du</translation>
  </message>
  <message>
   <source>Your colour</source>
   <translation>Deine Farbe</translation>
  </message>
  <message>
   <source>Your devices</source>
   <translation>Deine Geräte</translation>
  </message>
  <message>
   <source>Your fingerprint: read it to somebody who wants to be sure that it is you.</source>
   <translation>Dein Fingerabdruck: Lies ihn jemandem vor, der sicher sein will, dass du es bist.</translation>
  </message>
  <message>
   <source>Your name</source>
   <translation>Dein Name</translation>
  </message>
  <message>
   <source>Your notes are here</source>
   <translation>Deine Notizen sind hier</translation>
  </message>
  <message>
   <source>Your passphrase now</source>
   <translation>Deine jetzige Passphrase</translation>
  </message>
  <message>
   <source>Your recovery kit</source>
   <translation>Dein Rettungsblatt</translation>
  </message>
  <message>
   <source>the other device</source>
   <translation>das andere Gerät</translation>
  </message>
  <message>
   <source>“%1” has these keys already.</source>
   <translation>„%1“ hat diese Tasten schon.</translation>
  </message>
  <message>
   <source>“Lock now” works with one.</source>
   <translation>Mit ihr wirkt „Jetzt sperren“.</translation>
  </message>
 </context>
 <context>
  <name>SettingsWindow</name>
  <message>
   <source>Pages</source>
   <translation>Seiten</translation>
  </message>
  <message>
   <source>Settings – Notesapp</source>
   <translation>Einstellungen – Notesapp</translation>
  </message>
 </context>
 <context>
  <name>ShareSheet</name>
  <message>
   <source>Done</source>
   <translation>Fertig</translation>
  </message>
  <message>
   <source>Link and QR code</source>
   <translation>Link und QR-Code</translation>
  </message>
  <message>
   <source>Only who manages this notebook can invite people.</source>
   <translation>Nur wer dieses Notizbuch verwaltet, kann Leute einladen.</translation>
  </message>
  <message>
   <source>People</source>
   <translation>Leute</translation>
  </message>
  <message>
   <source>People nearby</source>
   <translation>Leute in der Nähe</translation>
  </message>
  <message>
   <source>Say these words to the other person, who types them under “Join a notebook”.</source>
   <translation>Sag diese Wörter der anderen Person, die sie unter „Einem Notizbuch beitreten“ tippt.</translation>
  </message>
  <message>
   <source>Share “%1”</source>
   <translation>„%1“ teilen</translation>
  </message>
  <message>
   <source>Sharing</source>
   <translation>Geteilt</translation>
  </message>
  <message>
   <source>Three words</source>
   <translation>Drei Wörter</translation>
  </message>
 </context>
 <context>
  <name>Sheet</name>
  <message>
   <source>Fetching the picture …</source>
   <translation>Das Bild wird geholt …</translation>
  </message>
  <message numerus="yes">
   <source>Properties · %n</source>
   <translation>
    <numerusform>Eigenschaften · %n</numerusform>
    <numerusform>Eigenschaften · %n</numerusform>
   </translation>
  </message>
  <message>
   <source>This can’t be shown as a picture: %1</source>
   <translation>Das lässt sich nicht als Bild zeigen: %1</translation>
  </message>
  <message>
   <source>This picture isn't here: %1</source>
   <translation>Dieses Bild ist nicht hier: %1</translation>
  </message>
 </context>
 <context>
  <name>Shell</name>
  <message>
   <source>About</source>
   <translation>Über</translation>
  </message>
  <message>
   <source>Appearance</source>
   <translation>Aussehen</translation>
  </message>
  <message>
   <source>Backup and recovery</source>
   <translation>Sicherung und Rettung</translation>
  </message>
  <message>
   <source>Editor</source>
   <translation>Editor</translation>
  </message>
  <message>
   <source>Far away</source>
   <translation>Weit weg</translation>
  </message>
  <message>
   <source>General</source>
   <translation>Allgemein</translation>
  </message>
  <message>
   <source>Notesapp starts with the computer from now on, without its window.</source>
   <translation>Notesapp startet ab jetzt mit dem Computer, ohne Fenster.</translation>
  </message>
  <message>
   <source>Notesapp’s own fonts are missing, so the system’s are used; install it again.</source>
   <translation>Die Schriften von Notesapp fehlen, darum stehen hier die des Systems; installiere es neu.</translation>
  </message>
  <message>
   <source>Shortcuts</source>
   <translation>Tastenkürzel</translation>
  </message>
  <message>
   <source>Sync and people</source>
   <translation>Abgleich und Leute</translation>
  </message>
  <message>
   <source>The settings could not be read and are new; the old file was kept aside.</source>
   <translation>Die Einstellungen ließen sich nicht lesen und sind neu; die alte Datei liegt daneben.</translation>
  </message>
  <message>
   <source>This link leads to no note here.</source>
   <translation>Dieser Link führt hier zu keiner Notiz.</translation>
  </message>
  <message>
   <source>Your devices</source>
   <translation>Deine Geräte</translation>
  </message>
  <message>
   <source>“%1” can’t be opened.</source>
   <translation>„%1“ lässt sich nicht öffnen.</translation>
  </message>
 </context>
 <context>
  <name>Showing</name>
  <message>
   <source>All notes</source>
   <translation>Alle Notizen</translation>
  </message>
  <message>
   <source>Choose one from the list, or begin a new one.</source>
   <translation>Wähle eine aus der Liste oder beginne eine neue.</translation>
  </message>
  <message>
   <source>Delete for ever</source>
   <translation>Endgültig löschen</translation>
  </message>
  <message>
   <source>Deleted notes wait here until you empty it.</source>
   <translation>Gelöschte Notizen warten hier, bis du ihn leerst.</translation>
  </message>
  <message>
   <source>Favourites</source>
   <translation>Favoriten</translation>
  </message>
  <message>
   <source>Look closer</source>
   <translation>Näher ansehen</translation>
  </message>
  <message>
   <source>New note</source>
   <translation>Neue Notiz</translation>
  </message>
  <message>
   <source>No favourites yet</source>
   <translation>Noch keine Favoriten</translation>
  </message>
  <message>
   <source>No note is open</source>
   <translation>Keine Notiz ist offen</translation>
  </message>
  <message>
   <source>No notes with this tag</source>
   <translation>Keine Notizen mit diesem Schlagwort</translation>
  </message>
  <message>
   <source>No notes yet</source>
   <translation>Noch keine Notizen</translation>
  </message>
  <message>
   <source>Notebooks that others share with you appear here.</source>
   <translation>Notizbücher, die andere mit dir teilen, erscheinen hier.</translation>
  </message>
  <message>
   <source>Nothing found</source>
   <translation>Nichts gefunden</translation>
  </message>
  <message>
   <source>Nothing shared yet</source>
   <translation>Noch nichts geteilt</translation>
  </message>
  <message>
   <source>Restore</source>
   <translation>Zurückholen</translation>
  </message>
  <message>
   <source>Search</source>
   <translation>Suchen</translation>
  </message>
  <message>
   <source>Search all notes</source>
   <translation>Alle Notizen durchsuchen</translation>
  </message>
  <message>
   <source>Shared</source>
   <translation>Geteilt</translation>
  </message>
  <message>
   <source>Star a note to keep it within reach.</source>
   <translation>Gib einer Notiz einen Stern, um sie griffbereit zu haben.</translation>
  </message>
  <message>
   <source>The trash is empty</source>
   <translation>Der Papierkorb ist leer</translation>
  </message>
  <message>
   <source>This note is in the trash.</source>
   <translation>Diese Notiz liegt im Papierkorb.</translation>
  </message>
  <message>
   <source>Trash</source>
   <translation>Papierkorb</translation>
  </message>
  <message>
   <source>Try fewer or other words.</source>
   <translation>Versuch es mit weniger oder anderen Wörtern.</translation>
  </message>
  <message>
   <source>Untitled</source>
   <translation>Ohne Titel</translation>
  </message>
  <message>
   <source>What you write is kept on this computer.</source>
   <translation>Was du schreibst, bleibt auf diesem Computer.</translation>
  </message>
  <message>
   <source>Words, “phrases”, tag:name or -word.</source>
   <translation>Wörter, „ganze Sätze“, tag:name oder -wort.</translation>
  </message>
  <message>
   <source>Write #%1 in a note.</source>
   <translation>Schreibe #%1 in eine Notiz.</translation>
  </message>
 </context>
 <context>
  <name>Sidebar</name>
  <message>
   <source>%1’s notes</source>
   <translation>Notizen von %1</translation>
  </message>
  <message>
   <source>Hide the sidebar</source>
   <translation>Seitenleiste verbergen</translation>
  </message>
  <message>
   <source>My notes</source>
   <translation>Meine Notizen</translation>
  </message>
  <message>
   <source>People and status: %1. %2</source>
   <translation>Leute und Zustand: %1. %2</translation>
  </message>
  <message>
   <source>Search</source>
   <translation>Suchen</translation>
  </message>
  <message>
   <source>Search and go to a note</source>
   <translation>Suchen und zu einer Notiz gehen</translation>
  </message>
  <message>
   <source>Settings</source>
   <translation>Einstellungen</translation>
  </message>
  <message>
   <source>This computer</source>
   <translation>Dieser Computer</translation>
  </message>
 </context>
 <context>
  <name>SidebarModel</name>
  <message numerus="yes">
   <source>%1, %n notes</source>
   <translation>
    <numerusform>%1, %n Notiz</numerusform>
    <numerusform>%1, %n Notizen</numerusform>
   </translation>
  </message>
  <message>
   <source>All notes</source>
   <translation>Alle Notizen</translation>
  </message>
  <message>
   <source>Favourites</source>
   <translation>Favoriten</translation>
  </message>
  <message>
   <source>Notebooks</source>
   <translation>Notizbücher</translation>
  </message>
  <message>
   <source>Shared</source>
   <translation>Geteilt</translation>
  </message>
  <message>
   <source>Tags</source>
   <translation>Schlagwörter</translation>
  </message>
  <message>
   <source>Trash</source>
   <translation>Papierkorb</translation>
  </message>
 </context>
 <context>
  <name>SidebarTree</name>
  <message>
   <source>Notebooks and tags</source>
   <translation>Notizbücher und Schlagwörter</translation>
  </message>
 </context>
 <context>
  <name>Sorry</name>
  <message>
   <source>Close</source>
   <translation>Schließen</translation>
  </message>
  <message>
   <source>Your notes could not be opened</source>
   <translation>Deine Notizen ließen sich nicht öffnen</translation>
  </message>
 </context>
 <context>
  <name>Status</name>
  <message>
   <source>Everybody has everything</source>
   <translation>Alle haben alles</translation>
  </message>
  <message>
   <source>Just you</source>
   <translation>Nur du</translation>
  </message>
  <message>
   <source>Needs help</source>
   <translation>Braucht Hilfe</translation>
  </message>
  <message>
   <source>Not saved</source>
   <translation>Nicht gespeichert</translation>
  </message>
  <message>
   <source>Not saved yet</source>
   <translation>Noch nicht gespeichert</translation>
  </message>
  <message>
   <source>Offline</source>
   <translation>Offline</translation>
  </message>
  <message>
   <source>Press to read why</source>
   <translation>Drücken, um den Grund zu lesen</translation>
  </message>
  <message>
   <source>Read the notice above the note</source>
   <translation>Lies den Hinweis über der Notiz</translation>
  </message>
  <message>
   <source>Saved</source>
   <translation>Gespeichert</translation>
  </message>
  <message>
   <source>Saved on this computer</source>
   <translation>Lokal gespeichert</translation>
  </message>
  <message>
   <source>Saved · %1 are here</source>
   <translation>Gespeichert · %1 sind hier</translation>
  </message>
  <message>
   <source>Saved · %1 has it</source>
   <translation>Gespeichert · %1 hat es</translation>
  </message>
  <message>
   <source>Saved · %1 have it</source>
   <translation>Gespeichert · %1 haben es</translation>
  </message>
  <message>
   <source>Saved · %1 is here</source>
   <translation>Gespeichert · %1 ist hier</translation>
  </message>
  <message>
   <source>Saving</source>
   <translation>Speichert</translation>
  </message>
  <message>
   <source>Saving…</source>
   <translation>Speichert…</translation>
  </message>
  <message>
   <source>Sharing</source>
   <translation>Geteilt</translation>
  </message>
  <message>
   <source>Waiting</source>
   <translation>Warten</translation>
  </message>
  <message>
   <source>Waiting for %1</source>
   <translation>Warten auf %1</translation>
  </message>
  <message>
   <source>With %1</source>
   <translation>Mit %1</translation>
  </message>
 </context>
 <context>
  <name>Step</name>
  <message>
   <source>done</source>
   <translation>erledigt</translation>
  </message>
  <message>
   <source>now</source>
   <translation>jetzt</translation>
  </message>
  <message>
   <source>to come</source>
   <translation>kommt noch</translation>
  </message>
 </context>
 <context>
  <name>StepsPage</name>
  <message>
   <source>%1 of %2</source>
   <translation>%1 von %2</translation>
  </message>
  <message>
   <source>Be let in</source>
   <translation>Eingelassen werden</translation>
  </message>
  <message>
   <source>Compare the words</source>
   <translation>Die Wörter vergleichen</translation>
  </message>
  <message>
   <source>Fetch the notes</source>
   <translation>Die Notizen holen</translation>
  </message>
  <message>
   <source>Find the other computer</source>
   <translation>Den anderen Computer finden</translation>
  </message>
  <message>
   <source>It didn’t work.</source>
   <translation>Es hat nicht geklappt.</translation>
  </message>
  <message>
   <source>Notes fetched</source>
   <translation>Geholte Notizen</translation>
  </message>
  <message>
   <source>Prove who is who</source>
   <translation>Beweisen, wer wer ist</translation>
  </message>
 </context>
 <context>
  <name>Terms</name>
  <message>
   <source>For how many people</source>
   <translation>Für wie viele Leute</translation>
  </message>
  <message>
   <source>How long it works</source>
   <translation>Wie lange er gilt</translation>
  </message>
  <message>
   <source>What the link allows</source>
   <translation>Was der Link erlaubt</translation>
  </message>
  <message>
   <source>for 1 day</source>
   <translation>für 1 Tag</translation>
  </message>
  <message>
   <source>for 3 days</source>
   <translation>für 3 Tage</translation>
  </message>
  <message>
   <source>for 30 days</source>
   <translation>für 30 Tage</translation>
  </message>
  <message>
   <source>for anyone</source>
   <translation>für alle</translation>
  </message>
  <message>
   <source>for one person</source>
   <translation>für eine Person</translation>
  </message>
  <message>
   <source>without an end</source>
   <translation>ohne Ende</translation>
  </message>
 </context>
 <context>
  <name>ThreeWords</name>
  <message>
   <source>The code: %1</source>
   <translation>Der Code: %1</translation>
  </message>
 </context>
 <context>
  <name>Transfer</name>
  <message numerus="yes">
   <source>%n files could not be imported</source>
   <translation>
    <numerusform>%n Datei konnte nicht importiert werden</numerusform>
    <numerusform>%n Dateien konnten nicht importiert werden</numerusform>
   </translation>
  </message>
  <message numerus="yes">
   <source>%n files imported</source>
   <translation>
    <numerusform>%n Datei importiert</numerusform>
    <numerusform>%n Dateien importiert</numerusform>
   </translation>
  </message>
  <message numerus="yes">
   <source>%n files kept with them</source>
   <translation>
    <numerusform>%n Datei dazu aufbewahrt</numerusform>
    <numerusform>%n Dateien dazu aufbewahrt</numerusform>
   </translation>
  </message>
  <message numerus="yes">
   <source>%n links have no target</source>
   <translation>
    <numerusform>%n Link hat kein Ziel</numerusform>
    <numerusform>%n Links haben kein Ziel</numerusform>
   </translation>
  </message>
  <message numerus="yes">
   <source>%n links work</source>
   <translation>
    <numerusform>%n Link funktioniert</numerusform>
    <numerusform>%n Links funktionieren</numerusform>
   </translation>
  </message>
  <message numerus="yes">
   <source>%n new notes</source>
   <translation>
    <numerusform>%n neue Notiz</numerusform>
    <numerusform>%n neue Notizen</numerusform>
   </translation>
  </message>
  <message numerus="yes">
   <source>%n notes changed</source>
   <translation>
    <numerusform>%n Notiz geändert</numerusform>
    <numerusform>%n Notizen geändert</numerusform>
   </translation>
  </message>
  <message numerus="yes">
   <source>%n notes exported</source>
   <translation>
    <numerusform>%n Notiz exportiert</numerusform>
    <numerusform>%n Notizen exportiert</numerusform>
   </translation>
  </message>
  <message numerus="yes">
   <source>%n notes were there already</source>
   <translation>
    <numerusform>%n Notiz war schon da</numerusform>
    <numerusform>%n Notizen waren schon da</numerusform>
   </translation>
  </message>
  <message>
   <source>Export</source>
   <translation>Exportieren</translation>
  </message>
  <message>
   <source>Export “%1” into which folder?</source>
   <translation>„%1“ in welchen Ordner exportieren?</translation>
  </message>
  <message>
   <source>Exporting</source>
   <translation>Export läuft</translation>
  </message>
  <message>
   <source>Import which files?</source>
   <translation>Welche Dateien importieren?</translation>
  </message>
  <message>
   <source>Import which folder?</source>
   <translation>Welchen Ordner importieren?</translation>
  </message>
  <message>
   <source>Importing “%1”</source>
   <translation>„%1“ wird importiert</translation>
  </message>
  <message>
   <source>Markdown (*.md)</source>
   <translation>Markdown (*.md)</translation>
  </message>
  <message>
   <source>Notes (*.md *.markdown *.txt *.html *.htm);;All files (*)</source>
   <translation>Notizen (*.md *.markdown *.txt *.html *.htm);;Alle Dateien (*)</translation>
  </message>
  <message>
   <source>Nothing was in it.</source>
   <translation>Es war nichts darin.</translation>
  </message>
  <message>
   <source>PDF (*.pdf)</source>
   <translation>PDF (*.pdf)</translation>
  </message>
  <message>
   <source>Saved as “%1”</source>
   <translation>Gespeichert als „%1“</translation>
  </message>
  <message>
   <source>Sent to “%1”</source>
   <translation>An „%1“ geschickt</translation>
  </message>
  <message>
   <source>The export was cancelled; what it had written stays.</source>
   <translation>Der Export wurde abgebrochen; was schon geschrieben war, bleibt.</translation>
  </message>
  <message>
   <source>The import was cancelled before any note came in.</source>
   <translation>Der Import wurde abgebrochen, bevor eine Notiz aufgenommen war.</translation>
  </message>
  <message>
   <source>Untitled</source>
   <translation>Ohne Titel</translation>
  </message>
  <message>
   <source>Web page (*.html)</source>
   <translation>Webseite (*.html)</translation>
  </message>
  <message>
   <source>“%1” is exported</source>
   <translation>„%1“ ist exportiert</translation>
  </message>
  <message>
   <source>“%1” is imported</source>
   <translation>„%1“ ist importiert</translation>
  </message>
 </context>
 <context>
  <name>Tray</name>
  <message>
   <source>Open Notesapp</source>
   <translation>Notesapp öffnen</translation>
  </message>
  <message>
   <source>Quick note</source>
   <translation>Schnellnotiz</translation>
  </message>
  <message>
   <source>Quit</source>
   <translation>Beenden</translation>
  </message>
 </context>
 <context>
  <name>UnlockWindow</name>
  <message>
   <source>A new passphrase, if you want one</source>
   <translation>Eine neue Passphrase, wenn du möchtest</translation>
  </message>
  <message>
   <source>I know the passphrase</source>
   <translation>Ich kenne die Passphrase</translation>
  </message>
  <message>
   <source>Open</source>
   <translation>Öffnen</translation>
  </message>
  <message>
   <source>Passphrase</source>
   <translation>Passphrase</translation>
  </message>
  <message>
   <source>Recover your notes</source>
   <translation>Notizen retten</translation>
  </message>
  <message>
   <source>That passphrase doesn’t open these notes; try again, or use the recovery kit.</source>
   <translation>Dieses Kennwort öffnet die Notizen nicht; versuch es noch einmal, oder nimm die Wiederherstellungswörter.</translation>
  </message>
  <message>
   <source>The 24 words of the recovery kit</source>
   <translation>Die 24 Wörter des Rettungsblatts</translation>
  </message>
  <message>
   <source>The key to these notes is gone from this computer; the recovery kit opens them.</source>
   <translation>Der Schlüssel zu diesen Notizen fehlt auf diesem Computer; das Rettungsblatt öffnet sie.</translation>
  </message>
  <message>
   <source>This computer’s keyring gives no key; log in to it and start again, or use the kit.</source>
   <translation>Der Schlüsselbund dieses Computers gibt keinen Schlüssel her; melde dich an ihm an und starte neu, oder nimm das Rettungsblatt.</translation>
  </message>
  <message>
   <source>Use the recovery kit</source>
   <translation>Rettungsblatt verwenden</translation>
  </message>
  <message>
   <source>Your notes are locked</source>
   <translation>Deine Notizen sind gesperrt</translation>
  </message>
 </context>
 <context>
  <name>Unread</name>
  <message>
   <source>Close</source>
   <translation>Schließen</translation>
  </message>
  <message>
   <source>Only something was taken out; the versions show it.</source>
   <translation>Es wurde nur etwas herausgenommen; die Versionen zeigen es.</translation>
  </message>
  <message>
   <source>Others changed this note since you last looked, %1.</source>
   <translation>Andere haben diese Notiz geändert, seit du zuletzt hinsahst, %1.</translation>
  </message>
  <message>
   <source>Others changed this note since you last looked.</source>
   <translation>Andere haben diese Notiz geändert, seit du zuletzt hinsahst.</translation>
  </message>
  <message>
   <source>Show what is new</source>
   <translation>Neues zeigen</translation>
  </message>
 </context>
 <context>
  <name>Versions</name>
  <message>
   <source>%1, %2 characters added, %3 removed</source>
   <translation>%1, %2 Zeichen dazu, %3 entfernt</translation>
  </message>
  <message>
   <source>Every change is kept; they appear here as you write.</source>
   <translation>Jede Änderung bleibt erhalten; hier erscheinen sie, während du schreibst.</translation>
  </message>
  <message>
   <source>No earlier versions</source>
   <translation>Keine früheren Versionen</translation>
  </message>
  <message>
   <source>Now</source>
   <translation>Jetzt</translation>
  </message>
  <message>
   <source>Previous versions</source>
   <translation>Frühere Versionen</translation>
  </message>
 </context>
 <context>
  <name>When</name>
  <message numerus="yes">
   <source>%n h</source>
   <translation>
    <numerusform>%n Std.</numerusform>
    <numerusform>%n Std.</numerusform>
   </translation>
  </message>
  <message numerus="yes">
   <source>%n min</source>
   <translation>
    <numerusform>%n Min.</numerusform>
    <numerusform>%n Min.</numerusform>
   </translation>
  </message>
  <message>
   <source>Yesterday</source>
   <translation>Gestern</translation>
  </message>
  <message>
   <source>now</source>
   <translation>jetzt</translation>
  </message>
 </context>
 <context>
  <name>WordsPart</name>
  <message numerus="yes">
   <source>%n tries left</source>
   <translation>
    <numerusform>noch %n Versuch</numerusform>
    <numerusform>noch %n Versuche</numerusform>
   </translation>
  </message>
  <message>
   <source>End this code</source>
   <translation>Diesen Code beenden</translation>
  </message>
  <message>
   <source>Make three words</source>
   <translation>Drei Wörter machen</translation>
  </message>
  <message>
   <source>The time for these words is over; make new ones.</source>
   <translation>Die Zeit für diese Wörter ist um; mach neue.</translation>
  </message>
  <message numerus="yes">
   <source>They work for %n min more</source>
   <translation>
    <numerusform>Sie gelten noch %n Min.</numerusform>
    <numerusform>Sie gelten noch %n Min.</numerusform>
   </translation>
  </message>
 </context>
</TS>

<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en" sourcelanguage="en">
 <context>
  <name>Checkup</name>
  <message numerus="yes">
   <source>%n things need attention</source>
   <translation>
    <numerusform>%n thing needs attention</numerusform>
    <numerusform>%n things need attention</numerusform>
   </translation>
  </message>
 </context>
 <context>
  <name>CompanyNews</name>
  <message numerus="yes">
   <source>%n edits were set aside in “%1”.</source>
   <translation>
    <numerusform>%n edit was set aside in “%1”.</numerusform>
    <numerusform>%n edits were set aside in “%1”.</numerusform>
   </translation>
  </message>
  <message numerus="yes">
   <source>And %n more.</source>
   <translation>
    <numerusform>And %n more.</numerusform>
    <numerusform>And %n more.</numerusform>
   </translation>
  </message>
 </context>
 <context>
  <name>Completion</name>
  <message numerus="yes">
   <source>%n suggestion(s)</source>
   <translation>
    <numerusform>%n suggestion</numerusform>
    <numerusform>%n suggestions</numerusform>
   </translation>
  </message>
 </context>
 <context>
  <name>FindBar</name>
  <message numerus="yes">
   <source>%n match(es) replaced</source>
   <translation>
    <numerusform>%n match replaced</numerusform>
    <numerusform>%n matches replaced</numerusform>
   </translation>
  </message>
 </context>
 <context>
  <name>Foot</name>
  <message numerus="yes">
   <source>%1 of %n words</source>
   <translation>
    <numerusform>%1 of %n word</numerusform>
    <numerusform>%1 of %n words</numerusform>
   </translation>
  </message>
  <message numerus="yes">
   <source>%n min read</source>
   <translation>
    <numerusform>%n min read</numerusform>
    <numerusform>%n min read</numerusform>
   </translation>
  </message>
  <message numerus="yes">
   <source>%n words</source>
   <translation>
    <numerusform>%n word</numerusform>
    <numerusform>%n words</numerusform>
   </translation>
  </message>
 </context>
 <context>
  <name>JoinSheet</name>
  <message numerus="yes">
   <source>Bring %n notes of this computer along?</source>
   <translation>
    <numerusform>Bring the note of this computer along?</numerusform>
    <numerusform>Bring %n notes of this computer along?</numerusform>
   </translation>
  </message>
 </context>
 <context>
  <name>NoteActs</name>
  <message numerus="yes">
   <source>%n notes deleted for ever</source>
   <translation>
    <numerusform>%n note deleted for ever</numerusform>
    <numerusform>%n notes deleted for ever</numerusform>
   </translation>
  </message>
  <message numerus="yes">
   <source>%n notes moved</source>
   <translation>
    <numerusform>%n note moved</numerusform>
    <numerusform>%n notes moved</numerusform>
   </translation>
  </message>
  <message numerus="yes">
   <source>%n notes moved to the trash</source>
   <translation>
    <numerusform>Note moved to the trash</numerusform>
    <numerusform>%n notes moved to the trash</numerusform>
   </translation>
  </message>
  <message numerus="yes">
   <source>; %n links updated</source>
   <translation>
    <numerusform>; %n link updated</numerusform>
    <numerusform>; %n links updated</numerusform>
   </translation>
  </message>
  <message numerus="yes">
   <source>Delete %n notes for ever?</source>
   <translation>
    <numerusform>Delete this note for ever?</numerusform>
    <numerusform>Delete %n notes for ever?</numerusform>
   </translation>
  </message>
 </context>
 <context>
  <name>NotebookActs</name>
  <message numerus="yes">
   <source>Its %n notes go to the trash. Restore one, and the notebook is back.</source>
   <translation>
    <numerusform>Its %n note goes to the trash. Restore it, and the notebook is back.</numerusform>
    <numerusform>Its %n notes go to the trash. Restore one, and the notebook is back.</numerusform>
   </translation>
  </message>
 </context>
 <context>
  <name>People</name>
  <message numerus="yes">
   <source>%1, %2 and %n more</source>
   <translation>
    <numerusform>%1, %2 and %n more</numerusform>
    <numerusform>%1, %2 and %n more</numerusform>
   </translation>
  </message>
  <message numerus="yes">
   <source>%n edits</source>
   <translation>
    <numerusform>%n edit</numerusform>
    <numerusform>%n edits</numerusform>
   </translation>
  </message>
  <message numerus="yes">
   <source>%n edits only here</source>
   <translation>
    <numerusform>%n edit only here</numerusform>
    <numerusform>%n edits only here</numerusform>
   </translation>
  </message>
  <message numerus="yes">
   <source>%n files</source>
   <translation>
    <numerusform>%n file</numerusform>
    <numerusform>%n files</numerusform>
   </translation>
  </message>
  <message numerus="yes">
   <source>%n files only here</source>
   <translation>
    <numerusform>%n file only here</numerusform>
    <numerusform>%n files only here</numerusform>
   </translation>
  </message>
  <message numerus="yes">
   <source>%n h ago</source>
   <translation>
    <numerusform>%n h ago</numerusform>
    <numerusform>%n h ago</numerusform>
   </translation>
  </message>
  <message numerus="yes">
   <source>%n min ago</source>
   <translation>
    <numerusform>%n min ago</numerusform>
    <numerusform>%n min ago</numerusform>
   </translation>
  </message>
  <message numerus="yes">
   <source>%n ms</source>
   <translation>
    <numerusform>%n ms</numerusform>
    <numerusform>%n ms</numerusform>
   </translation>
  </message>
  <message numerus="yes">
   <source>For %n people</source>
   <translation>
    <numerusform>For %n person</numerusform>
    <numerusform>For %n people</numerusform>
   </translation>
  </message>
  <message numerus="yes">
   <source>Waits for %n edits</source>
   <translation>
    <numerusform>Waits for %n edit</numerusform>
    <numerusform>Waits for %n edits</numerusform>
   </translation>
  </message>
 </context>
 <context>
  <name>ProgramActs</name>
  <message numerus="yes">
   <source>%n things need attention</source>
   <translation>
    <numerusform>%n thing needs attention</numerusform>
    <numerusform>%n things need attention</numerusform>
   </translation>
  </message>
 </context>
 <context>
  <name>Settings</name>
  <message numerus="yes">
   <source>Connected with %n devices.</source>
   <translation>
    <numerusform>Connected with %n device.</numerusform>
    <numerusform>Connected with %n devices.</numerusform>
   </translation>
  </message>
 </context>
 <context>
  <name>Sheet</name>
  <message numerus="yes">
   <source>Properties · %n</source>
   <translation>
    <numerusform>Properties · %n</numerusform>
    <numerusform>Properties · %n</numerusform>
   </translation>
  </message>
 </context>
 <context>
  <name>SidebarModel</name>
  <message numerus="yes">
   <source>%1, %n notes</source>
   <translation>
    <numerusform>%1, %n note</numerusform>
    <numerusform>%1, %n notes</numerusform>
   </translation>
  </message>
 </context>
 <context>
  <name>Transfer</name>
  <message numerus="yes">
   <source>%n files could not be imported</source>
   <translation>
    <numerusform>%n file could not be imported</numerusform>
    <numerusform>%n files could not be imported</numerusform>
   </translation>
  </message>
  <message numerus="yes">
   <source>%n files imported</source>
   <translation>
    <numerusform>%n file imported</numerusform>
    <numerusform>%n files imported</numerusform>
   </translation>
  </message>
  <message numerus="yes">
   <source>%n files kept with them</source>
   <translation>
    <numerusform>%n file kept with them</numerusform>
    <numerusform>%n files kept with them</numerusform>
   </translation>
  </message>
  <message numerus="yes">
   <source>%n links have no target</source>
   <translation>
    <numerusform>%n link has no target</numerusform>
    <numerusform>%n links have no target</numerusform>
   </translation>
  </message>
  <message numerus="yes">
   <source>%n links work</source>
   <translation>
    <numerusform>%n link works</numerusform>
    <numerusform>%n links work</numerusform>
   </translation>
  </message>
  <message numerus="yes">
   <source>%n new notes</source>
   <translation>
    <numerusform>%n new note</numerusform>
    <numerusform>%n new notes</numerusform>
   </translation>
  </message>
  <message numerus="yes">
   <source>%n notes changed</source>
   <translation>
    <numerusform>%n note changed</numerusform>
    <numerusform>%n notes changed</numerusform>
   </translation>
  </message>
  <message numerus="yes">
   <source>%n notes exported</source>
   <translation>
    <numerusform>%n note exported</numerusform>
    <numerusform>%n notes exported</numerusform>
   </translation>
  </message>
  <message numerus="yes">
   <source>%n notes were there already</source>
   <translation>
    <numerusform>%n note was there already</numerusform>
    <numerusform>%n notes were there already</numerusform>
   </translation>
  </message>
 </context>
 <context>
  <name>When</name>
  <message numerus="yes">
   <source>%n h</source>
   <translation>
    <numerusform>%n h</numerusform>
    <numerusform>%n h</numerusform>
   </translation>
  </message>
  <message numerus="yes">
   <source>%n min</source>
   <translation>
    <numerusform>%n min</numerusform>
    <numerusform>%n min</numerusform>
   </translation>
  </message>
 </context>
 <context>
  <name>WordsPart</name>
  <message numerus="yes">
   <source>%n tries left</source>
   <translation>
    <numerusform>%n try left</numerusform>
    <numerusform>%n tries left</numerusform>
   </translation>
  </message>
  <message numerus="yes">
   <source>They work for %n min more</source>
   <translation>
    <numerusform>They work for %n min more</numerusform>
    <numerusform>They work for %n min more</numerusform>
   </translation>
  </message>
 </context>
</TS>

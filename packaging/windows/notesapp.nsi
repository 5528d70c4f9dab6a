; Installs Notesapp for one person, without an administrator. Compiled by windows_setup.py with
;   /DVERSION=0.1.0 /DNUMBERS=0.1.0.0 /DBUNDLE=folder /DTARGET=file /DSIZE_KB=n [/DSIGN=command]
; The firewall rule is a choice of its own, off at first, because Windows asks for an administrator then.
; Removing the program leaves the notes in %LOCALAPPDATA%\notesapp.
Unicode true
ManifestDPIAware true
RequestExecutionLevel user
SetCompressor /SOLID lzma
!include MUI2.nsh
!include WinVer.nsh
!include x64.nsh
!include FileFunc.nsh

Name "Notesapp"
OutFile "${TARGET}"
InstallDir "$LOCALAPPDATA\Programs\Notesapp"
InstallDirRegKey HKCU "Software\Notesapp" "Folder"
VIProductVersion "${NUMBERS}"
VIAddVersionKey /LANG=0 "ProductName" "Notesapp"
VIAddVersionKey /LANG=0 "ProductVersion" "${VERSION}"
VIAddVersionKey /LANG=0 "FileVersion" "${VERSION}"
VIAddVersionKey /LANG=0 "FileDescription" "Notesapp setup"
VIAddVersionKey /LANG=0 "LegalCopyright" "The Notesapp authors, MIT licence"
!ifdef SIGN
  !finalize '${SIGN} "%1"'
  !uninstfinalize '${SIGN} "%1"'
!endif

!define MUI_ICON "notesapp.ico"
!define MUI_UNICON "notesapp.ico"
!define MUI_ABORTWARNING
!define MUI_FINISHPAGE_RUN "$INSTDIR\notesapp-window.exe"
!insertmacro MUI_PAGE_WELCOME
!insertmacro MUI_PAGE_COMPONENTS
!insertmacro MUI_PAGE_DIRECTORY
!insertmacro MUI_PAGE_INSTFILES
!insertmacro MUI_PAGE_FINISH
!insertmacro MUI_UNPAGE_CONFIRM
!insertmacro MUI_UNPAGE_INSTFILES
!insertmacro MUI_LANGUAGE "English"
!insertmacro MUI_LANGUAGE "German"

LangString program ${LANG_ENGLISH} "Notesapp"
LangString program ${LANG_GERMAN} "Notesapp"
LangString links ${LANG_ENGLISH} "Open notesapp:// links and .notesapp files"
LangString links ${LANG_GERMAN} "notesapp://-Links und .notesapp-Dateien öffnen"
LangString commands ${LANG_ENGLISH} "The command notesapp in terminals (PATH)"
LangString commands ${LANG_GERMAN} "Der Befehl notesapp im Terminal (PATH)"
LangString firewall ${LANG_ENGLISH} "Let devices of private networks find this one (asks for an administrator)"
LangString firewall ${LANG_GERMAN} "Geräte privater Netze dürfen dieses finden (fragt nach einem Administrator)"
LangString old ${LANG_ENGLISH} "Notesapp needs Windows 10 (version 1809) or newer, 64 bit. Nothing was installed."
LangString old ${LANG_GERMAN} "Notesapp braucht Windows 10 (Version 1809) oder neuer, 64 Bit. Es wurde nichts installiert."
LangString stays ${LANG_ENGLISH} "Notesapp is gone. Your notes stay in $LOCALAPPDATA\notesapp."
LangString stays ${LANG_GERMAN} "Notesapp ist entfernt. Ihre Notizen bleiben in $LOCALAPPDATA\notesapp."

!define UNINSTALL "Software\Microsoft\Windows\CurrentVersion\Uninstall\Notesapp"
!define CLASSES "Software\Classes"
!define RULE "Notesapp (UDP, private networks)"

Function .onInit
  ${IfNot} ${AtLeastWin10}
  ${OrIfNot} ${AtLeastBuild} 17763
  ${OrIfNot} ${RunningX64}
    MessageBox MB_OK|MB_ICONSTOP "$(old)" /SD IDOK
    Abort
  ${EndIf}
FunctionEnd

; A program that runs saves everything and ends before its files are replaced; from another version, too.
!macro EndRunning
  IfFileExists "$INSTDIR\notesapp.exe" 0 +3
    nsExec::Exec /TIMEOUT=30000 '"$INSTDIR\notesapp.exe" shutdown'
    Sleep 1500
!macroend

Section "$(program)" Program
  SectionIn RO
  !insertmacro EndRunning
  RMDir /r "$INSTDIR\_internal"
  SetOutPath "$INSTDIR"
  File /r "${BUNDLE}/*"
  CreateDirectory "$SMPROGRAMS"
  CreateShortcut "$SMPROGRAMS\Notesapp.lnk" "$INSTDIR\notesapp-window.exe"
  WriteRegStr HKCU "Software\Notesapp" "Folder" "$INSTDIR"
  WriteUninstaller "$INSTDIR\uninstall.exe"
  WriteRegStr HKCU "${UNINSTALL}" "DisplayName" "Notesapp"
  WriteRegStr HKCU "${UNINSTALL}" "DisplayVersion" "${VERSION}"
  WriteRegStr HKCU "${UNINSTALL}" "DisplayIcon" "$INSTDIR\notesapp-window.exe"
  WriteRegStr HKCU "${UNINSTALL}" "InstallLocation" "$INSTDIR"
  WriteRegStr HKCU "${UNINSTALL}" "UninstallString" '"$INSTDIR\uninstall.exe"'
  WriteRegStr HKCU "${UNINSTALL}" "QuietUninstallString" '"$INSTDIR\uninstall.exe" /S'
  WriteRegDWORD HKCU "${UNINSTALL}" "EstimatedSize" ${SIZE_KB}
  WriteRegDWORD HKCU "${UNINSTALL}" "NoModify" 1
  WriteRegDWORD HKCU "${UNINSTALL}" "NoRepair" 1
SectionEnd

Section "$(links)" Links
  WriteRegStr HKCU "${CLASSES}\notesapp" "" "URL:Notesapp"
  WriteRegStr HKCU "${CLASSES}\notesapp" "URL Protocol" ""
  WriteRegStr HKCU "${CLASSES}\notesapp\DefaultIcon" "" "$INSTDIR\notesapp-window.exe,0"
  WriteRegStr HKCU "${CLASSES}\notesapp\shell\open\command" "" '"$INSTDIR\notesapp-window.exe" "%1"'
  WriteRegStr HKCU "${CLASSES}\.notesapp" "" "Notesapp.Invitation"
  WriteRegStr HKCU "${CLASSES}\Notesapp.Invitation" "" "Notesapp invitation"
  WriteRegStr HKCU "${CLASSES}\Notesapp.Invitation\DefaultIcon" "" "$INSTDIR\notesapp-window.exe,0"
  WriteRegStr HKCU "${CLASSES}\Notesapp.Invitation\shell\open\command" "" '"$INSTDIR\notesapp-window.exe" "%1"'
  System::Call 'shell32::SHChangeNotify(i 0x08000000, i 0, p 0, p 0)'
SectionEnd

Section "$(commands)" Commands
  ; A file of this name in a folder that is on every person's PATH, instead of editing PATH (which NSIS could cut off).
  CreateDirectory "$LOCALAPPDATA\Microsoft\WindowsApps"
  FileOpen $0 "$LOCALAPPDATA\Microsoft\WindowsApps\notesapp.cmd" w
  FileWrite $0 '@"$INSTDIR\notesapp.exe" %*$\r$\n'
  FileClose $0
SectionEnd

Section /o "$(firewall)" Firewall
  ExecShellWait "runas" "$SYSDIR\netsh.exe" 'advfirewall firewall add rule name="${RULE}" dir=in action=allow protocol=UDP profile=private program="$INSTDIR\notesapp-window.exe"' SW_HIDE
SectionEnd

Section "Uninstall"
  !insertmacro EndRunning
  Delete "$SMPROGRAMS\Notesapp.lnk"
  Delete "$LOCALAPPDATA\Microsoft\WindowsApps\notesapp.cmd"
  RMDir /r "$INSTDIR\_internal"
  Delete "$INSTDIR\notesapp.exe"
  Delete "$INSTDIR\notesapp-window.exe"
  Delete "$INSTDIR\uninstall.exe"
  RMDir "$INSTDIR"
  DeleteRegKey HKCU "${CLASSES}\notesapp"
  DeleteRegKey HKCU "${CLASSES}\.notesapp"
  DeleteRegKey HKCU "${CLASSES}\Notesapp.Invitation"
  DeleteRegValue HKCU "Software\Microsoft\Windows\CurrentVersion\Run" "notesapp"
  DeleteRegKey HKCU "${UNINSTALL}"
  DeleteRegKey HKCU "Software\Notesapp"
  MessageBox MB_OK "$(stays)" /SD IDOK
SectionEnd

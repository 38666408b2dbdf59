; The installer for Windows: for one person, without an administrator. `make package` compiles it (packaging/steps/windows.py)
; and says Version, Folder (what PyInstaller made) and Icon; Signed where there is a certificate.

#ifndef Version
  #error Compile this with "make package", which says Version, Folder and Icon
#endif
#define Title "Trackly Desktop"
#define Window "Trackly Desktop.exe"
#define Terminal "trackly-desktop.exe"
#define Kind "TracklyDesktop.Table"

[Setup]
; Never another AppId: Windows knows an older version by it.
AppId={{3E0B9B7C-6B6F-4E53-9C39-5C1A7D1F0D52}
AppName={#Title}
AppVersion={#Version}
AppPublisher=Trackly
AppPublisherURL=https://tracklysms.com
AppSupportURL=https://tracklysms.com
VersionInfoVersion={#Version}
VersionInfoDescription={#Title} Setup
; lowest: no administrator is asked for, and {autopf} and HKA below are the person's own.
PrivilegesRequired=lowest
DefaultDirName={autopf}\{#Title}
DisableProgramGroupPage=yes
DisableWelcomePage=no
; Windows 10 1809: what Qt 6 supports.
MinVersion=10.0.17763
ArchitecturesAllowed=x64compatible
ArchitecturesInstallIn64BitMode=x64compatible
ChangesAssociations=yes
; A window that is open is asked to close as at a logout: what is on its way is answered and recorded first.
CloseApplications=yes
RestartApplications=no
Compression=lzma2/max
SolidCompression=yes
SetupIconFile={#Icon}
WizardStyle=modern
UninstallDisplayName={#Title}
UninstallDisplayIcon={app}\{#Window}
#ifdef Signed
SignTool=sign
SignedUninstaller=yes
#endif

[Languages]
Name: "english"; MessagesFile: "compiler:Default.isl"

[Tasks]
Name: "desktopicon"; Description: "{cm:CreateDesktopIcon}"; GroupDescription: "{cm:AdditionalIcons}"; Flags: unchecked

[InstallDelete]
; Of an older version nothing stays that this one does not have.
Type: filesandordirs; Name: "{app}\_internal"

[Files]
Source: "{#Folder}\*"; DestDir: "{app}"; Flags: ignoreversion recursesubdirs createallsubdirs

[Icons]
Name: "{autoprograms}\{#Title}"; Filename: "{app}\{#Window}"
Name: "{autodesktop}\{#Title}"; Filename: "{app}\{#Window}"; Tasks: desktopicon

[Registry]
; "Open with" offers the program for tables; nobody's own choice of a program for them is touched.
Root: HKA; Subkey: "Software\Classes\{#Kind}"; ValueType: string; ValueData: "Table of contacts"; Flags: uninsdeletekey
Root: HKA; Subkey: "Software\Classes\{#Kind}\DefaultIcon"; ValueType: string; ValueData: "{app}\{#Window},0"
Root: HKA; Subkey: "Software\Classes\{#Kind}\shell\open\command"; ValueType: string; ValueData: """{app}\{#Window}"" ""%1"""
Root: HKA; Subkey: "Software\Classes\Applications\{#Window}"; ValueType: string; ValueName: "FriendlyAppName"; ValueData: "{#Title}"; Flags: uninsdeletekey
Root: HKA; Subkey: "Software\Classes\Applications\{#Window}\shell\open\command"; ValueType: string; ValueData: """{app}\{#Window}"" ""%1"""
#dim Suffixes[9] {"csv", "tsv", "tab", "txt", "xlsx", "xlsm", "xls", "xlsb", "ods"}
#define Number
#sub Offer
Root: HKA; Subkey: "Software\Classes\.{#Suffixes[Number]}\OpenWithProgids"; ValueType: string; ValueName: "{#Kind}"; ValueData: ""; Flags: uninsdeletevalue uninsdeletekeyifempty
Root: HKA; Subkey: "Software\Classes\Applications\{#Window}\SupportedTypes"; ValueType: string; ValueName: ".{#Suffixes[Number]}"; ValueData: ""
#endsub
#for {Number = 0; Number < DimOf(Suffixes); Number++} Offer
; So that the Run dialog and `start trackly-desktop` find the one for a terminal.
Root: HKA; Subkey: "Software\Microsoft\Windows\CurrentVersion\App Paths\{#Terminal}"; ValueType: string; ValueData: "{app}\{#Terminal}"; Flags: uninsdeletekey

[Run]
Filename: "{app}\{#Window}"; Description: "{cm:LaunchProgram,{#Title}}"; Flags: nowait postinstall skipifsilent

<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="de_DE" sourcelanguage="en">
<context>
    <name>cartload</name>
    <message>
        <source>A cart is being downloaded</source>
        <translation>Ein Warenkorb wird heruntergeladen</translation>
    </message>
    <message>
        <source>{folder} is not a folder.</source>
        <translation>{folder} ist kein Ordner.</translation>
    </message>
    <message>
        <source>{folder}: {reason}</source>
        <translation>{folder}: {reason}</translation>
    </message>
    <message>
        <source>About cartload</source>
        <translation>Über cartload</translation>
    </message>
    <message>
        <source>Software</source>
        <translation>Software</translation>
    </message>
    <message>
        <source>Version</source>
        <translation>Version</translation>
    </message>
    <message>
        <source>Versions</source>
        <translation>Versionen</translation>
    </message>
    <message>
        <source>The documentation is in the folder docs of the source; start with tutorial.md.</source>
        <translation>Die Dokumentation steht im Ordner docs des Quelltexts; beginnen Sie mit tutorial.md.</translation>
    </message>
    <message>
        <source>&amp;Copy</source>
        <translation>&amp;Kopieren</translation>
    </message>
    <message>
        <source>C&amp;lose</source>
        <translation>S&amp;chließen</translation>
    </message>
    <message>
        <source>cartload {version}</source>
        <translation>cartload {version}</translation>
    </message>
    <message>
        <source>Brings a whole imaging cart home: every image, verified, resumable.</source>
        <translation>Holt einen ganzen Warenkorb mit Bilddaten nach Hause: jedes Bild, geprüft, jederzeit fortsetzbar.</translation>
    </message>
    <message>
        <source>System</source>
        <translation>System</translation>
    </message>
    <message>
        <source>cartload is free software under the MIT licence, and comes without any warranty.</source>
        <translation>cartload ist freie Software unter der MIT-Lizenz; jede Gewährleistung ist ausgeschlossen.</translation>
    </message>
    <message>
        <source>This window uses PyQt6, which is under the GNU General Public License, version 3. Whoever passes on a bundle of cartload with PyQt6 does so under that licence; cartload itself stays MIT.</source>
        <translation>Dieses Fenster verwendet PyQt6, das unter der GNU General Public License, Version 3, steht. Wer cartload zusammen mit PyQt6 weitergibt, tut das unter jener Lizenz; cartload selbst bleibt unter der MIT-Lizenz.</translation>
    </message>
    <message>
        <source>Leave?</source>
        <translation>Wirklich gehen?</translation>
    </message>
    <message numerus="yes">
        <source>A download is running: {number} series are still to come.</source>
        <translation>
            <numerusform>Ein Download läuft: Es fehlt noch {number} Serie.</numerusform>
            <numerusform>Ein Download läuft: Es fehlen noch {number} Serien.</numerusform>
        </translation>
    </message>
    <message>
        <source>Leaving stops it. All that came is kept, and you are offered to go on with it at the next start.</source>
        <translation>Wenn Sie gehen, hält er an. Alles bisher Geladene bleibt erhalten, und der nächste Start bietet an, damit fortzufahren.</translation>
    </message>
    <message>
        <source>&amp;Leave and stop</source>
        <translation>&amp;Gehen und anhalten</translation>
    </message>
    <message>
        <source>&amp;Keep running</source>
        <translation>&amp;Weiterlaufen lassen</translation>
    </message>
    <message>
        <source>Remove from the cart?</source>
        <translation>Aus dem Warenkorb entfernen?</translation>
    </message>
    <message numerus="yes">
        <source>{number} of the {selected} selected series are being downloaded right now.</source>
        <translation>
            <numerusform>{number} der {selected} ausgewählten Serien wird gerade heruntergeladen.</numerusform>
            <numerusform>{number} der {selected} ausgewählten Serien werden gerade heruntergeladen.</numerusform>
        </translation>
    </message>
    <message>
        <source>Their download stops, and they are taken out of this cart. No file that was stored is deleted.</source>
        <translation>Ihr Download hält an, und sie werden aus diesem Warenkorb entfernt. Gespeicherte Dateien werden nicht gelöscht.</translation>
    </message>
    <message>
        <source>&amp;Remove</source>
        <translation>&amp;Entfernen</translation>
    </message>
    <message>
        <source>&amp;Keep</source>
        <translation>&amp;Behalten</translation>
    </message>
    <message>
        <source>Access denied</source>
        <translation>Zugriff verweigert</translation>
    </message>
    <message numerus="yes">
        <source>The archive refuses {number} series of this cart.</source>
        <translation>
            <numerusform>Das Archiv verweigert {number} Serie dieses Warenkorbs.</numerusform>
            <numerusform>Das Archiv verweigert {number} Serien dieses Warenkorbs.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>The other {number} series can be downloaded.</source>
        <translation>
            <numerusform>{number} andere Serie kann heruntergeladen werden.</numerusform>
            <numerusform>Die {number} anderen Serien können heruntergeladen werden.</numerusform>
        </translation>
    </message>
    <message>
        <source>Series</source>
        <translation>Serie</translation>
    </message>
    <message>
        <source>Reason</source>
        <translation>Grund</translation>
    </message>
    <message>
        <source>Refused series</source>
        <translation>Verweigerte Serien</translation>
    </message>
    <message numerus="yes">
        <source>&amp;Go on with the other {number}</source>
        <translation>
            <numerusform>Mit der anderen &amp;fortfahren</numerusform>
            <numerusform>Mit den {number} anderen &amp;fortfahren</numerusform>
        </translation>
    </message>
    <message>
        <source>&amp;Leave</source>
        <translation>&amp;Abbrechen</translation>
    </message>
    <message>
        <source>Partly downloaded</source>
        <translation>Teilweise heruntergeladen</translation>
    </message>
    <message>
        <source>What do you want to download?</source>
        <translation>Was möchten Sie herunterladen?</translation>
    </message>
    <message>
        <source>A series that is here stays until its new copy is complete and verified.</source>
        <translation>Eine vorhandene Serie bleibt, bis ihre neue Kopie vollständig und geprüft ist.</translation>
    </message>
    <message>
        <source>&amp;Start</source>
        <translation>&amp;Starten</translation>
    </message>
    <message>
        <source>&amp;Cancel</source>
        <translation>&amp;Abbrechen</translation>
    </message>
    <message>
        <source>Log of this run</source>
        <translation>Protokoll dieses Laufs</translation>
    </message>
    <message>
        <source>&amp;Follow the end</source>
        <translation>Dem &amp;Ende folgen</translation>
    </message>
    <message>
        <source>No log is kept: it was switched off ({variable}), or could not be written.</source>
        <translation>Es wird kein Protokoll geführt: Es wurde abgeschaltet ({variable}) oder konnte nicht geschrieben werden.</translation>
    </message>
    <message>
        <source>{path} cannot be read: {reason}</source>
        <translation>{path} kann nicht gelesen werden: {reason}</translation>
    </message>
    <message>
        <source>Log</source>
        <translation>Protokoll</translation>
    </message>
    <message>
        <source>&amp;Open its folder</source>
        <translation>&amp;Ordner öffnen</translation>
    </message>
    <message>
        <source>Log in</source>
        <translation>Anmelden</translation>
    </message>
    <message>
        <source>&amp;Log in</source>
        <translation>&amp;Anmelden</translation>
    </message>
    <message>
        <source>Go on as a &amp;guest</source>
        <translation>Als &amp;Gast fortfahren</translation>
    </message>
    <message>
        <source>Log in to {origin}</source>
        <translation>Anmelden bei {origin}</translation>
    </message>
    <message>
        <source>The last login was not accepted: {reason}</source>
        <translation>Die letzte Anmeldung wurde nicht angenommen: {reason}</translation>
    </message>
    <message>
        <source>Series that are not for guests</source>
        <translation>Serien, die nicht für Gäste sind</translation>
    </message>
    <message>
        <source>List the s&amp;eries</source>
        <translation>&amp;Serien auflisten</translation>
    </message>
    <message>
        <source>&amp;Show the password</source>
        <translation>Passwort an&amp;zeigen</translation>
    </message>
    <message>
        <source>&amp;User name:</source>
        <translation>&amp;Benutzername:</translation>
    </message>
    <message>
        <source>&amp;Password:</source>
        <translation>&amp;Passwort:</translation>
    </message>
    <message>
        <source>&amp;Keep in the system keyring</source>
        <translation>Im Schlüsselb&amp;und des Systems aufbewahren</translation>
    </message>
    <message>
        <source>Looking for a keyring…</source>
        <translation>Suche einen Schlüsselbund …</translation>
    </message>
    <message>
        <source>It cannot be kept: {reason}</source>
        <translation>Aufbewahren ist nicht möglich: {reason}</translation>
    </message>
    <message>
        <source>Keyring: {name}. It is kept once the archive has accepted it.</source>
        <translation>Schlüsselbund: {name}. Aufbewahrt wird die Anmeldung, sobald das Archiv sie angenommen hat.</translation>
    </message>
    <message>
        <source>This cannot be sent: {reason}.</source>
        <translation>Das kann nicht gesendet werden: {reason}.</translation>
    </message>
    <message>
        <source>This address is not encrypted (http).</source>
        <translation>Diese Adresse ist nicht verschlüsselt (http).</translation>
    </message>
    <message>
        <source>It is this very computer, so that nobody can read the login on its way.</source>
        <translation>Es ist dieser Computer selbst, so dass niemand die Anmeldung unterwegs lesen kann.</translation>
    </message>
    <message>
        <source>This address is not encrypted (http): anybody on the way could read your password.</source>
        <translation>Diese Adresse ist nicht verschlüsselt (http): Jeder auf dem Weg könnte Ihr Passwort lesen.</translation>
    </message>
    <message>
        <source>It is not sent there. Use the archive's https address, or go on as a guest.</source>
        <translation>Dorthin wird es nicht gesendet. Verwenden Sie die https-Adresse des Archivs, oder fahren Sie als Gast fort.</translation>
    </message>
    <message>
        <source>Kind</source>
        <translation>Art</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>Name</translation>
    </message>
    <message>
        <source>Distribution</source>
        <translation>Paket</translation>
    </message>
    <message>
        <source>What it does</source>
        <translation>Aufgabe</translation>
    </message>
    <message>
        <source>Plugins</source>
        <translation>Plugins</translation>
    </message>
    <message>
        <source>Blocked: {names}</source>
        <translation>Gesperrt: {names}</translation>
    </message>
    <message numerus="yes">
        <source>{number} plugins failed.</source>
        <translation>
            <numerusform>{number} Plugin ist ausgefallen.</numerusform>
            <numerusform>{number} Plugins sind ausgefallen.</numerusform>
        </translation>
    </message>
    <message>
        <source>The others work.</source>
        <translation>Die anderen arbeiten.</translation>
    </message>
    <message>
        <source>Plugin</source>
        <translation>Plugin</translation>
    </message>
    <message>
        <source>Plugins that failed</source>
        <translation>Ausgefallene Plugins</translation>
    </message>
    <message>
        <source>Data usage policy</source>
        <translation>Nutzungsbedingungen</translation>
    </message>
    <message>
        <source>Data usage policy of {archive}</source>
        <translation>Nutzungsbedingungen von {archive}</translation>
    </message>
    <message>
        <source>Please read it. Nothing is downloaded before you agree.</source>
        <translation>Bitte lesen Sie sie. Nichts wird heruntergeladen, bevor Sie zustimmen.</translation>
    </message>
    <message>
        <source>Text of the policy</source>
        <translation>Text der Nutzungsbedingungen</translation>
    </message>
    <message>
        <source>&amp;Agree</source>
        <translation>&amp;Zustimmen</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>Einstellungen</translation>
    </message>
    <message>
        <source>&amp;Save</source>
        <translation>&amp;Speichern</translation>
    </message>
    <message>
        <source>&amp;Logins</source>
        <translation>Anmel&amp;dungen</translation>
    </message>
    <message>
        <source>&amp;General</source>
        <translation>All&amp;gemein</translation>
    </message>
    <message>
        <source>&amp;Network</source>
        <translation>Netz&amp;werk</translation>
    </message>
    <message>
        <source>&amp;Plugins</source>
        <translation>&amp;Plugins</translation>
    </message>
    <message>
        <source>Kept in {path}. Changes hold from the next cart on.</source>
        <translation>Gespeichert in {path}. Änderungen gelten ab dem nächsten Warenkorb.</translation>
    </message>
    <message>
        <source>The settings file is not understood, and stays as it is.</source>
        <translation>Die Einstellungsdatei wird nicht verstanden und bleibt, wie sie ist.</translation>
    </message>
    <message>
        <source>Text of the settings file</source>
        <translation>Text der Einstellungsdatei</translation>
    </message>
    <message>
        <source>Mend it with a text editor, or move it away.</source>
        <translation>Berichtigen Sie sie mit einem Texteditor, oder verschieben Sie sie.</translation>
    </message>
    <message>
        <source>&amp;Text</source>
        <translation>&amp;Text</translation>
    </message>
    <message>
        <source>Show</source>
        <translation>Anzeigen</translation>
    </message>
    <message>
        <source>Show {name}</source>
        <translation>{name} anzeigen</translation>
    </message>
    <message>
        <source>Browse…</source>
        <translation>Durchsuchen …</translation>
    </message>
    <message>
        <source>Browse for {name}</source>
        <translation>{name} durchsuchen</translation>
    </message>
    <message>
        <source>one a line</source>
        <translation>eine Angabe je Zeile</translation>
    </message>
    <message>
        <source>(not set)</source>
        <translation>(nicht gesetzt)</translation>
    </message>
    <message>
        <source>to be given</source>
        <translation>anzugeben</translation>
    </message>
    <message>
        <source>Default: {value}</source>
        <translation>Standard: {value}</translation>
    </message>
    <message>
        <source>Yes</source>
        <translation>Ja</translation>
    </message>
    <message>
        <source>No</source>
        <translation>Nein</translation>
    </message>
    <message>
        <source>The environment variable {name} is set, and wins over this.</source>
        <translation>Die Umgebungsvariable {name} ist gesetzt und hat Vorrang.</translation>
    </message>
    <message>
        <source>⚠ {fault}</source>
        <translation>⚠ {fault}</translation>
    </message>
    <message>
        <source>Archive</source>
        <translation>Archiv</translation>
    </message>
    <message>
        <source>Users</source>
        <translation>Benutzer</translation>
    </message>
    <message>
        <source>Kept logins</source>
        <translation>Aufbewahrte Anmeldungen</translation>
    </message>
    <message>
        <source>&amp;Forget</source>
        <translation>&amp;Vergessen</translation>
    </message>
    <message>
        <source>No login is kept.</source>
        <translation>Es wird keine Anmeldung aufbewahrt.</translation>
    </message>
    <message>
        <source>The passwords are in the system keyring; these archives may be sent a login.</source>
        <translation>Die Passwörter liegen im Schlüsselbund des Systems; an diese Archive darf eine Anmeldung gesendet werden.</translation>
    </message>
    <message>
        <source>Asking the keyring…</source>
        <translation>Frage den Schlüsselbund …</translation>
    </message>
    <message>
        <source>It was not forgotten: {reason}</source>
        <translation>Sie wurde nicht vergessen: {reason}</translation>
    </message>
    <message>
        <source>It is blocked, and was not loaded.</source>
        <translation>Es ist gesperrt und wurde nicht geladen.</translation>
    </message>
    <message>
        <source>{kind} of {distribution} {version}: {summary}</source>
        <translation>{kind} aus {distribution} {version}: {summary}</translation>
    </message>
    <message>
        <source>It has no options.</source>
        <translation>Es hat keine Optionen.</translation>
    </message>
    <message>
        <source>A plugin without its check mark is not loaded, from the next start on.</source>
        <translation>Ein Plugin ohne Häkchen wird ab dem nächsten Start nicht mehr geladen.</translation>
    </message>
    <message>
        <source>Na&amp;ming:</source>
        <translation>Be&amp;nennung:</translation>
    </message>
    <message>
        <source>How the folders of the series are called.</source>
        <translation>Wie die Ordner der Serien heißen.</translation>
    </message>
    <message>
        <source>&amp;File names:</source>
        <translation>Dat&amp;einamen:</translation>
    </message>
    <message>
        <source>ordinal: by the order of the images; server: as the archive names them; uid: by their UID.</source>
        <translation>ordinal: nach der Reihenfolge der Bilder; server: wie das Archiv sie nennt; uid: nach ihrer UID.</translation>
    </message>
    <message>
        <source>&amp;Template:</source>
        <translation>&amp;Vorlage:</translation>
    </message>
    <message>
        <source>The layout of the naming template.</source>
        <translation>Der Aufbau der Pfade bei der Benennung template.</translation>
    </message>
    <message>
        <source>St&amp;orage:</source>
        <translation>A&amp;blage:</translation>
    </message>
    <message>
        <source>What keeps the series.</source>
        <translation>Was die Serien aufbewahrt.</translation>
    </message>
    <message>
        <source>When part &amp;is there:</source>
        <translation>&amp;Falls schon etwas da ist:</translation>
    </message>
    <message>
        <source>Ask, download only what is missing, or download all again.</source>
        <translation>ask: fragen; missing: nur Fehlendes herunterladen; all: alles neu herunterladen.</translation>
    </message>
    <message>
        <source>&amp;Annotations:</source>
        <translation>Annota&amp;tionen:</translation>
    </message>
    <message>
        <source>Whether annotation files are downloaded; the cart says it by default.</source>
        <translation>Ob Annotationsdateien heruntergeladen werden; sonst sagt es der Warenkorb.</translation>
    </message>
    <message>
        <source>Chec&amp;k:</source>
        <translation>P&amp;rüfung:</translation>
    </message>
    <message>
        <source>Whether images are verified against the archive's MD5 list.</source>
        <translation>Ob die Bilder gegen die MD5-Liste des Archivs geprüft werden.</translation>
    </message>
    <message>
        <source>Se&amp;ries at once:</source>
        <translation>Serien gleichze&amp;itig:</translation>
    </message>
    <message>
        <source>How many series are downloaded at the same time.</source>
        <translation>Wie viele Serien zugleich heruntergeladen werden.</translation>
    </message>
    <message>
        <source>Att&amp;empts:</source>
        <translation>Vers&amp;uche:</translation>
    </message>
    <message>
        <source>How often each series is tried; the cart says it by default.</source>
        <translation>Wie oft jede Serie versucht wird; sonst sagt es der Warenkorb.</translation>
    </message>
    <message>
        <source>Spee&amp;d limit:</source>
        <translation>Tempo&amp;limit:</translation>
    </message>
    <message>
        <source>Bytes a second for all series together, such as 20M. Empty: no limit.</source>
        <translation>Bytes je Sekunde für alle Serien zusammen, etwa 20M. Leer: unbegrenzt.</translation>
    </message>
    <message>
        <source>Allo&amp;wed licences:</source>
        <translation>Erlaubte Li&amp;zenzen:</translation>
    </message>
    <message>
        <source>Only series under these are downloaded, such as CC BY*. Empty: all.</source>
        <translation>Nur Serien unter diesen werden heruntergeladen, etwa CC BY*. Leer: alle.</translation>
    </message>
    <message>
        <source>Pro&amp;xy:</source>
        <translation>Pro&amp;xy:</translation>
    </message>
    <message>
        <source>Such as http://proxy.example.org:3128, or direct for none. Empty: what the system names.</source>
        <translation>Etwa http://proxy.example.org:3128, oder direct für keinen. Leer: was das System nennt.</translation>
    </message>
    <message>
        <source>Ce&amp;rtificates:</source>
        <translation>&amp;Zertifikate:</translation>
    </message>
    <message>
        <source>A file (PEM or DER) to trust besides the system's own certificates.</source>
        <translation>Eine Datei (PEM oder DER), der neben den Zertifikaten des Systems vertraut wird.</translation>
    </message>
    <message>
        <source>&amp;Transport:</source>
        <translation>&amp;Transport:</translation>
    </message>
    <message>
        <source>The one to use, instead of those that follow from the cart.</source>
        <translation>Der zu verwendende, statt derer, die sich aus dem Warenkorb ergeben.</translation>
    </message>
    <message>
        <source>&amp;Authenticator:</source>
        <translation>A&amp;uthentifizierung:</translation>
    </message>
    <message>
        <source>How to prove who is asking, instead of what follows from the archive.</source>
        <translation>Wie belegt wird, wer fragt, statt so, wie es sich aus dem Archiv ergibt.</translation>
    </message>
    <message>
        <source>Not enough room</source>
        <translation>Zu wenig Speicherplatz</translation>
    </message>
    <message>
        <source>The download rests, and nothing is lost. Make room, then go on.</source>
        <translation>Der Download ruht, nichts geht verloren. Schaffen Sie Platz, und fahren Sie dann fort.</translation>
    </message>
    <message>
        <source>You can make room now, or while it runs: it rests when the disk is full, and asks again.</source>
        <translation>Platz schaffen können Sie jetzt oder während des Downloads: Ist der Datenträger voll, ruht er und fragt wieder.</translation>
    </message>
    <message>
        <source>&amp;Go on</source>
        <translation>&amp;Fortfahren</translation>
    </message>
    <message>
        <source>&amp;Stop here, keep all that came</source>
        <translation>&amp;Hier anhalten, Geladenes behalten</translation>
    </message>
    <message>
        <source>&amp;Begin all the same</source>
        <translation>&amp;Trotzdem beginnen</translation>
    </message>
    <message>
        <source>&amp;Do not begin</source>
        <translation>&amp;Nicht beginnen</translation>
    </message>
    <message>
        <source>That did not work</source>
        <translation>Das hat nicht geklappt</translation>
    </message>
    <message>
        <source>Line</source>
        <translation>Zeile</translation>
    </message>
    <message>
        <source>What is wrong</source>
        <translation>Was nicht stimmt</translation>
    </message>
    <message>
        <source>Faults</source>
        <translation>Fehler</translation>
    </message>
    <message>
        <source>Unfinished downloads</source>
        <translation>Unvollständige Downloads</translation>
    </message>
    <message numerus="yes">
        <source>{number} carts were not finished the last time.</source>
        <translation>
            <numerusform>{number} Warenkorb wurde beim letzten Mal nicht fertig.</numerusform>
            <numerusform>{number} Warenkörbe wurden beim letzten Mal nicht fertig.</numerusform>
        </translation>
    </message>
    <message>
        <source>Go on with one: what is there is kept, and only the rest is downloaded.</source>
        <translation>Setzen Sie einen fort: Was da ist, bleibt, und nur der Rest wird heruntergeladen.</translation>
    </message>
    <message>
        <source>Cart</source>
        <translation>Warenkorb</translation>
    </message>
    <message>
        <source>Complete</source>
        <translation>Vollständig</translation>
    </message>
    <message>
        <source>Last</source>
        <translation>Zuletzt</translation>
    </message>
    <message>
        <source>Folder</source>
        <translation>Ordner</translation>
    </message>
    <message>
        <source>Unfinished carts</source>
        <translation>Unvollständige Warenkörbe</translation>
    </message>
    <message>
        <source>&amp;Resume</source>
        <translation>&amp;Fortsetzen</translation>
    </message>
    <message>
        <source>Do not offer it again; no file is deleted.</source>
        <translation>Nicht mehr anbieten; keine Datei wird gelöscht.</translation>
    </message>
    <message>
        <source>&amp;Later</source>
        <translation>&amp;Später</translation>
    </message>
    <message>
        <source>{done} of {series} series</source>
        <translation>{done} von {series} Serien</translation>
    </message>
    <message>
        <source>&amp;Nothing: no series is missing</source>
        <translation>Ni&amp;chts: Es fehlt keine Serie</translation>
    </message>
    <message numerus="yes">
        <source>&amp;Only the {number} missing series ({size})</source>
        <translation>
            <numerusform>Nur die &amp;fehlende Serie ({size})</numerusform>
            <numerusform>Nur die {number} &amp;fehlenden Serien ({size})</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>&amp;All {number} series again ({size})</source>
        <translation>
            <numerusform>Die Serie &amp;neu laden ({size})</numerusform>
            <numerusform>Alle {number} Serien &amp;neu laden ({size})</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{number} series of this cart ({size}) are here already.</source>
        <translation>
            <numerusform>{number} Serie dieses Warenkorbs ({size}) ist schon da.</numerusform>
            <numerusform>{number} Serien dieses Warenkorbs ({size}) sind schon da.</numerusform>
        </translation>
    </message>
    <message>
        <source>Needed: {needed}. How much is free is not known.</source>
        <translation>Benötigt: {needed}. Wie viel frei ist, ist nicht bekannt.</translation>
    </message>
    <message>
        <source>Needed: {needed}. Free: {free}.</source>
        <translation>Benötigt: {needed}. Frei: {free}.</translation>
    </message>
    <message numerus="yes">
        <source>{number} series of this cart are not for guests.</source>
        <translation>
            <numerusform>{number} Serie dieses Warenkorbs ist nicht für Gäste.</numerusform>
            <numerusform>{number} Serien dieses Warenkorbs sind nicht für Gäste.</numerusform>
        </translation>
    </message>
    <message>
        <source>Your login is sent to this address and nowhere else.</source>
        <translation>Ihre Anmeldung wird an diese Adresse gesendet und nirgendwohin sonst.</translation>
    </message>
    <message numerus="yes">
        <source>This cart cannot be used: {number} faults in it.</source>
        <translation>
            <numerusform>Dieser Warenkorb ist nicht verwendbar: Er enthält {number} Fehler.</numerusform>
            <numerusform>Dieser Warenkorb ist nicht verwendbar: Er enthält {number} Fehler.</numerusform>
        </translation>
    </message>
    <message>
        <source>The log has more of it; what was downloaded is not touched.</source>
        <translation>Mehr dazu steht im Protokoll; Heruntergeladenes wird nicht angerührt.</translation>
    </message>
    <message>
        <source>Something unforeseen went wrong.</source>
        <translation>Etwas Unvorhergesehenes ist schiefgegangen.</translation>
    </message>
    <message>
        <source>manifest reader</source>
        <translation>Manifest-Leser</translation>
    </message>
    <message>
        <source>transport</source>
        <translation>Transport</translation>
    </message>
    <message>
        <source>authenticator</source>
        <translation>Authentifizierung</translation>
    </message>
    <message>
        <source>naming</source>
        <translation>Benennung</translation>
    </message>
    <message>
        <source>storage</source>
        <translation>Ablage</translation>
    </message>
    <message>
        <source>licence policy</source>
        <translation>Lizenzregel</translation>
    </message>
    <message>
        <source>nothing was begun.</source>
        <translation>Es wurde nichts begonnen.</translation>
    </message>
    <message>
        <source>{size}/s</source>
        <translation>{size}/s</translation>
    </message>
    <message>
        <source>{hours} h {minutes} min</source>
        <translation>{hours} Std. {minutes} Min.</translation>
    </message>
    <message>
        <source>{minutes} min {seconds} s</source>
        <translation>{minutes} Min. {seconds} s</translation>
    </message>
    <message>
        <source>{seconds} s</source>
        <translation>{seconds} s</translation>
    </message>
    <message>
        <source>{number}%</source>
        <translation>{number} %</translation>
    </message>
    <message>
        <source>{number} B</source>
        <translation>{number} B</translation>
    </message>
    <message>
        <source>{number} kB</source>
        <translation>{number} kB</translation>
    </message>
    <message>
        <source>{number} MB</source>
        <translation>{number} MB</translation>
    </message>
    <message>
        <source>{number} GB</source>
        <translation>{number} GB</translation>
    </message>
    <message>
        <source>{number} TB</source>
        <translation>{number} TB</translation>
    </message>
    <message>
        <source>{number} PB</source>
        <translation>{number} PB</translation>
    </message>
    <message>
        <source>{number} EB</source>
        <translation>{number} EB</translation>
    </message>
    <message>
        <source>it is not valid TOML: {reason}.</source>
        <translation>Sie ist kein gültiges TOML: {reason}.</translation>
    </message>
    <message>
        <source>Nothing was written; change it with a text editor.</source>
        <translation>Es wurde nichts geschrieben; ändern Sie sie mit einem Texteditor.</translation>
    </message>
    <message>
        <source>it is not UTF-8</source>
        <translation>sie ist nicht in UTF-8</translation>
    </message>
    <message>
        <source>it cannot be read: {reason}.</source>
        <translation>Sie kann nicht gelesen werden: {reason}.</translation>
    </message>
    <message>
        <source>it is too large to be a settings file.</source>
        <translation>Sie ist zu groß für eine Einstellungsdatei.</translation>
    </message>
    <message>
        <source>it would hold half a character</source>
        <translation>sie enthielte ein halbes Zeichen</translation>
    </message>
    <message>
        <source>it cannot be written ({reason}).</source>
        <translation>Sie kann nicht geschrieben werden ({reason}).</translation>
    </message>
    <message>
        <source>The settings are as they were.</source>
        <translation>Die Einstellungen sind, wie sie waren.</translation>
    </message>
    <message>
        <source>it is nested too deeply</source>
        <translation>sie ist zu tief verschachtelt</translation>
    </message>
    <message>
        <source>it is written in a way that cannot be changed here</source>
        <translation>Sie ist auf eine Weise geschrieben, die sich hier nicht ändern lässt</translation>
    </message>
    <message>
        <source>it is written in a way that cannot be changed here without changing more</source>
        <translation>Sie ist auf eine Weise geschrieben, die sich hier nicht ändern lässt, ohne mehr zu ändern</translation>
    </message>
    <message>
        <source>{licence}, not for commercial use</source>
        <translation>{licence}, nicht für kommerzielle Nutzung</translation>
    </message>
    <message>
        <source>{state}: {reason}</source>
        <translation>{state}: {reason}</translation>
    </message>
    <message numerus="yes">
        <source>{name} ({number} series)</source>
        <translation>
            <numerusform>{name} ({number} Serie)</numerusform>
            <numerusform>{name} ({number} Serien)</numerusform>
        </translation>
    </message>
    <message>
        <source>Not described by the archive</source>
        <translation>Vom Archiv nicht beschrieben</translation>
    </message>
    <message>
        <source>{state}: {count}</source>
        <translation>{state}: {count}</translation>
    </message>
    <message>
        <source>{done} of {total}</source>
        <translation>{done} von {total}</translation>
    </message>
    <message numerus="yes">
        <source>{number} series</source>
        <translation>
            <numerusform>{number} Serie</numerusform>
            <numerusform>{number} Serien</numerusform>
        </translation>
    </message>
    <message>
        <source>None</source>
        <translation>Keine</translation>
    </message>
    <message>
        <source>Collection</source>
        <translation>Sammlung</translation>
    </message>
    <message>
        <source>Patient</source>
        <translation>Patient</translation>
    </message>
    <message>
        <source>Study</source>
        <translation>Studie</translation>
    </message>
    <message>
        <source>Description</source>
        <translation>Beschreibung</translation>
    </message>
    <message>
        <source>Modality</source>
        <translation>Modalität</translation>
    </message>
    <message>
        <source>Images</source>
        <translation>Bilder</translation>
    </message>
    <message>
        <source>Annotations</source>
        <translation>Annotationen</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>Größe</translation>
    </message>
    <message>
        <source>Licence</source>
        <translation>Lizenz</translation>
    </message>
    <message>
        <source>Progress</source>
        <translation>Fortschritt</translation>
    </message>
    <message>
        <source>Status</source>
        <translation>Status</translation>
    </message>
    <message>
        <source>Series UID</source>
        <translation>Serien-UID</translation>
    </message>
    <message>
        <source>Size (bytes)</source>
        <translation>Größe (Bytes)</translation>
    </message>
    <message>
        <source>Read the l&amp;icence</source>
        <translation>&amp;Lizenz lesen</translation>
    </message>
    <message>
        <source>Select a series to see all about it.</source>
        <translation>Wählen Sie eine Serie aus, um alles über sie zu sehen.</translation>
    </message>
    <message>
        <source>Details of the series</source>
        <translation>Details der Serie</translation>
    </message>
    <message>
        <source>Attempts that failed</source>
        <translation>Fehlgeschlagene Versuche</translation>
    </message>
    <message>
        <source>Not for commercial use.</source>
        <translation>Nicht für kommerzielle Nutzung.</translation>
    </message>
    <message>
        <source>Study Instance UID</source>
        <translation>Study Instance UID</translation>
    </message>
    <message>
        <source>Series Instance UID</source>
        <translation>Series Instance UID</translation>
    </message>
    <message>
        <source>Filter: patient, description, UID …</source>
        <translation>Filter: Patient, Beschreibung, UID …</translation>
    </message>
    <message>
        <source>Filter the series</source>
        <translation>Serien filtern</translation>
    </message>
    <message>
        <source>Show series</source>
        <translation>Serien zeigen</translation>
    </message>
    <message>
        <source>Group by</source>
        <translation>Gruppieren nach</translation>
    </message>
    <message>
        <source>&amp;Update order</source>
        <translation>&amp;Neu ordnen</translation>
    </message>
    <message>
        <source>Series have changed since they were sorted and filtered.</source>
        <translation>Serien haben sich geändert, seit sie sortiert und gefiltert wurden.</translation>
    </message>
    <message numerus="yes">
        <source>{shown} of {number} series</source>
        <translation>
            <numerusform>{shown} von {number} Serie</numerusform>
            <numerusform>{shown} von {number} Serien</numerusform>
        </translation>
    </message>
    <message>
        <source>All states</source>
        <translation>Jeder Status</translation>
    </message>
    <message>
        <source>Not finished</source>
        <translation>Nicht fertig</translation>
    </message>
    <message>
        <source>Under way</source>
        <translation>In Arbeit</translation>
    </message>
    <message>
        <source>Failed</source>
        <translation>Fehlgeschlagen</translation>
    </message>
    <message>
        <source>No access</source>
        <translation>Kein Zugriff</translation>
    </message>
    <message>
        <source>Removed</source>
        <translation>Entfernt</translation>
    </message>
    <message>
        <source>No groups</source>
        <translation>Keine Gruppen</translation>
    </message>
    <message>
        <source>By collection</source>
        <translation>Nach Sammlung</translation>
    </message>
    <message>
        <source>By patient</source>
        <translation>Nach Patient</translation>
    </message>
    <message>
        <source>Co&amp;lumns</source>
        <translation>S&amp;palten</translation>
    </message>
    <message>
        <source>&amp;Reset columns</source>
        <translation>Spalten &amp;zurücksetzen</translation>
    </message>
    <message>
        <source>&amp;Sort by</source>
        <translation>&amp;Sortieren nach</translation>
    </message>
    <message>
        <source>Order of the cart</source>
        <translation>Reihenfolge im Warenkorb</translation>
    </message>
    <message>
        <source>Show &amp;error</source>
        <translation>&amp;Fehler anzeigen</translation>
    </message>
    <message>
        <source>Show &amp;details</source>
        <translation>&amp;Details anzeigen</translation>
    </message>
    <message numerus="yes">
        <source>Copy {number} series &amp;UIDs</source>
        <translation>
            <numerusform>Serien-&amp;UID kopieren</numerusform>
            <numerusform>{number} Serien-&amp;UIDs kopieren</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>&amp;Copy {number} rows</source>
        <translation>
            <numerusform>&amp;Zeile kopieren</numerusform>
            <numerusform>{number} &amp;Zeilen kopieren</numerusform>
        </translation>
    </message>
    <message>
        <source>Open &amp;folder</source>
        <translation>&amp;Ordner öffnen</translation>
    </message>
    <message>
        <source>&amp;Try again</source>
        <translation>Erneut &amp;versuchen</translation>
    </message>
    <message>
        <source>&amp;Remove from cart</source>
        <translation>Aus dem Warenkorb &amp;entfernen</translation>
    </message>
    <message>
        <source>&amp;Show only these</source>
        <translation>Nur diese zei&amp;gen</translation>
    </message>
    <message numerus="yes">
        <source>Not for commercial use: the licences of {number} series forbid it.</source>
        <translation>
            <numerusform>Nicht für kommerzielle Nutzung: Die Lizenz von {number} Serie verbietet sie.</numerusform>
            <numerusform>Nicht für kommerzielle Nutzung: Die Lizenzen von {number} Serien verbieten sie.</numerusform>
        </translation>
    </message>
    <message>
        <source>Attempt {number}, {time}, from {source}: {error}</source>
        <translation>Versuch {number}, {time}, von {source}: {error}</translation>
    </message>
    <message>
        <source>No further attempt followed.</source>
        <translation>Kein weiterer Versuch folgte.</translation>
    </message>
    <message>
        <source>Next attempt {time} later.</source>
        <translation>Nächster Versuch {time} später.</translation>
    </message>
    <message>
        <source>The archive names no licence.</source>
        <translation>Das Archiv nennt keine Lizenz.</translation>
    </message>
    <message>
        <source>Series {number}</source>
        <translation>Serie {number}</translation>
    </message>
    <message>
        <source>Series Instance UID: {uid}</source>
        <translation>Series Instance UID: {uid}</translation>
    </message>
    <message>
        <source>Patient: {patient}</source>
        <translation>Patient: {patient}</translation>
    </message>
    <message>
        <source>Collection: {collection}</source>
        <translation>Sammlung: {collection}</translation>
    </message>
    <message>
        <source>Date: {date}</source>
        <translation>Datum: {date}</translation>
    </message>
    <message>
        <source>Study Instance UID: {uid}</source>
        <translation>Study Instance UID: {uid}</translation>
    </message>
    <message>
        <source>Images: {size} bytes</source>
        <translation>Bilder: {size} Bytes</translation>
    </message>
    <message>
        <source>Annotations: {size} bytes</source>
        <translation>Annotationen: {size} Bytes</translation>
    </message>
    <message numerus="yes">
        <source>{number} images</source>
        <translation>
            <numerusform>{number} Bild</numerusform>
            <numerusform>{number} Bilder</numerusform>
        </translation>
    </message>
    <message>
        <source>Annotations come with it.</source>
        <translation>Annotationen gehören dazu.</translation>
    </message>
    <message>
        <source>No annotations belong to it.</source>
        <translation>Es gehören keine Annotationen dazu.</translation>
    </message>
    <message numerus="yes">
        <source>{done} of {number} images</source>
        <translation>
            <numerusform>{done} von {number} Bild</numerusform>
            <numerusform>{done} von {number} Bildern</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{number} earlier attempts</source>
        <translation>
            <numerusform>{number} früherer Versuch</numerusform>
            <numerusform>{number} frühere Versuche</numerusform>
        </translation>
    </message>
    <message>
        <source>Series of the cart</source>
        <translation>Serien des Warenkorbs</translation>
    </message>
    <message>
        <source>No series matches the filter.</source>
        <translation>Keine Serie passt zum Filter.</translation>
    </message>
    <message>
        <source>{state}: {meaning}</source>
        <translation>{state}: {meaning}</translation>
    </message>
    <message>
        <source>Queued</source>
        <translation>Eingereiht</translation>
    </message>
    <message>
        <source>Downloading</source>
        <translation>Wird geladen</translation>
    </message>
    <message>
        <source>Checking</source>
        <translation>Wird geprüft</translation>
    </message>
    <message>
        <source>Storing</source>
        <translation>Wird abgelegt</translation>
    </message>
    <message>
        <source>Will try again</source>
        <translation>Wird wiederholt</translation>
    </message>
    <message>
        <source>Paused</source>
        <translation>Angehalten</translation>
    </message>
    <message>
        <source>Already here</source>
        <translation>Schon da</translation>
    </message>
    <message>
        <source>Left out</source>
        <translation>Ausgelassen</translation>
    </message>
    <message>
        <source>It is downloaded when its turn comes.</source>
        <translation>Sie wird heruntergeladen, sobald sie an der Reihe ist.</translation>
    </message>
    <message>
        <source>It is being downloaded.</source>
        <translation>Sie wird gerade heruntergeladen.</translation>
    </message>
    <message>
        <source>All of it has come, and every image is being checked.</source>
        <translation>Sie ist ganz da, und jedes Bild wird geprüft.</translation>
    </message>
    <message>
        <source>It is whole and is being put in its place.</source>
        <translation>Sie ist vollständig und wird an ihren Platz gelegt.</translation>
    </message>
    <message>
        <source>An attempt failed. It is tried again in a while; what has come so far is kept.</source>
        <translation>Ein Versuch schlug fehl. Nach einer Weile folgt der nächste; was schon da ist, bleibt.</translation>
    </message>
    <message>
        <source>It is paused. What has come so far is kept.</source>
        <translation>Sie ist angehalten. Was schon da ist, bleibt.</translation>
    </message>
    <message>
        <source>It is complete, checked and in its place.</source>
        <translation>Sie ist vollständig, geprüft und an ihrem Platz.</translation>
    </message>
    <message>
        <source>It was here before, whole, and is not downloaded again.</source>
        <translation>Sie war schon vollständig da und wird nicht noch einmal heruntergeladen.</translation>
    </message>
    <message>
        <source>The archive does not let you have it.</source>
        <translation>Das Archiv gibt sie Ihnen nicht.</translation>
    </message>
    <message>
        <source>It could not be downloaded.</source>
        <translation>Sie konnte nicht heruntergeladen werden.</translation>
    </message>
    <message>
        <source>Its licence is none that you allow, so it is not downloaded.</source>
        <translation>Ihre Lizenz gehört nicht zu den erlaubten; sie wird nicht heruntergeladen.</translation>
    </message>
    <message>
        <source>It was taken out of this cart. No file was deleted.</source>
        <translation>Sie wurde aus diesem Warenkorb entfernt. Keine Datei wurde gelöscht.</translation>
    </message>
    <message>
        <source>&amp;Open manifest …</source>
        <translation>Manifest ö&amp;ffnen …</translation>
    </message>
    <message>
        <source>C&amp;lose cart</source>
        <translation>Warenkorb s&amp;chließen</translation>
    </message>
    <message>
        <source>Save re&amp;port …</source>
        <translation>&amp;Bericht speichern …</translation>
    </message>
    <message>
        <source>&amp;Unfinished carts …</source>
        <translation>&amp;Unvollständige Warenkörbe …</translation>
    </message>
    <message>
        <source>&amp;Quit</source>
        <translation>Be&amp;enden</translation>
    </message>
    <message>
        <source>&amp;Pause</source>
        <translation>An&amp;halten</translation>
    </message>
    <message>
        <source>Res&amp;ume</source>
        <translation>Fortse&amp;tzen</translation>
    </message>
    <message>
        <source>S&amp;top</source>
        <translation>Abbre&amp;chen</translation>
    </message>
    <message>
        <source>&amp;Retry failed</source>
        <translation>&amp;Fehlgeschlagene wiederholen</translation>
    </message>
    <message>
        <source>&amp;Delete from cart</source>
        <translation>Aus dem Warenkorb &amp;entfernen</translation>
    </message>
    <message>
        <source>Open f&amp;older</source>
        <translation>Ordne&amp;r öffnen</translation>
    </message>
    <message>
        <source>&amp;Settings …</source>
        <translation>&amp;Einstellungen …</translation>
    </message>
    <message>
        <source>&amp;Plugins …</source>
        <translation>Plu&amp;gins …</translation>
    </message>
    <message>
        <source>&amp;Log …</source>
        <translation>&amp;Protokoll …</translation>
    </message>
    <message>
        <source>&amp;About cartload</source>
        <translation>Ü&amp;ber cartload</translation>
    </message>
    <message>
        <source>&amp;File</source>
        <translation>&amp;Datei</translation>
    </message>
    <message>
        <source>&amp;Cart</source>
        <translation>&amp;Warenkorb</translation>
    </message>
    <message>
        <source>&amp;View</source>
        <translation>&amp;Ansicht</translation>
    </message>
    <message>
        <source>&amp;Tools</source>
        <translation>&amp;Extras</translation>
    </message>
    <message>
        <source>&amp;Help</source>
        <translation>&amp;Hilfe</translation>
    </message>
    <message>
        <source>Destination and names</source>
        <translation>Ziel und Namen</translation>
    </message>
    <message>
        <source>&amp;Browse …</source>
        <translation>D&amp;urchsuchen …</translation>
    </message>
    <message>
        <source>Template</source>
        <translation>Vorlage</translation>
    </message>
    <message>
        <source>Verif&amp;y against the archive's checksums</source>
        <translation>Mit den Prüfsummen des Archivs &amp;prüfen</translation>
    </message>
    <message>
        <source>&amp;Destination:</source>
        <translation>&amp;Zielordner:</translation>
    </message>
    <message>
        <source>Folder na&amp;mes:</source>
        <translation>&amp;Ordnernamen:</translation>
    </message>
    <message>
        <source>For example:</source>
        <translation>Zum Beispiel:</translation>
    </message>
    <message>
        <source>File &amp;names:</source>
        <translation>Dateina&amp;men:</translation>
    </message>
    <message>
        <source>S&amp;eries at once:</source>
        <translation>&amp;Serien gleichzeitig:</translation>
    </message>
    <message>
        <source>Not possible: {why}</source>
        <translation>Nicht möglich: {why}</translation>
    </message>
    <message>
        <source>Where the cart is to go</source>
        <translation>Wohin der Warenkorb soll</translation>
    </message>
    <message>
        <source>checking …</source>
        <translation>wird geprüft …</translation>
    </message>
    <message>
        <source>✗ It cannot be used: {why}</source>
        <translation>✗ Nicht verwendbar: {why}</translation>
    </message>
    <message>
        <source>✓ It can be written.</source>
        <translation>✓ Beschreibbar.</translation>
    </message>
    <message>
        <source>⚠ Only {free} are free, the cart needs {needed}.</source>
        <translation>⚠ Nur {free} sind frei, der Warenkorb braucht {needed}.</translation>
    </message>
    <message>
        <source>✓ It can be written; {free} are free, the cart needs {needed}.</source>
        <translation>✓ Beschreibbar; {free} sind frei, der Warenkorb braucht {needed}.</translation>
    </message>
    <message>
        <source>in order (1-01.dcm, 1-02.dcm)</source>
        <translation>nach der Reihenfolge (1-01.dcm, 1-02.dcm)</translation>
    </message>
    <message>
        <source>as the archive calls them</source>
        <translation>wie das Archiv sie nennt</translation>
    </message>
    <message>
        <source>by their SOP Instance UID</source>
        <translation>nach ihrer SOP Instance UID</translation>
    </message>
    <message>
        <source>as the manifest says</source>
        <translation>wie das Manifest es sagt</translation>
    </message>
    <message>
        <source>fetch them</source>
        <translation>herunterladen</translation>
    </message>
    <message>
        <source>leave them out</source>
        <translation>weglassen</translation>
    </message>
    <message numerus="yes">
        <source>Complete: all {number} series are there and verified.</source>
        <translation>
            <numerusform>Vollständig: {number} Serie ist da und geprüft.</numerusform>
            <numerusform>Vollständig: Alle {number} Serien sind da und geprüft.</numerusform>
        </translation>
    </message>
    <message>
        <source>Not complete: {present} of {whole} series are there.</source>
        <translation>Nicht vollständig: {present} von {whole} Serien sind da.</translation>
    </message>
    <message numerus="yes">
        <source>{number} series failed.</source>
        <translation>
            <numerusform>{number} Serie ist fehlgeschlagen.</numerusform>
            <numerusform>{number} Serien sind fehlgeschlagen.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{number} series are not for this user.</source>
        <translation>
            <numerusform>{number} Serie ist nicht für diesen Benutzer.</numerusform>
            <numerusform>{number} Serien sind nicht für diesen Benutzer.</numerusform>
        </translation>
    </message>
    <message>
        <source>It was stopped; the next start goes on from there.</source>
        <translation>Der Download wurde abgebrochen; der nächste Start setzt ihn dort fort.</translation>
    </message>
    <message>
        <source>Open &amp;recent</source>
        <translation>&amp;Zuletzt verwendet</translation>
    </message>
    <message>
        <source>Open a manifest</source>
        <translation>Manifest öffnen</translation>
    </message>
    <message>
        <source>Manifests ({patterns})</source>
        <translation>Manifeste ({patterns})</translation>
    </message>
    <message>
        <source>All files ({patterns})</source>
        <translation>Alle Dateien ({patterns})</translation>
    </message>
    <message>
        <source>The manifest of {name} is no longer there.</source>
        <translation>Das Manifest von {name} ist nicht mehr da.</translation>
    </message>
    <message>
        <source>Save the report</source>
        <translation>Bericht speichern</translation>
    </message>
    <message>
        <source>Text ({patterns})</source>
        <translation>Text ({patterns})</translation>
    </message>
    <message>
        <source>The report is in {path}</source>
        <translation>Der Bericht steht in {path}</translation>
    </message>
    <message>
        <source>All carts of before are complete.</source>
        <translation>Alle früheren Warenkörbe sind vollständig.</translation>
    </message>
    <message>
        <source>Progress of the whole cart</source>
        <translation>Fortschritt des ganzen Warenkorbs</translation>
    </message>
    <message>
        <source>waiting for the archive</source>
        <translation>warte auf das Archiv</translation>
    </message>
    <message>
        <source>{rate}, {left} left</source>
        <translation>{rate}, noch {left}</translation>
    </message>
    <message>
        <source>{count} {state}</source>
        <translation>{state}: {count}</translation>
    </message>
    <message>
        <source>Series described</source>
        <translation>Beschriebene Serien</translation>
    </message>
    <message>
        <source>Ca&amp;ncel</source>
        <translation>A&amp;bbrechen</translation>
    </message>
    <message>
        <source>Reading {name} …</source>
        <translation>Lese {name} …</translation>
    </message>
    <message>
        <source>asking the archive what is in it</source>
        <translation>frage das Archiv, was darin ist</translation>
    </message>
    <message numerus="yes">
        <source>{done} of {number} series</source>
        <translation>
            <numerusform>{done} von {number} Serie</numerusform>
            <numerusform>{done} von {number} Serien</numerusform>
        </translation>
    </message>
    <message>
        <source>Drop a manifest here</source>
        <translation>Legen Sie hier ein Manifest ab</translation>
    </message>
    <message>
        <source>A manifest is the file that the archive's portal gives you for a cart (manifest-….tcia).</source>
        <translation>Ein Manifest ist die Datei, die Ihnen das Portal des Archivs zu einem Warenkorb gibt (manifest-….tcia).</translation>
    </message>
    <message>
        <source>&amp;Recent carts</source>
        <translation>&amp;Zuletzt verwendete Warenkörbe</translation>
    </message>
    <message>
        <source>This is no archive that cartload knows. Send a login there?</source>
        <translation>Dieses Archiv kennt cartload nicht. Soll eine Anmeldung dorthin gesendet werden?</translation>
    </message>
    <message>
        <source>Whoever made the manifest chose the server. Agree only if this is the very address of the archive that you have an account with.</source>
        <translation>Wer das Manifest gemacht hat, hat den Server gewählt. Stimmen Sie nur zu, wenn dies genau die Adresse des Archivs ist, bei dem Sie ein Konto haben.</translation>
    </message>
    <message>
        <source>Unknown archive</source>
        <translation>Unbekanntes Archiv</translation>
    </message>
    <message>
        <source>&amp;Yes, ask me for my login</source>
        <translation>&amp;Ja, nach meiner Anmeldung fragen</translation>
    </message>
    <message>
        <source>&amp;No, go on as a guest</source>
        <translation>&amp;Nein, als Gast fortfahren</translation>
    </message>
    <message>
        <source>The text changed since you accepted it on {date}.</source>
        <translation>Der Text wurde geändert, seit Sie ihm am {date} zugestimmt haben.</translation>
    </message>
    <message numerus="yes">
        <source>{number} series of this cart are not for guests, and this server would be sent your login:</source>
        <translation>
            <numerusform>{number} Serie dieses Warenkorbs ist nicht für Gäste, und dieser Server bekäme Ihre Anmeldung:</numerusform>
            <numerusform>{number} Serien dieses Warenkorbs sind nicht für Gäste, und dieser Server bekäme Ihre Anmeldung:</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>complete, {number} series</source>
        <translation>
            <numerusform>vollständig, {number} Serie</numerusform>
            <numerusform>vollständig, {number} Serien</numerusform>
        </translation>
    </message>
    <message>
        <source>{how} · {when} · {folder}</source>
        <translation>{how} · {when} · {folder}</translation>
    </message>
</context>
</TS>

import type { FailureTexts } from './texts.ts';

export const de: FailureTexts = {
  codes: {
    'frame.truncated': {
      title: 'Eine Nachricht kam nur halb an',
      why: 'Unterwegs ging etwas verloren; auf diese Verbindung ist kein Verlass mehr.',
      todo: 'Verbinde dich neu.',
    },
    'frame.oversized': {
      title: 'Eine Nachricht war zu groß',
      why: 'Usher nimmt nichts an, was über seine Grenzen geht, damit niemand den Speicher der Gegenseite füllen kann.',
      todo: 'Verbinde dich neu. Wenn es wieder passiert, melde es bitte: Das ist ein Fehler.',
    },
    'frame.unknown-op': {
      title: 'Diese Seite und der Host sprechen verschiedene Versionen',
      why: 'Die eine Seite benutzt einen Befehl, den die andere nicht kennt.',
      todo: 'Lade die Seite neu, damit sie zum Host passt.',
    },
    'message.malformed': {
      title: 'Eine Nachricht war unverständlich',
      why: 'Sie folgte nicht dem Protokoll, deshalb wurde sie nicht ausgeführt.',
      todo: 'Verbinde dich neu. Wenn es wieder passiert, lade die Seite neu.',
    },
    'message.unexpected': {
      title: 'Eine Nachricht kam zur falschen Zeit',
      why: 'Vielleicht sind diese Seite und der Host verschieden alt.',
      todo: 'Lade die Seite neu, damit sie zum Host passt.',
    },
    'usb.device-gone': {
      title: 'Das USB-Gerät ist weg',
      why: 'Es wurde abgezogen oder hat sich selbst ausgeschaltet.',
      todo: 'Steck es wieder ein und aktualisiere die Liste.',
    },
    'usb.device-busy': {
      title: 'Das USB-Gerät wird gerade benutzt',
      why: 'Ein Programm auf dem Host oder eine andere Person hat es geöffnet.',
      todo: 'Schließ, was es benutzt, und versuch es noch einmal.',
    },
    'usb.not-found': {
      title: 'Dieses USB-Gerät gibt es nicht',
      why: 'Der Host hat kein passendes, oder keines, das er dir leihen darf.',
      todo: 'Aktualisiere die Liste und wähle neu.',
    },
    'usb.ambiguous': {
      title: 'Mehrere USB-Geräte passen',
      why: 'Sie sind von derselben Art, und es ist nicht klar, welches gemeint ist.',
      todo: 'Zieh alle bis auf eines ab und versuch es noch einmal.',
    },
    'usb.denied': {
      title: 'Dieses USB-Gerät wird dir nicht geliehen',
      why: 'Die Regeln des Betreibers erlauben es nicht.',
      todo: 'Bitte den Betreiber, es zu erlauben. Auf dem Host:',
    },
    'usb.no-permission': {
      title: 'Der Host darf dieses USB-Gerät nicht öffnen',
      why: 'Sein Betriebssystem hält es für andere Konten zurück, bis eine udev-Regel es freigibt.',
      todo: 'Lass dir die Regel auf dem Host ausgeben und richte sie ein:',
    },
    'usb.stall': {
      title: 'Das USB-Gerät hat die Anfrage abgelehnt',
      why: 'Es antwortete mit „Stall“: Was verlangt wurde, kann es nicht.',
      todo: 'Nichts ist kaputt. Versuch ein anderes Gerät oder eine andere Anfrage.',
    },
    'usb.timeout': {
      title: 'Das USB-Gerät antwortet nicht',
      why: 'Es brauchte länger, als die Anfrage erlaubt.',
      todo: 'Versuch es noch einmal; bleibt es stumm, zieh es ab und steck es wieder ein.',
    },
    'usb.cancelled': {
      title: 'Die Anfrage wurde abgebrochen',
      why: 'Sie wurde zurückgenommen, bevor das Gerät geantwortet hatte.',
      todo: 'Starte sie neu, wenn du sie noch brauchst.',
    },
    'usb.unsupported': {
      title: 'Das kann Usher mit USB-Geräten nicht',
      why: 'Das Gerät oder der Host verlangt etwas, das nicht unterstützt wird, zum Beispiel isochrone Übertragungen.',
      todo: 'Benutze das Gerät am Host selbst.',
    },
    'usb.claim-limit': {
      title: 'Zu viele USB-Geräte sind offen',
      why: 'Der Host begrenzt, wie viele eine Person gleichzeitig halten darf.',
      todo: 'Schließ eines, das du nicht mehr brauchst, und versuch es noch einmal.',
    },
    'usb.disabled': {
      title: 'Das Leihen von USB-Geräten ist ausgeschaltet',
      why: 'Der Host leiht nichts her, solange sein Betreiber das nicht will.',
      todo: 'Starte Usher auf dem Host mit eingeschaltetem Leihen:',
    },
    'usb.backend-unavailable': {
      title: 'Der Host erreicht seine USB-Geräte nicht',
      why: 'Das Programm, das sie verwaltet, läuft nicht.',
      todo: 'Versuch es gleich noch einmal. Auf dem Host sagt das, was fehlt:',
    },
    'usb.credit-exhausted': {
      title: 'Das USB-Gerät wird zu schnell gefragt',
      why: 'Der Host erlaubt sechzehn Anfragen zur selben Zeit; es war eine zu viel.',
      todo: 'Schließ das Gerät und öffne es neu.',
    },
    'usb.no-remote': {
      title: 'Kein anderer Host ist verbunden',
      why: 'Das braucht die Geräte eines anderen Hosts, und es gibt noch keinen.',
      todo: 'Verbinde einen mit seiner Adresse und seinem Token, dann versuch es noch einmal.',
    },
    'usb.remote-refused': {
      title: 'Der andere Host nimmt dieses Token nicht an',
      why: 'Es ist nicht das Token dieses Hosts, oder er hat ein neues.',
      todo: 'Kopier das Token vom anderen Host und verbinde dich neu.',
    },
    'usb.locked-out': {
      title: 'USB macht für dieses Gerät Pause',
      why: 'In kurzer Zeit kamen zu viele fehlerhafte Anfragen.',
      todo: 'Warte eine Minute und versuch es noch einmal.',
    },
    'usb.closed': {
      title: 'Das USB-Gerät wurde geschlossen',
      why: 'Der Host oder sein Betreiber hat es zurückgenommen.',
      todo: 'Öffne es noch einmal.',
    },
    'usb.transfer-failed': {
      title: 'Der Austausch mit dem USB-Gerät ist fehlgeschlagen',
      why: 'Das Gerät oder sein Kabel hat einen Fehler gemeldet.',
      todo: 'Versuch es noch einmal; misslingt es wieder, zieh es ab und steck es wieder ein.',
    },
    'broker.unavailable': {
      title: 'Der Host kann diese Anmeldung nicht öffnen',
      why: 'Der Teil von Usher, der die Anmeldungen anderer öffnet, läuft nicht.',
      todo: 'Auf dem Host sagt das, was fehlt:',
    },
    'session.handshake-timeout': {
      title: 'Der Host hat zu lange gebraucht',
      why: 'Eine Verbindung muss nach zehn Sekunden stehen. Vielleicht ist der Host beschäftigt oder das Netz langsam.',
      todo: 'Verbinde dich neu.',
    },
    'session.ended-by-operator': {
      title: 'Der Betreiber hat diese Sitzung beendet',
      why: 'In der Konsole hat jemand „Sitzung beenden“ gewählt.',
      todo: 'Sprich mit dem Betreiber; dieses Gerät ist weiter gekoppelt und darf sich neu verbinden.',
    },
    'session.worker-lost': {
      title: 'Der Desktop ist stehen geblieben',
      why: 'Das Programm, das ihn zeigt, hat sich unerwartet beendet. Beim Verbinden startet der Host ein neues.',
      todo: 'Verbinde dich neu.',
    },
    'session.host-stopping': {
      title: 'Der Host wird beendet',
      why: 'Usher wurde dort angehalten oder neu gestartet.',
      todo: 'Verbinde dich neu, sobald er wieder da ist.',
    },
    'session.viewer-too-slow': {
      title: 'Dieses Gerät kam nicht hinterher',
      why: 'Nachrichten stauten sich schneller, als Browser oder Netz sie abnahmen.',
      todo: 'Schließ andere Tabs oder geh näher ans WLAN und verbinde dich neu.',
    },
    'session.limit': {
      title: 'Der Host ist voll',
      why: 'Er bedient schon so viele Sitzungen, wie er zulässt.',
      todo: 'Warte, bis jemand geht, und verbinde dich neu.',
    },
    'session.no-codec': {
      title: 'Dieser Browser kann das Bild nicht zeigen',
      why: 'Er bietet für Videoanrufe weder H.264 noch VP8 an.',
      todo: 'Öffne diese Adresse in einem aktuellen Chrome, Edge, Firefox oder Safari.',
    },
    'session.transport': {
      title: 'Die Verbindung ist abgerissen',
      why: 'Das Netz zwischen diesem Gerät und dem Host war unterbrochen.',
      todo: 'Verbinde dich neu. Klappt es nie, hält unterwegs etwas UDP auf; und Firefox erreicht keinen Host, der nur auf 127.0.0.1 lauscht.',
    },
    'session.no-frames': {
      title: 'Es kam kein Bild',
      why: 'Der Host hat dieses Gerät eingelassen, aber sein Desktop hat nichts gezeigt.',
      todo: 'Verbinde dich neu. Kommt wieder nichts, sagt auf dem Host das, warum:',
    },
    'session.taken-over': {
      title: 'Die Sitzung läuft woanders weiter',
      why: 'Dasselbe Profil wurde noch einmal geöffnet, hier oder auf einem anderen seiner Geräte.',
      todo: 'Neu verbinden, um sie hierher zurückzuholen.',
    },
    'session.title-not-found': {
      title: 'Diesen Titel gibt es hier nicht',
      why: 'Er gehört nicht, oder nicht mehr, zur Bibliothek dieses Profils.',
      todo: 'Verbinde dich ohne ihn, oder wähle einen anderen.',
    },
    'session.title-failed': {
      title: 'Der Titel lässt sich nicht starten',
      why: 'Sein Programm ist auf dem Host nicht installiert, oder dort laufen schon zu viele Titel.',
      todo: 'Verbinde dich ohne ihn, um den Desktop zu sehen, oder bitte den Betreiber, ihn zu installieren.',
    },
    'pairing.not-armed': {
      title: 'Der Host wartet auf keine PIN',
      why: 'Eine PIN gilt zwei Minuten und für einen Versuch; diese ist abgelaufen oder verbraucht.',
      todo: 'Hol dir auf dem Host eine neue PIN:',
    },
    'pairing.wrong-pin': {
      title: 'Die PIN stimmt nicht',
      why: 'Jede PIN gilt nur für einen Versuch, damit niemand raten kann.',
      todo: 'Hol dir auf dem Host eine neue PIN:',
    },
    'pairing.cooling-down': {
      title: 'Zu kurz nach dem letzten Versuch',
      why: 'Zwischen zwei Versuchen macht der Host eine kurze Pause, damit niemand schnell PINs durchprobieren kann.',
      todo: 'Warte einen Moment und gib die PIN noch einmal ein.',
    },
    'pairing.host-changed': {
      title: 'Das ist nicht der Host, mit dem du gekoppelt bist',
      why: 'Sein Fingerabdruck ist ein anderer. Vielleicht wurde er neu eingerichtet; vielleicht steht jemand zwischen dir und ihm.',
      todo: 'Frag den Betreiber, welchen Fingerabdruck der Host ausgibt. Fang nur neu an, wenn es der hier unten ist.',
    },
    'device.not-paired': {
      title: 'Der Host kennt dieses Gerät nicht',
      why: 'Es wurde hier nie gekoppelt, oder der Browser hat seinen Schlüssel vergessen.',
      todo: 'Kopple es mit einer PIN, oder bitte um Einlass.',
    },
    'device.removed': {
      title: 'Dieses Gerät wurde entfernt',
      why: 'Der Betreiber hat es von der Liste der gekoppelten Geräte genommen.',
      todo: 'Frag den Betreiber und kopple es dann neu.',
    },
    'device.denied': {
      title: 'Der Betreiber hat Nein gesagt',
      why: 'Deine Bitte um Einlass wurde abgelehnt.',
      todo: 'Sprich mit dem Betreiber, bevor du noch einmal fragst.',
    },
    'device.knock-expired': {
      title: 'Niemand hat geantwortet',
      why: 'Eine Bitte um Einlass wartet zehn Minuten.',
      todo: 'Sag dem Betreiber, dass du wartest, und bitte dann noch einmal.',
    },
    'device.knock-limit': {
      title: 'Zu viele Geräte warten',
      why: 'Der Host merkt sich nur eine begrenzte Zahl von Bitten.',
      todo: 'Versuch es später noch einmal, oder nimm eine PIN.',
    },
    'profile.rejected': {
      title: 'Du wurdest nicht in dieses Profil gelassen',
      why: 'Die Regeln des Hosts erlauben es nicht.',
      todo: 'Frag den Betreiber.',
    },
    'profile.account-taken': {
      title: 'Ein anderes Profil hat dieses Konto',
      why: 'In einem Konto des Rechners kann immer nur eine Person sein, deshalb können sich zwei Profile keins teilen.',
      todo: 'Ein anderes Konto wählen oder das andere Profil ändern.',
    },
    'profile.has-sessions': {
      title: 'In diesem Profil ist gerade jemand',
      why: 'Es zu entfernen würde beenden, was dort geschieht.',
      todo: 'Zuerst die Sitzungen beenden oder das Profil zusammen mit ihnen entfernen.',
    },
    'profile.changed': {
      title: 'Jemand anderes hat dieses Profil inzwischen geändert',
      why: 'Was du geschrieben hast, galt dem vorigen Stand. Gespeichert wurde nichts.',
      todo: 'Nimm deine Änderungen zurück, um den neuen Stand zu sehen, oder speichere noch einmal, um ihn zu ersetzen.',
    },
    'profile.needs-windows': {
      title: 'Dieser Host läuft nicht unter Windows',
      why: 'Nur ein Host unter Windows bewahrt Windows-Passwörter auf. Gespeichert wurde nichts.',
      todo: 'Gib dem Profil ein Konto dieses Hosts, oder hinterleg das Passwort beim Host unter Windows.',
    },
    'store.unreadable': {
      title: 'Der Host kann seine eigenen Dateien nicht lesen',
      why: 'Eine davon ist beschädigt. Usher lässt sie, wie sie ist, damit nichts verloren geht.',
      todo: 'Auf dem Host nennt das die Datei und was ihr fehlt:',
    },
    'store.unsafe': {
      title: 'Die Dateien des Hosts stehen anderen offen',
      why: 'Usher bewahrt seine Geheimnisse nur dort auf, wo kein anderes Konto sie lesen oder ändern kann.',
      todo: 'Auf dem Host nennt das die Datei und den Befehl, der es behebt:',
    },
    'store.write-failed': {
      title: 'Der Host konnte das nicht speichern',
      why: 'Vielleicht ist seine Platte voll oder schreibgeschützt. Es wurde nichts geändert.',
      todo: 'Schaff Platz auf dem Host und versuch es noch einmal:',
    },
    'store.newer-version': {
      title: 'Die Dateien des Hosts stammen von einem neueren Usher',
      why: 'Eine ältere Version darf sie nicht schreiben, sonst verlöre sie, was sie nicht kennt.',
      todo: 'Bring Usher auf dem Host auf den neuesten Stand.',
    },
    'config.invalid': {
      title: 'Eine Einstellung ist ungültig',
      why: 'Der Host oder diese Seite hat einen Wert bekommen, mit dem nichts anzufangen ist.',
      todo: 'Auf dem Host nennt das die Einstellung:',
    },
    'api.unauthorized': {
      title: 'Du bist nicht angemeldet',
      why: 'Die Konsole fragt in jedem Browser einmal nach dem Token des Hosts.',
      todo: 'Melde dich neu an.',
    },
    'api.forbidden-origin': {
      title: 'Der Host nimmt diese Seite nicht an',
      why: 'Er hört nur auf Seiten, die er selbst ausgeliefert hat, unter der Adresse in der Adressleiste.',
      todo: 'Öffne die eigene Adresse des Hosts und versuch es dort.',
    },
    'api.wrong-host': {
      title: 'Unter dieser Adresse meldet sich der Host nicht',
      why: 'Er antwortet nur auf Adressen, die er als seine kennt, damit fremde Seiten ihn nicht über deinen Browser erreichen.',
      todo: 'Öffne die Adresse, die der Host beim Start ausgegeben hat.',
    },
    'api.forbidden-action': {
      title: 'Das geht nur am Host selbst',
      why: 'Es braucht eine Datei des Hosts, und an Dateien kommt man nicht über das Netz.',
      todo: 'Führ es am Host aus:',
    },
    'api.not-found': {
      title: 'Das gibt es nicht mehr',
      why: 'Vielleicht hat es inzwischen jemand entfernt oder beantwortet.',
      todo: 'Sieh noch einmal in die Liste.',
    },
    'api.rate-limited': {
      title: 'Zu viele Versuche',
      why: 'Nach mehreren Versuchen von einer Adresse macht der Host eine Pause.',
      todo: 'Warte einen Moment und versuch es noch einmal.',
    },
    'worker.no-display': {
      title: 'Der Host hat keinen Desktop zu zeigen',
      why: 'Der Bildschirm, den er zeigen soll, existiert nicht oder lässt sich nicht öffnen.',
      todo: 'Auf dem Host sagt das, was fehlt:',
    },
    'worker.display-lost': {
      title: 'Der Desktop ist verschwunden',
      why: 'Der Bildschirm auf dem Host wurde beendet, während du zusahst. Beim Verbinden startet er neu.',
      todo: 'Verbinde dich neu.',
    },
    'worker.encoder-failed': {
      title: 'Der Host konnte das Bild nicht kodieren',
      why: 'Sein Video-Encoder ist nicht angelaufen oder stehen geblieben.',
      todo: 'Verbinde dich neu. Misslingt es wieder, sagt auf dem Host das, warum:',
    },
    'worker.audio-unavailable': {
      title: 'Es gibt keinen Ton',
      why: 'Der Tondienst der Sitzung ist nicht gestartet. Das Bild ist davon nicht betroffen.',
      todo: 'Auf dem Host sagt das, was fehlt:',
    },
    'worker.missing-program': {
      title: 'Auf dem Host fehlt ein Programm',
      why: 'Usher braucht es, um einen Desktop zu zeigen.',
      todo: 'Auf dem Host nennt das, welches und wie man es einrichtet:',
    },
    'host.port-in-use': {
      title: 'Der Port des Hosts ist belegt',
      why: 'Dort lauscht schon ein anderes Programm.',
      todo: 'Auf dem Host sagt das, welches:',
    },
    'host.already-running': {
      title: 'Usher läuft auf diesem Rechner schon',
      why: 'Zwei Hosts können sich kein Zustandsverzeichnis teilen.',
      todo: 'Nimm den laufenden, oder beende ihn zuerst.',
    },
    'host.unreachable': {
      title: 'Der Host antwortet nicht',
      why: 'Vielleicht ist er aus, schläft, oder ist aus diesem Netz nicht zu erreichen.',
      todo: 'Sieh nach, ob er an ist und ob Usher dort läuft:',
    },
    internal: {
      title: 'In Usher ist etwas schiefgegangen',
      why: 'Das ist ein Fehler im Programm und liegt nicht an dir. Im Protokoll des Hosts steht mehr.',
      todo: 'Versuch es noch einmal.',
    },
  },
  rejects: {
    PasscodeRequired: {
      title: 'Dieses Profil fragt nach einem Passcode',
      why: 'Es wurde keiner angegeben.',
      todo: 'Verbinde dich neu und gib den Passcode des Profils ein.',
    },
    WrongPasscode: {
      title: 'Der Passcode stimmt nicht',
      why: 'Nach mehreren falschen sperrt sich das Profil eine Weile, nur für dieses Gerät.',
      todo: 'Prüf den Passcode und versuch es noch einmal.',
    },
    LockedOut: {
      title: 'Zu viele falsche Passcodes',
      why: 'Das Profil ist für dieses Gerät eine Weile gesperrt.',
      todo: 'Warte, bis die Zeit um ist, oder frag den Betreiber.',
    },
    NotFound: {
      title: 'Für dieses Gerät gibt es kein solches Profil',
      why: 'Es wurde entfernt, oder dieses Gerät steht nicht auf seiner Liste.',
      todo: 'Wähle ein anderes Profil, oder frag den Betreiber.',
    },
    NotPermitted: {
      title: 'Dieses Gerät darf nicht in dieses Profil',
      why: 'Das Profil bleibt den Geräten vorbehalten, die ihm zugeordnet sind.',
      todo: 'Bitte den Betreiber, dieses Gerät zuzuordnen.',
    },
    NeedsSelection: {
      title: 'Der Host weiß nicht, wessen Desktop du willst',
      why: 'Dieses Gerät gehört zu keinem Profil, und der Host hat kein Standardprofil.',
      todo: 'Wähle ein Profil.',
    },
    Occupied: {
      title: 'Jemand benutzt dieses Profil',
      why: 'Immer nur eine Person: Die Sitzung gehört ihr, bis sie geht.',
      todo: 'Warte, bis sie geht, oder frag den Betreiber.',
    },
    SessionUnavailable: {
      title: 'Der Host kann diesen Desktop gerade nicht öffnen',
      why: 'Die Anmeldung oder ihr Bildschirm ließ sich nicht starten.',
      todo: 'Auf dem Host sagt das, was fehlt:',
    },
    NeedsIsolation: {
      title: 'Dieser Host kann das Profil nicht abschirmen',
      why: 'Ein Profil gibt es nur, wo niemand sonst es sehen oder hören kann; das kann dieser Host noch nicht zusagen.',
      todo: 'Auf dem Host sagt das, was fehlt:',
    },
  },
  unavailable: {
    NoBroker: {
      title: 'Dieser Host kann den Desktop dieser Person noch nicht öffnen',
      why: 'Das Profil hat auf dem Host ein eigenes Konto, und der Teil von Usher, der Personen anmeldet, läuft dort nicht.',
      todo: 'Der Betreiber muss den Broker installieren und starten. Auf dem Host sagt das, was fehlt:',
    },
    LoginFailed: {
      title: 'Der Host konnte dieses Profil nicht anmelden',
      why: 'Sein Konto ist vielleicht abgelaufen, in einer Gruppe zu wenig, oder muss einmal von Hand angemeldet werden.',
      todo: 'Auf dem Host sagt das, was fehlt:',
    },
    NeedsConsoleSwitch: {
      title: 'Jemand sitzt am Bildschirm des Hosts',
      why: 'Dieser Host zeigt immer nur den Desktop einer Person, und die andere muss erst einwilligen.',
      todo: 'Bitte die Person dort, sich abzumelden oder den Benutzer zu wechseln.',
    },
    Busy: {
      title: 'Der Host hat gerade zu viel zu tun',
      why: 'Er meldet mehrere Personen zugleich an oder prüft ihre Passcodes.',
      todo: 'Versuch es gleich noch einmal.',
    },
  },
};

import type { FailureTexts } from './texts.ts';

export const en: FailureTexts = {
  codes: {
    'frame.truncated': {
      title: 'Half a message arrived',
      why: 'Something was cut off on the way, and the rest of this connection can’t be trusted.',
      todo: 'Connect again.',
    },
    'frame.oversized': {
      title: 'A message was too large',
      why: 'Usher refuses messages over its limits, so that nobody can fill up the other side’s memory.',
      todo: 'Connect again. If it comes back, report it: this is a bug.',
    },
    'frame.unknown-op': {
      title: 'This page and the host speak different versions',
      why: 'One of them used a command that the other doesn’t know.',
      todo: 'Reload the page, so that it matches the host.',
    },
    'message.malformed': {
      title: 'A message made no sense',
      why: 'It didn’t follow the protocol, so it was not acted on.',
      todo: 'Connect again. If it comes back, reload the page.',
    },
    'message.unexpected': {
      title: 'A message came at the wrong time',
      why: 'This page and the host may be of different versions.',
      todo: 'Reload the page, so that it matches the host.',
    },
    'usb.device-gone': {
      title: 'The USB device is gone',
      why: 'It was unplugged, or it switched itself off.',
      todo: 'Plug it in again, then refresh the list.',
    },
    'usb.device-busy': {
      title: 'The USB device is in use',
      why: 'A program on the host, or another person, holds it.',
      todo: 'Close what uses it, then try again.',
    },
    'usb.not-found': {
      title: 'No such USB device',
      why: 'The host has none that matches, or none that it may lend to you.',
      todo: 'Refresh the list and choose again.',
    },
    'usb.ambiguous': {
      title: 'Several USB devices match',
      why: 'They are of the same kind, and it isn’t clear which one is meant.',
      todo: 'Unplug all but one of them, then try again.',
    },
    'usb.denied': {
      title: 'This USB device isn’t lent to you',
      why: 'The operator’s rules don’t allow it.',
      todo: 'Ask the operator to allow it. On the host:',
    },
    'usb.no-permission': {
      title: 'The host may not open this USB device',
      why: 'Its operating system keeps the device to other accounts until a udev rule says otherwise.',
      todo: 'Print the rule on the host and install it:',
    },
    'usb.stall': {
      title: 'The USB device refused the request',
      why: 'It answered with a stall: it doesn’t support what was asked.',
      todo: 'Nothing is broken. Try another device or another request.',
    },
    'usb.timeout': {
      title: 'The USB device didn’t answer',
      why: 'It took longer than the request allowed.',
      todo: 'Try again; if it stays silent, unplug it and plug it in again.',
    },
    'usb.cancelled': {
      title: 'The request was cancelled',
      why: 'It was called off before the device had answered.',
      todo: 'Start it again if you still need it.',
    },
    'usb.unsupported': {
      title: 'Usher can’t do this with USB devices',
      why: 'The device or the host asks for something that isn’t supported, such as isochronous transfers.',
      todo: 'Use the device on the host itself.',
    },
    'usb.claim-limit': {
      title: 'Too many USB devices are open',
      why: 'The host limits how many a person may hold at once.',
      todo: 'Close one that you no longer need, then try again.',
    },
    'usb.disabled': {
      title: 'USB sharing is switched off',
      why: 'The host lends nothing until its operator wants it to.',
      todo: 'On the host, start Usher with sharing switched on:',
    },
    'usb.backend-unavailable': {
      title: 'The host can’t reach its USB devices',
      why: 'The program that holds them isn’t running.',
      todo: 'Try again in a moment. On the host, this says what is missing:',
    },
    'usb.credit-exhausted': {
      title: 'The USB device is being asked too quickly',
      why: 'The host allows sixteen requests on their way at a time; there was one more.',
      todo: 'Close the device and open it again.',
    },
    'usb.no-remote': {
      title: 'No other host is connected',
      why: 'This works with the devices of another host, and there is none yet.',
      todo: 'Connect one by its address and token, then try again.',
    },
    'usb.remote-refused': {
      title: 'The other host doesn’t take this token',
      why: 'It isn’t that host’s token, or it has a new one.',
      todo: 'Copy the token from the other host, then connect again.',
    },
    'usb.locked-out': {
      title: 'USB is paused for this device',
      why: 'Too many faulty requests came in a short time.',
      todo: 'Wait a minute, then try again.',
    },
    'usb.closed': {
      title: 'The USB device was closed',
      why: 'The host or its operator took it back.',
      todo: 'Open it again.',
    },
    'usb.transfer-failed': {
      title: 'The exchange with the USB device failed',
      why: 'The device or its cable answered with an error.',
      todo: 'Try again; if it fails again, unplug it and plug it in again.',
    },
    'broker.unavailable': {
      title: 'The host can’t open this login',
      why: 'The part of Usher that opens other people’s logins isn’t running.',
      todo: 'On the host, this says what is missing:',
    },
    'session.handshake-timeout': {
      title: 'The host took too long to answer',
      why: 'A connection must stand within ten seconds. The host may be busy, or the network slow.',
      todo: 'Connect again.',
    },
    'session.ended-by-operator': {
      title: 'The operator ended this session',
      why: 'Somebody chose “End session” in the console.',
      todo: 'Talk to the operator; this device is still paired and may connect again.',
    },
    'session.worker-lost': {
      title: 'The desktop stopped',
      why: 'The program that shows it ended unexpectedly. The host starts a new one when you connect.',
      todo: 'Connect again.',
    },
    'session.host-stopping': {
      title: 'The host is shutting down',
      why: 'Usher was stopped or restarted there.',
      todo: 'Connect again once it is back.',
    },
    'session.viewer-too-slow': {
      title: 'This device couldn’t keep up',
      why: 'Messages piled up faster than the browser or the network took them.',
      todo: 'Close other tabs or move closer to the Wi-Fi, then connect again.',
    },
    'session.limit': {
      title: 'The host is full',
      why: 'It serves as many sessions as it allows.',
      todo: 'Wait until somebody leaves, then connect again.',
    },
    'session.no-codec': {
      title: 'This browser can’t show the picture',
      why: 'It offers neither H.264 nor VP8 for video calls.',
      todo: 'Open this address in a current Chrome, Edge, Firefox or Safari.',
    },
    'session.transport': {
      title: 'The connection was lost',
      why: 'The network between this device and the host was interrupted.',
      todo: 'Connect again. If it never works, something stops UDP on the way; and Firefox reaches no host that listens on 127.0.0.1 alone.',
    },
    'session.no-frames': {
      title: 'No picture came',
      why: 'The host let this device in, but its desktop sent nothing to look at.',
      todo: 'Connect again. If nothing comes again, this says why, on the host:',
    },
    'session.taken-over': {
      title: 'The session goes on somewhere else',
      why: 'The same profile was opened again, here or on another of its devices.',
      todo: 'Connect again to bring it back here.',
    },
    'session.title-not-found': {
      title: 'That title isn’t here',
      why: 'It is not in the library of this profile, or not any more.',
      todo: 'Connect without it, or choose another.',
    },
    'session.title-failed': {
      title: 'The title can’t be started',
      why: 'Its program isn’t installed on the host, or too many titles run there already.',
      todo: 'Connect without it to see the desktop, or ask the operator to install it.',
    },
    'pairing.not-armed': {
      title: 'The host isn’t waiting for a PIN',
      why: 'A PIN is good for two minutes and one try; this one has run out or was used.',
      todo: 'Get a new PIN on the host:',
    },
    'pairing.wrong-pin': {
      title: 'The PIN didn’t match',
      why: 'Every PIN is good for one try only, so that nobody can guess.',
      todo: 'Get a new PIN on the host:',
    },
    'pairing.cooling-down': {
      title: 'Too soon after the last try',
      why: 'The host pauses for a moment between two tries, so that nobody can guess PINs quickly.',
      todo: 'Wait a moment, then enter the PIN again.',
    },
    'pairing.host-changed': {
      title: 'This isn’t the host that you paired with',
      why: 'Its fingerprint has changed. It may have been set up anew; or somebody stands between you and it.',
      todo: 'Ask the operator which fingerprint the host prints. Start over only if it is the one below.',
    },
    'device.not-paired': {
      title: 'The host doesn’t know this device',
      why: 'It was never paired here, or the browser has forgotten its key.',
      todo: 'Pair it with a PIN, or ask to be let in.',
    },
    'device.removed': {
      title: 'This device was removed',
      why: 'The operator took it off the list of paired devices.',
      todo: 'Ask the operator, then pair it again.',
    },
    'device.denied': {
      title: 'The operator said no',
      why: 'Your request to be let in was declined.',
      todo: 'Talk to the operator before you ask again.',
    },
    'device.knock-expired': {
      title: 'Nobody answered',
      why: 'A request to be let in waits ten minutes.',
      todo: 'Tell the operator that you are waiting, then ask again.',
    },
    'device.knock-limit': {
      title: 'Too many devices are waiting',
      why: 'The host keeps a limited number of requests.',
      todo: 'Try again later, or use a PIN.',
    },
    'profile.rejected': {
      title: 'You weren’t let into this profile',
      why: 'The host’s rules don’t allow it.',
      todo: 'Ask the operator.',
    },
    'profile.account-taken': {
      title: 'Another profile has this account',
      why: 'Only one person can be in an account of the host at a time, so two profiles can’t share one.',
      todo: 'Choose another account, or change the other profile.',
    },
    'profile.has-sessions': {
      title: 'Somebody is in this profile',
      why: 'Removing it would end what they are doing.',
      todo: 'End the sessions first, or remove the profile together with them.',
    },
    'profile.changed': {
      title: 'Somebody else has changed this profile meanwhile',
      why: 'What you typed was made for what it said before. Nothing was saved.',
      todo: 'Undo your changes to see what it says now, or save once more to replace it with what stands here.',
    },
    'profile.needs-windows': {
      title: 'This host doesn’t run on Windows',
      why: 'Only a host on Windows keeps Windows passwords. Nothing was stored.',
      todo: 'Give the profile an account of this host, or store the password at the host on Windows.',
    },
    'store.unreadable': {
      title: 'The host can’t read its own files',
      why: 'One of them is damaged. Usher leaves it as it is, so that nothing is lost.',
      todo: 'On the host, this names the file and what is wrong with it:',
    },
    'store.unsafe': {
      title: 'The host’s files are open to others',
      why: 'Usher keeps its secrets only where no other account can read or change them.',
      todo: 'On the host, this names the file and the command that mends it:',
    },
    'store.write-failed': {
      title: 'The host couldn’t save this',
      why: 'Its disk may be full or read-only. Nothing was changed.',
      todo: 'Make room on the host, then try again:',
    },
    'store.newer-version': {
      title: 'The host’s files are from a newer Usher',
      why: 'An older version must not write them, or it would lose what it doesn’t know.',
      todo: 'Update Usher on the host.',
    },
    'config.invalid': {
      title: 'A setting isn’t valid',
      why: 'The host or this page was given a value that it can’t use.',
      todo: 'On the host, this names the setting:',
    },
    'api.unauthorized': {
      title: 'You are not signed in',
      why: 'The console asks for the host’s token once for each browser.',
      todo: 'Sign in again.',
    },
    'api.forbidden-origin': {
      title: 'The host doesn’t accept this page',
      why: 'It only listens to pages that it served itself, under the address in your browser’s address bar.',
      todo: 'Open the host’s own address and try there.',
    },
    'api.wrong-host': {
      title: 'The host doesn’t go by this address',
      why: 'It only answers to addresses that it knows as its own, so that other sites can’t reach it through your browser.',
      todo: 'Open the address that the host printed when it started.',
    },
    'api.forbidden-action': {
      title: 'This works only on the host itself',
      why: 'It uses a file of the host, and files aren’t reached over the network.',
      todo: 'Run it on the host:',
    },
    'api.not-found': {
      title: 'It isn’t there any more',
      why: 'Somebody may have removed or answered it in the meantime.',
      todo: 'Look at the list again.',
    },
    'api.rate-limited': {
      title: 'Too many tries',
      why: 'The host pauses after repeated tries from one address.',
      todo: 'Wait a moment, then try again.',
    },
    'worker.no-display': {
      title: 'The host has no desktop to show',
      why: 'The display it should show doesn’t exist or can’t be opened.',
      todo: 'On the host, this says what is missing:',
    },
    'worker.display-lost': {
      title: 'The desktop went away',
      why: 'The display on the host ended while you were watching. It starts anew when you connect.',
      todo: 'Connect again.',
    },
    'worker.encoder-failed': {
      title: 'The host couldn’t encode the picture',
      why: 'Its video encoder failed to start, or stopped.',
      todo: 'Connect again. If it fails again, this says why, on the host:',
    },
    'worker.audio-unavailable': {
      title: 'There is no sound',
      why: 'The sound service of the session didn’t start. The picture isn’t affected.',
      todo: 'On the host, this says what is missing:',
    },
    'worker.missing-program': {
      title: 'A program is missing on the host',
      why: 'Usher needs it to show a desktop.',
      todo: 'On the host, this names it and how to install it:',
    },
    'host.port-in-use': {
      title: 'The host’s port is taken',
      why: 'Another program listens there already.',
      todo: 'On the host, this says which one:',
    },
    'host.already-running': {
      title: 'Usher already runs on this machine',
      why: 'Two hosts can’t share one state directory.',
      todo: 'Use the one that runs, or stop it first.',
    },
    'host.unreachable': {
      title: 'The host doesn’t answer',
      why: 'It may be switched off, asleep, or not reachable from this network.',
      todo: 'Check that it is on and that Usher runs there:',
    },
    internal: {
      title: 'Something went wrong inside Usher',
      why: 'This is a bug, not your doing. The host’s log has the details.',
      todo: 'Try again.',
    },
  },
  rejects: {
    PasscodeRequired: {
      title: 'This profile asks for a passcode',
      why: 'None was given.',
      todo: 'Connect again and enter the profile’s passcode.',
    },
    WrongPasscode: {
      title: 'The passcode didn’t match',
      why: 'After several wrong ones the profile locks itself for a while, on this device only.',
      todo: 'Check the passcode, then try again.',
    },
    LockedOut: {
      title: 'Too many wrong passcodes',
      why: 'The profile is locked for this device for a while.',
      todo: 'Wait until the time is over, or ask the operator.',
    },
    NotFound: {
      title: 'There is no such profile for this device',
      why: 'It was removed, or this device isn’t on its list.',
      todo: 'Choose another profile, or ask the operator.',
    },
    NotPermitted: {
      title: 'This device may not enter that profile',
      why: 'The profile keeps to the devices that are assigned to it.',
      todo: 'Ask the operator to assign this device.',
    },
    NeedsSelection: {
      title: 'The host doesn’t know whose desktop you want',
      why: 'This device belongs to no profile, and the host has no default.',
      todo: 'Choose a profile.',
    },
    Occupied: {
      title: 'Somebody is using this profile',
      why: 'One person at a time: the session is theirs until they leave.',
      todo: 'Wait until they leave, or ask the operator.',
    },
    SessionUnavailable: {
      title: 'The host can’t open this desktop now',
      why: 'The login or its display could not be started.',
      todo: 'On the host, this says what is missing:',
    },
    NeedsIsolation: {
      title: 'This host can’t keep the profile apart',
      why: 'A profile is only served where nobody else can see or hear it; this host can’t promise that yet.',
      todo: 'On the host, this says what is missing:',
    },
  },
  unavailable: {
    NoBroker: {
      title: 'This host can’t open that person’s desktop yet',
      why: 'The profile has an account of its own on the host, and the part of Usher that signs people in isn’t running there.',
      todo: 'The operator has to install and start the broker. On the host, this says what is missing:',
    },
    LoginFailed: {
      title: 'The host could not sign this profile in',
      why: 'Its account may have expired, lack a group, or need to be signed in once by hand.',
      todo: 'On the host, this says what is missing:',
    },
    NeedsConsoleSwitch: {
      title: 'Somebody sits at the host’s own screen',
      why: 'This host shows one person’s desktop at a time, and the other has to agree first.',
      todo: 'Ask whoever is there to sign out or to switch users.',
    },
    Busy: {
      title: 'The host has too much to do right now',
      why: 'It is signing in or checking the passcodes of several people at once.',
      todo: 'Try again in a moment.',
    },
  },
};

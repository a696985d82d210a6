import type { RejectReason, UnavailableDetail } from '@usher/sdk';
import preview from '../../.storybook/preview.tsx';
import type { Script } from '../testing/fake-link.ts';
import { ViewerStory } from '../testing/ViewerStory.tsx';

const meta = preview.meta({ title: 'Viewer/Pages' });

/** What a play function is given. */
interface Scene {
  readonly canvas: {
    findByRole(role: string, options: { readonly name: string | RegExp }): Promise<HTMLElement>;
    findByText(text: string): Promise<HTMLElement>;
    findByLabelText(text: string): Promise<HTMLElement>;
  };
  readonly userEvent: {
    click(element: Element): Promise<void>;
    type(element: Element, text: string): Promise<void>;
    keyboard(text: string): Promise<void>;
  };
}

const press = async ({ canvas, userEvent }: Scene, name: string | RegExp) => userEvent.click(await canvas.findByRole('button', { name }));

async function unlock(scene: Scene, passcode: string): Promise<void> {
  await press(scene, 'Choose profile…');
  await press(scene, /Kim/);
  await scene.userEvent.type(await scene.canvas.findByLabelText('Passcode'), `${passcode}{Enter}`);
}

/** One tap, and the host says no. */
const refused = (script: Partial<Script>, title: string) => ({
  render: () => <ViewerStory {...script} />,
  play: async (scene: Scene) => {
    await press(scene, 'Open the desktop');
    await scene.canvas.findByText(title);
  },
});

const unavailable = (detail: keyof typeof UnavailableDetail, title: string) => refused({ rejects: 'SessionUnavailable', detail }, title);
const rejected = (rejects: keyof typeof RejectReason, title: string) => refused({ rejects }, title);

export const Welcome = meta.story({ render: () => <ViewerStory known={false} /> });
export const Pin = meta.story({
  render: () => <ViewerStory known={false} />,
  play: (scene: Scene) => press(scene, /I have a PIN/),
});
export const Knocking = meta.story({
  render: () => <ViewerStory known={false} stopsAt="waiting-for-approval" />,
  play: (scene: Scene) => press(scene, /Ask to be let in/),
});
export const Keyless = meta.story({ render: () => <ViewerStory keyless /> });
export const WrongPin = meta.story({
  render: () => <ViewerStory known={false} refuses="pairing.wrong-pin" />,
  play: async (scene: Scene) => {
    await press(scene, /I have a PIN/);
    await scene.userEvent.type(await scene.canvas.findByLabelText('PIN'), '482913{Enter}');
    await scene.canvas.findByText('Enter a new PIN');
  },
});
export const Ready = meta.story({ render: () => <ViewerStory /> });
export const Connecting = meta.story({
  render: () => <ViewerStory stopsAt="connecting" />,
  play: (scene: Scene) => press(scene, 'Open the desktop'),
});
export const HostChanged = meta.story(refused({ refuses: 'pairing.host-changed' }, 'The host now shows this fingerprint:'));
export const Unreachable = meta.story(refused({ refuses: 'host.unreachable' }, 'Connect again'));

export const Hosts = meta.story({ render: () => <ViewerStory />, play: (scene: Scene) => press(scene, 'Hosts') });
export const SeveralHosts = meta.story({ render: () => <ViewerStory severalHosts />, play: (scene: Scene) => press(scene, 'Hosts') });
export const RenamingAHost = meta.story({
  render: () => <ViewerStory />,
  play: async (scene: Scene) => {
    await press(scene, 'Hosts');
    await press(scene, 'Rename');
    await scene.canvas.findByLabelText('What is this host called here?');
  },
});
export const NoAddress = meta.story({
  render: () => <ViewerStory />,
  play: async (scene: Scene) => {
    await press(scene, 'Hosts');
    await scene.userEvent.type(await scene.canvas.findByLabelText('Go to another host'), 'http://atelier{Enter}');
    await scene.canvas.findByText('That is no address of a host: they begin with https://.');
  },
});

export const Picker = meta.story({
  render: () => <ViewerStory remembered={['fedcba987654']} />,
  play: (scene: Scene) => press(scene, 'Choose profile…'),
});
export const PickerWithMany = meta.story({
  render: () => <ViewerStory profiles="many" />,
  play: (scene: Scene) => press(scene, 'Choose profile…'),
});
export const PickerWithNone = meta.story({
  render: () => <ViewerStory profiles="none" />,
  play: async (scene: Scene) => {
    await press(scene, 'Choose profile…');
    await scene.canvas.findByText('No profile for this device');
  },
});
export const PickerAsking = meta.story({
  render: () => <ViewerStory profiles="never" />,
  play: (scene: Scene) => press(scene, 'Choose profile…'),
});
export const NotFound = meta.story(rejected('NotFound', 'There is no such profile for this device'));
export const NotPermitted = meta.story(rejected('NotPermitted', 'This device may not enter that profile'));
export const NeedsSelection = meta.story(rejected('NeedsSelection', 'The host doesn’t know whose desktop you want'));

export const PasscodeMissing = meta.story({
  render: () => <ViewerStory />,
  play: async (scene: Scene) => {
    await press(scene, 'Choose profile…');
    await press(scene, /Kim/);
    await press(scene, 'Enter');
    await scene.canvas.findByText('Enter the passcode first.');
  },
});
export const PasscodeAskedFor = meta.story(rejected('PasscodeRequired', 'This profile opens with its passcode.'));
export const WrongPasscode = meta.story({
  render: () => <ViewerStory />,
  play: async (scene: Scene) => {
    await unlock(scene, '1111');
    await scene.canvas.findByText('That passcode didn’t match.');
  },
});
export const LockedOut = meta.story({
  render: () => <ViewerStory rejects="LockedOut" retrySeconds={872} />,
  play: async (scene: Scene) => {
    await unlock(scene, '1111');
    await scene.canvas.findByText('Too many wrong passcodes: this device has to wait.');
  },
});

export const Occupied = meta.story(rejected('Occupied', 'Somebody is using this profile'));
export const NoBroker = meta.story(unavailable('NoBroker', 'This host can’t open that person’s desktop yet'));
export const LoginFailed = meta.story(unavailable('LoginFailed', 'The host could not sign this profile in'));
export const NeedsConsoleSwitch = meta.story(unavailable('NeedsConsoleSwitch', 'Somebody sits at the host’s own screen'));
export const Busy = meta.story(unavailable('Busy', 'The host has too much to do right now'));
export const NeedsIsolation = meta.story(rejected('NeedsIsolation', 'This host can’t keep the profile apart'));

export const TvWelcome = meta.story({ render: () => <ViewerStory tv known={false} /> });
export const TvPin = meta.story({
  render: () => <ViewerStory tv known={false} />,
  play: async (scene: Scene) => {
    await press(scene, /I have a PIN/);
    await scene.userEvent.keyboard('482{ArrowRight}');
  },
});
export const TvReady = meta.story({ render: () => <ViewerStory tv /> });
export const TvPicker = meta.story({
  render: () => <ViewerStory tv />,
  play: async (scene: Scene) => {
    await press(scene, 'Choose profile…');
    await scene.canvas.findByRole('button', { name: /Kim/ });
    await scene.userEvent.keyboard('{ArrowRight}');
  },
});
export const TvPasscode = meta.story({
  render: () => <ViewerStory tv />,
  play: async (scene: Scene) => {
    await press(scene, 'Choose profile…');
    await press(scene, /Kim/);
    await scene.userEvent.keyboard('24{ArrowUp}');
  },
});

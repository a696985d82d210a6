import type { Action } from '../i18n/failures/remedies.ts';
import type { Viewer } from './use-viewer.ts';

interface Situation {
  /** Of this page's host. */
  readonly origin: string;
  readonly viewer: Pick<Viewer, 'state' | 'device' | 'actions'>;
  readonly deviceName: string;
}

/** What a person does about a refusal. */
export function wayOut(action: Action, situation: Situation): () => void {
  const { actions } = situation.viewer;
  switch (action) {
    case 'again':
      return onceMore(situation);
    case 'pin':
      return actions.askPin;
    case 'anew':
      return () => actions.forget(situation.origin);
    case 'reload':
      return () => location.reload();
    case 'start':
    case 'none':
      return actions.start;
    default:
      return action satisfies never;
  }
}

/** The same once more: with the profile that was wanted, and without a PIN or the operator where the device has been let in meanwhile. */
function onceMore({ viewer: { state, device, actions }, deviceName }: Situation): () => void {
  if (state.page !== 'refused') return actions.open;
  const { way, profile } = state;
  if (way === 'choose') return actions.choose;
  if (profile !== undefined) return () => actions.enter(profile);
  if (device?.knownHost() !== undefined || way === 'open') return actions.open;
  return way === 'knock' ? () => actions.knock(deviceName) : actions.askPin;
}

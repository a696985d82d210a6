import {
  CodedError,
  type DescriptorTree,
  descriptorTree,
  isCoded,
  readDescriptors,
  type UsbClaimHandle,
  type UsbClient,
} from '@usher/sdk/node';

/** Round trips whose median is told: enough that one that was late doesn't count. */
const ROUNDS = 50;
/** A device with nothing to say is read for so long; ending in time is what counts. */
const READ_MS = 200;
/** What ending in time may take beyond that, with the way to the host and back. */
const LATE_MS = 2000;
/** How long somebody has to pull the cable. */
const PULL_MS = 60_000;
const DEVICE_DESCRIPTOR = { requestType: 0x80, request: 6, value: 0x0100, length: 18 } as const;
const HID = 0x03;

/** One line of the report (U7.3). */
export interface MatrixRow {
  readonly check: string;
  readonly outcome: 'passed' | 'failed' | 'not applicable';
  readonly detail: string;
}

export interface MatrixUnit {
  readonly vendorId: string;
  readonly productId: string;
  readonly serial: string | undefined;
}

export interface MatrixSurroundings {
  /** The kernel driver of each interface, where the device is plugged into this machine. */
  readonly drivers: () => Promise<readonly string[] | undefined>;
  /** Asks whoever sits here to pull the cable; undefined where nobody is to be asked. */
  readonly askToPull: (() => void) | undefined;
}

type Found = Pick<MatrixRow, 'outcome' | 'detail'>;

/** Every check of the hardware test matrix (usb-wire §19) on one device. A check that fails doesn't keep the others from being made. */
export async function runMatrix(
  client: UsbClient,
  unit: MatrixUnit,
  { drivers, askToPull }: MatrixSurroundings,
): Promise<readonly MatrixRow[]> {
  const rows: MatrixRow[] = [];
  const check = async (name: string, work: () => Promise<Found>) => {
    rows.push({ check: name, ...(await work().catch(failure)) });
  };
  const before = await drivers();

  await check('listed with its ids', () => listed(client, unit));
  let claim: UsbClaimHandle;
  try {
    claim = await client.open(unit);
  } catch (error) {
    return [...rows, { check: 'opened without being root', ...failure(error) }];
  }
  rows.push({ check: 'opened without being root', outcome: 'passed', detail: '' });
  try {
    let tree: DescriptorTree | undefined;
    await check('says what it is', async () => {
      tree = descriptorTree(await readDescriptors(claim));
      return passed(kindsOf(tree).join(', '));
    });
    await check('control transfers', () => timing(claim));
    await check('busy for somebody else', () => expectCode('usb.device-busy', client.open(unit)));
    for (const { address, type } of inEndpoints(tree))
      await check(`${type} endpoint 0x${address.toString(16)}`, () => reading(claim, type, address));
    await check('an endpoint that it lacks', () =>
      expectCode('usb.transfer-failed', claim.bulk({ endpoint: lackingEndpoint(tree), length: 8 })),
    );
  } finally {
    await claim.close();
  }
  await check('closed twice', async () => {
    await claim.close();
    return passed('');
  });
  await check('nothing after it was closed', () => expectCode('usb.closed', claim.control(DEVICE_DESCRIPTOR)));
  await check('kernel drivers are back', async () => driversAre(before, await drivers()));
  await check('opened again', async () => {
    const again = await client.open(unit);
    try {
      return passed(`${(await again.control(DEVICE_DESCRIPTOR)).length} bytes of descriptor`);
    } finally {
      await again.close();
    }
  });
  await check('pulled while it is used', () =>
    askToPull === undefined ? notApplicable('nobody was asked: --unplug') : pulled(client, unit, askToPull),
  );
  return rows;
}

/** The report for people, and for the file that is kept. */
export function matrixText(unit: MatrixUnit, rows: readonly MatrixRow[]): string {
  const { vendorId, productId, serial } = unit;
  const failed = rows.filter(({ outcome }) => outcome === 'failed').length;
  const cell = (text: string) => text.replaceAll('|', '\\|');
  return [
    `# USB hardware matrix: ${vendorId}:${productId}${serial === undefined ? '' : ` ${serial}`}`,
    '',
    '| check | outcome | |',
    '| --- | --- | --- |',
    ...rows.map(({ check, outcome, detail }) => `| ${cell(check)} | ${outcome} | ${cell(detail)} |`),
    '',
    failed === 0 ? 'Nothing failed.' : `${failed} failed.`,
  ].join('\n');
}

async function listed(client: UsbClient, { vendorId, productId, serial }: MatrixUnit): Promise<Found> {
  const units = (await client.list()).filter((one) => one.vendorId === vendorId && one.productId === productId);
  const isThere = units.some((one) => serial === undefined || one.serial === serial);
  return isThere ? passed(`${units.length} of its kind`) : { outcome: 'failed', detail: 'it is not in the list' };
}

async function timing(claim: UsbClaimHandle): Promise<Found> {
  const took: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const begun = performance.now();
    await claim.control(DEVICE_DESCRIPTOR);
    took.push(performance.now() - begun);
  }
  took.sort((one, other) => one - other);
  const [median = 0, worst = 0] = [took[ROUNDS / 2], took.at(-1)];
  return passed(`median ${median.toFixed(1)} ms, at most ${worst.toFixed(1)} ms`);
}

/** Bytes, silence until its time is over, and a stall are all answers; hanging is not. */
async function reading(claim: UsbClaimHandle, type: string, endpoint: number): Promise<Found> {
  if (type !== 'bulk' && type !== 'interrupt') return expectCode('usb.unsupported', claim.bulk({ endpoint, length: 8 }));
  const begun = performance.now();
  const read = claim[type]({ endpoint, length: 512, timeoutMs: READ_MS }).then((bytes) => `${bytes.length} bytes`, silence);
  const said = await read;
  const late = performance.now() - begun - READ_MS;
  return late < LATE_MS ? passed(said) : { outcome: 'failed', detail: `${said}, ${Math.round(late)} ms too late` };
}

function silence(error: unknown): string {
  if (isCoded(error, 'usb.timeout')) return 'nothing to say';
  if (isCoded(error, 'usb.stall')) return 'stalled';
  throw error;
}

async function pulled(client: UsbClient, unit: MatrixUnit, ask: () => void): Promise<Found> {
  const claim = await client.open(unit);
  try {
    ask();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise<undefined>((resolve) => {
      timer = setTimeout(() => resolve(undefined), PULL_MS);
    });
    const reason = await Promise.race([claim.closed, late]);
    clearTimeout(timer);
    if (reason === undefined) return { outcome: 'failed', detail: `it was not pulled within ${PULL_MS / 1000} s` };
    return reason.code === 'usb.device-gone' ? passed('the claim ended') : failure(reason);
  } finally {
    await claim.close();
  }
}

async function driversAre(before: readonly string[] | undefined, after: readonly string[] | undefined): Promise<Found> {
  if (before === undefined || after === undefined) return notApplicable('it isn’t plugged into this machine');
  const same = before.join(' ') === after.join(' ');
  return same ? passed(after.join(', ')) : { outcome: 'failed', detail: `${after.join(', ')} instead of ${before.join(', ')}` };
}

function inEndpoints(tree: DescriptorTree | undefined) {
  const interfaces = tree?.configuration?.interfaces.filter(({ alternate }) => alternate === 0) ?? [];
  return interfaces.flatMap(({ endpoints }) => endpoints.filter(({ direction }) => direction === 'in'));
}

function lackingEndpoint(tree: DescriptorTree | undefined): number {
  const taken = new Set(inEndpoints(tree).map(({ address }) => address));
  return [0x8f, 0x8e, 0x8d].find((address) => !taken.has(address)) ?? 0x8c;
}

/** Which rows of the matrix this device stands for. */
function kindsOf({ device, configuration }: DescriptorTree): readonly string[] {
  const interfaces = configuration?.interfaces ?? [];
  const types = new Set(interfaces.flatMap(({ endpoints }) => endpoints.map(({ type }) => type)));
  return [
    device.className,
    ...(types.has('bulk') ? ['bulk'] : []),
    ...(interfaces.some(({ interfaceClass }) => interfaceClass === HID) ? ['HID'] : []),
    ...(new Set(interfaces.map(({ number }) => number)).size > 1 ? ['composite'] : []),
  ];
}

async function expectCode(code: string, work: Promise<unknown>): Promise<Found> {
  try {
    await work;
  } catch (error) {
    return isCoded(error) && error.code === code ? passed(error.message) : failure(error);
  }
  return { outcome: 'failed', detail: 'it worked' };
}

function passed(detail: string): Found {
  return { outcome: 'passed', detail };
}

function notApplicable(detail: string): Promise<Found> {
  return Promise.resolve({ outcome: 'not applicable', detail });
}

function failure(error: unknown): Found {
  if (!(error instanceof CodedError)) throw error;
  return { outcome: 'failed', detail: `${error.code}: ${error.message}` };
}

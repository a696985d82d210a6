import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Page } from 'playwright-core';
import { Browser } from '../../tests/harness/browser.ts';
import { eventually } from '../../tests/harness/eventually.ts';
import { HostProcess } from '../../tests/harness/host-process.ts';
import { openDesktop, pairWithPin } from '../../tests/harness/pages.ts';
import { cpuSeconds, descendants, environmentOf, memoryBytes } from '../../tests/harness/processes.ts';
import { FlippingBlock } from '../desktop/flipping-block.ts';
import { openDisplay } from '../desktop/open-display.ts';
import { type Figure, report, type Summary, summary } from '../figures.ts';
import { clockOffset, lastSighting, type Picture, sightingAfter, watchBlock } from './photon-probe.ts';
import { startVncPeer } from './vnc-peer.ts';

const WIDTH = 1280;
const HEIGHT = 720;
const USHER: Picture = { selector: '[data-testid="desktop"]', kind: 'video' };
const NOVNC: Picture = { selector: '#screen canvas', kind: 'canvas' };
/** A change that isn't seen after this long counts as lost; the slowest that was ever seen took a third of it. */
const SEEN_WITHIN_MS = 1500;

/** Figures of one product under one load. */
interface Measured {
  readonly quiet: Summary;
  readonly motion: Summary;
  /** Cores used while the whole picture moves: by the process that encodes, and by the one that sends. */
  readonly encoderCores: number;
  readonly senderCores: number;
}

/** The speed bounds of the vertical slice (issue 2), on loopback, beside noVNC with TigerVNC in the same browser. */
export async function streamBench(quick: boolean): Promise<boolean> {
  const samples = quick ? 20 : 80;
  const figures: Figure[] = [];
  await using browser = await Browser.launch({ viewport: { width: WIDTH, height: HEIGHT } });
  // tsx names the functions it compiles by a helper, which a page that such a function is sent to doesn't have.
  await browser.context.addInitScript('globalThis.__name = (value) => value;');
  const page = await browser.page();
  await using paired = await pairedHost(page);
  // The same host again, on the same port: the device is known, and no desktop runs yet.
  await using host = await HostProcess.start({ home: paired.home, args: ['--port', new URL(paired.url).port] });
  const hostPid = pidOf(host.process);
  figures.push({ name: 'host, idle, nobody connected: memory', value: (await memoryBytes(hostPid)) / 2 ** 20, unit: 'MiB', atMost: 150 });

  await page.goto(host.url);
  figures.push({ name: 'click → first picture, desktop not yet started', value: await clickToFirstFrame(page), unit: 'ms', atMost: 1000 });
  await page.reload();
  figures.push({ name: 'click → first picture, desktop running', value: await clickToFirstFrame(page), unit: 'ms', atMost: 1000 });

  const { worker, terminal } = await eventually('the worker and its terminal', () => findSession(hostPid));
  // What starts a session's programs ends once they run; what is measured are the processes that stay.
  await new Promise((resolve) => setTimeout(resolve, 3000));
  const workerTree = [worker, ...(await descendants(worker.pid))];
  const memory = await Promise.all(workerTree.map((info) => memoryBytes(info.pid)));
  figures.push({ name: 'worker with its display and programs: memory', value: sum(memory) / 2 ** 20, unit: 'MiB', atMost: 250 });
  const idlePids = [hostPid, ...workerTree.map((info) => info.pid)];
  figures.push({
    name: 'idle desktop, one viewer: cores, all processes',
    value: await coresUsed(idlePids, quick ? 5 : 15),
    unit: 'cores',
    atMost: 0.02,
  });

  const display = await environmentOf(terminal.pid, 'DISPLAY');
  const authority = await environmentOf(terminal.pid, 'XAUTHORITY');
  const here = await measure(page, USHER, { display: display ?? '', authority, encoder: worker.pid, sender: hostPid }, samples);
  await page.goto('about:blank');
  await host.stop();

  await using peer = await startVncPeer(WIDTH, HEIGHT);
  let there: Measured | undefined;
  if (peer !== undefined) {
    await page.goto(peer.pageUrl);
    await page.locator(NOVNC.selector).waitFor({ timeout: 20_000 });
    const target = { display: peer.display, authority: undefined, encoder: pidOf(peer.server), sender: pidOf(peer.relay) };
    there = await measure(page, NOVNC, target, samples);
  }
  figures.push(
    figure('change → photon, quiet desktop, median', 'ms', here.quiet.median, 20, there?.quiet.median),
    figure('change → photon, quiet desktop, p95', 'ms', here.quiet.p95, undefined, there?.quiet.p95),
    figure('change → photon, whole picture at 60 Hz, median', 'ms', here.motion.median, 50, there?.motion.median),
    figure('change → photon, whole picture at 60 Hz, p95', 'ms', here.motion.p95, undefined, there?.motion.p95),
    figure('whole picture at 60 Hz: the worker (peer: its server)', 'cores', here.encoderCores, 0.8, there?.encoderCores),
    figure('whole picture at 60 Hz: the host (peer: its relay)', 'cores', here.senderCores, 0.15, there?.senderCores),
  );
  const title = `stream, ${WIDTH} × ${HEIGHT}, loopback, Chromium; peer: noVNC 1.3 with TigerVNC 1.12 in the same browser`;
  return report(title, figures);
}

/** A host that knows the page's device, and has ended; its home goes with it. */
async function pairedHost(page: Page): Promise<HostProcess> {
  const host = await HostProcess.start();
  await pairWithPin(page, host);
  await host.stop();
  return host;
}

async function findSession(host: number) {
  const tree = await descendants(host);
  const worker = tree.find((info) => info.command.includes('packages/worker/dist/main.js'));
  const terminal = tree.find((info) => info.command.includes('xterm'));
  return worker === undefined || terminal === undefined ? undefined : { worker, terminal };
}

interface Target {
  readonly display: string;
  readonly authority: string | undefined;
  readonly encoder: number;
  readonly sender: number;
}

async function measure(page: Page, picture: Picture, target: Target, samples: number): Promise<Measured> {
  await watchBlock(page, picture);
  const display = await openDisplay(target.display, target.authority);
  const quietBlock = await FlippingBlock.create(display);
  const quiet = await changesToPhotons(page, quietBlock, samples);
  quietBlock.close();

  const mover = await startMovingPicture(target);
  try {
    const block = await FlippingBlock.create(display);
    await changesToPhotons(page, block, 5); // the first seconds of a new load: bitrate and buffers settle
    const before = await Promise.all([cpuSeconds(target.encoder), cpuSeconds(target.sender)]);
    const started = performance.now();
    const motion = await changesToPhotons(page, block, samples);
    const seconds = (performance.now() - started) / 1000;
    const after = await Promise.all([cpuSeconds(target.encoder), cpuSeconds(target.sender)]);
    block.close();
    return { quiet, motion, encoderCores: (after[0] - before[0]) / seconds, senderCores: (after[1] - before[1]) / seconds };
  } finally {
    const ended = once(mover, 'exit');
    mover.kill('SIGTERM');
    await ended;
    display.client.terminate();
  }
}

/** Flips the block again and again, at uneven times so that no timer can keep step with it. */
async function changesToPhotons(page: Page, block: FlippingBlock, samples: number): Promise<Summary> {
  const latencies: number[] = [];
  block.flip();
  await sightingAfter(page, (await lastSighting(page)).count, SEEN_WITHIN_MS);
  const offset = await clockOffset(page);
  for (let sample = 0; sample < samples; sample += 1) {
    await new Promise((resolve) => setTimeout(resolve, 120 + ((sample * 37) % 80)));
    const { count } = await lastSighting(page);
    const flipped = block.flip();
    const seen = await sightingAfter(page, count, SEEN_WITHIN_MS);
    latencies.push(seen === undefined ? SEEN_WITHIN_MS : seen + offset - flipped);
  }
  return summary(latencies);
}

async function startMovingPicture(target: Target): Promise<ChildProcess> {
  const child = spawn(process.execPath, ['--conditions=@usher/source', '--import', 'tsx', 'bench/desktop/moving-picture.ts'], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, DISPLAY: target.display, ...(target.authority === undefined ? {} : { XAUTHORITY: target.authority }) },
  });
  // It says so when it moves; one that can't ends first.
  const ended = await Promise.race([once(child.stdout, 'data').then(() => false), once(child, 'exit').then(() => true)]);
  if (ended) throw new Error('the moving picture ended before it moved');
  return child;
}

/** From the click on the page to the first picture, by the page's own clock. */
async function clickToFirstFrame(page: Page): Promise<number> {
  await page.evaluate((selector) => {
    globalThis.usherBench = { sightings: [], clickedAt: 0, firstFrameAt: 0 };
    addEventListener(
      'click',
      () => {
        globalThis.usherBench.clickedAt = performance.now();
        const wait = () => {
          const video = document.querySelector(selector);
          if (video instanceof HTMLVideoElement) {
            video.requestVideoFrameCallback(() => {
              globalThis.usherBench.firstFrameAt = performance.now();
            });
          } else requestAnimationFrame(wait);
        };
        wait();
      },
      { capture: true, once: true },
    );
  }, USHER.selector);
  await openDesktop(page);
  await page.waitForFunction(() => globalThis.usherBench.firstFrameAt > 0, undefined, { timeout: 20_000 });
  return page.evaluate(() => globalThis.usherBench.firstFrameAt - globalThis.usherBench.clickedAt);
}

async function coresUsed(pids: readonly number[], seconds: number): Promise<number> {
  const total = async () => sum(await Promise.all(pids.map(cpuSeconds)));
  // The heartbeat after the last motion has to be over: what is asked is what an idle desktop costs.
  await new Promise((resolve) => setTimeout(resolve, 5000));
  const before = await total();
  await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
  return ((await total()) - before) / seconds;
}

function figure(name: string, unit: string, value: number, atMost: number | undefined, peer: number | undefined): Figure {
  return { name, unit, value, ...(atMost === undefined ? {} : { atMost }), ...(peer === undefined ? {} : { peer }) };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function pidOf(child: ChildProcess): number {
  if (child.pid === undefined) throw new Error('a process that never started has no pid');
  return child.pid;
}

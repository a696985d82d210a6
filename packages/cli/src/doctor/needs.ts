import type { Machine } from './machine.ts';

/** Something of the system that a session needs, and how to see that it is there. */
export interface Need {
  /** The Debian package that brings it. */
  readonly package: string;
  readonly why: string;
  /** Without it no session comes about; the others only lose a part. */
  readonly stops: boolean;
  present(machine: Machine): Promise<boolean>;
}

const program = (name: string) => (machine: Machine) => machine.hasProgram(name);
const library = (name: string) => (machine: Machine) => machine.hasLibrary(name);
const plugin = (name: string) => (machine: Machine) => machine.hasGStreamerPlugin(name);

/** What worker and usb-agent start and load. */
export const NEEDS: readonly Need[] = [
  { package: 'xvfb', why: 'the virtual screen', stops: true, present: program('Xvfb') },
  { package: 'openbox', why: 'the default window manager', stops: true, present: program('openbox') },
  { package: 'xterm', why: 'the default terminal', stops: true, present: program('xterm') },
  { package: 'util-linux', why: 'ends a session’s programs with it (setpriv)', stops: true, present: program('setpriv') },
  { package: 'libgstreamer1.0-0', why: 'video encoding', stops: true, present: library('libgstreamer-1.0.so.0') },
  { package: 'gstreamer1.0-plugins-base', why: 'colour conversion', stops: true, present: plugin('videoconvertscale') },
  { package: 'gstreamer1.0-plugins-ugly', why: 'H.264 (x264)', stops: true, present: plugin('x264') },
  { package: 'gstreamer1.0-plugins-good', why: 'VP8', stops: true, present: plugin('vpx') },
  { package: 'libopus0', why: 'sound encoding', stops: false, present: library('libopus.so.0') },
  { package: 'pulseaudio', why: 'the session’s own sound', stops: false, present: program('pulseaudio') },
  { package: 'pulseaudio-utils', why: 'reads what the session plays (parec)', stops: false, present: program('parec') },
  { package: 'libudev1', why: 'USB devices', stops: false, present: library('libudev.so.1') },
  {
    package: 'fonts-dejavu-core',
    why: 'readable text in the terminal',
    stops: false,
    present: (machine) => machine.hasFile('/usr/share/fonts/truetype/dejavu/DejaVuSansMono.ttf'),
  },
];

/** The npm packages that are native code, and what is lost without them. */
export const NATIVE: readonly { readonly name: string; readonly why: string; readonly stops: boolean }[] = [
  { name: 'node-datachannel', why: 'WebRTC', stops: true },
  { name: 'koffi', why: 'calls GStreamer', stops: true },
  { name: 'usb', why: 'USB devices', stops: false },
];

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { CodedError } from '@usher/protocol';
import koffi from 'koffi';
import { loadLibrary, type Pointer } from '../native/library.ts';

/** Plugin files that the pipelines need, each with the Debian package that holds it. */
const PLUGINS = {
  coreelements: 'libgstreamer1.0-0',
  app: 'gstreamer1.0-plugins-base',
  videoconvertscale: 'gstreamer1.0-plugins-base',
  x264: 'gstreamer1.0-plugins-ugly',
  vpx: 'gstreamer1.0-plugins-good',
} as const;

/** Where distributions keep plugins: Debian's multiarch directories, then Fedora's and Arch's. */
const PLUGIN_DIRECTORIES = ['x86_64-linux-gnu', 'aarch64-linux-gnu', 'arm-linux-gnueabihf']
  .map((triplet) => `/usr/lib/${triplet}/gstreamer-1.0`)
  .concat('/usr/lib64/gstreamer-1.0', '/usr/lib/gstreamer-1.0');

type Initialize = (argc: null, argv: null, error: null) => boolean;

/** The C functions of GStreamer 1.x that the encoders call. `pullSample` blocks, so it is called on another thread. */
export interface GStreamer {
  readonly parseLaunch: (description: string, error: [Pointer | null]) => Pointer | null;
  readonly elementByName: (bin: Pointer, name: string) => Pointer | null;
  readonly setState: (element: Pointer, state: number) => number;
  readonly staticPad: (element: Pointer, name: string) => Pointer | null;
  readonly sendPadEvent: (pad: Pointer, event: Pointer) => boolean;
  readonly setArgument: (object: Pointer, name: string, value: string) => void;
  readonly unrefObject: (object: Pointer) => void;
  readonly unrefMini: (object: Pointer) => void;
  readonly wrapMemory: (
    flags: number,
    data: Pointer,
    maxSize: number,
    offset: number,
    size: number,
    userData: null,
    notify: null,
  ) => Pointer | null;
  readonly bufferSize: (buffer: Pointer) => number;
  readonly extract: (buffer: Pointer, offset: number, target: Uint8Array, size: number) => number;
  readonly sampleBuffer: (sample: Pointer) => Pointer | null;
  readonly pushBuffer: (source: Pointer, buffer: Pointer) => number;
  readonly pullSample: (sink: Pointer, timeoutNs: number) => Promise<Pointer | null>;
  readonly forceKeyUnit: (runningTime: bigint, allHeaders: boolean, count: number) => Pointer;
  readonly elementBus: (element: Pointer) => Pointer;
  readonly popMessage: (bus: Pointer) => Pointer | null;
}

let loaded: GStreamer | undefined;

/**
 * Loads the libraries and the few plugins that are needed, and nothing else: without the registry, which scans some 250 plugins
 * (half a second on a user's first start) and would also load whatever lies in the home directory.
 */
export function loadGStreamer(): GStreamer {
  loaded ??= load();
  return loaded;
}

function load(): GStreamer {
  const core = loadLibrary('libgstreamer-1.0.so.0', 'libgstreamer1.0-0');
  const app = loadLibrary('libgstapp-1.0.so.0', 'libgstreamer-plugins-base1.0-0');
  const video = loadLibrary('libgstvideo-1.0.so.0', 'libgstreamer-plugins-base1.0-0');

  process.env['GST_REGISTRY_DISABLE'] = 'yes';
  process.env['GST_PLUGIN_SYSTEM_PATH_1_0'] = '';
  process.env['GST_PLUGIN_PATH_1_0'] = '';
  const initialize: Initialize = core.func('bool gst_init_check(void *argc, void *argv, void *error)');
  if (!initialize(null, null, null)) throw new CodedError('worker.encoder-failed', 'GStreamer could not be initialised');
  loadPlugins(core.func('void *gst_plugin_load_file(const char *filename, void *error)'));

  const pull = app.func('void *gst_app_sink_try_pull_sample(void *sink, uint64_t timeout)');
  return {
    parseLaunch: core.func('void *gst_parse_launch(const char *description, _Out_ void **error)'),
    elementByName: core.func('void *gst_bin_get_by_name(void *bin, const char *name)'),
    setState: core.func('int gst_element_set_state(void *element, int state)'),
    staticPad: core.func('void *gst_element_get_static_pad(void *element, const char *name)'),
    sendPadEvent: core.func('bool gst_pad_send_event(void *pad, void *event)'),
    setArgument: core.func('void gst_util_set_object_arg(void *object, const char *name, const char *value)'),
    unrefObject: core.func('void gst_object_unref(void *object)'),
    unrefMini: core.func('void gst_mini_object_unref(void *object)'),
    wrapMemory: core.func(
      'void *gst_buffer_new_wrapped_full(int flags, void *data, size_t maxsize, size_t offset, size_t size, void *user, void *notify)',
    ),
    bufferSize: core.func('size_t gst_buffer_get_size(void *buffer)'),
    extract: core.func('size_t gst_buffer_extract(void *buffer, size_t offset, _Out_ uint8_t *dest, size_t size)'),
    sampleBuffer: core.func('void *gst_sample_get_buffer(void *sample)'),
    pushBuffer: app.func('int gst_app_src_push_buffer(void *source, void *buffer)'),
    pullSample: (sink, timeoutNs) =>
      new Promise((resolve, reject) => {
        pull.async(sink, timeoutNs, (error: Error | null, sample: Pointer | null) => (error === null ? resolve(sample) : reject(error)));
      }),
    forceKeyUnit: video.func('void *gst_video_event_new_upstream_force_key_unit(uint64_t running_time, bool all_headers, uint count)'),
    elementBus: core.func('void *gst_element_get_bus(void *element)'),
    popMessage: core.func('void *gst_bus_pop(void *bus)'),
  };
}

function loadPlugins(loadFile: (path: string, error: null) => Pointer | null): void {
  for (const [name, debianPackage] of Object.entries(PLUGINS)) {
    const path = PLUGIN_DIRECTORIES.map((directory) => join(directory, `libgst${name}.so`)).find(existsSync);
    if (path === undefined || loadFile(path, null) === null) {
      throw new CodedError(
        'worker.missing-program',
        `GStreamer's plugin ${name} is not installed; on Debian: sudo apt install ${debianPackage}`,
      );
    }
  }
}

/** GstMiniObject and GstBuffer of GStreamer 1.x, whose layout its ABI promises (gstminiobject.h, gstbuffer.h; 64 bit). */
const MINI_OBJECT_FLAGS_AT = 16n;
const BUFFER_PTS_AT = 72;
const BUFFER_DTS_AT = 80;
const BUFFER_FLAG_DELTA_UNIT = 0x2000;
const MESSAGE_TYPE_AT = 64n;
const MESSAGE_ERROR = 2;

/** Sets when a picture is to be shown; its decoding time is the same, because nothing is reordered. */
export function setBufferTime(buffer: Pointer, nanoseconds: bigint): void {
  koffi.encode(buffer, BUFFER_PTS_AT, 'uint64_t', nanoseconds);
  koffi.encode(buffer, BUFFER_DTS_AT, 'uint64_t', nanoseconds);
}

/** Whether an encoded picture can be decoded without the ones before it. */
export function isKeyUnit(buffer: Pointer): boolean {
  return (koffi.decode.uint32(buffer + MINI_OBJECT_FLAGS_AT) & BUFFER_FLAG_DELTA_UNIT) === 0;
}

export function isErrorMessage(message: Pointer): boolean {
  return (koffi.decode.uint32(message + MESSAGE_TYPE_AT) & MESSAGE_ERROR) !== 0;
}

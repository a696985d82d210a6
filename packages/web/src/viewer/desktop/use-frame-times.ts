import { type RefObject, useEffect, useState } from 'react';

/** Averages over the pictures of the last interval, in milliseconds; undefined where none came or the browser doesn't tell. */
export interface FrameTimes {
  /** From the arrival of a picture's last packet until it is expected on the screen. */
  readonly waitMs: number | undefined;
  readonly decodeMs: number | undefined;
}

/** Watches each picture as it is shown. Costs a callback a picture, so only while somebody looks at the figures. */
export function useFrameTimes(video: RefObject<HTMLVideoElement | null>, everyMs: number): FrameTimes {
  const [times, setTimes] = useState<FrameTimes>({ waitMs: undefined, decodeMs: undefined });
  useEffect(() => {
    const screen = video.current;
    if (screen === null) return;
    const wait = new Average();
    const decode = new Average();
    const seen: VideoFrameRequestCallback = (_now, frame) => {
      // Chromium estimates both times; for a picture after a long pause they now and then come out the wrong way round.
      const waited = frame.receiveTime === undefined ? -1 : frame.expectedDisplayTime - frame.receiveTime;
      if (waited >= 0) wait.add(waited);
      if (frame.processingDuration !== undefined) decode.add(frame.processingDuration * 1000);
      handle = screen.requestVideoFrameCallback(seen);
    };
    let handle = screen.requestVideoFrameCallback(seen);
    const timer = setInterval(() => setTimes({ waitMs: wait.take(), decodeMs: decode.take() }), everyMs);
    return () => {
      clearInterval(timer);
      screen.cancelVideoFrameCallback(handle);
    };
  }, [video, everyMs]);
  return times;
}

class Average {
  #sum = 0;
  #count = 0;

  add(value: number): void {
    this.#sum += value;
    this.#count += 1;
  }

  take(): number | undefined {
    const average = this.#count === 0 ? undefined : this.#sum / this.#count;
    this.#sum = 0;
    this.#count = 0;
    return average;
  }
}

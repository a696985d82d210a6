import { type RefObject, useEffect, useRef, useState } from 'react';
import { read, write } from '../../stored-choice.ts';

export interface Sound {
  readonly element: RefObject<HTMLAudioElement | null>;
  /** 0…1. */
  readonly volume: number;
  readonly muted: boolean;
  /** The browser waits for a click before it lets the sound through. */
  readonly blocked: boolean;
  setVolume(volume: number): void;
  setMuted(muted: boolean): void;
}

/** The session's sound through an element of its own, as loud as it was the last time. */
export function useSound(track: MediaStreamTrack | undefined): Sound {
  const element = useRef<HTMLAudioElement>(null);
  const [volume, setVolume] = useState(storedVolume);
  const [muted, setMuted] = useState(false);
  const [blocked, setBlocked] = useState(false);

  useEffect(() => {
    const audio = element.current;
    if (audio === null || track === undefined) return;
    audio.srcObject = new MediaStream([track]);
    const gone = new AbortController();
    const play = () =>
      audio.play().then(
        () => gone.signal.aborted || setBlocked(false),
        () => gone.signal.aborted || setBlocked(true), // no click yet: the next one anywhere tries again
      );
    void play();
    window.addEventListener('pointerdown', () => audio.paused && void play(), { signal: gone.signal });
    return () => {
      gone.abort();
      audio.srcObject = null;
    };
  }, [track]);

  useEffect(() => {
    if (element.current === null) return;
    element.current.volume = volume;
    element.current.muted = muted;
  }, [volume, muted]);

  return {
    element,
    volume,
    muted,
    blocked,
    setVolume: (next) => {
      write('volume', String(next));
      setVolume(next);
      setMuted(next === 0);
    },
    setMuted: (next) => {
      setMuted(next);
      if (!next && volume === 0) setVolume(1);
    },
  };
}

function storedVolume(): number {
  const stored = Number(read('volume') ?? 1);
  return stored >= 0 && stored <= 1 ? stored : 1;
}

/** Line drawings on a 24 × 24 grid; they repeat in pictures what a word beside or behind them says. */
const PATHS = {
  back: 'M11 5.5 4.5 12l6.5 6.5M5 12h15',
  bell: 'M6 16.5V11a6 6 0 0 1 12 0v5.5l1.5 2h-15ZM10 21.5h4M12 5V3',
  check: 'm5 12.5 4.5 4.5L19 7.5',
  close: 'm6 6 12 12M18 6 6 18',
  copy: 'M9 9h10v11H9zM15 9V5H5v11h4',
  desktop: 'M3 5h18v11H3zM9 20h6M12 16v4',
  devices: 'M3 6h12v9H3zM6 18h6M17 9h4v10h-4z',
  door: 'M6 20V9a6 6 0 0 1 12 0v11M4 20h16M14.5 13.5v1',
  fullScreen: 'M4 9V4h5M20 9V4h-5M4 15v5h5M20 15v5h-5',
  key: 'M8 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8ZM12 12h9.5M17 12v3.5M21 12v3',
  keyboard: 'M3 7h18v10H3zM7 10.5h.01M11 10.5h.01M15 10.5h.01M8 14h8',
  language: 'M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18ZM3.5 12h17M12 3c3 3 3 15 0 18M12 3c-3 3-3 15 0 18',
  leave: 'M14 8V4H5v16h9v-4M10 12h11M17.5 8.5 21 12l-3.5 3.5',
  lock: 'M6 11h12v9H6zM8.5 11V8a3.5 3.5 0 0 1 7 0v3M12 14.5v2',
  moon: 'M20 14.5A8.5 8.5 0 0 1 9.5 4a8.5 8.5 0 1 0 10.5 10.5Z',
  overview: 'M4 4h7v7H4zM13 4h7v7h-7zM4 13h7v7H4zM13 13h7v7h-7z',
  people:
    'M9 5a3.5 3.5 0 1 0 0 7 3.5 3.5 0 0 0 0-7ZM2.5 20c0-4 3-6 6.5-6s6.5 2 6.5 6M15.5 5.3a3.5 3.5 0 0 1 0 6.4M18 14.6c2.2.8 3.5 2.7 3.5 5.4',
  plus: 'M12 5v14M5 12h14',
  record: 'M6 3.5h9l3.5 3.5v13.5H6zM9 9.5h6M9 13h6M9 16.5h3.5',
  search: 'M10.5 4a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13ZM15.3 15.3 20.5 20.5',
  sound: 'M4 9.5v5h3.5L12 19V5L7.5 9.5ZM15.5 9a4 4 0 0 1 0 6M18 6.5a7.5 7.5 0 0 1 0 11',
  soundOff: 'M4 9.5v5h3.5L12 19V5L7.5 9.5ZM16 9.5l5 5M21 9.5l-5 5',
  star: 'm12 4 2.4 5 5.4.7-4 3.8 1 5.5-4.8-2.7L7.2 19l1-5.5-4-3.8 5.4-.7Z',
  statistics: 'M4 20V10M10 20V4M16 20v-7M21 20H3',
  sun: 'M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8ZM12 2.5v2M12 19.5v2M2.5 12h2M19.5 12h2M5.3 5.3l1.4 1.4M17.3 17.3l1.4 1.4M5.3 18.7l1.4-1.4M17.3 6.7l1.4-1.4',
  system: 'M12 4a8 8 0 1 0 0 16ZM12 4a8 8 0 0 1 0 16',
  trash: 'M4 7h16M9 7V4h6v3M6.5 7l1 13h9l1-13M10 11v5.5M14 11v5.5',
  usb: 'M12 21V5M12 5 9.5 8M12 5l2.5 3M12 17c-4 0-5.5-1.5-5.5-4.5M12 14c4 0 5.5-1 5.5-4M6.5 9.5a1.5 1.5 0 1 0 0 3 1.5 1.5 0 0 0 0-3ZM16 7h3v3h-3z',
  warning: 'M12 4 2.5 20h19ZM12 10v4.5M12 17.3v.2',
} as const;
export type IconName = keyof typeof PATHS;

/** `size` in pixels of an ordinary page; on a television it grows with the text. */
export function Icon({ name, size = 20 }: { readonly name: IconName; readonly size?: number }) {
  return (
    <svg
      width={`${size / 16}rem`}
      height={`${size / 16}rem`}
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.8"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
      focusable="false"
    >
      <path d={PATHS[name]} />
    </svg>
  );
}

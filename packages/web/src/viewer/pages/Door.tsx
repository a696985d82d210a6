import './Door.css';

/** How far the door stands open: 0 shut … 4 wide open. */
export type Openness = 0 | 1 | 2 | 3 | 4;

/** The house's picture: a door, and the light behind it. It opens as a person comes closer to their desktop. */
export function Door({ open }: { readonly open: Openness }) {
  return (
    <svg className={`door door-${open}`} viewBox="28 48 264 352" aria-hidden="true" focusable="false">
      <defs>
        <linearGradient id="door-floor" x1="0" y1="0" x2="0" y2="1">
          <stop offset="0" className="door-glow" stopOpacity="0.85" />
          <stop offset="1" className="door-glow" stopOpacity="0" />
        </linearGradient>
        <radialGradient id="door-halo">
          <stop offset="0" className="door-glow" stopOpacity="0.5" />
          <stop offset="1" className="door-glow" stopOpacity="0" />
        </radialGradient>
        <clipPath id="door-opening">
          <path d="M92 300V142a68 68 0 0 1 136 0v158Z" />
        </clipPath>
      </defs>
      <circle className="door-halo" cx="160" cy="180" r="180" fill="url(#door-halo)" />
      <path className="door-floor" d="M92 300h136l64 100H28Z" fill="url(#door-floor)" />
      <path className="door-frame" d="M76 302V142a84 84 0 0 1 168 0v160h-16V142a68 68 0 0 0-136 0v160Z" />
      <path className="door-light" d="M92 300V142a68 68 0 0 1 136 0v158Z" />
      <g clipPath="url(#door-opening)">
        <g className="door-leaf">
          <path d="M92 300V142a68 68 0 0 1 136 0v158Z" />
          <path className="door-panel" d="M110 196v-52a50 50 0 0 1 100 0v52Z" />
          <path className="door-panel" d="M110 214h100v70H110Z" />
          <circle className="door-knob" cx="217" cy="206" r="5" />
        </g>
      </g>
      <path className="door-sill" d="M64 300h192v8H64Z" />
    </svg>
  );
}

import type { ReactNode } from 'react';
import './Facts.css';

/** What there is to know of one thing, a line each; `label` names the thing where no heading does. */
export function Facts({ label, children }: { readonly label?: string; readonly children: ReactNode }) {
  return (
    <dl className="facts" aria-label={label}>
      {children}
    </dl>
  );
}

export function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

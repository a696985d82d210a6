import type { ReactNode } from 'react';
import './Badge.css';

/** A word about the state of a thing. The dot only repeats in colour what the word says. */
export function Badge({ tone, children }: { readonly tone: 'good' | 'calm' | 'warn'; readonly children: ReactNode }) {
  return <span className={`badge badge-${tone}`}>{children}</span>;
}

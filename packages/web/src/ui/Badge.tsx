import type { ReactNode } from 'react';
import { Icon, type IconName } from './Icon.tsx';
import './Badge.css';

interface BadgeProps {
  readonly tone: 'good' | 'calm' | 'warn';
  /** Instead of the dot. */
  readonly icon?: IconName;
  readonly children: ReactNode;
}

/** A word about the state of a thing. The dot only repeats in colour what the word says. */
export function Badge({ tone, icon, children }: BadgeProps) {
  return (
    <span className={`badge badge-${tone}${icon === undefined ? ' badge-dot' : ''}`}>
      {icon !== undefined && <Icon name={icon} size={14} />}
      {children}
    </span>
  );
}

import type { ReactNode } from 'react';
import { Icon } from './Icon.tsx';
import './Notice.css';

/** Something that a person must know before going on; read out when it appears. */
export function Notice({ tone, children }: { readonly tone: 'warn' | 'danger'; readonly children: ReactNode }) {
  return (
    <div className={`notice notice-${tone}`} role="alert">
      <Icon name="warning" />
      <div>{children}</div>
    </div>
  );
}

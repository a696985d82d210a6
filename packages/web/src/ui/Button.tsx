import type { ButtonHTMLAttributes, ReactNode, Ref } from 'react';
import './Button.css';

export interface ButtonProps extends Omit<ButtonHTMLAttributes<HTMLButtonElement>, 'className'> {
  /** `primary`: the one thing to do here. `danger` ends or removes something. `quiet` is everything else, `plain` the same without an edge. */
  readonly look?: 'primary' | 'danger' | 'quiet' | 'plain';
  readonly large?: boolean;
  readonly icon?: ReactNode;
  readonly ref?: Ref<HTMLButtonElement>;
}

export function Button({ look = 'quiet', large = false, icon, children, type = 'button', ...rest }: ButtonProps) {
  return (
    <button {...rest} type={type} className={`button button-${look}${large ? ' button-large' : ''}`}>
      {icon}
      {children !== undefined && <span>{children}</span>}
    </button>
  );
}

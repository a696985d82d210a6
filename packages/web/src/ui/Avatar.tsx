import { accentColours } from './accent.ts';
import { faceOf } from './face.ts';
import './Avatar.css';

interface AvatarProps {
  readonly name: string;
  readonly accent?: string | undefined;
  readonly avatar?: string | undefined;
}

/** A profile's picture, 2.5 em wide: whoever shows it decides by the font size. The name stands beside it, so nothing is read out. */
export function Avatar({ name, accent, avatar }: AvatarProps) {
  const { ground, ink } = accentColours(accent);
  const face = faceOf(name, avatar);
  return (
    <span className="avatar" aria-hidden="true" style={{ background: ground, color: ink }}>
      {'picture' in face ? <img src={face.picture} alt="" /> : face.text}
    </span>
  );
}

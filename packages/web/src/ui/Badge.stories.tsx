import preview from '../../.storybook/preview.tsx';
import { Badge } from './Badge.tsx';

const meta = preview.meta({ title: 'Kit/Badge' });

export const Tones = meta.story({
  render: () => (
    <div className="story-shelf">
      <Badge tone="good">connected</Badge>
      <Badge tone="calm">not connected</Badge>
      <Badge tone="warn">Can’t open yet</Badge>
    </div>
  ),
});

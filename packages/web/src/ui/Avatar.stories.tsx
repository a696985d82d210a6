import preview from '../../.storybook/preview.tsx';
import { Avatar } from './Avatar.tsx';
import { ACCENTS } from './accent.ts';

const meta = preview.meta({ title: 'Kit/Avatar' });

const PICTURE = `data:image/svg+xml,${encodeURIComponent(
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 10"><rect width="10" height="10" fill="#f6c777"/><circle cx="5" cy="6" r="3" fill="#a0452c"/></svg>',
)}`;

export const Colours = meta.story({
  render: () => (
    <div className="story-shelf story-row">
      {ACCENTS.map((accent) => (
        <Avatar key={accent} name={accent} accent={accent} />
      ))}
      <Avatar name="Bright" accent="#ffe066" />
      <Avatar name="Dark" accent="#102030" />
    </div>
  ),
});

export const Faces = meta.story({
  render: () => (
    <div className="story-shelf story-row">
      <Avatar name="Ada Lovelace" />
      <Avatar name="Ada" accent="plum" avatar="🦉" />
      <Avatar name="Ada" accent="sea" avatar={PICTURE} />
      <Avatar name="Ada" accent="clay" avatar="https://example.org/ada.png" />
    </div>
  ),
});

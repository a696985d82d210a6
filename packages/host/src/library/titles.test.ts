import { execFileSync } from 'node:child_process';
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { GameEntry } from '@usher/domain';
import { describe, expect, it } from 'vitest';
import { FakeClock } from '../../testing/fake-clock.ts';
import { inTemporaryDirectory } from '../../testing/test-api.ts';
import { desktopSource, desktopTitles } from './desktop-titles.ts';
import { MergedLibrary } from './library.ts';
import { steamRoots, steamTitles } from './steam-titles.ts';

async function write(root: string, files: Readonly<Record<string, string>>): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), text);
  }
}

const desktop = (name: string, more = '') => `[Desktop Entry]\nType=Application\nName=${name}\nExec=run "${name}" %U\n${more}`;
const summary = (titles: readonly GameEntry[]) => titles.map(({ id, title }) => `${id} ${title}`);

describe('P4.1: programs of the machine', () => {
  const scan = (root: string) =>
    desktopTitles(desktopSource({ XDG_DATA_HOME: join(root, 'own'), XDG_DATA_DIRS: `${root}/shared:relative` }));

  it('P4.1: are found in every directory, by the id that the specification gives them', () =>
    inTemporaryDirectory(async (root) => {
      await write(root, {
        'own/applications/org.x.Chess.desktop': desktop('Chess'),
        'shared/applications/kde/go.desktop': desktop('Go'),
        'shared/applications/notes.txt': desktop('Notes'),
        'shared/applications/a/b/c/d/e/deep.desktop': desktop('Too deep'),
        [`shared/applications/${'x'.repeat(121)}.desktop`]: desktop('Too long'),
        'relative/applications/r.desktop': desktop('Relative'),
      });
      expect(summary(await scan(root))).toEqual(['desktop:org.x.Chess Chess', 'desktop:kde-go Go']);
      expect((await scan(root))[0]).toEqual({
        id: 'desktop:org.x.Chess',
        store: 'desktop',
        title: 'Chess',
        art: {},
        launch: { kind: 'command', value: 'run Chess' },
      });
    }));

  it("P4.1: a person's own file replaces the shared one, or hides it", () =>
    inTemporaryDirectory(async (root) => {
      await write(root, {
        'own/applications/chess.desktop': desktop('My chess'),
        'own/applications/go.desktop': desktop('Go', 'Hidden=true\n'),
        'shared/applications/chess.desktop': desktop('Chess'),
        'shared/applications/go.desktop': desktop('Go'),
      });
      expect(summary(await scan(root))).toEqual(['desktop:chess My chess']);
    }));

  it('P4.1: pipes, huge files, files that are not text and links in a circle are passed over', () =>
    inTemporaryDirectory(async (root) => {
      const directory = join(root, 'own/applications');
      await write(root, {
        'own/applications/ok.desktop': desktop('Ok'),
        'own/applications/huge.desktop': desktop('Huge', '#'.repeat(300_000)),
      });
      await writeFile(join(directory, 'noise.desktop'), Buffer.from([0xff, 0xfe, 0xfd]));
      await symlink(directory, join(directory, 'circle'));
      await symlink(join(directory, 'ok.desktop'), join(directory, 'linked.desktop'));
      execFileSync('mkfifo', [join(directory, 'pipe.desktop')]);
      expect(summary(await scan(root))).toEqual(['desktop:linked Ok', 'desktop:ok Ok']);
    }));

  it('P4.1: a command is one that a shell reads back, whatever is in an argument', () =>
    inTemporaryDirectory(async (root) => {
      await write(root, { 'own/applications/q.desktop': desktop("it's $(x); `y`") });
      const [title] = await scan(root);
      expect(title?.launch).toEqual({ kind: 'command', value: `run 'it'\\''s $(x); \`y\`'` });
    }));
});

describe('P4.1: games of Steam', () => {
  const manifest = (id: string, name: string, flags = 4) =>
    `"AppState"\n{\n"appid" "${id}"\n"name" "${name}"\n"StateFlags" "${flags}"\n}\n`;

  it('P4.1: are found in every folder once, installed ones alone, and no tools', () =>
    inTemporaryDirectory(async (home) => {
      const root = join(home, '.local/share/Steam');
      await write(home, {
        '.local/share/Steam/steamapps/libraryfolders.vdf': `"libraryfolders" { "0" { "path" "${root}" } "1" { "path" "${home}/games" } "2" "/none" "3" { "path" "../up" } }`,
        '.local/share/Steam/steamapps/appmanifest_570.acf': manifest('570', 'Dota 2'),
        '.local/share/Steam/steamapps/appmanifest_1.acf': manifest('1', 'Half there', 1026),
        '.local/share/Steam/steamapps/appmanifest_2.acf': manifest('2', 'Proton 9.0'),
        '.local/share/Steam/steamapps/appmanifest_3.acf': '"AppState" {',
        '.local/share/Steam/steamapps/appmanifest_x.acf': manifest('9', 'Not a manifest'),
        'games/steamapps/appmanifest_620.acf': manifest('620', 'Portal 2', 1028),
        'games/steamapps/appmanifest_4.acf': manifest('../4', 'Path'),
      });
      await mkdir(join(home, '.steam'));
      await symlink(root, join(home, '.steam/steam'));
      const titles = await steamTitles(steamRoots(home));
      expect(summary(titles)).toEqual(['steam:570 Dota 2', 'steam:620 Portal 2']);
      expect(titles[0]?.launch).toEqual({ kind: 'steam_appid', value: '570' });
    }));

  it('P4.1: none where there is no Steam', () =>
    inTemporaryDirectory(async (home) => expect(await steamTitles(steamRoots(home))).toEqual([])));
});

describe('P4.1: the library', () => {
  const title = (id: string, name: string): GameEntry => ({ id, store: 'x', title: name, art: {} });

  it('P4.1: is sorted by title without regard to case, over all providers', async () => {
    const library = new MergedLibrary(new FakeClock(), [
      () => Promise.resolve([title('x:1', 'zoo'), title('x:2', 'Chess')]),
      () => Promise.resolve([title('y:1', 'doom')]),
    ]);
    expect(summary(await library.titles())).toEqual(['x:2 Chess', 'y:1 doom', 'x:1 zoo']);
  });

  it('P4.1: is read once for those who ask together, and again when it has aged', async () => {
    const clock = new FakeClock();
    let readings = 0;
    const provider = () => {
      readings += 1;
      return Promise.resolve([title('x:1', String(readings))]);
    };
    const library = new MergedLibrary(clock, [provider]);
    await Promise.all([library.titles(), library.titles()]);
    await clock.advance(29_999);
    expect(summary(await library.titles())).toEqual(['x:1 1']);
    await clock.advance(1);
    expect(summary(await library.titles())).toEqual(['x:1 2']);
  });

  it('P4.1: a reading that failed is not kept', async () => {
    let fails = true;
    const library = new MergedLibrary(new FakeClock(), [() => (fails ? Promise.reject(new Error('disk')) : Promise.resolve([]))]);
    await expect(library.titles()).rejects.toThrow('disk');
    fails = false;
    expect(await library.titles()).toEqual([]);
  });
});

/** One line of the user database (passwd(5)), as far as anybody needs to know it. */
export interface PasswdEntry {
  readonly username: string;
  readonly uid: number;
  /** The first field of GECOS, cleaned; undefined where nobody wrote a name. */
  readonly fullName: string | undefined;
  readonly shell: string;
}

/** Accounts that are read; a directory service of a company may have more, and then the operator types the name. */
const ENTRIES_MAX = 4096;
/** Linux itself allows 32 characters; directory services write longer ones. */
const NAME = /^[A-Za-z_][\w.@-]{0,127}\$?$/;
const FULL_NAME_MAX = 128;

/** Reads passwd(5) text; a line that isn't one (a comment, a NIS include, a damaged one) is passed over. */
export function parsePasswd(text: string): readonly PasswdEntry[] {
  return text.split('\n', ENTRIES_MAX).flatMap((line) => {
    const [username = '', , uid = '', , gecos = '', , shell] = line.split(':');
    if (shell === undefined || !NAME.test(username) || !/^\d{1,10}$/.test(uid)) return [];
    return [{ username, uid: Number(uid), fullName: fullNameOf(gecos), shell: shell.trim() }];
  });
}

/** The account's owner wrote it (chfn): what would break a line or turn the text around is taken out. */
function fullNameOf(gecos: string): string | undefined {
  const [name = ''] = gecos.split(',');
  const clean = name.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\uFFFD]/gu, '').trim();
  return clean === '' ? undefined : clean.slice(0, FULL_NAME_MAX);
}

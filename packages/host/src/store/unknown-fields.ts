/** Objects as they lie in a file. */
export type Fields = Readonly<Record<string, unknown>>;

/** What this version knows of an object in a state file; whatever else stands there belongs to another version and survives (requirement P1.3). */
export interface KnownShape {
  readonly fields: ReadonlySet<string>;
  /** Fields that make it the same thing as before: where one of them has changed, what was said beside the old one doesn't hold any more. */
  readonly same?: readonly string[];
  /** Objects inside. */
  readonly objects?: Readonly<Record<string, KnownShape>>;
  /** Lists of objects inside, which are told apart by a field of theirs. */
  readonly lists?: Readonly<Record<string, { readonly key: string; readonly item: KnownShape }>>;
}

/** What is to be written, and with it what stood beside it before and isn't this version's to judge. */
export function withUnknown(written: Fields, before: unknown, shape: KnownShape): Fields {
  if (!isObject(before) || shape.same?.some((name) => written[name] !== before[name]) === true) return written;
  const unknown = Object.entries(before).filter(([name]) => !shape.fields.has(name));
  const objects = Object.entries(shape.objects ?? {}).flatMap(([name, inner]) => {
    const now = written[name];
    return isObject(now) ? [[name, withUnknown(now, before[name], inner)] as const] : [];
  });
  const lists = Object.entries(shape.lists ?? {}).flatMap(([name, { key, item }]) => {
    const now = written[name];
    return Array.isArray(now) ? [[name, itemsWithUnknown(now, before[name], key, item)] as const] : [];
  });
  return Object.fromEntries([...unknown, ...Object.entries(written), ...objects, ...lists]);
}

function itemsWithUnknown(now: readonly unknown[], before: unknown, key: string, shape: KnownShape): readonly unknown[] {
  const older: readonly unknown[] = Array.isArray(before) ? before : [];
  return now.map((item) => {
    if (!isObject(item)) return item;
    return withUnknown(
      item,
      older.find((other) => isObject(other) && other[key] === item[key]),
      shape,
    );
  });
}

function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

import { OPERATOR, profileId } from '@usher/protocol';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type Acl,
  type AclRule,
  type AclSubject,
  couldBeAllowed,
  DENY_ALL,
  decideAcl,
  usbId,
  withAnswer,
  withoutRules,
  withRule,
  withWord,
} from './acl.ts';

const KID = profileId('00000000000a');

function rule(overrides: Partial<AclRule> = {}): AclRule {
  return {
    vendorId: '1050',
    productId: '0407',
    serial: undefined,
    label: '',
    allow: true,
    promptOnOpen: false,
    profile: undefined,
    ...overrides,
  };
}

function subject(overrides: Partial<AclSubject> = {}): AclSubject {
  return { vendorId: '1050', productId: '0407', serial: 'A1', deviceClass: 0, profile: OPERATOR, ...overrides };
}

const deny = rule({ allow: false });
const ask = rule({ promptOnOpen: true });

describe('decideAcl', () => {
  it.each([
    ['U3.1', 'no rules', [], {}, 'deny default'],
    ['U3.1', 'a rule for the device', [rule()], {}, 'allow rule 0'],
    ['U3.1', 'a rule for another product', [rule({ productId: '0001' })], {}, 'deny default'],
    ['U3.1', 'a rule for another vendor', [rule({ vendorId: '1051' })], {}, 'deny default'],
    ['U3.1', 'the first of two that match', [deny, rule()], {}, 'deny rule 0'],
    ['U3.1', 'a later one where the first is for another unit', [rule({ serial: 'B2', allow: false }), rule()], {}, 'allow rule 1'],
    ['U3.1', 'a rule for this very unit', [rule({ serial: 'A1' })], {}, 'allow rule 0'],
    ['U3.1', 'a rule for this unit in other letters', [rule({ serial: 'a1' })], {}, 'deny default'],
    ['U3.1', 'a rule for a unit, and a device without a serial number', [rule({ serial: 'A1' })], { serial: undefined }, 'deny default'],
    ['U3.3', 'a rule that asks', [ask], {}, 'prompt rule 0'],
    ['U3.3', 'a rule that denies and asks', [rule({ allow: false, promptOnOpen: true })], {}, 'deny rule 0'],
    ['U3.4', 'a rule for this profile', [rule({ profile: KID })], { profile: KID }, 'allow rule 0'],
    ['U3.4', 'a rule for another profile', [rule({ profile: KID })], {}, 'deny default'],
    ['design §5', 'a hub that a rule allows', [rule()], { deviceClass: 9 }, 'deny hub'],
  ] as const)('%s: %s', (_rule, _name, rules, overrides, expected) => {
    const { outcome, because } = decideAcl({ default: 'deny', rules }, subject(overrides));
    expect(`${outcome} ${because.kind}${because.kind === 'rule' ? ` ${because.index}` : ''}`).toBe(expected);
  });

  it('U3.1: the default counts where no rule matches', () => {
    expect(decideAcl({ default: 'allow', rules: [] }, subject()).outcome).toBe('allow');
    expect(decideAcl({ default: 'allow', rules: [] }, subject({ deviceClass: 9 })).outcome).toBe('deny');
    expect(decideAcl(DENY_ALL, subject()).outcome).toBe('deny');
  });
});

describe('devices that may do harm', () => {
  const key = subject({ risks: ['security-key'] });

  it.each([
    ['the default allows everything', { default: 'allow', rules: [] }, 'prompt class'],
    ['the default denies everything', { default: 'deny', rules: [] }, 'deny default'],
    ['a rule names it', { default: 'deny', rules: [rule()] }, 'allow rule'],
    ['a rule names it and asks', { default: 'allow', rules: [ask] }, 'prompt rule'],
    ['a rule denies it', { default: 'allow', rules: [deny] }, 'deny rule'],
  ] as const)('U3.3: %s', (_name, acl, expected) => {
    const { outcome, because } = decideAcl(acl, key);
    expect(`${outcome} ${because.kind}`).toBe(expected);
  });

  it('U3.3: the question names the risk', () => {
    expect(decideAcl({ default: 'allow', rules: [] }, key).because).toEqual({ kind: 'class', risks: ['security-key'] });
  });
});

describe('an answer that is remembered', () => {
  const answered = rule({ serial: 'A1', profile: OPERATOR });

  it('U3.3: stands in front of the rule that asked, so that it is reached, and other units are still asked about', () => {
    const acl = withAnswer({ default: 'deny', rules: [rule({ productId: '0001' }), ask, deny] }, subject(), true);
    expect(acl.rules).toEqual([rule({ productId: '0001' }), answered, ask, deny]);
    expect(decideAcl(acl, subject()).outcome).toBe('allow');
    expect(decideAcl(acl, subject({ serial: 'B2' })).outcome).toBe('prompt');
    expect(decideAcl(acl, subject({ profile: KID })).outcome).toBe('prompt');
  });

  it('U3.3: takes the place of a rule that says the same, and keeps its label', () => {
    const asking = rule({ serial: 'A1', profile: OPERATOR, promptOnOpen: true, label: 'Key' });
    expect(withAnswer({ default: 'deny', rules: [asking] }, subject(), false).rules).toEqual([
      rule({ serial: 'A1', profile: OPERATOR, allow: false, label: 'Key' }),
    ]);
  });

  it('U3.3: is a rule of its own where the device’s class asked', () => {
    const acl = withAnswer({ default: 'allow', rules: [] }, subject({ risks: ['storage'] }), true);
    expect(acl).toEqual({ default: 'allow', rules: [answered] });
    expect(decideAcl(acl, subject({ risks: ['storage'] })).outcome).toBe('allow');
  });
});

describe('couldBeAllowed', () => {
  it.each([
    ['nothing matches and the default denies', 'deny', [], undefined, false],
    ['nothing matches and the default allows', 'allow', [], undefined, true],
    ['one unit is allowed and none was named', 'deny', [rule({ serial: 'A1' })], undefined, true],
    ['another unit is allowed than the one named', 'deny', [rule({ serial: 'A1' })], 'B2', false],
    ['every unit is denied', 'allow', [deny], undefined, false],
    ['one unit is denied and the rest is not', 'allow', [rule({ serial: 'A1', allow: false })], undefined, true],
    ['exactly the unit named is denied', 'allow', [rule({ serial: 'A1', allow: false })], 'A1', false],
    ['one unit is allowed before all are denied', 'deny', [rule({ serial: 'A1' }), deny], undefined, true],
    ['all are denied before one unit is allowed', 'deny', [deny, rule({ serial: 'A1' })], undefined, false],
    ['the operator would be asked', 'deny', [ask], undefined, true],
    ['only another profile is allowed', 'deny', [rule({ profile: KID })], undefined, false],
  ] as const)('U1.3: %s', (_name, fallback, rules, serial, expected) => {
    expect(couldBeAllowed({ default: fallback, rules }, { vendorId: '1050', productId: '0407', serial, profile: OPERATOR })).toBe(expected);
  });

  it('U1.3: it agrees with the decision on every unit there could be', () => {
    const serials = ['A1', 'B2', undefined] as const;
    const rules = fc.record({
      serial: fc.constantFrom(...serials),
      allow: fc.boolean(),
      promptOnOpen: fc.boolean(),
      profile: fc.constantFrom(undefined, KID),
    });
    const acls = fc.record({
      default: fc.constantFrom('allow' as const, 'deny' as const),
      rules: fc.array(rules.map(rule), { maxLength: 5 }),
    });
    fc.assert(
      fc.property(acls, fc.constantFrom('A1', 'B2', undefined), (acl: Acl, asked) => {
        // Without a serial number any unit may be meant; 'C3' stands for all that no rule names.
        const units = asked === undefined ? [...serials, 'C3'] : [asked];
        const some = units.some((serial) => decideAcl(acl, subject({ serial })).outcome !== 'deny');
        expect(couldBeAllowed(acl, { vendorId: '1050', productId: '0407', serial: asked, profile: OPERATOR })).toBe(some);
      }),
    );
  });
});

describe('editing rules', () => {
  it('U3.1: a rule goes to the end, and the same rule is not added twice', () => {
    const acl = withRule(withRule(withRule(DENY_ALL, deny), ask), rule({ allow: false }));
    expect(acl.rules).toEqual([deny, ask]);
    expect(DENY_ALL.rules).toEqual([]);
  });

  it.each([
    ['label', { label: 'x' }],
    ['serial number', { serial: 'A1' }],
    ['profile', { profile: KID }],
    ['answer', { allow: false }],
    ['question', { promptOnOpen: true }],
    ['product', { productId: '0001' }],
    ['vendor', { vendorId: '0001' }],
  ])('U3.1: a rule with another %s is another rule', (_name, overrides) => {
    expect(withRule({ default: 'deny', rules: [rule()] }, rule(overrides)).rules).toHaveLength(2);
  });

  it('U3.1: removing takes exactly the serial number that was named', () => {
    const acl: Acl = { default: 'deny', rules: [rule(), rule({ serial: 'A1' }), rule({ productId: '0001' })] };
    const ids = { vendorId: '1050', productId: '0407' };
    expect(withoutRules(acl, { ...ids, serial: undefined }).rules).toEqual(acl.rules.slice(1));
    expect(withoutRules(acl, { ...ids, serial: 'A1' }).rules).toEqual([acl.rules[0], acl.rules[2]]);
    expect(withoutRules(acl, { vendorId: '0001', productId: '0407', serial: undefined })).toEqual(acl);
  });
});

describe("the operator's word on a device", () => {
  const outcomeFor = (acl: Acl, subject: Partial<AclSubject> = {}) =>
    decideAcl(acl, {
      ...{ vendorId: '1050', productId: '0407', serial: undefined, deviceClass: 0, profile: OPERATOR },
      ...subject,
    }).outcome;

  it('U5.5: blocks what an earlier rule allows', () => {
    const allowed: Acl = { default: 'deny', rules: [rule({ serial: 'A1' }), rule({ profile: KID }), rule()] };
    const acl = withWord(allowed, rule({ allow: false }));
    expect([outcomeFor(acl), outcomeFor(acl, { serial: 'A1' }), outcomeFor(acl, { profile: KID })]).toEqual(['deny', 'deny', 'deny']);
  });

  it('U5.5: allows what an earlier rule blocks', () => {
    expect(outcomeFor(withWord({ default: 'deny', rules: [rule({ allow: false })] }, rule({ serial: 'A1' })), { serial: 'A1' })).toBe(
      'allow',
    );
  });

  it('U5.5: leaves the exceptions that were made for single units', () => {
    const acl = withWord({ default: 'deny', rules: [rule({ serial: 'A1', allow: false })] }, rule());
    expect([outcomeFor(acl), outcomeFor(acl, { serial: 'A1' })]).toEqual(['allow', 'deny']);
  });

  it('U5.5: for everybody is for every profile; for one profile it changes nothing for the others', () => {
    const before: Acl = { default: 'deny', rules: [rule({ profile: KID, allow: false }), rule({ promptOnOpen: true })] };
    expect(withWord(before, rule()).rules).toEqual([rule()]);
    const acl = withWord(before, rule({ profile: KID }));
    expect([outcomeFor(acl, { profile: KID }), outcomeFor(acl)]).toEqual(['allow', 'prompt']);
  });

  it('U5.5: is one rule, however often it changes', () => {
    const words = [rule(), rule({ allow: false }), rule({ promptOnOpen: true, label: 'Key' }), rule({ allow: false, label: 'Key' })];
    const acl = words.reduce(withWord, { default: 'deny', rules: [rule({ productId: '0001' })] });
    expect(acl.rules).toEqual([rule({ productId: '0001' }), rule({ allow: false, label: 'Key' })]);
  });

  it('U5.5: is what holds for its target afterwards, whatever the rules were', () => {
    const serials = fc.constantFrom(undefined, 'A1', 'B2');
    const profiles = fc.constantFrom(undefined, OPERATOR, KID);
    const rules = fc
      .record({ serial: serials, profile: profiles, allow: fc.boolean(), promptOnOpen: fc.boolean() })
      .map((overrides) => rule(overrides));
    fc.assert(
      fc.property(fc.array(rules, { maxLength: 8 }), rules, serials, fc.constantFrom(OPERATOR, KID), (before, word, serial, profile) => {
        const acl = withWord({ default: 'allow', rules: before }, word);
        const isMeant = (word.serial === undefined || word.serial === serial) && (word.profile === undefined || word.profile === profile);
        const isException = before.some((other) => word.serial === undefined && other.serial !== undefined && other.serial === serial);
        if (!isMeant || (word.allow && isException)) return;
        expect(outcomeFor(acl, { serial, profile })).toBe(!word.allow ? 'deny' : word.promptOnOpen ? 'prompt' : 'allow');
      }),
    );
  });
});

describe('usbId', () => {
  it.each([
    ['1050', '1050'],
    ['0x1050', '1050'],
    ['0X407', '0407'],
    ['01050', '1050'],
    [' 1050 ', '1050'],
    ['ABCD', 'abcd'],
    ['0', '0000'],
  ])('usb-field §7, row 29: %j is %s', (written, id) => {
    expect(usbId(written)).toBe(id);
  });

  it.each(['', '0x', '11050', '1_050', 'g000', '١٠٥٠', '-1', '10 50', '0x0x10'])('usb-field §7, row 29: %j is refused', (written) => {
    expect(() => usbId(written)).toThrow('a USB id is up to four hex digits');
  });
});

import { useTranslation } from 'react-i18next';
import { OPERATOR } from '../profiles/house.ts';

interface Described {
  readonly vendor_id: string | null;
  readonly product_id: string | null;
  readonly manufacturer?: string | null;
  readonly product?: string | null;
}

/** What a device calls itself; the plain word where it says nothing. */
export function useDeviceName(): (device: Described) => string {
  const { t } = useTranslation('usb');
  return ({ manufacturer, product, vendor_id, product_id }) => {
    const names = [manufacturer, product].filter((name) => name !== undefined && name !== null && name !== '');
    return names.length === 0 ? `${t('unnamed')} ${idsOf({ vendor_id, product_id })}` : names.join(' ');
  };
}

interface OfProfile {
  readonly profile: string | null;
  readonly profile_name: string;
}

/** What the profile is called here; empty where nobody of one is there. The API has a name of its own for the operator's. */
export function useNameOfProfile(): (whose: OfProfile) => string {
  const { t } = useTranslation('profiles');
  return ({ profile, profile_name }) => (profile === OPERATOR ? t('operator.name') : profile_name);
}

export function idsOf({ vendor_id, product_id }: Pick<Described, 'vendor_id' | 'product_id'>): string {
  return `${vendor_id ?? '????'}:${product_id ?? '????'}`;
}

const UNITS = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'] as const;

/** "1.4 MB", in the language's own way; thousands, as the makers of drives count. */
export function bytes(count: number, language: string): string {
  const step = count < 1000 ? 0 : Math.min(UNITS.length - 1, Math.floor(Math.log10(count) / 3));
  const format = {
    style: 'unit',
    unit: UNITS[step] ?? 'byte',
    unitDisplay: step === 0 ? 'long' : 'short',
    maximumFractionDigits: 1,
  } as const;
  return new Intl.NumberFormat(language, format).format(count / 1000 ** step);
}

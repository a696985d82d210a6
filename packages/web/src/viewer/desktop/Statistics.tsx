import { ratesBetween, type SessionRates, type SessionStats } from '@usher/sdk';
import { type ReactNode, type RefObject, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { DesktopSession } from '../link.ts';
import { type FrameTimes, useFrameTimes } from './use-frame-times.ts';
import './Statistics.css';

const EVERY_MS = 1000;

interface Reading {
  readonly stats: SessionStats;
  readonly rates: SessionRates;
}

interface StatisticsProps {
  readonly session: DesktopSession;
  readonly profileName: string | undefined;
  readonly video: RefObject<HTMLVideoElement | null>;
}

/** How the session is doing, once a second (requirement P9.4). */
export function Statistics({ session, profileName, video }: StatisticsProps) {
  const reading = useReading(session);
  const times = useFrameTimes(video, EVERY_MS);
  return <StatisticsTable profile={{ id: session.profile, name: profileName }} codec={session.codec} reading={reading} times={times} />;
}

interface StatisticsTableProps {
  readonly profile: { readonly id: string; readonly name: string | undefined };
  readonly codec: string;
  readonly reading: Reading | undefined;
  readonly times: FrameTimes;
}

function StatisticsTable({ profile, codec, reading, times }: StatisticsTableProps) {
  const { t, i18n } = useTranslation('viewer');
  if (reading === undefined) return <Overlay>{<p>{t('statistics.measuring')}</p>}</Overlay>;
  const { stats, rates } = reading;
  const number = (value: number, digits = 0) => value.toLocaleString(i18n.language, { maximumFractionDigits: digits });
  const milliseconds = (value: number | undefined) => (value === undefined ? '–' : `${number(value, value < 10 ? 1 : 0)} ms`);
  const age = times.waitMs === undefined ? undefined : times.waitMs + (stats.rttMs ?? 0) / 2;
  return (
    <Overlay>
      <dl>
        <Row name={t('statistics.profile')}>
          {profile.name} <code translate="no">{profile.id}</code>
        </Row>
        <Row name={t('statistics.size')}>
          {stats.video.width} × {stats.video.height}
        </Row>
        <Row name={t('statistics.codec')}>{codec.toUpperCase()}</Row>
        <Row name={t('statistics.frames')}>
          {rates.framesPerSecond < 0.5 ? t('statistics.quiet') : t('statistics.framesUnit', { value: number(rates.framesPerSecond) })}
        </Row>
        <Row name={t('statistics.bitrate')}>
          {rates.kilobitsPerSecond < 1000
            ? `${number(rates.kilobitsPerSecond)} kbit/s`
            : `${number(rates.kilobitsPerSecond / 1000, 1)} Mbit/s`}
        </Row>
        <Row name={t('statistics.roundTrip')}>{milliseconds(stats.rttMs)}</Row>
        <Row name={t('statistics.loss')}>{number(rates.loss * 100, 1)} %</Row>
        <Row name={t('statistics.frameAge')} help={t('statistics.frameAgeHelp')}>
          {milliseconds(age)}
        </Row>
        <Row name={t('statistics.decode')}>{milliseconds(times.decodeMs)}</Row>
        <Row name={t('statistics.dropped')}>{number(stats.video.dropped)}</Row>
      </dl>
    </Overlay>
  );
}

function Overlay({ children }: { readonly children: ReactNode }) {
  const { t } = useTranslation('viewer');
  return (
    <section className="statistics glass" aria-label={t('statistics.title')}>
      {children}
    </section>
  );
}

function Row({ name, help, children }: { readonly name: string; readonly help?: string; readonly children: ReactNode }) {
  return (
    <div title={help}>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

/** Two samples make a rate, so the first reading comes after the second sample. */
function useReading(session: DesktopSession): Reading | undefined {
  const [reading, setReading] = useState<Reading>();
  useEffect(() => {
    let before: SessionStats | undefined;
    let wanted = true;
    const sample = async () => {
      const stats = await session.stats();
      if (wanted && before !== undefined) setReading({ stats, rates: ratesBetween(before, stats) });
      before = stats;
    };
    const take = () => void sample().catch(() => undefined); // a session that has ended has no figures, and another page says so
    take();
    const timer = setInterval(take, EVERY_MS);
    return () => {
      wanted = false;
      clearInterval(timer);
    };
  }, [session]);
  return reading;
}

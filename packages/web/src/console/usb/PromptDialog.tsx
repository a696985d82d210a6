import { useQuery } from '@tanstack/react-query';
import { isCoded } from '@usher/sdk';
import type { UsbPrompt } from '@usher/sdk/api';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { toFailure } from '../../i18n/failures/failure.ts';
import { Button } from '../../ui/Button.tsx';
import { CheckField } from '../../ui/CheckField.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { minutesAndSeconds } from '../../ui/duration.ts';
import { Fact, Facts } from '../../ui/Facts.tsx';
import { FailureNote } from '../../ui/FailureNote.tsx';
import { ShortFingerprint } from '../../ui/Fingerprint.tsx';
import { Icon } from '../../ui/Icon.tsx';
import { useUnixSeconds } from '../../ui/timing.ts';
import { api, usbPromptsQuery } from '../queries.ts';
import { useChange } from '../use-change.ts';
import { useUsbNews } from './use-usb-news.ts';
import { idsOf, useDeviceName, useNameOfProfile } from './words.ts';
import './usb.css';

/** Whoever is signed in is asked, on whatever page they are; the question that runs out first comes first. */
export function UsbQuestions() {
  useUsbNews();
  const { data: prompts = [] } = useQuery(usbPromptsQuery);
  const now = useUnixSeconds();
  const open = prompts.filter(({ expires_unix }) => expires_unix > now).sort((one, other) => one.expires_unix - other.expires_unix);
  const [first, ...others] = open;
  return first === undefined ? null : <PromptDialog key={first.id} prompt={first} now={now} others={others.length} />;
}

interface PromptDialogProps {
  readonly prompt: UsbPrompt;
  readonly now: number;
  /** Questions behind this one. */
  readonly others: number;
}

/** Names device, viewer, profile and risk, and denies by default: Escape and the focused button don't lend (U3.3). */
function PromptDialog({ prompt, now, others }: PromptDialogProps) {
  const { t } = useTranslation('usb');
  const nameOf = useDeviceName();
  const nameOfProfile = useNameOfProfile();
  const [remember, setRemember] = useState(false);
  const answer = useChange(async (allow: boolean) => {
    try {
      await api.usb.answerPrompt(prompt.id, { allow, remember });
    } catch (error) {
      if (!isCoded(error, 'api.not-found')) throw error; // somebody else was quicker, or its time was over: the list says so
    }
  });
  const device = nameOf(prompt);
  const isOwn = prompt.viewer === 'loopback';
  return (
    <Dialog
      title={isOwn ? t('prompt.here', { device }) : t('prompt.title', { viewer: prompt.viewer_name, device })}
      onClose={() => answer.mutate(false)}
      actions={
        <>
          <Button disabled={answer.isPending} onClick={() => answer.mutate(false)}>
            {t('prompt.deny')}
          </Button>
          <Button look="primary" disabled={answer.isPending} onClick={() => answer.mutate(true)}>
            {t('prompt.lend')}
          </Button>
        </>
      }
    >
      {prompt.risks.length > 0 && (
        <div className="usb-risks">
          <Icon name="warning" />
          <div>
            <h3 className="visually-hidden">{t('prompt.risk')}</h3>
            <ul>
              {prompt.risks.map((risk) => (
                <li key={risk}>{t(`risks.${risk}`)}</li>
              ))}
            </ul>
          </div>
        </div>
      )}
      <Facts>
        <Fact name={t('prompt.device')}>
          <code translate="no">{idsOf(prompt)}</code>
          {prompt.serial !== null && ` · ${t('serial', { serial: prompt.serial })}`}
        </Fact>
        {!isOwn && (
          <Fact name={t('prompt.viewer')}>
            {prompt.viewer_name} <ShortFingerprint value={prompt.viewer} />
          </Fact>
        )}
        <Fact name={t('prompt.profile')}>{nameOfProfile(prompt)}</Fact>
        {prompt.label !== '' && <Fact name={t('prompt.rule')}>{prompt.label}</Fact>}
      </Facts>
      <CheckField label={t('prompt.remember')} hint={t('prompt.rememberHint')} checked={remember} onChange={setRemember} />
      {answer.error !== null && <FailureNote failure={toFailure(answer.error)} />}
      <p className="soft time-left" role="timer">
        {t('prompt.left', { time: minutesAndSeconds(prompt.expires_unix - now) })}
        {others > 0 && ` ${t('prompt.waiting', { count: others })}`}
      </p>
    </Dialog>
  );
}

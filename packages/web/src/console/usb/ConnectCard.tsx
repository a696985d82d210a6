import type { UsbRemoteCertificate, UsbRemoteHost } from '@usher/sdk/api';
import { type SubmitEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { toFailure } from '../../i18n/failures/failure.ts';
import { Button } from '../../ui/Button.tsx';
import { FailureNote } from '../../ui/FailureNote.tsx';
import { TextField } from '../../ui/TextField.tsx';
import { api } from '../queries.ts';
import { useChange } from '../use-change.ts';

/** First the certificate is compared, then the token goes there: the other way round, anybody in between would have it. */
export function ConnectCard({ onConnected }: { readonly onConnected: (host: UsbRemoteHost) => void }) {
  const { t } = useTranslation('usb');
  const [certificate, setCertificate] = useState<UsbRemoteCertificate>();
  return (
    <section className="card usb-connect" aria-labelledby="connect-title">
      <h2 id="connect-title">{t('connect.title')}</h2>
      <p className="soft">{t('connect.lead')}</p>
      {certificate === undefined ? (
        <AddressForm onAnswered={setCertificate} />
      ) : (
        <TokenForm certificate={certificate} onConnected={onConnected} onBack={() => setCertificate(undefined)} />
      )}
    </section>
  );
}

function AddressForm({ onAnswered }: { readonly onAnswered: (certificate: UsbRemoteCertificate) => void }) {
  const { t } = useTranslation('usb');
  const [address, setAddress] = useState('');
  const ask = useChange((asked: string) => api.usb.remoteCertificate(asked), onAnswered);
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    ask.mutate(address.trim());
  };
  return (
    <form className="usb-form" onSubmit={submit}>
      <TextField
        label={t('connect.address')}
        hint={t('connect.addressHint')}
        value={address}
        required
        maxLength={512}
        inputMode="url"
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
        onChange={(event) => setAddress(event.target.value)}
      />
      {ask.error !== null && <FailureNote failure={toFailure(ask.error)} />}
      <div className="card-actions">
        <Button look="primary" type="submit" disabled={ask.isPending || address.trim() === ''}>
          {t(ask.isPending ? 'connect.asking' : 'connect.ask')}
        </Button>
      </div>
    </form>
  );
}

interface TokenFormProps {
  readonly certificate: UsbRemoteCertificate;
  readonly onConnected: (host: UsbRemoteHost) => void;
  readonly onBack: () => void;
}

function TokenForm({ certificate, onConnected, onBack }: TokenFormProps) {
  const { t } = useTranslation('usb');
  const [token, setToken] = useState('');
  const [misshapen, setMisshapen] = useState(false);
  const { address, fingerprint } = certificate;
  const connect = useChange((secret: string) => api.usb.connectRemote({ address, fingerprint, token: secret }), onConnected);
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    const secret = token.trim().toLowerCase();
    const isToken = /^[0-9a-f]{64}$/.test(secret);
    setMisshapen(!isToken);
    if (!isToken) return;
    setToken(''); // it has gone where it belongs, and isn't kept here
    connect.mutate(secret);
  };
  return (
    <form className="usb-form" onSubmit={submit}>
      <p>
        <b translate="no">{address}</b>
      </p>
      <code className="usb-certificate" translate="no">
        {fingerprint.match(/.{1,4}/g)?.join(' ')}
      </code>
      <p>{t('connect.compare')}</p>
      <TextField
        label={t('connect.token')}
        hint={t('connect.tokenHint')}
        problem={misshapen ? t('connect.shape') : undefined}
        type="password"
        autoComplete="off"
        required
        value={token}
        onChange={(event) => setToken(event.target.value)}
      />
      {connect.error !== null && <FailureNote failure={toFailure(connect.error)} />}
      <div className="card-actions">
        <Button look="primary" type="submit" disabled={connect.isPending}>
          {t(connect.isPending ? 'connect.connecting' : 'connect.same')}
        </Button>
        <Button onClick={onBack}>{t('connect.change')}</Button>
      </div>
    </form>
  );
}

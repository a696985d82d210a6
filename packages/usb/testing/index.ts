export { type BackendUnderTest, describeBackend } from './backend-contract.ts';
export { ClientBench } from './client-bench.ts';
export { codeOf } from './code-of.ts';
export {
  answerAsAsked,
  FAKE_CONFIGURATION,
  FakeBackend,
  type FakeDevice,
  FakeHandle,
  type FakeTransfer,
  fakeDevice,
  neverAnswers,
} from './fake-backend.ts';
export { ManualClock } from './manual-clock.ts';
export { ALLOW_ALL, BenchViewer, ProviderBench, settle } from './provider-bench.ts';

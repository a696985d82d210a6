import { encoderContract } from '../../testing/encoder-contract.ts';
import { FakeEncoders } from '../../testing/fake-encoders.ts';

encoderContract('the fake', () => new FakeEncoders(), { address: 0n, width: 640, height: 480 });

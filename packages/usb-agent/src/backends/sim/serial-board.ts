import { configurationDescriptor, deviceDescriptor, endpointDescriptor, interfaceDescriptor } from './descriptor-bytes.ts';
import { InQueue } from './in-queue.ts';
import { type Setup, type SimDevice, type SimIdentity, stall, standardRequest } from './sim-device.ts';

const Endpoint = { DataIn: 0x81, DataOut: 0x02, Notify: 0x83 } as const;
/** Class requests of CDC PSTN (v1.2 §6.3). */
const Request = { SetLineCoding: 0x20, GetLineCoding: 0x21, SetControlLineState: 0x22, SendBreak: 0x23 } as const;
const TO_INTERFACE = 0x21;
const FROM_INTERFACE = 0xa1;
const SERIAL_STATE = 0x20;
const Line = { Dtr: 0x01 } as const;
const State = { CarrierDetect: 0x01, DataSetReady: 0x02, Break: 0x04 } as const;

/** Bytes on their way back; beyond it the board takes no more until somebody reads, as a real one would. */
const BUFFER_BYTES = 64 * 1024;
const NOTHING = new Uint8Array();

/** A CDC-ACM serial board with its lines looped back: what is written is read again, and DTR shows as carrier and data set ready. */
export class SerialBoard implements SimDevice {
  readonly identity: SimIdentity = { manufacturer: 'Usher', product: 'Simulated serial board', serial: 'SIM-ACM-1' };
  readonly device = deviceDescriptor({ vendorId: 0x1209, productId: 0x0001, deviceVersion: 0x0100, deviceClass: 0x02 });
  readonly configuration = configurationDescriptor(2, [
    interfaceDescriptor({ number: 0, endpoints: 1, interfaceClass: 0x02, subclass: 0x02, protocol: 0x01 }),
    // CDC header 1.10, call management, ACM with line coding and break, union of interfaces 0 and 1 (CDC 1.2 §5.2.3)
    new Uint8Array([5, 0x24, 0x00, 0x10, 0x01, 5, 0x24, 0x01, 0x00, 0x01, 4, 0x24, 0x02, 0x06, 5, 0x24, 0x06, 0x00, 0x01]),
    endpointDescriptor(Endpoint.Notify, 'interrupt', 16, 16),
    interfaceDescriptor({ number: 1, endpoints: 2, interfaceClass: 0x0a, subclass: 0x00, protocol: 0x00 }),
    endpointDescriptor(Endpoint.DataIn, 'bulk', 64),
    endpointDescriptor(Endpoint.DataOut, 'bulk', 64),
  ]);
  readonly #echo = new InQueue('merged', BUFFER_BYTES);
  readonly #notifications = new InQueue('whole', 256);
  #lineCoding = factoryLineCoding();

  control(setup: Setup, data: Uint8Array): Uint8Array {
    const answer = standardRequest(this, setup);
    if (answer !== undefined) return answer;
    if (setup.requestType === FROM_INTERFACE && setup.request === Request.GetLineCoding) return this.#lineCoding;
    if (setup.requestType !== TO_INTERFACE) throw stall();
    switch (setup.request) {
      case Request.SetLineCoding:
        if (data.length !== 7) throw stall();
        this.#lineCoding = data.slice();
        return NOTHING;
      case Request.SetControlLineState:
        this.#notify((setup.value & Line.Dtr) === 0 ? 0 : State.CarrierDetect | State.DataSetReady);
        return NOTHING;
      case Request.SendBreak:
        this.#notify(State.Break);
        return NOTHING;
      default:
        throw stall();
    }
  }

  read(endpoint: number, length: number, signal: AbortSignal): Promise<Uint8Array> {
    if (endpoint === Endpoint.DataIn) return this.#echo.take(length, signal);
    if (endpoint === Endpoint.Notify) return this.#notifications.take(length, signal);
    throw stall();
  }

  async write(endpoint: number, data: Uint8Array, signal: AbortSignal): Promise<void> {
    if (endpoint !== Endpoint.DataOut) throw stall();
    // In pieces, so that a write longer than the buffer gets through while somebody reads.
    for (let at = 0; at < data.length; at += 4096) await this.#echo.push(data.slice(at, at + 4096), signal);
  }

  reset(): void {
    this.#echo.clear();
    this.#notifications.clear();
    this.#lineCoding = factoryLineCoding();
  }

  /** SERIAL_STATE (CDC PSTN §6.5.4). A notification that nobody reads is dropped: the next one says what counts then. */
  #notify(state: number): void {
    this.#notifications.offer(new Uint8Array([FROM_INTERFACE, SERIAL_STATE, 0, 0, 0, 0, 2, 0, state, 0]));
  }
}

/** 9600 baud, one stop bit, no parity, 8 data bits. */
function factoryLineCoding(): Uint8Array {
  return new Uint8Array([0x80, 0x25, 0, 0, 0, 0, 8]);
}

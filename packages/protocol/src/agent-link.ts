import { auditDocument, promptDocument, readAuditRow, readPrompt, type UsbAuditRow, type UsbPrompt } from './agent-usb.ts';
import { ByteReader, ByteWriter, utf8 } from './bytes.ts';
import { CodedError, type ErrorCode, isErrorCode } from './errors.ts';
import { type Fingerprint, fingerprint, type ProfileId, profileId } from './ids.ts';
import { Reader } from './read.ts';

/** Largest message between host and usb-agent: a listing of every device of a full bus as JSON, with room (rule A2). */
export const MAX_AGENT_MESSAGE = 1024 * 1024;

/** Longest explanation; the sender cuts, so that a library's long complaint never makes its message unreadable. */
const TEXT_MAX = 1024;

const HostType = { Attach: 0x01, Frame: 0x02, Detach: 0x03, Request: 0x04, PromptAnswer: 0x05 } as const;
const AgentType = {
  Ready: 0x81,
  Frame: 0x82,
  Detached: 0x83,
  Reply: 0x84,
  Event: 0x85,
  Prompt: 0x86,
  PromptWithdrawn: 0x87,
  Audit: 0x88,
} as const;

/** Why a question needs no answer any more (rule A6). */
export const PROMPT_ENDS = ['answered', 'expired', 'viewer-left', 'device-gone'] as const;
export type PromptEnd = (typeof PROMPT_ENDS)[number];

/** What the console, the CLI and the API may ask the agent. */
export const AGENT_METHODS = [
  'devices',
  'events',
  'acl.get',
  'acl.add',
  'acl.set',
  'acl.remove',
  'acl.default',
  'acl.sign',
  'stats',
  'claims.end',
  'loopback.list',
  'loopback.probe',
  'loopback.open',
  'loopback.descriptors',
  'loopback.control',
  'loopback.bulk',
  'loopback.interrupt',
  'loopback.close',
] as const;
export type AgentMethod = (typeof AGENT_METHODS)[number];

/**
 * What the host tells the agent. One message is `type u8 ‖ body` inside an envelope. A *link* is one viewer's `usb` channel;
 * the host numbers links and never reuses a number while it runs (rules A1–A9).
 */
export type ToAgent =
  /** A viewer's channel opened; who it is, is the host's word. */
  | {
      readonly type: 'attach';
      readonly link: number;
      readonly device: Fingerprint;
      readonly profile: ProfileId;
      readonly viewerName: string;
    }
  | { readonly type: 'frame'; readonly link: number; readonly frame: Uint8Array }
  | { readonly type: 'detach'; readonly link: number }
  | { readonly type: 'request'; readonly id: number; readonly method: AgentMethod; readonly params: unknown }
  /** The operator has decided; `remember` makes a rule of it (rule A6). */
  | { readonly type: 'prompt-answer'; readonly id: number; readonly allow: boolean; readonly remember: boolean };

export type FromAgent =
  | { readonly type: 'ready'; readonly backend: string; readonly problem?: string }
  | { readonly type: 'frame'; readonly link: number; readonly frame: Uint8Array }
  /** The agent gave the link up: a viewer that doesn't read, or noise. */
  | { readonly type: 'detached'; readonly link: number; readonly code: ErrorCode; readonly message: string }
  | { readonly type: 'reply'; readonly id: number; readonly result: unknown }
  | { readonly type: 'failed-reply'; readonly id: number; readonly code: ErrorCode; readonly message: string }
  | { readonly type: 'event'; readonly event: unknown }
  | { readonly type: 'prompt'; readonly id: number; readonly prompt: UsbPrompt }
  | { readonly type: 'prompt-withdrawn'; readonly id: number; readonly reason: PromptEnd }
  | { readonly type: 'audit'; readonly row: UsbAuditRow };

export function encodeToAgent(message: ToAgent): Uint8Array<ArrayBuffer> {
  const out = new ByteWriter();
  switch (message.type) {
    case 'attach':
      return out
        .u8(HostType.Attach)
        .u32(message.link)
        .bytes(utf8(JSON.stringify({ device: message.device, profile: message.profile, viewerName: message.viewerName })))
        .done();
    case 'frame':
      return out.u8(HostType.Frame).u32(message.link).bytes(message.frame).done();
    case 'detach':
      return out.u8(HostType.Detach).u32(message.link).done();
    case 'request':
      return out
        .u8(HostType.Request)
        .u32(message.id)
        .bytes(utf8(JSON.stringify({ method: message.method, params: message.params ?? {} })))
        .done();
    case 'prompt-answer':
      return out
        .u8(HostType.PromptAnswer)
        .u32(message.id)
        .bytes(json({ allow: message.allow, remember: message.remember }))
        .done();
  }
}

export function decodeToAgent(bytes: Uint8Array): ToAgent {
  const reader = new ByteReader(bytes, 'agent link');
  const type = reader.u8();
  const number = reader.u32();
  switch (type) {
    case HostType.Attach: {
      const body = Reader.json(reader.rest(), 'attach');
      return {
        type: 'attach',
        link: number,
        device: fingerprint(body.string('device', 64)),
        profile: profileId(body.string('profile', 64)),
        viewerName: body.string('viewerName', 256),
      };
    }
    case HostType.Frame:
      return { type: 'frame', link: number, frame: reader.rest() };
    case HostType.Detach:
      reader.end();
      return { type: 'detach', link: number };
    case HostType.Request: {
      const body = Reader.json(reader.rest(), 'request');
      return { type: 'request', id: number, method: body.word('method', AGENT_METHODS), params: body.raw('params') };
    }
    case HostType.PromptAnswer: {
      const body = Reader.json(reader.rest(), 'prompt-answer');
      return { type: 'prompt-answer', id: number, allow: body.boolean('allow'), remember: body.boolean('remember') };
    }
    default:
      throw new CodedError('frame.unknown-op', `agent link: unknown message 0x${type.toString(16)}`);
  }
}

export function encodeFromAgent(message: FromAgent): Uint8Array<ArrayBuffer> {
  const out = new ByteWriter();
  switch (message.type) {
    case 'ready':
      return out
        .u8(AgentType.Ready)
        .u32(0)
        .bytes(json({ backend: message.backend, problem: message.problem?.slice(0, TEXT_MAX) }))
        .done();
    case 'frame':
      return out.u8(AgentType.Frame).u32(message.link).bytes(message.frame).done();
    case 'detached':
      return out
        .u8(AgentType.Detached)
        .u32(message.link)
        .bytes(json({ code: message.code, message: message.message.slice(0, TEXT_MAX) }))
        .done();
    case 'reply':
      return out
        .u8(AgentType.Reply)
        .u32(message.id)
        .bytes(json({ result: message.result }))
        .done();
    case 'failed-reply':
      return out
        .u8(AgentType.Reply)
        .u32(message.id)
        .bytes(json({ code: message.code, message: message.message.slice(0, TEXT_MAX) }))
        .done();
    case 'event':
      return out
        .u8(AgentType.Event)
        .u32(0)
        .bytes(json({ event: message.event }))
        .done();
    case 'prompt':
      return out
        .u8(AgentType.Prompt)
        .u32(message.id)
        .bytes(json(promptDocument(message.prompt)))
        .done();
    case 'prompt-withdrawn':
      return out
        .u8(AgentType.PromptWithdrawn)
        .u32(message.id)
        .bytes(json({ reason: message.reason }))
        .done();
    case 'audit':
      return out
        .u8(AgentType.Audit)
        .u32(0)
        .bytes(json(auditDocument(message.row)))
        .done();
  }
}

export function decodeFromAgent(bytes: Uint8Array): FromAgent {
  const reader = new ByteReader(bytes, 'agent link');
  const type = reader.u8();
  const number = reader.u32();
  switch (type) {
    case AgentType.Ready:
      return readReady(Reader.json(reader.rest(), 'ready'));
    case AgentType.Frame:
      return { type: 'frame', link: number, frame: reader.rest() };
    case AgentType.Detached:
      return { type: 'detached', link: number, ...readFailure(Reader.json(reader.rest(), 'detached')) };
    case AgentType.Reply:
      return readReply(number, Reader.json(reader.rest(), 'reply'));
    case AgentType.Event:
      return { type: 'event', event: Reader.json(reader.rest(), 'event').raw('event') };
    case AgentType.Prompt:
      return { type: 'prompt', id: number, prompt: readPrompt(Reader.json(reader.rest(), 'prompt')) };
    case AgentType.PromptWithdrawn:
      return { type: 'prompt-withdrawn', id: number, reason: Reader.json(reader.rest(), 'withdrawn').word('reason', PROMPT_ENDS) };
    case AgentType.Audit:
      return { type: 'audit', row: readAuditRow(Reader.json(reader.rest(), 'audit')) };
    default:
      throw new CodedError('frame.unknown-op', `agent link: unknown message 0x${type.toString(16)}`);
  }
}

function readReady(body: Reader): FromAgent {
  const problem = body.optionalString('problem', TEXT_MAX);
  return { type: 'ready', backend: body.string('backend', 64), ...(problem === undefined ? {} : { problem }) };
}

function readReply(id: number, body: Reader): FromAgent {
  return body.has('code') ? { type: 'failed-reply', id, ...readFailure(body) } : { type: 'reply', id, result: body.raw('result') };
}

function json(value: unknown): Uint8Array<ArrayBuffer> {
  return utf8(JSON.stringify(value));
}

function readFailure(body: Reader): { readonly code: ErrorCode; readonly message: string } {
  const code = body.string('code', 64);
  return { code: isErrorCode(code) ? code : 'internal', message: body.string('message', TEXT_MAX) };
}

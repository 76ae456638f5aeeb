// A healthy identity with its evidence, to be changed in one thing by each case.
import { generateKeyPairSync } from 'node:crypto';
import { expectationOf } from '../../lambda/dkim/expectation.ts';
import { panelQuestions } from '../../lambda/dkim/questions.ts';
import { type DnsEvidence, type Evidence, firstEvidence, type IdentityHistory, type RecordEvidence } from '../../lambda/model/evidence.ts';
import type { ExpectedRecord } from '../../lambda/model/expectation.ts';
import type { Identity, SesFacts } from '../../lambda/model/identity.ts';
import type { Delegation, DnsRecord, Lookup, Outcome, QuestionType, Server } from '../../lambda/model/lookup.ts';
import { type AccountId, type DnsName, dnsName, type Region } from '../../lambda/model/names.ts';

export const NOW = '2026-03-01T12:00:00.000Z';
export const APEX = dnsName('example.com');
export const TOKENS = ['a', 'b', 'c'].map((letter) => letter.repeat(32));

/** An ISO time `hours` before NOW. */
export const hoursAgo = (hours: number): string => new Date(Date.parse(NOW) - hours * 3_600_000).toISOString();

/** A new RSA public key, base64 SubjectPublicKeyInfo. */
export const rsaKey = (bits: number): string =>
  generateKeyPairSync('rsa', { modulusLength: bits }).publicKey.export({ format: 'der', type: 'spki' }).toString('base64');

/** A good 2048-bit public key, and another one. */
export const KEY = rsaKey(2048);
export const OTHER_KEY = rsaKey(2048);

export interface Asked {
  readonly record: ExpectedRecord;
  /** Index into the name servers: 0, 1… */
  readonly server: number;
  readonly type: QuestionType;
  readonly round: 1 | 2;
}

export interface Scene {
  readonly method?: 'easy' | 'byodkim' | 'deed' | 'none';
  readonly identity?: Partial<Identity>;
  readonly ses?: Partial<SesFacts>;
  readonly history?: Partial<IdentityHistory> | 'first-sight';
  /** The whole history, without that of a healthy identity beneath it. */
  readonly onlyHistory?: IdentityHistory;
  /** Addresses of the zone's name servers, ns1, ns2… Default two. */
  readonly servers?: readonly string[];
  /** What a server answers about a record; undefined: as it should be. */
  readonly answer?: (asked: Asked) => Outcome | undefined;
  readonly soa?: (server: number, round: 1 | 2) => Outcome | undefined;
  /** Answers at the doubled name, from the first server. */
  readonly doubled?: (record: ExpectedRecord) => readonly Lookup[];
  readonly besideDoubled?: (record: ExpectedRecord) => readonly Lookup[];
  readonly beside?: (record: ExpectedRecord) => readonly Lookup[];
  readonly resolvers?: (record: ExpectedRecord) => readonly Outcome[];
  /** Whatever else is known about a record. */
  readonly about?: (record: ExpectedRecord) => Partial<RecordEvidence>;
  readonly rounds?: 1 | 2;
  readonly dns?: Partial<DnsEvidence>;
  readonly delegation?: Delegation;
  readonly dnsOnly?: boolean;
  readonly publicKey?: string;
}

export const NXDOMAIN: Outcome = { kind: 'absent', how: 'nxdomain', aa: true, soa: APEX };
export const NODATA: Outcome = { kind: 'absent', how: 'nodata', aa: true, soa: APEX };
export const SERVFAIL: Outcome = { kind: 'broken', how: 'servfail' };
export const REFUSED: Outcome = { kind: 'lame', how: 'refused' };
export const FORMERR: Outcome = { kind: 'broken', how: 'formerr' };
export const SILENT: Outcome = { kind: 'silent', how: 'timeout' };

export const answer = (...records: readonly DnsRecord[]): Outcome => ({ kind: 'answer', aa: true, records });
export const cname = (name: string, value: string): DnsRecord => ({ type: 'CNAME', name, ttl: 300, value });
export const txt = (name: string, ...strings: readonly string[]): DnsRecord => ({ type: 'TXT', name, ttl: 300, strings });
export const soaAnswer = (serial = 1, refresh = 7200): Outcome =>
  answer({ type: 'SOA', name: APEX, ttl: 300, primary: 'ns1.example.net', serial, refresh, minimum: 300 });

/** Where the record must lead: the answer of a server that has it. */
export function right(record: ExpectedRecord, type: QuestionType): Outcome {
  if (record.type === 'CNAME') return answer(cname(record.name, record.target));
  return type === 'TXT' ? answer(txt(record.name, `v=DKIM1; k=rsa; p=${KEY}`)) : NODATA;
}

export function serverOf(index: number, address: string): Server & { role: 'authoritative'; name: DnsName } {
  return { role: 'authoritative', name: dnsName(`ns${index + 1}.example.net`), address };
}

export function lookup(server: Server, name: string, type: QuestionType, outcome: Outcome): Lookup {
  return { server, question: { name: dnsName(name), type }, outcome, at: NOW };
}

/** A lookup at the first name server. */
export const atFirst = (name: string, type: QuestionType, outcome: Outcome): Lookup =>
  lookup(serverOf(0, '192.0.2.1'), name, type, outcome);

/** Evidence of a healthy identity (Easy DKIM, SUCCESS, seen healthy five minutes ago), changed by the scene. */
export function evidence(scene: Scene = {}): Evidence {
  const method = scene.method ?? 'easy';
  const identity: Identity = {
    account: '111111111111' as AccountId,
    region: 'eu-west-1' as Region,
    identity: 'example.com',
    type: 'domain',
    domain: APEX,
    method,
    tokens: method === 'byodkim' ? ['s1'] : TOKENS,
    ses: { status: 'SUCCESS', signing: true, verifiedForSending: true, readAt: hoursAgo(0.5), ...scene.ses },
    tags: {},
    ...(method === 'deed' ? { parentRegion: 'us-east-1' as Region } : {}),
    ...scene.identity,
  };
  const expectation = expectationOf(
    identity,
    scene.publicKey === undefined ? [] : [{ identity: identity.identity, publicKey: scene.publicKey }],
  );
  const history: IdentityHistory = {
    firstSeenAt: hoursAgo(1000),
    lastHealthyAt: hoursAgo(1 / 12),
    lastSuccessAt: hoursAgo(0.5),
    dnsRightSince: hoursAgo(1000),
    signing: true,
    unknownSweeps: 0,
    ...(scene.history === 'first-sight' ? {} : scene.history),
  };
  return {
    identity,
    expectation,
    dns: dnsOf(scene, expectation.kind === 'records' ? expectation.records : []),
    history: scene.history === 'first-sight' ? undefined : (scene.onlyHistory ?? history),
    now: NOW,
    ...(scene.dnsOnly ? { dnsOnly: true } : {}),
  };
}

function dnsOf(scene: Scene, records: readonly ExpectedRecord[]): DnsEvidence {
  const servers = (scene.servers ?? ['192.0.2.1', '192.0.2.2']).map((address, i) => serverOf(i, address));
  const round = (record: ExpectedRecord, n: 1 | 2): readonly Lookup[] =>
    panelQuestions(record).flatMap(({ name, type }) =>
      servers.map((server, i) => lookup(server, name, type, scene.answer?.({ record, server: i, type, round: n }) ?? right(record, type))),
    );
  const soa = (n: 1 | 2): readonly Lookup[] => servers.map((server, i) => lookup(server, APEX, 'SOA', scene.soa?.(i, n) ?? soaAnswer()));
  const two = scene.rounds !== 1;
  return {
    level: 'panel',
    delegation: scene.delegation ?? { kind: 'delegated', apex: APEX, servers, unusable: [], source: 'resolver' },
    records: records.map((record) => ({
      ...firstEvidence(record, round(record, 1)),
      confirmation: two ? round(record, 2) : [],
      doubled: scene.doubled?.(record) ?? [],
      beside: scene.beside?.(record) ?? [],
      besideDoubled: scene.besideDoubled?.(record) ?? [],
      resolvers: (scene.resolvers?.(record) ?? []).map((outcome) =>
        lookup({ role: 'resolver', address: '198.51.100.53' }, record.name, 'TXT', outcome),
      ),
      ...scene.about?.(record),
    })),
    soa: soa(1),
    soaConfirmation: two ? soa(2) : [],
    confirmed: two,
    ...scene.dns,
  };
}

/** Answers `outcome` for the record of this index, from all servers or one, to all types or one, in all rounds or one. */
export function only(
  index: number | 'all',
  outcome: Outcome | ((record: ExpectedRecord) => Outcome),
  where: { readonly server?: number; readonly type?: QuestionType; readonly round?: 1 | 2 } = {},
): NonNullable<Scene['answer']> {
  return ({ record, server, type, round }) => {
    const hit =
      (index === 'all' || record.token === TOKENS[index] || record.type === 'TXT') &&
      (where.server ?? server) === server &&
      (where.type ?? type) === type &&
      (where.round ?? round) === round;
    if (!hit) return undefined;
    return typeof outcome === 'function' ? outcome(record) : outcome;
  };
}

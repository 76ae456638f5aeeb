// Asks SES v1 for the DKIM attributes of a hundred identities in one call.
import { GetIdentityDkimAttributesCommand, type IdentityDkimAttributes } from '@aws-sdk/client-ses';
import type { Answer } from './failure.ts';
import { identityName } from './read-identity.ts';
import type { SesSession } from './session.ts';

/** Source: SES API v1 reference, GetIdentityDkimAttributes: up to 100 identities a call, one call a second. */
export const BATCH = 100;

/** What v1 said, by {@link identityName}. Whom it leaves out it does not know; `refused` are names that it would not even read. */
export interface BatchAnswer {
  readonly said: ReadonlyMap<string, IdentityDkimAttributes>;
  readonly refused: ReadonlySet<string>;
}

/** One call for at most {@link BATCH} names, tried once. */
export async function askBatch(session: SesSession, names: readonly string[], until: number): Promise<Answer<BatchAnswer>> {
  const answer = await session.call('ses:GetIdentityDkimAttributes', until, ({ v1 }, options) =>
    v1.send(new GetIdentityDkimAttributesCommand({ Identities: [...names] }), options),
  );
  if (answer.kind !== 'ok') return answer;
  const said = Object.entries(answer.value.DkimAttributes ?? {});
  return { kind: 'ok', value: { said: new Map(said.map(([name, attributes]) => [identityName(name), attributes])), refused: new Set() } };
}

/** Tries of one batch where another may help. */
const TRIES = 5;

/** As {@link askBatch}, more patiently; one name that SES cannot read costs the others nothing, for a refused batch is asked by halves. */
export async function askBatchWell(session: SesSession, names: readonly string[], until: number): Promise<Answer<BatchAnswer>> {
  let answer = await askBatch(session, names, until);
  for (let tried = 1; tried < TRIES && mayHelp(answer); tried++) answer = await askBatch(session, names, until);
  if (answer.kind !== 'failed' || answer.failure.kind !== 'bad-request') return answer;
  if (names.length <= 1) return { kind: 'ok', value: { said: new Map(), refused: new Set(names.map(identityName)) } };
  const half = Math.ceil(names.length / 2);
  const first = await askBatchWell(session, names.slice(0, half), until);
  if (first.kind !== 'ok') return first;
  const second = await askBatchWell(session, names.slice(half), until);
  if (second.kind !== 'ok') return second;
  return {
    kind: 'ok',
    value: {
      said: new Map([...first.value.said, ...second.value.said]),
      refused: new Set([...first.value.refused, ...second.value.refused]),
    },
  };
}

const mayHelp = (answer: Answer<BatchAnswer>): boolean =>
  answer.kind === 'failed' && (answer.failure.kind === 'throttled' || answer.failure.kind === 'transient');

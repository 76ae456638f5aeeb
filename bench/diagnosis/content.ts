// What a zone's data says about a name: a small reading of RFC 1034 §4.3.2 and RFC 4592 on paper, apart from the sandbox's own.
import { type Estate, relative, type Zone } from './estate.ts';

export type Absence = 'nxdomain' | 'nodata' | 'wildcard' | 'present';

/**
 * How a record of these types is missed at a name (relative to the zone) by whoever asks for TXT. `wildcard`: something is answered there
 * that any name beside it gets as well.
 */
export function absenceAt(zone: Zone, at: string, estate: Pick<Estate, 'zones'>): Absence {
  const names = namesIn(zone, estate);
  const exists = (name: string): boolean => name === '@' || names.some((one) => one === name || one.endsWith(`.${name}`));
  const own = zone.content.get(at);
  if (own !== undefined) return own.CNAME !== undefined || own.TXT !== undefined ? 'present' : 'nodata';
  if (exists(at)) return 'nodata';
  let encloser = parentOf(at);
  while (!exists(encloser)) encloser = parentOf(encloser);
  const wildcard = zone.content.get(encloser === '@' ? '*' : `*.${encloser}`);
  if (wildcard === undefined) return 'nxdomain';
  return wildcard.CNAME !== undefined || wildcard.TXT !== undefined ? 'wildcard' : 'nodata';
}

/** Names with data, delegations to deeper zones of the estate among them. */
function namesIn(zone: Zone, { zones }: Pick<Estate, 'zones'>): readonly string[] {
  const cuts = zones
    .filter(({ apex }) => apex !== zone.apex && apex.endsWith(`.${zone.apex}`))
    .map(({ apex }) => relative(apex, zone.apex));
  return [...zone.content.keys(), ...cuts];
}

function parentOf(at: string): string {
  const dot = at.indexOf('.');
  return dot < 0 ? '@' : at.slice(dot + 1);
}

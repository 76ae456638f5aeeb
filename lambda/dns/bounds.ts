// What strangers' servers can make this room do at most: every bound on questions, time and memory, in one place (explained in docs/performance.md).

export const BOUNDS = {
  /** Of one zone: name servers used (more than any registry allows), and addresses of one name server. */
  serversOfZone: 13,
  addressesOfServer: 4,
  /** Addresses of one zone that are asked: one of each name server before a second one of any. */
  addressesOfZone: 13,
  /** NS records looked at in one reply. */
  nsRecords: 30,
  /** Names climbed from a name toward its registrable domain in search of the zone. */
  climbs: 8,

  /** Packets that one question to one server can cost: tries in every form, one from a socket of its own, one over TCP. */
  sends: 6,
  packets: 8,
  /** Replies to other questions that are looked at for one packet, and replies kept while nobody listens. */
  wrongReplies: 32,
  waitingReplies: 8,

  /** Of one walk down from the root: referrals followed, servers of one zone tried, walks within walks. */
  referrals: 12,
  serversTried: 4,
  nestedWalks: 2,
  /** Questions of one walk, look-ups of servers without glue included: for a name, and for a name server that no resolver could tell. */
  walkQuestions: 40,
  hostQuestions: 12,

  /** Of one reply: records read, links of a CNAME chain followed, records kept, characters of TXT kept. */
  records: 512,
  chain: 16,
  keptRecords: 100,
  keptText: 16_384,
  /** Lookups kept as evidence of a delegation that was not found. */
  toldLookups: 20,
} as const;

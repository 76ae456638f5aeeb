// Where the console of a region is: each partition has its own.
import { partitionOf } from '../lambda/dkim/region-zones.ts';

/** Source: AWS GovCloud (US) User Guide, "Console"; AWS European Sovereign Cloud User Guide, "Sign in". */
const OTHER_CONSOLES: Readonly<Record<string, string>> = {
  'aws-us-gov': 'https://console.amazonaws-us-gov.com',
  'aws-eusc': 'https://console.amazonaws-eusc.eu',
};

/** The address without a final slash. A region that is not known at synth (a token) counts as one of the commercial partition. */
export function consoleAddress(region: string): string {
  return OTHER_CONSOLES[partitionOf(region)] ?? `https://${region}.console.aws.amazon.com`;
}

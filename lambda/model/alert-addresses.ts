// Which alert addresses lie on a domain whose failure they are to report.

/** One address and the watched domain that it lies on. */
export interface AddressAtRisk {
  readonly address: string;
  readonly domain: string;
}

/**
 * The addresses whose own domain, or one above it, is watched. Alerts come from SNS, whose mail a lost DKIM record of the watched domain does not touch; but
 * where that domain itself is gone or its name servers fail, its MX cannot be found either, and the mail about it does not arrive.
 */
export function addressesAtRisk(addresses: readonly string[], watched: ReadonlySet<string>): readonly AddressAtRisk[] {
  return addresses.flatMap((address) => {
    const labels = address
      .slice(address.lastIndexOf('@') + 1)
      .toLowerCase()
      .split('.');
    // A top-level domain is nobody's.
    for (let i = 0; i < labels.length - 1; i += 1) {
      const domain = labels.slice(i).join('.');
      if (watched.has(domain)) return [{ address, domain }];
    }
    return [];
  });
}

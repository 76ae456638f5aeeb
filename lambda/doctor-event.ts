// The event by which `dkim-monitor doctor` asks the function to examine itself.

/** No service of AWS sends an event of this kind. */
export const DOCTOR_EVENT = 'doctor';

export function isDoctorCall(event: unknown): boolean {
  return typeof event === 'object' && event !== null && (event as { readonly kind?: unknown }).kind === DOCTOR_EVENT;
}

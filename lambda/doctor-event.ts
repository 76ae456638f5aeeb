// The event by which `dkim-monitor doctor` calls the function.

/** The kind of event that asks for an examination; no service of AWS sends one of this kind. */
export const DOCTOR_EVENT = 'doctor';

/** True if the event asks the function to examine its installation. */
export function isDoctorCall(event: unknown): boolean {
  return typeof event === 'object' && event !== null && (event as { readonly kind?: unknown }).kind === DOCTOR_EVENT;
}

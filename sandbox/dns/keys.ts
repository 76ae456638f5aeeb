// Public keys for the sandbox's key records: base64 SubjectPublicKeyInfo of keys whose private halves were thrown away.

/** RSA, 2048 bits. */
export const KEY_2048 =
  'MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEA7YqGsgzMIl2LuFdss4GqIlCNB5AuA+y/yFN2KnJeCDlexHP3NtrfBb+bjFl+CekXWdIifKgT304lgdAT32RTUfod4uxQDosbfmCmj715bDJnm8SWv36hGw3zocwXc1N/gIU/imPEn0V/4vAJhJxU+XACfQgLVsrhGKnS9OovwxhJPAmmjxK8qGsZZhP9DOSUzwSH3UUBUv49KwHNWKlyxikSmzEU0KWToKt4OGmrp/J5q5JHK9XY4i5ywAnJPbWjCmDLHAex+Py8rXLh29+CcDR+QLEFInyVPugMa95nGSRHUDoT936hi7Ph184j6u+qOwWJ3V2r2ivF4m9fOiyLyQIDAQAB';

/** Another one of 2048 bits. */
export const OTHER_KEY_2048 =
  'MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAqZ4sv6DnbgrTkKyGl25AH2Pzf3o/xLBEvc8+dIaZnEZZYpJw8RvwRT1UskbTLRzyHESrcE7CKtp3Nue+AgvZcNNHiTRgbxqHOmKKUaU10h+OXPCkqkUpO5e4XNVHfpxiU/WC4PjlKikB1Fcz2sy4EqH9S+1jX/+GTfhJSMwCDeTeAdUfHN+ZzQ+uiTAPXbtBhU63FwcNCEZysiLAK9fWUzJIMxRU8FPJta5Bkx9pA+6EBAWIcT4NjVZGoJaozj6wpRHVB0uKK13w+WrvM/9jX4y/YhTv+zmnrJT49VclDFzx3Ub62A61jgLTm0OlUJ7jjYrkI4FqZvVYaxs+kkDj0QIDAQAB';

/** RSA, 512 bits. */
export const KEY_512 =
  'MFwwDQYJKoZIhvcNAQEBBQADSwAwSAJBALjxaIy5r0soWsTdnr5Gybi7ZSPLfHrwV/FvuqfPL23JBQkptfYEsk3iH3ZFifCiEVARpzd9S0w0ejnEg27J5GUCAwEAAQ==';

/** RSA, 768 bits. */
export const KEY_768 =
  'MHwwDQYJKoZIhvcNAQEBBQADawAwaAJhAMpmtb87hsaCGj0drC+kRvtpqCZ/YidlBu0ODETMZINY+pFS1QRW48JX+JuopOJMmC8R9GJTKLkKhbU9J59rzWvhTYyvLgNVgxIGrXl60PayGSMZu59XMr0sXmKWBKzHMwIDAQAB';

/** Ed25519: as SubjectPublicKeyInfo, and as the bare 32 bytes that DKIM publishes (RFC 8463). */
export const KEY_ED25519 = 'MCowBQYDK2VwAyEAnJsk6I9gJXco7zqYFTum1RK5TKmFKFXdaMYr0vTt3bo=';
export const KEY_ED25519_BARE = 'nJsk6I9gJXco7zqYFTum1RK5TKmFKFXdaMYr0vTt3bo=';

/** An elliptic key (P-256), which DKIM does not know. */
export const KEY_ELLIPTIC =
  'MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEwNyB2e83chgyh8oOiJxmdr7L9vRXKBRMJklsSBragr85SMAtdvCKUaeA0evLUO6QWetwGZb50drr5LmmTMdaLw==';

/** RSA, 1024 bits. */
export const KEY_1024 =
  'MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQC2GZh98m4Ona2oLkKkNY1K+MUj7wKNt+Dl5mfADCAst8Ufr43saJHn1doCnvctVftO0DkScz3/RLYQHyQrQ66Yj77EekCiiuCQFtR0tOEZhRifg0TahmsNULwwdGPebJGoye/GlyZX9ATlXXNnTQNGTeooi9P6fcJ3e1mhA7t7OQIDAQAB';

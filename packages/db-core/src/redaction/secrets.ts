import { requireStringOrEmpty } from '../validation.ts';

/** A kind of secret, and how its texts look. Each expression takes time in proportion to the text. */
interface SecretFormat {
  readonly kind: string;
  readonly expression: RegExp;
}

/** Formats that the issuers document, the more special before the more general. */
const FORMATS: readonly SecretFormat[] = [
  {
    kind: 'private key',
    expression: /-----BEGIN (?:[A-Z0-9]{1,20} ){0,3}PRIVATE KEY-----[^-]{1,20000}(?:-----END [A-Z0-9 ]{0,60}-----)?/g,
  },
  { kind: 'AWS access key', expression: /\b(?:AKIA|ASIA)[A-Z2-7]{16}\b/g },
  { kind: 'GitHub token', expression: /\b(?:gh[pousr]_[A-Za-z0-9]{36,255}|github_pat_[A-Za-z0-9_]{22,255})\b/g },
  { kind: 'GitLab token', expression: /\bglpat-[\w-]{20,100}/g },
  { kind: 'Anthropic key', expression: /\bsk-ant-[\w-]{20,200}/g },
  { kind: 'OpenAI key', expression: /\bsk-(?=[\w-]{0,60}\d)[\w-]{20,200}/g },
  { kind: 'xAI key', expression: /\bxai-[A-Za-z0-9]{20,200}/g },
  { kind: 'Google key', expression: /\bAIza[\w-]{35}/g },
  { kind: 'Hugging Face token', expression: /\bhf_[A-Za-z0-9]{30,100}/g },
  { kind: 'Slack token', expression: /\bxox[abeoprs]-[A-Za-z0-9-]{10,200}/g },
  { kind: 'Stripe key', expression: /\b[rs]k_(?:live|test)_[A-Za-z0-9]{16,200}/g },
  { kind: 'npm token', expression: /\bnpm_[A-Za-z0-9]{36}\b/g },
  { kind: 'JSON Web Token', expression: /\beyJ[\w-]{10,4000}\.eyJ[\w-]{10,4000}\.[\w-]{10,1000}/g },
];

/** The password of a URL such as `postgres://user:password@host`. */
const URL_PASSWORD = /\b([a-z][a-z0-9+.-]{1,20}:\/\/[^\s/:@"']{0,100}):[^\s/@"']{1,200}@/gi;

/**
 * Replaces what looks like a secret by `[redacted: kind]`: private keys, tokens and keys of well-known issuers, JSON Web
 * Tokens, passwords in URLs. It can't know every secret: what has no format of its own, such as a password in a sentence,
 * stays.
 *
 * @example
 * ```ts
 * const manager = new DatabaseManager({ redact: redactSecrets });
 * ```
 */
export function redactSecrets(text: string): string {
  let redacted = requireStringOrEmpty(text, 'text');
  for (const { kind, expression } of FORMATS) redacted = redacted.replace(expression, `[redacted: ${kind}]`);
  return redacted.replace(URL_PASSWORD, '$1:[redacted: password]@');
}

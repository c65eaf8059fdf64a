import { describe, expect, it } from 'vitest';
import { checkNetwork } from '../../src/rules/network.ts';
import { parse } from '../../src/source-file.ts';

const SAMPLES = [
  "await fetch('https://example.com');",
  "await globalThis.fetch('https://example.com');",
  "import { request } from 'node:https';",
  "import 'http';",
  "const { connect } = await import('node:net');",
  "const dns = require('node:dns/promises');",
  "new WebSocket('wss://example.com');",
  'const send = fetch;',
];

describe('a network', () => {
  it.each(SAMPLES)('is refused: %s', (text) => {
    expect(checkNetwork(parse('packages/db-memory/src/index.ts', text))).toHaveLength(1);
  });

  it('is used by the providers of embeddings alone', () => {
    expect(checkNetwork(parse('packages/db-embeddings/src/providers/http-embedder.ts', SAMPLES.join('\n')))).toEqual(
      [],
    );
  });

  it.each(['statement.fetch();', "import { connect } from '../connection/connect.ts';", 'const text = "http";'])(
    'is not seen where there is none: %s',
    (text) => expect(checkNetwork(parse('packages/db-memory/src/index.ts', text))).toEqual([]),
  );
});

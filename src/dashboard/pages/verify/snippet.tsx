import { useId, useState } from 'react';
import express from '../../../../examples/receivers/express.js?raw';
import fastify from '../../../../examples/receivers/fastify.js?raw';
import hono from '../../../../examples/receivers/hono.js?raw';
import node from '../../../../examples/receivers/node.js?raw';
import type { Profile } from '../../../verify/index.js';
import { snippetFor } from '../../logic/snippets.js';
import { CopyButton } from '../../parts/copy-button.js';

/** The receivers that the tests run. */
const SOURCES: Readonly<Record<string, string>> = {
  'Node.js, Express': express,
  'Node.js, Fastify': fastify,
  'Node.js, Hono': hono,
  'Node.js alone': node,
};

export function Snippet({ profile }: { profile: Profile }) {
  const [language, setLanguage] = useState('Node.js, Express');
  const id = useId();
  const text = snippetFor(SOURCES[language] ?? express, profile);
  return (
    <section className="card" aria-label="Verification snippet">
      <h2>Verify in your receiver</h2>
      <div className="field">
        <label htmlFor={id}>Language</label>
        <div className="secret-row">
          <select id={id} value={language} onChange={({ target }) => setLanguage(target.value)}>
            {Object.keys(SOURCES).map((each) => (
              <option key={each}>{each}</option>
            ))}
          </select>
          <CopyButton text={text} name="Copy snippet" label="Copy" />
        </div>
      </div>
      <pre tabIndex={0} role="group" aria-label="Code">
        {text}
      </pre>
    </section>
  );
}

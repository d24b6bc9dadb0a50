/** Runs in every runtime: only what all of them have. What comes out must be the same everywhere. */
export async function check(api, cases) {
  const outcomes = [];
  for (const { name, body, headers, options } of cases) {
    const withClock = { ...options, now: () => options.nowMs };
    const request = new Request('http://127.0.0.1/', { method: 'POST', headers, body });
    outcomes.push({
      name,
      verified: await outcomeOf(api.verify(body, headers, withClock)),
      ofRequest: await outcomeOf(api.verifyRequest(request, withClock)),
      ofBytes: await outcomeOf(api.verify(new TextEncoder().encode(body), new Headers(headers), withClock)),
      explained: (await api.explain(body, headers, withClock)).valid,
      mended: await bodyChangeIn(api.explain(`${body}\n`, headers, withClock)),
    });
  }
  return outcomes;
}

const outcomeOf = (verified) =>
  verified.then(
    () => 'valid',
    (error) => error.reason ?? String(error),
  );

async function bodyChangeIn(explanation) {
  const { findings } = await explanation;
  return findings.find(({ kind }) => kind === 'body')?.validIf ?? null;
}

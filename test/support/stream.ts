import { stopAfterwards } from './stop-afterwards.js';

/** A message of a stream, as a user of it would write it down. */
export interface StreamMessage {
  id: string;
  type: string;
  data: Record<string, unknown>;
}

/** A listener to `GET …/stream`, which keeps what it gets. */
export class StreamListener {
  readonly messages: StreamMessage[] = [];
  /** When its stream has ended, whoever ended it. */
  readonly ended: Promise<void>;
  private comments = 0;
  private wake: () => void = () => undefined;

  private constructor(
    readonly status: number,
    readonly headers: Headers,
    private readonly body: ReadableStream<Uint8Array>,
    private readonly leaving: AbortController,
  ) {
    this.ended = this.read().catch(() => undefined);
  }

  /** @param url with path and query */
  static async open(url: string, key: string, headers: Record<string, string> = {}): Promise<StreamListener> {
    const leaving = new AbortController();
    const response = await fetch(url, {
      headers: { authorization: `Bearer ${key}`, ...headers },
      signal: leaving.signal,
    });
    if (!response.body) throw new Error('a stream has a body');
    const listener = new StreamListener(response.status, response.headers, response.body, leaving);
    stopAfterwards(() => listener.leave());
    if (response.status === 200) await listener.until(() => listener.comments > 0);
    return listener;
  }

  async leave(): Promise<void> {
    this.leaving.abort();
    await this.ended;
  }

  /** The first message that is as wanted, as soon as there is one. */
  async gets(
    type: string,
    wanted: (data: Record<string, unknown>) => boolean = () => true,
  ): Promise<StreamMessage> {
    const found = () => this.messages.find((message) => message.type === type && wanted(message.data));
    await this.until(() => found() !== undefined);
    const message = found();
    if (!message) throw new Error('it was there');
    return message;
  }

  private async until(isSo: () => boolean, patienceMs = 15_000): Promise<void> {
    const deadline = Date.now() + patienceMs;
    while (!isSo()) {
      const left = deadline - Date.now();
      if (left <= 0) throw new Error(`it did not come: ${JSON.stringify(this.messages)}`);
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, left);
        this.wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  }

  private async read(): Promise<void> {
    let rest = '';
    const decoder = new TextDecoder();
    for await (const chunk of this.body as unknown as AsyncIterable<Uint8Array>) {
      const blocks = (rest + decoder.decode(chunk, { stream: true })).split('\n\n');
      rest = blocks.pop() ?? '';
      for (const block of blocks) this.take(block);
      this.wake();
    }
  }

  private take(block: string): void {
    if (block.startsWith(':')) {
      this.comments += 1;
      return;
    }
    const fields = Object.fromEntries(
      block.split('\n').map((line) => {
        const colon = line.indexOf(': ');
        return [line.slice(0, colon), line.slice(colon + 2)];
      }),
    );
    const data = JSON.parse(fields.data ?? 'null') as Record<string, unknown>;
    this.messages.push({ id: fields.id ?? '', type: fields.event ?? '', data });
  }
}

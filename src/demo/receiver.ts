import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { messageOf } from '../lib/errors.js';
import type { ReceivedPost } from './verifiers.js';

/** A POST, what was found of it, and what it was answered with. */
export interface AnsweredPost extends ReceivedPost {
  /** Why it does not verify; null when it does. */
  readonly problem: string | null;
  readonly answer: number;
}

/** @throws when the POST's signature is not valid */
export type Verify = (post: ReceivedPost) => void | Promise<void>;

/** What comes to one path: verified, answered, and kept until somebody asks for it. */
export class Inbox {
  private readonly posts: AnsweredPost[] = [];
  private readonly waiting: ((post: AnsweredPost) => void)[] = [];
  private readonly answers: number[] = [];

  constructor(private readonly verify: Verify) {}

  /** The next POSTs get these answers, in this order; those after them, and those that do not verify, their own. */
  answerNext(...statuses: number[]): void {
    this.answers.push(...statuses);
  }

  /** The oldest POST that nobody has asked for yet, as soon as there is one. */
  next(): Promise<AnsweredPost> {
    const post = this.posts.shift();
    return post ? Promise.resolve(post) : new Promise((resolve) => this.waiting.push(resolve));
  }

  /** @returns the status to answer with */
  async take(post: ReceivedPost): Promise<number> {
    let problem: string | null = null;
    try {
      await this.verify(post);
    } catch (error) {
      problem = messageOf(error);
    }
    const answer = problem === null ? (this.answers.shift() ?? 200) : 401;
    const answered = { ...post, problem, answer };
    const waiting = this.waiting.shift();
    if (waiting) waiting(answered);
    else this.posts.push(answered);
    return answer;
  }
}

/** The receivers of all applications: one server on loopback in this process, with a path for each. */
export class Receiver {
  private readonly inboxes = new Map<string, Inbox>();

  private constructor(private readonly server: Server) {}

  static async start(): Promise<Receiver> {
    const server = createServer();
    const receiver = new Receiver(server);
    server.on('request', (request, response) => {
      const { url = '', headers } = request;
      const receivedAt = new Date();
      buffer(request)
        .then((body) => receiver.answer(response, url, { headers: singles(headers), body, receivedAt }))
        .catch(() => response.destroy());
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return receiver;
  }

  urlOf(path: string): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}${path}`;
  }

  /** From now on, what comes to this path is verified so. */
  open(path: string, verify: Verify): Inbox {
    const inbox = new Inbox(verify);
    this.inboxes.set(path, inbox);
    return inbox;
  }

  async stop(): Promise<void> {
    this.server.close();
    this.server.closeAllConnections();
    await once(this.server, 'close');
  }

  private async answer(response: ServerResponse, path: string, post: ReceivedPost): Promise<void> {
    response.writeHead((await this.inboxes.get(path)?.take(post)) ?? 404).end();
  }
}

/** Headers that were given once, which all of a delivery's are. */
function singles(headers: IncomingHttpHeaders): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) => (typeof value === 'string' ? [[name, value]] : [])),
  );
}

import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { decode, encode, type Answer, type Question } from 'dns-packet';
import { stopAfterwards } from './stop-afterwards.js';

/** What a server says to a question: its records, or the error that it gives instead. */
export type DnsReply = readonly Answer[] | 'NXDOMAIN' | 'SERVFAIL' | 'REFUSED';

const ERROR_CODES = { NXDOMAIN: 3, SERVFAIL: 2, REFUSED: 5 };

export interface DnsServer {
  /** `address:port`, as POSTHORN_DNS_SERVERS takes it. */
  readonly address: string;
  readonly questions: readonly Question[];
  stop(): Promise<void>;
}

/** A DNS server on loopback, over UDP. */
export async function startDnsServer(reply: (question: Question) => DnsReply): Promise<DnsServer> {
  const questions: Question[] = [];
  const socket = createSocket('udp4');
  socket.on('message', (message, { address, port }) => {
    const { id, questions: asked = [] } = decode(message);
    const said = asked.map((question) => {
      questions.push(question);
      return reply(question);
    });
    const [first = []] = said;
    const isError = typeof first === 'string';
    const flags = 0x0180 | (isError ? ERROR_CODES[first] : 0);
    const answers = isError ? [] : [...first];
    socket.send(encode({ type: 'response', id, flags, questions: asked, answers }), port, address);
  });
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  return {
    address: `127.0.0.1:${socket.address().port}`,
    questions,
    stop: stopAfterwards(async () => {
      socket.close();
      await once(socket, 'close');
    }),
  };
}

/** Answers every question for a name's IPv4 or IPv6 addresses with those of these that are such. */
export function addresses(...all: readonly string[]): (question: Question) => DnsReply {
  return ({ name, type }) =>
    all.flatMap((data): Answer[] => {
      const isV6 = data.includes(':');
      return type === (isV6 ? 'AAAA' : 'A') ? [{ type, name, ttl: 0, data }] : [];
    });
}

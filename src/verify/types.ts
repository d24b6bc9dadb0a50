/** The documented systems that Posthorn signs like; see docs/profiles. */
export type Profile = 'standard' | 'scalekit' | 'scalekit-auth' | 'scendcore' | 'scute';

/** A request's body as it came: its bytes, or their text in UTF-8. A parsed body is none. */
export type Body = string | Uint8Array | ArrayBuffer;

/** A request's headers: a `Headers`, Node's `request.headers`, or a plain object with names in any case. */
export type HeadersLike =
  { get(name: string): string | null } | Readonly<Record<string, string | readonly string[] | undefined>>;

/** What is needed of a Fetch `Request`. */
export interface RequestLike {
  readonly headers: { get(name: string): string | null };
  readonly bodyUsed: boolean;
  arrayBuffer(): Promise<ArrayBuffer>;
}

export interface VerifyOptions {
  /**
   * The endpoint's signing secret as Posthorn shows it, or several while a rotation lasts: one of them must fit. For
   * `standard` and `scalekit` it is `whsec_…`, or the public key `whpk_…` of an ed25519 pair; for the others it is text
   * of 8 to 256 characters. White space at its ends is ignored.
   */
  readonly secret: string | readonly string[];
  /** Default `standard`. */
  readonly profile?: Profile | undefined;
  /** Seconds that a signed time may be off, either way; default 300. `scalekit-auth` and `scendcore` sign no time. */
  readonly toleranceSeconds?: number | undefined;
  /** The present time in milliseconds since 1970; default `Date.now`. */
  readonly now?: (() => number) | undefined;
}

/** An event that was verified. */
export interface Verified<T = unknown> {
  /** The event's id, from a header or the body; null where neither has one. `scendcore` does not sign it. */
  readonly id: string | null;
  /** The event's type; empty where the body names none. */
  readonly type: string;
  /**
   * The signed time of the attempt. Where none is signed it is the body's own, which proves no age: that of the event's
   * acceptance. Null where the body has none either.
   */
  readonly timestamp: Date | null;
  /** Whether it is a test event, by its type or by the header `X-Posthorn-Test`, which is not signed. */
  readonly test: boolean;
  /** The body's `data`; its type is the caller's word, and is not checked. */
  readonly data: T;
  /** The whole body, parsed. */
  readonly body: unknown;
}

/** Why a request was refused. */
export type Reason =
  | 'header_missing'
  | 'header_malformed'
  | 'timestamp_too_old'
  | 'timestamp_too_new'
  | 'signature_mismatch'
  | 'secret_malformed'
  | 'body_not_json';

/** How one profile is verified. */
export interface ProfileFacts {
  /** The header that the signature is in, in lower case. */
  readonly signatureHeader: string;
  /** Whether the time of the attempt is signed, so that an old request is refused. */
  readonly signsTime: boolean;
  /** The header that the event's id is in, in lower case, or `body.id`. */
  readonly idFrom: string;
}

export interface ExplainOptions extends VerifyOptions {
  /** The body as it was sent, where that is known: a difference is then found whatever it is. */
  readonly sentBody?: Body | undefined;
}

/** What is right and wrong with a request. */
export interface Explanation {
  /** Whether `verify` accepts the request. */
  readonly valid: boolean;
  /** At least one, what is wrong first. */
  readonly findings: readonly Finding[];
}

/** `text` is a sentence or more for people. It never holds a secret; a `body` finding shows some of the body. */
export type Finding =
  | { readonly kind: 'ok'; readonly text: string }
  /** Another profile's signature header is there. */
  | { readonly kind: 'profile'; readonly profile: Profile; readonly text: string }
  /** A header is missing or malformed. `name` is in lower case. */
  | { readonly kind: 'header'; readonly name: string; readonly text: string }
  /** Another id or another time was signed than the request has. */
  | { readonly kind: 'id' | 'timestamp'; readonly text: string }
  /** The time is off by more than is tolerated. Positive: the request is old. */
  | { readonly kind: 'clock'; readonly secondsOff: number; readonly text: string }
  | { readonly kind: 'secret'; readonly hint: SecretHint; readonly text: string }
  /** `validIf`: the change with which the signature fits; null where none is known. The byte counts from 0. */
  | {
      readonly kind: 'body';
      readonly validIf: BodyChange | null;
      readonly firstDifferingByte: number | null;
      readonly text: string;
    };

/** What is wrong with a secret. */
export type SecretHint =
  /** No variation of a given secret fits. */
  | 'other_secret'
  /** The same, and the request is signed with several: a rotation is under way. */
  | 'other_secret_of_rotation'
  | 'malformed'
  | 'has_spaces'
  | 'quoted'
  | 'url_encoded'
  | 'wrong_prefix'
  /** The signature was made with the base64 text as key, not with the bytes that it stands for. */
  | 'base64_as_text'
  /** The signature was made with the bytes that a text stands for as base64, not with the text. */
  | 'text_as_base64'
  /** A private key: receivers get the public one. */
  | 'private_key';

/** What turns the received body into the signed one. */
export type BodyChange =
  | 'sent_body'
  | 'no_trailing_newline'
  | 'trailing_newline'
  | 'crlf_to_lf'
  | 'lf_to_crlf'
  | 'bom_removed'
  | 'trimmed'
  | 'reserialised'
  | 'spaced'
  | 'indented'
  | 'escaped_slashes'
  | 'escaped_unicode'
  | 'sorted_keys'
  | 'documented_key_order'
  | 'latin1'
  | 'utf8'
  | 'unwrapped'
  | 'base64_decoded';

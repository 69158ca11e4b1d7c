/** What the processor `http` asks of an HTTP client, which is made elsewhere. */

/** How all requests of a processor are sent. */
export interface HttpClientSettings {
  /** Of each attempt, redirects and all. */
  readonly timeoutMs: number;
  readonly followsRedirects: boolean;
  /** Attempts after the first. */
  readonly retries: number;
  /** Pause before each of them. */
  readonly retryPeriodMs: number;
  /** Longest pause where the server asks for less. */
  readonly maxRetryBackoffMs: number;
  /** Status codes after which pauses grow. */
  readonly backoffOn: readonly number[];
  /** Status codes that end the attempts. */
  readonly dropOn: readonly number[];
  /** Status codes that are successes, beside 200 to 299. */
  readonly successfulOn: readonly number[];
  /** `undefined`: none but the environment's. */
  readonly proxyUrl: string | undefined;
  readonly tls: HttpTlsSettings;
}

export interface HttpTlsSettings {
  readonly verifiesServer: boolean;
  /** PEM. */
  readonly rootCertificates: string | undefined;
  readonly clientCertificates: readonly { readonly cert: string; readonly key: string; readonly password: string | undefined }[];
}

export interface HttpRequest {
  readonly url: string;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

export interface HttpAnswer {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  readonly body: Uint8Array;
}

/** What became of a request after all attempts. */
export interface HttpOutcome {
  /** The last one; `undefined` where there was none. */
  readonly answer: HttpAnswer | undefined;
  /** Why it failed. */
  readonly problem: string | undefined;
  /** Whether a status said that no further request helps. */
  readonly isRefused?: boolean;
}

export interface HttpClient {
  /** @param admit called before each attempt, which waits for it. Rejects only with the reason of the signal. */
  send(request: HttpRequest, signal: AbortSignal, admit?: () => Promise<void>): Promise<HttpOutcome>;
}

/** Makes a client. Throws an error whose message says what is wrong with the settings. */
export type OpenHttpClient = (settings: HttpClientSettings) => HttpClient;
